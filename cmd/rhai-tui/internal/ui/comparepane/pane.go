// Package comparepane is the screen of a comparison: it starts and steers a run and
// shows its snapshots, with plots, settings of both sides, sweeps and evidence.
package comparepane

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// New makes the pane; Begin starts the first run.
func New(opts Options) *Pane {
	p := &Pane{opts: opts, cfg: opts.Config}
	if p.cfg.Script == "" && len(opts.Examples) > 0 {
		e := opts.Examples[0]
		p.cfg.Name, p.cfg.Script, p.cfg.Vars = e.Name, e.Script, e.Vars
	}
	return p
}

// Actions are the keys of the pane.
func (p *Pane) Actions() []pane.Action {
	plots := func(x plot) func() pane.Request { return pane.Do(func() { p.setPlot(x) }) }
	return []pane.Action{
		{ID: "pause", Scope: pane.InCompare, Keys: []string{"space"}, Title: "pause or go on", Hint: pane.Hint{Label: "pause"}, Run: p.togglePause},
		{ID: "restart", Scope: pane.InCompare, Keys: []string{"r"}, Title: "read the script again and measure anew", Hint: pane.Hint{Label: "again"}, Run: p.restart},
		{ID: "edit-script", Scope: pane.InCompare, Keys: []string{"E"}, Title: "edit the script in $EDITOR, then measure anew", Hint: pane.Hint{Label: "edit"}, Run: p.edit,
			Idle: func() bool { return p.file() == "" }},
		{ID: "watch", Scope: pane.InCompare, Keys: []string{"W"}, Title: "measure anew whenever a file changes, and back", Hint: pane.Hint{Label: "watch"}, Run: p.toggleWatch,
			Idle: func() bool { return p.file() == "" }},
		{ID: "baseline", Scope: pane.InCompare, Keys: []string{"b"}, Title: "keep this verdict and script as the baseline", Hint: pane.Hint{Label: "baseline"}, Run: p.setBaseline},
		{ID: "against-baseline", Scope: pane.InCompare, Keys: []string{"B"}, Title: "measure the script of the baseline against the script as it is, and back", Run: p.againstBaseline},
		{ID: "verdicts", Scope: pane.InCompare, Keys: []string{"l"}, Title: "the last verdicts", Hint: pane.Hint{Label: "verdicts"}, Run: plots(verdictsPlot)},
		{ID: "callers-more", Scope: pane.InCompare, Keys: []string{"+"}, Title: "one more concurrent caller", Hint: pane.Hint{Keys: "+ -", Label: "callers"}, Run: func() pane.Request { return p.setCallers(1) }},
		{ID: "callers-fewer", Scope: pane.InCompare, Keys: []string{"-", "_"}, Title: "one concurrent caller fewer", Run: func() pane.Request { return p.setCallers(-1) }},
		{ID: "strategy-same", Scope: pane.InCompare, Keys: []string{"a"}, Title: "compare A with itself, and back: what noise does", Hint: pane.Hint{Label: "A/A"}, Run: p.toggleSame},
		{ID: "equalise", Scope: pane.InCompare, Keys: []string{"="}, Title: "give B the settings of A and measure anew", Hint: pane.Hint{Label: "equalise"}, Run: p.equalise,
			Idle: func() bool { return len(p.differences()) == 0 }},
		{ID: "mode", Scope: pane.InCompare, Keys: []string{"m"}, Title: "at a fixed rate, half of what both sides can do, and back", Hint: pane.Hint{Label: "mode"}, Run: p.toggleMode},
		{ID: "plot-time", Scope: pane.InCompare, Keys: []string{"t"}, Title: "time per call by round", Hint: pane.Hint{Keys: "t h c", Label: "plots"}, Run: plots(timePlot)},
		{ID: "plot-zoom-in", Scope: pane.InCompare, Keys: []string{"]"}, Title: "half as many rounds in the time plot", Run: pane.Do(func() { p.zoomBy(1) })},
		{ID: "plot-zoom-out", Scope: pane.InCompare, Keys: []string{"["}, Title: "twice as many rounds in the time plot", Run: pane.Do(func() { p.zoomBy(-1) })},
		{ID: "plot-histogram", Scope: pane.InCompare, Keys: []string{"h"}, Title: "histogram of the latencies", Run: plots(histogramPlot)},
		{ID: "plot-cdf", Scope: pane.InCompare, Keys: []string{"c"}, Title: "distribution of the latencies", Run: plots(cdfPlot)},
		{ID: "sweep", Scope: pane.InCompare, Keys: []string{"w"}, Title: "measure with 1 to twice the processors' callers", Hint: pane.Hint{Label: "sweep"}, Run: p.startSweep},
		{ID: "settings", Scope: pane.InCompare, Keys: []string{":"}, Title: "choose strategies, script, call, data, variables, callers, rate, rounds, and settings of a side", Hint: pane.Hint{Label: "settings"}, Run: p.openSettings},
		{ID: "variables", Scope: pane.InCompare, Keys: []string{"s"}, Title: "set a variable of the scope", Hint: pane.Hint{Label: "set"}, Run: p.askMissing},
		{ID: "plot-script", Scope: pane.InCompare, Keys: []string{"v"}, Title: "the script and what it gives", Run: plots(scriptPlot)},
		{ID: "profile-both", Scope: pane.InCompare, Keys: []string{"p", "P"}, Title: "capture profiles of both sides", Hint: pane.Hint{Label: "profile"}, Run: p.profileBoth},
		{ID: "export", Scope: pane.InCompare, Keys: []string{"e"}, Title: "write the evidence to files", Hint: pane.Hint{Label: "export"}, Run: p.export},
		{ID: "examples", Scope: pane.InCompare, Keys: []string{"o"}, Title: "choose an example", Hint: pane.Hint{Label: "examples"}, Run: p.openExamples},
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *Pane) Scopes() []pane.Scope { return []pane.Scope{pane.InCompare, pane.InNav, pane.Always} }

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
			return pane.NoticeMsg{Text: "the worker does not listen: " + err.Error()}
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
func (p *Pane) Update(msg tea.Msg) (pane.Request, bool) {
	switch msg := msg.(type) {
	case StartedMsg:
		return p.started(msg), true
	case SnapshotMsg:
		return p.see(msg), true
	case EndedMsg:
		return p.ends(msg), true
	case reloadedMsg:
		return p.reloaded(msg), true
	case stampMsg:
		return p.looked(msg), true
	case editedMsg:
		return p.edited(msg), true
	}
	return pane.Request{}, false
}

// Begin measures what the pane was made with.
func (p *Pane) Begin() pane.Request { return p.measure(p.cfg) }

// MeasureScript measures a script with the callers and settings of the current run.
func (p *Pane) MeasureScript(name, script string, vars []wire.Var) pane.Request {
	cfg := p.opts.Config
	p.alone = nil
	if name != cfg.Name || script != cfg.Script {
		// What belongs to the script that was given is none of this one's.
		cfg.File, cfg.Dirs, cfg.Second, cfg.Call, cfg.Records = "", []string{"."}, nil, "", nil
	}
	cfg.Name, cfg.Script, cfg.Vars, cfg.Callers, cfg.Settings = name, script, vars, p.cfg.Callers, p.cfg.Settings
	return p.measure(cfg)
}

// measure starts a run in place of the current one.
func (p *Pane) measure(cfg wire.Config) pane.Request {
	p.keep()
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
	return pane.Request{Cmd: tea.Batch(cmds...), Began: true}
}

func (p *Pane) started(msg StartedMsg) pane.Request {
	if msg.Gen != p.gen || p.closed {
		if msg.Run != nil {
			return pane.Commands(closeRun(msg.Run))
		}
		return pane.Request{}
	}
	p.starting = false
	if msg.Err != nil {
		p.lost = msg.Err.Error()
		return pane.Request{}
	}
	p.run = msg.Run
	cmds := []tea.Cmd{waitSnapshot(msg.Run, p.gen)}
	if p.hidden {
		p.resting = true
		cmds = append(cmds, send(msg.Run, wire.Command{Kind: wire.Pause}))
	}
	return pane.Commands(cmds...)
}

// see takes a snapshot.
func (p *Pane) see(msg SnapshotMsg) pane.Request {
	if msg.Gen != p.gen {
		return pane.Request{}
	}
	p.snapshot, p.have = msg.Snapshot, true
	if p.ended() {
		p.keep()
	}
	p.distributions()
	seen := pane.Request{Snapshot: &msg.Snapshot}
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

func (p *Pane) ends(msg EndedMsg) pane.Request {
	if msg.Gen != p.gen {
		return pane.Request{}
	}
	p.run = nil
	p.lost = "the worker was closed"
	if msg.Err != nil {
		p.lost = draw.Clean(msg.Err.Error())
	}
	return pane.Request{Ended: true}
}

// Hide tells the pane whether nobody looks at it: then it rests, so that it does
// not disturb what is looked at. A worker that is busy with a capture goes on.
func (p *Pane) Hide(hidden, busy bool) pane.Request {
	p.hidden = hidden
	if p.run == nil || p.resting == hidden || busy {
		return pane.Request{}
	}
	p.resting = hidden
	if p.paused {
		return pane.Request{}
	}
	return p.pauseIf(hidden)
}

func (p *Pane) pauseIf(pause bool) pane.Request {
	kind := wire.Resume
	if pause {
		kind = wire.Pause
	}
	return pane.Commands(send(p.run, wire.Command{Kind: kind}))
}

func (p *Pane) togglePause() pane.Request {
	if p.run == nil {
		return pane.Request{}
	}
	p.paused = !p.paused
	return p.pauseIf(p.paused)
}

func (p *Pane) setCallers(by int) pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	n := min(max(p.cfg.Callers+by, 1), wire.MaxCallers)
	if n == p.cfg.Callers {
		return pane.Request{}
	}
	p.cfg.Callers = n
	if p.run == nil {
		return pane.Request{}
	}
	return pane.Commands(send(p.run, wire.Command{Kind: wire.SetCallers, Callers: n}))
}

func (p *Pane) profileBoth() pane.Request {
	return pane.Request{Capture: &pane.Capture{}}.Showing(pane.TabProfile)
}

// Order asks the worker for a capture.
func (p *Pane) Order(order *wire.CaptureOrder) pane.Request {
	if p.run == nil {
		return pane.Request{}
	}
	return pane.Commands(send(p.run, wire.Command{Kind: wire.Capture, Capture: order}))
}

// Copy is what the pane puts on the clipboard.
func (p *Pane) Copy() string { return p.verdict().Sentence }

// Subject is what there is to profile.
func (p *Pane) Subject() pane.Subject {
	a, b := p.labels()
	return pane.Subject{Name: p.Name(), Sides: [2]wire.Strategy{a, b}, Running: p.run != nil}
}

// Close ends the run, if there is one, and begins no other.
func (p *Pane) Close() error {
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
func (p *Pane) Gen() int { return p.gen }

// Running is the run in progress, nil if there is none.
func (p *Pane) Running() compare.Measurement { return p.run }

// Config is what is measured.
func (p *Pane) Config() wire.Config { return p.cfg }

// Snapshot is the latest snapshot of the run; ok is false before the first one.
func (p *Pane) Snapshot() (f wire.Snapshot, ok bool) { return p.snapshot, p.have }

// Lost tells why there is no run, "" if there is one.
func (p *Pane) Lost() string { return p.lost }
