package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// quickScripts are expressions that need no machine, others that are nearly such, and those
// that change their scope.
var quickScripts = []string{
	"a + b", "a - b", "a * b", "a / b", "a % b", "a == b", "a < b", "a >= b", "a + 1", "1.5 - a", "a == \"DE\"", "a && b", "a || b", "!a", "-a",
	"if a < b { a } else { b }", "if a == 1 { 2 } else if b == 1 { 3 }", "a.a", "a.b.a", "a.b", "a.x", "a?.a", "a", "b", "()", "1", "missing", "missing + a", "a;",
	"{ let c = a; c }", "{ let c = a; c += 1; c }", "let c = a; c", "const C = 5; a + C", "a += 1; a", "a = b", "a = b; a", "a = 5", "a = a.a; 1", "b = !a", "b = ()", "a = a + b; b",
	"a.a = 7", "a.push(7); a", "{ let c = a; c.push(1); c }", "return a; b", "a ?? b", "switch a { 1 => 2, _ => b }", "`${a}`", "|x| a + x", "eval(\"a\")", "fn f(x) { x } a + 1", "fn f(x) { x } f(a)",
}

// quickScope makes a scope whose variables are made by a script, as a run leaves them.
func quickScope(t *testing.T, eng *engine.Engine, a, b string) *engine.Scope {
	t.Helper()
	scope := engine.NewScope()
	if _, err := eng.EvalScope(context.Background(), scope, fmt.Sprintf("let a = 0; let a = %s; let b = %s;", a, b)); err != nil {
		t.Fatal(err)
	}
	return scope
}

