package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// guard marks the container in register A, which may be lent, as shared if the call that
// follows may change its receiver: then what it changes is a copy. Nobody but a host or a
// function pointer in a property gives such functions names that only look elsewhere.
func (m *machine) guard(in *bytecode.Instr, fp unsafe.Pointer) {
	s := &m.sites[in.D]
	if b := reg(fp, in.B); s.looks && len(m.imports) == 0 && len(m.callers) == 0 && raw.IsMap(b) {
		if v, _ := raw.Map(b).Find(s.name); v == nil || !v.IsFn() {
			return
		}
	}
	reg(fp, in.A).Share()
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
