package engine

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// FuncOption tells more about a function than its Go type, see [Module.Func].
type FuncOption func(*Func)

// Mutates declares a method that may change its first argument: scripts pass a
// variable by reference, and cannot call the method on a constant. Functions
// whose first parameter is a pointer have it already.
func Mutates() FuncOption { return func(f *Func) { f.Receiver = ReceiverChanged } }

// Pure declares that a function whose first parameter is a pointer does not
// change what it points to: it may be called on constants.
func Pure() FuncOption { return func(f *Func) { f.Receiver = ReceiverRead } }

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
// i64, as is that of every other integer, TypeOf(&T{}) the type of T.
func TypeOf(x any) value.TypeID {
	if x == nil {
		return value.TypeUnit
	}
	return typeOfGo(reflect.TypeOf(x))
}

// MaxParams is the largest number of parameters of a native function.
const MaxParams = 20

// Func adds a Go function, replacing an overload with the same parameters. fn is
// either a [NativeFunc] with the option [Types], or any function whose parameters
// and results convert as [FromValue] and [ToValue] do:
//
//   - a first parameter *CallContext receives the context of the call, one of type
//     context.Context the context of the run; scripts do not see them;
//   - a first parameter that is a pointer makes a method that changes its
//     receiver: *int64, *Dynamic, or *T for a type T of the host. Use the option
//     [Pure] if it only reads. A further parameter *T receives a copy of its own of
//     a value of the host's type T, or the object if T is a reference (in slices,
//     maps and structs it is the object itself, which the function must not write);
//     pointers to other types receive nil for ();
//   - integers of all widths take an i64 that fits (a rune, or any other int32, a
//     char too), and what has that width already (value.NewHost). An i64 that does
//     not fit is an error that names the function, the argument and the number. Of
//     two overloads the one with int64 or int is called;
//   - floats take an f64 and no i64, as in Rhai; for float32 it must not be too
//     large. Inside of slices, maps and structs an i64 is a float too;
//   - structs take values of their type, and maps, see [FromValue];
//   - parameters of type Dynamic or any take every type;
//   - func types take function pointers and closures, see [Engine.FromValue]: the Go
//     function may be kept and called after the call, and runs with the engine's
//     configuration;
//   - the results are nothing, a value, an error, or a value and an error. An
//     error that is no *Error becomes ErrRuntime with its text.
//
// Functions of up to three parameters of the types int64, float64, bool, string
// and Dynamic (of three, all of one type or behind a *Dynamic) are called without
// reflection, as are methods added through a [UserType]. A variadic function is one
// overload for each number of arguments, up to [MaxParams]. Func panics if the
// function can never be called: it has more than [MaxParams] parameters, or one or
// a result without a counterpart in Rhai; [Module.TryFunc] returns an error instead.
// It returns the module, for chaining.
func (m *Module) Func(name string, fn any, opts ...FuncOption) *Module {
	return m.function(name, fn, adaptDirect, opts)
}

// TryFunc is [Module.Func] for functions that come from elsewhere, such as plugins: what
// Func panics for is an error, and the module is as it was.
func (m *Module) TryFunc(name string, fn any, opts ...FuncOption) (err error) {
	m.mutable()
	defer func() {
		switch r := recover().(type) {
		case nil:
		case string:
			err = systemError(strings.TrimPrefix(r, "engine: "), nil)
		default:
			panic(r)
		}
	}()
	m.Func(name, fn, opts...)
	return nil
}

// variadic adds an overload for each number of arguments of a variadic function.
func (m *Module) variadic(name string, fn any, opts []FuncOption) {
	f := reflect.ValueOf(fn)
	t := f.Type()
	var in, out []reflect.Type
	for i := range t.NumIn() - 1 {
		in = append(in, t.In(i))
	}
	for i := range t.NumOut() {
		out = append(out, t.Out(i))
	}
	hidden := 0
	if len(in) > 0 && (in[0] == contextType || in[0] == goContextType) {
		hidden = 1
	}
	if len(in)-hidden > MaxParams {
		panic(fmt.Sprintf("engine: function %s has %d parameters; more than %d cannot be passed", name, len(in)-hidden, MaxParams))
	}
	fixed := len(in)
	for len(in)-hidden < MaxParams {
		in = append(in, t.In(t.NumIn()-1).Elem())
	}
	for n := len(in); n >= fixed; n-- { // first the one that has all types
		some := reflect.MakeFunc(reflect.FuncOf(in[:n], out, false), func(args []reflect.Value) []reflect.Value {
			return f.Call(args)
		})
		m.function(name, some.Interface(), func(any) NativeFunc { return nil }, append(opts[:len(opts):len(opts)], repeatName(n-hidden)))
	}
}

