package value

import (
	"errors"
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

// Form is one of the textual forms.
type Form uint8

// The textual forms.
const (
	DisplayForm Form = iota
	DebugForm
	PrintForm
	PrintDebugForm
)

// ErrTextTooLong is the error of a text that would be longer than was asked for.
var ErrTextTooLong = errors.New("text too long")

// Display returns the display form of v.
func Display(v Value) string { return format(v, DisplayForm, maxText) }

// DisplayShort is Display for texts that need not be complete, such as messages:
// from about limit bytes on there is an ellipsis.
func DisplayShort(v Value, limit int) string {
	if v = v.Flat().Plain(); v.IsString() && v.StrLen() > limit {
		return CutText(v.Str(), limit)
	}
	return format(v, DisplayForm, limit)
}

// CutText returns a text of about limit bytes at most, with an ellipsis for the
// rest.
func CutText(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "..."
}

// String is [Display], so that values print well with package fmt.
func (v Value) String() string { return Display(v) }

// Debug returns the debug form of v.
func Debug(v Value) string { return format(v, DebugForm, maxText) }

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
	return append(b, format(v, PrintForm, maxText)...)
}

// PrintDebug returns the text that debug and to_debug make of v.
func PrintDebug(v Value) string {
	if v = v.Flat().Plain(); v.IsChar() {
		return string(v.Char())
	}
	return format(v, PrintDebugForm, maxText)
}

// Text makes a text of v under the eyes of a meter. A text of more than limit bytes
// is ErrTextTooLong.
func Text(meter Meter, v Value, form Form, limit int) (string, error) {
	v = v.Flat().Plain()
	debug := form == DebugForm || form == PrintDebugForm
	switch {
	case v.IsString() && !debug:
		if v.StrLen() > limit {
			return "", ErrTextTooLong
		}
		return v.Str(), nil
	case v.IsChar() && form == PrintDebugForm:
		debug = false
	}
	p := printer{script: form == PrintForm || form == PrintDebugForm, most: maxText}
	p.meter, p.limit = meter, limit
	p.scalar(v, debug, true)
	for len(p.stack) > 0 && p.err == nil {
		p.step()
	}
	if p.err == nil && len(p.buf) > limit {
		p.err = ErrTextTooLong
	}
	if p.err == nil {
		p.err = p.done()
	}
	if p.err != nil {
		return "", p.err
	}
	return bytesText(p.buf), nil
}

// Builder makes a text under the eyes of a meter. Its first error stays: from then
// on nothing is written. Make one by [NewBuilder].
type Builder struct {
	gauge
	buf   []byte
	limit int
	err   error
}

// builderSize is what a Builder itself takes.
const builderSize = 80

// room makes room for n bytes and reports whether all is well.
func (b *Builder) room(n int) bool {
	if b.err != nil {
		return false
	}
	if len(b.buf) > b.limit {
		b.err = ErrTextTooLong
		return false
	}
	if b.err = b.work(n); b.err != nil {
		return false
	}
	if cap(b.buf)-len(b.buf) < n {
		size := max(2*cap(b.buf), len(b.buf)+n, 64)
		if b.err = b.charge(size); b.err != nil {
			return false
		}
		buf := MakeText(size)[:len(b.buf)]
		if b.err = copyBytes(&b.gauge, buf, b.buf); b.err != nil {
			return false
		}
		b.buf = buf
	}
	return true
}

// text appends a text.
func (b *Builder) text(s string) {
	if len(s) > b.limit-len(b.buf) && b.err == nil {
		b.err = ErrTextTooLong
	}
	if b.room(len(s)) {
		b.buf = append(b.buf, s...)
	}
}

// pieces calls a function for a text piece by piece, cut between characters.
func (b *Builder) pieces(s string, f func(b []byte, s string) []byte) {
	const piece = 4 << 10
	for len(s) > 0 {
		n := min(len(s), piece)
		for n < len(s) && n > piece-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		if !b.room(n + n/4) {
			return
		}
		before := cap(b.buf)
		b.buf = f(b.buf, s[:n])
		if c := cap(b.buf); c > before && b.err == nil {
			b.err = b.charge(c)
		}
		s = s[n:]
	}
}

// quoted appends a text as debug output shows it.
func (b *Builder) quoted(s string) {
	b.text(`"`)
	b.pieces(s, appendEscapedText)
	b.text(`"`)
}

// printer formats without recursion, so that any depth of nesting is safe.
type printer struct {
	Builder
	script bool // characters inside containers stand bare
	cells  int  // 1 while the value of a variable that closures share is begun
	stack  []open
	open   map[*header]struct{} // the cells on the stack, once there are many
	most   int                  // where an ellipsis stands for the rest
}

// sharedMark stands behind the value of a variable that closures share.
const sharedMark = " (shared)"

// open is a container whose text is being made.
type open struct {
	v     Value
	i     int
	curry bool
	cell  *header // the variable that holds v, nil if none does
}

