package repl

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// What a cell may use, unless the engine of the session was made with limits of its own.
// A cell that goes beyond ends with an error; without these bounds a loop that doubles
// a string ends the whole program, as Go cannot recover from a lack of memory. Sizes of
// values are left to the bounds on memory: for a limit on those the engine counts what
// is nested, which made a loop of pushes 6 times slower.
const (
	defaultAllocated = 4 << 30 // bytes in all, garbage included
	defaultHeap      = 1 << 30 // bytes of the process
)

// withDefaults fills in the limits of a session where an engine has none of its own.
func withDefaults(l engine.Limits) engine.Limits {
	if l.Allocated == 0 {
		l.Allocated = defaultAllocated
	}
	return l
}

// heapDefault is the bound on the heap: half of the memory limit of the process, if
// there is one.
func heapDefault() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return min(limit/2, defaultHeap)
	}
	return defaultHeap
}

// HeapError is why a cell was stopped that filled the memory.
type HeapError struct {
	Heap, Limit int64 // bytes
}

// Error says what was reached and how to allow more.
func (e *HeapError) Error() string {
	return fmt.Sprintf("Out of memory: the heap has reached %s and its limit is %s, so the cell was stopped; :limits heap %s allows more",
		sizeText(e.Heap), sizeText(e.Limit), sizeText(2*max(e.Heap, e.Limit)))
}

// heapEvery is how often the watchdog looks at the heap: memory is filled at some
// gigabytes a second at most.
const heapEvery = 5 * time.Millisecond

// heapSize returns the bytes of the objects on the heap, garbage that was not swept
// included. It takes less than a microsecond.
func heapSize() int64 {
	sample := [1]metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample[:])
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}

// watch returns a context that ends with a *HeapError when the heap exceeds limit, and
// what stops the watching. A limit below 1 stands for none.
func watch(ctx context.Context, limit int64) (context.Context, func()) {
	if limit <= 0 {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		t := time.NewTicker(heapEvery)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-t.C:
			}
			if n := heapSize(); n > limit {
				cancel(&HeapError{n, limit})
				return
			}
		}
	}()
	return ctx, func() {
		close(done)
		cancel(nil)
	}
}

// sessionLimit is a limit that :limits shows and changes.
type sessionLimit struct {
	name, about string
	bytes       bool
	def         string                      // of the engine
	field       func(l *engine.Limits) *int // nil for the bound on the heap
}

var sessionLimits = []sessionLimit{
	{"heap", "bytes of the whole program; a cell that fills it is stopped", true, "unlimited", nil},
	{"allocated", "bytes that a cell may allocate, garbage included", true, "unlimited", func(l *engine.Limits) *int { return &l.Allocated }},
	{"string", "bytes of a string", true, "unlimited", func(l *engine.Limits) *int { return &l.StringSize }},
	{"array", "elements of an array, bytes of a blob", false, "unlimited", func(l *engine.Limits) *int { return &l.ArraySize }},
	{"map", "properties of a map", false, "unlimited", func(l *engine.Limits) *int { return &l.MapSize }},
	{"operations", "operations of a cell", false, "unlimited", func(l *engine.Limits) *int { return &l.Operations }},
	{"calls", "script calls in progress", false, "64", func(l *engine.Limits) *int { return &l.CallLevels }},
	{"variables", "variables of a cell", false, "unlimited", func(l *engine.Limits) *int { return &l.Variables }},
	{"functions", "functions of the session, closures included", false, "unlimited", func(l *engine.Limits) *int { return &l.Functions }},
	{"modules", "imports that a cell executes", false, "unlimited", func(l *engine.Limits) *int { return &l.Modules }},
	{"depth", "nesting of expressions", false, "64", func(l *engine.Limits) *int { return &l.ExprDepth }},
	{"fn-depth", "nesting of expressions in functions", false, "32", func(l *engine.Limits) *int { return &l.FnExprDepth }},
}

