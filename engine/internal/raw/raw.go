// Package raw gives the machine the unchecked view of values: payloads read and
// written without a look at the kind, and the objects that hosts must not make or
// take apart. Whoever calls it has tested the kind before, or knows it by
// construction; nothing here is reachable for hosts and scripts.
//
// The functions that the run loop uses are small enough to be inlined into it.
package raw

import (
	"math"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// view is the layout of value.Value: the conversions below are right because both
// have the same fields, which a test compares. They stand in every function, as the
// call of another one would make it too large to be inlined into the run loop.
type view struct {
	p *object.Header
	n uint64
}

// Kind returns the representation of v, tags and variables of closures included.
func Kind(v *value.Value) object.Kind {
	if p := (*view)(unsafe.Pointer(v)).p; p != nil {
		return p.Kind
	}
	return object.Unit
}

// IsInt, IsFloat and IsBool are false for tagged values.
func IsInt(v *value.Value) bool   { return (*view)(unsafe.Pointer(v)).p == &object.IntHeader }
func IsFloat(v *value.Value) bool { return (*view)(unsafe.Pointer(v)).p == &object.FloatHeader }
func IsBool(v *value.Value) bool  { return (*view)(unsafe.Pointer(v)).p == &object.BoolHeader }

// IsChar is false for tagged values. [Int] returns the code of the character.
func IsChar(v *value.Value) bool { return (*view)(unsafe.Pointer(v)).p == &object.CharHeader }

// IsUnit is false for a tagged unit.
func IsUnit(v *value.Value) bool { return (*view)(unsafe.Pointer(v)).p == nil }

// IsArray, IsMap and IsContainer are false for tagged values.
func IsArray(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.Array
}
func IsMap(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.Map
}

// IsString is false for a tagged string. [Int] returns its length in bytes.
func IsString(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.String
}

// TextData returns where the bytes of an untagged string are.
func TextData(v *value.Value) unsafe.Pointer {
	return unsafe.Pointer((*object.TextObject)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p)).Data)
}

// IsScalar reports whether v is (), or a bool, number or character without a tag.
func IsScalar(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p == nil || p.Kind < object.String
}

// TextIs reports whether an untagged string is the very same string as s.
func TextIs(s *string, v *value.Value) bool {
	return unsafe.Pointer(unsafe.StringData(*s)) == TextData(v) && len(*s) == int((*view)(unsafe.Pointer(v)).n)
}

// KeyHash mixes the place and the length of an untagged string. Its upper half is the
// best.
func KeyHash(v *value.Value) uint64 {
	return (uint64(uintptr(TextData(v))) ^ (*view)(unsafe.Pointer(v)).n<<48) * 0x9E3779B97F4A7C15
}

// TextHash mixes the place of an untagged string. Its upper bits are the best.
func TextHash(v *value.Value) uint64 { return uint64(uintptr(TextData(v))) * 0x9E3779B97F4A7C15 }

// IsBlob is false for a tagged blob.
func IsBlob(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.Blob
}

// Blob returns the object behind an untagged blob.
func Blob(v *value.Value) *value.Blob {
	return (*value.Blob)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}

// MayBeFn is false for what is certainly no function pointer, with or without a tag, nor a
// variable that has one.
func MayBeFn(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && (p.Kind == object.Fn || p.Kind >= object.Host)
}

// IsContainer reports whether v is an array or map without a tag.
func IsContainer(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && (p.Kind == object.Array || p.Kind == object.Map)
}

// Int, Float and Bool return the payload of an untagged scalar of that kind; of
// any other value they return what its word holds.
func Int(v *value.Value) int64     { return int64((*view)(unsafe.Pointer(v)).n) }
func Float(v *value.Value) float64 { return math.Float64frombits((*view)(unsafe.Pointer(v)).n) }
func Bool(v *value.Value) bool     { return (*view)(unsafe.Pointer(v)).n != 0 }

// PutInt and PutFloat store the payload of a value that is an untagged int or
// float already.
func PutInt(v *value.Value, i int64)     { (*view)(unsafe.Pointer(v)).n = uint64(i) }
func PutFloat(v *value.Value, f float64) { (*view)(unsafe.Pointer(v)).n = math.Float64bits(f) }

// SetTruth stores a bool given as 0 or 1. It is cheap enough to be inlined into
// the run loop, which Value.SetBool is not.
func SetTruth(v *value.Value, n uint64) {
	w := (*view)(unsafe.Pointer(v))
	if w.p != &object.BoolHeader {
		w.p = &object.BoolHeader
	}
	w.n = n
}

// SetChar stores the character with a code. It is cheap enough to be inlined into the
// run loop, too.
func SetChar(v *value.Value, c uint64) {
	w := (*view)(unsafe.Pointer(v))
	if w.p != &object.CharHeader {
		w.p = &object.CharHeader
	}
	w.n = c
}

// Array and Map return the object behind an untagged array or map.
func Array(v *value.Value) *value.Array {
	return (*value.Array)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}
func Map(v *value.Value) *value.Map {
	return (*value.Map)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}

// IsShared reports whether an object of any kind but a tagged one has more than
// one holder.
func IsShared(v *value.Value) bool { p := (*view)(unsafe.Pointer(v)).p; return p != nil && p.Shared }

// Undefined marks a register whose variable does not exist. It is never seen by
// scripts.
func Undefined() value.Value {
	w := view{p: &object.UndefinedHeader}
	return *(*value.Value)(unsafe.Pointer(&w))
}

// IsUndefined reports whether v is that mark.
func IsUndefined(v *value.Value) bool { return (*view)(unsafe.Pointer(v)).p == &object.UndefinedHeader }

// MapObject is the layout of value.Map. A test compares the two.
type MapObject = object.MapObject[value.Value]

// MapFields returns the fields of a map.
func MapFields(m *value.Map) *MapObject { return (*MapObject)(unsafe.Pointer(m)) }

// SameText reports whether two strings are the very same bytes.
func SameText(a, b *string) bool {
	return unsafe.StringData(*a) == unsafe.StringData(*b) && len(*a) == len(*b)
}

// Hit returns the place of the value of key if it is in that slot of m and the
// key is the very same string, else nil.
func Hit(m *value.Map, slot uint, key string) *value.Value {
	o := (*MapObject)(unsafe.Pointer(m))
	if slot < uint(len(o.Vals)) {
		// There is a name for each value.
		e := (*string)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(o.Keys.Names)), uintptr(slot)*unsafe.Sizeof(key)))
		if unsafe.StringData(*e) == unsafe.StringData(key) && len(*e) == len(key) {
			return &o.Vals[slot]
		}
	}
	return nil
}

// HitText is Hit for a key that equals the one in the slot.
func HitText(m *value.Map, slot uint, key string) *value.Value {
	o := (*MapObject)(unsafe.Pointer(m))
	if slot < uint(len(o.Vals)) && o.Keys.Names[slot] == key {
		return &o.Vals[slot]
	}
	return nil
}

// Object returns the identity of the object behind v, nil for unit. Scalars of one
// kind have the same.
func Object(v *value.Value) *object.Header { return (*view)(unsafe.Pointer(v)).p }

// Mark prepares an array or map for a second holder, and reports true.
func Mark(v *value.Value) bool {
	if p := (*view)(unsafe.Pointer(v)).p; !p.Shared {
		p.Shared = true
	}
	return true
}
