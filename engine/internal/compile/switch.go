package compile

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// denseSwitch is how many entries a jump table may have per label.
const denseSwitch = 4

// switchCode is a switch being compiled.
type switchCode struct {
	fr     *frame
	s      *syntax.Switch
	dst    reg
	value  reg // what is compared
	at     int // index of the Switch instruction
	table  *bytecode.Table
	arms   []arm
	labels []label
	ranges []rangeCase
	deflt  int // the default arm, -1 if there is none
	// Jumps of values that no guard took: numbers go on to the ranges, others to the
	// default.
	toRanges, toDefault jumps
}

// arm is one arm of a switch being compiled.
type arm struct {
	body  int   // index of its first instruction, 0 before it is compiled
	jumps jumps // to it
}

// label is a literal, with the arms that have it as label in source order.
type label struct {
	val  value.Value
	arms []int
}

// rangeCase is a range that is a label of an arm.
type rangeCase struct {
	r   *syntax.Binary
	arm int
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
	w := &fr.c.work
	arms, labels := len(w.arms), len(w.labels)
	w.arms = append(w.arms, make([]arm, len(s.Cases))...)
	sw := &switchCode{fr: fr, s: s, dst: dst, value: t, at: at, table: table, arms: w.arms[arms:len(w.arms):len(w.arms)]}
	sw.labels = w.labels[labels:labels]
	sw.collect()
	w.labels = append(w.labels[:labels], sw.labels...)
	cost := fr.cost
	sw.entries()
	sw.rangeTests()
	fr.patchAll(sw.toRanges)
	fr.patchAll(sw.toDefault)
	fr.patch(at)
	fr.cost = cost + (fr.cost-cost)/max(1, len(sw.labels)+len(sw.ranges))
	sw.bodies()
	finish(table, sw.arms, at)
	clear(w.labels[labels:])
	w.arms, w.labels = w.arms[:arms], w.labels[:labels]
	fr.release(top)
}

// collect finds the labels, the ranges and the default.
func (sw *switchCode) collect() {
	sw.deflt = -1
	var index map[uint64][]int // of many labels, by their hash
	for i := range sw.s.Cases {
		c := &sw.s.Cases[i]
		if len(c.Labels) == 0 {
			sw.deflt = i
		}
	next:
		for _, l := range c.Labels {
			if r, ok := l.(*syntax.Binary); ok {
				sw.ranges = append(sw.ranges, rangeCase{r, i})
				continue
			}
			v := l.(*syntax.Literal).Val
			if !v.IsString() && !v.IsInt() {
				if _, ok := value.Hash(v); !ok {
					continue
				}
			}
			if len(sw.labels) < fewLabels {
				for k := range sw.labels {
					if sw.same(k, v, i) {
						continue next
					}
				}
			} else {
				if index == nil {
					index = map[uint64][]int{}
					for k := range sw.labels {
						h, _ := value.Hash(sw.labels[k].val)
						index[h] = append(index[h], k)
					}
				}
				h, _ := value.Hash(v)
				for _, k := range index[h] {
					if sw.same(k, v, i) {
						continue next
					}
				}
				index[h] = append(index[h], len(sw.labels))
			}
			sw.labels = append(sw.labels, label{v, sw.fr.c.one(i)})
		}
	}
}

// fewLabels is how many labels are compared one by one.
const fewLabels = 8

// same reports whether label k is v, and then adds arm i to its arms.
func (sw *switchCode) same(k int, v value.Value, i int) bool {
	l := &sw.labels[k]
	if !value.Identical(l.val, v) {
		return false
	}
	if l.arms[len(l.arms)-1] != i {
		l.arms = append(l.arms, i)
	}
	return true
}

// entries makes the entry points of the labels: straight to the body, or a chain of
// guards.
func (sw *switchCode) entries() {
	fr := sw.fr
	for _, l := range sw.labels {
		if sw.s.Cases[l.arms[0]].Guard == nil {
			fr.addLabel(sw.table, l.val, -1-l.arms[0])
			continue
		}
		fr.addLabel(sw.table, l.val, fr.here()-sw.at)
		if sw.guards(l.arms) {
			continue
		}
		j := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, sw.s.Pos)
		if isNumber(l.val) {
			fr.jump(&sw.toRanges, j)
		} else {
			fr.jump(&sw.toDefault, j)
		}
	}
}

