package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// TestMistakes checks what is said of mistakes: in two lines, with what was meant.
func TestMistakes(t *testing.T) {
	for args, want := range map[string]string{
		"compare --calers 3 x":   "rhai-tui compare: unknown flag --calers, did you mean --callers?\nsee rhai-tui compare --help\n",
		"compare -x y":           "rhai-tui compare: unknown flag -x\nsee rhai-tui compare --help\n",
		"compare --callers x y":  "rhai-tui compare: --callers \"x\": want a number from 1 to 4096\nsee rhai-tui compare --help\n",
		"run --timeout":          "rhai-tui run: --timeout wants a value\nsee rhai-tui run --help\n",
		"run --timeout x y":      "rhai-tui run: --timeout \"x\": it is no value of this kind, see --help\nsee rhai-tui run --help\n",
		"run --strict=maybe y":   "rhai-tui run: --strict \"maybe\": it is no value of this kind, see --help\nsee rhai-tui run --help\n",
		"run --set 1x=3 y":       "rhai-tui run: --set \"1x=3\": \"1x\" cannot be the name of a variable\nsee rhai-tui run --help\n",
		"compare --set if=3 y":   "rhai-tui compare: --set \"if=3\": \"if\" cannot be the name of a variable\nsee rhai-tui compare --help\n",
		"comapre x.rhai":         "rhai-tui: there is no command and no file comapre, did you mean compare?\nsee rhai-tui --help\n",
		"nonsense":               "rhai-tui: there is no command and no file nonsense\nsee rhai-tui --help\n",
		"help profle":            "rhai-tui: there is no command profle, did you mean profile?\nsee rhai-tui --help\n",
		"--calers 3":             "rhai-tui: unknown flag --calers, did you mean --callers?\nsee rhai-tui --help\n",
		"diff --fail-if nothing": "rhai-tui diff: --fail-if \"nothing\": want",
	} {
		got := do(t, "", strings.Fields(args)...)
		if got.code != exitUsage || got.out != "" || !strings.HasPrefix(got.err, want) || strings.Count(got.err, "\n") != 2 {
			t.Errorf("%s: code %d\n%q, want\n%q", args, got.code, got.err, want)
		}
	}
	for _, c := range commands() {
		if c.about == "" {
			continue
		}
		if got := do(t, "", c.name, "--help"); got.code != exitOK || got.err != "" || !strings.HasPrefix(got.out, "Usage: rhai-tui "+c.name) {
			t.Errorf("%s --help: %+v", c.name, got)
		}
	}
}

