package value

import (
	"slices"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Array is the object behind an array. Items may be read at will; write only
// through [Value.OwnArray]. It must not be copied: copies share their elements without
// knowing it.
type Array struct {
	h     header
	gone  uint32 // elements before the first one that are in memory: removed, or room
	Items []Value
}

// roomyArray is an array that may have room before its first element. It is an object of
// its own, as all others would grow by a pointer. The word of a Value beside the pointer
// says that there is one: nothing in the Array can, as hosts can copy the struct, also into
// an array that is no part of a roomyArray.
type roomyArray struct {
	Array
	// base is the element that is gone elements before the first one. Whoever replaces
	// Items need not set it, see [roomyArray.based].
	base *Value
}

// isRoomy is the word of a Value that refers to the Array of a roomyArray, and may be that
// of no other array.
const isRoomy = 1

// NewArray makes an array that takes ownership of items.
func NewArray(items []Value) Value {
	return Value{p: &(&Array{h: header{Kind: object.Array}, Items: items}).h}
}

// NewArrayObject makes an empty array to be filled.
func NewArrayObject() *Array { return &Array{h: header{Kind: object.Array}} }

// Value returns the reference to a.
func (a *Array) Value() Value {
	if a.h.Kind == 0 {
		a.h.Kind = object.Array // it was made by a literal
	}
	return Value{p: &a.h} // without room at its front: it may be a copy of one that has some
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
	n := &Array{h: header{Kind: object.Array}, Items: make([]Value, len(a.Items), cloneRoom(len(a.Items)))}
	for i := range a.Items {
		n.Items[i] = a.Items[i].Share()
	}
	*v = Value{p: &n.h}
	return n
}

// Blob is the object behind a blob. Bytes may be read at will; write only through
// [Value.OwnBlob].
type Blob struct {
	h     header
	gone  uint32 // as that of an array
	Bytes []byte
}

// NewBlob makes a blob that takes ownership of b.
func NewBlob(b []byte) Value {
	return Value{p: &(&Blob{h: header{Kind: object.Blob}, Bytes: b}).h}
}

// OwnBlob returns the blob in v for writing, cloning it first if it has other
// holders. v must be a blob.
func (v *Value) OwnBlob() *Blob {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.inside().OwnBlob()
	}
	b := v.Blob()
	if b.h.Shared {
		b = &Blob{h: header{Kind: object.Blob}, Bytes: append(make([]byte, 0, cloneRoom(len(b.Bytes))), b.Bytes...)}
		v.p = &b.h
	}
	return b
}

// cloneRoom is the capacity of a clone of n elements: an array is cloned because it
// is about to be written.
func cloneRoom(n int) int { return n + n/4 + 1 }

// grown is the capacity to which n elements with no room left grow, for at least
// more of them. It does not depend on the allocator, so that what a run is charged
// does not either.
func grown(n, more int) int { return object.Grown(n, more) }

// keepRoom is the capacity that is kept however little of it is in use.
const keepRoom = 64

// Growth returns the capacity to grow to for more further elements, 0 if there is
// room for them.
func Growth(length, capacity, more int) int {
	if capacity-length >= more {
		return 0
	}
	return grown(length, more)
}

// Reserve makes room for more further elements, which are charged. a must be owned.
func (a *Array) Reserve(meter Meter, more int) error {
	n := Growth(len(a.Items), cap(a.Items), more)
	if n == 0 {
		return nil
	}
	return a.move(&gauge{meter: meter}, n)
}

// move moves the elements to memory with room for n.
func (a *Array) move(g *gauge, n int) error {
	if err := g.charge(n * Size); err != nil {
		return err
	}
	items := make([]Value, len(a.Items), n)
	if err := copyItems(g, items, a.Items); err != nil {
		return err
	}
	a.Replace(items)
	return nil
}

// copyItems copies elements chunk by chunk.
func copyItems(g *gauge, dst, src []Value) error {
	for len(src) > 0 {
		n := min(len(src), chunk/Size)
		if err := g.work(n * Size); err != nil {
			return err
		}
		copy(dst, src[:n])
		dst, src = dst[n:], src[n:]
	}
	return nil
}

