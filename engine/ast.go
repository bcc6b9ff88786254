package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/internal/optimize"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// AST is a compiled script. It is immutable: any number of engines and
// goroutines may run it at a time.
type AST struct {
	source string
	about  *about // nil if there is nothing to tell
	text   string
	hash   atomic.Pointer[[sha256.Size]byte] // of text, once it was asked for
	prog   *bytecode.Program
	how    *compiling // how the text was compiled
	links  links
	// Copies for limits on variables, guarded by the mutex of links.
	limited map[varLimit]*AST
	debug   atomic.Pointer[AST] // the copy for debuggers, once it was asked for
	// original is the script that this is a copy of, nil if it is none.
	original *AST
}

// with returns a copy of the script with another program.
func (a *AST) with(prog *bytecode.Program) *AST {
	return &AST{source: a.source, about: a.about, text: a.text, prog: prog, how: a.how, original: a.original}
}

// Source returns the name of the script, "" if it has none.
func (a *AST) Source() string { return a.source }

// File returns the file that a resolver read the script from, "" for any other script.
func (a *AST) File() string {
	if a.about == nil {
		return ""
	}
	return a.about.file
}

// about is what few scripts have. It is immutable.
type about struct {
	by   *ScriptResolver // that read it, nil if none did
	file string          // where
	doc  string
}

// readBy notes which resolver read the script, and where.
func (a *AST) readBy(r *ScriptResolver, file string) {
	if r != nil {
		a.about = &about{r, file, a.Doc()}
	}
}

// readWith notes that the script is read as another one was.
func (a *AST) readWith(b *AST) { a.readBy(b.reader(), b.File()) }

// reader returns the resolver that read the script, nil if none did.
func (a *AST) reader() *ScriptResolver {
	if a.about == nil {
		return nil
	}
	return a.about.by
}

// Text returns the text that was compiled, "" if it is not known.
func (a *AST) Text() string { return a.text }

// Hash returns the SHA-256 of the text. It is computed once.
func (a *AST) Hash() [sha256.Size]byte {
	if h := a.hash.Load(); h != nil {
		return *h
	}
	h := sha256.Sum256([]byte(a.text))
	a.hash.Store(&h)
	return h
}

