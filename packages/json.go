package packages

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// jsonReader reads JSON text, without recursion. Its errors are worded as scripts
// know them from Rhai.
type jsonReader struct {
	text string
	at   int
	c    context
	seen int // bytes that the run has heard of
}

// jsonLevel is an array or object that is being read.
type jsonLevel struct {
	items *value.Array // nil for an object
	m     *value.Map   // nil for an array
	key   string
	first bool
}

// maxJSONDepth is how many arrays and objects may be inside of each other.
const maxJSONDepth = 127

// parseJSON returns the value of a JSON text.
func parseJSON(c context, text string) (dynamic, error) {
	r := jsonReader{text: text, c: c}
	v, err := r.value()
	if err != nil {
		return unit, err
	}
	if r.skipSpace(); r.at < len(r.text) {
		return unit, r.failPeek("trailing characters")
	}
	return v, nil
}

// fail is an error at what was read last, failPeek one at what comes next.
func (r *jsonReader) fail(what string) error     { return r.failAt(what, r.at) }
func (r *jsonReader) failPeek(what string) error { return r.failAt(what, min(r.at+1, len(r.text))) }

func (r *jsonReader) failAt(what string, at int) error {
	read := []byte(r.text[:at])
	line := 1 + bytes.Count(read, []byte{'\n'})
	return fmt.Errorf("%s at line %d column %d", what, line, at-1-bytes.LastIndexByte(read, '\n'))
}

// skipSpace skips white space and returns the next byte, 0 at the end.
func (r *jsonReader) skipSpace() byte {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
			continue
		}
		return r.text[r.at]
	}
	return 0
}

func (r *jsonReader) ended() bool { return r.at >= len(r.text) }

// value reads one value with everything inside it.
func (r *jsonReader) value() (dynamic, error) {
	var stack []jsonLevel
	for {
		var v dynamic
		if err := r.account(); err != nil {
			return unit, err
		}
		var err error
		switch b := r.skipSpace(); {
		case r.ended():
			return unit, r.failPeek("EOF while parsing a value")
		case (b == '[' || b == '{') && len(stack) >= maxJSONDepth:
			return unit, r.failPeek("recursion limit exceeded")
		case b == '[':
			r.at++
			stack = append(stack, jsonLevel{items: value.NewArrayObject(), first: true})
			err = r.c.Charge(value.ArraySize)
		case b == '{':
			r.at++
			stack = append(stack, jsonLevel{m: value.NewMap(0), first: true})
			err = r.c.Charge(value.MapSize)
		case b == '"':
			r.at++
			var s string
			s, err = r.str()
			v = value.String(s)
			if err == nil {
				err = r.c.Charge(value.StringSize)
			}
		case b == 'n':
			err = r.ident("null")
		case b == 't':
			v, err = value.Bool(true), r.ident("true")
		case b == 'f':
			v, err = value.Bool(false), r.ident("false")
		case b == '-' || b >= '0' && b <= '9':
			v, err = r.number()
			if err == nil && v.Kind() == value.KindHost {
				err = r.c.Charge(value.HostSize)
			}
		default:
			err = r.failPeek("expected value")
		}
		if err != nil {
			return unit, err
		}
		// Store the value, unless a container was opened, and close containers
		// up to where the next value stands.
		opened := len(stack) > 0 && stack[len(stack)-1].first
		for {
			if len(stack) == 0 {
				return v, nil
			}
			top := &stack[len(stack)-1]
			if !opened {
				var err error
				if top.m != nil {
					err = setProperty(r.c, top.m, top.key, v)
				} else if err = top.items.Reserve(r.c, 1); err == nil {
					top.items.Items = append(top.items.Items, v)
				}
				if err != nil {
					return unit, err
				}
			}
			opened = false
			more, err := r.next(top)
			if err != nil {
				return unit, err
			}
			if more {
				break
			}
			if top.m != nil {
				v = top.m.Value()
			} else {
				v = top.items.Value()
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// account tells the run how far the reader got.
func (r *jsonReader) account() error {
	if r.at-r.seen < step && (r.at < len(r.text) || r.at-r.seen < light) {
		return nil
	}
	n := r.at - r.seen
	r.seen = r.at
	return touch(r.c, n)
}

// next goes to the next item of a container, past the key if it is an object. It
// reports false past the end.
func (r *jsonReader) next(top *jsonLevel) (bool, error) {
	first := top.first
	top.first = false
	b := r.skipSpace()
	if top.m == nil {
		switch {
		case r.ended():
			return false, r.failPeek("EOF while parsing a list")
		case b == ']':
			r.at++
			return false, nil
		case first:
			return true, nil
		case b != ',':
			return false, r.failPeek("expected `,` or `]`")
		}
		r.at++
		if r.skipSpace() == ']' {
			return false, r.failPeek("trailing comma")
		}
		return true, nil // the end of the text is the value's affair
	}
	switch {
	case r.ended():
		return false, r.failPeek("EOF while parsing an object")
	case b == '}':
		r.at++
		return false, nil
	case !first && b != ',':
		return false, r.failPeek("expected `,` or `}`")
	case !first:
		r.at++
		if b = r.skipSpace(); r.ended() {
			return false, r.failPeek("EOF while parsing a value")
		} else if b == '}' {
			return false, r.failPeek("trailing comma")
		}
	}
	if b != '"' {
		return false, r.failPeek("key must be a string")
	}
	r.at++
	var err error
	if top.key, err = r.str(); err != nil {
		return false, err
	}
	b = r.skipSpace()
	switch {
	case r.ended():
		return false, r.failPeek("EOF while parsing an object")
	case b != ':':
		return false, r.failPeek("expected `:`")
	}
	r.at++
	return true, nil
}

// ident reads a word.
func (r *jsonReader) ident(word string) error {
	for i := range len(word) {
		if r.ended() {
			return r.fail("EOF while parsing a value")
		}
		r.at++
		if r.text[r.at-1] != word[i] {
			return r.fail("expected ident")
		}
	}
	return nil
}

func (r *jsonReader) digits() int {
	n := 0
	for !r.ended() && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
		n++
	}
	return n
}

func (r *jsonReader) number() (dynamic, error) {
	start := r.at
	if r.text[r.at] == '-' {
		r.at++
	}
	switch {
	case r.ended():
		return unit, r.fail("EOF while parsing a value")
	case r.text[r.at] == '0':
		r.at++
		if !r.ended() && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
			return unit, r.failPeek("invalid number")
		}
	case r.digits() == 0:
		r.at++
		return unit, r.fail("invalid number")
	}
	isFloat := false
	if !r.ended() && r.text[r.at] == '.' {
		isFloat = true
		r.at++
		if r.digits() == 0 {
			if r.ended() {
				return unit, r.failPeek("EOF while parsing a value")
			}
			return unit, r.failPeek("invalid number")
		}
	}
	if !r.ended() && (r.text[r.at] == 'e' || r.text[r.at] == 'E') {
		isFloat = true
		r.at++
		if !r.ended() && (r.text[r.at] == '+' || r.text[r.at] == '-') {
			r.at++
		}
		if r.ended() {
			return unit, r.fail("EOF while parsing a value")
		}
		if r.digits() == 0 {
			r.at++
			return unit, r.fail("invalid number")
		}
	}
	text := r.text[start:r.at]
	if !isFloat && text != "-0" {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return value.Int(i), nil
		}
		if u, err := strconv.ParseUint(text, 10, 64); err == nil {
			return value.NewHost(u), nil
		}
	}
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return unit, r.fail("number out of range")
	}
	return value.Float(f), nil
}

