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

// Copied returns a function like f that holds other values.
func Copied(f *value.Fn, curry, captures []value.Value) value.Value {
	v := NewFn(f.Name, curry, captures, Target(f))
	(*FnObject)(unsafe.Pointer(v.Fn())).Bare = IsBare(f)
	return v
}

// Recurry returns a function like f with other curried arguments.
func Recurry(f *value.Fn, curry []value.Value) value.Value { return Copied(f, curry, Captures(f)) }

// Retarget returns a pointer like f, which has no captures, to another function.
func Retarget(f *value.Fn, target any) value.Value {
	v := NewFn(f.Name, f.Curry, nil, target)
	(*FnObject)(unsafe.Pointer(v.Fn())).Bare = IsBare(f)
	return v
}

// Fn returns the function behind v, which must be an untagged one.
func Fn(v *value.Value) *value.Fn {
	return (*value.Fn)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}

// FnOf is [Fn] with the fields that the machine uses.
func FnOf(v *value.Value) *FnObject {
	return (*FnObject)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}

// IsFn is false for tagged functions.
func IsFn(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.Fn
}

// IsBare reports whether the bare name of a script function gave f.
func IsBare(f *value.Fn) bool { return (*FnObject)(unsafe.Pointer(f)).Bare }

// SetBare marks a pointer that was just made.
func SetBare(f *value.Fn) { (*FnObject)(unsafe.Pointer(f)).Bare = true }

// Captures returns what a closure holds of the variables around it.
func Captures(f *value.Fn) []value.Value { return (*FnObject)(unsafe.Pointer(f)).Captures }

// Target returns the script function behind a pointer.
func Target(f *value.Fn) any { return (*FnObject)(unsafe.Pointer(f)).Target }
