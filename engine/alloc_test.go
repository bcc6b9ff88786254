package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// pricing is a second package beside the standard one, as an embedder has it.
var pricing = engine.NewPackage("pricing", func(m *engine.Module) {
	m.Func("discount", func(x int64) int64 { return x / 10 })
})

// perCall runs a script the way "one engine per call" does.
func perCall(ctx context.Context, ast *engine.AST, std, own *engine.Module) (engine.Dynamic, error) {
	raw := engine.NewRaw()
	raw.RegisterGlobalModule(std)
	raw.RegisterGlobalModule(own)
	scope := engine.NewScope()
	scope.Push("x", int64(42))
	return raw.Run(ctx, scope, ast)
}

// onGlobal runs it on an engine that exists already.
func onGlobal(ctx context.Context, eng *engine.Engine, ast *engine.AST) (engine.Dynamic, error) {
	scope := engine.NewScope()
	scope.Push("x", int64(42))
	return eng.Run(ctx, scope, ast)
}

// pinned checks that f allocates at most n objects per run.
func pinned(t *testing.T, what string, n float64, f func() error) {
	t.Helper()
	if raceEnabled {
		t.Skip("pools drop items under the race detector")
	}
	if err := f(); err != nil {
		t.Fatal(err)
	}
	if got := testing.AllocsPerRun(200, func() { _ = f() }); got > n {
		t.Errorf("%s allocates %v objects, want at most %v", what, got, n)
	}
}

func TestAllocsPerCall(t *testing.T) {
	ctx := context.Background()
	std, own := packages.Standard().SharedModule(), pricing.SharedModule()
	eng := engine.New(packages.Standard(), pricing)
	compile := func(src string) *engine.AST {
		ast, err := eng.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		return ast
	}
	one := compile("x + 1")
	pinned(t, "raw engine per call", 0, func() error { _, err := perCall(ctx, one, std, own); return err })
	pinned(t, "global engine", 0, func() error { _, err := onGlobal(ctx, eng, one); return err })
	double := compile("fn double(x) { x + x }")
	pinned(t, "a function called by the host", 0, func() error {
		_, err := eng.CallFunc(ctx, engine.NewScope(), double, "double", int64(21))
		return err
	})
	four := compile("a + b + c + d")
	pinned(t, "four variables", 0, func() error {
		scope := engine.NewScope()
		scope.Push("a", int64(1)).Push("b", int64(2)).Push("c", int64(3)).Push("d", int64(4))
		_, err := eng.Run(ctx, scope, four)
		return err
	})
	pinned(t, "a raw engine that is configured", 2, func() error {
		e := engine.NewRaw().RegisterGlobalModule(std)
		e.SetLimits(engine.Limits{Operations: 1e6}).OnPrint(func(context.Context, string) {}).SetStrictVariables(true)
		return nil
	})
	pinned(t, "engine.New", 4, func() error { engine.New(packages.Standard()); return nil })

	loop := compile("let s = 0; for i in 0..1000 { s += i * 2 } s")
	pinned(t, "a loop over integers", 0, func() error { _, err := eng.Run(ctx, nil, loop); return err })
	calls := compile("fn f(a, b) { a + b } let s = 0; for i in 0..1000 { s = f(s, i) } s")
	pinned(t, "1000 script calls", 0, func() error { _, err := eng.Run(ctx, nil, calls); return err })
	natives := compile("let s = 0; for i in 0..1000 { s += discount(i) } s")
	varying := compile("let a = [1, 2.5]; let s = 0.0; for i in 0..1000 { s += max(a[i % 2], a[i / 2 % 2]); } s")
	pinned(t, "1000 native calls with varying types", 8, func() error { _, err := eng.Run(ctx, nil, varying); return err })
	pinned(t, "1000 native calls", 0, func() error { _, err := eng.Run(ctx, nil, natives); return err })
}

// BenchmarkEnginePerCall compares the two ways to provide an engine to a call.
func BenchmarkEnginePerCall(b *testing.B) {
	ctx := context.Background()
	std, own := packages.Standard().SharedModule(), pricing.SharedModule()
	eng := engine.New(packages.Standard(), pricing)
	scripts := []struct{ name, src string }{
		{"trivial", "x + 1"},
		{"100_native_calls", "let s = 0; for i in 0..100 { s += discount(i) } s + x"},
		{"100_script_calls", "fn f(a, b) { a + b } let s = 0; for i in 0..100 { s = f(s, i) } s + x"},
	}
	b.Run("raw_only", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			engine.NewRaw()
		}
	})
	b.Run("raw_with_modules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			engine.NewRaw().RegisterGlobalModule(std).RegisterGlobalModule(own)
		}
	})
	b.Run("raw_configured", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e := engine.NewRaw().RegisterGlobalModule(std).RegisterGlobalModule(own)
			e.SetLimits(engine.Limits{Operations: 1e6, StringSize: 1 << 20}).OnPrint(func(context.Context, string) {}).SetStrictVariables(true)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			engine.New(packages.Standard())
		}
	})
	for _, s := range scripts {
		ast, err := eng.Compile(s.src)
		if err != nil {
			b.Fatal(err)
		}
		run := map[string]func() error{
			"global": func() error { _, err := onGlobal(ctx, eng, ast); return err },
			"raw":    func() error { _, err := perCall(ctx, ast, std, own); return err },
		}
		for _, strategy := range []string{"global", "raw"} {
			f := run[strategy]
			b.Run(s.name+"/"+strategy, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
			for _, callers := range []int{2, 8} {
				b.Run(fmt.Sprintf("%s/%s/%d_callers", s.name, strategy, callers), func(b *testing.B) {
					b.ReportAllocs()
					b.SetParallelism(max(callers/runtime.GOMAXPROCS(0), 1))
					b.RunParallel(func(pb *testing.PB) {
						for pb.Next() {
							if err := f(); err != nil {
								b.Error(err)
								return
							}
						}
					})
				})
			}
		}
	}
}
