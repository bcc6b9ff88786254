package engine

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// FuncOption tells more about a function than its Go type, see [Module.Func].
type FuncOption func(*Func)

// Mutates declares a method that may change its first argument: scripts pass a
// variable by reference, and cannot call the method on a constant. Functions
// whose first parameter is a pointer have it already.
func Mutates() FuncOption { return func(f *Func) { f.Mutates, f.ByRef = true, false } }

// Pure declares that a function whose first parameter is a pointer does not
// change what it points to: it may be called on constants.
func Pure() FuncOption { return func(f *Func) { f.Mutates, f.ByRef = false, true } }

// Volatile declares a function whose result depends on more than its arguments,
// so that it is never called at compile time.
func Volatile() FuncOption { return func(f *Func) { f.Volatile = true } }

// Borrows declares that a function keeps nothing of its arguments: once it has
// returned, neither it nor a goroutine that it started reads or writes what it was
// given, unless it returned it or put it into its first argument. Arguments of such
// functions need not be made safe for use by other goroutines, which saves a look
// at each argument that is a container or a closure.
func Borrows() FuncOption { return func(f *Func) { f.Borrows = true } }

// Brief declares a function that returns within microseconds, or else looks at the
// context every few of them (see [CallContext.Interrupted]). After any other function
// the machine looks whether the run was cancelled meanwhile, which takes a few
// nanoseconds. A function that waits for anything is not brief.
func Brief() FuncOption { return func(f *Func) { f.Brief = true } }

// Global makes a function of a module visible without the module's name.
func Global() FuncOption { return func(f *Func) { f.Global = true } }

// Doc sets the documentation.
func Doc(text string) FuncOption { return func(f *Func) { f.Doc = text } }

// Example sets the example in the documentation: a script, //, and its result.
func Example(text string) FuncOption { return func(f *Func) { f.Example = text } }

// Params names the parameters for documentation.
func Params(names ...string) FuncOption { return func(f *Func) { f.ParamNames = names } }

// Result names the type of the result for documentation.
func Result(name string) FuncOption { return func(f *Func) { f.Result = name } }

// Types gives the types of the parameters of a [NativeFunc], whose Go type does
// not tell; value.TypeAny takes any type.
func Types(types ...value.TypeID) FuncOption {
	return func(f *Func) { f.Params = append([]value.TypeID{}, types...) }
}

// TypeOf returns the type that scripts see values like x as: TypeOf(int64(0)) is
// i64, TypeOf(&T{}) the type of T.
func TypeOf(x any) value.TypeID {
	if x == nil {
		return value.TypeUnit
	}
	return typeOfGo(reflect.TypeOf(x))
}

// Func adds a Go function, replacing an overload with the same parameters. fn is
// either a [NativeFunc] with the option [Types], or any function whose parameters
// and results convert as [ToValue] and [FromValue] do:
//
//   - a first parameter *CallContext receives the context of the call and is not
//     seen by scripts;
//   - a first parameter that is a pointer makes a method that changes its
//     receiver: *int64, *Dynamic, or *T for a type T of the host. Use the option
//     [Pure] if it only reads;
//   - parameters of type Dynamic or any take every type;
//   - the results are nothing, a value, an error, or a value and an error. An
//     error that is no *Error becomes ErrRuntime with its text.
//
// Functions of up to three parameters of the types int64, float64, bool, string
// and Dynamic (of three, all of one type or behind a *Dynamic) are called without
// reflection, as are methods added through a [UserType]. Func panics if the function has another shape. It returns
// the module, for chaining.
func (m *Module) Func(name string, fn any, opts ...FuncOption) *Module {
	return m.function(name, fn, adaptDirect, opts)
}

// function is Func with the adapters to try before reflection.
func (m *Module) function(name string, fn any, direct func(any) NativeFunc, opts []FuncOption) *Module {
	f := &Func{Name: name}
	switch fn := fn.(type) {
	case NativeFunc:
		f.Fn = fn
	case func(*CallContext, []Dynamic) (Dynamic, error):
		f.Fn = fn
	default:
		prepare(f, name, fn, direct)
	}
	for _, o := range opts {
		o(f)
	}
	if f.Params == nil {
		panic("engine: function " + name + " is a NativeFunc without the types of its parameters")
	}
	if f.ParamNames != nil && len(f.ParamNames) != len(f.Params) {
		panic(fmt.Sprintf("engine: function %s has %d parameters and %d names for them", name, len(f.Params), len(f.ParamNames)))
	}
	m.Add(f)
	return m
}

