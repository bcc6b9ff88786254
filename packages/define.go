package packages

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Short names for what every function here is made of.
type (
	context = *engine.CallContext
	dynamic = engine.Dynamic
	native  = func(c *engine.CallContext, a []engine.Dynamic) (engine.Dynamic, error)
)

// library fills a module. Each method adds a function from its signature, such
// as "pad(array: array, len: int, item: any)" or "len(text: string) -> int", with
// a sentence of documentation; its example is in examples.txt. A parameter of type range* makes two overloads,
// one per kind of range.
type library struct {
	m    *engine.Module
	leaf engine.LeafFunc // of the functions to add
	of2  operation
	does string
}

// operation is a function of two arguments, see [engine.Func.Binary].
type operation = func(c context, x, y *dynamic) (dynamic, error)

// operator adds a function of two arguments that is called most as an operator.
func (l library) operator(sig, doc string, f operation) {
	l.of2 = f
	l.fn(sig, doc, func(c context, a []dynamic) (dynamic, error) { return f(c, &a[0], &a[1]) })
}

// with returns the library for a function that has a short form.
func (l library) with(leaf engine.LeafFunc) library {
	l.leaf = leaf
	return l
}

// doing returns the library for a function of which [engine.Func.Does] says what it does.
func (l library) doing(what string) library {
	l.does = what
	return l
}

// fn adds a function that takes its arguments by value.
func (l library) fn(sig, doc string, f native) { l.add(sig, doc, f, engine.Func{}) }

// pure adds a method that only reads its receiver.
func (l library) pure(sig, doc string, f native) {
	l.add(sig, doc, f, engine.Func{Receiver: engine.ReceiverRead})
}

// mut adds a method that changes its receiver.
func (l library) mut(sig, doc string, f native) {
	l.add(sig, doc, f, engine.Func{Receiver: engine.ReceiverChanged})
}

// strict adds a method that only reads its receiver but, as in Rhai, cannot be
// called on a constant.
func (l library) strict(sig, doc string, f native) {
	l.add(sig, doc, f, engine.Func{Receiver: engine.ReceiverGuarded})
}

// volatile adds a function that is never called at compile time.
func (l library) volatile(sig, doc string, f native) {
	l.add(sig, doc, f, engine.Func{Volatile: true})
}

// prop adds a function of one argument that is also a property.
func (l library) prop(sig, doc string, f native) {
	l.add(sig, doc, f, engine.Func{Receiver: engine.ReceiverRead})
	l.add("get$"+sig, doc, f, engine.Func{Receiver: engine.ReceiverRead})
}

// typeIDs are the types in signatures.
var typeIDs = map[string]value.TypeID{
	"any": value.TypeAny, "()": value.TypeUnit, "bool": value.TypeBool, "int": value.TypeInt,
	"float": value.TypeFloat, "char": value.TypeChar, "string": value.TypeString,
	"range": value.TypeRange, "range=": value.TypeRangeInclusive, "timestamp": value.TypeTime,
	"Fn": value.TypeFn, "array": value.TypeArray, "blob": value.TypeBlob, "map": value.TypeMap,
	"i8": hostID[int8](), "i16": hostID[int16](), "i32": hostID[int32](),
	"u8": hostID[uint8](), "u16": hostID[uint16](), "u32": hostID[uint32](), "u64": hostID[uint64](),
	"f32":         hostID[float32](),
	"range of i8": hostID[sizedRange[int8]](), "range of i16": hostID[sizedRange[int16]](),
	"range of i32": hostID[sizedRange[int32]](), "range of u8": hostID[sizedRange[uint8]](),
	"range of u16": hostID[sizedRange[uint16]](), "range of u32": hostID[sizedRange[uint32]](),
	"range of u64": hostID[sizedRange[uint64]](),
}

func hostID[T any]() value.TypeID { return value.HostTypeOf(reflect.TypeFor[T]()).ID }

// asksHost adds a function that calls one of the host, which may take its time: the run
// looks afterwards whether it was cancelled. It is never called at compile time.
func (l library) asksHost(sig, doc string, f native) {
	l.put(sig, doc, f, engine.Func{Volatile: true})
}

