package packages

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerMoreString(m *engine.Module) {
	l := library{m: m}
	l.doing("len").prop("len(text: string) -> int", "Returns the number of characters.", func(c context, a []dynamic) (dynamic, error) {
		n, err := c.CharCount(a[0].Str())
		return value.Int(int64(n)), err
	})
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		return value.Bool(a.StrLen() == 0), true
	}).prop("is_empty(text: string) -> bool", "Reports whether there are no characters.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(a[0].StrLen() == 0), nil
	})
	l.prop("bytes(text: string) -> int", "Returns the number of bytes of the text in UTF-8.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(a[0].StrLen())), nil
	})
	registerStringConcat(l)
	l.fn("to_blob(text: string) -> blob", "Returns the bytes of the text in UTF-8.", func(c context, a []dynamic) (dynamic, error) {
		if err := c.CheckArray(a[0].StrLen()); err != nil {
			return unit, err
		}
		return blobPart(c, value.TextBytes(a[0].Str()))
	})
	l.fn("to_chars(text: string) -> array", "Returns the characters.", func(c context, a []dynamic) (dynamic, error) {
		n, err := c.CharCount(a[0].Str())
		if err == nil {
			err = c.CheckArray(n)
		}
		if err != nil {
			return unit, err
		}
		out, err := newItems(c, n)
		if err != nil {
			return unit, err
		}
		p := stepper{c: c}
		for _, r := range a[0].Str() {
			out = append(out, value.Char(r))
			if err := p.step(value.Size); err != nil {
				return unit, err
			}
		}
		return value.NewArray(out), p.end()
	})

	remove := "Removes all occurrences of a text or character."
	removeFn := func(c context, a []dynamic) (dynamic, error) {
		part := pattern(a[1])
		if part == "" {
			return unit, nil
		}
		v, err := value.Replace(c, a[0], part, "", c.TextLimit())
		if err == nil {
			a[0] = v
		}
		return unit, err
	}
	l.mut("remove(text: string, part: string)", remove, removeFn)
	l.mut("remove(text: string, part: char)", remove, removeFn)
	l.mut("clear(text: string)", "Removes all characters.", func(_ context, a []dynamic) (dynamic, error) {
		a[0] = value.String("")
		return unit, nil
	})
	l.mut("truncate(text: string, len: int)", "Keeps the first len characters.", func(c context, a []dynamic) (dynamic, error) {
		hi, err := offsetOf(c, a[0].Str(), max(a[1].Int(), 0))
		if err != nil {
			return unit, err
		}
		return unit, keepPart(c, a, 0, hi)
	})
	l.mut("trim(text: string)", "Removes white space at both ends.", func(c context, a []dynamic) (dynamic, error) {
		lo, hi, err := trimmed(c, a[0].Str())
		if err != nil {
			return unit, err
		}
		return unit, keepPart(c, a, lo, hi)
	})
	l.mut("pop(text: string) -> any", "Removes the last character and returns it; () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		s := a[0].Str()
		if s == "" {
			return unit, nil
		}
		r, n := utf8.DecodeLastRuneInString(s)
		return value.Char(r), keepPart(c, a, 0, len(s)-n)
	})
	l.mut("pop(text: string, len: int) -> string", "Removes the last len characters and returns them.", func(c context, a []dynamic) (dynamic, error) {
		n := a[1].Int()
		if n <= 0 {
			return value.String(""), nil
		}
		s, lo := a[0].Str(), 0
		if n < int64(len(s)) {
			off, ok, err := c.CharOffset(s, -n)
			if err != nil {
				return unit, err
			}
			if ok {
				lo = off
			}
		}
		out, err := value.Part(c, a[0], lo, len(s))
		if err != nil {
			return unit, err
		}
		return out, keepPart(c, a, 0, lo)
	})

	registerCase(l)
	for _, f := range []struct {
		name, doc string
		brief     func(s, part string) bool
		test      func(c context, s, part string) (bool, error)
	}{
		{"contains", "Reports whether a text or character occurs.", strings.Contains, func(c context, s, part string) (bool, error) {
			i, err := value.Index(c, s, part)
			return i >= 0, err
		}},
		{"starts_with", "Reports whether the text begins with another or with a character.", strings.HasPrefix, func(c context, s, part string) (bool, error) {
			if len(part) > len(s) {
				return false, nil
			}
			o, err := value.CompareTexts(c, s[:len(part)], part)
			return o == 0, err
		}},
		{"ends_with", "Reports whether the text ends with another or with a character.", strings.HasSuffix, func(c context, s, part string) (bool, error) {
			if len(part) > len(s) {
				return false, nil
			}
			o, err := value.CompareTexts(c, s[len(s)-len(part):], part)
			return o == 0, err
		}},
	} {
		test := func(c context, a []dynamic) (dynamic, error) {
			ok, err := f.test(c, a[0].Str(), pattern(a[1]))
			return value.Bool(ok), err
		}
		l := l.with(ofBrief(func(s, part string) dynamic { return value.Bool(f.brief(s, part)) }))
		l.fn(f.name+"(text: string, part: string) -> bool", f.doc, test)
		l.fn(f.name+"(text: string, part: char) -> bool", f.doc, test)
	}
	find := "Returns the index of the first occurrence of a text or character, -1 if there is none."
	for _, t := range []string{"string", "char"} {
		l.with(ofBrief(briefIndexOf)).fn("index_of(text: string, part: "+t+") -> int", find, stringIndexOf)
		l.fn("index_of(text: string, part: "+t+", start: int) -> int", find, stringIndexOf)
	}
	l.fn("get(text: string, index: int) -> any", "Returns the character at an index, which counts from the end if negative; () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		off, ok, err := c.CharOffset(a[0].Str(), a[1].Int())
		if !ok || err != nil {
			return unit, err
		}
		r, _ := utf8.DecodeRuneInString(a[0].Str()[off:])
		return value.Char(r), nil
	})
	l.mut("set(text: string, index: int, character: char)", "Replaces the character at an index, which counts from the end if negative; does nothing outside of the text.", func(c context, a []dynamic) (dynamic, error) {
		s := a[0].Str()
		off, ok, err := c.CharOffset(s, a[1].Int())
		if !ok || err != nil {
			return unit, err
		}
		_, n := utf8.DecodeRuneInString(s[off:])
		b := value.NewBuilder(c, len(s)+utf8.UTFMax, c.TextLimit()+utf8.UTFMax)
		b.Write(s[:off])
		b.WriteRune(a[2].Char())
		b.Write(s[off+n:])
		v, err := b.End()
		if err == nil {
			a[0] = v
		}
		return unit, err
	})
	sub := func(c context, a []dynamic) (dynamic, error) {
		start, length, _ := bounds(a[1:])
		lo, hi, err := partOf(c, a[0].Str(), start, length)
		if err != nil {
			return unit, err
		}
		return value.Part(c, a[0], lo, hi)
	}
	doc := "Returns a part of the text."
	l.fn("sub_string(text: string, start: int) -> string", doc, sub)
	l.fn("sub_string(text: string, start: int, len: int) -> string", doc, sub)
	l.fn("sub_string(text: string, range: range*) -> string", doc, sub)
	crop := func(c context, a []dynamic) (dynamic, error) {
		start, length, _ := bounds(a[1:])
		lo, hi, err := partOf(c, a[0].Str(), start, length)
		if err != nil {
			return unit, err
		}
		return unit, keepPart(c, a, lo, hi)
	}
	doc = "Keeps only a part of the text."
	l.mut("crop(text: string, start: int)", doc, crop)
	l.mut("crop(text: string, start: int, len: int)", doc, crop)
	l.mut("crop(text: string, range: range*)", doc, crop)
	for _, from := range []string{"string", "char"} {
		for _, to := range []string{"string", "char"} {
			l.mut("replace(text: string, part: "+from+", by: "+to+")", "Replaces all occurrences of a text or character.", stringReplace)
		}
	}
	doc = "Adds a character, or a text as often as it takes, until the text has len characters."
	l.mut("pad(text: string, len: int, character: char)", doc, stringPad)
	l.mut("pad(text: string, len: int, filler: string)", doc, stringPad)
	for _, t := range []string{"string", "char"} {
		l.fn("max(x: "+t+", y: "+t+") -> "+t, "Returns the greater one.", func(c context, a []dynamic) (dynamic, error) {
			if o, err := value.CompareTexts(c, pattern(a[0]), pattern(a[1])); o >= 0 || err != nil {
				return a[0], err
			}
			return a[1], nil
		})
		l.fn("min(x: "+t+", y: "+t+") -> "+t, "Returns the smaller one.", func(c context, a []dynamic) (dynamic, error) {
			if o, err := value.CompareTexts(c, pattern(a[0]), pattern(a[1])); o <= 0 || err != nil {
				return a[0], err
			}
			return a[1], nil
		})
	}
	registerSplit(l)
}

