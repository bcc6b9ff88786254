package value

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// tagged is the box around a value with a tag. The value inside is never tagged
// itself.
type tagged struct {
	h   header
	tag int32
	v   Value
}

// box returns the box of v, which must be tagged.
func (v *Value) box() *tagged { return (*tagged)(unsafe.Pointer(v.p)) }

// Tag returns the tag of v: 0 unless one was set.
func (v Value) Tag() int32 {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.box().tag
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
	return Value{p: &(&tagged{header{Kind: object.Tagged}, tag, v}).h}
}

// Plain returns v without its tag.
func (v Value) Plain() Value {
	if v.p != nil && v.p.Kind == object.Tagged {
		t := v.box()
		if t.h.Shared {
			t.v.Share()
		}
		return t.v
	}
	return v
}

// inside returns the place of the value in the box of v for writing. A box with
// other holders is cloned first, and what is in it marked.
func (v *Value) inside() *Value {
	t := v.box()
	if t.h.Shared {
		t = &tagged{header{Kind: object.Tagged}, t.tag, t.v.Share()}
		v.p = &t.h
	}
	return &t.v
}
