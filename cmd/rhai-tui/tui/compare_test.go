package tui

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
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
		var c report.Document
		if err := dec.Decode(&c); err != nil {
			t.Fatal(err)
		}
		if c.State != wire.Finished || c.Callers != callers || c.A.Strategy != wire.Raw || c.B.Strategy != wire.Global || c.Value != "42" || !c.Same {
			t.Errorf("document: %+v", c)
		}
		if c.Verdict.Outcome != stats.NotEnoughData || c.Verdict.Reason == "" || c.Environment.CPUs == 0 || len(c.Environment.ScriptHash) != 64 || c.Environment.Go == "" || len(c.Environment.Vars) != 2 {
			t.Errorf("verdict %+v, environment %+v", c.Verdict, c.Environment)
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
	var x report.Document
	if err := json.Unmarshal([]byte(got.out), &x); err != nil || got.code != exitScriptError || x.State != wire.Failed || x.Error == nil || x.Error.Line != 1 {
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
		path := filepath.Join(dir, typ+report.ProfileSuffix)
		if _, err := goprof.ReadTop(path, "", goprof.Label, 0); err != nil {
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

// compared runs a comparison that is complete but short.
func compared(t *testing.T, script string, args ...string) outcomeOf {
	t.Helper()
	return do(t, script, append([]string{"compare", "-", "--processes", "5", "--rounds", "5", "--precision", "0"}, args...)...)
}

func TestCompareVerdict(t *testing.T) {
	got := compared(t, "let x = 0; for i in 0..100 { x += i } x", "--json")
	var c struct {
		Verdict     map[string]any     `json:"verdict"`
		Environment report.Environment `json:"environment"`
	}
	if err := json.Unmarshal([]byte(got.out), &c); err != nil || got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v, %v", got, err)
	}
	for _, key := range []string{"outcome", "ratio", "low", "high", "noise", "confidence", "reason"} {
		if c.Verdict[key] == nil {
			t.Errorf("no %s in the verdict: %v", key, c.Verdict)
		}
	}
	if n := c.Verdict["processes"]; n != 5.0 || c.Verdict["confidence"] != 0.95 {
		t.Errorf("verdict: %v", c.Verdict)
	}
}

// TestCompareFailIf checks the codes that do not depend on how fast anything is.
func TestCompareFailIf(t *testing.T) {
	many := "let a = []; for i in 0..10 { a.push(i) } a.len()"
	if got := compared(t, many, "--fail-if", "ops>0%", "--fail-if", "b.allocs>0"); got.code != exitGate && got.code != exitUntrusted ||
		!strings.Contains(got.err, "b.allocs>0") || !strings.Contains(got.out, "in 5 processes") {
		t.Errorf("gate: %+v", got)
	}
	if got := do(t, "1", "compare", "-", "--duration", "20ms", "--fail-if", "ratio.high>100"); got.code != exitUntrusted || !strings.Contains(got.err, "cannot be decided: a verdict takes 5 processes") {
		t.Errorf("too little: %+v", got)
	}
	if got := compared(t, "let t = timestamp(); let x = 0; for i in 0..10 { x += i } t.elapsed", "--fail-if", "ratio>100"); got.code != exitUntrusted || !strings.Contains(got.err, "gives") {
		t.Errorf("differing results: %+v", got)
	}
	if got := compared(t, "1 / 0", "--fail-if", "ratio>100"); got.code != exitScriptError || !strings.Contains(got.err, "Division by zero") {
		t.Errorf("script fails: %+v", got)
	}
}

func TestCompareCallAndData(t *testing.T) {
	script := write(t, "shop.rhai", "const UNIT = 1;\nfn price(qty, unit) { unit + `: ${qty * 2}` }")
	for name, text := range map[string]string{"lines.jsonl": "{\"qty\": 4}\n{\"qty\": 4}\n", "list.json": `[{"qty": 4}]`} {
		got := do(t, "", "compare", script, "--call", `price(qty, "eur")`, "--data", write(t, name, text), "--duration", "20ms",
			"--strategies", "pool,goroutine", "--callers", "2")
		if got.code != exitOK || !strings.Contains(got.out, `value    "eur: 8"`) || !strings.Contains(got.out, "A pool") || !strings.Contains(got.out, "ops/call") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, text := range map[string]string{"empty": "", "number": "1", "list of numbers": "[1]", "broken": "{"} {
		if got := do(t, "", "compare", script, "--data", write(t, "data", text)); got.code != exitUsage || got.err == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestComparePaced(t *testing.T) {
	got := do(t, "1", "compare", "-", "--mode", "paced", "--rate", "2k", "--duration", "100ms", "--strategies", "new,new")
	if got.code != exitOK || !strings.Contains(got.out, "paced at 2,000/s") || !strings.Contains(got.out, "B (new)") {
		t.Errorf("paced: %+v", got)
	}
}

func TestCompareSweep(t *testing.T) {
	got := do(t, "1", "compare", "-", "--callers", "1,2", "--duration", "20ms")
	if got.code != exitOK || !strings.Contains(got.out, "\ncallers   ") || !strings.Contains(got.out, "no verdict\n2 ") || !strings.Contains(got.out, "\nraw: ") {
		t.Errorf("sweep: %+v", got)
	}
}

func TestEvidence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	got := compared(t, "let x = 0; for i in 0..100 { x += i } x", "--out", dir)
	if got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v", got)
	}
	for _, name := range []string{"cpu-global.pb.gz", "cpu-raw.pb.gz"} {
		if _, err := goprof.ReadTop(filepath.Join(dir, name), "", goprof.Label, 0); err != nil {
			t.Error(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 7 {
		t.Errorf("files: %v, %v", entries, err)
	}
	if got := do(t, "", "replay", dir); got.code != exitOK || !strings.Contains(got.out, "5 processes, 25 rounds") || !strings.Contains(got.out, "agrees") {
		t.Errorf("replay: %+v", got)
	}
	rounds := filepath.Join(dir, report.RoundsFile)
	text, err := os.ReadFile(rounds)
	if err != nil {
		t.Fatal(err)
	}
	rewrite := func(file, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.SplitAfter(string(text), "\n")
	for i, l := range lines {
		if f := strings.Fields(l); strings.Contains(l, "/side=B_") {
			lines[i] = strings.Replace(l, f[2]+" ns/op", "1 ns/op", 1)
		}
	}
	rewrite(rounds, strings.Join(lines, ""))
	rewrite(filepath.Join(dir, report.ScriptFile), "other")
	got = do(t, "", "replay", "--json", dir)
	var r report.Replayed
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitUntrusted || r.Agrees || len(r.Problems) != 3 || r.Verdict.Outcome != stats.BFaster {
		t.Errorf("replay of changed files: %+v, %v", got, err)
	}
	rewrite(filepath.Join(dir, report.EvidenceFile), "{}")
	for _, args := range [][]string{{dir}, {t.TempDir()}} {
		if got := do(t, "", append([]string{"replay"}, args...)...); got.code != exitScriptError || got.err == "" {
			t.Errorf("replay of nothing: %+v", got)
		}
	}
}

// TestEvidenceDiskFull checks that a disk that is full takes no result along.
func TestEvidenceDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no full device")
	}
	dir := t.TempDir()
	if err := os.Symlink("/dev/full", filepath.Join(dir, report.RoundsFile)); err != nil {
		t.Fatal(err)
	}
	got := do(t, "1", "compare", "-", "--duration", "20ms", "--out", dir)
	if got.code != exitOutput || !strings.Contains(got.err, "no space left") || !strings.Contains(got.out, "throughput") {
		t.Errorf("compare: %+v", got)
	}
	got = do(t, "1", "compare", "-", "--duration", "20ms", "--out", filepath.Join(write(t, "file", ""), "below"))
	if got.code != exitOutput || !strings.Contains(got.err, "cannot make the directory") || got.out != "" {
		t.Errorf("no directory: %+v", got)
	}
}

// TestExportedEvidence checks that evidence of a comparison that goes on has the same page as
// that of one that has ended: with the costs of lines and flame graphs of both sides.
func TestExportedEvidence(t *testing.T) {
	cfg := compare.SeriesConfig{Config: wire.Config{Name: "x", Script: "let s = 0;\nfor i in 0..50 { s += i }\ns", Rounds: 5}, Processes: 2}
	var middle wire.Snapshot
	cf := compareFlags{seen: func(f wire.Snapshot) {
		if f.Series != nil && len(f.Series.Results) == 1 {
			middle = f
		}
	}}
	var out bytes.Buffer
	if _, code := runComparison(t.Context(), streams{in: strings.NewReader(""), out: &out, err: &out}, cfg, &cf); code != exitOK || middle.Series == nil {
		t.Fatalf("code %d: %s", code, out.String())
	}
	dir := filepath.Join(t.TempDir(), "kept")
	if err := exportEvidence(t.Context(), dir, cfg.Config, middle); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, report.PageFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Script with its costs", "A global: the script by operations", "B raw: the script by operations", "A global: Go by processor time"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page has no %q", want)
		}
	}
	if got := do(t, "", "replay", dir); got.code != exitOK {
		t.Errorf("replay: %+v", got)
	}
}
