package ui

import (
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// differing is a snapshot of sides that differ in what is given.
func differing(list ...wire.Parity) wire.Snapshot {
	f := testSnapshot()
	f.Parity = append([]wire.Parity{{What: "packages", A: "StandardPackage", B: "StandardPackage"}}, list...)
	return f
}

var (
	lessOps  = wire.Parity{What: "limits", A: "1000 ops", B: "default"}
	collects = wire.Parity{What: "print handler", A: "none", B: "collect"}
	resolves = wire.Parity{What: "resolver", A: "none", B: "files of /srv/scripts/of/the/shop"}
)

// parityStates are the screens of sides that are configured differently.
func parityStates() map[string]func(x *tester) {
	return map[string]func(x *tester){
		"compare_differs":      func(x *tester) { x.attach(); x.snapshot(differing(lessOps)) },
		"compare_differs_more": func(x *tester) { x.attach(); x.snapshot(differing(resolves, collects, lessOps)) },
		"compare_differs_fails": func(x *tester) {
			x.attach()
			x.snapshot(wire.Snapshot{
				State: wire.Failed, PID: 1, Parity: []wire.Parity{lessOps}, A: wire.Side{Strategy: wire.Global}, B: wire.Side{Strategy: wire.Raw},
				Error: &wire.ScriptError{Message: "Too many operations", Kind: "ErrorTooManyOperations", Line: 2, Column: 4, Source: "for i in 0..10 { total += i; }", Side: "A", Strategy: wire.Global},
			})
		},
		"compare_settings": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.press(":")
			x.typed("b max-op")
		},
		"compare_setting_wrong": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.press(":")
			x.typed("b max-operations=many")
			x.press("enter")
		},
	}
}

// TestEqualise gives B the settings of A by one key, at every size.
func TestEqualise(t *testing.T) {
	for _, size := range sizes {
		x, started := starts(t, func(o *Options) {
			o.Config.Settings = [2]wire.Settings{{Limits: engine.Limits{Operations: 1000}}, {Print: wire.Collect}}
		})
		x.snapshot(differing(collects, lessOps))
		got := x.screen(size[0], size[1])
		if !strings.Contains(got, "2 differences") || !strings.Contains(got, "[=]") {
			t.Errorf("%v: the differences are not shown:\n%s", size, got)
		}
		gen := x.m.compare.Gen()
		x.follow("=")
		s := *started
		if len(s) != 1 || !s[0].Settings[0].Equal(s[0].Settings[1]) || s[0].Settings[1].Limits.Operations != 1000 || x.m.compare.Gen() != gen+1 {
			t.Fatalf("started: %+v", s)
		}
		if x.m.notice != "B has the settings of A: max-operations=1000" {
			t.Errorf("notice: %s", x.m.notice)
		}
		x.snapshot(differing())
		if got := x.screen(size[0], size[1]); strings.Contains(got, "[=]") || size[0] >= 100 && !strings.Contains(got, "config parity: same") {
			t.Errorf("%v: equal sides:\n%s", size, got)
		}
		// What was measured last is measured again by r, and e writes it.
		x.follow("r")
		if s := *started; len(s) != 2 || !s[1].Settings[1].Equal(s[0].Settings[0]) || !x.m.compare.Config().Settings[1].Equal(s[0].Settings[0]) {
			t.Errorf("restarted: %+v", s)
		}
		x.snapshot(differing())
		x.press("=")
		if x.m.notice != "both sides are configured alike" || len(*started) != 2 {
			t.Errorf("notice: %s, started %d", x.m.notice, len(*started))
		}
		x.snapshot(differing(lessOps))
		if x.press("="); !strings.Contains(x.m.notice, "it is the strategies that differ in limits") {
			t.Errorf("notice: %s", x.m.notice)
		}
	}
}

