package float

import (
	"math"
	"math/big"
	"sync"
)

// largeTurn is from where on arguments are reduced with integers of any size.
const largeTurn = 1 << 30

// reduce returns x less a multiple of pi / 2, at most pi / 4 from 0, and which.
func reduce(x double) (r double, quarter int) {
	if math.Abs(x.hi) > largeTurn {
		return reduceLarge(x.hi)
	}
	k := math.Round(x.hi / halfPi[0])
	return less(x, k, &halfPi), int(int64(k) & 3)
}

// digits is how many bits of pi the largest floats need.
const digits = 1300

// bigHalfPi is pi / 2 by Machin's formula.
var bigHalfPi = sync.OnceValue(func() *big.Float {
	scale := new(big.Int).Lsh(big.NewInt(1), digits+64)
	arctan := func(n int64) *big.Int { // of 1 / n
		total, term := new(big.Int), new(big.Int).Div(scale, big.NewInt(n))
		for i := int64(1); term.Sign() != 0; i += 2 {
			t := new(big.Int).Div(term, big.NewInt(i))
			if i&2 == 0 {
				total.Add(total, t)
			} else {
				total.Sub(total, t)
			}
			term.Div(term, big.NewInt(n*n))
		}
		return total
	}
	n := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(8), arctan(5)), new(big.Int).Mul(big.NewInt(2), arctan(239)))
	f := new(big.Float).SetPrec(digits).SetInt(n)
	return f.SetMantExp(f, -(digits + 64))
})

func reduceLarge(x float64) (double, int) {
	half := bigHalfPi()
	f := new(big.Float).SetPrec(digits).SetFloat64(x)
	q := new(big.Float).SetPrec(digits).Quo(f, half)
	if x > 0 {
		q.Add(q, big.NewFloat(0.5))
	} else {
		q.Sub(q, big.NewFloat(0.5))
	}
	k, _ := q.Int(nil)
	f.Sub(f, new(big.Float).SetPrec(digits).Mul(new(big.Float).SetPrec(digits).SetInt(k), half))
	hi, _ := f.Float64()
	lo, _ := f.Sub(f, big.NewFloat(hi)).Float64()
	return double{hi, lo}, int(new(big.Int).And(k, big.NewInt(3)).Int64())
}

// series returns the sum of r^i / i! for i from first on in steps of two, with signs
// that change if sign is -1.
func series(r double, first int, sign float64) double {
	t := r.mul(r)
	t = double{sign * t.hi, sign * t.lo}
	// The digits of a float do for the terms behind the fifth.
	tail := inverses[first+22].hi
	for i := first + 20; i >= first+10; i -= 2 {
		tail = float64(tail*t.hi) + inverses[i].hi
	}
	s := of(tail)
	for i := first + 8; i >= first; i -= 2 {
		s = s.mul(t).add(inverses[i])
	}
	if first == 1 {
		s = s.mul(r)
	}
	return s
}

// wave returns the sine of x and some quarters of a turn.
func wave(r double, quarter int) double {
	s := series(r, 1-quarter&1, -1)
	if quarter&2 != 0 {
		return s.neg()
	}
	return s
}

// sinCos returns the sine and the cosine of x.
func sinCos(x double) (sin, cos double) {
	r, quarter := reduce(x)
	return wave(r, quarter), wave(r, quarter+1)
}

// tiny is below what the functions that are like x near 0 differ from it.
const tiny = 1e-160

// Sin returns the sine of x in radians.
func Sin(x float64) float64 {
	if special(x) || math.Abs(x) < tiny {
		return math.Sin(x)
	}
	return wave(reduce(of(x))).round()
}

// Cos returns the cosine of x in radians.
func Cos(x float64) float64 {
	if special(x) {
		return math.Cos(x)
	}
	r, quarter := reduce(of(x))
	return wave(r, quarter+1).round()
}

// Tan returns the tangent of x in radians.
func Tan(x float64) float64 {
	if special(x) || math.Abs(x) < tiny {
		return math.Tan(x)
	}
	s, c := sinCos(of(x))
	return s.div(c).round()
}

// atan returns the arc tangent of x: that of its float, and what is left of it by the
// formula for a difference.
func atan(x double) double {
	z := math.Atan(x.hi)
	s, c := sinCos(of(z))
	return of(z).add(x.mul(c).sub(s).div(c.add(x.mul(s))))
}

// Atan returns the arc tangent of x.
func Atan(x float64) float64 {
	if special(x) || math.Abs(x) < tiny || math.Abs(x) > 1e150 {
		return math.Atan(x)
	}
	return atan(of(x)).round()
}

// Atan2 returns the angle of the point (x, y).
func Atan2(y, x float64) float64 {
	q := of(y).div(of(x))
	if special(x) || special(y) || !(math.Abs(q.hi) > tiny && math.Abs(q.hi) < 1e150) {
		return math.Atan2(y, x)
	}
	a := atan(q)
	switch {
	case x > 0:
	case y > 0:
		a = a.add(pi)
	default:
		a = a.sub(pi)
	}
	return a.round()
}

// Asin returns the arc sine of x.
func Asin(x float64) float64 {
	if special(x) || !(math.Abs(x) < 1) || math.Abs(x) < tiny {
		return math.Asin(x)
	}
	root := one.sub(of(x)).mul(one.add(of(x))).sqrt()
	return atan(of(x).div(root)).round()
}

// Acos returns the arc cosine of x.
func Acos(x float64) float64 {
	if special(x) && x != 0 || !(math.Abs(x) < 1) {
		return math.Acos(x)
	}
	return atan(one.sub(of(x)).div(one.add(of(x))).sqrt()).scale(1).round()
}
