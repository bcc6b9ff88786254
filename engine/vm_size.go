package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Limits on the size of data count nested values, so that a check takes as long as
// the value is large. A loop that adds to a large array one by one would be
// quadratic; so the last large containers that were counted are remembered, with
// how much they may grow, and are only counted again when all that was added to
// anything since then could exceed that. What is written past these counts (by the
// run loop, or by the host) is noticed after a sixteenth of the value's size of
// further checks. Small containers are always counted.

// counted is a container that was counted.
type counted struct {
	of    unsafe.Pointer // the object
	until int            // the value of grown up to which it is small enough
	left  int            // checks until it is counted again
}

const (
	// countedMin is the size from which a count is remembered.
	countedMin = 1024
	// countedShare is the part of a size that may pass without a count.
	countedShare = 16
)

// checkedItems verifies the limits on the size of a literal in register A, to
// which items were just added. The error is where the item stands that is too
// much.
func (m *machine) checkedItems(in *bytecode.Instr, fp unsafe.Pointer, items []value.Value) (*bytecode.Instr, unsafe.Pointer) {
	if !m.sized {
		return next(in), fp
	}
	for i := range items {
		m.grew(&items[i])
	}
	e := m.checkSize(*reg(fp, in.A))
	if e == nil {
		return next(in), fp
	}
	arrays, maps, strings := value.Sizes(*reg(fp, in.A))
	at := m.ln.prog.Items[uint32(m.index(in))]
	for i := len(items) - 1; i >= 0 && i < len(at); i-- {
		e.Pos = at[i]
		a, p, s := value.Sizes(items[i])
		arrays, maps, strings = arrays-a, maps-p, strings-s
		if reg(fp, in.A).IsMap() {
			maps--
		} else {
			arrays--
		}
		if arrays <= m.limits.ArraySize && maps <= m.limits.MapSize && strings <= m.limits.StringSize {
			break
		}
	}
	return m.fail(in, fp, e)
}

// checked verifies the limits on the size of data and goes on.
func (m *machine) checked(in *bytecode.Instr, fp unsafe.Pointer, v *value.Value) (*bytecode.Instr, unsafe.Pointer) {
	if m.sized {
		if e := m.checkSize(*v); e != nil {
			return m.fail(in, fp, e)
		}
	}
	return next(in), fp
}

// checkSize fails if a value is larger than the limits allow.
func (m *machine) checkSize(v value.Value) *Error {
	v = v.Flat().Plain()
	var object unsafe.Pointer
	switch v.Kind() {
	case value.KindString, value.KindBlob:
	case value.KindArray:
		object = unsafe.Pointer(v.Array())
	case value.KindMap:
		object = unsafe.Pointer(v.Map())
	default:
		return nil
	}
	if object != nil {
		for i := range m.counts {
			if c := &m.counts[i]; c.of == object {
				if c.left > 0 && m.grown <= c.until {
					c.left--
					return nil
				}
				c.of = nil
				break
			}
		}
	}
	arrays, maps, strings := value.Sizes(v)
	switch {
	case strings > m.limits.StringSize:
		return tooLarge("Length of string")
	case arrays > m.limits.ArraySize:
		return tooLarge("Size of array/BLOB")
	case maps > m.limits.MapSize:
		return tooLarge("Size of object map")
	}
	if n := arrays + maps; object != nil && n >= countedMin {
		room := min(m.limits.StringSize-strings, m.limits.ArraySize-arrays, m.limits.MapSize-maps)
		m.counts[m.nextCount] = counted{object, m.grown + min(room, maxInt-m.grown), n / countedShare}
		m.nextCount = (m.nextCount + 1) % len(m.counts)
	}
	return nil
}

// grew notes that something grew by a value at most.
func (m *machine) grew(v *value.Value) {
	n := 1
	switch p := v.Flat().Plain(); p.Kind() {
	case value.KindString:
		n += p.StrLen()
	case value.KindBlob, value.KindArray, value.KindMap:
		arrays, maps, strings := value.Sizes(p)
		n += arrays + maps + strings
	}
	m.grown += min(n, maxInt-m.grown)
}

// grewBy notes that a native function made its receiver grow: by its arguments,
// or by as many copies of them as it has elements more than before.
func (m *machine) grewBy(before int, args []value.Value) {
	from := m.grown
	for i := range args[1:] {
		m.grew(&args[1+i])
	}
	if d := shallowSize(&args[0]) - before; d > 1 {
		each := m.grown - from + 1
		if each > maxInt/d {
			each = maxInt / d
		}
		m.grown += min(each*d, maxInt-m.grown)
	}
}

// shallowSize is the number of elements of a container.
func shallowSize(v *value.Value) int {
	switch p := v.Flat().Plain(); p.Kind() {
	case value.KindArray:
		return len(p.Array().Items)
	case value.KindBlob:
		return len(p.Blob().Bytes)
	case value.KindMap:
		return p.Map().Len()
	}
	return 0
}

func tooLarge(what string) *Error {
	return &Error{Kind: ErrDataTooLarge, Text: what + " too large", Func: what, detail: []detail{{"type", value.String(what)}}}
}

// weigh counts the work of an operator on a large operand as operations, as that
// on long texts in natives is: it would put off cancellation otherwise.
func (m *machine) weigh(v *value.Value) {
	if v.Kind() >= value.KindString {
		m.steps -= int64(weight(v))
	}
}

// weight is the size of a value in units of about a kilobyte.
func weight(v *value.Value) int {
	switch v.Kind() {
	case value.KindString:
		return v.StrLen() >> 10
	case value.KindBlob:
		return len(v.Blob().Bytes) >> 10
	case value.KindArray:
		return len(v.Array().Items) >> 6
	case value.KindMap:
		return v.Map().Len() >> 5
	}
	return 0
}

// bigText returns where a text of 64 KB or more is, nil for any other value.
func bigText(v *value.Value) (at *byte, size int) {
	if v.IsString() && v.StrLen() >= 1<<16 {
		return unsafe.StringData(v.Str()), v.StrLen()
	}
	return nil, 0
}

// weighText is weigh for a text that was the left operand, unless the result was
// made by appending in place.
func (m *machine) weighText(text *byte, size int, result *value.Value) {
	if at, _ := bigText(result); at != text {
		m.steps -= int64(size >> 10)
	}
}
