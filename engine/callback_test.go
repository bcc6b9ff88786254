package engine_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// calling is an engine with natives that call back.
func calling() *engine.Engine {
	eng := newStandard()
	eng.RegisterFunc("apply", func(c *engine.CallContext, f *value.Fn, x int64) (engine.Dynamic, error) {
		return c.CallFn(f.Value(), nil, value.Int(x))
	})
	eng.RegisterFunc("bind", func(c *engine.CallContext, this *engine.Dynamic, f, x engine.Dynamic) (engine.Dynamic, error) {
		return c.CallFn(f, this, x)
	})
	return eng
}

func TestCallFn(t *testing.T) {
	for script, want := range map[string]string{
		"apply(|x| x * 2, 21)":                                                           "42",
		"let k = 5; apply(|x| x + k, 1)":                                                 "6",
		"apply((|a, b| a - b).curry(10), 3)":                                             "7",
		"fn f(x) { x + 1 } apply(f, 1)":                                                  "2",
		`apply(Fn("abs"), -3)`:                                                           "3",
		"let a = [1]; a.bind(|x| this.push(x), 2); a":                                    "[1, 2]",
		"let n = 1; n.bind(|x| { this += x; }, 2); n":                                    "3",
		`let a = [2]; a.bind(Fn("push"), 3); a`:                                          "[2, 3]",
		"apply(|x| apply(|y| apply(|z| z + 1, y), x), 1)":                                "2",
		"let r = apply(|x| [x], 1); r.push(2); r":                                        "[1, 2]",
		"let l = []; apply(|x| { l.push(x); }, 7); l":                                    "[7]",
		"fn deep(n) { if n == 0 { 0 } else { apply(|x| deep(x - 1) + 1, n) } } deep(15)": "15",
	} {
		v, err := calling().Eval(t.Context(), script)
		if err != nil {
			t.Errorf("%s: %v", script, err)
		} else if got := value.Debug(v); got != want {
			t.Errorf("%s gives %s, want %s", script, got, want)
		}
	}
}

func TestErrorsOfCallbacks(t *testing.T) {
	for script, want := range map[string]string{
		"apply(|x| throw x, 5)":                                    "Runtime error: 5 (line 1, position 11)\nin closure call (line 1, position 1)",
		"fn f(x) { x.y } apply(f, 1)":                              "Unknown property 'y' - a getter is not registered for type 'i64' (line 1, position 13)\nin call to function 'f' (line 1, position 17)",
		"apply(|a, b| 0, 1)":                                       "Function not found: anon$",
		`apply(Fn("nothing"), 1)`:                                  "Function not found: nothing (i64) (line 1, position 1)",
		"let a = 1; a.bind(5, 6)":                                  "Data type incorrect: i64 (expecting Fn) (line 1, position 14)",
		"fn f(n) { apply(|x| f(x), n) } f(1)":                      "Stack overflow",
		"try { apply(|x| throw x, 5) } catch (e) { throw e + 1; }": "Runtime error: 6",
	} {
		_, err := calling().Eval(t.Context(), script)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s gives %v, want %s", script, err, want)
		}
	}
}

// TestEndlessNesting checks that natives that call back hit a ceiling however
// deep scripts may nest.
func TestEndlessNesting(t *testing.T) {
	eng := calling().SetLimits(engine.Limits{CallLevels: engine.Unlimited})
	for _, script := range []string{
		"fn f(n) { apply(|x| f(x), n) } f(1)",
		"fn f() { [1].map(|x| f()) } f()",
		`fn f() { [1].map("f") } f()`,
		"fn f() { [1, 2].sort(|x, y| f()) } f()",
	} {
		if _, err := eng.Eval(t.Context(), script); !errors.Is(err, engine.ErrStackOverflow) {
			t.Errorf("%s: %.300v", script, err)
		}
	}
}

func TestCallbacksAllocateNothing(t *testing.T) {
	eng := newStandard()
	for _, script := range []string{
		"a.reduce(|s, v| s + v, 0)", "a.some(|v| v < 0)", "a.all(|v, i| v == i)", "a.index_of(|v| v == 999)",
		"a.for_each(|| this += 0)", "a.find(|v| v > 998)", "let n = 0; a.for_each(|i| n += i);",
	} {
		scope := engine.NewScope()
		if _, err := eng.EvalScope(t.Context(), scope, "let a = []; for i in 0..1000 { a.push(i); }"); err != nil {
			t.Fatal(err)
		}
		ast, err := eng.CompileScope(scope, script)
		if err != nil {
			t.Fatal(err)
		}
		// The closure and what it captures; nothing for each of 1,000 calls.
		pinned(t, script, 5, func() error {
			_, err := eng.Run(t.Context(), scope, ast)
			scope.Rewind(1)
			return err
		})
	}
}

// TestNativeCallAllocatesNothing pins the call of a typed Go function.
func TestNativeCallAllocatesNothing(t *testing.T) {
	eng := newStandard()
	eng.RegisterFunc("double", func(n int64) int64 { return 2 * n })
	eng.RegisterFunc("pair", func(c *engine.CallContext, a, b int64) (int64, error) { return a + b, nil })
	for _, call := range []string{"double(i)", "pair(i, 1)", "abs(i)", "max(i, 5)", "1.5.floor()", "a.len", "s.len", "a.is_empty()", `s.contains('x')`} {
		ast, err := eng.Compile("let a = [1]; let s = \"text\"; for i in 0..100 { " + call + "; }")
		if err != nil {
			t.Fatal(err)
		}
		pinned(t, call, 2, func() error { _, err := eng.Run(t.Context(), nil, ast); return err })
	}
}

// TestSharedPackagesInParallel runs scripts that change copies of shared
// constants, in many goroutines with one module.
func TestSharedPackagesInParallel(t *testing.T) {
	m := engine.NewModule("shared")
	m.SetVar("TABLE", []any{[]any{3, 1, 2}, map[string]any{"k": []any{1}}})
	eng := newStandard()
	eng.RegisterGlobalModule(m)
	ast, err := eng.Compile(`
		let t = TABLE;
		t[0].sort(|a, b| a - b);
		t[1].k.push(2);
		t[0].for_each(|| this += 1);
		let u = TABLE.map(|v| v);
		u[0].push(4);
		[t, u, TABLE].to_string()`)
	if err != nil {
		t.Fatal(err)
	}
	want := `[[[2, 3, 4], #{"k": [1, 2]}], [[3, 1, 2, 4], #{"k": [1]}], [[3, 1, 2], #{"k": [1]}]]`
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				got, err := engine.As[string](eng.Run(t.Context(), nil, ast))
				if err != nil || got != want {
					t.Errorf("%s %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
