package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// branch emits jumps taken if e is true (or false, for sense false) and returns
// them; otherwise control falls through. back marks jumps that close a loop and
// the operations to count.
func (fr *frame) branch(e syntax.Expr, sense bool, back uint16) jumps {
	top := fr.next
	list := fr.condition(e, sense, back)
	fr.release(top)
	return list
}

// condition is branch, which leaves registers reserved.
func (fr *frame) condition(e syntax.Expr, sense bool, back uint16) jumps {
	switch x := e.(type) {
	case *syntax.Unary:
		if x.Op == syntax.Bang {
			fr.cost++
			if isCondition(x.X) {
				return fr.branch(x.X, !sense, back)
			}
			// Whether the operand is a bool is found out by the jump.
			a, _ := fr.operand(x.X)
			return fr.one(fr.raw(bytecode.Instr{Op: jumpOp(!sense, back), A: a.at(), B: back, C: 0}, x.Pos))
		}
	case *syntax.Logic:
		if x.Op == syntax.AndAnd || x.Op == syntax.OrOr {
			return fr.branchLogic(x, sense, back)
		}
	case *syntax.Binary:
		if op, ok := bytecode.FindBranch(bytecode.Branch, x.Op, !sense); ok && !fr.c.o.SlowOperators {
			fr.cost += 2
			var i int
			if d, ok := smallInt(x.Y); ok {
				a, _ := fr.operand(x.X)
				op, _ = bytecode.FindBranch(bytecode.BranchInt, x.Op, !sense)
				i = fr.raw(bytecode.Instr{Op: op, A: a.at(), B: bytecode.NoReg, C: back, D: d}, x.Pos)
			} else if l, ok := x.Y.(*syntax.Literal); ok && l.Val.IsChar() {
				a, _ := fr.operand(x.X)
				fr.cost++ // of the literal
				op, _ = bytecode.FindBranch(bytecode.BranchChar, x.Op, !sense)
				i = fr.raw(bytecode.Instr{Op: op, A: a.at(), B: bytecode.NoReg, C: back, D: l.Val.Char()}, x.Pos)
			} else {
				a, b := fr.pair(x.X, x.Y)
				i = fr.raw(bytecode.Instr{Op: op, A: a.at(), B: b.at(), C: back, D: int32(x.Op)}, x.Pos)
			}
			if fr.main {
				fr.extra(i, bytecode.PosA, x.X.Position())
				fr.extra(i, bytecode.PosB, x.Y.Position())
			}
			return fr.one(i)
		}
	}
	a, _ := fr.operand(e)
	return fr.one(fr.raw(bytecode.Instr{Op: jumpOp(sense, back), A: a.at(), B: back, C: bytecode.NoReg}, e.Position()))
}

// jumpOp returns the jump that is taken if a value is sense.
func jumpOp(sense bool, back uint16) bytecode.Op {
	switch {
	case sense && back > 0:
		return bytecode.LoopTrue
	case back > 0:
		return bytecode.LoopFalse
	case sense:
		return bytecode.JumpTrue
	}
	return bytecode.JumpFalse
}

// isCondition reports whether an operator makes the value of e, so that it is a
// bool or fails by itself.
func isCondition(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Binary:
		_, ok := bytecode.Find(bytecode.Branch, e.Op)
		return ok
	case *syntax.Logic:
		return e.Op != syntax.Coalesce
	case *syntax.Unary:
		return e.Op == syntax.Bang && isCondition(e.X)
	}
	return false
}

// branchLogic compiles && and || as control flow. Every operand must be a bool,
// the last one too.
func (fr *frame) branchLogic(x *syntax.Logic, sense bool, back uint16) jumps {
	fr.cost++
	isAnd := x.Op == syntax.AndAnd
	var list, out jumps
	last := len(x.X) - 1
	for i, e := range x.X {
		switch {
		case i == last:
			fr.join(&list, fr.branch(e, sense, back))
		case isAnd == sense:
			// Leaves to the fall-through side as soon as it is decided.
			fr.join(&out, fr.branch(e, !sense, 0))
		default:
			fr.join(&list, fr.branch(e, sense, back))
		}
	}
	fr.patchAll(out)
	return list
}
