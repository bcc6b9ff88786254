package engine

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
)

//go:generate go run ./internal/tracegen

// What the traced loop is for. In an exact run it counts how often each instruction is
// executed, by call path, and charges what the run uses, operations and memory, as soon
// as it was used.
//
// Operations of straight code are counted ahead in sums, by calls and jumps back. The sum
// that a function used is shared out among its instructions by how often each was
// executed, in whole operations, so that nothing is lost or charged twice; what a native
// function uses is charged to the call. So the figures are the same in every run, and add
// up to the operations of the run.

// traceMode is what the traced loop is used for.
type traceMode uint8

const (
	idle      traceMode = iota
	strolling           // see [machine.stroll]
	counting
	entering // see [SamplerOptions.Enter]
)

// trace is the state of the traced loop. The loop calls [machine.traced] before an
// instruction that is none of the function in progress.
type trace struct {
	from uintptr  // the first instruction of the function in progress
	hits []uint64 // executions of its instructions
	sp   int      // how many calls there were
	last int32    // the instruction executed last
	mode traceMode

	at Location // the function that the sampler was told of

	left int    // instructions until a stroll ends
	what Sample // that is taken then

	ops   int64 // operations of the run that are charged
	bytes int64 // and bytes
	path  []traceLevel
	root  *traceNode
	cells int // in all nodes
	evals int // nodes of evaluated text
}

// traceLevel is a call in progress.
type traceLevel struct {
	node *traceNode
	ln   *linked
	fn   *bytecode.Func
	sp   int
	last int32 // the instruction that calls
	// lost is set for a call beyond what is kept apart: it is charged to the instruction
	// of the node that led there.
	lost bool
	call int32
}

// traceNode is a function with the calls that led to it. Of a function that calls itself
// two calls are kept apart, as more would tell nothing and could be any number.
type traceNode struct {
	parent *traceNode
	call   int32  // the calling instruction of the parent
	native string // the native function in between, "" for none
	ln     *linked
	fn     *bytecode.Func
	hits   []uint64
	used   []used // by instruction; nil if none used anything itself
	shared int64  // operations to be shared out
	inner  []*traceNode
	recent [4]calleeOf // found lately
}

// calleeOf is the node of what an instruction called.
type calleeOf struct {
	call int32
	at   int
	ln   *linked
	node *traceNode
}

// used is what an instruction itself was charged with.
type used struct{ ops, objects, bytes int64 }

const (
	// maxCells bounds the memory of a trace, and maxEvals how many evaluated texts are kept:
	// what is beyond is its caller's.
	maxCells = 1 << 17
	maxEvals = 256
	// apart is how many calls of a function on one path are kept apart.
	apart = 2
)

// traced is called by the traced loop before instruction in. It reports whether to go on.
func (m *machine) traced(in *bytecode.Instr, fp unsafe.Pointer) bool {
	switch m.trace.mode {
	case strolling:
		return m.strolled(in)
	case counting:
		m.count(in)
		return true
	case entering:
		m.enterFunc(in)
		return true
	}
	return false
}

// enterFunc tells the sampler that the run goes on in another function.
func (m *machine) enterFunc(in *bytecode.Instr) {
	t := &m.trace
	fn := m.ln.prog.FuncAt(m.index(in))
	t.sp, t.from = m.sp, uintptr(m.code)+uintptr(fn.Entry)*bytecode.InstrSize
	t.hits = m.uncounted(fn)
	if l := m.ln.location(fn.Entry); l != t.at {
		t.at = l
		m.seat.s.o.Enter(m.ctx, l)
	}
}

// uncounted returns counters for a function that nobody looks at. They are kept, so that
// profiles of the memory do not show them.
func (m *machine) uncounted(fn *bytecode.Func) []uint64 {
	x, n := m.seat, fn.End-fn.Entry
	if n > len(x.uncounted) {
		x.uncounted = make([]uint64, 2*n)
	}
	return x.uncounted[:n]
}

// count notes that in is executed, in another function than the instruction before, or
// in a new call of it.
func (m *machine) count(in *bytecode.Instr) {
	t := &m.trace
	at := int(uintptr(unsafe.Pointer(in))-uintptr(m.code)) / bytecode.InstrSize
	top := t.top()
	if top != nil && m.sp < t.sp {
		m.back()
		top = t.top()
	}
	if top == nil || top.sp != m.sp || t.sp < 0 || top.ln != m.ln || at < top.fn.Entry || at >= top.fn.End {
		top = m.into(at)
	}
	t.sp = m.sp
	t.from = uintptr(m.code) + uintptr(top.fn.Entry)*bytecode.InstrSize
	if t.hits = top.node.hits; top.lost {
		t.hits = m.uncounted(top.fn)
	}
	t.last = int32(at - top.fn.Entry)
	t.hits[t.last]++
}

