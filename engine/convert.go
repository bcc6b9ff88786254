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
// converted.
const maxConvertDepth = 10_000

var errTooDeep = errors.New("value is nested too deeply, or contains itself")

// ToValue converts a Go value to a Rhai value:
//
//   - nil and nil pointers to unit; a [Dynamic] stays as it is, and the host's
//     copy stays apart from what scripts do with theirs;
//   - int and int64 to i64, float64 to f64, bool and string to their namesakes;
//     int8, int16, int32, uint8, uint16, uint32, uint64, uint and float32 to
//     values of the types i8, i16, i32, u8, u16, u32, u64 and f32, which are not
//     i64 or f64 for scripts. A rune is an int32, so make a char with value.Char;
//   - []byte to a blob, other slices and arrays to arrays;
//   - maps with strings as keys to object maps;
//   - [time.Time] to a timestamp, an error to its text;
//   - structs to object maps of their exported fields, by name or by the name in
//     a `rhai` or `json` tag; fields named "-" are left out;
//   - anything else that can be passed around, pointers to structs above all, to
//     a value of its own Go type, with which scripts can do what registered
//     functions can do.
//
// Named types convert as the type behind them. Functions, channels, complex
// numbers and maps with other keys are errors, as are values that are nested
// more than 10,000 levels deep. The result does not share memory with x, but for
// pointers.
func ToValue(x any) (Dynamic, error) { return toValue(x, 0) }

