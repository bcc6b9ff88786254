package engine

import (
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
	return len(s.NS) == 0 && len(s.Path) == 0 && len(s.script) == 0 && s.Token == 0 && !s.Const && !s.This && s.Args <= 4
}

// quickCall calls a native function whose resolution the site has, for arguments
// of builtin types that are neither tagged nor in cells: nothing has to be locked,
// taken off or weighed. It reports false, with nothing done, if it is another case.
func (m *machine) quickCall(in *bytecode.Instr, fp unsafe.Pointer, s *site) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	if m.sized || len(m.imports) > 0 || len(m.callers) > 0 {
		return nil, nil, false
	}
	args := unsafe.Slice(reg(fp, in.A), int(in.B)/bytecode.RegSize)
	types, first := uint64(0), 0
	var variable *value.Value
	if in.C != bytecode.NoReg {
		variable = reg(fp, in.C)
		k := raw.Kind(variable)
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
		if c.fn.guarded() && (variable.IsShared() || m.isConst(fp, in.C)) {
			return nil, nil, false
		}
		args[0].Copy(variable)
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
	}
	return true
}