// TestQuickRuns compares runs without a machine with those that tell what they used, which
// always have one: results, errors and what is left in the scope, also after both sides
// have written to what the result and the scope hold.
func TestQuickRuns(t *testing.T) {
	eng := engine.New(packages.Standard())
	ctx := context.Background()
	write, err := eng.Compile("try { a.push(99) } catch {} try { a.b.a = 98 } catch {} try { b.push(97) } catch {} [a, b]")
	if err != nil {
		t.Fatal(err)
	}
	change, err := eng.Compile("try { r.push(1) } catch {} try { r.a = 2 } catch {} r")
	if err != nil {
		t.Fatal(err)
	}
	vals := []string{
		"1", "2.5", "true", "false", `"DE"`, `"some text"`, "'x'", "()", "[1, 2]", "#{a: 1, b: #{a: 5}}", "#{a: [1], b: #{a: \"DE\"}}", "9223372036854775807", "0",
		"|x| x", "{ let t = 5; t.tag = 3; t }", "1..3", "blob(2, 1)", "timestamp() - timestamp() < 1.0",
	}
	for _, src := range quickScripts {
		ast, err := eng.Compile(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		for range 3 {
			_, _ = eng.Run(ctx, engine.NewScope().Push("a", 1).Push("b", 2), ast)
		}
		for _, a := range vals {
			for _, b := range vals {
				run := func(quick bool) string {
					scope := quickScope(t, eng, a, b)
					var v engine.Dynamic
					var err error
					if quick {
						v, err = eng.Run(ctx, scope, ast)
					} else {
						v, _, err = eng.RunStats(ctx, scope, ast)
					}
					out := fmt.Sprintf("%s\n%s", shown(v, err), scope)
					written, _, err := eng.RunStats(ctx, scope, write)
					out += "written: " + shown(written, err) + ", result " + value.Debug(v)
					scope.Push("r", v)
					changed, _, err := eng.RunStats(ctx, scope, change)
					return out + ", changed: " + shown(changed, err) + "\n" + scope.String()
				}
				if got, want := run(true), run(false); got != want {
					t.Fatalf("%s with %s and %s:\n%s\nwant\n%s", src, a, b, got, want)
				}
			}
		}
	}
}

// TestQuickRunScopes: constants, variables that closures share, those that are missing, a
// nil scope and one that is in use are what they are with a machine.
func TestQuickRunScopes(t *testing.T) {
	eng := engine.New(packages.Standard())
	ctx := context.Background()
	ast, err := eng.Compile("a + b")
	if err != nil {
		t.Fatal(err)
	}
	same, err := eng.Compile("a")
	if err != nil {
		t.Fatal(err)
	}
	shared := engine.NewScope()
	if _, err := eng.EvalScope(ctx, shared, "let a = 1; let b = 2; let f = || { a += 10; a }; f.call()"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		for _, c := range []struct {
			scope     *engine.Scope
			sum, only string
		}{
			{engine.NewScope().PushConst("a", 40).PushConst("b", 2), "42", "40"}, {engine.NewScope().Push("a", 1).PushConst("a", 3).Push("b", 2), "5", "3"},
			{shared, "13", "11"}, {engine.NewScope().Push("b", 2).Push("c", 0).Push("d", 0).Push("e", 0).Push("a", 7), "9", "7"},
		} {
			if got := shown(eng.Run(ctx, c.scope, ast)); got != c.sum {
				t.Errorf("a + b with\n%s: %s, want %s", c.scope, got, c.sum)
			}
			if got := shown(eng.Run(ctx, c.scope, same)); got != c.only {
				t.Errorf("a with\n%s: %s, want %s", c.scope, got, c.only)
			}
		}
		for _, scope := range []*engine.Scope{nil, engine.NewScope(), engine.NewScope().Push("b", 2)} {
			if _, err := eng.Run(ctx, scope, ast); !errors.Is(err, engine.ErrVariableNotFound) {
				t.Errorf("without a: %v", err)
			}
		}
		withA := engine.New(engine.NewPackage("consts", func(m *engine.Module) { m.SetVar("a", 100) }))
		if got := shown(withA.Run(ctx, engine.NewScope().Push("b", 2), ast)); got != "102" {
			t.Errorf("a of a module: %s", got)
		}
	}
	busy := engine.New(packages.Standard())
	scope := engine.NewScope().Push("a", 1).Push("b", 2)
	busy.RegisterFunc("inner", func(ctx context.Context) error { _, err := eng.Run(ctx, scope, ast); return err })
	if _, err := busy.EvalScope(ctx, scope, "inner()"); !errors.Is(err, engine.ErrDataRace) {
		t.Errorf("a scope in use: %v", err)
	}
}

// TestQuickRunIsObserved: limits, progress, deadlines, samplers and debuggers count for
// runs that need no machine.
func TestQuickRunIsObserved(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("a + a * a - a / a")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	run := func(ctx context.Context, e *engine.Engine) error {
		_, err := e.Run(ctx, engine.NewScope().Push("a", 3), ast)
		return err
	}
	for range 3 {
		if err := run(ctx, eng); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(ctx, eng.Clone().SetLimits(engine.Limits{Operations: 2})); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("operations: %v", err)
	}
	if err := run(ctx, eng.Clone().OnProgress(func(context.Context, uint64) error { return errors.New("enough") })); !errors.Is(err, engine.ErrTerminated) {
		t.Errorf("progress: %v", err)
	}
	late, cancel := context.WithTimeout(ctx, time.Nanosecond)
	defer cancel()
	<-late.Done()
	if err := run(late, eng); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	samples := 0
	s := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(*engine.Sample) { samples++ }})
	defer s.Stop()
	if err := run(engine.WithSampler(ctx, s), eng); err != nil || samples == 0 {
		t.Errorf("a sampler of the context has %d samples, %v", samples, err)
	}
	watched := eng.Clone()
	watched.SetSampler(s)
	if samples = 0; run(ctx, watched) != nil || samples == 0 {
		t.Error("a sampler of the engine sees nothing")
	}
}

// TestLimitsAreShared: engines made per call have the limits that each of them set, whoever
// set others, and what is set besides is theirs alone.
func TestLimitsAreShared(t *testing.T) {
	config := engine.NewConfig().SetLimits(engine.Limits{CallLevels: 7})
	for _, make := range []func() *engine.Engine{engine.NewRaw, func() *engine.Engine { return engine.NewRawWith(config) }} {
		before := make().Limits()
		for i := range 100 {
			l := engine.Limits{Operations: 10 + i%9, StringSize: i % 3}
			e := make().SetLimits(l)
			if e.Limits() != l {
				t.Fatalf("%+v, want %+v", e.Limits(), l)
			}
			more := e.Clone().SetStrictVariables(true).SetOptimization(engine.OptimizeNone).SetLimits(engine.Limits{Operations: 5})
			if more.Optimization() != engine.OptimizeNone || more.Limits().Operations != 5 || e.Limits() != l || e.Optimization() != engine.OptimizeSimple {
				t.Fatal("settings of one engine are those of another")
			}
			if again := make().SetOptimization(engine.OptimizeNone).SetLimits(l); again.Optimization() != engine.OptimizeNone || again.Limits() != l {
				t.Fatal("limits after another setting lose it")
			}
		}
		if make().Limits() != before {
			t.Errorf("limits of engines made later: %+v", make().Limits())
		}
	}
}
