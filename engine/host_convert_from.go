package engine

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

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
	return asOther[T](v)
}

// asOther is As for other types, apart from it so that the result of the common ones is
// no object on the heap.
func asOther[T any](v Dynamic) (T, error) {
	var out T
	err := FromValue(v, &out)
	return out, err
}

// FromValue stores a Rhai value in the Go variable that dst points to, the other
// way round than [ToValue], whose table says what becomes what. Beyond the table:
//
//   - an i64 fits every integer type that can hold the number, and floats; an f64
//     float64, and float32 if it is not too large; a char a rune or string;
//   - an array fits Go arrays of its length, a blob those of bytes;
//   - a map fits structs, whose fields keep their contents if it lacks the
//     property, and pointers to structs;
//   - () fits whatever can be nil, and types with a method Scan;
//   - whatever fits T fits *T too, which is a new variable;
//   - a function pointer or closure fits *value.Fn, and with [Engine.FromValue], which
//     knows what to run it with, func types;
//   - a value of a registered type fits *T, which is the object itself, no longer
//     written by scripts but when it is a reference; T, which is a copy of its own;
//     and interfaces that *T implements.
//
// An any receives nil, int64, float64, bool, rune, string, []any, []byte,
// map[string]any, [time.Time], *value.Fn, the Go value of a host type, or the
// Dynamic itself for a range.
//
// Anything else is an *Error of kind ErrMismatchOutputType, whose text names the
// part that did not fit; what fitted before is stored. So are values nested more
// than 10,000 levels deep and those with more than 10,000,000 parts, where a part
// that several others share counts as often as it occurs. FromValue panics if dst
// is no pointer.
func FromValue(v Dynamic, dst any) error { return fromValue(nil, v, dst) }

func fromValue(eng *Engine, v Dynamic, dst any) error {
	r := reflect.ValueOf(dst)
	if r.Kind() != reflect.Pointer || r.IsNil() {
		panic("engine: FromValue needs a pointer to a variable")
	}
	c := fromConverter{eng: eng}
	return converted(c.value(v, r.Elem(), 0))
}

// converted returns the error for the host of a conversion that ended with err.
func converted(err error) error {
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

// mismatch is the error of a value that does not fit a variable.
func mismatch(v Dynamic, dst reflect.Value, why string) error {
	return &mismatchError{want: goTypeName(dst.Type()), got: v, why: why}
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
	case reflect.Func:
		return "Fn"
	}
	return value.HostTypeOf(t).Name
}

// fromConverter converts one Rhai value.
type fromConverter struct {
	parts int
	eng   *Engine // that runs script functions which become Go functions, nil for none
}

// count notes another part at some depth.
func (c *fromConverter) count(depth int) error {
	if depth > maxConvertDepth {
		return errTooDeep
	}
	if c.parts++; c.parts > maxConvertParts {
		return errTooLarge
	}
	return nil
}

func (c *fromConverter) value(v Dynamic, dst reflect.Value, depth int) error {
	if err := c.count(depth); err != nil {
		return err
	}
	v = v.Flat()
	t := dst.Type()
	if t == valueType {
		dst.Set(reflect.ValueOf(value.Freeze(v)))
		return nil
	}
	v = v.Plain()
	if t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		c.parts--
		x, err := c.any(v, depth)
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
	if v.Kind() == value.KindHost {
		if done, err := fromHost(v, dst); done || err != nil {
			return err
		}
	} else if t.Kind() == reflect.Struct || t.Kind() == reflect.String {
		if info := infoOfGo(t); info.scans || info.class == classNumber {
			return c.special(v, dst, info, depth)
		}
	}
	switch v.Kind() {
	case value.KindUnit:
		switch t.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map, reflect.Func:
			dst.SetZero()
			return nil
		}
	case value.KindBool:
		if t.Kind() == reflect.Bool {
			dst.SetBool(v.Bool())
			return nil
		}
	case value.KindInt:
		if dst.CanInt() || dst.CanUint() {
			return setInt(v, v.Int(), dst)
		}
		if dst.CanFloat() {
			dst.SetFloat(float64(v.Int()))
			return nil
		}
	case value.KindFloat:
		if dst.CanFloat() {
			if dst.OverflowFloat(v.Float()) {
				return mismatch(v, dst, strconv.FormatFloat(v.Float(), 'g', -1, 64)+" is out of range")
			}
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
		if t.Kind() == reflect.Func {
			return c.goFunc(v, dst)
		}
	case value.KindBlob:
		b := v.Blob().Bytes
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
			dst.SetBytes(append([]byte(nil), b...))
			return nil
		}
		if t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8 && t.Len() == len(b) {
			for i, x := range b {
				dst.Index(i).SetUint(uint64(x))
			}
			return nil
		}
	case value.KindArray:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			return c.array(v, dst, depth)
		}
	case value.KindMap:
		switch {
		case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
			return c.goMap(v, dst, depth)
		case t.Kind() == reflect.Struct && t != timeType:
			return c.structFields(v, dst, depth)
		case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
			p := reflect.New(t.Elem())
			if err := c.value(v, p.Elem(), depth+1); err != nil {
				return err
			}
			dst.Set(p)
			return nil
		}
	}
	if t.Kind() == reflect.Pointer && t != fnType {
		// A pointer to something that the value fits.
		p := reflect.New(t.Elem())
		switch err := c.value(v, p.Elem(), depth+1); {
		case err == nil:
			dst.Set(p)
			return nil
		case errors.Is(err, errTooDeep), errors.Is(err, errTooLarge):
			return err
		}
	}
	return mismatch(v, dst, "")
}

