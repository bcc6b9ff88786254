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
// the instructions that follow read it.
func (fr *frame) takePart(e syntax.Expr, dst reg) (skip int, ok bool) {
	if fr.taken == nil || !samePart(fr.taken, e) {
		return 0, false
	}
	var steps []bytecode.Step
	top := fr.next
	for x := e; ; {
		switch n := x.(type) {
		case *syntax.Prop:
			site := fr.c.site(&bytecode.Site{Name: n.Name, Args: 1})
			steps = append(steps, bytecode.Step{Prop: int(site), Pos: n.Pos})
			x = n.X
			continue
		case *syntax.Index:
			s := bytecode.Step{Prop: -1, Pos: n.Index.Position()}
			if d, isInt := smallInt(n.Index); isInt && d >= 0 {
				s.Int, s.IsInt = d, true
			} else if id, isVar := n.Index.(*syntax.Ident); isVar {
				s.Reg = fr.lookup(id.Name).reg.at()
			} else {
				r := fr.temp()
				fr.literal(n.Index.(*syntax.Literal), r)
				s.Reg = r.at()
			}
			steps = append(steps, s)
			x = n.X
			continue
		case *syntax.Ident:
			v := fr.lookup(n.Name)
			for i, k := 0, len(steps)-1; i < k; i, k = i+1, k-1 {
				steps[i], steps[k] = steps[k], steps[i]
			}
			b := uint16(0)
			if fr.topLevel(v) {
				b = 1
			}
			site := fr.c.site(&bytecode.Site{Args: 1, Via: &bytecode.Via{Path: steps}})
			skip = fr.raw(bytecode.Instr{Op: bytecode.TakePart, A: dst.at(), B: b, C: v.reg.at(), D: site}, n.Pos)
		}
		break
	}
	fr.release(top)
	return skip, true
}
