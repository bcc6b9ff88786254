package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// input is the input of a custom syntax that is being compiled: code that the
// host's function runs, in the frame around. A jump out of it first ends its run
// and then goes on from a place outside.
type input struct {
	loops  int // loops around the construct
	value  reg // holds the operand of the jump
	leaves []leave
}

// leave is a jump out of an input: a break, continue or return.
type leave struct {
	stmt syntax.Stmt
	has  bool // whether there is an operand
}

// custom compiles an occurrence of a custom syntax: the call of the host's
// function, followed by the code of the inputs, which only that call reaches.
func (fr *frame) custom(e *syntax.Custom, dst reg) {
	d := &bytecode.Custom{Key: e.Key, Tokens: e.Tokens, Variant: e.Variant, Scope: fr.scope.at(), Visible: int(fr.visible())}
	rare := fr.c.rare()
	rare.Customs = append(rare.Customs, d)
	in := &input{loops: len(fr.loops), value: fr.temp()}
	at := fr.emit(bytecode.CustomEval, dst, fr.scope, noReg, int32(len(rare.Customs)-1), 0, e.Pos)
	outer := fr.input
	fr.input = in
	cost := fr.cost
	for _, n := range e.Inputs {
		x := bytecode.CustomInput{Entry: fr.here()}
		fr.cost = 0
		t := fr.temp()
		switch n := n.(type) {
		case *syntax.Ident:
			x.Text = n.Name
			fr.expr(n, t)
		case *syntax.Literal:
			if n.Val.IsString() {
				x.Text = n.Val.Str()
			}
			fr.expr(n, t)
		case syntax.Expr:
			fr.expr(n, t)
		case *syntax.Block:
			fr.stmt(n, t)
		}
		fr.emit(bytecode.InputEnd, t, noReg, noReg, 0, 0, n.Position())
		fr.release(t)
		x.End, x.Cost = fr.here(), fr.cost
		d.Inputs = append(d.Inputs, x)
	}
	fr.cost = cost
	fr.input = outer
	for _, l := range in.leaves {
		d.Leaves = append(d.Leaves, fr.here())
		fr.leaveInput(l, in.value)
	}
	fr.patch(at)
}

// escape compiles a jump out of the input being compiled, if s is one; v is its
// operand. It reports false if the jump stays inside.
func (fr *frame) escape(s syntax.Stmt, v syntax.Expr) bool {
	if fr.input == nil {
		return false
	}
	if _, ok := s.(*syntax.Return); !ok && len(fr.loops) > fr.input.loops {
		return false
	}
	if v != nil {
		fr.expr(v, fr.input.value)
	}
	fr.closeIters(fr.input.loops, s.Position())
	fr.input.leaves = append(fr.input.leaves, leave{s, v != nil})
	fr.emit(bytecode.InputEnd, noReg, noReg, noReg, int32(len(fr.input.leaves)), 0, s.Position())
	return true
}

// leaveInput compiles where a jump out of an input goes on.
func (fr *frame) leaveInput(l leave, value reg) {
	var v syntax.Expr
	if l.has {
		v = &held{Literal: syntax.Literal{Pos: l.stmt.Position()}, reg: value}
	}
	switch s := l.stmt.(type) {
	case *syntax.Return:
		fr.returnStmt(&syntax.Return{Pos: s.Pos, Value: v})
	case *syntax.Break:
		fr.breakStmt(&syntax.Break{Pos: s.Pos, Value: v})
	case *syntax.Continue:
		fr.continueStmt(s)
	}
}

// held is an expression whose value is in a register already.
type held struct {
	syntax.Literal
	reg reg
}
