package packages

import (
	"cmp"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerLogic(m *engine.Module) {
	l := library{m}
	l.fn("!(x: bool) -> bool", "Returns the opposite.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(!a[0].Bool()), nil })
	for _, t := range sizedInts {
		t.registerLogic(l)
	}
	l.fn("max(x: int, y: int) -> int", "Returns the greater number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(max(a[0].Int(), a[1].Int())), nil
	})
	l.fn("min(x: int, y: int) -> int", "Returns the smaller number.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(min(a[0].Int(), a[1].Int())), nil
	})
	for _, types := range [][2]string{{"float", "float"}, {"int", "float"}, {"float", "int"}} {
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
		registerComparisons(l, params, single)
	}
}

// double returns an argument of type int or float as a float.
func double(v dynamic) float64 {
	if v.IsInt() {
		return float64(v.Int())
	}
	return v.Float()
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
