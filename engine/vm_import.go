package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// imported is a module that the running code imported. Functions see the imports of
// their callers too.
type imported struct {
	name string // "" if it was imported without a name
	mod  *Module
}

// exported is a variable that a module exports.
type exported struct {
	alias string
	reg   uint16
}

// importModule executes an import statement.
func (m *machine) importModule(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if m.modules >= m.limits.Modules {
		return m.fail(in, fp, tooManyModules())
	}
	path := reg(fp, in.A).Flat().Plain()
	pos := m.extraOr(in, bytecode.PosA)
	if !path.IsString() {
		return m.failArg(in, fp, m.mismatch("string", path), bytecode.PosA)
	}
	m.modules++
	m.calling(in, fp, importFunc)
	mod, e := m.resolveModule(path.Str(), pos, in)
	if e != nil {
		return m.fail(in, fp, e)
	}
	name := ""
	if in.D >= 0 {
		name = m.ln.prog.Names[in.D]
	}
	m.imports = append(m.imports, imported{name, mod})
	return next(in), fp
}

// resolveModule asks the resolver for the module of an import statement.
func (m *machine) resolveModule(path string, pos syntax.Pos, in *bytecode.Instr) (*Module, *Error) {
	e := moduleNotFound(path)
	e.Pos = pos
	if m.embedded != nil {
		if mod := m.embedded.find(m.importing(), path); mod != nil {
			return mod, nil
		}
	}
	if m.cfg.resolver == nil {
		return nil, e
	}
	if m.nesting() > maxImports {
		e = stackOverflow()
		e.Pos = pos
		return nil, e
	}
	x := &importer{m: m, at: Frame{Source: m.ln.source(), Pos: pos}}
	if f := m.ln.prog.FuncAt(m.index(in)); f != m.ln.prog.Funcs[0] {
		x.at.Func = f.Name
	}
	x.ast = m.importing()
	ctx := context.WithValue(m.inner(), importerKey{}, x)
	mod, err := m.cfg.resolver.Resolve(ctx, &Engine{cfg: m.cfg, set: m.ln.set}, path)
	if m.watched {
		err = m.attend(err)
	}
	if err == nil {
		if mod == nil {
			return nil, e
		}
		return mod.freeze(), nil
	}
	if isModuleNotFound(err, path) {
		return nil, e
	}
	var inner *Error
	if !errors.As(err, &inner) {
		return nil, inModule(systemError(err.Error(), err).in(path), path, pos)
	}
	if in := inner.Innermost(); in.exit {
		m.exiting = true // the module ended the whole run
		return nil, in
	} else if in.Kind == ErrTerminated {
		c := *in
		c.Pos, c.within = pos, nil
		return nil, &c
	}
	if inner.within == nil {
		c := *inner // the resolver's own, which it may return again
		inner = c.in(path)
	}
	return nil, inModule(inner, path, pos)
}

// importing returns the script whose code is running; for evaluated text, the one that it
// is part of.
func (m *machine) importing() *AST {
	var ast *AST
	for l := m.ln; l != nil && (ast == nil || ast.reader() == nil); l = l.parent {
		ast = l.ast
	}
	return ast
}

// maxImports bounds imports inside of imports: each takes Go stack.
const maxImports = 200

// EvalModule runs a script and makes a module of what it exports: the variables
// of its export statements, its functions that are not private, and the modules
// that it imported by name at its top level. Called by a resolver with the
// context it was given, the script counts towards the limits of the run that
// imports it. A nil scope stands for a fresh one. (Rhai section "Create a Module
// from an AST".)
func (e *Engine) EvalModule(ctx context.Context, scope *Scope, ast *AST) (*Module, error) {
	if err := e.check(ctx, ast); err != nil {
		return nil, err
	}
	mod := NewModule(ast.source)
	mod.doc = ast.Doc()
	m := machines.Get().(*machine)
	m.reset(ctx, e.cfg)
	var parent *machine
	if x, _ := ctx.Value(importerKey{}).(*importer); x != nil {
		if parent = x.m; parent != nil {
			m.adopt(parent)
		}
	}
	if err := m.start(e.sampler()); err != nil {
		m.release()
		return nil, err.in(ast.source)
	}
	ln := link(e.traceable(ast), e.funcs(), nil, mod)
	m.exports = []exported{}
	_, err := m.runMainWith(ln, scope, func(fp unsafe.Pointer) *Error { return m.fill(mod, ln, scope, fp) })
	if parent != nil {
		parent.modules, parent.allocated = m.modules, m.allocated
		if m.ceiling < 0 {
			parent.ceiling, parent.allowed = -1, -1
		}
		parent.steps -= m.operations()
	}
	m.release()
	if err != nil {
		return nil, err
	}
	return mod, nil
}

