package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// ownFunc is a function that engines register for themselves.
func ownFunc(x int64) int64 { return x + 1 }

// BenchmarkLiveEngines makes engines with a function of their own while many others
// live.
func BenchmarkLiveEngines(b *testing.B) {
	std := packages.Standard()
	for _, live := range []int{1_000, 20_000, 100_000} {
		b.Run(fmt.Sprintf("own_func_%d", live), func(b *testing.B) {
			engines := make([]*engine.Engine, live)
			for i := range engines {
				engines[i] = engine.New(std).RegisterFunc("own", ownFunc)
			}
			runtime.GC()
			b.ReportAllocs()
			for b.Loop() {
				engine.New(std).RegisterFunc("own", ownFunc)
			}
			runtime.KeepAlive(engines)
		})
		b.Run(fmt.Sprintf("own_module_%d", live), func(b *testing.B) {
			engines := make([]*engine.Engine, live)
			for i := range engines {
				engines[i] = engine.New(std).RegisterGlobalModule(engine.NewModule("own"))
				engines[i].GlobalModules()
			}
			runtime.GC()
			b.ReportAllocs()
			for b.Loop() {
				engine.New(std).RegisterGlobalModule(engine.NewModule("own")).GlobalModules()
			}
			runtime.KeepAlive(engines)
		})
	}
}

