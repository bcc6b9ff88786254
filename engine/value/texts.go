package value

import (
	"encoding/binary"
	"strconv"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Texts remembers short texts that a run made, so that the next one like it is the same
// object: scripts make the same keys, labels and words again and again. A hit takes no
// memory, and finding a property by the very same string is quicker. The zero Texts is
// ready; it belongs to one goroutine.
type Texts struct {
	slots []Value // pairs, chosen by the text; the newer one first
	asked int     // since the last look at hits
	hits  int
	rest  int // how many texts are not looked up, as they rarely repeat
	dirty bool
}

const (
	// textBits is the logarithm of the number of pairs.
	textBits = 7
	// textsWarm is how many short texts a run makes before it remembers any: most runs make
	// a few, and forgetting takes time too.
	textsWarm = 8
	// textsWindow is how many lookups pass between two looks at hits; with less than one in
	// eight the next textsRest texts are not looked up.
	textsWindow = 512
	textsRest   = 8 << 10
)

// textKeeper is a [Meter] that has texts to share.
type textKeeper interface{ Texts() *Texts }

// textsOf returns the texts of a meter, nil if it has none.
func textsOf(meter Meter) *Texts {
	if k, ok := meter.(textKeeper); ok {
		return k.Texts()
	}
	return nil
}

// Forget drops all texts, at the end of a run.
func (t *Texts) Forget() {
	t.asked, t.hits, t.rest = 0, 0, 0
	if t.dirty {
		clear(t.slots)
		t.dirty = false
	}
}

// Fits reports whether a text of n bytes is worth to be looked up, as Concat does. A nil t
// looks nothing up.
func (t *Texts) Fits(n int) bool { return t != nil && n > 0 && n <= smallest && t.rest == 0 }

// Expect prepares for many texts: the first of them are remembered too.
func (t *Texts) Expect() { t.asked = max(t.asked, textsWarm) }

// Concat returns the text a + b, which is not empty and at most [MaxShort] bytes long.
func (t *Texts) Concat(a, b string) Value {
	x := pack(a)
	if b != "" {
		x = x.plus(pack(b))
	}
	return t.short(x)
}

// packed is a short text in two words, its bytes from the lowest on; what is behind them
// is 0. Texts are put together in registers, as bytes that were written one by one are not
// read at once as a word.
type packed struct {
	lo, hi uint64
	n      uint64
}

func pack(s string) packed {
	p, n := unsafe.Pointer(unsafe.StringData(s)), len(s)
	// Loads that overlap, within the text.
	switch {
	case n >= 8:
		b := unsafe.Slice((*byte)(p), n)
		return packed{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:]) >> (8 * uint(16-n)), uint64(n)}
	case n >= 4:
		b := unsafe.Slice((*byte)(p), n)
		return packed{uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*uint(n-4)), 0, uint64(n)}
	case n == 0:
		return packed{}
	}
	return packed{uint64(s[0]) | uint64(s[n/2])<<(8*uint(n/2)) | uint64(s[n-1])<<(8*uint(n-1)), 0, uint64(n)}
}

// plus returns x followed by y, at most 16 bytes together.
func (x packed) plus(y packed) packed {
	bits := 8 * uint(x.n)
	if bits < 64 {
		return packed{x.lo | y.lo<<bits, x.hi | y.hi<<bits | y.lo>>(64-bits), x.n + y.n}
	}
	return packed{x.lo, x.hi | y.lo<<(bits-64), x.n + y.n}
}

// packInt packs the digits of a number.
func packInt(i int64) packed {
	if uint64(i) < 10 {
		return packed{uint64(i) + '0', 0, 1}
	}
	if uint64(i) < 100 {
		tens := uint64(i) / 10
		return packed{tens + '0' | (uint64(i)-10*tens+'0')<<8, 0, 2}
	}
	var b [20]byte
	if d := strconv.AppendInt(b[:0], i, 10); len(d) <= smallest {
		return pack(bytesText(d))
	}
	return packed{n: uint64(smallest) + 1} // too long
}

// MaxShort is the length in bytes up to which texts are remembered.
const MaxShort = smallest

// short returns the text of x, which is not empty.
func (t *Texts) short(x packed) Value {
	switch {
	case t == nil:
		return newShort(x)
	case t.rest > 0:
		t.rest--
		return newShort(x)
	}
	t.asked++
	if !t.dirty {
		if t.asked < textsWarm {
			return newShort(x)
		}
		if t.slots == nil {
			t.slots = make([]Value, 2<<textBits)
		}
		t.dirty = true
	}
	if t.asked >= textsWindow {
		if t.hits < t.asked/8 {
			t.rest = textsRest
		}
		t.asked, t.hits = textsWarm, 0
	}
	h := (x.lo ^ x.n) * 0x9E3779B97F4A7C15
	h = (h ^ h>>29 ^ x.hi) * 0xBF58476D1CE4E5B9
	pair := (*[2]Value)(t.slots[h>>(64-textBits)*2:])
	// Copies are compared and returned, so that a host that keeps a Texts beyond its call never
	// makes another text of x.
	v := pair[0]
	if v.isShort(x) {
		t.hits++
		return v
	}
	w := pair[1]
	if w.isShort(x) {
		t.hits++
		return w
	}
	pair[1] = v
	v = newShort(x)
	pair[0] = v
	return v
}

// isShort reports whether v, a short text or unit, is the text x.
func (v Value) isShort(x packed) bool {
	if v.n != x.n || v.p == nil {
		return false
	}
	b := (*shortText)(unsafe.Pointer(v.p))
	return binary.LittleEndian.Uint64(b.bytes[:8]) == x.lo && binary.LittleEndian.Uint64(b.bytes[8:]) == x.hi
}

// newShort makes the text x.
func newShort(x packed) Value {
	t := &shortText{text: text{Header: header{Kind: object.String}}}
	binary.LittleEndian.PutUint64(t.bytes[:8], x.lo)
	binary.LittleEndian.PutUint64(t.bytes[8:], x.hi)
	t.Data = &t.bytes[0]
	return Value{&t.Header, x.n}
}
