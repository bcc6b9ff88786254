// Package value is the data of Rhai scripts: the 16-byte Value and the heap
// objects behind it.
//
// # Layout
//
// A Value is a pointer to a header and a word of payload. Scalars point at one
// static header per kind and keep their payload in the word, so that a type
// test is one pointer comparison and a scalar never allocates; unit is the nil
// pointer, so that the zero Value is unit and cleared memory is valid. Heap
// objects begin with their header; a string keeps its length in the word.
//
// A value with a tag is a box around the plain value. The box is transparent:
// all methods see the value inside, and those that write keep the tag. Only
// [Value.Tag] tells the difference.
//
// # Copy on write
//
// Arrays, blobs, maps and host objects have value semantics in Rhai: every
// assignment copies. Here a copy is the 16 bytes plus a mark on the object
// ([Value.Share]); whoever writes calls an Own method first, which clones a
// marked object one level deep and marks its children. A mark is never taken
// back.
//
// Whatever several goroutines may see (constants of an AST, variables of a
// module, all that a run gives to its host) is frozen: everything reachable is
// marked beforehand ([Freeze]), so that nobody ever writes to it again.
//
// Strings are immutable to their holders: an append-only buffer may be shared
// by values of different lengths, and appending claims the free tail by
// compare-and-swap, see [Append].
//
// # Safety
//
// The methods of Value check what they are called on. One that returns a payload
// panics with a [*KindError] if the value is of another kind; its counterpart
// with As in its name reports false instead.
package value

import (
	"math"
	"time"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Kind is the representation of a value, without its tag.
type Kind uint8

// The kinds. Kinds from KindArray on are copied on write.
const (
	KindUnit           = Kind(object.Unit)
	KindBool           = Kind(object.Bool)
	KindInt            = Kind(object.Int)
	KindFloat          = Kind(object.Float)
	KindChar           = Kind(object.Char)
	KindString         = Kind(object.String)
	KindRange          = Kind(object.Range)          // a..b
	KindRangeInclusive = Kind(object.RangeInclusive) // a..=b
	KindTime           = Kind(object.Time)
	KindFn             = Kind(object.Fn)
	KindArray          = Kind(object.Array)
	KindBlob           = Kind(object.Blob)
	KindMap            = Kind(object.Map)
	KindHost           = Kind(object.Host) // a Go value of any other type

	kindTagged = Kind(object.Tagged)
	kindCell   = Kind(object.Cell)
)

// String returns the name that Rhai has for values of the kind, "host" for Go
// values of other types.
func (k Kind) String() string {
	switch {
	case k < KindHost:
		return TypeID(k + 1).Name()
	case k == KindHost:
		return "host"
	case k == kindCell:
		return "variable"
	}
	return "undefined"
}

type header = object.Header

// Value is one Rhai value. The zero Value is unit. Copying a Value copies the
// reference: use [Value.Share] when both copies stay in use and either may be
// written. A Value may be read by several goroutines at a time if it is frozen.
type Value struct {
	p *header
	n uint64
}

// Unit is the value ().
var Unit = Value{}

// Int makes an i64.
func Int(i int64) Value { return Value{&object.IntHeader, uint64(i)} }

// Float makes an f64.
func Float(f float64) Value { return Value{&object.FloatHeader, math.Float64bits(f)} }

// Bool makes a bool.
func Bool(b bool) Value {
	if b {
		return Value{&object.BoolHeader, 1}
	}
	return Value{&object.BoolHeader, 0}
}

// Char makes a char.
func Char(r rune) Value { return Value{&object.CharHeader, uint64(uint32(r))} }

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if v.p == nil {
		return KindUnit
	}
	if v.p.Kind != object.Tagged {
		return Kind(v.p.Kind)
	}
	return v.Plain().Kind()
}

// is reports whether v is a heap object of a kind, tagged or not.
func (v *Value) is(k object.Kind) bool {
	return v.p != nil && (v.p.Kind == k || v.p.Kind == object.Tagged && v.isBoxed(k))
}

func (v *Value) isBoxed(k object.Kind) bool {
	in := &v.box().v
	if in.p == nil {
		return k == object.Unit
	}
	return in.p.Kind == k
}

