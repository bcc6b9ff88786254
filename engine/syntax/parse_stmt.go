package syntax

// stmt parses one statement. It returns nil for a function definition.
func (p *parser) stmt() Stmt {
	t := p.tok.head
	doc := p.s.doc
	switch t.kind {
	case Semicolon:
		return &Empty{Pos: t.pos} // the terminator consumes it
	case LeftBrace:
		return p.block()
	case Fn_, Private:
		p.define(doc)
		return nil
	case If_:
		return p.ifStmt()
	case Switch_:
		return p.switchStmt()
	case While_, Loop_, Do_, For_:
		if p.opts.NoLooping {
			p.unexpected()
			return &Empty{}
		}
		return p.loopStmt()
	case Break_, Continue_, Return_, Throw_:
		return p.jumpStmt()
	case Try_:
		return p.tryStmt()
	case Let_, Const:
		return p.let()
	case Import_:
		return p.importStmt()
	case Export_:
		return p.exportStmt()
	case EOF:
		return &Empty{Pos: t.pos}
	}
	return p.exprStmt()
}

// exprStmt parses an expression or an assignment.
func (p *parser) exprStmt() Stmt {
	if !p.nest(p.tok.pos) {
		return &Empty{}
	}
	e := p.expr()
	p.depth--
	op := p.tok.head
	base := assignOps[op.kind]
	if base == EOF {
		return p.exprStmts.put(ExprStmt{X: e})
	}
	p.advance()
	rhs := p.expr()
	if p.err == nil {
		p.checkTarget(e, op)
	}
	return p.assigns.put(Assign{Pos: op.pos, Op: base, X: e, Y: rhs})
}

// checkTarget reports what cannot be assigned to.
func (p *parser) checkTarget(e Expr, op head) {
	switch x := e.(type) {
	case *Literal, *ArrayLit, *MapLit, *Closure:
		if _, ok := x.(*Closure); ok || isConstant(x) {
			p.fail(AssignmentToConstant, e.Position(), "Cannot assign to a constant value")
			return
		}
	case *Ident:
		if constant, _ := p.fn.lookup(x.Name); constant {
			p.fail(AssignmentToConstant, x.Pos, "Cannot assign to constant "+x.Name)
		}
		return
	case *This, *Path:
		return
	case *Logic:
		if op.kind == Assign_ {
			p.fail(BadInput, op.pos, "Possibly a typo of '=='?")
			return
		}
	case *Prop, *Index, *Method:
		if pos, ok := badLink(e, true); !ok {
			p.fail(AssignmentToInvalidLHS, pos, "Expression cannot be assigned to")
		}
		return
	}
	p.fail(AssignmentToInvalidLHS, e.Position(), "Expression cannot be assigned to")
}

// badLink reports whether a chain is a place: properties and indexes of a
// variable. Otherwise it returns where the first thing stands that is not.
func badLink(e Expr, last bool) (Pos, bool) {
	switch x := e.(type) {
	case *Ident, *This, *Path:
		return Pos{}, true
	case *Prop:
		return badLink(x.X, false)
	case *Index:
		return badLink(x.X, false)
	case *Method:
		if pos, ok := badLink(x.X, false); !ok {
			return pos, false
		}
		return x.Pos, false
	}
	return e.Position(), false
}

// name parses the name of a variable.
func (p *parser) name() Name {
	t := p.tok.head
	switch t.kind {
	case IdentTok:
		p.advance()
		return Name{t.text, t.pos}
	case ReservedTok:
		if isWord(t.text) {
			p.fail(Reserved, t.pos, ReservedText(t.text))
			return Name{}
		}
	case Bad:
		p.failWith(p.tok.err)
		return Name{}
	}
	p.fail(VariableExpected, t.pos, "Expecting name of a variable")
	return Name{}
}

