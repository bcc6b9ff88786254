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

// slow executes one instruction completely: every operation that has no fast
// form, and every case that the fast forms leave out. It returns where to go on,
// nil to leave the run loop.
//
//go:noinline
func (m *machine) slow(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	switch in.Op {
	case bytecode.Halt:
		m.result = *reg(fp, in.A)
		return m.halt(in)
	case bytecode.AddTo, bytecode.AddToForRange, bytecode.AddToIfLess, bytecode.AddToIfLessEqual, bytecode.AddToIfLessInt:
		// A text that grows in place.
		if addToCell(reg(fp, in.A), reg(fp, in.C)) {
			return next(in), fp
		}
		if a, c := reg(fp, in.A), reg(fp, in.C); a.IsString() && !m.sized {
			if c.IsString() && c.StrLen() < lightText && a.Extend(c.Str()) {
				return next(in), fp
			}
			if raw.IsString(a) && raw.IsChar(c) && value.AppendCost(*a, utf8.UTFMax) == 0 && a.Extend(string(c.Char())) {
				return next(in), fp
			}
		}
	case bytecode.Equal, bytecode.NotEqual:
		if equal, ok := plainEqual(reg(fp, in.B), reg(fp, in.C)); ok {
			*reg(fp, in.A) = value.Bool(equal == (in.Op == bytecode.Equal))
			return next(in), fp
		}
	case bytecode.IfEqual, bytecode.UnlessNotEqual, bytecode.IfNotEqual, bytecode.UnlessEqual:
		if equal, ok := plainEqual(reg(fp, in.A), reg(fp, in.B)); ok {
			if equal == (in.Op == bytecode.IfEqual || in.Op == bytecode.UnlessNotEqual) {
				m.steps -= int64(in.C)
				return jump(in), fp
			}
			return next(in), fp
		}
	case bytecode.Inc, bytecode.IncForRange, bytecode.IncIfLess, bytecode.IncIfLessEqual, bytecode.IncIfLessInt:
		if k := value.Int(int64(in.D)); addToCell(reg(fp, in.A), &k) {
			return next(in), fp
		}
	case bytecode.Copy, bytecode.Lend, bytecode.MoveUnseen:
		return m.copyVar(in, fp)
	case bytecode.TakePart:
		if m.takePart(in, fp) {
			return jump(in), fp
		}
	case bytecode.Guard:
		m.guard(in, fp)
	case bytecode.Store:
		return m.store(in, fp)
	case bytecode.Call, bytecode.CallBig, bytecode.CallThis:
		return m.call(in, fp)
	case bytecode.Native, bytecode.Method:
		if s := &m.sites[in.D]; s.fast {
			if to, tofp, done := m.quickCall(in, fp, s); done {
				return to, tofp
			}
		}
		if in.Op == bytecode.Native {
			return m.native(in, fp)
		}
		if s := &m.sites[in.D]; s.onPath {
			if to, tofp, done := m.quickOnPath(in, fp, s); done {
				return to, tofp
			}
		}
		return m.method(in, fp)
	case bytecode.CallFn, bytecode.Special:
		return m.special(in, fp)
	case bytecode.Return:
		return m.leave(in, fp, *reg(fp, in.A))
	case bytecode.ReturnUnit:
		return m.leave(in, fp, value.Unit)
	case bytecode.Index, bytecode.IndexPeek, bytecode.IndexPeekIndex, bytecode.IndexInt:
		if raw.IsCell(reg(fp, in.B)) && m.sharedGet(in, fp) {
			return next(in), fp
		}
		return m.indexGet(in, fp)
	case bytecode.ThisProp:
		if m.this == nil {
			e := unboundThis()
			e.Pos = m.extraOr(in, bytecode.PosB)
			return m.fail(in, fp, e)
		}
		reg(fp, in.B).Copy(m.this)
		return m.propGet(in, fp)
	case bytecode.Prop, bytecode.PropPeek:
		if raw.IsCell(reg(fp, in.B)) && m.sharedGet(in, fp) {
			return next(in), fp
		}
		return m.propGet(in, fp)
	case bytecode.SetIndex, bytecode.IndexTo:
		if in.Op == bytecode.IndexTo && m.intTo(in, fp) || raw.IsCell(reg(fp, in.A)) && m.sharedSet(in, fp) {
			return next(in), fp
		}
		return m.indexSet(in, fp)
	case bytecode.SetProp, bytecode.PropTo, bytecode.PropInc:
		if raw.IsCell(reg(fp, in.A)) && m.sharedSet(in, fp) {
			return next(in), fp
		}
		return m.propSet(in, fp)
	case bytecode.IndexOwn, bytecode.PropOwn:
		return m.ownStep(in, fp)
	case bytecode.WriteBack:
		return m.writeBack(in, fp)
	case bytecode.MakeMap:
		return m.makeMap(in, fp)
	case bytecode.MakeArray:
		return m.makeArray(in, fp)
	case bytecode.ArrayPush:
		return m.arrayPush(in, fp)
	case bytecode.MapPut:
		return m.mapPut(in, fp)
	case bytecode.Throw:
		return m.throw(in, fp)
	case bytecode.Switch:
		if a := reg(fp, in.A); raw.IsString(a) && a.StrLen() < lightText {
			if d, ok := m.tables[in.D].Strings[a.Str()]; ok {
				return (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(d))), fp
			}
			return jump(in), fp
		}
		return m.switchOn(in, fp)
	case bytecode.ForPrepare, bytecode.ForRangePrepare:
		return m.forPrepare(in, fp)
	case bytecode.ForNext, bytecode.ForRange:
		return m.forNext(in, fp)
	case bytecode.JumpUnit, bytecode.JumpNotUnit:
		a, e := m.operand(in, fp, in.A, bytecode.PosA)
		if e != nil {
			return m.fail(in, fp, e)
		}
		if a.IsUnit() == (in.Op == bytecode.JumpUnit) {
			return jump(in), fp
		}
		return next(in), fp
	}
	switch x := in.Op.Base().Info(); x.Class {
	case bytecode.Arith, bytecode.ArithInt, bytecode.ArithFloat, bytecode.ArithFromFloat:
		return m.arith(in, fp, x)
	case bytecode.Branch, bytecode.BranchInt, bytecode.BranchChar:
		return m.compareJump(in, fp, x)
	}
	return m.rare(in, fp)
}

