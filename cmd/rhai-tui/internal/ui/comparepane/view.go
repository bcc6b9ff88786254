package comparepane

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Options is what the pane works with.
type Options struct {
	Context context.Context
	// Start starts a measurement; nil means that there is none to show.
	Start func(ctx context.Context, cfg wire.Config) (compare.Measurement, error)
	// Config is the measurement to begin with, and what all others have in common.
	Config   wire.Config
	Examples []Example
	Packages []*engine.Package // for settings that name some
	// Export writes what a comparison rests on to a directory below Evidence; nil
	// or "" means that it cannot be exported.
	Export   func(dir string, cfg wire.Config, f wire.Snapshot) error
	Evidence string
	Now      func() time.Time
	Files    Files  // the scripts as files; the zero value has none
	Editor   string // the command of the user's editor; "" stands for vi
}

// Pane shows a comparison of two strategies: the snapshots of a run.
type Pane struct {
	opts Options
	cfg  wire.Config
	gen  int // number of the run: answers of earlier ones are dropped
	plot plot
	zoom int // of the time plot: each step halves the rounds that are shown
	runState
	hidden    bool // nobody looks
	closed    bool // there is no run any more, and none to come
	exporting bool // the evidence is written when a capture has ended
	// B, while A is compared with itself.
	other         wire.Strategy
	otherSettings wire.Settings
	otherSecond   *wire.Script

	watch      watching
	past       []kept // the last verdicts, oldest first
	pastGen    int    // the run that the latest of them is of
	baseline   *kept
	baseScript *wire.Script // what B ran when the baseline was kept
	alone      *wire.Config // what was measured before the baseline's script was, nil if it is not
}

// runState is what is known of a run: it begins anew with each.
type runState struct {
	run      compare.Measurement
	starting bool
	lost     string // why there is no run any more
	snapshot wire.Snapshot
	have     bool
	paused   bool                  // by the user
	resting  bool                  // by us, while nobody looks
	dist     [2]stats.Distribution // of the snapshot, for some plots
	drawn    bool                  // dist is there
	sweep    sweep
}

// Callers are how many call at the same time.
func (p *Pane) Callers() int { return p.cfg.Callers }

// Name is that of the script for people.
func (p *Pane) Name() string {
	if p.cfg.Name == "" {
		return "script"
	}
	if p.cfg.Second != nil && p.cfg.Second.Name != p.cfg.Name {
		return draw.Clean(p.cfg.Name + " → " + p.cfg.Second.Name)
	}
	return draw.Clean(p.cfg.Name)
}

// state is the state of the worker in words.
func (p *Pane) state() string {
	switch {
	case p.lost != "":
		return "STOPPED"
	case p.starting || !p.have:
		return "STARTING"
	}
	return strings.ToUpper(string(p.snapshot.State))
}

func (p *Pane) strategies() (a, b wire.Strategy) {
	return cmp.Or(p.snapshot.A.Strategy, p.cfg.A, wire.Global), cmp.Or(p.snapshot.B.Strategy, p.cfg.B, wire.Raw)
}

// names are the sides in heads of columns: strategies, or scripts if these differ.
func (p *Pane) names() (a, b string) {
	x, y := p.strategies()
	if p.cfg.Second == nil {
		return report.StrategyName(x), report.StrategyName(y)
	}
	name := func(side int, s wire.Strategy) string {
		text := report.Clip(filepath.Base(p.cfg.ScriptOf(side).Name), 24)
		if x != y {
			text += ", " + string(s)
		}
		return text
	}
	return name(0, x), name(1, y)
}

// labels are the sides as profiles know them.
func (p *Pane) labels() (a, b wire.Strategy) {
	a, b = p.strategies()
	return cmp.Or(p.snapshot.A.Label, a), cmp.Or(p.snapshot.B.Label, b)
}

