package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

const profiledScript = `fn slow(n) {
    let x = 0;
    for i in 0..n { x += i * 3 % 7; }
    x
}
fn words(n) {
    let s = [];
    for i in 0..n { s.push("w" + i); }
    s.map(|w| w.len() + 1).len()
}
slow(2000) + words(500)`

// scriptFile writes a script to a directory of its own.
func scriptFile(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.rhai")
	if err := os.WriteFile(path, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestProfileScript looks at the files of a capture.
func TestProfileScript(t *testing.T) {
	file, dir := scriptFile(t, profiledScript), t.TempDir()
	got := do(t, "", "profile", "-o", dir, "--duration", "400ms", file)
	if got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	for _, name := range []string{"script", "cpu", "allocs", "mutex", "block", "heap", "goroutine"} {
		if _, err := view.Open(filepath.Join(dir, name+".pb.gz")); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "trace.out")); err != nil || info.Size() == 0 {
		t.Error("no trace", err)
	}
	if !strings.Contains(got.out, "words/1") {
		t.Errorf("the script's functions are not shown:\n%s", got.out)
	}
	if got := do(t, "", "view", "--text", "top", "--tagroot", "rhai_fn", filepath.Join(dir, "cpu.pb.gz")); got.code != exitOK {
		t.Errorf("%+v", got)
	}
}

// TestProfileExact checks that exact profiles are the same each time, in all formats.
func TestProfileExact(t *testing.T) {
	file, dir := scriptFile(t, profiledScript), t.TempDir()
	var tops []string
	for _, name := range []string{"a.pb.gz", "b.pb.gz"} {
		out := filepath.Join(dir, name)
		if got := do(t, "", "profile", "--exact", "-o", out, file); got.code != exitOK || !strings.Contains(got.out, "slow/1") {
			t.Fatalf("%+v", got)
		}
		tops = append(tops, do(t, "", "view", "--text", "top", out).out)
	}
	if tops[0] != tops[1] || !strings.Contains(tops[0], "slow/1") {
		t.Errorf("two exact profiles differ:\n%s\n%s", tops[0], tops[1])
	}
	for _, name := range []string{"x.folded", "x.svg", "x.speedscope.json", "x.txt", "x.json", "x.info"} {
		out := filepath.Join(dir, name)
		if got := do(t, "", "profile", "--exact", "-o", out, file); got.code != exitOK {
			t.Fatalf("%s: %+v", name, got)
		}
		want := "slow"
		if data, err := os.ReadFile(out); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: %v\n%.500s", name, err, data)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 8 {
		t.Errorf("%d files are left: %v", len(entries), err)
	}
}

// TestDiffScripts compares scripts that are profiled on the spot.
func TestDiffScripts(t *testing.T) {
	base, changed := scriptFile(t, profiledScript), scriptFile(t, strings.Replace(profiledScript, "slow(2000)", "slow(2020)", 1))
	if got := do(t, "", "diff", base, base, "--fail-if", "ops>0%"); got.code != exitOK {
		t.Errorf("%+v", got)
	}
	got := do(t, "", "diff", base, changed, "--fail-if", "ops>0.5%")
	if got.code != exitGate || !strings.Contains(got.err, "ops>0.5% holds") || !strings.Contains(got.out, "slow/1") {
		t.Errorf("%+v", got)
	}
	if got := do(t, "", "diff", base, scriptFile(t, "1 / 0")); got.code != exitScriptError || !strings.Contains(got.err, "Division by zero") {
		t.Errorf("%+v", got)
	}
}

// TestProfileModules profiles a script with a module next to it.
func TestProfileModules(t *testing.T) {
	file := scriptFile(t, `import "lib" as lib; let s = 0; for i in 0..1000 { s += lib::triple(i); } s`)
	lib := filepath.Join(filepath.Dir(file), "lib.rhai")
	if err := os.WriteFile(lib, []byte("fn triple(x) { x * 3 }"), 0o666); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "p.pb.gz")
	got := do(t, "", "profile", "--exact", "-o", out, file)
	if got.code != exitOK || !strings.Contains(got.out, "triple/1") {
		t.Fatalf("%+v", got)
	}
	if got := do(t, "", "view", "--text", "source", "--match", "triple", "--source", filepath.Dir(file), out); got.code != exitOK || !strings.Contains(got.out, "x * 3") {
		t.Errorf("%+v", got)
	}
}

// TestScriptsAreBounded reads what never ends.
func TestScriptsAreBounded(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	for _, command := range []string{"check", "run", "profile"} {
		if got := do(t, "", command, "/dev/zero"); got.code != exitScriptError || !strings.Contains(got.err, "more than 64 MB") {
			t.Errorf("%s: %+v", command, got)
		}
	}
}

// TestPlainText keeps what a server says from driving the terminal.
func TestPlainText(t *testing.T) {
	if got := plainText("a\x1b[31mb\xff\u0085"); got != "a\uFFFD[31mb\uFFFD\uFFFD" {
		t.Errorf("%q", got)
	}
}
