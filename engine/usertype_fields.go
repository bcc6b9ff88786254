package engine

import (
	"errors"
	"fmt"
	"math"
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
// to a part of it writes the whole back. A value that does not fit is an error
// that names the property and the part. Fields panics if two fields have the same
// name, or one has a type without a counterpart.
func (u *UserType[T]) Fields() *UserType[T] {
	seen := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		tag, tagged := f.Tag.Lookup("rhai")
		if !f.IsExported() || f.Anonymous && !tagged || behindPointer(reflect.TypeFor[T](), f.Index) {
			continue
		}
		if skipped(reflect.TypeFor[T](), f.Index) {
			continue
		}
		name := fieldName(&f)
		if name == "" {
			continue
		}
		if why := unfit(f.Type); why != "" {
			panic(fmt.Sprintf("engine: field %s of %s of type %s %s", f.Name, reflect.TypeFor[T](), f.Type, why))
		}
		if other, ok := seen[name]; ok {
			panic(fmt.Sprintf("engine: fields %s and %s of %s have the same name %s", other, f.Name, reflect.TypeFor[T](), name))
		}
		seen[name] = f.Name
		_, options, _ := strings.Cut(tag, ",")
		u.field(name, f, options == "readonly")
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

// skipped reports whether a promoted field belongs to an embedded struct that has
// a tag: that is a property itself, or left out.
func skipped(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		f := t.Field(i)
		if _, tagged := f.Tag.Lookup("rhai"); tagged {
			return true
		}
		t = f.Type
	}
	return false
}

// field adds the functions of one property.
func (u *UserType[T]) field(name string, f reflect.StructField, readonly bool) {
	owner := value.HostTypeOf(reflect.TypeFor[*T]()).ID
	index, typ := f.Index, propertyType(f.Type)
	doc := "The field " + f.Name + "."
	u.m.Add(&Func{
		Name: "get$" + name, Params: []value.TypeID{owner}, ByRef: true, Brief: true, Result: anyName(typ), Doc: doc,
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
	u.m.Add(&Func{Name: "set$" + name, Params: []value.TypeID{owner, typ}, Mutates: true, Brief: true, Doc: doc, Fn: set})
	if typ == value.TypeFloat {
		u.m.Add(&Func{Name: "set$" + name, Params: []value.TypeID{owner, value.TypeInt}, Mutates: true, Brief: true, Doc: doc, Fn: set})
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
		if t.Elem().Kind() == reflect.Struct && t != fnType {
			return value.TypeAny // the object, or () for nil
		}
	}
	return typeOfGo(t)
}

// fromField returns the value of a field.
func fromField(r reflect.Value) (Dynamic, error) {
	switch {
	case r.CanInt():
		return value.Int(r.Int()), nil
	case r.CanUint():
		if n := r.Uint(); n > math.MaxInt64 {
			return value.Unit, fmt.Errorf("%d is too large for i64", n)
		}
		return value.Int(int64(r.Uint())), nil
	case r.CanFloat():
		return value.Float(r.Float()), nil
	case r.Kind() == reflect.Bool:
		return value.Bool(r.Bool()), nil
	case r.Kind() == reflect.String:
		return value.String(r.String()), nil
	}
	return ToValue(r.Interface())
}

// toField stores a value in a field.
func toField(v Dynamic, r reflect.Value) error {
	if p := v.Flat().Plain(); r.CanFloat() && p.IsInt() {
		r.SetFloat(float64(p.Int()))
		return nil
	}
	return fromValue(v, r, 0)
}

// propertyError is the error of a value that does not fit a property, or a part of
// it.
func propertyError(name string, err error) error {
	if p := (*pathError)(nil); errors.As(err, &p) {
		name, err = name+p.path, p.err
	}
	text := fmt.Sprintf("property %s: %s", name, strings.TrimPrefix(err.Error(), "Output type incorrect: "))
	return &Error{Kind: ErrRuntime, Text: "Runtime error: " + text, Value: value.String(text)}
}
