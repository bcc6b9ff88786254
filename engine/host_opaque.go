package engine

import (
	"reflect"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// RegisterOpaque makes the Go type T a type of its own for scripts, under the name that
// type_of shows in engines with the module: a named type of any kind but struct, or a
// func, channel, or map with keys that are no strings. From then on, in the whole process,
// a T that the host gives to scripts is a value of that type, wherever it stands, instead
// of what it would convert to; scripts keep it, pass it on and hand it to functions with
// a parameter of type T. It is never copied: what a map, a channel or a slice refers to is
// the host's. What scripts can do with it are functions of the module:
//
//	type ID int
//	engine.RegisterOpaque[ID](m, "ID")
//	m.Func("==", func(a, b ID) bool { return a == b })
//
// Register the type before functions that take it. It panics if T is a struct or a pointer
// to one, for which [RegisterType] and [RegisterRef] are; an interface, as the type of what
// is in it counts; or a type of Go's own that scripts have too, such as int.
func RegisterOpaque[T any](m *Module, name string) {
	if m == nil {
		panic("engine: " + name + " is registered in a nil module")
	}
	t := reflect.TypeFor[T]()
	if why := notOpaque(t); why != "" {
		panic("engine: " + name + " is registered with " + t.String() + ", which " + why)
	}
	h := value.HostTypeOf(t)
	goInfos.Store(t, &goInfo{class: classOpaque})
	m.SetTypeName(h.ID, name)
}

// notOpaque returns why values of a type cannot be passed through, "" if they can.
func notOpaque(t reflect.Type) string {
	named := t.PkgPath() != ""
	switch t.Kind() {
	case reflect.Struct:
		return "is a struct: use RegisterType or RegisterRef"
	case reflect.Pointer:
		return "is a pointer: use RegisterType or RegisterRef for what it points to"
	case reflect.Interface:
		return "is an interface, and scripts see the type of what is in it"
	case reflect.Func, reflect.Chan:
		return ""
	case reflect.Map:
		if named || t.Key().Kind() != reflect.String {
			return ""
		}
	}
	if c := infoOfGo(t).class; c != classKind && c != classOpaque {
		return "converts to a value already"
	}
	if !named {
		return "scripts have too; name a type of it"
	}
	return ""
}