// repeatName gives further arguments of a variadic function the name of its last
// parameter, and takes away names of parameters that an overload does not have.
func repeatName(n int) FuncOption {
	return func(f *Func) {
		names := f.ParamNames
		if len(names) == 0 || len(names) == n {
			return
		}
		f.ParamNames = slices.Clone(names[:min(n, len(names))])
		for len(f.ParamNames) < n {
			f.ParamNames = append(f.ParamNames, names[len(names)-1])
		}
	}
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
		if t := reflect.TypeOf(fn); t != nil && t.Kind() == reflect.Func && t.IsVariadic() && !reflect.ValueOf(fn).IsNil() {
			m.variadic(name, fn, opts)
			return m
		}
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
	first := 0
	if t.NumIn() > 0 && (t.In(0) == contextType || t.In(0) == goContextType) {
		first = 1
	}
	if n := t.NumIn() - first; n > MaxParams {
		panic(fmt.Sprintf("engine: function %s has %d parameters; more than %d cannot be passed", name, n, MaxParams))
	}
	f.Params = make([]value.TypeID, 0, t.NumIn()-first)
	for i := first; i < t.NumIn(); i++ {
		in := t.In(i)
		if i == first && in.Kind() == reflect.Pointer && in != fnType {
			f.Receiver = ReceiverChanged
			if !isHostPointer(in) {
				in = in.Elem()
			}
		}
		if why := unfit(in, false); why != "" {
			panic(fmt.Sprintf("engine: function %s: parameter %d of type %s %s", name, i+1, t.In(i), why))
		}
		typ, also := paramTypes(in)
		f.Params = append(f.Params, typ)
		if also != nil {
			if f.also == nil {
				f.also = make([][]value.TypeID, t.NumIn()-first)
			}
			f.also[i-first] = also
		}
	}
	switch n := t.NumOut(); {
	case n > 2 || n == 2 && t.Out(1) != errorType:
		panic(fmt.Sprintf("engine: function %s returns %s; it may return a value, an error, or both in this order", name, outs(t)))
	case n > 0 && t.Out(0) != errorType:
		if why := unfit(t.Out(0), true); why != "" {
			panic(fmt.Sprintf("engine: function %s: result of type %s %s", name, t.Out(0), why))
		}
		f.Result = typeOfGo(t.Out(0)).Name()
	}
	if f.Fn = direct(fn); f.Fn == nil {
		f.Fn = adaptReflect(f, reflect.ValueOf(fn), first)
	}
	f.scalar = scalarLeaf(fn)
}

func outs(t reflect.Type) string {
	var s []string
	for i := range t.NumOut() {
		s = append(s, t.Out(i).String())
	}
	return "(" + strings.Join(s, ", ") + ")"
}

var (
	contextType   = reflect.TypeFor[*CallContext]()
	goContextType = reflect.TypeFor[context.Context]()
)

// isHostPointer reports whether a Go type is a pointer to a struct that is a value
// of its own in scripts.
func isHostPointer(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t != fnType &&
		(infoOfGo(t.Elem()).class == classKind || value.RoleOf(t) != value.Undeclared)
}

// unfit returns why values of a Go type can never be passed, "" if they can; out
// is set for results.
func unfit(t reflect.Type, out bool) string { return unfitIn(t, out, nil) }

