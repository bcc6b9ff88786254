package value

import (
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// text is an append-only buffer. Values of different lengths may share it: a
// value sees data[:n], and bytes below used are never written again.
type text struct {
	h    header
	used atomic.Int64
	data []byte // len is the capacity
}

var emptyText = text{h: header{Kind: object.String}}

// String makes a string that refers to s.
func String(s string) Value {
	if s == "" {
		return Value{p: &emptyText.h}
	}
	t := &text{h: header{Kind: object.String}, data: unsafe.Slice(unsafe.StringData(s), len(s))}
	t.used.Store(int64(len(s)))
	return Value{&t.h, uint64(len(s))}
}

// Append returns the string v + s. It is amortised O(len(s)) in a loop of
// appends to the same value: the free tail of the buffer is claimed if nobody
// else did, otherwise the text moves to a buffer of twice the size.
func Append(v Value, s string) Value {
	v = *v.plain(KindString)
	if s == "" {
		return v
	}
	t, n := (*text)(unsafe.Pointer(v.p)), int(v.n)
	if end := n + len(s); t.claim(n, end) {
		copy(t.data[n:end], s)
		return Value{v.p, uint64(end)}
	}
	return appendGrow(v.Str(), s)
}

// claim takes the bytes from n to end of the buffer, if they are free.
func (t *text) claim(n, end int) bool {
	return end <= len(t.data) && t.used.CompareAndSwap(int64(n), int64(end))
}

// Extend appends s to the string v in place and reports true, if v has text and
// the free tail of its buffer has room and is nobody else's; else it does nothing.
func (v *Value) Extend(s string) bool {
	if v.p == nil || v.p.Kind != object.String {
		return false
	}
	t, n := (*text)(unsafe.Pointer(v.p)), int(v.n)
	end := n + len(s)
	if n == 0 || !t.claim(n, end) {
		return false
	}
	copy(t.data[n:end], s)
	v.n = uint64(end)
	return true
}

//go:noinline
func appendGrow(a, b string) Value {
	n := len(a) + len(b)
	size := n
	if len(a) > 0 { // the first append to a short string: leave room for more
		size = max(32, n+n)
	}
	t := &text{h: header{Kind: object.String}, data: make([]byte, size)}
	copy(t.data, a)
	copy(t.data[len(a):], b)
	t.used.Store(int64(n))
	return Value{&t.h, uint64(n)}
}
