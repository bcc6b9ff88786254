package value

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Array is the object behind an array. Items may be read at will; write only
// through [Value.OwnArray].
type Array struct {
	h     header
	Items []Value
}

// NewArray makes an array that takes ownership of items.
func NewArray(items []Value) Value {
	return Value{p: &(&Array{header{Kind: object.Array}, items}).h}
}

// Value returns the reference to a.
func (a *Array) Value() Value {
	if a.h.Kind == 0 {
		a.h.Kind = object.Array // it was made by a literal
	}
	return Value{p: &a.h}
}

// IsShared reports whether a has more than one holder.
func (a *Array) IsShared() bool { return a.h.Shared }

// OwnArray returns the array in v for writing, cloning it first (one level, its
// elements marked) if it has other holders. v must be an array.
func (v *Value) OwnArray() *Array {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.inside().OwnArray()
	}
	a := v.Array()
	if a.h.Shared {
		return v.cloneArray()
	}
	return a
}

//go:noinline
func (v *Value) cloneArray() *Array {
	a := v.Array()
	// Room for a few more: an array is cloned because it is about to be written.
	n := &Array{header{Kind: object.Array}, make([]Value, len(a.Items), len(a.Items)+len(a.Items)/4+1)}
	for i := range a.Items {
		n.Items[i] = a.Items[i].Share()
	}
	v.p = &n.h
	return n
}

// Blob is the object behind a blob. Bytes may be read at will; write only through
// [Value.OwnBlob].
type Blob struct {
	h     header
	Bytes []byte
}

// NewBlob makes a blob that takes ownership of b.
func NewBlob(b []byte) Value { return Value{p: &(&Blob{header{Kind: object.Blob}, b}).h} }

// OwnBlob returns the blob in v for writing, cloning it first if it has other
// holders. v must be a blob.
func (v *Value) OwnBlob() *Blob {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.inside().OwnBlob()
	}
	b := v.Blob()
	if b.h.Shared {
		b = &Blob{header{Kind: object.Blob}, append([]byte(nil), b.Bytes...)}
		v.p = &b.h
	}
	return b
}
