package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// adaptReflect returns the adapter for a function of any type. Everything that
// depends on types is decided here; a call converts the arguments, calls through
// reflection and converts the result.
func adaptReflect(f *Func, fn reflect.Value, first int) NativeFunc {
	name := f.Name
	t := fn.Type()
	n := t.NumIn()
	decode := make([]argDecoder, n)
	var store func(*Dynamic, reflect.Value) error
	for i := first; i < n; i++ {
		in := t.In(i)
		if i == first && in.Kind() == reflect.Pointer && in != fnType && in.Elem() != fnType {
			decode[i], store = decodeReceiver(f, in)
			continue
		}
		decode[i] = decodeArg(in)
	}
	outs := t.NumOut()
	fails := outs > 0 && t.Out(outs-1) == errorType
	gives := outs > 0 && t.Out(0) != errorType
	wantsRun := first == 1 && t.In(0) == goContextType
	return func(c *CallContext, args []Dynamic) (Dynamic, error) {
		in := make([]reflect.Value, n)
		if first == 1 {
			if wantsRun {
				in[0] = reflect.ValueOf(c.Context())
			} else {
				in[0] = reflect.ValueOf(c)
			}
		}
		for i := first; i < n; i++ {
			v, err := decode[i](c, &args[i-first])
			if err != nil {
				return value.Unit, argumentError(f, i-first, err)
			}
			in[i] = v
		}
		out := fn.Call(in)
		if store != nil {
			if err := store(&args[0], in[first]); err != nil {
				return value.Unit, err
			}
		}
		if fails {
			if err, _ := out[len(out)-1].Interface().(error); err != nil {
				return value.Unit, err
			}
		}
		if !gives {
			return value.Unit, nil
		}
		if out[0].Kind() == reflect.Pointer {
			// An argument that comes back is the same value, not a second one that
			// would share its memory.
			for i := first; i < n; i++ {
				if in[i].Kind() == reflect.Pointer && in[i].Pointer() == out[0].Pointer() && !out[0].IsNil() {
					if a := args[i-first].Flat(); a.Kind() == value.KindHost && a.Host().V == out[0].Interface() {
						return a.Share(), nil
					}
				}
			}
		}
		to := toConverter{keep: c.vm.cfg.keepWidths}
		v, err := to.any(out[0].Interface(), 0)
		if err != nil {
			return value.Unit, runtimeError(fmt.Sprintf("result of function '%s': %s", name, err), nil)
		}
		return v, nil
	}
}

// argumentError is the error of an argument whose type matched but whose content
// does not fit.
func argumentError(f *Func, i int, err error) error {
	name := ""
	if i < len(f.ParamNames) {
		name, _, _ = strings.Cut(f.ParamNames[i], ":")
		name = " (" + name + ")"
	}
	return runtimeError(fmt.Sprintf("argument #%d%s of function '%s': %s", i+1, name, f.Name, conversionText(err)), nil)
}

// conversionText is the text of a failed conversion without what it is about.
func conversionText(err error) string {
	if p := (*pathError)(nil); errors.As(err, &p) {
		return strings.TrimPrefix(p.path, ".") + ": " + conversionText(p.err)
	}
	return strings.TrimPrefix(err.Error(), "Output type incorrect: ")
}

// argDecoder makes a Go value of an argument.
type argDecoder func(c *CallContext, v *Dynamic) (reflect.Value, error)

// decodeArg returns how an argument becomes a Go value of type t.
func decodeArg(t reflect.Type) argDecoder {
	if isHostPointer(t) {
		return func(_ *CallContext, v *Dynamic) (reflect.Value, error) {
			if h := v.Flat().Plain(); h.Kind() == value.KindHost {
				// The callee gets an object of its own, as with every other type.
				h.Share()
				own := h.OwnHost()
				*v = h
				if x := reflect.ValueOf(own.V); x.Type() == t {
					return x, nil
				}
			}
			return reflect.Value{}, &mismatchError{want: goTypeName(t), got: *v}
		}
	}
	calls := holdsFunc(t, nil)
	return func(c *CallContext, v *Dynamic) (reflect.Value, error) {
		x := reflect.New(t).Elem()
		from := fromConverter{}
		if calls {
			from.eng = c.Engine()
		}
		err := from.value(*v, x, 0)
		return x, err
	}
}

// decodeReceiver returns how a receiver becomes a pointer of type t, and how it
// is stored back; store is nil if the pointer is into the value itself.
func decodeReceiver(f *Func, t reflect.Type) (decode argDecoder, store func(*Dynamic, reflect.Value) error) {
	e := t.Elem()
	if isHostPointer(t) {
		return func(_ *CallContext, v *Dynamic) (reflect.Value, error) {
			*v = v.Plain()
			if v.Kind() != value.KindHost {
				return reflect.Value{}, &mismatchError{want: goTypeName(t), got: *v}
			}
			h := v.Host()
			if f.Receiver == ReceiverChanged {
				h = v.OwnHost()
			}
			x := reflect.ValueOf(h.V)
			if x.Type() != t {
				return reflect.Value{}, &mismatchError{want: goTypeName(t), got: *v}
			}
			return x, nil
		}, nil
	}
	if e == valueType {
		return func(_ *CallContext, v *Dynamic) (reflect.Value, error) { return reflect.ValueOf(v), nil }, nil
	}
	decode = func(_ *CallContext, v *Dynamic) (reflect.Value, error) {
		p := reflect.New(e)
		c := fromConverter{}
		err := c.value(*v, p.Elem(), 0)
		return p, err
	}
	store = func(v *Dynamic, p reflect.Value) error {
		if f.Receiver != ReceiverChanged {
			return nil
		}
		c := toConverter{keep: v.Kind() == value.KindHost} // a number keeps the width it has
		x, err := c.any(p.Elem().Interface(), 0)
		if err == nil {
			*v = x
		}
		return err
	}
	return decode, store
}
