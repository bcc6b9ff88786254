package view

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// Query says what to add up.
type Query struct {
	Type    string   // the sample type; "" is the profile's default
	Filters []Filter // all apply, in the order in which pprof applies their kinds
	// TagRoot are keys of labels whose values become the callers of everything, the
	// first one outermost.
	TagRoot []string
	// Normalize scales the other side of a comparison to the total of this one, so
	// that shares are compared and not amounts.
	Normalize bool
}

// Amount is a sum of values. The zero value is the sum of nothing.
type Amount struct {
	Value int64
	Base  int64 // of the side that is compared with, 0 if there is none
	// variance is the estimated variance of the difference, see [Amount.Error].
	variance float64
}

// Delta is how much more there is than on the side that is compared with.
func (a Amount) Delta() int64 { return a.Value - a.Base }

func (a *Amount) add(b Amount) {
	a.Value += b.Value
	a.Base += b.Base
	a.variance += b.variance
}

// Cost is what a function or line costs.
type Cost struct {
	Flat Amount // in itself
	Cum  Amount // in itself and what it calls
	// Ops are the operations of the script in itself, and Time is its own time: both 0 if
	// the profile lacks one of them.
	Ops, Time Pair
}

// Pair is a sum of values without an estimate of its noise.
type Pair struct {
	Value int64
	Base  int64 // of the side that is compared with
}

func (p *Pair) add(b Pair) {
	p.Value += b.Value
	p.Base += b.Base
}

// NsPerOp is the time of an operation in the function itself; ok is false if it is
// not known.
func (c Cost) NsPerOp() (ns float64, ok bool) {
	if c.Ops.Value <= 0 || c.Time.Value <= 0 {
		return 0, false
	}
	return float64(c.Time.Value) / float64(c.Ops.Value), true
}

// Index is a profile added up for one sample type under filters. It is immutable.
type Index struct {
	d     *Data
	query Query
	at    int // of the sample type
	ops   int // of the operations, -1 for none
	time  int // of the time beside them
	count int // of the number of samples, -1 for none
	scale float64

	funcs []Func // those of the data, then the values of TagRoot
	lines []line // alike
	roots [][]int32
	sieve *sieve

	weights []weight
	total   Amount // of what the filters keep
	all     Amount // of everything
	byFunc  []Cost
	seen    []bool // functions that are on a stack that is kept

	lineOnce, treeOnce, inverseOnce sync.Once

	byLine        []Cost
	tree, inverse *Tree
}

// weight is what the samples with one stack come to.
type weight struct {
	stack int32
	root  int32 // the callers that labels make, of roots
	value Amount
	ops   Pair
	time  Pair
}

// exact reports whether the profile was counted and not sampled: its period is one
// operation. Then every value is the same on every run, and there is no noise in it.
func (d *Data) exact() bool {
	t := d.header.PeriodType
	return t != nil && t.Type == "ops" && d.header.Period == 1
}

// Index adds the profile up.
func (d *Data) Index(q Query) (*Index, error) {
	at, err := d.TypeIndex(q.Type)
	if err != nil {
		return nil, err
	}
	q.Type = d.types[at].Name
	q.Filters, q.TagRoot = slices.Clone(q.Filters), slices.Clone(q.TagRoot)
	ix := &Index{
		d: d, query: q, at: at, ops: d.find("ops"), time: d.find("wall"), count: d.counts(), scale: 1,
		funcs: slices.Clip(d.funcs), lines: slices.Clip(d.lines), roots: [][]int32{nil},
	}
	if ix.time < 0 {
		ix.time = d.find("cpu")
	}
	if ix.ops < 0 || ix.time < 0 {
		ix.ops, ix.time = -1, -1
	}
	if ix.sieve, err = newSieve(q.Filters, ix.funcs); err != nil {
		return nil, err
	}
	ix.weigh()
	ix.sum()
	return ix, nil
}

func (d *Data) find(name string) int {
	return slices.IndexFunc(d.types, func(t Type) bool { return t.Name == name })
}

// counts finds the type that says how many samples a value is made of.
func (d *Data) counts() int {
	for _, name := range []string{"samples", "sample", "contentions"} {
		if i := d.find(name); i >= 0 {
			return i
		}
	}
	return -1
}