// Replace makes items, which nobody else holds, the elements. a must be owned.
func (a *Array) Replace(items []Value) { a.Items, a.gone = items, 0 }

// DropFirst removes the first element and leaves the others where they are, until
// more is gone than left. a must be owned and not empty.
func (a *Array) DropFirst(meter Meter) error { return a.DropFront(meter, 1) }

// DropFront is DropFirst for the first n elements, of which there must be so many.
func (a *Array) DropFront(meter Meter, n int) error {
	clear(a.Items[:n])
	if n == cap(a.Items) {
		a.Replace(nil)
		return nil
	}
	a.Items = a.Items[n:]
	a.gone += uint32(n)
	return a.Trim(meter)
}

// Push adds an element if there is room for it and the array has no other holder. It
// reports false, with nothing done, otherwise.
func (a *Array) Push(v Value) bool {
	if len(a.Items) == cap(a.Items) || a.h.Shared {
		return false
	}
	a.Items = append(a.Items, v)
	return true
}

// Pop removes the last element and returns it, if there is one, the array has no other
// holder and [Array.Trim] would leave the rest where it is. It reports false, with nothing
// done, otherwise.
func (a *Array) Pop() (Value, bool) {
	n := len(a.Items) - 1
	if n < 0 || a.h.Shared || a.sparse(n) {
		return Value{}, false
	}
	v := a.Items[n]
	a.Items[n] = Value{}
	a.Items = a.Items[:n]
	return v, true
}

// Shift is [Array.Pop] for the first element. It leaves arrays alone that have no room
// behind it.
func (a *Array) Shift() (Value, bool) {
	n := len(a.Items) - 1
	if n < 0 || a.h.Shared || cap(a.Items) == 1 || a.sparse(n) {
		return Value{}, false
	}
	v := a.Items[0]
	a.Items[0] = Value{}
	a.Items = a.Items[1:]
	a.gone++
	return v, true
}

// sparse reports whether much less than half of the array's memory is in use with n
// elements.
func (a *Array) sparse(n int) bool {
	all := cap(a.Items) + int(a.gone)
	return all > keepRoom && n < all/4
}

// roomy returns the array in v with the room at its front, nil if there is none.
func (v *Value) roomy() *roomyArray {
	if v.n != isRoomy {
		return nil
	}
	if r := (*roomyArray)(unsafe.Pointer(v.p)); r.gone > 0 && r.based() {
		return r
	}
	return nil
}

// based reports whether the memory of the array begins where its base says.
//
// Items may have been replaced since base was set. They have not if the first one is where
// it would be: no other memory can be there, as base keeps its own alive, and fewer elements
// are gone than that has.
func (r *roomyArray) based() bool {
	return r.base != nil && cap(r.Items) > 0 && uintptr(unsafe.Pointer(unsafe.SliceData(r.Items))) == uintptr(unsafe.Pointer(r.base))+uintptr(r.gone)*Size
}

// frontRoom is the length from which on an array makes room at its front.
const frontRoom = 32

// InsertFirst inserts an element before the others of the array in v, which must be owned.
// They stay where they are if there is room, else they move to memory with as much room
// before them as they take: many such insertions take time in proportion to their number.
func (v *Value) InsertFirst(meter Meter, item Value) error {
	if v.p.Kind == object.Tagged {
		return v.inside().InsertFirst(meter, item)
	}
	a := v.Array()
	n := len(a.Items)
	if v.roomy() == nil {
		if n < frontRoom {
			if err := a.Reserve(meter, 1); err != nil {
				return err
			}
			a.Items = slices.Insert(a.Items, 0, item)
			return nil
		}
		g := gauge{meter: meter}
		if err := g.charge(ArraySize + Size + 2*n*Size); err != nil {
			return err
		}
		all := make([]Value, 2*n)
		if err := copyItems(&g, all[n:], a.Items); err != nil {
			return err
		}
		if err := g.done(); err != nil {
			return err
		}
		r := &roomyArray{Array: Array{h: header{Kind: object.Array}, gone: uint32(n), Items: all[n:]}, base: &all[0]}
		a = &r.Array
		*v = Value{&a.h, isRoomy}
	}
	first := (*Value)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(a.Items)), -Size))
	a.Items = unsafe.Slice(first, cap(a.Items)+1)[:n+1]
	a.gone--
	*first = item
	return nil
}

