package engine

import (
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// eval runs a piece of text that sees the variables of the frame. Variables
// that it declares at its top level stay, in the frame's dynamic scope. Whatever
// goes wrong is reported as a failure of the call, so that it can be caught.
func (m *machine) eval(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	text := reg(fp, in.A)
	if !text.IsString() {
		return m.failArg(in, fp, m.mismatch("string", *text), bytecode.PosAux)
	}
	env := m.env(m.ln.prog.Visible[in.D], fp)
	v, e := m.evalText(text.Str(), env, in, fp)
	if e != nil {
		if m.exiting || e.ends() || e.Kind == ErrTooMuchAllocated {
			return m.unwind(in, fp, e)
		}
		m.locate(e, in)
		m.took(errorSize)
		return m.unwind(in, fp, inCallOf(e, "eval", m.ln.source(), m.extraOr(in, bytecode.PosAux)))
	}
	*reg(fp, in.A) = v
	return next(in), fp
}

// What it allocates to compile a text that is evaluated, in bytes: for any text, and for
// each token and instruction. The same numbers say how much work it is.
const (
	evalSize        = 4 << 10
	evalToken       = 128
	evalInstruction = 96
	// siteSize is what a linked call site takes, its cache included.
	siteSize = 192
)

func (m *machine) evalText(text string, env *env, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	if e := m.touch(len(text), evalSize); e != nil {
		return value.Unit, e
	}
	var stop *Error
	watch := func(each int) func(n int) bool {
		return func(n int) bool {
			if stop = m.work(n * each); stop == nil {
				stop = m.charge(n * each)
			}
			return stop == nil
		}
	}
	text = strings.TrimSpace(text) // positions count from the first character
	e := &Engine{cfg: m.cfg, set: m.ln.set}
	opts := e.parseOptions(nil)
	opts.Eval = true
	opts.Watch = watch(evalToken)
	file, err := syntax.Parse(text, opts)
	if stop != nil {
		return value.Unit, stop
	}
	if err != nil {
		return value.Unit, m.inEval(parseError(err))
	}
	if e := e.defined(file); e != nil {
		return value.Unit, m.inEval(e)
	}
	copts := m.cfg.compileOptions()
	copts.Watch = watch(evalInstruction)
	copts.Globals, copts.Debug = in.E != 0, m.cfg.debugger != nil
	prog, err := compile.Compile(file, copts)
	if stop != nil {
		return value.Unit, stop
	}
	if err != nil {
		return value.Unit, m.inEval(compileError(err))
	}
	if e := m.charge(siteSize*len(prog.Sites) + value.FnSize*len(prog.Funcs)); e != nil {
		return value.Unit, e
	}
	ast := &AST{source: m.ln.source(), text: text, prog: prog}
	if limit := m.cfg.resolved.Variables; limit != maxInt {
		ast = ast.within(limit, env.count())
	}
	ln := link(ast, m.ln.set, m.ln, m.ln.module)
	ln.main = &evalProgram
	return m.runInside(ln, env, env.dyn, in, fp)
}

// inEval notes that an error is in a text that is evaluated.
func (m *machine) inEval(e *Error) *Error {
	e.Source, e.within = m.ln.source(), &evalProgram
	return e
}

// runInside runs the main program of ln, which sees the variables of a frame, in
// which instruction in is being executed. What it declares goes to keep, if that
// is not nil.
func (m *machine) runInside(ln *linked, env *env, keep *Scope, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	if e := m.push(m.ln, in, 1, 0); e != nil {
		return value.Unit, e
	}
	m.latest().kind = entryEval
	f, oldOuter := ln.prog.Funcs[0], m.outer
	at, moved := m.room(m.frameTop(in, fp), f.Regs, 0)
	m.took(8 * len(ln.prog.Externals))
	places := make([]*value.Value, len(ln.prog.Externals))
	m.enter(ln)
	for i := range ln.prog.Externals {
		x := &ln.prog.Externals[i]
		r := reg(at, x.Reg)
		v, isConst := env.find(x.Name)
		switch {
		case v == nil:
			if g, ok := m.global(x.Name); ok {
				*r = constCell(g)
			} else {
				*r = raw.Undefined()
			}
		case isConst && !constant(v):
			*r = constCell(v.Flat())
		default:
			// The variable moves here: nobody looks at its own place meanwhile.
			*r = *v
			places[i] = v
		}
	}
	m.steps -= int64(f.Cost)
	m.outer = env
	m.unseen = false // variables of evaluated text are the script's afterwards
	m.at = -1
	m.guarded(m.instr(0), at)
	v, e := m.pop()
	for i, p := range places {
		if p != nil {
			*p = *reg(at, ln.prog.Externals[i].Reg)
		}
	}
	if keep != nil {
		m.keepTop(ln.prog, keep, at)
	}
	m.outer = oldOuter
	if moved {
		m.leaveSegment()
	}
	if v.IsContainer() {
		v = v.Share()
	}
	return v, e
}

// callScope calls a script function that sees the caller's variables.
func (m *machine) callScope(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	n := int(in.B) / bytecode.RegSize
	args := regs(fp, in.A, n)
	name := s.Name
	if name == "call" && n > 0 && !args[0].IsFn() {
		return m.failArg(in, fp, m.mismatch("Fn", args[0]), bytecode.PosA)
	}
	if name == "call" && n > 0 {
		f := args[0].Fn()
		if f.IsAnonymous() || len(f.Curry) > 0 {
			return m.callPointer(in, fp, f, args[1:], nil, nil)
		}
		name, args = f.Name, args[1:]
	}
	sf := m.findScript(name, len(args), nil)
	if sf == nil {
		fn := overload(m.ln.set.natives(name, len(args)), args)
		if fn == nil {
			return m.fail(in, fp, m.noFunction(name, args))
		}
		v, e := m.callFunc(fn, args, in, fp)
		if e != nil {
			return m.unwind(in, fp, e)
		}
		*reg(fp, in.A) = v
		return next(in), fp
	}
	ln, e := sf.scoped(&Engine{cfg: m.cfg, set: m.ln.set})
	if e != nil {
		return m.fail(in, fp, e)
	}
	// The parameters are a scope between the function and the caller.
	params := NewScope()
	for i, p := range sf.fn.Params {
		params.push(p, args[i], false)
	}
	outer := &env{vis: &bytecode.Visible{Main: true}, dyn: params, outer: m.env(m.ln.prog.Visible[in.E], fp)}
	v, err := m.runInside(ln, outer, nil, in, fp)
	if err != nil {
		return m.unwind(in, fp, m.inCall(err, sf.fn.Name, "", in))
	}
	*reg(fp, in.A) = v
	return next(in), fp
}

// scoped returns the body of a function as a program whose free variables come
// from around the call. It is compiled on first use, from the text of the script:
// trees are not kept, they are several times as large as the code.
func (sf *scriptFunc) scoped(e *Engine) (*linked, *Error) {
	if ln := sf.asMain.Load(); ln != nil {
		return ln, nil
	}
	opts := e.parseOptions(nil)
	opts.Strict, opts.MaxDepth, opts.MaxFnDepth = false, -1, -1 // it has been parsed before
	whole, err := syntax.Parse(sf.ln.ast.text, opts)
	if err != nil {
		return nil, parseError(err)
	}
	file := &syntax.File{}
	for _, d := range whole.Funcs {
		if d.Pos == sf.fn.Pos {
			file.Stmts, file.End = d.Body.Stmts, d.Body.End
		}
	}
	prog, err := compile.Compile(file, compile.Options{Debug: e.cfg.debugger != nil})
	if err != nil {
		return nil, compileError(err)
	}
	ast := &AST{source: sf.ln.source(), text: sf.ln.ast.text, prog: prog}
	ln := link(ast, sf.ln.set, sf.ln, sf.ln.module)
	ln.main = sf.fn
	sf.asMain.Store(ln)
	return ln, nil
}
