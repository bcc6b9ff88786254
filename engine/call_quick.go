package engine

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// A prepared script that is no more than an expression over its variables is evaluated
// without a machine, as to fetch one and to put it back takes longer than the expression.
// The code is that of the machine, decoded once, and the operators are those of package
// ops. Whatever is not plain (operands of other types, an error, a property that is
// missing) is left to the machine, which begins anew: nothing that was done can be seen.

// The functions that natives call back are evaluated so too, see [Callback], if they are
// no more than an expression: to enter the run loop takes longer than a comparison.

// quickRegs is how many registers such an expression may use.
const quickRegs = 12

// quickCode is the code of an expression.
type quickCode struct {
	ops  []quickOp
	regs []quickArg
	cost int64 // operations at most
	base int64 // operations without those of branches
	// batch is the form for many integers at once, nil if there is none. Only callbacks
	// have it.
	batch *batchCode
	// reads is set if it reads properties, whose sizes count if there is such a limit.
	reads bool
}

// quickArg says which argument stands in a register.
type quickArg struct{ reg, arg uint8 }

type quickKind uint8

const (
	quickHalt       quickKind = iota
	quickSet                  // a = k
	quickMove                 // a = b
	quickArith                // a = b op c
	quickArithK               // a = b op k
	quickArithFrom            // a = k op b
	quickIf                   // if a op b is not negated, to
	quickIfK                  // if a op k is not negated, to
	quickJump                 // to
	quickIfBool               // if a is not negated, to
	quickBool                 // a is a bool
	quickNot                  // a = !b
	quickProp                 // a = b.name
	quickUnit                 // ends with ()
	quickHaltArith            // ends with b op c
	quickHaltArithK           // ends with b op k
)

type quickOp struct {
	kind    quickKind
	token   syntax.Token
	negated bool
	a, b, c uint8
	to      uint16
	counted uint16 // operations if the branch is taken
	k       value.Value
	site    *site // of a property
}

// quicken decodes a program, nil if it is more than an expression over its arguments.
func quicken(ln *linked, args []int) *quickCode {
	if ln.prog.ByName || len(args) > quickRegs {
		return nil
	}
	q := quickenFunc(ln, ln.prog.Funcs[0])
	if q == nil {
		return nil
	}
	for i, k := range args {
		if k < 0 {
			return nil
		}
		q.regs = append(q.regs, quickArg{uint8(ln.prog.Externals[i].Reg / bytecode.RegSize), uint8(k)})
	}
	return q
}

// quickenFunc decodes a function, nil if it is more than an expression.
func quickenFunc(ln *linked, f *bytecode.Func) *quickCode {
	p := ln.prog
	if f.Regs > quickRegs || len(f.Handlers) > 0 || f.End-f.Entry > 200 {
		return nil
	}
	q := &quickCode{cost: int64(f.Cost), base: int64(f.Cost)}
	for i := f.Entry; i < f.End; i++ {
		op, ok := quickOpOf(ln, i)
		if !ok {
			return nil
		}
		if op.kind == quickIf || op.kind == quickIfK {
			op.counted = p.Code[i].C
		}
		q.cost += int64(op.counted)
		q.reads = q.reads || op.kind == quickProp
		op.to -= uint16(f.Entry)
		q.ops = append(q.ops, op)
	}
	q.join()
	return q
}

// join makes one of operations at whose end the code ends: b op c, with c set before, or
// not. Operations stay where they are, as others jump to them.
func (q *quickCode) join() {
	entered := make([]bool, len(q.ops)+1)
	for i := range q.ops {
		switch q.ops[i].kind {
		case quickIf, quickIfK, quickJump, quickIfBool:
			entered[q.ops[i].to] = true
		}
	}
	for i := len(q.ops) - 2; i >= 0; i-- {
		o, next := &q.ops[i], &q.ops[i+1]
		switch {
		case entered[i+1]:
		case o.kind == quickArith && next.kind == quickHalt && next.a == o.a:
			o.kind = quickHaltArith
		case o.kind == quickArithK && next.kind == quickHalt && next.a == o.a:
			o.kind = quickHaltArithK
		case o.kind == quickSet && next.kind == quickHaltArith && next.c == o.a && next.b != o.a:
			k := o.k
			*o = *next
			o.kind, o.k = quickHaltArithK, k
		case o.kind == quickMove && next.kind == quickHaltArith && next.c == o.a && next.b != o.a:
			c := o.b
			*o = *next
			o.c = c
		}
	}
}

