package engine

import (
	"context"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
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
	ln := e.link(ast, scope)
	if q := ln.quick.Load(); q != quickNever {
		if q == nil || q == quickLater {
			ln.prepareQuick(q)
		} else if v, ok := e.quickly(ctx, q, ln, scope); ok {
			return v, nil
		}
	}
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	if err := m.start(e.sampler()); err != nil {
		m.release()
		return value.Unit, err.in(ast.source)
	}
	v, err := m.runMain(ln, scope)
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
	if err := m.start(e.sampler()); err != nil {
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
	ast, err := e.compile("", src, e.parseOptions(scope), false, scope)
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
		return systemError("a script cannot be run with a nil context", nil)
	}
	return systemError("the script is nil: it was not compiled", nil)
}

// link returns the linked program to run for a script.
func (e *Engine) link(ast *AST, scope *Scope) *linked {
	used := 0
	if scope != nil {
		used = scope.Len()
	}
	return e.linkWith(ast, used)
}

// linkWith is link for a run that has some variables already.
func (e *Engine) linkWith(ast *AST, used int) *linked {
	ast = e.traceable(ast)
	if limit := e.cfg.resolved.Variables; limit != maxInt {
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
func (m *machine) runMainWith(ln *linked, scope *Scope, finish func(fp unsafe.Pointer) *Error) (value.Value, *Error) {
	if scope == nil {
		return m.runProgram(ln, nil, finish)
	}
	if scope.busy {
		return value.Unit, scopeInUse()
	}
	scope.busy = true
	defer scope.leave() // also if a native function ends the goroutine
	return m.runProgram(ln, scope, finish)
}

// runProgram is runMainWith for a scope that belongs to this run.
func (m *machine) runProgram(ln *linked, scope *Scope, finish func(fp unsafe.Pointer) *Error) (v value.Value, err *Error) {
	if err := m.push(nil, nil, 1, 0); err != nil {
		return value.Unit, err
	}
	f := ln.prog.Funcs[0]
	m.enter(ln)
	m.embed(ln)
	fp, moved := m.room(m.top, f.Regs, 0)
	if len(ln.prog.Externals) > 0 {
		m.loadScope(ln, scope, fp)
	}
	if m.plain != 0 {
		m.main = fp
	}
	m.steps -= int64(f.Cost)
	m.at = -1
	m.unseen = scope == nil
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
	err = m.err
	if scope != nil && (len(ln.prog.Externals) > 0 || len(ln.prog.Top) > 0 || ln.prog.Scope != bytecode.NoReg) {
		m.storeScope(ln, scope, fp)
	}
	if err == nil && finish != nil {
		err = finish(fp)
	}
	if moved {
		m.leaveSegment()
	}
	v, _ = m.pop()
	return m.ended(ln, v, err, finish == nil)
}

// ended returns what the host gets of a program that ended with v or err. outermost is
// false for the script of a module.
func (m *machine) ended(ln *linked, v value.Value, err *Error, outermost bool) (value.Value, *Error) {
	if err == nil && m.operations() > int64(m.limits.Operations) {
		err = tooManyOperations()
		err.Pos = ln.prog.Pos[m.at]
		err.in(ln.source())
	}
	if err == nil && m.allocated > m.ceiling {
		err = tooMuch()
		err.Pos = ln.prog.Pos[m.at]
		err.in(ln.source())
	}
	if m.exiting && len(m.active) == 0 && m.importer == nil && outermost {
		return m.exitValue(err), nil
	}
	if err != nil {
		publish(err)
	}
	return value.Freeze(v), err
}

// exitValue returns the value that a script ended with.
func (m *machine) exitValue(err *Error) value.Value {
	if err == nil {
		return value.Unit
	}
	return value.Freeze(err.Value)
}
