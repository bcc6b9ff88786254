package engine

import (
	"context"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CallOptions tunes [Engine.CallFuncWith].
type CallOptions struct {
	// SkipBody calls the function without running the script's body first.
	SkipBody bool
	// This is the receiver, nil for none. It is changed in place.
	This *Dynamic
	// KeepScope leaves the variables that the body declared in the scope, and those that
	// the function declared, outside of its blocks, if it ends without an error. A function
	// with This leaves none of its own, nor does one of [Engine.CallFn].
	KeepScope bool
	// Tag is what [CallContext.Tag] returns during the call, nil for the engine's.
	Tag any
	// AST is the script whose functions a pointer by name means, see [Engine.CallFn].
	// Calls of functions by their name ignore it, as they are given a script.
	AST *AST
}

// CallFunc runs the body of a script, so that its constants exist, and calls one
// of its functions, private ones included. Arguments are converted by [ToValue].
// A function that does not exist is an error of kind ErrFunctionNotFound. If the
// body calls exit the function is not called, and the result is that of exit.
func (e *Engine) CallFunc(ctx context.Context, scope *Scope, ast *AST, name string, args ...any) (Dynamic, error) {
	return e.CallFuncWith(ctx, CallOptions{}, scope, ast, name, args...)
}

// CallFuncWith is CallFunc with options.
func (e *Engine) CallFuncWith(ctx context.Context, opts CallOptions, scope *Scope, ast *AST, name string, args ...any) (Dynamic, error) {
	v, _, err := e.CallFuncStats(ctx, opts, scope, ast, name, args...)
	return v, err
}

// CallFuncStats is CallFuncWith, and also tells what the call used, the script's
// body included unless it was skipped.
func (e *Engine) CallFuncStats(ctx context.Context, opts CallOptions, scope *Scope, ast *AST, name string, args ...any) (v Dynamic, stats Stats, err error) {
	if err := e.check(ctx, ast); err != nil {
		return value.Unit, stats, err
	}
	vals := make([]value.Value, len(args))
	if err := toValues(vals, args); err != nil {
		return value.Unit, stats, err
	}
	return e.callStats(ctx, opts, scope, ast, name, vals)
}

// callFunc is CallFuncWith with converted arguments.
func (e *Engine) callFunc(ctx context.Context, opts CallOptions, scope *Scope, ast *AST, name string, args []value.Value) (Dynamic, error) {
	if err := e.check(ctx, ast); err != nil {
		return value.Unit, err
	}
	v, _, err := e.callStats(ctx, opts, scope, ast, name, args)
	return v, err
}

func (e *Engine) callStats(ctx context.Context, opts CallOptions, scope *Scope, ast *AST, name string, vals []value.Value) (v Dynamic, stats Stats, err error) {
	if scope == nil {
		scope = NewScope()
	}
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	m.tag = opts.Tag
	v, err = m.callScript(e.sampler(), e.link(ast, scope), opts, scope, name, vals)
	stats = m.stats()
	m.release()
	return v, stats, err
}

// callScript runs the body of a script and calls one of its functions.
func (m *machine) callScript(s *Sampler, ln *linked, opts CallOptions, scope *Scope, name string, args []value.Value) (Dynamic, error) {
	if err := m.start(s); err != nil {
		return value.Unit, err.in(ln.source())
	}
	m.embed(ln)
	n := scope.Len()
	if !opts.SkipBody {
		v, err := m.runMain(ln, scope)
		if err != nil {
			return value.Unit, err
		}
		if m.exiting {
			return v, nil
		}
	}
	if !opts.KeepScope {
		defer scope.Rewind(n)
	}
	m.enter(ln)
	sf := m.choose(ln.entries(name, len(args)), opts.This)
	if sf == nil {
		return value.Unit, functionNotFound(name).in(ln.source())
	}
	if opts.KeepScope && opts.This == nil {
		return m.callKept(sf, scope, args)
	}
	v, err := m.invoke(nil, nil, 1, sf, nil, opts.This, args, nil)
	if m.exiting {
		return m.exitValue(err), nil
	}
	if opts.This != nil {
		value.Freeze(*opts.This)
	}
	if err != nil {
		if err.within == nil {
			err.in(ln.source()) // the call could not begin
		}
		return value.Unit, publish(err)
	}
	return value.Freeze(v), nil
}

// callKept calls a function as a program whose variables are kept: they go to the end of
// the scope.
func (m *machine) callKept(sf *scriptFunc, scope *Scope, args []value.Value) (Dynamic, error) {
	ln, err := sf.scoped(&Engine{cfg: m.cfg, set: sf.ln.set})
	if err != nil {
		return value.Unit, err
	}
	own := NewScope()
	for i, p := range sf.fn.Params {
		own.push(p, args[i], false)
	}
	v, err := m.runMain(ln, own)
	if err != nil {
		return value.Unit, err
	}
	for i := len(args); i < own.Len(); i++ {
		x := own.at(i)
		scope.push(x.name, x.v, x.consts)
	}
	return v, nil
}
