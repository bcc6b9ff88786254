package packages

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// registerCase adds the functions that change upper and lower case.
func registerCase(l library) {
	for _, f := range []struct {
		name, word string
		text       func(whole string, lo, hi int) string
		first      byte // of the ASCII letters that change
	}{{"upper", "upper", upper, 'a'}, {"lower", "lower", lower, 'A'}} {
		char := func(r rune) rune {
			// A character whose counterpart is several characters stays.
			s := string(r)
			s = f.text(s, 0, len(s))
			if c, n := utf8.DecodeRuneInString(s); n == len(s) {
				return c
			}
			return r
		}
		l.fn("to_"+f.name+"(text: string) -> string", "Returns the text in "+f.word+" case.", func(c context, a []dynamic) (dynamic, error) {
			return changeCase(c, a[0], f.first, f.text)
		})
		l.fn("to_"+f.name+"(character: char) -> char", "Returns the character in "+f.word+" case.", func(_ context, a []dynamic) (dynamic, error) {
			return value.Char(char(a[0].Char())), nil
		})
		l.mut("make_"+f.name+"(text: string)", "Changes the text to "+f.word+" case.", func(c context, a []dynamic) (dynamic, error) {
			v, err := changeCase(c, a[0], f.first, f.text)
			if err == nil {
				a[0] = v
			}
			return unit, err
		})
		l.mut("make_"+f.name+"(character: char)", "Changes the character to "+f.word+" case.", func(_ context, a []dynamic) (dynamic, error) {
			a[0] = value.Char(char(a[0].Char()))
			return unit, nil
		})
	}
}

// changeCase returns a text in upper or lower case, which change makes piece by
// piece. first is the first of the ASCII letters that change.
func changeCase(c context, v dynamic, first byte, change func(whole string, lo, hi int) string) (dynamic, error) {
	const piece = 16 << 10
	s := v.Str()
	if n := len(s); n <= value.MaxShort && n > 0 {
		var b [value.MaxShort]byte
		ascii := true
		for i := range n {
			x := s[i]
			ascii = ascii && x < utf8.RuneSelf
			if x-first < 26 {
				x ^= 0x20
			}
			b[i] = x
		}
		if ascii {
			if err := c.CheckString(n); err != nil {
				return unit, err
			}
			return c.Texts().Of(b[:n]), c.Charge(value.ShortSize)
		}
	}
	if len(s) <= light {
		t := change(s, 0, len(s))
		if err := c.CheckString(len(t)); err != nil {
			return unit, err
		}
		return newText(c, t)
	}
	b := value.NewBuilder(c, len(s), c.TextLimit())
	for lo := 0; lo < len(s); {
		hi := min(lo+piece, len(s))
		for hi < len(s) && hi > lo+piece-utf8.UTFMax && !utf8.RuneStart(s[hi]) {
			hi--
		}
		if err := c.Charge(hi - lo); err != nil {
			return unit, err
		}
		if !b.Write(change(s, lo, hi)) {
			break
		}
		lo = hi
	}
	return b.End()
}