// sameness tells whether both sides do the same.
func (p *Pane) sameness(t *draw.Theme) string {
	f := &p.snapshot
	switch {
	case !p.have || f.Rounds == 0 && f.Difference == "":
		return t.Dim.Render("no results compared yet")
	case f.Same:
		return t.Good.Render("✓ same results") + t.Dim.Render(fmt.Sprintf(" in every round (%s)", figures.Grouped(f.Rounds)))
	}
	why := ""
	if f.Difference != "" {
		why = ": " + draw.Clean(f.Difference)
	}
	return t.Bad.Render("✗ results differ") + why
}

// row is one number of both sides.
type row struct {
	name  string // of the figure
	group string // what stands before the name where there is room, "" for nothing
	a, b  string
	ratio float64 // of b to a, 0 if it means nothing
	kind  kind    // what more of it means
	// low and high bound the ratio, 0 if they are not known; est tells that the ratio is
	// the estimate they belong to and not that of the columns.
	low, high float64
	est       bool
	spark     func(s *wire.Side) []float64 // of the latest rounds, nil for none
	keep      int                          // rows with the smallest number stay when there is little room
	gap       bool                         // an empty line before it, if there is room
}

func ratioOf(a, b float64) float64 {
	if a <= 0 || b < 0 || math.IsNaN(a) || math.IsNaN(b) {
		return 0
	}
	return b / a
}

// kind says in which words two figures are compared.
type kind uint8

const (
	plainKind kind = iota
	timeKind       // more is slower
	rateKind       // more is faster
	countKind      // counted exactly
)

// rows are the numbers of a snapshot.
func (p *Pane) rows() []row {
	a, b := &p.snapshot.A, &p.snapshot.B
	time := func(name string, x, y float64, keep int) row {
		return row{name: name, a: figures.Time(x), b: figures.Time(y), ratio: ratioOf(x, y), keep: keep, kind: timeKind}
	}
	tails := func(s *wire.Side) (p999, most float64) {
		if s.GroupOf > 1 {
			return -1, -1
		}
		return s.P999, s.Max
	}
	a999, aMax := tails(a)
	b999, bMax := tails(b)
	list := []row{
		{name: "throughput", a: figures.Rate(a.Throughput), b: figures.Rate(b.Throughput), ratio: ratioOf(a.Throughput, b.Throughput), keep: 0, kind: rateKind},
		time("p50", a.P50, b.P50, 1),
		time("p90", a.P90, b.P90, 5),
		time("p99", a.P99, b.P99, 2),
		time("p99.9", a999, b999, 7),
		time("max", aMax, bMax, 8),
		{name: "allocs/op", a: figures.Count(a.AllocsPerOp), b: figures.Count(b.AllocsPerOp), ratio: ratioOf(a.AllocsPerOp, b.AllocsPerOp), keep: 3, kind: countKind},
		{name: "bytes/op", a: figures.Bytes(a.BytesPerOp), b: figures.Bytes(b.BytesPerOp), ratio: ratioOf(a.BytesPerOp, b.BytesPerOp), keep: 4, kind: countKind},
		{name: "ops/call", a: figures.Count(float64(a.OpsPerCall)), b: figures.Count(float64(b.OpsPerCall)),
			ratio: ratioOf(float64(a.OpsPerCall), float64(b.OpsPerCall)), keep: 6, kind: countKind},
		{name: "GC cycles", a: figures.Count(float64(a.GCCycles)), b: figures.Count(float64(b.GCCycles)), keep: 9},
		{name: "pause p99", a: figures.Time(a.GCPause99), b: figures.Time(b.GCPause99), keep: 10},
		{name: "mutex wait", a: figures.Wait(a.MutexWait), b: figures.Wait(b.MutexWait), keep: 11},
		{name: "GC share", a: figures.Share(a.GCShare), b: figures.Share(b.GCShare), keep: 12},
		{name: "heap live", a: figures.Bytes(a.HeapLive), b: figures.Bytes(b.HeapLive), keep: 13},
	}
	list[1].group = "latency "
	list[1].gap, list[6].gap, list[9].gap = true, true, true
	list[0].spark = func(s *wire.Side) []float64 {
		// Calls per second of the rounds, by their means.
		var out []float64
		for _, x := range s.Spark {
			if x > 0 {
				out = append(out, 1e9/x)
			}
		}
		return out
	}
	list[1].spark = func(s *wire.Side) []float64 { return s.Sparks.P50 }
	list[3].spark = func(s *wire.Side) []float64 { return s.Sparks.P99 }
	list[6].spark = func(s *wire.Side) []float64 { return s.Sparks.Allocs }
	list[9].spark = func(s *wire.Side) []float64 { return s.Sparks.GC }
	for i := range list {
		r := &list[i]
		if r.a == r.b {
			r.ratio = min(r.ratio, 1)
		}
		if x, ok := p.snapshot.Series.Tail(r.name); ok {
			r.low, r.high, r.est = x.Low, x.High, figures.Ratio(x.Ratio) != figures.Ratio(r.ratio)
			r.ratio = x.Ratio
		}
		// Without pauses, calls per second are the time per call upside down, and so is the
		// verdict on them. At a given rate there is none.
		if v := p.judged(); r.kind == rateKind && v.Low > 0 && p.snapshot.Rate <= 0 {
			r.low, r.high = 1/v.High, 1/v.Low
			r.est = figures.Ratio(1/v.Ratio) != figures.Ratio(r.ratio)
			r.ratio = 1 / v.Ratio
		}
	}
	if !p.have {
		for i := range list {
			list[i].a, list[i].b, list[i].ratio = figures.Unknown, figures.Unknown, 0
		}
	}
	return list
}

