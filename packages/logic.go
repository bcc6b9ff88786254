package packages

import (
	"cmp"
	"math"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerLogic(m *engine.Module) {
	l := library{m: m}
	l.fn("!(x: bool) -> bool", "Returns the opposite.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(!a[0].Bool()), nil })
	for _, t := range sizedInts {
		t.registerLogic(l)
	}
	l.doing("max").with(func(a *dynamic, rest []dynamic) (dynamic, bool) {
		return value.Int(max(a.Int(), rest[0].Int())), true
	}).fn("max(x: int, y: int) -> int", "Returns the greater number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(max(a[0].Int(), a[1].Int())), nil
	})
	l.doing("min").with(func(a *dynamic, rest []dynamic) (dynamic, bool) {
		return value.Int(min(a.Int(), rest[0].Int())), true
	}).fn("min(x: int, y: int) -> int", "Returns the smaller number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(min(a[0].Int(), a[1].Int())), nil
	})
	for _, types := range [][2]string{{"float", "float"}, {"int", "float"}, {"float", "int"}, {"f32", "float"}, {"float", "f32"}} {
		params := "(x: " + types[0] + ", y: " + types[1] + ") -> float"
		// With a number that is none the second argument wins.
		l.fn("max"+params, "Returns the greater number.", func(_ context, a []dynamic) (dynamic, error) {
			x, y := double(a[0]), double(a[1])
			if x >= y {
				return value.Float(x), nil
			}
			return value.Float(y), nil
		})
		l.fn("min"+params, "Returns the smaller number.", func(_ context, a []dynamic) (dynamic, error) {
			x, y := double(a[0]), double(a[1])
			if x <= y {
				return value.Float(x), nil
			}
			return value.Float(y), nil
		})
	}
	for _, types := range [][2]string{{"f32", "f32"}, {"int", "f32"}, {"f32", "int"}} {
		params := "(x: " + types[0] + ", y: " + types[1] + ")"
		l.fn("max"+params+" -> f32", "Returns the greater number.", func(_ context, a []dynamic) (dynamic, error) {
			x, y := single(a[0]), single(a[1])
			if x >= y {
				return value.NewHost(x), nil
			}
			return value.NewHost(y), nil
		})
		l.fn("min"+params+" -> f32", "Returns the smaller number.", func(_ context, a []dynamic) (dynamic, error) {
			x, y := single(a[0]), single(a[1])
			if x <= y {
				return value.NewHost(x), nil
			}
			return value.NewHost(y), nil
		})
		if types[0] == types[1] {
			registerComparisons(l, params, single)
		} else {
			registerTolerant(l, params)
		}
	}
}

// epsilon32 is the tolerance of comparing f32 with int, relative to the larger
// operand.
const epsilon32 = 1.1920929e-07

// registerTolerant adds the comparisons of f32 and int, where what differs only
// by rounding is equal.
func registerTolerant(l library, params string) {
	// distance returns y - x in units of the larger one.
	distance := func(a []dynamic) float64 {
		x, y := float64(single(a[0])), float64(single(a[1]))
		scale := 1.0
		if x*y != 0 {
			scale = max(math.Abs(x), math.Abs(y))
		}
		return (y - x) / scale
	}
	for _, o := range []struct {
		op, doc string
		f       func(d float64) bool
	}{
		{"<", "Reports whether x is less than y.", func(d float64) bool { return d > epsilon32 }},
		{"<=", "Reports whether x is at most y.", func(d float64) bool { return d > -epsilon32 }},
		{">", "Reports whether x is greater than y.", func(d float64) bool { return d < -epsilon32 }},
		{">=", "Reports whether x is at least y.", func(d float64) bool { return d < epsilon32 }},
		{"==", "Reports whether both are equal.", func(d float64) bool { return math.Abs(d) <= epsilon32 }},
		{"!=", "Reports whether both differ.", func(d float64) bool { return math.Abs(d) > epsilon32 }},
	} {
		l.fn(o.op+params+" -> bool", o.doc, func(_ context, a []dynamic) (dynamic, error) {
			return value.Bool(o.f(distance(a))), nil
		})
	}
}

// double returns an argument of type int, float or f32 as a float.
func double(v dynamic) float64 {
	switch {
	case v.IsInt():
		return float64(v.Int())
	case v.IsFloat():
		return v.Float()
	}
	return float64(single(v))
}

// registerOrder adds max, min and the comparisons of a type.
func registerOrder[T cmp.Ordered](l library, name string, get func(dynamic) T) {
	params := "(x: " + name + ", y: " + name + ")"
	l.fn("max"+params+" -> "+name, "Returns the greater number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.NewHost(max(get(a[0]), get(a[1]))), nil
	})
	l.fn("min"+params+" -> "+name, "Returns the smaller number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.NewHost(min(get(a[0]), get(a[1]))), nil
	})
	registerComparisons(l, params, get)
}

func registerComparisons[T cmp.Ordered](l library, params string, get func(dynamic) T) {
	for _, o := range []struct {
		op, doc string
		f       func(x, y T) bool
	}{
		{"<", "Reports whether x is less than y.", func(x, y T) bool { return x < y }},
		{"<=", "Reports whether x is at most y.", func(x, y T) bool { return x <= y }},
		{">", "Reports whether x is greater than y.", func(x, y T) bool { return x > y }},
		{">=", "Reports whether x is at least y.", func(x, y T) bool { return x >= y }},
		{"==", "Reports whether both are equal.", func(x, y T) bool { return x == y }},
		{"!=", "Reports whether both differ.", func(x, y T) bool { return x != y }},
	} {
		l.fn(o.op+params+" -> bool", o.doc, func(_ context, a []dynamic) (dynamic, error) {
			return value.Bool(o.f(get(a[0]), get(a[1]))), nil
		})
	}
}
