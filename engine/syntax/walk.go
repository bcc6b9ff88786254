package syntax

// Walk calls f for n and, if f returns true, for the nodes below it, in source
// order. The body of a closure's function counts as below the closure.
func Walk(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	exprs := func(list []Expr) {
		for _, e := range list {
			Walk(e, f)
		}
	}
	expr := func(e Expr) {
		if e != nil {
			Walk(e, f)
		}
	}
	block := func(b *Block) {
		if b != nil {
			Walk(b, f)
		}
	}
	switch n := n.(type) {
	case *Interp:
		exprs(n.Parts)
	case *ArrayLit:
		exprs(n.Items)
	case *MapLit:
		exprs(n.Values)
	case *Call:
		exprs(n.Args)
	case *Method:
		expr(n.X)
		exprs(n.Args)
	case *Prop:
		expr(n.X)
	case *Index:
		expr(n.X)
		expr(n.Index)
	case *Unary:
		expr(n.X)
	case *Binary:
		expr(n.X)
		expr(n.Y)
	case *Logic:
		exprs(n.X)
	case *Closure:
		block(n.Fn.Body)
	case *StmtExpr:
		Walk(n.Stmt, f)
	case *Custom:
		for _, x := range n.Inputs {
			Walk(x, f)
		}
	case *ExprStmt:
		expr(n.X)
	case *Let:
		expr(n.Init)
	case *Assign:
		expr(n.X)
		expr(n.Y)
	case *Block:
		for _, s := range n.Stmts {
			Walk(s, f)
		}
	case *If:
		expr(n.Cond)
		block(n.Then)
		if n.Else != nil {
			Walk(n.Else, f)
		}
	case *Switch:
		expr(n.X)
		for i := range n.Cases {
			c := &n.Cases[i]
			exprs(c.Labels)
			expr(c.Guard)
			if c.Body != nil {
				Walk(c.Body, f)
			}
		}
	case *While:
		expr(n.Cond)
		block(n.Body)
	case *Do:
		block(n.Body)
		expr(n.Cond)
	case *For:
		expr(n.X)
		block(n.Body)
	case *Break:
		expr(n.Value)
	case *Return:
		expr(n.Value)
	case *Throw:
		expr(n.Value)
	case *Try:
		block(n.Body)
		block(n.Handler)
	case *Import:
		expr(n.Path)
	}
}
