package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestCallbacksWithoutRunLoop compares callbacks that are evaluated without the run loop
// with observed runs, which never do so: results, errors, operations and what is left in
// the variables are the same, whatever the elements are, and wherever a limit ends the run.
func TestCallbacksWithoutRunLoop(t *testing.T) {
	eng := engine.New(packages.Standard())
	lists := []string{
		"[]", "[1, 2, 3, -4]", "[1.5, 2.0, 0.0 / 0.0]", "[true, false]", `["a", "b", ""]`, "['a', 'b']", "[(), 1]", "[[1], [2]]",
		"[#{a: 1, b: 2}, #{a: 5}]", "[#{a: [1], b: #{a: 3}}]", "[9223372036854775807, 1]", "[1, 2.5, 'x', \"y\", (), [1], #{a: 1}]", "[0..3, 1]",
		"{ let t = 5; t.tag = 3; [t, 1] }", "{ let s = 4; let f = || s; [f, s] }", "[|| 1]",
		"[[k], [k, 3]]", "[#{a: [k], b: #{a: k}}, #{a: k}]", "[blob(k), blob(3)]",
	}
	closures := []string{
		"|x| x", "|x| x > 1", "|x| x * 2 + 1", "|x| x - 1 == 0", "|x| x.a", "|x| x.a > 2 && x.b != 3", "|x| x.b.a", "|x| !x", "|x| if x > 1 { x } else { 0 }",
		"|x| if x { 1 } else { 2 }", `|x| x == "a" || x < "b"`, "|x| ()", "|x| { let y = x; y += 1; y }", "|x| k + x", "|x| x > k", "|x| { k += 1; k > x }",
		"|x, i| x == i", "|x, i| i % 2 == 0", "|| this == 1", "|| 7", "|x| 10 / x", "|x| x + 9223372036854775807", "|x| x ?? 3", "|x| x[0]", "|x| -x",
		"|a, b| a - b", "|a, b| a < b", "|a, b| a + b", "|x| { if x == 2 { return 5 } x }", "|x| x == x", "|x| x % 2 == 0 && x > 0", "|x, i, z| i",
	}
	natives := []string{"map", "filter", "some", "all", "find", "index_of", "find_map", "reduce", "sort", "retain", "drain", "dedup", "for_each"}
	exact := engine.WithSampler(context.Background(), engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(*engine.Sample) {}}))
	for _, list := range lists {
		for _, f := range closures {
			for _, native := range natives {
				src := fmt.Sprintf("let k = 2; let list = %s; let f = %s; let copy = list; let r = list.%s(f); try { r[0].push(1) } catch {} try { r[0].a = 9 } catch {} try { r.push(1) } catch {} [r, list, k, copy, r.tag]", list, f, native)
				ast, err := eng.Compile(src)
				if err != nil {
					t.Fatalf("%s: %v", src, err)
				}
				run := func(e *engine.Engine, observed bool) string {
					ctx := context.Background()
					if observed {
						ctx = exact
					}
					v, stats, err := e.RunStats(ctx, nil, ast)
					if err != nil {
						return fmt.Sprintf("%v, %d operations", err, stats.Operations)
					}
					return fmt.Sprintf("%s, %d operations", value.Debug(v), stats.Operations)
				}
				got, want := run(eng, false), run(eng, true)
				if got != want {
					t.Fatalf("%s:\n%s, observed:\n%s", src, got, want)
				}
				var n int
				if _, err := fmt.Sscanf(want[strings.LastIndex(want, ", ")+2:], "%d", &n); err != nil {
					t.Fatal(err)
				}
				for _, limit := range []int{n / 2, n - 3, n - 1} {
					limited := eng.Clone().SetLimits(engine.Limits{Operations: max(limit, 1)})
					if got, want := run(limited, false), run(limited, true); got != want {
						t.Fatalf("%s with %d operations:\n%s, observed:\n%s", src, limit, got, want)
					}
				}
				shallow := eng.Clone().SetLimits(engine.Limits{CallLevels: 1})
				if got, want := run(shallow, false), run(shallow, true); got != want {
					t.Fatalf("%s without levels:\n%s, observed:\n%s", src, got, want)
				}
			}
		}
	}
}
