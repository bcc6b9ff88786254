package compare

import (
	"math"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

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