// keepPart makes a part of its text the receiver.
func keepPart(c context, a []dynamic, lo, hi int) error {
	v, err := value.Part(c, a[0], lo, hi)
	if err == nil {
		a[0] = v
	}
	return err
}

// trimmed returns where a text without the white space at both ends begins and ends.
func trimmed(c context, s string) (lo, hi int, err error) {
	p := stepper{c: c}
	hi = len(s)
	for lo < hi {
		r, n := utf8.DecodeRuneInString(s[lo:hi])
		if !unicode.IsSpace(r) {
			break
		}
		lo += n
		if err := p.step(n); err != nil {
			return 0, 0, err
		}
	}
	for lo < hi {
		r, n := utf8.DecodeLastRuneInString(s[lo:hi])
		if !unicode.IsSpace(r) {
			break
		}
		hi -= n
		if err := p.step(n); err != nil {
			return 0, 0, err
		}
	}
	return lo, hi, p.end()
}

// pattern returns the text of a string or character.
func pattern(v dynamic) string {
	if !v.IsChar() {
		return v.Str()
	}
	if r := v.Char(); r < utf8.RuneSelf {
		return ascii[r : r+1]
	}
	return string(v.Char())
}

// ascii holds all ASCII characters, so that the text of one is a part of it.
var ascii = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// brief is the length from which texts are not looked at by the short forms of functions.
const brief = 256

