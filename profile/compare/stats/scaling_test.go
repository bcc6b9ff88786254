package stats

import (
	"math"
	"slices"
	"testing"
)

func TestScaling(t *testing.T) {
	law := Scaling{Single: 1000, Contention: 0.05, Coherence: 0.002}
	var points []Point
	for n := 1; n <= 16; n++ {
		points = append(points, Point{n, law.At(n)})
	}
	got, ok := FitScaling(points, 16)
	if !ok || math.Abs(got.Single-1000) > 1 || math.Abs(got.Contention-0.05) > 1e-4 || math.Abs(got.Coherence-0.002) > 1e-5 {
		t.Errorf("fit: %+v, %v", got, ok)
	}
	if _, ok := FitScaling(points, 3); ok {
		t.Error("a fit over three points")
	}
	// More than linear: no coefficient is negative.
	if got, ok := FitScaling([]Point{{1, 100}, {2, 210}, {3, 330}, {4, 460}}, 4); !ok || got.Contention != 0 || got.Coherence != 0 {
		t.Errorf("fit of growing points: %+v, %v", got, ok)
	}
	if n := Knee([]Point{{1, 100}, {2, 190}, {4, 196}, {8, 150}}); n != 4 && n != 2 {
		t.Errorf("knee at %d", n)
	}
	if n := Knee([]Point{{1, 100}, {2, 190}, {4, 196}}); n != 2 {
		t.Errorf("knee at %d, want 2", n)
	}
	if Knee(nil) != 0 {
		t.Error("a knee of nothing")
	}
	for procs, want := range map[int][]int{1: {1, 2}, 2: {1, 2, 3, 4}, 6: {1, 2, 3, 4, 6, 8, 12}, 16: {1, 2, 3, 4, 8, 16, 32}} {
		if got := SweepCallers(procs); !slices.Equal(got, want) {
			t.Errorf("callers for %d processors: %v, want %v", procs, got, want)
		}
	}
}
