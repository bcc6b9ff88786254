// Package debug debugs scripts: breakpoints, stepping, frames and variables, as commands
// of one line each and as data for screens. It has no terminal code. A Session debugs one
// script at a time by way of [engine.Debugger].
package debug

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/repl"
)

// Options is what a session debugs.
type Options struct {
	// Engine runs the script. The session sets its debugger, so it must not have run
	// anything that others use: make it for the session, or clone it.
	Engine *engine.Engine
	// AST is the script.
	AST *engine.AST
	// Scope makes the scope of a run; nil stands for an empty one.
	Scope func() *engine.Scope
	// Free lets runs begin without a stop at the first statement.
	Free bool
	// Names says what closures are that the script did not make; nil stands for none.
	Names func(name string) (string, bool)
	// Now is the clock; nil stands for time.Now.
	Now func() time.Time
}

// Session debugs a script. Its methods may be called by any goroutine, but for the channel
// of [Session.Events], which one goroutine reads.
type Session struct {
	opts   Options
	events chan Event
	pause  atomic.Bool
	points points
	dbg    stepper
	names  func() func(name string) (string, bool) // of the script's closures

	mu       sync.Mutex
	run      *run
	latest   *run  // also after its end
	stop     *Stop // nil while the script runs, or before and after
	frame    int   // selected
	last     string
	watches  []watch
	stopEval context.CancelFunc // ends the expression that is evaluated by hand, nil for none
	nextID   int
	listed   int // the line that list goes on after, 0 for the one where the run is
}

// run is one run of the script.
type run struct {
	ctx    context.Context
	cancel context.CancelFunc
	looks  chan look
	over   chan struct{} // closed when the script has ended
	drop   chan struct{} // closed by [Session.End]: nobody wants to hear of the end
	once   sync.Once
	done   chan struct{} // closed when nothing more is told
}

// look is what the goroutine of a stopped run is asked to do.
type look struct {
	f      func(c *engine.DebugContext)
	action engine.DebugAction
	goOn   bool
	done   chan struct{}
}

// Event is what happened: the run stopped, or it ended.
type Event struct {
	Stop *Stop
	// The rest is about the end.
	Ended bool
	Value engine.Dynamic
	Err   error
	Stats engine.Stats
	Scope *engine.Scope
}

// Frame is a function in progress.
type Frame struct {
	engine.Frame
	Script *engine.AST
}

// Stop is where a run stopped and what it cost to get there.
type Stop struct {
	Reason     string // "step", "breakpoint 2", "paused", "error", "start"
	Pos        syntax.Pos
	Source     string
	Script     *engine.AST
	Frames     []Frame // the latest first
	Operations uint64  // since the stop before
	Bytes      int64   // allocated since then
	Elapsed    time.Duration
	Total      uint64 // operations of the run
	Returned   *engine.Dynamic
	Err        *engine.Error // that was raised, nil for other stops
	Watches    []Watched
	// Problem is what went wrong with the condition of a breakpoint, "" for nothing.
	Problem string
}

// ErrRunning is the error of what needs a stopped run.
var ErrRunning = errors.New("the script is not stopped")

// New makes a session. The script is not started.
func New(opts Options) *Session {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Session{opts: opts, events: make(chan Event, 1), nextID: 1}
	s.names = sync.OnceValue(func() func(string) (string, bool) { return repl.Closures(s.AST().Text()) })
	opts.Engine.SetDebugger(engine.Debugger{OnStep: s.onStep, Break: s.onBreak})
	return s
}

// Value returns a value in one line of at most about limit bytes.
func (s *Session) Value(v value.Value, limit int) string {
	text, _ := repl.PreviewNamed(v, limit, func(name string) (string, bool) {
		if text, ok := s.names()(name); ok {
			return text, true
		}
		if s.opts.Names == nil {
			return "", false
		}
		return s.opts.Names(name)
	})
	return text
}

// Events is where stops and ends of runs are told. Each must be read before the next can
// happen.
func (s *Session) Events() <-chan Event { return s.events }

// AST returns the script.
func (s *Session) AST() *engine.AST { return s.opts.AST }

// Start runs the script from its beginning. A run in progress is ended first. The context
// ends the run.
func (s *Session) Start(ctx context.Context) {
	s.End()
	ctx, cancel := context.WithCancel(ctx)
	r := &run{
		ctx: ctx, cancel: cancel, looks: make(chan look), over: make(chan struct{}), drop: make(chan struct{}), done: make(chan struct{}),
	}
	s.mu.Lock()
	s.latest = r
	s.run, s.stop, s.frame, s.listed = r, nil, 0, 0
	for i := range s.watches {
		s.watches[i].last = ""
	}
	s.mu.Unlock()
	s.pause.Store(false)
	s.dbg = stepper{first: true, since: s.opts.Now()}
	var scope *engine.Scope
	if s.opts.Scope != nil {
		scope = s.opts.Scope()
	}
	if scope == nil {
		scope = engine.NewScope()
	}
	go func() {
		defer cancel()
		v, stats, err := s.opts.Engine.RunStats(context.WithValue(ctx, runKey{}, r), scope, s.opts.AST)
		s.mu.Lock()
		if s.run == r {
			s.run, s.stop = nil, nil
		}
		s.mu.Unlock()
		close(r.over)
		defer close(r.done)
		select {
		case <-r.drop:
		case s.events <- Event{Ended: true, Value: v, Err: err, Stats: stats, Scope: scope}:
		}
	}()
}

