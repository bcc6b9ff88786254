package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// BenchmarkHostCall calls a script function from Go, and runs a program as small as
// that.
func BenchmarkHostCall(b *testing.B) {
	eng, ctx := engine.New(packages.Standard()), context.Background()
	ast, err := eng.Compile(`fn f(x) { x + 1 }`)
	if err != nil {
		b.Fatal(err)
	}
	small, err := eng.Compile(`40 + 2`)
	if err != nil {
		b.Fatal(err)
	}
	for _, skip := range []bool{false, true} {
		name := "with_body"
		if skip {
			name = "function"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			scope, args := engine.NewScope(), []any{int64(41)}
			for b.Loop() {
				if _, err := eng.CallFuncWith(ctx, engine.CallOptions{SkipBody: skip}, scope, ast, "f", args...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("program", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := eng.Run(ctx, nil, small); err != nil {
				b.Fatal(err)
			}
		}
	})
}
