//go:build !windows

package compare

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func runConfig() RunConfig {
	return RunConfig{
		Packages: testPackages(), Name: "sum", Script: sumScript, Vars: []wire.Var{{Name: "start", Value: "7"}},
		Processes: stats.LeastProcesses, Rounds: stats.LeastRounds, Precision: -1,
	}
}

// TestRun measures with this test binary as its own worker: see TestMain.
func TestRun(t *testing.T) {
	cfg := runConfig()
	cfg.Strategies = [2]wire.Strategy{wire.Pool, wire.New}
	snapshots := 0
	cfg.OnSnapshot = func(wire.Snapshot) { snapshots++ }
	f, err := Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	v := f.Series.Verdict
	if f.PID == os.Getpid() || f.Value != "4957" || v.Processes != stats.LeastProcesses || f.A.Strategy != wire.Pool || f.B.Strategy != wire.New || snapshots == 0 {
		t.Errorf("snapshot: %+v, verdict %+v", f, v)
	}
	if strings.Contains(v.Reason, "isolated") {
		t.Errorf("reason: %s", v.Reason)
	}
	cfg.Script = "1 / 0"
	if f, err := Run(t.Context(), cfg); err != nil || f.Error == nil || f.Error.Kind != "ErrorArithmetic" {
		t.Errorf("a script that fails: %+v, %v", f.Error, err)
	}
}

// configureVariable makes this test binary configure engines of B, also as its own
// worker.
const configureVariable = "RHAI_TUI_TEST_CONFIGURE"

func testConfigure() (out [2]func(*engine.Engine)) {
	if os.Getenv(configureVariable) != "" {
		out[1] = func(e *engine.Engine) { e.OnPrint(func(context.Context, string) {}) }
	}
	return out
}

// TestRunSettings checks that settings and functions reach the worker.
func TestRunSettings(t *testing.T) {
	t.Setenv(configureVariable, "1")
	cfg := runConfig()
	cfg.Strategies, cfg.Processes, cfg.Rounds = [2]wire.Strategy{wire.Global, wire.Global}, 1, 1
	cfg.Settings[1] = wire.Settings{Limits: engine.Limits{Operations: 1e6}}
	cfg.Configure = testConfigure()
	f, err := Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := wire.Differences(f.Parity)
	if f.PID == os.Getpid() || len(d) != 2 || d[0].What != "print handler" || !strings.Contains(d[0].B, "testConfigure") || d[1] != (wire.Parity{What: "limits", A: "default", B: "1000000 ops"}) {
		t.Errorf("differences: %+v", d)
	}
	if r := f.Series.Results[0]; r.B.Label != "global-B" || f.B.Label != "global-B" || !f.B.Settings.Equal(cfg.Settings[1]) {
		t.Errorf("labels %s, %s, settings %+v", r.B.Label, f.B.Label, f.B.Settings)
	}
}

func TestRunCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("why")
	cfg := runConfig()
	cfg.Script = "loop {}"
	cfg.OnSnapshot = func(wire.Snapshot) { cancel(why) }
	if _, err := Run(ctx, cfg); !errors.Is(err, why) {
		t.Errorf("error: %v", err)
	}
}

// TestRunNotIsolated checks what a program gets that is not its own worker.
func TestRunNotIsolated(t *testing.T) {
	out, err := exec.Command(os.Args[0], modeHere).CombinedOutput()
	if got := string(out); err != nil || !strings.HasPrefix(got, "true 4957 5 not_enough_data not isolated: ") {
		t.Errorf("%s, %v", got, err)
	}
}
