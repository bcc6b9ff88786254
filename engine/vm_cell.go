package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Variables that closures share. As long as such a variable belongs to one run,
// the machine uses its place directly; a borrow, for the time that it is this or a
// by-reference argument, makes every other access a data race, as in Rhai.
//
// A variable that has left its run ([value.Freeze] marked it) may be reached by
// any number of runs at a time, and nobody has a pointer into it: who reads it
// gets a frozen copy, and who writes works on such a copy, which replaces the
// value if that is still what was read. Nothing is locked while script code or a
// native function runs, so that no two runs can wait for each other; a write that
// somebody else's overtook is repeated if nothing can tell, else it is a data race.

// content returns the place of the value in a variable for reading, and for
// writing if it belongs to this run. Of one that has escaped it is a copy.
func content(c *raw.CellObject) (*value.Value, *Error) {
	switch raw.Locks(c) {
	case 0:
		return &c.V, nil
	case object.Escaped:
		if v, ok := raw.Load(c); ok {
			p := new(value.Value)
			*p = v
			return p, nil
		}
	}
	return nil, dataRace()
}

// escaped returns the variable in a register if it has left its run, else nil.
func escaped(v *value.Value) *raw.CellObject {
	if raw.IsCell(v) && raw.Escaped(raw.Cell(v)) {
		return raw.Cell(v)
	}
	return nil
}

// assign stores a value in a variable.
func assign(c *raw.CellObject, v value.Value) *Error {
	switch raw.Locks(c) {
	case 0:
		c.V = v
		return nil
	case object.Escaped:
		if raw.Store(c, v) {
			return nil
		}
	}
	return dataRace()
}

// borrow notes that the place of a variable is in use, and returns the variable
// for giveBack: nil if there is none, or if it has escaped, when nobody uses its
// place.
func borrow(c *raw.CellObject) *raw.CellObject {
	if c == nil || raw.Escaped(c) {
		return nil
	}
	raw.Borrow(c)
	return c
}

// giveBack ends a borrow, if there is one.
func giveBack(c *raw.CellObject) {
	if c != nil {
		raw.GiveBack(c)
	}
}

// putBack stores what a native function left of its receiver, which was old.
func putBack(this *value.Value, old, now value.Value) *Error {
	switch c := escaped(this); {
	case c == nil && raw.IsCell(this):
		raw.Cell(this).V = now
	case c == nil:
		*this = now
	case !raw.Replace(c, old, now):
		return dataRace()
	}
	return nil
}

// loan is a receiver that has escaped: a method works on a copy of it.
type loan struct {
	cell     *raw.CellObject
	old, now value.Value
}

// commit stores what the method left.
func (l *loan) commit() *Error {
	if !l.now.Same(l.old) && !raw.Replace(l.cell, l.old, l.now) {
		return dataRace()
	}
	return nil
}

// commitLater makes the chain of writes that begins at root, a copy of the value
// of an escaped variable, store the copy when it is complete. It does nothing if c
// is nil.
func (m *machine) commitLater(c *raw.CellObject, root *value.Value) {
	if c != nil {
		m.pending = append(m.pending, writeBack{cell: c, old: *root, place: root})
	}
}

// onEscaped executes an instruction that writes into the variable in register A,
// which has escaped: the register holds a copy of its value meanwhile. If somebody
// else assigned to the variable it is done again, unless the code of a host could
// tell the difference.
func (m *machine) onEscaped(c *raw.CellObject, in *bytecode.Instr, fp unsafe.Pointer, step func(*bytecode.Instr, unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer)) (*bytecode.Instr, unsafe.Pointer) {
	for {
		old, ok := raw.Load(c)
		if !ok {
			return m.fail(in, fp, dataRace())
		}
		r := reg(fp, in.A)
		*r = old
		to, tofp := step(in, fp)
		now := *r
		*r = raw.CellValue(c)
		if now.Same(old) || raw.Replace(c, old, now) || to != next(in) {
			return to, tofp
		}
		if old.Kind() == value.KindHost || m.cfg.slowOperators {
			return m.fail(in, fp, dataRace())
		}
		if m.steps--; m.steps < 0 {
			if e := m.poll(); e != nil {
				return m.fail(in, fp, e)
			}
		}
	}
}
