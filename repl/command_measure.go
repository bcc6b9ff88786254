package repl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

// discard drops the output of cells that are timed.
type discard struct{}

func (discard) Print(string) {}
func (discard) Debug(string) {}

// cmdTime runs a cell once without lasting effects and tells what it cost.
func (s *Session) cmdTime(ctx context.Context, arg string, out Printer) Result {
	if arg == "" {
		s.timing = !s.timing
		if s.timing {
			return Result{Text: "time, operations and memory are shown"}
		}
		return Result{Text: "time, operations and memory are hidden"}
	}
	r := s.trial(ctx, arg, out)
	if r.Failure != nil || r.Error != "" {
		r.Incomplete = false
		return r
	}
	return Result{Text: fmt.Sprintf("%v, %d operations, %s allocated, compiling included", r.Elapsed, r.Ops, sizeText(int64(r.Allocated)))}
}

// How :bench measures: batches that take at least benchBatch, for benchBudget in all.
const (
	benchBudget  = 2 * time.Second
	benchBatch   = 5 * time.Millisecond
	benchBatches = 100
	benchLeast   = 5
)

// cmdBench measures a cell that was compiled once: the mean time of a run with its 95%
// interval, over batches of runs.
func (s *Session) cmdBench(ctx context.Context, arg string, _ Printer) Result {
	src, err := s.cellOr(arg)
	if err != nil {
		return Result{Error: err.Error()}
	}
	first := s.trial(ctx, src, discard{}) // tells mistakes, and warms up
	if first.Failure != nil || first.Error != "" {
		first.Incomplete = false
		return first
	}
	x, failed := s.prepare(src)
	if failed != nil {
		return *failed
	}
	once := func() (time.Duration, error) { return x.once(ctx, s) }
	batch := func(n int) (time.Duration, error) {
		var total time.Duration
		for range n {
			d, err := once()
			if err != nil {
				return 0, err
			}
			total += d
		}
		return total, nil
	}
	n := 1
	for {
		d, err := batch(n)
		if err != nil {
			return Result{Failure: s.failure(err, src), Stopped: ctx.Err() != nil}
		}
		if d >= benchBatch || n >= 1<<20 {
			break
		}
		n = max(2*n, min(int(float64(n)*float64(benchBatch)/float64(max(d, 1)))+1, 100*n))
	}
	var perRun []float64
	for start := time.Now(); len(perRun) < benchLeast || time.Since(start) < benchBudget && len(perRun) < benchBatches; {
		d, err := batch(n)
		if err != nil {
			return Result{Failure: s.failure(err, src), Stopped: ctx.Err() != nil}
		}
		perRun = append(perRun, float64(d)/float64(n))
	}
	i := stats.MeanInterval(perRun, 0.95)
	show := func(ns float64) time.Duration { return time.Duration(ns).Round(roundTo(ns)) }
	return Result{Text: fmt.Sprintf("%v per run, 95%% interval [%v, %v], %d runs in %d batches, without compiling\n%d operations and %s allocated per run",
		show(i.Mid), show(i.Low), show(i.High), n*len(perRun), len(perRun), first.Ops, sizeText(int64(first.Allocated)))}
}

// roundTo keeps three digits of a time.
func roundTo(ns float64) time.Duration {
	d := time.Duration(1)
	for ns >= 1000 {
		ns, d = ns/10, d*10
	}
	return d
}

// repeated is a cell that is compiled once and run many times, without lasting effects.
type repeated struct {
	eng   *engine.Engine
	scope *engine.Scope
	ast   *engine.AST
}

// once runs the cell.
func (x *repeated) once(ctx context.Context, s *Session) (time.Duration, error) {
	scope := x.scope.Clone()
	start := time.Now()
	_, _, err := s.runAST(ctx, x.eng, scope, x.ast, discard{})
	return time.Since(start), err
}

// repeatedName is the name of a cell that is run many times, in profiles.
const repeatedName = "cell"

// prepare compiles a cell with the functions and imports of the session before it.
func (s *Session) prepare(src string) (*repeated, *Result) {
	text, used, _, missing := s.withResults(src)
	if missing != "" {
		return nil, &Result{Error: "there is no result " + missing + " yet"}
	}
	x := &repeated{eng: s.cellEngine(), scope: s.scope.Clone()}
	define(x.scope, used)
	var err error
	if x.ast, err = x.eng.CompileWith(s.withFunctions(text), engine.CompileOptions{Name: repeatedName, Scope: x.scope}); err != nil {
		r := s.trial(context.Background(), src, discard{}) // fails before it runs
		if r.Incomplete = false; r.Failure == nil {
			r = Result{Error: err.Error()}
		}
		return nil, &r
	}
	return x, nil
}

// Source is a text under the name that it has in a profile.
type Source struct{ Name, Text string }

// Repeat runs a cell again and again for a while, without lasting effects, such as for a
// profile: the context may carry a sampler. The result is that of the first run, its
// text says how often it ran.
func (s *Session) Repeat(ctx context.Context, src string, during time.Duration) (source Source, r Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		r.State, r.Timing = s.state(), s.timing
	}()
	x, failed := s.prepare(src)
	if failed != nil {
		return Source{}, *failed
	}
	n := 0
	start := time.Now()
	for n == 0 || time.Since(start) < during {
		if _, err := x.once(ctx, s); err != nil {
			if ctx.Err() != nil && n > 0 {
				break
			}
			if ctx.Err() == nil {
				// It tells what is wrong with the places of the session.
				if r := s.trial(engine.WithSampler(ctx, nil), src, discard{}); r.Failure != nil {
					return Source{}, r
				}
			}
			return Source{}, Result{Failure: s.failure(err, src), Stopped: ctx.Err() != nil}
		}
		n++
	}
	return Source{repeatedName, x.ast.Text()}, Result{Text: "ran " + plural(n, "time", "times") + " in " + time.Since(start).Round(time.Millisecond).String() + " for the profile"}
}

// Isolated is a cell that is compiled with what the session has, for others to run: it
// leaves nothing in the session.
type Isolated struct {
	Engine *engine.Engine // a clone, to be changed at will
	AST    *engine.AST
	Scope  func() *engine.Scope             // makes the scope of a run, with the variables of now
	Names  func(name string) (string, bool) // says what closures of earlier cells are, for [PreviewNamed]
}

// Isolate compiles a cell to be run by others. The error tells what is wrong with it.
func (s *Session) Isolate(src string) (*Isolated, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, failed := s.prepare(src)
	switch {
	case failed != nil && failed.Failure != nil:
		return nil, failed.Failure.Err
	case failed != nil:
		return nil, errors.New(failed.Error)
	}
	scope := x.scope.Clone()
	return &Isolated{Engine: x.eng.Clone(), AST: x.ast, Scope: scope.Clone, Names: lookUp(s.closures)}, nil
}
