package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// thing is a type of the host whose every function is slow.
type thing struct{ n int64 }

// stopper stands for a deadline that passes in the k-th call of a slow function of the
// host: it cancels the context in it, and counts what is called after that.
type stopper struct {
	cancel context.CancelCauseFunc
	left   int // calls until then
	late   int // calls after that
}

var errStopped = errors.New("stopped by the test")

func (s *stopper) nap() {
	switch s.left--; {
	case s.left == 0:
		s.cancel(errStopped)
	case s.left < 0:
		s.late++
	}
}

// slow is an engine on which everything that belongs to the host naps.
func slow(s *stopper) *engine.Engine {
	eng := newStandard()
	m := engine.NewModule("slow")
	m.Func("nap", s.nap, engine.Volatile())
	m.Func("nap", func(n int64) int64 { s.nap(); return n }, engine.Volatile())
	m.Func("nap", func(c *engine.CallContext, text string) error { s.nap(); return c.Context().Err() })
	m.Func("wrapped", func(c *engine.CallContext) error {
		s.nap()
		if err := c.Context().Err(); err != nil {
			return fmt.Errorf("query failed: %w", err)
		}
		return nil
	})
	m.Func("thrown", func(c *engine.CallContext) error {
		if s.nap(); c.Context().Err() != nil {
			return &engine.Error{Kind: engine.ErrRuntime, Text: "boom"}
		}
		return nil
	})
	m.Func("stubborn", func(c *engine.CallContext, f *value.Fn) int64 {
		// A native that does not care for errors of its callback.
		n := int64(0)
		for range 1000 {
			if _, err := c.CallFn(f.Value(), nil); err == nil {
				n++
			}
		}
		return n
	})
	m.Func("by", func(c *engine.CallContext, a []engine.Dynamic) (engine.Dynamic, error) {
		return c.CallFn(a[1], &a[0])
	}, engine.Types(value.TypeAny, value.TypeFn), engine.Mutates())
	m.Func("thing", func() *thing { return &thing{} }, engine.Brief())
	m.Getter("n", func(t *thing) int64 { s.nap(); return t.n })
	m.Setter("n", func(t *thing, n int64) { s.nap(); t.n = n })
	m.IndexGet(func(t *thing, i int64) int64 { s.nap(); return i })
	m.IndexSet(func(t *thing, i, n int64) { s.nap() })
	m.Func("method", func(t *thing) { s.nap() })
	m.Func("to_string", func(t *thing) string { s.nap(); return "thing" }, engine.Pure())
	m.Func("to_debug", func(t *thing) string { s.nap(); return "thing" }, engine.Pure())
	m.Func("==", func(a, b *thing) bool { s.nap(); return true }, engine.Pure())
	m.Func("+", func(a, b *thing) *thing { s.nap(); return a }, engine.Pure())
	m.Func("+=", func(a *thing, b int64) { s.nap() })
	m.Func("<", func(a, b *thing) bool { s.nap(); return false }, engine.Pure())
	m.Iter(&thing{}, func(v engine.Dynamic) func() (engine.Dynamic, bool, error) {
		return func() (engine.Dynamic, bool, error) { s.nap(); return value.Int(1), true, nil }
	})
	sub := engine.NewModule("sub")
	sub.Func("nap", s.nap)
	eng.RegisterStaticModule("slow", sub)
	eng.RegisterGlobalModule(m)
	if err := eng.RegisterSyntax([]string{"snooze"}, false, func(*engine.SyntaxContext) (engine.Dynamic, error) {
		s.nap()
		return value.Unit, nil
	}); err != nil {
		panic(err)
	}
	if err := eng.RegisterSyntax([]string{"forever", "$block$"}, false, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		for range 1000 {
			if _, err := c.Eval(0); err != nil {
				return value.Unit, err
			}
		}
		return value.Unit, nil
	}); err != nil {
		panic(err)
	}
	eng.SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		switch path {
		case "slow":
			s.nap()
			return engine.NewModule("slow"), nil
		case "failing":
			s.nap()
			return nil, ctx.Err()
		}
		ast, err := e.Compile("for i in 0..1000 { nap() }")
		if err != nil {
			return nil, err
		}
		return e.EvalModule(ctx, nil, ast)
	}))
	eng.OnPrint(func(context.Context, string) { s.nap() })
	return eng
}