// rare executes the operations that do not matter for speed.
func (m *machine) rare(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	switch in.Op.Base() {
	case bytecode.ThisLoad, bytecode.ThisCopy, bytecode.ThisStore, bytecode.ThisCheck, bytecode.ThisRoot:
		if m.this == nil {
			return m.fail(in, fp, unboundThis())
		}
		if in.Op == bytecode.ThisCheck {
			if m.thisConst && in.E == 0 {
				return m.fail(in, fp, constError(""))
			}
			return next(in), fp
		}
		a := reg(fp, in.A)
		switch in.Op {
		case bytecode.ThisLoad:
			a.Copy(m.this)
		case bytecode.ThisRoot:
			a.Copy(m.this)
			if m.thisConst {
				m.constRoot(a, m.this.Flat(), "", m.pos(in))
			}
		case bytecode.ThisCopy:
			*a = m.this.Share()
		default:
			if !m.thisConst {
				*m.this = *a
			}
		}
	case bytecode.AssignTo, bytecode.AddTo, bytecode.SubTo, bytecode.MulTo, bytecode.Inc, bytecode.Dec:
		return m.assignOp(in, fp)
	case bytecode.Not, bytecode.Negate, bytecode.Plus:
		return m.unary(in, fp)
	case bytecode.CheckBool, bytecode.JumpTrue, bytecode.JumpFalse, bytecode.LoopTrue, bytecode.LoopFalse:
		return m.checkBool(in, fp)
	case bytecode.Charge:
		m.steps -= int64(in.D)
	case bytecode.MakeClosure:
		return m.makeClosure(in, fp)
	case bytecode.Interp:
		return m.interpolate(in, fp)
	case bytecode.LoadGlobal:
		return m.loadGlobal(in, fp)
	case bytecode.InRange:
		if inRange(reg(fp, in.A).Flat().Plain(), m.consts[in.D]) {
			return jump(in), fp
		}
	case bytecode.Rethrow:
		e := *m.heldError(reg(fp, in.A))
		e.Pos = m.pos(in)
		return m.unwind(in, fp, &e)
	case bytecode.Catch:
		if in.B != bytecode.NoReg {
			m.took(value.HostSize)
			*reg(fp, in.B) = value.NewHost(m.caught)
		}
		if in.A != bytecode.NoReg {
			*reg(fp, in.A) = m.errorValue(m.caught)
		}
		m.caught = nil
	case bytecode.FailConst:
		name := m.ln.prog.Names[in.D]
		return m.fail(in, fp, constError(name))
	case bytecode.AsConst:
		b, e := m.operand(in, fp, in.B, bytecode.PosB)
		if e != nil {
			return m.fail(in, fp, e)
		}
		m.constRoot(reg(fp, in.A), *b, m.ln.prog.Names[in.D], m.pos(in))
	case bytecode.Trace:
		return m.debugTrace(in, fp)
	case bytecode.TooManyVars:
		return m.fail(in, fp, tooManyVariables())
	case bytecode.FailVar:
		return m.fail(in, fp, notFound(m.ln.prog.Names[in.D]))
	case bytecode.IterClose:
		m.endLoop(in, fp)
	case bytecode.TypeOf:
		b, e := m.operand(in, fp, in.B, bytecode.PosB)
		if e != nil {
			return m.fail(in, fp, e)
		}
		m.took(value.StringSize)
		*reg(fp, in.A) = value.String(m.typeName(*b))
	case bytecode.IsShared:
		if raw.IsUndefined(reg(fp, in.B)) {
			_, e := m.operand(in, fp, in.B, bytecode.PosB)
			return m.fail(in, fp, e)
		}
		*reg(fp, in.A) = value.Bool(isShared(reg(fp, in.B)))
	default:
		return m.dynamic(in, fp)
	}
	return next(in), fp
}

