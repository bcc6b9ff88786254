package engine

import (
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// quickSite reports whether calls at a site can take the quick way at all: they
// are resolved among native functions alone, and the receiver is a variable or a
// temporary.
func quickSite(s *site) bool {
	return len(s.Path) == 0 && !s.Const && !s.This && resolvedAmongNatives(s)
}

// quickPathSite is quickSite for receivers that are a part of a variable or of this.
func quickPathSite(s *site) bool {
	return s.Method && len(s.Path) > 0 && !s.Const && resolvedAmongNatives(s)
}

func resolvedAmongNatives(s *site) bool {
	return len(s.NS) == 0 && len(s.script) == 0 && s.Token == 0 && s.Args <= 4
}

// quickCall calls a native function whose resolution the site has, for arguments
// of builtin types that are not tagged: nothing has to be taken off or weighed. The first
// one may be a variable that closures share and this run owns, which is locked during the
// call. It reports false, with nothing done, if it is another case.
func (m *machine) quickCall(in *bytecode.Instr, fp unsafe.Pointer, s *site) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	if m.sized || len(m.imports) > 0 || len(m.callers) > 0 {
		return nil, nil, false
	}
	args := unsafe.Slice(reg(fp, in.A), int(in.B)/bytecode.RegSize)
	types, first := uint64(0), 0
	var variable *value.Value
	var cell *raw.CellObject
	if in.C != bytecode.NoReg {
		variable = reg(fp, in.C)
		k := raw.Kind(variable)
		if k == object.Cell {
			if cell = raw.Cell(variable); !raw.Writable(cell) {
				return nil, nil, false
			}
			variable = &cell.V
			k = raw.Kind(variable)
		}
		if k >= object.Map && (k > object.Map || in.Op == bytecode.Method) {
			return nil, nil, false // a function pointer in a map's property shadows methods
		}
		types, first = uint64(k)+1, 1
	}
	for i := first; i < len(args); i++ {
		k := raw.Kind(&args[i])
		if k >= object.Host || k == object.Map && i == 0 && in.Op == bytecode.Method {
			return nil, nil, false
		}
		types = types<<16 | uint64(k) + 1
	}
	c := s.cache.Load()
	for c != nil && c.types != types {
		c = c.next
	}
	if c == nil || !c.quick {
		return nil, nil, false
	}
	if variable != nil {
		if c.fn.guarded() && (variable.IsShared() || m.isConst(fp, in.C) || cell != nil && in.Op == bytecode.Native) {
			return nil, nil, false // f(x) does not change a variable that closures share
		}
		args[0].Copy(variable)
	}
	locked := cell != nil && c.fn.Receiver != ReceiverCopied && (in.Op == bytecode.Method || !raw.IsCaptured(reg(fp, in.C)))
	if locked {
		m.lock(cell)
	}
	m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, fp, c.fn, false
	if !c.fn.Borrows {
		lend(c.fn, args)
	}
	v, err := c.fn.Fn(&m.cc, args)
	if !c.fn.Borrows {
		v = receive(c.fn, args, v)
	}
	if !c.fn.Brief && m.watched {
		err = m.attend(err)
	}
	if c.fn.guarded() && variable != nil {
		variable.Copy(&args[0])
	}
	if locked {
		m.unlock(len(m.locks) - 1)
	}
	if err != nil {
		to, tofp = m.unwind(in, fp, m.asError(err, in))
		return to, tofp, true
	}
	m.steps--
	reg(fp, uint16(in.E)).Copy(&v)
	return next(in), fp, true
}

// quick reports whether calls of a function with arguments of these types can take
// the quick way: it is no method that a callback may change the receiver of.
func (f *Func) quick(args []value.Value) bool {
	if f.Receiver != ReceiverCopied {
		for i := range args {
			if args[i].IsFn() {
				return false
			}
		}
		return !f.takesName()
	}
	return true
}

// The quick way of native methods on parts of variables and of this: o.items.push(x),
// rows[i].len(), this.log.clear().

