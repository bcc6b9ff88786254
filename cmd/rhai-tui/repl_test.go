package main

import (
	"bytes"
	"strings"
	"testing"
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
