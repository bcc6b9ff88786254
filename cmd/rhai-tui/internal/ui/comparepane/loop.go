package comparepane

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Files is how the pane reaches the scripts that it measures. Its functions are called by
// commands, never while the screen is drawn.
type Files struct {
	// Reload reads the scripts of a configuration again that are files.
	Reload func(cfg wire.Config) (wire.Config, error)
	// Open makes the configuration of a script by the name that the command line takes.
	Open func(cfg wire.Config, name string) (wire.Config, error)
	// Second makes a script by that name what B runs.
	Second func(cfg wire.Config, name string) (wire.Config, error)
	// Data reads the records of a file.
	Data func(cfg wire.Config, file string) (wire.Config, error)
	// Stamp is a text that changes when one of the files does: a script or a module.
	Stamp func(cfg wire.Config, modules []wire.Module) string
}

// The messages of the loop of editing and measuring.
type (
	// reloadedMsg brings scripts that were read again.
	reloadedMsg struct {
		gen  int
		cfg  wire.Config
		err  error
		what string // what to say
	}
	// stampMsg tells how the files are now.
	stampMsg struct {
		watch int // number of the watch that asks
		gen   int
		files string // the names of the modules that it is of, beside the scripts
		stamp string
	}
	// editedMsg tells that the editor is closed.
	editedMsg struct{ err error }
)

// watchEvery is how often files are looked at.
const watchEvery = 500 * time.Millisecond

// settled is how long after a change files are read: an editor may write in two steps.
const settled = 1

// watching is the watch on the files of what is measured.
type watching struct {
	on    bool
	n     int    // number of the watch: answers of those before are dropped
	files string // what the stamp is of, as in [stampMsg]
	stamp string // of the files as they were measured; "" before the first look
	due   int    // looks until the changed files are read
}

// verdict is an outcome that is kept.
type kept struct {
	at       time.Time
	snapshot wire.Snapshot // without what is large
}

// mostKept is how many verdicts are kept.
const mostKept = 100

// keep adds the outcome of the run to the list, in place of an earlier one of it.
func (p *Pane) keep() {
	f := p.snapshot
	if !p.have || f.Series == nil || f.Ratio <= 0 || p.sweep.pending != nil || p.cfg.Duration > 0 {
		return
	}
	f.A.Histogram, f.B.Histogram, f.A.Spark, f.B.Spark = nil, nil, nil, nil
	f.Profile, f.Live, f.Raw = nil, nil, nil
	series := *f.Series
	series.Results = nil
	f.Series = &series
	k := kept{p.now(), f}
	if n := len(p.past); n > 0 && p.pastGen == p.gen {
		k.at = p.past[n-1].at
		p.past[n-1] = k
		return
	}
	p.past, p.pastGen = append(p.past, k), p.gen
	if len(p.past) > mostKept {
		p.past = p.past[1:]
	}
}

func (p *Pane) now() time.Time {
	if p.opts.Now == nil {
		return time.Now()
	}
	return p.opts.Now()
}

// setBaseline keeps the verdict as what later ones are compared with.
func (p *Pane) setBaseline() pane.Request {
	p.keep()
	if len(p.past) == 0 || p.pastGen != p.gen {
		return pane.Notify("there is no verdict yet to keep")
	}
	k := p.past[len(p.past)-1]
	first := p.cfg.ScriptOf(1)
	p.baseline, p.baseScript = &k, &first
	return pane.Notify("the baseline is " + draw.Clean(p.verdict().Sentence) + " · l lists verdicts, B measures against this script")
}

// againstBaseline measures the script of the baseline as A against the script as it is
// now as B, or, if that is measured, the script alone again.
func (p *Pane) againstBaseline() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	if p.alone != nil {
		cfg := *p.alone
		p.alone = nil
		return p.reload(cfg, "measuring the script alone again")
	}
	if p.baseScript == nil {
		return pane.Notify("b keeps a baseline first")
	}
	alone := p.cfg
	cfg := p.cfg
	now := cfg.ScriptOf(1)
	base := *p.baseScript
	cfg.Name, cfg.Script, cfg.File, cfg.Dirs, cfg.Call = base.Name+" (baseline)", base.Text, "", base.Dirs, base.Call
	cfg.Second = &now
	cfg.B, cfg.Settings[1] = cfg.A, cfg.Settings[0]
	r := p.reload(cfg, "A is the script of the baseline, B the script as it is now")
	p.alone = &alone
	return r
}

