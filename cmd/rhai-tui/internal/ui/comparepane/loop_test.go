package comparepane

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// loop is a pane whose script is in a file that tests change.
type loop struct {
	*Pane
	text, stamp string // of the file, as it is now
	measured    []wire.Config
	clock       time.Time
}

func newLoop(t *testing.T) *loop {
	t.Helper()
	x := &loop{text: "1", stamp: "first", clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	x.Pane = New(Options{
		Context: t.Context(), Config: wire.Config{Name: "s.rhai", File: "s.rhai", Script: "1"}, Now: func() time.Time { x.clock = x.clock.Add(time.Minute); return x.clock },
		Start: func(_ context.Context, cfg wire.Config) (compare.Measurement, error) {
			x.measured = append(x.measured, cfg)
			return &fakeRun{}, nil
		},
		Files: Files{
			Reload: func(cfg wire.Config) (wire.Config, error) {
				if x.text == "" {
					return cfg, errors.New("the file is gone")
				}
				if cfg.File != "" {
					cfg.Script = x.text
				}
				if cfg.Second != nil {
					second := *cfg.Second
					second.Text = x.text
					cfg.Second = &second
				}
				return cfg, nil
			},
			Open: func(cfg wire.Config, name string) (wire.Config, error) {
				cfg.Name, cfg.Script = name, "opened"
				return cfg, nil
			},
			Stamp: func(wire.Config, []wire.Module) string { return x.stamp },
		},
	})
	x.answer(x.Begin())
	return x
}

// answer carries out what a request asks for, but does not wait for a run or a clock.
func (x *loop) answer(r pane.Request) {
	var all func(cmd tea.Cmd)
	all = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		done := make(chan tea.Msg, 1)
		go func() { done <- cmd() }()
		select {
		case msg := <-done:
			if list, ok := msg.(tea.BatchMsg); ok {
				for _, c := range list {
					all(c)
				}
				return
			}
			if r, ok := x.Update(msg); ok {
				if _, watch := msg.(stampMsg); !watch {
					all(r.Cmd)
				}
			}
		case <-time.After(20 * time.Millisecond):
			// It waits for a snapshot, or for the next look at the files.
		}
	}
	all(r.Cmd)
}

// end shows the end of the run.
func (x *loop) end(ratio float64) {
	f := wire.Snapshot{State: wire.Finished, Name: "s.rhai", Rounds: 5, Ratio: ratio, Same: true, A: wire.Side{Mean: 100, OpsPerCall: 10}, B: wire.Side{Mean: 100 * ratio, OpsPerCall: 10}}
	f.Series = &wire.Progress{Process: 5, Processes: 5, Ended: "done", Verdict: stats.Verdict{Outcome: stats.AFaster, Ratio: ratio, Low: ratio - 0.1, High: ratio + 0.1}}
	see(x.Pane, f)
}

// TestLoopOfEditing goes through what a person does who tunes a script.
func TestLoopOfEditing(t *testing.T) {
	x := newLoop(t)
	if r := action(t, x.Pane, "baseline"); !strings.Contains(r.Notice, "no verdict yet") {
		t.Errorf("baseline of nothing: %q", r.Notice)
	}
	if r := action(t, x.Pane, "against-baseline"); !strings.Contains(r.Notice, "first") {
		t.Errorf("against nothing: %q", r.Notice)
	}
	x.end(2)
	if r := action(t, x.Pane, "baseline"); !strings.Contains(r.Notice, "2.00x") {
		t.Errorf("baseline: %q", r.Notice)
	}
	x.text = "2"
	x.answer(action(t, x.Pane, "restart"))
	if n := len(x.measured); n != 2 || x.measured[1].Script != "2" {
		t.Fatalf("r does not read the file again: %+v", x.measured)
	}
	x.end(3)
	if text := x.since(); !strings.Contains(text, "B 1.50x") {
		t.Errorf("since the baseline: %q", text)
	}
	// The verdicts: the latest first, the baseline marked.
	action(t, x.Pane, "verdicts")
	lines := x.verdictLines(draw.NewTheme(true, false, true), 100, 10)
	if len(lines) != 3 || !strings.Contains(lines[1], "3.00x") || !strings.Contains(lines[2], "2.00x") || !strings.HasPrefix(lines[2], "◆") || strings.HasPrefix(lines[1], "◆") {
		t.Errorf("verdicts:\n%s", strings.Join(lines, "\n"))
	}
	x.text = "3"
	x.answer(action(t, x.Pane, "against-baseline"))
	cfg := x.measured[len(x.measured)-1]
	if cfg.Script != "1" || cfg.File != "" || cfg.Second == nil || cfg.Second.Text != "3" || cfg.A != cfg.B {
		t.Errorf("against the baseline: %+v", cfg)
	}
	x.answer(action(t, x.Pane, "against-baseline"))
	if cfg := x.measured[len(x.measured)-1]; cfg.Script != "3" || cfg.Second != nil {
		t.Errorf("alone again: %+v", cfg)
	}
	n := len(x.measured)
	x.text = ""
	r := action(t, x.Pane, "restart")
	msg := r.Cmd()
	if got, _ := x.Update(msg); got.Notice != "the file is gone" || len(x.measured) != n {
		t.Errorf("file gone: %+v", got)
	}
}

