package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// A loop goes over the elements that an array has when the loop begins. It would do for
// that to mark the array as shared, but the mark stays: the first write after the loop
// would copy the array, in every round of a loop around both. So a loop borrows the array
// of a variable if nothing in its body can write into the variable: then it is not marked.

// borrowedNodes is how large a body may be to be searched for writes.
const borrowedNodes = 4000

// lends reports whether x, which a loop goes over, is a variable, this or a part of either,
// and the body cannot write into it.
func (fr *frame) lends(x syntax.Expr, body *syntax.Block) bool {
	if fr.c.o.Debug || fr.open || fr.sharesAll || fr.hasCustom {
		return false
	}
	root := readRoot(x)
	switch r := root.(type) {
	case *syntax.Ident:
		v := fr.variable(r.Name)
		if v == nil || v.cell || v.external || v.captured || v.exported {
			return false
		}
		return !fr.writes(body, r.Name)
	case *syntax.This:
		return root != x && !fr.writes(body, "") && fr.c.calmBody(body)
	}
	return false
}

// readRoot returns the root of a chain of properties and indexes, nil if there is anything
// else in it.
func readRoot(x syntax.Expr) syntax.Expr {
	for {
		switch e := x.(type) {
		case *syntax.Prop:
			x = e.X
		case *syntax.Index:
			if !isSimple(e.Index) {
				return nil
			}
			x = e.X
		case *syntax.Ident, *syntax.This:
			return e
		default:
			return nil
		}
	}
}

// writes reports whether a piece of code may write into a variable, or into this if the name is
// empty: it assigns to a part of it, or calls a method or native function on a part of it,
// which may be one that changes its receiver.
func (fr *frame) writes(body syntax.Node, name string) bool {
	found, count := false, 0
	is := func(e syntax.Expr) bool {
		switch e := root(e).(type) {
		case *syntax.Ident:
			return e.Name == name
		case *syntax.This:
			return name == ""
		}
		return false
	}
	syntax.Walk(body, func(n syntax.Node) bool {
		count++
		switch n := n.(type) {
		case *syntax.Assign:
			found = found || is(n.X)
		case *syntax.Method:
			found = found || is(n.X)
		case *syntax.Call:
			if len(n.Args) > 0 && is(n.Args[0]) {
				_, script := fr.c.funcs[funcKey{n.Name, len(n.Args)}]
				found = found || !script || len(n.NS) > 0
			}
		case *syntax.Export, *syntax.Custom:
			found = true
		}
		found = found || count > borrowedNodes
		return !found
	})
	return found
}

// peek evaluates what a loop borrows.
func (fr *frame) peek(x syntax.Expr, dst reg) {
	id, ok := x.(*syntax.Ident)
	if !ok {
		fr.cost++
		fr.readChain(x, dst, true)
		return
	}
	fr.cost++
	fr.emit(bytecode.Move, dst, fr.variable(id.Name).reg, noReg, 0, 0, id.Pos)
}
