package engine

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// funcSet is a list of registered modules, immutable. Engines that registered
// the same modules in the same order have the same set, by pointer: sets are to
// engines what hidden classes are to objects. A program is linked to a set once.
type funcSet struct {
	mods   []*Module // latest registration first
	static map[string]*Module
	// parent is the set before the latest registration, nil if there is none. It is
	// kept, or a program that is linked to this set would have to be linked anew
	// once the collector took the way to it.
	parent *funcSet
	found  atomic.Pointer[map[funcKey][]*Func]
	// One child is found without a lock, the others in a map, by the number of the
	// module. Children are weak, so that the empty set does not keep every module
	// alive.
	last     atomic.Pointer[childSet]
	mu       sync.Mutex
	children map[uint64]weak.Pointer[funcSet]
}

type childSet struct {
	id  uint64
	set weak.Pointer[funcSet]
}

// emptySet is the set of an engine without modules.
var emptySet = &funcSet{}

var moduleIDs atomic.Uint64

// with returns the set that has m registered after the modules of s.
func (s *funcSet) with(m *Module) *funcSet {
	if c := s.last.Load(); c != nil && c.id == m.id {
		if child := c.set.Value(); child != nil {
			return child
		}
	}
	return s.withSlow(m)
}

//go:noinline
func (s *funcSet) withSlow(m *Module) *funcSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	child := s.children[m.id].Value()
	if child == nil {
		child = &funcSet{mods: append([]*Module{m}, s.mods...), static: s.static, parent: s}
		if len(s.children) > 64 {
			// Forget sets that died with their modules.
			for k, w := range s.children {
				if w.Value() == nil {
					delete(s.children, k)
				}
			}
		}
		if s.children == nil {
			s.children = map[uint64]weak.Pointer[funcSet]{}
		}
		s.children[m.id] = weak.Make(child)
	}
	s.last.Store(&childSet{m.id, weak.Make(child)})
	return child
}

// withStatic returns a set of its own with a module reachable by name.
func (s *funcSet) withStatic(name string, m *Module) *funcSet {
	return &funcSet{mods: s.mods, static: merged(merged[string, *Module](nil, s.static), map[string]*Module{name: m})}
}

// maxFound bounds how many lookups by name a set remembers.
const maxFound = 256

// natives returns the overloads of name with n parameters, those of the latest
// registered module first. It remembers what it found: operators and properties,
// which are not resolved when a program is linked, cost one lookup. Nobody may
// change the result.
func (s *funcSet) natives(name string, n int) []*Func {
	if found := s.found.Load(); found != nil {
		if fns, ok := (*found)[funcKey{name, n}]; ok {
			return fns
		}
	}
	return s.findNatives(name, n)
}

//go:noinline
func (s *funcSet) findNatives(name string, n int) []*Func {
	out := s.lookUp(name, n)
	old := s.found.Load()
	if old != nil && len(*old) >= maxFound {
		return out
	}
	found := map[funcKey][]*Func{}
	if old != nil {
		maps.Copy(found, *old)
	}
	// A lookup that gets lost between goroutines is only repeated.
	found[funcKey{strings.Clone(name), n}] = out
	s.found.Store(&found)
	return out
}

// lookUp is natives without memory, for what is looked up once.
func (s *funcSet) lookUp(name string, n int) []*Func {
	var out []*Func
	for _, m := range s.mods {
		out = append(out, m.funcs[funcKey{name, n}]...)
	}
	return out
}

// variable returns a constant that a registered module offers, and whether a run
// needs a copy of its own (see [machine.ownCopy]).
func (s *funcSet) variable(name string) (v value.Value, stateful, ok bool) {
	for _, m := range s.mods {
		if v, ok := m.vars[name]; ok {
			return v, m.stateful, true
		}
	}
	return value.Unit, false, false
}

// iter returns the iterator for a type.
func (s *funcSet) iter(t value.TypeID) (iterMaker, bool) {
	for _, m := range s.mods {
		if f, ok := m.iters[t]; ok {
			return f, true
		}
	}
	return iterMaker{}, false
}

// typeName returns the name of a type as type_of shows it.
func (s *funcSet) typeName(t value.TypeID) string {
	if value.HostTypeByID(t) != nil {
		for _, m := range s.mods {
			if n, ok := m.types[t]; ok {
				return n
			}
		}
	}
	return t.Name()
}

