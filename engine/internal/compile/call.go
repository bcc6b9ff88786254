package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// isSpecial reports whether a call with that many arguments is one of the forms
// that the language handles itself; they are never functions that scripts or the
// host define.
func isSpecial(name string, n int, method bool) bool {
	switch name {
	case "type_of", "is_shared", "is_def_var", "Fn":
		return n == 1
	case "is_def_fn":
		return n == 2 || n == 3
	case "call":
		return n >= 1
	case "curry":
		return n >= 2 || method
	}
	return false
}

// call compiles f(args), ns::f(args) and f!(args).
func (fr *frame) call(e *syntax.Call, dst reg) {
	top := fr.next
	defer fr.release(top)
	n := len(e.Args)
	switch {
	case len(e.NS) > 0:
		fr.callPath(e, dst)
		return
	case e.Bang && (e.Name == "call" || !isSpecial(e.Name, n, false)):
		fr.callScope(e, dst)
		return
	case e.Name == "eval" && n == 1:
		fr.eval(e, dst)
		return
	case e.Name == "is_def_var" && n == 1:
		t := fr.value(e.Args[0])
		i := fr.emit(bytecode.IsDefVar, dst, t, noReg, fr.visible(), 0, e.Pos)
		fr.extra(i, bytecode.PosB, syntax.Start(e.Args[0]))
		return
	case isSpecial(e.Name, n, false):
		fr.native(bytecode.Special, e, dst)
		return
	}
	if i, ok := fr.c.funcs[funcKey{e.Name, n}]; ok {
		fr.callScript(i, e.Args, dst, e.Pos)
		return
	}
	fr.native(bytecode.Native, e, dst)
}

// window evaluates arguments into consecutive registers. A plain variable that
// is the first of several arguments is read last.
func (fr *frame) window(args []syntax.Expr) reg { return fr.windowOf(args, 0, false) }

// windowOf is window for a function that only looks at some of its parameters, see
// [compiler.reads].
func (fr *frame) windowOf(args []syntax.Expr, reads uint32, calm bool) reg {
	w := fr.alloc(max(len(args), 1))
	late := false
	if len(args) > 1 {
		_, late = args[0].(*syntax.Ident)
	}
	for i := range args {
		if i > 0 || !late {
			fr.argument(args, i, w, reads, calm)
		}
	}
	if late {
		fr.argument(args, 0, w, reads, calm)
	}
	return w
}

// argument evaluates argument i of a call into its register of the window.
func (fr *frame) argument(args []syntax.Expr, i int, w reg, reads uint32, calm bool) {
	if reads>>i&1 == 0 || !fr.lent(args, i, w+reg(i), calm) {
		fr.expr(args[i], w+reg(i))
	}
}

// callScript calls a function of the same program.
func (fr *frame) callScript(index int, args []syntax.Expr, dst reg, pos syntax.Pos) {
	f := fr.c.prog.Funcs[index]
	w := fr.windowOf(args, fr.c.reads(index), fr.c.calm(index))
	op := bytecode.Call
	switch {
	case f.Empty:
		fr.emit(bytecode.LoadUnit, dst, noReg, noReg, 0, 0, pos)
		return
	case f.UsesThis:
		op = bytecode.CallThis
	}
	fr.raw(bytecode.Instr{Op: op, A: w.at(), C: dst.at(), D: int32(index)}, pos)
}

// result moves the result of a call from its window.
func (fr *frame) result(dst, w reg, pos syntax.Pos) {
	if dst != w {
		fr.emit(bytecode.Move, dst, w, noReg, 0, 0, pos)
	}
}