// TestExcerpts checks places in errors: paths as they were given, lines that fit, and the
// caret below the character whatever stands before it.
func TestExcerpts(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("sub", 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("sub/bad.rhai", "let x = 1;\n  x / 0")
	put("wide.rhai", "let s = \"日本語\"; nothing")
	put("long.rhai", "let s = \""+strings.Repeat("x", 50_000)+"\"; nothing; let t = \""+strings.Repeat("y", 200_000)+"\";")
	put("control.rhai", "let s = \"\x1b[31m\"; nothing")
	put("tab.rhai", "\tnothing")
	put("bom.rhai", "\ufeffprint(40 + 2)")
	put("bytes.rhai", "let a = 1;\nlet b = \"\xff\";")
	for file, want := range map[string]string{
		"sub/bad.rhai": "sub/bad.rhai:2:5: Division by zero: 1 / 0 (line 2, position 5)\n 2 |   x / 0\n   |     ^\n",
		"wide.rhai":    " 1 | let s = \"日本語\"; nothing\n   |                   ^\n",
		"control.rhai": " 1 | let s = \"␛[31m\"; nothing\n   |                  ^\n",
		"tab.rhai":     " 1 |  nothing\n   |  ^\n",
		"bytes.rhai":   "it is no UTF-8 text: byte 0xff in line 2, column 10",
	} {
		for _, command := range []string{"run", "compare", "check"} {
			got := do(t, "", command, "--strict", file)
			if command == "compare" {
				got = do(t, "", command, file)
			}
			if file == "sub/bad.rhai" && command == "check" {
				continue
			}
			if got.code == exitOK || got.out != "" || !strings.Contains(got.err, want) {
				t.Errorf("%s %s:\n%s", command, file, got.err)
			}
		}
	}
	got := do(t, "", "run", "long.rhai")
	if len(got.err) > 600 || !strings.Contains(got.err, "…xxx") || !strings.Contains(got.err, "\"; nothing; let t") {
		t.Errorf("long line: %d bytes\n%.1000s", len(got.err), got.err)
	}
	lines := strings.Split(got.err, "\n")
	if at := strings.Index(lines[2], "^"); []rune(lines[1])[at] != 'n' {
		t.Errorf("caret of a long line:\n%s", got.err)
	}
	if got := do(t, "", "run", "bom.rhai"); got != (outcomeOf{exitOK, "42\n", ""}) {
		t.Errorf("byte order mark: %+v", got)
	}
	if got := do(t, "loop {}", "run", "--timeout", "20ms", "-"); got.code != exitLimit || !strings.Contains(got.err, "Script terminated (line 1, position 1): timed out after 20ms\n") {
		t.Errorf("timeout: %+v", got)
	}
}

// TestHeader checks that the variables that a script asks for are there in every command,
// and that those of the command line win.
func TestHeader(t *testing.T) {
	file := write(t, "h.rhai", "// Adds.\n//\n// scope a = 40\n// const B = 2\n// scope of this = work in progress\n\na + B")
	for args, want := range map[string]string{
		"run": "", "check": "", "compare --duration 20ms": "value    42\n", "run --json": `"value":"42"`, "run --json --set a=1": `"value":"3"`, "compare --duration 20ms --set a=1": "value    3\n",
	} {
		got := do(t, "", append(strings.Fields(args), file)...)
		if got.code != exitOK || !strings.Contains(got.out, want) {
			t.Errorf("%s: %+v", args, got)
		}
	}
	text := "// scope a = 40\n// const B = 2\n\nprint(a + B); a = 7"
	for input, args := range map[string][]string{
		text + "\n":                        {"repl", "--plain"},
		":load " + file + "\nprint(a + B)": {"repl", "--plain"},
		"print(a + B)":                     {"repl", "--plain", file},
		"print(a + 3 - 1)":                 {"repl", "--plain", write(t, "s.rhai", text)}, // prints twice
		text:                               {"eval", "-"},
	} {
		if got := do(t, input, args...); got.code != exitOK || !strings.Contains("\n"+got.out, "\n42\n") {
			t.Errorf("%q %v: %+v", input, args, got)
		}
	}
	// What the session has stays; what only the script asked for is as it says again.
	changed := write(t, "changed.rhai", text)
	if got := do(t, "let B = 3;\n:load "+changed+"\nprint(a + B);\n:reload\n:vars\n", "repl", "--plain"); got.code != exitOK || !strings.HasPrefix(got.out, "43\nloaded") || strings.Count(got.out, "43\n") != 2 {
		t.Errorf("a variable of the session: %+v", got)
	}
	// An example can be run, and so can a copy of it.
	text = do(t, "", "examples", "primes").out
	for _, from := range []string{"example:primes", write(t, "copy.rhai", text)} {
		if got := do(t, "", "run", "--json", from); got.code != exitOK || !strings.Contains(got.out, `"ok":true`) {
			t.Errorf("%s: %+v", from, got)
		}
	}
}

// TestOutputFails checks that a full disk and a closed pipe are told, by every command.
func TestOutputFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no /dev/full")
	} else if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	script := write(t, "x.rhai", "print(1); 1")
	for _, args := range []string{
		"--help", "--version", "run " + script, "run --json " + script, "eval -e 1", "examples", "doc abs", "compare --schema", "compare --duration 20ms " + script,
		"compare --json --duration 20ms " + script, "compare --benchfmt --rounds 2 --processes 1 " + script, "diff " + script + " " + script, "check --json " + script, "compare --help",
	} {
		cmd := program(strings.Fields(args)...)
		cmd.Stdout = full
		var told strings.Builder
		cmd.Stderr = &told
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitOutput || !strings.Contains(told.String(), "the output is not complete: no space left on device\n") {
			t.Errorf("%s: %v, %q", args, err, told.String())
		}
	}
	cmd := program("run", "-")
	cmd.Stdin = strings.NewReader("loop { print(1) }")
	var told strings.Builder
	cmd.Stderr = &told
	r, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	r.Close()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitOutput || told.String() != "rhai-tui: the output is not complete: whoever read it has closed the pipe\n" {
		t.Errorf("closed pipe: %v, %q", err, told.String())
	}
}

