package compile

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// link is one step of a chain a.b[i].f(x), with its operands evaluated: as in
// Rhai, all indexes and arguments come before the root.
type link struct {
	node  syntax.Expr
	index reg // of an index link
	small int32
	isInt bool
	// borrowed is set if index is the register of a variable.
	borrowed bool
	window   reg // of a method link: receiver, then arguments
	safe     bool
}

// links splits a chain into its root and its steps, first step first. They stand
// on a stack of the compiler: whoever calls gives them back by dropLinks.
func (c *compiler) links(e syntax.Expr) (syntax.Expr, []link) {
	top := len(c.chains)
	for {
		switch x := e.(type) {
		case *syntax.Prop:
			c.chains = append(c.chains, link{node: x, safe: x.Safe})
			e = x.X
			continue
		case *syntax.Index:
			c.chains = append(c.chains, link{node: x, safe: x.Safe})
			e = x.X
			continue
		case *syntax.Method:
			c.chains = append(c.chains, link{node: x, safe: x.Safe})
			e = x.X
			continue
		}
		break
	}
	ls := c.chains[top:len(c.chains):len(c.chains)]
	slices.Reverse(ls)
	return e, ls
}

// dropLinks gives the latest links back.
func (c *compiler) dropLinks(ls []link) { c.chains = c.chains[:len(c.chains)-len(ls)] }

// arguments evaluates the indexes and arguments of all steps. Registers are given
// out from the last step to the first: a method's frame lies on top of its window,
// and must not cover what later steps need.
func (fr *frame) arguments(root syntax.Expr, ls []link) {
	// An index that is a plain variable is read from its register when the step
	// is taken, unless something evaluated later might change or lock it.
	simple, calls := isSimple(root), false
	for _, l := range ls {
		if m, ok := l.node.(*syntax.Method); ok {
			calls = true
			for _, a := range m.Args {
				simple = simple && isSimple(a)
			}
		} else if x, ok := l.node.(*syntax.Index); ok {
			simple = simple && isSimple(x.Index)
		}
	}
	for i := len(ls) - 1; i >= 0; i-- {
		l := &ls[i]
		l.index = noReg
		switch n := l.node.(type) {
		case *syntax.Index:
			if d, ok := smallInt(n.Index); ok && d >= 0 {
				l.small, l.isInt = d, true
				continue
			}
			if id, ok := n.Index.(*syntax.Ident); ok && simple && !fr.open {
				of, _ := root.(*syntax.Ident)
				if v := fr.variable(id.Name); v != nil && !v.cell && (!calls || of == nil || of.Name != id.Name) {
					l.index, l.borrowed = v.reg, true
					continue
				}
			}
			l.index = fr.temp()
		case *syntax.Method:
			l.window = fr.alloc(len(n.Args) + 1)
		}
	}
	for i := range ls {
		l := &ls[i]
		switch n := l.node.(type) {
		case *syntax.Index:
			if l.isInt || l.borrowed {
				fr.cost++
			} else {
				fr.expr(n.Index, l.index)
			}
		case *syntax.Method:
			for k, a := range n.Args {
				fr.expr(a, l.window+1+reg(k))
			}
		}
	}
}

// isSimple reports whether evaluating e cannot change any variable.
func isSimple(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Literal, *syntax.Ident, *syntax.This, *syntax.Path:
		return true
	case *syntax.Binary:
		return e.Op != syntax.Custom_ && isSimple(e.X) && isSimple(e.Y)
	case *syntax.Unary:
		return isSimple(e.X)
	case *syntax.Index:
		return isSimple(e.X) && isSimple(e.Index)
	case *syntax.Prop:
		return isSimple(e.X)
	}
	return false
}

// rootReg reserves the register for the root of a chain before those of its
// steps, noReg if the root is a variable with a register of its own.
func (fr *frame) rootReg(e syntax.Expr) reg {
	if id, ok := e.(*syntax.Ident); ok && !fr.open && fr.variable(id.Name) != nil {
		return noReg
	}
	return fr.temp()
}

