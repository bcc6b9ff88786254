package worker

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// testSetup looks up settings among the packages of tests.
func testSetup(t testing.TB, s wire.Settings) *setup {
	t.Helper()
	c, err := newSetup(s, &Host{Packages: testPackages()}, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bothSides makes the sides of two sides for a script.
func bothSides(t *testing.T, cfg wire.Config, h Host) [2]*side {
	t.Helper()
	var sides [2]*side
	var setups [2]*setup
	for i, side := range cfg.Sides(h.hooked()) {
		var err error
		if setups[i], err = newSetup(side.Settings, &h, i, nil); err != nil {
			t.Fatal(err)
		}
		if sides[i], err = newSide(side.Strategy, setups[i], nil, 1); err != nil {
			t.Fatal(err)
		}
	}
	workloads, err := newWorkloads(&cfg, [2]wire.Strategy{wire.Global, wire.Raw}, setups, false)
	if err != nil {
		t.Fatal(err)
	}
	sides[0].workload, sides[1].workload = workloads[0], workloads[1]
	return sides
}

// errOf is the error of a call, "" for none.
func errOf(t *testing.T, s *side) string {
	t.Helper()
	if _, _, err := s.call(t.Context(), 0, 0); err != nil {
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
		for _, s := range wire.Strategies[:5] { // all that run scripts
			h := Host{Packages: nested()}
			cfg := wire.Config{Script: c.script, A: s, B: s, Settings: [2]wire.Settings{{}, settingsOf(t, h.Packages, c.setting)}}
			sides := bothSides(t, cfg, h)
			for i, want := range []string{c.a, c.b} {
				if got := errOf(t, sides[i]); want == "" && got != "" || !strings.Contains(got, want) {
					t.Errorf("%s, %s: side %s gives %q, want %q", s, c.setting, wire.SideNames[i], got, want)
				}
			}
			if d := wire.Differences(parity(sides[0], sides[1])); !slices.Equal(d, []wire.Parity{{What: c.what, A: c.showA, B: c.showB}}) {
				t.Errorf("%s, %s: differences %+v", s, c.setting, d)
			}
		}
	}
}

// TestCollect checks that the handler of a side that collects sees what is
// printed, in the buffer of the call, and that the calls pay for it.
func TestCollect(t *testing.T) {
	for _, s := range wire.Strategies[:5] { // all that run scripts
		h := Host{Packages: testPackages()}
		cfg := wire.Config{Script: `print_text("one"); print_text("two")`, A: s, B: s, Settings: [2]wire.Settings{{}, {Print: wire.Collect}}}
		sides := bothSides(t, cfg, h)
		ctx := withBuffer(t.Context())
		for i, want := range []string{"", "one\ntwo\n"} {
			if _, _, err := sides[i].workload.run(ctx, sides[i].sample(), 0); err != nil {
				t.Fatal(err)
			}
			if got := string(ctx.Value(bufferKey{}).(*buffer).text); got != want {
				t.Errorf("%s: side %s collects %q, want %q", s, wire.SideNames[i], got, want)
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
	for _, s := range wire.Strategies[:5] { // all that run scripts
		h := Host{Packages: nested(), Configure: [2]func(*engine.Engine){nil, func(e *engine.Engine) {
			e.SetLimits(engine.Limits{Operations: 50}).OnProgress(func(context.Context, uint64) error { return nil })
			e.OnPrint(func(context.Context, string) {}).SetStrictVariables(true)
			e.SetResolver(engine.StaticResolver(nil))
			e.RegisterFunc("mine", func() int64 { return 1 })
		}}}
		sides := bothSides(t, wire.Config{Script: "let x = 0; while x < 1000 { x += 1 } x", A: s, B: s}, h)
		if a, b := errOf(t, sides[0]), errOf(t, sides[1]); a != "" || !strings.Contains(b, "Too many operations") {
			t.Errorf("%s: %q and %q", s, a, b)
		}
		d := wire.Differences(parity(sides[0], sides[1]))
		var what []string
		for _, p := range d {
			what = append(what, p.What+": "+p.B)
		}
		want := []string{"packages: AllPackage engine (1 functions)", "resolver: engine.StaticResolver.func1", "print handler: worker.TestConfigure.func1.2",
			"limits: 50 ops", "progress handler: worker.TestConfigure.func1.1", "language: strict variables"}
		if !slices.Equal(what, want) {
			t.Errorf("%s: %q, want %q", s, what, want)
		}
	}
}

// TestSameProgram checks when operations are compared.
func TestSameProgram(t *testing.T) {
	h := Host{Packages: nested()}
	for setting, want := range map[string]bool{
		"max-operations=5000": true, "print=collect": true, "optimize=simple": true, "optimize=none": false, "max-string-size=100": false,
	} {
		cfg := wire.Config{Script: "let x = 1 + 2; x", Settings: [2]wire.Settings{{}, settingsOf(t, h.Packages, setting)}}
		sides := bothSides(t, cfg, h)
		if got := sameProgram(sides[0], sides[1]); got != want {
			t.Errorf("%s: %v", setting, got)
		}
	}
	cfg := wire.Config{Script: "1", Optimize: "full", Settings: [2]wire.Settings{{}, {Packages: []string{"OnePackage"}}}}
	if sides := bothSides(t, cfg, h); sameProgram(sides[0], sides[1]) {
		t.Error("full optimisation calls functions of packages")
	}
}

// TestServeSettings measures sides that differ, equalises them, and sees failures
// of one side only.
func TestServeSettings(t *testing.T) {
	cfg := sumConfig()
	cfg.A, cfg.B, cfg.Duration, cfg.Rounds, cfg.Phases = wire.Global, wire.Global, 0, 2, true
	cfg.Settings[1] = wire.Settings{Optimize: "none", Print: wire.Collect}
	l := serveLine(t, cfg, limitless)
	f := l.untilState(wire.Finished)
	if d := wire.Differences(f.Parity); len(d) != 2 || d[1] != (wire.Parity{What: "optimisation", A: "simple", B: "none"}) {
		t.Errorf("differences: %+v", d)
	}
	if !f.Same || f.A.Label != "global-A" || f.B.Label != "global-B" || !f.B.Settings.Equal(cfg.Settings[1]) || len(f.B.Phases) != len(wire.PhaseNames) {
		t.Errorf("snapshot: same %v (%s), %s %+v, %s %+v", f.Same, f.Difference, f.A.Label, f.A.Settings, f.B.Label, f.B.Settings)
	}
	dir := t.TempDir()
	for _, list := range [][]wire.Strategy{nil, {wire.Global, wire.Global}, {"global-A", "global-B"}} {
		l.send(wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Strategies: list, Duration: 1, Dir: dir}})
		n := f.Captures + 1
		f = l.until("a capture", func(f wire.Snapshot) bool { return f.Captures == n && f.State != wire.Profiling })
		if f.Profile.Error != "" || !slices.Equal(f.Profile.Strategies, []wire.Strategy{"global-A", "global-B"}) {
			t.Errorf("capture of %v: %+v", list, f.Profile)
		}
	}
	equal := cfg
	equal.Settings[1] = equal.Settings[0]
	l.send(wire.Command{Kind: wire.Restart, Config: &equal})
	f = l.until("equal sides", func(f wire.Snapshot) bool { return f.State == wire.Finished && f.B.Label == wire.Global })
	if len(wire.Differences(f.Parity)) != 0 || len(f.Parity) != 5 {
		t.Errorf("parity: %+v", f.Parity)
	}
	for setting, want := range map[string]string{
		"max-operations=5": "Too many operations", "packages=none": "Function not found", "packages=nothing": "unknown package", "max-functions=0": "functions",
	} {
		bad := cfg
		bad.Script = "fn f(x) { x }\n" + sumScript + "; f(vat(1.0))"
		bad.Settings = [2]wire.Settings{}
		if setting == "packages=nothing" {
			bad.Settings[1].Packages = []string{"nothing"}
		} else {
			bad.Settings[1] = settingsOf(t, testPackages(), setting)
		}
		l.send(wire.Command{Kind: wire.Restart, Config: &bad})
		f = l.until("the failure by "+setting, func(f wire.Snapshot) bool { return f.State == wire.Failed && f.Error != nil })
		if f.Error.Side != "B" || f.Error.Strategy != wire.Global || !strings.Contains(f.Error.Message, want) {
			t.Errorf("%s: %+v", setting, f.Error)
		}
		if setting != "packages=nothing" && len(wire.Differences(f.Parity)) != 1 {
			t.Errorf("%s: parity %+v", setting, f.Parity)
		}
		l.send(wire.Command{Kind: wire.Restart, Config: &equal})
		l.until("measuring again", func(f wire.Snapshot) bool { return f.State == wire.Finished })
	}
	l.stop()
}

// TestSettingsInvalid checks what no text can set.
func TestSettingsInvalid(t *testing.T) {
	for _, s := range []wire.Settings{{Print: "loud"}, {Optimize: "most"}, {Packages: []string{"x"}}} {
		if _, err := newSetup(s, &Host{Packages: nested()}, 0, nil); err == nil {
			t.Errorf("no error for %+v", s)
		}
	}
}

// settingsOf parses settings.
func settingsOf(t testing.TB, pkgs []*engine.Package, texts ...string) (s wire.Settings) {
	t.Helper()
	for _, x := range texts {
		if err := s.Set(x, pkgs); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// nested are packages of which one includes two others.
func nested() []*engine.Package {
	one := engine.NewPackage("OnePackage", func(m *engine.Module) { m.Func("one", func() int64 { return 1 }) })
	two := engine.NewPackage("TwoPackage", func(m *engine.Module) { m.Func("two", func() int64 { return 2 }) })
	return []*engine.Package{engine.NewPackage("AllPackage", nil, one, two)}
}
