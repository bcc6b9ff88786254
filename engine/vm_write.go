package engine

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// writeBack is a step of a chain of writes whose value has no place of its own:
// a character, a bit, a property of a host object. When the chain is complete
// the value in place goes back through the container.
type writeBack struct {
	container *value.Value
	place     *value.Value
	index     value.Value
	site      *site        // for a property
	outer     *value.Value // for a property: what container is in, see replaceIn
	step      *bytecode.Instr
	pos       syntax.Pos // of the property, if there is no step
	// A variable that has escaped: the chain works on a copy in place, which replaces
	// old if that is what the variable still holds.
	cell *raw.CellObject
	old  value.Value
	// The error of a chain that writes into a constant: always the first entry.
	fault *Error
}

// temporary reports whether the value in place belongs to nothing: a getter gave it,
// or it stands for a property that does not exist.
func (w *writeBack) temporary() bool {
	return w.fault == nil && w.cell == nil && (w.site != nil || !w.index.IsUnit()) && !w.part()
}

// A chain of writes into a constant takes its steps on a copy, so that whatever else
// is wrong is noticed first, as in Rhai: a missing element, an index of a wrong type, a
// property that has no setter. Where it would write it fails.

// constRoot makes a register the root of a chain of writes into a constant.
func (m *machine) constRoot(r *value.Value, v value.Value, name string, pos syntax.Pos) {
	m.took(value.CellSize)
	*r = constCell(v)
	e := constError(name)
	e.Pos = pos
	m.pending = append(m.pending, writeBack{fault: e})
}

// intoConst returns the error of a write to where the chain stands, nil if that is no
// part of a constant.
func (m *machine) intoConst() *Error {
	if len(m.pending) == 0 || m.pending[0].fault == nil {
		return nil
	}
	for i := range m.pending {
		if m.pending[i].temporary() {
			return nil
		}
	}
	return m.pending[0].fault
}

// onConst executes the last step of a chain of writes whose container is the constant
// in register A itself.
func (m *machine) onConst(in *bytecode.Instr, fp unsafe.Pointer, step func(*bytecode.Instr, unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer)) (*bytecode.Instr, unsafe.Pointer) {
	r := reg(fp, in.A)
	held := *r
	content, e := m.operand(in, fp, in.A, bytecode.PosA) // also of a variable that the host provides
	if e != nil {
		return m.fail(in, fp, e)
	}
	if len(m.pending) == 0 {
		e := constError(m.externalName(in.A))
		e.Pos = m.extraOr(in, bytecode.PosA)
		m.pending = append(m.pending, writeBack{fault: e})
	}
	*r = content.Flat().Share()
	to, tofp := step(in, fp)
	*r = held
	if to == next(in) && tofp == fp && len(m.pending) > 0 {
		return m.fail(in, fp, m.pending[0].fault)
	}
	return to, tofp
}

// part reports whether the value is a character, byte or bit.
func (w *writeBack) part() bool {
	if w.site != nil || w.cell != nil || w.container == nil || w.index.IsUnit() {
		return false
	}
	k := w.container.Kind()
	return k == value.KindString || k == value.KindBlob || k == value.KindInt
}

