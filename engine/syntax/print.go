package syntax

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Print returns source text for a tree. Parsing it again gives the same tree but
// for positions, comments and redundant parentheses.
func Print(f *File) string {
	var p printer
	for _, d := range f.Funcs {
		p.fn(d)
		p.line()
	}
	for i, s := range f.Stmts {
		if i > 0 {
			p.line()
		}
		p.stmtLine(s, i == len(f.Stmts)-1)
	}
	p.str("\n")
	return p.b.String()
}

type printer struct {
	b      bytes.Buffer
	indent int
}

func (p *printer) str(s string) { p.b.WriteString(s) }

func (p *printer) number(n int) { p.b.Write(strconv.AppendInt(p.b.AvailableBuffer(), int64(n), 10)) }

func (p *printer) line() {
	p.b.WriteByte('\n')
	for range p.indent {
		p.b.WriteByte('\t')
	}
}

func (p *printer) stmtLine(s Stmt, last bool) {
	p.stmt(s)
	if _, ok := s.(*Empty); ok || !last && !selfTerminated(s) {
		p.str(";")
	}
}

func (p *printer) fn(d *FuncDecl) {
	if d.Private {
		p.str("private ")
	}
	p.str("fn ")
	if d.ThisType != "" {
		p.quoted(d.ThisType)
		p.str(".")
	}
	p.str(d.Name.Name)
	p.str("(")
	p.names(d.Params)
	p.str(") ")
	p.block(d.Body)
}

func (p *printer) names(list []Name) {
	for i, n := range list {
		if i > 0 {
			p.str(", ")
		}
		p.str(n.Name)
	}
}

func (p *printer) block(b *Block) {
	if len(b.Stmts) == 0 {
		p.str("{ }")
		return
	}
	p.str("{")
	p.indent++
	for i, s := range b.Stmts {
		p.line()
		p.stmtLine(s, i == len(b.Stmts)-1)
	}
	p.indent--
	p.line()
	p.str("}")
}

func (p *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case *Empty:
	case *ExprStmt:
		// What begins like a statement would end at its brace.
		if beginsStmt(s.X) {
			p.str("(")
			p.expr(s.X, 0)
			p.str(")")
			return
		}
		p.expr(s.X, 0)
	case *Let:
		if s.Export {
			p.str("export ")
		}
		if s.Const {
			p.str("const ")
		} else {
			p.str("let ")
		}
		p.str(s.Name.Name)
		if s.Init != nil {
			p.str(" = ")
			p.expr(s.Init, 0)
		}
	case *Assign:
		p.expr(s.X, 0)
		p.str(" ")
		if s.Op != Assign_ {
			p.str(s.Op.String())
		}
		p.str("= ")
		p.expr(s.Y, 0)
	case *Block:
		p.block(s)
	case *If:
		p.ifStmt(s)
	case *Switch:
		p.switchStmt(s)
	case *While:
		if s.Cond == nil {
			p.str("loop ")
		} else {
			p.str("while ")
			p.condition(s.Cond)
			p.str(" ")
		}
		p.block(s.Body)
	case *Do:
		p.str("do ")
		p.block(s.Body)
		if s.Until {
			p.str(" until ")
		} else {
			p.str(" while ")
		}
		p.condition(s.Cond)
	case *For:
		p.str("for ")
		if s.Counter.Name != "" {
			p.str("(" + s.Var.Name + ", " + s.Counter.Name + ")")
		} else {
			p.str(s.Var.Name)
		}
		p.str(" in ")
		p.condition(s.X)
		p.str(" ")
		p.block(s.Body)
	case *Break:
		p.jump("break", s.Value)
	case *Continue:
		p.str("continue")
	case *Return:
		p.jump("return", s.Value)
	case *Throw:
		p.jump("throw", s.Value)
	case *Try:
		p.str("try ")
		p.block(s.Body)
		p.str(" catch ")
		if s.Var.Name != "" {
			p.str("(" + s.Var.Name + ") ")
		}
		p.block(s.Handler)
	case *Import:
		p.jump("import", s.Path)
		if s.Alias.Name != "" {
			p.str(" as " + s.Alias.Name)
		}
	case *Export:
		p.str("export " + s.Name.Name)
		if s.Alias.Name != "" {
			p.str(" as " + s.Alias.Name)
		}
	}
}

func (p *printer) jump(word string, e Expr) {
	p.str(word)
	if e != nil {
		p.str(" ")
		p.expr(e, 0)
	}
}

// condition prints what stands before a block: an open range would take the
// block as its end, and a block cannot begin there.
func (p *printer) condition(e Expr) {
	paren := beginsStmt(e)
	if b, ok := e.(*Binary); ok && isOpen(b) {
		paren = true
	}
	if paren {
		p.str("(")
	}
	p.expr(e, 0)
	if paren {
		p.str(")")
	}
}