// quickCode returns the decoded function, nil if it cannot be evaluated without the
// machine.
func (sf *scriptFunc) quickCode() *quickCode {
	if q := sf.quick.Load(); q != nil {
		if len(q.ops) == 0 {
			return nil
		}
		return q
	}
	var q *quickCode
	if f := sf.fn; !f.UsesThis && len(f.Handlers) == 0 && !f.Empty {
		q = quickenFunc(sf.ln, f)
	}
	if q == nil {
		sf.quick.Store(&quickCode{})
		return nil
	}
	q.batch = q.batchCode(len(sf.fn.Params), int(sf.fn.Captures))
	sf.quick.Store(q)
	return q
}

// quickOpOf decodes the i-th instruction.
func quickOpOf(ln *linked, i int) (op quickOp, ok bool) {
	p := ln.prog
	in := &p.Code[i]
	base := in.Op.Base()
	x := base.Info()
	op = quickOp{token: x.Token, negated: x.Negated}
	for _, r := range []struct {
		role bytecode.Role
		reg  uint16
		to   *uint8
	}{{x.A, in.A, &op.a}, {x.B, in.B, &op.b}, {x.C, in.C, &op.c}} {
		if !r.role.IsRegister() {
			continue
		}
		if int(r.reg) >= quickRegs*bytecode.RegSize {
			return op, false // there is none, perhaps
		}
		*r.to = uint8(r.reg / bytecode.RegSize)
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
	case bytecode.BranchChar:
		op.kind, op.k = quickIfK, value.Char(in.D)
		return op, jump()
	}
	switch base {
	case bytecode.Halt, bytecode.Return:
		op.kind = quickHalt
	case bytecode.ReturnUnit:
		op.kind = quickUnit
	case bytecode.LoadConst:
		op.kind, op.k = quickSet, p.Consts[in.D]
	case bytecode.LoadInt:
		op.kind, op.k = quickSet, value.Int(int64(in.D))
	case bytecode.LoadFloat:
		op.kind, op.k = quickSet, value.Float(in.Float())
	case bytecode.LoadUnit:
		op.kind = quickSet
	case bytecode.Move, bytecode.Copy, bytecode.MoveUnseen:
		op.kind = quickMove
	case bytecode.Jump:
		op.kind = quickJump
		return op, jump()
	case bytecode.JumpTrue, bytecode.JumpFalse:
		op.kind, op.negated = quickIfBool, base == bytecode.JumpFalse
		return op, jump()
	case bytecode.CheckBool:
		op.kind = quickBool
	case bytecode.Not:
		op.kind = quickNot
	case bytecode.Prop, bytecode.PropPeek:
		op.kind, op.site = quickProp, &ln.sites[in.D]
	default:
		return op, false
	}
	return op, true
}

// within reports whether limits on sizes do not matter: the arguments are scalars and
// texts that are short enough, and operators make nothing else of them.
func (q *quickCode) within(args []Dynamic, longest int) bool {
	if q.reads {
		return false
	}
	for i := range args {
		if !inSize(&args[i], longest) {
			return false
		}
	}
	return true
}

// inSize reports whether a value is a scalar, or a text that is not longer than that.
func inSize(v *value.Value, longest int) bool {
	if raw.Kind(v) == object.String {
		return v.StrLen() <= longest
	}
	return raw.IsInt(v) || raw.IsFloat(v) || raw.IsBool(v)
}

// quickly evaluates the expression. ok is false if the machine has to do it.
func (p *Prepared) quickly(ctx context.Context, args []Dynamic) (v Dynamic, ok bool) {
	q, c := p.quick, p.cfg
	if c.onProgress != nil || c.sized && !q.within(args, c.resolved.StringSize) || q.cost > int64(c.resolved.Operations) || p.eng.sampler() != nil || !unobserved(ctx) {
		return value.Unit, false
	}
	var regs [quickRegs]value.Value
	for _, x := range q.regs {
		regs[x.reg] = args[x.arg]
	}
	v, _, ok = q.eval(&regs)
	if ok {
		value.Freeze(v)
	}
	return v, ok
}