// Lines returns the lines that have code, in order: those that a run may execute.
func (a *AST) Lines() []int {
	var out []int
	for i, pos := range a.prog.Pos {
		if !pos.IsNone() && a.lastOf(i) == i {
			out = append(out, int(pos.Line))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// LineOf returns the line of an instruction, see [Location.Instruction]; 0 for none.
func (a *AST) LineOf(instruction int) int {
	if instruction < 0 || instruction >= len(a.prog.Pos) {
		return 0
	}
	return int(a.prog.Pos[a.lastOf(instruction)].Line)
}

// Stops returns where a debugger may stop in the script: the places of its statements, in
// the order of the text.
func (a *AST) Stops() []syntax.Pos {
	p := a.debugged().prog
	var out []syntax.Pos
	for i := range p.Code {
		if p.Code[i].Op == bytecode.Trace && p.Code[i].E == bytecode.TraceStmt {
			out = append(out, p.Pos[i])
		}
	}
	slices.SortFunc(out, func(a, b syntax.Pos) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return slices.Compact(out)
}

// lastOf returns the instruction before the end of the script, which stands for it: the
// end itself is behind the last line.
func (a *AST) lastOf(instruction int) int {
	if instruction > 0 && a.prog.Code[instruction].Op == bytecode.Halt && a.prog.FuncAt(instruction-1) == a.prog.Funcs[0] {
		return instruction - 1
	}
	return instruction
}

// EntryOf returns the instruction at which a function of the script begins.
func (a *AST) EntryOf(f FuncInfo) (instruction int, ok bool) {
	for _, x := range a.prog.Funcs[1:] {
		if x.Name == f.Name && x.Pos == f.Pos {
			return x.Entry, true
		}
	}
	return 0, false
}

// Doc returns the text of the script's //! comments.
func (a *AST) Doc() string {
	if a.about == nil {
		return ""
	}
	return a.about.doc
}

// FuncInfo describes a script function.
type FuncInfo struct {
	Name     string
	Params   []string
	ThisType string // "" if it takes any receiver
	Private  bool
	Comments []string
	Pos      syntax.Pos
	// Namespace is the path of the imported module that the function belongs to,
	// "" for none.
	Namespace string
}

// infoOf describes a function.
func infoOf(f *bytecode.Func, namespace string) FuncInfo {
	return FuncInfo{f.Name, f.Params, f.ThisType, f.Private, f.Comments, f.Pos, namespace}
}

// Functions returns the functions of the script in source order, without
// closures.
func (a *AST) Functions() []FuncInfo {
	var out []FuncInfo
	for _, f := range a.prog.Funcs[1:] {
		if !f.Anonymous {
			out = append(out, infoOf(f, ""))
		}
	}
	return out
}

// HasFunc reports whether the script has a function of that name with so many
// parameters, for any receiver or one of some type. Closures have no name.
func (a *AST) HasFunc(name string, params int) bool {
	for _, f := range a.prog.Funcs[1:] {
		if f.Name == name && len(f.Params) == params && !f.Anonymous {
			return true
		}
	}
	return false
}

// Disassemble returns a listing of the bytecode, for people.
func (a *AST) Disassemble() string { return a.prog.String() }

// Compile compiles a script. The error is an *Error of kind ErrParsing.
func (e *Engine) Compile(src string) (*AST, error) {
	return e.compile("", src, e.parseOptions(nil), false, nil)
}

// CompileNamed compiles a script whose name appears in error texts and in the
// source that debug output names.
func (e *Engine) CompileNamed(name, src string) (*AST, error) {
	return e.compile(name, src, e.parseOptions(nil), false, nil)
}

// CompileScope compiles a script for runs with a scope like the given one: its
// names count as known in strict mode.
func (e *Engine) CompileScope(scope *Scope, src string) (*AST, error) {
	return e.compile("", src, e.parseOptions(scope), false, scope)
}

// CompileOptions says how to compile. The zero CompileOptions are those of
// [Engine.Compile].
type CompileOptions struct {
	Name  string // of the script, in error texts, profiles and debug output
	Scope *Scope // as for [Engine.CompileScope]
	Expr  bool   // as for [Engine.CompileExpr]
	// Names are variables that the script gets when it is run, in order: they count as
	// known in strict mode, and are the parameters of the script for [Bind].
	Names []string
}

// CompileWith compiles a script with options.
func (e *Engine) CompileWith(src string, o CompileOptions) (*AST, error) {
	p := e.parseOptions(o.Scope)
	if len(o.Names) > 0 {
		known := p.Known
		p.Known = func(name string) bool { return slices.Contains(o.Names, name) || known != nil && known(name) }
	}
	ast, err := e.compile(o.Name, src, p, o.Expr, o.Scope)
	if err == nil && len(o.Names) > 0 {
		how := *ast.how
		how.names = slices.Clone(o.Names)
		ast.how = &how
	}
	return ast, err
}

// CompileExpr compiles a single expression: no statements, no assignments.
// (Rhai section "Expressions only".)
func (e *Engine) CompileExpr(scope *Scope, src string) (*AST, error) {
	return e.CompileWith(src, CompileOptions{Scope: scope, Expr: true})
}

// compile compiles a script, or a single expression if expr is set.
func (e *Engine) compile(name, src string, o *syntax.Options, expr bool, scope *Scope) (ast *AST, err error) {
	if e.cfg.hooks.define != nil { // the host sees nodes, and may keep them
		parse := syntax.Parse
		if expr {
			parse = syntax.ParseExpr
		}
		file, failed := parse(src, o)
		return e.finish(name, src, file, failed, scope)
	}
	syntax.Use(src, o, expr, func(file *syntax.File, failed error) {
		ast, err = e.finish(name, src, file, failed, scope)
	})
	return ast, err
}

// finish optimises and compiles a parsed script.
func (e *Engine) finish(name, src string, file *syntax.File, err error, scope *Scope) (*AST, error) {
	if err != nil {
		return nil, parseError(err).in(name)
	}
	if err := e.defined(file); err != nil {
		return nil, err.in(name)
	}
	return e.generate(name, src, file, e.compiling(scope))
}

// generate is finish for a tree that nobody refuses.
func (e *Engine) generate(name, src string, file *syntax.File, how *compiling) (*AST, error) {
	e.optimize(file, how.consts)
	prog, err := compile.Compile(file, e.cfg.compileOptions())
	if err != nil {
		return nil, compileError(err).in(name)
	}
	ast := &AST{source: name, text: src, prog: prog, how: how}
	if file.Doc != "" {
		ast.about = &about{doc: file.Doc}
	}
	return ast, nil
}

// names returns the names that the script was compiled with.
func (a *AST) names() []string {
	if a.how == nil {
		return nil
	}
	return a.how.names
}

// compiling is how a text was compiled. It is immutable.
type compiling struct {
	cfg    *config
	names  []string // see [CompileOptions].Names
	consts *Scope   // the constants that are part of the code, nil for none
	// embedded are the modules that the script brings along, nil if it brings none.
	embedded *embedded
}

// compiling notes how the engine compiles for a scope.
func (e *Engine) compiling(scope *Scope) *compiling {
	for i := range scope.Len() {
		if v := scope.at(i); v.consts {
			return &compiling{cfg: e.cfg, consts: scope.Visible()}
		}
	}
	return e.cfg.how
}

// optimize rewrites a tree so that it does the same with less.
func (e *Engine) optimize(file *syntax.File, scope *Scope) {
	if e.cfg.optimization == OptimizeNone || e.cfg.slowOperators {
		return
	}
	l := &e.cfg.resolved
	o := optimize.Options{
		MaxString: sizeLimit(l.StringSize),
		Sized:     e.cfg.sized,
	}
	if scope != nil {
		o.Const = func(name string) (value.Value, bool) {
			k := scope.index(name)
			if k < 0 || !scope.at(k).consts {
				return value.Unit, false
			}
			return scope.at(k).v.Flat(), true
		}
	}
	if e.cfg.optimization == OptimizeFull {
		o.Call = e.callConstant
	}
	optimize.File(file, o)
}

// foldLimits returns the limits for what is called at compile time.
func foldLimits(l *Limits) Limits {
	f := *l
	f.StringSize, f.ArraySize, f.MapSize = min(f.StringSize, 4<<10), min(f.ArraySize, 256), min(f.MapSize, 256)
	f.Operations = min(f.Operations, 10_000)
	return f
}

// callConstant calls a native function at compile time. It fails for functions
// that are volatile or change their arguments.
func (e *Engine) callConstant(name string, args []value.Value) (v value.Value, ok bool) {
	fn := overload(e.funcs().natives(name, len(args)), args)
	if fn == nil || fn.Volatile || fn.guarded() {
		return value.Unit, false
	}
	for _, a := range args {
		if a.IsFn() {
			return value.Unit, false // it might call scripts
		}
	}
	m := machines.Get().(*machine)
	m.reset(context.Background(), e.cfg)
	// What is made here is made before anything runs: it has limits of its own.
	l := foldLimits(m.limits)
	m.limits, m.sized = &l, true
	m.refill()
	m.ln, m.code, m.consts, m.sites, m.tables = nil, nil, nil, nil, nil // of the last run
	defer func() {
		if recover() != nil {
			v, ok = value.Unit, false // the call fails again at run time
		}
	}()
	m.cc.fn = fn
	v, err := fn.Fn(&m.cc, append([]value.Value(nil), args...))
	ok = err == nil && !m.exiting && m.checkSize(v) == nil && m.poll() == nil
	m.release()
	return v, ok
}

// compileOptions returns the options for the compiler.
func (c *config) compileOptions() compile.Options {
	return compile.Options{SlowOperators: c.slowOperators, NoShadowing: c.parse.NoShadowing}
}

// parseOptions returns the options for the parser: those of the engine, with
// its limits and, in strict mode, the names that are known.
func (e *Engine) parseOptions(scope *Scope) *syntax.Options {
	e.ready().cfg.use()
	o := e.cfg.parse
	l := &e.cfg.resolved
	o.MaxDepth, o.MaxFnDepth = syntaxLimit(l.ExprDepth), syntaxLimit(l.FnExprDepth)
	o.MaxString, o.MaxArray, o.MaxMap = sizeLimit(l.StringSize), sizeLimit(l.ArraySize), sizeLimit(l.MapSize)
	switch {
	case l.Functions == 0:
		o.MaxFunctions = -1
	case l.Functions != maxInt:
		o.MaxFunctions = l.Functions
	}
	set := e.funcs()
	if o.Strict = e.cfg.strict; !o.Strict && !o.NoShadowing {
		return &o // the parser does not ask
	}
	o.Known = func(name string) bool {
		if scope != nil && scope.Contains(name) {
			return true
		}
		_, _, ok := set.variable(name)
		return ok
	}
	o.Modules = func(name string) bool { return set.look().static[name] != nil }
	return &o
}

// syntaxLimit converts a limit on nesting to the parser's form.
func syntaxLimit(n int) int {
	if n == maxInt {
		return -1
	}
	return n
}

// sizeLimit converts a limit on size to the parser's form.
func sizeLimit(n int) int {
	if n == maxInt {
		return 0
	}
	return n
}