// ofBrief is the short form of a function of two short texts, or of a text and a character.
func ofBrief(f func(s, part string) dynamic) engine.LeafFunc {
	return func(a *dynamic, rest []dynamic) (dynamic, bool) {
		part := &rest[0]
		if a.StrLen() >= brief || part.IsChar() && part.Char() >= utf8.RuneSelf || !part.IsChar() && part.StrLen() >= brief {
			return unit, false
		}
		return f(a.Str(), pattern(*part)), true
	}
}

func briefIndexOf(s, part string) dynamic {
	if s == "" {
		return value.Int(-1) // also of the empty text
	}
	i := strings.Index(s, part)
	if i > 0 {
		i = utf8.RuneCountInString(s[:i])
	}
	return value.Int(int64(i))
}

func stringIndexOf(c context, a []dynamic) (dynamic, error) {
	s, find := a[0].Str(), pattern(a[1])
	lo := 0
	if len(a) > 2 {
		var err error
		if lo, _, err = partOf(c, s, a[2].Int(), 0); err != nil {
			return unit, err
		}
	}
	if lo >= len(s) {
		return value.Int(-1), nil
	}
	i, err := value.Index(c, s[lo:], find)
	if i < 0 || err != nil {
		return value.Int(-1), err
	}
	n, err := value.CountChars(c, s[:lo+i])
	return value.Int(int64(n)), err
}

func stringReplace(c context, a []dynamic) (dynamic, error) {
	if a[0].StrLen() == 0 {
		return unit, nil
	}
	v, err := value.Replace(c, a[0], pattern(a[1]), pattern(a[2]), c.TextLimit())
	if err == nil {
		a[0] = v
	}
	return unit, err
}

// padChunk is the length of what pad adds at once.
const padChunk = 1 << 10

func stringPad(c context, a []dynamic) (dynamic, error) {
	s, fill := a[0].Str(), pattern(a[2])
	if fill == "" || a[1].Int() <= 0 {
		return unit, nil
	}
	has, err := c.CharCount(s)
	if err != nil {
		return unit, err
	}
	n := a[1].Int() - int64(has)
	if n <= 0 {
		return unit, nil
	}
	count, err := c.CharCount(fill)
	if err != nil {
		return unit, err
	}
	whole := n / int64(count)
	end, err := offsetOf(c, fill, n%int64(count))
	if err != nil {
		return unit, err
	}
	if whole > maxInt/int64(len(fill))/2 {
		whole = maxInt / int64(len(fill)) / 2
	}
	size := int64(len(s)) + whole*int64(len(fill)) + int64(end)
	if err := c.CheckString(int(size)); err != nil {
		return unit, err
	}
	b := value.NewBuilder(c, int(size), c.TextLimit())
	b.Write(s)
	for whole > 1 && len(fill) < padChunk/2 {
		// A longer filler takes fewer steps.
		k := min(whole, int64(padChunk/len(fill)))
		if err := c.Charge(int(k) * len(fill)); err != nil {
			return unit, err
		}
		many := strings.Repeat(fill, int(k))
		for ; whole >= k; whole -= k {
			if !b.Write(many) {
				break
			}
		}
		if b.Err() != nil {
			break
		}
	}
	for ; whole > 0; whole-- {
		if !b.Write(fill) {
			break
		}
	}
	b.Write(fill[:end])
	v, err := b.End()
	if err == nil {
		a[0] = v
	}
	return unit, err
}

