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
	if e == nil || e.Kind != ErrDataTooLarge {
		if e != nil {
			return m.fail(in, fp, e)
		}
		return next(in), fp
	}
	total, err := value.SizesMetered(&m.cc, *reg(fp, in.A))
	if err != nil {
		return m.fail(in, fp, m.fault(err))
	}
	at := m.ln.prog.ItemsOf(m.index(in))
	for i := len(items) - 1; i >= 0 && i < len(at); i-- {
		e.Pos = at[i]
		item, err := value.SizesMetered(&m.cc, items[i])
		if err != nil {
			return m.fail(in, fp, m.fault(err))
		}
		total.Arrays, total.Maps, total.Strings = total.Arrays-item.Arrays, total.Maps-item.Maps, total.Strings-item.Strings
		if reg(fp, in.A).IsMap() {
			total.Maps--
		} else {
			total.Arrays--
		}
		if m.exceeds(total) == nil {
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
	size, err := value.SizesMetered(&m.cc, v)
	if err != nil {
		return m.fault(err)
	}
	if e := m.exceeds(size); e != nil {
		return e
	}
	if n := size.Arrays + size.Maps; object != nil && n >= countedMin {
		room := min(m.limits.StringSize-size.Strings, m.limits.ArraySize-size.Arrays, m.limits.MapSize-size.Maps)
		m.counts[m.nextCount] = counted{object, m.grown + min(room, maxInt-m.grown), n / countedShare}
		m.nextCount = (m.nextCount + 1) % len(m.counts)
	}
	return nil
}

// exceeds returns the error of a size that is above the limits, nil if it is not.
func (m *machine) exceeds(c value.Count) *Error {
	switch {
	case c.Strings > m.limits.StringSize:
		return tooLarge("Length of string")
	case c.Arrays > m.limits.ArraySize:
		return tooLarge("Size of array/BLOB")
	case c.Maps > m.limits.MapSize:
		return tooLarge("Size of object map")
	}
	return nil
}

// grew adds the size of a value to what any container may have grown by since the run
// began.
func (m *machine) grew(v *value.Value) {
	c := value.Count{Arrays: 1}
	switch p := v.Flat().Plain(); p.Kind() {
	case value.KindString:
		c.Strings = p.StrLen()
	case value.KindBlob, value.KindArray, value.KindMap:
		// An error is noticed at the next look.
		size, _ := value.SizesMetered(&m.cc, p)
		c.Add(size)
	}
	for _, n := range []int{c.Arrays, c.Maps, c.Strings} {
		m.grown += min(n, maxInt-m.grown)
	}
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
