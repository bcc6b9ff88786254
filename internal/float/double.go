package float

import "math"

// double is an unevaluated sum of two floats, hi + lo, with |lo| at most half a unit
// in the last place of hi: about 106 bits.
//
// A product that is added to something is converted, float64(x*y), throughout this
// package: without that the compiler may round once instead of twice, which it does for
// processors that have such an instruction, across statements too.
type double struct{ hi, lo float64 }

func of(x float64) double { return double{x, 0} }

// round returns the nearest float.
func (a double) round() float64 { return a.hi + a.lo }

// sum returns x + y exactly.
func sum(x, y float64) double {
	s := x + y
	t := s - x
	return double{s, (x - (s - t)) + (y - t)}
}

// fast is sum for |x| >= |y|.
func fast(x, y float64) double {
	s := x + y
	return double{s, y - (s - x)}
}

// product returns x * y exactly, but for underflow.
func product(x, y float64) double {
	p := float64(x * y)
	return double{p, math.FMA(x, y, -p)}
}

func (a double) neg() double { return double{-a.hi, -a.lo} }

func (a double) add(b double) double {
	s, t := sum(a.hi, b.hi), sum(a.lo, b.lo)
	s = fast(s.hi, s.lo+t.hi)
	return fast(s.hi, s.lo+t.lo)
}

func (a double) sub(b double) double { return a.add(b.neg()) }

func (a double) mul(b double) double {
	p := product(a.hi, b.hi)
	return fast(p.hi, p.lo+float64(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

func (a double) div(b double) double {
	q := a.hi / b.hi
	r := a.sub(b.mul(of(q)))
	p := r.hi / b.hi
	r = r.sub(b.mul(of(p)))
	return fast(q, p).add(of(r.hi / b.hi))
}

// scale returns a * 2^n, exactly but for overflow and underflow.
func (a double) scale(n int) double { return double{math.Ldexp(a.hi, n), math.Ldexp(a.lo, n)} }

func (a double) sqrt() double {
	if a.hi <= 0 {
		return double{}
	}
	s := math.Sqrt(a.hi)
	r := a.sub(product(s, s))
	return fast(s, r.hi/(2*s))
}

var (
	one = of(1)
	ln2 = double{6.931471805599452862e-01, 2.319046813846299558e-17}
	pi  = double{3.141592653589793116e+00, 1.224646799147353207e-16}
	// The parts of pi / 2 and ln 2 for reductions, about 159 bits.
	halfPi = [3]float64{1.570796326794896558e+00, 6.123233995736766036e-17, -1.497384904859169777e-33}
	ln2s   = [3]float64{6.931471805599452862e-01, 2.319046813846299558e-17, 5.707708438416212066e-34}
)

// less returns x - k * (p[0] + p[1] + p[2]).
func less(x double, k float64, p *[3]float64) double {
	for _, part := range p {
		x = x.sub(product(k, part))
	}
	return x
}

// inverses holds 1 / n!.
var inverses = func() (f [30]double) {
	f[0] = one
	for i := 1; i < len(f); i++ {
		f[i] = f[i-1].div(of(float64(i)))
	}
	return f
}()
