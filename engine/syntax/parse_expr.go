package syntax

// expr parses an expression.
func (p *parser) expr() Expr {
	if !p.nest(p.tok.pos) {
		return &Literal{}
	}
	depth := p.depth
	e := p.binary(p.unary(), 0)
	p.depth = depth - 1
	return e
}

// nested parses an expression inside brackets at pos, where | is an operator
// again.
func (p *parser) nested(pos Pos) Expr {
	if !p.nest(pos) {
		return &Literal{}
	}
	noBar := p.noBar
	p.noBar = false
	// Too deep an expression is reported at its bracket.
	var e Expr
	if p.depth+1 > p.max {
		p.nest(pos)
		e = &Literal{}
	} else {
		e = p.expr()
	}
	p.noBar = noBar
	p.depth--
	return e
}

// precedence returns that of the next token as a binary operator, 0 if it is
// none.
func (p *parser) precedence() uint8 {
	switch t := &p.tok; t.kind {
	case Or:
		if p.noBar {
			return 0
		}
	case CustomTok:
		return p.opts.Operators[t.text]
	}
	return precedences[p.tok.kind]
}

// binary parses operators that bind tighter than min, with x as the first
// operand. As in Rhai every operator of a chain is one level of nesting.
func (p *parser) binary(x Expr, min uint8) Expr {
	depth := p.depth
	pos := x.Position()
	for p.err == nil {
		if p.tok.kind == ReservedTok && !isWord(p.tok.text) {
			p.fail(UnknownOperator, p.tok.pos, "Unknown operator: '"+p.tok.text+"'")
			break
		}
		prec := p.precedence()
		if prec <= min {
			break
		}
		op := p.take()
		y := p.rightOperand(op)
		// A tighter operator behind y takes it first; ** binds to the right.
		if next := p.precedence(); next > prec || next == prec && p.tok.kind == Power {
			if !p.nest(pos) {
				break
			}
			low := prec
			if p.tok.kind == Power && next == prec {
				low--
			}
			y = p.binary(y, low)
			p.depth--
		}
		if !p.nest(pos) {
			break
		}
		pos = op.pos
		x = p.combine(op, x, y)
	}
	p.depth = depth
	return x
}

// rightOperand parses what stands right of an operator.
func (p *parser) rightOperand(op head) Expr {
	switch op.kind {
	case RangeExcl, RangeIncl:
		switch p.tok.kind {
		case RightBracket, RightParen, RightBrace, Comma, Semicolon, FatArrow:
			return &Literal{Pos: p.tok.pos}
		}
	case Coalesce:
		switch p.tok.kind {
		case Break_, Continue_, Return_, Throw_:
			return p.stmtExprs.put(StmtExpr{p.jumpStmt()})
		}
	}
	return p.unary()
}

// combine makes the node of an operator.
func (p *parser) combine(op head, x, y Expr) Expr {
	switch op.kind {
	case AndAnd, OrOr, Coalesce:
		if op.kind != Coalesce {
			p.mustBool(x)
			p.mustBool(y)
		}
		p.constant(isLiteral(x))
		l, ok := x.(*Logic)
		if !ok || l.Op != op.kind {
			l = p.logics.put(Logic{Pos: op.pos, Op: op.kind, X: append(p.exprs.take(2)[:0], x)})
		}
		if r, ok := y.(*Logic); ok && r.Op == op.kind {
			l.X = append(l.X, r.X...)
		} else {
			l.X = append(l.X, y)
		}
		return l
	case CustomTok:
		return p.binaries.put(Binary{Pos: op.pos, Op: Custom_, Name: op.text, X: x, Y: y})
	case RangeExcl, RangeIncl, In, NotIn:
	default:
		p.constant(isLiteral(x) && isLiteral(y))
	}
	return p.binaries.put(Binary{Pos: op.pos, Op: op.kind, X: x, Y: y})
}

// unary parses prefix operators and what they apply to.
func (p *parser) unary() Expr {
	t := p.tok.head
	switch t.kind {
	case UnaryMinus, Minus, UnaryPlus, Plus, Bang:
	default:
		return p.postfix(p.primary())
	}
	if !p.nest(t.pos) {
		return &Literal{}
	}
	p.advance()
	x := p.unary()
	p.depth--
	switch t.kind {
	case Minus:
		t.kind = UnaryMinus
	case Plus:
		t.kind = UnaryPlus
	}
	if l, ok := x.(*Literal); ok && l.Val.IsNumber() && t.kind != Bang {
		return p.signed(t.kind, l)
	}
	p.constant(isLiteral(x))
	return p.unaries.put(Unary{Pos: t.pos, Op: t.kind, X: x})
}

