package stats

import (
	"math"
	"slices"
)

// Interval is an estimate with the bounds of its confidence interval. The bounds
// are NaN if there are too few values for one.
type Interval struct{ Mid, Low, High float64 }

// MeanInterval is the mean of independent values with its interval by Student's
// t with one degree of freedom less than there are values.
func MeanInterval(values []float64, confidence float64) Interval {
	n := float64(len(values))
	if n == 0 {
		return Interval{math.NaN(), math.NaN(), math.NaN()}
	}
	mean := 0.0
	for _, v := range values {
		mean += v / n
	}
	if n < 2 {
		return Interval{mean, math.NaN(), math.NaN()}
	}
	sum := 0.0
	for _, v := range values {
		sum += (v - mean) * (v - mean)
	}
	half := studentQuantile((1+confidence)/2, n-1) * math.Sqrt(sum/(n-1)/n)
	return Interval{mean, mean - half, mean + half}
}

// half is half the width.
func (i Interval) half() float64 { return (i.High - i.Low) / 2 }

// reach is how far from 0 the interval goes.
func (i Interval) reach() float64 { return max(math.Abs(i.Low), math.Abs(i.High)) }

// clusters reduces each process to the median of a figure of its rounds: rounds
// of one process share its luck, so that only processes are independent.
func clusters(processes [][]Round, figure func(Round) float64) []float64 {
	out := make([]float64, 0, len(processes))
	for _, rounds := range processes {
		values := make([]float64, 0, len(rounds))
		for _, r := range rounds {
			if v := figure(r); !math.IsNaN(v) && !math.IsInf(v, 0) {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			out = append(out, Median(values))
		}
	}
	return out
}

// Median is the middle of values, 0 of none.
func Median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return Quantile(x, 0.5)
}

// studentQuantile is the p-quantile, p at least a half, of Student's t with df
// degrees of freedom.
func studentQuantile(p, df float64) float64 {
	low, high := 0.0, 1.0
	for studentBelow(high, df) < p {
		high *= 2
	}
	for range 200 {
		mid := (low + high) / 2
		if mid == low || mid == high {
			break
		}
		if studentBelow(mid, df) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// studentBelow is the probability that Student's t with df degrees of freedom is
// below t, which is not negative.
func studentBelow(t, df float64) float64 {
	return 1 - incompleteBeta(df/(df+t*t), df/2, 0.5)/2
}

// incompleteBeta is the regularised incomplete beta function, by its continued
// fraction.
func incompleteBeta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // the fraction converges fast on the other side
		return 1 - incompleteBeta(1-x, b, a)
	}
	logAB, _ := math.Lgamma(a + b)
	logA, _ := math.Lgamma(a)
	logB, _ := math.Lgamma(b)
	front := math.Exp(logAB-logA-logB+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	f := d
	for i := 1; i <= 300; i++ {
		m := float64(i)
		for _, num := range []float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 / away(1+num*d)
			c = away(1 + num/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * f
}
