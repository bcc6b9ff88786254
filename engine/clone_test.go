package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// TestClone: a copy is configured like the original, and apart from it.
func TestClone(t *testing.T) {
	var heard []string
	hear := func(who string) func(context.Context, string) {
		return func(_ context.Context, text string) { heard = append(heard, who+":"+text) }
	}
	a := newStandard().RegisterFunc("f", func() int64 { return 1 }).OnPrint(hear("a")).SetLimits(engine.Limits{Operations: 1000})
	b := a.Clone()
	b.OnPrint(hear("b")).SetLimits(engine.Limits{Operations: 50})
	c := a.Clone()
	a.OnPrint(hear("new a"))
	b.RegisterFunc("f", func() int64 { return 2 }).RegisterFunc("g", func() int64 { return 3 })
	for i, e := range []*engine.Engine{a, b, c} {
		if _, err := e.Eval(t.Context(), "print(f()); let n = 0; while n < 30 { n += 1 }"); (err != nil) != (i == 1) {
			t.Error(i, err)
		}
		if _, err := e.Compile("g()"); err != nil {
			t.Error(err)
		}
		_, err := e.Eval(t.Context(), "g()")
		if errors.Is(err, engine.ErrFunctionNotFound) != (i != 1) {
			t.Error(i, err)
		}
	}
	if got := strings.Join(heard, " "); got != "new a:1 b:2 a:1" {
		t.Error(got)
	}
}

