package tui

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
)

const printing = "let t = 0; for i in 0..20 { t += i * (2 + 3); } print(`${t}`); t"

func TestCompareSettings(t *testing.T) {
	got := do(t, printing, "compare", "-", "--duration", "20ms", "--strategies", "global,global", "--a", "print=collect", "--b", "optimize=none", "-b", "max-operations=5000")
	for _, want := range []string{
		"value and output are the same on both sides; operations are not compared", "DIFFER in print handler (A collect, B none)\n",
		" limits (A default, B 5000 ops)\n", " optimisation (A simple, B none)\n",
	} {
		if got.code != exitOK || !strings.Contains(got.out, want) {
			t.Errorf("no %q in %+v", want, got)
		}
	}
	if got := do(t, printing, "compare", "-", "--duration", "20ms"); !strings.Contains(got.out, "engines  same packages, resolver, print handler, limits, optimisation\n") {
		t.Errorf("equal sides: %+v", got)
	}
	// A limit ends the script on its side only.
	got = do(t, printing, "compare", "-", "--duration", "20ms", "--strategies", "pool,pool", "--b", "max-operations=5")
	if got.code != exitLimit || !strings.Contains(got.err, "(B pool)") || !strings.Contains(got.err, "Too many operations") {
		t.Errorf("a limit: %+v", got)
	}
}

// TestCompareResolver imports a module on both sides, and then on one only.
func TestCompareResolver(t *testing.T) {
	dir := filepath.Dir(write(t, "tax.rhai", "fn vat(x) { x * 2 }"))
	script := `import "tax" as tax; tax::vat(21)`
	got := do(t, script, "compare", "-", "--duration", "20ms", "--a", "resolver="+dir, "--b", "resolver="+dir)
	if got.code != exitOK || !strings.Contains(got.out, "value    42\n") || !strings.Contains(got.out, "engines  same") {
		t.Errorf("compare: %+v", got)
	}
	got = do(t, script, "compare", "-", "--duration", "20ms", "--a", "resolver="+dir)
	if got.code != exitScriptError || !strings.Contains(got.err, "(B raw)") || !strings.Contains(got.err, "Module not found") {
		t.Errorf("one side: %+v", got)
	}
}

func TestCompareSettingsJSON(t *testing.T) {
	got := do(t, printing, "compare", "-", "--duration", "20ms", "--json", "--optimize", "full", "--b", "max-map-size=7", "--b", "optimize=simple")
	var c report.Document
	if err := json.Unmarshal([]byte(got.out), &c); err != nil || got.code != exitOK {
		t.Fatalf("compare: %+v, %v", got, err)
	}
	want := []report.ParityDoc{{What: "limits", A: "default", B: "7 map properties"}, {What: "optimisation", A: "full", B: "simple"}}
	differ := slices.DeleteFunc(slices.Clone(c.Parity), func(p report.ParityDoc) bool { return p.Same })
	if !slices.Equal(differ, want) || len(c.Parity) != 5 {
		t.Errorf("parity: %+v", c.Parity)
	}
	if !c.A.Settings.Equal(wire.Settings{Optimize: "full"}) || !c.B.Settings.Equal(wire.Settings{Limits: engine.Limits{MapSize: 7}}) {
		t.Errorf("settings: %+v, %+v", c.A.Settings, c.B.Settings)
	}
}

func TestSettingsMistakes(t *testing.T) {
	for arg, want := range map[string]string{
		"speed=2": "unknown setting \"speed\": want one of packages, resolver, print, optimize, gogc, max-operations", "limits": "want KEY=VALUE",
		"print=loud": "want none or collect", "optimize=most": "want none, simple or full", "max-operations=x": "want a number or unlimited",
		"packages=Cor": "want some of StandardPackage, CorePackage", "resolver=/none/at/all": "is no directory",
	} {
		for _, command := range [][]string{{"compare", "--a"}, {"profile", "-o", "x", "--b"}, {"--b"}} {
			got := do(t, "1", append(command, arg, "-")...)
			if got.code != exitUsage || !strings.Contains(got.err, want) {
				t.Errorf("%v %s: %+v, want %q", command, arg, got, want)
			}
		}
	}
	if got := do(t, "", "compare", "--help"); !strings.Contains(got.err+got.out, "\n  max-map-size ") || !strings.Contains(got.err+got.out, "-b KEY=VALUE") {
		t.Errorf("help: %+v", got)
	}
}

// TestEvidenceOfSettings checks that what was configured is in the evidence, with
// a profile for each of two sides that have the same strategy.
func TestEvidenceOfSettings(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if got := compared(t, printing, "--strategies", "raw,raw", "--b", "print=collect", "--out", dir); got.code != exitOK || got.err != "" {
		t.Fatalf("compare: %+v", got)
	}
	for _, side := range []string{"raw-A", "raw-B"} {
		if _, err := goprof.ReadTop(filepath.Join(dir, "cpu-"+side+report.ProfileSuffix), "", goprof.Label, 0); err != nil {
			t.Error(err)
		}
	}
	if got := do(t, "", "replay", dir); got.code != exitOK || !strings.Contains(got.out, "engines  DIFFER in print handler (A none, B collect)\n") {
		t.Errorf("replay: %+v", got)
	}
	got := do(t, "", "replay", "--json", dir)
	var r report.Replayed
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || !r.Agrees {
		t.Fatalf("replay: %+v, %v", got, err)
	}
	want := []wire.Parity{{What: "print handler", A: "none", B: "collect"}}
	if !slices.Equal(wire.Differences(r.Parity), want) || !r.Settings[1].Equal(wire.Settings{Print: wire.Collect}) || !r.Settings[0].Equal(wire.Settings{}) {
		t.Errorf("replayed: %+v, %+v", r.Settings, r.Parity)
	}
}
