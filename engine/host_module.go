package engine

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Module is a collection of functions, constants, iterators, type names and
// sub-modules. It is filled by one goroutine and immutable from the moment it is
// registered or shared; changing it after that panics. (Rhai section "Modules".)
type Module struct {
	id      uint64
	name    string
	doc     string
	funcs   map[funcKey][]*Func
	scripts map[funcKey][]*scriptFunc // functions of the script the module was made from
	vars    map[string]value.Value
	iters   map[value.TypeID]iterMaker
	types   map[value.TypeID]string
	subs    map[string]*Module
	typed   bool // whether any of scripts is declared for a type
	// stateful is set for the module of a script if closures in vars have variables:
	// each run gets copies with variables of its own.
	stateful bool
	frozen   atomic.Bool
	// See typedModules; nil until it was asked for.
	typedBelow atomic.Pointer[[]*Module]
}

type funcKey struct {
	name string
	n    int
}

// iterMaker is one of the ways to make an iterator.
type iterMaker struct {
	next  func(v Dynamic) (next func() (Dynamic, bool, error))
	seq   func(v Dynamic) iter.Seq2[Dynamic, error]
	bytes bool // the machine itself, over a blob
}

// NewModule makes an empty module. The name is for messages and documentation.
func NewModule(name string) *Module { return &Module{id: moduleIDs.Add(1), name: name} }

// Name returns the name the module was made with.
func (m *Module) Name() string { return m.name }

// Doc returns the documentation of the module.
func (m *Module) Doc() string { return m.doc }

// SetDoc sets the documentation of the module.
func (m *Module) SetDoc(text string) { m.mutable(); m.doc = text }

func (m *Module) mutable() {
	if m.frozen.Load() {
		panic("engine: module " + m.name + " is changed after it was registered")
	}
}

// freeze makes the module immutable.
func (m *Module) freeze() *Module {
	if m == nil {
		panic("engine: a nil Module is registered")
	}
	if !m.frozen.Load() {
		m.frozen.Store(true)
		for _, s := range m.subs {
			s.freeze()
		}
	}
	return m
}

// Add adds an overload, replacing one of the same name and parameter types. It
// panics if the function has no name or no body, or more than [MaxParams] parameters.
func (m *Module) Add(f *Func) {
	m.mutable()
	if f.Name == "" || f.Fn == nil {
		panic("engine: function without name or body in module " + m.name)
	}
	if len(f.Params) > MaxParams {
		panic(fmt.Sprintf("engine: function %s has %d parameters; more than %d cannot be passed", f.Name, len(f.Params), MaxParams))
	}
	if m.funcs == nil {
		m.funcs = map[funcKey][]*Func{}
	}
	k := funcKey{f.Name, len(f.Params)}
	for i, g := range m.funcs[k] {
		if slices.Equal(g.Params, f.Params) && slices.EqualFunc(g.also, f.also, slices.Equal) {
			m.funcs[k] = slices.Clone(m.funcs[k])
			m.funcs[k][i] = f
			return
		}
	}
	m.funcs[k] = append(m.funcs[k], f)
}

// SetVar sets a constant that scripts see by name. The value is converted as by
// [ToValue]; it panics if it has no counterpart.
func (m *Module) SetVar(name string, v any) {
	m.mutable()
	if m.vars == nil {
		m.vars = map[string]value.Value{}
	}
	m.vars[name] = V(v)
}

// Var returns a constant of the module.
func (m *Module) Var(name string) (Dynamic, bool) {
	v, ok := m.vars[name]
	return v, ok
}

// SetIter makes values of a type usable in for. f is called for each loop and returns a
// function that returns the next item, or false at the end; its error is raised where the
// loop is. The items are owned by the caller. Nothing tells that function that its loop
// was left: what must be ended is better a sequence, see [UserType.Iter].
func (m *Module) SetIter(t value.TypeID, f func(v Dynamic) (next func() (Dynamic, bool, error))) {
	m.mutable()
	if m.iters == nil {
		m.iters = map[value.TypeID]iterMaker{}
	}
	m.iters[t] = iterMaker{next: f}
}