// eval evaluates the code with its arguments in registers. It returns the result and the
// operations of branches that were taken; ok is false if the machine has to do it.
func (q *quickCode) eval(regs *[quickRegs]value.Value) (v value.Value, taken int64, ok bool) {
	for i := 0; i < len(q.ops); i++ {
		o := &q.ops[i]
		switch o.kind {
		case quickHalt:
			return regs[o.a], taken, true
		case quickUnit:
			return value.Unit, taken, true
		case quickHaltArith, quickHaltArithK:
			x, y := &regs[o.b], &o.k
			if o.kind == quickHaltArith {
				y = &regs[o.c]
			}
			if raw.IsInt(x) && raw.IsInt(y) && quickInts(o.token, raw.Int(x), raw.Int(y), &v) {
				return v, taken, true
			}
			ok := plainly(o.token, x, y, &v)
			return v, taken, ok
		case quickSet:
			regs[o.a].Copy(&o.k)
		case quickMove:
			regs[o.a].Copy(&regs[o.b])
		case quickArith, quickArithK:
			x, y, a := &regs[o.b], &o.k, &regs[o.a]
			if o.kind == quickArith {
				y = &regs[o.c]
			}
			if raw.IsInt(x) && raw.IsInt(y) && quickInts(o.token, raw.Int(x), raw.Int(y), a) {
				continue
			}
			if !plainly(o.token, x, y, a) {
				return value.Unit, 0, false
			}
		case quickArithFrom:
			if !plainly(o.token, &o.k, &regs[o.b], &regs[o.a]) {
				return value.Unit, 0, false
			}
		case quickIf, quickIfK:
			x, y := &regs[o.a], &o.k
			if o.kind == quickIf {
				y = &regs[o.b]
			}
			var yes bool
			if raw.IsInt(x) && raw.IsInt(y) {
				yes = compareInts(o.token, raw.Int(x), raw.Int(y))
			} else {
				var holds value.Value
				if !plainly(o.token, x, y, &holds) || !raw.IsBool(&holds) {
					return value.Unit, 0, false
				}
				yes = raw.Bool(&holds)
			}
			if yes != o.negated {
				taken += int64(o.counted)
				i = int(o.to) - 1
			}
		case quickJump:
			i = int(o.to) - 1
		case quickIfBool:
			if !raw.IsBool(&regs[o.a]) {
				return value.Unit, 0, false
			}
			if raw.Bool(&regs[o.a]) != o.negated {
				i = int(o.to) - 1
			}
		case quickBool:
			if !raw.IsBool(&regs[o.a]) {
				return value.Unit, 0, false
			}
		case quickNot:
			if !raw.IsBool(&regs[o.b]) {
				return value.Unit, 0, false
			}
			regs[o.a].SetBool(!raw.Bool(&regs[o.b]))
		case quickProp:
			b := &regs[o.b]
			if !raw.IsMap(b) {
				return value.Unit, 0, false
			}
			x := raw.Hit(raw.Map(b), uint(atomic.LoadUint32(&o.site.hint)), o.site.name)
			if x == nil {
				y, found := raw.Map(b).Get(o.site.Name)
				if !found {
					return value.Unit, 0, false
				}
				x = &y
			}
			regs[o.a] = *x
		}
	}
	return value.Unit, 0, false
}

