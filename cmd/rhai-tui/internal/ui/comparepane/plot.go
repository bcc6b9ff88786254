package comparepane

import (
	"fmt"
	"math"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
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
	timePlot: "Mean by round", histogramPlot: "Latency histogram", cdfPlot: "Latency distribution", sweepPlot: "Callers", scriptPlot: "Script and result", verdictsPlot: "Last verdicts",
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
		lines = p.sweepLines(t, inner)
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

// timeLines are bars of both sides on one scale, the latest rounds at the right.
func (p *Pane) timeLines(t *draw.Theme, w, h int) []string {
	top := 0.0
	for _, list := range [][]float64{p.snapshot.A.Spark, p.snapshot.B.Spark} {
		for _, v := range list {
			top = max(top, v)
		}
	}
	if top == 0 {
		return []string{t.Dim.Render("no rounds yet")}
	}
	lines := []string{t.Dim.Render("0 to " + figures.Time(top) + ", A above B")}
	bars := (h - 1) / 2
	if bars < 1 {
		return lines
	}
	for _, l := range draw.Spark(p.snapshot.A.Spark, w, bars, top) {
		lines = append(lines, t.SideA.Render(l))
	}
	for _, l := range draw.Spark(p.snapshot.B.Spark, w, bars, top) {
		lines = append(lines, t.SideB.Render(l))
	}
	return lines
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

// cdfLines draw which part of the calls took at most how long: A and B are
// letters, * is both.
func (p *Pane) cdfLines(t *draw.Theme, w, h int) []string {
	low, high, ok := p.span()
	rows := h - 1
	const label = 5
	n := w - label
	if !ok || n < 10 || rows < 2 {
		return []string{t.Dim.Render("no latencies yet")}
	}
	cells := make([][]byte, rows)
	for i := range cells {
		cells[i] = []byte(strings.Repeat(" ", n))
	}
	for i, d := range p.dist {
		sum, total := int64(0), d.Count()
		for x, c := range d.Bins(low, high, n) {
			sum += c
			y := rows - 1 - int(math.Round(float64(sum)/float64(total)*float64(rows-1)))
			c := &cells[y][x]
			switch {
			case *c != ' ':
				*c = '*'
			case i == 0:
				*c = 'A'
			default:
				*c = 'B'
			}
		}
	}
	var lines []string
	for i, row := range cells {
		part := 100 * float64(rows-1-i) / float64(rows-1)
		var b strings.Builder
		b.WriteString(t.Dim.Render(fmt.Sprintf("%3.0f%% ", part)))
		// Runs of one letter are styled at once.
		for k := 0; k < n; {
			e := k
			for e < n && row[e] == row[k] {
				e++
			}
			text := string(row[k:e])
			switch row[k] {
			case 'A':
				text = t.SideA.Render(text)
			case 'B':
				text = t.SideB.Render(text)
			}
			b.WriteString(text)
			k = e
		}
		lines = append(lines, b.String())
	}
	return append(lines, draw.Blanks(label)+draw.Axis(t, low, high, n, "A, B; * both"))
}

// sweepLines are the throughput by the number of callers.
func (p *Pane) sweepLines(t *draw.Theme, w int) []string {
	s := &p.sweep
	if len(s.points[0]) == 0 && len(s.pending) == 0 {
		return []string{t.Dim.Render("w measures with 1 to twice the processors' callers")}
	}
	col := max(min((w-9)/4, 16), 9)
	a, b := p.names()
	lines := []string{t.Dim.Render(draw.Fit("callers", 9)) + draw.FitLeft(t.SideA.Render("A")+" "+a, col) + draw.FitLeft(t.SideB.Render("B")+" "+b, col) + draw.FitLeft("B/A", 10)}
	knee := [2]int{stats.Knee(s.points[0]), stats.Knee(s.points[1])}
	for i := range s.points[0] {
		x, y := s.points[0][i], s.points[1][i]
		sign := ""
		if len(s.pending) == 0 {
			if x.Callers == knee[0] {
				sign += " ← knee of A"
			}
			if y.Callers == knee[1] {
				sign += " ← knee of B"
			}
		}
		lines = append(lines, draw.Fit(figures.Grouped(x.Callers), 9)+draw.FitLeft(figures.Rate(x.Throughput), col)+
			draw.FitLeft(figures.Rate(y.Throughput), col)+draw.FitLeft(mark(ratioOf(x.Throughput, y.Throughput)), 10)+sign)
	}
	if n := len(s.pending); n > 0 {
		return append(lines, t.Dim.Render(fmt.Sprintf("%d more to measure", n)))
	}
	return append(lines, t.Dim.Render(s.law(a, b)))
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
	col := max((inner-label-11-17)/2, 8)
	lines := []string{t.Dim.Render(draw.Fit("", label)+draw.FitLeft("A", col)+draw.FitLeft("B", col)+draw.FitLeft("B/A", 11)) + t.Dim.Render("  95% interval")}
	for _, r := range []struct {
		name string
		a, b float64
	}{
		{"mean", p.snapshot.A.Mean, p.snapshot.B.Mean}, {"p50", p.snapshot.A.P50, p.snapshot.B.P50}, {"p90", p.snapshot.A.P90, p.snapshot.B.P90},
		{"p99", p.snapshot.A.P99, p.snapshot.B.P99}, {"p99.9", p.snapshot.A.P999, p.snapshot.B.P999},
	} {
		if !p.have {
			r.a, r.b = -1, -1
		}
		ratio, text := ratioOf(r.a, r.b), ""
		if x, ok := p.snapshot.Series.Tail(r.name); ok {
			ratio, text = x.Ratio, figures.Interval(x.Low, x.High)
		}
		lines = append(lines, t.Dim.Render(draw.Fit(r.name, label))+draw.FitLeft(figures.Time(r.a), col)+draw.FitLeft(figures.Time(r.b), col)+draw.FitLeft(mark(ratio), 11)+"  "+text)
	}
	if len(lines)+len(wire.PhaseNames) < room {
		lines = append(lines, p.steps(t, label, col)...)
	}
	return draw.Box{Title: t.Title.Render("Percentiles"), Note: t.Dim.Render("~ contains 1"), Lines: lines}.Render(t, w, h)
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
		return "< " + figures.Time(max(x.High, 1))
	}
	var lines []string
	for i := range o.A {
		lines = append(lines, t.Dim.Render(draw.Fit(o.A[i].Name, label))+draw.FitLeft(one(o.A[i]), col)+draw.FitLeft(one(o.B[i]), col))
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
