package engine

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// maxConvertDepth bounds how deeply nested a Go value or Rhai value may be to be
// converted, and maxConvertParts how many parts it may have. What occurs in several
// places is counted in each, as it is converted in each.
const maxConvertDepth = 10_000

var maxConvertParts = 10_000_000 // less in tests

var (
	errTooDeep  = errors.New("value is nested too deeply, or contains itself")
	errTooLarge = errors.New("value has too many parts, more than 10000000")
)

// Numbers says what the results of Go functions become that are integers or floats
// of other widths than 64 bits, see [Engine.SetNumbers].
type Numbers uint8

const (
	// WidenNumbers makes i64 and f64 of all integers and floats.
	WidenNumbers Numbers = iota
	// KeepWidths makes values of the types i8, i16, i32, u8, u16, u32, u64 and f32 of
	// the Go types of that width (u64 of uint and uintptr), which are not i64 or f64
	// for scripts.
	KeepWidths
)

// ToValue converts a Go value to a Rhai value, [FromValue] converts it back:
//
//	Go                                     Rhai
//	nil, a nil pointer                     ()
//	bool, string                           bool, string
//	integers of all widths, time.Duration  i64; an error above the largest i64
//	float64, float32                       f64
//	json.Number                            i64 if it is a whole number that fits, else f64
//	[]byte                                 blob
//	other slices, arrays                   array
//	maps with strings as keys              map
//	time.Time                              timestamp
//	error                                  string, its text; it does not convert back
//	T or *T of RegisterType[T]             a value of the type: a T is copied, a *T before the script's first write
//	*T of RegisterRef[T]                   a handle of the object, never copied; a T is an error
//	T of RegisterOpaque[T]                 a value of the type, passed through as it is
//	other structs                          map of the exported fields
//	pointers to other structs              a value of the Go type, copied before the first write (see below)
//	other pointers                         what they point to
//	driver.Valuer, such as sql.NullString  what its method Value returns; back through its method Scan
//	*value.Fn                              Fn
//	Dynamic                                itself; the host's copy stays apart from what scripts do with theirs
//
// Named types convert as the type behind them, and what is in an interface as if
// it were not. A rune is an int32, hence a number: make a char with value.Char.
// Integers and floats keep their width if they are made values with value.NewHost,
// and as results of functions if the engine says so ([Engine.SetNumbers]).
//
// A field of a struct has the name in a `rhai` or `json` tag, or its own; those
// named "-" are left out. The fields of an embedded struct without a name in a tag
// are properties as if they were its own, left out if it is a nil pointer.
//
// A pointer to a struct that is not registered is a value with which scripts can do
// what registered functions can do. A struct that holds a lock (a sync.Mutex, an
// atomic value) is never copied, so that it is a handle.
//
// Functions, channels, complex numbers and maps with other keys are errors, as are
// values that are nested more than 10,000 levels deep, as those are that contain
// themselves, or have more than 10,000,000 parts. The result does not share memory
// with x, but for pointers to structs, which are read and not written. It is frozen (see
// [value.Freeze]): the host may give it to any number of runs at a time.
func ToValue(x any) (Dynamic, error) {
	v, err := toValue(x)
	return value.Freeze(v), err
}

// toValue is ToValue for one run, which may write to what it gets.
func toValue(x any) (Dynamic, error) {
	c := toConverter{}
	return c.any(x, 0)
}

// toConverter converts one Go value.
type toConverter struct {
	parts int  // so far
	keep  bool // widths of numbers
}

