package engine

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Stats tells what a run used.
type Stats struct {
	// Operations counts the work of the run.
	Operations uint64
	// Allocated is how many bytes the run allocated for values, garbage included, as
	// the limit of that name counts them.
	Allocated uint64
}

// Run runs a compiled script and returns the value of its last statement. A nil
// scope stands for a fresh one. Variables of the top level are left in the scope,
// also after an error. The error is an *Error. A nil context or AST is an error of
// kind ErrSystem, here and wherever scripts are run.
//
// When the context is done the run ends with ErrTerminated, whose cause is
// [context.Cause]: at once if it is done already, else within some thousand operations
// or after the call of a Go function in progress. The script cannot catch that.
func (e *Engine) Run(ctx context.Context, scope *Scope, ast *AST) (Dynamic, error) {
	if err := e.check(ctx, ast); err != nil {
		return value.Unit, err
	}
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	if err := m.start(); err != nil {
		m.release()
		return value.Unit, err.in(ast.source)
	}
	v, err := m.runMain(e.link(ast, scope), scope)
	m.release()
	if err != nil {
		return value.Unit, err
	}
	return v, nil
}

// RunStats is Run, and also tells what the run used.
func (e *Engine) RunStats(ctx context.Context, scope *Scope, ast *AST) (Dynamic, Stats, error) {
	if err := e.check(ctx, ast); err != nil {
		return value.Unit, Stats{}, err
	}
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	if err := m.start(); err != nil {
		m.release()
		return value.Unit, Stats{}, err.in(ast.source)
	}
	v, err := m.runMain(e.link(ast, scope), scope)
	stats := m.stats()
	m.release()
	if err != nil {
		return value.Unit, stats, err
	}
	return v, stats, nil
}

// stats tells what the run used so far.
func (m *machine) stats() Stats {
	return Stats{Operations: uint64(m.operations()), Allocated: uint64(m.allocated)}
}

// Eval compiles and runs a script with a fresh scope.
func (e *Engine) Eval(ctx context.Context, src string) (Dynamic, error) {
	return e.EvalScope(ctx, nil, src)
}

// EvalScope compiles a script for a scope and runs it.
func (e *Engine) EvalScope(ctx context.Context, scope *Scope, src string) (Dynamic, error) {
	if err := begun(ctx); err != nil {
		return value.Unit, err
	}
	ast, err := e.compile("", src, scope)
	if err != nil {
		return value.Unit, err
	}
	return e.Run(ctx, scope, ast)
}

// check reports what a run cannot do without.
func (e *Engine) check(ctx context.Context, ast *AST) *Error {
	if e.ready(); ctx != nil && ast != nil && ast.prog != nil {
		return nil
	}
	return e.nothing(ctx)
}

//go:noinline
func (e *Engine) nothing(ctx context.Context) *Error {
	if ctx == nil {
		return &Error{Kind: ErrSystem, Text: "a script cannot be run with a nil context"}
	}
	return &Error{Kind: ErrSystem, Text: "the script is nil: it was not compiled"}
}

// link returns the linked program to run for a script.
func (e *Engine) link(ast *AST, scope *Scope) *linked {
	if limit := e.cfg.resolved.Variables; limit != maxInt {
		used := 0
		if scope != nil {
			used = scope.Len()
		}
		ast = ast.within(limit, used)
	}
	if ln := ast.links.first.Load(); ln != nil && e.registered(ln.set) {
		return ln
	}
	return ast.linkSlow(e.funcs())
}

// runMain runs the main program of ln with the variables of scope.
func (m *machine) runMain(ln *linked, scope *Scope) (value.Value, *Error) {
	return m.runMainWith(ln, scope, nil)
}

// runMainWith calls finish with the program's frame if all went well.
func (m *machine) runMainWith(ln *linked, scope *Scope, finish func(fp unsafe.Pointer) *Error) (v value.Value, err *Error) {
	if scope != nil {
		if scope.busy {
			return value.Unit, &Error{Kind: ErrDataRace, Text: "Data race detected: the scope is in use by another run"}
		}
		scope.busy = true
	}
	// Also if a native function ends the goroutine.
	defer func() {
		if scope != nil {
			scope.busy = false
		}
	}()
	f := ln.prog.Funcs[0]
	m.enter(ln)
	fp, moved := m.room(m.top, f.Regs, 0)
	if len(ln.prog.Externals) > 0 {
		m.loadScope(ln, scope, fp)
	}
	if m.plain != 0 {
		m.main = fp
	}
	m.frames[m.sp] = frameExit
	m.sp++
	m.steps -= int64(f.Cost)
	m.at = -1
	if scope != nil && ln.prog.ByName {
		// Only a copy is reachable from the machine: a scope that its caller keeps
		// to itself needs no object of its own.
		m.scope = new(Scope)
		*m.scope = *scope
	}
	m.guarded(m.instr(0), fp)
	if m.plain != 0 {
		m.plain, m.main = 0, nil // another frame may stand there next
	}
	if m.scope != nil {
		*scope = *m.scope
	}
	v, err = m.result, m.err
	m.result, m.err = value.Unit, nil
	if scope != nil && (len(ln.prog.Externals) > 0 || len(ln.prog.Top) > 0 || ln.prog.Scope != bytecode.NoReg) {
		m.storeScope(ln, scope, fp)
	}
	if err == nil && finish != nil {
		err = finish(fp)
	}
	if moved {
		m.leaveSegment()
	}
	if err == nil && m.used+m.budget-m.steps > int64(m.limits.Operations) {
		err = &Error{Kind: ErrTooManyOperations, Text: "Too many operations", Pos: ln.prog.Pos[m.at]}
		err.in(ln.source())
	}
	if err == nil && m.allocated > m.allowed {
		err = tooMuch()
		err.Pos = ln.prog.Pos[m.at]
	}
	if m.exiting && m.natives == 0 && finish == nil {
		return m.exitValue(err), nil
	}
	return value.Freeze(v), publish(err)
}

