package engine

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// boundFunc is the target of a closure that was made where imports were in scope:
// they are in scope of the closure wherever it is called. A closure made without
// imports points to its scriptFunc, so that calling it costs nothing more.
type boundFunc struct {
	sf      *scriptFunc
	imports []imported
}

// home is the target of a pointer that a main script made of the name of one of its
// functions. For scripts the name means whatever it means where the pointer is called;
// for calls of the host, which are made from nowhere, it means the script's function.
type home linked

// ByName tells that functions are looked up by name nevertheless.
func (*home) ByName() {}

// bind ties a closure to the imports in scope.
func (m *machine) bind(sf *scriptFunc) *boundFunc {
	b := m.bound
	if b != nil && slices.Equal(b.imports, m.imports) {
		if b.sf == sf {
			return b
		}
		m.bound = &boundFunc{sf, b.imports}
	} else {
		m.bound = &boundFunc{sf, slices.Clone(m.imports)}
	}
	return m.bound
}

// linkedFunc returns the script function that a pointer is linked to, nil if its
// name is looked up at each call.
func linkedFunc(f *value.Fn) *scriptFunc {
	switch t := raw.Target(f).(type) {
	case *scriptFunc:
		return t
	case *boundFunc:
		return t.sf
	}
	return nil
}

// inScope is linkedFunc for calls that leave the imports as they are: it returns
// nil if the function needs others.
func (m *machine) inScope(f *value.Fn) *scriptFunc {
	if m.importsAround(f) != nil {
		return nil
	}
	return linkedFunc(f)
}

// importsAround returns the imports that a call of a closure must add to those in
// scope. It returns nil if there are none to add: the closure belongs to the running
// program, its imports are in scope already, and none of them is hidden by a later
// one of the same name.
func (m *machine) importsAround(f *value.Fn) []imported {
	b, _ := raw.Target(f).(*boundFunc)
	if b == nil {
		return nil
	}
	n := len(b.imports)
	if b.sf.ln != m.ln || n > len(m.imports) || !slices.Equal(b.imports, m.imports[:n]) {
		return b.imports
	}
	for _, x := range m.imports[n:] {
		for i := range b.imports {
			if b.imports[i].name == x.name {
				return b.imports
			}
		}
	}
	return nil
}