// deeper parses what counts as a level of its own: arrays, maps and closures.
func (p *parser) deeper(pos Pos, parse func() Expr) Expr {
	if !p.nest(pos) {
		return &Literal{}
	}
	e := parse()
	p.depth--
	return e
}

// primary parses an operand without its postfix operators.
func (p *parser) primary() Expr {
	t := p.tok.head
	switch t.kind {
	case IntTok, FloatTok, CharTok, StringTok, True, False, UnitTok:
		l := p.literal(&p.tok)
		p.advance()
		return l
	case InterpTok:
		return p.interpolated()
	case RangeExcl, RangeIncl:
		return p.lit(t.pos, zero) // the operator follows
	case IdentTok:
		return p.identifier()
	case CustomTok:
		if def := p.opts.Syntax[t.text]; def != nil {
			return p.custom(def)
		}
		if p.opts.Operators[t.text] > 0 && isWord(t.text) {
			return p.operatorCall()
		}
	case ReservedTok:
		return p.reservedWord()
	case LeftParen:
		p.advance()
		e := p.nested(t.pos)
		if !p.got(RightParen) {
			p.missing(")", "for a matching ( in this expression")
		}
		if id, ok := e.(*Ident); ok {
			// A name in parentheses is a name: (f)(x) calls it.
			return p.named(head{IdentTok, id.Pos, id.Name}, id)
		}
		return e
	case LeftBracket:
		return p.deeper(t.pos, p.array)
	case MapStart:
		return p.deeper(t.pos, p.mapLit)
	case Or, OrOr:
		if p.opts.Eval {
			p.wrongFn(Pos{})
			return &Literal{}
		}
		if !p.opts.NoClosures && !(t.kind == Or && p.noBar) {
			return p.deeper(t.pos, p.closure)
		}
	case LeftBrace:
		if !p.opts.NoStmtExpr && !p.opts.expr {
			return p.stmtExprs.put(StmtExpr{p.block()})
		}
	case If_:
		if !p.opts.NoIfExpr {
			return p.stmtExprs.put(StmtExpr{p.ifStmt()})
		}
	case Switch_:
		if !p.opts.NoSwitchExpr {
			return p.stmtExprs.put(StmtExpr{p.switchStmt()})
		}
	case While_, Loop_, Do_, For_:
		if !p.opts.NoLoopExpr && !p.opts.NoLooping && !p.opts.expr {
			return p.stmtExprs.put(StmtExpr{p.loopStmt()})
		}
	}
	p.unexpected()
	return p.literals.put(Literal{Pos: t.pos})
}

// call makes the node of a call.
func (p *parser) call(c Call) Expr {
	if c.Bang || c.Name == "eval" {
		p.fn.uses |= UsesNames
	}
	return p.calls.put(c)
}

// isCall reports whether the next token opens an argument list.
func (p *parser) isCall() bool { return p.tok.kind == LeftParen || p.tok.kind == UnitTok }

// identifier parses a variable, a call, or a path into a module.
func (p *parser) identifier() Expr {
	t := p.take()
	return p.named(t, nil)
}

// named parses what follows a name. id is the variable of that name if it was parsed
// already.
func (p *parser) named(t head, id *Ident) Expr {
	switch p.tok.kind {
	case LeftParen, UnitTok:
		return p.call(Call{Pos: t.pos, Name: t.text, Args: p.args(t.text)})
	case Bang:
		return p.bangCall(t)
	case DoubleColon:
		return p.path(t)
	}
	if id != nil {
		return id
	}
	p.access(t.text, t.pos)
	return p.idents.put(Ident{Pos: t.pos, Name: t.text})
}

// operatorCall parses the call of a custom operator as a function.
func (p *parser) operatorCall() Expr {
	t := p.take()
	if !p.isCall() {
		p.fail(BadInput, t.pos, "Unexpected '"+t.text+"'")
		return &Literal{}
	}
	return p.call(Call{Pos: t.pos, Name: t.text, Args: p.args(t.text)})
}

