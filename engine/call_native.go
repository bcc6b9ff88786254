package engine

import (
	"context"
	"iter"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CallNative calls a function that the engine has, by name: a Go function, or a function
// of a registered module that is a script. No script takes part; that is the difference
// to [Engine.CallFunc]. Arguments are converted by [ToValue], and the function is chosen
// by their types, as for a call in a script. The function gets values of its own; to see
// what a method leaves of its receiver, use [Engine.CallFn] with a pointer and
// [CallOptions].This. A call that matches no function is an error of kind
// ErrFunctionNotFound.
func (e *Engine) CallNative(ctx context.Context, name string, args ...any) (Dynamic, error) {
	vals := make([]value.Value, len(args))
	if err := toValues(vals, args); err != nil {
		return value.Unit, err
	}
	f := value.Fn{Name: name}
	return e.fromHost(ctx, func(m *machine, ln *linked) (value.Value, *Error) {
		return m.pointerFromHost(ln, &f, nil, vals)
	})
}

// BinaryOp computes a op b as a script does: with the builtin operators, else with the
// function that is registered for it. op is its symbol, such as "+", "==", "..", "in",
// or a custom operator. The operators &&, || and ?? are no functions of both sides, and
// not found.
func (e *Engine) BinaryOp(ctx context.Context, op string, a, b any) (Dynamic, error) {
	var vals [2]value.Value
	if err := toValues(vals[:], []any{a, b}); err != nil {
		return value.Unit, err
	}
	return e.fromHost(ctx, func(m *machine, ln *linked) (value.Value, *Error) {
		return m.operatorFromHost(ln, op, vals[0], vals[1])
	})
}

// fromHost makes a call of the host that no script takes part in.
func (e *Engine) fromHost(ctx context.Context, call func(m *machine, ln *linked) (value.Value, *Error)) (Dynamic, error) {
	if e.ready(); ctx == nil {
		return value.Unit, e.nothing(ctx)
	}
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	ln := nowhere(e.funcs(), nil)
	v, err := m.hostResult(e.sampler(), ln, func() (value.Value, *Error) { return call(m, ln) })
	m.release()
	return v, err
}

// binaryOps are the operators that two operands are enough for.
var binaryOps = func() map[string]syntax.Token {
	ops := map[string]syntax.Token{}
	for t := syntax.Plus; t <= syntax.RangeIncl; t++ {
		ops[t.String()] = t
	}
	return ops
}()

// operatorFromHost computes a op b.
func (m *machine) operatorFromHost(ln *linked, op string, a, b value.Value) (value.Value, *Error) {
	t, builtin := binaryOps[op]
	switch {
	case op == "in" || op == "!in":
		v, err := m.nativeFromHost(ln, "contains", []value.Value{b, a})
		if op == "!in" && err == nil && v.IsBool() {
			v = value.Bool(!v.Bool())
		}
		return v, err
	case op == "&&" || op == "||" || op == "??":
		return value.Unit, m.noFunction(op, []value.Value{a, b})
	case !builtin:
		return m.nativeFromHost(ln, op, []value.Value{a, b})
	case m.cfg.slowOperators:
		args := []value.Value{a, b}
		if overload(ln.set.natives(op, 2), args) != nil {
			return m.nativeFromHost(ln, op, args)
		}
	}
	return m.unscripted(func(in *bytecode.Instr) (v value.Value, err *Error) {
		if m.sized {
			if err := m.checkSize(a); err != nil {
				return v, err
			}
			if err := m.checkSize(b); err != nil {
				return v, err
			}
		}
		if err = m.binary(t, &a, &b, &v, in, nil); err == nil && m.sized {
			err = m.checkSize(v)
		}
		return v, err
	})
}

// Engine returns an engine with the configuration of the one that runs, and the
// functions that the running code sees. It may be kept. For runs of scripts during the
// call see [CallContext.Context]; to call back, [CallContext.CallFn] takes part in this
// run's limits.
func (c *CallContext) Engine() *Engine {
	e := &Engine{cfg: c.vm.cfg, set: c.vm.ln.set}
	e.watch = &e.room
	if c.vm.observed {
		e.SetSampler(c.vm.seat.s)
	}
	return e
}

// CallNative calls a Go function that the running code sees, by name, as a part of this
// run: its work counts for the run's limits. The function is chosen by the types of the
// arguments, which must be shared if they stay in use. args[0] is what it left of its
// receiver. A call that matches no function is an error of kind ErrFunctionNotFound.
func (c *CallContext) CallNative(name string, args ...Dynamic) (Dynamic, error) {
	m := c.vm
	fn := overload(m.ln.set.natives(name, len(args)), args)
	if fn == nil {
		return value.Unit, m.noFunction(name, args)
	}
	if m.nesting() >= maxNesting {
		return value.Unit, stackOverflow()
	}
	saved := *c
	m.nested++
	v, err := m.callFunc(fn, args, c.in, c.fp)
	m.nested--
	m.cc = saved
	return v, asGoError(err)
}

// Level returns how many calls of script functions are in progress in this run,
// evaluated text included.
func (c *CallContext) Level() int {
	n := 0
	c.vm.walk(c.in, func(f Frame) bool {
		if f.Func != "" {
			n++
		}
		return true
	})
	return n
}

// Tag returns what the host hung on this run: the tag of [CallOptions], or what
// [CallContext.SetTag] set, else that of [Engine.SetDefaultTag]; nil for nothing. Modules
// that the run imports have its tag.
func (c *CallContext) Tag() any {
	for m := c.vm; m != nil; m = m.importer {
		if m.tag != nil {
			return m.tag
		}
	}
	return c.vm.cfg.tag
}

// SetTag sets the tag for the rest of the run; nil is the engine's again.
func (c *CallContext) SetTag(tag any) { c.vm.tag = tag }

// SetDefaultTag sets the tag of runs that have none of their own, see [CallContext.Tag].
// It is shared by all runs of the engine: what it points to must be safe for concurrent
// use.
func (e *Engine) SetDefaultTag(tag any) *Engine { e.change().tag = tag; return e }

// Imports iterates over the modules that are imported where the run is, the latest first,
// with the names that they are known by there. A name may occur twice, and the first is
// meant.
func (c *CallContext) Imports() iter.Seq2[string, *Module] {
	return func(yield func(string, *Module) bool) {
		list := c.vm.imports
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].name != "" && !yield(list[i].name, list[i].mod) {
				return
			}
		}
	}
}
