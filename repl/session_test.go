package repl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func newTestSession() *Session {
	return New(Options{Engine: engine.New(packages.Standard())})
}

// answer is the outcome of a cell in one line.
func answer(r Result) string {
	switch {
	case r.Incomplete:
		return "incomplete"
	case r.Failure != nil:
		return "error: " + r.Failure.String()
	case r.Error != "":
		return "error: " + r.Error
	case r.Text != "":
		return r.Text
	}
	return r.Value + ": " + r.Type
}

func TestCells(t *testing.T) {
	s := newTestSession()
	for i, c := range []struct{ in, want string }{
		{"40 + 2", "42: i64"},
		{"let x = 1;", ": ()"},
		{"x + 1", "2: i64"},
		{"x += 10; x", "11: i64"},
		{"fn twice(n) { n * 2 }", ": ()"},
		{"twice(x)", "22: i64"},
		{"fn four(n) {\n    twice(twice(n))\n}\nfour(3)", "12: i64"},
		{"fn twice(n) { n * 20 } four(1)", "400: i64"},
		{"let s = \"a\\n\"; s", `"a\n": string`},
		{"[1, 'c', #{a: 1.5}]", `[1, 'c', #{"a": 1.5}]: array`},
		{"if x {", "incomplete"},
		{"`open ${x", "incomplete"},
		{"let y = 5; y += missing;", "error: Variable not found: missing (cell 11, line 1, col 17)\n 1 | let y = 5; y += missing;\n   |                 ^"},
		{"y", "error: Variable not found: y (cell 12, line 1, col 1)\n 1 | y\n   | ^"},
		{"let f = |n| {\n  n + oops(1)\n};", ": ()"},
		{"x = 5; f.call(1)", "error: Function not found: oops (i64) (cell 13, line 2, col 7)\n 2 |   n + oops(1)\n   |       ^\n in closure call (cell 14, line 1, col 10)"},
		{"x", "11: i64"},
		{"fn bad(n) {\n\n   n.y.z }", ": ()"},
		{"1 +", "incomplete"},
		{"\n  )", "error: Syntax error: Unexpected ')' (cell 17, line 2, col 3)\n 2 |   )\n   |   ^"},
		{"bad(1)", "error: Unknown property 'y' - a getter is not registered for type 'i64' (cell 16, line 3, col 6)\n 3 |    n.y.z }\n   |      ^\n in call to function 'bad' (cell 18, line 1, col 1)"},
		{"throw 1", "error: Runtime error: 1 (cell 19, line 1, col 1)\n 1 | throw 1\n   | ^"},
		{"const c = 3", ": ()"},
		{"c = 4", "error: Cannot modify constant c (cell 21, line 1, col 1)\n 1 | c = 4\n   | ^"},
		{"let x = 2; x", "2: i64"},
	} {
		got := answer(s.Eval(t.Context(), c.in, nil))
		if got != c.want {
			t.Errorf("%d: %s\n got %s\nwant %s", i, c.in, got, c.want)
		}
	}
	var vars []string
	st := s.State()
	for _, v := range st.Variables {
		vars = append(vars, v.Name+"="+v.Text)
	}
	if got := strings.Join(vars, " "); !strings.HasPrefix(got, `x=2 s="a\n" f=|n| { n + oops(1) } from cell 13`) || !strings.HasSuffix(got, "c=3") {
		t.Errorf("variables are %s", got)
	}
	var fns []string
	for _, f := range st.Functions {
		fns = append(fns, fmt.Sprintf("%s@%d", f, f.Cell))
	}
	if got, want := strings.Join(fns, " "), "four(n)@7 twice(n)@8 bad(n)@16"; got != want {
		t.Errorf("functions are %s, want %s", got, want)
	}
}

// TestPlacesOfFunctions checks that errors inside functions of earlier cells name
// the line of the cell that defined them, whatever came in between.
func TestPlacesOfFunctions(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "let a = 1;\n   fn f(n) {\n  n +\n     g(n) } fn h() { 1 }", nil)
	for range 5 {
		s.Eval(t.Context(), "1;\n2;\n3", nil)
	}
	r := s.Eval(t.Context(), "h();\n\nf(2)", nil)
	if r.Failure == nil {
		t.Fatal("no failure")
	}
	want := "Function not found: g (i64) (cell 1, line 4, col 6)\n 4 |      g(n) } fn h() { 1 }\n   |      ^\n in call to function 'f' (cell 7, line 3, col 1)"
	if got := r.Failure.String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestManyLines(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "fn f(n) {\n  n + g(n)\n}", nil)
	big := strings.Repeat("\n", 25000) + "f(1)"
	for i := range 5 {
		r := s.Eval(t.Context(), big, nil)
		if r.Failure == nil || !strings.HasPrefix(r.Failure.String(), "Function not found: g (i64) (cell 1, line 2, col 7)\n") || r.Failure.Calls[0].Line != 25001 {
			t.Fatalf("%d: %v", i, r.Failure)
		}
	}
}

