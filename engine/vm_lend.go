package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// guard marks the container in register A, which may be lent, as shared if the call that
// follows may change its receiver: then what it changes is a copy. Nobody but a host, a
// function pointer in a property, or an argument that is called gives such functions names
// that only look elsewhere.
func (m *machine) guard(in *bytecode.Instr, fp unsafe.Pointer) {
	s, b := &m.sites[in.D], reg(fp, in.B)
	switch {
	case !s.asks || len(m.imports) > 0 || len(m.callers) > 0:
	case s.mayCall(next(in), fp):
	case b.IsPlain() || raw.IsArray(b):
		return
	case raw.IsMap(b):
		if in.E == 0 {
			return
		}
		if v, _ := raw.Map(b).Find(s.name); v == nil || !v.IsFn() {
			return
		}
	}
	reg(fp, in.A).Share()
}

// mayCall reports whether a call may have to do with a function of a script that changes
// the elements of the receiver, which are its this: one of the arguments beside the
// receiver is such a function, or may be the name of one.
func (s *site) mayCall(in *bytecode.Instr, fp unsafe.Pointer) bool {
	args := unsafe.Slice(reg(fp, in.A), int(in.B)/bytecode.RegSize)
	for i := 1; i < len(args); i++ {
		switch v := args[i].Flat().Plain(); {
		case v.IsFn():
			if sf := linkedFunc(v.Fn()); sf == nil || sf.fn.Mutates {
				return true
			}
		case v.IsString() && s.Calls:
			return true
		}
	}
	return false
}

// takePart moves a part of a variable into register A. It reports false, with nothing done,
// if the part, or anything on the way to it, has other holders or is no array or map.
func (m *machine) takePart(in *bytecode.Instr, fp unsafe.Pointer) bool {
	p := m.partOf(in, fp, &m.sites[in.D])
	switch {
	case p == nil:
		return false
	case p.IsPlain():
		reg(fp, in.A).Copy(p)
		return true
	case !raw.IsContainer(p) || raw.IsShared(p) || in.B != 0 && !m.unseen:
		return false
	}
	reg(fp, in.A).Copy(p)
	*p = value.Unit
	return true
}
