package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// newComparePane makes the pane; Begin starts the first run.
func newComparePane(opts CompareOptions) *comparePane {
	p := &comparePane{opts: opts, cfg: opts.Config}
	if p.cfg.Script == "" && len(opts.Examples) > 0 {
		e := opts.Examples[0]
		p.cfg.Name, p.cfg.Script, p.cfg.Vars = e.Name, e.Script, e.Vars
	}
	return p
}

// Actions are the keys of the pane.
func (p *comparePane) Actions() []Action {
	plots := func(x plot) func() Request { return Do(func() { p.setPlot(x) }) }
	return []Action{
		{ID: "pause", Scope: InCompare, Keys: []string{"space"}, Title: "pause or go on", Hint: Hint{Label: "pause"}, Run: p.togglePause},
		{ID: "restart", Scope: InCompare, Keys: []string{"r"}, Title: "measure anew, in a fresh worker", Hint: Hint{Label: "restart"}, Run: p.restart},
		{ID: "callers-more", Scope: InCompare, Keys: []string{"+"}, Title: "one more concurrent caller", Hint: Hint{"+ -", "callers"}, Run: func() Request { return p.setCallers(1) }},
		{ID: "callers-fewer", Scope: InCompare, Keys: []string{"-", "_"}, Title: "one concurrent caller fewer", Run: func() Request { return p.setCallers(-1) }},
		{ID: "strategy-same", Scope: InCompare, Keys: []string{"a"}, Title: "compare A with itself, and back: what noise does", Hint: Hint{Label: "A/A"}, Run: p.toggleSame},
		{ID: "equalise", Scope: InCompare, Keys: []string{"="}, Title: "give B the settings of A and measure anew", Hint: Hint{Label: "equalise"}, Run: p.equalise,
			Idle: func() bool { return len(p.differences()) == 0 }},
		{ID: "mode", Scope: InCompare, Keys: []string{"m"}, Title: "at a fixed rate, half of what both sides can do, and back", Hint: Hint{Label: "mode"}, Run: p.toggleMode},
		{ID: "plot-time", Scope: InCompare, Keys: []string{"t"}, Title: "mean by round", Hint: Hint{"t h c", "plots"}, Run: plots(timePlot)},
		{ID: "plot-histogram", Scope: InCompare, Keys: []string{"h"}, Title: "histogram of the latencies", Run: plots(histogramPlot)},
		{ID: "plot-cdf", Scope: InCompare, Keys: []string{"c"}, Title: "distribution of the latencies", Run: plots(cdfPlot)},
		{ID: "sweep", Scope: InCompare, Keys: []string{"w"}, Title: "measure with 1 to twice the processors' callers", Hint: Hint{Label: "sweep"}, Run: p.startSweep},
		{ID: "plot-script", Scope: InCompare, Keys: []string{"v"}, Title: "the script and what it gives", Run: plots(scriptPlot)},
		{ID: "export", Scope: InCompare, Keys: []string{"e"}, Title: "write the evidence to files", Hint: Hint{Label: "export"}, Run: p.export},
		{ID: "profile-both", Scope: InCompare, Keys: []string{"p", "P"}, Title: "capture profiles of both sides", Hint: Hint{Label: "profile"}, Run: p.profileBoth},
		{ID: "settings", Scope: InCompare, Keys: []string{":"}, Title: "set packages, resolver, print, limits or optimisation of a side", Hint: Hint{Label: "settings"}, Run: p.openSettings},
		{ID: "examples", Scope: InCompare, Keys: []string{"o"}, Title: "choose an example", Hint: Hint{Label: "examples"}, Run: p.openExamples},
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *comparePane) Scopes() []Scope { return []Scope{InCompare, InNav, Always} }

// The messages of the pane. Gen is the number of the run that they are about.
type (
	// StartedMsg answers the start of a run.
	StartedMsg struct {
		Gen int
		Run compare.Measurement
		Err error
	}
	// SnapshotMsg brings the latest snapshot of a run.
	SnapshotMsg struct {
		Gen      int
		Snapshot wire.Snapshot
	}
	// EndedMsg tells that a run has ended.
	EndedMsg struct {
		Gen int
		Err error
	}
)

// start starts the measurement of a script.
func start(ctx context.Context, f func(context.Context, wire.Config) (compare.Measurement, error), cfg wire.Config, gen int) tea.Cmd {
	return func() tea.Msg {
		run, err := f(ctx, cfg)
		return StartedMsg{gen, run, err}
	}
}

// waitSnapshot waits for the next snapshot.
func waitSnapshot(run compare.Measurement, gen int) tea.Cmd {
	return func() tea.Msg {
		f, ok := <-run.Snapshots()
		if !ok {
			return EndedMsg{gen, run.Err()}
		}
		return SnapshotMsg{gen, f}
	}
}

// send gives the worker a command.
func send(run compare.Measurement, c wire.Command) tea.Cmd {
	return func() tea.Msg {
		if err := run.Send(c); err != nil {
			return NoticeMsg{"the worker does not listen: " + err.Error()}
		}
		return nil
	}
}

// closeRun ends a run that is not needed any more.
func closeRun(run compare.Measurement) tea.Cmd {
	return func() tea.Msg {
		run.Close()
		return nil
	}
}

// Update takes a message; it reports whether it was for this pane.
func (p *comparePane) Update(msg tea.Msg) (Request, bool) {
	switch msg := msg.(type) {
	case StartedMsg:
		return p.started(msg), true
	case SnapshotMsg:
		return p.see(msg), true
	case EndedMsg:
		return p.ends(msg), true
	}
	return Request{}, false
}

// Begin measures what the pane was made with.
func (p *comparePane) Begin() Request { return p.measure(p.cfg) }

// MeasureScript measures a script with the callers and settings of the current run.
func (p *comparePane) MeasureScript(name, script string, vars []wire.Var) Request {
	cfg := p.opts.Config
	cfg.Name, cfg.Script, cfg.Vars, cfg.Callers, cfg.Settings = name, script, vars, p.cfg.Callers, p.cfg.Settings
	return p.measure(cfg)
}

// measure starts a run in place of the current one.
func (p *comparePane) measure(cfg wire.Config) Request {
	old := p.run
	cfg.Callers = max(cfg.Callers, 1)
	p.cfg, p.gen, p.runState, p.exporting = cfg, p.gen+1, runState{}, false
	var cmds []tea.Cmd
	if old != nil {
		cmds = append(cmds, closeRun(old))
	}
	switch {
	case p.opts.Start == nil:
		p.lost = "there is nothing to measure with"
	case cfg.Script == "":
		p.lost = "there is no script"
	default:
		p.starting = true
		cmds = append(cmds, start(p.opts.Context, p.opts.Start, cfg, p.gen))
	}
	return Request{Cmd: tea.Batch(cmds...), Began: true}
}

func (p *comparePane) started(msg StartedMsg) Request {
	if msg.Gen != p.gen || p.closed {
		if msg.Run != nil {
			return Commands(closeRun(msg.Run))
		}
		return Request{}
	}
	p.starting = false
	if msg.Err != nil {
		p.lost = msg.Err.Error()
		return Request{}
	}
	p.run = msg.Run
	cmds := []tea.Cmd{waitSnapshot(msg.Run, p.gen)}
	if p.hidden {
		p.resting = true
		cmds = append(cmds, send(msg.Run, wire.Command{Kind: wire.Pause}))
	}
	return Commands(cmds...)
}

// see takes a snapshot.
func (p *comparePane) see(msg SnapshotMsg) Request {
	if msg.Gen != p.gen {
		return Request{}
	}
	p.snapshot, p.have = msg.Snapshot, true
	p.distributions()
	seen := Request{Snapshot: &msg.Snapshot}
	if !p.exporting {
		if next, ok := p.nextOfSweep(); ok {
			next.Snapshot = seen.Snapshot
			return next
		}
	}
	if p.run != nil {
		seen.Cmd = waitSnapshot(p.run, msg.Gen)
	}
	return seen
}

func (p *comparePane) ends(msg EndedMsg) Request {
	if msg.Gen != p.gen {
		return Request{}
	}
	p.run = nil
	p.lost = "the worker was closed"
	if msg.Err != nil {
		p.lost = clean(msg.Err.Error())
	}
	return Request{Ended: true}
}

// Hide tells the pane whether nobody looks at it: then it rests, so that it does
// not disturb what is looked at. A worker that is busy with a capture goes on.
func (p *comparePane) Hide(hidden, busy bool) Request {
	p.hidden = hidden
	if p.run == nil || p.resting == hidden || busy {
		return Request{}
	}
	p.resting = hidden
	if p.paused {
		return Request{}
	}
	return p.pauseIf(hidden)
}

func (p *comparePane) pauseIf(pause bool) Request {
	kind := wire.Resume
	if pause {
		kind = wire.Pause
	}
	return Commands(send(p.run, wire.Command{Kind: kind}))
}

func (p *comparePane) togglePause() Request {
	if p.run == nil {
		return Request{}
	}
	p.paused = !p.paused
	return p.pauseIf(p.paused)
}

// restart measures anew, with a worker of its own: what the old one learnt is gone.
func (p *comparePane) restart() Request {
	if len(p.sweep.pending) > 0 {
		return p.endSweep()
	}
	return p.measure(p.cfg)
}

func (p *comparePane) setCallers(by int) Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	n := min(max(p.cfg.Callers+by, 1), wire.MaxCallers)
	if n == p.cfg.Callers {
		return Request{}
	}
	p.cfg.Callers = n
	if p.run == nil {
		return Request{}
	}
	return Commands(send(p.run, wire.Command{Kind: wire.SetCallers, Callers: n}))
}

