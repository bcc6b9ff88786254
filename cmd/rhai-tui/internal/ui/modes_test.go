package ui

import (
	"context"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/comparepane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// starts is a tester whose measurements are recorded.
func starts(t *testing.T, with ...func(*Options)) (x *tester, started *[]wire.Config) {
	started = &[]wire.Config{}
	opts := testOptions()
	for _, set := range with {
		set(&opts)
	}
	opts.Start = func(_ context.Context, cfg wire.Config) (compare.Measurement, error) {
		*started = append(*started, cfg)
		return newFakeRun(), nil
	}
	x = newTester(t, opts)
	x.attach()
	x.snapshot(testSnapshot())
	return x, started
}

// go on with what a key started.
func (x *tester) follow(keys ...string) {
	for _, c := range batch(x.press(keys...)) {
		if msg, ok := c().(comparepane.StartedMsg); ok {
			x.update(msg)
		}
	}
}

func TestSameStrategy(t *testing.T) {
	x, started := starts(t)
	x.follow("a")
	f := testSnapshot()
	f.B.Strategy = wire.Global
	x.snapshot(f)
	x.follow("a")
	if s := *started; len(s) != 2 || s[0].A != wire.Global || s[0].B != wire.Global || s[1].A != wire.Global || s[1].B != wire.Raw {
		t.Errorf("started: %+v", s)
	}
}

func TestMode(t *testing.T) {
	x, started := starts(t)
	x.follow("m")
	x.follow("m")
	if s := *started; len(s) != 2 || s[0].Rate != 150e3 || s[1].Rate != 0 {
		t.Errorf("started: %+v", s)
	}
	x = newTester(t, testOptions())
	x.attach()
	x.press("m")
	if !strings.Contains(x.m.notice, "rate") {
		t.Errorf("notice: %s", x.m.notice)
	}
}

// TestSweep measures with several numbers of callers and then as before.
func TestSweep(t *testing.T) {
	x, started := starts(t)
	x.follow("w")
	want := pending(x)
	if len(want) < 2 {
		t.Fatalf("pending: %v", want)
	}
	x.follow("a")
	if !strings.Contains(x.m.notice, "sweep") {
		t.Errorf("notice: %s", x.m.notice)
	}
	for _, n := range want {
		f := endedSnapshot(stats.NotEnoughData, 1, 0, 0)
		f.Callers = n
		for _, c := range batch(x.update(comparepane.SnapshotMsg{Gen: x.m.compare.Gen(), Snapshot: f})) {
			if msg, ok := c().(comparepane.StartedMsg); ok {
				x.update(msg)
			}
		}
	}
	left, points := x.m.compare.Sweep()
	if len(left) != 0 || len(points[0]) != len(want) || len(points[1]) != len(want) || len(*started) != len(want)+1 {
		t.Errorf("left %v, points %v, started %d", left, points, len(*started))
	}
	if last := (*started)[len(want)]; last.Duration != 0 || last.Callers != 1 {
		t.Errorf("afterwards: %+v", last)
	}
}

// TestSweepEnds ends a sweep by r and by a script that fails.
func TestSweepEnds(t *testing.T) {
	x, started := starts(t)
	x.follow("w")
	x.follow("r")
	if s := *started; len(s) != 2 || s[1].Duration != 0 || len(pending(x)) != 0 {
		t.Errorf("started: %+v", s)
	}
	x.snapshot(testSnapshot())
	x.follow("w")
	x.snapshot(wire.Snapshot{State: wire.Failed, Error: &wire.ScriptError{Message: "no"}})
	if len(pending(x)) != 0 {
		t.Error("the sweep goes on")
	}
}
