package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestBackTraceIsTheErrorsChain walks the script stack from a native function, through
// whatever a script can be entered by, and compares it with the frames of the error that
// the same function then returns.
func TestBackTraceIsTheErrorsChain(t *testing.T) {
	modules := map[string]string{
		"lib": "fn f(x) { g(x) }\nfn g(x) { here() }\nfn each(a, f) { a.map(f) }\nexport let k = |x| g(x);",
		"top": "let a = 1;\nhere();",
		"mid": "import \"top\";",
	}
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		ast, err := e.CompileNamed(path, modules[path])
		if err != nil {
			return nil, err
		}
		return e.EvalModule(ctx, nil, ast)
	}))
	if err := eng.RegisterSyntax([]string{"twice", "$expr$"}, false, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		if v, err := c.Eval(0); err != nil {
			return v, err
		}
		return c.Eval(0)
	}); err != nil {
		t.Fatal(err)
	}
	var walked []string
	failed := errors.New("here")
	eng.RegisterFunc("here", func(c *engine.CallContext) (int64, error) {
		walked = nil
		for _, f := range c.BackTrace() {
			walked = append(walked, show(f))
		}
		return 0, failed
	})
	for _, src := range []string{
		"here()",
		"fn a() { b(1) }\nfn b(x) {\n  here() }\na();",
		"[1].map(|x| here());",
		"fn a(x) { here() }\nfn b(l) {\n l.filter(Fn(\"a\")) }\nb([1, 2]);",
		"[3, 1].sort(|x, y| here());",
		"eval(\"1 +\\n here()\");",
		"fn ev(t) { eval(t) }\n[1].map(|x| ev(\"here()\"));",
		"fn a(x) { here() }\nlet k = 1; a!(k);",
		"let o = #{f: || here()};\no.f();",
		"fn m() { this.n() }\nfn n() { here() }\n5.m();",
		"let c = 'x'; fn m() { here() }\nlet s = \"abc\"; s[1].m();",
		"let f = |x| here();\nf.call(1);",
		"fn a(x, y) { here() }\nFn(\"a\").curry(1).call(2);",
		"twice here();",
		"fn a() { twice b() }\nfn b() { [1].map(|x| here()) }\na();",
		"import \"lib\" as l;\nl::f(1);",
		"import \"lib\" as l;\nl::each([1], |x| here());",
		"import \"lib\" as l;\n[1].map(l::k);",
		"import \"mid\";",
		"fn a() { import \"mid\"; }\n[1].map(|x| a());",
		"fn down(n) { if n == 0 { here() } else { down(n - 1) } }\ndown(40);",
		"fn down(n) { if n == 0 { here() } else { [n].map(|x| down(x - 1)) } }\ndown(9);",
	} {
		walked = nil
		ast, err := eng.CompileNamed("main", src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		_, err = eng.Run(t.Context(), nil, ast)
		var e *engine.Error
		if !errors.As(err, &e) || !errors.Is(err, failed) {
			t.Errorf("%s: %v", src, err)
			continue
		}
		var frames []string
		for f := range e.Frames() {
			// Rhai's text of a failed callback by name mentions the native function's call too.
			if n := len(frames); n == 0 || frames[n-1] != show(f) || !strings.Contains(src, "Fn(") {
				frames = append(frames, show(f))
			}
		}
		if got, want := strings.Join(walked, ", "), strings.Join(frames, ", "); got != want {
			t.Errorf("%s\n  the walk is %s\nthe error has %s", src, got, want)
		}
	}
}

func show(f engine.Frame) string {
	name := f.Func
	if strings.HasPrefix(name, "anon$") {
		name = "closure"
	}
	return fmt.Sprintf("%s %s %d:%d", f.Source, name, f.Pos.Line, f.Pos.Col)
}
