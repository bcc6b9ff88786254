package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func TestCompileSelfContained(t *testing.T) {
	files := fstest.MapFS{
		"a.rhai":       {Data: []byte(`import "lib/b" as b; export const A = b::B + 1; fn late() { import "lib/c" as c; c::C } fn twice(x) { 2 * x }`)},
		"lib/b.rhai":   {Data: []byte(`export const B = 41;`)},
		"lib/c.rhai":   {Data: []byte(`import "d" as d; export const C = d::D; fn deeper() { import "d" as d; d::count() }`)},
		"lib/d.rhai":   {Data: []byte(`export const D = 7; let n = 0; export const inc = || { n += 1; n }; fn count() { import "../a" as a; a::twice(4) }`)},
		"broken.rhai":  {Data: []byte(`1 +`)},
		"throws.rhai":  {Data: []byte(`throw "no"`)},
		"missing.rhai": {Data: []byte(`import "nowhere" as n;`)},
		"later.rhai":   {Data: []byte(`fn f() { import "nowhere" as n; }`)},
	}
	var asked atomic.Int64
	inner := engine.FSResolver(files)
	eng := engine.New(packages.Standard()).SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		asked.Add(1)
		return inner.Resolve(ctx, e, path)
	}))
	src := `import "a" as a; fn f() { import "lib/c" as c; c::deeper() } [a::A, a::late(), f(), eval("import \"a\" as x; x::A")]`
	ast, err := eng.CompileSelfContained(t.Context(), src, engine.CompileOptions{Name: "main"})
	if err != nil {
		t.Fatal(err)
	}
	before := asked.Load()
	run := func(e *engine.Engine, ast *engine.AST) string {
		t.Helper()
		return shown(e.Run(context.Background(), nil, ast))
	}
	const want = "[42, 7, 8, 42]"
	bare := engine.New(packages.Standard())
	if got := run(bare, ast); got != want {
		t.Errorf("without a resolver: %s", got)
	}
	if got := run(eng, ast); got != want || asked.Load() != before {
		t.Errorf("with the resolver: %s, which was asked %d times", got, asked.Load()-before)
	}
	for name, got := range map[string]string{
		"function":      shown(bare.CallFuncWith(context.Background(), engine.CallOptions{SkipBody: true}, nil, ast, "f")),
		"without body":  shown(bare.CallFunc(context.Background(), nil, ast.WithoutBody(), "f")),
		"limited":       run(bare.Clone().SetLimits(engine.Limits{Variables: 50}), ast),
		"next run":      run(bare, compiled(t, bare, "", `let r = 1; try { import "a" as a; } catch (e) { r = "not found" } r`)),
		"stored":        shown(bare.CallFn(context.Background(), evalAST(t, bare, mustAST(eng.CompileSelfContained(t.Context(), `|| { import "a" as a; a::A }`, engine.CompileOptions{}))), engine.CallOptions{})),
		"another run's": run(bare, mustAST(eng.CompileSelfContained(t.Context(), `import "lib/d" as d; d::inc.call(); d::inc.call()`, engine.CompileOptions{}))),
	} {
		w := map[string]string{"function": "8", "without body": "8", "limited": want, "next run": `"not found"`, "stored": "42", "another run's": "2"}[name]
		if got != w {
			t.Errorf("%s: %s, want %s", name, got, w)
		}
	}
	if p, err := mustAST(eng.CompileSelfContained(t.Context(), `import "a" as a; x + a::A`, engine.CompileOptions{Names: []string{"x"}})).Prepare(bare, "x"); err != nil {
		t.Error(err)
	} else if got := shown(p.Eval(context.Background(), 1)); got != "43" {
		t.Errorf("prepared: %s", got)
	}

	for src, kind := range map[string]engine.ErrorKind{
		`import "broken" as b;`: engine.ErrParsing, `import "throws" as b;`: engine.ErrRuntime, `import "gone" as b;`: engine.ErrModuleNotFound,
		`if false { import "gone" as b; }`: engine.ErrModuleNotFound, `import "missing" as m;`: engine.ErrModuleNotFound, `import "later" as m;`: engine.ErrModuleNotFound, `import`: engine.ErrParsing,
	} {
		if _, err := eng.CompileSelfContained(t.Context(), src, engine.CompileOptions{}); !errors.Is(err, kind) {
			t.Errorf("%s: %v", src, err)
		}
	}
	_, err = eng.CompileSelfContained(t.Context(), "\n  import \"gone\" as g;", engine.CompileOptions{Name: "main"})
	_, wantErr := eng.Run(t.Context(), nil, compiled(t, eng, "main", "\n  import \"gone\" as g;"))
	if err == nil || err.Error() != wantErr.Error() {
		t.Errorf("%v, running it: %v", err, wantErr)
	}
	if _, err := bare.CompileSelfContained(t.Context(), `import "a" as a;`, engine.CompileOptions{}); !errors.Is(err, engine.ErrModuleNotFound) {
		t.Errorf("without a resolver: %v", err)
	}
	if ast, err := bare.CompileSelfContained(t.Context(), `let p = "a"; if false { import p as a; } 1`, engine.CompileOptions{}); err != nil || run(bare, ast) != "1" {
		t.Errorf("a computed path: %v", err)
	}
	var none context.Context
	if _, err := eng.CompileSelfContained(none, "1", engine.CompileOptions{}); err == nil {
		t.Error("a nil context is no error")
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := eng.CompileSelfContained(stopped, `import "a" as a;`, engine.CompileOptions{}); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done: %v", err)
	}
}