func TestInterrupt(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "let n = 7;", nil)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		started := make(chan struct{})
		go func() {
			<-started
			cancel()
		}()
		close(started)
		r := s.Eval(ctx, "n = 8; loop {}", nil)
		if !r.Stopped || r.Failure == nil || !strings.HasPrefix(r.Failure.String(), "Script terminated") {
			t.Fatalf("stopped %v, failure %v", r.Stopped, r.Failure)
		}
		if got := answer(s.Eval(t.Context(), "n", nil)); got != "7: i64" {
			t.Fatalf("n is %s after an interrupt", got)
		}
	}
}

func TestOutput(t *testing.T) {
	s := newTestSession()
	out := NewCapture(3, 1000)
	s.Eval(t.Context(), "print(1); debug(\"x\"); print(\"a\\nb\"); for i in 0..10 { print(i); }", out)
	head, dropped, tail := out.Lines()
	var got []string
	for _, l := range append(head, tail...) {
		got = append(got, fmt.Sprint(l.Text, l.Debug))
	}
	if g, want := strings.Join(got, " "), `1false "x"true afalse 7false 8false 9false`; g != want || dropped != 16 {
		t.Errorf("output %s, %d dropped, want %s", g, dropped, want)
	}
	out = NewCapture(100, 50)
	s.Eval(t.Context(), "for i in 0..1000 { print(\"0123456789\"); }", out)
	head, dropped, tail = out.Lines()
	if len(head) != 4 || len(tail) != 4 || dropped != 992*11 {
		t.Errorf("%d lines, %d bytes dropped, %d lines", len(head), dropped, len(tail))
	}
}

func TestCutResult(t *testing.T) {
	s := New(Options{Engine: engine.NewRaw(), MaxValue: 100})
	r := s.Eval(t.Context(), `let a = [1]; for i in 0..12 { a += a; } let s = "é"; for i in 0..10 { s += s; } [s, a]`, nil)
	if !r.Cut || len(r.Value) > 110 || len(r.Value) < 90 || !strings.HasPrefix(r.Value, `["éé`) {
		t.Errorf("cut %v, %d bytes: %s %v", r.Cut, len(r.Value), r.Value, r.Failure)
	}
	for i, v := range s.State().Variables {
		if len(v.Text) > 300 {
			t.Errorf("variable %d shows %d bytes", i, len(v.Text))
		}
	}
}

func TestCommands(t *testing.T) {
	s := newTestSession()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.rhai")
	if err := os.WriteFile(file, []byte("#!/usr/bin/rhai\nlet k = 3;\nfn inc(n) { n + k2 }\nk"), 0o666); err != nil {
		t.Fatal(err)
	}
	s.Eval(t.Context(), "fn f(a, b) { a }", nil)
	s.Eval(t.Context(), "let v = f(1, 2)", nil)
	s.Eval(t.Context(), "fn f(a, b) { b } v", nil)
	saved := filepath.Join(dir, "b.rhai")
	for _, c := range []struct{ in, want string }{
		{":vars", "let v: i64 = 1"},
		{":fns", "f(a, b)   (cell 3)"},
		{":type [v]", "array"},
		{":type v = 8; 'c'", "char"},
		{":type (", "error: Syntax error: Script is incomplete (cell 4, line 1, col 2)\n 1 | (\n   |  ^"},
		{":ty v", "i64"},
		{":zzz", "error: no command :zzz; :help lists them"},
		{":help f", "f(a, b)   (cell 3)"},
		{":bench f(1, 2)", ""},
		{":load " + file, "loaded " + file},
		{":load /nowhere/x", "error: cannot read /nowhere/x"},
		{":save " + saved, "saved 4 cells to " + saved},
		{":reset", "forgot "},
		{":vars", "no variables"},
		{":load " + saved, "loaded "},
		{":vars", "let v: i64 = 2\nlet k: i64 = 3"},
	} {
		got := answer(s.Run(t.Context(), c.in, nil))
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	if !s.Run(t.Context(), ":q", nil).Quit {
		t.Error(":q does not quit")
	}
	if help := s.Run(t.Context(), ":help", nil).Text; strings.Count(help, "\n  :") != len(commands) {
		t.Errorf("help is %s", help)
	}
	if r := s.Eval(t.Context(), "1 +", nil); !r.Incomplete || r.Cell != 0 {
		t.Errorf("incomplete: %+v", r)
	}
}

func TestCompletionRunsNothing(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "let total = 1; let table = #{alpha: 1, beta: #{}}; const TAU = 6; fn tally(a) { throw 1 }", nil)
	st := s.State()
	for _, c := range []struct {
		src  string
		want string
	}{
		{"t", "table total tally throw try true this type_of TAU"},
		{"x + ta", "table tally TAU"},
		{"table.", "alpha beta"},
		{"table.al", "alpha"},
		{"table?.b", "beta"},
		{"let thing = 1; th", "thing throw this"},
		{"TA", "TAU table tally"},
		{"\"ta", ""},
		{"// ta", ""},
		{"`a ${ta", "table tally TAU"},
		{"`a ta", ""},
		{"12", ""},
		{":he", "help"},
		{"", ""},
		{"wh", "while"},
	} {
		var got []string
		for _, x := range Complete(st, c.src, len(c.src)).List {
			got = append(got, x.Text)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%q: got %s, want %s", c.src, g, c.want)
		}
	}
}

