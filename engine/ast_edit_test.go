package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func compiled(t *testing.T, eng *engine.Engine, name, src string) *engine.AST {
	t.Helper()
	ast, err := eng.CompileNamed(name, src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return ast
}

func ran(eng *engine.Engine, ast *engine.AST) string {
	v, err := eng.Run(context.Background(), nil, ast)
	if err != nil {
		return "error " + err.Error()
	}
	return value.Debug(v)
}

func TestFreeNames(t *testing.T) {
	eng := engine.New(packages.Standard())
	if err := eng.RegisterOperator("foo", 160); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ src, vars, calls string }{
		{"x + y", "x 1:1, y 1:5", ""},
		{"let x = x; x", "x 1:9", ""},
		{"{ let x = 1; } x", "x 1:16", ""},
		{"for (a, i) in list { a + i } a", "list 1:15, a 1:30", ""},
		{"try { a } catch (e) { e } e", "a 1:7, e 1:27", ""},
		{"let f = |a, b| a + b + c; f.call(1, 2)", "c 1:24", ""},
		{"fn f(p) { p + q } let p = 1; f(p) + f", "q 1:15", ""},
		{"let x = 1; fn f() { x }", "x 1:21", ""},
		{"if a { b } else if c { d } else { e }", "a 1:4, b 1:8, c 1:20, d 1:24, e 1:35", ""},
		{"switch a { 1 if b => c, _ => { let d = 1; d } }", "a 1:8, b 1:17, c 1:22", ""},
		{"`${a} and ${b}`", "a 1:4, b 1:13", ""},
		{"a.b.c[d] = #{e: f}", "a 1:1, d 1:7, f 1:17", ""},
		{"while a { a = b; } do { c } until d; loop { break e }", "a 1:7, a 1:11, b 1:15, c 1:25, d 1:35, e 1:51", ""},
		{"const K = 1; global::K; export K", "", ""},
		{"f(1, x); x.g(2); m::h()", "x 1:6, x 1:10", "f/2 1:1, g/2 1:12, m::h/0 1:21"},
		{"fn f(a) { g(a) } f(1); f(1, 2); 1.f(); x.g()", "x 1:40", "f/2 1:24, f/1 1:35, g/1 1:42, g/1 1:11"},
		{"type_of(x); eval(`a`); Fn(`b`).call(1); curry(x, 1); is_def_var(`x`); print(1)", "x 1:9, x 1:47", "print/1 1:71"},
		{"1 foo x; -x; x + 1", "x 1:7, x 1:11, x 1:14", "foo/2 1:3"},
		{"", "", ""},
	} {
		ast := compiled(t, eng, "", c.src)
		var vars, calls []string
		for v := range ast.Variables() {
			vars = append(vars, v.Name+" "+v.Pos.String())
		}
		for f, n := range ast.Calls() {
			calls = append(calls, fmt.Sprintf("%s/%d %s", f.Name, n, f.Pos))
		}
		if got := strings.Join(vars, ", "); got != c.vars {
			t.Errorf("%s\n got variables %s\nwant %s", c.src, got, c.vars)
		}
		if got := strings.Join(calls, ", "); got != c.calls {
			t.Errorf("%s\n got calls %s\nwant %s", c.src, got, c.calls)
		}
		for range ast.Variables() {
			break // ends the walk
		}
	}
}

// TestStrictNames checks that what Variables finds is what strict mode asks for.
func TestStrictNames(t *testing.T) {
	src := "let x = a; fn f(p) { p } |q| q + x + b; for i in c { i } try { d } catch (e) { e }"
	var names []string
	for v := range compiled(t, engine.New(packages.Standard()), "", src).Variables() {
		names = append(names, v.Name)
	}
	eng := engine.New(packages.Standard()).SetStrictVariables(true)
	if _, err := eng.CompileWith(src, engine.CompileOptions{Names: names}); err != nil {
		t.Errorf("with %v: %v", names, err)
	}
	for i := range names {
		some := append(append([]string{}, names[:i]...), names[i+1:]...)
		if _, err := eng.CompileWith(src, engine.CompileOptions{Names: some}); err == nil {
			t.Errorf("compiles without %s", names[i])
		}
	}
}

func TestEditAST(t *testing.T) {
	eng := engine.New(packages.Standard())
	src := "//! a script\nlet x = f(1);\n/// doubles\nfn f(n) { n * 2 } private fn g() { `${f(20) + 1}` + \"}\" }\nx /* fn h() {} */ + #{ a: { 5 } }.a"
	ast := compiled(t, eng, "whole", src)
	if got := ran(eng, ast); got != "7" {
		t.Fatal(got)
	}
	funcs := ast.WithoutBody()
	if got := ran(eng, funcs); got != "()" {
		t.Errorf("without body: %s", got)
	}
	if v, err := eng.CallFunc(context.Background(), nil, funcs, "g"); err != nil || v.Str() != "41}" {
		t.Errorf("a function without body: %v, %v", v, err)
	}
	if len(funcs.Text()) != len(src) || strings.Contains(funcs.Text(), "let x") || !strings.Contains(funcs.Text(), "private fn g()") {
		t.Errorf("the text without body is %q", funcs.Text())
	}
	some := ast.RetainFuncs(func(f engine.FuncInfo) bool { return !f.Private && len(f.Params) == 1 })
	if got := ran(eng, some); got != "7" || some.HasFunc("g", 0) || !some.HasFunc("f", 1) || some.HasFunc("f", 2) {
		t.Errorf("some functions: %s, %v", got, some.Functions())
	}
	if f := some.Functions(); len(f) != 1 || f[0].Pos != ast.Functions()[0].Pos || f[0].Comments[0] != "/// doubles" {
		t.Errorf("functions: %+v", f)
	}
	none := ast.RetainFuncs(func(engine.FuncInfo) bool { return false })
	if got := ran(eng, none); got != "error Function not found: f (i64) in 'whole' (line 2, position 9)" && !strings.HasPrefix(got, "error Function not found: f (i64)") {
		t.Errorf("no function: %s", got)
	}
	again := compiled(t, eng, "", ast.Printed())
	if got := ran(eng, again); got != "7" || !again.HasFunc("g", 0) {
		t.Errorf("printed: %s\n%s", got, ast.Printed())
	}
	count := 0
	ast.Walk(func(n syntax.Node) bool {
		if _, ok := n.(*syntax.Call); ok {
			count++
		}
		return true
	})
	if count != 2 {
		t.Errorf("Walk finds %d calls", count)
	}
}

