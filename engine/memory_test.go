package engine_test

import (
	"context"
	"runtime"
	"testing"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestMemory pins what values take.
func TestMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector changes sizes")
	}
	if n := unsafe.Sizeof(value.Value{}); n != 16 {
		t.Errorf("a value takes %d bytes, want 16", n)
	}
	eng := engine.New(packages.Standard())
	for _, c := range []struct {
		src string
		max uint64
	}{
		{`let a = []; a.pad(1_000_000, 7); a`, 17 << 20},
		{`let a = []; for i in 0..1_000_000 { a.push(i) } a`, 21 << 20},
		{`let b = blob(1_000_000); b`, 2 << 20},
		// Nothing but the result stays.
		{`let a = []; a.pad(1_000_000, 7); let m = #{ a: a, b: [a, a] }; let f = || a; f.call().len()`, 1 << 20},
		{`fn deep(n) { let a = []; a.pad(1000, n); if n > 0 { deep(n - 1) } else { a.len() } } deep(50)`, 1 << 20},
		{`try { let a = []; a.pad(1_000_000, 7); throw a; } catch (e) { 1 }`, 1 << 20},
	} {
		// The first run grows what is pooled.
		ast, err := eng.Compile(c.src)
		if err != nil {
			t.Fatal(err)
		}
		run := func() any {
			v, err := eng.Run(context.Background(), nil, ast)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		run()
		kept, v := retained(run)
		if int64(kept) > int64(c.max) {
			t.Errorf("%s\nkeeps %d bytes, want at most %d", c.src, kept, c.max)
		}
		runtime.KeepAlive(v)
	}
}

// BenchmarkOutside measures a loop of 1,000 that reads two variables of the host's
// scope, or two constants.
func BenchmarkOutside(b *testing.B) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("let s = 0; for i in 0..1000 { s += rate * i; if i > limit { s -= limit; } } s")
	if err != nil {
		b.Fatal(err)
	}
	for name, push := range map[string]func(*engine.Scope, string, any) *engine.Scope{
		"variables": (*engine.Scope).Push, "constants": (*engine.Scope).PushConst,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scope := engine.NewScope()
				push(scope, "rate", int64(3))
				push(scope, "limit", int64(900))
				if _, err := eng.Run(context.Background(), scope, ast); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNativeCall measures a call of func(int64) int64, with what the loop
// around it takes.
func BenchmarkNativeCall(b *testing.B) {
	benchCalls(b, `let s = 0; for i in 0..1000 { s = discount(s); } s`, 1000)
}

// BenchmarkScriptCall measures a call of a script function.
func BenchmarkScriptCall(b *testing.B) {
	benchCalls(b, `fn f(x) { x } let s = 0; for i in 0..1000 { s = f(s); } s`, 1000)
}

// BenchmarkCallback measures closures that natives call.
func BenchmarkCallback(b *testing.B) {
	const setup = `let a = []; a.pad(1000, 3); `
	for name, src := range map[string]string{
		"map": `a.map(|x| x + 1).len()`, "filter": `a.filter(|x| x > 1).len()`, "for_each": `a.for_each(|i| this += i); 0`,
		"reduce": `a.reduce(|s, x| s + x, 0)`, "some": `a.some(|x| x > 5)`,
	} {
		b.Run(name, func(b *testing.B) { benchCalls(b, setup+src, 1000) })
	}
	b.Run("sort", func(b *testing.B) {
		benchCalls(b, `let a = []; for i in 0..1000 { a.push(i * 7919 % 1009) } a.sort(|x, y| x - y); a[0]`, 10_000)
	})
}

// benchCalls reports the time per call of a script that makes n of them.
func benchCalls(b *testing.B, src string, n int) {
	eng := engine.New(packages.Standard(), pricing)
	ast, err := eng.Compile(src)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := eng.Run(context.Background(), nil, ast); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/call")
}
