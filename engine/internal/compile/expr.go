package compile

import (
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// expr evaluates e into dst. The value is owned: it may be stored or returned.
// dst may be written before e is complete, so it must not be a variable that e
// reads, see [frame.direct].
func (fr *frame) expr(e syntax.Expr, dst reg) {
	fr.cost++
	switch e := e.(type) {
	case *syntax.Literal:
		fr.literal(e, dst)
	case *syntax.Ident:
		fr.ident(e, dst)
	case *syntax.This:
		fr.emit(bytecode.ThisCopy, dst, noReg, noReg, 0, 0, e.Pos)
	case *syntax.Interp:
		fr.list(e.Parts, func(first reg) {
			fr.c.items(fr.emit(bytecode.Interp, dst, first, noReg, int32(len(e.Parts)), 0, e.Pos))
			for _, at := range e.At {
				*more(&fr.c.parts.Pos) = at
			}
		})
	case *syntax.ArrayLit:
		fr.array(e, dst)
	case *syntax.MapLit:
		fr.mapLit(e, dst)
	case *syntax.Path:
		site := fr.c.site(&bytecode.Site{Name: e.Name, Via: &bytecode.Via{NS: e.NS}})
		i := fr.emit(bytecode.LoadPath, dst, noReg, noReg, site, 0, e.Pos)
		fr.extra(i, bytecode.PosAux, e.NS[0].Pos)
	case *syntax.Call:
		fr.call(e, dst)
	case *syntax.Method, *syntax.Prop, *syntax.Index:
		fr.chain(e, dst)
	case *syntax.Unary:
		fr.unary(e, dst)
	case *syntax.Binary:
		fr.binary(e, dst)
	case *syntax.Logic:
		fr.logic(e, dst)
	case *syntax.Closure:
		fr.closure(e, dst)
	case *syntax.StmtExpr:
		fr.stmt(e.Stmt, dst)
	case *syntax.Custom:
		fr.custom(e, dst)
	case *held:
		fr.emit(bytecode.Move, dst, e.reg, noReg, 0, 0, e.Pos)
	default:
		fr.c.fail(e.Position(), "unknown expression %T", e)
	}
}

// value evaluates e into a fresh register at the top and returns it.
func (fr *frame) value(e syntax.Expr) reg {
	t := fr.temp()
	fr.expr(e, t)
	return t
}

// operand returns a register that holds the value of e for immediate use: a
// variable's own register, or a temporary.
func (fr *frame) operand(e syntax.Expr) (r reg, borrowed bool) {
	if id, ok := e.(*syntax.Ident); ok && !fr.open {
		if v := fr.variable(id.Name); v != nil {
			fr.cost++
			if v.captured {
				// Known to be a cell: one hot instruction instead of the slow path.
				t := fr.temp()
				fr.emit(bytecode.Copy, t, v.reg, noReg, 0, 0, id.Pos)
				return t, false
			}
			return v.reg, true
		}
	}
	return fr.value(e), false
}

// direct reports whether e may be evaluated straight into the register of a
// variable that it might read: its code writes the result with one instruction
// at the very end.
func direct(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Literal, *syntax.Ident, *syntax.This, *syntax.Binary, *syntax.Interp, *syntax.ArrayLit, *syntax.MapLit:
		return true
	case *syntax.Unary:
		return true
	case *syntax.Call:
		return !e.Bang
	case *syntax.Prop:
		return !e.Safe && direct2(e.X)
	case *syntax.Index:
		return !e.Safe && direct2(e.X)
	case *syntax.Method:
		switch e.X.(type) {
		case *syntax.Prop, *syntax.Index:
			// What the method changed goes back through the chain after the result is
			// there: it may go into that variable, and may fail.
			return false
		}
		return !e.Safe && direct2(e.X)
	}
	return false
}

// direct2 reports whether no link of a chain is skipped on unit.
func direct2(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Prop:
		return !e.Safe && direct2(e.X)
	case *syntax.Index:
		return !e.Safe && direct2(e.X)
	case *syntax.Method:
		return !e.Safe && direct2(e.X)
	}
	return true
}

func (fr *frame) literal(e *syntax.Literal, dst reg) {
	v := e.Val
	switch {
	case v.IsUnit():
		fr.emit(bytecode.LoadUnit, dst, noReg, noReg, 0, 0, e.Pos)
	case v.IsInt() && v.Int() == int64(int32(v.Int())):
		fr.emit(bytecode.LoadInt, dst, noReg, noReg, int32(v.Int()), 0, e.Pos)
	case v.IsFloat():
		d, h := floatParts(v.Float())
		fr.emit(bytecode.LoadFloat, dst, noReg, noReg, d, h, e.Pos)
	default:
		fr.emit(bytecode.LoadConst, dst, noReg, noReg, int32(fr.c.constant(v)), 0, e.Pos)
	}
}

