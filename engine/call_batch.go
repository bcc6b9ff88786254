package engine

import (
	"math"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// A callback that is an expression without branches is evaluated for many integers at once,
// one operator after the other, each over a column of operands: what an operator is need
// not be found out for each element, nor of which type its operands are. An element that is
// no integer, or for which an operator has no result that is an integer or a bool, ends the
// columns; it is passed to the callback as all others were.

const (
	batchRegs = 8  // columns
	batchSize = 64 // elements in one
	// batchLeast is how many elements are worth it, and batchStays how many of them have
	// to be integers for the next ones to be tried.
	batchLeast, batchStays = 12, 16
)

// batch is memory for columns, which are written before they are read.
type batch [batchRegs][batchSize]int64

var batches = sync.Pool{New: func() any { return new(batch) }}

// batchCode is a function that can be evaluated so.
type batchCode struct {
	ops    []batchOp
	consts []batchConst
	result uint8           // the register of the result
	truth  bool            // the result is a bool
	params int             // which come first, then the captured variables
	used   [batchRegs]bool // registers that are read
}

// batchOp is a = b op c.
type batchOp struct {
	token   syntax.Token
	a, b, c uint8
	mask    int64 // of a remainder by a power of two, 0 for all others
}

// batchConst is a register that holds a constant.
type batchConst struct {
	reg uint8
	n   int64
}

// batchCode makes the form of a function of that many parameters and captured variables,
// nil if it has branches, or operators that integers are too rarely combined with.
func (q *quickCode) batchCode(params, vars int) *batchCode {
	if params+vars > batchRegs {
		return nil
	}
	b := &batchCode{params: params}
	next := params + vars
	// Constants and results get registers of their own: where says in which one the value
	// of a register of the function is, and truths whether it is a bool.
	var where [quickRegs]uint8
	var truths [quickRegs]bool
	for i := range where {
		where[i] = uint8(i)
	}
	constant := func(k *value.Value) (r uint8, ok bool) {
		if !raw.IsInt(k) || next >= batchRegs {
			return 0, false
		}
		b.consts = append(b.consts, batchConst{uint8(next), raw.Int(k)})
		next++
		return uint8(next - 1), true
	}
	for i := range q.ops {
		o := &q.ops[i]
		halts := false
		switch o.kind {
		case quickSet:
			r, ok := constant(&o.k)
			if !ok {
				return nil
			}
			where[o.a], truths[o.a] = r, false
			continue
		case quickMove:
			where[o.a], truths[o.a] = where[o.b], truths[o.b]
			continue
		case quickHalt:
			b.result, b.truth = where[o.a], truths[o.a]
			b.used[b.result] = true
			return b
		case quickHaltArith, quickHaltArithK:
			halts = true
		case quickArith, quickArithK:
		default:
			return nil
		}
		x := batchOp{token: o.token, b: where[o.b]}
		if truths[o.b] || next >= batchRegs {
			return nil
		}
		x.a = uint8(next)
		next++
		if o.kind == quickArithK || o.kind == quickHaltArithK {
			r, ok := constant(&o.k)
			if !ok {
				return nil
			}
			x.c = r
			if n := raw.Int(&o.k); n > 1 && n&(n-1) == 0 && x.token == syntax.Percent {
				x.mask = n - 1
			}
		} else if x.c = where[o.c]; truths[o.c] {
			return nil
		}
		compares := false
		switch o.token {
		case syntax.Plus, syntax.Minus, syntax.Star, syntax.Percent, syntax.Slash:
		case syntax.Equal, syntax.NotEqual, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
			compares = true
		default:
			return nil
		}
		b.used[x.b], b.used[x.c] = true, true
		b.ops = append(b.ops, x)
		if halts {
			b.result, b.truth = x.a, compares
			return b
		}
		where[o.a], truths[o.a] = x.a, compares
	}
	return nil
}

// Batch evaluates the function for some of the first elements of items, stores the results
// in dst, and returns how many there are: 0 if [Callback.Call] has to be asked for the first
// one. It calls the function as Call does with an element and its index, which is that of
// the first one. There is no trace of it before [Callback.Took] says how many results were
// used.
func (k *Callback) Batch(dst, items []Dynamic, index int) int {
	if k.varied || len(items) < batchLeast {
		return 0
	}
	return k.some(dst, items, index)
}

// some is Batch for enough elements.
func (k *Callback) some(dst, items []Dynamic, index int) int {
	m, q := k.m, k.quick
	if q == nil || q.batch == nil || m.traces || !k.saved.fn.Borrows || k.move != 0 || k.nargs != 0 || k.form != takesElement && k.form != takesElementAll || !raw.IsInt(&items[0]) && !raw.IsInt(&items[1]) {
		k.varied = true
		return 0
	}
	n := min(len(dst), len(items))
	// As many as can be called before the run loop has to look at the operations.
	if each := q.base + 1; m.steps-int64(n)*each <= q.cost {
		n = int(max((m.steps-q.cost)/each, 0))
	}
	if n < batchLeast || !raw.IsInt(&items[0]) {
		return 0
	}
	b, cols := q.batch, batches.Get().(*batch)
	done := 0
	if !k.fillColumns(b, cols, min(n, batchSize)) {
		k.varied, n = true, 0
	}
	for done < n {
		part := min(n-done, batchSize)
		some := k.batch(b, cols, items[done:done+part], index+done)
		out := dst[done : done+some]
		col := cols[b.result%batchRegs][:some]
		if b.truth {
			for i, x := range col {
				raw.SetTruth(&out[i], uint64(x))
			}
		} else {
			for i, x := range col {
				out[i].SetInt(x)
			}
		}
		if done += some; some < part {
			// To begin anew takes as long as some elements do.
			k.varied = done < batchStays
			break
		}
	}
	batches.Put(cols)
	return done
}

// Took notes that the function was called for n elements, of which Batch has the results.
func (k *Callback) Took(n int) { k.m.steps -= int64(n) * (k.quick.base + 1) }

// fillColumns fills the columns of constants and variables; it reports false if one of them
// is no integer.
func (k *Callback) fillColumns(b *batchCode, cols *batch, n int) bool {
	var regs [batchRegs]int64
	if !k.fill(b, &regs) {
		return false
	}
	for r := range k.fn.Curry {
		if b.used[r%batchRegs] {
			fillColumn(cols[r%batchRegs][:n], regs[r%batchRegs])
		}
	}
	for i := range k.vars {
		if r := (b.params + i) % batchRegs; b.used[r] {
			fillColumn(cols[r][:n], regs[r])
		}
	}
	for _, x := range b.consts {
		if b.used[x.reg%batchRegs] {
			fillColumn(cols[x.reg%batchRegs][:n], x.n)
		}
	}
	return true
}

func fillColumn(col []int64, n int64) {
	for i := range col {
		col[i] = n
	}
}

// fill puts what the function holds into registers: curried arguments, which come first, and
// captured variables, which follow the parameters. It reports false if one that is used is no
// integer.
func (k *Callback) fill(b *batchCode, regs *[batchRegs]int64) bool {
	for i := range k.fn.Curry {
		if !fillHeld(b, regs, i, &k.fn.Curry[i]) {
			return false
		}
	}
	for i := range k.vars {
		if !fillHeld(b, regs, b.params+i, &k.vars[i]) {
			return false
		}
	}
	return true
}

func fillHeld(b *batchCode, regs *[batchRegs]int64, r int, x *value.Value) bool {
	if !b.used[r%batchRegs] {
		return true
	}
	if x = held(x); x == nil || !raw.IsInt(x) {
		return false
	}
	regs[r%batchRegs] = raw.Int(x)
	return true
}

// batch evaluates one chunk of elements, whose results are in the column of the result; it
// returns how many there are.
func (k *Callback) batch(b *batchCode, cols *batch, items []value.Value, index int) int {
	n, first := len(items), len(k.fn.Curry)%batchRegs
	if b.params > first {
		col := &cols[first]
		for i := range items {
			if !raw.IsInt(&items[i]) {
				n = i
				break
			}
			col[i%batchSize] = raw.Int(&items[i])
		}
	}
	if second := (first + 1) % batchRegs; b.params > first+1 && b.used[second] {
		for i := range n {
			cols[second][i%batchSize] = int64(index + i)
		}
	}
	for i := range b.ops {
		o := &b.ops[i]
		n = o.column(cols[o.a%batchRegs][:n], cols[o.b%batchRegs][:n], cols[o.c%batchRegs][:n])
	}
	return n
}

// column computes dst = x op y for all, and returns how many could be: dst may be x or y.
func (o *batchOp) column(dst, x, y []int64) int {
	x, y = x[:len(dst)], y[:len(dst)]
	switch o.token {
	case syntax.Plus:
		for i, p := range x {
			q := y[i]
			s := p + q
			if (p^s)&(q^s) < 0 {
				return i
			}
			dst[i] = s
		}
	case syntax.Minus:
		for i, p := range x {
			q := y[i]
			s := p - q
			if (p^q)&(p^s) < 0 {
				return i
			}
			dst[i] = s
		}
	case syntax.Star:
		for i, p := range x {
			q := y[i]
			if uint64(p+1<<31)|uint64(q+1<<31) >= 1<<32 {
				return i
			}
			dst[i] = p * q
		}
	case syntax.Percent, syntax.Slash:
		for i, p := range x {
			if o.mask != 0 && p >= 0 {
				dst[i] = p & o.mask
				continue
			}
			s, ok := divide(o.token, p, y[i])
			if !ok {
				return i
			}
			dst[i] = s
		}
	case syntax.Less:
		for i, p := range x {
			dst[i] = truth(p < y[i])
		}
	case syntax.LessEqual:
		for i, p := range x {
			dst[i] = truth(p <= y[i])
		}
	case syntax.Greater:
		for i, p := range x {
			dst[i] = truth(p > y[i])
		}
	case syntax.GreaterEqual:
		for i, p := range x {
			dst[i] = truth(p >= y[i])
		}
	case syntax.Equal:
		for i, p := range x {
			dst[i] = truth(p == y[i])
		}
	case syntax.NotEqual:
		for i, p := range x {
			dst[i] = truth(p != y[i])
		}
	default:
		return 0
	}
	return len(dst)
}

// divide divides or takes the remainder; it reports false for divisors that are no ordinary
// ones.
func divide(op syntax.Token, x, y int64) (n int64, ok bool) {
	if uint64(x|y) <= math.MaxUint32 && y != 0 {
		if op == syntax.Slash {
			return int64(uint32(x) / uint32(y)), true
		}
		return int64(uint32(x) % uint32(y)), true
	}
	if y == 0 || y == -1 {
		return 0, false
	}
	if op == syntax.Slash {
		return x / y, true
	}
	return x % y, true
}

func truth(b bool) int64 {
	n := int64(0)
	if b {
		n = 1
	}
	return n
}

// Fold evaluates a function of the result so far and the element for some of the first
// elements of items, and returns how many: acc is the first such result, and then the last
// one. It is 0 if [Callback.Call] has to be asked for the first element.
func (k *Callback) Fold(acc *Dynamic, items []Dynamic) int {
	if k.varied {
		return 0
	}
	return k.fold(acc, items)
}

func (k *Callback) fold(acc *Dynamic, items []Dynamic) int {
	m, q := k.m, k.quick
	if q == nil || q.batch == nil || m.traces || !k.saved.fn.Borrows || k.move != 1 || k.nargs != 1 || k.form != takesElement || raw.IsFloat(acc) {
		k.varied = true
		return 0
	}
	if !raw.IsInt(acc) {
		return 0 // at first, perhaps
	}
	b := q.batch
	var regs [batchRegs]int64
	for _, x := range b.consts {
		regs[x.reg%batchRegs] = x.n
	}
	if b.truth || !k.fill(b, &regs) {
		return 0
	}
	first := len(k.fn.Curry)
	n, sum := 0, raw.Int(acc)
	adds := len(b.ops) == 1 && b.ops[0].token == syntax.Plus && b.ops[0].b+b.ops[0].c == 1 && first == 0
	for n < len(items) && raw.IsInt(&items[n]) && m.steps > q.cost {
		x := raw.Int(&items[n])
		if adds {
			s := sum + x
			if (sum^s)&(x^s) < 0 {
				break
			}
			sum = s
		} else {
			regs[first%batchRegs], regs[(first+1)%batchRegs] = sum, x
			if !b.eval(&regs) {
				break
			}
			sum = regs[b.result%batchRegs]
		}
		m.steps -= q.base + 1
		n++
	}
	acc.SetInt(sum)
	return n
}

// eval evaluates the function for the integers in registers. It reports false if one of the
// operators has no result that is an integer or a bool.
func (b *batchCode) eval(regs *[batchRegs]int64) bool {
	for i := range b.ops {
		o := &b.ops[i]
		x, y := regs[o.b%batchRegs], regs[o.c%batchRegs]
		var s int64
		switch o.token {
		case syntax.Plus:
			if s = x + y; (x^s)&(y^s) < 0 {
				return false
			}
		case syntax.Minus:
			if s = x - y; (x^y)&(x^s) < 0 {
				return false
			}
		case syntax.Star:
			if uint64(x+1<<31)|uint64(y+1<<31) >= 1<<32 {
				return false
			}
			s = x * y
		case syntax.Percent, syntax.Slash:
			var ok bool
			if s, ok = divide(o.token, x, y); !ok {
				return false
			}
		default:
			s = truth(compareInts(o.token, x, y))
		}
		regs[o.a%batchRegs] = s
	}
	return true
}

// What [Callback.Order] knows of a function.
const (
	orderUnknown  = iota
	orderNever    // it has to be called
	orderMinus    // the first argument minus the second
	orderReversed // the second minus the first
	orderInts     // more than that
)

// Order calls a function of two arguments and no more, and returns its result as sort
// understands it: an integer as it is, -1 for true and 1 for false. ok is false, with
// nothing done, if [Callback.Call] has to be asked.
func (k *Callback) Order(x, y *Dynamic) (order int64, ok bool) {
	m := k.m
	if k.order == orderUnknown {
		k.order = k.ordering()
	}
	if k.order == orderNever || !raw.IsInt(x) || !raw.IsInt(y) || m.steps <= k.quick.cost || m.traces {
		return 0, false
	}
	p, q := raw.Int(x), raw.Int(y)
	switch k.order {
	case orderReversed:
		p, q = q, p
		fallthrough
	case orderMinus:
		order = p - q
		if (p^q)&(p^order) < 0 {
			return 0, false
		}
	default:
		if order, ok = k.ofInts(p, q); !ok {
			return 0, false
		}
	}
	m.steps -= k.quick.base + 1
	return order, true
}

// ordering finds out what Order does.
func (k *Callback) ordering() uint8 {
	q := k.quick
	if q == nil || q.batch == nil || !k.saved.fn.Borrows || k.form != takesArgs || k.nargs != 2 {
		return orderNever
	}
	if ops := q.batch.ops; len(ops) == 1 && len(k.fn.Curry) == 0 && ops[0].token == syntax.Minus {
		switch {
		case ops[0].b == 0 && ops[0].c == 1:
			return orderMinus
		case ops[0].b == 1 && ops[0].c == 0:
			return orderReversed
		}
	}
	return orderInts
}

// ofInts is Order for integers, which are passed behind what is curried.
func (k *Callback) ofInts(x, y int64) (order int64, ok bool) {
	b := k.quick.batch
	var regs [batchRegs]int64
	if len(k.vars)+len(k.fn.Curry) > 0 && !k.fill(b, &regs) {
		return 0, false
	}
	first := len(k.fn.Curry)
	regs[first%batchRegs], regs[(first+1)%batchRegs] = x, y
	for _, k := range b.consts {
		regs[k.reg%batchRegs] = k.n
	}
	if !b.eval(&regs) {
		return 0, false
	}
	order = regs[b.result%batchRegs]
	if b.truth {
		order = 1 - 2*order
	}
	return order, true
}
