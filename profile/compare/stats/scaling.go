package stats

import (
	"math"
	"slices"
)

// Point is the throughput with a number of callers.
type Point struct {
	Callers    int     `json:"callers"`
	Throughput float64 `json:"throughput"` // calls per second of all callers
}

// Knee returns the smallest number of callers that reach 95% of the largest
// throughput, 0 without points.
func Knee(points []Point) int {
	top := 0.0
	for _, p := range points {
		top = max(top, p.Throughput)
	}
	knee := 0
	for _, p := range points {
		if p.Throughput >= 0.95*top && (knee == 0 || p.Callers < knee) {
			knee = p.Callers
		}
	}
	return knee
}

// Scaling is the universal scalability law: n callers have the throughput
// Single·n / (1 + Contention·(n-1) + Coherence·n·(n-1)).
type Scaling struct {
	Single     float64 `json:"single"`
	Contention float64 `json:"contention"`
	Coherence  float64 `json:"coherence"`
}

// At returns the throughput with n callers.
func (s Scaling) At(n int) float64 {
	x := float64(n)
	return s.Single * x / (1 + s.Contention*(x-1) + s.Coherence*x*(x-1))
}

// leastPoints is how many points a fit takes.
const leastPoints = 4

// FitScaling fits the law to the points with at most as many callers as there are
// processors: beyond, callers wait for processors and not for each other. It
// reports false if fewer than four points are left.
func FitScaling(points []Point, processors int) (Scaling, bool) {
	var x [][3]float64
	var y []float64
	seen := map[int]bool{}
	for _, p := range points {
		if p.Callers < 1 || p.Callers > processors || p.Throughput <= 0 || seen[p.Callers] {
			continue
		}
		seen[p.Callers] = true
		n := float64(p.Callers)
		// n/X is linear in 1/Single, Contention/Single and Coherence/Single; the
		// errors are weighed so that they count as parts of the throughput.
		w := p.Throughput / n
		x = append(x, [3]float64{w, w * (n - 1), w * n * (n - 1)})
		y = append(y, 1)
	}
	if len(x) < leastPoints {
		return Scaling{}, false
	}
	// Neither coefficient is negative: the best fit has those that would be at 0.
	best, least := Scaling{}, math.Inf(1)
	for _, use := range [][]int{{0, 1, 2}, {0, 1}, {0, 2}, {0}} {
		c, ok := leastSquares(x, y, use)
		if !ok || c[0] <= 0 || c[1] < -1e-12*c[0] || c[2] < -1e-12*c[0] {
			continue
		}
		sum := 0.0
		for i := range x {
			d := y[i] - c[0]*x[i][0] - c[1]*x[i][1] - c[2]*x[i][2]
			sum += d * d
		}
		if sum < least {
			best, least = Scaling{1 / c[0], max(c[1]/c[0], 0), max(c[2]/c[0], 0)}, sum
		}
	}
	return best, !math.IsInf(least, 1)
}

// leastSquares solves y = x·c for the columns in use; the others are 0.
func leastSquares(x [][3]float64, y []float64, use []int) (c [3]float64, ok bool) {
	k := len(use)
	a := make([][]float64, k)
	for i := range a {
		a[i] = make([]float64, k+1)
		for r := range x {
			for j := range use {
				a[i][j] += x[r][use[i]] * x[r][use[j]]
			}
			a[i][k] += x[r][use[i]] * y[r]
		}
	}
	for i := range a {
		pivot := i
		for r := i; r < k; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		a[i], a[pivot] = a[pivot], a[i]
		if math.Abs(a[i][i]) < 1e-12 {
			return c, false
		}
		for r := range a {
			if r == i {
				continue
			}
			f := a[r][i] / a[i][i]
			for j := i; j <= k; j++ {
				a[r][j] -= f * a[i][j]
			}
		}
	}
	for i, at := range use {
		c[at] = a[i][k] / a[i][i]
	}
	return c, true
}

// SweepCallers are the numbers of callers of a sweep: doubling up to twice the
// processors, and every number up to four.
func SweepCallers(processors int) []int {
	var out []int
	for n := 1; n <= min(4, 2*processors); n++ {
		out = append(out, n)
	}
	for n := 8; n < 2*processors; n *= 2 {
		out = append(out, n)
	}
	out = append(out, processors, 2*processors)
	slices.Sort(out)
	return slices.Compact(out)
}
