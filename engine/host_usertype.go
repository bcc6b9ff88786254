package engine

import (
	"iter"
	"reflect"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// UserType registers what scripts can do with values of a Go type T. Scripts see
// it by its name and reach it through what is registered here. Functions may be of
// any type that [Module.Func] takes; those whose first parameter is a *T and whose
// others and result are int64, float64, bool, string or Dynamic are called without
// reflection. Functions that take or return a T by value do so with values of the
// type too, by reflection. Each method returns the UserType, for chaining; all of
// them panic on functions that do not fit. (Rhai section "Custom types".)
type UserType[T any] struct {
	m *Module
}

// RegisterType begins the registration of the struct type T as a value in a module,
// under the name that type_of shows. From then on, in the whole process, a T or *T
// that the host gives to scripts is a value of the type, wherever it stands: pushed,
// returned, among the elements of slices and maps, in the fields of structs.
//
// Scripts assign and pass such values like any others. The host's object is never
// written: a script works on a copy from its first change on. A copy has slices and
// maps of its own; what pointers in T point to stays common, and is copied when the
// script changes it, if it is a value itself. Any number of goroutines may therefore
// run scripts with one *T, as long as nobody else writes it and its getters, pure
// methods and methods by value only read.
//
// It panics if T is no struct, holds a lock, which cannot be copied, or is
// registered as a reference.
func RegisterType[T any](m *Module, name string) *UserType[T] {
	return register[T](m, name, value.ByValue)
}

// RegisterRef begins the registration of the struct type T as a reference in a
// module, under the name that type_of shows. A *T that the host gives to scripts is
// a handle wherever it stands: it is never copied, copies of the variable are the
// same object, and methods and fields act on the host's object. Whatever locking
// concurrent runs need is the affair of the methods; the properties that
// [UserType.Fields] makes lock nothing. A T that is no pointer cannot be given to
// scripts; as the field of a registered struct it is reached as a handle.
//
// It panics if T is no struct or is registered as a value.
func RegisterRef[T any](m *Module, name string) *UserType[T] {
	return register[T](m, name, value.ByRef)
}

func register[T any](m *Module, name string, role value.Role) *UserType[T] {
	if m == nil {
		panic("engine: " + name + " is registered in a nil module")
	}
	t := reflect.TypeFor[*T]()
	if t.Elem().Kind() != reflect.Struct {
		panic("engine: " + name + " is registered with " + t.Elem().String() + ", which is no struct")
	}
	h := value.HostTypeOf(t)
	if err := h.Declare(role); err != nil {
		panic("engine: " + err.Error())
	}
	m.SetTypeName(h.ID, name)
	return &UserType[T]{m}
}

// add registers a function whose first parameter may be a *T, or a T.
func (u *UserType[T]) add(name string, fn any, opts []FuncOption) *UserType[T] {
	if by, ok := byPointer[T](fn); ok {
		if t := reflect.TypeOf(fn); t.NumIn() > 0 && (t.In(0) == reflect.TypeFor[T]() ||
			t.NumIn() > 1 && (t.In(0) == contextType || t.In(0) == goContextType) && t.In(1) == reflect.TypeFor[T]()) {
			opts = append([]FuncOption{Pure()}, opts...)
		}
		fn = by
	}
	probe := &Func{Params: make([]value.TypeID, MaxParams), Receiver: ReceiverChanged}
	for _, o := range opts {
		o(probe)
	}
	decode := func(v *Dynamic) *T { return v.OwnHost().V.(*T) }
	if probe.Receiver != ReceiverChanged {
		decode = func(v *Dynamic) *T { return v.Host().V.(*T) }
	}
	u.m.function(name, fn, func(fn any) NativeFunc { return firstOf(fn, first(decode), adaptDirect) }, opts)
	return u
}

// byPointer returns a function that takes and returns a *T wherever fn does a T,
// and whether there is such a place. Scripts hold values of the type by pointer.
func byPointer[T any](fn any) (any, bool) {
	t, e := reflect.TypeOf(fn), reflect.TypeFor[T]()
	if t == nil || t.Kind() != reflect.Func || t.IsVariadic() || reflect.ValueOf(fn).IsNil() {
		return fn, false
	}
	changed := false
	swap := func(n int, at func(int) reflect.Type) []reflect.Type {
		out := make([]reflect.Type, n)
		for i := range out {
			if out[i] = at(i); out[i] == e {
				out[i], changed = reflect.PointerTo(e), true
			}
		}
		return out
	}
	in, out := swap(t.NumIn(), t.In), swap(t.NumOut(), t.Out)
	if !changed {
		return fn, false
	}
	call := reflect.ValueOf(fn)
	return reflect.MakeFunc(reflect.FuncOf(in, out, false), func(args []reflect.Value) []reflect.Value {
		for i := range args {
			if t.In(i) == e {
				args[i] = args[i].Elem()
			}
		}
		results := call.Call(args)
		for i, r := range results {
			if t.Out(i) == e {
				results[i] = reflect.New(e)
				results[i].Elem().Set(r)
			}
		}
		return results
	}).Interface(), true
}

// Method adds a method, which may change its receiver unless the option [Pure]
// says otherwise, or any function that belongs to the type. A method of a value
// (func(T)) works on a copy, so that it is pure.
func (u *UserType[T]) Method(name string, fn any, opts ...FuncOption) *UserType[T] {
	return u.add(name, fn, opts)
}

// Get adds the function behind the property x.name, of type func(*T) V or
// func(*T) (V, error).
func (u *UserType[T]) Get(name string, fn any, opts ...FuncOption) *UserType[T] {
	return u.add("get$"+name, fn, append([]FuncOption{Pure()}, opts...))
}

// Set adds the function behind x.name = v, of type func(*T, V) or
// func(*T, V) error.
func (u *UserType[T]) Set(name string, fn any, opts ...FuncOption) *UserType[T] {
	return u.add("set$"+name, fn, opts)
}

// GetSet adds both functions of a property.
func (u *UserType[T]) GetSet(name string, get, set any) *UserType[T] {
	return u.Get(name, get).Set(name, set)
}

// IndexGet adds the function behind x[i], of type func(*T, I) V or
// func(*T, I) (V, error).
func (u *UserType[T]) IndexGet(fn any, opts ...FuncOption) *UserType[T] {
	return u.add("index$get$", fn, append([]FuncOption{Pure()}, opts...))
}

// IndexSet adds the function behind x[i] = v, of type func(*T, I, V) or
// func(*T, I, V) error.
func (u *UserType[T]) IndexSet(fn any, opts ...FuncOption) *UserType[T] {
	return u.add("index$set$", fn, opts)
}

// Operator adds an operator such as + or ==; its operands are not changed.
func (u *UserType[T]) Operator(op string, fn any, opts ...FuncOption) *UserType[T] {
	return u.add(op, fn, append([]FuncOption{Pure()}, opts...))
}

// Compare adds the operators <, <=, >, >=, == and !=, of a function that returns a
// number below 0, 0 or above 0 as cmp.Compare does.
func (u *UserType[T]) Compare(order func(a, b *T) int) *UserType[T] {
	return u.Operator("<", func(a, b *T) bool { return order(a, b) < 0 }).
		Operator("<=", func(a, b *T) bool { return order(a, b) <= 0 }).
		Operator(">", func(a, b *T) bool { return order(a, b) > 0 }).
		Operator(">=", func(a, b *T) bool { return order(a, b) >= 0 }).
		Equal(func(a, b *T) bool { return order(a, b) == 0 })
}

// Equal adds the operators == and !=, which arrays and maps that hold values of
// the type are compared with too.
func (u *UserType[T]) Equal(same func(a, b *T) bool) *UserType[T] {
	return u.Operator("==", same).
		Operator("!=", func(a, b *T) bool { return !same(a, b) })
}

// Contains adds the function behind the operator in: item in x. It is of type
// func(*T, V) bool or func(*T, V) (bool, error).
func (u *UserType[T]) Contains(fn any, opts ...FuncOption) *UserType[T] {
	return u.add("contains", fn, append([]FuncOption{Pure()}, opts...))
}

// Text sets what print, to_string and interpolation show of a value, and debug
// too unless DebugText is set.
func (u *UserType[T]) Text(fn func(*T) string) *UserType[T] {
	u.add("to_string", fn, []FuncOption{Pure()})
	return u.add("to_debug", fn, []FuncOption{Pure()})
}

// DebugText sets what debug and to_debug show of a value. Call it after Text.
func (u *UserType[T]) DebugText(fn func(*T) string) *UserType[T] {
	return u.add("to_debug", fn, []FuncOption{Pure()})
}

// Iter makes values usable in for. Items are taken from the sequence one by one, as
// the loop asks for them. The sequence runs as a coroutine, which is ended, so that
// its deferred calls run, as soon as the loop is left: at its end, by break, return
// or an error, or with the run.
func (u *UserType[T]) Iter(items func(*T) iter.Seq[Dynamic]) *UserType[T] {
	return u.TryIter(func(x *T) iter.Seq2[Dynamic, error] {
		return func(yield func(Dynamic, error) bool) {
			for v := range items(x) {
				if !yield(v, nil) {
					return
				}
			}
		}
	})
}

// TryIter is Iter for a sequence that may fail: an error ends the loop where the script
// is, and scripts can catch it. What stands beside the error is left out.
func (u *UserType[T]) TryIter(items func(*T) iter.Seq2[Dynamic, error]) *UserType[T] {
	u.m.setSeq(value.HostTypeOf(reflect.TypeFor[*T]()).ID, func(v Dynamic) iter.Seq2[Dynamic, error] {
		return items(v.Host().V.(*T))
	})
	return u
}
