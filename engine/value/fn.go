package value

import "github.com/rhai-tui/rhai-tui/engine/internal/object"

// Fn is the object behind a function pointer or closure. It is immutable. What a
// closure captured and the function it points to are the engine's.
type Fn struct {
	h header
	// Name is the function's name; closures have names that start with anon$.
	Name string
	// Curry holds the arguments that curry prepended.
	Curry    []Value
	captures []Value
	target   any
	bare     bool
}

// Value returns the reference to f.
func (f *Fn) Value() Value {
	if f.h.Kind == 0 {
		f.h.Kind = object.Fn // it was made by a literal
	}
	return Value{p: &f.h}
}

// IsAnonymous reports whether f is a closure.
func (f *Fn) IsAnonymous() bool { return len(f.Name) > 5 && f.Name[:5] == "anon$" }

// Captured returns the values that a closure holds of the variables around it, as
// they are now.
func (f *Fn) Captured() []Value {
	vals := make([]Value, len(f.captures))
	for i, v := range f.captures {
		vals[i] = v.Flat().Share()
	}
	return vals
}