// TestDocument checks the JSON of a comparison against its schema: every name is in it,
// and what is not known is null.
func TestDocument(t *testing.T) {
	var schema struct {
		Properties map[string]struct {
			Properties map[string]any
		}
		Required []string
	}
	if got := do(t, "", "compare", "--schema"); got.code != exitOK || json.Unmarshal([]byte(got.out), &schema) != nil {
		t.Fatalf("schema: %+v", got)
	}
	got := do(t, "1 + 1", "compare", "-", "--duration", "20ms", "--json")
	var doc map[string]any
	if err := json.Unmarshal([]byte(got.out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["schema"] != report.DocumentSchema || len(schema.Required) != len(schema.Properties) {
		t.Errorf("schema %v, required %v", doc["schema"], schema.Required)
	}
	for _, name := range schema.Required {
		if _, ok := doc[name]; !ok {
			t.Errorf("the document has no %s", name)
		}
	}
	for name := range doc {
		if _, ok := schema.Properties[name]; !ok {
			t.Errorf("the schema has no %s", name)
		}
		if name != strings.ToLower(name) {
			t.Errorf("%s is no name in lower case", name)
		}
	}
	side, _ := doc["a"].(map[string]any)
	for name, val := range side {
		if _, ok := schema.Properties["a"].Properties[name]; !ok {
			t.Errorf("the schema has no a.%s", name)
		}
		if val == -1.0 {
			t.Errorf("a.%s is -1", name)
		}
	}
	// Calls of a few nanoseconds have no single slowest one, unless the machine is so busy
	// that they are timed one by one.
	if val, ok := side["max_ns"]; !ok || val == -1.0 {
		t.Errorf("max_ns: %v", val)
	}
	if doc["rate_per_second"] != nil || doc["difference"] != nil || doc["error"] != nil || doc["lines"] != nil {
		t.Errorf("not known: %s", got.out)
	}
}

// TestGatesOnCounts checks that a condition on what is counted is decided without a
// verdict on time.
func TestGatesOnCounts(t *testing.T) {
	for gate, want := range map[string]int{
		"ops>10%": exitOK, "ops<10%": exitGate, "b.allocs>0": exitGate, "a.ops>1": exitGate, "bytes>10000%": exitOK, "ratio>100": exitUntrusted, "a.mean>1e12": exitUntrusted,
	} {
		if got := do(t, "let a = []; for i in 0..5 { a.push([i]) } a", "compare", "-", "--duration", "20ms", "--fail-if", gate); got.code != want {
			t.Errorf("%s: code %d, want %d: %s", gate, got.code, want, got.err)
		}
	}
}

// TestGatesTogether checks that a condition that holds is not hidden by one that cannot be
// decided, in whichever order they stand, and that wrong ones are explained in a line.
func TestGatesTogether(t *testing.T) {
	for _, gates := range [][]string{{"ratio>100", "a.ops>1"}, {"a.ops>1", "ratio>100"}} {
		if got := do(t, "1 + 1", "compare", "-", "--duration", "20ms", "--fail-if", gates[0], "--fail-if", gates[1]); got.code != exitGate || !strings.Contains(got.err, "a.ops>1 holds") || !strings.Contains(got.err, "ratio>100 cannot be decided") {
			t.Errorf("%v: code %d: %s", gates, got.code, got.err)
		}
	}
	for gate, want := range map[string]string{
		"p50>1.5":    "as in a.p50>1.5, b.p50>1.5 or p50>1.5%\n",
		"b.ops > 5%": "no percent sign behind b.ops\n",
		"opps>1%":    `unknown field "opps": want allocs, bytes, mean, mutexns, ops, p50`,
	} {
		if got := do(t, "1", "compare", "-", "--fail-if", gate); got.code != exitUsage || !strings.Contains(got.err, want) || strings.Count(got.err, "\n") != 2 || strings.Contains(got.err, "␊") {
			t.Errorf("%s: %+v", gate, got)
		}
	}
	if got := do(t, "1", "compare", "-", "--base="); got.code != exitUsage || !strings.Contains(got.err, "--base wants a revision") {
		t.Errorf("empty base: %+v", got)
	}
}

// TestInterruptedComparison checks that what was measured is printed.
func TestInterruptedComparison(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out, errs bytes.Buffer
	cf := compareFlags{seen: func(f wire.Snapshot) {
		if f.Rounds > 0 {
			cancel()
		}
	}}
	cfg := compare.SeriesConfig{Config: wire.Config{Name: "x", Script: "1 + 1", Rounds: wire.MaxRounds}, Processes: 100}
	_, code := runComparison(ctx, streams{in: strings.NewReader(""), out: &out, err: &errs}, cfg, &cf)
	if code != exitInterrupted || !strings.Contains(out.String(), "throughput") || !strings.Contains(out.String(), "end      it was interrupted\n") || !strings.Contains(out.String(), "No verdict") {
		t.Errorf("code %d\n%s%s", code, out.String(), errs.String())
	}
}

// TestUnwritable checks that a file that cannot be written has the same code everywhere.
func TestUnwritable(t *testing.T) {
	file := write(t, "x.rhai", "1")
	prof := filepath.Join(t.TempDir(), "x.pb.gz")
	if got := do(t, "", "profile", "--exact", "-o", prof, file); got.code != exitOK {
		t.Fatal(got.err)
	}
	below := file + "/below"
	for _, args := range [][]string{
		{"profile", "--exact", file, "-o", below + "/x.svg"},
		{"view", prof, "-o", below + "/x.svg"},
		{"compare", file, "--duration", "20ms", "--html", below + "/x.html"},
		{"compare", file, "--duration", "20ms", "--out", below},
	} {
		if got := do(t, "", args...); got.code != exitOutput || !strings.Contains(got.err, "not a directory") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// TestLineFailure checks that what the REPL shows of a line of a script commands no terminal,
// and is of a length that people read.
func TestLineFailure(t *testing.T) {
	for _, flag := range []string{"--plain", "--accessible"} {
		got := do(t, "let a = \"日\x1b]0;x\x07"+strings.Repeat("y", 100_000)+"\"; zz\n", "repl", flag)
		if got.code != exitScriptError || !strings.Contains(got.err, "Variable not found: zz") || strings.ContainsAny(got.err, "\x1b\x07") || len(got.err) > 800 {
			t.Errorf("%s: %d bytes: %.500q", flag, len(got.err), got.err)
		}
	}
	if got := do(t, "let a = \"日\x1b\"; zz\n", "repl", "--plain"); !strings.HasSuffix(got.err, "\n 1 | let a = \"日␛\"; zz\n   |                ^\n") {
		t.Errorf("the line: %q", got.err)
	}
}
