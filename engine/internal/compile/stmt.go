package compile

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// main compiles the top level of the file.
func (c *compiler) main() {
	f := c.prog.Funcs[0]
	fr := c.newFrame(f)
	fr.main = true
	if !c.file.Uses.None(surveyed) {
		fr.survey(c.file.Stmts)
	}
	fr.reserve(c.file.Stmts)
	fr.prologue(c.file.End)
	c.prog.Scope = fr.scope.at()
	result := fr.temp()
	fr.depth = 1
	fr.trace(bytecode.TraceEnter, noReg, syntax.Pos{})
	fr.stmts(c.file.Stmts, result)
	fr.trace(bytecode.TraceReturn, result, c.file.End)
	fr.emit(bytecode.Halt, result, noReg, noReg, 0, 0, c.file.End)
	f.End, f.Cost = fr.here(), fr.cost
	bytecode.Join(c.prog.Code[f.Entry:])
}

// prologue makes the dynamic scope of an open function.
func (fr *frame) prologue(pos syntax.Pos) {
	if fr.open {
		fr.scope = fr.temp()
		fr.emit(bytecode.ScopeMark, fr.scope, noReg, noReg, 0, 0, pos)
	}
}

// function compiles a queued function.
func (c *compiler) function(p pending) {
	f := c.prog.Funcs[p.index]
	f.Entry = len(c.prog.Code)
	fr := c.newFrame(f)
	fr.index = p.index
	if !p.decl.Uses.None(surveyed) {
		fr.survey(p.decl.Body.Stmts)
	}
	fr.depth = 1
	for _, name := range p.decl.Params {
		fr.declareVar(name.Name, fr.temp(), false)
	}
	for _, x := range p.captures {
		v := fr.declareVar(x.name, fr.temp(), x.constant)
		v.cell, v.captured = true, true
	}
	fr.count(0, syntax.Pos{})
	fr.prologue(p.decl.Pos)
	if fr.imports {
		fr.importMark = fr.temp()
		fr.emit(bytecode.ImportMark, fr.importMark, noReg, noReg, 0, 0, p.decl.Pos)
	}
	fr.trace(bytecode.TraceEnter, noReg, p.decl.Pos)
	fr.tail(p.decl.Body.Stmts, p.decl.Body.End)
	f.End, f.Cost = fr.here(), fr.cost
	bytecode.Join(c.prog.Code[f.Entry:])
}

// stmts compiles statements in the current scope. The value of the last goes to
// dst, if anybody wants it.
func (fr *frame) stmts(list []syntax.Stmt, dst reg) {
	if len(list) == 0 {
		if dst != noReg {
			fr.emit(bytecode.LoadUnit, dst, noReg, noReg, 0, 0, syntax.Pos{})
		}
		return
	}
	fr.begin(list)
	defer fr.end()
	for i, s := range list[:len(list)-1] {
		fr.at(i)
		if fr.stmt(s, noReg); fr.c.err != nil {
			return
		}
	}
	fr.at(len(list) - 1)
	fr.stmt(list[len(list)-1], dst)
}

// tail compiles the statements of a function so that every path returns.
func (fr *frame) tail(list []syntax.Stmt, end syntax.Pos) {
	if len(list) == 0 {
		fr.ret(noReg, end)
		return
	}
	fr.begin(list)
	defer fr.end()
	for i, s := range list[:len(list)-1] {
		fr.at(i)
		fr.stmt(s, noReg)
	}
	fr.at(len(list) - 1)
	fr.tailStmt(list[len(list)-1], end)
}

func (fr *frame) tailStmt(s syntax.Stmt, end syntax.Pos) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		if x, ok := s.X.(*syntax.StmtExpr); ok {
			fr.tailStmt(x.Stmt, end)
			return
		}
		fr.traceStmt(s)
		fr.returnExpr(s.X, s.X.Position())
		return
	case *syntax.Block:
		if !fr.hasImports(s.Stmts) && !fr.open {
			fr.block(func() { fr.tail(s.Stmts, s.End) })
			return
		}
	case *syntax.If:
		fr.traceStmt(s)
		fr.cost++
		cost := fr.cost
		out := fr.branch(s.Cond, false, 0)
		fr.tailStmt(s.Then, end)
		thenCost := fr.cost - cost
		fr.patchAll(out)
		fr.cost = cost
		if s.Else != nil {
			fr.tailStmt(s.Else, end)
		} else {
			fr.ret(noReg, end)
		}
		fr.cost = (cost+fr.cost)/2 + thenCost/2
		return
	case *syntax.Return:
		fr.stmt(s, noReg)
		return
	case *syntax.Assign:
		fr.stmt(s, noReg) // it has no value
		fr.ret(noReg, end)
		return
	}
	t := fr.temp()
	fr.stmt(s, t)
	fr.ret(t, end)
}

