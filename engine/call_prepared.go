package engine

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Prepared is a script made ready for many quick runs, with variables by position: a rule
// or a formula. It is made by [AST.Prepare], immutable, and may be used by any number of
// goroutines at a time.
type Prepared struct {
	eng   *Engine
	cfg   *config
	ln    *linked
	names []string
	// args is the index of the argument for each external variable of the program, -1 for
	// none.
	args []int
	// quick is the code of a script that is no more than an expression, nil for others.
	quick *quickCode
	// texts are short strings that were arguments lately, as values.
	texts [preparedTexts]atomic.Pointer[Dynamic]
}

const (
	preparedTexts = 32
	preparedText  = 32 // bytes of a string that is kept
	fewArgs       = 8  // for which the values need no object on the heap
)

// Prepare makes a script ready for quick runs on an engine. names are the variables that
// each run gives it, in order; the script may do without some of them, and whatever else
// it needs must be a constant of a registered module or come from [Engine.OnVar]. What is
// registered or set on the engine later does not matter to it. It is an error if the
// script is nil, or a name occurs twice or cannot be a variable's.
func (a *AST) Prepare(e *Engine, names ...string) (*Prepared, error) {
	if e.ready(); a == nil || a.prog == nil {
		return nil, e.nothing(context.Background())
	}
	for i, n := range names {
		if slices.Contains(names[:i], n) {
			return nil, systemError("variable "+n+" is given twice", nil)
		}
		if !isIdentifier(n) || n == "this" {
			return nil, systemError(fmt.Sprintf("%q cannot be the name of a variable", n), nil)
		}
	}
	e.cfg.use()
	p := &Prepared{eng: e, cfg: e.cfg, names: slices.Clone(names)}
	p.ln = e.linkWith(a, len(names))
	for i := range p.ln.prog.Externals {
		p.args = append(p.args, slices.Index(names, p.ln.prog.Externals[i].Name))
	}
	p.quick = quicken(p.ln, p.args)
	return p, nil
}

// Eval runs the script with the values of its variables, one for each name that it was
// prepared with, and returns the value of its last statement. What it assigns to its
// variables is lost. Limits, hooks and the context are those of [Engine.Run].
//
// The arguments are nil, bool, integers, floats and strings of Go's own types, and
// Dynamics: these are passed without an allocation, but for strings that are longer than
// 32 bytes or were not passed lately. Anything else is an error; make it a value with [V].
func (p *Prepared) Eval(ctx context.Context, args ...any) (Dynamic, error) {
	if p == nil || p.ln == nil || len(args) != len(p.names) {
		return value.Unit, p.wrongCount(len(args))
	}
	var few [fewArgs]Dynamic
	vals := few[:]
	if len(args) > fewArgs {
		vals = make([]Dynamic, len(args))
	}
	vals = vals[:len(args)]
	for i := range args {
		ok := true
		switch x := args[i].(type) {
		case int:
			vals[i] = value.Int(int64(x))
		case string:
			vals[i] = p.text(x)
		case float64:
			vals[i] = value.Float(x)
		case bool:
			vals[i] = value.Bool(x)
		case int64:
			vals[i] = value.Int(x)
		case Dynamic:
			vals[i] = value.Freeze(x.Flat())
		default:
			vals[i], ok = otherScalar(args[i])
		}
		if !ok {
			return value.Unit, badArgument(i, reflect.TypeOf(args[i]))
		}
	}
	return p.run(ctx, vals)
}

// otherScalar converts the rarer scalars. It does not keep x, so that the caller's box of
// it is no object on the heap.
func otherScalar(x any) (Dynamic, bool) {
	switch x := x.(type) {
	case nil:
		return value.Unit, true
	case int32:
		return value.Int(int64(x)), true
	case int16:
		return value.Int(int64(x)), true
	case int8:
		return value.Int(int64(x)), true
	case uint:
		return value.Int(int64(x)), x <= math.MaxInt64
	case uint64:
		return value.Int(int64(x)), x <= math.MaxInt64
	case uint32:
		return value.Int(int64(x)), true
	case uint16:
		return value.Int(int64(x)), true
	case uint8:
		return value.Int(int64(x)), true
	case float32:
		return value.Float(float64(x)), true
	}
	return value.Unit, false
}

