package syntax

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// head is what most of the parser needs to know about a token.
type head struct {
	kind Token
	pos  Pos
	text string // of identifiers, reserved words and symbols, strings
}

// token is one token with its place and payload.
type token struct {
	head
	num uint64 // bits of numbers, code point of characters
	err *Error // of Bad tokens
	off int    // byte offsets in the source
	end int
}

// scanner turns a text into tokens. Columns count characters; they are computed
// from byte offsets and the number of continuation bytes on the line so far.
type scanner struct {
	src       string
	off       int
	line      int
	lineStart int
	wide      int  // continuation bytes on this line before off
	unary     bool // a sign here is a prefix
	maxString int
	texts     interned
	doc       []string // documentation comments before the next token
	docLines  []string // /// comments that follow each other, not yet part of doc
	module    []string // //! comments
	comments  func(off, end int, pos Pos)
	custom    func(word string) bool // words that are custom operators or syntax
	disabled  map[string]bool
}

func newScanner(src string) *scanner {
	return &scanner{src: src, line: 1, unary: true}
}

// intern returns one string for equal texts, so that comparing keys of maps is
// mostly comparing pointers.
func (s *scanner) intern(x string) string { return s.texts.of(x, hashOf(x)) }

func clamp(n int) uint16 { return uint16(min(n, math.MaxUint16)) }

// pos returns the place of the character at byte offset off on this line.
func (s *scanner) pos(off int) Pos {
	return Pos{clamp(s.line), clamp(off - s.lineStart - s.wide + 1)}
}

func (s *scanner) newline(off int) { // off is that of the \n
	s.line++
	s.lineStart = off + 1
	s.wide = 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isIdent(c byte) bool  { return classes[c] >= wordClass }

// class tells what a token can be that begins with a byte.
type class uint8

const (
	symbolClass class = iota // a symbol of several characters, a text, or nothing
	loneClass                // a symbol that no other one begins with
	// Those of which identifiers consist.
	wordClass // a letter or _
	digitClass
)

var classes = func() (t [256]class) {
	for c := range t {
		switch b := byte(c); {
		case isLetter(b) || b == '_':
			t[c] = wordClass
		case isDigit(b):
			t[c] = digitClass
		case c < len(symbols) && len(symbols[c]) == 1 && len(symbols[c][0].text) == 1 && symbols[c][0].kind != ReservedTok:
			t[c] = loneClass
		}
	}
	return t
}()

func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

// skip passes white space and comments.
func (s *scanner) skip() {
	src, i := s.src, s.off
	for ; i < len(src); i++ {
		switch c := src[i]; c {
		case ' ', '\t', '\r', '\f':
			continue
		case '\n':
			s.newline(i)
			continue
		case '/':
			if d := s.at(i + 1); d == '/' || d == '*' {
				s.off = i
				s.comment(d)
				i = s.off - 1
				continue
			}
		}
		break
	}
	s.off = i
	if len(s.docLines) > 0 {
		s.joinLines()
	}
}

// comment passes the comment at s.off, whose second character is c.
func (s *scanner) comment(c byte) {
	if c == '/' {
		s.lineComment()
	} else {
		s.blockComment()
	}
}

// joinLines makes one documentation comment of the lines that follow each other.
func (s *scanner) joinLines() {
	if len(s.docLines) > 0 {
		s.doc = append(s.doc, strings.Join(s.docLines, "\n"))
		s.docLines = s.docLines[:0]
	}
}

func (s *scanner) lineComment() {
	start, pos := s.off, s.pos(s.off)
	end := strings.IndexByte(s.src[start:], '\n')
	if end < 0 {
		end = len(s.src)
	} else {
		end += start
	}
	text := s.src[start:end]
	if cr := strings.IndexByte(text, '\r'); cr >= 0 {
		end = start + cr
		text = text[:cr]
	}
	s.countWide(text)
	s.off = end
	switch {
	case strings.HasPrefix(text, "//!"):
		s.module = append(s.module, strings.TrimSpace(text[3:]))
	case strings.HasPrefix(text, "///") && !strings.HasPrefix(text, "////"):
		s.docLines = append(s.docLines, text)
	default:
		s.doc, s.docLines = nil, s.docLines[:0]
	}
	if s.comments != nil {
		s.comments(start, end, pos)
	}
}

func (s *scanner) countWide(text string) {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 && !utf8.RuneStart(text[i]) {
			s.wide++
		}
	}
}