// restart reads the scripts again and measures anew, with a worker of its own: what the
// old one learnt is gone.
func (p *Pane) restart() pane.Request {
	if len(p.sweep.pending) > 0 {
		return p.endSweep()
	}
	return p.reload(p.cfg, "")
}

// reload reads the scripts of a configuration again and measures it.
func (p *Pane) reload(cfg wire.Config, what string) pane.Request {
	if p.opts.Files.Reload == nil {
		r := p.measure(cfg)
		r.Notice = what
		return r
	}
	gen, read := p.gen, p.opts.Files.Reload
	return pane.Commands(func() tea.Msg {
		now, err := read(cfg)
		return reloadedMsg{gen, now, err, what}
	})
}

// reloaded measures scripts that were read again.
func (p *Pane) reloaded(msg reloadedMsg) pane.Request {
	if msg.gen != p.gen || p.closed {
		return pane.Request{}
	}
	if msg.err != nil {
		return pane.Notify(draw.Clean(msg.err.Error()))
	}
	notice := msg.what
	if notice == "" && (msg.cfg.Script != p.cfg.Script || msg.cfg.ScriptOf(1).Text != p.cfg.ScriptOf(1).Text) {
		notice = "the script has changed"
	}
	r := p.measure(msg.cfg)
	r.Notice = notice
	return r
}

// toggleWatch measures anew whenever a file changes, or ends that.
func (p *Pane) toggleWatch() pane.Request {
	if p.watch.on {
		p.watch.on = false
		return pane.Notify("files are not watched any more")
	}
	if p.opts.Files.Stamp == nil || p.file() == "" {
		return pane.Notify("the script is no file that could be watched")
	}
	p.watch = watching{on: true, n: p.watch.n + 1}
	r := p.look(0)
	r.Notice = "watching " + draw.Clean(p.file()) + ": it is measured anew when it changes"
	return r
}

// look asks how the files are, after some time.
func (p *Pane) look(after time.Duration) pane.Request {
	stamp, cfg, mods, n, gen := p.opts.Files.Stamp, p.cfg, p.snapshot.Modules, p.watch.n, p.gen
	var files strings.Builder
	for _, m := range mods {
		files.WriteString(m.File + "\n")
	}
	return pane.Commands(tea.Tick(after, func(time.Time) tea.Msg { return stampMsg{n, gen, files.String(), stamp(cfg, mods)} }))
}

// looked measures anew if the files have changed and changed no more since.
func (p *Pane) looked(msg stampMsg) pane.Request {
	w := &p.watch
	if !w.on || msg.watch != w.n || p.closed {
		return pane.Request{}
	}
	again := p.look(watchEvery)
	switch {
	case msg.gen != p.gen:
		w.stamp, w.due = "", 0 // it may be of other files
	case w.stamp == "" || msg.files != w.files:
		// Which modules there are is known only when a worker has run the script.
		w.files, w.stamp, w.due = msg.files, msg.stamp, 0
	case msg.stamp != w.stamp:
		w.stamp, w.due = msg.stamp, settled
	case w.due > 0:
		if w.due--; w.due == 0 {
			if len(p.sweep.pending) > 0 {
				w.due = 1 // when the sweep is over
				return again
			}
			r := p.reload(p.cfg, "a file has changed: measuring anew")
			again.Cmd = tea.Batch(again.Cmd, r.Cmd)
			again.Notice, again.Began = r.Notice, r.Began
		}
	}
	return again
}

// file is the file that is edited and watched first: the script of B, or the one that
// both run; "" if it is none.
func (p *Pane) file() string {
	for side := 1; side >= 0; side-- {
		if file := p.cfg.ScriptOf(side).File; file != "" {
			return file
		}
	}
	return ""
}

