package value

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The textual forms of values (Rhai section "Printing").
//
// Display is what print shows of a plain value and what error messages contain;
// Debug is the form of results and of elements inside containers. Print and
// PrintDebug are what the functions print/to_string and debug/to_debug give:
// they differ from Display and Debug only inside containers, where characters
// stand bare.

// maxText bounds the text made of one value, and maxDepth the nesting that is
// shown: what lies deeper or comes after is replaced by an ellipsis.
const (
	maxText  = 1 << 28
	maxDepth = 100_000
)

// Display returns the display form of v.
func Display(v Value) string { return format(v, false, false) }

// String is [Display], so that values print well with package fmt.
func (v Value) String() string { return Display(v) }

// Debug returns the debug form of v.
func Debug(v Value) string { return format(v, true, false) }

// Print returns the text that print, to_string and interpolation make of v.
func Print(v Value) string {
	if v = v.Flat().Plain(); v.IsString() {
		return v.Str()
	}
	var buf [32]byte
	return string(AppendPrint(buf[:0], v))
}

// AppendPrint appends the text that Print returns.
func AppendPrint(b []byte, v Value) []byte {
	switch v = v.Flat().Plain(); v.Kind() {
	case KindUnit:
		return b
	case KindBool:
		return strconv.AppendBool(b, v.Bool())
	case KindInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case KindFloat:
		return appendFloat(b, v.Float())
	case KindChar:
		return utf8.AppendRune(b, v.Char())
	case KindString:
		return append(b, v.Str()...)
	}
	return append(b, format(v, false, true)...)
}

// PrintDebug returns the text that debug and to_debug make of v.
func PrintDebug(v Value) string {
	if v = v.Flat().Plain(); v.IsChar() {
		return string(v.Char())
	}
	return format(v, true, true)
}

// printer formats without recursion, so that any depth of nesting is safe.
type printer struct {
	buf    []byte
	script bool // characters inside containers stand bare
	stack  []open
}

// open is a container whose text is being made.
type open struct {
	v     Value
	i     int
	curry bool
	cell  *header // the variable that holds v, nil if none does
}

func format(v Value, debug, script bool) string {
	v = v.Flat().Plain()
	if v.IsString() && !debug {
		return v.Str()
	}
	p := printer{script: script}
	p.scalar(v, debug, true)
	for len(p.stack) > 0 {
		p.step()
	}
	return string(p.buf)
}

// scalar writes a value, or opens a container.
func (p *printer) scalar(v Value, debug, top bool) {
	v = v.Flat().Plain()
	switch v.Kind() {
	case KindUnit:
		if debug || !top {
			p.buf = append(p.buf, "()"...)
		}
	case KindBool:
		p.buf = strconv.AppendBool(p.buf, v.Bool())
	case KindInt:
		p.buf = strconv.AppendInt(p.buf, v.Int(), 10)
	case KindFloat:
		if debug {
			p.buf = appendFloatDebug(p.buf, v.Float())
		} else {
			p.buf = appendFloat(p.buf, v.Float())
		}
	case KindChar:
		if !debug || p.script && !top {
			p.buf = utf8.AppendRune(p.buf, v.Char())
		} else {
			p.buf = appendQuotedChar(p.buf, v.Char())
		}
	case KindString:
		if debug {
			p.buf = AppendQuoted(p.buf, v.Str())
		} else {
			p.buf = append(p.buf, v.Str()...)
		}
	case KindRange, KindRangeInclusive:
		p.buf = appendRange(p.buf, v)
	case KindTime:
		p.buf = append(p.buf, "<timestamp>"...)
	case KindBlob:
		p.buf = appendBlob(p.buf, v.Blob().Bytes)
	case KindFn:
		f := v.Fn()
		switch {
		case !debug || p.script:
			p.buf = append(append(append(p.buf, "Fn("...), f.Name...), ')')
		case f.target != nil && f.IsAnonymous():
			p.buf = AppendQuoted(append(p.buf, "Fn*("...), f.Name)
			p.push(v, true)
		default:
			p.buf = AppendQuoted(append(p.buf, "Fn("...), f.Name)
			p.push(v, true)
		}
	case KindArray:
		p.buf = append(p.buf, '[')
		p.push(v, false)
	case KindMap:
		p.buf = append(p.buf, "#{"...)
		p.push(v, false)
	case KindHost:
		p.buf = append(p.buf, hostText(v.Host(), debug)...)
	}
}

func (p *printer) push(v Value, curry bool) {
	if len(p.stack) >= maxDepth || len(p.buf) > maxText {
		p.buf = append(p.buf, "..."...)
		p.stack = append(p.stack, open{v: v, i: math.MaxInt, curry: curry})
		return
	}
	p.stack = append(p.stack, open{v: v, curry: curry})
}

// step writes the next element of the innermost open container, or closes it.
func (p *printer) step() {
	top := &p.stack[len(p.stack)-1]
	i := top.i
	top.i++
	if i < 0 || i == math.MaxInt {
		i = math.MaxInt
		top.i = math.MaxInt
	}
	if i > 0 && i != math.MaxInt && len(p.buf) > maxText {
		p.buf = append(p.buf, ", ..."...)
		top.i, i = math.MaxInt, math.MaxInt
	}
	switch {
	case top.curry:
		f := top.v.Fn()
		n := len(f.Curry) + len(f.captures)
		if i >= n {
			p.close(")")
			return
		}
		p.buf = append(p.buf, ", "...)
		if i < len(f.captures) {
			p.captured(f.captures[i])
		} else {
			p.captured(f.Curry[i-len(f.captures)])
		}
	case top.v.IsArray():
		items := top.v.Array().Items
		if i >= len(items) {
			p.close("]")
			return
		}
		if i > 0 {
			p.buf = append(p.buf, ", "...)
		}
		p.scalar(items[i], true, false)
	default:
		m := top.v.Map()
		if i >= m.Len() {
			p.close("}")
			return
		}
		if i > 0 {
			p.buf = append(p.buf, ", "...)
		}
		k, v := m.At(i)
		p.buf = append(AppendQuoted(p.buf, k), ": "...)
		p.scalar(v, true, false)
	}
}