// IterBytes makes blobs usable in for: the items are the bytes, of the Go type uint8.
func (m *Module) IterBytes() {
	m.SetIter(value.TypeBlob, nil)
	m.iters[value.TypeBlob] = iterMaker{bytes: true}
}

// setSeq is SetIter for a sequence, which ends when its loop does.
func (m *Module) setSeq(t value.TypeID, f func(v Dynamic) iter.Seq2[Dynamic, error]) {
	m.SetIter(t, nil)
	m.iters[t] = iterMaker{seq: f}
}

// SetTypeName sets the name that type_of shows for a type.
func (m *Module) SetTypeName(t value.TypeID, name string) {
	m.mutable()
	if m.types == nil {
		m.types = map[value.TypeID]string{}
	}
	m.types[t] = name
}

// SetModule adds a sub-module, reached as name::.
func (m *Module) SetModule(name string, sub *Module) {
	m.mutable()
	if m.subs == nil {
		m.subs = map[string]*Module{}
	}
	if sub == nil {
		panic("engine: the sub-module " + name + " of module " + m.name + " is nil")
	}
	m.subs[name] = sub
}

// with returns a copy of a module, or a new one for nil, that has another module at
// a path below it.
func (m *Module) with(name string, path []string, sub *Module) *Module {
	c := NewModule(name)
	if m != nil {
		c.name, c.doc, c.typed, c.stateful = m.name, m.doc, m.typed, m.stateful
		c.funcs, c.scripts, c.vars, c.iters, c.types = m.funcs, m.scripts, m.vars, m.iters, m.types
		c.subs = maps.Clone(m.subs)
	}
	if len(path) > 1 {
		sub = c.subs[path[0]].with(path[0], path[1:], sub)
	}
	c.SetModule(path[0], sub)
	return c.freeze()
}

// Module returns a sub-module, nil if there is none.
func (m *Module) Module(name string) *Module { return m.subs[name] }

// Merge adds everything that another module has, and its sub-modules below those of the
// same names; where both have the same, o's wins. Both stay modules of their own. It
// returns the module, for chaining.
func (m *Module) Merge(o *Module) *Module {
	if m.mutable(); o == nil {
		panic("engine: a nil Module is merged into module " + m.name)
	}
	subs := maps.Clone(m.subs)
	m.merge(o)
	m.scripts = joined(m.scripts, o.scripts, func(a, b *scriptFunc) bool { return a.fn.ThisType == b.fn.ThisType })
	for _, fns := range m.scripts {
		slices.SortStableFunc(fns, func(a, b *scriptFunc) int { return generality(a) - generality(b) })
	}
	m.typed = m.typed || o.typed
	for name, sub := range subs {
		if other := o.subs[name]; other != nil && other != sub {
			m.subs[name] = NewModule(name).Merge(sub).Merge(other)
		}
	}
	return m
}

// Fill adds what another module has and this one lacks: functions with parameters of
// other types are others, and so are those of other names. It returns the module, for
// chaining.
func (m *Module) Fill(o *Module) *Module {
	m.mutable()
	both := NewModule(m.name).Merge(o).Merge(m)
	m.funcs, m.scripts, m.vars, m.iters, m.types, m.subs = both.funcs, both.scripts, both.vars, both.iters, both.types, both.subs
	m.typed, m.stateful = both.typed, both.stateful
	return m
}

// Alias makes a function available under a second name, with all its overloads of now.
// It panics if there is no such function.
func (m *Module) Alias(name, alias string) *Module {
	m.mutable()
	var found []*Func
	for k, fns := range m.funcs {
		if k.name == name {
			found = append(found, fns...)
		}
	}
	if len(found) == 0 {
		panic("engine: module " + m.name + " has no function " + name + " to be called " + alias)
	}
	for _, f := range found {
		c := *f
		c.Name = alias
		m.Add(&c)
	}
	return m
}

// Contains reports whether the module itself has a function, constant or sub-module of
// that name. The name may be a path, such as a::b.
func (m *Module) Contains(name string) bool {
	if path, last := cutPath(name); path != "" {
		if m = m.Sub(path); m == nil {
			return false
		}
		name = last
	}
	if _, ok := m.vars[name]; ok || m.subs[name] != nil {
		return true
	}
	return m.HasFunc(name, -1)
}

