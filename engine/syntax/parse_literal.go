package syntax

import (
	"math"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

var zero = value.Int(0)

func (p *parser) lit(pos Pos, v value.Value) *Literal {
	return p.literals.put(Literal{Pos: pos, Val: v})
}

// literal makes the node of a literal token.
func (p *parser) literal(t *token) *Literal {
	v := value.Unit
	switch t.kind {
	case IntTok:
		v = value.Int(int64(t.num))
	case FloatTok:
		v = value.Float(math.Float64frombits(t.num))
	case CharTok:
		v = value.Char(rune(t.num))
	case StringTok:
		v = p.textValue(t.text)
	case True:
		v = value.Bool(true)
	case False:
		v = value.Bool(false)
	}
	return p.lit(t.pos, v)
}

// textValue returns a text as a value: the same one for a short text that is like a recent
// one, as scripts have many of a few.
func (p *parser) textValue(x string) value.Value {
	if x == "" || len(x) > 32 {
		return value.String(x)
	}
	t := &p.texts[(uint(len(x))+uint(x[0])*7+uint(x[len(x)-1])*3)%uint(len(p.texts))]
	if t.text != x {
		t.text, t.val = x, value.String(x)
		p.hasTexts = true
	}
	return t.val
}

// signed applies a sign to a number. The smallest integer has no counterpart: it
// becomes a float.
func (p *parser) signed(op Token, l *Literal) *Literal {
	switch {
	case op == UnaryPlus:
		return l
	case l.Val.IsFloat():
		return p.lit(l.Pos, value.Float(-l.Val.Float()))
	case l.Val.Int() == math.MinInt64:
		return p.lit(l.Pos, value.Float(-float64(l.Val.Int())))
	}
	return p.lit(l.Pos, value.Int(-l.Val.Int()))
}

// interpolated parses a back-tick string whose first ${ was read.
func (p *parser) interpolated() Expr {
	t := p.tok.head
	e := p.interps.put(Interp{Pos: t.pos})
	parts, places := p.exprs.len(), p.at.len()
	part := func(x Expr, pos Pos) {
		p.exprs.push(x)
		p.at.push(pos)
	}
	noBar := p.noBar
	p.noBar = false
	for p.err == nil && p.tok.kind == InterpTok {
		if p.tok.text != "" {
			part(p.lit(p.tok.pos, p.textValue(p.tok.text)), p.tok.pos)
		}
		if !p.nest(t.pos) {
			break
		}
		brace := p.s.pos(p.s.off - 1)
		b := Block{Pos: brace}
		p.advance()
		b.Stmts = p.interpolation()
		b.End = p.tok.pos
		p.depth--
		if p.err != nil {
			break
		}
		x := p.blockValue(b)
		p.constant(isLiteral(x))
		part(x, brace)
		p.tok = p.s.resume(p.tok.pos)
	}
	p.noBar = noBar
	if p.err != nil {
		return e
	}
	if p.tok.kind == Bad {
		p.failWith(p.tok.err)
		return e
	}
	if p.tok.text != "" {
		part(p.lit(p.tok.pos, p.textValue(p.tok.text)), p.tok.pos)
	}
	p.advance()
	e.Parts, e.At = p.exprs.pop(parts), p.at.pop(places)
	if text, ok := constantText(e); ok && (p.opts.MaxString <= 0 || len(text) <= p.opts.MaxString) {
		return p.lit(e.Pos, value.String(text))
	}
	return e
}

// constantText returns the text of a back-tick string of nothing but strings.
func constantText(e *Interp) (text string, ok bool) {
	for _, x := range e.Parts {
		if l, ok := x.(*Literal); !ok || !l.Val.IsString() {
			return "", false
		}
	}
	var b strings.Builder
	for _, x := range e.Parts {
		b.WriteString(x.(*Literal).Val.Str())
	}
	return b.String(), true
}

// interpolation parses the statements inside ${ }, up to the brace.
func (p *parser) interpolation() []Stmt {
	if !p.opts.expr {
		return p.stmts()
	}
	if p.tok.kind == RightBrace {
		return nil
	}
	x := p.expr()
	if p.err == nil && p.tok.kind != RightBrace {
		p.unexpected()
	}
	return p.lines.list(p.exprStmts.put(ExprStmt{X: x}))
}

// blockValue is the expression that a block of one expression amounts to.
func (p *parser) blockValue(b Block) Expr {
	switch len(b.Stmts) {
	case 0:
		return p.lit(b.Pos, value.Unit)
	case 1:
		if s, ok := b.Stmts[0].(*ExprStmt); ok {
			return s.X
		}
	}
	return p.stmtExprs.put(StmtExpr{p.blocks.put(b)})
}

// array parses an array literal.
func (p *parser) array() Expr {
	a := p.arrays.put(ArrayLit{Pos: p.tok.pos})
	p.advance()
	top := p.exprs.len()
	for p.err == nil {
		if p.tok.kind == EOF {
			p.missing("]", "to end this array literal")
			break
		}
		if p.got(RightBracket) {
			break
		}
		if m := p.opts.MaxArray; m > 0 && p.exprs.len()-top >= m {
			p.fail(LiteralTooLarge, p.tok.pos, "Size of array literal exceeds the maximum limit ("+strconv.Itoa(m)+")")
			break
		}
		p.exprs.push(p.nested(a.Pos))
		switch p.tok.kind {
		case Comma:
			p.advance()
		case RightBracket:
		case EOF:
			p.missing("]", "to end this array literal")
		default:
			p.missing(",", "to separate the items of this array literal")
		}
	}
	a.Items = p.exprs.pop(top)
	p.constant(allLiterals(a.Items))
	return a
}

// mapLit parses an object map literal.
func (p *parser) mapLit() Expr {
	const ending = "to end this object map literal"
	m := p.maps.put(MapLit{Pos: p.tok.pos})
	top, first := p.exprs.len(), p.keys.len()
	var seen map[string]bool // of a large literal
	p.advance()
	for p.err == nil && !p.got(RightBrace) {
		t := p.tok.head
		switch {
		case t.kind == IdentTok || t.kind == StringTok:
			p.advance()
		case t.kind == ReservedTok && isWord(t.text):
			p.fail(Reserved, t.pos, ReservedText(t.text))
		case t.kind == InterpTok:
			p.fail(PropertyExpected, t.pos, "Expecting name of a property")
		case t.kind == EOF || p.keys.len() == first:
			p.missing("}", ending)
		case t.kind == Bad:
			p.failWith(p.tok.err)
		default:
			p.fail(PropertyExpected, t.pos, "Expecting name of a property")
		}
		if p.err != nil {
			break
		}
		if seen == nil && p.keys.len()-first >= 16 {
			seen = map[string]bool{}
			for _, k := range p.keys.from(first) {
				seen[k.Name] = true
			}
		}
		if seen[t.text] || seen == nil && hasName(p.keys.from(first), t.text) {
			p.fail(DuplicatedProperty, t.pos, "Duplicated property for object map literal: "+t.text)
			break
		}
		if seen != nil {
			seen[t.text] = true
		}
		if !p.got(Colon) {
			p.missing(":", "to follow the property '"+t.text+"' in this object map literal")
			break
		}
		if n := p.opts.MaxMap; n > 0 && p.keys.len()-first >= n {
			p.fail(LiteralTooLarge, p.tok.pos, "Number of properties in object map literal exceeds the maximum limit ("+strconv.Itoa(n)+")")
			break
		}
		p.keys.push(Name{t.text, t.pos})
		p.exprs.push(p.nested(m.Pos))
		switch p.tok.kind {
		case Comma:
			p.advance()
		case RightBrace:
		case IdentTok:
			p.missing(",", "to separate the items of this object map literal")
		default:
			p.missing("}", ending)
		}
	}
	m.Keys, m.Values = p.keys.pop(first), p.exprs.pop(top)
	p.constant(allLiterals(m.Values))
	return m
}

// constant notes that the optimiser finds something to do if known is set: the operands of
// an operator or the items of a literal are constants. What it makes of them may be an
// operand of something else, which it then finds by itself.
func (p *parser) constant(known bool) {
	if known {
		p.fn.uses |= UsesConstants
	}
}

func isLiteral(e Expr) bool {
	_, ok := e.(*Literal)
	return ok
}

// allLiterals reports whether a list that is not empty has nothing but literals.
func allLiterals(list []Expr) bool {
	for _, x := range list {
		if !isLiteral(x) {
			return false
		}
	}
	return len(list) > 0
}

// isConstant reports whether e is a literal or an array or map of such.
func isConstant(e Expr) bool {
	switch e := e.(type) {
	case *Literal:
		return true
	case *ArrayLit:
		return allConstant(e.Items)
	case *MapLit:
		return allConstant(e.Values)
	}
	return false
}

func allConstant(list []Expr) bool {
	for _, x := range list {
		if !isConstant(x) {
			return false
		}
	}
	return true
}

// literalValue returns the value of a constant expression, frozen.
func literalValue(e Expr) (value.Value, bool) {
	if !isConstant(e) {
		return value.Unit, false
	}
	return value.Freeze(build(e)), true
}

func build(e Expr) value.Value {
	switch e := e.(type) {
	case *Literal:
		return e.Val
	case *ArrayLit:
		items := make([]value.Value, len(e.Items))
		for i, x := range e.Items {
			items[i] = build(x)
		}
		return value.NewArray(items)
	case *MapLit:
		m := value.NewMap(len(e.Keys))
		for i, x := range e.Values {
			m.Set(e.Keys[i].Name, build(x))
		}
		return m.Value()
	}
	return value.Unit
}
