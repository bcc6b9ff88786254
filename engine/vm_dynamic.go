package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
)

// dynamic executes the operations of modules and of frames whose variables are
// found by name.
func (m *machine) dynamic(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	switch in.Op {
	case bytecode.Import:
		return m.importModule(in, fp)
	case bytecode.ImportDrop:
		n := int(reg(fp, in.A).Int())
		clear(m.imports[n:])
		m.imports = m.imports[:n]
	case bytecode.Export:
		return m.export(in, fp)
	case bytecode.Lock:
		l := heldLock{depth: m.sp}
		if r := reg(fp, in.A); raw.IsCell(r) && !raw.IsConst(r) {
			l.cell = borrow(raw.Cell(r))
		}
		m.locks = append(m.locks, l)
	case bytecode.Unlock:
		m.unlock(len(m.locks) - 1)
	case bytecode.SetGlobal:
		m.setGlobal(in, fp)
	case bytecode.LoadPath:
		return m.loadPath(in, fp)
	case bytecode.Eval:
		return m.eval(in, fp)
	case bytecode.CustomEval:
		return m.customEval(in, fp)
	case bytecode.InputEnd:
		return m.inputEnd(in, fp)
	case bytecode.CheckNew:
		name := m.ln.prog.Names[in.D]
		if v, _ := findIn(m.scope, name); v != nil && m.outer == nil {
			return m.fail(in, fp, variableExists(name))
		}
	case bytecode.CallScope:
		return m.callScope(in, fp)
	default:
		return m.named(in, fp)
	}
	return next(in), fp
}