// numbers is an array for callbacks.
const numbers = "let a = []; for i in 0..1000 { a.push(i) } "

var slowScripts = []string{
	"for i in 0..1000 { nap() }",
	"let i = 0; while i < 1000 { nap(i); i += 1 }",
	"nap(); nap(); nap(); nap(); nap(); nap();",
	"for i in 0..1000 { slow::nap() }",
	"let f = Fn(\"nap\"); for i in 0..1000 { f.call() }",
	"let f = || nap(); for i in 0..1000 { f.call() }",
	"fn f() { nap() } for i in 0..1000 { f() }",
	"for i in 0..1000 { nap(\"x\") }",
	"for i in 0..1000 { try { nap() } catch { } }",
	"for i in 0..1000 { try { nap(\"x\") } catch { } }",
	"for i in 0..1000 { try { wrapped() } catch { } }",
	"for i in 0..1000 { try { thrown() } catch { } }",
	"fn f() { try { wrapped() } catch { } } for i in 0..1000 { f() }",
	"try { for i in 0..1000 { wrapped() } } catch { for i in 0..1000 { nap() } }",
	"try { [1].map(|x| { try { for i in 0..1000 { wrapped() } } catch { nap() } }) } catch { nap() }",
	numbers + "a.map(|x| nap())",
	numbers + "a.map(Fn(\"nap\"))",
	numbers + "a.map(|x| { try { wrapped() } catch { } })",
	numbers + "a.filter(|x| { nap(); true })",
	numbers + "a.sort(|x, y| { nap(); y - x })",
	numbers + "a.sort_by(|x, y| { nap(); y - x })",
	numbers + "a.reduce(|s, x| { nap(); x })",
	numbers + "a.for_each(|i| nap(this))",
	numbers + "a.index_of(|x| { nap(); false })",
	numbers + "a.all(|x| { nap(); true })",
	numbers + "a.some(|x| { nap(); false })",
	numbers + "a.find(|x| { nap(); false })",
	numbers + "a.dedup(|x, y| { nap(); false })",
	numbers + "a.retain(|x| { nap(); true })",
	numbers + "a.drain(|x| { nap(); false })",
	numbers + "stubborn(|| nap())",
	"for i in 0..1000 { let x = 1; x.by(|| nap()) }",
	"for i in 0..1000 { eval(\"nap()\") }",
	"for i in 0..1000 { try { eval(\"nap()\") } catch { } }",
	"eval(\"for i in 0..1000 { nap() }\")",
	"try { eval(\"for i in 0..1000 { wrapped() }\") } catch { nap() }",
	"for i in 0..1000 { import \"slow\" as s; }",
	"for i in 0..1000 { try { import \"slow\" as s; } catch { } }",
	"for i in 0..1000 { try { import \"failing\" as s; } catch { } }",
	"import \"script\" as s;",
	"try { import \"script\" as s; } catch { nap() }",
	"for i in 0..1000 { snooze; }",
	"for i in 0..1000 { try { snooze; } catch { } }",
	"forever { nap() }",
	"forever { try { nap() } catch { } }",
	"for x in thing() { }",
	"for x in thing() { try { nap(); } catch { } }",
	"let t = thing(); for i in 0..1000 { t.n }",
	"let t = thing(); for i in 0..1000 { t.n = 1 }",
	"let t = thing(); for i in 0..1000 { t.n += 1 }",
	"let t = thing(); for i in 0..1000 { t[0] }",
	"let t = thing(); for i in 0..1000 { t[0] = 1 }",
	"let t = thing(); for i in 0..1000 { t.method() }",
	"let t = #{t: thing()}; for i in 0..1000 { t.t.method() }",
	"let t = thing(); for i in 0..1000 { `${t}` }",
	"let t = thing(); for i in 0..1000 { t.to_string() }",
	"let t = thing(); for i in 0..1000 { t.to_debug() }",
	"let t = thing(); for i in 0..1000 { t == t }",
	"let t = thing(); for i in 0..1000 { [t] == [t] }",
	"let t = thing(); let a = []; for i in 0..1000 { a.push(t) } a == a",
	"let t = thing(); let a = []; for i in 0..1000 { a.push(t) } t in a; a.contains(t); a.index_of(t)",
	"let t = thing(); for i in 0..1000 { t + t }",
	"let t = thing(); for i in 0..1000 { t += 1 }",
	"let t = thing(); for i in 0..1000 { if t < t { } }",
	"for i in 0..1000 { print(i) }",
	"print(1); print(2); print(3); print(4); print(5);",
}

