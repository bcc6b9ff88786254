package engine

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// linked is a program with its call sites resolved against a set of functions.
// It is immutable but for its caches, which are replaced atomically.
type linked struct {
	prog   *bytecode.Program
	ast    *AST
	set    *funcSet
	sites  []site
	fns    []*scriptFunc  // by index of the program's functions
	parent *linked        // of evaluated text: where its functions come from
	main   *bytecode.Func // stands for the main program in frames, see [Frame]
	module *Module        // the module whose code this is, nil for a main script
	table  map[funcKey][]*scriptFunc
	named  map[string]bool // names of functions and closures; true: of a function for any receiver
	// Of a module whose script has run: its imports, and its constants as its
	// functions see them.
	imports []imported
	globals map[string]value.Value
	// stateful is set if closures in its constants have variables.
	stateful bool
	// called are the functions that the host called first, see [linked.entries].
	called atomic.Pointer[[]entry]
	quick  atomic.Pointer[quickCode] // see [linked.prepareQuick]
}

// entry is what the name of a function that the host calls means.
type entry struct {
	funcKey
	fns []*scriptFunc
}

// maxEntries bounds how many entries a linked program remembers.
const maxEntries = 8

// scriptFunc is a script function in its linked program.
type scriptFunc struct {
	fn     *bytecode.Func
	ln     *linked
	asMain atomic.Pointer[linked] // the body as a program, for calls f!()
	plain  atomic.Pointer[value.Value]
	quick  atomic.Pointer[quickCode] // without operations if there is none
	// What the run loop needs to call it: the arguments it takes, times RegSize and with
	// that of the window's first register, the cost, and the distance of its entry from the
	// beginning of the code. There are no arguments if the run loop cannot call it.
	args  uint16
	cost  uint32
	entry int
}

// closure returns the closure of a function that needs nothing of what is around it:
// always the same one, as nobody can tell.
func (sf *scriptFunc) closure() value.Value {
	if v := sf.plain.Load(); v != nil {
		return *v
	}
	v := value.Freeze(raw.NewFn(sf.fn.Name, nil, nil, sf))
	sf.plain.Store(&v)
	return v
}

// site is a call site, property or operator at run time.
type site struct {
	hint uint32 // slot of the property in the last map seen
	// enters tells which quick forms of the call are worth a try, a set of what is named
	// below.
	enters uint32
	name   string
	form   specialForm // of a Special instruction
	fast   bool        // calls may take the quick way
	// Of a call behind a [bytecode.Guard]: no function of the name changes its receiver, but
	// with a function among the arguments; looks, if the run loop can see whether there is one.
	asks, looks bool
	onPath      bool // the same, with a receiver that is a part of a variable
	// Of a method: the receiver is a variable, or a temporary; and the function that the
	// name means for every receiver without a property of the name, if it is one of this
	// program. See [machine.enterMethod].
	onVariable bool
	method     *scriptFunc
	without    atomic.Pointer[object.Keys] // keys of maps that lately had no property of the name
	called     atomic.Pointer[calledName]  // what a pointer that was called here lately means
	*bytecode.Site
	script  []*scriptFunc // script functions of that name, typed ones first
	natives []*Func
	cache   atomic.Pointer[resolution]
}

// What site.enters is made of. Those from doesInt on say what functions do that calls here
// found for their arguments, see [Func.Does].
const (
	triesQuick = 1 << iota // the functions of vm_enter.go
	inWindow               // the receiver of a method is in the window, and in no variable
	doesInt
	doesCode
	doesMax
	doesMin
	doesLen
)

// does returns what site.enters holds for a function, 0 if it is to be called.
func (f *Func) does() uint32 {
	if !f.Borrows || !f.Brief || f.Receiver > ReceiverRead {
		return 0
	}
	switch f.Does {
	case "int":
		return doesInt
	case "code":
		return doesCode
	case "max":
		return doesMax
	case "min":
		return doesMin
	case "len":
		return doesLen
	}
	return 0
}

// resolution is an entry of an inline cache: the function for these types of
// arguments, 16 bits each. A nil fn means that there is none. It is immutable.
type resolution struct {
	types uint64
	fn    *Func
	quick bool        // see [machine.quickCall]
	leaf  LeafFunc    // see [machine.leaf]
	host  bool        // leaf is code of the host, which may panic and take its time
	get   LeafFunc    // the leaf of a getter of a property
	does  uint32      // what the function does, see [Func.Does]
	next  *resolution // made before
	n     int         // how many these are
}

func link(ast *AST, set *funcSet, parent *linked, module *Module) *linked {
	p := ast.prog
	ln := &linked{prog: p, ast: ast, set: set, parent: parent, module: module, main: &mainProgram, table: map[funcKey][]*scriptFunc{}}
	ln.fns = make([]*scriptFunc, len(p.Funcs))
	if len(p.Funcs) > 1 {
		ln.named = make(map[string]bool, len(p.Funcs)-1)
	}
	var typed map[funcKey][]*scriptFunc
	for i, f := range p.Funcs {
		sf := &scriptFunc{fn: f, ln: ln, cost: uint32(f.Cost) + 1, entry: f.Entry * bytecode.InstrSize}
		if !f.UsesThis && f.Regs <= bytecode.SmallFrame {
			sf.args = uint16(len(f.Params)+1) * bytecode.RegSize
		}
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
			s.onVariable = len(d.Path) == 0 && !d.Const && !d.This
			if f := s.script; s.onVariable && len(f) == 1 && f[0].ln == ln && f[0].fn.ThisType == "" && f[0].fn.Regs <= bytecode.SmallFrame {
				s.method, s.enters = f[0], triesQuick
			}
		} else {
			s.script = ln.scripts(d.Name, n)
		}
		s.natives = set.lookUp(d.Name, n)
		s.fast, s.onPath = quickSite(s), quickPathSite(s)
		if d.Guarded {
			looks := len(s.script) == 0 && !slices.ContainsFunc(s.natives, func(f *Func) bool {
				return f.Receiver == ReceiverChanged || d.Calls && f.guarded()
			})
			s.looks, s.asks = looks && n < 3 && !d.Calls, looks
		}
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
	return ln.set.scripts(name, n, out)
}

// entries is scripts for calls of the host. It remembers the first names that it found
// something for: a host calls few functions, and many times. Nobody may change the
// result.
func (ln *linked) entries(name string, n int) []*scriptFunc {
	known := ln.called.Load()
	if known != nil {
		for i := range *known {
			if e := &(*known)[i]; e.n == n && e.name == name {
				return e.fns
			}
		}
	}
	return ln.findEntries(known, name, n)
}

//go:noinline
func (ln *linked) findEntries(known *[]entry, name string, n int) []*scriptFunc {
	fns := ln.scripts(name, n)
	if len(fns) == 0 || known != nil && len(*known) >= maxEntries {
		return fns
	}
	var more []entry
	if known != nil {
		more = slices.Clone(*known)
	}
	// The name is the function's own, as that of the caller may be part of a large text.
	// An entry that gets lost between goroutines is only looked up again.
	more = append(more, entry{funcKey{fns[0].fn.Name, n}, fns})
	ln.called.Store(&more)
	return fns
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