// quickOnPath is [machine.quickCall] for a receiver at the end of a path. It reports false,
// with nothing done, if a container on the way has other holders or is no array or map, if
// the receiver must be locked or weighed, or if the function may call back.
func (m *machine) quickOnPath(in *bytecode.Instr, fp unsafe.Pointer, s *site) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	c := s.cache.Load()
	if c == nil || m.sized || len(m.imports) > 0 || len(m.callers) > 0 || len(m.pending) > 0 || m.beginsConst(in, fp, s) {
		return nil, nil, false
	}
	args := unsafe.Slice(reg(fp, in.A), int(in.B)/bytecode.RegSize)
	types := uint64(0)
	for i := range args {
		k := raw.Kind(&args[i])
		if k >= object.Host || k == object.Map && i == 0 {
			return nil, nil, false // a function pointer in a map's property shadows methods
		}
		types = types<<16 | uint64(k) + 1
	}
	for c.types != types {
		if c = c.next; c == nil {
			return nil, nil, false
		}
	}
	if !c.quick {
		return nil, nil, false
	}
	first := &args[0]
	if c.fn.guarded() {
		first = m.partOf(in, fp, s)
		if first == nil || !first.Same(args[0]) {
			return nil, nil, false
		}
	}
	if c.leaf != nil && !c.host && !m.observed && !m.traces {
		if v, ok := c.leaf(first, args[1:]); ok {
			m.steps--
			reg(fp, uint16(in.E)).Copy(&v)
			return next(in), fp, true
		}
	}
	if first != &args[0] && first.IsShared() {
		return nil, nil, false
	}
	m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, fp, c.fn, false
	if !c.fn.Borrows {
		lend(c.fn, args)
	}
	v, err := c.fn.Fn(&m.cc, args)
	if !c.fn.Borrows {
		v = receive(c.fn, args, v)
	}
	if !c.fn.Brief && m.watched {
		err = m.attend(err)
	}
	if first != &args[0] {
		first.Copy(&args[0])
	}
	if err != nil {
		to, tofp = m.unwind(in, fp, m.asError(err, in))
		return to, tofp, true
	}
	m.steps--
	reg(fp, uint16(in.E)).Copy(&v)
	return next(in), fp, true
}

// partOf returns the place at the end of the path of a call, nil unless the path begins at
// a plain variable or this and leads through arrays and maps that nobody else holds.
func (m *machine) partOf(in *bytecode.Instr, fp unsafe.Pointer, s *site) *value.Value {
	var p *value.Value
	switch {
	case s.This:
		p = m.this
	case in.C != bytecode.NoReg:
		p = reg(fp, in.C)
	}
	if p == nil {
		return nil
	}
	for i := range s.Path {
		step := &s.Path[i]
		if raw.IsShared(p) {
			return nil
		}
		switch k := raw.Kind(p); {
		case k == object.Map && step.Prop >= 0:
			x := &m.sites[step.Prop]
			o := raw.MapFields(raw.Map(p))
			n := uint(atomic.LoadUint32(&x.hint))
			if keys := o.Keys; n < uint(len(o.Vals)) && n < uint(len(keys.Names)) && raw.SameText(&keys.Names[n], &x.name) {
				p = &o.Vals[n]
			} else if p = x.property(raw.Map(p)); p == nil {
				return nil
			}
		case k == object.Map && !step.IsInt:
			key := reg(fp, step.Reg)
			if !raw.IsString(key) {
				return nil
			}
			if p, _ = raw.Map(p).Find(key.Str()); p == nil {
				return nil
			}
		case k == object.Array && step.Prop < 0:
			n := int64(step.Int)
			if !step.IsInt {
				key := reg(fp, step.Reg)
				if !raw.IsInt(key) {
					return nil
				}
				n = raw.Int(key)
			}
			items := raw.Array(p).Items
			if uint64(n) >= uint64(len(items)) {
				return nil
			}
			p = &items[n]
		default:
			return nil
		}
	}
	return p
}
