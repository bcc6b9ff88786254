package tui

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// short are flags for a comparison that ends at once.
var short = []string{"--processes", "1", "--rounds", "5"}

// TestCompareTwoScripts checks by exact counts what is said of two scripts.
func TestCompareTwoScripts(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	files := map[string]string{
		"old.rhai":      "// scope n = 40\nlet s = 0;\nfor i in 0..n {\n    let x = i + 1;\n    s += x;\n}\ns",
		"sub/new.rhai":  "// scope n = 7\nlet s = 0;\nfor i in 0..n {\n    s += i + 1;\n}\ns",
		"wrong.rhai":    "// scope n = 40\nif n == 3 { 0 } else { n * (n + 1) / 2 }",
		"data.json":     `[{"n": 2}, {"n": 5}, {"n": 3}]`,
		"sub/fail.rhai": "// scope n = 1\n\n  n / 0",
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args      []string
		code      int
		out, errs []string
	}{
		{
			[]string{"old.rhai", "sub/new.rhai"}, exitOK,
			[]string{
				"old.rhai → sub/new.rhai: 1 caller", "A old.rhai, global", "B sub/new.rhai, global", "value    28\n", "results  value and output are the same",
				"Per call sub/new.rhai ", "fewer operations.", "Lines that changed most, by operations per call (exact):", "     4        -", "let x = i + 1;",
			}, nil,
		},
		{[]string{"--data", "data.json", "old.rhai", "sub/new.rhai"}, exitOK, []string{"records  all 3 were compared one by one"}, nil},
		{[]string{"--data", "data.json", "old.rhai", "wrong.rhai"}, exitOK, []string{"results  DIFFER: record 3: old.rhai gives 6, wrong.rhai gives 0"}, nil},
		{[]string{"--strategies", "global,raw", "old.rhai", "sub/new.rhai"}, exitOK, []string{"B sub/new.rhai, raw", "No verdict"}, nil},
		{[]string{"--strategies", "raw", "-e", "1 + 2 + n", "-e", "n + 3", "--set", "n=4"}, exitOK, []string{"-e 1 → -e 2", "A -e 1, raw", "value    7\n"}, nil},
		{[]string{"old.rhai", "sub/fail.rhai"}, exitScriptError, nil, []string{"sub/fail.rhai (B global):3:5: Division by zero", " 3 |   n / 0\n"}},
		{[]string{"old.rhai", "none.rhai"}, exitScriptError, nil, []string{"Cannot read script file 'none.rhai'"}},
		{[]string{"old.rhai", "sub/new.rhai", "wrong.rhai"}, exitUsage, nil, []string{"at most two scripts"}},
		{[]string{"--base", "HEAD"}, exitUsage, nil, []string{"--base goes with one script"}},
		{[]string{"--strategies", "bound,global", "old.rhai"}, exitScriptError, nil, []string{"strategy bound calls a function of the script"}},
	} {
		got := do(t, "", append(append([]string{"compare"}, short...), c.args...)...)
		if got.code != c.code {
			t.Errorf("%v: code %d, want %d\n%s%s", c.args, got.code, c.code, got.out, got.err)
		}
		for _, want := range c.out {
			if !strings.Contains(got.out, want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, got.out)
			}
		}
		for _, want := range c.errs {
			if !strings.Contains(got.err, want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, got.err)
			}
		}
	}
}

// gitIn runs git in a directory.
func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// TestCompareBase checks that a script is compared with what git has of it, each with the
// modules of its own time.
func TestCompareBase(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gitIn(t, dir, "init", "-q")
	put("sub/rule.rhai", "import \"lib/m\" as m; m::N + 1 + 1")
	put("sub/lib/m.rhai", "export const N = 1;")
	put("plain.rhai", "3")
	gitIn(t, dir, "add", ".")
	gitIn(t, dir, "commit", "-q", "-m", "one")
	put("sub/rule.rhai", "import \"lib/m\" as m; m::N + 1")
	put("sub/lib/m.rhai", "export const N = 2;")
	// What a repository may configure is not run.
	gitIn(t, dir, "config", "core.fsmonitor", "touch "+filepath.Join(dir, "ran"))
	gitIn(t, dir, "config", "filter.x.smudge", "touch "+filepath.Join(dir, "ran"))
	put(".gitattributes", "*.rhai filter=x\n")
	t.Chdir(filepath.Join(dir, "sub"))
	compareWith := func(args ...string) outcomeOf {
		return do(t, "", append(append([]string{"compare"}, short...), args...)...)
	}
	for _, base := range []string{"HEAD", "HEAD:sub/rule.rhai", "HEAD:./rule.rhai", "HEAD:plain.rhai", "main:../plain.rhai"} {
		got := compareWith("--base", base, "rule.rhai")
		if got.code != exitOK || !strings.Contains(got.out, "value    3\n") || !strings.Contains(got.out, "are the same on both sides") {
			t.Errorf("--base %s: %+v", base, got)
		}
	}
	for base, want := range map[string]string{
		"HEAD~9": "no revision HEAD~9", "--output=x": "is no revision", "HEAD:none.rhai": "has no file none.rhai", "HEAD:../../x": "outside of the repository",
		"HEAD..main": "is no revision",
	} {
		if got := compareWith("--base="+base, "rule.rhai"); got.code != exitUsage || !strings.Contains(got.err, want) {
			t.Errorf("--base %s: %+v, want %q", base, got, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
		t.Error("a command of the repository ran")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("x.rhai", []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := compareWith("--base", "HEAD", "x.rhai"); got.code != exitUsage || !strings.Contains(got.err, "not a git repository") {
		t.Errorf("no repository: %+v", got)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "rhai-tui-base-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestCompareHandsOn checks what is kept of two scripts: the page, and the evidence with
// both scripts and their modules, which replay checks.
func TestCompareHandsOn(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"a.rhai": `import "m" as m; let s = 0; for i in 0..m::N { s += i } s`, "b.rhai": `import "m" as m; m::N * (m::N - 1) / 2`, "m.rhai": "export const N = 30;"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := do(t, "", append([]string{"compare", "a.rhai", "b.rhai", "--html", "page.html", "--out", "kept"}, short...)...)
	if got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v", got)
	}
	for _, file := range []string{"page.html", "kept/report.html"} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Difference of the scripts", "class=\"gone\"", "data:image/svg&#43;xml;base64,", "A a.rhai: the script by operations", "B b.rhai: Go by processor time", "m.rhai "} {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s has no %q", file, want)
			}
		}
	}
	if got := do(t, "", "replay", "kept"); got.code != exitOK || !strings.Contains(got.out, "It agrees with what was recorded.") {
		t.Errorf("replay: %+v", got)
	}
	mods, err := filepath.Glob("kept/modules/*.rhai")
	if err != nil || len(mods) != 1 {
		t.Fatalf("modules: %v, %v", mods, err)
	}
	for _, file := range []string{mods[0], "kept/script-b.rhai"} {
		if err := os.WriteFile(file, []byte("1"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := do(t, "", "replay", "kept"); got.code != exitUntrusted || !strings.Contains(got.out, "DISAGREES: "+strings.TrimPrefix(file, "kept/")+" is not the ") {
			t.Errorf("%s was changed: %+v", file, got)
		}
	}
	if got := do(t, "", append([]string{"compare", "a.rhai", "--html", "none/page.html"}, short...)...); got.code != exitOutput || !strings.Contains(got.err, "cannot write none/page.html: ") {
		t.Errorf("no directory: %+v", got)
	}
}