func isOpen(b *Binary) bool {
	l, ok := b.Y.(*Literal)
	return ok && (b.Op == RangeExcl || b.Op == RangeIncl) && l.Val.IsUnit()
}

// beginsStmt reports whether the text of e begins like a statement.
func beginsStmt(e Expr) bool {
	for {
		switch x := e.(type) {
		case *StmtExpr:
			return true
		case *Binary:
			e = x.X
		case *Logic:
			e = x.X[0]
		case *Prop:
			e = x.X
		case *Index:
			e = x.X
		case *Method:
			e = x.X
		default:
			return false
		}
	}
}

func (p *printer) ifStmt(s *If) {
	p.str("if ")
	p.condition(s.Cond)
	p.str(" ")
	p.block(s.Then)
	switch e := s.Else.(type) {
	case *If:
		p.str(" else ")
		p.ifStmt(e)
	case *Block:
		p.str(" else ")
		p.block(e)
	}
}

func (p *printer) switchStmt(s *Switch) {
	p.str("switch ")
	p.condition(s.X)
	p.str(" {")
	p.indent++
	for i := range s.Cases {
		c := &s.Cases[i]
		p.line()
		if len(c.Labels) == 0 {
			p.str("_")
		}
		for k, l := range c.Labels {
			if k > 0 {
				p.str(" | ")
			}
			p.expr(l, int(precedences[Or])+1)
		}
		if c.Guard != nil {
			p.str(" if ")
			p.condition(c.Guard)
		}
		p.str(" => ")
		if _, ok := c.Body.(*Empty); ok {
			p.str("{ }")
		} else {
			p.stmt(c.Body)
		}
		p.str(",")
	}
	p.indent--
	p.line()
	p.str("}")
}

func (p *printer) exprs(list []Expr) {
	for i, e := range list {
		if i > 0 {
			p.str(", ")
		}
		p.expr(e, 0)
	}
}

// Precedence of what is no binary operator.
const (
	unaryPrecedence   = 250
	postfixPrecedence = 255
)

// expr prints e, in parentheses if it binds less tightly than min demands.
func (p *printer) expr(e Expr, min int) {
	prec := 256
	switch x := e.(type) {
	case *Binary:
		prec = int(precedences[x.Op])
		if isOpen(x) {
			prec = -1 // what follows might be taken for the end
		}
	case *Logic:
		prec = int(precedences[x.Op])
	case *Unary:
		prec = unaryPrecedence
	case *Literal:
		if x.Val.IsNumber() && min >= postfixPrecedence {
			prec = unaryPrecedence
		}
	case *Closure:
		prec = 0
	}
	paren := prec < min
	if paren {
		p.str("(")
	}
	p.bare(e)
	if paren {
		p.str(")")
	}
}

func (p *printer) bare(e Expr) {
	switch x := e.(type) {
	case *Literal:
		p.literal(x.Val)
	case *Interp:
		p.interp(x)
	case *ArrayLit:
		p.str("[")
		p.exprs(x.Items)
		p.str("]")
	case *MapLit:
		p.str("#{")
		for i, k := range x.Keys {
			if i > 0 {
				p.str(", ")
			}
			p.quoted(k.Name)
			p.str(": ")
			p.expr(x.Values[i], 0)
		}
		p.str("}")
	case *Ident:
		p.str(x.Name)
	case *This:
		p.str("this")
	case *Path:
		p.path(x.NS)
		p.str(x.Name)
	case *Call:
		p.path(x.NS)
		p.str(x.Name)
		if x.Bang {
			p.str("!")
		}
		p.str("(")
		p.exprs(x.Args)
		p.str(")")
	case *Method:
		p.expr(x.X, postfixPrecedence)
		p.dot(x.Safe)
		p.str(x.Name)
		p.str("(")
		p.exprs(x.Args)
		p.str(")")
	case *Prop:
		p.expr(x.X, postfixPrecedence)
		p.dot(x.Safe)
		p.str(x.Name)
	case *Index:
		p.expr(x.X, postfixPrecedence)
		if x.Safe {
			p.str("?")
		}
		p.str("[")
		p.expr(x.Index, 0)
		p.str("]")
	case *Unary:
		p.str(x.Op.String())
		if _, ok := x.X.(*Literal); ok {
			// A sign before a number would become part of it.
			p.str("(")
			p.expr(x.X, 0)
			p.str(")")
			return
		}
		if _, ok := x.X.(*Unary); ok {
			p.str(" ")
		}
		p.expr(x.X, unaryPrecedence)
	case *Binary:
		p.binary(x)
	case *Logic:
		prec := int(precedences[x.Op])
		for i, y := range x.X {
			if i > 0 {
				p.str(" ")
				p.str(x.Op.String())
				p.str(" ")
			}
			p.operand(y, prec+1)
		}
	case *Closure:
		p.str("|")
		p.names(x.Fn.Params)
		p.str("| ")
		for _, s := range x.Fn.Body.Stmts {
			p.stmt(s)
			if _, ok := s.(*Empty); ok {
				p.str("{ }")
			}
		}
		if len(x.Fn.Body.Stmts) == 0 {
			p.str("{ }")
		}
	case *StmtExpr:
		p.stmt(x.Stmt)
	case *Custom:
		p.str(strings.Join(x.Tokens, " "))
	}
}

