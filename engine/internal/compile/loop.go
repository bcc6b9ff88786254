package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// smallCond is the size in nodes up to which a loop's condition is compiled
// twice, at the top and at the bottom, so that an iteration takes one jump.
const smallCond = 24

// body compiles the body of a loop. Marks of imports and dynamic variables that
// break and continue have to clear are taken by the block inside. iter is the state
// of a loop over anything but integers, noReg for others.
func (fr *frame) body(b *syntax.Block, dst, iter reg) loop {
	fr.loops = append(fr.loops, loop{result: dst, imports: noReg, scope: noReg, iter: iter})
	fr.blockMarked(b)
	l := fr.loops[len(fr.loops)-1]
	fr.loops = fr.loops[:len(fr.loops)-1]
	return l
}

// blockMarked is blockStmt for the body of a loop: it tells the loop where the
// marks are.
func (fr *frame) blockMarked(b *syntax.Block) {
	fr.block(func() {
		l := &fr.loops[len(fr.loops)-1]
		if fr.imports {
			l.imports = fr.temp()
			fr.emit(bytecode.ImportMark, l.imports, noReg, noReg, 0, 0, b.Pos)
		}
		if fr.open {
			l.scope = fr.temp()
			fr.emit(bytecode.ScopeMark, l.scope, fr.scope, noReg, 0, 0, b.Pos)
		}
		im, sc := l.imports, l.scope
		fr.stmts(b.Stmts, noReg)
		if im != noReg {
			fr.emit(bytecode.ImportDrop, im, noReg, noReg, 0, 0, b.End)
		}
		if sc != noReg {
			fr.emit(bytecode.ScopeDrop, sc, fr.scope, noReg, 0, 0, b.End)
		}
	})
}

// leave drops what the body of a loop added, before a jump out of it.
func (fr *frame) leave(l *loop) {
	if l.imports != noReg {
		fr.emit(bytecode.ImportDrop, l.imports, noReg, noReg, 0, 0, syntax.Pos{})
	}
	if l.scope != noReg {
		fr.emit(bytecode.ScopeDrop, l.scope, fr.scope, noReg, 0, 0, syntax.Pos{})
	}
}

// closeIters ends the iterators of the loops from the n-th on, before a jump out of
// them. Those whose items are all taken have ended.
func (fr *frame) closeIters(n int, pos syntax.Pos) {
	for i := len(fr.loops) - 1; i >= n; i-- {
		if r := fr.loops[i].iter; r != noReg {
			fr.emit(bytecode.IterClose, r, noReg, noReg, 0, 0, pos)
		}
	}
}

func (fr *frame) breakStmt(s *syntax.Break) {
	if fr.escape(s, s.Value) {
		return
	}
	l := &fr.loops[len(fr.loops)-1]
	switch {
	case s.Value != nil && l.result != noReg:
		t := fr.value(s.Value)
		fr.emit(bytecode.Move, l.result, t, noReg, 0, 0, s.Pos)
	case s.Value != nil:
		fr.value(s.Value)
	case l.result != noReg:
		fr.emit(bytecode.LoadUnit, l.result, noReg, noReg, 0, 0, s.Pos)
	}
	l = &fr.loops[len(fr.loops)-1]
	fr.closeIters(len(fr.loops)-1, s.Pos)
	fr.leave(l)
	fr.jump(&l.breaks, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos))
}

// nodes counts the nodes of a tree up to a maximum.
func nodes(n syntax.Node, limit int) int {
	count := 0
	syntax.Walk(n, func(m syntax.Node) bool {
		count++
		switch m.(type) {
		case *syntax.Closure, *syntax.StmtExpr:
			count += limit
		}
		return count < limit
	})
	return count
}

func (fr *frame) while(s *syntax.While, dst reg) {
	cost := fr.cost
	var exits jumps
	forever := s.Cond == nil
	if l, ok := s.Cond.(*syntax.Literal); ok && l.Val.IsBool() && l.Val.Bool() {
		forever = true
	}
	top := fr.here()
	fr.repeats++
	if !forever {
		exits = fr.branch(s.Cond, false, 0)
	}
	start := fr.here()
	l := fr.body(s.Body, dst, noReg)
	fr.patchAll(l.continues)
	spent := weight(fr.cost - cost)
	fr.trace(bytecode.TraceStmt, noReg, s.Pos)
	switch {
	case forever:
		i := fr.raw(bytecode.Instr{Op: bytecode.Loop, A: bytecode.NoReg, B: spent, C: bytecode.NoReg}, s.Pos)
		fr.patchTo(i, top)
	case nodes(s.Cond, smallCond) < smallCond:
		fr.patchAllTo(fr.branch(s.Cond, true, spent), start)
	default:
		i := fr.raw(bytecode.Instr{Op: bytecode.Loop, A: bytecode.NoReg, B: spent, C: bytecode.NoReg}, s.Pos)
		fr.patchTo(i, top)
	}
	fr.repeats--
	fr.patchAll(exits)
	fr.unit(dst, s.Pos)
	fr.patchAll(l.breaks)
}

