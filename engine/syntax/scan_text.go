package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unterminated is the error of a string without its end.
func (s *scanner) unterminated(pos Pos, incomplete bool) token {
	t := s.bad(BadInput, pos, "Open string is not terminated")
	t.err.Incomplete = incomplete
	return t
}

// tooLong checks the limit on the length of strings.
func (s *scanner) tooLong(text string, pos Pos) (token, bool) {
	if s.maxString > 0 && len(text) > s.maxString {
		return s.bad(LiteralTooLarge, pos, "Length of string exceeds the maximum limit ("+strconv.Itoa(s.maxString)+")"), true
	}
	return token{}, false
}

func (s *scanner) stringToken(text string, start int, pos Pos) token {
	if t, bad := s.tooLong(text, pos); bad {
		return t
	}
	return token{head: head{StringTok, pos, s.intern(text)}, off: start}
}

// str reads a string in double quotes.
func (s *scanner) str(start int, pos Pos) token {
	i := start + 1
	// The usual string has no escapes: it is a piece of the source.
	for i < len(s.src) {
		c := s.src[i]
		if c == '"' && s.at(i+1) != '"' {
			s.off = i + 1
			return s.stringToken(s.src[start+1:i], start, pos)
		}
		if c == '"' || c == '\\' || c == '\n' || c == '\r' || c >= utf8.RuneSelf {
			break
		}
		i++
	}
	text, t, ok := s.escaped(start, pos, '"')
	if !ok {
		return t
	}
	return s.stringToken(text, start, pos)
}

// char reads a character literal.
func (s *scanner) char(start int, pos Pos) token {
	text, t, ok := s.escaped(start, pos, '\'')
	if !ok {
		return t
	}
	r, n := utf8.DecodeRuneInString(text)
	if t, bad := s.tooLong(text, pos); bad {
		return t
	}
	if text == "" || n != len(text) {
		return s.bad(BadInput, pos, "Invalid character: '"+text+"'")
	}
	return token{head: head{kind: CharTok, pos: pos}, num: uint64(r), off: start}
}

// escaped reads text with escapes up to its closing quote.
func (s *scanner) escaped(start int, pos Pos, quote byte) (text string, bad token, ok bool) {
	indent := int(pos.Col) // blanks that a continued line may begin with
	var b []byte
	i := start + 1
	fail := func(end int, t token) (string, token, bool) {
		s.off = end
		return "", t, false
	}
	for {
		if i >= len(s.src) {
			return fail(len(s.src), s.unterminated(pos, true))
		}
		c := s.src[i]
		switch {
		case c == quote:
			if s.at(i+1) == quote && (quote != '\'' || i > start+1) {
				b = append(b, quote)
				i += 2
				continue
			}
			s.off = i + 1
			return string(b), token{}, true
		case c == '\\':
			if s.at(i+1) == '\n' || s.at(i+1) == '\r' && s.at(i+2) == '\n' {
				if quote == '\'' {
					return fail(i+1, s.unterminated(pos, false))
				}
				// The line goes on: its indentation up to the column behind the
				// opening quote is dropped.
				i++
				if s.src[i] == '\r' {
					i++
				}
				s.newline(i)
				i++
				for n := 0; n < indent && i < len(s.src) && (s.src[i] == ' ' || s.src[i] == '\t'); n++ {
					i++
				}
				continue
			}
			r, end, text, ok := s.escape(i, quote)
			if !ok {
				// The error is where the last character was read.
				at := s.pos(max(min(end-1, len(s.src)-1), 0))
				if end > len(s.src) || text == "" {
					return fail(len(s.src), s.unterminated(pos, true))
				}
				return fail(end, s.bad(BadInput, at, "Invalid escape sequence: '"+text+"'"))
			}
			b = utf8.AppendRune(b, r)
			i = end
		case c == '\n':
			return fail(i, s.unterminated(pos, false))
		case c == '\r' && s.at(i+1) == '\n':
			i++
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s.src[i:])
			b = utf8.AppendRune(b, r)
			s.wide += n - 1
			i += n
		default:
			b = append(b, c)
			i++
		}
	}
}

