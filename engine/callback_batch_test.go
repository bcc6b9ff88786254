package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestCallbacksForManyElements compares callbacks that are evaluated for many elements at
// once with observed runs, which call them one by one: results, errors, operations and what
// is left in the variables are the same, wherever an element is no integer or has no result
// that is one, and wherever the operations end.
func TestCallbacksForManyElements(t *testing.T) {
	eng := engine.New(packages.Standard())
	rnd := rand.New(rand.NewPCG(1, 2))
	operands := []string{"x", "y", "k", "3", "2", "8", "0", "-1", "c", "x", "x", "9223372036854775807", "5000000000", "2.5"}
	operators := []string{"+", "-", "*", "/", "%", "+", "-", "*", "%", "==", "<", ">", "<=", ">=", "!=", "**", "&"}
	var expr func(depth int, params string) string
	expr = func(depth int, params string) string {
		if depth == 0 || rnd.IntN(6) == 0 {
			for {
				o := operands[rnd.IntN(len(operands))]
				if o != "y" || strings.Contains(params, "y") {
					return o
				}
			}
		}
		return fmt.Sprintf("(%s %s %s)", expr(depth-1, params), operators[rnd.IntN(len(operators))], expr(depth-1, params))
	}
	elements := []string{"i", "i - 50", "i * 37 % 101", "i * 4000000000", "9223372036854775800 + i % 9", "i % 3"}
	odd := []string{"2.5", "()", `"text"`, "true", "[1]", "9223372036854775807", "0"}
	calls := []struct{ params, call string }{
		{"x", "list.map(f)"}, {"x, y", "list.map(f)"}, {"x", "list.filter(f)"}, {"x", "list.some(f)"}, {"x", "list.all(f)"}, {"x", "list.find(f)"},
		{"x", "list.find_map(f)"}, {"x", "list.index_of(f, 3)"}, {"y, x", "list.reduce(f, 1)"}, {"x, y", "list.reduce(f)"}, {"x, y", "list.reduce(f, 2.5)"}, {"x, y", "list.sort(f)"},
		{"x, y", "list.reduce_rev(f, 1)"}, {"x, y", "list.find(f)"},
	}
	exact := engine.WithSampler(context.Background(), engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(*engine.Sample) {}}))
	run := func(e *engine.Engine, ctx context.Context, src string) (string, int) {
		ast, err := e.Compile(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		v, stats, err := e.RunStats(ctx, nil, ast)
		if err != nil {
			return fmt.Sprintf("%v, %d operations", err, stats.Operations), int(stats.Operations)
		}
		return fmt.Sprintf("%s, %d operations", value.Debug(v), stats.Operations), int(stats.Operations)
	}
	for range 3000 {
		n := []int{3, 5, 31, 64, 65, 130}[rnd.IntN(6)]
		src := fmt.Sprintf("let k = %d; const c = 5; let list = []; for i in 0..%d { list.push(%s); } ", rnd.IntN(7)-1, n, elements[rnd.IntN(len(elements))])
		for range rnd.IntN(3) {
			src += fmt.Sprintf("list[%d] = %s; ", rnd.IntN(n), odd[rnd.IntN(len(odd))])
		}
		if rnd.IntN(8) == 0 {
			src += "k = 0.5; "
		}
		call := calls[rnd.IntN(len(calls))]
		src += fmt.Sprintf("let f = |%s| %s; ", call.params, expr(1+rnd.IntN(3), call.params))
		if rnd.IntN(3) == 0 {
			src += "k += 1; "
		}
		src += "let copy = list; "
		whole := "let r = %s; [r, list, copy, k]"
		_, before := run(eng, exact, src+fmt.Sprintf(whole, "[]"+strings.TrimPrefix(call.call, "list")))
		src += fmt.Sprintf(whole, call.call)
		got, _ := run(eng, context.Background(), src)
		want, operations := run(eng, exact, src)
		if got != want {
			t.Fatalf("%s:\n%s, observed:\n%s", src, got, want)
		}
		limited := eng.Clone().SetLimits(engine.Limits{Operations: before + 3 + rnd.IntN(max(operations-before-3, 1))})
		got, _ = run(limited, context.Background(), src)
		if want, _ = run(limited, exact, src); got != want {
			t.Fatalf("%s with a limit:\n%s, observed:\n%s", src, got, want)
		}
	}
}