// registerStringConcat adds the operators that join a text and any other value.
func registerStringConcat(l library) {
	doc := "Returns the text followed by what print shows of the other value."
	l.operator("+(text: string, other: any) -> string", doc, appended)
	for _, t := range []string{"string", "char", "()"} {
		l.operator("+(text: string, other: "+t+") -> string", doc, appended)
	}
	l.operator("+(text: string, other: blob) -> string", "Returns the text followed by the text in the blob.", appended)
	doc = "Returns what print shows of the other value, followed by the text."
	l.fn("+(other: any, text: string) -> string", doc, prepended)
	for _, t := range []string{"char", "()"} {
		l.fn("+(other: "+t+", text: string) -> string", doc, prepended)
	}
	l.fn("+(other: blob, text: string) -> string", "Returns the text in the blob followed by the text.", prepended)
	doc = "Adds what print shows of a value at the end."
	for _, t := range []string{"any", "string", "char", "()"} {
		l.mut("+=(text: string, other: "+t+")", doc, appendTo)
	}
	l.mut("append(text: string, other: any)", doc, appendTo)
	doc = "Adds the text in a blob at the end."
	l.mut("+=(text: string, other: blob)", doc, appendTo)
	l.mut("append(text: string, other: blob)", doc, appendTo)
}

// textOf returns what a value adds to a text.
func textOf(c context, v dynamic) (string, error) {
	if v = v.Plain(); v.Kind() == value.KindBlob {
		t, err := lossy(c, v.Blob().Bytes)
		if err != nil {
			return "", err
		}
		return t.Str(), nil
	}
	return c.Text(v)
}

func appended(c context, x, y *dynamic) (dynamic, error) {
	if y.IsInt() {
		// Keys and labels are made so, and numbers need no text of their own.
		if err := c.CheckString(x.StrLen() + maxDigits); err != nil {
			if err := c.CheckString(x.StrLen() + len(strconv.FormatInt(y.Int(), 10))); err != nil {
				return unit, err
			}
		}
		return value.Plus(c, x.Plain(), y.Int())
	}
	return joined(c, x, y)
}

// maxDigits is how many bytes an integer has at most.
const maxDigits = 20

// joined returns a text and what print shows of another value.
func joined(c context, x, y *dynamic) (dynamic, error) {
	s, err := textOf(c, *y)
	if err != nil {
		return unit, err
	}
	if err := c.CheckString(x.StrLen() + len(s)); err != nil {
		return unit, err
	}
	return value.AppendMetered(c, x.Plain(), s)
}

func prepended(c context, a []dynamic) (dynamic, error) {
	s, err := textOf(c, a[0])
	if err != nil {
		return unit, err
	}
	if err := c.CheckString(a[1].StrLen() + len(s)); err != nil {
		return unit, err
	}
	b := value.NewBuilder(c, len(s)+a[1].StrLen(), c.TextLimit())
	b.Write(s)
	b.Write(a[1].Str())
	return b.End()
}

// grown is appended for a text that likely grows on.
func grown(c context, x, y *dynamic) (dynamic, error) {
	if !y.IsInt() {
		return joined(c, x, y)
	}
	var room [maxDigits]byte
	text := strconv.AppendInt(room[:0], y.Int(), 10)
	if err := c.CheckString(x.StrLen() + len(text)); err != nil {
		return unit, err
	}
	return value.AppendDigits(c, x.Plain(), text)
}

func appendTo(c context, a []dynamic) (dynamic, error) {
	v, err := grown(c, &a[0], &a[1])
	if err == nil {
		a[0] = v
	}
	return unit, err
}

// lossy returns the text that b is in UTF-8, with a replacement character for
// each longest piece that could begin a character but does not.
func lossy(c context, b []byte) (dynamic, error) {
	out := value.NewBuilder(c, len(b), c.TextLimit())
	for len(b) > 0 {
		// What is valid goes as it is, a piece at a time.
		n, ok := validPrefix(b)
		if !out.WriteBytes(b[:n]) {
			break
		}
		if b = b[n:]; ok {
			continue
		}
		if !out.Write("\uFFFD") {
			break
		}
		b = b[brokenLen(b):]
	}
	return out.End()
}

// validPrefix returns how many bytes at the beginning of b are whole characters; ok
// is false if what follows them is none. It looks at no more than a few kilobytes.
func validPrefix(b []byte) (n int, ok bool) {
	for n < len(b) && n < 8<<10 {
		if b[n] < utf8.RuneSelf {
			n++
			continue
		}
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			return n, false
		}
		n += size
	}
	return n, true
}

// brokenLen returns how many bytes at the beginning of b are the beginning of a
// character that is cut off; at least 1.
func brokenLen(b []byte) int {
	lo, hi, want := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		want = 1
	case c >= 0xE0 && c <= 0xEF:
		want = 2
		if c == 0xE0 {
			lo = 0xA0
		} else if c == 0xED {
			hi = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		want = 3
		if c == 0xF0 {
			lo = 0x90
		} else if c == 0xF4 {
			hi = 0x8F
		}
	}
	n := 1
	for n <= want && n < len(b) && b[n] >= lo && b[n] <= hi {
		n++
		lo, hi = 0x80, 0xBF
	}
	return n
}
