package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/dop251/goja"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	lua "github.com/yuin/gopher-lua"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// expression is what rules engines evaluate, in all languages, with its variables and with
// the value of the first one in the i-th evaluation.
type expression struct {
	name                      string
	rhai, expr, js, lua, star string
	vars                      []string
	first                     func(i int) any
	rest                      []any
}

// Helpers of languages that have no function like some or any.
const (
	luaAny  = "local function any(list, f) for _, x in ipairs(list) do if f(x) then return true end end return false end\n"
	starAny = "def any_of(list, f):\n  for x in list:\n    if f(x):\n      return True\n  return False\n"
)

var expressions = []expression{
	{
		"rule", `age >= 18 && country == "DE"`, `age >= 18 && country == "DE"`,
		`age >= 18 && country == "DE"`, `age >= 18 and country == "DE"`, `age >= 18 and country == "DE"`,
		[]string{"age", "country"}, func(i int) any { return 1000 + i%7 }, []any{"DE"},
	},
	{
		"arithmetic", "(a + b) * c - d / e", "(a + b) * c - d / e", "(a + b) * c - d / e", "(a + b) * c - d / e", "(a + b) * c - d / e",
		[]string{"a", "b", "c", "d", "e"}, func(i int) any { return float64(i % 7) }, []any{2.0, 3.0, 4.0, 5.0},
	},
	{
		"any", "list.some(|x| x > 7)", "any(list, # > 7)",
		"list.some(x => x > 7)", "any(list, function(x) return x > 7 end)", "any_of(list, lambda x: x > 7)",
		[]string{"list"}, func(int) any { return numbers(1, 8) }, nil,
	},
	{
		"any64", "list.some(|x| x > 70)", "any(list, # > 70)",
		"list.some(x => x > 70)", "any(list, function(x) return x > 70 end)", "any_of(list, lambda x: x > 70)",
		[]string{"list"}, func(int) any { return numbers(0, 63) }, nil,
	},
	{
		"anymap", `list.some(|x| x.age > 70 && x.name != "")`, `any(list, .age > 70 && .name != "")`,
		`list.some(x => x.age > 70 && x.name != "")`, `any(list, function(x) return x.age > 70 and x.name ~= "" end)`,
		`any_of(list, lambda x: x["age"] > 70 and x["name"] != "")`,
		[]string{"list"}, func(int) any {
			var out []any
			for i := range 64 {
				out = append(out, map[string]any{"age": i, "name": "somebody"})
			}
			return out
		}, nil,
	},
	{
		"nested", `user.address.city == "Berlin"`, `user.address.city == "Berlin"`,
		`user.address.city == "Berlin"`, `user.address.city == "Berlin"`, `user["address"]["city"] == "Berlin"`,
		[]string{"user"}, func(int) any { return map[string]any{"address": map[string]any{"city": "Berlin"}} }, nil,
	},
}

// numbers returns the integers from first to last.
func numbers(first, last int) []any {
	var out []any
	for i := first; i <= last; i++ {
		out = append(out, i)
	}
	return out
}

// parameters joins names for the head of a function.
func parameters(names []string) (out string) {
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += n
	}
	return out
}

