package optimize

import (
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// block optimises a block with a scope of its own.
func (p *pass) block(b *syntax.Block) *syntax.Block {
	if b == nil {
		return nil
	}
	n := len(p.vars)
	out := *b
	out.Stmts = p.stmts(b.Stmts)
	p.vars = p.vars[:n]
	return &out
}

// stmts optimises statements, and drops literals that nobody sees and whatever
// follows a statement that leaves.
func (p *pass) stmts(list []syntax.Stmt) []syntax.Stmt {
	out := make([]syntax.Stmt, 0, len(list))
	for i, s := range list {
		s = p.stmt(s)
		if i < len(list)-1 && isLiteralStmt(s) {
			continue
		}
		out = append(out, s)
		switch s.(type) {
		case *syntax.Return, *syntax.Break, *syntax.Continue, *syntax.Throw:
			return out
		}
	}
	return out
}

func isLiteralStmt(s syntax.Stmt) bool {
	x, ok := s.(*syntax.ExprStmt)
	if ok {
		_, ok = x.X.(*syntax.Literal)
	}
	return ok
}

func (p *pass) stmt(s syntax.Stmt) syntax.Stmt {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		return &syntax.ExprStmt{X: p.expr(s.X)}
	case *syntax.Let:
		out := *s
		out.Init = p.opt(s.Init)
		b := binding{name: s.Name.Name}
		if s.Const && out.Init != nil {
			if v, ok := literal(out.Init); ok && isScalar(v) {
				b.val, b.known = v, true
			}
		}
		p.vars = append(p.vars, b)
		return &out
	case *syntax.Assign:
		out := *s
		out.X, out.Y = p.target(s.X), p.expr(s.Y)
		return &out
	case *syntax.Block:
		return p.block(s)
	case *syntax.If:
		return p.ifStmt(s)
	case *syntax.Switch:
		return p.switchStmt(s)
	case *syntax.While:
		out := *s
		out.Cond = p.opt(s.Cond)
		if v, ok := boolean(out.Cond); ok && !v {
			return unitStmt(s.Pos)
		}
		out.Body = p.block(s.Body)
		return &out
	case *syntax.Do:
		out := *s
		out.Body, out.Cond = p.block(s.Body), p.expr(s.Cond)
		return &out
	case *syntax.For:
		out := *s
		out.X = p.expr(s.X)
		n := len(p.vars)
		p.declare(s.Var.Name)
		if s.Counter.Name != "" {
			p.declare(s.Counter.Name)
		}
		out.Body = p.block(s.Body)
		p.vars = p.vars[:n]
		return &out
	case *syntax.Break:
		return &syntax.Break{Pos: s.Pos, Value: p.opt(s.Value)}
	case *syntax.Return:
		return &syntax.Return{Pos: s.Pos, Value: p.opt(s.Value)}
	case *syntax.Throw:
		return &syntax.Throw{Pos: s.Pos, Value: p.opt(s.Value)}
	case *syntax.Try:
		out := *s
		out.Body = p.block(s.Body)
		n := len(p.vars)
		if s.Var.Name != "" {
			p.declare(s.Var.Name)
		}
		out.Handler = p.block(s.Handler)
		p.vars = p.vars[:n]
		return &out
	case *syntax.Import:
		out := *s
		out.Path = p.expr(s.Path)
		return &out
	}
	return s
}

func unitStmt(pos syntax.Pos) syntax.Stmt {
	return &syntax.ExprStmt{X: &syntax.Literal{Pos: pos}}
}

// ifStmt takes the branch of a literal condition.
func (p *pass) ifStmt(s *syntax.If) syntax.Stmt {
	out := *s
	out.Cond = p.expr(s.Cond)
	if v, ok := boolean(out.Cond); ok {
		var taken syntax.Stmt
		switch {
		case v:
			taken = p.block(s.Then)
		case s.Else != nil:
			taken = p.stmt(s.Else)
		default:
			return unitStmt(s.Pos)
		}
		// Errors about the value are where the whole stands.
		switch t := taken.(type) {
		case *syntax.Block:
			t.Pos = s.Pos
		case *syntax.If:
			t.Pos = s.Pos
		}
		return taken
	}
	out.Then = p.block(s.Then)
	if s.Else != nil {
		out.Else = p.stmt(s.Else)
		switch out.Else.(type) {
		case *syntax.If, *syntax.Block:
		default:
			// What was an else-if that is never taken.
			out.Else = &syntax.Block{Pos: s.Else.Position(), End: s.Else.Position(), Stmts: []syntax.Stmt{out.Else}}
		}
	}
	return &out
}

func (p *pass) switchStmt(s *syntax.Switch) syntax.Stmt {
	out := *s
	out.X = p.expr(s.X)
	out.Cases = make([]syntax.SwitchCase, len(s.Cases))
	for i, c := range s.Cases {
		n := len(p.vars)
		c.Guard = p.opt(c.Guard)
		c.Body = p.stmt(c.Body)
		p.vars = p.vars[:n]
		out.Cases[i] = c
	}
	return &out
}