// ret returns the value of a register, or () for noReg.
func (fr *frame) ret(r reg, pos syntax.Pos) {
	fr.closeIters(0, pos)
	if fr.imports {
		fr.emit(bytecode.ImportDrop, fr.importMark, noReg, noReg, 0, 0, pos)
	}
	fr.trace(bytecode.TraceReturn, r, pos)
	op := bytecode.Return
	if r == noReg {
		op = bytecode.ReturnUnit
	}
	fr.emit(op, r, noReg, noReg, 0, 0, pos)
}

// returnExpr returns the value of e from a function.
func (fr *frame) returnExpr(e syntax.Expr, pos syntax.Pos) {
	top := fr.next
	if id, ok := e.(*syntax.Ident); ok && !fr.open {
		if v := fr.lookup(id.Name); v != nil && !v.cell {
			// The frame dies: its variable can be given away.
			fr.cost++
			fr.ret(v.reg, pos)
			return
		}
	}
	t := fr.value(e)
	fr.ret(t, pos)
	fr.release(top)
}

func (fr *frame) hasImports(list []syntax.Stmt) bool {
	for _, s := range list {
		if _, ok := s.(*syntax.Import); ok {
			return true
		}
	}
	return false
}

// unit puts () into dst if anybody wants a value.
func (fr *frame) unit(dst reg, pos syntax.Pos) {
	if dst != noReg {
		fr.emit(bytecode.LoadUnit, dst, noReg, noReg, 0, 0, pos)
	}
}

// stmt compiles one statement; its value goes to dst unless that is noReg.
func (fr *frame) stmt(s syntax.Stmt, dst reg) {
	fr.cost++
	fr.traceStmt(s)
	top := fr.next
	switch s := s.(type) {
	case *syntax.Empty:
		fr.unit(dst, s.Pos)
	case *syntax.ExprStmt:
		fr.exprStmt(s.X, dst)
	case *syntax.Let:
		fr.let(s)
		fr.unit(dst, s.Pos)
		return // the variable stays
	case *syntax.Assign:
		fr.assign(s)
		fr.unit(dst, s.Pos)
	case *syntax.Block:
		fr.blockStmt(s, dst)
	case *syntax.If:
		fr.ifStmt(s, dst)
	case *syntax.Switch:
		fr.switchStmt(s, dst)
	case *syntax.While:
		fr.while(s, dst)
	case *syntax.Do:
		fr.do(s, dst)
	case *syntax.For:
		fr.forStmt(s, dst)
	case *syntax.Break:
		fr.breakStmt(s)
	case *syntax.Continue:
		fr.continueStmt(s)
	case *syntax.Return:
		fr.returnStmt(s)
	case *syntax.Throw:
		fr.throw(s)
	case *syntax.Try:
		fr.try(s, dst)
	case *syntax.Import:
		fr.importStmt(s)
		fr.unit(dst, s.Pos)
	case *syntax.Export:
		fr.export(s)
		fr.unit(dst, s.Pos)
	default:
		fr.c.fail(s.Position(), "unknown statement %T", s)
	}
	fr.release(top)
}

func (fr *frame) exprStmt(e syntax.Expr, dst reg) {
	if dst != noReg {
		fr.expr(e, dst)
		return
	}
	if x, ok := e.(*syntax.StmtExpr); ok {
		fr.stmt(x.Stmt, noReg)
		return
	}
	fr.value(e)
}

// hasGlobals reports whether constants of the top level are to be found as
// global::name: if there are functions, which cannot see them otherwise.
func (c *compiler) hasGlobals() bool {
	return c.o.Globals || len(c.file.Funcs) > 0 || c.file.HasClosure
}

