package value

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Texts remembers short texts that a run made, so that the next one like it is the same
// object: scripts make the same keys, labels and words again and again. A hit takes no
// memory, and finding a property by the very same string is quicker. The zero Texts is
// ready; it belongs to one goroutine.
type Texts struct {
	pairs *[1 << maxTextBits][2]Value // chosen by the text; the newer one first
	shift uint8                       // of the hash, to the number of a pair
	asked int                         // since the last look at hits
	hits  int
	rest  int // how many texts are not looked up, as they rarely repeat
	dirty bool
}

const (
	// textBits is the logarithm of the number of pairs at first, and maxTextBits when a run
	// makes many texts again.
	textBits    = 7
	maxTextBits = 9
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
		clear(t.used())
		t.dirty = false
	}
}

// used returns the pairs that are in use.
func (t *Texts) used() [][2]Value { return t.pairs[:min(1<<(64-t.shift), len(t.pairs))] }

// grow uses twice as many pairs.
func (t *Texts) grow() {
	old := slices.Clone(t.used())
	clear(t.used())
	t.shift--
	for _, p := range old {
		for _, v := range [...]Value{p[1], p[0]} {
			if v.p != nil {
				x := (*shortText)(unsafe.Pointer(v.p)).packed(v.n)
				pair := t.pair(x)
				pair[1], pair[0] = pair[0], v
			}
		}
	}
}

// pair returns where a text is, or would be. The number of the pair is in range whatever a
// host that uses a Texts from two goroutines makes of the shift.
func (t *Texts) pair(x packed) *[2]Value {
	h := (x.lo ^ x.n) * 0x9E3779B97F4A7C15
	h = (h ^ h>>29 ^ x.hi) * 0xBF58476D1CE4E5B9
	return &t.pairs[h>>(t.shift&63)%(1<<maxTextBits)]
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

// Of returns the text of b, which is as long as those of Concat. It does not keep b.
func (t *Texts) Of(b []byte) Value { return t.short(pack(bytesText(b))) }

// Field returns the part of s in front of the first byte that is sep, and its length. The
// length is negative if it is not found, if that part is longer than [MaxShort], or if
// texts are not looked up at the moment. It reads up to 24 bytes of s at once, and is for
// texts that are longer than that: others have no field for it. A nil t finds none.
func (t *Texts) Field(s string, sep byte) (Value, int) {
	if len(s) < 24 || t == nil || t.rest > 0 {
		return Unit, -1
	}
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	all := uint64(sep) * 0x0101010101010101
	x := packed{lo: binary.LittleEndian.Uint64(b)}
	switch at := firstZero(x.lo ^ all); {
	case at == 0:
		return Value{p: &emptyText.Header}, 0
	case at < 64:
		x.lo &= 1<<at - 1
		x.n = uint64(at / 8)
	default:
		x.hi = binary.LittleEndian.Uint64(b[8:])
		if at = firstZero(x.hi ^ all); at < 64 {
			x.hi &= 1<<at - 1
		} else if b[16] != sep {
			return Unit, -1
		}
		x.n = uint64(8 + at/8)
	}
	return t.short(x), int(x.n)
}

// firstZero returns the number of bits below the lowest byte of x that is 0, 64 if none is.
func firstZero(x uint64) int {
	// The lowest bit that stays is right; those above it need not be.
	return bits.TrailingZeros64((x-0x0101010101010101)&^x&0x8080808080808080) &^ 7
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
	shift := 8 * uint(x.n)
	if shift < 64 {
		return packed{x.lo | y.lo<<shift, x.hi | y.hi<<shift | y.lo>>(64-shift), x.n + y.n}
	}
	return packed{x.lo, x.hi | y.lo<<(shift-64), x.n + y.n}
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
		if t.pairs == nil {
			t.pairs = new([1 << maxTextBits][2]Value)
		}
		t.shift, t.dirty = 64-textBits, true
	}
	if t.asked >= textsWindow {
		t.look()
	}
	// Copies are compared and returned, so that a host that keeps a Texts beyond its call never
	// makes another text of x.
	pair := t.pair(x)
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

// look decides by the hits among the last texts how to go on.
func (t *Texts) look() {
	switch {
	case t.hits < t.asked/8:
		t.rest = textsRest
	case t.hits < t.asked-t.asked/32 && t.shift > 64-maxTextBits:
		t.grow()
	}
	t.asked, t.hits = textsWarm, 0
}

// isShort reports whether v, a short text or unit, is the text x.
func (v Value) isShort(x packed) bool {
	if v.n != x.n || v.p == nil {
		return false
	}
	b := (*shortText)(unsafe.Pointer(v.p))
	return binary.LittleEndian.Uint64(b.bytes[:8]) == x.lo && binary.LittleEndian.Uint64(b.bytes[8:]) == x.hi
}

// packed returns the text of n bytes.
func (t *shortText) packed(n uint64) packed {
	return packed{binary.LittleEndian.Uint64(t.bytes[:8]), binary.LittleEndian.Uint64(t.bytes[8:]), n}
}

// newShort makes the text x.
func newShort(x packed) Value {
	t := &shortText{text: text{Header: header{Kind: object.String}}}
	binary.LittleEndian.PutUint64(t.bytes[:8], x.lo)
	binary.LittleEndian.PutUint64(t.bytes[8:], x.hi)
	t.Data = &t.bytes[0]
	return Value{&t.Header, x.n}
}
