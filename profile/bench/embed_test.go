//go:build !windows

package bench

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func runConfig() RunConfig {
	return RunConfig{
		Packages: testPackages(), Name: "sum", Script: sumScript, Vars: []Var{{Name: "start", Value: "7"}},
		Processes: LeastProcesses, Rounds: LeastRounds, Precision: -1,
	}
}

// TestRun measures with this test binary as its own worker: see TestMain.
func TestRun(t *testing.T) {
	cfg := runConfig()
	cfg.Strategies = [2]Strategy{Pool, New}
	frames := 0
	cfg.OnFrame = func(Frame) { frames++ }
	f, err := Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	v := f.Series.Verdict
	if f.PID == os.Getpid() || f.Value != "4957" || v.Processes != LeastProcesses || f.A.Strategy != Pool || f.B.Strategy != New || frames == 0 {
		t.Errorf("frame: %+v, verdict %+v", f, v)
	}
	if strings.Contains(v.Reason, "isolated") {
		t.Errorf("reason: %s", v.Reason)
	}
	cfg.Script = "1 / 0"
	if f, err := Run(t.Context(), cfg); err != nil || f.Error == nil || f.Error.Kind != "ErrorArithmetic" {
		t.Errorf("a script that fails: %+v, %v", f.Error, err)
	}
}

func TestRunCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("why")
	cfg := runConfig()
	cfg.Script = "loop {}"
	cfg.OnFrame = func(Frame) { cancel(why) }
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
