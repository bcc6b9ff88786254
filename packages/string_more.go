package packages

import (
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerMoreString(m *engine.Module) {
	l := library{m}
	l.prop("len(text: string) -> int", "Returns the number of characters.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(utf8.RuneCountInString(a[0].Str()))), nil
	})
	l.prop("is_empty(text: string) -> bool", "Reports whether there are no characters.", func(_ context, a []dynamic) (dynamic, error) {
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
		return value.NewBlob([]byte(a[0].Str())), nil
	})
	l.fn("to_chars(text: string) -> array", "Returns the characters.", func(c context, a []dynamic) (dynamic, error) {
		n := utf8.RuneCountInString(a[0].Str())
		if err := c.CheckArray(n); err != nil {
			return unit, err
		}
		out := make([]dynamic, 0, n)
		for _, r := range a[0].Str() {
			out = append(out, value.Char(r))
		}
		return value.NewArray(out), nil
	})

	remove := "Removes all occurrences of a text or character."
	removeFn := func(_ context, a []dynamic) (dynamic, error) {
		if part := pattern(a[1]); part != "" {
			setText(a, strings.ReplaceAll(a[0].Str(), part, ""))
		}
		return unit, nil
	}
	l.mut("remove(text: string, part: string)", remove, removeFn)
	l.mut("remove(text: string, part: char)", remove, removeFn)
	l.mut("clear(text: string)", "Removes all characters.", func(_ context, a []dynamic) (dynamic, error) {
		a[0] = value.String("")
		return unit, nil
	})
	l.mut("truncate(text: string, len: int)", "Keeps the first len characters.", func(_ context, a []dynamic) (dynamic, error) {
		lo, hi := part(a[0].Str(), 0, max(a[1].Int(), 0))
		setText(a, a[0].Str()[lo:hi])
		return unit, nil
	})
	l.mut("trim(text: string)", "Removes white space at both ends.", func(_ context, a []dynamic) (dynamic, error) {
		setText(a, strings.TrimSpace(a[0].Str()))
		return unit, nil
	})
	l.mut("pop(text: string) -> any", "Removes the last character and returns it; () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		s := a[0].Str()
		if s == "" {
			return unit, nil
		}
		r, n := utf8.DecodeLastRuneInString(s)
		setText(a, s[:len(s)-n])
		return value.Char(r), nil
	})
	l.mut("pop(text: string, len: int) -> string", "Removes the last len characters and returns them.", func(_ context, a []dynamic) (dynamic, error) {
		n := a[1].Int()
		if n <= 0 {
			return value.String(""), nil
		}
		s := a[0].Str()
		size := int64(utf8.RuneCountInString(s))
		lo, _ := part(s, max(size-n, 0), maxInt)
		setText(a, s[:lo])
		return value.String(s[lo:]), nil
	})

	registerCase(l)
	for _, f := range []struct {
		name, doc string
		test      func(s, part string) bool
	}{
		{"contains", "Reports whether a text or character occurs.", strings.Contains},
		{"starts_with", "Reports whether the text begins with another or with a character.", strings.HasPrefix},
		{"ends_with", "Reports whether the text ends with another or with a character.", strings.HasSuffix},
	} {
		test := func(_ context, a []dynamic) (dynamic, error) {
			return value.Bool(f.test(a[0].Str(), pattern(a[1]))), nil
		}
		l.fn(f.name+"(text: string, part: string) -> bool", f.doc, test)
		l.fn(f.name+"(text: string, part: char) -> bool", f.doc, test)
	}
	find := "Returns the index of the first occurrence of a text or character, -1 if there is none."
	for _, t := range []string{"string", "char"} {
		l.fn("index_of(text: string, part: "+t+") -> int", find, stringIndexOf)
		l.fn("index_of(text: string, part: "+t+", start: int) -> int", find, stringIndexOf)
	}
	l.fn("get(text: string, index: int) -> any", "Returns the character at an index, which counts from the end if negative; () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		if off, ok := charAt(a[0].Str(), a[1].Int()); ok {
			r, _ := utf8.DecodeRuneInString(a[0].Str()[off:])
			return value.Char(r), nil
		}
		return unit, nil
	})
	l.mut("set(text: string, index: int, character: char)", "Replaces the character at an index, which counts from the end if negative; does nothing outside of the text.", func(_ context, a []dynamic) (dynamic, error) {
		s := a[0].Str()
		if off, ok := charAt(s, a[1].Int()); ok {
			_, n := utf8.DecodeRuneInString(s[off:])
			a[0] = value.String(s[:off] + string(a[2].Char()) + s[off+n:])
		}
		return unit, nil
	})
	sub := func(_ context, a []dynamic) (dynamic, error) {
		start, length, _ := bounds(a[1:])
		lo, hi := part(a[0].Str(), start, length)
		return value.String(a[0].Str()[lo:hi]), nil
	}
	doc := "Returns a part of the text."
	l.fn("sub_string(text: string, start: int) -> string", doc, sub)
	l.fn("sub_string(text: string, start: int, len: int) -> string", doc, sub)
	l.fn("sub_string(text: string, range: range*) -> string", doc, sub)
	crop := func(_ context, a []dynamic) (dynamic, error) {
		start, length, _ := bounds(a[1:])
		lo, hi := part(a[0].Str(), start, length)
		setText(a, a[0].Str()[lo:hi])
		return unit, nil
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
		l.fn("max(x: "+t+", y: "+t+") -> "+t, "Returns the greater one.", func(_ context, a []dynamic) (dynamic, error) {
			if pattern(a[0]) >= pattern(a[1]) {
				return a[0], nil
			}
			return a[1], nil
		})
		l.fn("min(x: "+t+", y: "+t+") -> "+t, "Returns the smaller one.", func(_ context, a []dynamic) (dynamic, error) {
			if pattern(a[0]) <= pattern(a[1]) {
				return a[0], nil
			}
			return a[1], nil
		})
	}
	registerSplit(l)
}