// setInt stores a whole number in a variable of an integer type.
func setInt(v Dynamic, n int64, dst reflect.Value) error {
	switch {
	case dst.CanInt() && !dst.OverflowInt(n):
		dst.SetInt(n)
	case dst.CanUint() && n >= 0 && !dst.OverflowUint(uint64(n)):
		dst.SetUint(uint64(n))
	default:
		return mismatch(v, dst, strconv.FormatInt(n, 10)+" is out of range")
	}
	return nil
}

// fromHost stores the Go value behind a host value. done is false if it does not
// fit.
func fromHost(v Dynamic, dst reflect.Value) (done bool, err error) {
	h := v.Host()
	x, t := reflect.ValueOf(h.V), dst.Type()
	switch {
	case x.Type().AssignableTo(t):
		v.Share() // from now on the host has it too
		dst.Set(x)
	case x.Kind() == reflect.Pointer && x.Type().Elem() == t:
		if h.Type.Role() == value.ByRef {
			return false, mismatch(v, dst, "a reference is not copied")
		}
		dst.Set(reflect.ValueOf(h.Type.Copy(h.V)).Elem())
	case x.CanInt() && (dst.CanInt() || dst.CanUint()):
		return true, setInt(v, x.Int(), dst)
	case x.CanUint() && dst.CanUint() && !dst.OverflowUint(x.Uint()):
		dst.SetUint(x.Uint())
	case x.CanUint() && dst.CanInt() && x.Uint() <= math.MaxInt64:
		return true, setInt(v, int64(x.Uint()), dst)
	case x.CanUint() && (dst.CanInt() || dst.CanUint()):
		return false, mismatch(v, dst, strconv.FormatUint(x.Uint(), 10)+" is out of range")
	case x.CanFloat() && dst.CanFloat():
		dst.SetFloat(x.Float())
	default:
		return false, nil
	}
	return true, nil
}

// special stores a value in a json.Number, or in a type with a method Scan.
func (c *fromConverter) special(v Dynamic, dst reflect.Value, info *goInfo, depth int) error {
	if info.class == classNumber {
		switch v.Kind() {
		case value.KindInt:
			dst.SetString(strconv.FormatInt(v.Int(), 10))
			return nil
		case value.KindFloat:
			if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
				dst.SetString(strconv.FormatFloat(f, 'g', -1, 64))
				return nil
			}
		}
		return mismatch(v, dst, "")
	}
	x, err := c.any(v, depth+1)
	if err != nil {
		return err
	}
	if r, ok := x.(rune); ok {
		x = string(r)
	}
	if err := dst.Addr().Interface().(scanner).Scan(x); err != nil {
		return mismatch(v, dst, err.Error())
	}
	return nil
}

func (c *fromConverter) array(v Dynamic, dst reflect.Value, depth int) error {
	items := v.Array().Items
	if len(items) > maxConvertParts-c.parts {
		return errTooLarge
	}
	if dst.Kind() == reflect.Slice {
		dst.Set(reflect.MakeSlice(dst.Type(), len(items), len(items)))
	} else if dst.Len() != len(items) {
		return mismatch(v, dst, fmt.Sprintf("%d elements for an array of %d", len(items), dst.Len()))
	}
	for i := range items {
		if err := c.value(items[i], dst.Index(i), depth+1); err != nil {
			return inPath("["+strconv.Itoa(i)+"]", err)
		}
	}
	return nil
}

func (c *fromConverter) goMap(v Dynamic, dst reflect.Value, depth int) error {
	t := dst.Type()
	m := reflect.MakeMapWithSize(t, v.Map().Len())
	dst.Set(m)
	for k, x := range v.Map().All() {
		e := reflect.New(t.Elem()).Elem()
		if err := c.value(x, e, depth+1); err != nil {
			return inPath("."+k, err)
		}
		m.SetMapIndex(reflect.ValueOf(k).Convert(t.Key()), e)
	}
	return nil
}

func (c *fromConverter) structFields(v Dynamic, dst reflect.Value, depth int) error {
	info := infoOfGo(dst.Type())
	if info.class != classKind {
		return mismatch(v, dst, "")
	}
	for i := range info.fields {
		f := &info.fields[i]
		x, ok := v.Map().Get(f.name)
		if !ok {
			continue
		}
		field, ok := fieldOf(dst, f.index, true)
		if !ok {
			continue
		}
		if err := c.value(x, field, depth+1); err != nil {
			return inPath("."+f.name, err)
		}
	}
	return nil
}

// any returns the natural Go form of a value.
func (c *fromConverter) any(v Dynamic, depth int) (any, error) {
	if err := c.count(depth); err != nil {
		return nil, err
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
		v.Share() // from now on the host has it too
		return v.Host().V, nil
	case value.KindArray:
		items := v.Array().Items
		if len(items) > maxConvertParts-c.parts {
			return nil, errTooLarge
		}
		out := make([]any, len(items))
		for i := range items {
			x, err := c.any(items[i], depth+1)
			if err != nil {
				return nil, inPath("["+strconv.Itoa(i)+"]", err)
			}
			out[i] = x
		}
		return out, nil
	case value.KindMap:
		out := make(map[string]any, v.Map().Len())
		for k, e := range v.Map().All() {
			x, err := c.any(e, depth+1)
			if err != nil {
				return nil, inPath("."+k, err)
			}
			out[k] = x
		}
		return out, nil
	}
	return v, nil
}