// adopt makes the limits of the run that imports a module hold for the module.
func (m *machine) adopt(parent *machine) {
	m.importer = parent
	m.nested = parent.nesting() // its activation takes one more
	m.modules = parent.modules
	m.before = parent.before + parent.operations()
	m.allocated, m.allowed, m.ceiling = parent.allocated, parent.ceiling, parent.ceiling
	if used := parent.operations(); parent.limits.Operations != maxInt {
		l := *m.limits
		l.Operations = max(l.Operations-int(used), 0)
		m.limits = &l
		m.refill()
	}
}

// bind returns a function pointer tied to this program if it points to one of its
// functions by name, so that it keeps its meaning elsewhere.
func (ln *linked) bind(f *value.Fn) (value.Value, bool) {
	if _, byName := raw.Target(f).(*home); !byName && raw.Target(f) != nil || !ln.defines(f.Name) {
		return value.Unit, false
	}
	return raw.Retarget(f, ln), true
}

// defines reports whether the program has a function of that name.
func (ln *linked) defines(name string) bool {
	_, ok := ln.named[name]
	return ok
}

// fill puts what a finished script offers into its module.
func (m *machine) fill(mod *Module, ln *linked, scope *Scope, fp unsafe.Pointer) *Error {
	w := rewriter{m: m, fn: ln.bind}
	if scope != nil {
		for name, alias := range scope.aliases {
			x, ok := scope.Get(name)
			if !ok {
				continue
			}
			v, e := w.value(x.Flat())
			if e != nil {
				return e
			}
			if mod.vars == nil {
				mod.vars = map[string]value.Value{}
			}
			mod.vars[alias] = value.Freeze(v)
		}
	}
	for _, x := range m.exports {
		v, e := w.value(reg(fp, x.reg).Flat())
		if e != nil {
			return e
		}
		if mod.vars == nil {
			mod.vars = map[string]value.Value{}
		}
		mod.vars[x.alias] = value.Freeze(v)
	}
	for name, v := range m.globals {
		v, e := w.value(v)
		if e != nil {
			return e
		}
		m.globals[name] = value.Freeze(v)
	}
	mod.stateful, ln.stateful = w.variables, w.variables
	for _, sf := range ln.fns[1:] {
		if sf.fn.Anonymous || sf.fn.Private {
			continue
		}
		if mod.scripts == nil {
			mod.scripts = map[funcKey][]*scriptFunc{}
		}
		k := funcKey{sf.fn.Name, len(sf.fn.Params)}
		mod.scripts[k] = append(mod.scripts[k], sf)
		mod.typed = mod.typed || sf.fn.ThisType != ""
	}
	for _, x := range m.imports {
		if x.name != "" {
			mod.SetModule(x.name, x.mod)
		}
	}
	ln.imports = append([]imported(nil), m.imports...)
	ln.globals = m.globals
	m.globals = nil
	return nil
}

// export notes a variable to export; its value is taken at the end.
func (m *machine) export(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	names := m.ln.prog.Names
	if in.B == bytecode.NoReg || raw.IsUndefined(reg(fp, in.B)) {
		return m.fail(in, fp, notFound(names[in.E]))
	}
	if m.exports != nil {
		m.exports = append(m.exports, exported{names[in.D], in.B})
	}
	return next(in), fp
}

// setGlobal records a constant of the top level, which functions see as
// global::NAME.
func (m *machine) setGlobal(in *bytecode.Instr, fp unsafe.Pointer) {
	if m.globals == nil {
		m.globals = map[string]value.Value{}
	}
	m.globals[m.ln.prog.Names[in.D]] = reg(fp, in.A).Flat().Share()
}

// module finds the module that a path names. It is nil if the first name is
// unknown, and found tells how many names were resolved.
func (m *machine) module(ns []syntax.Name) (mod *Module, found int) {
	for i := len(m.imports) - 1; i >= 0 && mod == nil; i-- {
		if m.imports[i].name == ns[0].Name {
			mod = m.imports[i].mod
		}
	}
	if mod == nil {
		mod = m.ln.set.look().static[ns[0].Name]
	}
	if mod == nil {
		return nil, 0
	}
	for i, n := range ns[1:] {
		if mod = mod.subs[n.Name]; mod == nil {
			return nil, i + 1
		}
	}
	return mod, len(ns)
}

func pathText(ns []syntax.Name) string {
	names := make([]string, len(ns))
	for i, n := range ns {
		names[i] = n.Name
	}
	return strings.Join(names, "::")
}

// loadPath reads a variable of a module, or a constant of the script's top level
// as global::NAME.
func (m *machine) loadPath(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	missing := func() *Error { return notFound(pathText(s.NS) + "::" + s.Name) }
	mod, found := m.module(s.NS)
	if found == 0 && len(s.NS) == 1 && s.NS[0].Name == "global" {
		globals, stateful := m.globals, false
		for l := m.ln; l != nil; l = l.parent {
			if l.globals != nil || l.module != nil && m.exports == nil {
				globals, stateful = l.globals, l.stateful // a module sees none but its own
			}
		}
		if v, ok := globals[s.Name]; ok {
			return m.loadOwn(in, fp, v, stateful)
		}
		return m.failArg(in, fp, missing(), bytecode.PosAux)
	}
	if mod == nil {
		return m.failArg(in, fp, moduleNotFound(pathText(s.NS)), bytecode.PosAux)
	}
	v, ok := mod.vars[s.Name]
	if !ok {
		return m.failArg(in, fp, missing(), bytecode.PosAux)
	}
	return m.loadOwn(in, fp, v, mod.stateful)
}

