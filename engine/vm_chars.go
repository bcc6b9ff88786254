package engine

import (
	"encoding/binary"
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
)

// Characters of texts by their number, s[i], without looking for them from the beginning.
// The machine remembers of the texts that it indexed lately how much of their beginning is
// ASCII, where the run loop takes the byte for the character; and where in others the last
// character was, from where the next one is near. Both go by where a text begins: what was
// once written there does not change as long as the text lives, and being remembered keeps
// it alive until the run ends.
//
// What is counted for a character of a long text, see vm_text.go, stays as it is: only
// characters whose place costs nothing any more are found here.

// asciiBits is the logarithm of how many texts are remembered.
const asciiBits = 4

// asciiText says that the first n bytes at a place are ASCII.
type asciiText struct {
	at unsafe.Pointer
	n  uint64
}

// textPlace says that a character begins at byte off of the text at a place, and that there
// are i before it.
type textPlace struct {
	at     unsafe.Pointer
	off, i int
}

func textSlot(at unsafe.Pointer) uint64 {
	return uint64(uintptr(at)) * 0x9E3779B97F4A7C15 >> (64 - asciiBits)
}

// asciiOf returns the entry for a text that begins at a place.
func (m *machine) asciiOf(at unsafe.Pointer) *asciiText { return &m.ascii[textSlot(at)] }

// forget drops the entry of a text.
func (x *asciiText) forget(s string) {
	if x.at == unsafe.Pointer(unsafe.StringData(s)) {
		*x = asciiText{}
	}
}

// nearby is how far a character is looked for from the last one.
const nearby = 32

// charGet reads b[i] for a text and a character whose place costs nothing. done is false,
// with nothing done, if it is another case. The run loop calls it where it stands, see
// [machine.keyGet].
//
//go:noinline
func (m *machine) charGet(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	b, i := reg(fp, in.B), int64(in.D)
	if in.Op != bytecode.IndexInt {
		i = raw.Int(reg(fp, in.C))
	}
	s := b.Str()
	if i < -int64(len(s)) || i >= int64(len(s)) {
		return in, fp, false
	}
	x := m.knownASCII(s)
	n := len(s)
	if i < 0 && uint64(n) <= x.n && (n != indexMin || i >= -indexStep) {
		i += int64(n) // of longer texts there is an index, or more than indexMin would not be known
	}
	if i < 0 {
		return in, fp, false
	}
	off := int(i)
	if uint64(i) >= x.n {
		if off = m.placeOf(s, int(i), int(min(x.n, uint64(n)))); off < 0 {
			return in, fp, false
		}
	}
	r, _ := utf8.DecodeRuneInString(s[off:])
	raw.SetChar(reg(fp, in.A), uint64(r))
	return next(in), fp, true
}

// knownASCII returns what is known of the beginning of a text, which is looked at as far as
// it is free.
func (m *machine) knownASCII(s string) *asciiText {
	at := unsafe.Pointer(unsafe.StringData(s))
	x := m.asciiOf(at)
	if x.at != at {
		m.indexes = true
		*x = asciiText{at: at}
	}
	if n := uint64(len(s)); x.n < n && x.n < indexMin {
		x.n += uint64(asciiPrefix(s[x.n:min(n, indexMin)]))
	}
	if x.n < indexMin || x.n >= uint64(len(s)) {
		return x
	}
	if t := m.hasIndex(at); t != nil && t.chars == t.done && uint64(t.done) > x.n {
		x.n = uint64(t.done)
	}
	return x
}

// hasIndex returns the index of a text, nil if there is none.
func (m *machine) hasIndex(at unsafe.Pointer) *textIndex {
	for i := range m.texts {
		if x := &m.texts[i]; len(x.text) > 0 && unsafe.Pointer(unsafe.StringData(x.text)) == at {
			return x
		}
	}
	return nil
}

// placeOf returns where the i-th character of a text begins of which the first n bytes are
// ASCII, -1 if there is none or it is not found without counting.
func (m *machine) placeOf(s string, i, n int) int {
	at := unsafe.Pointer(unsafe.StringData(s))
	if i >= indexMin && len(s) >= indexMin {
		if t := m.hasIndex(at); t == nil || i >= t.chars {
			return -1
		}
	}
	p := &m.places[textSlot(at)]
	off, k := n, n
	if p.at == at && p.off <= len(s) && max(i-p.i, p.i-i) < i-n {
		off, k = p.off, p.i
	}
	if i >= indexMin && max(i-k, k-i) > nearby {
		return -1 // the index is nearer
	}
	for ; k < i; k++ {
		if off >= len(s) {
			return -1
		}
		if s[off] < utf8.RuneSelf {
			off++
			continue
		}
		_, w := utf8.DecodeRuneInString(s[off:])
		off += w
	}
	for ; k > i; k-- {
		_, w := utf8.DecodeLastRuneInString(s[:off])
		off -= w
	}
	if off >= len(s) {
		return -1
	}
	m.indexes = true
	*p = textPlace{at: at, off: off, i: i}
	return off
}

// asciiPrefix returns how many bytes at the beginning of a text are ASCII.
func asciiPrefix(s string) int {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		if binary.LittleEndian.Uint64(b[n:])&0x8080808080808080 != 0 {
			break
		}
	}
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// noted remembers where a character is that was found by counting.
func (m *machine) noted(s string, i int64, off int) {
	if i < indexMin || len(s) < indexMin {
		return
	}
	at := unsafe.Pointer(unsafe.StringData(s))
	m.indexes = true
	m.places[textSlot(at)] = textPlace{at: at, off: off, i: int(i)}
}

// charsKnown returns how many characters a text has, if that is known or free to count.
func (m *machine) charsKnown(s string) (n int, ok bool) {
	at := unsafe.Pointer(unsafe.StringData(s))
	if len(s) < indexMin {
		if x := m.asciiOf(at); x.at == at && x.n >= uint64(len(s)) {
			return len(s), true
		}
		return utf8.RuneCountInString(s), true
	}
	if x := m.hasIndex(at); x != nil && x.done == len(s) {
		return x.chars, true
	}
	return 0, false
}