// back drops the calls that have returned. What was used last is the callee's if it was
// called by an instruction of its own, else the native function's that called it.
func (m *machine) back() {
	t := &m.trace
	callee := *t.top()
	for len(t.path) > 0 && t.top().sp > m.sp {
		t.path = t.path[:len(t.path)-1]
	}
	top := t.top()
	if top == nil {
		callee.share(m.takeOps())
		return
	}
	t.last = top.last
	if top.ln.prog.Code[top.fn.Entry+int(top.last)].Op == bytecode.Call {
		callee.share(m.takeOps())
		return
	}
	top.charge(top.last, m.takeOps(), m.takeBytes())
}

// into begins a call, of the function that instruction at is in. The function is charged
// for its own code, the caller for the rest.
func (m *machine) into(at int) *traceLevel {
	t := &m.trace
	for len(t.path) > 0 && t.top().sp > m.sp {
		t.path = t.path[:len(t.path)-1] // left by an error that a native function kept to itself
	}
	from := t.top()
	switch {
	case from == nil:
	case from.sp == m.sp:
		// It is called again by the native function that called it before.
		t.path = t.path[:len(t.path)-1]
		from = t.top()
	default:
		from.last = t.last
	}
	l := traceLevel{ln: m.ln, fn: m.ln.prog.FuncAt(at), sp: m.sp}
	if from == nil || !from.lost {
		l.node = m.traceNode(from, at)
	}
	if l.node == nil {
		l.node, l.lost, l.call = from.node, true, from.last
		if from.lost {
			l.call = from.call
		}
	}
	ops := m.takeOps()
	if from != nil {
		own := min(ops, int64(l.fn.Cost)+1)
		from.charge(from.last, ops-own, m.takeBytes())
		ops = own
	}
	l.share(ops)
	t.path = append(t.path, l)
	return t.top()
}

// share charges a call with operations that are to be shared out.
func (l *traceLevel) share(ops int64) {
	if l.lost {
		l.node.charge(l.call, ops, 0)
		return
	}
	l.node.shared += ops
}

// charge charges an instruction of a call with what it used.
func (l *traceLevel) charge(at int32, ops, bytes int64) {
	if l.lost {
		at = l.call
	}
	l.node.charge(at, ops, bytes)
}

// beforeSlow charges what was used up to an operation of the slow tier.
func (m *machine) beforeSlow() {
	t := &m.trace
	if t.mode != counting || len(t.path) == 0 {
		return
	}
	t.top().share(m.takeOps())
}

// afterSlow charges what it used, unless it called a function or returned.
func (m *machine) afterSlow() {
	t := &m.trace
	if t.mode != counting || m.sp != t.sp {
		return
	}
	t.top().charge(t.last, m.takeOps(), m.takeBytes())
}

// takeOps returns the operations that are not charged yet.
func (m *machine) takeOps() int64 {
	n := m.operations()
	d := n - m.trace.ops
	m.trace.ops = n
	return d
}

// takeBytes returns the bytes that are not charged yet.
func (m *machine) takeBytes() int64 {
	d := m.allocated - m.trace.bytes
	m.trace.bytes = m.allocated
	return d
}

// top returns the call in progress, nil if there is none.
func (t *trace) top() *traceLevel {
	if len(t.path) == 0 {
		return nil
	}
	return &t.path[len(t.path)-1]
}

// charge charges an instruction with what it used.
func (n *traceNode) charge(at int32, ops, bytes int64) {
	if ops == 0 && bytes == 0 {
		return
	}
	if n.used == nil {
		n.used = make([]used, len(n.hits))
	}
	u := &n.used[at]
	u.ops += ops
	if bytes > 0 {
		u.bytes += bytes
		u.objects++
	}
}