// weigh finds the weights of stacks.
func (ix *Index) weigh() {
	d, n := ix.d, len(ix.d.types)
	keep := make([]bool, len(d.labels))
	root := make([]int32, len(d.labels))
	known := map[string]int32{"": 0}
	for i, l := range d.labels {
		keep[i] = ix.sieve.labels(l)
		root[i] = ix.rootOf(l, known)
	}
	exact := d.exact()
	if ix.query.Normalize && d.sides == 2 {
		var sums [2]float64
		for i, s := range d.samples {
			sums[s.side] += float64(d.values.at(i*n + ix.at))
		}
		if sums[1] != 0 {
			ix.scale = sums[0] / sums[1]
		}
	}
	pair := func(v int64, side uint8) Pair {
		if side == 0 {
			return Pair{Value: v}
		}
		if ix.scale != 1 {
			v = int64(math.Round(float64(v) * ix.scale))
		}
		return Pair{Base: v}
	}
	spread := newRounds(d)
	// The number of the weight of a stack and 1, and those of stacks under labels.
	first := make([]int32, len(d.stacks.stacks))
	if len(ix.query.TagRoot) == 0 {
		ix.weights = make([]weight, 0, len(first))
	}
	type place struct{ stack, root int32 }
	var rest map[place]int32
	for i, s := range d.samples {
		p := pair(d.values.at(i*n+ix.at), s.side)
		a := Amount{Value: p.Value, Base: p.Base}
		if !exact {
			a.variance = ix.variance(i, float64(a.Value+a.Base))
		}
		ix.all.add(a)
		spread.add(s, float64(a.Value+a.Base), a.variance)
		if !keep[s.label] {
			continue
		}
		var at int32
		if r := root[s.label]; r == 0 {
			if first[s.stack] == 0 {
				ix.weights = append(ix.weights, weight{stack: s.stack})
				first[s.stack] = int32(len(ix.weights))
			}
			at = first[s.stack] - 1
		} else {
			if rest == nil {
				rest = map[place]int32{}
			}
			p := place{s.stack, r}
			var ok bool
			if at, ok = rest[p]; !ok {
				at = int32(len(ix.weights))
				ix.weights = append(ix.weights, weight{stack: s.stack, root: r})
				rest[p] = at
			}
		}
		w := &ix.weights[at]
		w.value.add(a)
		if ix.ops >= 0 {
			w.ops.add(pair(d.values.at(i*n+ix.ops), s.side))
			w.time.add(pair(d.values.at(i*n+ix.time), s.side))
		}
	}
	if more := spread.factor(); more > 1 {
		ix.all.variance *= more
		for i := range ix.weights {
			ix.weights[i].value.variance *= more
		}
	}
	if len(ix.query.Filters) == 0 {
		ix.total = ix.all
		return
	}
	// What the filters drop goes now, so that no view looks at it again.
	var path []int32
	kept := ix.weights[:0]
	for _, w := range ix.weights {
		var ok bool
		if path, ok = ix.path(&w, path); ok {
			ix.total.add(w.value)
			kept = append(kept, w)
		}
	}
	ix.weights = kept
}

// variance estimates the variance of a value of a sample: a value that n samples add up
// to has n times the square of what one of them stands for.
func (ix *Index) variance(sample int, v float64) float64 {
	n := 1.0
	switch h := ix.d.header; {
	case ix.count >= 0:
		n = float64(ix.d.values.at(sample*len(ix.d.types) + ix.count))
	case h.Period > 0 && h.PeriodType != nil && h.PeriodType.Unit == ix.d.types[ix.at].Unit:
		n = math.Abs(v) / float64(h.Period)
	default:
		return 0 // nothing is known of how it was sampled
	}
	return v * v / max(n, 1)
}

// rootOf finds the callers that labels make.
func (ix *Index) rootOf(l LabelSet, known map[string]int32) int32 {
	if len(ix.query.TagRoot) == 0 {
		return 0
	}
	var names []string
	for _, key := range ix.query.TagRoot {
		values := slices.Clone(l.Text[key])
		for i, v := range l.Num[key] {
			unit := ""
			if i < len(l.Unit[key]) {
				unit = " " + l.Unit[key][i]
			}
			values = append(values, fmt.Sprint(v)+unit)
		}
		if len(values) > 0 {
			names = append(names, key+": "+strings.Join(values, ","))
		}
	}
	key := strings.Join(names, "\x00")
	n, ok := known[key]
	if ok {
		return n
	}
	var path []int32
	for _, name := range names {
		id := slices.IndexFunc(ix.funcs[len(ix.d.funcs):], func(f Func) bool { return f.Name == name })
		if id < 0 {
			id = len(ix.funcs) - len(ix.d.funcs)
			ix.funcs = append(ix.funcs, Func{Name: name, Kind: Tag})
			ix.lines = append(ix.lines, line{fn: FuncID(len(ix.funcs) - 1)})
		}
		path = append(path, int32(len(ix.d.lines)+id))
	}
	n = int32(len(ix.roots))
	ix.roots = append(ix.roots, path)
	known[key] = n
	return n
}

// path is the stack of a weight, the root first, after the filters. buf is reused.
func (ix *Index) path(w *weight, buf []int32) (path []int32, ok bool) {
	d := ix.d
	buf = append(buf[:0], ix.roots[w.root]...)
	fixed := len(buf)
	// From the leaf up, then turned around.
	data := d.stacks.at(w.stack)
	for i := 0; i < len(data); {
		v, k := uint64(data[i]), 1
		if v >= 0x80 {
			v, k = binary.Uvarint(data[i:])
		}
		i += k
		buf = append(buf, d.locLines[d.locStart[v]:d.locStart[v+1]]...)
	}
	slices.Reverse(buf[fixed:])
	if len(ix.query.Filters) == 0 {
		return buf, true
	}
	rest, ok := ix.sieve.path(buf[fixed:], ix.lines)
	if !ok {
		return buf, false
	}
	return append(buf[:fixed], rest...), true
}

