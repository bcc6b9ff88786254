package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestResults checks _ and _N, and the places of errors behind them.
func TestResults(t *testing.T) {
	s := newTestSession()
	for i, c := range []struct{ in, want string }{
		{"_", "error: there is no result _ yet"},
		{"40 + 2", "42: i64"},
		{"_ + 1", "43: i64"},
		{"_1 * 10 + _", "463: i64"},
		{"let x = 5;", ": ()"},
		{"_ + x", "468: i64"},
		{"switch 5 { 1 => 2, _ => 3 }", "3: i64"},
		{"[_1, _, _2, `${_1} _`, \"_\"]", `[42, 3, 43, "42 _", "_"]: array`},
		{"_7[2]", "43: i64"},
		{"_ = 3", "error: Cannot modify constant result_8__ (cell 9, line 1, col 1)\n 1 | _ = 3\n   | ^"},
		{"1;\n _1 + _1 + oops", "error: Variable not found: oops (cell 10, line 2, col 12)\n 2 |  _1 + _1 + oops\n   |            ^"},
		{"_99", "error: there is no result _99 yet"},
	} {
		if got := answer(s.Eval(t.Context(), c.in, nil)); got != c.want {
			t.Errorf("%d: %s\n got %s\nwant %s", i, c.in, got, c.want)
		}
	}
	for _, v := range s.State().Variables {
		if v.Name != "x" {
			t.Errorf("variable %s", v.Name)
		}
	}
	// What is saved runs on its own.
	file := filepath.Join(t.TempDir(), "s.rhai")
	s.Run(t.Context(), ":save "+file, nil)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(newTestSession().Eval(t.Context(), string(text)+"\nresult_7__[0]", nil)); got != "42: i64" {
		t.Errorf("%s\n%s", text, got)
	}
}

func TestDiffAndFork(t *testing.T) {
	s := newTestSession()
	for i, c := range []struct{ in, want string }{
		{":diff", "error: no cell has run that can be compared"},
		{"let a = 1; let b = [1, 2]; fn f() { 1 }", ": ()"},
		{":diff", "+ a = 1\n+ b = [1, 2]\n+ fn f()"},
		{"b.push(3); const c = 'c'; fn f() { 2 } fn g() { 3 }", ": ()"},
		{":diff 2", "~ b = [1, 2, 3]   was [1, 2]\n+ c = 'c'\n+ fn g()"},
		{":fork here", "kept as here; :fork here goes back to it"},
		{"a = \"other\"; b.clear(); f()", "2: i64"},
		{":diff", "~ a = \"other\"   was 1\n~ b = []   was [1, 2, 3]"},
		{":diff 1", "+ a = 1\n+ b = [1, 2]\n+ fn f()"},
		{"a", `"other": string`},
		{":diff", "cell 4 changed nothing"},
		{":fork here", "the session is as here has it; :undo returns"},
		{"b", "[1, 2, 3]: array"},
		{":undo", "took back: b"},
		{":undo", "went back to the session before"},
		{"a", `"other": string`},
		{":diff 99", "error: cell 99 failed, was taken back or is too long ago"},
		{":diff x", "error: :diff wants the number of a cell"},
		{":fork", "here: 2 cells, 3 variables"},
	} {
		got := answer(s.Run(t.Context(), c.in, nil))
		if i == 4 {
			got = strings.Replace(got, "~ fn f()\n", "", 1)
		}
		if got != c.want {
			t.Errorf("%d: %s\n got %s\nwant %s", i, c.in, got, c.want)
		}
	}
}

// TestClosuresAreShown checks that closures are shown as they were written.
func TestClosuresAreShown(t *testing.T) {
	s := newTestSession()
	for _, c := range []struct{ in, want string }{
		{"let k = 3; |x, y| x * k + y", "|x, y| x * k + y from cell 1, 1 captured: Fn"},
		{"[|| 1, |a| { a; 2 }]", "[|| 1 from cell 2, |a| { a; 2 } from cell 2]: array"},
		{"fn make() { |n| n + 1 }\n\nmake()", "|n| n + 1 from cell 3: Fn"},
		{"let f = make(); f", "|n| n + 1 from cell 3: Fn"},
		{"Fn(\"make\")", `Fn("make"): Fn`},
	} {
		if got := answer(s.Eval(t.Context(), c.in, nil)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	if st := s.State(); st.Variables[1].Text != "|n| n + 1 from cell 3" {
		t.Errorf("%+v", st.Variables)
	}
}

func TestPretty(t *testing.T) {
	s := newTestSession()
	r := s.Eval(t.Context(), `#{customer: #{name: "Ada Lovelace of London", "odd key": [#{a: 1, b: "some text that takes room"}, #{a: 2, b: "more of it, so that it breaks"}]}, n: 5}`, nil)
	want := `#{
  customer: #{
    name: "Ada Lovelace of London",
    "odd key": [
      #{"a": 1, "b": "some text that takes room"},
      #{"a": 2, "b": "more of it, so that it breaks"},
    ],
  },
  n: 5,
}`
	if got := strings.Join(r.Lines, "\n"); got != want || r.Len != 2 || r.LinesCut {
		t.Errorf("%d %v\n%s", r.Len, r.LinesCut, got)
	}
	if r := s.Eval(t.Context(), "let a = [1, 2]; a.push(3); a", nil); r.Lines != nil || r.Len != 3 || r.Allocated == 0 {
		t.Errorf("%+v", r)
	}
	r = s.Eval(t.Context(), "let a = []; for i in 0..200000 { a.push([i, `text ${i} that makes it long enough to be broken`, `twice`]); } a", nil)
	if !r.LinesCut || len(r.Lines) > prettyLines+8 || r.Len != 200000 || !strings.Contains(strings.Join(r.Lines[len(r.Lines)-3:], ""), "more") {
		t.Errorf("%v, %d lines, %s", r.LinesCut, len(r.Lines), fmt.Sprint(r.Lines[max(len(r.Lines)-3, 0):]))
	}
}
