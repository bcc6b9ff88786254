package ui

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/profilepane"
	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

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
	dark := x.m.th.Dim.GetForeground()
	x.update(tea.BackgroundColorMsg{Color: color.White})
	if x.m.th.Dim.GetForeground() == dark {
		t.Error("the theme stays dark on a light background")
	}
	opts.Theme = "dark"
	x = newTester(t, opts)
	x.update(tea.BackgroundColorMsg{Color: color.White})
	if x.m.th.Dim.GetForeground() != dark {
		t.Error("the theme that was chosen is gone")
	}
}

// strange are texts that are hard to measure.
const strange = "字幕👩‍👩‍👧é\u0301\t\x1b[31m\u202e\u200d\u200bñ🇩🇪\ufe0f x"

// TestStrangeText puts wide and broken text everywhere: lines stay exact.
func TestStrangeText(t *testing.T) {
	for name, set := range map[string]func(x *tester){
		"snapshot": func(x *tester) {
			x.attach()
			f := testSnapshot()
			f.Value, f.Same, f.Difference = strange+strange, false, strange
			f.Output.Text = strings.Repeat(strange+"\n", 5)
			x.update(pane.MeasureMsg{Name: strange, Script: strange + "\n" + strange})
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
			p := profiletest.Pricing()
			for i, f := range p.Function {
				f.Name += strange
				f.Filename += strings.Repeat(strange, i)
			}
			p.SampleType[1].Type += strange
			p.DefaultSampleType = p.SampleType[1].Type
			d, err := view.New(p)
			if err != nil {
				t.Fatal(err)
			}
			x.press("3")
			x.run(x.update(profilepane.LoadedMsg{Path: strange, Data: d}))
			x.press("f", "v")
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
		if len(data) > 0 && data[0]%2 == 0 {
			x.press("3")
			x.load()
		}
		for _, b := range data[:min(len(data), 200)] {
			x.press(keys[int(b)%len(keys)])
		}
		content, _, _ := x.m.screen(80, 24)
		x.exact(content, 80, 24)
	})
}