// root evaluates the root of a chain for immediate use, into t if it is no
// variable with a register of its own.
func (fr *frame) root(e syntax.Expr, t reg, write bool) (reg, place) {
	switch x := e.(type) {
	case *syntax.Ident:
		if fr.open {
			fr.reference(x, t, write)
			return t, place{kind: placeVar, reg: t}
		}
		if v := fr.variable(x.Name); v != nil {
			fr.cost++
			return v.reg, place{kind: placeVar, reg: v.reg, constant: v.constant}
		}
		fr.expr(e, t)
		return t, place{constant: true}
	case *syntax.This:
		op := bytecode.ThisLoad
		if write {
			op = bytecode.ThisRoot
		}
		fr.emit(op, t, noReg, noReg, 0, 0, x.Pos)
		return t, place{kind: placeThis}
	case *syntax.Path:
		fr.expr(e, t)
		return t, place{constant: true}
	}
	fr.expr(e, t)
	return t, place{}
}

// isConst reports whether the variable in scope is a constant.
func (fr *frame) isConst(name string) bool {
	v := fr.variable(name)
	return v != nil && v.constant
}

// place tells where the root of a chain lives.
type place struct {
	kind     placeKind
	reg      reg
	constant bool
}

type placeKind uint8

const (
	placeTemp placeKind = iota
	placeVar
	placeThis
)

// chain compiles reading a chain.
func (fr *frame) chain(e syntax.Expr, dst reg) {
	skip, taken := fr.takePart(e, dst)
	if x, ok := e.(*syntax.Prop); !ok || !fr.propOf(x, dst) {
		fr.readChain(e, dst, false)
	}
	if taken {
		fr.patch(skip)
	}
}

// readChain compiles reading a chain; the value is not marked as shared if it is only
// looked at.
func (fr *frame) readChain(e syntax.Expr, dst reg, peek bool) {
	top := fr.next
	rootExpr, ls := fr.c.links(e)
	fr.linked(e, dst, peek, rootExpr, ls)
	fr.c.dropLinks(ls)
	fr.release(top)
}

// propOf compiles the shortest chain, a property of a variable with a register of its own. It
// reports false for all other chains.
func (fr *frame) propOf(e *syntax.Prop, dst reg) bool {
	id, ok := e.X.(*syntax.Ident)
	if !ok || e.Safe || fr.open {
		return false
	}
	v := fr.variable(id.Name)
	if v == nil {
		return false
	}
	fr.cost += 2
	site := fr.c.site(&bytecode.Site{Name: e.Name, Args: 1, Const: v.constant})
	fr.chainPos(fr.emit(bytecode.Prop, dst, v.reg, noReg, site, 0, e.Pos), 0, id, e.Dot)
	return true
}