// exitValue returns the value that a script ended with.
func (m *machine) exitValue(err *Error) value.Value {
	if err == nil {
		return value.Unit
	}
	return value.Freeze(err.Value)
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
	m.run(in, fp)
	done = true
}

// recovered puts a panic, nil if the goroutine ends, in the place of an error of the
// function that was being called.
func (m *machine) recovered(r any) {
	m.broken = true
	if r == nil {
		m.abandon()
		return
	}
	err := panicError(r, &m.cc)
	m.pending, m.hold, m.around = m.pending[:0], nil, nil
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
	m.closeIters(-1, 0, 0)
	m.unlock(0)
	for len(m.thises) > 0 {
		m.restoreThis()
	}
}

// panicError is the error for a panic of a function of the host.
func panicError(r any, c *CallContext) *Error {
	name := "native function"
	switch {
	case c.fn == nil:
	case c.fn == iterFunc || c.fn == progressFunc:
		name = c.fn.Name
	default:
		name = "function '" + c.fn.Name + "'"
	}
	return &Error{
		Kind: ErrSystem, Text: fmt.Sprintf("%s panicked: %v", name, r), final: true,
		Cause: fmt.Errorf("panic: %v\n%s", r, debug.Stack()),
	}
}

// loadScope puts the outside variables of a program into their registers.
func (m *machine) loadScope(ln *linked, scope *Scope, fp unsafe.Pointer) {
	m.exts = m.exts[:0]
	for i := range ln.prog.Externals {
		x := &ln.prog.Externals[i]
		r := reg(fp, x.Reg)
		k := -1
		if scope != nil {
			k = scope.index(x.Name)
		}
		m.exts = append(m.exts, int32(k))
		switch {
		case k < 0:
			if v, ok := m.constant(ln.set, x.Name); ok {
				*r = m.constExternal(x, i, v)
			} else {
				*r = raw.Undefined()
			}
		default:
			e := scope.at(k)
			if e.consts {
				*r = m.constExternal(x, i, e.v.Flat())
			} else {
				*r = e.v
			}
		}
	}
}

// constExternal returns what stands in the register of the i-th outside variable,
// a constant: its value, or a cell if the program might write to the register.
func (m *machine) constExternal(x *bytecode.External, i int, v value.Value) value.Value {
	if !x.Plain || i >= 64 {
		return constCell(v)
	}
	m.plain |= 1 << i
	return v.Share()
}

// constCell wraps a constant so that every fast path leaves it alone and every
// slow path knows what it is.
func constCell(v value.Value) value.Value {
	c := raw.NewCell(v.Share())
	raw.SetConst(raw.Cell(&c))
	return c
}

// storeScope puts the outside variables back into the scope, and the variables
// that the program declared.
func (m *machine) storeScope(ln *linked, scope *Scope, fp unsafe.Pointer) {
	p := ln.prog
	for i := range p.Externals {
		if k := m.exts[i]; k >= 0 {
			if e := scope.at(int(k)); !e.consts {
				e.v = kept(*reg(fp, p.Externals[i].Reg))
			}
		}
	}
	m.keepTop(p, scope, fp)
}

// kept returns what a scope keeps of a variable: a cell only if a closure shares
// it.
func kept(v value.Value) value.Value {
	if raw.IsCell(&v) && !raw.IsCaptured(&v) {
		return raw.Cell(&v).V
	}
	return v
}

// keepTop puts the variables that a program declared at its top level into a
// scope, and those that text it evaluated left.
func (m *machine) keepTop(p *bytecode.Program, scope *Scope, fp unsafe.Pointer) {
	if d := dynScope(fp, p.Scope); d != nil {
		defer func() {
			for i := range d.Len() {
				if e := d.at(i); !raw.IsUndefined(&e.v) {
					scope.push(e.name, kept(e.v), e.consts)
				}
			}
		}()
	}
	if len(p.Top) == 0 {
		return
	}
	at := m.at
	where := make([]int, len(p.Top))
	for i, t := range p.Top {
		where[i] = -1
		if t.From > at {
			continue
		}
		v := kept(*reg(fp, t.Reg))
		if t.Replaces >= 0 && where[t.Replaces] >= 0 {
			where[i] = where[t.Replaces]
			e := scope.at(where[i])
			e.v, e.consts = v, t.Const
			continue
		}
		where[i] = scope.Len()
		scope.push(t.Name, v, t.Const)
	}
}
