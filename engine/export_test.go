package engine

import (
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Leftovers tells what of earlier runs the pooled machines still hold beside the
// configuration and the program.
func Leftovers() []string {
	var out []string
	for range 4 {
		m := machines.Get().(*machine)
		for i := range m.base {
			if m.base[i] != (value.Value{}) {
				out = append(out, fmt.Sprintf("register %d of %d", i, len(m.base)))
				break
			}
		}
		for what, left := range map[string]bool{
			"the context": m.ctx != nil || m.done != nil, "the scope": m.scope != nil, "segments": len(m.segs) > 0 || m.spare != nil,
			"this": m.this != nil || len(m.thises) > 0 || m.thisConst, "imports": len(m.imports) > 0 || m.bound != nil,
			"callers": len(m.callers) > 0, "locks": len(m.locks) > 0, "writes": len(m.pending) > 0,
			"an error": m.err != nil || m.caught != nil, "exports": m.exports != nil || m.globals != nil, "a result": !m.result.IsUnit(),
			"eval": m.outer != nil, "a call": m.cc != CallContext{vm: m}, "a fence": m.fence != handlerFence{} || m.left != 0,
			"sizes": m.counts != [4]counted{} || m.grown != 0, "the exit": m.exiting, "constants": m.plain != 0 || m.main != nil, "depth": m.sp != 0 || m.natives != 0 || m.modules != 0,
		} {
			if left {
				out = append(out, what)
			}
		}
	}
	return out
}

// Accounts returns the operations and the bytes of the run so far.
func (c *CallContext) Accounts() (operations, allocated int64) {
	return c.vm.operations(), c.vm.allocated
}

// FreeLoops lists the jumps backwards of a script that count no operations: a loop
// of them would never end, whatever its limits.
func FreeLoops(a *AST) []string {
	var out []string
	for i, in := range a.prog.Code {
		counted := false
		switch x := in.Op.Info(); {
		case x.E != bytecode.Target:
			continue
		case x.C == bytecode.Counted:
			counted = in.C > 0
		case x.B == bytecode.Counted:
			counted = in.B > 0
		}
		if in.E <= 0 && !counted {
			out = append(out, fmt.Sprintf("%d %s to %d at %v", i, in.Op, i+int(in.E)/bytecode.InstrSize, a.prog.Pos[i]))
		}
	}
	return out
}

// Linked is the program that an AST was run as last.
func Linked(a *AST) any { return a.links.first.Load() }

// ConvertParts sets how many parts a value may have to be converted, and returns the
// function that sets it back.
func ConvertParts(n int) (reset func()) {
	old := maxConvertParts
	maxConvertParts = n
	return func() { maxConvertParts = old }
}

// VerifyBytecode makes the compiler verify all programs, those of evaluated text too.
var VerifyBytecode = compile.VerifyAll