// linked compiles reading a chain that is split into its root and its steps.
func (fr *frame) linked(e syntax.Expr, dst reg, peek bool, rootExpr syntax.Expr, ls []link) {
	if m, ok := ls[0].node.(*syntax.Method); ok && len(ls) == 1 && fr.special(m, dst) {
		return
	}
	rootTemp := fr.rootReg(rootExpr)
	fr.arguments(rootExpr, ls)
	cur, from := fr.root(rootExpr, rootTemp, false)
	base := cur
	var path []bytecode.Step // to the receiver of the next method, if there is one
	lastMethod := -1
	for i := range ls {
		if _, ok := ls[i].node.(*syntax.Method); ok {
			lastMethod = i
		}
	}
	var skip, skipLocked jumps
	locked := noReg
	stepTop := fr.next
	for i := range ls {
		l := &ls[i]
		fr.cost++
		last := i == len(ls)-1
		out := dst
		if !last {
			// Intermediate values share one register: each step reads it before it
			// writes it.
			fr.release(stepTop)
			out = fr.temp()
			if _, ok := ls[i+1].node.(*syntax.Method); ok {
				out = ls[i+1].window // where the call takes its receiver
			}
		}
		if l.safe {
			j := fr.emit(bytecode.JumpUnit, cur, noReg, noReg, 0, 0, l.node.Position())
			if i == 0 {
				fr.extra(j, bytecode.PosA, rootExpr.Position())
			}
			if locked == noReg {
				fr.jump(&skip, j)
			} else {
				fr.jump(&skipLocked, j)
			}
		}
		switch n := l.node.(type) {
		case *syntax.Prop:
			site := fr.c.site(&bytecode.Site{Name: n.Name, Args: 1, Const: from.constant})
			op := bytecode.PropPeek
			if last && !peek {
				op = bytecode.Prop
			}
			if op == bytecode.Prop && i == 0 && !l.safe && from.kind == placeThis && fr.takeBack(bytecode.ThisLoad, cur) {
				op = bytecode.ThisProp
			}
			j := fr.emit(op, out, cur, noReg, site, 0, n.Pos)
			fr.chainPos(j, i, rootExpr, n.Dot)
			if i < lastMethod {
				path = append(path, bytecode.Step{Prop: int(site), Pos: n.Pos})
			}
			cur = out
		case *syntax.Index:
			var j int
			switch {
			case l.isInt && last && !peek:
				j = fr.emit(bytecode.IndexInt, out, cur, noReg, l.small, 0, n.Pos)
			default:
				if l.isInt {
					l.index = fr.temp()
					fr.emit(bytecode.LoadInt, l.index, noReg, noReg, l.small, 0, n.Index.Position())
					stepTop = fr.next
				}
				op := bytecode.IndexPeek
				if last && !peek {
					op = bytecode.Index
				}
				j = fr.emit(op, out, cur, l.index, 0, 0, n.Pos)
			}
			fr.extra(j, bytecode.PosAux, syntax.Start(n.Index))
			fr.chainPos(j, i, rootExpr, n.Pos)
			if _, ok := n.Index.(*syntax.Ident); ok {
				fr.extra(j, bytecode.PosC, n.Index.Position())
			}
			if i < lastMethod {
				path = append(path, bytecode.Step{Prop: -1, Reg: l.index.at(), Pos: n.Index.Position(), Int: l.small, IsInt: l.isInt})
			}
			cur = out
		case *syntax.Method:
			if !last {
				out = l.window
			}
			fr.method(n, l, cur, base, out, from, path)
			if locked == noReg && from.kind == placeVar && fr.callsLater(rootExpr, ls[i+1:]) {
				locked = base
				fr.emit(bytecode.Lock, base, noReg, noReg, 0, 0, n.Pos)
			}
			cur, base, from, path = out, out, place{}, nil
		}
	}
	if cur != dst {
		fr.emit(bytecode.Move, dst, cur, noReg, 0, 0, e.Position())
	}
	if locked != noReg {
		fr.emit(bytecode.Unlock, noReg, noReg, noReg, 0, 0, e.Position())
	}
	if skip.first+skipLocked.first > 0 {
		done := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, e.Position())
		if skipLocked.first > 0 {
			fr.patchAll(skipLocked)
			fr.emit(bytecode.Unlock, noReg, noReg, noReg, 0, 0, e.Position())
		}
		fr.patchAll(skip)
		fr.emit(bytecode.LoadUnit, dst, noReg, noReg, 0, 0, e.Position())
		fr.patch(done)
	}
}

// takeBack removes the latest instruction if it is op with the result r: the next one does
// what it did. Nothing may jump behind it.
func (fr *frame) takeBack(op bytecode.Op, r reg) bool {
	p := fr.c.prog
	n := len(p.Code) - 1
	if fr.c.o.Debug || n < fr.f.Entry || p.Code[n].Op != op || p.Code[n].A != r.at() {
		return false
	}
	p.Code, p.Pos = p.Code[:n], p.Pos[:n]
	return true
}

// callsLater reports whether the root is a variable that closures share and a
// later step might call one: as in Rhai the variable is then locked to the end of
// the chain.
func (fr *frame) callsLater(root syntax.Expr, ls []link) bool {
	if id := root.(*syntax.Ident); !fr.open && !fr.variable(id.Name).cell {
		return false
	}
	for _, l := range ls {
		if m, ok := l.node.(*syntax.Method); ok && len(m.Args) > 0 {
			return true
		}
	}
	return false
}

