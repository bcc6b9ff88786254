package value

import (
	"strings"
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
	// keeps is how much memory the text keeps alive beside data, if it is a part
	// of another one.
	keeps int
}

// smallText is a text with its bytes, in one object.
type smallText struct {
	text
	bytes [16]byte
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
	if n <= smallest {
		return appendSmall(a, b)
	}
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

// smallest is how long a text may be that is one object with its bytes.
const smallest = len(smallText{}.bytes)

// appendSmall returns a text of at most smallest bytes, with room for that many.
func appendSmall[T string | []byte](a string, b T) Value {
	t := &smallText{text: text{h: header{Kind: object.String}}}
	n := copy(t.bytes[:], a)
	n += copy(t.bytes[n:], b)
	t.data = t.bytes[:]
	t.used.Store(int64(n))
	return Value{&t.h, uint64(n)}
}

// AppendDigits is [AppendMetered] for a few bytes that are not kept.
func AppendDigits(meter Meter, v Value, b []byte) (Value, error) {
	cost := AppendCost(v, len(b))
	if cost > 0 && int(v.n)+len(b) <= smallest {
		if err := meter.Charge(cost); err != nil {
			return Unit, err
		}
		return appendSmall(v.Str(), b), nil
	}
	return AppendMetered(meter, v, string(b))
}

// AppendCost returns how many bytes [Append] allocates for n further bytes.
func AppendCost(v Value, n int) int {
	t, size := (*text)(unsafe.Pointer(v.p)), int(v.n)
	switch end := size + n; {
	case n == 0 || end <= len(t.data) && t.used.Load() == int64(size):
		return 0
	case size == 0:
		return StringSize + n
	case end <= smallest:
		return StringSize + smallest
	default:
		return StringSize + max(32, end+end)
	}
}

// Part returns the bytes from lo to hi of the string v. A part that is much smaller
// than the memory it would keep alive is a copy.
func Part(meter Meter, v Value, lo, hi int) (Value, error) {
	s, n := v.Str(), hi-lo
	switch {
	case n == 0:
		return Value{p: &emptyText.h}, nil
	case n == len(s):
		return v, nil
	}
	keeps := max(len(s), (*text)(unsafe.Pointer(v.p)).keeps)
	if keeps > 4*n && keeps > keepRoom {
		return textCopy(meter, s[lo:hi])
	}
	if meter != nil {
		if err := meter.Charge(StringSize); err != nil {
			return Unit, err
		}
	}
	part := String(s[lo:hi])
	(*text)(unsafe.Pointer(part.p)).keeps = keeps
	return part, nil
}

// textCopy makes a string of a copy of s, which is not empty.
func textCopy(meter Meter, s string) (Value, error) {
	small := len(s) <= len(smallText{}.bytes)
	g := gauge{meter: meter}
	size := len(s)
	if small {
		size = len(smallText{}.bytes)
	}
	if err := g.charge(StringSize + size); err != nil {
		return Unit, err
	}
	if small {
		t := &smallText{text: text{h: header{Kind: object.String}}}
		t.data = t.bytes[:copy(t.bytes[:], s)]
		t.used.Store(int64(len(s)))
		return Value{&t.h, uint64(len(s))}, nil
	}
	b := make([]byte, len(s))
	if err := copyBytes(&g, b, TextBytes(s)); err != nil {
		return Unit, err
	}
	return String(bytesText(b)), g.done()
}

// MakeText returns an empty slice of that capacity to build a text in. A large one
// is not cleared, which would take as long as filling it: only what was written may
// be looked at.
func MakeText(capacity int) []byte {
	if capacity < chunk {
		return make([]byte, 0, capacity)
	}
	var b strings.Builder
	b.Grow(capacity)
	// The builder's buffer is empty, but its place is known; nobody else has it.
	return unsafe.Slice(unsafe.StringData(b.String()), capacity)[:0]
}

// StringOf makes a string of bytes that nobody writes any more.
func StringOf(b []byte) Value { return String(bytesText(b)) }

// TextBytes looks at a text as at bytes, which must not be written.
func TextBytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// AppendMetered is [Append] under the eyes of a meter.
func AppendMetered(meter Meter, v Value, s string) (Value, error) {
	cost := AppendCost(v, len(s))
	g := gauge{meter: meter}
	if cost > 0 {
		if err := g.charge(cost); err != nil {
			return Unit, err
		}
	} else if s == "" {
		return v, nil
	}
	t, n := (*text)(unsafe.Pointer(v.p)), int(v.n)
	end := n + len(s)
	if cost == 0 && t.claim(n, end) {
		if err := copyBytes(&g, t.data[n:end], TextBytes(s)); err != nil {
			return Unit, err
		}
		return Value{v.p, uint64(end)}, g.done()
	}
	if end <= smallest {
		return appendSmall(v.Str(), s), nil
	}
	size := max(cost-StringSize, end)
	t = &text{h: header{Kind: object.String}, data: MakeText(size)[:size]}
	if err := copyBytes(&g, t.data, TextBytes(v.Str())); err != nil {
		return Unit, err
	}
	if err := copyBytes(&g, t.data[n:], TextBytes(s)); err != nil {
		return Unit, err
	}
	t.used.Store(int64(end))
	return Value{&t.h, uint64(end)}, g.done()
}
