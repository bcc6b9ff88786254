package compile

import (
	"math"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// denseSwitch is how many entries a jump table may have per label.
const denseSwitch = 4

// arm is one arm of a switch being compiled.
type arm struct {
	body  int   // index of its first instruction, 0 before it is compiled
	jumps []int // jumps to it
}

// switchStmt compiles a switch: a table leads from each literal to a chain of
// the guards of the arms that have it as label, in source order; then come the
// ranges in source order, then the default.
func (fr *frame) switchStmt(s *syntax.Switch, dst reg) {
	top := fr.next
	t, borrowed := fr.operand(s.X)
	if borrowed && !guardsSimple(s) {
		// Guards may change the variable: the switch looks at the value it had.
		x := t
		t = fr.temp()
		fr.emit(bytecode.Copy, t, x, noReg, 0, 0, s.X.Position())
	}
	table := &bytecode.Table{}
	fr.c.prog.Tables = append(fr.c.prog.Tables, table)
	at := fr.emit(bytecode.Switch, t, noReg, noReg, int32(len(fr.c.prog.Tables)-1), 0, s.Pos)
	fr.extra(at, bytecode.PosA, s.X.Position())
	arms := make([]arm, len(s.Cases))

	var toRanges, toDefault []int // jumps of values that no guard took
	type label struct {
		val  value.Value
		arms []int
	}
	var labels []label
	type rangeCase struct {
		r   *syntax.Binary
		arm int
	}
	var ranges []rangeCase
	deflt := -1
	index := map[uint64][]int{}
	for i, c := range s.Cases {
		if len(c.Labels) == 0 {
			deflt = i
		}
	next:
		for _, l := range c.Labels {
			if r, ok := l.(*syntax.Binary); ok {
				ranges = append(ranges, rangeCase{r, i})
				continue
			}
			v := l.(*syntax.Literal).Val
			h, ok := value.Hash(v)
			if !ok {
				continue
			}
			for _, k := range index[h] {
				if value.Identical(labels[k].val, v) {
					if a := labels[k].arms; a[len(a)-1] != i {
						labels[k].arms = append(a, i)
					}
					continue next
				}
			}
			index[h] = append(index[h], len(labels))
			labels = append(labels, label{v, []int{i}})
		}
	}

	// Entry points of the labels: straight to the body, or a chain of guards.
	condCost := fr.cost
	for _, l := range labels {
		if s.Cases[l.arms[0]].Guard == nil {
			fr.addLabel(table, l.val, -1-l.arms[0])
			continue
		}
		fr.addLabel(table, l.val, fr.here()-at)
		done := false
		for _, a := range l.arms {
			g := s.Cases[a].Guard
			if g == nil {
				arms[a].jumps = append(arms[a].jumps, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos))
				done = true
				break
			}
			arms[a].jumps = append(arms[a].jumps, fr.branch(g, true, 0)...)
		}
		if !done {
			j := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
			if isNumber(l.val) {
				toRanges = append(toRanges, j)
			} else {
				toDefault = append(toDefault, j)
			}
		}
	}
	// The range tests.
	if len(ranges) > 0 {
		table.Ranges = int32(fr.here() - at)
		fr.patchAll(toRanges)
		toRanges = nil
		for _, rc := range ranges {
			lo, hi := rc.r.X.(*syntax.Literal).Val, rc.r.Y.(*syntax.Literal).Val
			start, end := int64(0), int64(math.MaxInt64)
			if lo.IsInt() {
				start = lo.Int()
			}
			incl := rc.r.Op == syntax.RangeIncl
			if hi.IsInt() {
				end = hi.Int()
			} else {
				incl = true
			}
			k := fr.c.constant(value.Range(start, end, incl))
			j := fr.emit(bytecode.InRange, t, noReg, noReg, int32(k), 0, rc.r.Pos)
			g := s.Cases[rc.arm].Guard
			if g == nil {
				arms[rc.arm].jumps = append(arms[rc.arm].jumps, j)
				continue
			}
			skip := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos)
			fr.patch(j)
			arms[rc.arm].jumps = append(arms[rc.arm].jumps, fr.branch(g, true, 0)...)
			fr.patch(skip)
		}
	}
	// The default, which is also where everything else ends up.
	fr.patchAll(toRanges)
	fr.patchAll(toDefault)
	fr.patch(at)
	guardCost := fr.cost - condCost
	fr.cost = condCost + guardCost/max(1, len(labels)+len(ranges))
	base := fr.cost
	var ends []int
	total := 0
	if deflt >= 0 {
		fr.stmtScoped(s.Cases[deflt].Body, dst)
		total += fr.cost - base
	} else {
		fr.unit(dst, s.Pos)
	}
	ends = append(ends, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos))
	for i, c := range s.Cases {
		if i == deflt {
			continue
		}
		fr.cost = base
		arms[i].body = fr.here()
		for _, j := range arms[i].jumps {
			fr.patch(j)
		}
		fr.stmtScoped(c.Body, dst)
		total += fr.cost - base
		ends = append(ends, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, s.Pos))
	}
	fr.cost = base + total/max(1, len(s.Cases))
	fr.patchAll(ends)
	finish(table, arms, at)
	fr.release(top)
}

// guardsSimple reports whether no guard can change a variable.
func guardsSimple(s *syntax.Switch) bool {
	for _, c := range s.Cases {
		if c.Guard != nil && !isSimple(c.Guard) {
			return false
		}
	}
	return true
}

// stmtScoped compiles the body of an arm.
func (fr *frame) stmtScoped(s syntax.Stmt, dst reg) {
	fr.block(func() { fr.stmt(s, dst) })
}

func isNumber(v value.Value) bool { return v.IsInt() || v.IsFloat() }

// addLabel enters a label. target is a distance in instructions, or -1-i for
// the body of arm i, which finish resolves.
func (fr *frame) addLabel(t *bytecode.Table, v value.Value, target int) {
	switch {
	case v.IsInt():
		if t.Ints == nil {
			t.Ints = map[int64]int32{}
		}
		t.Ints[v.Int()] = int32(target)
	case v.IsString():
		if t.Strings == nil {
			t.Strings = map[string]int32{}
		}
		t.Strings[v.Str()] = int32(target)
	default:
		h, _ := value.Hash(v)
		if t.Others == nil {
			t.Others = map[uint64][]bytecode.OtherCase{}
		}
		t.Others[h] = append(t.Others[h], bytecode.OtherCase{Label: value.Freeze(v), Target: int32(target)})
	}
}

// finish turns the targets into distances in bytes and makes a jump table of
// the integers where that is worth it.
func finish(t *bytecode.Table, arms []arm, at int) {
	scale := func(d int32) int32 {
		if d < 0 {
			d = int32(arms[-1-d].body - at)
		}
		return d * bytecode.InstrSize
	}
	t.Ranges *= bytecode.InstrSize
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for k, d := range t.Ints {
		t.Ints[k] = scale(d)
		lo, hi = min(lo, k), max(hi, k)
	}
	for k, d := range t.Strings {
		t.Strings[k] = scale(d)
	}
	for _, cs := range t.Others {
		for i := range cs {
			cs[i].Target = scale(cs[i].Target)
		}
	}
	if n := len(t.Ints); n > 0 && hi-lo >= 0 && hi-lo < int64(n*denseSwitch+4) {
		t.Min = lo
		t.Dense = make([]int32, hi-lo+1)
		for k, d := range t.Ints {
			t.Dense[k-lo] = d
		}
	}
}
