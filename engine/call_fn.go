package engine

import (
	"context"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CallFn calls a function pointer or closure that a script left with the host: in a
// result, a scope, or as the argument of a Go function. It may be called at any time,
// long after the run that made it, from any goroutine, by any number of them at once,
// and with another engine than that run's.
//
// A closure calls the functions that its script saw; so does a pointer to a script
// function made by Fn("name") in that script. Any other pointer by name, such as
// Fn("print") or one that Go made, means a function of the script in [CallOptions].AST,
// if there is one, and else a Go function of e. Limits, hooks, custom syntax and the
// resolver are those of e. No script body is run, so that constants of the script's top
// level, which are reached as global::NAME, are not there; closures have what they
// captured.
//
// Variables that a closure shares with others are never torn: a call that changes one
// which another call changed meanwhile fails with ErrDataRace, unless the change can be
// repeated. Arguments are converted by [ToValue]. A value that is no function is an error
// of kind ErrMismatchDataType, a call that no function matches one of kind
// ErrFunctionNotFound.
func (e *Engine) CallFn(ctx context.Context, fn Dynamic, opts CallOptions, args ...any) (Dynamic, error) {
	vals := make([]value.Value, len(args))
	if err := toValues(vals, args); err != nil {
		return value.Unit, err
	}
	return e.callFn(ctx, fn, opts, vals)
}

// toValues converts the arguments of a call of the host into vals, which the caller made
// so that few of them are no object on the heap.
func toValues(vals []value.Value, args []any) error {
	for i, a := range args {
		v, err := ToValue(a)
		if err != nil {
			return err
		}
		vals[i] = value.Freeze(v)
	}
	return nil
}

// callFn is CallFn with converted arguments.
func (e *Engine) callFn(ctx context.Context, fn Dynamic, opts CallOptions, args []value.Value) (Dynamic, error) {
	if e.ready(); ctx == nil {
		return value.Unit, e.nothing(ctx)
	}
	if fn = fn.Flat().Plain(); !fn.IsFn() {
		return value.Unit, noFn(e.funcs().typeName(fn.Type()))
	}
	fn = value.Freeze(fn)
	f := fn.Fn()
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	m.tag = opts.Tag
	v, err := m.callLater(e.sampler(), e.meaning(f, opts.AST), f, opts.This, args)
	m.release()
	return v, err
}

// meaning returns the program in which a pointer is called.
func (e *Engine) meaning(f *value.Fn, ast *AST) *linked {
	if sf := linkedFunc(f); sf != nil {
		return sf.ln
	}
	if ln, ok := raw.Target(f).(*linked); ok {
		return ln
	}
	if ast != nil && ast.prog != nil {
		return e.link(ast, nil)
	}
	if h, ok := raw.Target(f).(*home); ok {
		return (*linked)(h)
	}
	return nowhere(e.funcs(), nil)
}

// emptyAST is a script without code.
var emptyAST = sync.OnceValue(func() *AST {
	prog, err := compile.Compile(&syntax.File{}, compile.Options{})
	if err != nil {
		panic("engine: " + err.Error())
	}
	return &AST{prog: prog}
})

// nowhere returns a program without code, from which the host calls Go functions. The
// names of script functions mean those of ln, if it is not nil.
func nowhere(set *funcSet, ln *linked) *linked { return link(emptyAST(), set, ln, nil) }

// callLater calls a pointer for the host, in the program where it has its meaning.
func (m *machine) callLater(s *Sampler, ln *linked, f *value.Fn, this *Dynamic, args []value.Value) (Dynamic, error) {
	all := make([]value.Value, 0, len(f.Curry)+len(args)+1)
	for _, v := range f.Curry {
		all = append(all, v.Flat().Share())
	}
	all = append(all, args...)
	v, err := m.hostResult(s, ln, func() (value.Value, *Error) { return m.pointerFromHost(ln, f, this, all) })
	if this != nil {
		value.Freeze(*this)
	}
	return v, err
}

// hostResult makes a call of the host in a program, and returns its result for the host.
func (m *machine) hostResult(s *Sampler, ln *linked, call func() (value.Value, *Error)) (Dynamic, error) {
	if err := m.start(s); err != nil {
		return value.Unit, err.in(ln.source())
	}
	m.enter(ln)
	m.embed(ln)
	v, err := call()
	if m.exiting {
		return m.exitValue(err), nil
	}
	if err != nil {
		if err.within == nil {
			err.in(ln.source()) // the call could not begin
		}
		return value.Unit, publish(err)
	}
	return value.Freeze(v), nil
}

// pointerFromHost is callLater with all arguments, curried ones included.
func (m *machine) pointerFromHost(ln *linked, f *value.Fn, this *value.Value, all []value.Value) (value.Value, *Error) {
	sf := linkedFunc(f)
	if sf == nil {
		sf = m.choose(m.pointed(f, len(all)), this)
	}
	if sf != nil && len(sf.fn.Params) == len(all) {
		if sf.fn.Empty {
			return value.Unit, nil
		}
		if this != nil && raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
			return value.Unit, dataRace()
		}
		m.enter(sf.ln)
		around := m.importsAround(f)
		if around == nil {
			around = sf.ln.imports
		}
		return m.invoke(nil, nil, 1, sf, raw.Captures(f), this, all, around)
	}
	if f.IsAnonymous() {
		return value.Unit, m.noFunction(f.Name, all)
	}
	if this == nil {
		return m.nativeFromHost(ln, f.Name, all)
	}
	// The receiver comes first, in place.
	old := this.Flat()
	all = append([]value.Value{old}, all...)
	v, err := m.nativeFromHost(ln, f.Name, all)
	if lost := putBack(this, old, all[0]); lost != nil && err == nil {
		err = lost
	}
	return v, err
}