func (fr *frame) let(s *syntax.Let) {
	name := s.Name.Name
	// A second declaration in the same block takes the place of the first.
	var old *variable
	if v := fr.lookup(name); v != nil && v.depth == fr.depth && !v.captured && !v.exported {
		old = v
	}
	r := noReg
	if fr.c.o.NoShadowing && fr.main {
		fr.c.prog.ByName = true
		fr.emit(bytecode.CheckNew, noReg, noReg, noReg, int32(fr.c.name(name)), 0, s.Pos)
	}
	if old != nil {
		r = old.reg
	} else {
		fr.count(1, s.Pos)
		r = fr.temp()
	}
	top := fr.next
	switch {
	case s.Init == nil:
		fr.emit(bytecode.LoadUnit, r, noReg, noReg, 0, 0, s.Pos)
	case old != nil && !direct(s.Init) || old != nil && old.cell:
		t := fr.value(s.Init)
		fr.emit(bytecode.Move, r, t, noReg, 0, 0, s.Pos)
	default:
		fr.expr(s.Init, r)
	}
	fr.release(top)
	if old != nil {
		// The variables may have moved while the value was compiled.
		old = fr.lookup(name)
	}
	fr.hide(name, s.Pos)
	if old != nil {
		if old.constant != s.Const {
			old.constant = s.Const
			for i := fr.names.Find(name); i < len(fr.vars); i++ {
				fr.vars[i].seen = nil
			}
		}
	} else {
		v := fr.declareVar(name, r, s.Const)
		v.depth = fr.depth
		old = v
	}
	if fr.main && fr.depth == 1 {
		p := fr.c.prog
		p.Top = append(p.Top, bytecode.TopVar{
			Name: name, Reg: r.at(), Const: s.Const, From: fr.here(), Replaces: old.top,
		})
		if old.top < 0 {
			old.top = len(p.Top) - 1
		}
	}
	if fr.main && fr.depth == 1 && s.Const && fr.c.hasGlobals() {
		fr.emit(bytecode.SetGlobal, r, noReg, noReg, int32(fr.c.name(name)), 0, s.Pos)
	}
	if s.Export {
		fr.exportVar(name, name, s.Name.Pos)
	}
}

func (fr *frame) assign(s *syntax.Assign) {
	switch x := s.X.(type) {
	case *syntax.Ident:
		fr.assignVar(x, s)
	case *syntax.This:
		fr.assignThis(x, s)
	case *syntax.Path:
		fr.value(s.Y)
		fr.value(x) // the module may be missing
		fr.emit(bytecode.FailConst, noReg, noReg, noReg, int32(fr.c.name(x.Name)), 0, x.Pos)
	default:
		fr.traceWrites(s.X)
		fr.assignChain(s)
	}
}

func (fr *frame) assignVar(x *syntax.Ident, s *syntax.Assign) {
	if fr.open {
		fr.assignNamed(x, s)
		return
	}
	v := fr.variable(x.Name)
	if v == nil {
		fr.value(s.Y)
		fr.emit(bytecode.FailVar, noReg, noReg, noReg, int32(fr.c.name(x.Name)), 0, x.Pos)
		return
	}
	if s.Op == syntax.Assign_ {
		if !v.constant && !v.cell && direct(s.Y) {
			r, done := v.reg, fr.replaces(v, s.Y)
			fr.expr(s.Y, r)
			done()
			return
		}
		t := fr.value(s.Y)
		if v.constant {
			fr.emit(bytecode.FailConst, noReg, noReg, noReg, int32(fr.c.name(x.Name)), 0, x.Pos)
			return
		}
		op := bytecode.Move
		if v.cell {
			op = bytecode.Store
		}
		i := fr.emit(op, v.reg, t, noReg, 0, 0, x.Pos)
		fr.extra(i, bytecode.PosA, x.Pos)
		return
	}
	if v.constant {
		fr.value(s.Y)
		fr.emit(bytecode.FailConst, noReg, noReg, noReg, int32(fr.c.name(x.Name)), 0, x.Pos)
		return
	}
	var i int
	if d, ok := smallInt(s.Y); ok && (s.Op == syntax.Plus || s.Op == syntax.Minus) {
		op := bytecode.Inc
		if s.Op == syntax.Minus {
			op = bytecode.Dec
		}
		fr.cost++
		i = fr.emit(op, v.reg, noReg, noReg, d, 0, s.Pos)
	} else {
		y, _ := fr.operand(s.Y)
		i = fr.emit(assignTo(s.Op), v.reg, noReg, y, int32(s.Op), 0, s.Pos)
		if _, ok := s.Y.(*syntax.Ident); ok {
			fr.extra(i, bytecode.PosC, s.Y.Position())
		}
	}
	fr.extra(i, bytecode.PosA, x.Pos)
}

// assignTo is the operation of an assignment by an operator.
func assignTo(operator syntax.Token) bytecode.Op {
	if op, ok := bytecode.Find(bytecode.AssignOperator, operator); ok {
		return op
	}
	return bytecode.AssignTo
}