// unfitIn is unfit inside of the types around.
func unfitIn(t reflect.Type, out bool, around []reflect.Type) string {
	const none = "has no counterpart in Rhai"
	if slices.Contains(around, t) {
		return ""
	}
	around = append(around[:len(around):len(around)], t)
	within := func(e reflect.Type, what string) string {
		why := unfitIn(e, out, around)
		if why == none {
			return none + ": " + what + " of type " + e.String()
		}
		return why
	}
	switch {
	case t == contextType || t == goContextType:
		return "must be the first one"
	case isHostPointer(t) || infoOfGo(t).class != classKind:
		return ""
	}
	if t.Kind() == reflect.Func && !out {
		return badFunc(t, around)
	}
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return none
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return none + ": the keys of a map must be strings"
		}
		return within(t.Elem(), "elements")
	case reflect.Slice, reflect.Array:
		return within(t.Elem(), "elements")
	case reflect.Pointer:
		return within(t.Elem(), "something")
	case reflect.Struct:
		switch role := value.RoleOf(reflect.PointerTo(t)); {
		case role == value.ByRef:
			return "is a reference, of which only pointers are passed"
		case role == value.ByValue || !out:
			return "" // a map need not have the property of a field that does not fit
		}
		for _, f := range infoOfGo(t).fields {
			if why := within(t.FieldByIndex(f.index).Type, "the field "+f.name); why != "" {
				return why
			}
		}
	}
	return ""
}

// paramTypes returns the type of arguments that a parameter of a Go type takes, and
// any further types that convert to it.
func paramTypes(t reflect.Type) (typ value.TypeID, also []value.TypeID) {
	hostID := func(t reflect.Type) value.TypeID { return value.HostTypeOf(t).ID }
	typ = typeOfGo(t)
	info := infoOfGo(t)
	if info.class != classKind {
		return typ, nil
	}
	switch t.Kind() {
	case reflect.Int8:
		also = []value.TypeID{hostID(reflect.TypeFor[int8]())}
	case reflect.Int16:
		also = []value.TypeID{hostID(reflect.TypeFor[int16]())}
	case reflect.Int32:
		also = []value.TypeID{hostID(reflect.TypeFor[int32]()), value.TypeChar}
	case reflect.Uint8:
		also = []value.TypeID{hostID(reflect.TypeFor[uint8]())}
	case reflect.Uint16:
		also = []value.TypeID{hostID(reflect.TypeFor[uint16]())}
	case reflect.Uint32:
		also = []value.TypeID{hostID(reflect.TypeFor[uint32]())}
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		also = []value.TypeID{hostID(reflect.TypeFor[uint64]())}
	case reflect.Float32:
		also = []value.TypeID{hostID(reflect.TypeFor[float32]())}
	case reflect.Struct:
		if typ != value.TypeMap {
			return typ, []value.TypeID{value.TypeMap}
		}
		also = []value.TypeID{hostID(info.pointer)}
	case reflect.Pointer:
		if !isHostPointer(t) {
			typ, also = paramTypes(t.Elem())
			also = append(also[:len(also):len(also)], value.TypeUnit)
		}
	}
	return typ, also
}

// typeOfGo returns the type that values of a Go type have in scripts.
func typeOfGo(t reflect.Type) value.TypeID {
	switch infoOfGo(t).class {
	case classDynamic, classNumber, classValuer:
		return value.TypeAny
	case classTime:
		return value.TypeTime
	case classOpaque:
		return value.HostTypeOf(t).ID
	case classFn:
		return value.TypeFn
	case classError:
		if t.Kind() == reflect.Interface || value.RoleOf(t) == value.Undeclared && t.Kind() != reflect.Struct {
			return value.TypeAny
		}
	}
	switch t.Kind() {
	case reflect.Interface:
		return value.TypeAny
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return value.TypeInt
	case reflect.Float32, reflect.Float64:
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
	case reflect.Map:
		return value.TypeMap
	case reflect.Func:
		return value.TypeFn
	case reflect.Struct:
		if p := reflect.PointerTo(t); value.RoleOf(p) != value.Undeclared {
			return value.HostTypeOf(p).ID
		}
		return value.TypeMap
	case reflect.Pointer:
		if !isHostPointer(t) {
			return typeOfGo(t.Elem())
		}
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

// Iter is [Module.SetIter] for values like example. It returns the module, for chaining.
func (m *Module) Iter(example any, f func(v Dynamic) (next func() (Dynamic, bool, error))) *Module {
	m.SetIter(TypeOf(example), f)
	return m
}
