package value

import (
	"reflect"
	"sync"
	"unsafe"
)

// maxCloneDepth bounds how deeply slices, maps and structs inside of a struct are
// copied. What is nested deeper stays shared with the original.
const maxCloneDepth = 100

var lockerType = reflect.TypeFor[sync.Locker]()

// cloner returns the function that copies what a pointer to a struct points to, nil
// if it must not be copied because it holds a lock.
func cloner(t reflect.Type) func(any) any {
	e := t.Elem()
	if LockIn(e) != "" {
		return nil
	}
	deep := holdsMemory(e, map[reflect.Type]bool{})
	return func(x any) any {
		p := reflect.New(e)
		p.Elem().Set(reflect.ValueOf(x).Elem())
		if deep {
			separate(p.Elem(), 0)
		}
		return p.Interface()
	}
}

// LockIn returns the name of a field of t, or of the type itself, that must not be
// copied after its first use because it is a lock, as `go vet` sees it; "" if there
// is none.
func LockIn(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Array:
		return LockIn(t.Elem())
	case reflect.Struct:
		if reflect.PointerTo(t).Implements(lockerType) {
			return t.String()
		}
		// A noCopy marker has its methods on the pointer and is not exported.
		for i := range t.NumField() {
			if name := LockIn(t.Field(i).Type); name != "" {
				return t.Field(i).Name
			}
		}
	}
	return ""
}

// holdsMemory reports whether a copy of a value of type t can share slices or maps
// with the original.
func holdsMemory(t reflect.Type, seen map[reflect.Type]bool) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.Array:
		return holdsMemory(t.Elem(), seen)
	case reflect.Struct:
		if seen[t] {
			return false
		}
		seen[t] = true
		for i := range t.NumField() {
			if holdsMemory(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// separate gives v, which is addressable and a copy of another value, slices and
// maps of its own. Pointers, functions and channels stay what they are.
func separate(v reflect.Value, depth int) {
	if depth > maxCloneDepth {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			switch f.Kind() {
			case reflect.Slice, reflect.Map, reflect.Interface, reflect.Array, reflect.Struct:
			default:
				continue
			}
			if !f.CanSet() {
				// A field that is not exported: v is a copy that nobody else has seen,
				// and the field's type does not change.
				f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
			}
			separate(f, depth+1)
		}
	case reflect.Array:
		if !isFlat(v.Type().Elem()) {
			for i := range v.Len() {
				separate(v.Index(i), depth+1)
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		if !isFlat(v.Type().Elem()) {
			for i := range c.Len() {
				separate(c.Index(i), depth+1)
			}
		}
		v.Set(c)
	case reflect.Map:
		if v.IsNil() {
			return
		}
		c := reflect.MakeMapWithSize(v.Type(), v.Len())
		flat := isFlat(v.Type().Elem())
		for it := v.MapRange(); it.Next(); {
			x := it.Value()
			if !flat {
				x = own(x, depth)
			}
			c.SetMapIndex(it.Key(), x)
		}
		v.Set(c)
	case reflect.Interface:
		switch e := v.Elem(); e.Kind() {
		case reflect.Slice, reflect.Map, reflect.Array, reflect.Struct:
			if e.Type() != reflect.TypeFor[Value]() {
				v.Set(own(e, depth))
			}
		}
	}
}

// own returns a copy of x that shares no slices and maps with it.
func own(x reflect.Value, depth int) reflect.Value {
	e := reflect.New(x.Type()).Elem()
	e.Set(x)
	separate(e, depth+1)
	return e
}

// isFlat reports whether values of a type are copied by assignment.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Interface, reflect.Array, reflect.Struct:
		return false
	}
	return true
}
