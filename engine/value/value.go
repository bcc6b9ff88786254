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
// # Copy on write
//
// Arrays, blobs, maps and host objects have value semantics in Rhai: every
// assignment copies. Here a copy is the 16 bytes plus a mark on the object
// ([Value.Share]); whoever writes calls an Own method first, which clones a
// marked object one level deep and marks its children. A mark is never taken
// back. Objects that several goroutines may see (constants of an AST, variables
// of a module) are frozen, that is marked deeply beforehand ([Freeze]), so that
// nobody ever writes their flags.
//
// Strings are immutable to their holders: an append-only buffer may be shared
// by values of different lengths, and appending claims the free tail by
// compare-and-swap, see [Append].
package value

import (
	"math"
	"time"
	"unsafe"
)

// Kind is the representation of a value.
type Kind uint8

// The kinds. Kinds from KindArray to KindTagged are copied on write; KindCell
// and above never reach a script or a native function.
const (
	KindUnit Kind = iota
	KindBool
	KindInt
	KindFloat
	KindChar
	KindString
	KindRange          // a..b
	KindRangeInclusive // a..=b
	KindTime
	KindFn
	KindArray
	KindBlob
	KindMap
	KindHost   // a Go value of any other type
	KindTagged // a value with a tag other than 0
	KindCell   // a variable shared by closures
	KindUndefined
)

type header struct {
	kind   Kind
	shared bool // more than one holder: clone before writing
}

// Value is one Rhai value. The zero Value is unit. Copying a Value copies the
// reference: use [Value.Share] when both copies stay in use and either may be
// written. A Value may be read by several goroutines at a time if it is frozen.
type Value struct {
	p *header
	n uint64
}

var (
	hdrBool      = header{kind: KindBool}
	hdrInt       = header{kind: KindInt}
	hdrFloat     = header{kind: KindFloat}
	hdrChar      = header{kind: KindChar}
	hdrUndefined = header{kind: KindUndefined}
)

// Unit is the value ().
var Unit = Value{}

// Undefined marks a register whose variable does not exist. It is never seen
// by scripts.
func Undefined() Value { return Value{p: &hdrUndefined} }

// Int makes an i64.
func Int(i int64) Value { return Value{&hdrInt, uint64(i)} }

// Float makes an f64.
func Float(f float64) Value { return Value{&hdrFloat, math.Float64bits(f)} }

// Bool makes a bool.
func Bool(b bool) Value {
	if b {
		return Value{&hdrBool, 1}
	}
	return Value{&hdrBool, 0}
}

// Char makes a char.
func Char(r rune) Value { return Value{&hdrChar, uint64(uint32(r))} }

// Kind returns the representation of v. A tagged value reports KindTagged; use
// [Value.Plain] to look inside.
func (v Value) Kind() Kind {
	if v.p == nil {
		return KindUnit
	}
	return v.p.kind
}

// IsUnit, IsInt, IsFloat, IsBool, IsChar, IsString, IsArray, IsMap, IsFn and
// IsUndefined test for one kind.
func (v *Value) IsUnit() bool      { return v.p == nil }
func (v *Value) IsInt() bool       { return v.p == &hdrInt }
func (v *Value) IsFloat() bool     { return v.p == &hdrFloat }
func (v *Value) IsBool() bool      { return v.p == &hdrBool }
func (v *Value) IsChar() bool      { return v.p == &hdrChar }
func (v *Value) IsString() bool    { return v.p != nil && v.p.kind == KindString }
func (v *Value) IsArray() bool     { return v.p != nil && v.p.kind == KindArray }
func (v *Value) IsMap() bool       { return v.p != nil && v.p.kind == KindMap }
func (v *Value) IsFn() bool        { return v.p != nil && v.p.kind == KindFn }
func (v *Value) IsCell() bool      { return v.p != nil && v.p.kind == KindCell }
func (v *Value) IsUndefined() bool { return v.p == &hdrUndefined }

// IsNumber reports whether v is an i64 or f64.
func (v *Value) IsNumber() bool { return v.p == &hdrInt || v.p == &hdrFloat }

// The accessors Int, Float, Bool, Char, Str, Array, Blob, Map, Fn, Host, Range,
// Time and Cell return the payload; v must be of that kind.
func (v *Value) Int() int64     { return int64(v.n) }
func (v *Value) Float() float64 { return math.Float64frombits(v.n) }
func (v *Value) Bool() bool     { return v.n != 0 }
func (v *Value) Char() rune     { return rune(uint32(v.n)) }

// The unsafe casts below are right because every heap object has its header as
// first field, and the kind in the header, which the caller has tested, tells
// which object it is.

func (v *Value) Array() *Array { return (*Array)(unsafe.Pointer(v.p)) }
func (v *Value) Blob() *Blob   { return (*Blob)(unsafe.Pointer(v.p)) }
func (v *Value) Map() *Map     { return (*Map)(unsafe.Pointer(v.p)) }
func (v *Value) Fn() *Fn       { return (*Fn)(unsafe.Pointer(v.p)) }
func (v *Value) Host() *Host   { return (*Host)(unsafe.Pointer(v.p)) }
func (v *Value) Cell() *Cell   { return (*Cell)(unsafe.Pointer(v.p)) }

