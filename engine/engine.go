package engine

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Engine compiles and runs scripts. It is made by [New], [NewRaw] or [Engine.Clone]:
// methods of a nil or zero Engine panic and say so. Configure it first (all methods that begin
// with Set, On or Register); from then on any number of goroutines may compile
// and run with it at a time. An Engine must not be copied, see [Engine.Clone].
//
// An Engine is a few pointers: a configuration, shared until it is changed, and
// the registered modules, whose set is shared by all engines that registered the
// same ones. A raw engine per call is therefore almost free. (Rhai section
// "Engine".)
type Engine struct {
	_   noCopy
	cfg *config
	set *funcSet // of the modules up to some point
	// The n modules registered since then. To look up their set takes longer than
	// to see that a program is linked to it already, which is all that a raw engine
	// per call needs.
	late  [4]*Module
	n     int
	own   *Module // the latest functions registered on this engine alone
	owned bool    // cfg was copied for this engine
	watch *watch  // who observes the runs: &room, or nil for a raw engine that nobody does
	room  watch
}

// noCopy makes `go vet` report copies of what has it as a field.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// ready panics if the engine was not made by one of the functions for it.
func (e *Engine) ready() *Engine {
	if e == nil || e.cfg == nil {
		notReady()
	}
	return e
}

//go:noinline
func notReady() { panic("engine: the Engine is nil or zero; make it with New, NewRaw or Clone") }

// Clone returns an engine that is configured like e and has the same modules and
// functions. From then on each is configured for itself. It may be called while e
// is in use.
func (e *Engine) Clone() *Engine {
	e.ready().cfg.use() // whoever changes it first makes a copy
	e.funcs()           // the engine's own functions are fixed, so that both may have them
	c := &Engine{cfg: e.cfg, set: e.set, late: e.late, n: e.n, own: e.own}
	c.watch = &c.room
	return c
}

// config is what can be set on an engine. Maps and slices in it are shared, and
// copied to be changed.
type config struct {
	limits        Limits
	resolved      Limits
	sized         bool
	onPrint       func(ctx context.Context, text string)
	onDebug       func(ctx context.Context, text, source string, pos syntax.Pos)
	onProgress    func(ctx context.Context, operations uint64) error
	hooks         hooks
	debugger      *Debugger // nil for none
	tag           any       // of runs that have none
	optimization  OptLevel
	failOnMissing bool
	keepWidths    bool
	strict        bool
	parse         syntax.Options
	syntaxes      map[string]*customSyntax
	slowOperators bool
	resolver      Resolver
	used          uint32 // set atomically once something compiles or runs with it
	// limited are configurations that differ from this one in their limits, of one that
	// engines are made with; nil for others, so that none keeps a chain of them.
	limited *limitedConfigs
	how     *compiling // how scripts are compiled with it, if nothing else matters
}

// copy returns a configuration like c that nothing has used yet.
func (c *config) copy() *config {
	x := &struct {
		config
		how compiling
	}{config: *c}
	x.how.cfg = &x.config
	x.config.how, x.used, x.limited = &x.how, 0, nil
	return &x.config
}

// limitedConfigs are found by their limits, the latest of those with the same slot.
type limitedConfigs [4]atomic.Pointer[config]

func (l *Limits) slot() int {
	return (l.Operations ^ l.Allocated ^ l.StringSize ^ l.CallLevels) * 0x9E3779B1 >> 20 & 3
}

// use notes that something compiles or runs with the configuration, which must
// not change from then on.
func (c *config) use() {
	if atomic.LoadUint32(&c.used) == 0 {
		atomic.StoreUint32(&c.used, 1)
	}
}

// rawConfig is the configuration of every engine that was not configured.
var rawConfig = newConfig()

func newConfig() *config {
	c := (&config{}).copy()
	c.optimization, c.used, c.limited = OptimizeSimple, 1, new(limitedConfigs)
	c.setLimits(Limits{})
	return c
}

func (c *config) setLimits(l Limits) {
	c.limits = l
	c.resolved = l.resolved()
	r := &c.resolved
	c.sized = r.StringSize != maxInt || r.ArraySize != maxInt || r.MapSize != maxInt
}

// NewRaw makes an engine without functions, module resolver and output: only the
// language and its builtin operators. It costs one small allocation, or none if
// it stays in the function that makes it.
func NewRaw() *Engine { return &Engine{cfg: rawConfig, set: emptySet} }

// New makes an engine with the given packages, which are registered in order: of
// two functions alike the later package's wins. Use New(packages.Standard()) for
// the engine that Rhai's Engine::new makes.
func New(pkgs ...*Package) *Engine {
	e := NewRaw()
	e.watch = &e.room
	for _, p := range pkgs {
		e.RegisterPackage(p)
	}
	e.settle()
	return e
}

// RegisterGlobalModule makes the functions and constants of a module visible
// without qualification. The module is immutable from then on. Later
// registrations win over earlier ones.
func (e *Engine) RegisterGlobalModule(m *Module) *Engine {
	e.ready()
	m.freeze()
	if e.n == len(e.late) {
		e.settle()
	}
	e.late[e.n] = m
	e.n++
	return e
}

// funcs returns the set of all registered modules, to be used: the functions of the
// engine's own module are fixed from then on.
func (e *Engine) funcs() *funcSet {
	s := e.ready().set
	if e.own != nil {
		e.own.freeze()
	}
	for _, m := range e.late[:e.n] {
		s = s.with(m)
	}
	return s
}

// registered reports whether funcs would return that set.
func (e *Engine) registered(set *funcSet) bool {
	for i := e.n - 1; i >= 0; i-- {
		if set.parent == nil || set.mod != e.late[i] {
			return false
		}
		set = set.parent
	}
	return set == e.set
}