// chosen picks the rows for n lines.
func chosen(rows []row, n int) []row {
	var out []row
	for _, r := range rows {
		if r.keep < n {
			out = append(out, r)
		}
	}
	return out
}

// about is how large a ratio must be to be told.
const about = 0.015

// mark is the ratio of a row with a word, if a difference is shown: slower, faster, more or
// fewer. A ratio whose interval contains 1, or that is within the noise of A against
// itself, has none. Faster and slower are what the verdict says: latencies that go another
// way are higher or lower.
func (p *Pane) mark(r row) string {
	x := r.ratio
	if x <= 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	text := figures.Ratio(x)
	if r.est {
		text = "~" + text
	}
	noise := 1 + p.judged().Noise
	shown := r.low > 0 && (r.low > noise || r.high < 1/noise)
	switch {
	case x >= 1-about && x <= 1+about:
		return text + " same  "
	case r.kind == countKind && x > 1:
		return text + " more  "
	case r.kind == countKind:
		return text + " fewer "
	case !shown:
		return text + "       "
	}
	slower := (r.kind == timeKind) == (x > 1)
	switch o := p.judged().Outcome; {
	case slower && o == stats.AFaster:
		return text + " slower"
	case !slower && o == stats.BFaster:
		return text + " faster"
	case x > 1:
		return text + " higher"
	}
	return text + " lower "
}

// groups explains latencies that are means.
func (p *Pane) groups() string {
	k := max(p.snapshot.A.GroupOf, p.snapshot.B.GroupOf)
	if k <= 1 {
		return ""
	}
	return "latencies are means of " + figures.Grouped(k) + " calls"
}

// View draws the pane.
func (p *Pane) View(t *draw.Theme, w, h int) []string {
	switch {
	case w < 60 || h < 12:
		return p.card(t, w, h)
	case p.have && p.lost == "" && (p.snapshot.Error != nil || p.snapshot.State == wire.Failed):
		return p.failure(t, w, h)
	case w < 76 || h < 18:
		return p.table(t, w, h)
	case w < 110 || h < 30:
		lines := p.head(t, w, 5)
		foot := 6
		if p.plot != timePlot {
			foot = min(10, h-5-7)
		}
		lines = append(lines, p.figures(t, w, h-5-foot)...)
		return append(lines, p.lower(t, w, foot)...)
	}
	foot := max(14, (h-6)*2/5)
	lines := p.head(t, w, 6)
	left, mid := w/2, h-6-foot
	lines = append(lines, draw.Beside(p.side(t, &p.snapshot.A, left, mid, false), p.side(t, &p.snapshot.B, w-left, mid, true))...)
	return append(lines, draw.Beside(p.lower(t, left, foot), p.percentiles(t, w-left, foot))...)
}