func (s *scanner) blockComment() {
	start, pos := s.off, s.pos(s.off)
	depth := 0
	i := s.off
	for i < len(s.src) {
		c := s.src[i]
		switch {
		case c == '/' && s.at(i+1) == '*':
			depth++
			i += 2
			continue
		case c == '*' && s.at(i+1) == '/':
			depth--
			i += 2
			if depth == 0 {
				goto done
			}
			continue
		case c == '\n':
			s.newline(i)
		case c >= 0x80 && !utf8.RuneStart(c):
			s.wide++
		}
		i++
	}
done:
	s.off = min(i, len(s.src))
	text := s.src[start:s.off]
	if strings.HasPrefix(text, "/**") && !strings.HasPrefix(text, "/***") && text != "/**/" {
		s.joinLines()
		s.doc = append(s.doc, unindent(text, int(pos.Col)-1))
	} else {
		s.doc, s.docLines = nil, s.docLines[:0]
	}
	if s.comments != nil {
		s.comments(start, s.off, pos)
	}
}

// unindent removes up to n blanks at the beginning of every line but the first.
func unindent(text string, n int) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines[1:] {
		k := 0
		for k < n && k < len(l) && (l[k] == ' ' || l[k] == '\t') {
			k++
		}
		lines[i+1] = l[k:]
	}
	return strings.Join(lines, "\n")
}

// next reads the next token into t.
func (s *scanner) next(t *token) {
	if s.doc != nil {
		s.doc = nil
	}
	s.skip()
	if s.off >= len(s.src) {
		s.unary = false
		*t = token{head: head{kind: EOF, pos: s.pos(s.off)}, off: s.off, end: s.off}
		return
	}
	s.scan(t)
	t.end = s.off
	s.unary = prefixNext[t.kind]
}

// is makes t a token that begins at off, with a text.
func (t *token) is(kind Token, pos Pos, text string, off int) {
	t.kind, t.pos, t.text, t.num, t.off = kind, pos, text, 0, off
	if t.err != nil {
		t.err = nil
	}
}

// prefixNext tells behind which tokens a sign is a prefix operator.
var prefixNext = func() (t [numTokens]bool) {
	for _, k := range []Token{
		Semicolon, Colon, Comma, Coalesce, RangeExcl, RangeIncl, LeftBrace, LeftParen, LeftBracket, SafeBracket,
		Plus, PlusAssign, Minus, MinusAssign, Star, StarAssign, Slash, SlashAssign, Percent, PercentAssign,
		Power, PowerAssign, ShiftLeft, ShiftLeftAssign, ShiftRight, ShiftRightAssign, Assign_, Equal, NotEqual,
		Less, Greater, Bang, LessEqual, GreaterEqual, Or, And, If_, While_, Until, In, NotIn, AndAnd, AndAssign,
		OrOr, OrAssign, Xor, XorAssign, Return_, Throw_, UnaryPlus, UnaryMinus, Bad, MapStart, CustomTok, InterpTok,
	} {
		t[k] = true
	}
	return t
}()

func (s *scanner) bad(typ ErrorType, pos Pos, text string) token {
	return token{head: head{kind: Bad, pos: pos}, err: &Error{Type: typ, Text: text, Pos: pos}}
}