// runKey is the key of the run in its context.
type runKey struct{}

// End ends the run in progress, if there is one, and waits for it. What it had to tell is
// dropped.
func (s *Session) End() {
	s.mu.Lock()
	r := s.latest
	s.mu.Unlock()
	if r == nil {
		return
	}
	r.once.Do(func() { close(r.drop) })
	r.cancel()
	for {
		select {
		case <-s.events:
		case <-r.done:
			// Nothing is told any more; what was is dropped.
			select {
			case <-s.events:
			default:
			}
			return
		}
	}
}

// Pause stops a running script at its next statement.
func (s *Session) Pause() { s.pause.Store(true) }

// Stopped returns where the run is stopped, nil if it is not.
func (s *Session) Stopped() *Stop {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop
}

// Running reports whether a run is in progress, stopped or not.
func (s *Session) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run != nil
}

// Resume lets a stopped run go on.
func (s *Session) Resume(a engine.DebugAction) error {
	s.mu.Lock()
	r := s.run
	if r == nil || s.stop == nil {
		s.mu.Unlock()
		return ErrRunning
	}
	s.stop, s.frame, s.listed = nil, 0, 0
	s.mu.Unlock()
	return r.ask(look{action: a, goOn: true})
}

// Look calls f on the goroutine of the stopped run.
func (s *Session) Look(f func(c *engine.DebugContext)) error {
	s.mu.Lock()
	r, stop := s.run, s.stop
	s.mu.Unlock()
	if r == nil || stop == nil {
		return ErrRunning
	}
	return r.ask(look{f: f})
}

func (r *run) ask(l look) error {
	l.done = make(chan struct{})
	select {
	case r.looks <- l:
	case <-r.over:
		return ErrRunning
	case <-r.ctx.Done():
		return ErrRunning
	}
	select {
	case <-l.done:
	case <-r.over:
		// It may have ended just because of what it was asked.
		select {
		case <-l.done:
		default:
			return ErrRunning
		}
	}
	return nil
}

// stepper is what the goroutine of a run remembers from stop to stop.
type stepper struct {
	first  bool
	since  time.Time
	ops    uint64
	bytes  int64
	reason string
	about  string // what went wrong with a condition
	// wanted is set when a function with a breakpoint is entered: the run stops at its
	// first statement.
	wanted string
}

// onStep is called where the run stops.
func (s *Session) onStep(c *engine.DebugContext) engine.DebugAction {
	r, _ := c.Context().Value(runKey{}).(*run)
	d := &s.dbg
	if d.first && s.opts.Free {
		if d.first = false; !s.onBreak(c) {
			return engine.Continue
		}
	}
	elapsed := s.opts.Now().Sub(d.since)
	stop := &Stop{
		Reason: d.reason, Pos: c.Pos(), Source: c.Source(), Script: c.Script(0), Elapsed: elapsed, Err: c.Err(),
		Total: c.Operations(), Operations: c.Operations() - d.ops, Bytes: c.Allocated() - d.bytes, Problem: d.about,
	}
	for i, f := range c.Frames() {
		stop.Frames = append(stop.Frames, Frame{f, c.Script(i)})
	}
	if v, ok := c.Returned(); ok {
		stop.Returned = &v
	}
	if stop.Reason == "" {
		stop.Reason = "step"
		if d.first {
			stop.Reason = "start"
		}
	}
	d.first, d.reason, d.about, d.wanted = false, "", "", ""
	s.pause.Store(false)
	s.points.dropTemporary()
	if r == nil {
		return engine.Continue // a run of somebody else on this engine
	}
	stop.Watches = s.evalWatches(c)
	s.mu.Lock()
	s.stop, s.frame, s.listed = stop, 0, 0
	s.mu.Unlock()
	select {
	case s.events <- Event{Stop: stop}:
	case <-r.ctx.Done():
		return engine.Stop
	}
	for {
		select {
		case l := <-r.looks:
			if l.goOn {
				d.ops, d.bytes = c.Operations(), c.Allocated()
				d.since = s.opts.Now()
				close(l.done)
				return l.action
			}
			l.f(c)
			close(l.done)
		case <-r.ctx.Done():
			return engine.Stop
		}
	}
}

// onBreak says whether a run stops that might.
func (s *Session) onBreak(c *engine.DebugContext) bool {
	d := &s.dbg
	if s.pause.Load() && c.AtStatement() {
		d.reason = "paused"
		return true
	}
	if c.AtStatement() && d.wanted != "" {
		d.reason = d.wanted
		return true
	}
	list := s.points.list.Load()
	if list == nil {
		return false
	}
	for _, p := range *list {
		if !p.Disabled && p.at(c) && s.holds(p, c) {
			p.hits.Add(1)
			if c.Entered() {
				d.wanted = p.reason()
				return false
			}
			d.reason = p.reason()
			return true
		}
	}
	return false
}
