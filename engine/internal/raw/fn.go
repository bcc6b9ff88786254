package raw

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// FnObject is the layout of value.Fn. A test compares the two.
type FnObject = object.FnObject[value.Value]

// NewFn makes a function pointer or closure. The target is the script function
// behind it, nil if its name is looked up at each call; captures are the cells and
// constants that follow the parameters in the function's frame, as many as it
// expects.
func NewFn(name string, curry, captures []value.Value, target any) value.Value {
	f := &FnObject{Header: object.Header{Kind: object.Fn}, Name: name, Curry: curry, Captures: captures, Target: target}
	w := view{p: &f.Header}
	return *(*value.Value)(unsafe.Pointer(&w))
}

// Captures returns what a closure holds of the variables around it.
func Captures(f *value.Fn) []value.Value { return (*FnObject)(unsafe.Pointer(f)).Captures }

// Target returns the script function behind a pointer.
func Target(f *value.Fn) any { return (*FnObject)(unsafe.Pointer(f)).Target }
