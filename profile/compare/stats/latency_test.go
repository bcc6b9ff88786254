package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestEnough(t *testing.T) {
	for _, c := range []struct {
		n    int64
		q    float64
		want bool
	}{
		{0, 0.5, false}, {19, 0.5, false}, {20, 0.5, true}, {99, 0.9, false}, {100, 0.9, true},
		{999, 0.99, false}, {1000, 0.99, true}, {9999, 0.999, false}, {10000, 0.999, true},
	} {
		if got := enough(c.n, c.q); got != c.want {
			t.Errorf("enough(%d, %v) = %v", c.n, c.q, got)
		}
	}
}

// TestHistogramError checks that quantiles are right to a hundredth.
func TestHistogramError(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	l := NewLatencies()
	var all []float64
	for range 50000 {
		v := int64(math.Exp(7 + 2*rnd.NormFloat64()))
		all = append(all, float64(max(v, 1)))
		l.Add([]int64{v}, 1)
	}
	for _, q := range []float64{0.5, 0.9, 0.99, 0.999} {
		want := sortedQuantile(all, q)
		if got := l.Quantile(q); math.Abs(got-want) > want/100 {
			t.Errorf("quantile %v = %v, want %v", q, got, want)
		}
	}
}

func sortedQuantile(x []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return s[int(math.Ceil(q*float64(len(s))))-1]
}
