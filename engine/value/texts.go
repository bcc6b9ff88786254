package value

import (
	"encoding/binary"
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

// fits reports whether a text of n bytes is worth looking up. A nil t looks nothing up.
func (t *Texts) fits(n int) bool { return t != nil && n <= smallest && t.rest == 0 }

// Concat returns the text a + b, which is not empty and at most [MaxShort] bytes long.
func (t *Texts) Concat(a, b string) Value {
	var text [smallest]byte
	n := copy(text[:], a)
	n += copy(text[n:], b)
	return t.short(&text, n)
}

// MaxShort is the length in bytes up to which texts are remembered.
const MaxShort = smallest

// short returns the text of the first n bytes of b, above 0; the others are 0.
func (t *Texts) short(b *[smallest]byte, n int) Value {
	switch {
	case t == nil:
		return newShort(b, n)
	case t.rest > 0:
		t.rest--
		return newShort(b, n)
	}
	t.asked++
	if !t.dirty {
		if t.asked < textsWarm {
			return newShort(b, n)
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
	lo, hi := binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])
	h := (lo ^ uint64(n)) * 0x9E3779B97F4A7C15
	h = (h ^ h>>29 ^ hi) * 0xBF58476D1CE4E5B9
	pair := (*[2]Value)(t.slots[h>>(64-textBits)*2:])
	if v := &pair[0]; v.isShort(lo, hi, n) {
		t.hits++
		return *v
	}
	if v := &pair[1]; v.isShort(lo, hi, n) {
		t.hits++
		return *v
	}
	pair[1] = pair[0]
	pair[0] = newShort(b, n)
	return pair[0]
}

// isShort reports whether v, a short text or unit, has n bytes, which are lo and hi.
func (v *Value) isShort(lo, hi uint64, n int) bool {
	if v.n != uint64(n) || v.p == nil {
		return false
	}
	b := &(*shortText)(unsafe.Pointer(v.p)).bytes
	return binary.LittleEndian.Uint64(b[:8]) == lo && binary.LittleEndian.Uint64(b[8:]) == hi
}

// newShort makes the text of the first n bytes of b, above 0; the others are 0.
func newShort(b *[smallest]byte, n int) Value {
	t := &shortText{text: text{Header: header{Kind: object.String}}, bytes: *b}
	t.Data = &t.bytes[0]
	return Value{&t.Header, uint64(n)}
}
