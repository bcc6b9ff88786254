package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Variables are found by name only where code can add variables at run time: in
// functions that evaluate text. Such a frame has a dynamic scope: a [Scope] in
// one of its registers, which hides the frame's registers. An entry without a
// value is a mark: a variable of the frame declared later hides what eval left.

// env is what evaluated text sees: the frame that evaluates it and, if that is
// evaluated text itself, the frame around.
type env struct {
	vis   *bytecode.Visible
	fp    unsafe.Pointer
	dyn   *Scope
	outer *env
	host  *Scope // of the main program
}

// find returns the place of a variable and whether it is a constant, nil if
// there is none.
func (e *env) find(name string) (v *value.Value, constant bool) {
	for ; e != nil; e = e.outer {
		if v, constant := findIn(e.dyn, name); v != nil {
			return v, constant
		}
		for x := e.vis.Last; x != nil; x = x.Outer {
			if x.Name == name {
				return reg(e.fp, x.Reg), x.Const
			}
		}
		for i := range e.vis.Outside {
			if x := &e.vis.Outside[i]; x.Name == name {
				if r := reg(e.fp, x.Reg); !raw.IsUndefined(r) {
					return r, false
				}
			}
		}
		if !e.vis.Main {
			return nil, false
		}
		if e.outer == nil {
			return findIn(e.host, name)
		}
	}
	return nil, false
}

// count returns how many variables there are, as the limit on them counts.
func (e *env) count() int {
	n := 0
	for ; e != nil; e = e.outer {
		for x := e.vis.Last; x != nil; x = x.Outer {
			n++
		}
		if e.dyn != nil {
			n += e.dyn.Len()
		}
		if !e.vis.Main {
			return n
		}
		if e.outer == nil && e.host != nil {
			n += e.host.Len()
		}
	}
	return n
}

// findIn finds a variable of a scope, nil if there is none or it is hidden.
func findIn(s *Scope, name string) (v *value.Value, constant bool) {
	if s == nil {
		return nil, false
	}
	k := s.index(name)
	if k < 0 || raw.IsUndefined(&s.at(k).v) {
		return nil, false
	}
	return &s.at(k).v, s.at(k).consts
}

// dynScope returns the dynamic scope in a register, nil if the frame has none.
func dynScope(fp unsafe.Pointer, operand uint16) *Scope {
	if operand == bytecode.NoReg {
		return nil
	}
	if r := reg(fp, operand); r.Kind() == value.KindHost {
		s, _ := r.Host().V.(*Scope)
		return s
	}
	return nil
}

// env returns what text evaluated by an instruction of the frame sees.
func (m *machine) env(vis *bytecode.Visible, fp unsafe.Pointer) *env {
	m.took(96)
	e := &env{vis: vis, fp: fp, dyn: dynScope(fp, vis.Dynamic)}
	if vis.Main {
		e.outer, e.host = m.outer, m.scope
	}
	return e
}

// findNamed finds a variable of an open frame by name: in its dynamic scope,
// else in the register fallback. It is nil if there is neither.
func (m *machine) findNamed(name string, scope uint16, fp unsafe.Pointer, fallback uint16) (v *value.Value, constant bool) {
	if v, constant = findIn(dynScope(fp, scope), name); v != nil {
		return v, constant
	}
	if fallback == bytecode.NoReg {
		return nil, false
	}
	return reg(fp, fallback), false
}

// named executes the operations on variables by name.
func (m *machine) named(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	switch in.Op {
	case bytecode.ScopeMark:
		if in.B == bytecode.NoReg {
			m.took(value.HostSize + 192)
			*reg(fp, in.A) = value.NewHost(NewScope())
		} else {
			*reg(fp, in.A) = value.Int(int64(dynScope(fp, in.B).Len()))
		}
	case bytecode.ScopeDrop:
		dynScope(fp, in.B).Rewind(int(reg(fp, in.A).Int()))
	case bytecode.ScopeHide:
		name := m.ln.prog.Names[in.D]
		s := dynScope(fp, in.B)
		if v, _ := findIn(s, name); v != nil {
			s.push(name, raw.Undefined(), false)
		}
	case bytecode.NameCheck:
		name := m.ln.prog.Names[in.D]
		if v, _ := findIn(dynScope(fp, in.B), name); v == nil {
			return m.fail(in, fp, constError(name))
		}
	case bytecode.NameLoad:
		name := m.ln.prog.Names[in.D]
		v, _ := m.findNamed(name, in.B, fp, in.C)
		if v == nil || raw.IsUndefined(v) {
			g, e := m.globalOrLazy(name, in, fp)
			if e != nil {
				return m.fail(in, fp, e)
			}
			*reg(fp, in.A) = g
			break
		}
		*reg(fp, in.A) = v.Flat().Share()
	case bytecode.NameRef:
		name := m.ln.prog.Names[in.D]
		v, isConst := m.findNamed(name, in.B, fp, in.C)
		if in.E&bytecode.RefConst != 0 && v == reg(fp, in.C) {
			isConst = true
		}
		a := reg(fp, in.A)
		switch {
		case v == nil || raw.IsUndefined(v):
			g, e := m.globalOrLazy(name, in, fp)
			if e != nil {
				return m.fail(in, fp, e)
			}
			m.took(value.CellSize)
			*a = constCell(g)
		case constant(v):
			*a = *v
		case isConst:
			m.took(value.CellSize)
			*a = constCell(v.Flat())
		default:
			if !raw.IsCell(v) {
				m.took(value.CellSize)
				*v = raw.NewCell(*v)
			}
			*a = *v
		}
		if in.E&bytecode.RefWrite != 0 && constant(a) {
			m.constRoot(a, a.Flat(), name, m.pos(in))
		}
	case bytecode.NameStore:
		name := m.ln.prog.Names[in.D]
		v, isConst := m.findNamed(name, in.B, fp, in.C)
		switch {
		case v == nil || raw.IsUndefined(v):
			_, e := m.globalOrLazy(name, in, fp)
			if e == nil {
				e = constError(name)
			}
			return m.fail(in, fp, e)
		case isConst || constant(v):
			return m.fail(in, fp, constError(name))
		case raw.IsCell(v):
			if e := assign(raw.Cell(v), *reg(fp, in.A)); e != nil {
				return m.fail(in, fp, e)
			}
		default:
			*v = *reg(fp, in.A)
		}
	case bytecode.IsDefVar:
		name := reg(fp, in.B)
		if !name.IsString() {
			return m.failArg(in, fp, m.mismatch("string", *name), bytecode.PosB)
		}
		v, _ := m.env(m.ln.prog.Visible[in.D], fp).find(name.Str())
		*reg(fp, in.A) = value.Bool(v != nil)
	}
	return next(in), fp
}
