package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile"
	"github.com/rhai-tui/rhai-tui/profile/bench"
)

func TestCompare(t *testing.T) {
	got := do(t, "", "compare", "example:events", "--duration", "50ms", "--callers", "2")
	if got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v", got)
	}
	for _, want := range []string{"events: 2 callers", "A global", "B raw", "throughput", "allocs/op", exampleResults["events"], "are the same on both sides"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in:\n%s", want, got.out)
		}
	}
	if strings.Contains(got.out, "\x1b") {
		t.Error("escape codes, though there is no terminal")
	}
}

func TestCompareJSON(t *testing.T) {
	got := do(t, "a + b", "compare", "-", "--set", "a=40", "--const", "b=2", "--duration", "20ms", "--json", "--strategies", "raw,global", "--callers", "1,2")
	if got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v", got)
	}
	dec := json.NewDecoder(strings.NewReader(got.out))
	for _, callers := range []int{1, 2} {
		var c comparison
		if err := dec.Decode(&c); err != nil {
			t.Fatal(err)
		}
		if c.State != bench.Finished || c.Callers != callers || c.A.Strategy != bench.Raw || c.B.Strategy != bench.Global || c.Value != "42" || !c.Same {
			t.Errorf("frame: %+v", c.Frame)
		}
		if c.Verdict == "" || c.Environment.CPUs == 0 || len(c.Environment.ScriptHash) != 64 || c.Environment.Go == "" || len(c.Environment.Vars) != 2 {
			t.Errorf("verdict %q, environment %+v", c.Verdict, c.Environment)
		}
	}
	if dec.More() {
		t.Error("more than one object per comparison")
	}
}

// TestCompareVariables checks that flags replace variables of an example.
func TestCompareVariables(t *testing.T) {
	got := do(t, "", "compare", "example:fibonacci", "--set", "n=7", "--duration", "20ms")
	if got.code != exitOK || !strings.Contains(got.out, "value    13\n") {
		t.Errorf("compare: %+v", got)
	}
}

func TestCompareFails(t *testing.T) {
	for _, c := range []struct {
		name, script string
		code         int
		message      string
	}{
		{"runtime", "let x = 1;\nx / 0", exitScriptError, "runtime.rhai:2:3: Division by zero: 1 / 0 (line 2, position 3)\n 2 | x / 0\n   |   ^\n"},
		{"syntax", "let = 1;", exitParse, "syntax.rhai:1:5: "},
		{"limit", "fn f(x) { f(x + 1) + 1 }\nf(0)", exitLimit, "Stack overflow"},
	} {
		got := do(t, "", "compare", write(t, c.name+".rhai", c.script), "--duration", "20ms")
		if got.code != c.code || got.out != "" || !strings.Contains(got.err, c.message) {
			t.Errorf("%s: %+v, want code %d and %q", c.name, got, c.code, c.message)
		}
	}
	if got := do(t, "", "compare", filepath.Join(t.TempDir(), "none.rhai")); got.code != exitScriptError || !strings.Contains(got.err, "Cannot read script file") {
		t.Errorf("no file: %+v", got)
	}
	got := do(t, "", "compare", write(t, "json.rhai", "1 / 0"), "--json")
	var x comparison
	if err := json.Unmarshal([]byte(got.out), &x); err != nil || got.code != exitScriptError || x.State != bench.Failed || x.Error == nil || x.Error.Line != 1 {
		t.Errorf("JSON of a failure: %+v, %v", got, err)
	}
}

func TestProfile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	got := do(t, "", "profile", "example:primes", "-o", dir, "--duration", "200ms")
	if got.code != exitOK || got.err != "" {
		t.Fatalf("profile: %+v", got)
	}
	for _, typ := range []string{"cpu", "allocs", "mutex", "block"} {
		path := filepath.Join(dir, typ+profileSuffix)
		if _, err := profile.ReadTop(path, "", profile.Label, 0); err != nil {
			t.Error(err)
		}
		if !strings.Contains(got.out, path+"\n") || !strings.Contains(got.out, "\n"+typ+": ") {
			t.Errorf("no %s in:\n%s", typ, got.out)
		}
	}
}

func TestProfileOneFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "one.pb.gz")
	got := do(t, "1 + 1", "profile", "-", "-o", path, "--duration", "50ms", "--strategies", "raw", "--json")
	var p profiled
	if err := json.Unmarshal([]byte(got.out), &p); err != nil || got.code != exitOK {
		t.Fatalf("profile: %+v, %v", got, err)
	}
	if len(p.Files) != 1 || p.Files[0].Path != path || len(p.Strategies) != 1 || p.Name != "-" {
		t.Errorf("profile: %+v", p)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestProfileFails(t *testing.T) {
	file := write(t, "file", "")
	got := do(t, "1", "profile", "-", "-o", filepath.Join(file, "below"), "--duration", "20ms")
	if got.code != exitScriptError || !strings.Contains(got.err, "cannot make the directory") {
		t.Errorf("not writable: %+v", got)
	}
	if got := do(t, "1 / 0", "profile", "-", "-o", t.TempDir()); got.code != exitScriptError || !strings.Contains(got.err, "Division by zero") {
		t.Errorf("script fails: %+v", got)
	}
}