func floatParts(f float64) (lo, hi int32) {
	b := math.Float64bits(f)
	return int32(uint32(b)), int32(uint32(b >> 32))
}

func (fr *frame) ident(e *syntax.Ident, dst reg) {
	if fr.open {
		fr.named(e.Name, dst, bytecode.NameLoad, e.Pos)
		return
	}
	if v := fr.variable(e.Name); v != nil {
		if v.reg != dst {
			op := bytecode.Copy
			if fr.dies(v) {
				if op = bytecode.Move; fr.topLevel(v) {
					op = bytecode.MoveUnseen
				}
			}
			fr.emit(op, dst, v.reg, noReg, 0, 0, e.Pos)
		}
		return
	}
	fr.emit(bytecode.LoadGlobal, dst, noReg, noReg, int32(fr.c.name(e.Name)), 0, e.Pos)
}

// reference puts a variable that is found by name into a register as a cell, so
// that what is done to the register is done to the variable. A constant comes as a
// constant cell, which is an error if it is meant for writing.
func (fr *frame) reference(e *syntax.Ident, a reg, write bool) {
	flags := int32(0)
	if write {
		flags |= bytecode.RefWrite
	}
	if fr.isConst(e.Name) {
		flags |= bytecode.RefConst
	}
	fr.named(e.Name, a, bytecode.NameRef, e.Pos)
	fr.c.prog.Code[fr.here()-1].E = flags
}

// named emits an access by name, with the variable in scope as fallback.
func (fr *frame) named(name string, a reg, op bytecode.Op, pos syntax.Pos) {
	fallback := noReg
	if v := fr.variable(name); v != nil {
		fallback = v.reg
	}
	fr.emit(op, a, fr.scope, fallback, int32(fr.c.name(name)), 0, pos)
}

// list evaluates expressions into consecutive registers and calls use with the
// first of them.
func (fr *frame) list(es []syntax.Expr, use func(first reg)) {
	top := fr.next
	first := fr.alloc(len(es))
	for i, e := range es {
		fr.expr(e, first+reg(i))
	}
	use(first)
	fr.release(top)
}

// items notes where the parts of a literal stand, for the error about its size.
func (fr *frame) items(i int, list []syntax.Expr) {
	if len(list) == 0 {
		return
	}
	fr.c.items(i)
	for _, e := range list {
		*more(&fr.c.parts.Pos) = e.Position()
	}
}

// chunk is how many items of a literal are evaluated before they are moved into
// it, so that long literals do not need long frames.
const chunk = 64

func (fr *frame) array(e *syntax.ArrayLit, dst reg) {
	if len(e.Items) <= chunk {
		fr.list(e.Items, func(first reg) {
			i := fr.emit(bytecode.MakeArray, dst, first, noReg, int32(len(e.Items)), 0, e.Pos)
			fr.items(i, e.Items)
		})
		return
	}
	top := fr.next
	t := fr.temp()
	fr.emit(bytecode.MakeArray, t, t, noReg, 0, int32(len(e.Items)), e.Pos)
	for items := e.Items; len(items) > 0; {
		n := min(chunk, len(items))
		fr.list(items[:n], func(first reg) {
			i := fr.emit(bytecode.ArrayPush, t, first, noReg, int32(n), 0, e.Pos)
			fr.items(i, items[:n])
		})
		items = items[n:]
	}
	fr.emit(bytecode.Move, dst, t, noReg, 0, 0, e.Pos)
	fr.release(top)
}

// shape returns the index of the shape of a map literal with these keys.
func (c *compiler) shape(keys []string) int32 {
	var first *raw.Shape
	if len(c.prog.Shapes) > 0 {
		first = c.prog.Shapes[0]
	}
	c.prog.Shapes = append(c.prog.Shapes, raw.NewShape(keys, first))
	return int32(len(c.prog.Shapes) - 1)
}

// assigned notes that the program assigns a property of that name.
func (c *compiler) assigned(name string) {
	if len(c.props) < maxNoted && !slices.Contains(c.props, name) {
		c.props = append(c.props, name)
	}
}

const (
	// maxNoted is how many properties that are assigned the compiler notes.
	maxNoted = 16
	// spare is how many further properties maps of a literal get room for.
	spare = 2
)

