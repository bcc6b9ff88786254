package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

//go:embed page.css
var pageStyle string

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// Page is what a page about a comparison is made of. Lines, Script, Go and Sweep may be
// missing.
type Page struct {
	Config      wire.Config
	Snapshot    wire.Snapshot
	Sweep       []wire.Snapshot // with several numbers of callers
	Lines       []Line          // with their exact costs
	Script      *view.Data      // exact profile of the scripts of both sides
	Go          *view.Data      // CPU profile of both sides
	Environment Environment
}

// flame is a flame graph of the page.
type flame struct {
	Title string
	Data  template.URL
	Top   [][]string
}

// codeLine is a line of the script, or of the difference of two.
type codeLine struct {
	Class, Change, A, B, OpsA, OpsB, BytesA, BytesB, Text string
}

// Write writes the page: one file that asks for no other one, runs no scripts, and follows
// the reader's preference for dark or light. Texts of the scripts are shown and are never
// part of the page's own.
func (p *Page) Write(w io.Writer) error {
	f := p.Snapshot
	a, b := plainTitles(f)
	v := VerdictOf(f)
	data := map[string]any{
		"Title": "rhai-tui: " + Subject(f), "Style": template.CSS(pageStyle), "Conclusion": Conclusion(f), "Class": strings.Fields(v.Word + " ")[0],
		"About":  p.about(),
		"Strip":  template.HTML(strip(v.Verdict)),
		"NameA":  a,
		"NameB":  b,
		"Rows":   p.rows(),
		"Notes":  p.notes(),
		"CDF":    template.HTML(p.cdf()),
		"Time":   template.HTML(p.byRound()),
		"Parity": p.parity(), "Settings": p.settings(),
	}
	if !f.Same {
		data["Problems"] = "The results differ: " + Visible(f.Difference)
	} else if work := Work(f); work != "" {
		data["Work"] = "Per call " + b + " " + work + "."
	}
	if o := f.Series.Overhead; o != nil {
		var rows [][]string
		for i := range o.A {
			x, within := step(o.A[i])
			y, withinB := step(o.B[i])
			rows = append(rows, []string{o.A[i].Name, x, within, y, withinB})
		}
		data["Phases"] = rows
		if o.Low < o.High && (f.A.Script == "" || f.A.Strategy != f.B.Strategy) {
			data["BreakEven"] = breakEven(f)
		}
	}
	if len(p.Sweep) > 1 {
		rows, scaling := sweepRows(p.Sweep)
		data["Sweep"], data["Scaling"] = rows, scaling
	}
	code, title, about := p.code()
	data["Bytes"] = slices.ContainsFunc(p.Lines, func(l Line) bool { return l.BytesA > 0 || l.BytesB > 0 })
	data["Code"], data["CodeTitle"], data["CodeAbout"] = code, title, about
	flames, err := p.flames(a, b)
	if err != nil {
		return err
	}
	data["Flames"] = flames
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, data); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

func (p *Page) about() string {
	f := p.Snapshot
	text := fmt.Sprintf("%s, %s in %s, %s, %s", figures.Plural(f.Callers, "caller", "callers"), figures.Plural(f.Rounds, "round", "rounds"),
		figures.Plural(len(f.Series.Results), "process", "processes"), figures.Clock(f.Elapsed), p.Environment.Time.Format("2006-01-02 15:04 MST"))
	if f.Rate > 0 {
		text += ", paced at " + figures.Rate(f.Rate) + ": latencies count from when a call is due"
	}
	return text
}

