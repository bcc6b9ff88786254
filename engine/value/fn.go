package value

// Fn is the object behind a function pointer or closure. It is immutable.
type Fn struct {
	header
	// Name is the function's name; closures have names that start with anon$.
	Name string
	// Curry holds the arguments that curry prepended.
	Curry []Value
	// Captures holds the cells (or constants) of a closure; they follow the
	// parameters in its frame.
	Captures []Value
	// Target is the engine's: the script function behind the pointer, nil if the
	// name is looked up at each call.
	Target any
}

// Value returns the reference to f.
func (f *Fn) Value() Value {
	f.kind = KindFn
	return Value{p: &f.header}
}

// IsAnonymous reports whether f is a closure.
func (f *Fn) IsAnonymous() bool { return len(f.Name) > 5 && f.Name[:5] == "anon$" }
