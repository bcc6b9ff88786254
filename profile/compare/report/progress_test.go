package report

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestProgressText(t *testing.T) {
	f := measuredSnapshot()
	f.State, f.Series.Process, f.Series.Round = wire.Running, 3, 12
	if got := ProgressText(f); got != "[#########...........] process 3 of 5, round 12 of 30  1.420x [1.400, 1.450]" {
		t.Errorf("progress: %s", got)
	}
	f.State, f.Series.Rounds, f.Series.Verdict.Low = wire.WarmingUp, 0, 0
	if got := ProgressText(f); got != "[########............] process 3 of 5, round 12, warming up  1.42x" {
		t.Errorf("progress: %s", got)
	}
	if got := ProgressText(wire.Snapshot{State: wire.Starting}); got != "starting" {
		t.Errorf("progress: %s", got)
	}
}