// chainPos notes where the root variable of the first step stands.
func (fr *frame) chainPos(i, step int, rootExpr syntax.Expr, pos syntax.Pos) {
	if step == 0 {
		fr.extra(i, bytecode.PosB, rootExpr.Position())
	}
	fr.extra(i, bytecode.PosA, pos)
}

// method emits the call of one method link, with the result in dst. cur holds the
// receiver; if it was reached by path from base, the call can go back and write
// there.
func (fr *frame) method(n *syntax.Method, l *link, cur, base, dst reg, from place, path []bytecode.Step) {
	s := bytecode.Site{Name: n.Name, Args: len(n.Args) + 1, Method: true, Const: from.constant}
	if len(path) > 0 {
		s.Via = &bytecode.Via{Path: path}
	}
	ref := noReg
	switch from.kind {
	case placeTemp:
		if len(path) > 0 {
			ref = base
		}
	case placeVar:
		ref = base
	case placeThis:
		// The call finds its receiver itself: base is only a copy, and what the method
		// left of this must not be lost if it fails.
		ref = base
		s.This = true
	}
	if ref == noReg || len(path) > 0 {
		if cur != l.window {
			fr.emit(bytecode.Move, l.window, cur, noReg, 0, 0, n.Pos)
		}
	}
	op := bytecode.Method
	if isSpecial(n.Name, len(n.Args)+1, true) {
		op = bytecode.Special
		if n.Name == "call" && len(path) == 0 {
			op = bytecode.CallFn
		}
	}
	site := fr.c.site(&s)
	if from.kind == placeVar {
		receiver := base
		if len(path) > 0 {
			receiver = l.window
		}
		fr.guard(base, receiver, n.Name, site, true, n.Pos)
	}
	i := fr.raw(bytecode.Instr{
		Op: op, A: l.window.at(), B: uint16(len(n.Args)+1) * bytecode.RegSize, C: ref.at(), D: site, E: int32(dst.at()),
	}, n.Pos)
	if len(n.Args) > 0 {
		fr.extra(i, bytecode.PosB, syntax.Start(n.Args[0]))
	}
	fr.extra(i, bytecode.PosA, root(n.X).Position())
	fr.extra(i, bytecode.PosAux, n.X.Position())
}

// constRoot makes the constant in cur the root of a chain of writes, in a register
// of its own. The chain fails where it writes into the constant, not before.
func (fr *frame) constRoot(rootExpr syntax.Expr, cur reg) reg {
	name, pos := "", rootExpr.Position()
	if id, ok := rootExpr.(*syntax.Ident); ok {
		name = id.Name
	} else if p, ok := rootExpr.(*syntax.Path); ok {
		name, pos = p.Name, p.NS[0].Pos
	}
	t := fr.temp()
	fr.emit(bytecode.AsConst, t, cur, noReg, int32(fr.c.name(name)), 0, pos)
	return t
}

