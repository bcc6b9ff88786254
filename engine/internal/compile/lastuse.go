package compile

import "github.com/rhai-tui/rhai-tui/engine/syntax"

// The last use of a variable may take its value along instead of sharing it: then what
// gets the value is its only holder, and writes to it in place. That is right if nobody
// can look at the variable afterwards. So the variable must be one of this frame alone
// (no closure, no evaluated text and no host can reach it), the use must be executed once
// per declaration (no loop in between), and no handler of this frame may come after a
// failure. A variable of the top level is reached by whoever has the scope of the run: the
// value is moved only in runs without one. Names are compared, not variables: one that hides another only makes the
// answer more careful.

// block is a list of statements being compiled.
type block struct {
	list []syntax.Stmt
	at   int      // the statement being compiled
	uses mentions // made when somebody asks
}

// lastUses tells where a name is mentioned last in a list of statements.
type lastUses struct {
	name  string
	at    int // the statement
	count int // mentions in it
}

// mentions are the last uses of all names in a list of statements.
type mentions struct {
	known bool
	list  []lastUses
	index map[string]int // of list, once there are many
}

// fewNames is how many names are looked for one by one.
const fewNames = 24

// begin, at and end follow the compilation of a list of statements.
func (fr *frame) begin(list []syntax.Stmt) {
	n := len(fr.blocks)
	if n == cap(fr.blocks) {
		fr.blocks = append(fr.blocks, block{list: list})
		return
	}
	// The room of the block that was here is used again.
	fr.blocks = fr.blocks[:n+1]
	b := &fr.blocks[n]
	*b = block{list: list, uses: mentions{list: b.uses.list[:0]}}
}

func (fr *frame) at(i int) { fr.blocks[len(fr.blocks)-1].at = i }

func (fr *frame) end() { fr.blocks = fr.blocks[:len(fr.blocks)-1] }

// dies reports whether the use of a variable that is being compiled is its last one.
func (fr *frame) dies(v *variable) bool {
	if !fr.own(v) || v.block >= len(fr.blocks) {
		return false
	}
	if fr.replaced == v.name {
		return true
	}
	if v.repeats != fr.repeats {
		return false
	}
	b := &fr.blocks[v.block]
	if !b.uses.known {
		b.uses.find(b.list)
	}
	u := b.uses.of(v.name)
	return u != nil && u.at == b.at && u.count == 1
}

// own reports whether a variable belongs to this frame alone, and no handler of the frame
// outlives it. Debuggers look at all variables, also at those that are not used any more.
func (fr *frame) own(v *variable) bool {
	switch {
	case fr.c.o.Debug, fr.open, fr.sharesAll, fr.hasCustom:
		return false
	case v.cell, v.external, v.captured, v.exported, v.tries != fr.tries:
		return false
	}
	// Functions see constants of the top level.
	return !fr.topLevel(v) || !v.constant
}

// topLevel reports whether a variable is one that the scope of the run has afterwards,
// even after a failure, if the run has a scope.
func (fr *frame) topLevel(v *variable) bool { return fr.main && v.depth <= 1 }

// replaces notes that an assignment of y to a variable is compiled, if y uses the
// variable once and nothing in y can leave the statement before the variable has its new
// value. It returns what ends that.
func (fr *frame) replaces(v *variable, y syntax.Expr) func() {
	old := fr.replaced
	if call, ok := y.(*syntax.Call); ok && fr.own(v) && once(call, v.name) {
		fr.replaced = v.name
	}
	return func() { fr.replaced = old }
}

// once reports whether an expression mentions a name once, and has no statements in it.
func once(e syntax.Expr, name string) bool {
	n := 0
	syntax.Walk(e, func(x syntax.Node) bool {
		switch x := x.(type) {
		case *syntax.Ident:
			if x.Name == name {
				n++
			}
		case *syntax.StmtExpr, *syntax.Closure, *syntax.Custom:
			n = 2
		}
		return n < 2
	})
	return n == 1
}

// find finds the last mentions of all names in a list of statements.
func (m *mentions) find(list []syntax.Stmt) {
	m.known = true
	for i, s := range list {
		m.stmt(s, i)
	}
}

