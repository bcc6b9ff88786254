package report

import (
	"fmt"
	"io"
	"runtime"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// WriteSweep prints the throughput by the number of callers.
func WriteSweep(w io.Writer, sweep []wire.Snapshot) {
	fmt.Fprintln(w)
	rows, scaling := sweepRows(sweep)
	t := newTable("callers", heading("A", &sweep[0].A), heading("B", &sweep[0].B), "time B/A", "95% interval", "B is")
	for _, r := range rows {
		t.row(r...)
	}
	t.write(w)
	fmt.Fprintln(w)
	for _, text := range scaling {
		fmt.Fprintln(w, text)
	}
}

// sweepRows are the figures by the number of callers, and what they say of each side.
func sweepRows(sweep []wire.Snapshot) (rows [][]string, scaling []string) {
	var points [2][]stats.Point
	for _, f := range sweep {
		if f.Error != nil || f.Series == nil {
			continue
		}
		v := Judged(f)
		points[0] = append(points[0], stats.Point{Callers: f.Callers, Throughput: f.A.Throughput})
		points[1] = append(points[1], stats.Point{Callers: f.Callers, Throughput: f.B.Throughput})
		interval := ""
		if v.Low > 0 {
			interval = figures.Bounds(v.Low, v.High)
		}
		rows = append(rows, []string{figures.Grouped(f.Callers), figures.Rate(f.A.Throughput), figures.Rate(f.B.Throughput), figures.Verdict(Ratio(f)), interval, VerdictOf(f).Word})
	}
	a, b := plainTitles(sweep[0])
	for i, name := range []string{a, b} {
		scaling = append(scaling, scalingText(name, points[i], runtime.GOMAXPROCS(0)))
	}
	return rows, scaling
}

// scalingText tells how a side scales with the callers: where more callers stop helping,
// and what holds them back.
func scalingText(name string, points []stats.Point, processors int) string {
	text := name + ": one caller makes as many calls as more do"
	if knee := stats.Knee(points); knee > 1 {
		text = name + ": more than " + figures.Grouped(knee) + " callers make no more calls"
	}
	law, ok := stats.FitScaling(points, processors)
	if !ok {
		return text + "; there are too few processors to tell what holds them back"
	}
	return fmt.Sprintf("%s; up to %s, %s of a call waits for others (contention) and each pair of callers costs %s (coherence), by the universal scalability law",
		text, figures.Plural(processors, "caller", "callers"), figures.Share(law.Contention), figures.Coefficient(law.Coherence))
}
