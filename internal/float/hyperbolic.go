package float

import "math"

// The hyperbolic functions are not rounded correctly in the C library and in Rust:
// these are the formulas that they use, step by step. Expm1 and Log1p of Go are those of
// the C library.

// manyTimes is from where on e^x is much more than e^-x.
const manyTimes = 22

// Sinh returns the hyperbolic sine of x.
func Sinh(x float64) float64 {
	a, h := math.Abs(x), math.Copysign(0.5, x)
	switch {
	case special(x) || a < 1.0/(1<<28):
		return x
	case a < 1:
		t := math.Expm1(a)
		return h * (2*t - t*t/(t+1))
	case a < manyTimes:
		t := math.Expm1(a)
		return h * (t + t/(t+1))
	}
	return h * 2 * halfExp(a)
}

// Cosh returns the hyperbolic cosine of x.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case special(x):
		return math.Cosh(x)
	case a < 0.5*math.Ln2:
		t := math.Expm1(a)
		w := 1 + t
		if a < 1.0/(1<<55) {
			return w
		}
		return 1 + (t*t)/(w+w)
	case a < manyTimes:
		t := Exp(a)
		return 0.5*t + 0.5/t
	}
	return halfExp(a)
}

// halfExp returns half of e^x, which may be finite where that is not.
func halfExp(x float64) float64 {
	if x < 709.78 {
		return 0.5 * Exp(x)
	}
	w := Exp(0.5 * x)
	return 0.5 * w * w
}

// Tanh returns the hyperbolic tangent of x.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	z := 1.0
	switch {
	case special(x) || a < 1.0/(1<<55):
		return math.Tanh(x)
	case a >= manyTimes:
	case a >= 1:
		z = 1 - 2/(math.Expm1(2*a)+2)
	default:
		t := math.Expm1(-2 * a)
		z = -t / (t + 2)
	}
	return math.Copysign(z, x)
}

// Asinh returns the inverse of [Sinh].
func Asinh(x float64) float64 {
	a := math.Abs(x)
	i := 1 / a
	return math.Copysign(math.Log1p(a+a/(Hypot(1, i)+i)), x)
}

// Acosh returns the inverse of [Cosh] for x >= 1, else NaN.
func Acosh(x float64) float64 {
	if x < 1 {
		return math.NaN()
	}
	return Log(x + float64(math.Sqrt(x-1)*math.Sqrt(x+1)))
}

// Atanh returns the inverse of [Tanh] for |x| < 1.
func Atanh(x float64) float64 {
	return 0.5 * math.Log1p((2*x)/(1-x))
}
