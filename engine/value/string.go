package value

import (
	"sync/atomic"
	"unsafe"
)

// text is an append-only buffer. Values of different lengths may share it: a
// value sees data[:n], and bytes below used are never written again.
type text struct {
	header
	used atomic.Int64
	data []byte // len is the capacity
}

var emptyText = text{header: header{kind: KindString}}

// String makes a string that refers to s.
func String(s string) Value {
	if s == "" {
		return Value{p: &emptyText.header}
	}
	t := &text{header: header{kind: KindString}, data: unsafe.Slice(unsafe.StringData(s), len(s))}
	t.used.Store(int64(len(s)))
	return Value{&t.header, uint64(len(s))}
}

// Str returns the text of a string. It stays valid whatever is appended to v.
func (v *Value) Str() string {
	t := (*text)(unsafe.Pointer(v.p))
	// The bytes below n are claimed, hence immutable.
	return unsafe.String(unsafe.SliceData(t.data), int(v.n))
}

// StrLen returns the length of a string in bytes.
func (v *Value) StrLen() int { return int(v.n) }

// Append returns the string v + s. It is amortised O(len(s)) in a loop of
// appends to the same value: the free tail of the buffer is claimed if nobody
// else did, otherwise the text moves to a buffer of twice the size.
func Append(v Value, s string) Value {
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
	t := &text{header: header{kind: KindString}, data: make([]byte, size)}
	copy(t.data, a)
	copy(t.data[len(a):], b)
	t.used.Store(int64(n))
	return Value{&t.header, uint64(n)}
}

// Concat returns the string a + b in a buffer of just that size.
func Concat(a, b string) Value { return String(a + b) }
