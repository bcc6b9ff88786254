package ui

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// luminance is the relative luminance of a colour, as WCAG defines it.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(x uint32) float64 {
		v := float64(x) / 0xffff
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast checks that every text can be read on usual backgrounds.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		dark, high  bool
		backgrounds []string
		text, line  float64
	}{
		{true, false, []string{"#000000", "#1e1e2e"}, 4.5, 3}, {false, false, []string{"#ffffff", "#f5f5f5"}, 4.5, 3},
		{true, true, []string{"#000000", "#1e1e2e"}, 9, 9}, {false, true, []string{"#ffffff", "#f5f5f5"}, 9, 9},
	} {
		th := newTheme(c.dark, c.high, false)
		texts := map[string]lipgloss.Style{
			"dim": th.dim, "accent": th.accent, "focus": th.focus, "A": th.sideA, "B": th.sideB, "bad": th.bad, "warn": th.warn, "good": th.good,
		}
		for class, s := range th.code {
			if class != int(repl.Plain) {
				texts["code "+itoa(class)] = s
			}
		}
		for _, bg := range c.backgrounds {
			for name, s := range texts {
				if got := contrast(s.GetForeground(), lipgloss.Color(bg)); got < c.text {
					t.Errorf("dark %v: %s on %s has a contrast of %.2f", c.dark, name, bg, got)
				}
			}
			if got := contrast(th.border.GetForeground(), lipgloss.Color(bg)); got < c.line {
				t.Errorf("dark %v: borders on %s have a contrast of %.2f", c.dark, bg, got)
			}
		}
	}
}

// TestColours compares one screen of each theme, escape codes included.
func TestColours(t *testing.T) {
	for _, theme := range []string{"dark", "light", "contrast"} {
		opts := testOptions()
		opts.NoColor, opts.Theme = false, theme
		x := newTester(t, opts)
		states["compare_running"](x)
		x.update(tea.WindowSizeMsg{Width: 80, Height: 24})
		got := strings.ReplaceAll(x.m.View().Content, "\x1b", "␛") + "\n"
		path := filepath.Join("testdata", "colours_"+theme+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs", path)
		}
	}
}

// TestBackground checks that the theme follows the terminal, unless it was chosen.
func TestBackground(t *testing.T) {
	opts := testOptions()
	opts.NoColor, opts.Theme = false, ""
	x := newTester(t, opts)
	dark := x.m.th.dim.GetForeground()
	x.update(tea.BackgroundColorMsg{Color: color.White})
	if x.m.th.dim.GetForeground() == dark {
		t.Error("the theme stays dark on a light background")
	}
	opts.Theme = "dark"
	x = newTester(t, opts)
	x.update(tea.BackgroundColorMsg{Color: color.White})
	if x.m.th.dim.GetForeground() != dark {
		t.Error("the theme that was chosen is gone")
	}
}

// strange are texts that are hard to measure.
const strange = "字幕👩‍👩‍👧é\u0301\t\x1b[31m\u202e\u200d\u200bñ🇩🇪\ufe0f x"

// TestStrangeText puts wide and broken text everywhere: lines stay exact.
func TestStrangeText(t *testing.T) {
	for name, set := range map[string]func(x *tester){
		"frame": func(x *tester) {
			x.attach()
			f := testSnapshot()
			f.Value, f.Same, f.Difference = strange+strange, false, strange
			f.Output.Text = strings.Repeat(strange+"\n", 5)
			x.update(MeasureMsg{Name: strange, Script: strange + "\n" + strange})
			x.attach()
			f.A.Strategy = wire.Strategy(strange)
			x.snapshot(f)
			x.press("o")
		},
		"error": func(x *tester) {
			x.attach()
			x.snapshot(wire.Snapshot{State: wire.Failed, Error: &wire.ScriptError{Message: strange + "\n" + strange, Line: 3, Column: 9, Source: strange}})
		},
		"profile": func(x *tester) {
			x.attach()
			p := testProfile()
			for i := range p.Files {
				p.Files[i].Path += strange + strange + strange + strange
				p.Files[i].Type += strange
			}
			p.Files[0].Top[0].Function = strange
			f := testSnapshot()
			f.Profile = p
			x.snapshot(f)
			x.press("3")
		},
		"repl": func(x *tester) {
			x.press("1")
			x.eval("let s = \"" + "字幕👩‍👩‍👧é\u0301 ñ🇩🇪" + "\"; print(s); debug(s); s")
			x.eval(") " + strange)
			x.m.repl.SetText(strings.Repeat(strange, 4) + "\nlet a = \"" + strange)
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newTester(t, testOptions())
			set(x)
			for w := 20; w <= 130; w += 3 {
				for h := 5; h <= 40; h += 4 {
					content, _, _ := x.m.screen(w, h)
					x.exact(content, w, h)
				}
			}
		})
	}
}

func FuzzKeys(f *testing.F) {
	var keys []string
	for _, a := range newModel(f.Context(), testOptions()).actions {
		for _, k := range a.Keys {
			if k != "ctrl+z" {
				keys = append(keys, k)
			}
		}
	}
	keys = append(keys, "a", "{", "}", "\"", "`", ".", "字")
	f.Add([]byte{0, 1, 2, 60, 70})
	f.Fuzz(func(t *testing.T, data []byte) {
		x := newTester(t, testOptions())
		x.attach()
		x.snapshot(testSnapshot())
		for _, b := range data[:min(len(data), 200)] {
			x.press(keys[int(b)%len(keys)])
		}
		content, _, _ := x.m.screen(80, 24)
		x.exact(content, 80, 24)
	})
}