// format makes a text that nobody watches, with an ellipsis behind most bytes.
func format(v Value, form Form, most int) string {
	v = v.Flat().Plain()
	debug := form == DebugForm || form == PrintDebugForm
	if v.IsString() && !debug {
		return v.Str()
	}
	p := printer{script: form == PrintForm || form == PrintDebugForm, most: most}
	p.limit = math.MaxInt
	p.scalar(v, debug, true)
	for len(p.stack) > 0 {
		p.step()
	}
	return string(p.buf)
}

// scalar writes a value, or opens a container.
func (p *printer) scalar(v Value, debug, top bool) {
	v = v.Flat().Plain()
	if !p.room(40) {
		return
	}
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
		s := v.Str()
		if debug {
			p.quoted(CutText(s, p.most))
		} else {
			p.text(s)
		}
	case KindRange, KindRangeInclusive:
		p.buf = appendRange(p.buf, v)
	case KindTime:
		p.buf = append(p.buf, "<timestamp>"...)
	case KindBlob:
		p.blob(v.Blob().Bytes)
	case KindFn:
		f := v.Fn()
		switch {
		case !debug || p.script:
			p.text("Fn(")
			p.text(f.Name)
			p.text(")")
		case f.IsLinked():
			// A function that is known comes with what is around it, but for one that
			// is the value of a variable which closures share.
			if p.text("Fn*"); p.cells == 0 {
				p.text("+")
			}
			p.text("(")
			p.quoted(f.Name)
			p.push(v, true)
		default:
			p.text("Fn(")
			p.quoted(f.Name)
			p.push(v, true)
		}
	case KindArray:
		p.buf = append(p.buf, '[')
		p.push(v, false)
	case KindMap:
		p.buf = append(p.buf, "#{"...)
		p.push(v, false)
	case KindHost:
		p.text(hostText(v.Host(), debug, p.script))
	}
}

func (p *printer) push(v Value, curry bool) {
	at := 0
	if len(p.stack) >= maxDepth || len(p.buf) > p.most {
		p.text("...")
		at = math.MaxInt
	} else if v.IsMap() && p.err == nil {
		p.err = v.Map().sort(&p.gauge)
	}
	if len(p.stack) == cap(p.stack) && p.err == nil {
		p.err = p.charge(2 * 48 * max(4, len(p.stack)))
	}
	if p.err == nil {
		p.stack = append(p.stack, open{v: v, i: at, curry: curry})
	}
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
	if i > 0 && i != math.MaxInt && len(p.buf) > p.most {
		p.text(", ...")
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
		p.text(", ")
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
			p.text(", ")
		}
		p.scalar(items[i], true, false)
	default:
		m := top.v.Map()
		if i >= m.Len() {
			p.close("}")
			return
		}
		if i > 0 {
			p.text(", ")
		}
		k, v := m.At(i)
		p.quoted(k)
		p.text(": ")
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
	if _, ok := p.open[c]; ok {
		p.text("<shared>")
		return
	}
	n := len(p.stack)
	p.cells++
	p.scalar(v, true, false)
	p.cells--
	if len(p.stack) == n {
		p.text(sharedMark)
	} else {
		p.stack[n].cell = c
		if p.open == nil {
			p.open = map[*header]struct{}{}
		}
		p.open[c] = struct{}{}
	}
}

func (p *printer) close(s string) {
	p.text(s)
	if c := p.stack[len(p.stack)-1].cell; c != nil {
		delete(p.open, c)
		p.text(sharedMark)
	}
	p.stack = p.stack[:len(p.stack)-1]
}

// blob writes the bytes of a blob.
func (p *printer) blob(data []byte) {
	p.text("[")
	if len(data) > p.most {
		data = data[:p.most]
	}
	for i := 0; i < len(data); i += 1 << 10 {
		part := data[i:min(i+1<<10, len(data))]
		if !p.room(3 * len(part)) {
			return
		}
		for k, x := range part {
			if k&7 == 0 && i+k > 0 {
				p.buf = append(p.buf, ' ')
			}
			p.buf = append(p.buf, hexDigits[x>>4], hexDigits[x&15])
		}
	}
	p.text("]")
}

// hostText is the text of a Go value: Rhai's forms for numbers, the String
// method if it has one, else the name of its type. Scripts see that of the method
// ScriptString, if there is one.
func hostText(h *Host, debug, script bool) string {
	switch x := h.V.(type) {
	case interface{ ScriptString() string }:
		if script {
			return x.ScriptString()
		}
		if s, ok := h.V.(interface{ String() string }); ok {
			return s.String()
		}
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

// AppendQuoted appends s in double quotes with escapes, as debug output shows it.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	return append(appendEscapedText(b, s), '"')
}

// appendEscapedText appends what stands between the quotes.
func appendEscapedText(b []byte, s string) []byte {
	for _, r := range s {
		if r == '"' {
			b = append(b, `\"`...)
			continue
		}
		b = appendEscaped(b, r)
	}
	return b
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
