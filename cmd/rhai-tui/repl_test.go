package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl"
)

func TestLineREPL(t *testing.T) {
	for _, c := range []struct {
		in, out string
		code    int
		err     string
	}{
		{"", "", exitOK, ""},
		{"print(1)", "1\n", exitOK, ""},
		{"40 + 2\n", "", exitOK, ""},
		{"let x = 1;\nx += 1;\nprint(x)\n", "2\n", exitOK, ""},
		{"fn f(a) {\n  a * 2\n}\n\nprint(f(4))", "8\n", exitOK, ""},
		{"if false {\n print(1)\n}\nelse {\n print(2)\n}\nprint(3)\n", "2\n3\n", exitOK, ""},
		{"print(1)\n\n(\n)}\nprint(2)\n", "1\n2\n", exitParse, "Unexpected ')'"},
		{"throw 1\nprint(2)\n)\n", "2\n", exitScriptError, "Runtime error: 1"},
		{"if x {", "", exitParse, "error:"},
		{"let a = 5\r\n:type a\r\n:quit\nprint(1)", "i64\n", exitOK, ""},
		{":nope", "", exitScriptError, "no command :nope"},
	} {
		var out, err bytes.Buffer
		code := cmdREPL(t.Context(), streams{in: strings.NewReader(c.in), out: &out, err: &err}, []string{"--plain"})
		if out.String() != c.out || code != c.code || !strings.Contains(err.String(), c.err) || (c.err == "") != (err.Len() == 0) {
			t.Errorf("%q: code %d, want %d\n out %q, want %q\n err %q", c.in, code, c.code, out.String(), c.out, err.String())
		}
	}
}

// TestLineREPLAsks checks that what a cell asks for is done, after the cell's own context
// has ended.
func TestLineREPLAsks(t *testing.T) {
	var out, err bytes.Buffer
	in := "let a = 1; let b = a + 1;\n:debug\nn\np a\nset a = 40\nc\nq\nprint(a)\n"
	code := cmdREPL(t.Context(), streams{in: strings.NewReader(in), out: &out, err: &err}, []string{"--plain"})
	for _, want := range []string{"start: ", "step: ", "=> 1\n", "=> 40\n", "The script ended", "\n1\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s%s", want, out.String(), err.String())
		}
	}
	if code != exitOK {
		t.Errorf("code %d: %s", code, err.String())
	}
}

// TestAccessible checks that every line says what it is, and that nothing is drawn.
func TestAccessible(t *testing.T) {
	var out, errs bytes.Buffer
	l := lineREPL{streams: streams{in: strings.NewReader("let x = 40; [x, 2]\nfn f(a) {\n a + oops }\nf(1)\n:undo\n"), out: &out, err: &errs}, interactive: true, accessible: true}
	l.session = repl.New(repl.Options{Engine: engine.New(packages.Standard())})
	l.session.Run(t.Context(), ":time", nil)
	if code := l.run(t.Context()); code != exitOK {
		t.Errorf("code %d", code)
	}
	wantOut := "rhai-tui: type Rhai and press enter; :help lists commands, ctrl+d quits.\n" +
		"input: result: [40, 2]\ntype: array\ninput: more: defined: f(a)\ninput: input: took back: fn f(a) { …\ninput: \n"
	wantErr := "error: Variable not found: oops\nplace: cell 2, line 2, col 6\nline: a + oops }\nin: call to function 'f', cell 3, line 1, col 1\n"
	if out.String() != wantOut || errs.String() != wantErr {
		t.Errorf("%q\n%q", out.String(), errs.String())
	}
}
