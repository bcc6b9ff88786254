package tui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTestCommand checks what the test command says of sessions, and that --update
// makes them pass.
func TestTestCommand(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := write("good.rhai-test", "rhai> let x = 40;\nrhai> x + 2\n= 42 : i64\n\nrhai> import \"lib\" as lib; lib::twice(x)\n= 80 : i64\n")
	write("lib.rhai", "fn twice(n) { n * 2 }")
	bad := write("bad.rhai-test", "rhai> let x = 40; print(x)\n| 41\n# 900 ops\nrhai> oops\n= 1 : i64\n")
	broken := write("broken.rhai-test", "nothing\n")

	got := do(t, "", "test", "--ignore-ops", good)
	if got.code != exitOK || !strings.HasPrefix(got.out, "TAP version 14\n1..1\nok 1 - "+good+" (3 cells, ") {
		t.Errorf("%+v", got)
	}
	got = do(t, "", "test", "--jobs", "2", good, bad, broken, filepath.Join(dir, "none"))
	if got.code != exitScriptError || !strings.Contains(got.out, "\nnot ok 2 - "+bad) || !strings.Contains(got.out, "        | 40\n") ||
		!strings.Contains(got.out, "\nnot ok 3 - ") || !strings.Contains(got.out, "        ! Variable not found: oops\n") || !strings.Contains(got.out, "\nnot ok 4 - ") {
		t.Errorf("%+v", got)
	}
	got = do(t, "", "test", "--json", bad)
	var r testResult
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitScriptError || len(r.Differ) != 2 || r.Differ[1].Line != 4 || r.Cells != 2 {
		t.Errorf("%v: %+v", err, got)
	}
	if got := do(t, "", "test", "--update", bad); got.code != exitOK || !strings.Contains(got.out, "updated") {
		t.Errorf("%+v", got)
	}
	if got := do(t, "", "test", bad); got.code != exitOK {
		t.Errorf("%+v", got)
	}
	endless := write("endless.rhai-test", "rhai> 1\n= 1 : i64\nrhai> loop {}\n")
	if got := do(t, "", "test", "--timeout", "50ms", endless); got.code != exitScriptError || !strings.Contains(got.out, "stopped at line 3") {
		t.Errorf("%+v", got)
	}
	if got := do(t, "", "test"); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}
