package packages

import (
	"math"
	"reflect"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// The values that range, chars and bits return. They are immutable: each loop
// begins anew.

// intSteps counts by step from start to before end.
type intSteps struct{ start, end, step int64 }

// floatSteps is intSteps for floats.
type floatSteps struct{ start, end, step float64 }

// charSteps goes over the characters of a text.
type charSteps struct{ text string }

// bitSteps goes over the lowest len bits of a number.
type bitSteps struct {
	bits uint64
	len  int
}

// String is what a debugger shows of them, as in Rhai the name of the type in its
// sources; for scripts it is range.
func (intSteps) String() string   { return "rhai::packages::iter_basic::StepRange<i64>" }
func (floatSteps) String() string { return "rhai::packages::iter_basic::StepRange<f64>" }
func (charSteps) String() string  { return "rhai::packages::iter_basic::CharsStream" }
func (bitSteps) String() string   { return "rhai::packages::iter_basic::BitRange" }

// ScriptString is what scripts show of them.
func (intSteps) ScriptString() string   { return "range" }
func (floatSteps) ScriptString() string { return "range" }
func (charSteps) ScriptString() string  { return "range" }
func (bitSteps) ScriptString() string   { return "range" }

func init() {
	// Also where no module is at hand to ask.
	for _, t := range []reflect.Type{
		reflect.TypeFor[intSteps](), reflect.TypeFor[floatSteps](), reflect.TypeFor[charSteps](), reflect.TypeFor[bitSteps](),
	} {
		value.HostTypeOf(t).Name = "range"
	}
}

func registerIterators(m *engine.Module) {
	l := library{m: m}
	l.fn("range(start: int, end: int) -> range", "Returns the integers from start to before end.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Range(a[0].Int(), a[1].Int(), false), nil
	})
	doc := "Returns an iterator from start to before end by steps that may be negative."
	l.fn("range(start: int, end: int, step: int) -> range", doc, func(c context, a []dynamic) (dynamic, error) {
		return stepRange(c, a[0].Int(), a[1].Int(), a[2].Int())
	})
	l.fn("range(range: range, step: int) -> range", doc, func(c context, a []dynamic) (dynamic, error) {
		start, end := a[0].Range()
		return stepRange(c, start, end, a[1].Int())
	})
	l.fn("range(start: float, end: float, step: float) -> range", doc, func(c context, a []dynamic) (dynamic, error) {
		s := floatSteps{a[0].Float(), a[1].Float(), a[2].Float()}
		if s.step == 0 {
			return unit, zeroStep(c)
		}
		return value.NewHost(s), nil
	})
	for _, t := range sizedInts {
		t.registerRange(l)
	}
	registerSteps(m)

	doc = "Returns an iterator over the characters of a text or of a part of it."
	chars := func(c context, a []dynamic) (dynamic, error) {
		s := a[0].Str()
		lo, hi := 0, len(s)
		if len(a) > 1 {
			start, length, _ := iterBounds(a[1:])
			var err error
			if lo, hi, err = partOf(c, s, start, length); err != nil {
				return unit, err
			}
		}
		return value.NewHost(charSteps{s[lo:hi]}), nil
	}
	l.prop("chars(text: string) -> range", doc, chars)
	l.fn("chars(text: string, start: int) -> range", doc, chars)
	l.fn("chars(text: string, start: int, len: int) -> range", doc, chars)
	l.fn("chars(text: string, range: range*) -> range", doc, chars)

	doc = "Returns an iterator over the bits of a number, the lowest first, or over some of them."
	l.prop("bits(number: int) -> range", doc, bits)
	l.fn("bits(number: int, start: int) -> range", doc, bits)
	l.fn("bits(number: int, start: int, len: int) -> range", doc, bits)
	l.fn("bits(number: int, range: range*) -> range", doc, bits)

	registerRangeProperties(l)
}

// iterBounds is bounds for iterators, where a reversed inclusive range is empty.
func iterBounds(a []dynamic) (start, length int64, used int) {
	if a[0].Kind() == value.KindRangeInclusive {
		if s, e := a[0].Range(); e < 0 || e < max(s, 0) {
			return max(s, 0), 0, 1
		}
	}
	return bounds(a)
}

func bits(c context, a []dynamic) (dynamic, error) {
	n := uint64(a[0].Int())
	from, length := int64(0), int64(64)
	if len(a) > 1 {
		from, length, _ = iterBounds(a[1:])
	}
	i, ok := index(64, from)
	if !ok {
		return unit, c.BitBounds(from)
	}
	length = max(min(length, int64(64-i)), 0)
	return value.NewHost(bitSteps{n >> uint(i), int(length)}), nil
}