// Trim gives memory back if much less than half of it is in use, as after elements
// were removed. a must be owned.
func (a *Array) Trim(meter Meter) error {
	if a.sparse(len(a.Items)) {
		return a.move(&gauge{meter: meter}, len(a.Items)+len(a.Items)/4)
	}
	return nil
}

// Reserve is [Array.Reserve] for bytes.
func (b *Blob) Reserve(meter Meter, more int) error {
	n := Growth(len(b.Bytes), cap(b.Bytes), more)
	if n == 0 {
		return nil
	}
	return b.move(&gauge{meter: meter}, n)
}

func (b *Blob) move(g *gauge, n int) error {
	if err := g.charge(n); err != nil {
		return err
	}
	bytes := MakeText(n)[:len(b.Bytes)]
	if err := copyBytes(g, bytes, b.Bytes); err != nil {
		return err
	}
	b.Bytes, b.gone = bytes, 0
	return nil
}

// copyBytes copies bytes chunk by chunk.
func copyBytes(g *gauge, dst, src []byte) error {
	for len(src) > 0 {
		n := min(len(src), chunk)
		if err := g.work(n); err != nil {
			return err
		}
		copy(dst, src[:n])
		dst, src = dst[n:], src[n:]
	}
	return nil
}

// DropFirst is [Array.DropFirst] for bytes.
func (b *Blob) DropFirst(meter Meter) error {
	b.Bytes = b.Bytes[1:]
	b.gone++
	return b.Trim(meter)
}

// Trim is [Array.Trim] for bytes.
func (b *Blob) Trim(meter Meter) error {
	if all := cap(b.Bytes) + int(b.gone); all > keepRoom*Size && len(b.Bytes) < all/4 {
		return b.move(&gauge{meter: meter}, len(b.Bytes)+len(b.Bytes)/4)
	}
	return nil
}

// Own makes the array, blob or map in v writable, under the eyes of a meter: it is
// cloned first if it has other holders, so that the Own methods of its kind find
// nothing left to do. Other values are left alone.
func (v *Value) Own(meter Meter) error {
	switch {
	case v.p == nil:
		return nil
	case v.p.Kind == object.Tagged:
		return v.inside().Own(meter)
	case !v.p.Shared:
		return nil
	}
	g := gauge{meter: meter}
	switch v.p.Kind {
	case object.Array:
		src := v.Array().Items
		n := &Array{h: header{Kind: object.Array}}
		if err := g.charge(ArraySize + cloneRoom(len(src))*Size); err != nil {
			return err
		}
		n.Items = make([]Value, len(src), cloneRoom(len(src)))
		if err := copyItems(&g, n.Items, src); err != nil {
			return err
		}
		for i := range src {
			src[i].Share()
		}
		*v = Value{p: &n.h}
	case object.Blob:
		src := v.Blob().Bytes
		n := &Blob{h: header{Kind: object.Blob}}
		if err := g.charge(BlobSize + cloneRoom(len(src))); err != nil {
			return err
		}
		n.Bytes = MakeText(cloneRoom(len(src)))[:len(src)]
		if err := copyBytes(&g, n.Bytes, src); err != nil {
			return err
		}
		v.p = &n.h
	case object.Map:
		m := v.Map()
		size := len(m.vals) * Size
		if err := g.charge(MapSize + size); err != nil {
			return err
		}
		if err := g.touch(size); err != nil {
			return err
		}
		v.p = &m.clone().h
	}
	return g.done()
}
