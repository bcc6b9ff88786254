package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Serve is the work of a worker process: it reads a [wire.Config] and then
// [wire.Command]s as JSON from r, measures the configured script with what the host
// brings, and writes [wire.Snapshot]s as lines of JSON to w, one per interval while
// something changes and one for each change of state. Scripts cannot write to w:
// what they print is in the snapshots.
//
// It returns nil after the command stop or at the end of r, the context's cause
// when the context ends, and an error if r is not understood or w fails. A script
// that fails is no error: the snapshot says so, and the worker waits for commands.
// If r is an io.Closer, it is closed on return, which ends the goroutine that reads
// it.
//
// Only one Serve may run in a process at a time: it reads counters of the whole
// process, and switches the garbage collector off for moments.
func Serve(ctx context.Context, r io.Reader, w io.Writer, h Host) error {
	return serve(ctx, r, w, h, CallLimit)
}

// serve is Serve with a limit of its own on the time of a call.
func serve(ctx context.Context, r io.Reader, w io.Writer, h Host, callLimit time.Duration) error {
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	dec := json.NewDecoder(r)
	var cfg wire.Config
	if err := dec.Decode(&cfg); err != nil {
		return fmt.Errorf("cannot read the configuration: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	k := &worker{host: h, callLimit: callLimit, commands: newCommandQueue()}
	k.configure(cfg)
	go k.commands.fill(dec)
	out := newPublisher(w, k.snapshot, cancel)
	k.changed = out.wake
	k.quiet = out.quiet
	k.setInterval = out.setInterval
	out.setInterval(k.cfg.Interval)
	go out.run()
	err := k.run(ctx)
	last := out.stop()
	k.forget()
	if err == nil {
		err = last
	}
	return err
}

// worker does what commands say. Its methods are for one goroutine, except snapshot,
// which any goroutine may call.
type worker struct {
	host        Host
	callLimit   time.Duration
	commands    *commandQueue
	changed     func()              // the snapshot has changed; show it soon
	quiet       func(f func())      // runs f while no snapshots are made
	setInterval func(time.Duration) // sets the interval of snapshots
	cfg         wire.Config
	ready       bool // the measurement is warm
	order       *wire.CaptureOrder

	// The measurement and the head of the snapshot are shared with the publisher.
	shared shared
}

// Bounds and defaults of a configuration.
const (
	leastInterval   = 10 * time.Millisecond
	defaultInterval = 250 * time.Millisecond
	defaultCapture  = 2 * time.Second
)

// configure takes a configuration, with defaults filled in.
func (k *worker) configure(cfg wire.Config) {
	sides := cfg.Sides(false)
	cfg.A, cfg.B = sides[0].Strategy, sides[1].Strategy
	cfg.Callers = min(max(cfg.Callers, 1), wire.MaxCallers)
	cfg.Interval = max(cmp.Or(cfg.Interval, defaultInterval), leastInterval)
	cfg.Optimize = cmp.Or(cfg.Optimize, "simple")
	cfg.Rounds = min(max(cfg.Rounds, 0), wire.MaxRounds)
	if !(cfg.Rate > 0) {
		cfg.Rate = 0
	}
	k.cfg = cfg
}

// restart drops what was measured and begins again.
func (k *worker) restart() {
	k.forget()
	k.ready = false
	sides := k.cfg.Sides(k.host.hooked())
	k.shared.change(func(s *shared) {
		s.state = wire.WarmingUp
		s.failure = nil
		s.head = wire.Snapshot{
			Name: k.cfg.Name, PID: os.Getpid(), Callers: k.cfg.Callers, Rate: k.cfg.Rate, Same: true,
			A: sides[0], B: sides[1], Profile: s.head.Profile, Captures: s.head.Captures,
		}
	})
	k.changed()
}

// forget drops the measurement.
func (k *worker) forget() {
	var old *measurement
	k.shared.change(func(s *shared) { old, s.m = s.m, nil })
	if old != nil {
		old.close()
	}
}

// set sets the state.
func (k *worker) set(state wire.State) {
	k.shared.change(func(s *shared) { s.state = state })
	k.changed()
}

func (k *worker) state() wire.State { return k.shared.now() }

// run measures until it is told to stop.
func (k *worker) run(ctx context.Context) error {
	k.restart()
	for {
		c, err := k.commands.take()
		switch {
		case c != nil:
			if k.obey(*c) {
				return nil
			}
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		if !k.step(ctx) {
			select {
			case <-k.commands.notify:
			case <-ctx.Done():
			}
		}
	}
}

// obey does what a command says; it reports whether it is to stop.
func (k *worker) obey(c wire.Command) (stop bool) {
	switch c.Kind {
	case wire.Stop:
		return true
	case wire.Pause:
		if s := k.state(); s == wire.WarmingUp || s == wire.Running {
			k.set(wire.Paused)
		}
	case wire.Resume:
		if k.state() == wire.Paused {
			k.proceed()
		}
	case wire.Restart:
		if c.Config != nil {
			k.configure(*c.Config)
			k.setInterval(k.cfg.Interval)
		}
		k.restart()
	case wire.SetCallers:
		k.cfg.Callers = min(max(c.Callers, 1), wire.MaxCallers)
		k.restart()
	case wire.Capture:
		order := wire.CaptureOrder{}
		if c.Capture != nil {
			order = *c.Capture
		}
		if k.state() == wire.Failed {
			k.show(&wire.Profile{Strategies: order.Strategies, Error: "the script fails: there is nothing to profile"})
		} else {
			k.order = &order
		}
	}
	return false
}

// proceed goes on measuring.
func (k *worker) proceed() {
	if k.ready {
		k.set(wire.Running)
	} else {
		k.set(wire.WarmingUp)
	}
}

// step does the next piece of work; it reports false if there is none.
func (k *worker) step(ctx context.Context) bool {
	state := k.state()
	capture := k.order != nil
	if !capture && state != wire.WarmingUp && state != wire.Running {
		return false
	}
	ctx, end := k.commands.begin(ctx)
	defer end()
	var err error
	switch {
	case !k.ready:
		if err = k.prepare(ctx); err == nil {
			k.ready = true
			if state == wire.WarmingUp {
				k.set(wire.Running)
			}
		}
	case capture:
		order := *k.order
		k.order = nil
		k.set(wire.Profiling)
		p := k.capture(ctx, order)
		k.show(p)
		k.set(state)
	default:
		m := k.shared.measurement()
		if err = m.round(ctx); err == nil {
			k.shared.change(func(*shared) {})
			if k.enough(m) {
				k.set(wire.Finished)
			}
		}
	}
	// A step that was interrupted is forgotten; the loop looks for the reason.
	if err != nil && ctx.Err() == nil {
		k.fail(err)
	}
	return true
}

// enough reports whether all is measured that was asked for.
func (k *worker) enough(m *measurement) bool {
	return k.cfg.Duration > 0 && m.elapsed >= k.cfg.Duration || k.cfg.Rounds > 0 && m.rounds >= k.cfg.Rounds
}

// fail shows a failure.
func (k *worker) fail(err error) {
	side := 0
	var le *sideError
	if errors.As(err, &le) {
		side = le.side
	}
	failure := describe(err, k.cfg.ScriptOf(side))
	if le != nil {
		failure.Side, failure.Strategy = wire.SideNames[side], k.cfg.Sides(k.host.hooked())[side].Strategy
	}
	k.ready = false
	order := k.order
	k.order = nil
	k.shared.change(func(s *shared) {
		s.state = wire.Failed
		s.failure = failure
		if order != nil {
			s.head.Profile = &wire.Profile{Strategies: order.Strategies, Error: "the script fails: there is nothing to profile"}
			s.head.Captures++
		}
	})
	k.changed()
}

// show puts the outcome of a capture into the snapshot.
func (k *worker) show(p *wire.Profile) {
	k.shared.change(func(s *shared) { s.head.Profile, s.head.Captures = p, s.head.Captures+1 })
	k.changed()
}

// prepare compiles the script, calls it once on each side, and warms up.
func (k *worker) prepare(ctx context.Context) error {
	k.forget()
	m := &measurement{
		callerCount: k.cfg.Callers, callLimit: k.callLimit, counters: newCounters(), clockRead: clockCost(), same: true, rate: k.cfg.Rate,
	}
	alike := k.cfg.Alike(k.host.hooked())
	var setups [2]*setup
	for i, side := range k.cfg.Sides(k.host.hooked()) {
		var err error
		if setups[i], err = newSetup(side.Settings, &k.host, i, importsOf(&k.cfg, i)); err == nil {
			m.sides[i], err = newSide(side.Strategy, setups[i], nil, m.callerCount)
		}
		if err != nil && !alike {
			err = &sideError{i, err}
		}
		if err != nil {
			return err
		}
		m.sides[i].label, m.sides[i].name = side.Label, string(side.Label)
		if k.cfg.Two() {
			m.sides[i].name = side.Script
			if k.cfg.ScriptOf(0).Name == k.cfg.ScriptOf(1).Name {
				m.sides[i].name = wire.SideNames[i]
			}
		}
		m.tallies[i].lat = stats.NewLatencies()
	}
	// A side whose script does not compile is configured all the same.
	m.parity = parity(m.sides[0], m.sides[1])
	m.callers = startCallers(m.callerCount)
	k.shared.change(func(s *shared) { s.m = m })
	workloads, err := newWorkloads(&k.cfg, [2]wire.Strategy{m.sides[0].strategy, m.sides[1].strategy}, setups, alike)
	if err != nil {
		return err
	}
	for i, w := range workloads {
		m.sides[i].workload = w
	}
	m.two = k.cfg.Two()
	m.sameOps = !m.two && sameProgram(m.sides[0], m.sides[1])
	if err := ofSides(m.observe(ctx), m.two); err != nil {
		return err
	}
	if err := m.checkRecords(ctx); err != nil {
		return err
	}
	m.noteModules()
	if err := m.calibrate(ctx); err != nil {
		return err
	}
	if err := m.warmUp(ctx); err != nil {
		return err
	}
	k.quiet(func() { err = m.countAllocs(ctx) })
	if err != nil {
		return err
	}
	return m.explain(ctx, k)
}

// explain measures what may explain a difference between the sides: the lock that
// callers wait for, and the steps of a call.
func (m *measurement) explain(ctx context.Context, k *worker) error {
	for i := range m.sides {
		holder, err := m.contended(ctx, i)
		if err != nil {
			return err
		}
		m.mu.Lock()
		m.tallies[i].holder = holder
		m.mu.Unlock()
	}
	if !k.cfg.Phases {
		return nil
	}
	times, err := m.phases(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.tallies {
		m.tallies[i].phases = times[i][:]
	}
	return nil
}