// assignNamed assigns to a variable of an open function.
func (fr *frame) assignNamed(x *syntax.Ident, s *syntax.Assign) {
	y := fr.value(s.Y)
	v := fr.lookup(x.Name)
	if v != nil && v.constant {
		fr.emit(bytecode.NameCheck, noReg, fr.scope, noReg, int32(fr.c.name(x.Name)), 0, x.Pos)
	}
	if s.Op != syntax.Assign_ {
		t := fr.temp()
		fr.named(x.Name, t, bytecode.NameLoad, x.Pos)
		fr.emit(assignTo(s.Op), t, noReg, y, int32(s.Op), 0, s.Pos)
		y = t
	}
	fr.named(x.Name, y, bytecode.NameStore, x.Pos)
}

// certain reports whether evaluating e can neither fail nor be noticed.
func (fr *frame) certain(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Literal:
		return true
	case *syntax.Ident:
		v := fr.variable(e.Name)
		return v != nil && !v.cell && !fr.open
	}
	return false
}

func (fr *frame) assignThis(x *syntax.This, s *syntax.Assign) {
	if !fr.certain(s.Y) {
		// That this is not bound is noticed first, that it is a constant after the right
		// side.
		fr.emit(bytecode.ThisCheck, noReg, noReg, noReg, 0, 1, x.Pos)
	}
	y := fr.value(s.Y)
	fr.emit(bytecode.ThisCheck, noReg, noReg, noReg, 0, 0, x.Pos)
	if s.Op != syntax.Assign_ {
		t := fr.temp()
		fr.emit(bytecode.ThisLoad, t, noReg, noReg, 0, 0, x.Pos)
		i := fr.emit(assignTo(s.Op), t, noReg, y, int32(s.Op), 0, s.Pos)
		fr.extra(i, bytecode.PosA, x.Pos)
		y = t
	}
	fr.emit(bytecode.ThisStore, y, noReg, noReg, 0, 0, x.Pos)
}

// blockStmt compiles { ... } with a scope of its own.
func (fr *frame) blockStmt(s *syntax.Block, dst reg) {
	fr.block(func() {
		end := fr.enter(fr.hasImports(s.Stmts), s.Pos)
		fr.stmts(s.Stmts, dst)
		end(s.End)
	})
}

// hide makes a variable that is declared hide one of that name which eval left.
func (fr *frame) hide(name string, pos syntax.Pos) {
	if fr.open {
		fr.emit(bytecode.ScopeHide, noReg, fr.scope, noReg, int32(fr.c.name(name)), 0, pos)
	}
}

// enter notes the imports and the dynamic variables at the beginning of a block
// and returns what emits their removal at its end.
func (fr *frame) enter(imports bool, pos syntax.Pos) func(syntax.Pos) {
	im, sc := noReg, noReg
	if imports {
		im = fr.temp()
		fr.emit(bytecode.ImportMark, im, noReg, noReg, 0, 0, pos)
	}
	if fr.open {
		sc = fr.temp()
		fr.emit(bytecode.ScopeMark, sc, fr.scope, noReg, 0, 0, pos)
	}
	if im == noReg && sc == noReg {
		return func(syntax.Pos) {}
	}
	return func(pos syntax.Pos) {
		if im != noReg {
			fr.emit(bytecode.ImportDrop, im, noReg, noReg, 0, 0, pos)
		}
		if sc != noReg {
			fr.emit(bytecode.ScopeDrop, sc, fr.scope, noReg, 0, 0, pos)
		}
	}
}

func (fr *frame) ifStmt(s *syntax.If, dst reg) {
	out := fr.branch(s.Cond, false, 0)
	condCost := fr.cost
	fr.blockStmt(s.Then, dst)
	thenCost := fr.cost - condCost
	fr.cost = condCost
	elseCost := 0
	if s.Else != nil || dst != noReg {
		done := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
		fr.patchAll(out)
		if s.Else != nil {
			fr.stmt(s.Else, dst)
			elseCost = fr.cost - condCost
		} else {
			fr.unit(dst, s.Pos)
		}
		fr.patch(done)
	} else {
		fr.patchAll(out)
	}
	fr.cost = condCost + (thenCost+elseCost+1)/2
}

func (fr *frame) continueStmt(s *syntax.Continue) {
	if fr.escape(s, nil) {
		return
	}
	l := &fr.loops[len(fr.loops)-1]
	fr.leave(l)
	fr.jump(&l.continues, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos))
}

