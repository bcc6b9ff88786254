package compare

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// testRecipe looks up settings among the packages of tests.
func testRecipe(t testing.TB, s Settings) *recipe {
	t.Helper()
	r, err := newRecipe(s, &host{pkgs: testPackages()}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sidedLanes makes the lanes of two sides for a script.
func sidedLanes(t *testing.T, cfg Config, h host) [2]*lane {
	t.Helper()
	var lanes [2]*lane
	var recipes [2]*recipe
	for i, side := range cfg.sides(h.hooked()) {
		var err error
		if recipes[i], err = newRecipe(side.Settings, &h, i); err != nil {
			t.Fatal(err)
		}
		if lanes[i], err = newLane(side.Strategy, recipes[i], nil, 1); err != nil {
			t.Fatal(err)
		}
	}
	works, err := newWorks(&cfg, recipes, false)
	if err != nil {
		t.Fatal(err)
	}
	lanes[0].work, lanes[1].work = works[0], works[1]
	return lanes
}

// errOf is the error of a call, "" for none.
func errOf(t *testing.T, l *lane) string {
	t.Helper()
	if _, _, err := l.call(t.Context(), 0, 0); err != nil {
		return err.Error()
	}
	return ""
}

// TestSettingsAct gives B one setting after the other and checks, for each
// strategy, that calls of B feel it, those of A do not, and parity tells.
func TestSettingsAct(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tax.rhai"), []byte("fn vat(x) { x * 2 }"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		setting, script, what string
		a, b                  string // errors of calls
		showA, showB          string
	}{
		{"max-operations=50", "let x = 0; while x < 1000 { x += 1 } x", "limits", "", "Too many operations", "default", "50 ops"},
		{"max-call-levels=3", "fn f(n) { if n == 0 { 0 } else { f(n - 1) + 1 } } f(10)", "limits", "", "Stack overflow", "default", "3 call levels"},
		{"max-string-size=10", `let s = "abcdef"; s += s; s`, "limits", "", "Length of string too large", "default", "10 string bytes"},
		{"max-array-size=3", "let a = []; a += [1, 2]; a += [3, 4]; a", "limits", "", "Size of array/BLOB too large", "default", "3 array elements"},
		{"max-map-size=1", "let m = #{}; m.a = 1; m.b = 2; m", "limits", "", "Size of object map too large", "default", "1 map properties"},
		{"packages=OnePackage", "one(); two()", "packages", "", "Function not found: two", "AllPackage", "OnePackage"},
		{"packages=none", "one()", "packages", "", "Function not found: one", "AllPackage", "none"},
		{"resolver=" + dir, `import "tax" as t; t::vat(2)`, "resolver", "Module not found", "", "none", "files of " + dir},
		{"print=collect", "one()", "print handler", "", "", "none", "collect"},
		{"optimize=none", "one() + 2 * 3", "optimisation", "", "", "simple", "none"},
	} {
		for _, s := range Strategies {
			h := host{pkgs: nestedB()}
			cfg := Config{Script: c.script, A: s, B: s, Settings: [2]Settings{{}, settingsOfB(t, h.pkgs, c.setting)}}
			lanes := sidedLanes(t, cfg, h)
			for i, want := range []string{c.a, c.b} {
				if got := errOf(t, lanes[i]); want == "" && got != "" || !strings.Contains(got, want) {
					t.Errorf("%s, %s: side %s gives %q, want %q", s, c.setting, sideNames[i], got, want)
				}
			}
			if d := Differences(parity(lanes[0], lanes[1])); !slices.Equal(d, []Parity{{c.what, c.showA, c.showB}}) {
				t.Errorf("%s, %s: differences %+v", s, c.setting, d)
			}
		}
	}
}

// TestCollect checks that the handler of a side that collects sees what is
// printed, in the buffer of the call, and that the calls pay for it.
func TestCollect(t *testing.T) {
	for _, s := range Strategies {
		h := host{pkgs: testPackages()}
		cfg := Config{Script: `print_text("one"); print_text("two")`, A: s, B: s, Settings: [2]Settings{{}, {Print: Collect}}}
		lanes := sidedLanes(t, cfg, h)
		ctx := withBuffer(t.Context())
		for i, want := range []string{"", "one\ntwo\n"} {
			if _, _, err := lanes[i].work.run(ctx, lanes[i].sample(), 0); err != nil {
				t.Fatal(err)
			}
			if got := string(ctx.Value(bufferKey{}).(*buffer).text); got != want {
				t.Errorf("%s: side %s collects %q, want %q", s, sideNames[i], got, want)
			}
		}
	}
	collect(t.Context(), "nobody listens")
	ctx := withBuffer(t.Context())
	for range 3 {
		collect(ctx, strings.Repeat("x", mostCollected/2))
	}
	if n := len(ctx.Value(bufferKey{}).(*buffer).text); n > mostCollected {
		t.Errorf("%d bytes are kept", n)
	}
}

// TestConfigure checks the functions of a program: they reach the engines of their
// side only, and parity reads what they did.
func TestConfigure(t *testing.T) {
	for _, s := range Strategies {
		h := host{pkgs: nestedB(), configure: [2]func(*engine.Engine){nil, func(e *engine.Engine) {
			e.SetLimits(engine.Limits{Operations: 50}).OnProgress(func(context.Context, uint64) error { return nil })
			e.OnPrint(func(context.Context, string) {}).SetStrictVariables(true)
			e.SetResolver(engine.StaticResolver(nil))
			e.RegisterFunc("mine", func() int64 { return 1 })
		}}}
		lanes := sidedLanes(t, Config{Script: "let x = 0; while x < 1000 { x += 1 } x", A: s, B: s}, h)
		if a, b := errOf(t, lanes[0]), errOf(t, lanes[1]); a != "" || !strings.Contains(b, "Too many operations") {
			t.Errorf("%s: %q and %q", s, a, b)
		}
		d := Differences(parity(lanes[0], lanes[1]))
		var what []string
		for _, p := range d {
			what = append(what, p.What+": "+p.B)
		}
		want := []string{"packages: AllPackage engine (1 functions)", "resolver: engine.StaticResolver.func1", "print handler: compare.TestConfigure.func1.2",
			"limits: 50 ops", "progress handler: compare.TestConfigure.func1.1", "language: strict variables"}
		if !slices.Equal(what, want) {
			t.Errorf("%s: %q, want %q", s, what, want)
		}
	}
}

// TestSameProgram checks when operations are compared.
func TestSameProgram(t *testing.T) {
	h := host{pkgs: nestedB()}
	for setting, want := range map[string]bool{
		"max-operations=5000": true, "print=collect": true, "optimize=simple": true, "optimize=none": false, "max-string-size=100": false,
	} {
		cfg := Config{Script: "let x = 1 + 2; x", Settings: [2]Settings{{}, settingsOfB(t, h.pkgs, setting)}}
		lanes := sidedLanes(t, cfg, h)
		if got := sameProgram(lanes[0], lanes[1]); got != want {
			t.Errorf("%s: %v", setting, got)
		}
	}
	cfg := Config{Script: "1", Optimize: "full", Settings: [2]Settings{{}, {Packages: []string{"OnePackage"}}}}
	if lanes := sidedLanes(t, cfg, h); sameProgram(lanes[0], lanes[1]) {
		t.Error("full optimisation calls functions of packages")
	}
}

// TestServeSettings measures sides that differ, equalises them, and sees failures
// of one side only.
func TestServeSettings(t *testing.T) {
	cfg := sumConfig()
	cfg.A, cfg.B, cfg.Duration, cfg.Rounds, cfg.Phases = Global, Global, 0, 2, true
	cfg.Settings[1] = Settings{Optimize: "none", Print: Collect}
	l := serveLine(t, cfg, limitless)
	f := l.untilState(Finished)
	if d := Differences(f.Parity); len(d) != 2 || d[1] != (Parity{"optimisation", "simple", "none"}) {
		t.Errorf("differences: %+v", d)
	}
	if !f.Same || f.A.Label != "global-A" || f.B.Label != "global-B" || !f.B.Settings.Equal(cfg.Settings[1]) || len(f.B.Phases) != len(PhaseNames) {
		t.Errorf("frame: same %v (%s), %s %+v, %s %+v", f.Same, f.Difference, f.A.Label, f.A.Settings, f.B.Label, f.B.Settings)
	}
	dir := t.TempDir()
	for _, list := range [][]Strategy{nil, {Global, Global}, {"global-A", "global-B"}} {
		l.send(Command{Kind: Capture, Capture: &CaptureOrder{Strategies: list, Duration: 1, Dir: dir}})
		n := f.Captures + 1
		f = l.until("a capture", func(f Frame) bool { return f.Captures == n && f.State != Profiling })
		if f.Profile.Error != "" || !slices.Equal(f.Profile.Strategies, []Strategy{"global-A", "global-B"}) {
			t.Errorf("capture of %v: %+v", list, f.Profile)
		}
	}
	equal := cfg
	equal.Settings[1] = equal.Settings[0]
	l.send(Command{Kind: Restart, Config: &equal})
	f = l.until("equal sides", func(f Frame) bool { return f.State == Finished && f.B.Label == Global })
	if len(Differences(f.Parity)) != 0 || len(f.Parity) != 5 {
		t.Errorf("parity: %+v", f.Parity)
	}
	for setting, want := range map[string]string{
		"max-operations=5": "Too many operations", "packages=none": "Function not found", "packages=nothing": "unknown package", "max-functions=0": "functions",
	} {
		bad := cfg
		bad.Script = "fn f(x) { x }\n" + sumScript + "; f(vat(1.0))"
		bad.Settings = [2]Settings{}
		if setting == "packages=nothing" {
			bad.Settings[1].Packages = []string{"nothing"}
		} else {
			bad.Settings[1] = settingsOfB(t, testPackages(), setting)
		}
		l.send(Command{Kind: Restart, Config: &bad})
		f = l.until("the failure by "+setting, func(f Frame) bool { return f.State == Failed && f.Error != nil })
		if f.Error.Side != "B" || f.Error.Strategy != Global || !strings.Contains(f.Error.Message, want) {
			t.Errorf("%s: %+v", setting, f.Error)
		}
		if setting != "packages=nothing" && len(Differences(f.Parity)) != 1 {
			t.Errorf("%s: parity %+v", setting, f.Parity)
		}
		l.send(Command{Kind: Restart, Config: &equal})
		l.until("measuring again", func(f Frame) bool { return f.State == Finished })
	}
	l.stop()
}

// TestSettingsInvalid checks what no text can set.
func TestSettingsInvalid(t *testing.T) {
	for _, s := range []Settings{{Print: "loud"}, {Optimize: "most"}, {Packages: []string{"x"}}} {
		if _, err := newRecipe(s, &host{pkgs: nestedB()}, 0); err == nil {
			t.Errorf("no error for %+v", s)
		}
	}
}

// settingsOfB parses settings.
func settingsOfB(t testing.TB, pkgs []*engine.Package, texts ...string) (s Settings) {
	t.Helper()
	for _, x := range texts {
		if err := s.Set(x, pkgs); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// nestedB are packages of which one includes two others.
func nestedB() []*engine.Package {
	one := engine.NewPackage("OnePackage", func(m *engine.Module) { m.Func("one", func() int64 { return 1 }) })
	two := engine.NewPackage("TwoPackage", func(m *engine.Module) { m.Func("two", func() int64 { return 2 }) })
	return []*engine.Package{engine.NewPackage("AllPackage", nil, one, two)}
}
