package engine

import (
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
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
