package packages

import (
	"math"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/float"
)

func registerMath(m *engine.Module) {
	l := library{m: m}
	for _, f := range []struct {
		name, doc string
		f         func(float64) float64
	}{
		{"sin", "Returns the sine of an angle in radians.", float.Sin},
		{"cos", "Returns the cosine of an angle in radians.", float.Cos},
		{"tan", "Returns the tangent of an angle in radians.", float.Tan},
		{"sinh", "Returns the hyperbolic sine.", float.Sinh},
		{"cosh", "Returns the hyperbolic cosine.", float.Cosh},
		{"tanh", "Returns the hyperbolic tangent.", float.Tanh},
		{"asin", "Returns the angle in radians with that sine.", float.Asin},
		{"acos", "Returns the angle in radians with that cosine.", float.Acos},
		{"atan", "Returns the angle in radians with that tangent.", float.Atan},
		{"asinh", "Returns the inverse of the hyperbolic sine.", float.Asinh},
		{"acosh", "Returns the inverse of the hyperbolic cosine.", float.Acosh},
		{"atanh", "Returns the inverse of the hyperbolic tangent.", float.Atanh},
		{"sqrt", "Returns the square root.", math.Sqrt},
		{"exp", "Returns e to the power of a number.", float.Exp},
		{"ln", "Returns the natural logarithm.", float.Log},
		{"log", "Returns the logarithm to base 10.", float.Log10},
		{"to_degrees", "Converts radians to degrees.", func(x float64) float64 { return x * (180 / math.Pi) }},
		{"to_radians", "Converts degrees to radians.", func(x float64) float64 { return x * (math.Pi / 180) }},
	} {
		l.with(floatLeaf(f.f)).fn(f.name+"(x: float) -> float", f.doc, onFloat(f.f))
	}
	for _, f := range []struct {
		name, doc string
		f         func(float64) float64
	}{
		{"floor", "Rounds down.", math.Floor},
		{"ceiling", "Rounds up.", math.Ceil},
		{"round", "Rounds to the nearest integer, away from 0 in the middle.", math.Round},
		{"int", "Returns the part before the decimal point.", math.Trunc},
		{"fraction", "Returns the part behind the decimal point.", func(x float64) float64 { return x - math.Trunc(x) }},
	} {
		l.with(floatLeaf(f.f)).prop(f.name+"(x: float) -> float", f.doc, onFloat(f.f))
	}
	for _, f := range []struct {
		name, doc string
		f         func(float64) bool
	}{
		{"is_nan", "Reports whether x is not a number.", math.IsNaN},
		{"is_finite", "Reports whether x is a number and not infinite.", func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }},
		{"is_infinite", "Reports whether x is infinite.", func(x float64) bool { return math.IsInf(x, 0) }},
	} {
		l.prop(f.name+"(x: float) -> bool", f.doc, func(_ context, a []dynamic) (dynamic, error) {
			return value.Bool(f.f(a[0].Float())), nil
		})
	}
	for _, f := range []struct {
		sig, doc string
		f        func(x, y float64) float64
	}{
		{"atan(x: float, y: float) -> float", "Returns the angle in radians with the tangent x / y, in the quadrant of both.", float.Atan2},
		{"hypot(x: float, y: float) -> float", "Returns the length of the hypotenuse of a right triangle.", float.Hypot},
		{"log(x: float, base: float) -> float", "Returns the logarithm to a base.", func(x, base float64) float64 { return float.Log(x) / float.Log(base) }},
	} {
		l.fn(f.sig, f.doc, func(_ context, a []dynamic) (dynamic, error) {
			return value.Float(f.f(a[0].Float(), a[1].Float())), nil
		})
	}
	l.fn("PI() -> float", "Returns the ratio of a circle's circumference to its diameter.", func(context, []dynamic) (dynamic, error) { return value.Float(math.Pi), nil })
	l.fn("E() -> float", "Returns the base of the natural logarithm.", func(context, []dynamic) (dynamic, error) { return value.Float(math.E), nil })
	registerNumberConversions(l)
}

func onFloat(f func(float64) float64) native {
	return func(_ context, a []dynamic) (dynamic, error) { return value.Float(f(a[0].Float())), nil }
}

func floatLeaf(f func(float64) float64) engine.LeafFunc {
	return func(a *dynamic, _ []dynamic) (dynamic, bool) { return value.Float(f(a.Float())), true }
}