func (p *parser) let() *Let {
	s := p.lets.put(Let{Pos: p.tok.pos, Const: p.tok.kind == Const})
	p.advance()
	s.Name = p.name()
	if p.opts.NoShadowing && p.err == nil && (p.fn.vars.Find(s.Name.Name) >= 0 || p.opts.Known != nil && p.opts.Known(s.Name.Name)) {
		p.fail(VariableExists, s.Name.Pos, "Variable already defined: "+s.Name.Name)
	}
	if p.got(Assign_) {
		if p.nest(p.tok.pos) {
			s.Init = p.expr()
			p.depth--
		}
	}
	p.constant(s.Const && isLiteral(s.Init))
	p.declare(s.Name.Name, s.Const)
	return s
}

// condition parses the condition of an if or a loop.
func (p *parser) condition() Expr {
	if p.tok.kind == LeftBrace {
		p.fail(ExprExpected, p.tok.pos, "Expecting a boolean expression")
		return &Literal{}
	}
	e := p.expr()
	p.mustBool(e)
	p.noAssign()
	p.constant(isLiteral(e))
	return e
}

// noAssign reports an = where a comparison is meant.
func (p *parser) noAssign() {
	if p.tok.kind == Assign_ {
		p.fail(BadInput, p.tok.pos, "Possibly a typo of '=='?")
	}
}

// kindOf names the type of a literal for messages, "" for anything else.
func kindOf(e Expr) string {
	switch x := e.(type) {
	case *Literal:
		switch {
		case x.Val.IsUnit():
			return "()"
		case x.Val.IsInt():
			return "a number"
		case x.Val.IsFloat():
			return "a floating-point number"
		case x.Val.IsChar():
			return "a character"
		case x.Val.IsString():
			return "a string"
		case x.Val.IsBool():
			return "a boolean"
		}
	case *Interp:
		return "a string"
	case *ArrayLit:
		return "an array"
	case *MapLit:
		return "an object map"
	case *Closure:
		return "Fn"
	}
	return ""
}

func (p *parser) mustBool(e Expr) {
	if k := kindOf(e); p.err == nil && k != "" && k != "a boolean" {
		p.fail(MismatchedType, e.Position(), "Expecting a boolean expression, not "+k)
	}
}

func (p *parser) ifStmt() *If {
	s := p.ifs.put(If{Pos: p.tok.pos})
	if !p.nest(p.tok.pos) {
		return s
	}
	p.advance()
	s.Cond = p.condition()
	s.Then = p.block()
	if p.got(Else) {
		if p.tok.kind == If_ {
			s.Else = p.ifStmt()
		} else {
			s.Else = p.block()
		}
	}
	p.depth--
	return s
}

// loopStmt parses the statements that repeat.
func (p *parser) loopStmt() Stmt {
	t := p.tok.head
	if !p.nest(t.pos) {
		return &Empty{}
	}
	defer func() { p.depth-- }()
	p.advance()
	switch t.kind {
	case Loop_:
		return p.whiles.put(While{Pos: t.pos, Body: p.loopBody()})
	case While_:
		s := p.whiles.put(While{Pos: t.pos, Cond: p.condition()})
		s.Body = p.loopBody()
		return s
	case Do_:
		s := &Do{Pos: t.pos, Body: p.loopBody()}
		switch p.tok.kind {
		case While_:
		case Until:
			s.Until = true
		default:
			p.missing("while", "for the do statement")
			return s
		}
		p.advance()
		s.Cond = p.condition()
		return s
	}
	return p.forStmt(t.pos)
}

func (p *parser) loopBody() *Block {
	p.fn.loops++
	b := p.block()
	p.fn.loops--
	return b
}