// Range returns the bounds of a range of either kind; end is as written.
func (v *Value) Range() (start, end int64) {
	r := (*rangeObject)(unsafe.Pointer(v.p))
	return r.start, r.end
}

// Time returns the instant of a timestamp.
func (v *Value) Time() time.Time { return (*timeObject)(unsafe.Pointer(v.p)).t }

// SetInt, SetFloat and SetBool store a scalar. They write the pointer word only
// if it differs: a pointer store costs a write barrier while the collector
// marks, which made a recursive benchmark 2.8 times slower.
func (v *Value) SetInt(i int64) {
	if v.p != &hdrInt {
		v.p = &hdrInt
	}
	v.n = uint64(i)
}

func (v *Value) SetFloat(f float64) {
	if v.p != &hdrFloat {
		v.p = &hdrFloat
	}
	v.n = math.Float64bits(f)
}

func (v *Value) SetBool(b bool) {
	if v.p != &hdrBool {
		v.p = &hdrBool
	}
	var n uint64
	if b {
		n = 1
	}
	v.n = n
}

// SetTruth stores a bool given as 0 or 1. It is cheap enough to be inlined into
// large functions, which SetBool is not.
func (v *Value) SetTruth(n uint64) {
	if v.p != &hdrBool {
		v.p = &hdrBool
	}
	v.n = n
}

// PutInt and PutFloat store the payload of a value that is known to be an int
// or float already.
func (v *Value) PutInt(i int64)     { v.n = uint64(i) }
func (v *Value) PutFloat(f float64) { v.n = math.Float64bits(f) }

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

// IsPlain reports whether a copy of v needs no mark: it is not copied on write
// and no cell.
func (v *Value) IsPlain() bool { return v.p == nil || v.p.kind < KindArray }

// SameObject reports whether two containers are one object.
func (v *Value) SameObject(w *Value) bool { return v.p == w.p }

// IsShared reports whether v is an object that has to be cloned before writing.
func (v *Value) IsShared() bool { return v.p != nil && v.p.shared }

// Share marks the object behind v as held more than once and returns v. Call it
// on whatever is copied while the original stays in use.
func (v Value) Share() Value {
	if v.p == nil || v.p.kind < KindArray || v.p.shared {
		return v
	}
	v.p.shared = true
	if v.p.kind == KindTagged {
		(*tagged)(unsafe.Pointer(v.p)).v.Share()
	}
	return v
}

// Same reports whether v and w are the same reference or the same scalar bits.
func (v Value) Same(w Value) bool { return v.p == w.p && v.n == w.n }

type rangeObject struct {
	header
	start, end int64
}

type timeObject struct {
	header
	t time.Time
}

type tagged struct {
	header
	tag int32
	v   Value
}

// Range makes start..end, or start..=end if inclusive. An open end is
// math.MaxInt64.
func Range(start, end int64, inclusive bool) Value {
	k := KindRange
	if inclusive {
		k = KindRangeInclusive
	}
	return Value{p: &(&rangeObject{header{kind: k}, start, end}).header}
}

// Time makes a timestamp.
func Time(t time.Time) Value { return Value{p: &(&timeObject{header{kind: KindTime}, t}).header} }

// Tag returns the tag of v: 0 unless one was set.
func (v Value) Tag() int32 {
	if v.Kind() == KindTagged {
		return (*tagged)(unsafe.Pointer(v.p)).tag
	}
	return 0
}

// WithTag returns v with a tag. The tag survives copies; results of operations
// have tag 0.
func (v Value) WithTag(tag int32) Value {
	v = v.Plain()
	if tag == 0 {
		return v
	}
	return Value{p: &(&tagged{header{kind: KindTagged}, tag, v}).header}
}

// Plain returns v without its tag.
func (v Value) Plain() Value {
	if v.p != nil && v.p.kind == KindTagged {
		t := (*tagged)(unsafe.Pointer(v.p))
		if t.shared {
			t.v.Share()
		}
		return t.v
	}
	return v
}

// Cell is a variable that closures share. Scripts see the value inside.
type Cell struct {
	header
	V Value
	// Const is set for a constant that the host put into the scope.
	Const bool
	// Captured is set once a closure took the variable: only then is it shared
	// in the sense of is_shared.
	Captured bool
	// Locks counts the borrows of V as this or as a by-reference argument; a
	// second access meanwhile is a data race in the sense of Rhai.
	Locks int32
}

// NewCell makes a cell holding v.
func NewCell(v Value) Value { return Value{p: &(&Cell{header: header{kind: KindCell}, V: v}).header} }

// Value returns the reference to c.
func (c *Cell) Value() Value { return Value{p: &c.header} }

// Flat returns the value inside a cell, or v itself.
func (v Value) Flat() Value {
	if v.p != nil && v.p.kind == KindCell {
		return (*Cell)(unsafe.Pointer(v.p)).V
	}
	return v
}

// IsContainer reports whether v is an array or a map, whose elements are
// written in place.
func (v *Value) IsContainer() bool {
	return v.p != nil && (v.p.kind == KindArray || v.p.kind == KindMap)
}