// giveRoom gives the maps of literals room for properties that the program assigns and the
// literal does not have: such a program often makes records and completes them. For a map
// without room its values move at the first of them, and take twice the memory.
func (c *compiler) giveRoom() {
	if len(c.props) == 0 {
		return
	}
	for _, s := range c.prog.Shapes {
		n := 0
		for _, name := range c.props {
			if !s.Has(name) {
				n++
			}
		}
		s.Room(min(n, spare))
	}
}

func (fr *frame) mapLit(e *syntax.MapLit, dst reg) {
	keys := make([]string, len(e.Keys))
	for i := range e.Keys {
		keys[i] = e.Keys[i].Name
	}
	if len(keys) <= raw.MaxShape {
		fr.list(e.Values, func(first reg) {
			i := fr.emit(bytecode.MakeMap, dst, first, noReg, int32(len(e.Values)), fr.c.shape(keys), e.Pos)
			fr.items(i, e.Values)
		})
		return
	}
	top := fr.next
	t := fr.temp()
	fr.emit(bytecode.MakeMap, t, t, noReg, 0, fr.c.shape(nil), e.Pos)
	for from := 0; from < len(e.Values); from += chunk {
		n := min(chunk, len(e.Values)-from)
		base := int32(len(fr.c.prog.Names))
		fr.c.prog.Names = append(fr.c.prog.Names, keys[from:from+n]...)
		fr.list(e.Values[from:from+n], func(first reg) {
			i := fr.emit(bytecode.MapPut, t, first, noReg, int32(n), base, e.Pos)
			fr.items(i, e.Values[from:from+n])
		})
	}
	fr.emit(bytecode.Move, dst, t, noReg, 0, 0, e.Pos)
	fr.release(top)
}

func (fr *frame) unary(e *syntax.Unary, dst reg) {
	op := bytecode.Not
	switch e.Op {
	case syntax.UnaryMinus, syntax.Minus:
		op = bytecode.Negate
	case syntax.UnaryPlus, syntax.Plus:
		op = bytecode.Plus
	}
	top := fr.next
	r, _ := fr.operand(e.X)
	i := fr.emit(op, dst, r, noReg, 0, 0, e.Pos)
	fr.extra(i, bytecode.PosB, e.X.Position())
	fr.release(top)
}

// smallInt returns the value of an int literal that fits an instruction.
func smallInt(e syntax.Expr) (int32, bool) {
	if l, ok := e.(*syntax.Literal); ok && l.Val.IsInt() && l.Val.Int() == int64(int32(l.Val.Int())) {
		return int32(l.Val.Int()), true
	}
	return 0, false
}

func floatLit(e syntax.Expr) (lo, hi int32, ok bool) {
	if l, isLit := e.(*syntax.Literal); isLit && l.Val.IsFloat() {
		lo, hi = floatParts(l.Val.Float())
		return lo, hi, true
	}
	return 0, 0, false
}

// pair evaluates both sides of an operator for immediate use. The left one is
// copied if evaluating the right one might change it.
func (fr *frame) pair(x, y syntax.Expr) (a, b reg) {
	a, borrowed := fr.operand(x)
	if borrowed && (fr.mayFail(x.(*syntax.Ident).Name, y) || fr.mayChange(x.(*syntax.Ident).Name, y)) {
		t := fr.temp()
		fr.emit(bytecode.Copy, t, a, noReg, 0, 0, x.Position())
		a = t
	}
	b, _ = fr.operand(y)
	return a, b
}

// mayFail reports whether evaluating e might raise an error before it is noticed
// that the variable does not exist.
func (fr *frame) mayFail(name string, e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Literal, *syntax.Ident:
		return false
	}
	v := fr.variable(name)
	return v != nil && v.external
}

// mayChange reports whether evaluating e might change the variable.
func (fr *frame) mayChange(name string, e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Literal, *syntax.Ident, *syntax.This:
		return false
	}
	v := fr.lookup(name)
	cell := v == nil || v.cell
	found := false
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.StmtExpr, *syntax.Custom:
			found = true
		case *syntax.Call:
			if cell || n.Bang {
				found = true
			} else if len(n.Args) > 0 {
				if id, ok := n.Args[0].(*syntax.Ident); ok && id.Name == name {
					found = true
				}
			}
		case *syntax.Method:
			if id, ok := root(n.X).(*syntax.Ident); cell || ok && id.Name == name {
				found = true
			}
		case *syntax.Closure:
			return false
		}
		return !found
	})
	return found
}