func mustAST(ast *engine.AST, err error) *engine.AST {
	if err != nil {
		panic(err)
	}
	return ast
}

func evalAST(t *testing.T, eng *engine.Engine, ast *engine.AST) engine.Dynamic {
	t.Helper()
	v, err := eng.Run(context.Background(), nil, ast)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeepScope(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast := compiled(t, eng, "main", `
		let body = 1;
		const K = 5;
		fn f(a, b) { let sum = a + b; const C = a; if sum > 0 { let inner = 1; } let g = || { sum += 1; sum }; g.call(); a = 9; if b == 3 { return sum } let after = global::K; sum }
		fn this_one() { let x = 1; this += x; }
		fn fails() { let x = 1; throw "no" }
		fn stops() { let x = 1; exit(3) }
		fn ev() { eval("let made = 4"); made }`)
	call := func(opts engine.CallOptions, name string, args ...any) (result, scope string) {
		s := engine.NewScope().Push("mine", 7).PushConst("a", 1)
		result = shown(eng.CallFuncWith(context.Background(), opts, s, ast, name, args...))
		var names []string
		for v := range s.All() {
			names = append(names, fmt.Sprintf("%s=%s", v.Name, value.Debug(v.Value)))
		}
		return result, strings.Join(names, " ")
	}
	keep := engine.CallOptions{KeepScope: true}
	for _, c := range []struct {
		opts          engine.CallOptions
		name          string
		args          []any
		result, scope string
	}{
		{keep, "f", []any{1, 2}, "4", "mine=7 a=1 body=1 K=5 sum=4 C=1 g=Fn after=5"},
		{keep, "f", []any{1, 3}, "5", "mine=7 a=1 body=1 K=5 sum=5 C=1 g=Fn"},
		{engine.CallOptions{}, "f", []any{1, 2}, "4", "mine=7 a=1"},
		{engine.CallOptions{KeepScope: true, SkipBody: true}, "ev", nil, "4", "mine=7 a=1 made=4"},
		{keep, "stops", nil, "3", "mine=7 a=1 body=1 K=5 x=1"},
	} {
		result, scope := call(c.opts, c.name, c.args...)
		scope = regexp.MustCompile(`Fn\S+ \d \(shared\)\)`).ReplaceAllString(scope, "Fn")
		if result != c.result || scope != c.scope {
			t.Errorf("%s%v: %s, scope %s; want %s, %s", c.name, c.args, result, scope, c.result, c.scope)
		}
	}
	if result, scope := call(keep, "fails"); !strings.HasPrefix(result, "error Runtime error: no (") || strings.Contains(scope, "x=") {
		t.Errorf("fails: %s, scope %s", result, scope)
	}
	plain, _ := call(engine.CallOptions{}, "fails")
	if kept, _ := call(keep, "fails"); kept != plain {
		t.Errorf("fails: %s, but %s otherwise", kept, plain)
	}
	this := value.Int(1)
	if result, _ := call(engine.CallOptions{KeepScope: true, This: &this}, "this_one"); result != "()" || this.Int() != 2 {
		t.Errorf("this_one: %s, this is %d", result, this.Int())
	}
}

type lines struct{ text string }

func (l *lines) all() iter.Seq2[engine.Dynamic, error] {
	return func(yield func(engine.Dynamic, error) bool) {
		for line := range strings.SplitSeq(l.text, ",") {
			if line == "bad" {
				yield(engine.V("left out"), errors.New("a bad line"))
				return
			}
			if !yield(engine.V(line), nil) {
				return
			}
		}
	}
}

func TestIteratorsThatFail(t *testing.T) {
	eng := engine.New(packages.Standard())
	m := engine.NewModule("lines")
	engine.RegisterType[lines](m, "Lines").TryIter((*lines).all)
	eng.RegisterGlobalModule(m)
	for _, c := range []struct{ text, src, want string }{
		{"a,b", `let s = ""; for x in lines { s += x } s`, `"ab"`},
		{"a,bad,c", `let s = ""; try { for x in lines { s += x } } catch (e) { s += ": " + e.message } s`, `"a: Runtime error: a bad line"`},
		{"a,bad", `for x in lines { if x == "a" { break } } 1`, "1"},
		{"a,bad", `for x in lines { }`, "error Runtime error: a bad line (line 1, position 10)"},
	} {
		got := shown(eng.EvalScope(context.Background(), engine.NewScope().Push("lines", &lines{c.text}), c.src))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
}
