package engine

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
)

// How a sampler sees what a machine does. There is no test for it in the run loop: its
// goroutine takes a huge number off the countdown of operations, which the loop looks at
// in calls and jumps back, and before every operation of the slow tier, anyway. So the
// machine looks up within a few nanoseconds of a tick.
//
// It looks up at such places only. The time that led there was spent on the
// instructions before, so a sample is not taken there at once: the machine goes on in
// the traced loop for a random number of instructions, about those of a small loop's
// body, and is sampled where it is then. After an operation of the slow tier it looks as
// well: time that has passed since the look before it is that operation's, or that of
// the native function it called.
//
// Samples of operations and allocations are taken when a certain number has been
// counted.

const (
	// poked is what the countdown loses to make the machine look up, and pokedBelow what
	// it cannot be below otherwise.
	poked      = 1 << 61
	pokedBelow = -(1 << 60)
	// ahead is how many instructions a machine goes on at most before it is sampled.
	ahead = 32
	// manyAtOnce is how many samples are drawn one by one for what was used at once.
	manyAtOnce = 1000
	// deepest is how many calls a sample shows.
	deepest = 256
)

// poke makes the machine look up soon, for a tick at now. It is called by another goroutine
// than the machine's, which reads and writes the countdown without atomic operations. Both
// are operations on one aligned word, so each sees a value that was written: if the machine
// writes at the same time, either the poke is lost or it counts. Nothing else can happen to
// the countdown.
//
// A tight loop is amid a write for half of its time, so a lost poke is repeated: otherwise
// such loops would look faster than they are.
func (x *seat) poke(now int64) {
	if raceBuild {
		return // it looks up by itself, see refill
	}
	for range 64 {
		if x.seen.Load() >= now {
			return // it has looked
		}
		if atomic.LoadInt64(&x.m.steps) > pokedBelow {
			atomic.AddInt64(&x.m.steps, -poked)
		}
		for range 200 {
			// By then a write that was in progress has ended.
		}
		if atomic.LoadInt64(&x.m.steps) <= pokedBelow {
			return // it will look
		}
	}
}

// unpoke takes a poke back, and reports whether there was one.
func (m *machine) unpoke() bool {
	if raceBuild && m.seat.s.now.Load() != m.seat.seen.Load() {
		return true
	}
	steps := m.steps // read once: a poke may come any time
	n := unpoked(steps)
	if n == steps {
		return false
	}
	m.steps = n
	return true
}

// unpoked returns a countdown without pokes. There may be two, if one came just when
// the machine put another one back.
func unpoked(steps int64) int64 {
	for steps < pokedBelow {
		steps += poked
	}
	return steps
}

// observe begins to observe a run.
func (m *machine) observe(s *Sampler) {
	x := s.seatOf(m)
	if x == nil {
		return
	}
	if p := m.importer; p != nil && p.observed {
		p.seat.rise() // it waits for the module
	}
	m.seat, m.observed = x, true
	x.ops = 0
	x.sit()
	if s.o.Exact || s.o.Enter != nil {
		m.trace = trace{mode: counting, sp: -1}
		if s.o.Enter != nil {
			m.trace.mode = entering
		}
		m.traces = true
	}
	m.allowed = min(m.ceiling, m.allocated+x.leftover)
	m.refill()
}

// unobserve ends it, when the machine is given back or given up.
func (m *machine) unobserve() {
	x := m.seat
	x.rise()
	if m.traces {
		m.traces = false
		if m.trace.mode == counting {
			m.report()
		} else {
			x.s.o.Enter(m.ctx, Location{})
		}
	}
	// What is left until the next samples is for the runs to come: most are too short to
	// have any.
	x.opsLeft -= m.operations() - x.ops
	if m.ceiling >= 0 {
		x.leftover = max(m.allowed-m.allocated, 0)
	}
	m.observed, m.trace = false, trace{}
	if p := m.importer; p != nil && p.observed {
		p.seat.sit() // the time in between was that of the module
	}
}

// lookAfter is how many operations may pass before a run that is observed has to look
// up: those to the next sample of operations.
func (m *machine) lookAfter() int64 {
	n := max(m.seat.ops+m.seat.opsLeft-m.used, 0)
	if raceBuild {
		n = min(n, 256)
	}
	return min(n, maxBudget/8)
}

// look is called if the countdown is below zero, with or without a poke. It returns where
// to go on, with the countdown as it is without a poke.
func (m *machine) look(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if m.unpoke() {
		if what := m.sinceLast(); what.Count > 0 {
			if in, fp = m.stroll(in, fp, what); in == nil {
				return nil, nil
			}
		}
	}
	if m.allocated > m.allowed {
		m.sampleAllocation(in)
	}
	if n := m.opsDue(); n > 0 {
		return m.stroll(in, fp, Sample{Operations: n})
	}
	return in, fp
}

