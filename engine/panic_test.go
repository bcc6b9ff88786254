package engine_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

type endless struct {
	open, made *atomic.Int64
	fails      string
}

var endlessType = sync.OnceValue(func() *engine.Module {
	m := engine.NewModule("endless")
	engine.RegisterType[endless](m, "Endless").Iter(func(e *endless) iter.Seq[engine.Dynamic] {
		return func(yield func(engine.Dynamic) bool) {
			e.open.Add(1)
			defer e.open.Add(-1)
			if e.fails == "end" {
				defer panic("at the end")
			}
			for i := int64(0); i < 1000 || e.fails != "finite"; i++ {
				e.made.Add(1)
				if e.fails == "item" && i == 3 {
					panic("no item 3")
				}
				if !yield(value.Int(i)) {
					return
				}
			}
		}
	})
	return m
})

// TestIteratorsEnd: a sequence is asked item by item, and ends with its loop in
// whatever way that is left.
func TestIteratorsEnd(t *testing.T) {
	eng := newStandard().RegisterGlobalModule(endlessType())
	eng.RegisterFunc("boom", func(n int64) int64 {
		if n == 5 {
			panic("boom")
		}
		return n
	})
	var cancel context.CancelFunc
	eng.RegisterFunc("cancel", func() { cancel() })
	if err := eng.RegisterSyntax([]string{"twice", "$block$"}, false, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		if _, err := c.Eval(0); err != nil {
			return value.Unit, err
		}
		return c.Eval(0)
	}); err != nil {
		t.Fatal(err)
	}
	e := endless{open: new(atomic.Int64), made: new(atomic.Int64)}
	eng.RegisterFunc("is_open", func() int64 { return e.open.Load() }, engine.Volatile())
	goroutines := runtime.NumGoroutine()
	for range 20 {
		for script, want := range map[string]string{
			"let s = 0; for n in e { if n > 9 { break; } s += n; } [s, is_open()]":                                         "[45, 0]",
			"let s = 0; for n in e { for k in e { if k > n { break; } s += 1; } if n > 3 { break; } } [s, is_open()]":      "[15, 0]",
			"fn f(e) { for n in e { for k in e { return n + k; } } } [f(e), is_open()]":                                    "[0, 0]",
			"for n in e { for k in e { if k > 2 { return is_open(); } } }":                                                 "2",
			"let x = for n in e { if n == 3 { break n; } }; [x, is_open()]":                                                "[3, 0]",
			"try { for n in e { throw n; } } catch (x) { return [x, is_open()]; }":                                         "[0, 0]",
			"fn f(e) { for n in e { throw n; } } try { f(e) } catch (x) { return [x, is_open()]; }":                        "[0, 0]",
			"let s = 0; for n in e { try { if n == 4 { break; } throw n; } catch (x) { s += is_open(); } } [s, is_open()]": "[4, 0]",
			"let s = 0; for n in e { if n == 2 { continue; } if n == 4 { break; } s += n; } [s, is_open()]":                "[4, 0]",
			"for n in e { exit(n); }":                                          "0",
			"for n in e { boom(n); }":                                          "function 'boom' panicked: boom",
			"for n in e { cancel(); }":                                         "Script terminated",
			"for n in e { [1].map(|x| { for k in e { throw k; } }); }":         "Runtime error: 0",
			"fn f(n) { for x in e { } } for n in e { }":                        "Too many operations",
			"for n in e { twice { for k in e { break; } } break; } is_open()":  "0",
			"for n in e { twice { for k in e { return is_open(); } } }":        "2",
			"for n in e { twice { for k in e { } } }":                          "Too many operations",
			"for n in e { eval(\"for k in e { break; } throw 1\"); }":          "Runtime error: 1",
			"let f = |e| { for n in e { return n; } }; [f.call(e), is_open()]": "[0, 0]",
			"for n in bad_item { }":                                            "iterator panicked: no item 3",
			"for n in bad_end { break; }":                                      "iterator panicked: at the end",
			"let n = 0; for x in finite { n += 1; } [n, is_open()]":            "[1000, 0]",
		} {
			var ctx context.Context
			ctx, cancel = context.WithCancel(t.Context())
			scope := engine.NewScope().Push("e", e).Push("bad_item", endless{e.open, e.made, "item"}).
				Push("bad_end", endless{e.open, e.made, "end"}).Push("finite", endless{e.open, e.made, "finite"})
			eng.SetLimits(engine.Limits{Operations: 20_000})
			e.made.Store(0)
			v, err := eng.EvalScope(ctx, scope, script)
			cancel()
			got := value.Debug(v)
			if err != nil {
				got = err.Error()
			}
			if got != want && (err == nil || !strings.HasPrefix(got, want)) {
				t.Fatalf("%s gives %s, want %s", script, got, want)
			}
			if n := e.open.Load(); n != 0 {
				t.Fatalf("%s leaves %d sequences open", script, n)
			}
			if n := e.made.Load(); err == nil && n > 1000 {
				t.Errorf("%s makes %d items", script, n)
			}
		}
	}
	for range 100_000 {
		if runtime.NumGoroutine() <= goroutines {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines more", runtime.NumGoroutine()-goroutines)
}

type fragile struct{ N int64 }

var fragileType = sync.OnceValue(func() *engine.Module {
	m := engine.NewModule("fragile")
	engine.RegisterType[fragile](m, "Fragile").
		Get("bad", func(*fragile) int64 { panic("getter") }).
		Set("bad", func(*fragile, int64) { panic("setter") }).
		IndexGet(func(*fragile, int64) int64 { panic("index") }).
		Operator("+", func(*fragile, int64) int64 { panic("operator") }).
		Method("walk", func(*fragile, engine.Dynamic) { panic("method") }).
		Text(func(*fragile) string { panic("text") })
	return m
})

// TestPanicsAreErrors: a panic in whatever the host registered is an error with the
// position and the chain of calls, which no script catches, and the machine it
// happened on is not used again.
func TestPanicsAreErrors(t *testing.T) {
	eng := newStandard().RegisterGlobalModule(fragileType())
	eng.RegisterFunc("boom", func() { panic("boom") })
	eng.RegisterFunc("nothing", func() { var p *fragile; p.N++ })
	eng.RegisterFunc("change", func(v *engine.Dynamic) { panic("change") })
	eng.RegisterFunc("twice", func(c *engine.CallContext, f engine.Dynamic) (engine.Dynamic, error) { return c.CallFn(f, nil) })
	eng.OnPrint(func(context.Context, string) { panic("printer") })
	eng.SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		if path == "bad" {
			panic("resolver")
		}
		ast, err := e.CompileNamed(path, "fn f() { boom() } boom();")
		if err != nil {
			return nil, err
		}
		return e.EvalModule(ctx, nil, ast)
	}))
	if err := eng.RegisterSyntax([]string{"wild", "$expr$"}, false, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		if _, err := c.Eval(0); err != nil {
			return value.Unit, err
		}
		panic("syntax")
	}); err != nil {
		t.Fatal(err)
	}
	const at = " (line 1, position "
	for script, want := range map[string]string{
		"1 + 2;  boom()":           "function 'boom' panicked: boom" + at + "9)",
		"nothing()":                "function 'nothing' panicked: runtime error: invalid memory address or nil pointer dereference" + at + "1)",
		"try { boom() } catch { }": "function 'boom' panicked: boom" + at + "7)",
		"fn f() { boom() }  f()":   "function 'boom' panicked: boom" + at + "10)\nin call to function 'f'" + at + "20)",
		"fn f() { boom() } fn g() { f() }  try { g() } catch { }": "function 'boom' panicked: boom" + at + "10)\nin call to function 'f'" + at + "28)\nin call to function 'g'" + at + "41)",
		"fn f() { boom() } [1].map(|x| f())":                      "function 'boom' panicked: boom" + at + "10)\nin call to function 'f'" + at + "31)\nin closure call" + at + "23)",
		"[1].map(Fn(\"boom\"))":                                   "Function not found",
		"twice(Fn(\"boom\"))":                                     "function 'boom' panicked: boom" + at + "1)",
		"twice(|| twice(|| boom()))":                              "function 'boom' panicked: boom" + at + "19)\nin closure call" + at + "10)\nin closure call" + at + "1)",
		"try { twice(|| boom()) } catch { }":                      "function 'boom' panicked: boom" + at + "16)\nin closure call" + at + "7)",
		"let x = 1; let f = || x; x.change()":                     "function 'change' panicked: change" + at + "28)",
		"let x = 1; let f = || { x.change() }; f.call()":          "function 'change' panicked: change" + at + "27)\nin closure call" + at + "41)",
		"p.bad":                                "function 'get$bad' panicked: getter" + at + "3)",
		"p.bad = 1":                            "function 'set$bad' panicked: setter" + at + "3)",
		"p[0]":                                 "function 'index$get$' panicked: index" + at,
		"p + 1":                                "function '+' panicked: operator" + at + "3)",
		"p.walk(|| 1)":                         "function 'walk' panicked: method" + at + "3)",
		"`${p}`":                               "function 'to_string' panicked: text" + at,
		"print(1)":                             "function 'print' panicked: printer" + at + "1)",
		"import \"bad\" as b;":                 "function 'import' panicked: resolver" + at,
		"try { import \"m\" as b; } catch { }": "function 'boom' panicked: boom",
		"wild 1":                               "function 'wild' panicked: syntax" + at + "1)",
		"wild boom()":                          "function 'boom' panicked: boom" + at + "6)",
		"eval(\"boom()\")":                     "function 'boom' panicked: boom" + at + "1)\nin call to function 'eval'",
		"try { eval(\"boom()\") } catch { }":   "function 'boom' panicked: boom" + at + "1)\nin call to function 'eval'",
	} {
		scope := engine.NewScope().Push("p", &fragile{}).Push("keep", 1)
		_, err := eng.EvalScope(t.Context(), scope, script)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s gives %v, want %s", script, err, want)
			continue
		}
		if want != "Function not found" && !errors.Is(err, engine.ErrSystem) {
			t.Errorf("%s gives an error of another kind: %#v", script, err)
		}
		// What the panic left locked is free again, in the scope and in the pool.
		if _, err := eng.EvalScope(t.Context(), scope, "let k = keep; if is_def_var(\"x\") { x += 1; x = 2; } fn f(n) { n } f(1)"); err != nil {
			t.Errorf("after %s: %v", script, err)
		}
		if left := engine.Leftovers(); len(left) > 0 {
			t.Errorf("after %s: %v", script, left)
		}
	}
	progress := newStandard().OnProgress(func(_ context.Context, n uint64) error {
		if n > 0 {
			panic("progress")
		}
		return nil
	})
	if _, err := progress.Eval(t.Context(), "let n = 0;\n  while n < 100000 { n += 1; }"); err == nil || !strings.HasPrefix(err.Error(), "OnProgress panicked: progress (line 2") {
		t.Error(err)
	}
	ast, err := eng.Compile("fn f() { boom() }")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eng.CallFunc(t.Context(), nil, ast, "f"); err == nil || !strings.HasPrefix(err.Error(), "function 'boom' panicked: boom (line 1, position 10)") {
		t.Error(err)
	}
	full := newStandard().RegisterFunc("boom", func(int64) int64 { panic("boom") }).SetOptimization(engine.OptimizeFull)
	if _, err := full.Eval(t.Context(), "boom(1)"); err == nil || !strings.HasPrefix(err.Error(), "function 'boom' panicked: boom") {
		t.Error(err)
	}
}

