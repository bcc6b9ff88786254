package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// dynamic executes the operations of modules and of frames whose variables are
// found by name.
func (m *machine) dynamic(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	switch in.Op {
	case bytecode.ImportMark:
		*reg(fp, in.A) = value.Int(int64(len(m.imports)))
	case bytecode.ImportDrop:
		n := int(reg(fp, in.A).Int())
		clear(m.imports[n:])
		m.imports = m.imports[:n]
	default:
		return m.fail(in, fp, &Error{Kind: ErrRuntime, Text: "not implemented: " + in.Op.String()})
	}
	return next(in), fp
}

// callPath calls a function of a module.
func (m *machine) callPath(in *bytecode.Instr, fp unsafe.Pointer, s *site) (*bytecode.Instr, unsafe.Pointer) {
	return m.fail(in, fp, &Error{Kind: ErrRuntime, Text: "not implemented: module functions"})
}

// findNamed finds a variable of an open frame by name.
func (m *machine) findNamed(name string, scope *value.Value, fp unsafe.Pointer, fallback uint16) *value.Value {
	if fallback == bytecode.NoReg {
		return nil
	}
	return reg(fp, fallback)
}
