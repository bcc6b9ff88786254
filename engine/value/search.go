package value

import (
	"strings"
	"unicode/utf8"
)

// Searching texts of any length under the eyes of a meter. A nil Meter watches
// nothing.

// Index is strings.Index.
func Index(meter Meter, s, part string) (int, error) {
	g := gauge{meter: meter}
	i, err := g.index(s, part)
	if err == nil {
		err = g.done()
	}
	return i, err
}

// index searches window by window: each reaches as far into the next as a part
// that begins in it could.
func (g *gauge) index(s, part string) (int, error) {
	if len(s) <= chunk {
		i := strings.Index(s, part)
		n := i
		if i < 0 {
			n = len(s)
		}
		return i, g.work(n + len(part))
	}
	if len(part) > len(s) {
		return -1, nil
	}
	if len(part) > chunk {
		return g.indexLong(s, part)
	}
	for from := 0; from < len(s); from += chunk {
		end := min(len(s), from+chunk+len(part)-1)
		i := strings.Index(s[from:end], part)
		if i >= 0 {
			return from + i, g.work(i + len(part))
		}
		if err := g.work(end - from); err != nil {
			return -1, err
		}
	}
	return -1, nil
}

// indexLong searches for a part that is longer than a window: for its beginning
// first.
func (g *gauge) indexLong(s, part string) (int, error) {
	const head = 64
	for from := 0; ; {
		i, err := g.index(s[from:], part[:head])
		if i < 0 || err != nil {
			return -1, err
		}
		from += i
		if len(s)-from < len(part) {
			return -1, nil
		}
		if same, err := g.textsEqual(s[from:from+len(part)], part); same || err != nil {
			return from, err
		}
		from++
	}
}

// LastIndex is strings.LastIndex.
func LastIndex(meter Meter, s, part string) (int, error) {
	g := gauge{meter: meter}
	i, err := g.lastIndex(s, part)
	if err == nil {
		err = g.done()
	}
	return i, err
}

func (g *gauge) lastIndex(s, part string) (int, error) {
	if len(part) > len(s) {
		return -1, nil
	}
	if len(part) > chunk/8 {
		return g.lastIndexLong(s, part)
	}
	// A window is at least as long as the part.
	const step = chunk / 8
	for to := len(s); ; {
		lo := max(0, to-step-len(part)+1)
		i := strings.LastIndex(s[lo:to], part)
		n := to - lo
		if i >= 0 {
			n -= i
		}
		if err := g.work(n + len(part)); err != nil {
			return -1, err
		}
		if i >= 0 {
			return lo + i, nil
		}
		if lo == 0 {
			return -1, nil
		}
		to = lo + len(part) - 1
	}
}

// lastIndexLong searches for a part that is longer than a window: for its end first.
func (g *gauge) lastIndexLong(s, part string) (int, error) {
	const tail = 64
	for to := len(s); ; {
		i, err := g.lastIndex(s[:to], part[len(part)-tail:])
		from := i + tail - len(part)
		if i < 0 || from < 0 || err != nil {
			return -1, err
		}
		if same, err := g.textsEqual(s[from:i+tail], part); same || err != nil {
			return from, err
		}
		to = i + tail - 1
	}
}

// CountChars returns the number of characters of s.
func CountChars(meter Meter, s string) (int, error) {
	g := gauge{meter: meter}
	n := 0
	for len(s) > chunk {
		if err := g.work(chunk); err != nil {
			return 0, err
		}
		cut := charCut(s, chunk)
		n += utf8.RuneCountInString(s[:cut])
		s = s[cut:]
	}
	if err := g.work(len(s)); err != nil {
		return 0, err
	}
	return n + utf8.RuneCountInString(s), g.done()
}

// charCut returns a place at or a little before n at which s can be cut without
// changing what characters it consists of.
func charCut(s string, n int) int {
	for i := range utf8.UTFMax {
		if n-i > 0 && utf8.RuneStart(s[n-i]) {
			return n - i
		}
	}
	return n
}

