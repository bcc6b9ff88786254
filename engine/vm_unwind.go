package engine

import (
	"math"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// unwind looks for the handler of an error that instruction in raised: it
// leaves frames until a try block covers the call, or until a frame that was
// entered from Go, which ends the run loop.
func (m *machine) unwind(in *bytecode.Instr, fp unsafe.Pointer, err *Error) (*bytecode.Instr, unsafe.Pointer) {
	m.forget()
	m.locate(err, in)
	if m.cfg.debugger != nil {
		err = m.debugError(in, fp, err)
	}
	m.took(errorSize + len(err.Text) + len(err.Func))
	catchable := err.Kind.catchable() && !err.final && !m.exiting && !err.ends()
	// What no script can catch only changes its position, to that of the outermost call
	// up to here.
	plain, moved := !err.Kind.catchable() && !m.exiting, false
	for {
		i := m.index(in)
		var f *bytecode.Func
		if !plain {
			f = m.ln.prog.FuncAt(i)
		}
		if catchable {
			if h := m.handler(f, i, m.sp); h != nil {
				if e := m.cancelled(); e != nil {
					e.Pos = err.Pos
					m.locate(e, in)
					err, catchable = e, false
				} else {
					m.caught = err
					m.unlockFrom(m.sp)
					if len(m.open) > 0 {
						m.closeIters(m.sp, h.From, h.To)
					}
					return m.instr(h.Target), fp
				}
			}
		}
		m.sp--
		ret := m.frames[m.sp]
		if ret&frameThis != 0 {
			m.restoreThis() // what it might report is less than the error at hand
		}
		if ret&frameExit != 0 {
			if moved {
				e := *err
				e.Pos, e.within = m.pos(in), nil
				err = &e
				m.locate(err, in)
			}
			m.at = i
			m.err = err
			m.unlockFrom(m.sp + 1)
			if len(m.open) > 0 {
				m.closeIters(m.sp, math.MaxInt, 0)
			}
			return nil, nil
		}
		in, fp = m.caller(ret, fp)
		if plain {
			moved = true
		} else {
			err = m.inCall(err, f.Name, "", in)
		}
	}
}

// throw raises a thrown value.
func (m *machine) throw(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	v := reg(fp, in.A).Flat().Share()
	sp, h := m.catcher(in)
	if h == nil || m.cfg.debugger != nil || m.traces || m.exiting || m.cancelled() != nil {
		return m.fail(in, fp, thrown(v))
	}
	// The handler sees the value only: there is no need for an error.
	m.forget()
	for m.sp > sp {
		m.sp--
		ret := m.frames[m.sp]
		if ret&frameThis != 0 {
			m.restoreThis() // what it might report is less than what is thrown
		}
		in, fp = m.caller(ret, fp)
	}
	m.unlockFrom(m.sp)
	if len(m.open) > 0 {
		m.closeIters(m.sp, h.From, h.To)
	}
	catch := m.instr(h.Target)
	if catch.A != bytecode.NoReg {
		*reg(fp, catch.A) = v
	}
	return next(catch), fp
}

// catcher returns the handler of what an instruction throws, and how high the stack of
// frames is there. It is nil if there is none up to the frame that was entered from Go,
// or if the handler may throw the error again, which has to be complete then.
func (m *machine) catcher(in *bytecode.Instr) (sp int, h *bytecode.Handler) {
	for sp = m.sp; ; {
		i := m.index(in)
		if h = m.handler(m.ln.prog.FuncAt(i), i, sp); h != nil {
			// With too many variables there is another instruction in place of Catch.
			if catch := m.instr(h.Target); catch.Op != bytecode.Catch || catch.B != bytecode.NoReg {
				return sp, nil
			}
			return sp, h
		}
		sp--
		ret := m.frames[sp]
		if ret&frameExit != 0 {
			return sp, nil
		}
		in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
	}
}

// handler returns the handler of the i-th instruction, which belongs to f, in the frame
// at a height of the stack, nil if there is none.
func (m *machine) handler(f *bytecode.Func, i, sp int) *bytecode.Handler {
	for k := range f.Handlers {
		h := &f.Handlers[k]
		if h.From <= i && i < h.To && (sp != m.fence.sp || h.From >= m.fence.from && h.To <= m.fence.to) {
			return h
		}
	}
	return nil
}

// caller returns the calling instruction and the frame that a word of the stack of
// frames returns to, from the frame fp.
func (m *machine) caller(ret uint32, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	in := (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
	if ret&frameSegment != 0 {
		fp = m.leaveSegment()
	}
	fp = unsafe.Add(fp, -int(in.A))
	if ret&frameShifted != 0 {
		fp = unsafe.Add(fp, -bytecode.RegSize)
	}
	return in, fp
}

// unlockFrom releases the locks of calls at a depth and deeper, which an error
// left behind.
func (m *machine) unlockFrom(depth int) {
	n := len(m.locks)
	for n > 0 && m.locks[n-1].depth >= depth {
		n--
	}
	m.unlock(n)
}

// inCall returns err as seen by the caller of a function: with the call added
// to the chain, or, for failures that no script can catch, with the position of
// the call. The function belongs to the script from, or, if that has no name, counts
// as one of the script that calls it.
func (m *machine) inCall(err *Error, name, from string, in *bytecode.Instr) *Error {
	if m.exiting {
		return err
	}
	m.locate(err, in)
	if !err.Kind.catchable() && !err.final {
		e := *err
		e.Pos, e.within = m.pos(in), nil
		m.locate(&e, in)
		return &e
	}
	if from == "" {
		from = m.ln.source()
	}
	m.took(errorSize)
	e := inCallOf(err, name, from, m.pos(in))
	m.locate(e, in)
	return e
}

// locate notes in which script and function an error at an instruction of the current
// code is, unless that is known.
func (m *machine) locate(err *Error, in *bytecode.Instr) {
	if err.within != nil {
		return
	}
	err.Source, err.within = m.ln.source(), m.ln.funcAt(m.index(in))
}

// fail raises an error at an instruction, at its position unless it has one.
func (m *machine) fail(in *bytecode.Instr, fp unsafe.Pointer, err *Error) (*bytecode.Instr, unsafe.Pointer) {
	if err.Pos.IsNone() && err.Kind != ErrInFunctionCall && err.Kind != ErrInModule {
		err.Pos = m.pos(in)
	}
	return m.unwind(in, fp, err)
}

// errorValue returns what a catch clause shows of an error: the thrown value, or
// a map that describes the failure.
func (m *machine) errorValue(err *Error) value.Value {
	if err.Kind == ErrRuntime && err.Cause == nil {
		return err.Value.Share()
	}
	if err.Kind == ErrInFunctionCall || err.Kind == ErrInModule {
		if in := err.Innermost(); in.Kind == ErrRuntime && in.Cause == nil {
			return in.Value.Share()
		}
	}
	message := err.caught()
	m.took(errorMapSize + 2*len(message))
	e := value.NewMap(6)
	e.Set("message", value.String(message))
	e.Set("error", value.String(err.Kind.String()))
	if !err.Pos.IsNone() && !err.noCatchPos {
		e.Set("line", value.Int(int64(err.Pos.Line)))
		e.Set("position", value.Int(int64(err.Pos.Col)))
	}
	if err.Source != "" {
		e.Set("source", value.String(err.Source))
	}
	switch err.Kind {
	case ErrInFunctionCall:
		e.Set("function", value.String(err.Func))
		e.Set("source", value.String(err.from()))
	case ErrFunctionNotFound, ErrNonPureMethodCallOnConstant:
		e.Set("function", value.String(err.Func))
	case ErrVariableExists, ErrForbiddenVariable, ErrVariableNotFound, ErrPropertyNotFound, ErrDataRace, ErrAssignmentToConstant:
		e.Set("variable", value.String(err.Func))
	case ErrInModule, ErrModuleNotFound:
		e.Set("module", value.String(err.Func))
	case ErrDotExpr:
		e.Set("property", value.String(err.Text))
	case ErrIndexingType:
		e.Set("type", value.String(err.Func))
	}
	for _, d := range err.detail {
		e.Set(d.key, d.val)
	}
	return e.Value()
}

// guarded runs the loop for a call from Go. A panic of a function of the host that
// the loop calls becomes the error of the run, with the position and the chain of
// calls up to here. If the function ends its goroutine, nobody uses the machine
// again.
func (m *machine) guarded(in *bytecode.Instr, fp unsafe.Pointer) {
	done := false
	defer func() {
		if !done {
			m.recovered(recover())
		}
	}()
	if m.traces {
		m.trace.sp = -1 // a new call, even if it is of the same function
		m.runTraced(in, fp)
	} else {
		m.run(in, fp)
	}
	done = true
}

// recovered makes the panic r the error of the function that was being called, as if it
// had returned it. r is nil if the function ends its goroutine: then the machine lets go
// of what others can see, and is not used again.
func (m *machine) recovered(r any) {
	m.broken = true
	if r == nil {
		m.abandon()
		return
	}
	err := panicError(r, &m.cc)
	m.forget()
	in := m.cc.in
	if i := uintptr(unsafe.Pointer(in)) - uintptr(m.code); i >= uintptr(len(m.ln.prog.Code))*bytecode.InstrSize {
		in = m.instr(0) // a panic of our own, before anything was called
	} else {
		err.Pos = m.pos(in)
	}
	m.locate(err, in)
	for {
		i := m.index(in)
		f := m.ln.prog.FuncAt(i)
		m.sp--
		ret := m.frames[m.sp]
		if ret&frameThis != 0 {
			m.restoreThis()
		}
		if ret&frameExit != 0 {
			m.at, m.err = i, err
			m.unlockFrom(m.sp + 1)
			m.closeIters(m.sp, math.MaxInt, 0)
			return
		}
		in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
		if ret&frameSegment != 0 {
			m.leaveSegment()
		}
		err = m.inCall(err, f.Name, "", in)
	}
}

// abandon lets go of what others can see, when nobody is going to use the machine
// again: locks on variables, and iterators.
func (m *machine) abandon() {
	if m.observed {
		m.unobserve()
	}
	m.closeIters(-1, 0, 0)
	m.unlock(0)
	for len(m.thises) > 0 {
		m.restoreThis()
	}
}