// heldError returns the error that a Catch instruction put into a register.
func (m *machine) heldError(v *value.Value) *Error { return v.Host().V.(*Error) }

// operand returns the place of an operand: through its cell, or an error if the
// variable does not exist. The position of the operand is that of slot.
func (m *machine) operand(in *bytecode.Instr, fp unsafe.Pointer, operand uint16, slot int) (*value.Value, *Error) {
	v := reg(fp, operand)
	switch raw.Kind(v) {
	case object.Cell:
		return content(raw.Cell(v))
	case object.Undefined:
		return m.undefined(in, fp, operand, slot)
	}
	return v, nil
}

// undefined is operand for a variable that does not exist: what OnVar gives it is not in
// its register, which counts as a constant, see [machine.isConst].
func (m *machine) undefined(in *bytecode.Instr, fp unsafe.Pointer, operand uint16, slot int) (*value.Value, *Error) {
	name := m.externalName(operand)
	v, ok, e := m.lazy(name, in, fp)
	if e == nil && !ok {
		e = notFound(name)
	}
	if e != nil {
		if e.Pos.IsNone() || e.Kind == ErrVariableNotFound {
			e.Pos = m.extraOr(in, slot)
		}
		return nil, e
	}
	p := new(value.Value)
	*p = v
	return p, nil
}

