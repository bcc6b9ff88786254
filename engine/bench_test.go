package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// BenchmarkScripts runs each script of testdata/bench, with its result checked
// before.
func BenchmarkScripts(b *testing.B) {
	eng := engine.New(packages.Standard())
	for name, want := range benchResults(b) {
		ast, err := eng.Compile(readBench(b, name))
		if err != nil {
			b.Fatal(name, err)
		}
		b.Run(name, func(b *testing.B) {
			v, err := eng.Run(context.Background(), nil, ast)
			if err != nil {
				b.Fatal(err)
			}
			if got := value.Debug(v); got != want {
				b.Fatalf("result %s, want %s", got, want)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := eng.Run(context.Background(), nil, ast); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
