package tui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDebugPlain debugs by commands from the standard input.
func TestDebugPlain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "d.rhai")
	if err := os.WriteFile(file, []byte("fn twice(x) {\n    x * 2\n}\nlet a = twice(n);\nprint(a);\nthrow a;\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, in string
		code     int
		out      []string
	}{
		{"--set n=21 --break twice", "c\nprint x\nset x = 4\nc\n", exitScriptError, []string{
			"start: <script> at " + file + ":4:1", "breakpoint 1: twice at " + file + ":2:5", "=> 21", "=> 4", "\n8\n",
			"The script failed after", "Runtime error: 8 (line 6, position 1)",
		}},
		{"--set n=1 --run", "", exitScriptError, []string{"\n2\n"[1:], "Runtime error: 2"}},
		{"--set n=1", "q\n", exitOK, []string{"start:"}},
		{"--set n=1", "n\nwhere", exitScriptError, []string{">  0  <script> at " + file + ":5:1", "Runtime error: 2"}},
		{"--set n=1 --break 99", "", exitUsage, nil},
		{"--optimize most", "", exitUsage, nil},
	} {
		var out, errs strings.Builder
		s := streams{in: strings.NewReader(c.in), out: &out, err: &errs}
		if code := cmdDebug(context.Background(), s, append(strings.Fields(c.args), file)); code != c.code {
			t.Errorf("%s: code %d, want %d\n%s%s", c.args, code, c.code, &out, &errs)
		}
		for _, want := range c.out {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", c.args, want, &out)
			}
		}
	}
}
