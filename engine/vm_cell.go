package engine

import (
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
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

// What the run loop does with elements and properties of variables, for variables that
// closures share: those that belong to this run, with nobody using their place, are read and
// written there. Whatever the fast forms leave out is left to the general ones here, too.

// sharedGet reads an element or a property of the variable in register B. It reports false,
// with nothing done, if it is another case.
func (m *machine) sharedGet(in *bytecode.Instr, fp unsafe.Pointer) bool {
	c := raw.Cell(reg(fp, in.B))
	if raw.Locks(c) != 0 {
		return false
	}
	var v *value.Value
	if in.Op == bytecode.Prop || in.Op == bytecode.PropPeek {
		v = m.sharedProp(c, in)
	} else {
		k := value.Int(int64(in.D))
		i := &k
		if in.Op != bytecode.IndexInt {
			i = reg(fp, in.C)
		}
		v = m.sharedElement(c, i)
	}
	switch {
	case v == nil || raw.Kind(v) >= object.Host:
		return false
	case in.Op == bytecode.Index || in.Op == bytecode.IndexInt || in.Op == bytecode.Prop:
		v.Share()
	}
	reg(fp, in.A).Copy(v)
	return true
}

// sharedSet assigns to an element or a property of the variable in register A, which is there
// already and is no array or map, or adds to a number there. It reports false, with nothing
// done, if it is another case.
func (m *machine) sharedSet(in *bytecode.Instr, fp unsafe.Pointer) bool {
	c := raw.Cell(reg(fp, in.A))
	if !raw.Writable(c) || m.sized || len(m.pending) > 0 || c.V.IsShared() {
		return false
	}
	var v *value.Value
	op := syntax.Assign_
	switch in.Op {
	case bytecode.SetIndex:
		v = m.sharedElement(c, reg(fp, in.B))
	case bytecode.IndexTo:
		op, v = syntax.Token(in.D), m.sharedElement(c, reg(fp, in.B))
	case bytecode.SetProp:
		v = m.sharedProp(c, in)
	case bytecode.PropTo:
		op, v = syntax.Token(in.E), m.sharedProp(c, in)
	case bytecode.PropInc:
		k := value.Int(int64(in.E))
		v = m.sharedProp(c, in)
		return v != nil && addInPlace(v, &k)
	}
	switch {
	case v == nil:
		return false
	case op == syntax.Plus:
		return addInPlace(v, reg(fp, in.C))
	case op != syntax.Assign_ || !v.IsPlain():
		return false
	}
	v.Copy(reg(fp, in.C))
	return true
}

// sharedElement returns the place of an element of the array or map in a variable, nil if
// there is none or it has to be looked for in another way.
func (m *machine) sharedElement(c *raw.CellObject, i *value.Value) *value.Value {
	switch {
	case raw.IsArray(&c.V) && raw.IsInt(i):
		items := raw.Array(&c.V).Items
		if k := uint64(raw.Int(i)); k < uint64(len(items)) {
			return &items[k]
		}
	case raw.IsMap(&c.V) && raw.IsString(i) && raw.Int(i) < lightText:
		return m.findKey(raw.Map(&c.V), i.Str())
	}
	return nil
}

// sharedProp returns the place of the property that an instruction names of the map in a
// variable, nil if there is none.
func (m *machine) sharedProp(c *raw.CellObject, in *bytecode.Instr) *value.Value {
	if !raw.IsMap(&c.V) {
		return nil
	}
	s, o := &m.sites[in.D], raw.MapFields(raw.Map(&c.V))
	n := uint(atomic.LoadUint32(&s.hint))
	if keys := o.Keys; n < uint(len(o.Vals)) && n < uint(len(keys.Names)) && raw.SameText(&keys.Names[n], &s.name) {
		return &o.Vals[n]
	}
	return s.property(raw.Map(&c.V))
}

// addInPlace adds a number to one. It reports false, with nothing done, if it is anything
// else.
func addInPlace(v, y *value.Value) bool {
	switch {
	case raw.IsInt(v) && raw.IsInt(y):
		if p, q := raw.Int(v), raw.Int(y); (p^(p+q))&(q^(p+q)) >= 0 {
			raw.PutInt(v, p+q)
			return true
		}
	case raw.IsFloat(v) && raw.IsFloat(y):
		raw.PutFloat(v, raw.Float(v)+raw.Float(y))
		return true
	}
	return false
}
