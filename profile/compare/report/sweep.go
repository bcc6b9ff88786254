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
	var points [2][]stats.Point
	t := newTable("callers", "A "+string(sweep[0].A.Strategy), "B "+string(sweep[0].B.Strategy), "B/A time", "95% interval", "verdict")
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
		t.row(figures.Grouped(f.Callers), figures.Rate(f.A.Throughput), figures.Rate(f.B.Throughput), figures.Verdict(f.Ratio), interval, string(v.Outcome))
	}
	t.write(w)
	fmt.Fprintln(w)
	for i, s := range []wire.Strategy{sweep[0].A.Strategy, sweep[0].B.Strategy} {
		fmt.Fprintln(w, scalingText(s, points[i], runtime.GOMAXPROCS(0)))
	}
}

// scalingText tells how a strategy scales with the callers.
func scalingText(s wire.Strategy, points []stats.Point, processors int) string {
	text := string(s) + ": knee at " + figures.Plural(stats.Knee(points), "caller", "callers")
	law, ok := stats.FitScaling(points, processors)
	if !ok {
		return text + "; too few cores to fit the universal scalability law"
	}
	return fmt.Sprintf("%s; contention %s, coherence %s by the universal scalability law up to %s", text, figures.Share(law.Contention), figures.Coefficient(law.Coherence),
		figures.Plural(processors, "caller", "callers"))
}
