package worker

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// allocations are what one call allocates.
type allocations struct {
	objects float64
	bytes   float64
}

// Bounds of the batches that allocations are counted in.
const (
	countCalls = 1000
	countTime  = 30 * time.Millisecond
	countBytes = 64 << 20
	countTries = 5
	// With several records, so many of them are called, and so few of long calls.
	countRecords = 1000
	longRecords  = 16
)

// countAllocs counts what a call of the side allocates, by reading the runtime's
// exact counters around calls on this goroutine, with the collector off. Other
// goroutines must not allocate meanwhile. The least of several tries counts: what
// is more comes from pools that fill and from the runtime itself. perCall is what
// a call takes, in nanoseconds.
func countAllocs(ctx context.Context, s *side, perCall float64) (allocations, error) {
	// With one processor, a pool that one call has filled serves the next one.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var err error
	// Calls go through the same records again and again, so that what is counted does
	// not depend on how many calls there is time for.
	records := min(len(s.workload.records), countRecords)
	i := 0
	call := func() {
		if err == nil {
			_, _, err = s.call(ctx, 0, i%records)
			i++
		}
	}
	long := perCall > float64(countTime)
	if long {
		// What the collection took from the engine's pools is not the script's.
		if _, err := engine.NewRaw().Eval(ctx, "0"); err != nil {
			return allocations{}, err
		}
		if s.pool != nil {
			s.pool.Put(s.setup.full())
		}
	} else {
		// The first call fills pools and caches; the next one tells how large a
		// batch may be.
		call()
	}
	i = 0
	first := 1
	if records > 1 {
		first = min(records, longRecords)
	}
	one := countedBy(first, call)
	if long {
		nothing := countedBy(first, func() {})
		return allocations{max(0, one.objects-nothing.objects), max(0, one.bytes-nothing.bytes)}, err
	}
	n := countCalls
	n = min(n, int(float64(countTime)/max(perCall, 1)))
	n = min(n, int(countBytes/max(one.bytes, 1)))
	n = max(n/records, 1) * records
	best := one
	for i := range countTries {
		if i > 0 && one.bytes*float64(n) > countBytes/countTries {
			// Nothing is collected between the tries otherwise.
			runtime.GC()
		}
		nothing := countedBy(n, func() {})
		i = 0
		some := countedBy(n, call)
		some.objects -= nothing.objects
		some.bytes -= nothing.bytes
		if i == 0 || some.objects < best.objects {
			best = some
		}
	}
	if err != nil {
		return allocations{}, err
	}
	return allocations{max(0, best.objects), max(0, best.bytes)}, nil
}

// countedBy returns what each of n calls of f allocates, with what counting costs.
func countedBy(n int, f func()) allocations {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		f()
	}
	runtime.ReadMemStats(&after)
	return allocations{
		objects: float64(after.Mallocs-before.Mallocs) / float64(n),
		bytes:   float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
	}
}