// figures are both sides in one box, with intervals.
func (p *Pane) figures(t *draw.Theme, w, h int) []string {
	a, b := p.names()
	inner := w - 4
	const label, ratio, interval = 12, 14, 17
	col := (inner - label - ratio - interval) / 2
	lines := []string{draw.Fit("", label) + draw.FitLeft(t.SideA.Render("A")+" "+a, col) + draw.FitLeft(t.SideB.Render("B")+" "+b, col) +
		draw.FitLeft("B/A       ", ratio) + t.Dim.Render("  95% interval")}
	for _, r := range chosen(p.rows(), h-3) {
		text := ""
		if r.low > 0 && r.kind == timeKind {
			text = figures.Interval(r.low, r.high)
		}
		lines = append(lines, t.Dim.Render(draw.Fit(r.name, label))+draw.FitLeft(r.a, col)+draw.FitLeft(r.b, col)+draw.FitLeft(p.mark(r), ratio)+"  "+text)
	}
	foot := ""
	if group := p.groups(); group != "" {
		foot = t.Dim.Render(group)
	}
	return draw.Box{Lines: lines, Foot: foot}.Render(t, w, h)
}

// side is the panel of one strategy.
func (p *Pane) side(t *draw.Theme, s *wire.Side, w, h int, second bool) []string {
	x, y := p.strategies()
	a, b := p.names()
	letter, name, style, strategy := "A", a, t.SideA, x
	if second {
		letter, name, style, strategy = "B", b, t.SideB, y
	}
	inner, room := w-4, h-2
	group := p.groups()
	if group != "" {
		room--
	}
	all := p.rows()
	rows := chosen(all, room)
	gaps := 0
	for _, r := range rows {
		if r.gap {
			gaps++
		}
	}
	// What is left below the numbers goes to the lock, if there is one.
	withGaps := room-len(rows)-gaps >= 0
	var lines []string
	label := min(12, inner-10)
	for _, r := range rows {
		if r.gap && withGaps {
			lines = append(lines, "")
		}
		value, right := r.a, ""
		if second {
			value, right = r.b, p.mark(r)
		}
		line := t.Dim.Render(draw.Fit(r.group+r.name, label)) + " " + draw.FitLeft(value, 11)
		used := label + 12
		if second {
			line += "  " + draw.FitLeft(right, 14)
			used += 16
		}
		if room := inner - used - 2; r.spark != nil && room >= 8 && p.have {
			line += "  " + style.Render(sparkOf(r.spark(s), min(room, 60)))
		}
		lines = append(lines, line)
	}
	if group != "" {
		lines = append(lines, t.Dim.Render(group))
	}
	if s.MutexHolder != "" && len(lines) < h-2 {
		lines = append(lines, t.Dim.Render(draw.Fit("waits for", label))+" "+draw.Clean(s.MutexHolder))
	}
	title := style.Render(letter) + "  " + t.Title.Render(name)
	return draw.Box{Title: title, Note: t.Dim.Render(report.StrategyAbout(strategy)), Lines: lines}.Render(t, w, h)
}

// sparkOf draws the latest values in one line, on a scale from 0 to the largest one.
func sparkOf(values []float64, w int) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	if top == 0 {
		return ""
	}
	return draw.Spark(values, w, 1, top)[0]
}

// result shows the script and what it gives.
func (p *Pane) result(t *draw.Theme, w, h int) []string {
	var lines []string
	if p.snapshot.Value != "" {
		lines = append(lines, t.Dim.Render("value   ")+draw.Clean(p.snapshot.Value))
	}
	label := "prints  "
	if p.snapshot.Output.Text != "" {
		for l := range strings.SplitSeq(strings.TrimRight(p.snapshot.Output.Text, "\n"), "\n") {
			lines = append(lines, t.Dim.Render(label)+draw.Clean(l))
			label = "        "
			if len(lines) > h {
				break
			}
		}
	}
	if len(lines) == 0 {
		lines = []string{t.Dim.Render("no value and no output")}
	}
	left := 0
	var script []string
	if w >= 100 {
		left = w / 2
		text := draw.CodeLines(t, strings.TrimRight(p.cfg.Script, "\n"))
		if len(text) > h-2 {
			text = append(text[:h-3:h-3], t.Dim.Render(fmt.Sprintf("… %d more lines", len(text)-h+3)))
		}
		script = draw.Box{Title: t.Title.Render("Script"), Note: t.Dim.Render(p.Name()), Lines: text}.Render(t, left, h)
	}
	result := draw.Box{Title: t.Title.Render("Result of one call"), Lines: lines}.Render(t, w-left, h)
	if left == 0 {
		return result
	}
	return draw.Beside(script, result)
}

