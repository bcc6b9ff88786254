package engine

import "sync"

// Package is a module that is built once, on first use, and shared by every
// engine that registers it: registering is one pointer. A Package is safe for
// concurrent use. (Rhai section "Packages".)
type Package struct {
	name string
	init func(*Module)
	deps []*Package
	once sync.Once
	mod  *Module
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
		for _, d := range p.deps {
			m.merge(d.SharedModule())
		}
		if p.init != nil {
			p.init(m)
		}
		p.mod = m.freeze()
	})
	return p.mod
}