// mustNotWrite returns the error of an assignment to the external variable in a register
// that is a constant or does not exist, nil if it is a variable.
func (m *machine) mustNotWrite(in *bytecode.Instr, fp unsafe.Pointer, operand uint16, slot int) *Error {
	switch r := reg(fp, operand); {
	case raw.IsUndefined(r):
		if _, e := m.undefined(in, fp, operand, slot); e != nil {
			return e
		}
	case !constant(r):
		return nil
	}
	e := constError(m.externalName(operand))
	e.Pos = m.extraOr(in, slot)
	return e
}

// externalName returns the name of the external variable in a register of the
// main program.
func (m *machine) externalName(operand uint16) string {
	for _, x := range m.ln.prog.Externals {
		if x.Reg == operand {
			return x.Name
		}
	}
	return "?"
}

// constant reports whether a register holds a constant of the scope in a cell.
func constant(v *value.Value) bool { return raw.IsConst(v) }

// isConst reports whether the variable that a call is given by reference is a
// constant of the scope.
func (m *machine) isConst(fp unsafe.Pointer, operand uint16) bool {
	if m.plain != 0 && fp == m.main && operand < 64*bytecode.RegSize && m.plain>>(operand/bytecode.RegSize)&1 != 0 {
		return true
	}
	r := reg(fp, operand)
	return constant(r) || raw.IsUndefined(r)
}

func (m *machine) copyVar(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	b, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	*reg(fp, in.A) = b.Share()
	return next(in), fp
}

// store assigns to a variable that may be a cell, a constant, or missing.
func (m *machine) store(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	a := reg(fp, in.A)
	switch {
	case raw.IsUndefined(a), constant(a):
		return m.fail(in, fp, m.mustNotWrite(in, fp, in.A, bytecode.PosA))
	case raw.IsCell(a):
		if e := assign(raw.Cell(a), *reg(fp, in.B)); e != nil {
			return m.fail(in, fp, e)
		}
	default:
		*a = *reg(fp, in.B)
	}
	return next(in), fp
}

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

// switchOn finds the arm of a switch.
func (m *machine) switchOn(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	a, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	v := a.Plain()
	t := m.tables[in.D]
	d, ok := int32(0), false
	switch {
	case v.IsInt():
		d, ok = t.Ints[v.Int()]
	case v.IsString() && v.StrLen() >= lightText:
		// Rather than look at all of a long text, look for labels of its length.
		for label, target := range t.Strings {
			if len(label) == v.StrLen() {
				if e := m.work(len(label)); e != nil {
					return m.fail(in, fp, e)
				}
				if label == v.Str() {
					d, ok = target, true
				}
			}
		}
	case v.IsString() && t.Few != nil:
		s := v.Str()
		for i := range t.Few {
			if c := &t.Few[i]; c.Label == s {
				d, ok = c.Target, true
				break
			}
		}
	case v.IsString():
		d, ok = t.Strings[v.Str()]
	case t.Others != nil:
		if h, hashable := value.Hash(v); hashable {
			for _, c := range t.Others[h] {
				same, err := value.IdenticalMetered(&m.cc, c.Label, v)
				if err != nil {
					return m.fail(in, fp, m.fault(err))
				}
				if same {
					d, ok = c.Target, true
					break
				}
			}
		}
	}
	if !ok && t.Ranges != 0 && (v.IsNumber() || v.Kind() == value.KindRange || v.Kind() == value.KindRangeInclusive) {
		d, ok = t.Ranges, true
	}
	if !ok {
		return jump(in), fp
	}
	return (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(d))), fp
}

// inRange reports whether a number lies in a range label.
func inRange(v, r value.Value) bool {
	start, end := r.Range()
	incl := r.Kind() == value.KindRangeInclusive
	if v.Kind() == r.Kind() {
		from, to := v.Range() // a range is in the range that equals it
		return from == start && to == end
	}
	if v.IsInt() {
		n := v.Int()
		return n >= start && (n < end || incl && n == end)
	}
	if v.IsFloat() {
		f := v.Float()
		return f >= float64(start) && (f < float64(end) || incl && f == float64(end))
	}
	return false
}
