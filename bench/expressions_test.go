package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// expressions are what rules engines evaluate: in both languages, with their variables,
// and with the value of the first one in the i-th evaluation.
var expressions = []struct {
	name, rhai, expr string
	vars             []string
	first            func(i int) any
	rest             []any
}{
	{
		"rule", `age >= 18 && country == "DE"`, `age >= 18 && country == "DE"`,
		[]string{"age", "country"}, func(i int) any { return 1000 + i%7 }, []any{"DE"},
	},
	{
		"arithmetic", "(a + b) * c - d / e", "(a + b) * c - d / e",
		[]string{"a", "b", "c", "d", "e"}, func(i int) any { return float64(i % 7) }, []any{2.0, 3.0, 4.0, 5.0},
	},
	{
		"any", "list.some(|x| x > 7)", "any(list, # > 7)",
		[]string{"list"}, func(int) any { return []any{1, 2, 3, 4, 5, 6, 7, 8} }, nil,
	},
	{
		"any64", "list.some(|x| x > 70)", "any(list, # > 70)",
		[]string{"list"}, func(int) any { return numbers(64) }, nil,
	},
	{
		"anymap", `list.some(|x| x.age > 70 && x.name != "")`, `any(list, .age > 70 && .name != "")`,
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
		[]string{"user"}, func(int) any { return map[string]any{"address": map[string]any{"city": "Berlin"}} }, nil,
	},
}

// numbers returns the integers below n.
func numbers(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// BenchmarkExpressions evaluates expressions as prepared scripts, and as compiled programs
// of expr with a machine that is used again. Values that are no scalars are made once.
func BenchmarkExpressions(b *testing.B) {
	ctx := context.Background()
	eng := engine.New(packages.Standard())
	for _, x := range expressions {
		firsts := make([]any, 7)
		for i := range firsts {
			firsts[i] = x.first(i)
		}
		var results [2]string
		b.Run(x.name+"/rhai-tui", func(b *testing.B) {
			ast, err := eng.Compile(x.rhai)
			if err != nil {
				b.Fatal(err)
			}
			p, err := ast.Prepare(eng, x.vars...)
			if err != nil {
				b.Fatal(err)
			}
			args := make([]any, len(x.vars))
			copy(args[1:], x.rest)
			values := make([]any, len(firsts))
			for i, f := range firsts {
				switch f.(type) {
				case int, float64:
					values[i] = f
				default:
					values[i] = engine.V(f)
				}
			}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				i++
				args[0] = values[i%7]
				v, err := p.Eval(ctx, args...)
				if err != nil {
					b.Fatal(err)
				}
				if i == 1 {
					results[0] = v.String()
				}
			}
		})
		b.Run(x.name+"/expr", func(b *testing.B) {
			env := map[string]any{x.vars[0]: firsts[0]}
			for i, v := range x.rest {
				env[x.vars[i+1]] = v
			}
			prog, err := expr.Compile(x.expr, expr.Env(env))
			if err != nil {
				b.Fatal(err)
			}
			var machine vm.VM
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				i++
				env[x.vars[0]] = firsts[i%7]
				v, err := machine.Run(prog, env)
				if err != nil {
					b.Fatal(err)
				}
				if i == 1 {
					results[1] = fmt.Sprint(v)
				}
			}
		})
		if results[0] != results[1] && results[0] != "" && results[1] != "" && x.name != "arithmetic" {
			b.Errorf("%s: %s and %s", x.name, results[0], results[1])
		}
	}
}
