package worker

import (
	"context"
	"runtime"
	"strings"
	"time"
)

// contentionTime is how long calls run for the mutex profile.
const contentionTime = 30 * time.Millisecond

// contended finds which lock of side i callers wait for most: the function that
// holds it, and of how many nanoseconds per second of work. The name is "" if they
// wait for none.
func (m *measurement) contended(ctx context.Context, i int) (holder string, err error) {
	if m.callerCount == 1 {
		return "", nil
	}
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	before := mutexRecords()
	for start := clock(); time.Duration(clock()-start) < contentionTime; {
		if _, err := m.run(ctx, i, m.batch, 0); err != nil {
			return "", err
		}
		if m.rate > 0 {
			break
		}
	}
	most := int64(0)
	for stack, cycles := range mutexRecords() {
		if d := cycles - before[stack]; d > most {
			if name := holderOf(stack); name != "" {
				holder, most = name, d
			}
		}
	}
	return holder, nil
}

// mutexRecords returns the cycles waited for locks by the stack of who held them.
func mutexRecords() map[[32]uintptr]int64 {
	records := make([]runtime.BlockProfileRecord, 64)
	for {
		n, ok := runtime.MutexProfile(records)
		if ok {
			records = records[:n]
			break
		}
		records = make([]runtime.BlockProfileRecord, 2*n)
	}
	out := map[[32]uintptr]int64{}
	for _, r := range records {
		out[r.Stack0] += r.Cycles
	}
	return out
}

// holderOf names the function that held a lock, by the stack of its release: the
// first one that is not of the lock itself. Locks of the measuring itself are
// nobody's.
func holderOf(stack [32]uintptr) string {
	n := 0
	for n < len(stack) && stack[n] != 0 {
		n++
	}
	frames := runtime.CallersFrames(stack[:n])
	first := ""
	inCall := false
	for {
		f, more := frames.Next()
		name := f.Function
		if strings.HasSuffix(name, callName) {
			inCall = true
		}
		if first == "" && name != "" && !strings.HasPrefix(name, "sync.") && !strings.HasPrefix(name, "internal/sync.") &&
			!strings.HasPrefix(name, "runtime.unlock") {
			first = name
		}
		if !more {
			break
		}
	}
	switch {
	case inCall:
		return strings.TrimPrefix(first, "github.com/rhai-tui/rhai-tui/")
	case strings.HasPrefix(first, "runtime.") && !strings.Contains(first, "Profile"):
		return first
	}
	return ""
}
