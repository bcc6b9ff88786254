package tui

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/config"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/repl"
)

var update = flag.Bool("update", false, "write what is generated")

const manualFile = "../../../docs/manual.md"

// TestManual: the manual in the tree is what the tables say.
func TestManual(t *testing.T) {
	got := do(t, "", "man", "--markdown")
	if got.code != exitOK || got.err != "" {
		t.Fatalf("man: %d %s", got.code, got.err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(manualFile), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(manualFile, []byte(got.out), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(manualFile)
	if err != nil || string(want) != got.out {
		t.Errorf("docs/manual.md is stale (%v): go test ./cmd/rhai-tui/tui -run Manual -update", err)
	}
}

// TestNothingIsMissing: every subcommand, flag, command and key is in the manual and, as
// far as a shell completes it, in every completion.
func TestNothingIsMissing(t *testing.T) {
	page := do(t, "", "man").out
	markdown := do(t, "", "man", "--markdown").out
	help := do(t, "", "--help").out
	all := pages()
	names := map[string]bool{}
	for _, p := range all {
		names[p.name] = true
	}
	for _, c := range commands() {
		if c.about == "" {
			continue
		}
		if !names[c.name] {
			t.Errorf("%s does not describe itself", c.name)
		}
		if !strings.Contains(help, "\n  "+c.name+" ") {
			t.Errorf("the help lacks %s", c.name)
		}
		for _, s := range shells() {
			if out := do(t, "", "completion", s.name).out; !strings.Contains(out, c.name) {
				t.Errorf("the completion of %s lacks %s", s.name, c.name)
			}
		}
	}
	flags := map[string]bool{}
	for _, p := range all {
		for _, f := range p.flags {
			flags[f.name] = true
			if !strings.Contains(markdown, "| `"+f.written()) || !strings.Contains(page, ".B "+escapeRoff(f.written())) {
				t.Errorf("the manual lacks %s of %s", f.written(), p.name)
			}
			for _, s := range shells() {
				want := f.written()
				if s.name == "fish" {
					want = " " + strings.TrimLeft(want, "-") + " -d"
				}
				if out := do(t, "", "completion", s.name).out; !strings.Contains(out, want) {
					t.Errorf("the completion of %s lacks %s", s.name, want)
				}
			}
		}
	}
	for name, key := range flagSettings {
		if !flags[name] || !slices.ContainsFunc(settingTable(), func(s config.Setting) bool { return s.Key == key }) {
			t.Errorf("the flag %s or the setting %s does not exist", name, key)
		}
	}
	for c := range repl.Commands() {
		if !strings.Contains(page, escapeRoff(c.Usage())) {
			t.Errorf("the manual lacks %s", c.Usage())
		}
	}
	for _, k := range ui.KeyTable() {
		if !strings.Contains(page, escapeRoff("["+k.ID+"]")) {
			t.Errorf("the manual lacks the keys of %s", k.ID)
		}
	}
}

// TestBashCompletion completes in bash, if there is one.
func TestBashCompletion(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	script := do(t, "", "completion", "bash").out + `
try() { COMP_WORDS=(rhai-tui "$@"); COMP_CWORD=$#; COMPREPLY=(); _rhai_tui; echo "${COMPREPLY[*]}"; }
try com
try repl --ac
try repl --theme ""
try compare example : pr
try completion z
`
	out, err := exec.Command(bash, "-c", script).CombinedOutput()
	const want = "compare completion\n--accessible\ndark light contrast\npricing primes\nzsh\n"
	if err != nil || string(out) != want {
		t.Errorf("got %q, want %q, %v", out, want, err)
	}
}

// TestConfigCommand prints settings with where they come from, and mistakes with a place.
func TestConfigCommand(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("RHAI_TUI_ASCII", "true")
	path := filepath.Join(dir, "rhai-tui", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	put := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put("theme = \"light\"\n[limits]\nheap = \"64M\"\n[keys]\nprofile-cell = [\"f8\"]\n")
	got := do(t, "", "config", "--optimize", "full")
	for _, want := range []string{
		"theme = \"light\"                      # " + path + ":1\n", "ascii = true                         # environment RHAI_TUI_ASCII\n",
		"optimize = \"full\"                    # flag --optimize\n", "strict = false                       # default\n",
		"heap = \"64M\"                         # " + path + ":3\n", "profile-cell = [\"f8\"]                # " + path + ":5\n",
	} {
		if got.code != exitOK || !strings.Contains(got.out, want) {
			t.Errorf("no %q in %+v", want, got)
		}
	}
	// What it prints is a file of settings itself.
	put(got.out)
	if again := do(t, "", "config"); again.code != exitOK {
		t.Errorf("its own output: %+v", again)
	}
	for text, want := range map[string]string{
		"theem = \"dark\"":                    path + ":1:1: there is no setting theem; did you mean theme?",
		"[keys]\nprofile-sell = [\"x\"]":      path + ":2:1: there is no setting keys.profile-sell; did you mean keys.profile-cell?",
		"[keys]\nprofile-cell = [\"ctrl+a\"]": path + ": the key ctrl+a would be both of ",
		"[limits]\nheap = \"much\"":           path + ":2:1: limits.heap: want a number such as 5000, 64M or 2G",
	} {
		put(text)
		for _, command := range [][]string{{"config"}, {"repl"}, {"debug", "x.rhai"}, {}} {
			if got := do(t, "1", command...); got.code != exitUsage || !strings.Contains(got.err, want) {
				t.Errorf("%q, %v: %+v, want %s", text, command, got, want)
			}
		}
		if got := do(t, "", "doctor"); got.code != exitScriptError || !strings.Contains(got.out, "settings     WRONG: "+want) {
			t.Errorf("%q, doctor: %+v, want %s", text, got, want)
		}
	}
	// The script of the settings is there in every session.
	put("[session]\ninit = \"init.rhai\"\n[limits]\noperations = 1000\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "init.rhai"), []byte("fn twice(x) { x * 2 }\nexport const N = 21;"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := do(t, "print(twice(N))\nloop {}\n", "repl"); got.out != "42\n" || got.code != exitLimit {
		t.Errorf("repl: %+v", got)
	}
	if got := do(t, "let n = 0; for i in 0..5000 { n += 1; }\nprint(n)", "repl", "--max-operations", "100000"); got.out != "5000\n" {
		t.Errorf("a flag does not win: %+v", got)
	}
}
