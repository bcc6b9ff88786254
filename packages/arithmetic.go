package packages

import (
	"fmt"
	"math"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerArithmetic(m *engine.Module) {
	l := library{m: m}
	for _, t := range sizedInts {
		t.registerArithmetic(l)
	}
	l.fn("-(x: int) -> int", "Returns the negative number.", negateInt)
	l.fn("+(x: int) -> int", "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0], nil })
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		if n := a.Int(); n != math.MinInt64 {
			return value.Int(max(n, -n)), true
		}
		return unit, false
	}).fn("abs(x: int) -> int", "Returns the number without its sign.", func(c context, a []dynamic) (dynamic, error) {
		if a[0].Int() >= 0 {
			return a[0], nil
		}
		return negateInt(c, a)
	})
	l.fn("sign(x: int) -> int", "Returns -1, 0 or 1, the sign of a number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(signOf(a[0].Int())), nil
	})
	l.prop("is_zero(x: int) -> bool", "Reports whether a number is 0.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(a[0].Int() == 0), nil })
	l.prop("is_odd(x: int) -> bool", "Reports whether a number is odd.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(a[0].Int()&1 != 0), nil })
	l.prop("is_even(x: int) -> bool", "Reports whether a number is even.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(a[0].Int()&1 == 0), nil })

	l.fn("-(x: float) -> float", "Returns the negative number.", func(_ context, a []dynamic) (dynamic, error) { return value.Float(-a[0].Float()), nil })
	l.fn("+(x: float) -> float", "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0], nil })
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		return value.Float(math.Abs(a.Float())), true
	}).fn("abs(x: float) -> float", "Returns the number without its sign.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Float(math.Abs(a[0].Float())), nil
	})
	l.fn("sign(x: float) -> int", "Returns -1, 0 or 1, the sign of a number.", func(_ context, a []dynamic) (dynamic, error) {
		return floatSign(a[0].Float())
	})
	l.prop("is_zero(x: float) -> bool", "Reports whether a number is 0.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(a[0].Float() == 0), nil })
	registerFloat32(l)
}

func negateInt(_ context, a []dynamic) (dynamic, error) {
	x := a[0].Int()
	if x == math.MinInt64 {
		return unit, arithmeticError(fmt.Sprintf("Negation overflow: -%d", x))
	}
	return value.Int(-x), nil
}

func floatSign(f float64) (dynamic, error) {
	switch {
	case math.IsNaN(f):
		return unit, arithmeticError("Sign of NaN is undefined")
	case f > 0:
		return value.Int(1), nil
	case f < 0:
		return value.Int(-1), nil
	}
	return value.Int(0), nil
}

// single returns an argument of type f32 or int as a float32.
func single(v dynamic) float32 {
	if v.IsInt() {
		return float32(v.Int())
	}
	return v.Host().V.(float32)
}

// registerFloat32 adds the arithmetic of f32, alone and with int.
func registerFloat32(l library) {
	for _, o := range []struct {
		op, doc string
		f       func(x, y float32) float32
	}{
		{"+", "Returns the sum.", func(x, y float32) float32 { return x + y }},
		{"-", "Returns the difference.", func(x, y float32) float32 { return x - y }},
		{"*", "Returns the product.", func(x, y float32) float32 { return x * y }},
		{"/", "Returns the quotient.", func(x, y float32) float32 { return x / y }},
		{"%", "Returns the remainder.", func(x, y float32) float32 { return float32(math.Mod(float64(x), float64(y))) }},
	} {
		for _, types := range [][2]string{{"f32", "f32"}, {"f32", "int"}, {"int", "f32"}} {
			l.fn(o.op+"(x: "+types[0]+", y: "+types[1]+") -> f32", o.doc, func(_ context, a []dynamic) (dynamic, error) {
				return value.NewHost(o.f(single(a[0]), single(a[1]))), nil
			})
		}
	}
	l.fn("**(x: f32, y: f32) -> f32", "Returns x to the power of y.", func(_ context, a []dynamic) (dynamic, error) {
		return value.NewHost(float32(math.Pow(float64(single(a[0])), float64(single(a[1]))))), nil
	})
	l.fn("**(x: f32, y: int) -> f32", "Returns x to the power of y.", func(_ context, a []dynamic) (dynamic, error) {
		if y := a[1].Int(); y > math.MaxInt32 {
			return unit, arithmeticError(fmt.Sprintf("Number raised to too large an index: %s ** %d", value.Display(a[0]), y))
		}
		return value.NewHost(float32(math.Pow(float64(single(a[0])), float64(a[1].Int())))), nil
	})
	l.fn("-(x: f32) -> f32", "Returns the negative number.", func(_ context, a []dynamic) (dynamic, error) { return value.NewHost(-single(a[0])), nil })
	l.fn("+(x: f32) -> f32", "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0].Share(), nil })
	l.fn("abs(x: f32) -> f32", "Returns the number without its sign.", func(_ context, a []dynamic) (dynamic, error) {
		return value.NewHost(float32(math.Abs(float64(single(a[0]))))), nil
	})
	l.fn("sign(x: f32) -> int", "Returns -1, 0 or 1, the sign of a number.", func(_ context, a []dynamic) (dynamic, error) {
		return floatSign(float64(single(a[0])))
	})
	l.prop("is_zero(x: f32) -> bool", "Reports whether a number is 0.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(single(a[0]) == 0), nil })
}