func (fr *frame) binary(e *syntax.Binary, dst reg) {
	top := fr.next
	fr.operation(e, dst)
	fr.release(top)
}

// operation is binary, which leaves registers reserved.
func (fr *frame) operation(e *syntax.Binary, dst reg) {
	switch e.Op {
	case syntax.In, syntax.NotIn:
		fr.contains(e, dst)
		return
	case syntax.Custom_:
		fr.customOp(e, dst)
		return
	}
	if fr.c.o.SlowOperators {
		fr.operatorCall(e, dst)
		return
	}
	if d, ok := smallInt(e.Y); ok {
		if op, ok := bytecode.Find(bytecode.ArithInt, e.Op); ok {
			a, _ := fr.operand(e.X)
			fr.cost++
			fr.operands(fr.emit(op, dst, a, noReg, d, 0, e.Pos), e)
			return
		}
	}
	if lo, hi, ok := floatLit(e.Y); ok {
		if op, ok := bytecode.Find(bytecode.ArithFloat, e.Op); ok {
			a, _ := fr.operand(e.X)
			fr.cost++
			fr.operands(fr.emit(op, dst, a, noReg, lo, hi, e.Pos), e)
			return
		}
	}
	if lo, hi, ok := floatLit(e.X); ok {
		if op, ok := bytecode.Find(bytecode.ArithFromFloat, e.Op); ok {
			b, _ := fr.operand(e.Y)
			fr.cost++
			i := fr.emit(op, dst, b, noReg, lo, hi, e.Pos)
			fr.extra(i, bytecode.PosB, e.Y.Position())
			return
		}
	}
	a, b := fr.pair(e.X, e.Y)
	op, ok := bytecode.Find(bytecode.Arith, e.Op)
	if !ok {
		op = bytecode.Binary
	}
	fr.operands(fr.emit(op, dst, a, b, int32(e.Op), 0, e.Pos), e)
}

// operands notes where the operands of an operator stand: a variable that does
// not exist is reported there.
func (fr *frame) operands(i int, e *syntax.Binary) {
	if _, ok := e.X.(*syntax.Ident); ok && fr.main {
		fr.extra(i, bytecode.PosB, e.X.Position())
	}
	if _, ok := e.Y.(*syntax.Ident); ok && fr.main {
		fr.extra(i, bytecode.PosC, e.Y.Position())
	}
}

// logic compiles && || and ??.
func (fr *frame) logic(e *syntax.Logic, dst reg) {
	var ends jumps
	for i, x := range e.X {
		fr.expr(x, dst)
		last := i == len(e.X)-1
		switch {
		case e.Op == syntax.Coalesce && !last:
			fr.jump(&ends, fr.emit(bytecode.JumpNotUnit, dst, noReg, noReg, 0, 0, x.Position()))
		case e.Op == syntax.Coalesce:
		case last:
			if !isBool(x) {
				fr.emit(bytecode.CheckBool, dst, noReg, noReg, 0, 0, x.Position())
			}
		case e.Op == syntax.AndAnd:
			fr.jump(&ends, fr.emit(bytecode.JumpFalse, dst, noReg, noReg, 0, 0, x.Position()))
		default:
			fr.jump(&ends, fr.emit(bytecode.JumpTrue, dst, noReg, noReg, 0, 0, x.Position()))
		}
	}
	fr.patchAll(ends)
}

// isBool reports whether e is certain to be a bool when the builtin operators
// apply; comparisons of other types are checked at run time where they are made.
func isBool(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Literal:
		return e.Val.IsBool()
	case *syntax.Logic:
		return e.Op != syntax.Coalesce
	}
	return false
}

func (fr *frame) closure(e *syntax.Closure, dst reg) {
	d := fr.c.newClosure()
	captures := make([]capture, len(e.Captures))
	for i, cap := range e.Captures {
		v := fr.variable(cap.Name)
		captures[i] = capture{cap.Name, v != nil && v.constant}
		cv := bytecode.CapturedVar{Name: cap.Name, Reg: bytecode.NoReg, Pos: cap.Pos, Dynamic: fr.open}
		if v != nil {
			cv.Reg = v.reg.at()
			if v.constant {
				cv.Const = true
			}
		}
		d.Vars = append(d.Vars, cv)
	}
	d.Func = fr.c.declare(e.Fn, captures)
	fr.c.prog.Closures = append(fr.c.prog.Closures, d)
	fr.emit(bytecode.MakeClosure, dst, fr.scope, noReg, int32(len(fr.c.prog.Closures)-1), 0, e.Pos)
}
