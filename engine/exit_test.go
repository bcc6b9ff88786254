package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// TestExit checks that exit ends a run from wherever it is called.
func TestExit(t *testing.T) {
	eng := newStandard()
	for _, script := range []string{
		"exit(5); 1", "fn f() { exit(5); 1 } f(); 2", "[1].map(|v| exit(5)); 2", "[2, 1].sort(|x, y| exit(5)); 2",
		`eval("exit(5)"); 2`, "try { exit(5) } catch { 3 }", `[1].map(|v| eval("exit(5)")); 2`,
	} {
		v, err := eng.Eval(t.Context(), script)
		if err != nil || !v.IsInt() || v.Int() != 5 {
			t.Errorf("%s gives %v %v", script, v.TypeName(), err)
		}
	}
	ast, err := eng.Compile("fn f() { exit(5); 1 } fn g() { [1].map(|v| exit(5)); 2 }")
	if err != nil {
		t.Fatal(err)
	}
	called := false
	eng.OnPrint(func(context.Context, string) { called = true })
	body, err := eng.Compile("if true { exit(5); } fn f() { print(1); 1 }")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := eng.CallFunc(t.Context(), nil, body, "f"); err != nil || !v.IsInt() || v.Int() != 5 || called {
		t.Errorf("exit in the body gives %v %v, the function is called: %v", value.Debug(v), err, called)
	}
	if v, err := eng.CallFuncWith(t.Context(), engine.CallOptions{SkipBody: true}, nil, body, "f"); err != nil || v.Int() != 1 || !called {
		t.Errorf("without the body: %v %v, the function is called: %v", value.Debug(v), err, called)
	}
	for _, name := range []string{"f", "g"} {
		v, err := eng.CallFunc(t.Context(), nil, ast, name)
		if err != nil || !v.IsInt() || v.Int() != 5 {
			t.Errorf("%s gives %v %v", name, v.TypeName(), err)
		}
	}
}

// TestExitModule checks that a module ends the whole run by exit.
func TestExitModule(t *testing.T) {
	eng := newStandard()
	eng.SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		ast, err := e.CompileNamed(path, map[string]string{
			"out": "exit(5); 1", "in": `import "out" as o; 1`, "fns": "fn bye(v) { exit(v) } fn mk() { |v| exit(v) }",
		}[path])
		if err != nil {
			return nil, err
		}
		return e.EvalModule(ctx, nil, ast)
	}))
	for _, script := range []string{
		`import "out" as o; 2`, `try { import "in" as i; } catch { 3 }`, `fn f() { import "in" as i; 1 } [1].map(|v| f()); 2`,
		`eval("import \"out\" as o"); 2`, `import "fns" as f; f::bye(5); 2`, `import "fns" as f; [5].map(f::mk()); 2`,
	} {
		v, err := eng.Eval(t.Context(), script)
		if err != nil || !v.IsInt() || v.Int() != 5 {
			t.Errorf("%s gives %v %v", script, v.TypeName(), err)
		}
	}
}
