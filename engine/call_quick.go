package engine

import (
	"context"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// A prepared script that is no more than an expression over its variables is evaluated
// without a machine, as to fetch one and to put it back takes longer than the expression.
// The code is that of the machine, decoded once, and the operators are those of package
// ops. Whatever is not plain (operands of other types, an error, a property that is
// missing) is left to the machine, which begins anew: nothing that was done can be seen.

// quickRegs is how many registers such an expression may use.
const quickRegs = 12

// quickCode is the code of an expression.
type quickCode struct {
	ops  []quickOp
	regs []quickArg
	cost int64 // operations at most
}

// quickArg says which argument stands in a register.
type quickArg struct{ reg, arg uint8 }

type quickKind uint8

const (
	quickHalt      quickKind = iota
	quickSet                 // a = k
	quickMove                // a = b
	quickArith               // a = b op c
	quickArithK              // a = b op k
	quickArithFrom           // a = k op b
	quickIf                  // if a op b is not negated, to
	quickIfK                 // if a op k is not negated, to
	quickJump                // to
	quickIfBool              // if a is not negated, to
	quickBool                // a is a bool
	quickNot                 // a = !b
	quickProp                // a = b.name
)

type quickOp struct {
	kind    quickKind
	token   syntax.Token
	negated bool
	a, b, c uint8
	to      uint16
	k       value.Value
	name    string
}

// quicken decodes a program, nil if it is more than an expression over its arguments.
func quicken(ln *linked, args []int) *quickCode {
	p := ln.prog
	f := p.Funcs[0]
	if f.Regs > quickRegs || len(f.Handlers) > 0 || p.ByName || len(args) > quickRegs || f.End-f.Entry > 200 {
		return nil
	}
	q := &quickCode{cost: int64(f.Cost)}
	for i, k := range args {
		if k < 0 {
			return nil
		}
		q.regs = append(q.regs, quickArg{uint8(p.Externals[i].Reg / bytecode.RegSize), uint8(k)})
	}
	for i := f.Entry; i < f.End; i++ {
		op, ok := quickOpOf(p, i)
		if !ok {
			return nil
		}
		if x := p.Code[i].Op.Info(); x.B == bytecode.Counted {
			q.cost += int64(p.Code[i].B)
		} else if x.C == bytecode.Counted {
			q.cost += int64(p.Code[i].C)
		}
		op.to -= uint16(f.Entry)
		q.ops = append(q.ops, op)
	}
	return q
}

// quickOpOf decodes the i-th instruction.
func quickOpOf(p *bytecode.Program, i int) (op quickOp, ok bool) {
	in := &p.Code[i]
	x := in.Op.Info()
	op = quickOp{
		token: x.Token, negated: x.Negated,
		a: uint8(in.A / bytecode.RegSize), b: uint8(in.B / bytecode.RegSize), c: uint8(in.C / bytecode.RegSize),
	}
	for _, r := range []struct {
		role bytecode.Role
		reg  uint16
	}{{x.A, in.A}, {x.B, in.B}, {x.C, in.C}} {
		if r.role.IsRegister() && int(r.reg) >= quickRegs*bytecode.RegSize {
			return op, false // there is none, perhaps
		}
	}
	jump := func() bool {
		to := i + int(in.E)/bytecode.InstrSize
		op.to = uint16(to)
		return to > i
	}
	if x.Class == bytecode.Arith && op.token == 0 {
		op.token = syntax.Token(in.D)
	}
	if op.token == syntax.RangeExcl || op.token == syntax.RangeIncl {
		return op, false
	}
	switch x.Class {
	case bytecode.Arith:
		op.kind = quickArith
		return op, true
	case bytecode.ArithInt:
		op.kind, op.k = quickArithK, value.Int(int64(in.D))
		return op, true
	case bytecode.ArithFloat:
		op.kind, op.k = quickArithK, value.Float(in.Float())
		return op, true
	case bytecode.ArithFromFloat:
		op.kind, op.k = quickArithFrom, value.Float(in.Float())
		return op, true
	case bytecode.Branch:
		op.kind = quickIf
		return op, jump()
	case bytecode.BranchInt:
		op.kind, op.k = quickIfK, value.Int(int64(in.D))
		return op, jump()
	}
	switch in.Op {
	case bytecode.Halt:
		op.kind = quickHalt
	case bytecode.LoadConst:
		op.kind, op.k = quickSet, p.Consts[in.D]
	case bytecode.LoadInt:
		op.kind, op.k = quickSet, value.Int(int64(in.D))
	case bytecode.LoadFloat:
		op.kind, op.k = quickSet, value.Float(in.Float())
	case bytecode.LoadUnit:
		op.kind = quickSet
	case bytecode.Move, bytecode.Copy:
		op.kind = quickMove
	case bytecode.Jump:
		op.kind = quickJump
		return op, jump()
	case bytecode.JumpTrue, bytecode.JumpFalse:
		op.kind, op.negated = quickIfBool, in.Op == bytecode.JumpFalse
		return op, jump()
	case bytecode.CheckBool:
		op.kind = quickBool
	case bytecode.Not:
		op.kind = quickNot
	case bytecode.Prop, bytecode.PropPeek:
		op.kind, op.name = quickProp, p.Sites[in.D].Name
	default:
		return op, false
	}
	return op, true
}

// quickly evaluates the expression. ok is false if the machine has to do it.
func (p *Prepared) quickly(ctx context.Context, args []Dynamic) (v Dynamic, ok bool) {
	q, c := p.quick, p.cfg
	if c.onProgress != nil || c.sized || q.cost > int64(c.resolved.Operations) || p.eng.sampler() != nil {
		return value.Unit, false
	}
	if done := ctx.Done(); done != nil {
		select {
		case <-done:
			return value.Unit, false
		default:
		}
		if ctx.Value(runKey{}) != nil {
			return value.Unit, false // it may have a sampler
		}
	} else if ctx != context.Background() && ctx.Value(runKey{}) != nil {
		return value.Unit, false
	}
	var regs [quickRegs]value.Value
	for _, x := range q.regs {
		regs[x.reg] = args[x.arg]
	}
	for i := 0; ; i++ {
		o := &q.ops[i]
		switch o.kind {
		case quickHalt:
			return value.Freeze(regs[o.a]), true
		case quickSet:
			regs[o.a] = o.k
		case quickMove:
			regs[o.a] = regs[o.b]
		case quickArith:
			if !plainly(o.token, &regs[o.b], &regs[o.c], &regs[o.a]) {
				return value.Unit, false
			}
		case quickArithK:
			if !plainly(o.token, &regs[o.b], &o.k, &regs[o.a]) {
				return value.Unit, false
			}
		case quickArithFrom:
			if !plainly(o.token, &o.k, &regs[o.b], &regs[o.a]) {
				return value.Unit, false
			}
		case quickIf, quickIfK:
			var holds value.Value
			y := &o.k
			if o.kind == quickIf {
				y = &regs[o.b]
			}
			if !plainly(o.token, &regs[o.a], y, &holds) || !holds.IsBool() {
				return value.Unit, false
			}
			if holds.Bool() != o.negated {
				i = int(o.to) - 1
			}
		case quickJump:
			i = int(o.to) - 1
		case quickIfBool:
			if !regs[o.a].IsBool() {
				return value.Unit, false
			}
			if regs[o.a].Bool() != o.negated {
				i = int(o.to) - 1
			}
		case quickBool:
			if !regs[o.a].IsBool() {
				return value.Unit, false
			}
		case quickNot:
			if !regs[o.b].IsBool() {
				return value.Unit, false
			}
			regs[o.a] = value.Bool(!regs[o.b].Bool())
		case quickProp:
			if !regs[o.b].IsMap() {
				return value.Unit, false
			}
			x, found := regs[o.b].Map().Get(o.name)
			if !found {
				return value.Unit, false
			}
			regs[o.a] = x
		}
	}
}

// plainly computes dst = x op y for numbers, bools and short texts that are compared. It
// returns false for anything else, and for what fails.
func plainly(op syntax.Token, x, y, dst *value.Value) bool {
	switch {
	case x.IsInt() || x.IsFloat():
		if !y.IsInt() && !y.IsFloat() {
			return false
		}
	case x.IsBool():
		if !y.IsBool() {
			return false
		}
	case x.IsString() && y.IsString():
		if op < syntax.Equal || op > syntax.GreaterEqual || x.StrLen() >= lightText || y.StrLen() >= lightText {
			return false
		}
		*dst = value.Bool(compareTexts(op, x.Str(), y.Str()))
		return true
	default:
		return false
	}
	ok, fault := ops.Binary(op, x, y, dst)
	return ok && fault == nil
}
