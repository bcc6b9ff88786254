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
	// KeepScope leaves the variables that the body declared in the scope.
	KeepScope bool
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
	vals := make([]value.Value, len(args))
	for i, a := range args {
		v, err := ToValue(a)
		if err != nil {
			return value.Unit, stats, err
		}
		vals[i] = value.Freeze(v)
	}
	if scope == nil {
		scope = NewScope()
	}
	n := scope.Len()
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	defer func() {
		stats.Operations = uint64(m.operations())
		m.release()
	}()
	if err := m.start(); err != nil {
		return value.Unit, stats, err.in(ast.source)
	}
	ln := e.link(ast, scope)
	if !opts.SkipBody {
		v, err := m.runMain(ln, scope)
		if err != nil {
			return value.Unit, stats, err
		}
		if m.exiting {
			return v, stats, nil
		}
	}
	if !opts.KeepScope {
		defer scope.Rewind(n)
	}
	m.enter(ln)
	sf := m.findScript(name, len(vals), opts.This)
	if sf == nil {
		e := &Error{Kind: ErrFunctionNotFound, Text: "Function not found: " + name, Func: name}
		return value.Unit, stats, e.in(ast.source)
	}
	v, e2 := m.guardedInvoke(sf, opts.This, vals)
	if m.exiting {
		return m.exitValue(e2), stats, nil
	}
	if opts.This != nil {
		value.Freeze(*opts.This)
	}
	if e2 != nil {
		if e2.within == nil {
			e2.in(ast.source) // the call could not begin
		}
		return value.Unit, stats, publish(e2)
	}
	return value.Freeze(v), stats, nil
}

// guardedInvoke is invoke with a recover for natives that panic.
func (m *machine) guardedInvoke(sf *scriptFunc, this *value.Value, args []value.Value) (v value.Value, err *Error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError(r, &m.cc)
		}
	}()
	return m.invoke(sf, nil, this, args)
}
