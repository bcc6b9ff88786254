package packages_test

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// BenchmarkCallbacks measures a script that calls back once per element of an
// array of 1,000: divide by 1,000 for the price of one.
func BenchmarkCallbacks(b *testing.B) {
	for name, call := range map[string]string{
		"map": "a.map(|v| v)", "map_native": `a.map(Fn("abs"))`, "filter": "a.filter(|v| v > 500)", "reduce": "a.reduce(|s, v| s + v, 0)",
		"for_each": "a.for_each(|| this += 1)", "index": "a.map(|v, i| i)", "some": "a.some(|v| v < 0)", "zip": "a.zip(a, |x, y| x)",
		"sort": "a.order(|x, y| y - x)", "this": "a.map(|| this)",
	} {
		b.Run(name, func(b *testing.B) {
			eng := engine.New(packages.Standard())
			scope := engine.NewScope()
			_, err := eng.EvalScope(b.Context(), scope, "let a = []; for i in 0..1000 { a.push(i); }")
			if err != nil {
				b.Fatal(err)
			}
			ast, err := eng.CompileScope(scope, call)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := eng.Run(b.Context(), scope, ast); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNatives measures one call per iteration of a loop of 1,000.
func BenchmarkNatives(b *testing.B) {
	for name, body := range map[string]string{
		"nothing": "", "len": "a.len();", "prop": "a.len;", "abs": "abs(-3);", "push": "a.push(1);", "get": "m.get(\"k\");",
		"max": "max(i, 3);", "float": "f.floor();", "contains": "s.contains('x');", "sub_string": "s.sub_string(1, 2);",
		"string_len": "s.len();", "typed": "double(i);",
	} {
		b.Run(name, func(b *testing.B) {
			eng := engine.New(packages.Standard())
			eng.RegisterFunc("double", func(n int64) int64 { return 2 * n })
			ast, err := eng.Compile(`let a = [1]; let m = #{ k: 1 }; let s = "some text"; let f = 1.5; for i in 0..1000 {` + body + `}`)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := eng.Run(b.Context(), nil, ast); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
