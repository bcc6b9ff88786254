package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// loadScope puts the external variables of a program into their registers.
func (m *machine) loadScope(ln *linked, scope *Scope, fp unsafe.Pointer) {
	m.exts = m.exts[:0]
	for i := range ln.prog.Externals {
		x := &ln.prog.Externals[i]
		r := reg(fp, x.Reg)
		k := -1
		if scope != nil {
			k = scope.index(x.Name)
		}
		m.exts = append(m.exts, int32(k))
		switch {
		case k < 0:
			m.loadConstant(ln, x.Name, i, fp)
		default:
			e := scope.at(k)
			if e.consts {
				*r = m.constExternal(x, i, e.v.Flat())
			} else {
				*r = e.v
			}
		}
	}
}

// constExternal returns what stands in the register of the i-th external variable,
// a constant: its value, or a cell if the program might write to the register.
func (m *machine) constExternal(x *bytecode.External, i int, v value.Value) value.Value {
	if !x.Plain || i >= 64 {
		return constCell(v)
	}
	m.plain |= 1 << i
	return v.Share()
}

// constCell wraps a constant so that every fast path leaves it alone and every
// slow path knows what it is.
func constCell(v value.Value) value.Value {
	c := raw.NewCell(v.Share())
	raw.SetConst(raw.Cell(&c))
	return c
}

// storeScope puts the external variables back into the scope, and the variables
// that the program declared.
func (m *machine) storeScope(ln *linked, scope *Scope, fp unsafe.Pointer) {
	p := ln.prog
	for i := range p.Externals {
		if k := m.exts[i]; k >= 0 {
			if e := scope.at(int(k)); !e.consts {
				e.v = kept(*reg(fp, p.Externals[i].Reg))
			}
		}
	}
	m.keepTop(p, scope, fp)
}

// kept returns what a scope keeps of a variable: a cell only if a closure shares
// it.
func kept(v value.Value) value.Value {
	if raw.IsCell(&v) && !raw.IsCaptured(&v) {
		return raw.Cell(&v).V
	}
	return v
}

// keepTop puts the variables that a program declared at its top level into a
// scope, and those that text it evaluated left.
func (m *machine) keepTop(p *bytecode.Program, scope *Scope, fp unsafe.Pointer) {
	if d := dynScope(fp, p.Scope); d != nil {
		defer func() {
			for i := range d.Len() {
				if e := d.at(i); !raw.IsUndefined(&e.v) {
					scope.push(e.name, kept(e.v), e.consts)
				}
			}
		}()
	}
	if len(p.Top) == 0 {
		return
	}
	at := m.at
	where := make([]int, len(p.Top))
	for i, t := range p.Top {
		where[i] = -1
		if t.From > at {
			continue
		}
		v := kept(*reg(fp, t.Reg))
		if t.Replaces >= 0 && where[t.Replaces] >= 0 {
			where[i] = where[t.Replaces]
			e := scope.at(where[i])
			e.v, e.consts = v, t.Const
			continue
		}
		where[i] = scope.Len()
		scope.push(t.Name, v, t.Const)
	}
}