func toValue(x any, depth int) (Dynamic, error) {
	switch x := x.(type) {
	case nil:
		return value.Unit, nil
	case Dynamic:
		// The host still has it.
		return value.Freeze(x.Flat()), nil
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
	case *value.Fn:
		if x == nil {
			return value.Unit, nil
		}
		return x.Value(), nil
	case []any:
		if depth > maxConvertDepth {
			return value.Unit, errTooDeep
		}
		items := make([]value.Value, len(x))
		for i, e := range x {
			v, err := toValue(e, depth+1)
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
			v, err := toValue(e, depth+1)
			if err != nil {
				return value.Unit, inPath("."+k, err)
			}
			m.Set(k, v)
		}
		return m.Value(), nil
	case uint:
		return value.NewHost(uint64(x)), nil
	case int8, int16, int32, uint8, uint16, uint32, uint64, float32:
		return value.NewHost(x), nil
	case error:
		return value.String(x.Error()), nil
	}
	return reflectToValue(reflect.ValueOf(x), depth)
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

var (
	valueType = reflect.TypeFor[Dynamic]()
	timeType  = reflect.TypeFor[time.Time]()
	fnType    = reflect.TypeFor[*value.Fn]()
	bytesType = reflect.TypeFor[[]byte]()
)

// reflectToValue converts what has no case of its own.
func reflectToValue(r reflect.Value, depth int) (Dynamic, error) {
	if depth > maxConvertDepth {
		return value.Unit, errTooDeep
	}
	switch r.Kind() {
	case reflect.Int, reflect.Int64:
		return value.Int(r.Int()), nil
	case reflect.Float64:
		return value.Float(r.Float()), nil
	case reflect.Bool:
		return value.Bool(r.Bool()), nil
	case reflect.String:
		return value.String(r.String()), nil
	case reflect.Int8:
		return value.NewHost(int8(r.Int())), nil
	case reflect.Int16:
		return value.NewHost(int16(r.Int())), nil
	case reflect.Int32:
		return value.NewHost(int32(r.Int())), nil
	case reflect.Uint8:
		return value.NewHost(uint8(r.Uint())), nil
	case reflect.Uint16:
		return value.NewHost(uint16(r.Uint())), nil
	case reflect.Uint32:
		return value.NewHost(uint32(r.Uint())), nil
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return value.NewHost(r.Uint()), nil
	case reflect.Float32:
		return value.NewHost(float32(r.Float())), nil
	case reflect.Slice, reflect.Array:
		if r.Type().Elem().Kind() == reflect.Uint8 && r.Kind() == reflect.Slice {
			return value.NewBlob(append([]byte(nil), r.Bytes()...)), nil
		}
		items := make([]value.Value, r.Len())
		for i := range items {
			v, err := toValue(r.Index(i).Interface(), depth+1)
			if err != nil {
				return value.Unit, inPath("["+strconv.Itoa(i)+"]", err)
			}
			items[i] = v
		}
		return value.NewArray(items), nil
	case reflect.Map:
		if r.Type().Key().Kind() != reflect.String {
			return value.Unit, fmt.Errorf("%s has no counterpart: the keys of a map must be strings", r.Type())
		}
		m := value.NewMap(r.Len())
		for it := r.MapRange(); it.Next(); {
			k := it.Key().String()
			v, err := toValue(it.Value().Interface(), depth+1)
			if err != nil {
				return value.Unit, inPath("."+k, err)
			}
			m.Set(k, v)
		}
		return m.Value(), nil
	case reflect.Struct:
		return structToValue(r, depth)
	case reflect.Pointer:
		if r.IsNil() {
			return value.Unit, nil
		}
		return value.NewHost(r.Interface()), nil
	}
	return value.Unit, fmt.Errorf("%s has no counterpart in Rhai", r.Type())
}

// fieldName returns the property that a struct field stands for, "" for none.
func fieldName(f *reflect.StructField) string {
	if !f.IsExported() {
		return ""
	}
	for _, key := range []string{"rhai", "json"} {
		if tag, ok := f.Tag.Lookup(key); ok {
			name, _, _ := strings.Cut(tag, ",")
			if name == "-" {
				return ""
			}
			if name != "" {
				return name
			}
		}
	}
	return f.Name
}

func structToValue(r reflect.Value, depth int) (Dynamic, error) {
	t := r.Type()
	m := value.NewMap(t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		name := fieldName(&f)
		if name == "" {
			continue
		}
		v, err := toValue(r.Field(i).Interface(), depth+1)
		if err != nil {
			return value.Unit, inPath("."+name, err)
		}
		m.Set(name, v)
	}
	return m.Value(), nil
}

// mustValue converts a value that the host gives where no error can be returned.
func mustValue(x any) Dynamic {
	v, err := ToValue(x)
	if err != nil {
		panic("engine: " + err.Error())
	}
	return v
}

// As returns the value of a run as a Go type, see [FromValue]; it takes the
// results of Run, Eval and CallFunc as they are:
//
//	n, err := engine.As[int64](eng.Eval(ctx, "40 + 2"))
//
// A value of another type is an error of kind ErrMismatchOutputType.
func As[T any](v Dynamic, err error) (T, error) {
	var out T
	if err != nil {
		return out, err
	}
	switch p := any(&out).(type) {
	case *Dynamic:
		*p = v
		return out, nil
	case *int64:
		if v.IsInt() {
			*p = v.Int()
			return out, nil
		}
	case *float64:
		if v.IsFloat() {
			*p = v.Float()
			return out, nil
		}
	case *bool:
		if v.IsBool() {
			*p = v.Bool()
			return out, nil
		}
	case *string:
		if v.IsString() {
			*p = v.Str()
			return out, nil
		}
	}
	err = FromValue(v, &out)
	return out, err
}

// FromValue stores a Rhai value in the Go variable that dst points to. i64 fits
// every integer type that can hold the number; f64 float64 and float32; a char
// a rune or string; arrays slices, and Go arrays of their length; object maps
// maps with string keys and structs, whose fields are found as in [ToValue] and
// keep their contents if the map lacks the property; unit anything that can be
// nil; values of Go types themselves, and interfaces that they implement. An any
// receives nil, int64, float64, bool, rune, string, []any, []byte,
// map[string]any, [time.Time], *value.Fn, the Go value of a host type, or the
// Dynamic itself for a range.
//
// Anything else is an *Error of kind ErrMismatchOutputType, whose text names the
// part that did not fit; what fitted before is stored. FromValue panics if dst is
// no pointer.
func FromValue(v Dynamic, dst any) error {
	r := reflect.ValueOf(dst)
	if r.Kind() != reflect.Pointer || r.IsNil() {
		panic("engine: FromValue needs a pointer to a variable")
	}
	err := fromValue(v, r.Elem(), 0)
	if err == nil {
		return nil
	}
	var p *pathError
	where := ""
	if errors.As(err, &p) {
		where, err = strings.TrimPrefix(p.path, "."), p.err
	}
	e := outputMismatch(err)
	if where != "" {
		e.Text = where + ": " + e.Text
	}
	return e
}

// mismatchError is a value that does not fit a Go type.
type mismatchError struct {
	want string
	got  value.Value
	why  string
}

func (e *mismatchError) Error() string {
	text := "Output type incorrect: " + e.got.TypeName() + " (expecting " + e.want + ")"
	if e.why != "" {
		text += ": " + e.why
	}
	return text
}

// outputMismatch makes the error that the host sees.
func outputMismatch(err error) *Error {
	e := &Error{Kind: ErrMismatchOutputType, Text: err.Error(), Cause: err}
	var m *mismatchError
	if errors.As(err, &m) {
		e.Cause = nil
		e.detail = []detail{{"requested", value.String(m.want)}, {"actual", value.String(m.got.TypeName())}}
	}
	return e
}

// goTypeName is the Rhai name of the type that a Go type receives.
func goTypeName(t reflect.Type) string {
	switch t {
	case timeType:
		return "timestamp"
	case fnType:
		return "Fn"
	case bytesType:
		return "blob"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "i64"
	case reflect.Float64:
		return "f64"
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "string"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Map, reflect.Struct:
		return "map"
	}
	return value.HostTypeOf(t).Name
}

func fromValue(v Dynamic, dst reflect.Value, depth int) error {
	if depth > maxConvertDepth {
		return errTooDeep
	}
	v = v.Flat()
	t := dst.Type()
	if t == valueType {
		dst.Set(reflect.ValueOf(value.Freeze(v)))
		return nil
	}
	v = v.Plain()
	mismatch := &mismatchError{want: goTypeName(t), got: v}
	if t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		x, err := toAny(v, depth)
		if err != nil {
			return err
		}
		if x == nil {
			dst.SetZero()
		} else {
			dst.Set(reflect.ValueOf(x))
		}
		return nil
	}
	switch v.Kind() {
	case value.KindUnit:
		switch t.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
			dst.SetZero()
			return nil
		}
	case value.KindBool:
		if t.Kind() == reflect.Bool {
			dst.SetBool(v.Bool())
			return nil
		}
	case value.KindInt:
		switch n := v.Int(); {
		case dst.CanInt() && !dst.OverflowInt(n):
			dst.SetInt(n)
			return nil
		case dst.CanUint() && n >= 0 && !dst.OverflowUint(uint64(n)):
			dst.SetUint(uint64(n))
			return nil
		case dst.CanInt() || dst.CanUint():
			mismatch.why = strconv.FormatInt(n, 10) + " is out of range"
		}
	case value.KindFloat:
		if dst.CanFloat() {
			dst.SetFloat(v.Float())
			return nil
		}
	case value.KindChar:
		switch t.Kind() {
		case reflect.Int32:
			dst.SetInt(int64(v.Char()))
			return nil
		case reflect.String:
			dst.SetString(string(v.Char()))
			return nil
		}
	case value.KindString:
		if t.Kind() == reflect.String {
			dst.SetString(v.Str())
			return nil
		}
	case value.KindTime:
		if t == timeType {
			dst.Set(reflect.ValueOf(v.Time()))
			return nil
		}
	case value.KindFn:
		if t == fnType {
			dst.Set(reflect.ValueOf(v.Fn()))
			return nil
		}
	case value.KindBlob:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
			dst.SetBytes(append([]byte(nil), v.Blob().Bytes...))
			return nil
		}
	case value.KindArray:
		return arrayFromValue(v, dst, depth, mismatch)
	case value.KindMap:
		return mapFromValue(v, dst, depth, mismatch)
	case value.KindHost:
		x := reflect.ValueOf(v.Host().V)
		switch {
		case x.Type().AssignableTo(t):
			dst.Set(x)
			return nil
		case x.CanInt() && dst.CanInt() && !dst.OverflowInt(x.Int()):
			dst.SetInt(x.Int())
			return nil
		case x.CanUint() && dst.CanUint() && !dst.OverflowUint(x.Uint()):
			dst.SetUint(x.Uint())
			return nil
		case x.CanUint() && dst.CanInt() && x.Uint() <= math.MaxInt64 && !dst.OverflowInt(int64(x.Uint())):
			dst.SetInt(int64(x.Uint()))
			return nil
		case x.CanFloat() && dst.CanFloat():
			dst.SetFloat(x.Float())
			return nil
		case x.Kind() == reflect.Pointer && x.Type().Elem() == t:
			dst.Set(x.Elem())
			return nil
		}
	}
	if t.Kind() == reflect.Pointer && t != fnType {
		// A pointer to something that the value fits.
		p := reflect.New(t.Elem())
		if err := fromValue(v, p.Elem(), depth+1); err == nil {
			dst.Set(p)
			return nil
		}
	}
	return mismatch
}

