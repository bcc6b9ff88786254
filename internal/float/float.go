// Package float has the elementary functions on floats, rounded correctly but for a
// result in some millions: they compute with twice the digits and round once. The C
// library that Rhai uses rounds correctly nearly always, so that the digits are the same;
// where it does not, the functions here follow its formulas.
//
// Arguments at the borders of the domain, infinities and NaN give what IEEE 754 says.
package float

import "math"

// special reports whether x has no finite result to compute, or is one itself.
func special(x float64) bool { return x == 0 || math.IsNaN(x) || math.IsInf(x, 0) }

// exp returns e^x for |x| < 746, and by which power of two it is to be multiplied.
func exp(x double) (m double, n int) {
	k := math.Round(x.hi / ln2.hi)
	r := less(x, k, &ln2s)
	r = double{r.hi / 64, r.lo / 64}
	// e^r - 1 by its series, of which the digits of a float do from the fifth term on,
	// then six times squared.
	h := r.hi
	tail := 1.0/5040 + float64(h*(1.0/40320))
	tail = 1.0/720 + float64(h*tail)
	tail = float64(h * (1.0/120 + float64(h*tail)))
	s := fast(inverses[4].hi, inverses[4].lo+tail)
	for i := 3; i >= 1; i-- {
		s = s.mul(r).add(inverses[i])
	}
	s = s.mul(r)
	for range 6 {
		s = double{2 * s.hi, 2 * s.lo}.add(s.mul(s))
	}
	return one.add(s), int(k)
}

// expOf is exp with the power of two applied.
func expOf(x double) double {
	m, n := exp(x)
	return m.scale(n)
}

// rounded returns m * 2^n, rounded once also where it is subnormal.
func rounded(m double, n int) float64 {
	if n > -1000 {
		return math.Ldexp(m.round(), n)
	}
	// The sum of the parts is rounded at the place where the result ends.
	big := math.Ldexp(1.5, -1022-n)
	s := sum(big, m.hi)
	return math.Ldexp(fast(s.hi, s.lo+m.lo).hi-big, n)
}

// Exp returns e^x.
func Exp(x float64) float64 {
	switch {
	case special(x) || x > 710:
		return math.Exp(x)
	case x < -746:
		return 0
	}
	return rounded(exp(of(x)))
}

// log1p returns ln(1 + u) for small u.
func log1p(u double) double {
	if math.Abs(u.hi) > 1.0/512 {
		return log(one.add(u))
	}
	s := u.div(u.add(of(2)))
	t := s.mul(s)
	r := one.div(of(13))
	for i := 11; i >= 1; i -= 2 {
		r = r.mul(t).add(one.div(of(float64(i))))
	}
	return r.mul(s).scale(1)
}

// log returns ln(a) for a > 0.
func log(a double) double {
	if math.Abs(a.hi-1) <= 1.0/512 {
		return log1p(a.sub(one))
	}
	f, n := math.Frexp(a.hi)
	m := double{f, math.Ldexp(a.lo, -n)}
	if f < math.Sqrt2/2 {
		m, n = m.scale(1), n-1
	}
	y := math.Log(m.hi)
	r := of(y).add(m.mul(expOf(of(-y))).sub(one))
	return r.add(ln2.mul(of(float64(n))))
}

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	if special(x) || x < 0 || x == 1 {
		return math.Log(x)
	}
	return log(of(x)).round()
}

// Log10 returns the decimal logarithm of x, by the formula of the C library.
func Log10(x float64) float64 {
	if special(x) || x < 0 {
		return math.Log10(x)
	}
	const (
		perLn   = 4.34294481903251816668e-01 // 1 / ln(10)
		log2Hi  = 3.01029995663611771306e-01 // the parts of log10(2)
		log2Low = 3.69423907715893078616e-13
	)
	f, n := math.Frexp(x)
	f, n = 2*f, n-1 // f is from 1 up to 2
	if n < 0 {
		f, n = f/2, n+1
	}
	y := float64(n)
	z := float64(y*log2Low) + float64(perLn*Log(f))
	return z + float64(y*log2Hi)
}

// Pow returns x to the power of y.
func Pow(x, y float64) float64 {
	switch {
	case special(x) || special(y) || x == 1 || x == -1 || y == 1:
		return math.Pow(x, y)
	case x < 0 && y != math.Trunc(y):
		return math.NaN()
	}
	if n := int(y); float64(n) == y && n >= -maxPower && n <= maxPower {
		if p, ok := whole(x, n); ok {
			return p
		}
	}
	sign := 1.0
	if x < 0 && math.Mod(y, 2) != 0 {
		sign = -1
	}
	p := log(of(math.Abs(x))).mul(of(y))
	switch {
	case math.IsNaN(p.hi) || math.Abs(p.hi) > 750:
		return math.Pow(x, y) // far too large or too small
	}
	return sign * rounded(exp(p))
}

// maxPower is up to which whole exponents powers are products.
const maxPower = 64

// whole returns x^n. It reports false if a product is near the borders of floats.
func whole(x float64, n int) (float64, bool) {
	p, b := one, of(x)
	for m := max(n, -n); ; {
		if m&1 != 0 {
			p = p.mul(b)
		}
		if m >>= 1; m == 0 {
			break
		}
		b = b.mul(b)
	}
	if n < 0 {
		p = one.div(p)
	}
	a, c := math.Abs(p.hi), math.Abs(b.hi)
	return p.round(), a > 1e-250 && a < 1e250 && c > 1e-250 && c < 1e250
}

// Hypot returns the root of x^2 + y^2.
func Hypot(x, y float64) float64 {
	if special(x) || special(y) {
		return math.Hypot(x, y)
	}
	_, n := math.Frexp(max(math.Abs(x), math.Abs(y)))
	x, y = math.Ldexp(x, -n), math.Ldexp(y, -n)
	return math.Ldexp(product(x, x).add(product(y, y)).sqrt().round(), n)
}
