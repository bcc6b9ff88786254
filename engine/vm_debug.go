package engine

import (
	"context"
	"slices"
	"sort"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// How a debugger looks at a run. The run loop knows nothing of it: a script is compiled
// again with Trace instructions, which are executed here, at each statement and where
// breakpoints may be. Each function has one at its beginning that notes where its frame
// is, so that the frames below the one in progress can be found, whatever Go code stands
// between them.
//
// What a debugger reads are copies, marked as shared, so that nothing it keeps changes, and
// what it evaluates works on copies of the variables, which are assigned afterwards if they
// have changed. So it needs no care that the frame is not made for evaluating text.

// debugRun is the state of a run under a debugger, with the modules that it imports.
type debugRun struct {
	action   DebugAction
	depth    int         // where the latest action was chosen
	returned value.Value // see DebugContext.Returned
	err      *Error      // the innermost of the error that was looked at last
	over     bool        // by an error that nothing can catch
	busy     bool        // the debugger evaluates something
}

// enteredFrame is where the frame of a call is.
type enteredFrame struct {
	fp unsafe.Pointer
	ln *linked
	fn *bytecode.Func
}

// debugLevels is how many more levels of calls may be used by what a debugger evaluates.
const debugLevels = 64

var debuggerFunc = &Func{Name: "debugger"}

func isUndefined(v *value.Value) bool { return raw.IsUndefined(v) }

// traceable returns the script to run on an engine: with a debugger one that it can look at.
func (e *Engine) traceable(ast *AST) *AST {
	if e.cfg.debugger == nil {
		return ast
	}
	return ast.debugged()
}

// debugged returns the script compiled for debuggers.
func (a *AST) debugged() *AST {
	if a.how == nil || a.original != nil {
		return a
	}
	if b := a.debug.Load(); b != nil {
		return b
	}
	file, err := a.parse(a.text)
	if err != nil {
		return a
	}
	e := a.engine()
	e.optimize(file, a.how.consts)
	o := e.cfg.compileOptions()
	o.Debug = true
	prog, err := compile.Compile(file, o)
	if err != nil {
		return a // it is too large
	}
	b := a.with(prog)
	b.original = a
	if !a.debug.CompareAndSwap(nil, b) {
		return a.debug.Load() // so that its programs are linked once
	}
	return b
}

// depth is how many calls are in progress, those of importing scripts included.
func (m *machine) depth() int {
	n := 0
	for ; m != nil; m = m.importer {
		n += m.sp
	}
	return n
}

// debugging returns the state of the run under the engine's debugger.
func (m *machine) debugging() *debugRun {
	if m.debug == nil {
		if p := m.importer; p != nil {
			m.debug = p.debugging()
		} else {
			m.debug = &debugRun{action: StepInto, returned: raw.Undefined()}
		}
	}
	return m.debug
}

// debugTrace executes a Trace instruction.
func (m *machine) debugTrace(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if m.cfg.debugger == nil {
		return next(in), fp
	}
	r := m.debugging()
	if r.busy {
		return next(in), fp
	}
	stop := false
	switch depth := m.depth(); in.E {
	case bytecode.TraceEnter:
		for len(m.entered) <= m.sp {
			m.entered = append(m.entered, enteredFrame{})
		}
		m.entered[m.sp] = enteredFrame{fp, m.ln, m.ln.prog.FuncAt(m.index(in))}
	case bytecode.TraceReturn:
		if depth <= r.depth+1 {
			r.returned = value.Unit
			if in.A != bytecode.NoReg {
				// It is not marked as shared, so that it goes on to be written in place: whoever
				// looks at it sees it as it is then.
				if r.returned = reg(fp, in.A).Flat(); isUndefined(&r.returned) {
					r.returned = value.Unit
				}
			}
		}
		return next(in), fp
	case bytecode.TraceStmt:
		stop = r.action == StepInto || r.action == StepOver && depth <= r.depth || r.action == StepOut && depth < r.depth
	}
	if !stop && m.cfg.debugger.Break == nil {
		return next(in), fp
	}
	c := m.debugContext(in)
	c.kind = in.E
	switch in.E {
	case bytecode.TraceCall:
		c.call = next(in)
	case bytecode.TraceProp:
		c.prop = m.ln.prog.Names[in.B]
	}
	if e := m.askDebugger(r, c, in, fp, stop); e != nil {
		return m.fail(in, fp, e)
	}
	return next(in), fp
}

// debugError is called when an error is raised at an instruction.
func (m *machine) debugError(in *bytecode.Instr, fp unsafe.Pointer, err *Error) *Error {
	r := m.debugging()
	inner := err.Innermost()
	if r.busy || r.over || r.err == inner || m.exiting || m.cfg.debugger.Break == nil {
		return err
	}
	r.err = inner
	r.over = !inner.Kind.catchable() || inner.final || inner.ends()
	c := m.debugContext(in)
	c.err = m.debugErrorCopy(err)
	if e := m.askDebugger(r, c, in, fp, false); e != nil {
		m.locate(e, in)
		if e.Pos.IsNone() {
			e.Pos = m.pos(in)
		}
		r.err = e.Innermost()
		return e
	}
	return err
}

// debugContext describes the run at an instruction.
func (m *machine) debugContext(in *bytecode.Instr) *DebugContext {
	return &DebugContext{
		place: place{m: m, ln: m.ln, index: m.index(in), sp: m.sp, this: m.this, thisConst: m.thisConst},
		kind:  -1, returned: m.debug.returned,
	}
}

// askDebugger lets the debugger look. stop is set if the run stops without Break.
func (m *machine) askDebugger(r *debugRun, c *DebugContext, in *bytecode.Instr, fp unsafe.Pointer, stop bool) *Error {
	d := m.cfg.debugger
	m.calling(in, fp, debuggerFunc)
	// Whoever uses it later must not reach what the machine does then.
	defer func() { c.place, c.frames = place{}, nil }()
	if stop || d.Break(c) {
		r.action = Continue // if OnStep panics
		r.action = d.OnStep(c)
		r.depth, r.returned = m.depth(), raw.Undefined()
		if r.action == Stop {
			r.action, r.over = Continue, true
			return terminatedBy(nil)
		}
	}
	if !r.over {
		if e := m.cancelled(); e != nil {
			r.over = true
			return e
		}
	}
	return c.failure
}

// callsScript reports whether a site most likely calls a function of a script.
func (m *machine) callsScript(s *site, n int) bool {
	if len(s.NS) > 0 {
		mod, _ := m.module(s.NS)
		return mod != nil && len(mod.scripts[funcKey{s.Name, n}]) > 0
	}
	return len(s.script) > 0
}

// calls returns the calls in progress.
func (c *DebugContext) calls() []place {
	if c.frames == nil && c.m != nil {
		c.m.stack(c.m.instr(c.index), func(p *place) bool {
			if p.native == "" {
				c.frames = append(c.frames, *p)
			}
			return true
		})
	}
	return c.frames
}

// fp returns where the frame of a call is, nil if that is not known.
func (p *place) fp() unsafe.Pointer {
	if p.sp >= len(p.m.entered) {
		return nil
	}
	x := &p.m.entered[p.sp]
	if x.ln != p.ln || x.fn != p.ln.prog.FuncAt(p.index) {
		return nil
	}
	return x.fp
}

// debugVar is a variable as a debugger sees it.
type debugVar struct {
	name     string
	constant bool
	at       *value.Value
}

// variables returns the variables that are visible where a call is, the outermost first.
func (p *place) variables() []debugVar {
	fp, prog := p.fp(), p.ln.prog
	if fp == nil || prog.Rare == nil {
		return nil
	}
	marks := prog.Rare.Marks
	i := sort.Search(len(marks), func(i int) bool { return int(marks[i].At) > p.index }) - 1
	if i < 0 || int(marks[i].At) < prog.FuncAt(p.index).Entry {
		return nil
	}
	vis := prog.Visible[marks[i].Visible]
	var out []debugVar // the innermost first
	known := map[string]bool{}
	add := func(name string, constant bool, at *value.Value) {
		if !known[name] && !isUndefined(at) {
			known[name] = true
			out = append(out, debugVar{name, constant || raw.IsConst(at), at})
		}
	}
	addScope := func(s *Scope) {
		for k := s.Len() - 1; k >= 0; k-- {
			e := s.at(k)
			add(e.name, e.consts, &e.v)
		}
	}
	addScope(dynScope(fp, vis.Dynamic))
	for x := vis.Last; x != nil; x = x.Outer {
		add(x.Name, x.Const, reg(fp, x.Reg))
	}
	for i := len(vis.Outside) - 1; i >= 0; i-- {
		x := &vis.Outside[i]
		if p.ln.parent == nil && p.m.scope.index(x.Name) < 0 {
			continue // a constant of a module
		}
		add(x.Name, false, reg(fp, x.Reg))
	}
	if vis.Main && p.ln.parent == nil {
		addScope(p.m.scope)
	}
	slices.Reverse(out)
	return out
}

// set assigns to a variable.
func (v *debugVar) set(x value.Value) *Error {
	switch {
	case v.constant:
		return constError(v.name)
	case raw.IsCell(v.at):
		return assign(raw.Cell(v.at), x)
	}
	*v.at = x
	return nil
}

// Eval evaluates text as if it stood where a frame is: it sees the variables, the receiver
// and the functions that are in scope there, and may change the variables. What it
// declares is gone afterwards, it cannot define functions, and closures that it makes have variables of their own. It
// counts towards no limit of the run, but has the same limits once more, and ends when ctx
// is done. The debugger is not asked meanwhile, and functions of the host that the text calls
// cannot evaluate another one.
func (c *DebugContext) Eval(ctx context.Context, frame int, text string) (Dynamic, error) {
	if ctx == nil {
		return value.Unit, systemError("a script cannot be run with a nil context", nil)
	}
	calls := c.calls()
	if frame < 0 || frame >= len(calls) {
		return value.Unit, systemError("there is no such frame", nil)
	}
	p, m := &calls[frame], c.m
	if m.debug.busy {
		return value.Unit, systemError("the debugger is evaluating something already", nil)
	}
	ln, vars, scope, err := m.debugProgram(p, text)
	if err != nil {
		return value.Unit, err
	}
	// Everything that the run would miss is put back afterwards.
	run := m.debug
	state, chain, accounts, steps, fence := m.callState, m.pending, m.accounts, m.steps, m.fence
	runCtx, done, watched, this, thisConst := m.ctx, m.done, m.watched, m.this, m.thisConst
	run.busy = true
	// Calls that are as deep as they may be can be looked at as well.
	limits, levels := m.limits, len(m.frames)
	more := *limits
	more.CallLevels = min(more.CallLevels, maxFrames) + debugLevels
	m.limits = &more
	defer func() {
		run.busy = false
		m.limits = limits
		if most := min(limits.CallLevels, maxFrames) + 1; len(m.frames) > most {
			m.frames = m.frames[:max(most, levels)]
		}
		broken := m.broken
		m.callState, m.pending, m.accounts, m.steps, m.fence = state, chain, accounts, steps, fence
		m.ctx, m.done, m.watched, m.this, m.thisConst = runCtx, done, watched, this, thisConst
		m.broken = m.broken || broken
	}()
	m.pending, m.fence, m.exiting, m.caught = nil, handlerFence{}, false, nil
	m.ctx, m.done, m.watched = ctx, ctx.Done(), true
	m.this, m.thisConst = p.this, p.thisConst
	m.used, m.touched, m.allocated, m.ceiling = 0, 0, 0, int64(m.limits.Allocated)
	m.allowed = m.ceiling
	m.refill()
	in := c.m.instr(c.index)
	fp := c.fp()
	if fp == nil { // code that was linked without a debugger
		return value.Unit, systemError("the frame in progress is not known to the debugger", nil)
	}
	env := &env{vis: &bytecode.Visible{Main: true, Dynamic: bytecode.NoReg}, dyn: scope}
	v, e := m.runInside(ln, env, nil, in, fp)
	if m.exiting {
		v, e = m.exitValue(e), nil
	}
	for i, x := range vars {
		if now := scope.at(i).v.Flat(); !now.Same(x.at.Flat()) && !x.constant {
			if err := x.set(value.Freeze(now)); err != nil && e == nil {
				e = err
			}
		}
	}
	if e != nil {
		return value.Unit, m.debugErrorCopy(e)
	}
	return m.debugCopy(v), nil
}

// debugCopy returns a copy of a value that the debugger may keep. Closures in it have
// variables of their own: otherwise these would have left the run, and those that are in
// use would not be data races any more.
func (m *machine) debugCopy(v value.Value) value.Value {
	v = v.Flat().Share()
	if raw.Kind(&v) < object.Fn || raw.Object(&v).Frozen {
		return value.Freeze(v)
	}
	steps := m.steps
	w := rewriter{m: m, fresh: true}
	c, e := w.value(v)
	if m.steps = steps; e != nil {
		return value.Unit // the run is over
	}
	return value.Freeze(c)
}

// debugErrorCopy is debugCopy for the values of an error.
func (m *machine) debugErrorCopy(err *Error) *Error {
	if err == nil {
		return nil
	}
	c := *err
	c.Value, c.Inner = m.debugCopy(c.Value), m.debugErrorCopy(c.Inner)
	c.detail = slices.Clone(c.detail)
	for i := range c.detail {
		c.detail[i].val = m.debugCopy(c.detail[i].val)
	}
	return &c
}

// debugProgram compiles a text that a debugger evaluates, and returns it with the
// variables that it sees: their places, and copies.
func (m *machine) debugProgram(p *place, text string) (*linked, []debugVar, *Scope, error) {
	vars, scope := p.variables(), NewScope()
	for _, x := range vars {
		scope.push(x.name, x.at.Flat().Share(), x.constant)
	}
	e := &Engine{cfg: m.cfg, set: p.ln.set}
	opts := e.parseOptions(scope)
	file, err := syntax.Parse(strings.TrimSpace(text), opts)
	if err != nil {
		return nil, nil, nil, parseError(err)
	}
	if len(file.Funcs) > 0 {
		for _, f := range file.Funcs {
			if !f.Anonymous {
				return nil, nil, nil, systemError("a debugger cannot define functions", nil)
			}
		}
	}
	prog, err := compile.Compile(file, m.cfg.compileOptions())
	if err != nil {
		return nil, nil, nil, compileError(err)
	}
	ln := link(&AST{source: p.ln.source(), text: text, prog: prog}, p.ln.set, p.ln, p.ln.module)
	ln.main = &evalProgram
	return ln, vars, scope, nil
}
