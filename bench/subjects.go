package main

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/d5/tengo/v2"
	"github.com/d5/tengo/v2/stdlib"
	"github.com/dop251/goja"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	lua "github.com/yuin/gopher-lua"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// subjects are the engines; the first is the one the others are compared with.
var subjects = []subject{
	{name: "rhai-tui", ext: ".rhai", prepare: prepareRhai},
	{name: "gopher-lua", ext: ".lua", prepare: prepareLua},
	{name: "tengo", ext: ".tengo", prepare: prepareTengo},
	{name: "goja", ext: ".js", prepare: prepareGoja},
	{name: "starlark", ext: ".star", prepare: prepareStarlark},
	{name: "expr", ext: ".expr", prepare: prepareExpr},
}

func next(x int64) int64 { return x + 1 }

func prepareRhai(src string) (func() (string, error), error) {
	own := engine.NewPackage("own", func(m *engine.Module) { m.Func("next", next) })
	eng := engine.New(packages.Standard(), own)
	ast, err := eng.Compile(src)
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		v, err := eng.Run(context.Background(), nil, ast)
		if err != nil {
			return "", err
		}
		if v.IsFloat() {
			return number(v.Float()), nil
		}
		return v.String(), nil
	}, nil
}

// number writes integers and floats alike: some languages have only floats, and
// not all keep the last digit.
func number(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', 12, 64)
}

func prepareLua(src string) (func() (string, error), error) {
	l := lua.NewState(lua.Options{RegistryMaxSize: 1 << 20})
	l.SetGlobal("next_", l.NewFunction(func(l *lua.LState) int {
		l.Push(lua.LNumber(next(int64(l.CheckNumber(1)))))
		return 1
	}))
	fn, err := l.LoadString(src)
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		l.Push(fn)
		if err := l.PCall(0, 1, nil); err != nil {
			return "", err
		}
		v := l.Get(-1)
		l.Pop(1)
		if n, ok := v.(lua.LNumber); ok {
			return number(float64(n)), nil
		}
		return v.String(), nil
	}, nil
}

func prepareTengo(src string) (func() (string, error), error) {
	s := tengo.NewScript([]byte(src))
	s.SetImports(stdlib.GetModuleMap("text"))
	err := s.Add("next", &tengo.UserFunction{Name: "next", Value: func(args ...tengo.Object) (tengo.Object, error) {
		x, _ := tengo.ToInt64(args[0])
		return &tengo.Int{Value: next(x)}, nil
	}})
	if err != nil {
		return nil, err
	}
	c, err := s.Compile()
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		if err := c.Run(); err != nil {
			return "", err
		}
		if f, ok := c.Get("result").Value().(float64); ok {
			return number(f), nil
		}
		return fmt.Sprint(c.Get("result").Value()), nil
	}, nil
}

func prepareGoja(src string) (func() (string, error), error) {
	prog, err := goja.Compile("bench", src, false)
	if err != nil {
		return nil, err
	}
	vm := goja.New()
	if err := vm.Set("next", next); err != nil {
		return nil, err
	}
	return func() (string, error) {
		v, err := vm.RunProgram(prog)
		if err != nil {
			return "", err
		}
		if f, ok := v.Export().(float64); ok {
			return number(f), nil
		}
		return v.String(), nil
	}, nil
}

func prepareStarlark(src string) (func() (string, error), error) {
	opts := &syntax.FileOptions{While: true, Recursion: true, TopLevelControl: true, GlobalReassign: true}
	env := starlark.StringDict{
		"next": starlark.NewBuiltin("next", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			x, err := starlark.AsInt32(args[0])
			if err != nil {
				return nil, err
			}
			return starlark.MakeInt64(next(int64(x))), nil
		}),
	}
	_, prog, err := starlark.SourceProgramOptions(opts, "bench.star", src, env.Has)
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		out, err := prog.Init(&starlark.Thread{Name: "bench"}, env)
		if err != nil {
			return "", err
		}
		switch v := out["result"].(type) {
		case starlark.Bool:
			return strconv.FormatBool(bool(v)), nil
		case starlark.Float:
			return number(float64(v)), nil
		default:
			return v.String(), nil
		}
	}, nil
}

func prepareExpr(src string) (func() (string, error), error) {
	// The bound goes through a variable: expr folds a sum over a constant range when it compiles.
	env := map[string]any{"one": 1}
	prog, err := expr.Compile(src, expr.Env(env), expr.Function("next", func(args ...any) (any, error) {
		return int(next(int64(args[0].(int)))), nil
	}, new(func(int) int)))
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		v := vm.VM{MemoryBudget: 1 << 30}
		out, err := v.Run(prog, env)
		if err != nil {
			return "", err
		}
		return fmt.Sprint(out), nil
	}, nil
}