// native calls a function that is found at run time. A variable given as first
// argument is passed by reference if the function turns out to be a method.
func (fr *frame) native(op bytecode.Op, e *syntax.Call, dst reg) {
	s := bytecode.Site{Name: e.Name, Args: len(e.Args)}
	ref := noReg
	var w reg
	if op == bytecode.Special && e.Name == "call" {
		fr.exists(e.Args[0])
	}
	if len(e.Args) > 0 {
		switch x := e.Args[0].(type) {
		case *syntax.Ident:
			if fr.open {
				ref = fr.temp()
				w = fr.alloc(len(e.Args))
				for i, a := range e.Args[1:] {
					fr.expr(a, w+1+reg(i))
				}
				fr.reference(x, ref, false)
			} else if v := fr.variable(x.Name); v != nil {
				w = fr.alloc(len(e.Args))
				for i, a := range e.Args[1:] {
					fr.expr(a, w+1+reg(i))
				}
				fr.cost++
				ref, s.Const = v.reg, v.constant
			}
		case *syntax.This:
			ref = fr.temp() // below the window, which a script function takes over
			w = fr.alloc(len(e.Args))
			for i, a := range e.Args[1:] {
				fr.expr(a, w+1+reg(i))
			}
			fr.emit(bytecode.ThisLoad, ref, noReg, noReg, 0, 0, x.Pos)
			s.This = true
		}
	}
	if ref == noReg {
		w = fr.window(e.Args)
	}
	s.Second = bytecode.NoReg
	if e.Name == "call" && len(e.Args) > 1 {
		if id, ok := e.Args[1].(*syntax.Ident); ok {
			if fr.open {
				second := fr.temp()
				fr.reference(id, second, false)
				s.Second = second.at()
			} else if v := fr.variable(id.Name); v != nil && !v.constant {
				s.Second = v.reg.at()
			}
		}
	}
	if op == bytecode.Special && e.Name == "curry" {
		fr.keepShared(e.Args[1:], w+1)
	}
	site := fr.c.site(&s)
	if ref != noReg && !s.This {
		fr.guard(ref, ref, e.Name, site, false, e.Pos)
	}
	i := fr.raw(bytecode.Instr{
		Op: op, A: w.at(), B: uint16(len(e.Args)) * bytecode.RegSize, C: ref.at(), D: site, E: int32(dst.at()),
	}, e.Pos)
	for k, slot := range []int{bytecode.PosA, bytecode.PosB, bytecode.PosC} {
		if k < len(e.Args) {
			fr.extra(i, slot, syntax.Start(e.Args[k]))
		}
	}
}

// exists makes an undefined variable an error before anything else is evaluated.
func (fr *frame) exists(e syntax.Expr) {
	if id, ok := e.(*syntax.Ident); ok {
		if v := fr.variable(id.Name); fr.open || v == nil || v.external {
			top := fr.next
			fr.expr(e, fr.temp())
			fr.release(top)
		}
	}
}

// keepShared replaces values of variables in consecutive registers by what the
// variables hold, so that those that closures share stay shared.
func (fr *frame) keepShared(args []syntax.Expr, w reg) {
	for i, a := range args {
		id, ok := a.(*syntax.Ident)
		if !ok {
			continue
		}
		if fr.open {
			fr.reference(id, w+reg(i), false)
		} else if v := fr.variable(id.Name); v != nil && v.cell && !v.constant {
			fr.emit(bytecode.Move, w+reg(i), v.reg, noReg, 0, 0, id.Pos)
		}
	}
}

// contains compiles x in y: a call of contains(y, x), the container first.
func (fr *frame) contains(e *syntax.Binary, dst reg) {
	call := &syntax.Call{Pos: e.Pos, Name: "contains", Args: []syntax.Expr{e.Y, e.X}}
	if e.Op == syntax.NotIn {
		fr.exists(e.Y)
	}
	t := fr.temp()
	fr.call(call, t)
	if e.Op == syntax.NotIn {
		fr.emit(bytecode.Not, dst, t, noReg, 0, 0, e.Pos)
		return
	}
	fr.emit(bytecode.Move, dst, t, noReg, 0, 0, e.Pos)
}

// customOp compiles a custom operator: a call of the function of that name.
func (fr *frame) customOp(e *syntax.Binary, dst reg) {
	fr.call(&syntax.Call{Pos: e.Pos, Name: e.Name, Args: []syntax.Expr{e.X, e.Y}}, dst)
}

// operatorCall compiles an operator as a call of the function of its name, with
// the builtin one as the last resort.
func (fr *frame) operatorCall(e *syntax.Binary, dst reg) {
	w := fr.window([]syntax.Expr{e.X, e.Y})
	fr.cost++
	site := fr.c.site(&bytecode.Site{Name: e.Op.String(), Args: 2, Token: e.Op, Second: bytecode.NoReg})
	fr.raw(bytecode.Instr{
		Op: bytecode.Native, A: w.at(), B: 2 * bytecode.RegSize, C: bytecode.NoReg, D: site, E: int32(dst.at()),
	}, e.Pos)
}

