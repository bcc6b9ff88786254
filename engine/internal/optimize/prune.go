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
	b.Stmts = p.stmts(b.Stmts)
	p.forget(n)
	return b
}

// stmts optimises statements, and drops literals that nobody sees and whatever
// follows a statement that leaves.
func (p *pass) stmts(list []syntax.Stmt) []syntax.Stmt {
	out := list[:0]
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
		s.X = p.expr(s.X)
	case *syntax.Let:
		s.Init = p.opt(s.Init)
		var b binding
		if s.Const && s.Init != nil {
			if v, ok := literal(s.Init); ok && spreads(v) {
				b.val, b.known = v, true
			}
		}
		p.bind(s.Name.Name, b)
		return s
	case *syntax.Assign:
		s.X, s.Y = p.target(s.X), p.expr(s.Y)
		return s
	case *syntax.Block:
		return p.block(s)
	case *syntax.If:
		return p.ifStmt(s)
	case *syntax.Switch:
		return p.switchStmt(s)
	case *syntax.While:
		s.Cond = p.opt(s.Cond)
		if v, ok := boolean(s.Cond); ok && !v {
			return unitStmt(s.Pos)
		}
		s.Body = p.block(s.Body)
		return s
	case *syntax.Do:
		s.Body, s.Cond = p.block(s.Body), p.expr(s.Cond)
		return s
	case *syntax.For:
		s.X = p.expr(s.X)
		n := len(p.vars)
		p.declare(s.Var.Name)
		if s.Counter.Name != "" {
			p.declare(s.Counter.Name)
		}
		s.Body = p.block(s.Body)
		p.forget(n)
		return s
	case *syntax.Break:
		s.Value = p.opt(s.Value)
	case *syntax.Return:
		s.Value = p.opt(s.Value)
	case *syntax.Throw:
		s.Value = p.opt(s.Value)
	case *syntax.Try:
		s.Body = p.block(s.Body)
		n := len(p.vars)
		if s.Var.Name != "" {
			p.declare(s.Var.Name)
		}
		s.Handler = p.block(s.Handler)
		p.forget(n)
		return s
	case *syntax.Import:
		s.Path = p.expr(s.Path)
		return s
	}
	return s
}

func unitStmt(pos syntax.Pos) syntax.Stmt {
	return &syntax.ExprStmt{X: &syntax.Literal{Pos: pos}}
}

// ifStmt takes the branch of a literal condition.
func (p *pass) ifStmt(s *syntax.If) syntax.Stmt {
	s.Cond = p.expr(s.Cond)
	if v, ok := boolean(s.Cond); ok {
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
	s.Then = p.block(s.Then)
	if s.Else != nil {
		pos := s.Else.Position()
		s.Else = p.stmt(s.Else)
		switch s.Else.(type) {
		case *syntax.If, *syntax.Block:
		default:
			// What was an else-if that is never taken.
			s.Else = &syntax.Block{Pos: pos, End: pos, Stmts: []syntax.Stmt{s.Else}}
		}
	}
	return s
}

func (p *pass) switchStmt(s *syntax.Switch) syntax.Stmt {
	s.X = p.expr(s.X)
	for i := range s.Cases {
		c := &s.Cases[i]
		n := len(p.vars)
		c.Guard = p.opt(c.Guard)
		c.Body = p.stmt(c.Body)
		p.forget(n)
	}
	return s
}