func (p *parser) forStmt(pos Pos) *For {
	s := p.fors.put(For{Pos: pos})
	if p.got(LeftParen) {
		s.Var = p.name()
		if p.tok.kind != Comma {
			p.missing(",", "after the iteration variable name")
			return s
		}
		p.advance()
		s.Counter = p.name()
		if p.err == nil && s.Counter.Name == s.Var.Name {
			p.fail(DuplicatedVariable, s.Counter.Pos, "Duplicated variable name: "+s.Counter.Name)
		}
		if p.tok.kind != RightParen {
			p.missing(")", "to close the iteration variable")
			return s
		}
		p.advance()
	} else {
		s.Var = p.name()
	}
	if p.tok.kind != In {
		p.missing("in", "after the iteration variable")
		return s
	}
	p.advance()
	if p.tok.kind == LeftBrace {
		p.fail(ExprExpected, p.tok.pos, "Expecting a boolean expression")
		return s
	}
	s.X = p.expr()
	switch k := kindOf(s.X); k {
	case "()", "a boolean", "a number", "a floating-point number", "a character", "an object map":
		p.fail(MismatchedType, s.X.Position(), "Expecting an iterable value, not "+k)
	}
	n := p.fn.vars.Len()
	p.declare(s.Var.Name, false)
	if s.Counter.Name != "" {
		p.declare(s.Counter.Name, false)
	}
	s.Body = p.loopBody()
	p.fn.forget(n)
	return s
}

// noOperand reports whether the next token cannot begin the operand of return,
// throw or break.
func (p *parser) noOperand() bool {
	switch p.tok.kind {
	case Bad, IdentTok, IntTok, FloatTok, CharTok, StringTok, InterpTok, ReservedTok, CustomTok, True, False,
		Plus, Minus, UnaryPlus, UnaryMinus, Bang, Or, OrOr, LeftBrace, LeftParen, LeftBracket, MapStart, UnitTok,
		If_, Switch_, Do_, While_, Loop_, For_:
		return false
	}
	return true
}

// jumpStmt parses break, continue, return and throw.
func (p *parser) jumpStmt() Stmt {
	t := p.take()
	if (t.kind == Break_ || t.kind == Continue_) && p.fn.loops == 0 {
		p.fail(LoopBreak, t.pos, "Break statement should only be used inside a loop")
		return &Empty{}
	}
	if t.kind == Continue_ {
		return p.continues.put(Continue{Pos: t.pos})
	}
	var e Expr
	if !p.noOperand() {
		e = p.expr()
	}
	switch t.kind {
	case Break_:
		return &Break{Pos: t.pos, Value: e}
	case Return_:
		return p.returns.put(Return{Pos: t.pos, Value: e})
	}
	return p.throws.put(Throw{Pos: t.pos, Value: e})
}

func (p *parser) tryStmt() Stmt {
	s := &Try{Pos: p.tok.pos}
	p.advance()
	s.Body = p.block()
	if p.tok.kind != Catch {
		p.missing("catch", "for the 'try' statement")
		return s
	}
	p.advance()
	n := p.fn.vars.Len()
	if p.got(LeftParen) {
		s.Var = p.name()
		if p.tok.kind != RightParen {
			p.missing(")", "to enclose the catch variable")
			return s
		}
		p.advance()
		p.declare(s.Var.Name, false)
	}
	s.Handler = p.block()
	p.fn.forget(n)
	return s
}

func (p *parser) importStmt() Stmt {
	p.fn.uses |= UsesImport
	s := &Import{Pos: p.tok.pos}
	p.advance()
	s.Path = p.expr()
	if p.got(As) {
		s.Alias = p.name()
		p.fn.imports.Push(s.Alias.Name)
	}
	return s
}

func (p *parser) exportStmt() Stmt {
	pos := p.tok.pos
	if p.fn.blocks > 0 || p.fn.fn {
		p.fail(WrongExport, pos, "Export statement can only appear at global level")
		return &Empty{}
	}
	p.advance()
	if p.tok.kind == Let_ || p.tok.kind == Const {
		s := p.let()
		s.Export = true
		return s
	}
	s := &Export{Pos: pos, Name: p.name()}
	if p.got(As) {
		s.Alias = p.name()
	}
	return s
}