// plainly computes dst = x op y for numbers, bools and short texts that are compared. It
// returns false for anything else, and for what fails.
func plainly(op syntax.Token, x, y, dst *value.Value) bool {
	switch {
	case raw.IsInt(x):
		if raw.IsInt(y) {
			if done := quickInts(op, raw.Int(x), raw.Int(y), dst); done {
				return true
			}
		} else if !raw.IsFloat(y) {
			return false
		}
	case raw.IsFloat(x):
		if !raw.IsInt(y) && !raw.IsFloat(y) {
			return false
		}
	case raw.IsBool(x):
		if !raw.IsBool(y) {
			return false
		}
	case raw.Kind(x) == object.String && raw.Kind(y) == object.String:
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

// quickInts is plainly for the most frequent operators on integers; it returns false for
// others, and for results and operands that are too large.
func quickInts(op syntax.Token, x, y int64, dst *value.Value) bool {
	switch op {
	case syntax.Plus:
		s := x + y
		if (x^s)&(y^s) < 0 {
			return false
		}
		dst.SetInt(s)
	case syntax.Minus:
		s := x - y
		if (x^y)&(x^s) < 0 {
			return false
		}
		dst.SetInt(s)
	case syntax.Star:
		if uint64(x+1<<31)|uint64(y+1<<31) >= 1<<32 {
			return false
		}
		dst.SetInt(x * y)
	case syntax.Percent:
		d := uint32(y)
		if uint64(x|y) > math.MaxUint32 || d == 0 {
			return false
		}
		dst.SetInt(int64(uint32(x) % d))
	case syntax.Equal, syntax.NotEqual, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
		dst.SetBool(compareInts(op, x, y))
	default:
		return false
	}
	return true
}

// compareInts compares as op, which is an operator that compares, does.
func compareInts(op syntax.Token, x, y int64) bool {
	switch op {
	case syntax.Less:
		return x < y
	case syntax.LessEqual:
		return x <= y
	case syntax.Greater:
		return x > y
	case syntax.GreaterEqual:
		return x >= y
	case syntax.Equal:
		return x == y
	}
	return x != y
}

// quickly evaluates a function that is no more than an expression; ok is false if the run
// loop has to do it, which begins anew: nothing has happened that can be seen. The count
// of operations is the same, and there are enough left, so that the run loop notices where
// they end.
func (k *Callback) quickly(this *value.Value, args []value.Value) (v value.Value, ok bool) {
	m := k.m
	if this != nil && raw.IsCell(this) {
		return value.Unit, false
	}
	if o := &k.quick.ops[0]; o.kind == quickHaltArithK || o.kind == quickHaltArith {
		// One operation, whose operands can be used where they are.
		b, c := k.operand(o.b, this, args), &o.k
		if o.kind == quickHaltArith {
			c = k.operand(o.c, this, args)
		}
		if b != nil && c != nil {
			if raw.IsInt(b) && raw.IsInt(c) && quickInts(o.token, raw.Int(b), raw.Int(c), &v) {
				m.steps -= k.quick.base + 1
				return v, true
			}
			if !plainly(o.token, b, c, &v) {
				return value.Unit, false
			}
			m.steps -= k.quick.base + 1
			return v, true
		}
	}
	regs, n := &m.regs, 0 // of the machine, as clearing them takes as long as the rest
	m.regsUsed = true
	if k.form == takesArgs || k.form == takesElement {
		args = args[:k.nargs]
	}
	for i := range k.fn.Curry {
		x := held(&k.fn.Curry[i])
		if x == nil {
			return value.Unit, false
		}
		regs[n].Copy(x)
		n++
	}
	if k.form == takesElement && k.nargs == 0 && this != nil {
		regs[n].Copy(this)
		n++
	} else if k.form == takesElement || k.form == takesElementAll {
		if this == nil {
			return value.Unit, false
		}
		for i := range k.move {
			regs[n].Copy(&args[i])
			n++
		}
		regs[n].Copy(this)
		n++
		args = args[k.move:]
	}
	for i := range args {
		regs[n].Copy(&args[i])
		n++
	}
	for i := range k.vars {
		x := held(&k.vars[i])
		if x == nil {
			return value.Unit, false
		}
		regs[n].Copy(x)
		n++
	}
	v, taken, ok := k.quick.eval(regs)
	if !ok || !v.IsPlain() {
		return value.Unit, false
	}
	m.steps -= k.quick.base + 1 + taken
	return v, true
}

// held returns the place of a value that a function holds, a curried argument or a variable
// that it captured: nil if it cannot be used where it is.
func held(x *value.Value) *value.Value {
	if raw.IsCell(x) {
		c := raw.Cell(x)
		if raw.Locks(c) != 0 {
			return nil
		}
		x = &c.V
	}
	return x
}

// operand returns the argument or the captured variable in a register, nil if it is neither
// or cannot be used where it is.
func (k *Callback) operand(r uint8, this *value.Value, args []value.Value) *value.Value {
	i := int(r) - len(k.fn.Curry)
	if i < 0 {
		return held(&k.fn.Curry[r])
	}
	switch k.form {
	case takesArgs:
		args = args[:k.nargs]
	case takesElement, takesElementAll:
		if i == k.move {
			return this
		} else if i > k.move {
			i--
		}
		if k.form == takesElement {
			args = args[:k.nargs]
		}
	}
	if i < len(args) {
		return &args[i]
	}
	if i -= len(args); i < len(k.vars) {
		return held(&k.vars[i])
	}
	return nil
}