// linked is a program with its call sites resolved against a set of functions.
// It is immutable but for its caches, which are replaced atomically.
type linked struct {
	prog   *bytecode.Program
	ast    *AST
	set    *funcSet
	sites  []site
	fns    []*scriptFunc // by index of the program's functions
	parent *linked       // of evaluated text: where its functions come from
	module *Module       // the module whose code this is, nil for a main script
	table  map[funcKey][]*scriptFunc
	named  map[string]bool // names of functions and closures; true: of a function for any receiver
	// Of a module whose script has run: its imports, and its constants as its
	// functions see them.
	imports []imported
	globals map[string]value.Value
	// stateful is set if closures in its constants have variables.
	stateful bool
}

// scriptFunc is a script function in its linked program.
type scriptFunc struct {
	fn     *bytecode.Func
	ln     *linked
	asMain atomic.Pointer[linked] // the body as a program, for calls f!()
}

// site is a call site, property or operator at run time.
type site struct {
	hint uint32 // slot of the property in the last map seen
	name string
	form specialForm // of a Special instruction
	fast bool        // calls may take the quick way
	*bytecode.Site
	script  []*scriptFunc // script functions of that name, typed ones first
	natives []*Func
	cache   atomic.Pointer[resolution]
}

// resolution is an entry of an inline cache: the function for these types of
// arguments, 16 bits each. A nil fn means that there is none. It is immutable.
type resolution struct {
	types uint64
	fn    *Func
	quick bool        // see [machine.quickCall]
	next  *resolution // made before
	n     int         // how many these are
}

func link(ast *AST, set *funcSet, parent *linked, module *Module) *linked {
	p := ast.prog
	ln := &linked{prog: p, ast: ast, set: set, parent: parent, module: module, table: map[funcKey][]*scriptFunc{}}
	ln.fns = make([]*scriptFunc, len(p.Funcs))
	if len(p.Funcs) > 1 {
		ln.named = make(map[string]bool, len(p.Funcs)-1)
	}
	var typed map[funcKey][]*scriptFunc
	for i, f := range p.Funcs {
		sf := &scriptFunc{fn: f, ln: ln}
		ln.fns[i] = sf
		if i > 0 {
			ln.named[f.Name] = ln.named[f.Name] || f.ThisType == "" && !f.Anonymous
		}
		if i == 0 || f.Anonymous {
			continue
		}
		if f.ThisType == "" {
			k := funcKey{f.Name, len(f.Params)}
			ln.table[k] = append(ln.table[k], sf)
		}
	}
	for i, f := range p.Funcs {
		if i > 0 && f.ThisType != "" && !f.Anonymous {
			// Typed ones come first, the latest at the front.
			if typed == nil {
				typed = map[funcKey][]*scriptFunc{}
			}
			k := funcKey{f.Name, len(f.Params)}
			typed[k] = append(typed[k], ln.fns[i])
		}
	}
	for k, fns := range typed {
		slices.Reverse(fns)
		ln.table[k] = append(fns, ln.table[k]...)
	}
	ln.sites = make([]site, len(p.Sites))
	for i := range p.Sites {
		s, d := &ln.sites[i], &p.Sites[i]
		s.Site, s.name, s.form = d, d.Name, specialForms[d.Name]
		if len(d.NS) > 0 {
			continue
		}
		n := d.Args
		if d.Token != 0 {
			s.natives = set.natives(d.Name, n)
			continue
		}
		if d.Method {
			s.script = ln.scripts(d.Name, n-1)
		} else {
			s.script = ln.scripts(d.Name, n)
		}
		s.natives = set.lookUp(d.Name, n)
		s.fast = quickSite(s)
	}
	return ln
}

// scripts returns the script functions of a name that code of ln sees: its own,
// those of the script that evaluates it, and those of registered modules.
func (ln *linked) scripts(name string, n int) []*scriptFunc {
	var out []*scriptFunc
	for l := ln; l != nil; l = l.parent {
		out = append(out, l.table[funcKey{name, n}]...)
	}
	for _, m := range ln.set.mods {
		out = append(out, m.scripts[funcKey{name, n}]...)
	}
	return out
}

// links holds the last programs linked from an AST.
type links struct {
	first atomic.Pointer[linked]
	mu    sync.Mutex
	more  []*linked
}

// maxLinks is how many sets an AST keeps its link tables for.
const maxLinks = 8

//go:noinline
func (a *AST) linkSlow(set *funcSet) *linked {
	a.links.mu.Lock()
	defer a.links.mu.Unlock()
	for _, ln := range a.links.more {
		if ln.set == set {
			a.links.first.Store(ln)
			return ln
		}
	}
	ln := link(a, set, nil, nil)
	a.links.first.Store(ln)
	if len(a.links.more) >= maxLinks {
		a.links.more = append(a.links.more[:0:0], a.links.more[1:]...)
	}
	a.links.more = append(a.links.more, ln)
	return ln
}