// prepare fills in the types and the adapter for a typed Go function.
func prepare(f *Func, name string, fn any, direct func(any) NativeFunc) {
	t := reflect.TypeOf(fn)
	if t == nil || t.Kind() != reflect.Func {
		panic(fmt.Sprintf("engine: %s is registered with a %T, which is no function", name, fn))
	}
	if reflect.ValueOf(fn).IsNil() {
		panic("engine: " + name + " is registered with a nil function")
	}
	if t.IsVariadic() {
		panic("engine: function " + name + " is variadic, which Rhai functions cannot be")
	}
	first := 0
	if t.NumIn() > 0 && t.In(0) == contextType {
		first = 1
	}
	f.Params = make([]value.TypeID, 0, t.NumIn()-first)
	for i := first; i < t.NumIn(); i++ {
		in := t.In(i)
		if i == first && in.Kind() == reflect.Pointer && in != fnType {
			f.Mutates = true
			if e := in.Elem(); e.Kind() != reflect.Struct || e == valueType || e == timeType {
				in = e
			}
		}
		if why := unfit(in); why != "" {
			panic(fmt.Sprintf("engine: function %s: parameter %d of type %s %s", name, i+1, t.In(i), why))
		}
		f.Params = append(f.Params, typeOfGo(in))
	}
	switch n := t.NumOut(); {
	case n > 2 || n == 2 && t.Out(1) != errorType:
		panic(fmt.Sprintf("engine: function %s returns %s; it may return a value, an error, or both in this order", name, outs(t)))
	case n > 0 && t.Out(0) != errorType:
		if why := unfit(t.Out(0)); why != "" {
			panic(fmt.Sprintf("engine: function %s: result of type %s %s", name, t.Out(0), why))
		}
		f.Result = typeOfGo(t.Out(0)).Name()
	}
	if f.Fn = direct(fn); f.Fn == nil {
		f.Fn = adaptReflect(f, reflect.ValueOf(fn), first)
	}
}

func outs(t reflect.Type) string {
	var s []string
	for i := range t.NumOut() {
		s = append(s, t.Out(i).String())
	}
	return "(" + strings.Join(s, ", ") + ")"
}

var (
	contextType = reflect.TypeFor[*CallContext]()
	errorType   = reflect.TypeFor[error]()
)

// unfit returns why values of a Go type cannot be passed, "" if they can.
func unfit(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return "has no counterpart in Rhai"
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return "has no counterpart in Rhai: the keys of a map must be strings"
		}
	case reflect.Pointer:
		if t == contextType {
			return "must be the first one"
		}
	}
	return ""
}

// typeOfGo returns the type that values of a Go type have in scripts.
func typeOfGo(t reflect.Type) value.TypeID {
	switch t {
	case valueType:
		return value.TypeAny
	case timeType:
		return value.TypeTime
	case fnType:
		return value.TypeFn
	}
	switch t.Kind() {
	case reflect.Interface:
		return value.TypeAny
	case reflect.Int, reflect.Int64:
		return value.TypeInt
	case reflect.Float64:
		return value.TypeFloat
	case reflect.Bool:
		return value.TypeBool
	case reflect.String:
		return value.TypeString
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return value.TypeBlob
		}
		return value.TypeArray
	case reflect.Array:
		return value.TypeArray
	case reflect.Map, reflect.Struct:
		return value.TypeMap
	case reflect.Int8:
		return value.HostTypeOf(reflect.TypeFor[int8]()).ID
	case reflect.Int16:
		return value.HostTypeOf(reflect.TypeFor[int16]()).ID
	case reflect.Int32:
		return value.HostTypeOf(reflect.TypeFor[int32]()).ID
	case reflect.Uint8:
		return value.HostTypeOf(reflect.TypeFor[uint8]()).ID
	case reflect.Uint16:
		return value.HostTypeOf(reflect.TypeFor[uint16]()).ID
	case reflect.Uint32:
		return value.HostTypeOf(reflect.TypeFor[uint32]()).ID
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return value.HostTypeOf(reflect.TypeFor[uint64]()).ID
	case reflect.Float32:
		return value.HostTypeOf(reflect.TypeFor[float32]()).ID
	}
	return value.HostTypeOf(t).ID
}

// Getter adds the function behind the property x.name. fn is as for
// [Module.Func], with one parameter; a pointer parameter counts as pure.
func (m *Module) Getter(name string, fn any, opts ...FuncOption) *Module {
	return m.Func("get$"+name, fn, append([]FuncOption{arity(name, 1), Pure()}, opts...)...)
}

// Setter adds the function behind x.name = v. fn is as for [Module.Func], with
// two parameters, the first a pointer.
func (m *Module) Setter(name string, fn any, opts ...FuncOption) *Module {
	return m.Func("set$"+name, fn, append([]FuncOption{arity(name, 2), Mutates()}, opts...)...)
}

// IndexGet adds the function behind x[i]. fn is as for [Module.Func], with two
// parameters; a pointer parameter counts as pure.
func (m *Module) IndexGet(fn any, opts ...FuncOption) *Module {
	return m.Func("index$get$", fn, append([]FuncOption{arity("an indexer", 2), Pure()}, opts...)...)
}

// IndexSet adds the function behind x[i] = v. fn is as for [Module.Func], with
// three parameters, the first a pointer.
func (m *Module) IndexSet(fn any, opts ...FuncOption) *Module {
	return m.Func("index$set$", fn, append([]FuncOption{arity("an indexer", 3), Mutates()}, opts...)...)
}

// arity checks the number of parameters.
func arity(what string, n int) FuncOption {
	return func(f *Func) {
		if f.Params != nil && len(f.Params) != n {
			panic(fmt.Sprintf("engine: the function for %s must have %d parameters, not %d", what, n, len(f.Params)))
		}
	}
}

// Iter makes values like example usable in for: f is called for each loop and
// returns the function that returns the next item.
func (m *Module) Iter(example any, f IterFunc) *Module {
	m.SetIter(TypeOf(example), f)
	return m
}
