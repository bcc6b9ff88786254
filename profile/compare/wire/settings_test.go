package wire

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// settingsOf parses settings.
func settingsOf(t testing.TB, pkgs []*engine.Package, texts ...string) (s Settings) {
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

func TestSettingsText(t *testing.T) {
	dir := t.TempDir()
	pkgs := nested()
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{nil, "default"},
		{[]string{"packages=two, OnePackage", "print=collect"}, "packages=TwoPackage,OnePackage print=collect"},
		{[]string{"packages=none", "resolver=" + dir, "optimize=full"}, "packages=none resolver=" + dir + " optimize=full"},
		{[]string{"max-operations=1000", "max-call-levels=0", "max-string-size=unlimited"}, "max-operations=1000 max-call-levels=0 max-string-size=unlimited"},
		{[]string{"gogc=400", "max-modules=3"}, "gogc=400 max-modules=3"}, {[]string{"gogc=50", "gogc=default"}, "default"},
		{[]string{"max-operations=1000", "packages=all", "max-operations=default", "print=collect", "print=none", "packages=default"}, "default"},
	} {
		s := settingsOf(t, pkgs, c.texts...)
		if got := s.String(); got != c.want {
			t.Errorf("%q: %q, want %q", c.texts, got, c.want)
		}
		var again Settings
		if c.want != "default" {
			again = settingsOf(t, pkgs, strings.Fields(c.want)...)
		}
		if !s.Equal(again) {
			t.Errorf("%+v, read again %+v", s, again)
		}
		data, err := json.Marshal(s)
		var back Settings
		if err != nil || json.Unmarshal(data, &back) != nil || !back.Equal(s) {
			t.Errorf("%s becomes %+v, %v", data, back, err)
		}
	}
	s := Settings{Print: Collect}
	for text, want := range map[string]string{
		"speed=1": `unknown setting "speed": want one of packages, resolver, print`, "print": "want KEY=VALUE", "=1": "want KEY=VALUE",
		"print=loud": "want none or collect", "optimize=most": "want none, simple or full", "max-operations=many": "want a number or unlimited",
		"max-operations=-1": "want a number", "gogc=0": "want a percentage from 1 to 100000", "gogc=off": "want a percentage", "packages=three": "want some of AllPackage, OnePackage, TwoPackage", "resolver=/none/at/all": "is no directory",
	} {
		if err := s.Set(text, pkgs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if !s.Equal(Settings{Print: Collect}) {
		t.Errorf("errors change settings: %+v", s)
	}
	if (Settings{}).Equal(Settings{Packages: []string{}}) {
		t.Error("no packages are all packages")
	}
	if err := s.Set("packages=x", nil); err == nil || !strings.Contains(err.Error(), "there are none") {
		t.Errorf("no packages: %v", err)
	}
}

func TestConfigJSON(t *testing.T) {
	cfg := Config{Script: "1", A: Pool, B: Pool, Optimize: "none", Settings: [2]Settings{{}, {Limits: engine.Limits{Operations: 7}, Optimize: "full"}}}
	data, err := json.Marshal(cfg)
	var back Config
	if err != nil || json.Unmarshal(data, &back) != nil || !back.Settings[1].Equal(cfg.Settings[1]) || !back.Settings[0].Equal(Settings{}) {
		t.Errorf("%s becomes %+v, %v", data, back, err)
	}
	if s := cfg.Sides(false); s[0].Label != "pool-A" || s[1].Label != "pool-B" || s[0].Settings.Optimize != "none" || s[1].Settings.Optimize != "full" {
		t.Errorf("sides: %+v", s)
	}
	cfg.Settings = [2]Settings{{}, {Optimize: "none"}}
	if s := cfg.Sides(false); s[0].Label != "pool" || s[1].Label != "pool" {
		t.Errorf("equal sides: %+v", s)
	}
	if s := cfg.Sides(true); s[1].Label != "pool-B" {
		t.Errorf("sides that a program configures: %+v", s)
	}
	if data, err := json.Marshal(Config{Script: "1"}); err != nil || strings.Contains(string(data), "settings") {
		t.Errorf("default settings: %s, %v", data, err)
	}
}
