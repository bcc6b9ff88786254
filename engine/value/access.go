package value

import (
	"fmt"
	"math"
	"time"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// KindError is what a method panics with that was called on a value of another
// kind. If that happens in a native function the script gets an error.
type KindError struct {
	Want, Got Kind
}

// Error names both kinds.
func (e *KindError) Error() string {
	return fmt.Sprintf("value is a %s where a %s is needed", e.Got, e.Want)
}

// plain returns v if it is of a kind, else the value in its box if that is. It
// panics if neither is.
func (v *Value) plain(want Kind) *Value {
	if v.p != nil && v.p.Kind == object.Tagged {
		v = &v.box().v
	}
	got := KindUnit
	if v.p != nil {
		got = Kind(v.p.Kind)
	}
	if got != want {
		panic(&KindError{want, got})
	}
	return v
}

// Int, Float, Bool, Char and the accessors below return the payload of a value of
// that kind. They panic with a [*KindError] if v is of another.
func (v *Value) Int() int64 {
	if v.p != &object.IntHeader {
		v = v.plain(KindInt)
	}
	return int64(v.n)
}

func (v *Value) Float() float64 {
	if v.p != &object.FloatHeader {
		v = v.plain(KindFloat)
	}
	return math.Float64frombits(v.n)
}

func (v *Value) Bool() bool {
	if v.p != &object.BoolHeader {
		v = v.plain(KindBool)
	}
	return v.n != 0
}

func (v *Value) Char() rune {
	if v.p != &object.CharHeader {
		v = v.plain(KindChar)
	}
	return rune(uint32(v.n))
}

// The unsafe casts below are right because every heap object has its header as
// first field, and the kind in the header, which is tested before, tells which
// object it is.

// object returns the object behind v, which must be of that kind.
func (v *Value) object(want object.Kind) unsafe.Pointer {
	if v.p == nil || v.p.Kind != want {
		v = v.plain(Kind(want))
	}
	return unsafe.Pointer(v.p)
}

// Array returns the object behind an array. Read its elements at will, and write
// only to what [Value.OwnArray] returns.
func (v *Value) Array() *Array { return (*Array)(v.object(object.Array)) }

// Blob returns the object behind a blob; write only to what [Value.OwnBlob]
// returns.
func (v *Value) Blob() *Blob { return (*Blob)(v.object(object.Blob)) }

// Map returns the object behind a map; write only to what [Value.OwnMap] returns.
func (v *Value) Map() *Map { return (*Map)(v.object(object.Map)) }

// Fn returns the function behind a function pointer.
func (v *Value) Fn() *Fn { return (*Fn)(v.object(object.Fn)) }

// Host returns the object behind a Go value; write only to what [Value.OwnHost]
// returns.
func (v *Value) Host() *Host { return (*Host)(v.object(object.Host)) }

// Range returns the bounds of a range of either kind; end is as written.
func (v *Value) Range() (start, end int64) {
	kind := object.Range
	if v.is(object.RangeInclusive) {
		kind = object.RangeInclusive
	}
	r := (*rangeObject)(v.object(kind))
	return r.start, r.end
}

// Time returns the instant of a timestamp.
func (v *Value) Time() time.Time { return (*timeObject)(v.object(object.Time)).t }

// Str returns the text of a string. It stays valid whatever is appended to v.
func (v *Value) Str() string {
	if v.p == nil || v.p.Kind != object.String {
		v = v.plain(KindString)
	}
	t := (*text)(unsafe.Pointer(v.p))
	// The bytes below n are claimed, hence immutable.
	return unsafe.String(t.Data, int(v.n))
}

// StrLen returns the length of a string in bytes.
func (v *Value) StrLen() int {
	if v.p == nil || v.p.Kind != object.String {
		v = v.plain(KindString)
	}
	return int(v.n)
}

// as returns the value inside a variable or box if it is of a kind.
func (v Value) as(k Kind) (Value, bool) {
	v = v.Flat().Plain()
	return v, v.Kind() == k
}

// AsInt returns the number of an i64; ok is false if v is of another kind.
func (v Value) AsInt() (i int64, ok bool) {
	if v, ok := v.as(KindInt); ok {
		return v.Int(), true
	}
	return 0, false
}

// AsFloat returns the number of an f64; ok is false if v is of another kind.
func (v Value) AsFloat() (f float64, ok bool) {
	if v, ok := v.as(KindFloat); ok {
		return v.Float(), true
	}
	return 0, false
}

// AsBool returns the truth of a bool; ok is false if v is of another kind.
func (v Value) AsBool() (b, ok bool) {
	if v, ok := v.as(KindBool); ok {
		return v.Bool(), true
	}
	return false, false
}

// AsChar returns the character of a char; ok is false if v is of another kind.
func (v Value) AsChar() (r rune, ok bool) {
	if v, ok := v.as(KindChar); ok {
		return v.Char(), true
	}
	return 0, false
}

// AsString returns the text of a string; ok is false if v is of another kind.
func (v Value) AsString() (s string, ok bool) {
	if v, ok := v.as(KindString); ok {
		return v.Str(), true
	}
	return "", false
}

// AsArray returns the object behind an array; ok is false if v is of another kind.
func (v Value) AsArray() (a *Array, ok bool) {
	if v, ok := v.as(KindArray); ok {
		return v.Array(), true
	}
	return nil, false
}

// AsBlob returns the object behind a blob; ok is false if v is of another kind.
func (v Value) AsBlob() (b *Blob, ok bool) {
	if v, ok := v.as(KindBlob); ok {
		return v.Blob(), true
	}
	return nil, false
}

// AsMap returns the object behind a map; ok is false if v is of another kind.
func (v Value) AsMap() (m *Map, ok bool) {
	if v, ok := v.as(KindMap); ok {
		return v.Map(), true
	}
	return nil, false
}

// AsFn returns the function behind a pointer; ok is false if v is of another kind.
func (v Value) AsFn() (f *Fn, ok bool) {
	if v, ok := v.as(KindFn); ok {
		return v.Fn(), true
	}
	return nil, false
}

// AsTime returns the instant of a timestamp; ok is false if v is of another kind.
func (v Value) AsTime() (t time.Time, ok bool) {
	if v, ok := v.as(KindTime); ok {
		return v.Time(), true
	}
	return time.Time{}, false
}

// AsHost returns the Go value behind a value of a type of the host; ok is false if
// v is of another kind.
func (v Value) AsHost() (x any, ok bool) {
	if v, ok := v.as(KindHost); ok {
		return v.Host().V, true
	}
	return nil, false
}