func (fr *frame) returnStmt(s *syntax.Return) {
	if fr.escape(s, s.Value) {
		return
	}
	if !fr.main {
		if s.Value == nil {
			fr.ret(noReg, s.Pos)
			return
		}
		fr.returnExpr(s.Value, s.Pos)
		return
	}
	t := fr.temp()
	if s.Value == nil {
		fr.emit(bytecode.LoadUnit, t, noReg, noReg, 0, 0, s.Pos)
	} else {
		fr.expr(s.Value, t)
	}
	fr.closeIters(0, s.Pos)
	fr.trace(bytecode.TraceReturn, t, s.Pos)
	fr.emit(bytecode.Halt, t, noReg, noReg, 0, 0, s.Pos)
}

func (fr *frame) throw(s *syntax.Throw) {
	// A unit that is thrown in a catch block, but not in a try block inside of it, is
	// the error that was caught.
	caught := noReg
	if n := len(fr.catches); n > 0 {
		caught = fr.catches[n-1]
	}
	if s.Value == nil && caught != noReg {
		fr.emit(bytecode.Rethrow, caught, noReg, noReg, 0, 0, s.Pos)
		return
	}
	t := fr.temp()
	if s.Value == nil {
		fr.emit(bytecode.LoadUnit, t, noReg, noReg, 0, 0, s.Pos)
	} else {
		fr.expr(s.Value, t)
	}
	if caught != noReg {
		thrown := fr.emit(bytecode.JumpNotUnit, t, noReg, noReg, 0, 0, s.Pos)
		fr.emit(bytecode.Rethrow, caught, noReg, noReg, 0, 0, s.Pos)
		fr.patch(thrown)
	}
	fr.emit(bytecode.Throw, t, noReg, noReg, 0, 0, s.Pos)
}

// try compiles try/catch: a range of instructions with a handler, which costs
// nothing until an error occurs.
func (fr *frame) try(s *syntax.Try, dst reg) {
	caught := fr.temp()
	end := fr.enter(true, s.Pos)
	from := fr.here()
	fr.catches = append(fr.catches, noReg)
	fr.tries++
	fr.blockStmt(s.Body, dst)
	fr.tries--
	fr.catches = fr.catches[:len(fr.catches)-1]
	to := fr.here()
	done := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
	target := fr.here()
	fr.f.Handlers = append(fr.f.Handlers, bytecode.Handler{From: from, To: to, Target: target})
	fr.block(func() {
		v := noReg
		if s.Var.Name != "" {
			v = fr.temp()
			fr.count(1, s.Var.Pos)
			fr.declareVar(s.Var.Name, v, false).depth = fr.depth
		}
		fr.emit(bytecode.Catch, v, caught, noReg, 0, 0, s.Var.Pos)
		end(s.Handler.Pos)
		leave := fr.enter(false, s.Handler.Pos)
		if v != noReg {
			fr.hide(s.Var.Name, s.Var.Pos)
		}
		fr.catches = append(fr.catches, caught)
		fr.stmts(s.Handler.Stmts, noReg)
		fr.catches = fr.catches[:len(fr.catches)-1]
		leave(s.Handler.End)
	})
	rethrown := func(in bytecode.Instr) bool { return in.Op == bytecode.Rethrow && in.A == caught.at() }
	if !slices.ContainsFunc(fr.c.prog.Code[target:], rethrown) {
		fr.c.prog.Code[target].B = bytecode.NoReg
	}
	fr.unit(dst, s.Handler.End)
	fr.patch(done)
}

func (fr *frame) importStmt(s *syntax.Import) {
	t := fr.value(s.Path)
	alias := int32(-1)
	if s.Alias.Name != "" {
		alias = int32(fr.c.name(s.Alias.Name))
	}
	i := fr.emit(bytecode.Import, t, noReg, noReg, alias, 0, s.Pos)
	fr.extra(i, bytecode.PosA, syntax.Start(s.Path))
}

func (fr *frame) export(s *syntax.Export) {
	alias := s.Alias.Name
	if alias == "" {
		alias = s.Name.Name
	}
	fr.exportVar(s.Name.Name, alias, s.Name.Pos)
}

func (fr *frame) exportVar(name, alias string, pos syntax.Pos) {
	r := noReg
	if v := fr.variable(name); v != nil {
		r = v.reg
		v.exported = true
	}
	fr.emit(bytecode.Export, noReg, r, noReg, int32(fr.c.name(alias)), int32(fr.c.name(name)), pos)
}