func arrayFromValue(v Dynamic, dst reflect.Value, depth int, mismatch *mismatchError) error {
	items := v.Array().Items
	switch dst.Kind() {
	case reflect.Slice:
		s := reflect.MakeSlice(dst.Type(), len(items), len(items))
		dst.Set(s)
	case reflect.Array:
		if dst.Len() != len(items) {
			mismatch.why = fmt.Sprintf("%d elements for an array of %d", len(items), dst.Len())
			return mismatch
		}
	default:
		return mismatch
	}
	for i := range items {
		if err := fromValue(items[i], dst.Index(i), depth+1); err != nil {
			return inPath("["+strconv.Itoa(i)+"]", err)
		}
	}
	return nil
}

func mapFromValue(v Dynamic, dst reflect.Value, depth int, mismatch *mismatchError) error {
	t := dst.Type()
	switch {
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		m := reflect.MakeMapWithSize(t, v.Map().Len())
		dst.Set(m)
		for k, x := range v.Map().All() {
			e := reflect.New(t.Elem()).Elem()
			if err := fromValue(x, e, depth+1); err != nil {
				return inPath("."+k, err)
			}
			m.SetMapIndex(reflect.ValueOf(k).Convert(t.Key()), e)
		}
		return nil
	case t.Kind() == reflect.Struct && t != timeType:
		for i := range t.NumField() {
			f := t.Field(i)
			name := fieldName(&f)
			if name == "" {
				continue
			}
			if x, ok := v.Map().Get(name); ok {
				if err := fromValue(x, dst.Field(i), depth+1); err != nil {
					return inPath("."+name, err)
				}
			}
		}
		return nil
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		p := reflect.New(t.Elem())
		if err := mapFromValue(v, p.Elem(), depth+1, mismatch); err != nil {
			return err
		}
		dst.Set(p)
		return nil
	}
	return mismatch
}