// scan reads the token that begins at s.off.
func (s *scanner) scan(t *token) {
	start := s.off
	c := s.src[start]
	pos := s.pos(start)
	switch classes[c] {
	case wordClass:
		s.word(t, start, pos)
		return
	case digitClass:
		if n, ok := s.integer(); ok {
			t.is(IntTok, pos, "", start)
			t.num = n
			return
		}
		*t = s.number(start, pos, false)
		return
	case loneClass:
		if s.disabled == nil {
			s.off++
			t.is(symbols[c][0].kind, pos, s.src[start:start+1], start)
			return
		}
	}
	if c >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s.src[start:])
		s.off += n
		s.wide += n - 1
		*t = s.bad(BadInput, pos, "Unexpected '"+string(r)+"'")
		return
	}
	switch c {
	case '"':
		*t = s.str(start, pos)
		return
	case '\'':
		*t = s.char(start, pos)
		return
	case '`':
		s.off++
		// A line break right after the opening back-tick is dropped.
		if s.at(s.off) == '\r' && s.at(s.off+1) == '\n' {
			s.off++
		}
		if s.at(s.off) == '\n' {
			s.newline(s.off)
			s.off++
		}
		*t = s.backtick(start, pos)
		return
	case '#':
		if raw, ok := s.rawString(start, pos); ok {
			*t = raw
			return
		}
	case '-', '+':
		if s.unary && isDigit(s.at(start+1)) {
			if c == '-' {
				s.off++
				*t = s.number(start, pos, true)
				return
			}
		}
	}
	kind, n := s.symbol(c)
	s.off += n
	text := s.src[start:s.off]
	switch {
	case kind == ReservedTok:
		if text[0] == '#' && text[len(text)-1] == '{' {
			text = "# {"
		}
		if m := reservedSymbols[text]; m != "" && (s.custom == nil || !s.custom(text)) {
			*t = s.bad(BadInput, pos, m)
			t.off = start
			return
		}
		if s.custom != nil && s.custom(text) {
			kind = CustomTok
		}
		t.is(kind, pos, text, start)
		return
	case kind == Bad:
		*t = s.bad(BadInput, pos, "Unexpected '"+text+"'")
		return
	case s.disabled != nil && s.disabled[text]:
		kind = ReservedTok
		if s.custom != nil && s.custom(text) {
			kind = CustomTok
		}
	case s.unary && kind == Minus:
		kind = UnaryMinus
	case s.unary && kind == Plus:
		kind = UnaryPlus
	}
	t.is(kind, pos, text, start)
}

func (s *scanner) word(t *token, start int, pos Pos) {
	src, i, h := s.src, start, uint32(0)
	for i < len(src) {
		c := src[i]
		if !isIdent(c) {
			break
		}
		h = hashByte(h, c)
		i++
	}
	s.off = i
	w := src[start:i]
	if w == "_" {
		t.is(Underscore, pos, w, start)
		return
	}
	if w[0] == '_' {
		*t = s.bad(BadInput, pos, "Variable name is not proper: '"+w+"'")
		return
	}
	if s.custom != nil && s.custom(w) {
		t.is(CustomTok, pos, s.intern(w), start)
		return
	}
	if len(w) <= 10 {
		if s.disabled != nil && s.disabled[w] {
			t.is(ReservedTok, pos, w, start)
			return
		}
		if x := wordTable.find(w, h); x != nil {
			if x.kind == ReservedTok {
				w = s.texts.of(w, h)
			}
			t.is(x.kind, pos, w, start)
			return
		}
	}
	t.is(IdentTok, pos, s.texts.of(w, h), start)
}

// integer reads a number at s.off if it is a short one without anything special.
func (s *scanner) integer() (n uint64, ok bool) {
	const short = 18 // digits, which surely fit
	src, i := s.src, s.off
	for i < len(src) && isDigit(src[i]) {
		n = 10*n + uint64(src[i]-'0')
		i++
	}
	if i-s.off > short {
		return 0, false
	}
	if i < len(src) {
		switch c := src[i]; {
		case c == '.' || isIdent(c):
			return 0, false
		}
	}
	s.off = i
	return n, true
}

// number reads a number whose digits begin at s.off; neg tells that a sign is in
// front of it.
func (s *scanner) number(start int, pos Pos, neg bool) token {
	i := s.off
	if s.src[i] == '0' && i+1 < len(s.src) {
		radix := 0
		switch s.src[i+1] {
		case 'x', 'X':
			radix = 16
		case 'o', 'O':
			radix = 8
		case 'b', 'B':
			radix = 2
		}
		if radix != 0 {
			return s.radix(start, pos, radix, neg)
		}
	}
	float, spaced := false, false // spaced: there may be _ between the digits
	for i < len(s.src) {
		c := s.src[i]
		switch {
		case isDigit(c):
			i++
			continue
		case c == '_':
			spaced = true
			i++
			continue
		case c == '.' && !float:
			d := s.at(i + 1)
			if isDigit(d) {
				float = true
				i++
				continue
			}
			// A dot ends a float if nothing can follow that makes it a property,
			// a range or a method.
			if i+1 < len(s.src) && d != '_' && d != '.' && !isLetter(d) && d < utf8.RuneSelf {
				float = true
				i++
				goto done
			}
			goto done
		case c == 'e' || c == 'E':
			spaced = true
			d := s.at(i + 1)
			if isDigit(d) {
				float = true
				i = s.digits(i + 1)
			} else if d == '+' || d == '-' {
				float = true
				i = s.digits(i + 2)
			}
			goto done
		}
		break
	}
done:
	s.off = i
	text := s.src[start:i]
	if spaced {
		text = strings.ReplaceAll(text, "_", "")
	}
	if !float {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return token{head: head{kind: IntTok, pos: pos}, num: uint64(n), off: start}
		}
	}
	f, err := strconv.ParseFloat(strings.TrimSuffix(text, "."), 64)
	if err != nil && !math.IsInf(f, 0) && f != 0 || strings.HasSuffix(text, "+") || strings.HasSuffix(text, "-") {
		return s.bad(BadInput, pos, "Invalid number: '"+strings.ToLower(text)+"'")
	}
	return token{head: head{kind: FloatTok, pos: pos}, num: math.Float64bits(f), off: start}
}