// IsUnit, IsInt, IsFloat, IsBool, IsChar, IsString, IsArray, IsMap and IsFn test
// for one kind.
func (v *Value) IsUnit() bool   { return v.p == nil || v.is(object.Unit) }
func (v *Value) IsInt() bool    { return v.p == &object.IntHeader || v.is(object.Int) }
func (v *Value) IsFloat() bool  { return v.p == &object.FloatHeader || v.is(object.Float) }
func (v *Value) IsBool() bool   { return v.p == &object.BoolHeader || v.is(object.Bool) }
func (v *Value) IsChar() bool   { return v.p == &object.CharHeader || v.is(object.Char) }
func (v *Value) IsString() bool { return v.is(object.String) }
func (v *Value) IsArray() bool  { return v.is(object.Array) }
func (v *Value) IsMap() bool    { return v.is(object.Map) }
func (v *Value) IsFn() bool     { return v.is(object.Fn) }

// IsNumber reports whether v is an i64 or f64.
func (v *Value) IsNumber() bool { return v.IsInt() || v.IsFloat() }

// IsContainer reports whether v is an array or a map, whose elements are
// written in place.
func (v *Value) IsContainer() bool { return v.is(object.Array) || v.is(object.Map) }

// SetInt, SetFloat and SetBool store a scalar. They write the pointer word only
// if it differs: a pointer store costs a write barrier while the collector
// marks, which made a recursive benchmark 2.8 times slower.
func (v *Value) SetInt(i int64) {
	if v.p != &object.IntHeader {
		v.p = &object.IntHeader
	}
	v.n = uint64(i)
}

func (v *Value) SetFloat(f float64) {
	if v.p != &object.FloatHeader {
		v.p = &object.FloatHeader
	}
	v.n = math.Float64bits(f)
}

func (v *Value) SetBool(b bool) {
	if v.p != &object.BoolHeader {
		v.p = &object.BoolHeader
	}
	var n uint64
	if b {
		n = 1
	}
	v.n = n
}

// SetUnit makes v unit.
func (v *Value) SetUnit() {
	if v.p != nil {
		v.p = nil
	}
}

// Copy stores the reference of src in v without marking it, writing the pointer
// word only if it differs.
func (v *Value) Copy(src *Value) {
	p := src.p
	if v.p != p {
		v.p = p
	}
	v.n = src.n
}

// IsPlain reports whether a copy of v needs no mark: it is not copied on write.
func (v *Value) IsPlain() bool { return v.p == nil || v.p.Kind < object.Array }

// SameObject reports whether two containers are one object.
func (v *Value) SameObject(w *Value) bool { return v.p == w.p }

// IsShared reports whether v is an object that has to be cloned before writing.
func (v *Value) IsShared() bool {
	return v.p != nil && (v.p.Shared || v.p.Kind == object.Tagged && v.box().v.IsShared())
}

// Share marks the object behind v as held more than once and returns v. Call it
// on whatever is copied while the original stays in use.
func (v Value) Share() Value {
	if v.p == nil || v.p.Kind < object.Array || v.p.Shared {
		return v
	}
	v.p.Shared = true
	if v.p.Kind == object.Tagged {
		v.box().v.Share()
	}
	return v
}

// Same reports whether v and w are the same reference or the same scalar bits.
func (v Value) Same(w Value) bool {
	return v.p == w.p && (v.n == w.n || v.p != nil && v.p.Kind == object.Array) // the word tells of its room
}

type rangeObject struct {
	h          header
	start, end int64
}

type timeObject struct {
	h header
	t time.Time
}

// Range makes start..end, or start..=end if inclusive. An open end is
// math.MaxInt64.
func Range(start, end int64, inclusive bool) Value {
	k := object.Range
	if inclusive {
		k = object.RangeInclusive
	}
	return Value{p: &(&rangeObject{header{Kind: k}, start, end}).h}
}

// Time makes a timestamp.
func Time(t time.Time) Value { return Value{p: &(&timeObject{header{Kind: object.Time}, t}).h} }

// cell returns the variable behind v, which must be one.
func (v *Value) cell() *object.CellObject[Value] {
	return (*object.CellObject[Value])(unsafe.Pointer(v.p))
}

// Flat returns the value inside a variable that closures share, or v itself. All
// values that a host sees are flat but for the curried arguments of a function.
// Of a variable that another run holds at that moment it returns unit.
func (v Value) Flat() Value {
	if v.p != nil && v.p.Kind == object.Cell {
		return v.content()
	}
	return v
}
