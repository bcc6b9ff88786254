package value

import (
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// text is what all strings have: where their bytes are. Those below the length of a
// value are never written again.
type text = object.TextObject

// growingText is an append-only buffer. Values of different lengths may share it: a
// value sees the first n bytes, and bytes below used are never written again.
type growingText struct {
	text
	used atomic.Int64
	size int
}

// smallText is a text with its bytes, in one object.
type smallText struct {
	growingText
	bytes [16]byte
}

// shortText is a text that does not grow with its bytes, in one object.
type shortText struct {
	text
	bytes [16]byte
}

var emptyText = text{Header: header{Kind: object.String}}

// String makes a string that refers to s.
func String(s string) Value {
	if s == "" {
		return Value{p: &emptyText.Header}
	}
	t := &text{Header: header{Kind: object.String}, Data: unsafe.StringData(s)}
	return Value{&t.Header, uint64(len(s))}
}

// newGrowing makes a text of the first used bytes of a buffer, which has room for more.
func newGrowing(buf []byte, used int) Value {
	t := &growingText{text: text{Header: header{Kind: object.String}, Grows: true, Data: unsafe.SliceData(buf)}, size: len(buf)}
	t.used.Store(int64(used))
	return Value{&t.Header, uint64(used)}
}

// growing returns the buffer behind the string v, nil if it has no free tail.
func (v *Value) growing() *growingText {
	if t := (*text)(unsafe.Pointer(v.p)); t.Grows {
		return (*growingText)(unsafe.Pointer(t))
	}
	return nil
}

// Append returns the string v + s. It is amortised O(len(s)) in a loop of
// appends to the same value: the free tail of the buffer is claimed if nobody
// else did, otherwise the text moves to a buffer of twice the size.
func Append(v Value, s string) Value {
	v = *v.plain(KindString)
	if s == "" {
		return v
	}
	if v.Extend(s) {
		return v
	}
	return appendGrow(v.Str(), s)
}

// claim takes the bytes from n to end of the buffer, if they are free. A nil t has none.
func (t *growingText) claim(n, end int) bool {
	return t != nil && end <= t.size && t.used.CompareAndSwap(int64(n), int64(end))
}

// tail returns the bytes of the buffer from n to end, which the caller has claimed.
func (t *growingText) tail(n, end int) []byte { return unsafe.Slice(t.Data, t.size)[n:end] }

// Extend appends s to the string v in place and reports true, if v has text and
// the free tail of its buffer has room and is nobody else's; else it does nothing.
func (v *Value) Extend(s string) bool {
	if v.p == nil || v.p.Kind != object.String {
		return false
	}
	t, n := v.growing(), int(v.n)
	end := n + len(s)
	if n == 0 || !t.claim(n, end) {
		return false
	}
	copy(t.tail(n, end), s)
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
	buf := make([]byte, size)
	copy(buf, a)
	copy(buf[len(a):], b)
	return newGrowing(buf, n)
}

// smallest is how long a text may be that is one object with its bytes.
const smallest = len(smallText{}.bytes)

// appendSmall returns a text of at most smallest bytes, with room for that many.
func appendSmall[T string | []byte](a string, b T) Value {
	t := &smallText{growingText: growingText{text: text{Header: header{Kind: object.String}, Grows: true}, size: smallest}}
	n := copy(t.bytes[:], a)
	n += copy(t.bytes[n:], b)
	t.Data = &t.bytes[0]
	t.used.Store(int64(n))
	return Value{&t.Header, uint64(n)}
}

// Plus returns the text v, which is no box, and the digits of a number. A short one has no
// room to grow, and may be one that was made before.
func Plus(meter Meter, v Value, i int64) (Value, error) {
	if int(v.n) < smallest {
		if x := packInt(i); v.n+x.n <= uint64(smallest) && AppendCost(v, int(x.n)) > 0 {
			if err := meter.Charge(ShortSize); err != nil {
				return Unit, err
			}
			return textsOf(meter).short(pack(v.Str()).plus(x)), nil
		}
	}
	var room [20]byte
	return AppendMetered(meter, v, bytesText(strconv.AppendInt(room[:0], i, 10)))
}

// AppendDigits is [AppendMetered] for a few bytes that are not kept, and a text that
// likely grows.
func AppendDigits(meter Meter, v Value, b []byte) (Value, error) {
	cost := AppendCost(v, len(b))
	if cost > 0 && int(v.n)+len(b) <= smallest {
		if err := meter.Charge(cost); err != nil {
			return Unit, err
		}
		return appendSmall(v.Str(), b), nil
	}
	return AppendMetered(meter, v, bytesText(b))
}

// AppendCost returns how many bytes [Append] allocates for n further bytes.
func AppendCost(v Value, n int) int {
	t, size := v.growing(), int(v.n)
	switch end := size + n; {
	case n == 0 || t != nil && end <= t.size && t.used.Load() == int64(size):
		return 0
	case end <= smallest:
		return GrowingSize + smallest
	case size == 0:
		return GrowingSize + n
	default:
		return GrowingSize + max(32, end+end)
	}
}

// Part returns the bytes from lo to hi of the string v. A part that is much smaller
// than the memory it would keep alive is a copy.
func Part(meter Meter, v Value, lo, hi int) (Value, error) {
	s, n := v.Str(), hi-lo
	switch {
	case n == 0:
		return Value{p: &emptyText.Header}, nil
	case n == len(s):
		return v, nil
	}
	if texts := textsOf(meter); texts.Fits(n) {
		if err := meter.Charge(ShortSize); err != nil {
			return Unit, err
		}
		return texts.Concat(s[lo:hi], ""), nil
	}
	keeps := max(len(s), int((*text)(unsafe.Pointer(v.p)).Keeps)*object.KeepsUnit)
	if keeps > 4*n && keeps > keepRoom {
		return textCopy(meter, s[lo:hi])
	}
	if meter != nil {
		if err := meter.Charge(StringSize); err != nil {
			return Unit, err
		}
	}
	part := String(s[lo:hi])
	(*text)(unsafe.Pointer(part.p)).Keeps = uint32(min((keeps+object.KeepsUnit-1)/object.KeepsUnit, math.MaxUint32))
	return part, nil
}

// textCopy makes a string of a copy of s, which is not empty.
func textCopy(meter Meter, s string) (Value, error) {
	small := len(s) <= smallest
	g := gauge{meter: meter}
	size := len(s)
	if small {
		size = smallest
	}
	if err := g.charge(StringSize + size); err != nil {
		return Unit, err
	}
	if small {
		return textsOf(meter).Concat(s, ""), nil
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
	t, n := v.growing(), int(v.n)
	end := n + len(s)
	if cost == 0 && t.claim(n, end) {
		if err := copyBytes(&g, t.tail(n, end), TextBytes(s)); err != nil {
			return Unit, err
		}
		return Value{v.p, uint64(end)}, g.done()
	}
	if end <= smallest {
		return appendSmall(v.Str(), s), nil
	}
	size := max(cost-GrowingSize, end)
	buf := MakeText(size)[:size]
	if err := copyBytes(&g, buf, TextBytes(v.Str())); err != nil {
		return Unit, err
	}
	if err := copyBytes(&g, buf[n:], TextBytes(s)); err != nil {
		return Unit, err
	}
	return newGrowing(buf, end), g.done()
}