// TestCancelledRun checks that a run ends after the call of the host in which its
// context is cancelled, wherever that is, and that the script cannot catch it.
func TestCancelledRun(t *testing.T) {
	for _, script := range slowScripts {
		for _, k := range []int{1, 3} {
			ctx, cancel := context.WithCancelCause(t.Context())
			s := &stopper{cancel: cancel, left: k}
			eng := slow(s)
			ast, err := eng.Compile(script)
			if err != nil {
				t.Fatal(script, err)
			}
			_, err = eng.Run(ctx, nil, ast)
			e, ok := err.(*engine.Error)
			switch {
			case s.left > 0:
				t.Errorf("%s: ended before %d calls: %v", script, k, err)
			case !ok || e.Kind != engine.ErrTerminated:
				t.Errorf("%s: ended with %v", script, err)
			case !errors.Is(err, errStopped) || !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
				t.Errorf("%s: the cause is %v", script, e.Cause)
			case e.Pos.IsNone():
				t.Errorf("%s: no position", script)
			case s.late > 0:
				t.Errorf("%s: %d calls after the context was cancelled", script, s.late)
			}
			cancel(nil)
		}
	}
}

// TestProgressEndsRun is TestCancelledRun with a function of OnProgress.
func TestProgressEndsRun(t *testing.T) {
	for _, script := range slowScripts {
		stop := false
		s := &stopper{cancel: func(error) { stop = true }, left: 2}
		eng := slow(s).OnProgress(func(context.Context, uint64) error {
			if stop {
				return engine.Terminate("enough")
			}
			return nil
		})
		_, err := eng.Eval(t.Context(), script)
		e, ok := err.(*engine.Error)
		if !ok || e.Kind != engine.ErrTerminated || value.Print(e.Value) != "enough" || e.Cause != nil {
			t.Errorf("%s: ended with %#v", script, err)
		} else if s.late > 0 {
			t.Errorf("%s: %d calls after the end", script, s.late)
		}
	}
}

// TestCancelledBefore checks that nothing runs with a context that is done.
func TestCancelledBefore(t *testing.T) {
	deadline, cancel := context.WithTimeoutCause(t.Context(), 0, errStopped)
	defer cancel()
	s := &stopper{left: -1}
	eng := slow(s)
	ast, err := eng.Compile("nap(); fn f() { nap() } export const X = 1;")
	if err != nil {
		t.Fatal(err)
	}
	scope := engine.NewScope()
	for name, run := range map[string]func() (any, error){
		"Run":          func() (any, error) { return eng.Run(deadline, scope, ast) },
		"RunStats":     func() (any, error) { v, _, err := eng.RunStats(deadline, scope, ast); return v, err },
		"Eval":         func() (any, error) { return eng.Eval(deadline, "nap()") },
		"Eval, broken": func() (any, error) { return eng.Eval(deadline, "nap(") },
		"EvalScope":    func() (any, error) { return eng.EvalScope(deadline, scope, "nap()") },
		"CallFunc":     func() (any, error) { return eng.CallFunc(deadline, scope, ast, "f") },
		"CallFuncWith": func() (any, error) {
			return eng.CallFuncWith(deadline, engine.CallOptions{SkipBody: true}, scope, ast, "f")
		},
		"EvalModule": func() (any, error) { return eng.EvalModule(deadline, scope, ast) },
	} {
		_, err := run()
		if !errors.Is(err, engine.ErrTerminated) || !errors.Is(err, errStopped) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		if e, ok := err.(*engine.Error); !ok || e.Unwrap() != errStopped {
			t.Errorf("%s: the inner error is %v", name, errors.Unwrap(err))
		}
	}
	if s.late > 0 || scope.Len() > 0 {
		t.Errorf("%d calls, %d variables", s.late, scope.Len())
	}
}