// opsDue returns how many operations a sample of them counts for if one is due, else 0.
func (m *machine) opsDue() int64 {
	x, n := m.seat, int64(0)
	for range manyAtOnce {
		if m.operations() < x.ops+x.opsLeft {
			return n
		}
		x.ops += x.opsLeft
		x.opsLeft = x.interval(x.s.o.Operations)
		n += int64(x.s.o.Operations)
	}
	// So much was used at once that one sample more or less makes no difference.
	n += m.operations() - x.ops
	x.ops, x.opsLeft = m.operations(), x.interval(x.s.o.Operations)
	return n
}

// looked is called after an operation of the slow tier with the countdown below zero.
// was is the instruction that was executed, in the one to go on with.
//
//go:noinline
func (m *machine) looked(was, in *bytecode.Instr) {
	if !m.observed || in != next(was) {
		return // it called a script function, returned or jumped, which takes no time
	}
	if m.traces {
		return
	}
	if m.allocated > m.allowed {
		m.sampleAllocation(was)
	}
	if m.unpoke() {
		if what := m.sinceLast(); what.Count > 0 {
			m.sample(was, m.called(was), what)
		}
	}
	if m.steps < 0 {
		if n := m.opsDue(); n > 0 {
			m.sample(was, m.called(was), Sample{Operations: n})
		}
	}
}

// called returns the native function that an instruction has called, or is calling, nil
// if it calls none.
func (m *machine) called(in *bytecode.Instr) *Func {
	if m.cc.in != in {
		return nil
	}
	switch in.Op {
	case bytecode.Native, bytecode.Method, bytecode.CallFn, bytecode.Special:
		return m.cc.fn
	}
	return nil
}

// sampleAllocation takes the sample of allocation that is due.
func (m *machine) sampleAllocation(at *bytecode.Instr) {
	if m.allocated > m.ceiling {
		return // the run is over
	}
	x, n := m.seat, int64(0)
	for i := 0; m.allocated > m.allowed; i++ {
		if i == manyAtOnce {
			n += m.allocated - m.allowed
			m.allowed = m.allocated
		}
		m.allowed += x.interval(x.s.o.Allocated)
		n += int64(x.s.o.Allocated)
	}
	m.allowed = min(m.allowed, m.ceiling)
	m.sample(at, m.called(at), Sample{Bytes: n, Objects: max(1, n/max(int64(m.lastCharge), 1))})
}

// sinceLast returns a sample of time for what passed since the last one, whose Count is 0
// if nothing did.
func (m *machine) sinceLast() Sample {
	x := m.seat
	now := x.s.now.Load()
	d := now - x.seen.Load()
	if d <= 0 {
		return Sample{}
	}
	x.seen.Store(now)
	return Sample{Count: 1, Wall: time.Duration(d)}
}

// stroll lets the machine go on for some instructions and takes a sample then.
func (m *machine) stroll(in *bytecode.Instr, fp unsafe.Pointer, what Sample) (*bytecode.Instr, unsafe.Pointer) {
	t := &m.trace
	if t.mode != idle || m.operations() > int64(m.limits.Operations) {
		// The traced loop has called something that looks up too, or the run is over.
		m.sample(in, nil, what)
		return in, fp
	}
	t.mode, t.left, t.what, t.hits = strolling, m.seat.random.IntN(ahead), what, nil
	in, fp = m.runTraced(in, fp)
	t.mode = idle
	return in, fp
}

// strolled is called before each instruction of a stroll. It reports whether to go on.
func (m *machine) strolled(in *bytecode.Instr) bool {
	t := &m.trace
	switch in.Op {
	case bytecode.Halt, bytecode.Return, bytecode.ReturnUnit:
		if m.frames[m.sp-1]&frameExit != 0 {
			t.left = 0 // the last one in this loop
		}
	case bytecode.Native, bytecode.Method, bytecode.CallFn, bytecode.Special:
		return true // looked sees what these take
	}
	if t.left--; t.left >= 0 {
		return true
	}
	m.sample(in, nil, t.what)
	return false
}

// sample takes a sample at an instruction; native is the function that it has called,
// nil for none.
func (m *machine) sample(in *bytecode.Instr, native *Func, what Sample) {
	x := m.seat
	if x.s.stopped.Load() {
		return
	}
	x.stack = x.stack[:0]
	if native != nil {
		x.stack = append(x.stack, Location{native: native.Name})
	}
	m.locations(in, func(l Location) bool {
		x.stack = append(x.stack, l)
		what.Truncated = len(x.stack) == deepest
		return !what.Truncated
	})
	if len(x.stack) == 0 {
		return
	}
	what.Context, what.Stack = m.ctx, x.stack
	x.s.o.Record(&what)
}

// locations calls yield for each call in progress, native ones too, the latest first.
func (m *machine) locations(in *bytecode.Instr, yield func(Location) bool) {
	m.stack(in, func(p *place) bool {
		if p.native != "" {
			return yield(Location{native: p.native})
		}
		return yield(p.ln.location(p.index))
	})
}

// location returns the location of an instruction.
func (ln *linked) location(index int) Location {
	return Location{ast: ln.ast, fn: ln.funcAt(index), index: int32(index), eval: ln.parent != nil && ln.main == &evalProgram}
}
