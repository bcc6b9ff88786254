package value

import (
	"math"
)

// epsilon is the tolerance of comparing floats, relative to the larger operand.
const epsilon = 2.220446049250313e-16

// floatScale returns what the difference of two floats is divided by before it is
// compared with the tolerance; of a number and NaN it is that of the number.
// (Rhai section "Floating-point comparison".)
func floatScale(x, y float64) float64 {
	x, y = math.Abs(x), math.Abs(y)
	switch {
	case x*y == 0:
		return 1
	case math.IsNaN(x):
		return y
	case math.IsNaN(y):
		return x
	}
	return max(x, y)
}

// FloatsEqual reports x == y with Rhai's tolerance. NaN equals 0 as in Rhai,
// where a scale of 0 means that there is no difference.
func FloatsEqual(x, y float64) bool {
	m := floatScale(x, y)
	return m == 0 || math.Abs(x-y)/m <= epsilon
}

// FloatsDiffer reports x != y with Rhai's tolerance: not the opposite of
// FloatsEqual, as neither holds for infinities and NaN.
func FloatsDiffer(x, y float64) bool { return math.Abs(x-y)/floatScale(x, y) > epsilon }

// FloatLess reports x < y with Rhai's tolerance.
func FloatLess(x, y float64) bool { return (y-x)/floatScale(x, y) > epsilon }

// FloatLessEqual reports x <= y with Rhai's tolerance.
func FloatLessEqual(x, y float64) bool { return (y-x)/floatScale(x, y) > -epsilon }

// Equal compares two values as the operator == does for builtin types, arrays
// and maps element by element. ok is false if the types have no comparison of
// their own: a function of the host may have to decide. It is safe for values
// of any depth.
func Equal(a, b Value) (equal, ok bool) {
	type pair struct{ a, b Value }
	work := []pair{{a, b}}
	for n := 0; len(work) > 0; n++ {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		x, y := p.a.Flat().Plain(), p.b.Flat().Plain()
		kx, ky := x.Kind(), y.Kind()
		if kx != ky {
			eq, ok := mixedEqual(x, y)
			if !eq {
				return false, ok
			}
			continue
		}
		switch kx {
		case KindUnit:
		case KindBool, KindInt, KindChar:
			if x.n != y.n {
				return false, true
			}
		case KindFloat:
			if !FloatsEqual(x.Float(), y.Float()) {
				return false, true
			}
		case KindString:
			if x.Str() != y.Str() {
				return false, true
			}
		case KindRange, KindRangeInclusive:
			s1, e1 := x.Range()
			s2, e2 := y.Range()
			if s1 != s2 || e1 != e2 {
				return false, true
			}
		case KindTime:
			if !x.Time().Equal(y.Time()) {
				return false, true
			}
		case KindBlob:
			if string(x.Blob().Bytes) != string(y.Blob().Bytes) {
				return false, true
			}
		case KindArray:
			if x.p == y.p && !containsFloat(x) {
				continue
			}
			ax, ay := x.Array().Items, y.Array().Items
			if len(ax) != len(ay) {
				return false, true
			}
			for i := len(ax) - 1; i >= 0; i-- {
				work = append(work, pair{ax[i], ay[i]})
			}
		case KindMap:
			mx, my := x.Map(), y.Map()
			if mx.Len() != my.Len() {
				return false, true
			}
			for i := mx.Len() - 1; i >= 0; i-- {
				k, v := mx.At(i)
				w, ok := my.Get(k)
				if !ok {
					return false, true
				}
				work = append(work, pair{v, w})
			}
		default:
			return false, false
		}
	}
	return true, true
}

// containsFloat reports whether an array holds anything that may differ from
// itself.
func containsFloat(v Value) bool {
	for _, x := range v.Array().Items {
		switch x.Kind() {
		case KindUnit, KindBool, KindInt, KindChar, KindString:
		default:
			return true
		}
	}
	return false
}

// mixedEqual compares values of different kinds.
func mixedEqual(x, y Value) (equal, ok bool) {
	switch {
	case x.IsInt() && y.IsFloat():
		return FloatsEqual(float64(x.Int()), y.Float()), true
	case x.IsFloat() && y.IsInt():
		return FloatsEqual(x.Float(), float64(y.Int())), true
	case x.IsChar() && y.IsString():
		return y.Str() == string(x.Char()), true
	case x.IsString() && y.IsChar():
		return x.Str() == string(y.Char()), true
	}
	if x.Kind() == KindHost || y.Kind() == KindHost {
		return false, false
	}
	return false, true
}