// toAny returns the natural Go form of a value.
func toAny(v Dynamic, depth int) (any, error) {
	if depth > maxConvertDepth {
		return nil, errTooDeep
	}
	v = v.Flat().Plain()
	switch v.Kind() {
	case value.KindUnit:
		return nil, nil
	case value.KindBool:
		return v.Bool(), nil
	case value.KindInt:
		return v.Int(), nil
	case value.KindFloat:
		return v.Float(), nil
	case value.KindChar:
		return v.Char(), nil
	case value.KindString:
		return v.Str(), nil
	case value.KindTime:
		return v.Time(), nil
	case value.KindFn:
		return v.Fn(), nil
	case value.KindBlob:
		return append([]byte(nil), v.Blob().Bytes...), nil
	case value.KindHost:
		return v.Host().V, nil
	case value.KindArray:
		items := v.Array().Items
		out := make([]any, len(items))
		for i := range items {
			x, err := toAny(items[i], depth+1)
			if err != nil {
				return nil, inPath("["+strconv.Itoa(i)+"]", err)
			}
			out[i] = x
		}
		return out, nil
	case value.KindMap:
		out := make(map[string]any, v.Map().Len())
		for k, e := range v.Map().All() {
			x, err := toAny(e, depth+1)
			if err != nil {
				return nil, inPath("."+k, err)
			}
			out[k] = x
		}
		return out, nil
	}
	return v, nil
}