// any converts what is in an interface.
func (c *toConverter) any(x any, depth int) (Dynamic, error) {
	if c.parts++; c.parts > maxConvertParts {
		return value.Unit, errTooLarge
	}
	switch x := x.(type) {
	case nil:
		return value.Unit, nil
	case Dynamic:
		return value.Freeze(x.Flat()), nil // the host still has it
	case int:
		return value.Int(int64(x)), nil
	case int64:
		return value.Int(x), nil
	case float64:
		return value.Float(x), nil
	case bool:
		return value.Bool(x), nil
	case string:
		return value.String(x), nil
	case []byte:
		return value.NewBlob(append([]byte(nil), x...)), nil
	case time.Time:
		return value.Time(x), nil
	case []any:
		if depth > maxConvertDepth {
			return value.Unit, errTooDeep
		}
		items := make([]value.Value, len(x))
		for i, e := range x {
			v, err := c.any(e, depth+1)
			if err != nil {
				return value.Unit, inPath("["+strconv.Itoa(i)+"]", err)
			}
			items[i] = v
		}
		return value.NewArray(items), nil
	case map[string]any:
		if depth > maxConvertDepth {
			return value.Unit, errTooDeep
		}
		m := value.NewMap(len(x))
		for k, e := range x {
			v, err := c.any(e, depth+1)
			if err != nil {
				return value.Unit, inPath("."+k, err)
			}
			m.Set(k, v)
		}
		return m.Value(), nil
	}
	return c.value(reflect.ValueOf(x), depth)
}

// inPath adds where in a value an error arose.
func inPath(step string, err error) error {
	var p *pathError
	if errors.As(err, &p) {
		if len(p.path) < 200 {
			p.path = step + p.path
		}
		return p
	}
	return &pathError{step, err}
}

// pathError is a failure inside a nested value.
type pathError struct {
	path string
	err  error
}

func (p *pathError) Error() string {
	return strings.TrimPrefix(p.path, ".") + ": " + p.err.Error()
}

func (p *pathError) Unwrap() error { return p.err }

// value converts what has no case of its own in any.
func (c *toConverter) value(r reflect.Value, depth int) (Dynamic, error) {
	if depth > maxConvertDepth {
		return value.Unit, errTooDeep
	}
	if c.parts++; c.parts > maxConvertParts {
		return value.Unit, errTooLarge
	}
	t := r.Type()
	if r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return value.Unit, nil
		}
		if t.Elem().Kind() == reflect.Struct && value.RoleOf(t) != value.Undeclared {
			return value.NewHost(r.Interface()), nil
		}
	}
	info := infoOfGo(t)
	if r.Kind() == reflect.Struct {
		switch value.RoleOf(info.pointer) {
		case value.ByValue:
			return hostCopy(r), nil
		case value.ByRef:
			return value.Unit, fmt.Errorf("%s is registered as a reference, of which only pointers are values", t)
		}
	}
	switch info.class {
	case classDynamic:
		return value.Freeze(r.Interface().(Dynamic).Flat()), nil
	case classTime:
		return value.Time(r.Interface().(time.Time)), nil
	case classOpaque:
		return value.NewHost(r.Interface()), nil
	case classFn:
		return r.Interface().(*value.Fn).Value(), nil
	case classError:
		return value.String(r.Interface().(error).Error()), nil
	case classNumber:
		return c.number(r.Interface().(numberText))
	case classValuer:
		out := r.MethodByName("Value").Call(nil)
		if err, _ := out[1].Interface().(error); err != nil {
			return value.Unit, err
		}
		if x := out[0].Interface(); x == nil || reflect.TypeOf(x) != t {
			return c.any(x, depth+1)
		}
	}
	switch r.Kind() {
	case reflect.Interface:
		if r.IsNil() {
			return value.Unit, nil
		}
		return c.any(r.Elem().Interface(), depth+1)
	case reflect.Bool:
		return value.Bool(r.Bool()), nil
	case reflect.String:
		return value.String(r.String()), nil
	case reflect.Slice, reflect.Array:
		return c.slice(r, depth)
	case reflect.Map:
		return c.goMap(r, depth)
	case reflect.Struct:
		return c.structMap(r, info, depth)
	case reflect.Pointer:
		if e := infoOfGo(t.Elem()); t.Elem().Kind() != reflect.Struct || e.class != classKind {
			return c.value(r.Elem(), depth+1)
		}
		return value.NewHost(r.Interface()), nil
	}
	if v, ok, err := c.scalar(r); ok {
		return v, err
	}
	return value.Unit, fmt.Errorf("%s has no counterpart in Rhai", t)
}

