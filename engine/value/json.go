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
// (infinite, not a number) are null.
func ToJSON(v Value) (string, error) {
	type frame struct {
		v Value
		i int
	}
	var b []byte
	var stack []frame
	put := func(v Value) error {
		v = v.Flat().Plain()
		switch v.Kind() {
		case KindUnit:
			b = append(b, "null"...)
		case KindBool:
			b = strconv.AppendBool(b, v.Bool())
		case KindInt:
			b = strconv.AppendInt(b, v.Int(), 10)
		case KindFloat:
			if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
				b = append(b, "null"...)
			} else {
				b = appendJSONFloat(b, f)
			}
		case KindChar:
			b = appendJSONString(b, string(v.Char()))
		case KindString:
			b = appendJSONString(b, v.Str())
		case KindArray:
			b = append(b, '[')
			stack = append(stack, frame{v: v})
		case KindMap:
			b = append(b, '{')
			stack = append(stack, frame{v: v})
		case KindBlob:
			b = append(b, '[')
			for i, x := range v.Blob().Bytes {
				if i > 0 {
					b = append(b, ',')
				}
				b = strconv.AppendUint(b, uint64(x), 10)
			}
			b = append(b, ']')
		case KindFn:
			b = appendJSONString(b, v.Fn().Name)
		case KindTime:
			b = appendJSONString(b, "timestamp")
		case KindRange:
			b = appendJSONString(b, "core::ops::range::Range<i64>")
		case KindRangeInclusive:
			b = appendJSONString(b, "core::ops::range::RangeInclusive<i64>")
		case KindHost:
			switch v.Host().V.(type) {
			case int8, int16, int32, uint8, uint16, uint32, uint64, float32:
				b = append(b, Display(v)...)
			default:
				b = appendJSONString(b, Display(v))
			}
		}
		if len(stack) > maxDepth {
			return errors.New("value is nested too deeply for JSON")
		}
		return nil
	}
	if err := put(v); err != nil {
		return "", err
	}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		i := top.i
		top.i++
		if top.v.IsArray() {
			items := top.v.Array().Items
			if i >= len(items) {
				b = append(b, ']')
				stack = stack[:len(stack)-1]
				continue
			}
			if i > 0 {
				b = append(b, ',')
			}
			if err := put(items[i]); err != nil {
				return "", err
			}
			continue
		}
		m := top.v.Map()
		if i >= m.Len() {
			b = append(b, '}')
			stack = stack[:len(stack)-1]
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		k, val := m.At(i)
		b = appendJSONString(b, k)
		b = append(b, ':')
		if err := put(val); err != nil {
			return "", err
		}
	}
	return string(b), nil
}

func appendJSONFloat(b []byte, f float64) []byte {
	if a := math.Abs(f); a != 0 && (a >= 1e16 || a < 1e-5) {
		return appendExponent(b, f, 64)
	}
	return appendPlain(b, f, 64)
}

// appendJSONString quotes a text. Only what must be is escaped.
func appendJSONString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
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
	return append(append(b, s[from:]...), '"')
}