// TestWatch checks that a file is read when it has changed and rests.
func TestWatch(t *testing.T) {
	x := newLoop(t)
	if r := action(t, x.Pane, "watch"); !strings.Contains(r.Notice, "watching s.rhai") || !x.watch.on {
		t.Fatalf("watch: %+v", r)
	}
	look := func(stamp string) { x.answer(first(x.Update(stampMsg{x.watch.n, x.gen, "", stamp}))) }
	look("first")
	look("first")
	if len(x.measured) != 1 {
		t.Errorf("measured without a change: %d", len(x.measured))
	}
	x.text = "2"
	look("second") // it may still be written
	if len(x.measured) != 1 {
		t.Error("a file is read while it changes")
	}
	look("second")
	if len(x.measured) != 2 || x.measured[1].Script != "2" {
		t.Errorf("the change is not measured: %+v", x.measured)
	}
	action(t, x.Pane, "watch")
	look("third")
	look("third")
	if len(x.measured) != 2 {
		t.Error("the watch goes on")
	}
	x.cfg.File = ""
	if r := action(t, x.Pane, "watch"); !strings.Contains(r.Notice, "no file") {
		t.Errorf("watch of no file: %+v", r)
	}
	if r := action(t, x.Pane, "edit-script"); !strings.Contains(r.Notice, "no file") {
		t.Errorf("edit of no file: %+v", r)
	}
}

// TestWatchOtherFiles checks that other files to watch are no change: the modules of a script
// become known while it is measured, and a measurement may be of another script.
func TestWatchOtherFiles(t *testing.T) {
	x := newLoop(t)
	action(t, x.Pane, "watch")
	look := func(gen int, files, stamp string) {
		x.answer(first(x.Update(stampMsg{x.watch.n, gen, files, stamp})))
	}
	for range 3 {
		gen, n := x.gen, len(x.measured)
		look(gen, "", "script")
		look(gen, "m.rhai\n", "script and module")
		look(gen, "m.rhai\n", "script and module")
		look(gen, "m.rhai\n", "script and module")
		if len(x.measured) != n {
			t.Fatal("a module that becomes known is taken for a change")
		}
		x.answer(action(t, x.Pane, "restart"))
		look(gen, "m.rhai\n", "script and module") // asked for before
		look(x.gen, "", "another script")
		look(x.gen, "", "another script")
		if len(x.measured) != n+1 {
			t.Fatal("another measurement is taken for a change")
		}
	}
	n := len(x.measured)
	look(x.gen, "m.rhai\n", "as it is")
	look(x.gen, "m.rhai\n", "changed")
	look(x.gen, "m.rhai\n", "changed")
	if len(x.measured) != n+1 {
		t.Error("a module that changes is not measured")
	}
}

func first(r pane.Request, _ bool) pane.Request { return r }

// TestChoices checks that everything can be chosen on the screen.
func TestChoices(t *testing.T) {
	x := newLoop(t)
	choose := func(text string) (cfg wire.Config, note string) {
		t.Helper()
		r := action(t, x.Pane, "settings")
		c := r.Open.List
		c.Type(text)
		got := r.Open.Take()
		if got.Keep {
			return cfg, c.Note
		}
		x.answer(got)
		return x.measured[len(x.measured)-1], ""
	}
	for text, is := range map[string]func(wire.Config) bool{
		"a strategy=pool": func(c wire.Config) bool { return c.A == wire.Pool }, "b strategy=bound": func(c wire.Config) bool { return c.B == wire.Bound },
		"callers=7": func(c wire.Config) bool { return c.Callers == 7 }, "rate=5k": func(c wire.Config) bool { return c.Rate == 5000 },
		"rounds=12": func(c wire.Config) bool { return c.Rounds == 12 }, "call=f(1)": func(c wire.Config) bool { return c.Call == "f(1)" },
		"optimize=full": func(c wire.Config) bool { return c.Optimize == "full" }, "script=other.rhai": func(c wire.Config) bool { return c.Name == "other.rhai" && c.Script == "2" || c.Script == "opened" },
		"set total=100": func(c wire.Config) bool {
			return slices.Contains(c.Vars, wire.Var{Name: "total", Value: "100"})
		},
		"b max-operations=1000": func(c wire.Config) bool { return c.Settings[1].Limits.Operations == 1000 },
	} {
		if cfg, note := choose(text); note != "" || !is(cfg) {
			t.Errorf("%s: %s, %+v", text, note, cfg)
		}
	}
	for text, want := range map[string]string{
		"a strategy=fast": "unknown strategy", "callers=0": "from 1 to", "rate=x": "calls per second", "set total=eur": "in quotes",
		"nonsense": "want a setting such as", "rounds=x": "a number",
	} {
		if _, note := choose(text); !strings.Contains(note, want) {
			t.Errorf("%s: %q, want %q", text, note, want)
		}
	}
	// What is missing is asked for.
	see(x.Pane, wire.Snapshot{State: wire.Failed, Error: &wire.ScriptError{Message: "Variable not found: qty (line 1, position 1)"}})
	r := action(t, x.Pane, "variables")
	if c := r.Open.List; c.Filter != "set qty=" || !strings.Contains(c.Items[0].Right, "type its value") {
		t.Errorf("missing variable: %q, %+v", c.Filter, c.Items[0])
	}
	r.Open.List.Type("set qty=3")
	x.answer(r.Open.Take())
	if cfg := x.measured[len(x.measured)-1]; !slices.Contains(cfg.Vars, wire.Var{Name: "qty", Value: "3"}) {
		t.Errorf("set: %+v", cfg.Vars)
	}
}
