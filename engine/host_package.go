package engine

import (
	"slices"
	"sync"
)

// Package is a module that is built once, on first use, and shared by every
// engine that registers it: registering is one pointer. A Package is safe for
// concurrent use. (Rhai section "Packages".)
type Package struct {
	name  string
	init  func(*Module)
	deps  []*Package
	setup []func(*Engine)
	// configures is set if this package or one that it includes has a setup.
	configures bool
	once       sync.Once
	mod        *Module
}

// NewPackage declares a package: init fills its module, after the functions of
// deps, so that its own win. Nothing runs before the first [Package.SharedModule].
func NewPackage(name string, init func(*Module), deps ...*Package) *Package {
	return &Package{name: name, init: init, deps: deps}
}

// Name returns the name of the package.
func (p *Package) Name() string { return p.name }

// Deps returns the packages that p includes.
func (p *Package) Deps() []*Package { return p.deps }

// SharedModule returns the module of the package, building it on first use. It
// is the same module every time, immutable.
func (p *Package) SharedModule() *Module {
	p.once.Do(func() {
		m := NewModule(p.name)
		p.configures = p.setup != nil
		for _, d := range p.deps {
			m.merge(d.SharedModule())
			p.configures = p.configures || d.configures
		}
		if p.init != nil {
			p.init(m)
		}
		p.mod = m.freeze()
	})
	return p.mod
}

// OnRegister adds a function that configures each engine that registers the
// package with [New] or [Engine.RegisterPackage]: what no module can hold, such as
// custom operators, custom syntax, limits or a resolver. Those of the packages it
// includes run first, each once per registration. It must be added before the
// package is used, and returns the package. An engine that only registers the
// module of the package is not configured, which is what keeps registering it one
// pointer.
func (p *Package) OnRegister(f func(*Engine)) *Package {
	p.setup = append(p.setup, f)
	return p
}

// RegisterPackage registers the module of a package and lets the package configure
// the engine.
func (e *Engine) RegisterPackage(p *Package) *Engine {
	if p == nil {
		panic("engine: a nil Package is registered")
	}
	e.RegisterGlobalModule(p.SharedModule())
	if p.configures {
		p.setUp(e, nil)
	}
	return e
}

// setUp configures an engine. done are the packages that did already; it returns
// them with this one.
func (p *Package) setUp(e *Engine, done []*Package) []*Package {
	for _, d := range p.deps {
		if d.configures && !slices.Contains(done, d) {
			done = d.setUp(e, done)
		}
	}
	for _, f := range p.setup {
		f(e)
	}
	return append(done, p)
}
