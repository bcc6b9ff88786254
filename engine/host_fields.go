package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Fields makes the exported fields of T properties. The tag `rhai:"name"` names a
// property, `rhai:"name,readonly"` or `rhai:",readonly"` makes one that scripts
// cannot assign to, and `rhai:"-"` leaves a field out; without a rhai tag the name
// is that in a json tag, or the field's. The fields of an embedded struct without
// a tag are properties as if they were T's own.
//
// Numbers of every width read as i64 or f64 and take whatever number fits: an i64
// for a float field too. All other fields are converted as by [ToValue] and
// [FromValue], so that reading a slice, map or struct gives a copy, and assigning
// to a part of it writes the whole back. A field that is a struct registered with
// [RegisterRef] reads as a handle of the field itself. A value that does not fit is an error
// that names the property and the part. Fields panics if two fields have the same
// name, or one has a type without a counterpart.
func (u *UserType[T]) Fields() *UserType[T] {
	seen := map[string]string{}
	t := reflect.TypeFor[T]()
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("rhai")
		if !f.IsExported() || isPromoted(&f) || leftOut(t, f.Index) || behindPointer(t, f.Index) {
			continue
		}
		name := fieldName(&f)
		if name == "" {
			continue
		}
		if why := unfit(f.Type, true); why != "" && value.RoleOf(reflect.PointerTo(f.Type)) != value.ByRef {
			panic(fmt.Sprintf("engine: field %s of %s of type %s %s", f.Name, t, f.Type, why))
		}
		if other, ok := seen[name]; ok {
			panic(fmt.Sprintf("engine: fields %s and %s of %s have the same name %s", other, f.Name, t, name))
		}
		seen[name] = f.Name
		_, options, _ := strings.Cut(tag, ",")
		u.field(name, f, options == "readonly" || value.RoleOf(reflect.PointerTo(f.Type)) == value.ByRef)
	}
	return u
}

// behindPointer reports whether a promoted field is inside of an embedded pointer,
// which may be nil.
func behindPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t.Kind() == reflect.Pointer {
			return true
		}
		t = t.Field(i).Type
	}
	return t.Kind() == reflect.Pointer
}

// field adds the functions of one property.
func (u *UserType[T]) field(name string, f reflect.StructField, readonly bool) {
	owner := value.HostTypeOf(reflect.TypeFor[*T]()).ID
	index, typ := f.Index, propertyType(f.Type)
	doc := "The field " + f.Name + "."
	u.m.Add(&Func{
		Name: "get$" + name, Params: []value.TypeID{owner}, Receiver: ReceiverRead, Brief: true, Result: anyName(typ), Doc: doc,
		Fn: func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			v, err := fromField(reflect.ValueOf(a[0].Host().V.(*T)).Elem().FieldByIndex(index))
			if err != nil {
				return value.Unit, propertyError(name, err)
			}
			return v, nil
		},
	})
	if readonly {
		return
	}
	set := func(_ *CallContext, a []Dynamic) (Dynamic, error) {
		x := reflect.New(f.Type).Elem()
		if err := toField(a[1], x); err != nil {
			return value.Unit, propertyError(name, err)
		}
		reflect.ValueOf(a[0].OwnHost().V.(*T)).Elem().FieldByIndex(index).Set(x)
		return value.Unit, nil
	}
	u.m.Add(&Func{Name: "set$" + name, Params: []value.TypeID{owner, typ}, Receiver: ReceiverChanged, Brief: true, Doc: doc, Fn: set})
	if typ == value.TypeFloat {
		u.m.Add(&Func{Name: "set$" + name, Params: []value.TypeID{owner, value.TypeInt}, Receiver: ReceiverChanged, Brief: true, Doc: doc, Fn: set})
	}
}

func anyName(t value.TypeID) string {
	if t == value.TypeAny {
		return "any"
	}
	return t.Name()
}

// propertyType returns the type that a property takes.
func propertyType(t reflect.Type) value.TypeID {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return value.TypeInt
	case reflect.Float32, reflect.Float64:
		return value.TypeFloat
	case reflect.Pointer:
		if t != fnType {
			return value.TypeAny // what it points to, or () for nil
		}
	case reflect.Struct:
		if infoOfGo(t).class == classKind {
			return value.TypeAny // a value of the type, or a map
		}
	}
	return typeOfGo(t)
}

// fromField returns the value of a field, which is addressable.
func fromField(r reflect.Value) (Dynamic, error) {
	if r.Kind() == reflect.Struct && value.RoleOf(reflect.PointerTo(r.Type())) == value.ByRef {
		return value.NewHost(r.Addr().Interface()), nil
	}
	c := toConverter{}
	return c.value(r, 0)
}

// toField stores a value in a field.
func toField(v Dynamic, r reflect.Value) error {
	c := fromConverter{}
	return c.value(v, r, 0)
}

// propertyError is the error of a value that does not fit a property, or a part of
// it.
func propertyError(name string, err error) error {
	if p := (*pathError)(nil); errors.As(err, &p) {
		name, err = name+p.path, p.err
	}
	text := fmt.Sprintf("property %s: %s", name, strings.TrimPrefix(err.Error(), "Output type incorrect: "))
	return runtimeError(text, nil)
}
