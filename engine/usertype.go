package engine

import (
	"iter"
	"reflect"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// UserType registers what scripts can do with values of a Go type T. Scripts see
// it by its name, assign and pass it by value like any other type (the struct is
// copied before it is changed), and reach it through what is registered here.
// Functions may be of any type that [Module.Func] takes; those whose first
// parameter is a *T and whose others and result are int64, float64, bool, string
// or Dynamic are called without reflection. Each method returns the UserType, for
// chaining; all of them panic on functions that do not fit. (Rhai section "Custom
// types".)
type UserType[T any] struct {
	m *Module
}

// RegisterType begins the registration of the struct type T in a module, under
// the name that type_of shows. Values are made by functions that return a *T.
func RegisterType[T any](m *Module, name string) *UserType[T] {
	t := reflect.TypeFor[*T]()
	if t.Elem().Kind() != reflect.Struct {
		panic("engine: " + name + " is registered with " + t.Elem().String() + ", which is no struct")
	}
	m.SetTypeName(value.HostTypeOf(t).ID, name)
	return &UserType[T]{m}
}

// add registers a function whose first parameter may be a *T.
func (u *UserType[T]) add(name string, fn any, opts []FuncOption) *UserType[T] {
	probe := &Func{Params: make([]value.TypeID, 20), ParamNames: nil, Mutates: true}
	for _, o := range opts {
		o(probe)
	}
	decode := func(v *Dynamic) *T { return v.OwnHost().V.(*T) }
	if !probe.Mutates {
		decode = func(v *Dynamic) *T { return v.Host().V.(*T) }
	}
	u.m.function(name, fn, func(fn any) NativeFunc { return firstOf(fn, first(decode), adaptDirect) }, opts)
	return u
}

// Method adds a method, which may change its receiver unless the option [Pure]
// says otherwise, or any function that belongs to the type.
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

// Iter makes values usable in for. The sequence is read to its end when the loop
// begins; its items belong to the loop.
func (u *UserType[T]) Iter(items func(*T) iter.Seq[Dynamic]) *UserType[T] {
	u.m.SetIter(value.HostTypeOf(reflect.TypeFor[*T]()).ID, func(v Dynamic) func() (Dynamic, bool, error) {
		// Read at once: a coroutine would outlive a loop that is left early.
		var all []Dynamic
		v = v.Flat().Plain()
		for item := range items(v.Host().V.(*T)) {
			all = append(all, item)
		}
		return func() (Dynamic, bool, error) {
			if len(all) == 0 {
				return value.Unit, false, nil
			}
			item := all[0]
			all = all[1:]
			return item, true, nil
		}
	})
	return u
}
