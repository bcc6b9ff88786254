package engine

import (
	"context"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// A script that is no more than an expression over variables of its scope is evaluated
// without a machine from its third run on, as a prepared one is, see [quickCode]. It must
// leave its scope as it was: a script that declares variables or assigns to those of the
// scope is run by the machine.

// What [linked.quick] is before the code is decoded: nil before the first run, then
// quickLater, and quickNever for a script that is more than an expression.
var quickLater, quickNever = &quickCode{}, &quickCode{}

// prepareQuick decodes the main program at the second run: a script that runs once does
// without. q is what is known.
//
//go:noinline
func (ln *linked) prepareQuick(q *quickCode) {
	if q == nil {
		q = quickLater
	} else if q = ln.decodeMain(); q == nil {
		q = quickNever
	}
	ln.quick.Store(q)
}

// decodeMain returns nil if the main program is more than an expression.
func (ln *linked) decodeMain() *quickCode {
	p := ln.prog
	if len(p.Top) > 0 || p.Scope != bytecode.NoReg || len(p.Externals) > quickRegs {
		return nil
	}
	args := make([]int, len(p.Externals))
	for i := range args {
		args[i] = i
	}
	q := quicken(ln, args)
	if q == nil {
		return nil
	}
	for i := range q.ops {
		o := &q.ops[i]
		switch o.kind {
		case quickSet, quickMove, quickArith, quickArithK, quickArithFrom, quickNot, quickProp:
			for _, x := range q.regs {
				if x.reg == o.a {
					return nil // it assigns to a variable of the scope
				}
			}
		}
	}
	return q
}

// quickly evaluates a script that is an expression. ok is false if the machine has to do
// it: then nothing has happened yet.
func (e *Engine) quickly(ctx context.Context, q *quickCode, ln *linked, scope *Scope) (v Dynamic, ok bool) {
	c := e.cfg
	if c.onProgress != nil || q.cost > int64(c.resolved.Operations) || e.sampler() != nil || !unobserved(ctx) {
		return value.Unit, false
	}
	c.use()
	var regs [quickRegs]value.Value
	if len(q.regs) > 0 {
		if scope == nil || scope.busy {
			return value.Unit, false
		}
		for _, x := range q.regs {
			k := scope.index(ln.prog.Externals[x.arg].Name)
			if k < 0 {
				return value.Unit, false
			}
			r := &regs[x.reg%quickRegs]
			*r = scope.at(k).v
			if raw.IsCell(r) || c.sized && (q.reads || !inSize(r, c.resolved.StringSize)) {
				return value.Unit, false
			}
		}
	}
	v, _, ok = q.eval(&regs)
	if ok {
		value.Freeze(v)
	}
	return v, ok
}

// unobserved reports whether a run with a context may go on and cannot have a sampler, or
// be the run of a function that another run calls.
func unobserved(ctx context.Context) bool {
	if ctx == context.Background() {
		return true
	}
	return ctx.Err() == nil && ctx.Value(runKey{}) == nil
}
