package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ParseJSON makes a value from JSON text: objects become maps, arrays arrays,
// null unit; a number without fraction and exponent that fits becomes an int,
// any other a float.
func ParseJSON(text string) (Value, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	v, err := decodeJSON(dec)
	if err != nil {
		return Unit, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Unit, fmt.Errorf("unexpected text after the JSON value at offset %d", dec.InputOffset())
	}
	return v, nil
}

// frame is an array or object whose items are being read.
type jsonFrame struct {
	items []Value
	m     *Map
	key   string
}

// decodeJSON reads one value without recursion.
func decodeJSON(dec *json.Decoder) (Value, error) {
	var stack []jsonFrame
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return Unit, errors.New("unexpected end of JSON text")
		}
		if err != nil {
			return Unit, err
		}
		var v Value
		switch t := tok.(type) {
		case json.Delim:
			switch t {
			case '[':
				stack = append(stack, jsonFrame{})
				continue
			case '{':
				stack = append(stack, jsonFrame{m: NewMap(0)})
				continue
			}
			f := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if v = NewArray(f.items); f.m != nil {
				v = f.m.Value()
			}
		case string:
			if n := len(stack); n > 0 && stack[n-1].m != nil && stack[n-1].key == "" {
				stack[n-1].key = "k" + t
				continue
			}
			v = String(t)
		case json.Number:
			if v, err = jsonNumber(string(t)); err != nil {
				return Unit, err
			}
		case bool:
			v = Bool(t)
		}
		if len(stack) == 0 {
			return v, nil
		}
		top := &stack[len(stack)-1]
		if top.m != nil {
			top.m.Set(top.key[1:], v)
			top.key = ""
		} else {
			top.items = append(top.items, v)
		}
	}
}

func jsonNumber(s string) (Value, error) {
	if !strings.ContainsAny(s, ".eE") {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return Int(i), nil
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Unit, fmt.Errorf("number %s is out of range", s)
	}
	return Float(f), nil
}

// ToJSON returns v as JSON text without blanks: keys in order, characters as
// strings, blobs as arrays of numbers, function pointers as their names, ranges,
// as in Rhai, as the host's name of their type. Numbers that JSON does not have
// (infinite, not a number) are null. A text of more than 256 MB is ErrTextTooLong,
// as values that share parts can stand for any length.
func ToJSON(v Value) (string, error) { return ToJSONMetered(nil, v, maxText) }

// ErrTooDeep is the error of a value that is nested too deeply for JSON.
var ErrTooDeep = errors.New("value is nested too deeply for JSON")

// jsonFrameOut is a container whose JSON is being made.
type jsonFrameOut struct {
	v Value
	i int
}

// jsonWriter makes JSON without recursion.
type jsonWriter struct {
	Builder
	stack []jsonFrameOut
}

// ToJSONMetered is [ToJSON] under the eyes of a meter. A text of more than limit
// bytes is ErrTextTooLong.
func ToJSONMetered(meter Meter, v Value, limit int) (string, error) {
	w := jsonWriter{Builder: Builder{gauge: gauge{meter: meter}, limit: limit}}
	w.put(v)
	for len(w.stack) > 0 && w.err == nil {
		w.step()
	}
	if w.err == nil && len(w.buf) > limit {
		w.err = ErrTextTooLong
	}
	if w.err == nil {
		w.err = w.done()
	}
	if w.err != nil {
		return "", w.err
	}
	return bytesText(w.buf), nil
}

// step writes the next item of the innermost container, or closes it.
func (w *jsonWriter) step() {
	top := &w.stack[len(w.stack)-1]
	i := top.i
	top.i++
	if top.v.IsArray() {
		items := top.v.Array().Items
		if i >= len(items) {
			w.text("]")
			w.stack = w.stack[:len(w.stack)-1]
			return
		}
		if i > 0 {
			w.text(",")
		}
		w.put(items[i])
		return
	}
	m := top.v.Map()
	if i >= m.Len() {
		w.text("}")
		w.stack = w.stack[:len(w.stack)-1]
		return
	}
	if i > 0 {
		w.text(",")
	}
	k, val := m.At(i)
	w.str(k)
	w.text(":")
	w.put(val)
}

// str writes a text in quotes.
func (w *jsonWriter) str(s string) {
	w.text(`"`)
	w.pieces(s, appendJSONText)
	w.text(`"`)
}

// put writes a value, or opens a container.
func (w *jsonWriter) put(v Value) {
	v = v.Flat().Plain()
	if !w.room(40) {
		return
	}
	switch v.Kind() {
	case KindUnit:
		w.text("null")
	case KindBool:
		w.buf = strconv.AppendBool(w.buf, v.Bool())
	case KindInt:
		w.buf = strconv.AppendInt(w.buf, v.Int(), 10)
	case KindFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			w.text("null")
		} else {
			w.buf = appendJSONFloat(w.buf, f)
		}
	case KindChar:
		w.str(string(v.Char()))
	case KindString:
		w.str(v.Str())
	case KindArray, KindMap:
		if v.IsMap() {
			if w.err = v.Map().sort(&w.gauge); w.err != nil {
				return
			}
			w.text("{")
		} else {
			w.text("[")
		}
		if len(w.stack) > maxDepth {
			w.err = ErrTooDeep
			return
		}
		if len(w.stack) == cap(w.stack) {
			if w.err = w.charge(2 * 24 * max(4, len(w.stack))); w.err != nil {
				return
			}
		}
		w.stack = append(w.stack, jsonFrameOut{v: v})
	case KindBlob:
		w.text("[")
		for i, x := range v.Blob().Bytes {
			if i > 0 {
				w.text(",")
			}
			if !w.room(4) {
				return
			}
			w.buf = strconv.AppendUint(w.buf, uint64(x), 10)
		}
		w.text("]")
	case KindFn:
		w.str(v.Fn().Name)
	case KindTime:
		w.str("timestamp")
	case KindRange:
		w.str("core::ops::range::Range<i64>")
	case KindRangeInclusive:
		w.str("core::ops::range::RangeInclusive<i64>")
	case KindHost:
		switch v.Host().V.(type) {
		case int8, int16, int32, uint8, uint16, uint32, uint64, float32, interface{ ScriptNumber() }:
			w.text(Display(v))
		default:
			w.str(Display(v))
		}
	}
}

func appendJSONFloat(b []byte, f float64) []byte {
	if a := math.Abs(f); a != 0 && (a >= 1e16 || a < 1e-5) {
		return appendExponent(b, f, 64)
	}
	return appendPlain(b, f, 64)
}

// appendJSONText appends what stands between the quotes of a text. Only what must
// be is escaped.
func appendJSONText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(append(b, s[from:i]...), '\\')
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, c)
		case '\b':
			b = append(b, 'b')
		case '\f':
			b = append(b, 'f')
		case '\n':
			b = append(b, 'n')
		case '\r':
			b = append(b, 'r')
		case '\t':
			b = append(b, 't')
		default:
			b = append(b, 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(b, s[from:]...)
}