func (fr *frame) do(s *syntax.Do, dst reg) {
	cost := fr.cost
	start := fr.here()
	fr.repeats++
	l := fr.body(s.Body, dst, noReg)
	fr.trace(bytecode.TraceStmt, noReg, syntax.Start(s.Cond))
	// continue goes straight to the next iteration, without the condition.
	fr.patchAllTo(fr.branch(s.Cond, !s.Until, weight(fr.cost-cost)), start)
	if l.continues.first > 0 {
		skip := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
		fr.patchAll(l.continues)
		i := fr.raw(bytecode.Instr{Op: bytecode.Loop, A: bytecode.NoReg, B: weight(fr.cost - cost), C: bytecode.NoReg}, s.Pos)
		fr.patchTo(i, start)
		fr.patch(skip)
	}
	fr.repeats--
	fr.unit(dst, s.Pos)
	fr.patchAll(l.breaks)
}

// forStmt compiles for. The state takes three registers: the container or
// iterator (unit for an integer range), the current integer or index, the end.
func (fr *frame) forStmt(s *syntax.For, dst reg) {
	fr.block(func() {
		state := fr.alloc(3)
		rangeLit, isRange := s.X.(*syntax.Binary)
		isRange = isRange && (rangeLit.Op == syntax.RangeExcl || rangeLit.Op == syntax.RangeIncl)
		top, borrowed := fr.next, false
		if isRange {
			fr.expr(rangeLit.X, state+1)
			fr.expr(rangeLit.Y, state+2)
		} else if borrowed = fr.lends(s.X, s.Body); borrowed {
			fr.peek(s.X, state)
		} else {
			fr.expr(s.X, state)
		}
		fr.release(top)

		counter := noReg
		if s.Counter.Name != "" {
			counter = fr.alloc(2)
			fr.emit(bytecode.LoadInt, counter, noReg, noReg, -1, 0, s.Counter.Pos)
		}
		v := fr.temp()
		if counter != noReg {
			fr.count(2, s.Var.Pos)
		} else {
			fr.count(1, s.Var.Pos)
		}
		fr.depth++ // the loop variables have a scope of their own
		fr.declareVar(s.Var.Name, v, false).depth = fr.depth
		shared := fr.isShared(s.Var.Name) || fr.open
		if counter != noReg {
			fr.declareVar(s.Counter.Name, counter+1, false).depth = fr.depth
			fr.emit(bytecode.LoadUnit, counter+1, noReg, noReg, 0, 0, s.Counter.Pos)
		}
		fr.emit(bytecode.LoadUnit, v, noReg, noReg, 0, 0, s.Var.Pos)
		leave := fr.enter(false, s.Pos)
		fr.hide(s.Var.Name, s.Var.Pos)
		if counter != noReg {
			fr.hide(s.Counter.Name, s.Counter.Pos)
		}
		// The item goes to a register of its own if the variable may be a cell.
		item := v
		if shared {
			item = fr.temp()
		}
		prepare, lends := 0, int32(0)
		if isRange {
			prepare = fr.raw(bytecode.Instr{Op: bytecode.ForRangePrepare, A: state.at(), B: item.at(), C: bytecode.NoReg, D: int32(rangeLit.Op)}, rangeLit.Pos)
		} else {
			d := int32(0)
			if borrowed {
				d = bytecode.ForBorrows
				if !shared && fr.lendsItems(s) {
					d |= bytecode.ForLends
				}
			}
			lends = d & bytecode.ForLends
			prepare = fr.emit(bytecode.ForPrepare, state, item, noReg, d, 0, s.X.Position())
		}
		fr.extra(prepare, bytecode.PosAux, syntax.Start(s.X))
		cost := fr.cost
		start := fr.here()
		if shared {
			fr.emit(bytecode.Store, v, item, noReg, 0, 0, s.Var.Pos)
		}
		if counter != noReg {
			fr.emit(bytecode.Inc, counter, noReg, noReg, 1, 0, s.Counter.Pos)
			op := bytecode.Move
			if fr.isShared(s.Counter.Name) || fr.open {
				op = bytecode.Store
			}
			fr.emit(op, counter+1, counter, noReg, 0, 0, s.Counter.Pos)
		}
		iter := state
		if isRange {
			iter = noReg
		}
		fr.repeats++
		l := fr.body(s.Body, dst, iter)
		fr.repeats--
		fr.patchAll(l.continues)
		fr.trace(bytecode.TraceStmt, noReg, s.Pos)
		op := bytecode.ForNext
		if isRange {
			op = bytecode.ForRange
		}
		next := fr.raw(bytecode.Instr{Op: op, A: state.at(), B: item.at(), C: weight(fr.cost - cost), D: lends}, s.X.Position())
		fr.patchTo(next, start)
		fr.patch(prepare)
		fr.unit(dst, s.Pos)
		fr.patchAll(l.breaks)
		leave(s.Pos)
		fr.depth--
	})
}
