package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRatios(t *testing.T) {
	var r Ratios
	if low, mid, high := r.Quartiles(); low != 0 || mid != 0 || high != 0 {
		t.Errorf("quartiles of nothing = %v %v %v, want 0", low, mid, high)
	}
	r.Add(2)
	if low, mid, high := r.Quartiles(); low != 2 || mid != 2 || high != 2 {
		t.Errorf("quartiles of 2 = %v %v %v", low, mid, high)
	}
	for _, x := range []float64{4, 1, 3, 5} {
		r.Add(x)
	}
	if low, mid, high := r.Quartiles(); low != 2 || mid != 3 || high != 4 {
		t.Errorf("quartiles of 1..5 = %v %v %v, want 2 3 4", low, mid, high)
	}
}

// TestRatiosWindow checks that old rounds leave, against a plain sort.
func TestRatiosWindow(t *testing.T) {
	var r Ratios
	rnd := rand.New(rand.NewPCG(1, 2))
	var all []float64
	for range ratioWindow + 777 {
		// Few distinct values, so that equal ones leave too.
		x := math.Round(rnd.Float64() * 100)
		all = append(all, x)
		r.Add(x)
	}
	want := slices.Sorted(slices.Values(all[len(all)-ratioWindow:]))
	if !slices.Equal(r.sorted, want) {
		t.Fatal("the window differs from the latest rounds")
	}
	low, mid, high := r.Quartiles()
	if low != Quantile(want, 0.25) || mid != Quantile(want, 0.5) || high != Quantile(want, 0.75) {
		t.Errorf("quartiles = %v %v %v", low, mid, high)
	}
}
