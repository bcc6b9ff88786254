package engine

import (
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// interpolate builds the text of a back-tick string. How long it gets is found out
// first, so that it is built in a buffer of that size.
func (m *machine) interpolate(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	var small [256]byte
	parts := regs(fp, in.B, int(in.D))
	limit := m.textLimit()
	size, known := 0, 0
	var made []string // the texts of containers and of values of the host
	for i := range parts {
		switch v := &parts[i]; {
		case v.IsString():
			size += v.StrLen()
			known += v.StrLen()
		case v.Kind() < value.KindFn:
			size += scalarText
		default:
			if made == nil {
				m.took(value.Size * len(parts))
				made = make([]string, len(parts))
			}
			s, e := m.toText(*v, in, fp)
			if e != nil {
				if e.Kind == ErrDataTooLarge {
					return m.longPart(in, fp, i)
				}
				return m.fail(in, fp, e)
			}
			made[i] = s
			size += len(s)
			known += len(s)
		}
		if known > limit {
			parts = parts[:i+1] // fails below
			break
		}
	}
	if size <= len(small) {
		buf, long := m.join(small[:0], parts, made, limit)
		if long >= 0 {
			return m.longPart(in, fp, long)
		}
		if e := m.charge(value.StringSize + len(buf)); e != nil {
			return m.fail(in, fp, e)
		}
		if n := len(buf); n > 0 && n <= value.MaxShort {
			*reg(fp, in.A) = m.shorts.Of(buf)
		} else {
			*reg(fp, in.A) = value.String(string(buf))
		}
		return next(in), fp
	}
	size = min(size, limit+scalarText)
	if e := m.touch(size, value.StringSize+size); e != nil {
		return m.fail(in, fp, e)
	}
	buf, long := m.join(value.MakeText(size), parts, made, limit)
	if long >= 0 {
		return m.longPart(in, fp, long)
	}
	*reg(fp, in.A) = value.StringOf(buf)
	return next(in), fp
}

// join appends the texts of the parts to buf. made holds those of containers and of
// values of the host. long is the part with which the text got too long, or -1.
func (m *machine) join(buf []byte, parts []value.Value, made []string, limit int) (_ []byte, long int) {
	for i := range parts {
		s, v := "", &parts[i]
		switch {
		case v.IsString():
			s = v.Str()
		case v.Kind() < value.KindFn:
			buf = value.AppendPrint(buf, *v)
		default:
			s = made[i]
		}
		if len(buf)+len(s) > limit {
			return buf, i
		}
		buf = append(buf, s...)
	}
	return buf, -1
}

// scalarText is about the longest text of a number, character or range.
const scalarText = 48

// longPart raises the error of a part that makes an interpolated text too long.
func (m *machine) longPart(in *bytecode.Instr, fp unsafe.Pointer, i int) (*bytecode.Instr, unsafe.Pointer) {
	e := tooLarge("Length of string")
	e.Pos = m.ln.prog.ItemsOf(m.index(in))[i]
	return m.fail(in, fp, e)
}

// Characters of a long text are found through an index that the machine keeps of
// the texts it used last: where every indexStep-th character begins, as far as it
// had to look so far. So a loop over s[i] takes as long as the text is.

const (
	indexStep = 128
	// indexMin is the size from which a text is indexed, and the distance from the
	// beginning or end beyond which the index is asked.
	indexMin = 512
)

// textIndex is what is known of a text.
type textIndex struct {
	text  string   // as long as it was when it was last used
	marks []uint32 // where characters 0, indexStep, 2*indexStep, ... begin
	done  int      // bytes looked at
	chars int      // characters in them
}

// indexed returns the index of a text, making it if need be.
func (m *machine) indexed(s string) *textIndex {
	at := unsafe.StringData(s)
	for i := range m.texts {
		if x := &m.texts[i]; len(x.text) > 0 && unsafe.StringData(x.text) == at {
			// A text that grew in place still begins with what is known of it; of one
			// that is shorter only what lies within it is used.
			if len(s) > len(x.text) {
				x.text = s
			}
			return x
		}
	}
	m.indexes = true
	x := &m.texts[m.nextText]
	if len(x.text) > 0 {
		// What was beyond the beginning is to be counted again.
		m.asciiOf(unsafe.Pointer(unsafe.StringData(x.text))).forget(x.text)
	}
	m.nextText = (m.nextText + 1) % len(m.texts)
	*x = textIndex{text: s}
	return x
}

// upTo looks at the text until it knows n characters or size bytes of it.
func (m *machine) upTo(x *textIndex, n, size int) *Error {
	for x.chars < n && x.done < size {
		if x.chars%indexStep == 0 {
			if len(x.marks) == cap(x.marks) {
				room := max(64, 2*cap(x.marks))
				if e := m.charge(4 * room); e != nil {
					return e
				}
				x.marks = append(make([]uint32, 0, room), x.marks...)
			}
			x.marks = append(x.marks, uint32(x.done))
		}
		rest, before := x.text[x.done:], x.done
		if k := indexStep - x.chars%indexStep; len(rest) >= k && isASCII(rest[:k]) {
			x.done += k
			x.chars += k
		} else {
			for ; k > 0 && x.done < len(x.text); k-- {
				_, w := utf8.DecodeRuneInString(x.text[x.done:])
				x.done += w
				x.chars++
			}
		}
		if e := m.work(x.done - before); e != nil {
			return e
		}
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// charCount returns the number of characters of a text.
func (m *machine) charCount(s string) (int, *Error) {
	if len(s) < indexMin {
		return utf8.RuneCountInString(s), nil
	}
	x := m.indexed(s)
	if e := m.upTo(x, maxInt, len(s)); e != nil {
		return 0, e
	}
	if x.done == len(s) {
		return x.chars, nil
	}
	// More of a longer text is known: count the characters of this one behind the
	// last mark within it.
	k := len(x.marks) - 1
	for lo := 0; lo < k; {
		mid := (lo + k + 1) / 2
		if int(x.marks[mid]) <= len(s) {
			lo = mid
		} else {
			k = mid - 1
		}
	}
	return k*indexStep + utf8.RuneCountInString(s[x.marks[k]:]), nil
}

// charOffset returns the byte offset of the i-th character, counting from the end
// if i is negative. ok is false if there is none.
func (m *machine) charOffset(s string, i int64) (off int, ok bool, e *Error) {
	if i >= 0 && i < int64(len(s)) && uint64(i) < m.knownASCII(s).n {
		return int(i), true, nil
	}
	if len(s) < indexMin || i >= 0 && i < indexMin || i < 0 && i >= -indexStep {
		off, ok = charOffset(s, i)
		return off, ok, nil
	}
	if i < 0 {
		n, e := m.charCount(s)
		if i += int64(n); i < 0 || e != nil {
			return 0, false, e
		}
	}
	if i >= int64(len(s)) {
		return len(s), false, nil
	}
	x := m.indexed(s)
	if e := m.upTo(x, int(i)+1, len(s)); e != nil {
		return 0, false, e
	}
	k := int(i) / indexStep
	if k >= len(x.marks) || int(x.marks[k]) >= len(s) {
		return len(s), false, nil
	}
	from := int(x.marks[k])
	off, ok = charOffset(s[from:], i%indexStep)
	if !ok {
		return len(s), false, nil
	}
	return from + off, true, nil
}

// CharOffset returns the byte offset of the i-th character of a text, counting from
// the end if i is negative; ok is false if there is none. Asking for many characters
// of a long text is quick. The work is counted.
func (c *CallContext) CharOffset(text string, i int64) (off int, ok bool, err error) {
	off, ok, e := c.vm.charOffset(text, i)
	return off, ok, asGoError(e)
}

// CharCount returns the number of characters of a text. Asking again for a long
// text is quick. The work is counted.
func (c *CallContext) CharCount(text string) (int, error) {
	n, e := c.vm.charCount(text)
	return n, asGoError(e)
}

// shortText computes a + b for two texts that make a short one together. It reports false
// for others, and if there is room behind a.
func (m *machine) shortText(a, b, dst *value.Value) (bool, *Error) {
	if !a.IsString() || !b.IsString() {
		return false, nil
	}
	n := b.StrLen()
	if n == 0 || a.StrLen() == 0 || a.StrLen()+n > value.MaxShort || m.sized || value.AppendCost(a.Plain(), n) == 0 {
		return false, nil
	}
	if e := m.charge(value.ShortSize); e != nil {
		return false, e
	}
	*dst = m.shorts.Concat(a.Str(), b.Str())
	return true, nil
}