// BenchmarkManyModules looks a function up on an engine with many modules.
func BenchmarkManyModules(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		eng := engine.New(packages.Standard())
		for i := range n {
			m := engine.NewModule("m")
			m.SetVar(fmt.Sprintf("V%d", i), i)
			eng.RegisterGlobalModule(m).RegisterStaticModule(fmt.Sprintf("s%d", i), m)
		}
		ast, err := eng.Compile("V3 + s5::V5 + x.to_string().len()")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				scope := engine.NewScope()
				scope.Push("x", int64(1))
				if _, err := eng.Run(context.Background(), scope, ast); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRawWith makes a raw engine with a configuration prepared before.
func BenchmarkRawWith(b *testing.B) {
	cfg := engine.NewConfig().SetLimits(engine.Limits{Operations: 1e6})
	std := packages.Standard().SharedModule()
	ast, err := engine.NewRaw().RegisterGlobalModule(std).Compile("1 + 1")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.NewRawWith(cfg).RegisterGlobalModule(std).Run(context.Background(), nil, ast); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOwnFunctions checks which of several functions alike wins, whenever they were
// registered, and that an engine in use is not changed.
func TestOwnFunctions(t *testing.T) {
	f := func(n int64) func() int64 { return func() int64 { return n } }
	eng := newStandard().RegisterFunc("f", f(1)).RegisterFunc("g", f(10)).RegisterFunc("f", f(2))
	expect(t, eng, "f() + g()", "12")
	old, err := eng.Compile("f() + g()")
	if err != nil {
		t.Fatal(err)
	}
	eng.RegisterFunc("f", f(3)).RegisterFunc("h", f(100))
	expect(t, eng, "f() + g() + h()", "113")
	if v, err := eng.Run(t.Context(), nil, old); err != nil || value.Debug(v) != "13" {
		t.Error(value.Debug(v), err)
	}
	m := engine.NewModule("m")
	m.Func("f", f(4))
	eng.RegisterGlobalModule(m)
	expect(t, eng, "f() + g() + h()", "114")
	eng.RegisterFunc("f", f(5))
	expect(t, eng, "f() + g() + h()", "115")
	for range 100 {
		eng.RegisterFunc("f", f(6))
		expect(t, eng, "f() + g() + h()", "116")
	}
}

// TestManyModules checks that an engine with many modules finds what is in them.
func TestManyModules(t *testing.T) {
	const n = 3000
	eng := newStandard()
	for i := range n {
		m := engine.NewModule("m")
		m.Func("which", func() int64 { return int64(i) })
		m.Func(fmt.Sprintf("f%d", i), func() int64 { return int64(i) })
		m.SetVar(fmt.Sprintf("V%d", i), i)
		m.SetVar("V", i)
		eng.RegisterGlobalModule(m).RegisterStaticModule(fmt.Sprintf("s%d", i), m).RegisterStaticModule("s", m)
	}
	expect(t, eng, "[which(), f0(), f2999(), V0, V2999, V, s0::which(), s2999::which(), s::which(), [3, 1].len()]", "[2999, 0, 2999, 0, 2999, 2999, 0, 2999, 2999, 2]")
	if got := len(eng.GlobalModules()); got != n+1 {
		t.Errorf("%d modules", got)
	}
	if got := len(eng.StaticModules()); got != n+1 {
		t.Errorf("%d static modules", got)
	}
}

// TestRegistrationsAreCheap checks by allocations that an engine and a function cost
// the same however many there are.
func TestRegistrationsAreCheap(t *testing.T) {
	if raceEnabled {
		t.Skip("counts allocations")
	}
	std := packages.Standard()
	one := testing.AllocsPerRun(100, func() { engine.New(std).RegisterFunc("own", ownFunc) })
	var live []*engine.Engine
	for range 5000 {
		live = append(live, engine.New(std).RegisterFunc("own", ownFunc))
	}
	if many := testing.AllocsPerRun(100, func() { engine.New(std).RegisterFunc("own", ownFunc) }); many > one+1 {
		t.Errorf("an engine takes %v allocations, %v if others live", one, many)
	}
	runtime.KeepAlive(live)
	names := make([]string, 2000)
	for i := range names {
		names[i] = fmt.Sprint("f", i)
	}
	per := func(n int) float64 {
		return testing.AllocsPerRun(5, func() {
			eng := engine.New(std)
			for _, name := range names[:n] {
				eng.RegisterFunc(name, ownFunc)
			}
		}) / float64(n)
	}
	if few, many := per(100), per(2000); many > few*1.5 {
		t.Errorf("a function takes %v allocations among 100, %v among 2000", few, many)
	}
}

// TestConfig checks that raw engines share what was prepared.
func TestConfig(t *testing.T) {
	var printed string
	type key struct{}
	cfg := engine.NewConfig().SetLimits(engine.Limits{Operations: 100, ArraySize: 3}).SetStrictVariables(true).SetOptimization(engine.OptimizeFull).
		SetResolver(engine.SourceResolver(map[string]string{"m": "export const X = 1;"})).
		OnPrint(func(ctx context.Context, text string) { printed = fmt.Sprint(text, ctx.Value(key{})) }).
		Set(func(e *engine.Engine) {
			e.SetFailOnInvalidMapProperty(true).Allow(engine.Looping, false)
		})
	std := packages.Standard().SharedModule()
	raw := engine.NewRawWith(cfg).RegisterGlobalModule(std)
	ctx := context.WithValue(t.Context(), key{}, 7)
	if v, err := raw.Eval(ctx, `import "m" as m; print("x"); m::X`); err != nil || value.Debug(v) != "1" || printed != "x7" {
		t.Error(v, err, printed)
	}
	for script, want := range map[string]string{
		"loop { }": "Syntax error", "[1, 2].map(|x| [1, 2, 3, 4])": "Syntax error", "let m = #{}; m.x": "Property not found", "zork": "Syntax error: Undefined variable",
	} {
		if _, err := raw.Eval(ctx, script); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", script, err)
		}
	}
	// An engine that is changed keeps the others as they were.
	raw.SetLimits(engine.Limits{})
	if _, err := engine.NewRawWith(cfg).RegisterGlobalModule(std).Eval(ctx, `let a = []; a.pad(5, 0)`); !errors.Is(err, engine.ErrDataTooLarge) {
		t.Error(err)
	}
	if _, err := raw.Eval(ctx, `let a = []; a.pad(5, 0)`); err != nil {
		t.Error(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a configuration in use was changed")
			}
		}()
		cfg.SetLimits(engine.Limits{})
	}()
	ast, err := engine.NewRaw().RegisterGlobalModule(std).Compile("40 + 2")
	if err != nil {
		t.Fatal(err)
	}
	pinned(t, "a raw engine with a configuration", 0, func() error {
		_, err := engine.NewRawWith(cfg).RegisterGlobalModule(std).Run(context.Background(), nil, ast)
		return err
	})
	late, stop := context.WithTimeout(t.Context(), 0)
	defer stop()
	<-late.Done()
	if _, err := raw.Eval(late, "1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