// bangCall parses the rest of f!(args).
func (p *parser) bangCall(t head) Expr {
	p.advance()
	if !p.isCall() {
		p.missing("(", "to start arguments list of function call")
		return &Literal{}
	}
	return p.call(Call{Pos: t.pos, Name: t.text, Args: p.args(t.text), Bang: true})
}

// path parses what follows the first name of a::b::c.
func (p *parser) path(t head) Expr {
	ns := []Name{{t.text, t.pos}}
	for p.got(DoubleColon) {
		t = p.tok.head
		if t.kind != IdentTok {
			p.name()
			return &Literal{}
		}
		p.advance()
		if len(ns) > hardChain {
			p.fail(ExprTooDeep, t.pos, "Expression exceeds maximum complexity")
		}
		if p.tok.kind == DoubleColon {
			ns = append(ns, Name{t.text, t.pos})
		}
	}
	p.checkModule(ns[0])
	switch {
	case p.isCall():
		return p.call(Call{Pos: t.pos, NS: ns, Name: t.text, Args: p.args(t.text)})
	case p.tok.kind == Bang:
		p.unexpected()
	}
	return &Path{Pos: t.pos, NS: ns, Name: t.text}
}

// checkModule reports an unknown module in strict mode.
func (p *parser) checkModule(n Name) {
	if !p.opts.Strict || n.Name == "global" || p.opts.Modules != nil && p.opts.Modules(n.Name) {
		return
	}
	for st := p.fn; st != nil; st = st.parent {
		if st.imports.Find(n.Name) >= 0 {
			return
		}
	}
	p.fail(ModuleUndefined, n.Pos, "Undefined module: "+n.Name)
}

// reservedWord parses this and the functions whose names are reserved.
func (p *parser) reservedWord() Expr {
	t := p.tok.head
	class := reservedWords[t.text]
	if p.opts.Disabled[t.text] {
		if class == callOnly || class == callOrMethod {
			p.fail(BadInput, t.pos, "reserved keyword '"+t.text+"' is disabled")
			return &Literal{}
		}
		class = 0
	}
	switch class {
	case valueOnly:
		if !p.fn.fn {
			p.fail(BadInput, t.pos, "'this' can only be used in functions")
			return &Literal{}
		}
		p.advance()
		p.fn.uses |= UsesThis
		return p.these.put(This{Pos: t.pos})
	case callOnly, callOrMethod:
		p.advance()
		switch {
		case p.isCall():
			if t.text == "eval" {
				for st := p.fn; st != nil; st = st.parent {
					st.dynamic = st.dynamic || st == p.fn
				}
			}
			return p.call(Call{Pos: t.pos, Name: t.text, Args: p.args(t.text)})
		case p.tok.kind == Bang:
			return p.bangCall(t)
		}
		p.fail(Reserved, t.pos, ReservedText(t.text))
	default:
		p.unexpected()
	}
	return &Literal{}
}

// args parses the argument list of a call.
func (p *parser) args(name string) []Expr {
	if p.got(UnitTok) {
		return nil
	}
	open := p.take()
	if p.tok.kind == EOF {
		p.unclosed(name)
		return nil
	}
	top := p.exprs.len()
	for p.err == nil && !p.got(RightParen) {
		p.exprs.push(p.nested(open.pos))
		switch p.tok.kind {
		case RightParen:
		case Comma:
			p.advance()
		case EOF:
			p.unclosed(name)
		default:
			p.missing(",", "to separate the arguments to function call '"+name+"'")
		}
	}
	return p.exprs.pop(top)
}

// unclosed reports an argument list that the text ends in.
func (p *parser) unclosed(name string) {
	p.missing(")", "to close the arguments list of this function call '"+name+"'")
}

// postfix parses properties, indexes and method calls behind x.
func (p *parser) postfix(x Expr) Expr {
	// What is behind a dot is a level deeper than what is in front of it, as is an index
	// behind an index.
	depth, brackets := p.depth, 0
	for n := 0; p.err == nil; n++ {
		if n > hardChain {
			p.fail(ExprTooDeep, p.tok.pos, "Expression exceeds maximum complexity")
			break
		}
		t := p.tok.head
		switch t.kind {
		case LeftBracket, SafeBracket:
			p.advance()
			if brackets++; brackets > 1 && !p.nest(t.pos) {
				return x
			}
			index := p.nested(t.pos)
			if p.err == nil {
				p.checkIndex(x, index)
			}
			if !p.got(RightBracket) {
				p.missing("]", "for a matching [ in this index expression")
			}
			x = p.indexes.put(Index{X: x, Pos: t.pos, Index: index, Safe: t.kind == SafeBracket})
		case Dot, SafeDot:
			p.advance()
			p.depth -= max(brackets-1, 0)
			brackets = 0
			if !p.nest(t.pos) {
				return x
			}
			x = p.member(x, t)
		default:
			p.depth = depth
			return x
		}
	}
	p.depth = depth
	return x
}

