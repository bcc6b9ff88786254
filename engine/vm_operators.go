package engine

import (
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// arith computes a = b op c for operands of any type.
func (m *machine) arith(in *bytecode.Instr, fp unsafe.Pointer, op *bytecode.Info) (*bytecode.Instr, unsafe.Pointer) {
	if in.Op == bytecode.Add {
		// No builtin operator takes a text and a number, which keys and labels are made of.
		if b, c := reg(fp, in.B), reg(fp, in.C); raw.IsString(b) && raw.IsInt(c) {
			if fn := m.ln.set.operator(syntax.Plus, false, b, c); fn != nil && fn.isBinary() {
				return m.callBinary(fn, b, c, in, fp)
			}
		}
	}
	x, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	var k value.Value
	y, token := &k, op.Token
	switch op.Class {
	case bytecode.ArithInt:
		k = value.Int(int64(in.D))
	case bytecode.ArithFloat:
		k = value.Float(in.Float())
	case bytecode.ArithFromFloat:
		k = value.Float(in.Float())
		x, y = y, x
	default:
		token = syntax.Token(in.D)
		if y, e = m.operand(in, fp, in.C, bytecode.PosC); e != nil {
			return m.fail(in, fp, e)
		}
	}
	var out value.Value
	if e := m.binary(token, x, y, &out, in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	*reg(fp, in.A) = out
	if m.sized {
		return m.checked(in, fp, reg(fp, in.A))
	}
	return next(in), fp
}

// binary computes dst = a op b: a builtin operator, or a function of that name.
func (m *machine) binary(op syntax.Token, a, b, dst *value.Value, in *bytecode.Instr, fp unsafe.Pointer) *Error {
	if a.IsString() && b.IsString() && op >= syntax.Equal && op <= syntax.GreaterEqual && a.StrLen() < lightText && b.StrLen() < lightText {
		*dst = value.Bool(compareTexts(op, a.Str(), b.Str()))
		return nil
	}
	if heavy(a) || heavy(b) {
		if op == syntax.Plus {
			if done, e := m.shortText(a, b, dst); done || e != nil {
				return e
			}
		}
		if done, e := m.binaryCost(op, a, b, dst); done || e != nil {
			return e
		}
	} else if op == syntax.RangeExcl || op == syntax.RangeIncl {
		m.took(value.RangeSize)
	}
	ok, fault := ops.Binary(op, a, b, dst)
	if fault != nil {
		e := arithmeticError(fault)
		e.noCatchPos = true
		return e
	}
	if ok {
		return nil
	}
	v, e := m.operator(op, a, b, in, fp)
	if e == nil {
		*dst = v
	}
	return e
}

// addToCell adds a number to a counter or a sum that a closure captured. It reports false,
// with nothing done, if it is anything else.
func addToCell(a, b *value.Value) bool {
	if !raw.IsCell(a) || raw.IsConst(a) {
		return false
	}
	c := raw.Cell(a)
	return raw.Locks(c) == 0 && addInPlace(&c.V, b)
}

// plainEqual compares what scripts compare most besides numbers: short texts, characters,
// truth values, and anything with (). ok is false for other values.
func plainEqual(a, b *value.Value) (equal, ok bool) {
	x, y := raw.Kind(a), raw.Kind(b)
	switch {
	case x >= object.Host || y >= object.Host:
	case x != y:
		switch {
		case x == object.Unit || y == object.Unit:
			return false, true
		case x == object.Char && y == object.String:
			return oneChar(b, a)
		case x == object.String && y == object.Char:
			return oneChar(a, b)
		}
	case x == object.String:
		if a.StrLen() < lightText && b.StrLen() < lightText {
			return a.Str() == b.Str(), true
		}
	case x == object.Char:
		return a.Char() == b.Char(), true
	case x == object.Bool:
		return a.Bool() == b.Bool(), true
	case x == object.Unit:
		return true, true
	}
	return false, false
}

// oneChar reports whether the text s is no more than the character c. ok is false if it is
// to be decoded.
func oneChar(s, c *value.Value) (equal, ok bool) {
	t := s.Str()
	if len(t) == 0 || t[0] >= utf8.RuneSelf {
		return false, false
	}
	return len(t) == 1 && rune(t[0]) == c.Char(), true
}

// compareTexts is binary for the comparison of two short texts, which is no work to
// account for.
func compareTexts(op syntax.Token, x, y string) bool {
	switch op {
	case syntax.Equal:
		return x == y
	case syntax.NotEqual:
		return x != y
	case syntax.Less:
		return x < y
	case syntax.LessEqual:
		return x <= y
	case syntax.Greater:
		return x > y
	}
	return x >= y
}

// compareJump compares operands of any type and jumps.
func (m *machine) compareJump(in *bytecode.Instr, fp unsafe.Pointer, op *bytecode.Info) (*bytecode.Instr, unsafe.Pointer) {
	if op.Class == bytecode.Branch {
		if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsChar(a) && raw.IsChar(b) {
			if compareInts(op.Token, raw.Int(a), raw.Int(b)) != op.Negated {
				m.steps -= int64(in.C)
				return jump(in), fp
			}
			return next(in), fp
		}
	}
	x, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	k := value.Int(int64(in.D))
	y := &k
	switch op.Class {
	case bytecode.BranchChar:
		k = value.Char(in.D)
	case bytecode.Branch:
		if y, e = m.operand(in, fp, in.B, bytecode.PosB); e != nil {
			return m.fail(in, fp, e)
		}
	}
	var out value.Value
	if e := m.binary(op.Token, x, y, &out, in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	if !out.IsBool() {
		return m.fail(in, fp, m.mismatch("bool", out))
	}
	if out.Bool() != op.Negated {
		m.steps -= int64(in.C)
		return jump(in), fp
	}
	return next(in), fp
}

// assignOp executes x op= y on a variable.
func (m *machine) assignOp(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	var k value.Value
	y := &k
	op := syntax.Token(in.D)
	switch in.Op.Base() {
	case bytecode.Inc:
		k, op = value.Int(int64(in.D)), syntax.Plus
	case bytecode.Dec:
		k, op = value.Int(int64(in.D)), syntax.Minus
	default:
		var e *Error
		if y, e = m.operand(in, fp, in.C, bytecode.PosC); e != nil {
			return m.fail(in, fp, e)
		}
	}
	a := reg(fp, in.A)
	if e := m.mustNotWrite(in, fp, in.A, bytecode.PosA); e != nil {
		return m.fail(in, fp, e)
	}
	if c := escaped(a); c != nil {
		return m.onEscaped(c, in, fp, m.assignOp)
	}
	x, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if e := m.opAssign(op, x, y, in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	if m.sized {
		m.grew(y)
		return m.checked(in, fp, x)
	}
	return next(in), fp
}

// opAssign executes *x op= y in place: builtin, or a function op=, or the
// function op.
func (m *machine) opAssign(op syntax.Token, x, y *value.Value, in *bytecode.Instr, fp unsafe.Pointer) *Error {
	if y.IsContainer() && x.IsArray() {
		// The operand is stored: it may be a variable's own register.
		y.Share()
	}
	if heavy(x) || heavy(y) {
		if done, e := m.assignCost(op, x, y); done || e != nil {
			return e
		}
	}
	if raw.Kind(x) == object.Tagged {
		m.took(value.TaggedSize)
	}
	ok, fault := ops.AssignOp(op, x, y)
	if fault != nil {
		return arithmeticError(fault)
	}
	if ok {
		return nil
	}
	if done, e := m.assignOperator(op, x, y, in, fp); done || e != nil {
		return e
	}
	e := m.binary(op, x, y, x, in, fp)
	if e != nil {
		e.noCatchPos = false
	}
	return e
}

func (m *machine) unary(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	x, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	op, name := syntax.Bang, "!"
	switch in.Op {
	case bytecode.Negate:
		op, name = syntax.UnaryMinus, "-"
	case bytecode.Plus:
		op, name = syntax.UnaryPlus, "+"
	}
	var out value.Value
	ok, fault := ops.Unary(op, x, &out)
	switch {
	case fault != nil:
		return m.fail(in, fp, arithmeticError(fault))
	case !ok:
		args := []value.Value{x.Share()}
		v, e := m.callByName(name, args, in, fp)
		if e != nil {
			return m.fail(in, fp, e)
		}
		out = v
	}
	*reg(fp, in.A) = out
	return next(in), fp
}

// checkBool executes the instructions that test a bool, for a value that is none
// on the face of it.
func (m *machine) checkBool(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	a, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	v := a.Plain()
	if !v.IsBool() && in.C == 0 && in.Op != bytecode.CheckBool {
		// The condition was !a: the function behind the operator decides.
		if v, e = m.callByName("!", []value.Value{v.Share()}, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		if v.IsBool() {
			v = value.Bool(!v.Bool())
		}
	}
	if !v.IsBool() {
		return m.fail(in, fp, m.mismatch("bool", v))
	}
	taken := false
	switch in.Op {
	case bytecode.JumpTrue:
		taken = v.Bool()
	case bytecode.JumpFalse:
		taken = !v.Bool()
	case bytecode.LoopTrue, bytecode.LoopFalse:
		if taken = v.Bool() == (in.Op == bytecode.LoopTrue); taken {
			m.steps -= int64(in.B)
		}
	}
	if taken {
		return jump(in), fp
	}
	return next(in), fp
}