// str reads a string whose opening quote was read.
func (r *jsonReader) str() (string, error) {
	start := r.at
	for !r.ended() && r.text[r.at] != '"' && r.text[r.at] != '\\' && r.text[r.at] >= 0x20 {
		r.at++
	}
	if !r.ended() && r.text[r.at] == '"' {
		r.at++
		// A copy, or the smallest part would keep the whole text in memory.
		s := r.text[start : r.at-1]
		if err := r.c.Charge(len(s)); err != nil {
			return "", err
		}
		return strings.Clone(s), touch(r.c, len(s))
	}
	b := value.NewBuilder(r.c, 0, r.c.TextLimit())
	b.Write(r.text[start:r.at])
	for {
		if err := b.Err(); err != nil {
			return "", err
		}
		if r.ended() {
			return "", r.fail("EOF while parsing a string")
		}
		switch x := r.text[r.at]; {
		case x == '"':
			r.at++
			v, err := b.End()
			if err != nil {
				return "", err
			}
			return v.Str(), nil
		case x < 0x20:
			r.at++
			return "", r.fail("control character (\\u0000-\\u001F) found while parsing a string")
		case x == '\\':
			r.at++
			c, err := r.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(c)
		default:
			from := r.at
			for !r.ended() && r.text[r.at] != '"' && r.text[r.at] != '\\' && r.text[r.at] >= 0x20 {
				r.at++
			}
			b.Write(r.text[from:r.at])
		}
	}
}

func (r *jsonReader) escape() (rune, error) {
	if r.ended() {
		return 0, r.fail("EOF while parsing a string")
	}
	b := r.text[r.at]
	r.at++
	switch b {
	case '"', '\\', '/':
		return rune(b), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
	default:
		return 0, r.fail("invalid escape")
	}
	hi, err := r.hex()
	if err != nil || hi < 0xD800 || hi > 0xDFFF {
		return hi, err
	}
	if hi > 0xDBFF {
		return 0, r.fail("lone leading surrogate in hex escape")
	}
	for _, want := range "\\u" {
		if r.ended() {
			return 0, r.fail("EOF while parsing a string")
		}
		r.at++
		if rune(r.text[r.at-1]) != want {
			return 0, r.fail("unexpected end of hex escape")
		}
	}
	lo, err := r.hex()
	if err != nil {
		return 0, err
	}
	if lo < 0xDC00 || lo > 0xDFFF {
		return 0, r.fail("lone leading surrogate in hex escape")
	}
	return (hi-0xD800)<<10 + (lo - 0xDC00) + 0x10000, nil
}

// hex reads four hexadecimal digits.
func (r *jsonReader) hex() (rune, error) {
	if r.at+4 > len(r.text) {
		r.at = len(r.text)
		return 0, r.fail("EOF while parsing a string")
	}
	r.at += 4
	n, err := strconv.ParseUint(r.text[r.at-4:r.at], 16, 32)
	if err != nil {
		return 0, r.fail("invalid escape")
	}
	return rune(n), nil
}