func TestMerge(t *testing.T) {
	eng := engine.New(packages.Standard())
	for _, c := range []struct{ a, b, want string }{
		{"40 + 2", "fn f() { 1 }", "42"},
		{"40 + 2 // done", "", "42"},
		{"let x = 1", "x + 1", "2"},
		{"let x = 1; { x += 1 }", "x", "2"},
		{"fn f() { 1 } fn f(x) { x } f()", "fn f() { 2 } f() + f(5)", "7"},
		{"fn f() { 1 } f()", "fn f() { 2 }", "2"},
		{"", "7", "7"}, {"7", "", "7"}, {"", "", "()"},
		{"fn f() { g() }", "fn g() { 5 } f()", "5"},
		{"1 + 1", "-1", "-1"},
	} {
		m, err := compiled(t, eng, "a", c.a).Merge(compiled(t, eng, "b", c.b))
		if err != nil {
			t.Errorf("%q + %q: %v", c.a, c.b, err)
			continue
		}
		if got := ran(eng, m); got != c.want || m.Source() != "b" {
			t.Errorf("%q + %q: got %s of %s, want %s", c.a, c.b, got, m.Source(), c.want)
		}
		if got := ran(eng, compiled(t, eng, "", m.Text())); got != c.want {
			t.Errorf("the text of %q + %q: got %s, want %s", c.a, c.b, got, c.want)
		}
	}
	m, err := compiled(t, eng, "", "let a = 1;\n").Merge(compiled(t, eng, "", "\nboom()"))
	if err != nil {
		t.Fatal(err)
	}
	if got := ran(eng, m); got != "error Function not found: boom () (line 4, position 1)" {
		t.Error(got)
	}
	if _, err := m.Merge(nil); !errors.Is(err, engine.ErrSystem) {
		t.Error(err)
	}
	// Constants that a scope gave to the code are in the merged one too.
	scope := engine.NewScope().PushConst("K", 5)
	a, err := eng.CompileScope(scope, "let a = K;")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = a.Merge(compiled(t, eng, "", "a + 1")); err != nil {
		t.Fatal(err)
	}
	if got := ran(eng, m); got != "6" {
		t.Error(got)
	}
}

func TestLiterals(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast := compiled(t, eng, "", "const A = 1 + 1; let b = \"x\"; let c = [1, #{d: 2}]; let e = A; let f = foo(); let g; { let h = 1; } A")
	var got []string
	for v := range ast.Literals() {
		got = append(got, fmt.Sprintf("%s %v %s", v.Name, v.Constant, value.Debug(v.Value)))
	}
	want := `A true 2, b false "x", c false [1, #{"d": 2}], e false 2, g false ()`
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestCompileFS(t *testing.T) {
	eng := engine.New(packages.Standard())
	files := fstest.MapFS{"rules/r1.rhai": {Data: []byte("#!/usr/bin/rhai\nlet x = 1;\nx +")}, "ok.rhai": {Data: []byte("#!/bin/sh")}}
	_, err := eng.CompileFS(files, "rules/r1.rhai")
	var e *engine.Error
	if !errors.As(err, &e) || e.Source != "rules/r1.rhai" || e.Pos.Line != 3 {
		t.Errorf("%v", err)
	}
	ast, err := eng.CompileFS(files, "ok.rhai")
	if err != nil || ast.Source() != "ok.rhai" || ran(eng, ast) != "()" {
		t.Errorf("%v", err)
	}
	for _, path := range []string{"nowhere", "../x", ""} {
		if _, err := eng.CompileFS(files, path); !errors.Is(err, engine.ErrSystem) || !errors.As(err, new(*fs.PathError)) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, err := eng.CompileFS(nil, "x"); !errors.Is(err, engine.ErrSystem) {
		t.Error(err)
	}
}

func ExampleAST_Variables() {
	ast, err := engine.New(packages.Standard()).Compile(`let limit = 18; age >= limit && country == "DE"`)
	if err != nil {
		panic(err)
	}
	for v := range ast.Variables() {
		fmt.Println(v.Name, v.Pos)
	}
	// Output:
	// age 1:17
	// country 1:33
}

func ExampleAST_Merge() {
	eng := engine.New(packages.Standard())
	library, _ := eng.Compile("fn rate(country) { 0.19 }")
	rule, _ := eng.Compile(`100.0 * rate("DE")`)
	whole, err := library.Merge(rule)
	if err != nil {
		panic(err)
	}
	fmt.Println(eng.Run(context.Background(), nil, whole))
	// Output: 19.0 <nil>
}