// traceNode finds the node of the function that instruction at is in, called from a
// level, nil for the host. It returns nil if there are too many.
func (m *machine) traceNode(from *traceLevel, at int) *traceNode {
	if from != nil && m.sp == from.sp+1 {
		// Mostly it is what was called there last.
		c := &from.node.recent[from.last&3]
		if c.ln == nil || c.call != from.last || c.at != at || c.ln != m.ln {
			*c = calleeOf{from.last, at, m.ln, m.findNode(from, at)}
		}
		return c.node
	}
	return m.findNode(from, at)
}

// findNode is traceNode without the notes of what was found lately.
func (m *machine) findNode(from *traceLevel, at int) *traceNode {
	t := &m.trace
	fn := m.ln.prog.FuncAt(at)
	size := fn.End - fn.Entry
	if from == nil {
		if t.root == nil || t.root.ln != m.ln || t.root.fn != fn {
			return t.add(&traceNode{ln: m.ln, fn: fn}, size)
		}
		return t.root
	}
	native := ""
	if m.sp > from.sp+1 && len(m.active) > 0 && m.latest().in != nil {
		native = from.node.ln.callee(m.latest().in)
	}
	seen := 0
	for n := from.node; n != nil; n = n.parent {
		if n.ln == m.ln && n.fn == fn {
			if seen++; seen == apart {
				return n
			}
		}
	}
	for _, n := range from.node.inner {
		if n.call == from.last && n.fn == fn && n.ln == m.ln && n.native == native {
			return n
		}
	}
	if t.cells+size > maxCells {
		return nil
	}
	if m.ln.parent != nil {
		if t.evals++; t.evals > maxEvals {
			return nil
		}
	}
	n := t.add(&traceNode{parent: from.node, call: from.last, native: native, ln: m.ln, fn: fn}, size)
	from.node.inner = append(from.node.inner, n)
	return n
}

// add gives a node its counters.
func (t *trace) add(n *traceNode, size int) *traceNode {
	n.hits = make([]uint64, size)
	t.cells += size
	if n.parent == nil {
		if t.root != nil {
			t.root.inner = append(t.root.inner, n)
		} else {
			t.root = n
		}
	}
	return n
}

// report hands everything counted to the sampler, at the end of a run.
func (m *machine) report() {
	t := &m.trace
	if top := t.top(); top != nil {
		top.charge(t.last, m.takeOps(), m.takeBytes())
	}
	if t.root != nil && !m.seat.s.stopped.Load() {
		m.reportNode(t.root)
	}
}

// reportNode hands over what was counted in a function and those that it called.
func (m *machine) reportNode(n *traceNode) {
	x := m.seat
	x.stack = append(x.stack[:0], Location{})
	for p := n; p != nil && len(x.stack) < deepest; p = p.parent {
		if p.native != "" {
			x.stack = append(x.stack, Location{native: p.native})
		}
		if p.parent != nil {
			x.stack = append(x.stack, p.parent.ln.location(p.parent.fn.Entry+int(p.call)))
		}
	}
	own := n.share()
	for i, hits := range n.hits {
		s := Sample{Context: m.ctx, Hits: int64(hits), Operations: own[i], Stack: x.stack, Truncated: len(x.stack) >= deepest}
		if n.used != nil {
			u := n.used[i]
			s.Operations += u.ops
			s.Bytes, s.Objects = u.bytes, u.objects
		}
		if s.Hits|s.Operations|s.Bytes == 0 {
			continue
		}
		x.stack[0] = n.ln.location(n.fn.Entry + i)
		x.s.o.Record(&s)
	}
	for _, c := range n.inner {
		m.reportNode(c)
	}
}

// share shares the operations of straight code out by executions: each instruction gets
// its part rounded down, and the largest remainders one more.
func (n *traceNode) share() []int64 {
	out := make([]int64, len(n.hits))
	total := uint64(0)
	for _, h := range n.hits {
		total += h
	}
	if total == 0 {
		out[0] = n.shared
		return out
	}
	type rest struct {
		at   int
		part float64
	}
	left := n.shared
	rests := make([]rest, 0, len(n.hits))
	for i, h := range n.hits {
		// Both may be large, so that their product would not fit.
		part := float64(n.shared) * (float64(h) / float64(total))
		out[i] = int64(part)
		left -= out[i]
		if h > 0 {
			rests = append(rests, rest{i, part - float64(out[i])})
		}
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.part, a.part) })
	for i := 0; left != 0; i = (i + 1) % len(rests) {
		d := int64(1)
		if left < 0 {
			d = -1
		}
		out[rests[i].at] += d
		left -= d
	}
	return out
}
