package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// o.list = f(o.list) moves the list, as o = f(o) moves o, see [frame.replaces]: while the
// function runs the part of the variable is empty, and nobody can look at it. What is
// moved must have one holder, and so must all that it is in: that is found out at run time.

// takes notes that an assignment of y to x is compiled, if x is a part of a variable that
// y uses once, as the same part, and nothing in y can leave the statement before the part
// has its new value. It returns what ends that.
func (fr *frame) takes(x, y syntax.Expr) func() {
	old := fr.taken
	fr.taken = nil
	call, ok := y.(*syntax.Call)
	if id, isVar := readRoot(x).(*syntax.Ident); ok && isVar && fr.fixed(x, call) {
		if v := fr.lookup(id.Name); v != nil && !v.constant && fr.own(v) && once(call, v.name) {
			fr.taken = x
		}
	}
	return func() { fr.taken = old }
}

// fixed reports whether a chain leads to the same part before and after y is evaluated: its
// indexes are literals and variables that y cannot change.
func (fr *frame) fixed(x, y syntax.Expr) bool {
	for {
		switch e := x.(type) {
		case *syntax.Prop:
			if e.Safe {
				return false
			}
			x = e.X
		case *syntax.Index:
			switch i := e.Index.(type) {
			case *syntax.Literal:
			case *syntax.Ident:
				v := fr.lookup(i.Name)
				if v == nil || v.cell || v.external || v.captured || fr.mayChange(i.Name, y) {
					return false
				}
			default:
				return false
			}
			if e.Safe {
				return false
			}
			x = e.X
		case *syntax.Ident:
			return true
		default:
			return false
		}
	}
}

// samePart reports whether two chains for which fixed holds are the same.
func samePart(x, y syntax.Expr) bool {
	for {
		switch a := x.(type) {
		case *syntax.Prop:
			b, ok := y.(*syntax.Prop)
			if !ok || a.Name != b.Name || b.Safe {
				return false
			}
			x, y = a.X, b.X
		case *syntax.Index:
			b, ok := y.(*syntax.Index)
			if !ok || b.Safe || !sameIndex(a.Index, b.Index) {
				return false
			}
			x, y = a.X, b.X
		case *syntax.Ident:
			b, ok := y.(*syntax.Ident)
			return ok && a.Name == b.Name
		default:
			return false
		}
	}
}

func sameIndex(x, y syntax.Expr) bool {
	switch a := x.(type) {
	case *syntax.Ident:
		b, ok := y.(*syntax.Ident)
		return ok && a.Name == b.Name
	case *syntax.Literal:
		b, ok := y.(*syntax.Literal)
		switch {
		case !ok:
		case a.Val.IsInt():
			return b.Val.IsInt() && a.Val.Int() == b.Val.Int()
		case a.Val.IsString():
			return b.Val.IsString() && a.Val.Str() == b.Val.Str()
		}
	}
	return false
}

// takePart compiles reading the part of a variable that an assignment replaces: the part
// is moved to dst. It reports false for any other chain. If the part has other holders
// the instructions that follow read it; skip is the jump behind them.
func (fr *frame) takePart(e syntax.Expr, dst reg) (skip int, ok bool) {
	if fr.taken == nil || !samePart(fr.taken, e) {
		return 0, false
	}
	top := fr.next
	v, steps := fr.steps(e)
	unseen := uint16(0)
	if fr.topLevel(v) {
		unseen = 1
	}
	site := fr.c.site(&bytecode.Site{Args: 1, Via: &bytecode.Via{Path: steps}})
	skip = fr.raw(bytecode.Instr{Op: bytecode.TakePart, A: dst.at(), B: unseen, C: v.reg.at(), D: site}, e.Position())
	fr.release(top)
	return skip, true
}

// steps returns the variable that a chain for which fixed holds begins with, and the way from
// there to the part. Indexes that no step can hold are put into registers.
func (fr *frame) steps(e syntax.Expr) (*variable, []bytecode.Step) {
	switch n := e.(type) {
	case *syntax.Prop:
		v, steps := fr.steps(n.X)
		site := fr.c.site(&bytecode.Site{Name: n.Name, Args: 1})
		return v, append(steps, bytecode.Step{Prop: int(site), Pos: n.Pos})
	case *syntax.Index:
		v, steps := fr.steps(n.X)
		s := bytecode.Step{Prop: -1, Pos: n.Index.Position()}
		if d, ok := smallInt(n.Index); ok && d >= 0 {
			s.Int, s.IsInt = d, true
		} else if id, ok := n.Index.(*syntax.Ident); ok {
			s.Reg = fr.lookup(id.Name).reg.at()
		} else {
			r := fr.temp()
			fr.literal(n.Index.(*syntax.Literal), r)
			s.Reg = r.at()
		}
		return v, append(steps, s)
	}
	return fr.lookup(e.(*syntax.Ident).Name), nil
}
