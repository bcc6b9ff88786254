package compile

import "github.com/rhai-tui/rhai-tui/engine/syntax"

// The last use of a variable may take its value along instead of sharing it: then what
// gets the value is its only holder, and writes to it in place. That is right if nobody
// can look at the variable afterwards. So the variable must be one of this frame alone
// (no closure, no evaluated text and no host can reach it), the use must be executed once
// per declaration (no loop in between), and no handler of this frame may come after a
// failure. Names are compared, not variables: one that hides another only makes the
// answer more careful.

// block is a list of statements being compiled.
type block struct {
	list []syntax.Stmt
	at   int                 // the statement being compiled
	uses map[string]lastUses // made when somebody asks
}

// lastUses tells where a name is mentioned last in a list of statements.
type lastUses struct {
	at    int // the statement
	count int // mentions in it
}

// begin, at and end follow the compilation of a list of statements.
func (fr *frame) begin(list []syntax.Stmt) { fr.blocks = append(fr.blocks, block{list: list}) }

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
	if b.uses == nil {
		b.uses = mentions(b.list)
	}
	u := b.uses[v.name]
	return u.at == b.at && u.count == 1
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
	return !fr.main || v.depth > 1
}

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

// mentions finds the last mentions of all names in a list of statements.
func mentions(list []syntax.Stmt) map[string]lastUses {
	out := map[string]lastUses{}
	for i, s := range list {
		add := func(name string) {
			u := out[name]
			if u.at != i || u.count == 0 {
				u = lastUses{at: i}
			}
			u.count++
			out[name] = u
		}
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Ident:
				add(n.Name)
			case *syntax.Export:
				add(n.Name.Name)
			case *syntax.Closure:
				for _, v := range n.Captures {
					add(v.Name)
				}
			}
			return true
		})
	}
	return out
}