// table is both sides in one box, for small screens.
func (p *Pane) table(t *draw.Theme, w, h int) []string {
	a, b := p.names()
	inner := w - 4
	col := (inner - 11) / 3
	v := p.verdict()
	sentence := v.Sentence
	switch {
	case p.lost != "":
	case v.Outcome == stats.ResultsDiffer:
		sentence = v.Word
	case (v.Mark == "=" || v.Mark == "·") && p.have && p.snapshot.Ratio > 0:
		sentence = v.Word + ": " + figures.Ratio(report.Ratio(p.snapshot))
	}
	var lines []string
	rows := p.rows()
	room := h - 3
	if group := p.groups(); group != "" {
		sentence += " · means of " + figures.Grouped(p.snapshot.A.GroupOf)
	}
	head := draw.Fit("", 11) + draw.FitLeft(t.SideA.Render("A")+" "+a, col) + draw.FitLeft(t.SideB.Render("B")+" "+b, col) +
		draw.FitLeft("B/A", inner-11-2*col)
	lines = append(lines, head)
	if p.lost != "" {
		lines = append(lines, "", t.Bad.Render("✗ ")+draw.Clean(p.lost), "", "Press r to start another worker.")
		sentence = "stopped"
	} else {
		for _, r := range chosen(rows, room) {
			lines = append(lines, t.Dim.Render(draw.Fit(r.name, 11))+draw.FitLeft(r.a, col)+draw.FitLeft(r.b, col)+
				draw.FitLeft(p.mark(r), inner-11-2*col))
		}
	}
	if v.Mark != "·" && p.lost == "" {
		sentence = v.Mark + " " + sentence
	}
	foot := t.Dim.Render(strings.ToLower(p.state()))
	if p.have && p.snapshot.Rounds > 0 && p.lost == "" {
		foot = t.Dim.Render(p.sure())
		if !p.snapshot.Same {
			foot = p.sameness(t)
		} else if len(p.differences()) > 0 {
			interval := report.Interval(p.snapshot)
			foot = p.parity(t, w-draw.Width(interval)-9) + t.Dim.Render(" · "+interval)
		} else if at := p.at(); at != "" {
			foot = t.Dim.Render(at) + " · " + foot
		}
	}
	return draw.Box{Title: t.Title.Render(sentence), Foot: foot, Lines: lines}.Render(t, w, h)
}

// card is the outcome alone, for screens too small for the rest.
func (p *Pane) card(t *draw.Theme, w, h int) []string {
	v := p.verdict()
	verdict, sentence := v.Mark+" "+v.Word, v.Sentence
	f := &p.snapshot
	var lines []string
	if p.have && p.lost == "" && f.Error != nil {
		verdict, sentence = "✗ script error", draw.Clean(f.Error.Message)
		if f.Error.Line > 0 {
			sentence += fmt.Sprintf(" (line %d, column %d)", f.Error.Line, f.Error.Column)
		}
		if f.Error.Side != "" {
			verdict += " on side " + draw.Clean(f.Error.Side)
		}
	} else if p.have && f.Ratio > 0 && p.lost == "" {
		verdict += "  " + figures.Ratio(report.Ratio(p.snapshot))
	}
	if state := strings.ToLower(p.state()); state != "running" && state != "stopped" && f.Error == nil {
		verdict = draw.Spread(verdict, state, w)
	}
	lines = append(lines, t.Title.Render(draw.Fit(verdict, w)))
	if text := p.progress(); text != "" && p.lost == "" && f.Error == nil {
		lines = append(lines, t.Dim.Render(text))
	}
	lines = append(lines, draw.Wrap(draw.Clean(sentence), w)...)
	if f.Error != nil && len(p.differences()) > 0 {
		lines = append(lines, p.parity(t, w))
	}
	if p.have && p.lost == "" && f.Error == nil && f.Ratio > 0 {
		lines = append(lines, t.Dim.Render(p.sure()))
		if len(p.differences()) > 0 {
			lines = append(lines, p.parity(t, w))
		}
		rows := p.rows()
		for _, i := range []int{0, 1, 6, 7} {
			r := rows[i]
			lines = append(lines, t.Dim.Render(draw.Fit(r.name, 11))+draw.FitLeft(r.a, 11)+draw.FitLeft(r.b, 11))
		}
		lines = append(lines, p.sameness(t))
	}
	return draw.Block(lines, w, h)
}

