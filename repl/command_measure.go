package repl

import (
	"context"
	"fmt"
	"time"

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
	text, used, shifts, _ := s.withResults(src)
	// What the cell sees: the session's functions, on a line of its own.
	before := s.now()
	c := s.layout.place(s.count+1, src, text, shifts)
	funcs, _ := definitions(c)
	program := s.layout.program(c, funcs)
	s.restore(before)
	base := s.scope.Clone()
	define(base, used)
	eng := s.cellEngine()
	ast, err := eng.CompileScope(base, program)
	if err != nil {
		return Result{Error: err.Error()}
	}
	once := func() (time.Duration, error) {
		scope := base.Clone()
		start := time.Now()
		_, _, err := s.runAST(ctx, eng, scope, ast, discard{})
		return time.Since(start), err
	}
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