// Replace replaces all occurrences of a part of the string v. A text of more than
// limit bytes is ErrTextTooLong.
func Replace(meter Meter, v Value, part, by string, limit int) (Value, error) {
	if part == "" {
		return replaceEmpty(meter, v, by, limit)
	}
	g := gauge{meter: meter}
	s := v.Str()
	first, err := g.index(s, part)
	if first < 0 || err != nil || part == by {
		if err == nil {
			err = g.done()
		}
		return v, err
	}
	b := Builder{gauge: g, limit: limit}
	if len(by) <= len(part) {
		// The text gets no longer: one buffer of that size.
		if err := b.charge(len(s)); err != nil {
			return Unit, err
		}
		b.buf = MakeText(len(s))
	}
	for i := first; i >= 0 && b.err == nil; {
		b.copy(s[:i])
		b.text(by)
		s = s[i+len(part):]
		if b.err == nil {
			i, b.err = b.index(s, part)
		}
	}
	b.copy(s)
	return b.string()
}

// replaceEmpty puts a text before each character and at the end.
func replaceEmpty(meter Meter, v Value, by string, limit int) (Value, error) {
	if by == "" {
		return v, nil
	}
	b := Builder{gauge: gauge{meter: meter}, limit: limit}
	for s := v.Str(); s != "" && b.err == nil; {
		_, n := utf8.DecodeRuneInString(s)
		b.text(by)
		b.text(s[:n])
		s = s[n:]
	}
	b.text(by)
	return b.string()
}

// NewBuilder makes a builder of a text that is to have size bytes, 0 if that is not
// known. With more than limit bytes the error is [ErrTextTooLong].
func NewBuilder(meter Meter, size, limit int) *Builder {
	b := &Builder{gauge: gauge{meter: meter}, limit: limit}
	switch {
	case size > limit:
		b.err = ErrTextTooLong
	case size > 0:
		if b.err = b.charge(size); b.err == nil {
			b.buf = MakeText(size)
		}
	}
	return b
}

// Write appends a text of any length and reports whether all is well.
func (b *Builder) Write(s string) bool {
	b.copy(s)
	return b.err == nil
}

// WriteBytes appends bytes, of which it keeps a copy, like Write.
func (b *Builder) WriteBytes(p []byte) bool { return b.Write(bytesText(p)) }

// Err returns the first error.
func (b *Builder) Err() error { return b.err }

// WriteRune appends a character.
func (b *Builder) WriteRune(r rune) {
	if b.room(utf8.UTFMax) {
		b.buf = utf8.AppendRune(b.buf, r)
	}
}

// End returns the text.
func (b *Builder) End() (Value, error) {
	if b.err == nil && len(b.buf) > b.limit {
		b.err = ErrTextTooLong
	}
	return b.string()
}

// CompareTexts is strings.Compare under the eyes of a meter.
func CompareTexts(meter Meter, s, t string) (int, error) {
	g := gauge{meter: meter}
	for len(s) > chunk && len(t) > chunk && s[:chunk] == t[:chunk] {
		if err := g.work(chunk); err != nil {
			return 0, err
		}
		s, t = s[chunk:], t[chunk:]
	}
	n := min(len(s), len(t), chunk)
	if err := g.work(n); err != nil {
		return 0, err
	}
	// What follows the chunk only tells which is longer if the chunks are equal.
	return strings.Compare(s[:min(len(s), n+1)], t[:min(len(t), n+1)]), g.done()
}

// copy appends a text of any length piece by piece.
func (b *Builder) copy(s string) {
	if len(s) > b.limit-len(b.buf) && b.err == nil {
		b.err = ErrTextTooLong
		return
	}
	for len(s) > chunk && b.err == nil {
		b.text(s[:chunk])
		s = s[chunk:]
	}
	b.text(s)
}

// string ends the text. A buffer that is much larger than the text is given back.
func (b *Builder) string() (Value, error) {
	if b.err == nil {
		b.err = b.charge(StringSize + builderSize)
	}
	if b.err == nil {
		b.err = b.done()
	}
	if b.err != nil {
		return Unit, b.err
	}
	if n := len(b.buf); cap(b.buf) > 4*n && cap(b.buf) > keepRoom {
		if n == 0 {
			return String(""), nil
		}
		return textCopy(b.meter, bytesText(b.buf))
	}
	return String(bytesText(b.buf)), nil
}

// AppendMetered appends bytes, for which it makes room first.
func (b *Blob) AppendMetered(meter Meter, parts ...[]byte) error {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if err := b.Reserve(meter, n); err != nil {
		return err
	}
	g := gauge{meter: meter}
	at := len(b.Bytes)
	all := b.Bytes[:at+n]
	for _, p := range parts {
		if err := copyBytes(&g, all[at:], p); err != nil {
			return err
		}
		at += len(p)
	}
	b.Bytes = all
	return g.done()
}