// setText replaces the text of the receiver by a part of it or another text.
func setText(a []dynamic, s string) {
	if len(s) != a[0].StrLen() {
		a[0] = value.String(s)
	} else if s != a[0].Str() {
		a[0] = value.String(s)
	}
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

// charAt returns the byte offset of a character, counting from the end if the
// index is negative.
func charAt(s string, i int64) (int, bool) {
	if i < 0 {
		if i += int64(utf8.RuneCountInString(s)); i < 0 {
			return 0, false
		}
	}
	off := offset(s, i)
	return off, off < len(s)
}

// offset returns the byte offset of the i-th character, or the length of s.
func offset(s string, i int64) int {
	if i >= int64(len(s)) {
		return len(s)
	}
	for off := range s {
		if i == 0 {
			return off
		}
		i--
	}
	return len(s)
}

// part returns the byte offsets of a part given in characters, clamped as by clip.
func part(s string, start, length int64) (lo, hi int) {
	if start < 0 {
		if start += int64(utf8.RuneCountInString(s)); start < 0 {
			start = 0
		}
	}
	lo = offset(s, start)
	if length <= 0 {
		return lo, lo
	}
	return lo, lo + offset(s[lo:], length)
}

func stringIndexOf(_ context, a []dynamic) (dynamic, error) {
	s, find := a[0].Str(), pattern(a[1])
	lo := 0
	if len(a) > 2 {
		lo, _ = part(s, a[2].Int(), 0)
	}
	if lo >= len(s) {
		return value.Int(-1), nil
	}
	i := strings.Index(s[lo:], find)
	if i < 0 {
		return value.Int(-1), nil
	}
	return value.Int(int64(utf8.RuneCountInString(s[:lo+i]))), nil
}

func stringReplace(c context, a []dynamic) (dynamic, error) {
	s, from, to := a[0].Str(), pattern(a[1]), pattern(a[2])
	if s == "" {
		return unit, nil
	}
	if len(to) > len(from) {
		if err := c.CheckString(len(s) + strings.Count(s, from)*(len(to)-len(from))); err != nil {
			return unit, err
		}
	}
	setText(a, strings.ReplaceAll(s, from, to))
	return unit, nil
}

func stringPad(c context, a []dynamic) (dynamic, error) {
	s, fill := a[0].Str(), pattern(a[2])
	n := a[1].Int() - int64(utf8.RuneCountInString(s))
	if n <= 0 || fill == "" {
		return unit, nil
	}
	per := int64(utf8.RuneCountInString(fill))
	whole := n / per
	rest := fill[:offset(fill, n%per)]
	if whole > maxInt/int64(len(fill))/2 {
		whole = maxInt / int64(len(fill)) / 2
	}
	size := int64(len(s)) + whole*int64(len(fill)) + int64(len(rest))
	if err := c.CheckString(int(size)); err != nil {
		return unit, err
	}
	var b strings.Builder
	b.Grow(int(size))
	b.WriteString(s)
	b.WriteString(strings.Repeat(fill, int(whole)))
	b.WriteString(rest)
	a[0] = value.String(b.String())
	return unit, nil
}

// registerStringConcat adds the operators that join a text and any other value.
func registerStringConcat(l library) {
	doc := "Returns the text followed by what print shows of the other value."
	l.fn("+(text: string, other: any) -> string", doc, appended)
	for _, t := range []string{"string", "char", "()"} {
		l.fn("+(text: string, other: "+t+") -> string", doc, appended)
	}
	l.fn("+(text: string, other: blob) -> string", "Returns the text followed by the text in the blob.", appended)
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
		return lossy(v.Blob().Bytes), nil
	}
	return c.Text(v)
}

func appended(c context, a []dynamic) (dynamic, error) {
	s, err := textOf(c, a[1])
	if err != nil {
		return unit, err
	}
	if err := c.CheckString(a[0].StrLen() + len(s)); err != nil {
		return unit, err
	}
	return value.Append(a[0].Plain(), s), nil
}

func prepended(c context, a []dynamic) (dynamic, error) {
	s, err := textOf(c, a[0])
	if err != nil {
		return unit, err
	}
	if err := c.CheckString(a[1].StrLen() + len(s)); err != nil {
		return unit, err
	}
	return value.String(s + a[1].Str()), nil
}

func appendTo(c context, a []dynamic) (dynamic, error) {
	v, err := appended(c, a)
	if err == nil {
		a[0] = v
	}
	return unit, err
}

// lossy returns the text that b is in UTF-8, with a replacement character for
// each longest piece that could begin a character but does not.
func lossy(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r != utf8.RuneError || n != 1 {
			out = append(out, b[:n]...)
			b = b[n:]
			continue
		}
		out = append(out, "\uFFFD"...)
		b = b[brokenLen(b):]
	}
	return string(out)
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