// rows are the figures of both sides.
func (p *Page) rows() (out [][]string) {
	f := &p.Snapshot
	a, b := &f.A, &f.B
	row := func(name string, write func(float64) string, x, y float64, compared bool) {
		ratio, within := "", ""
		if compared {
			ratio = quotient(x, y)
		}
		if t, ok := f.Series.Tail(name); ok {
			if text := figures.Ratio(t.Ratio); text != ratio {
				ratio = "est. " + text
			}
			within = figures.Interval(t.Low, t.High)
		}
		out = append(out, []string{name, write(x), write(y), ratio, within})
	}
	row("throughput", figures.Rate, a.Throughput, b.Throughput, true)
	row("mean", figures.Time, a.Mean, b.Mean, true)
	row("p50", figures.Time, a.P50, b.P50, true)
	row("p90", figures.Time, a.P90, b.P90, true)
	row("p99", figures.Time, a.P99, b.P99, true)
	row("p99.9", figures.Time, a.P999, b.P999, true)
	row("p99.99", figures.Time, a.P9999, b.P9999, true)
	row("max", figures.Time, a.Max, b.Max, true)
	row("allocations per call", figures.Count, a.AllocsPerOp, b.AllocsPerOp, true)
	row("bytes per call", figures.Bytes, a.BytesPerOp, b.BytesPerOp, true)
	row("operations per call", figures.Count, float64(a.OpsPerCall), float64(b.OpsPerCall), true)
	row("collections", figures.Count, float64(a.GCCycles), float64(b.GCCycles), false)
	row("pause p99", figures.Time, a.GCPause99, b.GCPause99, false)
	row("collector's share", figures.Share, a.GCShare, b.GCShare, false)
	row("heap live", figures.Bytes, a.HeapLive, b.HeapLive, false)
	row("mutex wait", figures.Wait, a.MutexWait, b.MutexWait, false)
	row("calls", figures.Count, float64(a.Calls), float64(b.Calls), false)
	return out
}

// notes are what else there is to know of the figures.
func (p *Page) notes() string {
	f := p.Snapshot
	var b bytes.Buffer
	writeSides(&b, f)
	text := "est. is the estimate over the processes, which the interval is of; ~ marks intervals that contain 1. " + strings.ReplaceAll(strings.TrimSpace(b.String()), "\n", ". ")
	if k := max(f.A.GroupOf, f.B.GroupOf); k > 1 {
		text += fmt.Sprintf(". Calls are too short to time alone: latencies are means of %d calls", k)
	}
	return strings.TrimSuffix(text, ".") + "."
}

// settings tell what was measured and where.
func (p *Page) settings() (out [][]string) {
	f, env, cfg := p.Snapshot, p.Environment, p.Config
	add := func(name, text string) {
		if text != "" {
			out = append(out, []string{Visible(name), Visible(text)})
		}
	}
	for i, side := range []*wire.Side{&f.A, &f.B} {
		text := string(side.Strategy) + ", " + side.Settings.String()
		if side.Script != "" {
			text = side.Script + ", " + text
		}
		add(wire.SideNames[i], text)
	}
	add("call", cfg.Call)
	for _, v := range cfg.Vars {
		add("variable "+v.Name, Clip(v.Value, 400))
	}
	if f.Records > 0 {
		add("records", comparedRecords(f))
	}
	add("value", f.Value)
	if f.Same {
		add("results", sameResults(f))
	}
	for _, m := range f.Modules {
		add("module", m.File+" "+m.Hash)
	}
	add("warm-up", warmUps(f.Series.Results))
	add("end", f.Series.Ended)
	for _, x := range f.Series.Failures {
		add("failed", fmt.Sprintf("process %d: %s", x.Process, x.Error))
	}
	add("method", f.Series.Verdict.Method)
	add("program", env.Build.String())
	add("machine", fmt.Sprintf("%s, %s/%s, %d processors, GOMAXPROCS %d", cmp.Or(env.CPU, "unknown processor"), env.OS, env.Arch, env.CPUs, env.GOMAXPROCS))
	add("script SHA-256", env.ScriptHash)
	return out
}

func (p *Page) parity() (out [][]string) {
	for _, x := range p.Snapshot.Parity {
		out = append(out, []string{x.What, Visible(x.A), Visible(x.B)})
	}
	return out
}

// mostCode bounds the lines of the scripts on the page.
const mostCode = 5000

