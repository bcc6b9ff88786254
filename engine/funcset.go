package engine

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// funcSet is a list of registered modules, immutable. Engines that registered
// the same modules in the same order have the same set, by pointer: sets are to
// engines what hidden classes are to objects. A program is linked to a set once.
type funcSet struct {
	// parent is the set before the latest registration, nil if there is none. It is
	// kept, or a program that is linked to this set would have to be linked anew
	// once the collector took the way to it.
	parent *funcSet
	// mod is the latest module whose functions are visible without its name, nil if
	// the latest registration was of another kind: of static, reachable as name::.
	mod    *Module
	name   string
	static *Module
	// view and found are what a set that is used knows.
	view  atomic.Pointer[setView]
	found atomic.Pointer[map[funcKey][]*Func]
	ops   atomic.Pointer[operators]
	// One child is found without a lock, the others in a map, by the number of the
	// module. Children are weak, so that the empty set does not keep every module
	// alive. Those that died are forgotten whenever there are sweepAt of them, twice
	// as many as were left the last time: so a set of many children costs no more per
	// child than one of few.
	last     atomic.Pointer[childSet]
	mu       sync.Mutex
	children map[uint64]weak.Pointer[funcSet]
	sweepAt  int
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
		child = s.withOwn(m)
		if len(s.children) >= s.sweepAt {
			for k, w := range s.children {
				if w.Value() == nil {
					delete(s.children, k)
				}
			}
			s.sweepAt = max(64, 2*len(s.children))
		}
		if s.children == nil {
			s.children = map[uint64]weak.Pointer[funcSet]{}
		}
		s.children[m.id] = weak.Make(child)
	}
	s.last.Store(&childSet{m.id, weak.Make(child)})
	return child
}

// withOwn is with for a module that no other engine can have: nobody would look for
// the set.
func (s *funcSet) withOwn(m *Module) *funcSet { return &funcSet{parent: s, mod: m} }

// withStatic returns a set of its own with a module reachable by name.
func (s *funcSet) withStatic(name string, m *Module) *funcSet {
	return &funcSet{parent: s, name: name, static: m}
}

// setView is the content of a set, made when it is used first: of the sets on the way
// to one that has thousands of modules most never are.
type setView struct {
	mods   []*Module // latest registration first
	static map[string]*Module
	// Of sets of more modules than are worth asking one by one, what all of them
	// have, nil for others.
	all *setIndex
}

type setIndex struct {
	funcs   map[funcKey][]*Func
	scripts map[funcKey][]*scriptFunc
	vars    map[string]moduleVar
	iters   map[value.TypeID]iterMaker
	types   map[value.TypeID]string
}

// moduleVar is a constant of a module. stateful is that of the module.
type moduleVar struct {
	v        value.Value
	stateful bool
}

// maxAsked is how many modules are asked one by one.
const maxAsked = 16

// look returns the content of the set.
func (s *funcSet) look() *setView {
	if v := s.view.Load(); v != nil {
		return v
	}
	return s.lookSlow()
}

//go:noinline
func (s *funcSet) lookSlow() *setView {
	v := &setView{}
	for x := s; x != nil; x = x.parent {
		if x.mod != nil {
			v.mods = append(v.mods, x.mod)
		}
		if x.static != nil && v.static[x.name] == nil {
			if v.static == nil {
				v.static = map[string]*Module{}
			}
			v.static[x.name] = x.static
		}
	}
	if len(v.mods) > maxAsked {
		v.all = newIndex(v.mods)
	}
	s.view.Store(v)
	return v
}

func newIndex(mods []*Module) *setIndex {
	x := &setIndex{
		map[funcKey][]*Func{}, map[funcKey][]*scriptFunc{}, map[string]moduleVar{}, map[value.TypeID]iterMaker{},
		map[value.TypeID]string{},
	}
	for _, m := range mods {
		for k, fns := range m.funcs {
			x.funcs[k] = append(x.funcs[k], fns...)
		}
		for k, fns := range m.scripts {
			x.scripts[k] = append(x.scripts[k], fns...)
		}
		for name, v := range m.vars {
			if _, ok := x.vars[name]; !ok {
				x.vars[name] = moduleVar{v, m.stateful}
			}
		}
		fill(x.iters, m.iters)
		fill(x.types, m.types)
	}
	return x
}

// fill adds what dst has not got.
func fill[K comparable, V any](dst, src map[K]V) {
	for k, v := range src {
		if _, ok := dst[k]; !ok {
			dst[k] = v
		}
	}
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

// operators remembers which functions are behind operators for which nothing is builtin,
// such as "text" + 1: they have no call site that could. Entries are immutable.
type operators [64]atomic.Pointer[operatorOf]

type operatorOf struct {
	key uint64
	fn  *Func // nil if there is none
}

// operator returns the function behind an operator for operands of some types, nil if
// there is none. assign asks for the op-assignment.
func (s *funcSet) operator(op syntax.Token, assign bool, a, b *value.Value) *Func {
	key := uint64(op)<<33 | uint64(a.Type())<<16 | uint64(b.Type())
	if assign {
		key |= 1 << 32
	}
	list := s.ops.Load()
	if list == nil {
		list = new(operators)
		s.ops.Store(list)
	}
	slot := &list[key*0x9E3779B97F4A7C15>>58]
	if x := slot.Load(); x != nil && x.key == key {
		return x.fn
	}
	name := op.String()
	if assign {
		name += "="
	}
	x := &operatorOf{key, overload(s.natives(name, 2), []value.Value{*a, *b})}
	slot.Store(x)
	return x.fn
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
	v := s.look()
	if v.all != nil {
		return v.all.funcs[funcKey{name, n}]
	}
	var out []*Func
	for _, m := range v.mods {
		out = append(out, m.funcs[funcKey{name, n}]...)
	}
	return out
}

// scripts appends the script functions of registered modules.
func (s *funcSet) scripts(name string, n int, out []*scriptFunc) []*scriptFunc {
	v := s.look()
	if v.all != nil {
		return append(out, v.all.scripts[funcKey{name, n}]...)
	}
	for _, m := range v.mods {
		out = append(out, m.scripts[funcKey{name, n}]...)
	}
	return out
}

// variable returns a constant that a registered module offers, and whether a run
// needs a copy of its own (see [machine.ownCopy]).
func (s *funcSet) variable(name string) (x value.Value, stateful, ok bool) {
	v := s.look()
	if v.all != nil {
		x, ok := v.all.vars[name]
		return x.v, x.stateful, ok
	}
	for _, m := range v.mods {
		if x, ok := m.vars[name]; ok {
			return x, m.stateful, true
		}
	}
	return value.Unit, false, false
}

// iter returns the iterator for a type.
func (s *funcSet) iter(t value.TypeID) (f iterMaker, ok bool) {
	v := s.look()
	if v.all != nil {
		f, ok = v.all.iters[t]
		return f, ok
	}
	for _, m := range v.mods {
		if f, ok := m.iters[t]; ok {
			return f, true
		}
	}
	return iterMaker{}, false
}

// typeName returns the name of a type as type_of shows it.
func (s *funcSet) typeName(t value.TypeID) string {
	if value.HostTypeByID(t) == nil {
		return t.Name()
	}
	v := s.look()
	if v.all != nil {
		if n, ok := v.all.types[t]; ok {
			return n
		}
		return t.Name()
	}
	for _, m := range v.mods {
		if n, ok := m.types[t]; ok {
			return n
		}
	}
	return t.Name()
}
