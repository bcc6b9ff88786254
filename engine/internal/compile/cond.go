package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

var ifOps = map[syntax.Token]bytecode.Op{
	syntax.Less: bytecode.IfLess, syntax.LessEqual: bytecode.IfLessEqual, syntax.Greater: bytecode.IfGreater,
	syntax.GreaterEqual: bytecode.IfGreaterEqual, syntax.Equal: bytecode.IfEqual, syntax.NotEqual: bytecode.IfNotEqual,
}

// Distances from a compare-and-branch to its other forms.
const (
	unless  = bytecode.UnlessLess - bytecode.IfLess
	withInt = bytecode.IfLessInt - bytecode.IfLess
)

// branch emits jumps taken if e is true (or false, for sense false) and returns
// them; otherwise control falls through. back marks jumps that close a loop and
// the operations to count.
func (fr *frame) branch(e syntax.Expr, sense bool, back uint16) []int {
	top := fr.next
	defer fr.release(top)
	switch x := e.(type) {
	case *syntax.Unary:
		if x.Op == syntax.Bang {
			if _, ok := x.X.(*syntax.Literal); !ok {
				fr.cost++
				return fr.branch(x.X, !sense, back)
			}
		}
	case *syntax.Logic:
		if x.Op == syntax.AndAnd || x.Op == syntax.OrOr {
			return fr.branchLogic(x, sense, back)
		}
	case *syntax.Binary:
		if op, ok := ifOps[x.Op]; ok {
			fr.cost += 2
			if !sense {
				op += unless
			}
			var i int
			if d, ok := smallInt(x.Y); ok {
				a, _ := fr.operand(x.X)
				i = fr.raw(bytecode.Instr{Op: op + withInt, A: a.at(), B: bytecode.NoReg, C: back, D: d}, x.Pos)
			} else {
				a, b := fr.pair(x.X, x.Y)
				i = fr.raw(bytecode.Instr{Op: op, A: a.at(), B: b.at(), C: back, D: int32(x.Op)}, x.Pos)
			}
			if fr.main {
				fr.extra(i, bytecode.PosA, x.X.Position())
				fr.extra(i, bytecode.PosB, x.Y.Position())
			}
			return []int{i}
		}
	}
	a, _ := fr.operand(e)
	op := bytecode.JumpFalse
	switch {
	case sense && back > 0:
		op = bytecode.LoopTrue
	case sense:
		op = bytecode.JumpTrue
	}
	return []int{fr.raw(bytecode.Instr{Op: op, A: a.at(), B: back, C: bytecode.NoReg}, e.Position())}
}

// branchLogic compiles && and || as control flow. Every operand must be a bool,
// the last one too.
func (fr *frame) branchLogic(x *syntax.Logic, sense bool, back uint16) []int {
	fr.cost++
	isAnd := x.Op == syntax.AndAnd
	var jumps, out []int
	last := len(x.X) - 1
	for i, e := range x.X {
		switch {
		case i == last:
			jumps = append(jumps, fr.branch(e, sense, back)...)
		case isAnd == sense:
			// Leaves to the fall-through side as soon as it is decided.
			out = append(out, fr.branch(e, !sense, 0)...)
		default:
			jumps = append(jumps, fr.branch(e, sense, back)...)
		}
	}
	fr.patchAll(out)
	return jumps
}