// edit opens the script in the user's editor, at the line that failed if one did.
func (p *Pane) edit() pane.Request {
	file := p.file()
	if file == "" {
		return pane.Notify("the script is no file: rhai-tui examples NAME > FILE makes one of an example")
	}
	line := int64(1)
	if e := p.snapshot.Error; p.have && e != nil && (e.Script == "" || e.Script == file) {
		line = int64(max(e.Line, 1))
	}
	cmd, err := pane.Editor(p.opts.Editor, file, line)
	if err != nil {
		return pane.Notify(draw.Clean(err.Error()))
	}
	return pane.Commands(tea.ExecProcess(cmd, func(err error) tea.Msg { return editedMsg{err} }))
}

// edited reads the script again.
func (p *Pane) edited(msg editedMsg) pane.Request {
	if msg.err != nil {
		return pane.Notify("the editor failed: " + draw.Clean(msg.err.Error()))
	}
	if len(p.sweep.pending) > 0 {
		return pane.Request{}
	}
	return p.reload(p.cfg, "")
}

// since tells what has changed since the baseline, "" if there is none.
func (p *Pane) since() string {
	if p.baseline == nil || !p.have || p.snapshot.Ratio <= 0 {
		return ""
	}
	return "since the baseline: " + strings.Join(p.changes(&p.snapshot), " · ")
}

// changes tells how a snapshot differs from the baseline.
func (p *Pane) changes(f *wire.Snapshot) (out []string) {
	base := &p.baseline.snapshot
	if r := ratioOf(base.A.Mean, f.A.Mean); r > 0 {
		out = append(out, "A "+figures.Ratio(r)+" the time")
	}
	if r := ratioOf(base.B.Mean, f.B.Mean); r > 0 {
		out = append(out, "B "+figures.Ratio(r))
	}
	if a, b := base.B.OpsPerCall, f.B.OpsPerCall; a != b && a > 0 {
		out = append(out, fmt.Sprintf("operations of B %s to %s", figures.Count(float64(a)), figures.Count(float64(b))))
	}
	if a, b := base.B.AllocsPerOp, f.B.AllocsPerOp; figures.Count(a) != figures.Count(b) {
		out = append(out, "allocations of B "+figures.Count(a)+" to "+figures.Count(b))
	}
	return out
}

// verdictLines list the last verdicts, the latest first.
func (p *Pane) verdictLines(t *draw.Theme, w, h int) []string {
	if len(p.past) == 0 {
		return []string{t.Dim.Render("verdicts stay here: measure something, b keeps one as the baseline")}
	}
	const clock, word, ratio, side, interval = 10, 12, 7, 10, 17
	more := w >= clock+word+ratio+2*side+interval
	about := w - clock - word - ratio - 2*side - interval - 2
	head := draw.Fit("", clock) + draw.Fit("", word) + draw.FitLeft("B/A", ratio)
	if more {
		head += "  " + draw.Fit("95% interval", interval-2)
	}
	lines := []string{t.Dim.Render(head + draw.FitLeft("A", side) + draw.FitLeft("B", side))}
	for i := len(p.past) - 1; i >= 0 && len(lines) < h; i-- {
		k := &p.past[i]
		v := report.VerdictOf(k.snapshot)
		sign := " "
		if p.baseline != nil && k.at.Equal(p.baseline.at) {
			sign = "◆"
		}
		short := strings.TrimSuffix(v.Word, " so far")
		switch v.Mark {
		case "=":
			short = "the same"
		case "·":
			short = "not known"
		case "✗":
			short = "differ"
		}
		line := draw.Fit(sign+k.at.Format("15:04:05"), clock) + draw.Fit(v.Mark+" "+short, word) + draw.FitLeft(figures.Ratio(report.Ratio(k.snapshot)), ratio)
		if more {
			text := ""
			if v.Low > 0 {
				text = figures.Interval(v.Low, v.High)
			}
			line += "  " + draw.Fit(text, interval-2)
		}
		line += draw.FitLeft(figures.Time(k.snapshot.A.Mean), side) + draw.FitLeft(figures.Time(k.snapshot.B.Mean), side)
		if about > 8 {
			line += "  " + t.Dim.Render(draw.Fit(draw.Clean(report.Subject(k.snapshot)), about))
		}
		lines = append(lines, line)
	}
	return lines
}
