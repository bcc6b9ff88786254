package compare

import (
	"math"
	"slices"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// TestOneDistribution checks the figures of calls at a fixed rate against a planted schedule: a call
// is due every 10 ms and takes 1 ms, but for one in a hundred that takes 100 ms and makes
// those behind it late. All figures of a table come from the same samples, of all
// processes together.
func TestOneDistribution(t *testing.T) {
	const gap, short, long = 10e6, 1e6, 100e6
	var sides []*wire.Side
	var histograms [][]byte
	var all []float64
	for range 3 {
		l := stats.NewLatencies()
		free := 0.0
		for i := range 5000 {
			due := float64(i) * gap
			took := short
			if i%100 == 50 {
				took = long
			}
			free = max(free, due) + took
			l.Add([]int64{int64(free - due)}, 1)
			all = append(all, free-due)
		}
		sides = append(sides, &wire.Side{Strategy: wire.Global, Mean: l.Mean(), Calls: 5000, Max: float64(long)})
		histograms = append(histograms, l.Encoded())
	}
	got := mergedSide(sides, histograms)
	slices.Sort(all)
	sum := 0.0
	for _, x := range all {
		sum += x
	}
	planted := func(q float64) float64 { return all[int(q*float64(len(all))+0.5)-1] }
	for name, c := range map[string][2]float64{
		"mean": {got.Mean, sum / float64(len(all))}, "p50": {got.P50, planted(0.5)}, "p90": {got.P90, planted(0.9)},
		"p99": {got.P99, planted(0.99)}, "p99.9": {got.P999, planted(0.999)},
	} {
		if math.Abs(c[0]/c[1]-1) > 0.002 {
			t.Errorf("%s is %v, planted is %v", name, c[0], c[1])
		}
	}
	if got.Mean < got.P50 {
		t.Errorf("the mean %v is below the median %v", got.Mean, got.P50)
	}
}

func TestOverhead(t *testing.T) {
	result := func(a, b []float64) wire.Result { return wire.Result{A: wire.Side{Phases: a}, B: wire.Side{Phases: b}} }
	if overhead([]wire.Result{result(nil, nil)}) != nil {
		t.Error("an overhead of nothing")
	}
	var results []wire.Result
	for i := range 6 {
		wobble := float64(i%2*2 - 1)
		results = append(results, result([]float64{wobble, wobble, 50, 20, 1000}, []float64{40 + wobble, 100, 50 + wobble, 20, 1001}))
	}
	o := overhead(results)
	if math.Abs(o.Extra-140) > 1 || o.Low > 140 || o.High < 140 || o.Low < 130 {
		t.Errorf("overhead: %+v", o)
	}
	if o.A[0].Shown() || !o.B[0].Shown() || math.Abs(o.B[1].Time-100) > 1e-6 || o.A[4].Name != "run" {
		t.Errorf("phases: %+v", o)
	}
	if got := o.BreakEven(0.05); math.Abs(got-2800) > 20 {
		t.Errorf("break-even at %v", got)
	}
	if o := overhead([]wire.Result{result([]float64{1, 2, 3, 4, 5}, []float64{2, 2, 3, 4, 5})}); o.Low != 1 || o.High != 1 || o.BreakEven(0.1) != 10 {
		t.Errorf("overhead of one process: %+v", o)
	}
	if (&wire.Overhead{Extra: 1, Low: -1, High: 3}).BreakEven(0.05) != 0 {
		t.Error("a break-even without an overhead")
	}
}