func TestSignatures(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "fn tally(a, b) { a } fn other(x) { x }", nil)
	st := s.State()
	for _, c := range []struct{ src, want string }{
		{"tally(", "tally"},
		{"tally(1, ", "tally"},
		{"tally(other(1), ", "tally"},
		{"tally(other(", "other"},
		{"tally([1, ", "tally"},
		{"tally(|x| { ", ""},
		{"tally(1)", ""},
		{"fn tally(", ""},
		{"`a ${tally(", "tally"},
		{"`a ${tally(1)} b ", ""},
		{"x.tally(`${1}`", "tally"},
		{"nope(", ""},
		{"if (", ""},
		{")", ""},
	} {
		got := ""
		for _, f := range Signatures(st, c.src, len(c.src)) {
			got = f.Name
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.src, got, c.want)
		}
	}
}

func TestUndo(t *testing.T) {
	s := newTestSession()
	for _, in := range []string{"let a = 1;", "fn f() { a }", "a = 2; let b = [3];", "nope", "b.push(4);"} {
		s.Eval(t.Context(), in, nil)
	}
	for _, c := range []struct{ in, want string }{
		{":undo", "took back: b.push(4);"},
		{":vars", "let a: i64 = 2\nlet b: array = [3]"},
		{":undo", "took back: a = 2; let b = [3];"},
		{":vars", "let a: i64 = 1"},
		{":type f", "Fn"},
		{":undo", "took back: fn f() { a }"},
		{":fns", "no functions"},
		{":reset", "forgot "},
		{":undo", "brought back"},
		{":vars", "let a: i64 = 1"},
		{":undo", "took back: let a = 1;"},
		{":undo", "error: there is nothing"},
		{"let a = 9;", ": ()"},
		{"a", "9: i64"},
	} {
		if got := answer(s.Run(t.Context(), c.in, nil)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		src  string
		want Verdict
	}{
		{"1", Verdict{}},
		{"if x {", Verdict{true, "{ on line 1", 1}},
		{"fn f() {\n  g(", Verdict{true, "( on line 2", 2}},
		{"`a ${ b", Verdict{true, "${ on line 1", 1}},
		{"`a", Verdict{true, "` on line 1", 1}},
		{"1 +", Verdict{true, "", 0}},
		{"let }", Verdict{}},
		{":load (", Verdict{}},
		{"a /* b", Verdict{false, "/* on line 1", 1}},
	} {
		if got := Check(c.src); got != c.want {
			t.Errorf("%q: got %+v, want %+v", c.src, got, c.want)
		}
	}
}

func TestHighlight(t *testing.T) {
	src := "let x = f(1) + `a${b}c`; // d"
	var got []string
	for _, s := range Highlight(src) {
		got = append(got, fmt.Sprint(s.Class, src[s.Start:s.End]))
	}
	want := "1let 5= 6f 21 5+ 3`a${ 3}c` 4// d"
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got %s, want %s", g, want)
	}
}

func FuzzSession(f *testing.F) {
	f.Add("let x = 1;", "fn f(a) { a }", "f(x)")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		eng := engine.NewRaw()
		eng.SetLimits(engine.Limits{Operations: 10000, StringSize: 10000, ArraySize: 1000, MapSize: 1000})
		s := New(Options{Engine: eng})
		for _, src := range []string{a, b, c} {
			Complete(s.State(), src, len(src)/2)
			Highlight(src)
			Check(src)
			if !IsCommand(src) {
				s.Eval(t.Context(), src, nil)
			}
		}
	})
}

