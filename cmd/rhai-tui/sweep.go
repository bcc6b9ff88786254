package main

import (
	"fmt"
	"io"

	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// reportSweep prints the throughput by the number of callers.
func reportSweep(w io.Writer, frames []bench.Frame) {
	fmt.Fprintln(w)
	t := newTable("callers", "A "+string(frames[0].A.Strategy), "B "+string(frames[0].B.Strategy), "B/A time", "95% interval", "verdict")
	for _, f := range frames {
		if f.Error != nil || f.Series == nil {
			continue
		}
		v := judged(f)
		interval := ""
		if v.Low > 0 {
			interval = fmt.Sprintf("[%.3f, %.3f]", v.Low, v.High)
		}
		t.row(grouped(f.Callers), rate(f.A.Throughput), rate(f.B.Throughput), fmt.Sprintf("%.3fx", f.Ratio), interval, string(v.Outcome))
	}
	t.write(w)
}