// member parses a property or method behind a dot.
func (p *parser) member(x Expr, dot head) Expr {
	t := p.tok.head
	switch {
	case t.kind == IdentTok:
		p.advance()
	case t.kind == ReservedTok && isWord(t.text):
		p.advance()
		if reservedWords[t.text] != callOrMethod || !p.isCall() {
			p.fail(Reserved, t.pos, ReservedText(t.text))
			return x
		}
	default:
		p.fail(PropertyExpected, t.pos, "Expecting name of a property")
		return x
	}
	safe := dot.kind == SafeDot
	switch p.tok.kind {
	case LeftParen, UnitTok:
		return p.methods.put(Method{X: x, Dot: dot.pos, Pos: t.pos, Name: t.text, Args: p.args(t.text), Safe: safe})
	case Bang:
		p.advance()
		if p.isCall() {
			p.fail(MalformedCapture, t.pos, "method-call style does not support running within the caller's scope")
		} else {
			p.missing("(", "to start arguments list of function call")
		}
	case DoubleColon:
		p.fail(BadInput, p.tok.pos, "Invalid symbol encountered: '::'")
	}
	return p.props.put(Prop{X: x, Dot: dot.pos, Pos: t.pos, Name: t.text, Safe: safe})
}

// checkIndex reports a literal that cannot index a literal.
func (p *parser) checkIndex(x, index Expr) {
	kind := kindOf(index)
	if l, ok := index.(*Logic); ok && l.Op != Coalesce {
		kind = "a boolean"
	}
	if kind == "a floating-point number" {
		kind = "a float"
	}
	switch kind {
	case "", "an array", "an object map":
		return
	}
	switch k := kindOf(x); k {
	case "an object map":
		if kind != "a string" {
			p.fail(MalformedIndexExpr, index.Position(), "Object map expects string index, not "+kind)
		}
	case "an array", "a string", "a number":
		switch kind {
		case "a number":
		case "a string":
			p.fail(MalformedIndexExpr, index.Position(), "Array, string or bit-field expects numeric index, not a string")
		default:
			p.fail(MalformedIndexExpr, index.Position(), "Array, string or bit-field expects integer index, not "+kind)
		}
	}
}

// closure parses |params| body.
func (p *parser) closure() Expr { return p.closureWith(p.take()) }

// closureWith parses a closure whose first token was t.
func (p *parser) closureWith(t head) Expr {
	d := p.funcs.put(FuncDecl{Pos: t.pos, Anonymous: true})
	if !p.countFunc(t.pos) {
		return &Literal{}
	}
	if t.kind == Or {
		p.params(d, Or, "|")
	}
	outer, noBar := p.fn, p.noBar
	p.noBar = false
	p.fn = p.begin(true)
	for _, n := range d.Params {
		p.declare(n.Name, false)
	}
	body := p.blocks.put(Block{Pos: p.tok.pos})
	if p.err == nil {
		body.Stmts = p.closureBody()
	}
	body.End = p.tok.pos
	d.Body = body
	captures := p.fn.ext
	d.Uses = p.fn.uses | UsesKnown
	outer.uses |= p.fn.uses & UsesConstants
	if len(captures) > 0 {
		outer.uses |= UsesCaptures
	}
	p.finish(p.fn)
	p.fn, p.noBar = outer, noBar
	if p.err == nil {
		d.Name = Name{p.closureName(d), t.pos}
	}
	p.out.HasClosure = true
	return p.closures.put(Closure{Pos: t.pos, Fn: d, Captures: captures})
}

// closureBody parses the one statement that a closure consists of.
func (p *parser) closureBody() []Stmt {
	if p.opts.expr {
		if p.tok.kind == LeftBrace {
			return p.lines.list(p.block())
		}
		return p.lines.list(p.exprStmts.put(ExprStmt{X: p.expr()}))
	}
	s := p.stmt()
	if _, ok := s.(*Empty); ok {
		p.got(Semicolon)
	}
	if s == nil {
		return nil
	}
	return p.lines.list(s)
}
