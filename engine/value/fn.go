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

// Captured is what a closure holds of a variable around it: its value as it is now.
type Captured struct {
	Value  Value
	Shared bool // others may change it; false for constants
}

// Captured returns what a closure holds of the variables around it.
func (f *Fn) Captured() []Captured {
	vals := make([]Captured, len(f.captures))
	for i, v := range f.captures {
		vals[i] = Captured{v.Flat().Share(), v.Kind() == kindCell}
	}
	return vals
}

// IsLinked reports whether f is tied to one function: a closure, or what the bare name
// of a script function gave.
func (f *Fn) IsLinked() bool { return f.target != nil && (f.bare || f.IsAnonymous()) }