// nativeFromHost calls a Go function by name for the host, with the functions of a
// program. args[0] is what it left of its receiver.
func (m *machine) nativeFromHost(ln *linked, name string, args []value.Value) (value.Value, *Error) {
	fn := overload(ln.set.natives(name, len(args)), args)
	if fn == nil {
		fn = m.missingFunc(name)
	}
	if fn == nil {
		return value.Unit, m.noFunction(name, args)
	}
	if m.sized {
		for i := range args {
			if err := m.checkSize(args[i]); err != nil {
				return value.Unit, err
			}
		}
	}
	m.enter(nowhere(ln.set, ln))
	// A copy, so that few arguments of a script function are no object on the heap.
	own := append([]value.Value(nil), args...)
	v, err := m.unscripted(func(in *bytecode.Instr) (value.Value, *Error) {
		v, err := m.callFunc(fn, own, in, nil)
		if err == nil && m.sized {
			err = m.checkSize(v)
		}
		return v, err
	})
	if len(args) > 0 && fn.guarded() {
		args[0] = own[0]
	}
	return v, err
}

// unscripted makes a call that no script makes: in is where, and panics are errors.
func (m *machine) unscripted(call func(in *bytecode.Instr) (value.Value, *Error)) (v value.Value, err *Error) {
	if m.nesting() >= maxNesting {
		return value.Unit, stackOverflow()
	}
	m.nested++
	done := false
	defer func() {
		if m.nested--; !done {
			m.broken = true
			if r := recover(); r != nil {
				v, err = value.Unit, panicError(r, &m.cc)
			} else {
				m.abandon() // the function ended its goroutine
			}
		}
	}()
	v, err = call(m.instr(0))
	done = true
	return v, err
}

// missingFunc returns the hook for missing functions as a function of that name, nil if
// there is none.
func (m *machine) missingFunc(name string) *Func {
	f := m.cfg.hooks.call
	if f == nil {
		return nil
	}
	return &Func{Name: name, Fn: func(c *CallContext, args []Dynamic) (Dynamic, error) {
		v, ok, err := f(c, name, args, false)
		if err == nil && !ok {
			err = m.noFunction(name, args)
		}
		return v, err
	}}
}