// walk shows the stacks that are kept and have a value, the root first. The path is valid
// during the call only.
func (ix *Index) walk(f func(w *weight, path []int32)) {
	var path []int32
	for i := range ix.weights {
		if v := &ix.weights[i].value; v.Value != 0 || v.Base != 0 {
			path, _ = ix.path(&ix.weights[i], path)
			f(&ix.weights[i], path)
		}
	}
}

// walkAll is walk with the stacks without a value: they may have operations or time.
func (ix *Index) walkAll(f func(w *weight, path []int32)) {
	var path []int32
	for i := range ix.weights {
		path, _ = ix.path(&ix.weights[i], path)
		f(&ix.weights[i], path)
	}
}

// sum adds up functions.
func (ix *Index) sum() {
	ix.byFunc = make([]Cost, len(ix.funcs))
	ix.seen = make([]bool, len(ix.funcs))
	ix.sumUp(func(l int32, value bool) *Cost {
		fn := ix.lines[l].fn
		ix.seen[fn] = ix.seen[fn] || value
		return &ix.byFunc[fn]
	})
}

// lineCosts are the costs of lines.
func (ix *Index) lineCosts() []Cost {
	ix.lineOnce.Do(func() {
		ix.byLine = make([]Cost, len(ix.lines))
		ix.sumUp(func(l int32, _ bool) *Cost { return &ix.byLine[l] })
	})
	return ix.byLine
}

// sumUp adds every stack to the costs of its lines, or what they are part of. value tells
// whether the stack has one of the sample type.
func (ix *Index) sumUp(cost func(line int32, value bool) *Cost) {
	stamp := make([]int32, len(ix.funcs))
	serial := int32(0)
	ix.walkAll(func(w *weight, path []int32) {
		serial++
		value := w.value.Value != 0 || w.value.Base != 0
		if n := len(path); n > 0 {
			c := cost(path[n-1], value)
			c.Flat.add(w.value)
			c.Ops.add(w.ops)
			c.Time.add(w.time)
		}
		// From the leaf up: the innermost call of a function is the one that counts.
		for i := len(path) - 1; i >= 0; i-- {
			if fn := ix.lines[path[i]].fn; stamp[fn] != serial {
				stamp[fn] = serial
				cost(path[i], value).Cum.add(w.value)
			}
		}
	})
}

// Data is what was added up.
func (ix *Index) Data() *Data { return ix.d }

// Query is what was asked for, with the name of the sample type.
func (ix *Index) Query() Query {
	q := ix.query
	q.Filters, q.TagRoot = slices.Clone(q.Filters), slices.Clone(q.TagRoot)
	return q
}

// Type is the sample type.
func (ix *Index) Type() Type { return ix.d.types[ix.at] }

// Total is the sum of what the filters keep.
func (ix *Index) Total() Amount { return ix.total }

// All is the sum of everything, which shares are of.
func (ix *Index) All() Amount { return ix.all }

// Compared reports whether there is a side that is compared with.
func (ix *Index) Compared() bool { return ix.d.sides == 2 }

// HasOps reports whether operations and their time are known, see [Cost.NsPerOp].
func (ix *Index) HasOps() bool { return ix.ops >= 0 }

// Func is a function of the profile or, see [Query.TagRoot], a value of a label.
func (ix *Index) Func(id FuncID) *Func {
	if id < 0 || int(id) >= len(ix.funcs) {
		return &Func{Name: moreName}
	}
	return &ix.funcs[id]
}

// Cost is what a function costs.
func (ix *Index) Cost(id FuncID) Cost {
	if id < 0 || int(id) >= len(ix.byFunc) {
		return Cost{}
	}
	return ix.byFunc[id]
}

// Find finds a function that is on a stack by name and file; an empty file stands for
// any.
func (ix *Index) Find(name, file string) (id FuncID, ok bool) {
	for i := range ix.funcs {
		if ix.seen[i] && ix.funcs[i].Name == name && (file == "" || ix.funcs[i].File == file) {
			return FuncID(i), true
		}
	}
	return 0, false
}

// Share is a part of everything, from 0 to 1; 0 if there is nothing.
func (ix *Index) Share(n int64) float64 {
	if ix.all.Value == 0 {
		if ix.all.Base == 0 {
			return 0
		}
		return float64(n) / float64(ix.all.Base)
	}
	return float64(n) / float64(ix.all.Value)
}

// Frame is a place of a stack.
type Frame struct {
	Func FuncID
	Line int64 // 0 if it is not known
}

// Stacks shows the stacks that the filters keep, the root first, with what their samples
// come to. The stack is valid during the call only.
func (ix *Index) Stacks(f func(stack []Frame, value Amount)) {
	var stack []Frame
	ix.walk(func(w *weight, path []int32) {
		stack = stack[:0]
		for _, l := range path {
			stack = append(stack, Frame{ix.lines[l].fn, ix.lines[l].no})
		}
		f(stack, w.value)
	})
}