// mayBorrow reports whether an assignment with an operator can use the register of the
// variable that is its right side: the operator only reads it, nothing is called before,
// and it is not the variable that is changed.
func (fr *frame) mayBorrow(s *syntax.Assign, rootExpr syntax.Expr, ls []link) bool {
	y, _ := s.Y.(*syntax.Ident)
	if s.Op == syntax.Assign_ || y == nil {
		return false
	}
	if v := fr.lookup(y.Name); v == nil || v.cell || v.external {
		return false
	}
	switch x := rootExpr.(type) {
	case *syntax.This:
	case *syntax.Ident:
		if x.Name == y.Name {
			return false
		}
	default:
		return false
	}
	for i := range ls {
		switch n := ls[i].node.(type) {
		case *syntax.Prop:
		case *syntax.Index:
			if !isSimple(n.Index) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// assignChain compiles x = y and x op= y where x is a chain.
func (fr *frame) assignChain(s *syntax.Assign) {
	top := fr.next
	rootExpr, ls := fr.c.links(s.X)
	fr.assignLinked(s, rootExpr, ls)
	fr.c.dropLinks(ls)
	fr.release(top)
}

// assignLinked compiles an assignment to a chain that is split into its root and its steps.
func (fr *frame) assignLinked(s *syntax.Assign, rootExpr syntax.Expr, ls []link) {
	done := fr.takes(s.X, s.Y)
	y, borrowed := fr.operand(s.Y)
	done()
	if borrowed && !fr.mayBorrow(s, rootExpr, ls) {
		// The value is stored: it must be owned.
		t := fr.temp()
		fr.emit(bytecode.Copy, t, y, noReg, 0, 0, s.Y.Position())
		y = t
	}
	rootTemp := fr.rootReg(rootExpr)
	fr.arguments(rootExpr, ls)
	cur, from := fr.root(rootExpr, rootTemp, true)
	if from.constant {
		cur = fr.constRoot(rootExpr, cur)
	}
	base := cur
	var skip jumps
	outer := noReg // holds what cur is an element or property of
	for i := range ls {
		l := &ls[i]
		ofThis := int32(0)
		if from.kind == placeThis && i == 0 {
			ofThis = 1
		}
		fr.cost++
		last := i == len(ls)-1
		if l.safe {
			j := fr.emit(bytecode.JumpUnit, cur, noReg, noReg, 0, 0, l.node.Position())
			if i == 0 {
				fr.extra(j, bytecode.PosA, rootExpr.Position())
			}
			fr.jump(&skip, j)
		}
		if l.isInt {
			l.index = fr.temp()
			x := l.node.(*syntax.Index)
			fr.emit(bytecode.LoadInt, l.index, noReg, noReg, l.small, 0, x.Index.Position())
		}
		var j int
		switch n := l.node.(type) {
		case *syntax.Prop:
			site := fr.c.site(&bytecode.Site{Name: n.Name, Args: 2, This: from.kind == placeThis && i == 0})
			switch {
			case !last:
				t := fr.temp()
				j = fr.emit(bytecode.PropOwn, t, cur, outer, site, 0, n.Pos)
				outer, cur = cur, t
			case s.Op == syntax.Assign_:
				fr.c.assigned(n.Name)
				j = fr.emit(bytecode.SetProp, cur, outer, y, site, 0, n.Pos)
				fr.extra(j, bytecode.PosC, s.Pos)
			default:
				if d, ok := smallInt(s.Y); ok && s.Op == syntax.Plus {
					j = fr.emit(bytecode.PropInc, cur, outer, y, site, d, s.Pos)
				} else {
					j = fr.emit(bytecode.PropTo, cur, outer, y, site, int32(s.Op), s.Pos)
				}
				fr.extra(j, bytecode.PosAux, n.Pos)
			}
		case *syntax.Index:
			switch {
			case !last:
				t := fr.temp()
				j = fr.emit(bytecode.IndexOwn, t, cur, l.index, 0, ofThis, n.Pos)
				outer, cur = cur, t
			case s.Op == syntax.Assign_:
				j = fr.emit(bytecode.SetIndex, cur, l.index, y, 0, ofThis, n.Pos)
				fr.extra(j, bytecode.PosC, s.Pos)
			default:
				j = fr.emit(bytecode.IndexTo, cur, l.index, y, int32(s.Op), ofThis, s.Pos)
				fr.extra(j, bytecode.PosC, n.Pos)
			}
			fr.extra(j, bytecode.PosAux, syntax.Start(n.Index))
		case *syntax.Method:
			fr.method(n, l, cur, base, l.window, from, nil)
			cur, from = l.window, place{}
		}
		if i == 0 {
			slot := bytecode.PosA
			if !last {
				slot = bytecode.PosB
			}
			fr.extra(j, slot, rootExpr.Position())
		}
	}
	if len(ls) > 1 {
		fr.emit(bytecode.WriteBack, cur, noReg, noReg, 0, 0, s.Pos)
	}
	if from.kind == placeThis {
		fr.emit(bytecode.ThisStore, base, noReg, noReg, 0, 0, rootExpr.Position())
	}
	if skip.first > 0 {
		// A chain that ends early forgets what it was to write back, and a constant does
		// not mind it.
		done := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
		fr.patchAll(skip)
		fr.emit(bytecode.WriteBack, cur, noReg, noReg, 1, 0, s.Pos)
		fr.patch(done)
	}
}