// TestSettings sets a side by what is typed and by a line of the list.
func TestSettings(t *testing.T) {
	x, started := starts(t, func(o *Options) { o.Packages = []*engine.Package{packages.Standard()} })
	set := func(text string, keys ...string) {
		t.Helper()
		x.press(":")
		x.typed(text)
		x.follow(append(keys, "enter")...)
	}
	last := func() wire.Config { return (*started)[len(*started)-1] }
	set("b max-operations=1000")
	if len(*started) != 1 || last().Settings[1].Limits.Operations != 1000 || x.m.notice != "B: max-operations=1000" {
		t.Fatalf("started: %+v, notice %s", *started, x.m.notice)
	}
	set("B print=col")
	if s := last().Settings[1]; s.Print != wire.Collect || s.Limits.Operations != 1000 {
		t.Errorf("settings: %+v", s)
	}
	set("a packages=Core,LogicPackage")
	if s := last().Settings[0]; strings.Join(s.Packages, " ") != "CorePackage LogicPackage" {
		t.Errorf("settings: %+v", s)
	}
	// A line without a value asks for one.
	x.press(":")
	x.typed("a max-string")
	x.press("enter")
	if x.m.overlay == nil || x.m.overlay.List.Filter != "a max-string-size=" || !strings.Contains(x.screen(80, 24), "type the value") {
		t.Errorf("chooser: %+v", x.m.overlay)
	}
	x.typed("99")
	x.follow("enter")
	if s := last().Settings[0]; s.Limits.StringSize != 99 || len(*started) != 4 {
		t.Errorf("settings: %+v, started %d", s, len(*started))
	}
	for text, want := range map[string]string{
		"b max-operations=x": "want a number or unlimited", "a packages=Cor": "unknown package", "c speed": "want a setting such as", "b speed=1": "unknown setting",
		"a resolver=/none/at/all": "no directory",
	} {
		set(text)
		if x.m.overlay == nil || !strings.Contains(x.m.overlay.List.Note, want) {
			t.Errorf("%s: note %q, want %q", text, x.m.overlay.List.Note, want)
		}
		x.press("esc")
	}
	set("b max-operations=1000")
	if len(*started) != 4 || x.m.notice != "that is set already" {
		t.Errorf("started %d, notice %s", len(*started), x.m.notice)
	}
	set("b max-operations=default")
	if s := last().Settings[1]; s.Limits != (engine.Limits{}) {
		t.Errorf("settings: %+v", s)
	}
	// Another script keeps the settings.
	x.snapshot(testSnapshot())
	x.follow("o", "down", "enter")
	if c := last(); c.Name != "words" || c.Settings[1].Print != wire.Collect {
		t.Errorf("another script: %+v", c)
	}
	// A sweep is not disturbed.
	x.snapshot(testSnapshot())
	x.follow("w")
	n := len(*started)
	for _, key := range []string{":", "="} {
		if x.follow(key); !strings.Contains(x.m.notice, "sweep") || len(*started) != n || x.m.overlay != nil {
			t.Errorf("%s in a sweep: %s", key, x.m.notice)
		}
	}
}

// TestSameWithSettings compares A with itself: that takes its settings too.
func TestSameWithSettings(t *testing.T) {
	x, started := starts(t, func(o *Options) { o.Config.Settings[1].Print = wire.Collect })
	x.follow("a")
	f := testSnapshot()
	f.B.Strategy = wire.Global
	x.snapshot(f)
	x.follow("a")
	s := *started
	if len(s) != 2 || s[0].B != wire.Global || s[0].Settings[1].Print != wire.Drop || s[1].B != wire.Raw || s[1].Settings[1].Print != wire.Collect {
		t.Errorf("started: %+v", s)
	}
}

// TestSidesOfOneStrategy captures both sides by their labels.
func TestSidesOfOneStrategy(t *testing.T) {
	x, _ := starts(t)
	x.press("r")
	s := x.attach()
	f := differing(collects)
	f.A.Strategy, f.B.Strategy, f.A.Label, f.B.Label = wire.Pool, wire.Pool, "pool-A", "pool-B"
	x.snapshot(f)
	for _, key := range []string{"b", "A", "B"} {
		x.m.profile.Forget()
		x.press("3", key)
		x.run(batch(x.press("enter"))[0])
	}
	var got []string
	for _, c := range s.sent {
		for _, l := range c.Capture.Strategies {
			got = append(got, string(l))
		}
	}
	if strings.Join(got, " ") != "pool-A pool-B pool-A pool-B" {
		t.Errorf("captured %q", got)
	}
	if screen := x.screen(80, 24); !strings.Contains(screen, "both  A [B]") {
		t.Errorf("choices:\n%s", screen)
	}
}