// operand prints the operand of an operator. A statement as the right side of ??
// needs no parentheses, and must not have them.
func (p *printer) operand(e Expr, min int) {
	if s, ok := e.(*StmtExpr); ok {
		switch s.Stmt.(type) {
		case *Break, *Continue, *Return, *Throw:
			p.stmt(s.Stmt)
			return
		}
	}
	p.expr(e, min)
}

func (p *printer) binary(x *Binary) {
	prec := int(precedences[x.Op])
	op := x.Op.String()
	if x.Op == Custom_ {
		op = x.Name
	}
	left, right := prec, prec+1
	if x.Op == Power {
		left, right = prec+1, prec
	}
	if x.Op == Custom_ {
		left, right = unaryPrecedence, unaryPrecedence
	}
	p.expr(x.X, left)
	p.str(" ")
	p.str(op)
	if !isOpen(x) {
		p.str(" ")
		p.expr(x.Y, right)
	}
}

func (p *printer) dot(safe bool) {
	if safe {
		p.str("?")
	}
	p.str(".")
}

func (p *printer) path(ns []Name) {
	for _, n := range ns {
		p.str(n.Name + "::")
	}
}

func (p *printer) literal(v value.Value) {
	switch {
	case v.IsUnit():
		p.str("()")
	case v.IsString():
		p.quoted(v.Str())
	case v.IsChar():
		p.char(v.Char())
	case v.IsFloat():
		p.float(v.Float())
	case v.IsArray():
		// A label of a switch: no deeper than the parser allows.
		p.str("[")
		for i, x := range v.Array().Items {
			if i > 0 {
				p.str(", ")
			}
			p.literal(x)
		}
		p.str("]")
	case v.IsMap():
		p.str("#{")
		sep := ""
		for k, x := range v.Map().All() {
			p.str(sep)
			p.quoted(k)
			p.str(": ")
			p.literal(x)
			sep = ", "
		}
		p.str("}")
	default:
		p.str(value.Debug(v))
	}
}

func (p *printer) float(f float64) {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	switch {
	case f > 1.7976931348623157e308:
		s = "1e999"
	case f < -1.7976931348623157e308:
		s = "-1e999"
	case !strings.ContainsAny(s, ".e"):
		s += ".0"
	}
	p.str(s)
}

func (p *printer) quoted(s string) {
	p.b.WriteByte('"')
	for _, r := range s {
		if r == '"' {
			p.str(`\"`)
			continue
		}
		p.escaped(r)
	}
	p.b.WriteByte('"')
}

func (p *printer) char(r rune) {
	p.b.WriteByte('\'')
	if r == '\'' {
		p.str(`\'`)
	} else {
		p.escaped(r)
	}
	p.b.WriteByte('\'')
}

func (p *printer) escaped(r rune) {
	switch {
	case r == '\n':
		p.str(`\n`)
	case r == '\r':
		p.str(`\r`)
	case r == '\t':
		p.str(`\t`)
	case r == '\\':
		p.str(`\\`)
	case r < ' ' || r == 0x7f:
		p.str(`\x` + strconv.FormatInt(int64(r)+0x100, 16)[1:])
	default:
		p.b.WriteRune(r)
	}
}

func (p *printer) interp(x *Interp) {
	p.str("`")
	for i := 0; i < len(x.Parts); i++ {
		text, n := joinedText(x.Parts[i:])
		if n == 0 {
			p.str("${")
			p.interpValue(x.Parts[i])
			p.str("}")
			continue
		}
		if i == 0 && strings.HasPrefix(text, "\n") {
			p.str("\n") // a line break behind the opening mark is dropped
		}
		text = strings.ReplaceAll(text, "`", "``")
		p.str(strings.ReplaceAll(text, "${", `\${`))
		i += n - 1
	}
	p.str("`")
}

// joinedText returns the text of the strings that parts begin with, and how many
// they are.
func joinedText(parts []Expr) (text string, n int) {
	for _, e := range parts {
		l, ok := e.(*Literal)
		if !ok || !l.Val.IsString() {
			break
		}
		text += l.Val.Str()
		n++
	}
	return text, n
}

func (p *printer) interpValue(e Expr) {
	s, ok := e.(*StmtExpr)
	if !ok {
		if l, isLit := e.(*Literal); isLit && l.Val.IsUnit() {
			return
		}
		p.stmt(&ExprStmt{X: e})
		return
	}
	b, ok := s.Stmt.(*Block)
	if !ok {
		p.stmt(&ExprStmt{X: e})
		return
	}
	for i, st := range b.Stmts {
		p.stmtLine(st, i == len(b.Stmts)-1)
		p.str(" ")
	}
}