// hostCopy makes a value of a struct whose type is registered.
func hostCopy(r reflect.Value) Dynamic {
	p := reflect.New(r.Type())
	p.Elem().Set(r)
	return value.NewHost(value.HostTypeOf(p.Type()).Copy(p.Interface()))
}

// number converts a json.Number.
func (c *toConverter) number(x numberText) (Dynamic, error) {
	if n, err := x.Int64(); err == nil {
		return value.Int(n), nil
	}
	f, err := x.Float64()
	if err != nil {
		return value.Unit, fmt.Errorf("%q is no number", fmt.Sprint(x))
	}
	return value.Float(f), nil
}

// scalar converts an integer or float; ok is false for anything else.
func (c *toConverter) scalar(r reflect.Value) (v Dynamic, ok bool, err error) {
	if c.keep {
		switch r.Kind() {
		case reflect.Int8:
			return value.NewHost(int8(r.Int())), true, nil
		case reflect.Int16:
			return value.NewHost(int16(r.Int())), true, nil
		case reflect.Int32:
			return value.NewHost(int32(r.Int())), true, nil
		case reflect.Uint8:
			return value.NewHost(uint8(r.Uint())), true, nil
		case reflect.Uint16:
			return value.NewHost(uint16(r.Uint())), true, nil
		case reflect.Uint32:
			return value.NewHost(uint32(r.Uint())), true, nil
		case reflect.Uint, reflect.Uint64, reflect.Uintptr:
			return value.NewHost(r.Uint()), true, nil
		case reflect.Float32:
			return value.NewHost(float32(r.Float())), true, nil
		}
	}
	switch {
	case r.CanInt():
		return value.Int(r.Int()), true, nil
	case r.CanUint():
		if n := r.Uint(); n > math.MaxInt64 {
			return value.Unit, true, fmt.Errorf("%d is too large for i64", n)
		}
		return value.Int(int64(r.Uint())), true, nil
	case r.CanFloat():
		return value.Float(r.Float()), true, nil
	}
	return value.Unit, false, nil
}

func (c *toConverter) slice(r reflect.Value, depth int) (Dynamic, error) {
	if r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.Uint8 {
		return value.NewBlob(append([]byte(nil), r.Bytes()...)), nil
	}
	if r.Len() > maxConvertParts-c.parts {
		return value.Unit, errTooLarge
	}
	items := make([]value.Value, r.Len())
	for i := range items {
		v, err := c.value(r.Index(i), depth+1)
		if err != nil {
			return value.Unit, inPath("["+strconv.Itoa(i)+"]", err)
		}
		items[i] = v
	}
	return value.NewArray(items), nil
}

func (c *toConverter) goMap(r reflect.Value, depth int) (Dynamic, error) {
	if r.Type().Key().Kind() != reflect.String {
		return value.Unit, fmt.Errorf("%s has no counterpart: the keys of a map must be strings", r.Type())
	}
	m := value.NewMap(r.Len())
	for it := r.MapRange(); it.Next(); {
		k := it.Key().String()
		v, err := c.value(it.Value(), depth+1)
		if err != nil {
			return value.Unit, inPath("."+k, err)
		}
		m.Set(k, v)
	}
	return m.Value(), nil
}

func (c *toConverter) structMap(r reflect.Value, info *goInfo, depth int) (Dynamic, error) {
	m := value.NewMap(len(info.fields))
	for i := range info.fields {
		f := &info.fields[i]
		x, ok := fieldOf(r, f.index, false)
		if !ok {
			continue
		}
		v, err := c.value(x, depth+1)
		if err != nil {
			return value.Unit, inPath("."+f.name, err)
		}
		m.Set(f.name, v)
	}
	return m.Value(), nil
}

// V is [ToValue] for what is known to convert. It panics if x has no counterpart.
func V(x any) Dynamic { return value.Freeze(mustValue(x)) }

// mustValue is V for one run, which may write to what it gets.
func mustValue(x any) Dynamic {
	v, err := toValue(x)
	if err != nil {
		panic("engine: " + err.Error())
	}
	return v
}