// specialUpper holds the characters whose upper case is several characters, from
// Unicode's SpecialCasing, without the Greek ones that follow a rule.
var specialUpper = map[rune]string{
	'\u00DF': "SS", '\u0149': "\u02BCN", '\u01F0': "J\u030C", '\u0390': "\u0399\u0308\u0301",
	'\u03B0': "\u03A5\u0308\u0301", '\u0587': "\u0535\u0552", '\u1E96': "H\u0331", '\u1E97': "T\u0308",
	'\u1E98': "W\u030A", '\u1E99': "Y\u030A", '\u1E9A': "A\u02BE", '\u1F50': "\u03A5\u0313",
	'\u1F52': "\u03A5\u0313\u0300", '\u1F54': "\u03A5\u0313\u0301", '\u1F56': "\u03A5\u0313\u0342",
	'\u1FB2': "\u1FBA\u0399", '\u1FB3': "\u0391\u0399", '\u1FB4': "\u0386\u0399", '\u1FB6': "\u0391\u0342",
	'\u1FB7': "\u0391\u0342\u0399", '\u1FBC': "\u0391\u0399", '\u1FC2': "\u1FCA\u0399", '\u1FC3': "\u0397\u0399",
	'\u1FC4': "\u0389\u0399", '\u1FC6': "\u0397\u0342", '\u1FC7': "\u0397\u0342\u0399", '\u1FCC': "\u0397\u0399",
	'\u1FD2': "\u0399\u0308\u0300", '\u1FD3': "\u0399\u0308\u0301", '\u1FD6': "\u0399\u0342", '\u1FD7': "\u0399\u0308\u0342",
	'\u1FE2': "\u03A5\u0308\u0300", '\u1FE3': "\u03A5\u0308\u0301", '\u1FE4': "\u03A1\u0313", '\u1FE6': "\u03A5\u0342",
	'\u1FE7': "\u03A5\u0308\u0342", '\u1FF2': "\u1FFA\u0399", '\u1FF3': "\u03A9\u0399", '\u1FF4': "\u038F\u0399",
	'\u1FF6': "\u03A9\u0342", '\u1FF7': "\u03A9\u0342\u0399", '\u1FFC': "\u03A9\u0399",
	'\uFB00': "FF", '\uFB01': "FI", '\uFB02': "FL", '\uFB03': "FFI", '\uFB04': "FFL", '\uFB05': "ST", '\uFB06': "ST",
	'\uFB13': "\u0544\u0546", '\uFB14': "\u0544\u0535", '\uFB15': "\u0544\u053B", '\uFB16': "\u054E\u0546", '\uFB17': "\u0544\u053D",
}

// upperOf returns the upper case of a character if it is several characters.
func upperOf(r rune) (string, bool) {
	if r < 0xDF {
		return "", false
	}
	if s, ok := specialUpper[r]; ok {
		return s, true
	}
	if r >= 0x1F80 && r <= 0x1FAF {
		// Vowels with iota subscript: 16 per vowel, small and title case alike.
		base := [...]rune{0x1F08, 0x1F28, 0x1F68}[(r-0x1F80)/16]
		return string([]rune{base + r&7, '\u0399'}), true
	}
	return "", false
}

// upper returns a piece of a text in upper case, with what becomes several
// characters.
func upper(whole string, lo, hi int) string {
	s := whole[lo:hi]
	special := strings.IndexFunc(s, func(r rune) bool { _, ok := upperOf(r); return ok })
	if special < 0 {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range s {
		if t, ok := upperOf(r); ok {
			b.WriteString(t)
		} else {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// lower returns a piece of a text in lower case: a sigma at the end of a word is a
// final one, and the dotted capital I keeps its dot.
func lower(whole string, lo, hi int) string {
	s := whole[lo:hi]
	if !strings.ContainsAny(s, "\u03A3\u0130") {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\u0130':
			b.WriteString("i\u0307")
		case r == '\u03A3' && finalSigma(whole, lo+i):
			b.WriteRune('\u03C2')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// finalSigma reports whether the sigma at offset i ends a word.
func finalSigma(s string, i int) bool {
	before := false
	for rest := s[:i]; rest != ""; {
		r, n := utf8.DecodeLastRuneInString(rest)
		rest = rest[:len(rest)-n]
		if !caseIgnorable(r) {
			before = cased(r)
			break
		}
	}
	if !before {
		return false
	}
	for _, r := range s[i+len("\u03A3"):] {
		if !caseIgnorable(r) {
			return !cased(r)
		}
	}
	return true
}

func cased(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) || unicode.In(r, unicode.Other_Lowercase, unicode.Other_Uppercase)
}

func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', '\u00B7', '\u0387', '\u2018', '\u2019', '\u2024', '\u2027', '\uFE13', '\uFE52', '\uFE55', '\uFF07', '\uFF0E', '\uFF1A':
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
