package engine

import (
	"context"
	"errors"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// What may end a run from outside: its context, and the function of OnProgress. Both
// are looked at when a run begins, every pollEvery operations, and after whatever
// belongs to the host: its functions, iterators, custom syntax and resolver.

// pollEvery is how many operations may pass before the context is looked at.
const pollEvery = 1 << 13

// Terminate returns the error with which a function set with [Engine.OnProgress], or
// a native function, ends the run: ErrTerminated with a token for whoever called
// [Engine.Run]. The token is converted by [ToValue]; one that has no counterpart is
// left out, and the error says why as its cause. No script can catch it.
func Terminate(token any) error {
	v, err := ToValue(token)
	if err != nil {
		return terminatedBy(err)
	}
	e := terminatedBy(nil)
	e.Value = v
	return e
}

// refill sets the countdown to the next event that needs a look.
func (m *machine) refill() {
	n := int64(maxBudget)
	if m.watched {
		n = pollEvery
	}
	if m.observed {
		n = min(n, m.lookAfter())
	}
	if l := int64(m.limits.Operations); l-m.used < n {
		n = max(l-m.used, 0)
	}
	m.budget, m.steps = n, n
}

// operations returns the number of operations so far.
func (m *machine) operations() int64 {
	return m.used + m.budget - unpoked(m.steps)
}

// tick is called when the countdown is below zero: it enforces the limit on
// operations, cancellation and progress, and sets the countdown anew. It returns
// where to go on.
func (m *machine) tick(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if m.observed {
		if in, fp = m.look(in, fp); in == nil || m.steps >= 0 {
			return in, fp
		}
	}
	if m.cfg.onProgress != nil {
		m.calling(in, fp, progressFunc)
	}
	if e := m.poll(); e != nil {
		return m.fail(in, fp, e)
	}
	return in, fp
}

// poll looks at limits, context and progress.
func (m *machine) poll() *Error {
	waiting := m.steps < pokedBelow // a sampler, see vm_sample.go
	m.halted()
	if m.used > int64(m.limits.Operations) {
		return tooManyOperations()
	}
	if m.allocated > m.ceiling {
		return tooMuch()
	}
	if e := m.outside(); e != nil {
		return e
	}
	m.refill()
	if waiting {
		m.steps -= poked
	}
	return nil
}

// pollIn is poll for a native function that is about to call back; in is its call.
func (m *machine) pollIn(in *bytecode.Instr) *Error {
	if m.observed && m.allocated > m.allowed {
		m.sampleAllocation(in) // it is not the callback's
	}
	return m.poll()
}

// halted leaves the countdown at its end, so that whatever goes on is noticed at its
// next operation.
func (m *machine) halted() {
	m.used = m.operations()
	m.budget, m.steps = 0, 0
	m.touched &= 1<<workShift - 1 // the part of an operation counts, however often this is called
}

// runKey is the key of a *runInfo in the contexts of runs.
type runKey struct{}

// runInfo is what a context tells the run that is begun with it. It is immutable.
type runInfo struct {
	nesting int      // calls from Go that are in progress
	sampler *Sampler // that observes the run, instead of the engine's if chosen is set
	chosen  bool
}

// inner returns the context for functions of the host: runs that are begun with it know
// how deeply they are nested. Each takes Go's stack, and Go ends a program whose stack
// is full.
func (m *machine) inner() context.Context {
	info := runInfo{nesting: m.nesting()}
	if x, _ := m.ctx.Value(runKey{}).(*runInfo); x != nil {
		info.sampler, info.chosen = x.sampler, x.chosen
	}
	return context.WithValue(m.ctx, runKey{}, &info)
}

// start looks whether a run may begin, and who observes it: s is the sampler of its
// engine.
func (m *machine) start(s *Sampler) (e *Error) {
	if x, _ := m.ctx.Value(runKey{}).(*runInfo); x != nil {
		if x.nesting > m.nested {
			if m.nested = x.nesting; m.nested >= maxNesting {
				return stackOverflow()
			}
		}
		if x.chosen {
			s = x.sampler
		}
	}
	if p := m.importer; p != nil && p.observed {
		s = p.seat.s
	}
	if s != nil {
		m.observe(s)
	}
	if !m.watched {
		return nil
	}
	return m.lookFirst()
}

// lookFirst looks at context and progress before a run begins.
func (m *machine) lookFirst() (e *Error) {
	defer func() {
		// The function of OnProgress is the only one that is called here.
		if r := recover(); r != nil {
			m.broken = true
			e = panicError(r, &CallContext{vm: m, fn: progressFunc})
		}
	}()
	return m.outside()
}

// outside looks at context and progress.
func (m *machine) outside() *Error {
	if e := m.cancelled(); e != nil {
		return e
	}
	if f := m.cfg.onProgress; f != nil {
		if err := f(m.ctx, uint64(m.before+m.operations())); err != nil {
			m.halted()
			return stopped(err)
		}
	}
	return nil
}

// stopped is the error of a run that OnProgress ended.
func stopped(err error) *Error {
	if e, ok := err.(*Error); ok && e.Kind == ErrTerminated {
		c := *e
		return &c
	}
	out := terminatedBy(err)
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrTerminated {
		out.Value = e.Value
	}
	return out
}

// attend is called after a function of the host, with the error that it returned: it
// returns the error that ends the run if there is a reason, else err. It has nothing
// to look at unless the run is watched.
//
//go:noinline
func (m *machine) attend(err error) error {
	if m.exiting {
		return err
	}
	if e, ok := err.(*Error); ok && e.Kind == ErrTerminated {
		return err
	}
	if e := m.outside(); e != nil {
		return e
	}
	return err
}

// cancelled returns the error of a run whose context is done, nil if it is not.
func (m *machine) cancelled() *Error {
	if m.done == nil {
		return nil
	}
	select {
	case <-m.done:
		m.halted()
		return terminated(m.ctx)
	default:
		return nil
	}
}

// begun returns the error of a context that is done before anything ran, nil if it is
// not.
func begun(ctx context.Context) *Error {
	if ctx != nil && ctx.Err() != nil { // a nil context is refused later
		return terminated(ctx)
	}
	return nil
}

// ends reports whether an error ends the run, whatever calls and modules are around
// it.
func (e *Error) ends() bool { return e.Innermost().Kind == ErrTerminated }

// shown is called after a value was made a text, which may have called methods of the
// host.
func (m *machine) shown(v value.Value) *Error {
	if !m.watched || !v.IsContainer() && v.Kind() != value.KindHost {
		return nil
	}
	return m.outside()
}