// add adds a function that returns soon, or looks at the context by itself.
func (l library) add(sig, doc string, fn native, f engine.Func) {
	f.Brief = true
	l.put(sig, doc, fn, f)
}

// put adds a function as f says.
func (l library) put(sig, doc string, fn native, f engine.Func) {
	if strings.Contains(sig, "range*") {
		l.put(strings.Replace(sig, "range*", "range", 1), doc, fn, f)
		l.put(strings.Replace(sig, "range*", "range=", 1), doc, fn, f)
		return
	}
	name, rest, ok := strings.Cut(sig, "(")
	end := strings.LastIndex(rest, ")")
	if i := strings.Index(rest, ") -> "); i >= 0 {
		end, f.Result = i, rest[i+5:]
	}
	if !ok || end < 0 {
		panic("packages: malformed signature " + sig)
	}
	f.Name, f.Doc, f.Fn, f.Leaf, f.Binary, f.Does = name, doc, fn, l.leaf, l.of2, l.does
	f.Borrows = true
	f.Example = exampleOf(name, rest[:end])
	f.Params = []value.TypeID{}
	if list := rest[:end]; list != "" {
		for _, p := range strings.Split(list, ", ") {
			param, typ, _ := strings.Cut(p, ": ")
			id, ok := typeIDs[typ]
			if !ok {
				panic(fmt.Sprintf("packages: unknown type %q in %s", typ, sig))
			}
			f.Params = append(f.Params, id)
			f.ParamNames = append(f.ParamNames, param+": "+typ)
		}
	}
	if size := resultSizes[f.Result]; size > 0 {
		f.Fn = func(c context, a []dynamic) (dynamic, error) {
			if err := c.Charge(size); err != nil {
				return unit, err
			}
			return fn(c, a)
		}
	}
	l.m.Add(&f)
}

// resultSizes are the sizes of results of types that no script value shares: each
// is an object of its own. Functions with other results account for them.
var resultSizes = func() map[string]int {
	m := map[string]int{"range": value.RangeSize + value.HostSize, "timestamp": value.TimeSize, "f32": value.HostSize}
	for _, t := range []string{"i8", "i16", "i32", "u8", "u16", "u32", "u64"} {
		m[t] = value.HostSize
	}
	return m
}()

// clip resolves a start, which counts from the end if negative, and a length
// against size: both are clamped.
func clip(size int, start, length int64) (at, n int) {
	s := int64(size)
	if start < 0 {
		if start += s; start < 0 {
			start = 0
		}
	}
	if start >= s {
		return size, 0
	}
	if length <= 0 {
		return int(start), 0
	}
	return int(start), int(min(length, s-start))
}

// span turns a range into a start and a length. Negative numbers do not count
// from the end, and a reversed inclusive range still covers one item.
func span(r dynamic) (start, length int64) {
	start, end := r.Range()
	start = max(start, 0)
	end = max(end, start)
	if r.Kind() == value.KindRangeInclusive && end < maxInt {
		end++
	}
	return start, end - start
}

// maxInt is the end of an open range, and a length that is not limited.
const maxInt = 1<<63 - 1

// bounds returns start and length from the arguments behind the receiver: a
// range, or two numbers, or a number. used is how many arguments they took.
func bounds(a []dynamic) (start, length int64, used int) {
	switch a[0].Kind() {
	case value.KindRange, value.KindRangeInclusive:
		start, length = span(a[0])
		return start, length, 1
	}
	if len(a) > 1 && a[1].IsInt() {
		return a[0].Int(), a[1].Int(), 2
	}
	return a[0].Int(), maxInt, 1
}

// index resolves an index that counts from the end if negative.
func index(size int, i int64) (int, bool) {
	if i < 0 {
		i += int64(size)
	}
	return int(i), i >= 0 && i < int64(size)
}

// isTrue reports whether a predicate said yes: anything but a bool is a no.
func isTrue(v dynamic) bool {
	return v.IsBool() && v.Bool()
}

// arithmeticError is a failure of a computation.
func arithmeticError(text string) error { return &engine.Error{Kind: engine.ErrArithmetic, Text: text} }

// thrown is an error that scripts catch as the string text.
func thrown(text string) error {
	return &engine.Error{Kind: engine.ErrRuntime, Text: "Runtime error: " + text, Value: value.String(text)}
}

var unit = value.Unit