// HasFunc reports whether the module itself has a function of that name with so many
// parameters, a receiver of Go's included; -1 stands for any number.
func (m *Module) HasFunc(name string, params int) bool {
	for k := range m.funcs {
		if k.name == name && (params < 0 || k.n == params) {
			return true
		}
	}
	for k := range m.scripts {
		if k.name == name && (params < 0 || k.n == params) {
			return true
		}
	}
	return false
}

// Sub returns the sub-module at a path such as a::b, nil if there is none.
func (m *Module) Sub(path string) *Module {
	for _, name := range strings.Split(path, "::") {
		if m = m.subs[name]; m == nil {
			return nil
		}
	}
	return m
}

// cutPath splits a path into the last name and what stands before it.
func cutPath(path string) (before, last string) {
	if i := strings.LastIndex(path, "::"); i >= 0 {
		return path[:i], path[i+2:]
	}
	return "", path
}

// generality orders script functions of one name: those for a type come first.
func generality(sf *scriptFunc) int {
	if sf.fn.ThisType == "" {
		return 1
	}
	return 0
}

// joined returns lists that begin with those of b, and have what only a has.
func joined[K comparable, V any](a, b map[K][]V, same func(x, y V) bool) map[K][]V {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := make(map[K][]V, len(a)+len(b))
	for k, list := range b {
		out[k] = slices.Clone(list)
	}
	for k, list := range a {
		for _, x := range list {
			if !slices.ContainsFunc(b[k], func(y V) bool { return same(x, y) }) {
				out[k] = append(out[k], x)
			}
		}
	}
	return out
}

// merge adds everything in o but the functions of scripts. o wins where both have the
// same.
func (m *Module) merge(o *Module) {
	m.mutable()
	for _, fs := range o.funcs {
		for _, f := range fs {
			m.Add(f)
		}
	}
	m.vars = merged(m.vars, o.vars)
	m.stateful = m.stateful || o.stateful
	m.iters = merged(m.iters, o.iters)
	m.types = merged(m.types, o.types)
	m.subs = merged(m.subs, o.subs)
}

func merged[K comparable, V any](dst, src map[K]V) map[K]V {
	if dst == nil {
		dst = make(map[K]V, len(src))
	}
	maps.Copy(dst, src)
	return dst
}

// Funcs returns every function of the module, sorted by name, number of
// parameters and order of registration. Those of the script that the module was made
// from take arguments of any type; their documentation is what stands before them in
// the script.
func (m *Module) Funcs() []*Func {
	all := maps.Clone(m.funcs)
	for k := range m.scripts {
		if all == nil {
			all = map[funcKey][]*Func{}
		}
		all[k] = nil
	}
	keys := slices.SortedFunc(maps.Keys(all), func(a, b funcKey) int {
		if a.name != b.name {
			if a.name < b.name {
				return -1
			}
			return 1
		}
		return a.n - b.n
	})
	var out []*Func
	for _, k := range keys {
		out = append(out, m.funcs[k]...)
		for _, sf := range m.scripts[k] {
			out = append(out, sf.asFunc())
		}
	}
	return out
}

// asFunc describes a script function as a native one, which calls it.
func (sf *scriptFunc) asFunc() *Func {
	return &Func{
		Name: sf.fn.Name, Params: make([]value.TypeID, len(sf.fn.Params)), ParamNames: sf.fn.Params,
		Doc: strings.Join(sf.fn.Comments, "\n"), Volatile: true, script: true, thisType: sf.fn.ThisType,
		Fn: func(c *CallContext, args []Dynamic) (Dynamic, error) {
			m, saved := c.vm, *c
			v, e := m.invoke(c.in, c.fp, 1, sf, nil, nil, args, nil)
			m.cc = saved
			return v, asGoError(e)
		},
	}
}

// Vars returns the names of the constants, sorted.
func (m *Module) Vars() []string { return slices.Sorted(maps.Keys(m.vars)) }

// Modules returns the names of the sub-modules, sorted.
func (m *Module) Modules() []string { return slices.Sorted(maps.Keys(m.subs)) }

// String describes the module in one line.
func (m *Module) String() string {
	return fmt.Sprintf("module %s (%d functions, %d constants)", m.name, len(m.Funcs()), len(m.vars))
}
