package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// makeArray makes an array of an array literal, or of its first elements.
func (m *machine) makeArray(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if e := m.charge(value.ArraySize + value.Size*(int(in.D)+int(in.E))); e != nil {
		return m.fail(in, fp, e)
	}
	items := make([]value.Value, int(in.D), int(in.D)+int(in.E))
	copy(items, regs(fp, in.B, int(in.D)))
	*reg(fp, in.A) = value.NewArray(items)
	return m.checkedItems(in, fp, items)
}

// arrayPush adds further elements of a long array literal.
func (m *machine) arrayPush(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	a, items := reg(fp, in.A).Array(), regs(fp, in.B, int(in.D))
	if e := m.fault(a.Reserve(&m.cc, len(items))); e != nil {
		return m.fail(in, fp, e)
	}
	a.Items = append(a.Items, items...)
	return m.checkedItems(in, fp, items)
}

// makeMap makes the map of a map literal.
func (m *machine) makeMap(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := m.ln.prog.Shapes[in.E]
	if e := m.charge(s.Size()); e != nil {
		return m.fail(in, fp, e)
	}
	vals := regs(fp, in.B, int(in.D))
	mp := s.Map(vals)
	if m.sized {
		vals = m.keep(vals)
	}
	*reg(fp, in.A) = mp.Value()
	return m.checkedItems(in, fp, vals)
}

// mapPut adds further properties of a long map literal.
func (m *machine) mapPut(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	mp, vals := reg(fp, in.A).Map(), regs(fp, in.B, int(in.D))
	for i, k := range m.ln.prog.Names[in.E : int(in.E)+len(vals)] {
		if e := m.charge(mp.Growth()); e != nil {
			return m.fail(in, fp, e)
		}
		mp.Set(k, vals[i])
	}
	if m.sized {
		vals = m.keep(vals)
	}
	return m.checkedItems(in, fp, vals)
}

// keep copies values out of registers that are about to be written.
func (m *machine) keep(vals []value.Value) []value.Value {
	m.took(value.Size * len(vals))
	return append([]value.Value(nil), vals...)
}
