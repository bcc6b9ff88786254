package value

// Array is the object behind an array. Items may be read at will; write only
// through [Value.OwnArray].
type Array struct {
	header
	Items []Value
}

// NewArray makes an array that takes ownership of items.
func NewArray(items []Value) Value {
	return Value{p: &(&Array{header{kind: KindArray}, items}).header}
}

// Value returns the reference to a.
func (a *Array) Value() Value { return Value{p: &a.header} }

// IsShared reports whether a has more than one holder.
func (a *Array) IsShared() bool { return a.shared }

// OwnArray returns the array in v for writing, cloning it first (one level, its
// elements marked) if it has other holders. v must be an array.
func (v *Value) OwnArray() *Array {
	a := v.Array()
	if a.shared {
		return v.cloneArray()
	}
	return a
}

//go:noinline
func (v *Value) cloneArray() *Array {
	a := v.Array()
	// Room for a few more: an array is cloned because it is about to be written.
	n := &Array{header{kind: KindArray}, make([]Value, len(a.Items), len(a.Items)+len(a.Items)/4+1)}
	for i := range a.Items {
		n.Items[i] = a.Items[i].Share()
	}
	v.p = &n.header
	return n
}

// Blob is the object behind a blob.
type Blob struct {
	header
	Bytes []byte
}

// NewBlob makes a blob that takes ownership of b.
func NewBlob(b []byte) Value { return Value{p: &(&Blob{header{kind: KindBlob}, b}).header} }

// OwnBlob returns the blob in v for writing, cloning it first if it has other
// holders. v must be a blob.
func (v *Value) OwnBlob() *Blob {
	b := v.Blob()
	if b.shared {
		b = &Blob{header{kind: KindBlob}, append([]byte(nil), b.Bytes...)}
		v.p = &b.header
	}
	return b
}
