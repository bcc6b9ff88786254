package engine

import (
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Dynamic is a Rhai value of any type.
type Dynamic = value.Value

// NativeFunc is a Go function that scripts call. args are the arguments: args[0]
// is in place, so that a method registered with [Func.Mutates] changes its
// receiver by writing to it (through the Own methods of Value). The slice is
// only valid during the call, and an argument that is kept or returned must be
// shared first ([value.Value.Share]). It may be called concurrently. An error
// that is no *Error becomes ErrRuntime with its text.
type NativeFunc func(c *CallContext, args []Dynamic) (Dynamic, error)

// Func is one overload of a function that a module offers.
type Func struct {
	Name   string
	Params []value.TypeID // value.TypeAny takes any type
	Fn     NativeFunc
	// Mutates is set for methods that may change their first argument: such a
	// method cannot be called on a constant, and a variable given as first
	// argument is passed by reference.
	Mutates bool
	// ByRef is set for methods that take their first argument by reference but
	// do not change it ("pure" in Rhai).
	ByRef bool
	// Volatile functions are never called at compile time.
	Volatile bool
	// Global functions of a module are visible without its name wherever the
	// module is imported.
	Global bool
	// ParamNames, Result and Doc are for people: names (and types) of the
	// parameters, the type of the result, and one paragraph of documentation
	// with an example.
	ParamNames []string
	Result     string
	Doc        string
}