// captured writes what a closure holds. A variable whose text is being made is
// not written again: closures may refer to themselves.
func (p *printer) captured(v Value) {
	if v.Kind() != kindCell {
		p.scalar(v, true, false)
		return
	}
	c := v.p
	for i := range p.stack {
		if p.stack[i].cell == c {
			p.buf = append(p.buf, "<shared>"...)
			return
		}
	}
	n := len(p.stack)
	p.scalar(v, true, false)
	if len(p.stack) > n {
		p.stack[n].cell = c
	}
}

func (p *printer) close(s string) {
	p.buf = append(p.buf, s...)
	p.stack = p.stack[:len(p.stack)-1]
}

// hostText is the text of a Go value: Rhai's forms for numbers, the String
// method if it has one, else the name of its type.
func hostText(h *Host, debug bool) string {
	switch x := h.V.(type) {
	case int8:
		return strconv.FormatInt(int64(x), 10)
	case int16:
		return strconv.FormatInt(int64(x), 10)
	case int32:
		return strconv.FormatInt(int64(x), 10)
	case uint8:
		return strconv.FormatUint(uint64(x), 10)
	case uint16:
		return strconv.FormatUint(uint64(x), 10)
	case uint32:
		return strconv.FormatUint(uint64(x), 10)
	case uint64:
		return strconv.FormatUint(x, 10)
	case float32:
		if debug {
			return string(appendFloat32(nil, x))
		}
		return string(appendFloat32(nil, x))
	case interface{ String() string }:
		return x.String()
	}
	return h.Type.Name
}

// Bounds between plain and exponent form.
const (
	maxPlain = 9999999827968 // 10^13 as a 32-bit float
	minPlain = 1e-13
)

// appendFloat appends the display form of a float.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case f == 0:
		return append(b, "0.0"...)
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	}
	if a := math.Abs(f); a > maxPlain || a < minPlain {
		return appendExponent(b, f, 64)
	}
	return appendPlain(b, f, 64)
}

// appendFloatDebug appends the debug form of a float.
func appendFloatDebug(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return appendFloat(b, f)
	case f == 0:
		if math.Signbit(f) {
			return append(b, "-0.0"...)
		}
		return append(b, "0.0"...)
	}
	if a := math.Abs(f); a >= 1e16 || a < 1e-4 {
		return appendExponent(b, f, 64)
	}
	return appendPlain(b, f, 64)
}

func appendFloat32(b []byte, f float32) []byte {
	x := float64(f)
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return appendFloat(b, x)
	}
	if a := math.Abs(x); a > maxPlain || a < minPlain {
		return appendExponent(b, x, 32)
	}
	return appendPlain(b, x, 32)
}

// appendPlain appends the shortest decimal form, with .0 if it is integral.
func appendPlain(b []byte, f float64, bits int) []byte {
	n := len(b)
	b = strconv.AppendFloat(b, f, 'f', -1, bits)
	if !strings.Contains(string(b[n:]), ".") {
		b = append(b, ".0"...)
	}
	return b
}

// appendExponent appends the shortest form with an exponent, as in 1.5e-14.
func appendExponent(b []byte, f float64, bits int) []byte {
	s := strconv.FormatFloat(f, 'e', -1, bits)
	mant, exp, _ := strings.Cut(s, "e")
	sign := ""
	if exp[0] == '-' {
		sign = "-"
	}
	exp = strings.TrimLeft(exp[1:], "0")
	if exp == "" {
		exp = "0"
	}
	return append(append(append(append(b, mant...), 'e'), sign...), exp...)
}

// FormatFloat returns the display form of a float.
func FormatFloat(f float64) string { return string(appendFloat(nil, f)) }

func appendRange(b []byte, v Value) []byte {
	start, end := v.Range()
	b = strconv.AppendInt(b, start, 10)
	b = append(b, ".."...)
	if v.Kind() == KindRangeInclusive {
		b = append(b, '=')
	}
	if end != math.MaxInt64 {
		b = strconv.AppendInt(b, end, 10)
	}
	return b
}

const hexDigits = "0123456789abcdef"

func appendBlob(b []byte, data []byte) []byte {
	b = append(b, '[')
	for i, x := range data {
		if i > 0 && i%8 == 0 {
			b = append(b, ' ')
		}
		b = append(b, hexDigits[x>>4], hexDigits[x&15])
	}
	return append(b, ']')
}

// AppendQuoted appends s in double quotes with escapes, as debug output shows it.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		if r == '"' {
			b = append(b, `\"`...)
			continue
		}
		b = appendEscaped(b, r)
	}
	return append(b, '"')
}

func appendQuotedChar(b []byte, r rune) []byte {
	b = append(b, '\'')
	if r == '\'' {
		b = append(b, `\'`...)
	} else {
		b = appendEscaped(b, r)
	}
	return append(b, '\'')
}

func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '\n':
		return append(b, `\n`...)
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	case '\\':
		return append(b, `\\`...)
	case 0:
		return append(b, `\0`...)
	}
	if r < 0x20 || r == 0x7f || r > 0x7e && !printable(r) {
		b = append(b, `\u{`...)
		b = strconv.AppendInt(b, int64(r), 16)
		return append(b, '}')
	}
	return utf8.AppendRune(b, r)
}

// printable reports whether a character stands for itself in debug output.
func printable(r rune) bool {
	return unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Me, r)
}