// special compiles the method forms of what the language handles itself; it
// reports false for all other methods.
func (fr *frame) special(m *syntax.Method, dst reg) bool {
	if m.Safe || len(m.Args) > 0 {
		return false
	}
	switch m.Name {
	case "type_of":
		r, _ := fr.operand(m.X)
		i := fr.emit(bytecode.TypeOf, dst, r, noReg, 0, 0, m.Pos)
		fr.extra(i, bytecode.PosB, m.X.Position())
		return true
	case "is_shared":
		var r reg
		if id, ok := m.X.(*syntax.Ident); ok && fr.open {
			r = fr.temp()
			fr.reference(id, r, false)
		} else {
			r, _ = fr.operand(m.X)
		}
		i := fr.emit(bytecode.IsShared, dst, r, noReg, 0, 0, m.Pos)
		fr.extra(i, bytecode.PosB, m.X.Position())
		return true
	}
	return false
}

// callPath calls a function of a module.
func (fr *frame) callPath(e *syntax.Call, dst reg) {
	s := bytecode.Site{Name: e.Name, Args: len(e.Args), Via: &bytecode.Via{NS: e.NS}}
	ref := noReg
	var w reg
	if len(e.Args) > 0 {
		if id, ok := e.Args[0].(*syntax.Ident); ok && !fr.open {
			if v := fr.variable(id.Name); v != nil {
				w = fr.alloc(len(e.Args))
				for i, a := range e.Args[1:] {
					fr.expr(a, w+1+reg(i))
				}
				ref, s.Const = v.reg, v.constant
			}
		}
	}
	if ref == noReg {
		w = fr.window(e.Args)
	}
	i := fr.raw(bytecode.Instr{
		Op: bytecode.Native, A: w.at(), B: uint16(len(e.Args)) * bytecode.RegSize, C: ref.at(),
		D: fr.c.site(&s), E: int32(dst.at()),
	}, e.Pos)
	fr.extra(i, bytecode.PosAux, e.NS[0].Pos)
	if ref != noReg {
		fr.extra(i, bytecode.PosA, e.Args[0].Position())
	}
}

// visible describes the variables in scope, for eval and its kin.
func (fr *frame) visible() int32 {
	if fr.main {
		fr.c.prog.ByName = true
	}
	n := len(fr.vars)
	for n > 0 && fr.vars[n-1].seen == nil {
		n--
	}
	var last *bytecode.VisibleVar
	if n > 0 {
		last = fr.vars[n-1].seen
	}
	for i := n; i < len(fr.vars); i++ {
		x := &fr.vars[i]
		last = &bytecode.VisibleVar{Name: x.name, Reg: x.reg.at(), Const: x.constant, Outer: last}
		x.seen = last
	}
	p := fr.c.prog
	if i := fr.lastVisible; i > 0 && p.Visible[i-1].Last == last {
		return int32(i - 1)
	}
	p.Visible = append(p.Visible, &bytecode.Visible{Last: last, Dynamic: fr.scope.at(), Main: fr.main})
	fr.lastVisible = len(p.Visible)
	return int32(fr.lastVisible - 1)
}

// eval compiles eval(text). The text sees the variables in scope and leaves its
// own in the frame's dynamic scope.
func (fr *frame) eval(e *syntax.Call, dst reg) {
	t := fr.value(e.Args[0])
	global := int32(0)
	if fr.main && fr.depth == 1 && fr.c.hasGlobals() {
		global = 1
	}
	i := fr.emit(bytecode.Eval, t, fr.scope, noReg, fr.visible(), global, e.Pos)
	fr.extra(i, bytecode.PosAux, syntax.Start(e.Args[0]))
	fr.result(dst, t, e.Pos)
}

// callScope compiles f!(args), which runs a script function that sees the
// caller's variables.
func (fr *frame) callScope(e *syntax.Call, dst reg) {
	w := fr.window(e.Args)
	site := fr.c.site(&bytecode.Site{Name: e.Name, Args: len(e.Args)})
	i := fr.raw(bytecode.Instr{
		Op: bytecode.CallScope, A: w.at(), B: uint16(len(e.Args)) * bytecode.RegSize, C: bytecode.NoReg,
		D: site, E: fr.visible(),
	}, e.Pos)
	if len(e.Args) > 0 {
		fr.extra(i, bytecode.PosA, syntax.Start(e.Args[0]))
	}
	fr.result(dst, w, e.Pos)
}