// guards tests the guards of some arms in turn. It reports whether one of them has none,
// so that no value goes past it.
func (sw *switchCode) guards(arms []int) bool {
	for _, a := range arms {
		g := sw.s.Cases[a].Guard
		if g == nil {
			sw.fr.jump(&sw.arms[a].jumps, sw.fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, sw.s.Pos))
			return true
		}
		sw.fr.join(&sw.arms[a].jumps, sw.fr.branch(g, true, 0))
	}
	return false
}

// rangeTests compares numbers with the ranges, one by one.
func (sw *switchCode) rangeTests() {
	if len(sw.ranges) == 0 {
		return
	}
	fr := sw.fr
	sw.table.Ranges = int32(fr.here() - sw.at)
	fr.patchAll(sw.toRanges)
	sw.toRanges = jumps{}
	for _, rc := range sw.ranges {
		a := &sw.arms[rc.arm]
		j := fr.emit(bytecode.InRange, sw.value, noReg, noReg, int32(fr.c.constant(rangeOf(rc.r))), 0, rc.r.Pos)
		g := sw.s.Cases[rc.arm].Guard
		if g == nil {
			fr.jump(&a.jumps, j)
			continue
		}
		skip := fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, sw.s.Pos)
		fr.patch(j)
		fr.join(&a.jumps, fr.branch(g, true, 0))
		fr.patch(skip)
	}
}

// rangeOf returns the range that a label means; without an end it goes on forever.
func rangeOf(r *syntax.Binary) value.Value {
	lo, hi := r.X.(*syntax.Literal).Val, r.Y.(*syntax.Literal).Val
	start, end, incl := int64(0), int64(math.MaxInt64), r.Op == syntax.RangeIncl
	if lo.IsInt() {
		start = lo.Int()
	}
	if hi.IsInt() {
		end = hi.Int()
	} else {
		incl = true
	}
	return value.Range(start, end, incl)
}

// bodies compiles the bodies of the arms: the default, which is also where everything
// else ends up, comes first.
func (sw *switchCode) bodies() {
	fr, base, total := sw.fr, sw.fr.cost, 0
	if sw.deflt >= 0 {
		fr.stmtScoped(sw.s.Cases[sw.deflt].Body, sw.dst)
		total += fr.cost - base
	} else {
		fr.unit(sw.dst, sw.s.Pos)
	}
	ends := fr.one(fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, sw.s.Pos))
	for i, c := range sw.s.Cases {
		if i == sw.deflt {
			continue
		}
		fr.cost = base
		sw.arms[i].body = fr.here()
		fr.patchAll(sw.arms[i].jumps)
		fr.stmtScoped(c.Body, sw.dst)
		total += fr.cost - base
		fr.jump(&ends, fr.emit(bytecode.Jump, noReg, noReg, noReg, 0, 0, sw.s.Pos))
	}
	fr.cost = base + total/max(1, len(sw.s.Cases))
	fr.patchAll(ends)
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

// charsSwitch is the code below which labels that are characters get a jump table: it has the
// letters of most alphabets.
const charsSwitch = 0x600

// fewTexts is how many labels that are texts are looked at one after the other.
const fewTexts = 8

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
		if len(t.Strings) <= fewTexts {
			t.Few = append(t.Few, bytecode.TextCase{Label: k, Target: t.Strings[k]})
		}
	}
	slices.SortFunc(t.Few, func(a, b bytecode.TextCase) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), strings.Compare(a.Label, b.Label))
	})
	for _, cs := range t.Others {
		for i := range cs {
			cs[i].Target = scale(cs[i].Target)
			if l := cs[i].Label; l.IsChar() && l.Tag() == 0 && l.Char() < charsSwitch {
				t.Chars = append(t.Chars, make([]int32, max(0, int(l.Char())+1-len(t.Chars)))...)
				if d := &t.Chars[l.Char()]; *d == 0 {
					*d = cs[i].Target // the first of several holds
				}
			}
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