// code are the lines of the script, or of both, with their costs.
func (p *Page) code() (out []codeLine, title, about string) {
	lines, two := p.Lines, p.Config.Two()
	title, about = "Script with its costs", "Operations and bytes per call, counted exactly. Operations are charged to calls and to the ends of loops."
	if two {
		title, about = "Difference of the scripts with their costs", about+" Lines on a red ground are in A only, on a green one in B only."
	}
	if lines == nil {
		about = "The costs of lines were not counted."
		for i, text := range textLines(p.Config.Script) {
			lines = append(lines, Line{A: i + 1, B: i + 1, Text: text})
		}
	}
	count := func(x float64, there bool) string {
		if !there || x == 0 {
			return ""
		}
		return figures.Count(x)
	}
	for i, l := range lines {
		if i == mostCode {
			out = append(out, codeLine{Text: fmt.Sprintf("… %d more lines", len(lines)-i)})
			break
		}
		c := codeLine{Text: clipCode(l.Text), OpsA: count(l.OpsA, l.A > 0), OpsB: count(l.OpsB, l.B > 0), BytesA: count(l.BytesA, l.A > 0), BytesB: count(l.BytesB, l.B > 0)}
		if l.A > 0 {
			c.A = lineNumber(l.A)
		}
		if l.B > 0 {
			c.B = lineNumber(l.B)
		}
		switch {
		case l.A == 0:
			c.Class = "added"
		case l.B == 0:
			c.Class = "gone"
		}
		switch d := l.OpsB - l.OpsA; {
		case d >= 0.005:
			c.Change = "more"
		case d <= -0.005:
			c.Change = "less"
		}
		out = append(out, c)
	}
	return out, title, about
}

// clipCode is a line of a script for a page: tabs stay.
func clipCode(s string) string {
	parts := strings.Split(s, "\t")
	for i := range parts {
		parts[i] = Clip(parts[i], 400)
	}
	return strings.Join(parts, "\t")
}

// flames are the flame graphs of both sides.
func (p *Page) flames(a, b string) (out []flame, err error) {
	for _, x := range []struct {
		d          *view.Data
		typ, about string
	}{{p.Script, "ops", "the script by operations"}, {p.Go, "cpu", "Go by processor time"}} {
		if x.d == nil {
			continue
		}
		for i, label := range []wire.Strategy{p.Snapshot.A.Label, p.Snapshot.B.Label} {
			if i == 1 && label == p.Snapshot.A.Label {
				break
			}
			ix, err := x.d.Index(view.Query{Type: x.typ, Filters: []view.Filter{{Kind: view.TagFocus, Pattern: goprof.Label + "=" + view.Exactly(string(label))}}})
			if err != nil {
				return nil, err
			}
			if ix.Total().Value == 0 {
				continue
			}
			title := wire.SideNames[i] + " " + []string{a, b}[i] + ": " + x.about
			var svg bytes.Buffer
			if err := export.SVG(&svg, ix, export.SVGOptions{Title: title}); err != nil {
				return nil, err
			}
			fl := flame{Title: title, Data: template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg.Bytes()))}
			unit := ix.Type().Unit
			for _, r := range ix.Top(view.ByFlat) {
				if len(fl.Top) == 10 || r.Flat.Value == 0 {
					break
				}
				fl.Top = append(fl.Top, []string{Clip(r.Name, 120), figures.Pprof(r.Flat.Value, unit) + " (" + figures.Share(ix.Share(r.Flat.Value)) + ")", figures.Pprof(r.Cum.Value, unit) + " (" + figures.Share(ix.Share(r.Cum.Value)) + ")"})
			}
			out = append(out, fl)
		}
	}
	return out, nil
}