// loadOwn puts a variable of a module into the register of an instruction. Closures
// in it share variables of their own with each other, but not with other runs.
func (m *machine) loadOwn(in *bytecode.Instr, fp unsafe.Pointer, v value.Value, stateful bool) (*bytecode.Instr, unsafe.Pointer) {
	v, e := m.ownCopy(v, stateful)
	if e != nil {
		return m.fail(in, fp, e)
	}
	*reg(fp, in.A) = v.Share()
	return next(in), fp
}

// ownCopy returns the value of a module's variable for this run: if any variable of
// the module is a closure with variables, it is copied with fresh ones. All copies
// of a run are made by one rewriter, so that two closures which share a variable go
// on to share one. What the module's script left in it is never changed: each run
// that imports the module begins with it.
func (m *machine) ownCopy(v value.Value, stateful bool) (value.Value, *Error) {
	if !stateful || raw.Kind(&v) < object.Fn {
		return v, nil
	}
	if m.fresh == nil {
		m.fresh = &rewriter{m: m, fresh: true}
	}
	return m.fresh.value(v)
}

// constant returns a constant that a registered module offers, as this run sees it.
// A run that is to end before it is copied gets a unit, and ends at its next
// operation.
func (m *machine) constant(set *funcSet, name string) (value.Value, bool) {
	v, stateful, ok := set.variable(name)
	v, e := m.ownCopy(v, stateful)
	if e != nil {
		m.halted()
	}
	return v, ok
}

// callPath calls a function of a module.
func (m *machine) callPath(in *bytecode.Instr, fp unsafe.Pointer, s *site) (*bytecode.Instr, unsafe.Pointer) {
	n := int(in.B) / bytecode.RegSize
	args := regs(fp, in.A, n)
	ref, e := m.place(in, fp, s, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if ref != nil {
		args[0] = *ref
	}
	mod, found := m.module(s.NS)
	if found == 0 {
		return m.failArg(in, fp, moduleNotFound(pathText(s.NS)), bytecode.PosAux)
	}
	if mod != nil {
		for _, sf := range mod.scripts[funcKey{s.Name, n}] {
			if sf.fn.ThisType == "" {
				if ref != nil {
					args[0] = ref.Share()
				}
				return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)), nil, nil, nil, frameThis)
			}
		}
		if fn := overload(mod.funcs[funcKey{s.Name, n}], args); fn != nil {
			isConst := s.Const || in.C != bytecode.NoReg && m.isConst(fp, in.C)
			return m.callNative(in, fp, fn, args, ref, isConst)
		}
	}
	return m.fail(in, fp, m.noFunction(pathText(s.NS)+"::"+s.Name, args))
}

// importedScripts returns the functions of a name that imported modules make
// visible everywhere: those declared for a type.
func (m *machine) importedScripts(name string, n int) []*scriptFunc {
	var out []*scriptFunc
	for i := len(m.imports) - 1; i >= 0; i-- {
		for _, mod := range m.imports[i].mod.typedModules() {
			for _, sf := range mod.scripts[funcKey{name, n}] {
				if sf.fn.ThisType != "" && !slices.Contains(out, sf) {
					out = append(out, sf)
				}
			}
		}
	}
	return out
}

// typedModules returns those among a module and what it imported that have methods
// declared for a type. The module is immutable: they are found once.
func (mod *Module) typedModules() []*Module {
	if list := mod.typedBelow.Load(); list != nil {
		return *list
	}
	var list []*Module
	mod.walkNew("", map[*Module]bool{}, func(_ string, x *Module) {
		if x.typed {
			list = append(list, x)
		}
	})
	mod.typedBelow.Store(&list)
	return list
}

// walkNew calls f for a module and each module below it that was not seen yet, with
// the first path there by the order of names.
func (mod *Module) walkNew(path string, seen map[*Module]bool, f func(path string, mod *Module)) {
	if seen[mod] {
		return
	}
	seen[mod] = true
	f(path, mod)
	for _, name := range mod.Modules() {
		mod.subs[name].walkNew(path+"::"+name, seen, f)
	}
}

// importedNatives returns the native overloads that imported modules make
// visible everywhere.
func (m *machine) importedNatives(name string, n int) []*Func {
	var out []*Func
	for i := len(m.imports) - 1; i >= 0; i-- {
		for _, f := range m.imports[i].mod.funcs[funcKey{name, n}] {
			if f.Global {
				out = append(out, f)
			}
		}
	}
	return out
}
