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
func WriteSweep(w io.Writer, frames []wire.Snapshot) {
	fmt.Fprintln(w)
	var points [2][]stats.Point
	t := newTable("callers", "A "+string(frames[0].A.Strategy), "B "+string(frames[0].B.Strategy), "B/A time", "95% interval", "verdict")
	for _, f := range frames {
		if f.Error != nil || f.Series == nil {
			continue
		}
		v := Judged(f)
		points[0] = append(points[0], stats.Point{Callers: f.Callers, Throughput: f.A.Throughput})
		points[1] = append(points[1], stats.Point{Callers: f.Callers, Throughput: f.B.Throughput})
		interval := ""
		if v.Low > 0 {
			interval = fmt.Sprintf("[%.3f, %.3f]", v.Low, v.High)
		}
		t.row(figures.Grouped(f.Callers), rate(f.A.Throughput), rate(f.B.Throughput), fmt.Sprintf("%.3fx", f.Ratio), interval, string(v.Outcome))
	}
	t.write(w)
	fmt.Fprintln(w)
	for i, s := range []wire.Strategy{frames[0].A.Strategy, frames[0].B.Strategy} {
		fmt.Fprintln(w, scalingText(s, points[i], runtime.GOMAXPROCS(0)))
	}
}

// scalingText tells how a strategy scales with the callers.
func scalingText(s wire.Strategy, points []stats.Point, processors int) string {
	text := fmt.Sprintf("%s: knee at %d %s", s, stats.Knee(points), plural(stats.Knee(points), "caller", "callers"))
	law, ok := stats.FitScaling(points, processors)
	if !ok {
		return text + "; too few cores to fit the universal scalability law"
	}
	return text + fmt.Sprintf("; contention %.2f%%, coherence %.3f%% by the universal scalability law up to %d callers", 100*law.Contention, 100*law.Coherence, processors)
}
