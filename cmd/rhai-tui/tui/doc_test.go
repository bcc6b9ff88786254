package tui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/packages"
)

func TestDoc(t *testing.T) {
	got := do(t, "", "doc", "pad")
	want := `pad(array: array, len: int, item: any)   (BasicArrayPackage)
    Adds copies of an element until the array has len elements.
    let a = [1]; a.pad(3, 0); a // [1, 0, 0]

pad(blob: blob, len: int, value: int)   (BasicBlobPackage)
    Adds bytes of a value until the blob has len bytes.
    let b = blob(1); b.pad(3, 7); b // [000707]

pad(text: string, len: int, character: char)   (MoreStringPackage)
    Adds a character, or a text as often as it takes, until the text has len characters.
    let s = "abc"; s.pad(5, '-'); s // "abc--"

pad(text: string, len: int, filler: string)   (MoreStringPackage)
    Adds a character, or a text as often as it takes, until the text has len characters.
    let s = "abc"; s.pad(8, "12"); s // "abc12121"
`
	if got.code != exitOK || got.err != "" || got.out != want {
		t.Errorf("doc pad: %+v", got)
	}
	// Overloads for the sized integers are one entry, properties and operators are
	// found by name.
	for _, c := range []struct{ name, want string }{
		{"sign", "sign(x: i8) -> int   (ArithmeticPackage)\nsign(x: i16) -> int\nsign(x: i32) -> int\n    Returns -1, 0 or 1"},
		{"is_nan", "get is_nan(x: float) -> bool"},
		{"tag", "set tag(item: any, tag: int)"},
		{"**", "op **(x: i8, y: int) -> i8"},
	} {
		if got := do(t, "", "doc", c.name); got.code != exitOK || !strings.Contains(got.out, c.want) {
			t.Errorf("doc %s: %+v", c.name, got)
		}
	}
	if got := do(t, "", "doc", "--", "-="); got.code != exitOK || !strings.HasPrefix(got.out, "op -=(time: timestamp, seconds: int)") {
		t.Errorf("doc -- -=: %+v", got)
	}
}

func TestDocUnknown(t *testing.T) {
	for name, want := range map[string]string{
		"lenght":     "rhai-tui doc: no function lenght; did you mean len",
		"substring":  "rhai-tui doc: no function substring; did you mean sub_string",
		"parse":      "rhai-tui doc: no function parse; did you mean parse_",
		"xyzzyplugh": "rhai-tui doc: no function xyzzyplugh; rhai-tui doc lists all\n",
		"MAP":        "rhai-tui doc: no function MAP; did you mean map",
	} {
		got := do(t, "", "doc", name)
		if got.code != exitUsage || got.out != "" || !strings.HasPrefix(got.err, want) {
			t.Errorf("doc %s: %+v", name, got)
		}
	}
	// What is known is shown all the same.
	if got := do(t, "", "doc", "shift", "nope_at_all"); got.code != exitUsage || !strings.HasPrefix(got.out, "shift(array") {
		t.Errorf("doc shift nope_at_all: %+v", got)
	}
	if got := do(t, "", "doc", "--markdown", "len"); got.code != exitUsage {
		t.Errorf("doc --markdown len: %+v", got)
	}
}

func TestDocReference(t *testing.T) {
	list, reference := do(t, "", "doc"), do(t, "", "doc", "--markdown")
	if list.code != exitOK || reference.code != exitOK {
		t.Fatalf("doc: %d %s, doc --markdown: %d %s", list.code, list.err, reference.code, reference.err)
	}
	for line := range strings.Lines(list.out) {
		if len(line) > docWidth+1 {
			t.Errorf("a long line: %s", line)
		}
	}
	signatures := 0
	for _, p := range packages.All() {
		if !strings.Contains(list.out, p.Name()+"\n  ") || !strings.Contains(reference.out, "\n## "+p.Name()+"\n") {
			t.Errorf("%s is missing", p.Name())
		}
		for _, f := range p.SharedModule().Funcs() {
			signatures++
			if !strings.Contains(reference.out, "\n"+f.Signature()+"\n") {
				t.Errorf("the reference lacks %s", f.Signature())
			}
			if !strings.Contains(reference.out, "\n"+f.Example+"\n") {
				t.Errorf("the reference lacks %s", f.Example)
			}
		}
	}
	if signatures < 600 {
		t.Errorf("%d functions", signatures)
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"len", "len", 0}, {"lne", "len", 2}, {"kitten", "sitting", 3}, {"map", "mat", 1}} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDocForTools(t *testing.T) {
	got := do(t, "", "doc", "--json")
	var all struct {
		Functions []struct {
			Name        string
			Signature   string
			DocComments []string
		}
	}
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || got.code != exitOK || got.err != "" {
		t.Fatalf("doc --json: %d %s %v", got.code, got.err, err)
	}
	found := 0
	for _, f := range all.Functions {
		if f.Name == "pad" && slices.Contains(f.DocComments, "/// Adds copies of an element until the array has len elements.") ||
			f.Name == "back_trace" {
			found++
		}
	}
	if found < 2 {
		t.Errorf("doc --json lacks pad or back_trace")
	}

	dir := filepath.Join(t.TempDir(), "defs")
	if got := do(t, "", "doc", "--definitions", dir); got != (outcomeOf{}) {
		t.Errorf("doc --definitions: %+v", got)
	}
	text, err := os.ReadFile(filepath.Join(dir, "__static__.d.rhai"))
	if err != nil || !strings.HasPrefix(string(text), "module static;\n") || !strings.Contains(string(text), "\nfn pad(array: Array, len: int, item: ?)") {
		t.Errorf("__static__.d.rhai: %v\n%.300s", err, text)
	}
	if got := do(t, "", "doc", "--definitions", filepath.Join(dir, "__static__.d.rhai")); got.code != exitScriptError || got.err == "" {
		t.Errorf("doc --definitions FILE: %+v", got)
	}
	for _, args := range [][]string{{"--json", "pad"}, {"--json", "--markdown"}, {"--definitions", dir, "pad"}} {
		if got := do(t, "", append([]string{"doc"}, args...)...); got.code != exitUsage || got.out != "" {
			t.Errorf("doc %q: %+v", args, got)
		}
	}
}