// settle looks up the set of all registered modules once and for all.
func (e *Engine) settle() {
	if e.n > 0 {
		for _, m := range e.late[:e.n] {
			e.set = e.set.with(m)
		}
		clear(e.late[:e.n])
		e.n = 0
	}
}

// RegisterStaticModule makes a module reachable as name:: in every script. The name
// may be a path: a module registered as "a::b" is a sub-module of the one registered
// as "a", which is made if there is none. It panics if a part of the name is no
// identifier.
func (e *Engine) RegisterStaticModule(name string, m *Module) *Engine {
	e.ready()
	path := strings.Split(name, "::")
	for _, part := range path {
		if !isIdentifier(part) {
			panic("engine: " + strconv.Quote(name) + " is no name of a module")
		}
	}
	m.freeze()
	e.settle()
	root := m
	if len(path) > 1 {
		root = e.set.look().static[path[0]].with(path[0], path[1:], m)
	}
	e.set = e.set.withStatic(path[0], root)
	return e
}

// RegisterFunc makes a Go function callable from scripts of this engine, see
// [Module.Func]. It panics if the function's signature cannot be called. For
// functions that several engines share, make a [Package].
func (e *Engine) RegisterFunc(name string, fn any, opts ...FuncOption) *Engine {
	e.ready()
	e.settle()
	if e.own == nil || e.set.mod != e.own || e.own.frozen.Load() {
		e.own = NewModule("engine")
		e.set = e.set.withOwn(e.own)
	}
	e.own.Func(name, fn, opts...)
	return e
}

// change returns the configuration for writing: a copy, unless it is this engine's
// alone and nothing used it.
func (e *Engine) change() *config {
	if !e.ready().writable() {
		e.cfg, e.owned = e.cfg.copy(), true
	}
	return e.cfg
}

// writable reports whether the configuration is this engine's alone and nothing used it.
func (e *Engine) writable() bool { return e.owned && atomic.LoadUint32(&e.cfg.used) == 0 }

// SetLimits sets what scripts may use. Engines that are made per call, without a
// configuration or with the same [Config], share what the latest of them set: to set the
// same limits on each, before anything else is set, takes no memory.
func (e *Engine) SetLimits(l Limits) *Engine {
	if known := e.ready().cfg.limited; known != nil && !e.writable() {
		e.cfg, e.owned = known.with(e.cfg, &l), false
		return e
	}
	e.change().setLimits(l)
	return e
}

// with returns c with other limits. It counts as used, as others may have it.
func (known *limitedConfigs) with(c *config, l *Limits) *config {
	slot := &known[l.slot()]
	if x := slot.Load(); x != nil && x.limits == *l {
		return x
	}
	x := c.copy()
	x.used = 1
	x.setLimits(*l)
	slot.Store(x)
	return x
}

// Limits returns the limits as they were set.
func (e *Engine) Limits() Limits { return e.ready().cfg.limits }

// OnPrint sets what print does with its text; nil discards it. The function gets
// the run's context and may be called by several goroutines at a time.
func (e *Engine) OnPrint(f func(ctx context.Context, text string)) *Engine {
	e.change().onPrint = f
	return e
}

// OnDebug sets what debug does with its text, the name of the script and the
// place of the call; nil discards it.
func (e *Engine) OnDebug(f func(ctx context.Context, text, source string, pos syntax.Pos)) *Engine {
	e.change().onDebug = f
	return e
}

// OnProgress sets a function that may end runs, nil for none. It gets the run's
// context and the number of operations so far, and is called when a run begins, with
// 0, then every few thousand operations, and after each Go function of the host. An
// error ends the run with ErrTerminated, which no script can catch: the error is its
// cause, or, if it was made by [Terminate], gives it its token. It may be called by
// several goroutines at a time.
func (e *Engine) OnProgress(f func(ctx context.Context, operations uint64) error) *Engine {
	e.change().onProgress = f
	return e
}

// OptLevel is how much the compiler optimises. No level changes what a script
// does.
type OptLevel uint8

// The levels. Full calls functions of the host that are not volatile at compile
// time if their arguments are constants.
const (
	OptimizeSimple OptLevel = iota
	OptimizeNone
	OptimizeFull
)

// SetOptimization sets the level for scripts compiled from now on.
func (e *Engine) SetOptimization(l OptLevel) *Engine { e.change().optimization = l; return e }

// Optimization returns the level.
func (e *Engine) Optimization() OptLevel { return e.ready().cfg.optimization }

// SetStrictVariables makes variables that are not known at compile time an error
// of compilation. (Rhai section "Strict variables".)
func (e *Engine) SetStrictVariables(on bool) *Engine { e.change().strict = on; return e }

// SetFailOnInvalidMapProperty makes reading a missing property of a map an error
// instead of ().
func (e *Engine) SetFailOnInvalidMapProperty(on bool) *Engine {
	e.change().failOnMissing = on
	return e
}

// SetNumbers sets what the results of Go functions become that are integers or
// floats of other widths than 64 bits, also inside of slices, maps and structs. It
// is about results alone: what the host gives as variables, constants and arguments,
// and the fields of registered types, are i64 and f64 unless a Dynamic made with
// value.NewHost has a width of its own. Parameters take values of their own width
// in any case.
func (e *Engine) SetNumbers(n Numbers) *Engine { e.change().keepWidths = n == KeepWidths; return e }

// SetResolver sets how import finds modules; nil finds none.
func (e *Engine) SetResolver(r Resolver) *Engine { e.change().resolver = r; return e }
