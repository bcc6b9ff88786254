package comparepane

import (
	"fmt"
	"math"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// plot is what the panel below the figures shows.
type plot int

// The plots.
const (
	timePlot plot = iota
	histogramPlot
	cdfPlot
	sweepPlot
	scriptPlot
	verdictsPlot
)

var plotNames = [...]string{
	timePlot: "Time per call by round", histogramPlot: "Latency histogram", cdfPlot: "Latency distribution", sweepPlot: "Callers", scriptPlot: "Script and result", verdictsPlot: "Last verdicts",
}

// plotKeys are shown in the border of the panel.
const plotKeys = "t time  h hist  c cdf  w sweep  v script  l verdicts"

// distributions reads the histograms of the snapshot, if the plot needs them.
func (p *Pane) distributions() {
	if p.plot == histogramPlot || p.plot == cdfPlot {
		p.dist = [2]stats.Distribution{p.snapshot.A.Distribution(), p.snapshot.B.Distribution()}
		p.drawn = true
	}
}

// lower draws the panel of the plot.
func (p *Pane) lower(t *draw.Theme, w, h int) []string {
	inner, room := w-4, h-2
	var lines []string
	switch p.plot {
	case timePlot:
		lines = p.timeLines(t, inner, room)
	case histogramPlot:
		lines = p.histogramLines(t, inner, room)
	case cdfPlot:
		lines = p.cdfLines(t, inner, room)
	case sweepPlot:
		lines = p.sweepLines(t, inner, room)
	case verdictsPlot:
		lines = p.verdictLines(t, inner, room)
	case scriptPlot:
		return p.result(t, w, h)
	}
	note := ""
	if w >= 70 {
		note = plotKeys
	}
	return draw.Box{Title: t.Title.Render(plotNames[p.plot]), Note: t.Dim.Render(note), Lines: lines}.Render(t, w, h)
}

// rounds are the times per call of all rounds, oldest first, and how many of the last ones
// the sparks are of.
func (p *Pane) rounds() (a, b []float64, latest int) {
	if s := p.snapshot.Series; s != nil {
		for i := range s.Results {
			for _, r := range s.Results[i].Rounds {
				a, b = append(a, r.A), append(b, r.B)
			}
		}
	}
	// The sparks of a run that has ended are of its last process.
	latest = min(len(p.snapshot.A.Spark), len(p.snapshot.B.Spark))
	if !p.ended() || len(a) < latest {
		a, b = append(a, p.snapshot.A.Spark[:latest]...), append(b, p.snapshot.B.Spark[:latest]...)
	}
	return a, b, latest
}

// leastShown is how many rounds the time plot shows at least.
const leastShown = 10

// zoomBy shows fewer rounds of the time plot, or more.
func (p *Pane) zoomBy(by int) {
	p.setPlot(timePlot)
	p.zoom = min(max(p.zoom+by, 0), 8)
}

// timeLines are both sides by round, the latest ones at the right, with a mark below the
// rounds in which a collection ended.
func (p *Pane) timeLines(t *draw.Theme, w, h int) []string {
	a, b, latest := p.rounds()
	all := len(a)
	shown := max(all>>p.zoom, min(leastShown, all))
	a, b = a[all-shown:], b[all-shown:]
	top := 0.0
	for i := range a {
		top = max(top, a[i], b[i])
	}
	if top == 0 || w < 4 {
		return []string{t.Dim.Render("no rounds yet")}
	}
	text := "0 to " + figures.Time(top)
	if shown < all {
		text += fmt.Sprintf(", the last %s of %s rounds", figures.Grouped(shown), figures.Grouped(all))
	} else {
		text += ", " + figures.Plural(all, "round", "rounds")
	}
	gc, marked := p.collections(shown, min(latest, shown), w)
	if marked {
		text += ", ▴ collection"
	}
	lines := []string{t.Dim.Render(text)}
	rows := h - 1
	if marked {
		rows--
	}
	if rows < 1 {
		return lines
	}
	plot := draw.NewBraille(w, rows)
	at := func(v float64) int { return int(math.Round((1 - v/top) * float64(4*rows-1))) }
	for side, list := range [][]float64{a, b} {
		before := -1
		for x := range 2 * w {
			i := x * len(list) / (2 * w)
			y := at(list[i])
			if before < 0 {
				before = y
			}
			plot.Line(side, x, before, y)
			before = y
		}
	}
	lines = append(lines, plot.Render(t)...)
	if marked {
		lines = append(lines, t.Warn.Render(gc))
	}
	return lines
}

// collections marks the rounds shown in which a collection ended, as far as that is known:
// for the latest ones.
func (p *Pane) collections(shown, latest, w int) (line string, any bool) {
	cells := []rune(strings.Repeat(" ", w))
	for _, list := range [][]float64{p.snapshot.A.Sparks.GC, p.snapshot.B.Sparks.GC} {
		for i := range min(len(list), latest) {
			if list[len(list)-1-i] > 0 {
				x := (shown - 1 - i) * w / max(shown, 1)
				cells[min(max(x, 0), w-1)], any = '▴', true
			}
		}
	}
	return string(cells), any
}

// span is the range of latencies that both plots of the distribution have.
func (p *Pane) span() (low, high float64, ok bool) {
	if !p.drawn || p.dist[0].Count() == 0 || p.dist[1].Count() == 0 {
		return 0, 0, false
	}
	low, high = math.Inf(1), 0
	for _, d := range p.dist {
		l, h := d.Range()
		// The few slowest calls would leave no room for all the others.
		if q := d.Quantile(0.99); q > 0 {
			h = min(h, q*1.5)
		}
		low, high = min(low, l), max(high, h)
	}
	low = max(low, 1)
	return low, max(high, low*1.2), true
}

// histogramLines are bars of how many calls took how long, A above B.
func (p *Pane) histogramLines(t *draw.Theme, w, h int) []string {
	low, high, ok := p.span()
	if !ok || w < 10 {
		return []string{t.Dim.Render("no latencies yet")}
	}
	bars := max((h-1)/2, 1)
	var lines []string
	for i, d := range p.dist {
		bins := d.Bins(low, high, w)
		values, top := make([]float64, w), 0.0
		for k, n := range bins {
			values[k] = float64(n)
			top = max(top, values[k])
		}
		style := t.SideA
		if i == 1 {
			style = t.SideB
		}
		for _, l := range draw.Spark(values, w, bars, top) {
			lines = append(lines, style.Render(l))
		}
	}
	return append(lines, draw.Axis(t, low, high, w, "A above B, logarithmic"))
}

// cdfLines draw which part of the calls took at most how long.
func (p *Pane) cdfLines(t *draw.Theme, w, h int) []string {
	low, high, ok := p.span()
	rows := h - 1
	const label = 5
	n := w - label
	if !ok || n < 10 || rows < 2 {
		return []string{t.Dim.Render("no latencies yet")}
	}
	plot := draw.NewBraille(n, rows)
	for i, d := range p.dist {
		sum, total := int64(0), d.Count()
		before := 4*rows - 1
		for x, c := range d.Bins(low, high, 2*n) {
			sum += c
			y := int(math.Round((1 - float64(sum)/float64(total)) * float64(4*rows-1)))
			plot.Line(i, x, before, y)
			before = y
		}
	}
	var lines []string
	for i, row := range plot.Render(t) {
		part := 100 * float64(rows-1-i) / float64(rows-1)
		lines = append(lines, t.Dim.Render(fmt.Sprintf("%3.0f%% ", part))+row)
	}
	a, b := p.names()
	return append(lines, draw.Blanks(label)+draw.Axis(t, low, high, n, "A "+a+", B "+b))
}

// sweepLines are the throughput by the number of callers, as figures and, where there is
// room for it, as a plot.
func (p *Pane) sweepLines(t *draw.Theme, w, h int) []string {
	s := &p.sweep
	if len(s.points[0]) == 0 && len(s.pending) == 0 {
		return []string{t.Dim.Render("w measures with 1 to twice the processors' callers")}
	}
	const label, ratio = 9, 9
	col := max(min((w-label-ratio)/2, 18), 9)
	a, b := p.names()
	head := func(letter, name string) string {
		return draw.FitLeft("  "+draw.Fit(letter+" "+name, min(col-2, draw.Width(name)+draw.Width(letter)+1)), col)
	}
	lines := []string{t.Dim.Render(draw.Fit("callers", label)) + head(t.SideA.Render("A"), a) + head(t.SideB.Render("B"), b) + draw.FitLeft("B/A", ratio)}
	for i := range s.points[0] {
		x, y := s.points[0][i], s.points[1][i]
		lines = append(lines, draw.Fit(figures.Grouped(x.Callers), label)+draw.FitLeft(figures.Rate(x.Throughput), col)+
			draw.FitLeft(figures.Rate(y.Throughput), col)+draw.FitLeft(figures.Ratio(ratioOf(x.Throughput, y.Throughput)), ratio))
	}
	if n := len(p.past); n > 0 && (p.snapshot.Series == nil || p.snapshot.Series.Ended == "" || len(s.pending) > 0) {
		// The sweep takes the place of the verdict above until that is measured again.
		v := report.VerdictOf(p.past[n-1].snapshot)
		lines = append(lines, t.Dim.Render("verdict before: "+v.Mark+" "+v.Word+", "+figures.Ratio(v.Ratio)))
	}
	if n := len(s.pending); n > 0 {
		lines = append(lines, t.Dim.Render(fmt.Sprintf("%d more to measure", n)))
	} else {
		from := func(i int) string { return figures.Grouped(stats.Knee(s.points[i])) }
		lines = append(lines, t.Dim.Render("more callers make no more calls: A from "+from(0)+" on, B from "+from(1)), t.Dim.Render(s.law(a, b)))
	}
	return append(lines, s.plot(t, w, h-len(lines))...)
}

// plot draws the throughput of both sides by the number of callers, from 0 up. It is nil
// without room or points for one.
func (s *sweep) plot(t *draw.Theme, w, h int) []string {
	const label = 9
	n, rows := w-label-1, h-1
	list := s.points[0]
	if rows < 2 || n < 10 || len(list) < 2 {
		return nil
	}
	top := 0.0
	for _, side := range s.points {
		for _, x := range side {
			top = max(top, x.Throughput)
		}
	}
	if top <= 0 {
		return nil
	}
	first, last := list[0].Callers, list[len(list)-1].Callers
	plot := draw.NewBraille(n, rows)
	for i, side := range s.points {
		at, before := 0, -1
		for x := range 2 * n {
			c := float64(first) + float64(last-first)*float64(x)/float64(2*n-1)
			for at < len(side)-2 && float64(side[at+1].Callers) < c {
				at++
			}
			from, to := side[at], side[at+1]
			r := from.Throughput + (to.Throughput-from.Throughput)*(c-float64(from.Callers))/float64(to.Callers-from.Callers)
			y := int(math.Round((1 - r/top) * float64(4*rows-1)))
			if before < 0 {
				before = y
			}
			plot.Line(i, x, before, y)
			before = y
		}
	}
	lines := plot.Render(t)
	for i := range lines {
		side := ""
		switch i {
		case 0:
			side = figures.Rate(top)
		case rows - 1:
			side = "0"
		}
		lines[i] = t.Dim.Render(draw.FitLeft(side, label)) + " " + lines[i]
	}
	left, right := figures.Plural(first, "caller", "callers"), figures.Grouped(last)
	return append(lines, t.Dim.Render(draw.Blanks(label+1)+left+draw.Blanks(max(n-draw.Width(left)-draw.Width(right), 1))+right))
}

// sweep measures with several numbers of callers in turn.
type sweep struct {
	pending    []int
	back       wire.Config // what is measured again at the end
	processors int
	points     [2][]stats.Point
}

// law tells how both sides scale.
func (s *sweep) law(a, b string) string {
	x, ok := stats.FitScaling(s.points[0], s.processors)
	y, also := stats.FitScaling(s.points[1], s.processors)
	if !ok || !also {
		return "too few cores to fit the universal scalability law"
	}
	return fmt.Sprintf("contention %s %s, %s %s", a, figures.Share(x.Contention), b, figures.Share(y.Contention))
}

// percentiles is the panel with the latencies and their intervals, and with the
// steps of a call.
func (p *Pane) percentiles(t *draw.Theme, w, h int) []string {
	const label = 9
	inner, room := w-4, h-2
	col := max((inner-label-14-17)/2, 8)
	lines := []string{t.Dim.Render(draw.Fit("", label)+draw.FitLeft("A", col)+draw.FitLeft("B", col)+draw.FitLeft("B/A       ", 14)) + t.Dim.Render("  95% interval")}
	for _, r := range []struct {
		name string
		a, b float64
	}{
		{"mean", p.snapshot.A.Mean, p.snapshot.B.Mean}, {"p50", p.snapshot.A.P50, p.snapshot.B.P50}, {"p90", p.snapshot.A.P90, p.snapshot.B.P90},
		{"p99", p.snapshot.A.P99, p.snapshot.B.P99}, {"p99.9", p.snapshot.A.P999, p.snapshot.B.P999}, {"p99.99", p.snapshot.A.P9999, p.snapshot.B.P9999},
	} {
		if r.name == "p99.99" && (r.a <= 0 || r.b <= 0) {
			continue // there are too few calls
		}

		if !p.have {
			r.a, r.b = -1, -1
		}
		x, text := row{ratio: ratioOf(r.a, r.b), kind: timeKind}, ""
		if tail, ok := p.snapshot.Series.Tail(r.name); ok {
			x.est = figures.Ratio(tail.Ratio) != figures.Ratio(x.ratio)
			x.ratio, x.low, x.high = tail.Ratio, tail.Low, tail.High
			text = figures.Interval(x.low, x.high)
		}
		lines = append(lines, t.Dim.Render(draw.Fit(r.name, label))+draw.FitLeft(figures.Time(r.a), col)+draw.FitLeft(figures.Time(r.b), col)+draw.FitLeft(p.mark(x), 14)+"  "+text)
	}
	steps := p.steps(t, label, col)
	if low, high := report.SideInterval(p.snapshot, 0); low > 0 && p.have && (len(lines)+1+len(steps) <= room || len(lines)+len(steps) > room) {
		// How sure the means are, below them: each side by itself.
		lowB, highB := report.SideInterval(p.snapshot, 1)
		half := func(low, high float64) string { return "±" + figures.Share((math.Sqrt(high/low) - 1)) }
		lines = append(lines, t.Dim.Render(draw.Fit("of means", label)+draw.FitLeft(half(low, high), col)+draw.FitLeft(half(lowB, highB), col)))
	}
	if len(lines)+len(steps) <= room {
		lines = append(lines, steps...)
	}
	return draw.Box{Title: t.Title.Render("Percentiles"), Note: t.Dim.Render("~ before: estimate, behind: contains 1"), Lines: lines}.Render(t, w, h)
}

// steps are what a call does, with times, and what that means.
func (p *Pane) steps(t *draw.Theme, label, col int) []string {
	if p.snapshot.Series == nil || p.snapshot.Series.Overhead == nil {
		return nil
	}
	o := p.snapshot.Series.Overhead
	one := func(x wire.Phase) string {
		if x.Shown() {
			return figures.Time(x.Time)
		}
		return "<" + figures.Time(max(x.High, 1))
	}
	var lines []string
	for i := range o.A {
		within := ""
		if b := o.B[i]; b.Low < b.High && b.Shown() {
			within = "B " + figures.Time(b.Low) + " to " + figures.Time(b.High)
		} else if a := o.A[i]; a.Low < a.High && a.Shown() {
			within = "A " + figures.Time(a.Low) + " to " + figures.Time(a.High)
		}
		lines = append(lines, t.Dim.Render(draw.Fit(o.A[i].Name, label))+draw.FitLeft(one(o.A[i]), col)+draw.FitLeft(one(o.B[i]), col)+"  "+t.Dim.Render(within))
	}
	if o.Low == o.High {
		return append(lines, t.Dim.Render("one process tells no intervals"))
	}
	dear := "B"
	if o.Extra < 0 {
		dear = "A"
	}
	if even := o.BreakEven(0.05); even > 0 {
		return append(lines, fmt.Sprintf("%s costs %s more per call: under 5%% above %s", dear, figures.Time(math.Abs(o.Extra)), figures.Time(even)))
	}
	return append(lines, t.Dim.Render("no difference shown in getting an engine"))
}