// BenchmarkExpressions evaluates expressions as prepared scripts, as compiled programs of
// expr with a machine that is used again, and as functions of the other languages that are
// called from Go. Values that are no scalars are made once; scalars are passed as Go has
// them, new ones each time.
func BenchmarkExpressions(b *testing.B) {
	for _, x := range expressions {
		firsts := make([]any, 7)
		for i := range firsts {
			firsts[i] = x.first(i)
		}
		want := ""
		for _, e := range []struct {
			name string
			make func(x expression, firsts []any) (func(i int) (any, error), error)
		}{
			{"rhai-tui", evalRhai}, {"expr", evalExpr}, {"goja", evalGoja}, {"gopher-lua", evalLua}, {"starlark", evalStarlark},
		} {
			b.Run(x.name+"/"+e.name, func(b *testing.B) {
				eval, err := e.make(x, firsts)
				if err != nil {
					b.Fatal(err)
				}
				v, err := eval(1)
				if err != nil {
					b.Fatal(err)
				}
				got := fmt.Sprint(v)
				if f, ok := v.(float64); ok {
					got = number(f)
				}
				if want == "" {
					want = got
				} else if got != want {
					b.Fatalf("%s, not %s", got, want)
				}
				i := 0
				b.ReportAllocs()
				for b.Loop() {
					i++
					if _, err := eval(i); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func evalRhai(x expression, firsts []any) (func(i int) (any, error), error) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(x.rhai)
	if err != nil {
		return nil, err
	}
	p, err := ast.Prepare(eng, x.vars...)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(x.vars))
	copy(args[1:], x.rest)
	values := make([]any, len(firsts))
	for i, f := range firsts {
		if values[i] = f; !isScalar(f) {
			values[i] = engine.V(f)
		}
	}
	ctx := context.Background()
	return func(i int) (any, error) {
		args[0] = values[i%7]
		v, err := p.Eval(ctx, args...)
		if f, ok := v.AsFloat(); ok {
			if i != 1 {
				return nil, err // a float in an interface is an object of the benchmark's
			}
			return f, err
		}
		return v.Bool(), err
	}, nil
}

func isScalar(x any) bool {
	switch x.(type) {
	case int, float64, string:
		return true
	}
	return false
}

func evalExpr(x expression, firsts []any) (func(i int) (any, error), error) {
	env := map[string]any{x.vars[0]: firsts[0]}
	for i, v := range x.rest {
		env[x.vars[i+1]] = v
	}
	prog, err := expr.Compile(x.expr, expr.Env(env))
	if err != nil {
		return nil, err
	}
	var machine vm.VM
	return func(i int) (any, error) {
		env[x.vars[0]] = firsts[i%7]
		return machine.Run(prog, env)
	}, nil
}

func evalGoja(x expression, firsts []any) (func(i int) (any, error), error) {
	m := goja.New()
	v, err := m.RunString("(function(" + parameters(x.vars) + ") { return " + x.js + " })")
	if err != nil {
		return nil, err
	}
	call, _ := goja.AssertFunction(v)
	values := make([]goja.Value, len(firsts))
	for i, f := range firsts {
		if !isScalar(f) {
			// A value of the language, not a view of Go's.
			text, err := json(f)
			if err != nil {
				return nil, err
			}
			if values[i], err = m.RunString("(" + text + ")"); err != nil {
				return nil, err
			}
		}
	}
	args := make([]goja.Value, len(x.vars))
	return func(i int) (any, error) {
		if args[0] = values[i%7]; args[0] == nil {
			args[0] = m.ToValue(firsts[i%7])
		}
		for k, v := range x.rest {
			args[k+1] = m.ToValue(v)
		}
		v, err := call(goja.Undefined(), args...)
		if err != nil {
			return nil, err
		}
		if f, ok := v.Export().(int64); ok {
			return float64(f), nil
		}
		return v.Export(), nil
	}, nil
}

// json returns a value as text.
func json(x any) (string, error) {
	v, err := engine.ToValue(x)
	if err != nil {
		return "", err
	}
	text, err := v.MarshalJSON()
	return string(text), err
}

func luaValue(l *lua.LState, x any) lua.LValue {
	switch x := x.(type) {
	case int:
		return lua.LNumber(x)
	case float64:
		return lua.LNumber(x)
	case string:
		return lua.LString(x)
	case []any:
		t := l.NewTable()
		for _, v := range x {
			t.Append(luaValue(l, v))
		}
		return t
	case map[string]any:
		t := l.NewTable()
		for k, v := range x {
			t.RawSetString(k, luaValue(l, v))
		}
		return t
	}
	return lua.LNil
}

func evalLua(x expression, firsts []any) (func(i int) (any, error), error) {
	l := lua.NewState()
	if err := l.DoString(luaAny + "return function(" + parameters(x.vars) + ") return " + x.lua + " end"); err != nil {
		return nil, err
	}
	fn := l.Get(-1)
	l.Pop(1)
	values := make([]lua.LValue, len(firsts))
	for i, f := range firsts {
		if !isScalar(f) {
			values[i] = luaValue(l, f)
		}
	}
	args := make([]lua.LValue, len(x.vars))
	return func(i int) (any, error) {
		if args[0] = values[i%7]; args[0] == nil {
			args[0] = luaValue(l, firsts[i%7])
		}
		for k, v := range x.rest {
			args[k+1] = luaValue(l, v)
		}
		if err := l.CallByParam(lua.P{Fn: fn, NRet: 1, Protect: true}, args...); err != nil {
			return nil, err
		}
		v := l.Get(-1)
		l.Pop(1)
		if n, ok := v.(lua.LNumber); ok {
			return float64(n), nil
		}
		return v == lua.LTrue, nil
	}, nil
}

func starValue(x any) starlark.Value {
	switch x := x.(type) {
	case int:
		return starlark.MakeInt(x)
	case float64:
		return starlark.Float(x)
	case string:
		return starlark.String(x)
	case []any:
		var out []starlark.Value
		for _, v := range x {
			out = append(out, starValue(v))
		}
		return starlark.NewList(out)
	case map[string]any:
		d := starlark.NewDict(len(x))
		for k, v := range x {
			if err := d.SetKey(starlark.String(k), starValue(v)); err != nil {
				panic(err)
			}
		}
		return d
	}
	return starlark.None
}

func evalStarlark(x expression, firsts []any) (func(i int) (any, error), error) {
	src := starAny + "def f(" + parameters(x.vars) + "):\n  return " + x.star + "\n"
	thread := &starlark.Thread{Name: "bench"}
	globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, thread, "bench.star", src, nil)
	if err != nil {
		return nil, err
	}
	values := make([]starlark.Value, len(firsts))
	for i, f := range firsts {
		if !isScalar(f) {
			values[i] = starValue(f)
			values[i].Freeze()
		}
	}
	args := make(starlark.Tuple, len(x.vars))
	return func(i int) (any, error) {
		if args[0] = values[i%7]; args[0] == nil {
			args[0] = starValue(firsts[i%7])
		}
		for k, v := range x.rest {
			args[k+1] = starValue(v)
		}
		v, err := starlark.Call(thread, globals["f"], args, nil)
		if f, ok := v.(starlark.Float); ok {
			return float64(f), err
		}
		return v == starlark.True, err
	}, nil
}