func TestStandalone(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), "fn f(a) { a } let x = 1; let x = [1, #{a: 2.5}]; let g = |a| a; let c = 'c'; const K = \"k\"", nil)
	script, vars := s.Standalone("f(x)")
	if script != "fn f(a) { a }\nf(x)" || fmt.Sprint(vars) != `[{x [1,{"a":2.5}] false} {K "k" true}]` {
		t.Errorf("script %q, variables %v", script, vars)
	}
}

func TestPreviewIsDebug(t *testing.T) {
	s := newTestSession()
	for _, src := range []string{
		"()", "true", "-1", "1.5", "'\\n'", `"a\"b"`, "[]", "[1, [2, 'c'], #{}]", `#{b: (), a: [1..2, 1..=3]}`,
		"|x| x", "let y = 3; |x| x + y", "let a = [1]; let b = a; b.push(2); [a, b]", "blob(12, 7)", `Fn("abs")`,
	} {
		v, _, err := s.run(t.Context(), engine.NewScope(), src, nil)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got, cut := Preview(v, 1000); got != value.Debug(v) || cut {
			t.Errorf("%s: got %s, want %s", src, got, value.Debug(v))
		}
		if text, _ := Preview(v, 3); len(text) > 3 && len(value.Debug(v)) > 3 {
			if _, cut := Preview(v, 3); cut && len(text) > 3 {
				t.Errorf("%s: cut to %d bytes", src, len(text))
			}
		}
	}
}

// TestRollback checks that a cell that fails changes nothing, also deep inside
// values.
func TestRollback(t *testing.T) {
	s := newTestSession()
	s.Eval(t.Context(), `let a = [1, [2]]; let m = #{x: #{y: 1}}; let s = "a"; fn f() { 1 }`, nil)
	for src, want := range map[string]string{
		`a.push(3); a[1].push(4); m.x.y = 2; m.z = 1; s += "b"; let a = 5; let n = 1; fn f() { 2 } throw 1`: "error: Runtime error: 1 (",
		`a[1] += [9]; m.x = (); s.clear(); nope`:                                                            "error: Variable not found: nope (",
	} {
		if got := answer(s.Eval(t.Context(), src, nil)); !strings.HasPrefix(got, want) {
			t.Fatalf("%s gives %s, want %s", src, got, want)
		}
		if got, want := answer(s.Eval(t.Context(), "[a, m, s, f()]", nil)), `[[1, [2]], #{"x": #{"y": 1}}, "a", 1]: array`; got != want {
			t.Errorf("after %s\n got %s\nwant %s", src, got, want)
		}
	}
	if n := len(s.State().Variables); n != 3 {
		t.Errorf("%d variables", n)
	}
}

func TestImports(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.SourceResolver(map[string]string{"lib": "export const N = 5; fn inc(x) { x + 1 } fn bad() { nope }"}))
	s := New(Options{Engine: eng})
	for _, c := range []struct{ in, want string }{
		{`import "lib" as lib;`, ": ()"},
		{"lib::inc(lib::N)", "6: i64"},
		{"fn six() { lib::inc(5) } six()", "6: i64"},
		{"lib::bad()", "error: Variable not found: nope"},
		{":reset", "forgot variables, functions and imports"},
		{"lib::N", "error: "},
	} {
		if got := answer(s.Run(t.Context(), c.in, nil)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

// TestHelpOfNatives: what is known of the functions of a package is shown.
func TestHelpOfNatives(t *testing.T) {
	std := packages.Standard()
	s := New(Options{Engine: engine.New(std), Modules: []*engine.Module{std.SharedModule()}})
	want := "shift(array: array) -> any   (StandardPackage)\n    Removes the first element and returns it; () if there is none.\n" +
		"    let a = [1, 2]; [a.shift(), a] // [1, [2]]\n"
	if got := answer(s.Run(t.Context(), ":help shift", nil)); !strings.HasPrefix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestEngineStaysTheCallers: a session prints to its own printer and leaves the
// engine it was given as it is.
func TestEngineStaysTheCallers(t *testing.T) {
	var heard []string
	eng := engine.New(packages.Standard()).OnPrint(func(_ context.Context, text string) { heard = append(heard, text) })
	New(Options{Engine: eng})
	if _, err := eng.Eval(context.Background(), "print(1)"); err != nil || len(heard) != 1 {
		t.Error(heard, err)
	}
}
