package engine

import (
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

var (
	valueType   = reflect.TypeFor[Dynamic]()
	timeType    = reflect.TypeFor[time.Time]()
	fnType      = reflect.TypeFor[*value.Fn]()
	bytesType   = reflect.TypeFor[[]byte]()
	errorType   = reflect.TypeFor[error]()
	numberType  = reflect.TypeFor[numberText]()
	scannerType = reflect.TypeFor[scanner]()
)

// numberText is what json.Number looks like: a string that holds a number.
type numberText interface {
	Int64() (int64, error)
	Float64() (float64, error)
}

// scanner is what types that take a value of a database look like, such as
// sql.NullString.
type scanner interface{ Scan(src any) error }

// goClass is how values of a Go type convert.
type goClass uint8

const (
	classKind    goClass = iota // by its kind
	classDynamic                // a Rhai value
	classTime                   // time.Time
	classFn                     // *value.Fn
	classError                  // an error: its text
	classNumber                 // json.Number
	classValuer                 // driver.Valuer: what Value returns
	classOpaque                 // passed through as it is, see [RegisterOpaque]
)

// goInfo is what conversions need to know about a Go type.
type goInfo struct {
	class   goClass
	scans   bool // a pointer to it is a scanner
	pointer reflect.Type
	fields  []structField // of a struct
}

// structField is a property that stands for a field of a struct.
type structField struct {
	name  string
	index []int
}

var goInfos sync.Map // reflect.Type to *goInfo

// infoOfGo returns what is known about a Go type.
func infoOfGo(t reflect.Type) *goInfo {
	if x, ok := goInfos.Load(t); ok {
		return x.(*goInfo)
	}
	info := &goInfo{class: classOf(t)}
	if t.Kind() == reflect.Struct {
		info.pointer = reflect.PointerTo(t)
		info.scans = info.class == classValuer && info.pointer.Implements(scannerType)
		if info.class == classKind {
			info.fields = structFields(t)
		}
	}
	x, _ := goInfos.LoadOrStore(t, info)
	return x.(*goInfo)
}

func classOf(t reflect.Type) goClass {
	switch {
	case t == valueType:
		return classDynamic
	case t == timeType:
		return classTime
	case t == fnType:
		return classFn
	case t.Kind() == reflect.Interface:
		return classKind
	case t.Kind() == reflect.String && t.Implements(numberType):
		return classNumber
	case isValuer(t):
		return classValuer
	case t.Implements(errorType):
		return classError
	}
	return classKind
}

// isValuer reports whether a type has the method of a driver.Valuer. Its result is
// a named type of database/sql/driver, so that no interface declared here has the
// same method.
func isValuer(t reflect.Type) bool {
	m, ok := t.MethodByName("Value")
	if !ok || m.Type.NumIn() != 1 || m.Type.NumOut() != 2 {
		return false
	}
	out := m.Type.Out(0)
	return out.Kind() == reflect.Interface && out.NumMethod() == 0 && m.Type.Out(1) == errorType
}

// tagName returns the name that a field's tag gives it, and whether it has a tag
// with a name; the name "-" leaves the field out.
func tagName(f *reflect.StructField) (name string, ok bool) {
	for _, key := range []string{"rhai", "json"} {
		if tag, found := f.Tag.Lookup(key); found {
			if name, _, _ = strings.Cut(tag, ","); name != "" {
				return name, true
			}
		}
	}
	return "", false
}

// fieldName returns the property that a struct field stands for, "" for none.
func fieldName(f *reflect.StructField) string {
	if !f.IsExported() {
		return ""
	}
	switch name, ok := tagName(f); {
	case !ok:
		return f.Name
	case name != "-":
		return name
	}
	return ""
}

// isPromoted reports whether a field is an embedded struct, or a pointer to one,
// whose fields count as those of the struct around it.
func isPromoted(f *reflect.StructField) bool {
	if _, named := tagName(f); !f.Anonymous || named {
		return false
	}
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && classOf(t) == classKind
}

// structFields returns the properties of a struct type: its exported fields, those
// of embedded structs included. Of two with the same name the outer one counts, or
// the one declared first.
func structFields(t reflect.Type) []structField {
	var out []structField
	at := map[string]int{}
	for _, f := range reflect.VisibleFields(t) {
		if isPromoted(&f) || leftOut(t, f.Index) {
			continue
		}
		name := fieldName(&f)
		if name == "" {
			continue
		}
		if i, ok := at[name]; ok {
			if len(f.Index) < len(out[i].index) {
				out[i].index = f.Index
			}
			continue
		}
		at[name] = len(out)
		out = append(out, structField{name, f.Index})
	}
	return out
}

// leftOut reports whether a promoted field belongs to an embedded struct that is a
// property itself or has the name "-".
func leftOut(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f := t.Field(i)
		if !isPromoted(&f) {
			return true
		}
		t = f.Type
	}
	return false
}

// fieldOf returns a field of a struct; ok is false if an embedded pointer on the
// way is nil. With make such pointers are set.
func fieldOf(r reflect.Value, index []int, make bool) (f reflect.Value, ok bool) {
	for n, i := range index {
		if n > 0 && r.Kind() == reflect.Pointer {
			if r.IsNil() {
				if !make || !r.CanSet() {
					return r, false
				}
				r.Set(reflect.New(r.Type().Elem()))
			}
			r = r.Elem()
		}
		r = r.Field(i)
	}
	return r, true
}
