package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/compare/worker"
)

// SeriesConfig says how many workers a [Series] has. The zero value of a field
// means its default.
type SeriesConfig struct {
	wire.Config
	Processes int // at most; default [DefaultProcesses]
	// Precision ends the series when the interval of the ratio reaches no farther
	// than this part of 1 to both sides; default 0.005. A negative one ends nothing.
	Precision float64
	// Silence is how long a worker may show nothing before it is taken for hung.
	Silence time.Duration
}

// DefaultPrecision is how narrow an interval ends a series.
const DefaultPrecision = 0.005

// mostFailures is how many workers may fail one after the other.
const mostFailures = 3

// Series measures with fresh workers, one after the other, and shows what all of
// them found. It is used like a [Process]: its methods may be called by any
// goroutine.
type Series struct {
	cfg       SeriesConfig
	start     func(context.Context, wire.Config) (*Process, error)
	snapshots chan wire.Snapshot

	commands  chan wire.Command
	closing   chan struct{}
	closeOnce sync.Once
	done      chan struct{}
	err       error // set before done is closed

	pidMu sync.Mutex
	pid   int
}

// StartSeries starts a series; start starts a worker. The caller closes it; when
// ctx ends it closes itself. After its end, which the state of a snapshot tells, the
// latest worker stays for captures until the series is closed.
func StartSeries(ctx context.Context, cfg SeriesConfig, start func(context.Context, wire.Config) (*Process, error)) *Series {
	cfg.Processes = cmp.Or(max(cfg.Processes, 0), stats.DefaultProcesses)
	cfg.Rounds = min(max(cfg.Rounds, 0), wire.MaxRounds)
	if cfg.Rounds == 0 && cfg.Duration <= 0 {
		cfg.Rounds = stats.DefaultRounds
	}
	cfg.Precision = cmp.Or(cfg.Precision, DefaultPrecision)
	s := &Series{
		cfg: cfg, start: start, snapshots: make(chan wire.Snapshot, 1), commands: make(chan wire.Command, 16),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go s.own(ctx)
	return s
}

// Snapshots returns the channel of snapshots: those of the current worker, with
// what all workers measured in the place of its own figures, and with Series set. A
// newer snapshot replaces one that was not taken. It is closed at the end.
func (s *Series) Snapshots() <-chan wire.Snapshot { return s.snapshots }

// PID returns the process id of the current worker, 0 if there is none.
func (s *Series) PID() int {
	s.pidMu.Lock()
	defer s.pidMu.Unlock()
	return s.pid
}

// Send gives a command: pause, resume and capture are for the current worker,
// while restart and callers begin the series again.
func (s *Series) Send(c wire.Command) error {
	ended := errors.New("the series has ended")
	select {
	case <-s.done:
		return ended
	default:
	}
	select {
	case <-s.done:
		return ended
	case s.commands <- c:
		return nil
	case <-time.After(sendGrace):
		return errors.New("the series does not listen")
	}
}

// Err tells why the series ended: nil while it goes on, or if it was closed.
func (s *Series) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close stops the current worker and waits until it is gone. It returns what
// [Series.Err] then tells, and may be called more than once.
func (s *Series) Close() error {
	s.closeOnce.Do(func() { close(s.closing) })
	<-s.done
	return s.err
}

// own runs the series to its end.
func (s *Series) own(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	r := &seriesRun{Series: s, ctx: ctx}
	for again := true; again; {
		again = r.run()
	}
	r.drop()
	s.err = r.err
	close(s.done)
	close(s.snapshots)
}

// put replaces the snapshot that waits. Only one goroutine puts.
func (s *Series) put(f wire.Snapshot) {
	for {
		select {
		case s.snapshots <- f:
			return
		default:
		}
		select {
		case <-s.snapshots:
		default:
		}
	}
}

// seriesRun is the work of a series, for its goroutine.
type seriesRun struct {
	*Series
	ctx      context.Context
	proc     *Process // the current worker
	paused   bool
	captures int // ordered of the current worker
	ended    string
	results  []wire.Result
	merged   [2][]byte // histograms of all results
	failures []wire.Failure
	profile  *wire.Profile
	last     wire.Snapshot // of the current worker
	process  int
	err      error
}

// next says what to do after a worker.
type next int

const (
	goOn    next = iota
	finish       // show the end and rest
	restart      // from the first process
	leave
)

// run measures once with all processes. It reports whether to begin again.
func (r *seriesRun) run() (again bool) {
	r.ended, r.results, r.failures, r.process, r.err = "", nil, nil, 0, nil
	r.merged = [2][]byte{}
	inRow := 0
	for r.process < r.cfg.Processes {
		r.process++
		failed := len(r.failures)
		switch r.one() {
		case restart:
			return true
		case leave:
			return false
		case finish:
			return r.rest()
		}
		if len(r.failures) > failed {
			inRow++
		} else {
			inRow = 0
		}
		v := r.verdict(false)
		switch {
		case inRow == mostFailures:
			r.err = fmt.Errorf("%d workers failed one after the other: %s", inRow, r.failures[len(r.failures)-1].Error)
			return false
		case r.cfg.Precision > 0 && v.Precise(r.cfg.Precision):
			r.ended = fmt.Sprintf("the interval reached ±%.2g%% after %d processes", 100*r.cfg.Precision, r.process)
			return r.rest()
		}
	}
	r.ended = fmt.Sprintf("the maximum of %d processes was reached", r.cfg.Processes)
	if r.cfg.Processes == 1 {
		r.ended = "there was one process"
	}
	return r.rest()
}

// one measures with a fresh worker.
func (r *seriesRun) one() next {
	r.drop()
	sides := r.cfg.Sides(false)
	r.last, r.captures = wire.Snapshot{State: wire.Starting, Name: r.cfg.Name, Callers: max(r.cfg.Callers, 1), Same: true, A: sides[0], B: sides[1]}, 0
	r.show()
	proc, err := r.start(r.ctx, r.cfg.Config)
	if err != nil {
		if r.ctx.Err() != nil {
			return leave
		}
		r.fail(0, err.Error())
		return goOn
	}
	r.adopt(proc)
	if r.paused {
		_ = proc.Send(wire.Command{Kind: wire.Pause}) // its failure shows in how the worker ends
	}
	return r.follow(false)
}

// keep adds the result of the current worker. Histograms are added up at once:
// snapshots come several times a second.
func (r *seriesRun) keep(f wire.Snapshot) {
	for i, s := range []*wire.Side{&f.A, &f.B} {
		r.merged[i] = stats.MergedLatencies(r.merged[i], s.Histogram).Encoded()
		s.Histogram = nil
	}
	r.results = append(r.results, wire.Result{PID: f.PID, WarmUp: f.WarmUp, Rounds: f.Raw, A: f.A, B: f.B, Elapsed: f.Elapsed})
}

// adopt makes a worker the current one.
func (r *seriesRun) adopt(proc *Process) {
	r.proc = proc
	pid := 0
	if proc != nil {
		pid = proc.PID()
	}
	r.pidMu.Lock()
	r.pid = pid
	r.pidMu.Unlock()
}

// drop ends the current worker.
func (r *seriesRun) drop() {
	if r.proc != nil {
		_ = r.proc.Close()
		r.adopt(nil)
	}
}

func (r *seriesRun) fail(pid int, why string) {
	r.failures = append(r.failures, wire.Failure{Process: r.process, PID: pid, Error: why})
}

// silence is how long a worker may show nothing.
func (r *seriesRun) silence() time.Duration {
	turns := (max(r.cfg.Callers, 1) + runtime.NumCPU() - 1) / runtime.NumCPU()
	return cmp.Or(r.cfg.Silence, 30*time.Second+6*worker.CallLimit*time.Duration(turns))
}

// follow shows the snapshots of the current worker until it is done, or, when all is
// measured, until a command asks for something else.
func (r *seriesRun) follow(resting bool) next {
	hung := time.NewTimer(r.silence())
	defer hung.Stop()
	if resting {
		hung.Stop()
	}
	for {
		select {
		case f, ok := <-r.proc.Snapshots():
			if !ok {
				if r.ctx.Err() != nil {
					return leave
				}
				err := cmp.Or(r.proc.Wait(), errors.New("the worker ended early"))
				if resting {
					r.err = err
					return leave
				}
				r.fail(r.proc.PID(), err.Error())
				return goOn
			}
			if !resting && !r.paused {
				hung.Reset(r.silence())
			}
			r.last = f
			if f.Profile != nil {
				r.profile = f.Profile
			}
			switch {
			case resting:
			case f.State == wire.Failed:
				r.ended = "the script failed"
				return finish
			case f.Difference != "":
				r.ended = "the results differ"
				return finish
			case f.State == wire.Finished && f.Captures >= r.captures:
				r.keep(f)
				return goOn
			}
			r.show()
		case <-hung.C:
			pid := r.proc.PID()
			r.drop()
			r.fail(pid, fmt.Sprintf("the worker hung: it showed nothing for %v", r.silence()))
			return goOn
		case c := <-r.commands:
			switch c.Kind {
			case wire.Stop:
				return leave
			case wire.Restart:
				if c.Config != nil {
					rounds := r.cfg.Rounds
					r.cfg.Config = *c.Config
					if r.cfg.Duration <= 0 {
						r.cfg.Rounds = cmp.Or(r.cfg.Rounds, rounds, stats.DefaultRounds)
					}
				}
				return restart
			case wire.SetCallers:
				r.cfg.Callers = min(max(c.Callers, 1), wire.MaxCallers)
				return restart
			case wire.Pause:
				r.paused = true
				hung.Stop()
			case wire.Resume:
				r.paused = false
				if !resting {
					hung.Reset(r.silence())
				}
			case wire.Capture:
				r.captures++
			}
			if r.proc.Send(c) != nil {
				continue // how the worker ended comes next
			}
		case <-r.ctx.Done():
			return leave
		}
	}
}

// rest shows the end and waits for commands. It reports whether to begin again.
func (r *seriesRun) rest() (again bool) {
	if r.proc == nil || r.proc.Err() != nil {
		// The latest worker failed: another one stands by for captures.
		cfg := r.cfg.Config
		cfg.Rounds = 1
		proc, err := r.start(r.ctx, cfg)
		if err != nil {
			r.err = err
			return false
		}
		r.adopt(proc)
	}
	r.show()
	return r.follow(true) == restart
}

// verdict judges what there is, with the rounds of the current worker or without.
func (r *seriesRun) verdict(live bool) stats.Verdict {
	var all [][]stats.Round
	for _, p := range r.results {
		all = append(all, p.Rounds)
	}
	if live && r.ended == "" && r.last.State != wire.Finished {
		all = append(all, r.last.Raw)
	}
	return stats.Judge(all)
}

// show puts a snapshot of how things are.
func (r *seriesRun) show() {
	f := r.last
	v := r.verdict(true)
	p := &wire.Progress{
		Process: r.process, Processes: r.cfg.Processes, Round: f.Rounds, Rounds: r.cfg.Rounds, Ended: r.ended,
		Failures: append([]wire.Failure{}, r.failures...), Results: append([]wire.Result{}, r.results...),
	}
	if f.Difference != "" {
		v = v.Differing(f.Difference)
	}
	if f.State == wire.Failed && f.Error != nil {
		v.Outcome, v.Reason = stats.NotEnoughData, "the script failed: "+f.Error.Message
	}
	p.Verdict = v
	switch {
	case r.ended != "" && f.State != wire.Failed && f.State != wire.Profiling:
		f.State = wire.Finished
	case r.ended == "" && f.State == wire.Finished:
		f.State = wire.Running
	}
	f.Profile = r.profile
	r.merge(&f, p)
	f.Series = p
	r.put(f)
}