// strip draws the interval of the ratio and the noise around 1 on a logarithmic axis.
func strip(v stats.Verdict) string {
	if v.Low <= 0 {
		return ""
	}
	const w, h = 700.0, 56.0
	lo, hi := min(0.8, v.Low*0.9), max(1.25, v.High*1.1)
	at := func(r float64) float64 {
		return 10 + (math.Log(r)-math.Log(lo))/(math.Log(hi)-math.Log(lo))*(w-20)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" style="min-width: 480px" role="img" aria-label="ratio %s, 95%% interval %s, noise %s">`, w, h, figures.Verdict(v.Ratio), figures.Bounds(v.Low, v.High), figures.Noise(v.Noise))
	fmt.Fprintf(&b, `<rect class="noise" x="%.1f" y="8" width="%.1f" height="20"/>`, at(1/(1+v.Noise)), max(at(1+v.Noise)-at(1/(1+v.Noise)), 1))
	fmt.Fprintf(&b, `<line class="grid" x1="10" y1="18" x2="%g" y2="18"/><line class="grid" x1="%.1f" y1="4" x2="%.1f" y2="32"/>`, w-10, at(1), at(1))
	fmt.Fprintf(&b, `<line class="bar" x1="%.1f" y1="18" x2="%.1f" y2="18"/><circle class="dot" cx="%.1f" cy="18" r="6"/>`, at(v.Low), at(v.High), at(v.Ratio))
	fmt.Fprintf(&b, `<text x="10" y="50">%s</text><text x="%.1f" y="50" text-anchor="middle">1</text><text x="%g" y="50" text-anchor="end">%s</text></svg>`, figures.Tick(lo), at(1), w-10, figures.Tick(hi))
	return b.String()
}

// Sizes of the plots.
const (
	plotW, plotH   = 900.0, 260.0
	plotL, plotB   = 76.0, 28.0
	plotBins       = 300
	mostPlotRounds = 2000
)

// cdf draws the distributions of both sides, "" if there are none.
func (p *Page) cdf() string {
	d := [2]stats.Distribution{p.Snapshot.A.Distribution(), p.Snapshot.B.Distribution()}
	if d[0].Count() == 0 || d[1].Count() == 0 {
		return ""
	}
	low, high := math.Inf(1), 0.0
	for _, x := range d {
		l, h := x.Range()
		if q := x.Quantile(0.999); q > 0 {
			h = min(h, q*1.5)
		}
		low, high = min(low, l), max(high, h)
	}
	low = max(low, 1)
	high = max(high, low*1.2)
	var b strings.Builder
	plotFrame(&b, "distribution of the latencies", figures.Time(low), figures.Time(high), "0%", "100%")
	for i, x := range d {
		var points strings.Builder
		sum, total := int64(0), x.Count()
		for k, c := range x.Bins(low, high, plotBins) {
			sum += c
			fmt.Fprintf(&points, "%.1f,%.1f ", plotL+float64(k+1)/plotBins*(plotW-plotL-8), 8+(1-float64(sum)/float64(total))*(plotH-plotB-8))
		}
		fmt.Fprintf(&b, `<polyline class="%s" points="%s"/>`, []string{"pa", "pb"}[i], strings.TrimSpace(points.String()))
	}
	b.WriteString("</svg>")
	return b.String()
}

// byRound draws the time per call of all rounds, "" if there are none.
func (p *Page) byRound() string {
	var lists [2][]float64
	top := 0.0
	for i := range p.Snapshot.Series.Results {
		for _, r := range p.Snapshot.Series.Results[i].Rounds {
			lists[0], lists[1] = append(lists[0], r.A), append(lists[1], r.B)
			top = max(top, r.A, r.B)
		}
	}
	n := len(lists[0])
	if n < 2 || top <= 0 {
		return ""
	}
	var b strings.Builder
	plotFrame(&b, "time per call by round", "round 1", "round "+figures.Grouped(n), "0", figures.Time(top))
	for i, list := range lists {
		var points strings.Builder
		by := (n + mostPlotRounds - 1) / mostPlotRounds
		for k := 0; k < n; k += by {
			fmt.Fprintf(&points, "%.1f,%.1f ", plotL+float64(k)/float64(n-1)*(plotW-plotL-8), 8+(1-list[k]/top)*(plotH-plotB-8))
		}
		fmt.Fprintf(&b, `<polyline class="%s" points="%s"/>`, []string{"pa", "pb"}[i], strings.TrimSpace(points.String()))
	}
	b.WriteString("</svg>")
	return b.String()
}

// plotFrame begins a plot with its axes and the texts at their ends.
func plotFrame(b *strings.Builder, about, left, right, bottom, top string) {
	fmt.Fprintf(b, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, plotW, plotH, html.EscapeString(about))
	for i := range 5 {
		y := 8 + float64(i)/4*(plotH-plotB-8)
		fmt.Fprintf(b, `<line class="grid" x1="%g" y1="%.1f" x2="%g" y2="%.1f"/>`, plotL, y, plotW-8, y)
	}
	fmt.Fprintf(b, `<text x="%g" y="16" text-anchor="end">%s</text><text x="%g" y="%g" text-anchor="end">%s</text>`, plotL-6, html.EscapeString(top), plotL-6, plotH-plotB, html.EscapeString(bottom))
	fmt.Fprintf(b, `<text x="%g" y="%g">%s</text><text x="%g" y="%g" text-anchor="end">%s</text>`, plotL, plotH-8, html.EscapeString(left), plotW-8, plotH-8, html.EscapeString(right))
}
