package tui

import (
	"bytes"
	"os"
	"path/filepath"
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

// TestAsksLineByLine: what commands ask for is done without a full screen, too.
func TestAsksLineByLine(t *testing.T) {
	path := write(t, "prices.rhai", "fn price(n) { n * 3 }\nlet base = 14;\nprint(\"loaded\");")
	got := do(t, "print(price(base))\n:keys\n:compare 1 + 1\n:profile price(2)\n", "repl", path)
	for _, want := range []string{"loaded\n42\n", "ctrl+d   quits", "ran ", "flat"} {
		if got.code != exitOK || !strings.Contains(got.out, want) {
			t.Errorf("no %q in %+v", want, got)
		}
	}
	if strings.Contains(got.out, "loaded "+path) {
		t.Errorf("the answer of :load is among the output: %s", got.out)
	}
	// Imports are found next to the script, by the workers of a comparison, too.
	dir := filepath.Dir(path)
	for name, text := range map[string]string{"tax.rhai": "fn vat(x) { x * 2 }", "uses.rhai": "import \"tax\" as tax; fn total(x) { tax::vat(x) }"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := do(t, "print(total(4))\n:compare total(3)\n", "repl", filepath.Join(dir, "uses.rhai")); got.code != exitOK || !strings.Contains(got.out, "8\n") || !strings.Contains(got.out, "value    6\n") {
		t.Errorf("imports: %+v", got)
	}
	if got := do(t, ":edit\n", "repl", path); got.code != exitScriptError || !strings.Contains(got.err, ":edit wants a terminal") {
		t.Errorf(":edit over a pipe: %+v", got)
	}
	if got := do(t, ":save "+path+"\n", "repl"); got.code != exitScriptError || !strings.Contains(got.err, "is there already") {
		t.Errorf(":save over a pipe: %+v", got)
	}
	if got := do(t, "1\n", "repl", "/no/such.rhai"); got.code != exitScriptError || !strings.Contains(got.err, "cannot read /no/such.rhai") {
		t.Errorf("a script that is not there: %+v", got)
	}
}