func registerNumberConversions(l library) {
	l.doing("int").fn("to_int(x: int) -> int", "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0], nil })
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		x := a.Float()
		return value.Int(int64(x)), math.Abs(x) < 1<<62
	}).fn("to_int(x: float) -> int", "Returns the number without what is behind the decimal point.", func(_ context, a []dynamic) (dynamic, error) {
		return floatToInt(a[0].Float(), 64)
	})
	l.fn("to_int(x: f32) -> int", "Returns the number without what is behind the decimal point.", func(_ context, a []dynamic) (dynamic, error) {
		return floatToInt(float64(single(a[0])), 32)
	})
	l.fn("to_float(x: float) -> float", "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0], nil })
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		return value.Float(float64(a.Int())), true
	}).fn("to_float(x: int) -> float", "Returns the number as a float.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Float(float64(a[0].Int())), nil
	})
	l.fn("to_float(x: f32) -> float", "Returns the number as a float.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Float(float64(single(a[0]))), nil
	})
	for _, t := range sizedInts {
		l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
			return value.Int(t.toInt(*a)), true
		}).fn("to_int(x: "+t.name+") -> int", "Returns the number as an int.", func(_ context, a []dynamic) (dynamic, error) {
			return value.Int(t.toInt(a[0])), nil
		})
		l.fn("to_float(x: "+t.name+") -> float", "Returns the number as a float.", func(_ context, a []dynamic) (dynamic, error) {
			if t.signed {
				return value.Float(float64(t.toInt(a[0]))), nil
			}
			return value.Float(float64(t.bits(a[0]))), nil
		})
	}
	l.fn("parse_int(text: string) -> int", "Returns the integer that a text spells.", func(c context, a []dynamic) (dynamic, error) {
		return parseInt(c, a[0].Str(), 10)
	})
	l.fn("parse_int(text: string, radix: int) -> int", "Returns the integer that a text spells in a radix from 2 to 36.", func(c context, a []dynamic) (dynamic, error) {
		radix := a[1].Int()
		if radix < 2 || radix > 36 {
			return unit, arithmeticError("Invalid radix: '" + strconv.FormatInt(radix, 10) + "'")
		}
		return parseInt(c, a[0].Str(), int(radix))
	})
	l.fn("parse_float(text: string) -> float", "Returns the number that a text spells.", func(c context, a []dynamic) (dynamic, error) {
		return parseFloat(c, a[0].Str())
	})
}

func floatToInt(f float64, bits int) (dynamic, error) {
	switch {
	case math.IsNaN(f):
		return value.Int(0), nil
	case f > math.MaxInt64 || f < math.MinInt64:
		text := strconv.FormatFloat(f, 'f', -1, bits)
		if math.IsInf(f, 0) {
			text = value.FormatFloat(f)
		}
		return unit, arithmeticError("Integer overflow: to_int(" + text + ")")
	case f == 1<<63:
		return value.Int(math.MaxInt64), nil
	}
	return value.Int(int64(f)), nil
}

// maxShown is how much of a text that is no number its error shows.
const maxShown = 256

func parseInt(c context, text string, radix int) (dynamic, error) {
	lo, hi, err := trimmed(c, text)
	if err == nil {
		err = touch(c, len(text))
	}
	if err != nil {
		return unit, err
	}
	s := text[lo:hi]
	fail := func(why string) (dynamic, error) {
		return unit, arithmeticError("Error parsing integer number '" + value.CutText(text, maxShown) + "': " + why)
	}
	if s == "" {
		return fail("cannot parse integer from empty string")
	}
	digits := strings.TrimPrefix(s, "+")
	negative := s[0] == '-'
	if negative {
		digits = s[1:]
	}
	if digits == "" {
		return fail("invalid digit found in string")
	}
	n := int64(0) // of the sign that the result has
	for i := range len(digits) {
		d := digitOf(digits[i])
		if d >= radix {
			return fail("invalid digit found in string")
		}
		if negative {
			if n < (math.MinInt64+int64(d))/int64(radix) {
				return fail("number too small to fit in target type")
			}
			n = n*int64(radix) - int64(d)
		} else {
			if n > (math.MaxInt64-int64(d))/int64(radix) {
				return fail("number too large to fit in target type")
			}
			n = n*int64(radix) + int64(d)
		}
	}
	return value.Int(n), nil
}

// digitOf returns the value of a digit or letter, 36 for anything else.
func digitOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 36
}

func parseFloat(c context, text string) (dynamic, error) {
	lo, hi, err := trimmed(c, text)
	if err == nil {
		err = touch(c, len(text))
	}
	if err != nil {
		return unit, err
	}
	s := text[lo:hi]
	fail := func(why string) (dynamic, error) {
		return unit, arithmeticError("Error parsing floating-point number '" + value.CutText(text, maxShown) + "': " + why)
	}
	if s == "" {
		return fail("cannot parse float from empty string")
	}
	if strings.EqualFold(s, "-nan") || strings.EqualFold(s, "+nan") {
		return value.Float(math.NaN()), nil // which Go reads without a sign only
	}
	// An error of package strconv holds a copy of the text.
	cost := len(s) + 64
	if len(s) > maxShown {
		if err := c.Charge(cost); err != nil {
			return unit, err
		}
		cost = 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		if err := c.Charge(cost); err != nil {
			return unit, err
		}
	}
	if err != nil && err.(*strconv.NumError).Err == strconv.ErrRange {
		err = nil // what is too large is infinite
	}
	// Go also reads hexadecimal numbers and underscores.
	if err != nil || strings.ContainsAny(s, "xX_pP") {
		return fail("invalid float literal")
	}
	return value.Float(f), nil
}