// TestNothingGiven: what is missing is an error or a panic with a plain text, not a
// nil dereference.
func TestNothingGiven(t *testing.T) {
	eng := newStandard()
	ast, err := eng.Compile("fn f() { 1 } 2")
	if err != nil {
		t.Fatal(err)
	}
	var none context.Context
	mod := func(m *engine.Module, err error) (engine.Dynamic, error) { return value.Unit, err }
	stats := func(v engine.Dynamic, _ engine.Stats, err error) (engine.Dynamic, error) { return v, err }
	for name, f := range map[string]func() (engine.Dynamic, error){
		"nil context":     func() (engine.Dynamic, error) { return eng.Run(none, nil, ast) },
		"nil context ":    func() (engine.Dynamic, error) { return eng.Eval(none, "1") },
		"nil context  ":   func() (engine.Dynamic, error) { return eng.CallFunc(none, nil, ast, "f") },
		"nil context   ":  func() (engine.Dynamic, error) { return stats(eng.RunStats(none, nil, ast)) },
		"nil context    ": func() (engine.Dynamic, error) { return mod(eng.EvalModule(none, nil, ast)) },
		"script is nil":   func() (engine.Dynamic, error) { return eng.Run(t.Context(), nil, nil) },
		"script is nil ":  func() (engine.Dynamic, error) { return eng.CallFunc(t.Context(), nil, &engine.AST{}, "f") },
		"script is nil  ": func() (engine.Dynamic, error) { return mod(eng.EvalModule(t.Context(), nil, nil)) },
	} {
		if _, err := f(); !errors.Is(err, engine.ErrSystem) || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var noEngine *engine.Engine
	var noScope *engine.Scope
	zero := &engine.Engine{}
	for _, c := range []struct {
		f    func()
		want string
	}{
		{func() { _, _ = zero.Eval(t.Context(), "1") }, "the Engine is nil or zero"},
		{func() { _, _ = noEngine.Run(t.Context(), nil, ast) }, "the Engine is nil or zero"},
		{func() { _, _ = zero.Compile("1") }, "the Engine is nil or zero"},
		{func() { zero.SetLimits(engine.Limits{}) }, "the Engine is nil or zero"},
		{func() { zero.RegisterFunc("f", func() {}) }, "the Engine is nil or zero"},
		{func() { zero.RegisterGlobalModule(engine.NewModule("m")) }, "the Engine is nil or zero"},
		{func() { noEngine.Clone() }, "the Engine is nil or zero"},
		{func() { _ = zero.PrintHandler() }, "the Engine is nil or zero"},
		{func() { zero.GlobalModules() }, "the Engine is nil or zero"},
		{func() { _ = zero.RegisterSyntax([]string{"x"}, false, nil) }, "the Engine is nil or zero"},
		{func() { eng.RegisterGlobalModule(nil) }, "a nil Module is registered"},
		{func() { eng.RegisterStaticModule("a", nil) }, "a nil Module is registered"},
		{func() { engine.NewModule("m").SetModule("s", nil) }, "sub-module s of module m is nil"},
		{func() { engine.New(nil) }, "a nil Package"},
		{func() { noScope.Push("x", 1) }, "variable x is added to a nil Scope"},
		{func() { eng.RegisterStaticModule("a::", engine.NewModule("m")) }, `"a::" is no name of a module`},
		{func() { eng.RegisterStaticModule("a b", engine.NewModule("m")) }, `"a b" is no name of a module`},
	} {
		func() {
			defer func() {
				if r := recover(); !strings.Contains(fmt.Sprint(r), c.want) {
					t.Errorf("%v, want %s", r, c.want)
				}
			}()
			c.f()
		}()
	}
	if err := eng.RegisterSyntax([]string{"xyz"}, false, nil); err == nil {
		t.Error("no error")
	}
	noScope.Clear()
	if _, ok := noScope.Get("x"); ok || noScope.Len() != 0 || noScope.Contains("x") || noScope.Clone().Len() != 0 {
		t.Error("a nil scope is not empty")
	}
	for range noScope.All() {
		t.Error("a nil scope is not empty")
	}
}

// TestModulePaths: modules are registered under paths, in any order.
func TestModulePaths(t *testing.T) {
	m := func(n int64) *engine.Module {
		return engine.NewModule("m").Func("x", func() int64 { return n })
	}
	eng := newStandard().RegisterStaticModule("a::b", m(1)).RegisterStaticModule("a::c::d", m(2)).RegisterStaticModule("a::c", m(3)).
		RegisterStaticModule("e", m(4)).RegisterStaticModule("e::f", m(5))
	v, err := eng.Eval(t.Context(), "[a::b::x(), a::c::x(), e::x(), e::f::x()]")
	if got := value.Debug(v); err != nil || got != "[1, 3, 4, 5]" {
		t.Error(got, err)
	}
	eng.RegisterStaticModule("a::c::d", m(6))
	v, err = eng.SetStrictVariables(true).Eval(t.Context(), "[a::b::x(), a::c::x(), a::c::d::x()]")
	if got := value.Debug(v); err != nil || got != "[1, 3, 6]" {
		t.Error(got, err)
	}
}

// TestScriptFuncsOfModule: Funcs lists the functions of a module's script, which can
// be called and added to other modules.
func TestScriptFuncsOfModule(t *testing.T) {
	eng := newStandard()
	ast, err := eng.Compile("/// Adds one.\nfn inc(n) { n + helper() }\nprivate fn helper() { 1 }\nfn half(n) { throw \"no half\" }")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := eng.EvalModule(t.Context(), nil, ast)
	if err != nil {
		t.Fatal(err)
	}
	other := engine.NewModule("other")
	var got []string
	for _, f := range mod.Funcs() {
		got = append(got, f.Signature()+" "+f.Doc)
		other.Add(f)
	}
	if strings.Join(got, "|") != "half(n: any) |inc(n: any) /// Adds one." {
		t.Error(got)
	}
	eng = newStandard().RegisterGlobalModule(other)
	v, err := eng.Eval(t.Context(), "fn f(n) { inc(n) } f(1) + [1, 2].map(|n| inc(n))[1]")
	if n, err := engine.As[int](v, err); n != 5 || err != nil {
		t.Error(n, err)
	}
	if _, err := eng.Eval(t.Context(), "half(1)"); err == nil || !strings.HasPrefix(err.Error(), "Runtime error: no half") {
		t.Error(err)
	}
}