func badArgument(i int, t reflect.Type) error {
	if k := t.Kind(); k == reflect.Uint || k == reflect.Uint64 {
		return systemError(fmt.Sprintf("argument #%d is too large for i64", i+1), nil)
	}
	return systemError(fmt.Sprintf("argument #%d of type %s is no scalar: make it a value first, with engine.V", i+1, t), nil)
}

// EvalValues is [Prepared.Eval] with values.
func (p *Prepared) EvalValues(ctx context.Context, args ...Dynamic) (Dynamic, error) {
	if p == nil || p.ln == nil || len(args) != len(p.names) {
		return value.Unit, p.wrongCount(len(args))
	}
	for i := range args {
		value.Freeze(args[i])
	}
	return p.run(ctx, args)
}

func (p *Prepared) wrongCount(n int) error {
	if p == nil || p.ln == nil {
		return systemError("the Prepared is nil or zero; make it with AST.Prepare", nil)
	}
	return systemError(fmt.Sprintf("the script is prepared for %d variables (%s) and gets %d", len(p.names), strings.Join(p.names, ", "), n), nil)
}

// text returns the value of a string.
func (p *Prepared) text(s string) Dynamic {
	if len(s) > preparedText || s == "" {
		return value.String(s)
	}
	slot := &p.texts[(uint(s[0])+uint(s[len(s)-1])*7+uint(len(s))*13)%preparedTexts]
	if v := slot.Load(); v != nil && v.Str() == s {
		return *v
	}
	v := value.Freeze(value.String(strings.Clone(s))) // s may be a part of a large text
	slot.Store(&v)
	return v
}

func (p *Prepared) run(ctx context.Context, args []Dynamic) (Dynamic, error) {
	if ctx == nil {
		return value.Unit, p.eng.nothing(ctx)
	}
	if p.quick != nil {
		if v, ok := p.quickly(ctx, args); ok {
			return v, nil
		}
	}
	if p.ln.prog.ByName {
		// Text that it evaluates may name any variable.
		scope := NewScope()
		for i, a := range args {
			scope.push(p.names[i], a, false)
		}
		return p.eng.Run(ctx, scope, p.ln.ast)
	}
	m := machines.Get().(*machine)
	m.reset(ctx, p.cfg)
	if err := m.start(p.eng.sampler()); err != nil {
		m.release()
		return value.Unit, err.in(p.ln.source())
	}
	v, err := m.runPrepared(p, args)
	m.release()
	if err != nil {
		return value.Unit, err
	}
	return v, nil
}

// runPrepared is runProgram for variables that are given by position.
func (m *machine) runPrepared(p *Prepared, args []value.Value) (v value.Value, err *Error) {
	if err := m.push(nil, nil, 1, 0); err != nil {
		return value.Unit, err
	}
	ln := p.ln
	f := ln.prog.Funcs[0]
	m.enter(ln)
	m.embed(ln)
	fp, moved := m.room(m.top, f.Regs, 0)
	for i, k := range p.args {
		x := &ln.prog.Externals[i]
		if k >= 0 {
			reg(fp, x.Reg).Copy(&args[k])
		} else {
			m.loadConstant(ln, x.Name, i, fp)
		}
	}
	if m.plain != 0 {
		m.main = fp
	}
	m.steps -= int64(f.Cost)
	m.at = -1
	m.unseen = true
	m.guarded(m.instr(0), fp)
	if m.plain != 0 {
		m.plain, m.main = 0, nil
	}
	err = m.err
	if moved {
		m.leaveSegment()
	}
	v, _ = m.pop()
	return m.ended(ln, v, err, true)
}

// loadConstant puts an external variable that the scope does not have into its register.
func (m *machine) loadConstant(ln *linked, name string, i int, fp unsafe.Pointer) {
	x := &ln.prog.Externals[i]
	if v, ok := m.constant(ln.set, name); ok {
		*reg(fp, x.Reg) = m.constExternal(x, i, v)
	} else {
		*reg(fp, x.Reg) = raw.Undefined()
	}
}