func (p *comparePane) profileBoth() Request {
	return Request{Capture: &Capture{}}.Showing(TabProfile)
}

// Order asks the worker for a capture.
func (p *comparePane) Order(order *wire.CaptureOrder) Request {
	if p.run == nil {
		return Request{}
	}
	return Commands(send(p.run, wire.Command{Kind: wire.Capture, Capture: order}))
}

// Copy is what the pane puts on the clipboard.
func (p *comparePane) Copy() string { return p.verdict().Sentence }

// Subject is what there is to profile.
func (p *comparePane) Subject() Subject {
	a, b := p.labels()
	return Subject{Name: p.Name(), Sides: [2]wire.Strategy{a, b}, Running: p.run != nil}
}

// Close ends the run, if there is one, and begins no other.
func (p *comparePane) Close() error {
	p.closed = true
	if p.run == nil {
		return nil
	}
	err := p.run.Close()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Gen is the number of the run: answers to those before are dropped.
func (p *comparePane) Gen() int { return p.gen }

// Running is the run in progress, nil if there is none.
func (p *comparePane) Running() compare.Measurement { return p.run }

// Config is what is measured.
func (p *comparePane) Config() wire.Config { return p.cfg }

// Snapshot is the latest snapshot of the run; ok is false before the first one.
func (p *comparePane) Snapshot() (f wire.Snapshot, ok bool) { return p.snapshot, p.have }

// Lost tells why there is no run, "" if there is one.
func (p *comparePane) Lost() string { return p.lost }