func (s *scanner) digits(i int) int {
	for i < len(s.src) && (isDigit(s.src[i]) || s.src[i] == '_') {
		i++
	}
	return i
}

func (s *scanner) radix(start int, pos Pos, radix int, neg bool) token {
	letter := s.src[s.off+1]
	i := s.off + 2
	for i < len(s.src) {
		c := s.src[i]
		ok := c == '_'
		switch radix {
		case 16:
			ok = ok || isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
		case 8:
			ok = ok || c >= '0' && c <= '7'
		default:
			ok = ok || c == '0' || c == '1'
		}
		if !ok {
			break
		}
		i++
	}
	digits := strings.ReplaceAll(s.src[s.off+2:i], "_", "")
	s.off = i
	n, err := strconv.ParseUint(digits, radix, 64)
	if err != nil || neg {
		text := digits
		if neg {
			text = string(letter) + digits
		}
		return s.bad(BadInput, pos, "Invalid number: '"+text+"'")
	}
	return token{head: head{kind: IntTok, pos: pos}, num: n, off: start}
}

// symbol is a symbol of the language, or one that is reserved.
type symbol struct {
	text string
	kind Token
}

// symbols, longest first for each first character.
var symbols = func() [128][]symbol {
	var t [128][]symbol
	add := func(x string) {
		kind, ok := symbolTokens[x]
		if !ok {
			kind = ReservedTok
		}
		t[x[0]] = append(t[x[0]], symbol{x, kind})
	}
	for k := Plus; k < True; k++ {
		if x := tokenText[k]; x != "" && !isLetter(x[0]) && x != "!in" && x != "_" {
			add(x)
		}
	}
	for x := range reservedSymbols {
		if x != "# {" {
			add(x)
		}
	}
	for i := range t {
		slices.SortStableFunc(t[i], func(a, b symbol) int { return len(b.text) - len(a.text) })
	}
	return t
}()

// goesOn tells which bytes are the second one of any symbol, or may be before a {.
var goesOn = func() (t [256]bool) {
	t[' '], t['i'] = true, true // # { and !in
	for i := range symbols {
		for _, x := range symbols[i] {
			if len(x.text) > 1 {
				t[x.text[1]] = true
			}
		}
	}
	return t
}()

var symbolTokens = func() map[string]Token {
	m := map[string]Token{}
	for k := True - 1; k >= Plus; k-- {
		if x := tokenText[k]; x != "" && k != UnaryPlus && k != UnaryMinus {
			m[x] = k
		}
	}
	return m
}()

// symbol returns the token that the symbol at s.off is and its length.
func (s *scanner) symbol(c byte) (Token, int) {
	list, second := symbols[c], s.at(s.off+1)
	if n := len(list) - 1; n >= 0 && len(list[n].text) == 1 && (!goesOn[second] || second == ' ' && c != '#') {
		return list[n].kind, 1
	}
	rest := s.src[s.off:]
	if c == '!' && strings.HasPrefix(rest, "!in") && (len(rest) == 3 || !isIdent(rest[3])) {
		return NotIn, 3
	}
	if c == '#' && len(rest) > 1 && rest[1] == ' ' {
		k := 1
		for k < len(rest) && rest[k] == ' ' {
			k++
		}
		if k < len(rest) && rest[k] == '{' {
			return ReservedTok, k + 1
		}
	}
	for i := range list {
		x := &list[i]
		if len(x.text) == 1 || x.text[1] == second && (len(x.text) == 2 || strings.HasPrefix(rest, x.text)) {
			return x.kind, len(x.text)
		}
	}
	return Bad, 1
}
