package syntax

// Walk calls f for n and, if f returns true, for the nodes below it, in source
// order. The body of a closure's function counts as below the closure.
func Walk(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	switch n := n.(type) {
	case *Interp:
		walkAll(n.Parts, f)
	case *ArrayLit:
		walkAll(n.Items, f)
	case *MapLit:
		walkAll(n.Values, f)
	case *Call:
		walkAll(n.Args, f)
	case *Method:
		walkExpr(n.X, f)
		walkAll(n.Args, f)
	case *Prop:
		walkExpr(n.X, f)
	case *Index:
		walkExpr(n.X, f)
		walkExpr(n.Index, f)
	case *Unary:
		walkExpr(n.X, f)
	case *Binary:
		walkExpr(n.X, f)
		walkExpr(n.Y, f)
	case *Logic:
		walkAll(n.X, f)
	case *Closure:
		walkBlock(n.Fn.Body, f)
	case *StmtExpr:
		Walk(n.Stmt, f)
	case *Custom:
		for _, x := range n.Inputs {
			Walk(x, f)
		}
	case *ExprStmt:
		walkExpr(n.X, f)
	case *Let:
		walkExpr(n.Init, f)
	case *Assign:
		walkExpr(n.X, f)
		walkExpr(n.Y, f)
	case *Block:
		for _, s := range n.Stmts {
			Walk(s, f)
		}
	case *If:
		walkExpr(n.Cond, f)
		walkBlock(n.Then, f)
		if n.Else != nil {
			Walk(n.Else, f)
		}
	case *Switch:
		walkExpr(n.X, f)
		for i := range n.Cases {
			c := &n.Cases[i]
			walkAll(c.Labels, f)
			walkExpr(c.Guard, f)
			if c.Body != nil {
				Walk(c.Body, f)
			}
		}
	case *While:
		walkExpr(n.Cond, f)
		walkBlock(n.Body, f)
	case *Do:
		walkBlock(n.Body, f)
		walkExpr(n.Cond, f)
	case *For:
		walkExpr(n.X, f)
		walkBlock(n.Body, f)
	case *Break:
		walkExpr(n.Value, f)
	case *Return:
		walkExpr(n.Value, f)
	case *Throw:
		walkExpr(n.Value, f)
	case *Try:
		walkBlock(n.Body, f)
		walkBlock(n.Handler, f)
	case *Import:
		walkExpr(n.Path, f)
	}
}

func walkAll(list []Expr, f func(Node) bool) {
	for _, e := range list {
		Walk(e, f)
	}
}

func walkExpr(e Expr, f func(Node) bool) {
	if e != nil {
		Walk(e, f)
	}
}

func walkBlock(b *Block, f func(Node) bool) {
	if b != nil {
		Walk(b, f)
	}
}
