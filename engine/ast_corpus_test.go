package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestEditsOfCorpus edits every golden script that compiles, and checks what must hold
// whatever the script is.
func TestEditsOfCorpus(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	more, err := scripttest.Read(regressionDir)
	if err != nil {
		t.Fatal(err)
	}
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{ExprDepth: engine.Unlimited, FnExprDepth: engine.Unlimited})
	strict := eng.Clone().SetStrictVariables(true)
	places := func(a *engine.AST) string {
		s := ""
		for _, f := range a.Functions() {
			s += fmt.Sprintf("%s%v %v %s %v, ", f.Name, f.Params, f.Pos, f.ThisType, f.Private)
		}
		return s
	}
	n := 0
	for _, c := range append(cases, more...) {
		ast, err := eng.Compile(c.Script)
		if err != nil {
			continue
		}
		n++
		fails := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s:%d\n%s\n%s", c.File, c.Line, c.Script, fmt.Sprintf(format, args...))
		}
		all := ast.RetainFuncs(func(engine.FuncInfo) bool { return true })
		if all.Text() != c.Script || all.Disassemble() != ast.Disassemble() {
			fails("is another script with all of its functions: %q", all.Text())
		}
		funcs := ast.WithoutBody()
		if places(funcs) != places(ast) || len(funcs.Text()) != len(c.Script) {
			fails("has other functions without its body: %s, %s", places(ast), places(funcs))
		}
		body := ast.RetainFuncs(func(engine.FuncInfo) bool { return false })
		if len(body.Functions()) > 0 || len(body.Text()) != len(c.Script) {
			fails("still has functions: %s", places(body))
		}
		if merged, err := body.Merge(funcs); err != nil || len(merged.Functions()) != len(ast.Functions()) {
			fails("is not the merger of its parts: %v", err)
		}
		if _, err := eng.Compile(ast.Printed()); err != nil {
			fails("does not compile as printed: %v\n%s", err, ast.Printed())
		}
		var names []string
		for v := range ast.Variables() {
			names = append(names, v.Name)
		}
		// In strict mode the name of a function cannot stand before the function, or for
		// one of Go.
		for _, f := range ast.Functions() {
			names = append(names, f.Name)
		}
		for f := range ast.Calls() {
			names = append(names, f.Name)
		}
		for range ast.Literals() {
		}
		if _, err := strict.CompileWith(c.Script, engine.CompileOptions{Names: names}); err != nil && !strings.Contains(err.Error(), "Module not found") && !strings.Contains(err.Error(), "Undefined module") {
			fails("does not compile in strict mode with the variables %v: %v", names, err)
		}
	}
	t.Logf("%d scripts", n)
}

// TestHooksThatDecline runs the golden scripts with hooks that know nothing, tokens that
// stay, and definitions that nobody refuses: nothing may change.
func TestHooksThatDecline(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	limits := engine.Limits{Operations: 100_000, CallLevels: 32}
	plain := engine.New(packages.Standard()).SetLimits(limits)
	hooked := plain.Clone()
	none := engine.Dynamic{}
	hooked.OnVar(func(*engine.CallContext, string) (engine.Dynamic, bool, error) { return none, false, nil })
	hooked.OnMissingFunc(func(*engine.CallContext, string, []engine.Dynamic, bool) (engine.Dynamic, bool, error) {
		return none, false, nil
	})
	hooked.OnMissingProperty(func(*engine.CallContext, engine.Dynamic, string) (engine.Dynamic, bool, error) {
		return none, false, nil
	})
	hooked.OnInvalidIndex(func(*engine.CallContext, engine.Dynamic, engine.Dynamic) (engine.Dynamic, bool, error) {
		return none, false, nil
	})
	hooked.OnDefVar(func(*syntax.Let, int, bool) error { return nil })
	hooked.OnToken(func(_ syntax.Token, text string, _ syntax.Pos) string { return text })
	run := func(eng *engine.Engine, src string) string {
		scope := engine.NewScope()
		s := result(eng, scope, src)
		return s + "\n" + scope.String()
	}
	for _, c := range cases {
		want := run(plain, c.Script)
		if got := run(hooked, c.Script); got != want && want == run(plain, c.Script) {
			t.Errorf("%s:%d\n%s\n got %s\nwant %s", c.File, c.Line, c.Script, got, want)
		}
	}
}
