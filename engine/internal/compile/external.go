package compile

import "github.com/rhai-tui/rhai-tui/engine/internal/bytecode"

// plainExternals finds the outside variables that the main program only reads. If
// such a variable is a constant, its value may stand in the register by itself, and
// is as fast to use as a variable: nothing has to be kept from writing to it but
// native functions and methods, which ask.
func (c *compiler) plainExternals() {
	p := c.prog
	if len(p.Externals) == 0 || p.ByName {
		return
	}
	for i := range p.Externals {
		p.Externals[i].Plain = true
	}
	bind := func(operand uint16) {
		if i := int(operand) / bytecode.RegSize; operand%bytecode.RegSize == 0 && i < len(p.Externals) {
			p.Externals[i].Plain = false
		}
	}
	for _, in := range p.Code[:p.Funcs[0].End] {
		a, b, c := harmless(in.Op)
		if !a {
			bind(in.A)
		}
		if !b {
			bind(in.B)
		}
		if !c {
			bind(in.C)
		}
	}
	for _, f := range p.Closures {
		for _, v := range f.Vars {
			bind(v.Reg)
		}
	}
}

// harmless tells which operands of an operation are only read, are no registers, or
// are the variable that a call is given by reference. What is not known here is
// taken for a write.
func harmless(op bytecode.Op) (a, b, c bool) {
	switch {
	case op >= bytecode.Add && op <= bytecode.Binary, op >= bytecode.Less && op <= bytecode.NotEqual:
		return false, true, true
	case op >= bytecode.AddInt && op <= bytecode.DivFromFloat:
		return false, true, false
	case op >= bytecode.IfLess && op <= bytecode.UnlessNotEqualInt:
		return true, true, true
	}
	switch op {
	case bytecode.Copy, bytecode.Not, bytecode.Negate, bytecode.Plus, bytecode.IndexInt, bytecode.Prop, bytecode.PropPeek,
		bytecode.TypeOf, bytecode.IsShared:
		return false, true, false
	case bytecode.AddTo, bytecode.SubTo, bytecode.MulTo, bytecode.AssignTo, bytecode.PropTo:
		return false, false, true
	case bytecode.Index, bytecode.IndexPeek, bytecode.IndexTo, bytecode.Native, bytecode.Method, bytecode.Special,
		bytecode.ForRange, bytecode.ForNext, bytecode.Call:
		return false, true, true
	case bytecode.SetIndex:
		return false, true, false
	case bytecode.JumpTrue, bytecode.JumpFalse, bytecode.LoopTrue, bytecode.LoopFalse, bytecode.JumpUnit, bytecode.JumpNotUnit, bytecode.CheckBool,
		bytecode.Switch, bytecode.InRange:
		return true, true, true
	case bytecode.Loop, bytecode.Charge, bytecode.Jump:
		return true, true, true
	}
	return false, false, false
}