// stepRange makes an iterator over integers.
func stepRange(c context, start, end, step int64) (dynamic, error) {
	if step == 0 {
		return unit, zeroStep(c)
	}
	return value.NewHost(intSteps{start, end, step}), nil
}

// zeroStep is the error of a range that would not get on.
func zeroStep(c context) error {
	return &engine.Error{
		Kind: engine.ErrInFunctionCall, Func: "range", Pos: c.Pos(),
		Inner: &engine.Error{Kind: engine.ErrArithmetic, Text: "step value cannot be zero"},
	}
}

// registerSteps makes the iterators usable in for.
func registerSteps(m *engine.Module) {
	for id, f := range map[value.TypeID]func(v dynamic) (next func() (dynamic, bool, error)){
		hostID[intSteps](): iterateInts, hostID[floatSteps](): iterateFloats,
		hostID[charSteps](): iterateChars, hostID[bitSteps](): iterateBits,
	} {
		m.SetIter(id, f)
		m.SetTypeName(id, "range")
	}
}

// registerRangeProperties adds the properties of ranges.
func registerRangeProperties(l library) {
	for _, t := range []string{"range", "range="} {
		inclusive := t == "range="
		l.prop("start(range: "+t+") -> int", "Returns the first number of a range.", func(_ context, a []dynamic) (dynamic, error) {
			start, _ := a[0].Range()
			return value.Int(start), nil
		})
		l.prop("end(range: "+t+") -> int", "Returns the end of a range.", func(_ context, a []dynamic) (dynamic, error) {
			_, end := a[0].Range()
			return value.Int(end), nil
		})
		l.prop("is_inclusive(range: "+t+") -> bool", "Reports whether a range includes its end.", func(context, []dynamic) (dynamic, error) {
			return value.Bool(inclusive), nil
		})
		l.prop("is_exclusive(range: "+t+") -> bool", "Reports whether a range excludes its end.", func(context, []dynamic) (dynamic, error) {
			return value.Bool(!inclusive), nil
		})
		l.prop("is_empty(range: "+t+") -> bool", "Reports whether no number is in a range.", func(_ context, a []dynamic) (dynamic, error) {
			start, end := a[0].Range()
			return value.Bool(start > end || start == end && !inclusive), nil
		})
		l.strict("contains(range: "+t+", number: int) -> bool", "Reports whether a number is in a range.", func(_ context, a []dynamic) (dynamic, error) {
			start, end := a[0].Range()
			n := a[1].Int()
			return value.Bool(n >= start && (n < end || inclusive && n == end)), nil
		})
	}
}

// next returns the iteration over integers. The number from which the next step
// would overflow is not reached, as in Rhai.
func (s intSteps) next() func() (int64, bool) {
	x := s.start
	return func() (int64, bool) {
		if s.step > 0 && x >= s.end || s.step < 0 && x <= s.end {
			return 0, false
		}
		now := x
		x += s.step
		if (x > now) != (s.step > 0) {
			x = s.end // overflow ends it, and swallows this one
			return 0, false
		}
		return now, true
	}
}

func iterateInts(v dynamic) func() (dynamic, bool, error) {
	next := v.Host().V.(intSteps).next()
	return func() (dynamic, bool, error) {
		x, ok := next()
		return value.Int(x), ok, nil
	}
}

func iterateFloats(v dynamic) func() (dynamic, bool, error) {
	s := v.Host().V.(floatSteps)
	x := s.start
	return func() (dynamic, bool, error) {
		if s.step > 0 && x >= s.end || s.step < 0 && x <= s.end || math.IsNaN(x) || math.IsNaN(s.step) || math.IsNaN(s.end) {
			return unit, false, nil
		}
		now := x
		if x += s.step; x == now {
			x = s.end // too large a number for the step to count
		}
		return value.Float(now), true, nil
	}
}

func iterateChars(v dynamic) func() (dynamic, bool, error) {
	text := v.Host().V.(charSteps).text
	return func() (dynamic, bool, error) {
		if text == "" {
			return unit, false, nil
		}
		r, n := utf8.DecodeRuneInString(text)
		text = text[n:]
		return value.Char(r), true, nil
	}
}

func iterateBits(v dynamic) func() (dynamic, bool, error) {
	s := v.Host().V.(bitSteps)
	return func() (dynamic, bool, error) {
		if s.len == 0 {
			return unit, false, nil
		}
		bit := s.bits&1 != 0
		s.bits >>= 1
		s.len--
		return value.Bool(bit), true, nil
	}
}