// escape reads the escape sequence at i. On failure text is what was read.
func (s *scanner) escape(i int, quote byte) (r rune, end int, text string, ok bool) {
	if i+1 >= len(s.src) {
		return 0, len(s.src) + 1, "", false
	}
	n := 0
	switch c := s.src[i+1]; c {
	case '\\':
		return '\\', i + 2, "", true
	case 't':
		return '\t', i + 2, "", true
	case 'n':
		return '\n', i + 2, "", true
	case 'r':
		return '\r', i + 2, "", true
	case quote:
		return rune(quote), i + 2, "", true
	case 'x':
		n = 2
	case 'u':
		n = 4
	case 'U':
		n = 8
	default:
		_, w := utf8.DecodeRuneInString(s.src[i+1:])
		return 0, i + 1 + w, s.src[i : i+1+w], false
	}
	var v uint64
	for k := range n {
		j := i + 2 + k
		if j >= len(s.src) {
			return 0, len(s.src) + 1, "", false
		}
		d, err := strconv.ParseUint(s.src[j:j+1], 16, 8)
		if err != nil {
			_, w := utf8.DecodeRuneInString(s.src[j:])
			return 0, j + w, s.src[i : j+w], false
		}
		v = v<<4 | d
	}
	end = i + 2 + n
	if v > utf8.MaxRune || v >= 0xd800 && v <= 0xdfff {
		return 0, end, s.src[i:end], false
	}
	return rune(v), end, "", true
}

// rawString reads #"..."# with any number of marks.
func (s *scanner) rawString(start int, pos Pos) (token, bool) {
	i := start
	for s.at(i) == '#' {
		i++
	}
	marks := i - start
	if s.at(i) != '"' {
		if marks > 1 {
			// Several marks can only begin a raw string.
			if i >= len(s.src) {
				s.off = i
				return s.unterminated(pos, true), true
			}
			r, n := utf8.DecodeRuneInString(s.src[i:])
			s.off = i + n
			return s.bad(BadInput, pos, "Unexpected '"+string(r)+"'"), true
		}
		return token{}, false
	}
	closing := `"` + strings.Repeat("#", marks)
	from := i + 1
	n := strings.Index(s.src[from:], closing)
	if n < 0 {
		s.off = len(s.src)
		return s.unterminated(pos, true), true
	}
	text := s.src[from : from+n]
	s.lines(from, from+n)
	s.off = from + n + len(closing)
	return s.stringToken(text, start, pos), true
}

// lines counts the lines and wide characters of a piece of the source.
func (s *scanner) lines(from, to int) {
	for i := from; i < to; i++ {
		if c := s.src[i]; c == '\n' {
			s.newline(i)
		} else if c >= utf8.RuneSelf && !utf8.RuneStart(c) {
			s.wide++
		}
	}
}

// backtick reads a piece of a back-tick string from s.off: up to the closing
// back-tick, or up to ${ (InterpTok, with s.off behind it).
func (s *scanner) backtick(start int, pos Pos) token {
	var b []byte // what was read, up to from
	i := s.off
	from := i // the usual piece has no escapes: it is a piece of the source
	read := func() string {
		if b == nil {
			return s.src[from:i]
		}
		return string(append(b, s.src[from:i]...))
	}
	// skip leaves out n bytes and puts a text in their place.
	skip := func(n int, with string) {
		b = append(append(b, s.src[from:i]...), with...)
		if b == nil {
			b = []byte{}
		}
		i += n
		from = i
	}
	for {
		if i >= len(s.src) {
			s.off = i
			return s.unterminated(pos, true)
		}
		switch c := s.src[i]; {
		case c == '`':
			if s.at(i+1) == '`' {
				skip(2, "`")
				continue
			}
			s.off = i + 1
			t := s.stringToken(read(), start, pos)
			t.end = s.off
			return t
		case c == '\\' && s.at(i+1) == '$' && s.at(i+2) == '{':
			skip(3, "${")
		case c == '$' && s.at(i+1) == '{':
			s.off = i + 2
			s.unary = true
			text := read()
			if t, bad := s.tooLong(text, pos); bad {
				return t
			}
			return token{head: head{InterpTok, pos, s.intern(text)}, off: start, end: s.off}
		case c == '\r' && s.at(i+1) == '\n':
			skip(1, "")
		case c == '\n':
			s.newline(i)
			i++
		default:
			if c >= utf8.RuneSelf && !utf8.RuneStart(c) {
				s.wide++
			}
			i++
		}
	}
}

// resume reads on in a back-tick string behind the } of an interpolation.
func (s *scanner) resume(brace Pos) token {
	t := s.backtick(s.off, s.pos(s.off))
	if t.kind == Bad && t.err.Type == LiteralTooLarge {
		t.err.Pos = brace
	}
	t.end = s.off
	if t.kind != InterpTok {
		s.unary = prefixNext[t.kind]
	}
	return t
}