// failure shows the error of the script where the numbers would be.
func (p *Pane) failure(t *draw.Theme, w, h int) []string {
	lines := []string{}
	if e := p.snapshot.Error; e != nil {
		for _, l := range strings.Split(e.Message, "\n") {
			for _, part := range draw.Wrap(draw.Clean(l), w-4) {
				lines = append(lines, t.Bad.Render(part))
			}
		}
		if e.Source != "" {
			num := fmt.Sprint(e.Line)
			text, before := report.Excerpt(strings.TrimRight(e.Source, "\r\n"), e.Column, max(w-8-len(num), 8))
			lines = append(lines, "", t.Dim.Render(num+" │ ")+draw.CodeLines(t, text)[0])
			lines = append(lines, t.Dim.Render(draw.Blanks(len(num))+" │ ")+draw.Blanks(before)+t.Bad.Render("^")+
				t.Dim.Render(fmt.Sprintf(" line %d, column %d", e.Line, e.Column)))
		}
	} else {
		lines = append(lines, t.Bad.Render("The measurement failed."))
	}
	if differ := p.parity(t, w-4); len(p.differences()) > 0 {
		lines = append(lines, "", differ)
	}
	ways := t.Key.Render("o") + " chooses another script, " + t.Key.Render("r") + " tries again"
	if p.file() != "" {
		ways += ", " + t.Key.Render("E") + " edits it"
	}
	if name := p.missing(); name != "" {
		ways = t.Key.Render("s") + " sets " + name + ", " + ways
	}
	lines = append(lines, "", ways+".")
	where := ""
	if e := p.snapshot.Error; e != nil && e.Side != "" {
		where = " on side " + draw.Clean(e.Side) + ", " + report.StrategyName(e.Strategy)
	}
	return draw.Box{Title: t.Bad.Render("✗ " + p.Name() + " fails" + where), Lines: lines, Focus: true}.Render(t, w, h)
}

// Status is what the last line says about the worker.
func (p *Pane) Status(t *draw.Theme) string {
	f := &p.snapshot
	dot := t.Dim.Render("●")
	switch {
	case p.lost != "" || f.State == wire.Failed:
		dot = t.Bad.Render("✗")
	case f.State == wire.Running || f.State == wire.Profiling:
		dot = t.Good.Render("●")
	}
	s := dot + " " + t.Title.Render(p.state())
	if p.resting {
		s += t.Dim.Render(" while you are in the REPL")
	}
	if p.watch.on {
		s += t.Accent.Render(" watching")
	}
	if p.have && p.lost == "" {
		mode := "closed loop"
		if f.Rate > 0 {
			mode = "paced at " + figures.Rate(f.Rate) + ", from when a call is due"
		}
		s += t.Dim.Render(fmt.Sprintf("  round %s · %s · %s · %s", figures.Grouped(f.Rounds), figures.Clock(f.Elapsed), figures.Plural(max(f.Callers, 1), "caller", "callers"), mode))
		if f.Batch > 0 {
			s += t.Dim.Render(" · batches of " + figures.Grouped(f.Batch))
		}
	}
	return s
}
