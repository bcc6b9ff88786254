package value

import (
	"math"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
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
func FloatLessEqual(x, y float64) bool {
	m := floatScale(x, y)
	return m == 0 || (y-x)/m > -epsilon
}

// Equal compares two values as the operator == does for builtin types, arrays
// and maps element by element. ok is false if the types have no comparison of
// their own: a function of the host may have to decide. It is safe for values
// of any depth and for cycles.
func Equal(a, b Value) (equal, ok bool) {
	equal, ok, _ = compare(nil, a, b, nil)
	return equal, ok
}

// EqualMetered is Equal under the eyes of a meter. other decides about two values
// that have no comparison of their own; without it, or if it reports ok false,
// that is the end of the comparison. An error of either ends it as well.
func EqualMetered(meter Meter, a, b Value, other func(x, y Value) (equal bool, err error)) (equal, ok bool, err error) {
	return compare(meter, a, b, other)
}

// pairFrame is a pair of containers whose elements are being compared.
type pairFrame struct {
	x, y Value
	i    int
}

// pairKey are two objects that were met together.
type pairKey struct{ x, y *header }

// pairs walks two values side by side without recursion. Two objects that were
// found together before are not compared again: had they differed, there would be
// nothing left to compare. So shared structure costs what it takes in memory, and
// cycles end.
type pairs struct {
	gauge
	stack []pairFrame
	seen  map[pairKey]struct{}
	nodes int
}

// again reports whether two objects were met together before.
func (p *pairs) again(x, y *header) (bool, error) {
	if p.nodes++; p.nodes < visitFree {
		return false, nil
	}
	k := pairKey{x, y}
	if _, ok := p.seen[k]; ok {
		return true, nil
	}
	if p.seen == nil {
		p.seen = map[pairKey]struct{}{}
	}
	if err := p.charge(48); err != nil {
		return false, err
	}
	p.seen[k] = struct{}{}
	return false, nil
}

// open begins with the elements of two containers of the same length.
func (p *pairs) open(x, y Value) error {
	if x.p.Shared && y.p.Shared || x.p == y.p || x.p.Kind == object.Fn {
		if done, err := p.again(x.p, y.p); done || err != nil {
			return err
		}
	}
	if len(p.stack) == cap(p.stack) {
		room := max(2, 2*len(p.stack))
		if err := p.charge(40 * room); err != nil {
			return err
		}
		p.stack = append(make([]pairFrame, 0, room), p.stack...)
	}
	if x.p.Kind == object.Map {
		if err := x.Map().sort(&p.gauge); err != nil {
			return err
		}
	}
	p.stack = append(p.stack, pairFrame{x: x, y: y})
	return nil
}

// next returns the next two elements, ok false if there are no more. same is
// false if a property of the one has no counterpart.
func (p *pairs) next() (x, y Value, same, ok bool) {
	for n := len(p.stack); n > 0; n-- {
		top := &p.stack[n-1]
		i := top.i
		top.i++
		switch top.x.p.Kind {
		case object.Array:
			if a, b := top.x.Array().Items, top.y.Array().Items; i < len(a) && i < len(b) {
				return a[i], b[i], true, true
			}
		case object.Map:
			if m := top.x.Map(); i < m.Len() {
				name, val := m.at(i)
				v, ok := top.y.Map().Get(name)
				return *val, v, ok, true
			}
		case object.Fn:
			if a, b := top.x.Fn().Curry, top.y.Fn().Curry; i < len(a) {
				return a[i], b[i], true, true
			}
		}
		p.stack[n-1] = pairFrame{}
		p.stack = p.stack[:n-1]
	}
	return Unit, Unit, true, false
}

// bare takes cells and tags off two elements. done is true if they are two cells
// that were met before.
func (p *pairs) bare(a, b Value) (x, y Value, done bool, err error) {
	if (a.Kind() == kindCell) && (b.Kind() == kindCell) {
		if done, err = p.again(a.p, b.p); done || err != nil {
			return a, b, done, err
		}
	}
	return a.Flat().Plain(), b.Flat().Plain(), false, nil
}

func compare(meter Meter, a, b Value, other func(x, y Value) (bool, error)) (equal, ok bool, err error) {
	p := pairs{gauge: gauge{meter: meter}}
	for {
		x, y, done, err := p.bare(a, b)
		if err != nil {
			return false, true, err
		}
		if !done {
			if equal, ok, err := p.compare(x, y, other); !equal || err != nil {
				if err == nil {
					err = p.done()
				}
				return false, ok, err
			}
		}
		same, more := true, false
		if a, b, same, more = p.next(); !more {
			return true, true, p.done()
		}
		if !same {
			return false, true, p.done()
		}
		if err := p.work(nodeSize); err != nil {
			return false, true, err
		}
	}
}

// compare compares two plain values; it opens containers.
func (p *pairs) compare(x, y Value, other func(x, y Value) (bool, error)) (equal, ok bool, err error) {
	kx, ky := x.Kind(), y.Kind()
	if kx != ky {
		if equal, ok = mixedEqual(x, y); ok || other == nil {
			return equal, ok, nil
		}
		equal, err = other(x, y)
		return equal, true, err
	}
	switch kx {
	case KindUnit:
		return true, true, nil
	case KindBool, KindInt, KindChar:
		return x.n == y.n, true, nil
	case KindFloat:
		return FloatsEqual(x.Float(), y.Float()), true, nil
	case KindString:
		if x.n != y.n {
			return false, true, nil
		}
		equal, err = p.textsEqual(x.Str(), y.Str())
		return equal, true, err
	case KindRange, KindRangeInclusive:
		s1, e1 := x.Range()
		s2, e2 := y.Range()
		return s1 == s2 && e1 == e2, true, nil
	case KindTime:
		return x.Time().Equal(y.Time()), true, nil
	case KindBlob:
		a, b := x.Blob().Bytes, y.Blob().Bytes
		if len(a) != len(b) {
			return false, true, nil
		}
		equal, err = p.textsEqual(bytesText(a), bytesText(b))
		return equal, true, err
	case KindArray:
		if len(x.Array().Items) != len(y.Array().Items) {
			return false, true, nil
		}
		return true, true, p.open(x, y)
	case KindMap:
		if x.Map().Len() != y.Map().Len() {
			return false, true, nil
		}
		return true, true, p.open(x, y)
	}
	if other == nil {
		return false, false, nil
	}
	equal, err = other(x, y)
	return equal, true, err
}

// bytesText looks at bytes as at a text; they must not change meanwhile.
func bytesText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

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