// text is the value of the limit for people.
func (x *sessionLimit) text(s *Session) string {
	n := s.heap
	if x.field != nil {
		l := s.eng.Limits()
		n = int64(*x.field(&l))
	}
	switch {
	case n == engine.None && x.field != nil:
		return "none at all"
	case n < 0:
		return "unlimited"
	case n == 0:
		return x.def
	case x.bytes:
		return sizeText(n)
	}
	return strconv.FormatInt(n, 10)
}

// set changes the limit.
func (x *sessionLimit) set(s *Session, text string) error {
	var n int64
	switch text {
	case "unlimited", "off":
		n = engine.Unlimited
	case "default":
		l := withDefaults(s.opts.Engine.Limits())
		if n = heapDefault(); x.field != nil {
			n = int64(*x.field(&l))
		}
	default:
		var err error
		if n, err = parseSize(text); err != nil {
			return err
		}
	}
	if x.field == nil {
		s.heap = n
		return nil
	}
	l := s.eng.Limits()
	*x.field(&l) = int(n)
	s.eng.SetLimits(l)
	return nil
}

// LimitInfo describes a limit of sessions.
type LimitInfo struct{ Name, About string }

// Limits lists the limits that sessions have.
func Limits() []LimitInfo {
	var out []LimitInfo
	for _, x := range sessionLimits {
		out = append(out, LimitInfo{x.name, x.about})
	}
	return out
}

// CheckLimit reports whether a text is the value of a limit: a number such as 5000, 64M or
// 2G, unlimited or default.
func CheckLimit(text string) error {
	switch text {
	case "unlimited", "off", "default":
		return nil
	}
	_, err := parseSize(text)
	return err
}

// SetLimit changes a limit of the session, as :limits does.
func (s *Session) SetLimit(name, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range sessionLimits {
		if x := &sessionLimits[i]; x.name == name {
			return x.set(s, text)
		}
	}
	return errors.New("there is no limit " + name)
}

// cmdLimits shows the limits, or changes one.
func (s *Session) cmdLimits(_ context.Context, arg string, _ Printer) Result {
	name, val, _ := strings.Cut(arg, " ")
	val = strings.TrimSpace(val)
	var b strings.Builder
	known := false
	for i := range sessionLimits {
		x := &sessionLimits[i]
		if arg != "" && x.name != name {
			continue
		}
		known = true
		if val != "" {
			if err := x.set(s, val); err != nil {
				return Result{Error: ":limits " + name + ": " + err.Error()}
			}
		}
		fmt.Fprintf(&b, "%-10s %10s   %s\n", x.name, x.text(s), x.about)
	}
	if !known {
		return Result{Error: "no limit " + name + "; :limits lists them"}
	}
	if arg == "" {
		b.WriteString(":limits NAME N changes one; N is a number such as 5000, 64M or 2G, unlimited or default")
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

// parseSize reads a number with an optional unit: k, M or G, powers of 1024.
func parseSize(text string) (int64, error) {
	digits := strings.TrimRight(strings.ToLower(text), "kmgib")
	unit := strings.ToLower(text[len(digits):])
	shift := 0
	switch strings.TrimSuffix(strings.TrimSuffix(unit, "b"), "i") {
	case "":
	case "k":
		shift = 10
	case "m":
		shift = 20
	case "g":
		shift = 30
	default:
		return 0, errNumber
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(digits, "_", ""), 10, 62-shift)
	if err != nil || n < 1 {
		return 0, errNumber
	}
	return n << shift, nil
}

var errNumber = errors.New("want a number such as 5000, 64M or 2G, unlimited or default")

// sizeText is a number of bytes, exact for those that parseSize makes of a unit.
func sizeText(n int64) string {
	for i := 3; i > 0; i-- {
		if unit := int64(1) << (10 * i); n >= unit {
			return strings.TrimSuffix(strconv.FormatFloat(float64(n)/float64(unit), 'f', 1, 64), ".0") + "  KMG"[i+1:i+2]
		}
	}
	return strconv.FormatInt(n, 10)
}
