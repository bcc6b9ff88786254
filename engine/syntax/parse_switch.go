package syntax

// switchStmt parses a switch.
func (p *parser) switchStmt() *Switch {
	s := p.switches.put(Switch{Pos: p.tok.pos})
	if !p.nest(p.tok.pos) {
		return s
	}
	p.advance()
	s.X = p.expr()
	if p.tok.kind != LeftBrace {
		p.missing("{", "to start a switch block")
		return s
	}
	p.advance()
	var hasRange bool
	var deflt Pos
	hasDefault := false
	top := p.cases.len()
	afterComma := true
	for p.err == nil && p.tok.kind != RightBrace {
		if p.tok.kind == EOF {
			end := ")"
			if afterComma {
				end = "}"
			}
			p.missing(end, "to end this switch block")
			break
		}
		c := SwitchCase{Pos: p.tok.pos}
		switch {
		case p.tok.kind == Underscore && !hasDefault:
			deflt, hasDefault = c.Pos, true
			p.advance()
			if p.tok.kind == If_ {
				p.fail(WrongSwitchCaseCondition, p.tok.pos, "This switch case cannot have a condition")
			}
		case hasDefault:
			p.fail(WrongSwitchDefaultCase, deflt, "Default switch case must be the last")
		default:
			p.labels(&c)
		}
		if p.err != nil {
			break
		}
		if p.tok.kind != FatArrow {
			p.missing("=>", "in this switch case")
			break
		}
		p.advance()
		n := p.fn.vars.Len()
		p.fn.blocks++
		if p.opts.expr {
			c.Body = p.exprStmts.put(ExprStmt{X: p.expr()})
		} else {
			c.Body = p.stmt()
		}
		p.fn.blocks--
		p.fn.forget(n)
		if p.err != nil {
			break
		}
		if _, ok := c.Body.(*Empty); ok {
			p.got(Semicolon)
		} else if c.Body == nil {
			c.Body = &Empty{Pos: c.Pos}
		}
		if !p.checkLabels(&c, &hasRange) {
			break
		}
		p.cases.push(c)
		afterComma = false
		switch p.tok.kind {
		case Comma:
			p.advance()
			afterComma = true
		case RightBrace, EOF:
		case Bad:
			p.failWith(p.tok.err)
		default:
			if !selfTerminated(c.Body) {
				p.missing(",", "to separate the items in this switch block")
			}
		}
	}
	s.Cases = p.cases.pop(top)
	p.advance()
	p.depth--
	return s
}

// labels parses the labels of an arm and its guard.
func (p *parser) labels(c *SwitchCase) {
	top := p.exprs.len()
	for {
		old := p.noBar
		p.noBar = true
		e := p.expr()
		p.noBar = old
		if p.err != nil {
			p.err.Type = ExprExpected
			p.err.Text = "Expecting literal expression"
			return
		}
		p.exprs.push(e)
		if !p.got(Or) {
			break
		}
	}
	c.Labels = p.exprs.pop(top)
	if p.got(If_) {
		c.Guard = p.condition()
	}
}

// isBound reports whether e may be the start or the end of a range label: a whole
// number, or nothing.
func isBound(e Expr) bool {
	l, ok := e.(*Literal)
	return ok && (l.Val.IsInt() || l.Val.IsUnit())
}

// checkLabels turns the labels of an arm into literals.
func (p *parser) checkLabels(c *SwitchCase, hasRange *bool) bool {
	for i, e := range c.Labels {
		if b, ok := e.(*Binary); ok && (b.Op == RangeExcl || b.Op == RangeIncl) && isBound(b.X) && isBound(b.Y) {
			if x, y := b.X.(*Literal).Val, b.Y.(*Literal).Val; y.IsUnit() || x.Int() < y.Int() || b.Op == RangeIncl && x.Int() == y.Int() {
				*hasRange = true
			}
			continue
		}
		v, ok := literalValue(e)
		if !ok {
			p.fail(ExprExpected, Start(e), "Expecting a literal expression")
			return false
		}
		if *hasRange && v.IsNumber() {
			p.fail(WrongSwitchIntegerCase, e.Position(), "Numeric switch case cannot follow a range case")
			return false
		}
		c.Labels[i] = p.lit(e.Position(), v)
	}
	return true
}