// TestGoexit: a function of the host that ends its goroutine leaves no machine, lock
// or sequence behind.
func TestGoexit(t *testing.T) {
	eng := newStandard().RegisterGlobalModule(endlessType())
	eng.RegisterFunc("leave", func(v *engine.Dynamic) { runtime.Goexit() })
	eng.RegisterFunc("leave", func() { runtime.Goexit() })
	e := endless{open: new(atomic.Int64), made: new(atomic.Int64)}
	ast, err := eng.Compile("fn f() { leave() }")
	if err != nil {
		t.Fatal(err)
	}
	scope := engine.NewScope().Push("e", e)
	if _, err := eng.EvalScope(t.Context(), scope, "let x = 1; let f = || x;"); err != nil {
		t.Fatal(err)
	}
	for _, run := range []func(){
		func() { _, _ = eng.EvalScope(t.Context(), scope, "x.leave()") },
		func() {
			_, _ = eng.EvalScope(t.Context(), scope, "for n in e { [1].map(|k| { for m in e { x.leave(); } }); }")
		},
		func() { _, _ = eng.CallFunc(t.Context(), scope, ast, "f") },
	} {
		var wg sync.WaitGroup
		wg.Go(run)
		wg.Wait()
		if n := e.open.Load(); n != 0 {
			t.Errorf("%d sequences are open", n)
		}
		if _, err := eng.EvalScope(t.Context(), scope, "x += 1; let y = x;"); err != nil {
			t.Error(err)
		}
		if left := engine.Leftovers(); len(left) > 0 {
			t.Error(left)
		}
	}
}
