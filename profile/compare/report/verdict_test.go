package report

import (
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestVerdict(t *testing.T) {
	outcome := func(o stats.Outcome, ratio float64) func(*wire.Snapshot) {
		return func(f *wire.Snapshot) { f.Series.Verdict.Outcome, f.Series.Verdict.Ratio = o, ratio }
	}
	for _, c := range []struct {
		change func(*wire.Snapshot)
		want   string
	}{
		{func(*wire.Snapshot) {}, "raw is 1.42x slower than global"},
		{outcome(stats.BFaster, 0.5), "raw is 2.00x faster than global"},
		{func(f *wire.Snapshot) { f.Rate = 100 }, "it takes 1.420x the mean latency per call"},
		{outcome(stats.BFaster, 0.5), "9.70 µs less"},
		{outcome(stats.NoDifference, 1.01), "No difference shown: raw takes 1.010x the time of global"},
		{outcome(stats.NotEnoughData, 1.42), "No verdict: it is. So far raw takes 1.420x the time of global per call (half of the rounds between 1.390 and 1.460)"},
		{outcome(stats.ResultsDiffer, 1.42), "No verdict: the results differ"},
		{func(f *wire.Snapshot) { f.Series, f.Ratio = nil, 0 }, "No verdict: a verdict takes 5 processes of 5 rounds or more, there are 0."},
		{func(f *wire.Snapshot) { f.B.Strategy = wire.Global }, "B (global) is 1.42x slower than A (global)"},
	} {
		f := measuredSnapshot()
		c.change(&f)
		if got := Conclusion(f); !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("verdict = %q, want %q in it", got, c.want)
		}
	}
}