// TestProgress checks when OnProgress is called and what its errors become.
func TestProgress(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, 1)
	var seen []uint64
	eng := newStandard().OnProgress(func(ctx context.Context, ops uint64) error {
		if ctx.Value(key{}) == nil {
			t.Error("another context")
		}
		seen = append(seen, ops)
		return nil
	})
	if _, err := eng.Eval(ctx, "1"); err != nil || len(seen) != 1 || seen[0] != 0 {
		t.Errorf("a short script: %v, %v", seen, err)
	}
	seen = nil
	if _, err := eng.Eval(ctx, "for i in 0..100000 { }"); err != nil || len(seen) < 10 {
		t.Errorf("a long script: %v, %v", seen, err)
	}
	for i := range seen[1:] {
		if seen[i+1] <= seen[i] || seen[i+1] > seen[i]+20000 {
			t.Errorf("operations: %v", seen)
		}
	}
	seen = nil
	eng.SetResolver(engine.SourceResolver(map[string]string{"m": "for i in 0..10000 { }"}))
	if _, err := eng.Eval(ctx, `for i in 0..1000 { } import "m" as m;`); err != nil || len(seen) < 3 || seen[1] < 1000 {
		t.Errorf("with a module: %v, %v", seen, err)
	}
	for text, f := range map[string]func() error{
		"an error":   func() error { return errStopped },
		"a wrapped":  func() error { return fmt.Errorf("%w: %w", errStopped, engine.Terminate(42)) },
		"a token":    func() error { return engine.Terminate(42) },
		"no token":   func() error { return engine.Terminate(nil) },
		"impossible": func() error { return engine.Terminate(make(chan int)) },
	} {
		_, err := newStandard().OnProgress(func(context.Context, uint64) error { return f() }).Eval(ctx, "1")
		e, ok := err.(*engine.Error)
		if !ok || e.Kind != engine.ErrTerminated || e.Error() != "Script terminated" {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if token := text == "a token" || text == "a wrapped"; token != (value.Debug(e.Value) == "42") || !token && !e.Value.IsUnit() {
			t.Errorf("%s: the token is %v", text, e.Value)
		}
		if cause := text == "an error" || text == "a wrapped"; errors.Is(err, errStopped) != cause {
			t.Errorf("%s: the cause is %v", text, e.Cause)
		}
		if (text == "impossible") && e.Cause == nil {
			t.Errorf("%s: no cause", text)
		}
	}
}

// TestTerminate checks that a native can end the run with a token.
func TestTerminate(t *testing.T) {
	eng := newStandard().RegisterFunc("quit", func(n int64) error { return engine.Terminate(n) })
	for _, script := range []string{
		"quit(3)", "try { quit(3) } catch { }", "fn f() { quit(3) } try { [1].map(|x| f()) } catch { }",
		`try { eval("quit(3)") } catch { }`,
	} {
		_, err := eng.Eval(t.Context(), script)
		if e, ok := err.(*engine.Error); !ok || e.Kind != engine.ErrTerminated || value.Debug(e.Value) != "3" {
			t.Errorf("%s: %v", script, err)
		}
	}
}