// ownStep executes a step of a chain of writes: the container in b is made ours
// and its element goes to a.
func (m *machine) ownStep(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	r := reg(fp, in.B)
	b, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if constant(r) || raw.IsUndefined(r) {
		if len(m.pending) == 0 {
			e := constError(m.externalName(in.B))
			e.Pos = m.extraOr(in, bytecode.PosB)
			m.pending = append(m.pending, writeBack{fault: e})
		}
		x := b.Share()
		b = &x
	} else {
		m.commitLater(escaped(r), b)
	}
	if e := m.ownRoot(in, b); e != nil {
		return m.fail(in, fp, e)
	}
	var p *value.Value
	if in.Op == bytecode.PropOwn {
		n := len(m.pending)
		if p, e = m.ownProp(b, &m.sites[in.D], in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		if len(m.pending) > n {
			m.pending[n].outer, m.pending[n].step = optional(fp, in.C), in
		}
	} else {
		i, e := m.operand(in, fp, in.C, bytecode.PosC)
		if e != nil {
			return m.fail(in, fp, e)
		}
		if p, e = m.ownIndex(b, i, in, fp); e != nil {
			return m.failIndex(in, fp, e)
		}
	}
	a := reg(fp, in.A)
	*a = *p
	switch p.Kind() {
	case value.KindArray, value.KindMap, value.KindBlob:
		// Made ours in its place: writing into it through a writes the original.
		if e := m.own(p); e != nil {
			return m.fail(in, fp, e)
		}
		*a = *p
	default:
		m.pending = append(m.pending, writeBack{container: nil, place: p, index: value.Unit})
		m.pending[len(m.pending)-1].container = a
	}
	return next(in), fp
}

// ownRoot makes the container that a step of a chain of writes goes into ours. If that
// is this, of which the register holds a reference, this refers to the same object
// afterwards: what the chain did is not lost if it fails.
func (m *machine) ownRoot(in *bytecode.Instr, b *value.Value) *Error {
	if b.Kind() < value.KindArray {
		return nil
	}
	old := *b
	if e := m.own(b); e != nil {
		return e
	}
	ofThis := in.E != 0
	switch in.Op {
	case bytecode.PropOwn, bytecode.SetProp, bytecode.PropTo, bytecode.PropInc:
		ofThis = m.sites[in.D].This
	}
	if ofThis && m.this != nil && m.this.Same(old) {
		*m.this = *b
	}
	return nil
}

// ownIndex returns the place of b[i] for writing. A value without a place gets a
// temporary one, and a note to write it back.
func (m *machine) ownIndex(b, i *value.Value, in *bytecode.Instr, fp unsafe.Pointer) (*value.Value, *Error) {
	x := i.Plain()
	if e := m.own(b); e != nil {
		return nil, e
	}
	switch b.Kind() {
	case value.KindArray:
		if x.IsInt() {
			if k, ok := position(x.Int(), len(b.Array().Items)); ok {
				p := &b.OwnArray().Items[k]
				return p, m.own(p)
			}
		}
	case value.KindMap:
		if x.IsString() {
			if e := m.keyWork(x); e != nil {
				return nil, e
			}
			if p, _ := b.OwnMap().Find(x.Str()); p != nil {
				return p, m.own(p)
			}
		}
	}
	m.took(64)
	v, e := m.getIndex(b, i, in, fp)
	if e != nil {
		return nil, e
	}
	p := new(value.Value)
	*p = v.Share()
	m.pending = append(m.pending, writeBack{container: b, place: p, index: x})
	return p, nil
}

// ownProp is ownIndex for a property.
func (m *machine) ownProp(b *value.Value, s *site, in *bytecode.Instr, fp unsafe.Pointer) (*value.Value, *Error) {
	if b.IsMap() {
		if e := m.own(b); e != nil {
			return nil, e
		}
		if p, slot := b.OwnMap().Find(s.name); p != nil {
			atomic.StoreUint32(&s.hint, uint32(slot))
			return p, m.own(p)
		}
	}
	m.took(64)
	v, e := m.getProp(b, s, in, fp)
	if e != nil {
		return nil, e
	}
	p := new(value.Value)
	*p = v.Share()
	m.pending = append(m.pending, writeBack{container: b, place: p, site: s})
	return p, nil
}

// writeBack ends a chain of writes.
func (m *machine) writeBack(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if in.D != 0 {
		// The chain ended early, at a unit behind ?. or ?[: nothing was written.
		m.forget()
		return next(in), fp
	}
	// The value of a part is a copy: what was written inside of it is lost, as in Rhai.
	m.pending = slices.DeleteFunc(m.pending, func(w writeBack) bool { return w.part() })
	if e := m.flush(in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	return next(in), fp
}

// forget gives up the writes of a chain.
func (m *machine) forget() {
	if len(m.pending) > 0 {
		clear(m.pending)
		m.pending = m.pending[:0]
	}
}

// flush stores the pending values of a chain back, the innermost first.
func (m *machine) flush(in *bytecode.Instr, fp unsafe.Pointer) *Error {
	lost := false // the chain left what it began with
	for n := len(m.pending) - 1; n >= 0; n-- {
		w := m.pending[n]
		lost = lost || w.temporary()
		m.pending[n] = writeBack{}
		m.pending = m.pending[:n]
		var e *Error
		switch {
		case w.fault != nil:
			if !lost {
				e = w.fault
			}
		case w.cell != nil:
			if !raw.Replace(w.cell, w.old, *w.place) {
				e = dataRace()
			}
		case w.site == nil && w.index.IsUnit():
			// A register that stands for a place: container is the register.
			*w.place = *w.container
		case w.site != nil:
			if w.container.Kind() != value.KindMap {
				old := *w.container
				e = m.setProp(w.container, w.site, *w.place, in, fp)
				if e != nil && e.Kind == ErrDotExpr {
					e = nil // no setter: the change is lost, as in Rhai
				}
				if e != nil && e.Pos.IsNone() {
					if e.Pos = w.pos; w.step != nil {
						e.Pos = m.pos(w.step)
					}
				}
				m.replaceIn(w.outer, old, w.container)
			}
		default:
			if k := w.container.Kind(); k != value.KindMap {
				e = m.setIndex(w.container, &w.index, *w.place, in, fp)
			}
		}
		if e != nil {
			m.forget()
			return e
		}
	}
	return nil
}
