package engine

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Bind returns a script function as a Go function of type F, such as
//
//	price, err := engine.Bind[func(int64, string) (float64, error)](eng, ast, "price")
//
// F has an error as its last result, and at most one result before it. A first
// parameter of type context.Context is the context of the run, which is
// context.Background() without it. The other parameters are converted by [ToValue], the
// result as by [Engine.FromValue]. Each call runs the script's body with a scope of its
// own and then the function, as [Engine.CallFunc] does; [AST.WithoutBody] spares the
// body. The Go function may be called by any number of goroutines at a time.
//
// An empty name stands for the script itself: the parameters are variables of the script,
// with the names that it was compiled with ([CompileOptions].Names), and the result is the
// value of its last statement.
//
// It is an error if F is no such type, and of kind ErrFunctionNotFound if the script has
// no function of that name with as many parameters.
func Bind[F any](e *Engine, ast *AST, name string) (F, error) {
	var f F
	t := reflect.TypeFor[F]()
	if err := e.bindable(t, ast); err != nil {
		return f, err
	}
	call := func(ctx context.Context, args []Dynamic) (Dynamic, error) {
		return e.callFunc(ctx, CallOptions{}, nil, ast, name, args)
	}
	n := scriptParams(t)
	switch {
	case name == "":
		names := ast.names()
		if n != len(names) {
			return f, systemError(fmt.Sprintf("%s has %d parameters for a script that was compiled with %d names", t, n, len(names)), nil)
		}
		call = func(ctx context.Context, args []Dynamic) (Dynamic, error) {
			var scope Scope
			for i, a := range args {
				scope.push(names[i], a, false)
			}
			return e.Run(ctx, &scope, ast)
		}
	case !ast.HasFunc(name, n):
		return f, functionNotFound(fmt.Sprintf("%s with %d parameters", name, n)).in(ast.source)
	}
	reflect.ValueOf(&f).Elem().Set(makeFunc(e, t, call))
	return f, nil
}

// FromValue is [FromValue], and function pointers and closures fit func types too, also
// inside of slices, maps and structs:
//
//	var onClick func(ctx context.Context, x, y int) (string, error)
//	err := eng.FromValue(closure, &onClick)
//
// The func types are those of [Bind]. The Go function calls the script function as
// [Engine.CallFn] does, with e, which must not be configured any more: at any time, from any
// number of goroutines.
func (e *Engine) FromValue(v Dynamic, dst any) error { return fromValue(e.ready(), v, dst) }

// bindable reports why a script cannot become a Go function of type t.
func (e *Engine) bindable(t reflect.Type, ast *AST) error {
	if e.ready(); ast == nil || ast.prog == nil {
		return e.nothing(context.Background())
	}
	if t.Kind() != reflect.Func {
		return systemError(t.String()+" is no function type", nil)
	}
	if why := badFunc(t, nil); why != "" {
		return systemError(t.String()+" "+why, nil)
	}
	return nil
}

// badFunc returns why a script function cannot become a Go function of type t, "" if it
// can. around are the types that it occurs in.
func badFunc(t reflect.Type, around []reflect.Type) string {
	outs := t.NumOut()
	switch {
	case t.IsVariadic():
		return "cannot stand for a script function: it is variadic"
	case outs == 0 || outs > 2 || t.Out(outs-1) != errorType || outs == 2 && t.Out(0) == errorType:
		return "cannot stand for a script function: it must return an error, or a value and an error"
	case scriptParams(t) > MaxParams:
		return fmt.Sprintf("cannot stand for a script function: it has more than %d parameters", MaxParams)
	}
	for i := t.NumIn() - scriptParams(t); i < t.NumIn(); i++ {
		if why := unfit(t.In(i), true); why != "" {
			return fmt.Sprintf("cannot stand for a script function: parameter %d of type %s %s", i+1, t.In(i), why)
		}
	}
	if outs == 2 {
		if why := unfitIn(t.Out(0), false, append(around, t)); why != "" {
			return fmt.Sprintf("cannot stand for a script function: the result of type %s %s", t.Out(0), why)
		}
	}
	return ""
}

// scriptParams is how many parameters of a Go function are those of the script function.
func scriptParams(t reflect.Type) int {
	if t.NumIn() > 0 && t.In(0) == goContextType {
		return t.NumIn() - 1
	}
	return t.NumIn()
}

// holdsFunc reports whether values of type t may hold functions.
func holdsFunc(t reflect.Type, around []reflect.Type) bool {
	if slices.Contains(around, t) {
		return false
	}
	around = append(around, t)
	switch t.Kind() {
	case reflect.Func:
		return true
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		return holdsFunc(t.Elem(), around)
	case reflect.Struct:
		for _, f := range infoOfGo(t).fields {
			if holdsFunc(t.FieldByIndex(f.index).Type, around) {
				return true
			}
		}
	}
	return false
}

// goFunc stores a function pointer in a variable of a func type.
func (c *fromConverter) goFunc(v Dynamic, dst reflect.Value) error {
	t := dst.Type()
	if why := badFunc(t, nil); why != "" {
		return mismatch(v, dst, t.String()+" "+why)
	}
	if c.eng == nil {
		return mismatch(v, dst, "to become a Go function it needs an engine, see Engine.FromValue")
	}
	fn, eng := value.Freeze(v), c.eng
	dst.Set(makeFunc(eng, t, func(ctx context.Context, args []Dynamic) (Dynamic, error) {
		return eng.callFn(ctx, fn, CallOptions{}, args)
	}))
	return nil
}

// makeFunc returns a Go function of type t that converts its arguments, calls call, and
// converts the result.
func makeFunc(eng *Engine, t reflect.Type, call func(ctx context.Context, args []Dynamic) (Dynamic, error)) reflect.Value {
	first := t.NumIn() - scriptParams(t)
	outs := t.NumOut()
	keep := eng.cfg.keepWidths
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		results := make([]reflect.Value, outs)
		if outs == 2 {
			results[0] = reflect.New(t.Out(0)).Elem()
		}
		v, err := callConverted(in, first, keep, call)
		if err == nil && outs == 2 {
			c := fromConverter{eng: eng}
			if err = converted(c.value(v, results[0], 0)); err != nil {
				results[0].SetZero()
			}
		}
		results[outs-1] = reflect.Zero(errorType)
		if err != nil {
			results[outs-1] = reflect.ValueOf(&err).Elem()
		}
		return results
	})
}

// callConverted converts the arguments of a Go function and calls call.
func callConverted(in []reflect.Value, first int, keep bool, call func(ctx context.Context, args []Dynamic) (Dynamic, error)) (Dynamic, error) {
	ctx := context.Background()
	if first > 0 {
		ctx, _ = in[0].Interface().(context.Context)
	}
	args := make([]Dynamic, len(in)-first)
	for i, x := range in[first:] {
		to := toConverter{keep: keep}
		v, err := to.value(x, 0)
		if err != nil {
			return value.Unit, systemError(fmt.Sprintf("argument #%d: %s", i+1, err), err)
		}
		args[i] = value.Freeze(v)
	}
	return call(ctx, args)
}