// stmt finds the mentions in a statement, which is part of statement at. It does what
// [syntax.Walk] would, in half the time: this is done for most functions.
func (m *mentions) stmt(s syntax.Stmt, at int) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		m.expr(s.X, at)
	case *syntax.Let:
		m.expr(s.Init, at)
	case *syntax.Assign:
		m.expr(s.X, at)
		m.expr(s.Y, at)
	case *syntax.Block:
		m.block(s, at)
	case *syntax.If:
		m.expr(s.Cond, at)
		m.block(s.Then, at)
		m.stmt(s.Else, at)
	case *syntax.Switch:
		m.expr(s.X, at)
		for i := range s.Cases {
			m.expr(s.Cases[i].Guard, at) // labels are constants
			m.stmt(s.Cases[i].Body, at)
		}
	case *syntax.While:
		m.expr(s.Cond, at)
		m.block(s.Body, at)
	case *syntax.Do:
		m.block(s.Body, at)
		m.expr(s.Cond, at)
	case *syntax.For:
		m.expr(s.X, at)
		m.block(s.Body, at)
	case *syntax.Break:
		m.expr(s.Value, at)
	case *syntax.Return:
		m.expr(s.Value, at)
	case *syntax.Throw:
		m.expr(s.Value, at)
	case *syntax.Try:
		m.block(s.Body, at)
		m.block(s.Handler, at)
	case *syntax.Import:
		m.expr(s.Path, at)
	case *syntax.Export:
		m.add(s.Name.Name, at)
	}
}

func (m *mentions) block(b *syntax.Block, at int) {
	for _, s := range b.Stmts {
		m.stmt(s, at)
	}
}

func (m *mentions) exprs(list []syntax.Expr, at int) {
	for _, e := range list {
		m.expr(e, at)
	}
}

// expr finds the mentions in an expression, which may be missing.
func (m *mentions) expr(e syntax.Expr, at int) {
	for {
		switch x := e.(type) {
		case *syntax.Ident:
			m.add(x.Name, at)
			return
		case *syntax.Prop:
			e = x.X
		case *syntax.Method:
			m.exprs(x.Args, at)
			e = x.X
		case *syntax.Index:
			m.expr(x.Index, at)
			e = x.X
		case *syntax.Binary:
			m.expr(x.X, at)
			e = x.Y
		case *syntax.Unary:
			e = x.X
		case *syntax.Call:
			m.exprs(x.Args, at)
			return
		case *syntax.Logic:
			m.exprs(x.X, at)
			return
		case *syntax.Interp:
			m.exprs(x.Parts, at)
			return
		case *syntax.ArrayLit:
			m.exprs(x.Items, at)
			return
		case *syntax.MapLit:
			m.exprs(x.Values, at)
			return
		case *syntax.Closure:
			for i := range x.Captures {
				m.add(x.Captures[i].Name, at)
			}
			m.block(x.Fn.Body, at)
			return
		case *syntax.StmtExpr:
			m.stmt(x.Stmt, at)
			return
		case *syntax.Custom:
			for _, n := range x.Inputs {
				switch n := n.(type) {
				case syntax.Expr:
					m.expr(n, at)
				case syntax.Stmt:
					m.stmt(n, at)
				}
			}
			return
		default:
			return // a literal, this, or a variable of a module
		}
	}
}

// add notes a mention in statement at.
func (m *mentions) add(name string, at int) {
	u := m.of(name)
	if u == nil {
		m.list = append(m.list, lastUses{name: name})
		n := len(m.list)
		u = &m.list[n-1]
		if m.index != nil {
			m.index[name] = n - 1
		} else if n > fewNames {
			m.index = make(map[string]int, 2*n)
			for i := range m.list {
				m.index[m.list[i].name] = i
			}
		}
	}
	if u.at != at {
		u.at, u.count = at, 0
	}
	u.count++
}

// of returns the last uses of a name, nil if it is not mentioned.
func (m *mentions) of(name string) *lastUses {
	if m.index != nil {
		if i, ok := m.index[name]; ok {
			return &m.list[i]
		}
		return nil
	}
	for i := len(m.list) - 1; i >= 0; i-- {
		if m.list[i].name == name {
			return &m.list[i]
		}
	}
	return nil
}
