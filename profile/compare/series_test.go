//go:build !windows

package compare

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// seriesConfig measures fast.
func seriesConfig() SeriesConfig {
	cfg := sumConfig()
	cfg.Duration = 0
	cfg.Rounds = stats.LeastRounds
	return SeriesConfig{Config: cfg, Processes: stats.LeastProcesses, Precision: -1}
}

// startSeries starts a series of test workers; modes are those of the workers,
// the last one for all that follow.
func startSeries(t *testing.T, cfg SeriesConfig, modes ...string) *Series {
	t.Helper()
	n := 0
	s := StartSeries(t.Context(), cfg, func(ctx context.Context, cfg wire.Config) (*Process, error) {
		mode := modes[min(n, len(modes)-1)]
		n++
		return Start(ctx, os.Args[0], []string{mode}, cfg)
	})
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// untilEnded takes snapshots until the series is complete.
func untilEnded(t *testing.T, s *Series, each func(wire.Snapshot)) wire.Snapshot {
	t.Helper()
	late := time.After(2 * time.Minute)
	for {
		select {
		case f, open := <-s.Snapshots():
			if !open {
				t.Fatalf("the series ended: %v", s.Err())
			}
			if each != nil {
				each(f)
			}
			if f.State == wire.Finished || f.State == wire.Failed {
				return f
			}
		case <-late:
			t.Fatal("the series does not end")
		}
	}
}

func TestSeries(t *testing.T) {
	s := startSeries(t, seriesConfig(), modeServe)
	pids := map[int]bool{}
	f := untilEnded(t, s, func(f wire.Snapshot) {
		if p := f.Series; p == nil || p.Process < 1 || p.Process > p.Processes || p.Round > p.Rounds {
			t.Errorf("progress: %+v", p)
		}
	})
	p := f.Series
	if len(p.Results) != stats.LeastProcesses || len(p.Failures) != 0 || !strings.Contains(p.Ended, "maximum of 5") {
		t.Fatalf("progress: %+v", p)
	}
	for _, r := range p.Results {
		pids[r.PID] = true
		if len(r.Rounds) != stats.LeastRounds || r.A.P50 <= 0 || r.WarmUp.Time <= 0 {
			t.Errorf("result: %+v", r)
		}
	}
	if len(pids) != stats.LeastProcesses || pids[os.Getpid()] {
		t.Errorf("processes: %v", pids)
	}
	v := p.Verdict
	if v.Processes != stats.LeastProcesses || v.Rounds != stats.LeastProcesses*stats.LeastRounds || v.Ratio <= 0 || v.Low > v.Ratio || v.High < v.Ratio || v.Noise <= 0 {
		t.Errorf("verdict: %+v", v)
	}
	if f.Rounds != v.Rounds || f.Value != "4957" || !f.Same || f.A.Calls == 0 || f.A.P50 <= 0 || len(p.Tails) == 0 {
		t.Errorf("snapshot: %+v", f)
	}
	if len(f.Parity) != 5 || !f.Parity[0].Same() || f.Parity[0].A != "test" {
		t.Errorf("parity: %+v", f.Parity)
	}
	// The last worker is there for captures.
	if err := s.Send(wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Duration: 50 * time.Millisecond, Dir: t.TempDir()}}); err != nil {
		t.Fatal(err)
	}
	for f := range s.Snapshots() {
		if f.Profile != nil {
			if f.Profile.Error != "" || f.Series.Verdict != v {
				t.Errorf("after a capture: %+v, %+v", f.Profile, f.Series.Verdict)
			}
			break
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Send(wire.Command{Kind: wire.Pause}); err == nil {
		t.Error("a series that has ended takes commands")
	}
}

// TestSeriesPrecise checks that a narrow interval ends a series.
func TestSeriesPrecise(t *testing.T) {
	manyProcesses(t)
	cfg := seriesConfig()
	cfg.Precision, cfg.Processes = 1e6, 50
	if f := untilEnded(t, startSeries(t, cfg, modeServe), nil); len(f.Series.Results) != stats.LeastProcesses || !strings.Contains(f.Series.Ended, "interval reached") {
		t.Errorf("%d processes, ended: %s", len(f.Series.Results), f.Series.Ended)
	}
}

// TestSeriesWorkerDies checks that a worker that dies takes nothing along.
func TestSeriesWorkerDies(t *testing.T) {
	manyProcesses(t)
	cfg := seriesConfig()
	cfg.Processes = stats.LeastProcesses + 1
	f := untilEnded(t, startSeries(t, cfg, modeServe, modeDie, modeServe), nil)
	p := f.Series
	if len(p.Results) != stats.LeastProcesses || len(p.Failures) != 1 || p.Failures[0].Process != 2 || !strings.Contains(p.Failures[0].Error, "cannot go on") {
		t.Errorf("progress: %+v", p)
	}
	if p.Verdict.Processes != stats.LeastProcesses || p.Verdict.Ratio <= 0 {
		t.Errorf("verdict: %+v", p.Verdict)
	}
}

func TestSeriesWorkerKilled(t *testing.T) {
	cfg := seriesConfig()
	cfg.Rounds = wire.MaxRounds
	cfg.Processes = 1
	s := startSeries(t, cfg, modeServe)
	killed := false
	f := untilEnded(t, s, func(f wire.Snapshot) {
		if f.Series.Round > 0 && !killed {
			killed = true
			p, err := os.FindProcess(s.PID())
			if err == nil {
				err = p.Kill()
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	if len(f.Series.Failures) != 1 || !strings.Contains(f.Series.Failures[0].Error, "killed") || f.Series.Verdict.Outcome != stats.NotEnoughData {
		t.Errorf("progress: %+v", f.Series)
	}
}

// TestSeriesWorkerHangs checks that a worker that shows nothing is given up.
func TestSeriesWorkerHangs(t *testing.T) {
	cfg := seriesConfig()
	cfg.Processes, cfg.Silence = 2, 5*time.Second
	f := untilEnded(t, startSeries(t, cfg, modeDeaf, modeServe), nil)
	if p := f.Series; len(p.Results) != 1 || len(p.Failures) != 1 || !strings.Contains(p.Failures[0].Error, "hung") {
		t.Errorf("progress: %+v", p)
	}
}

// TestSeriesOnlyFailures checks that workers that all die end the series.
func TestSeriesOnlyFailures(t *testing.T) {
	s := startSeries(t, seriesConfig(), modeDie)
	for range s.Snapshots() {
	}
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "3 workers failed") {
		t.Errorf("error: %v", err)
	}
}

func TestSeriesScriptFails(t *testing.T) {
	for name, c := range map[string]struct{ script, kind string }{
		"at once":             {"1 / 0", "ErrorArithmetic"},
		"every 1,000th call":  {"if counter() % 1000 == 0 { throw 1 }; 5", "ErrorRuntime"},
		"it does not compile": {"let", "ErrorParsing"},
	} {
		cfg := seriesConfig()
		cfg.Script = c.script
		f := untilEnded(t, startSeries(t, cfg, modeServe), nil)
		if f.State != wire.Failed || f.Error == nil || f.Error.Kind != c.kind || f.Series.Verdict.Outcome != stats.NotEnoughData || !strings.Contains(f.Series.Verdict.Reason, "script failed") {
			t.Errorf("%s: state %s, error %+v, verdict %+v", name, f.State, f.Error, f.Series.Verdict)
		}
	}
}

func TestSeriesDiffers(t *testing.T) {
	cfg := seriesConfig()
	cfg.Script = "counter()"
	f := untilEnded(t, startSeries(t, cfg, modeServe), nil)
	if v := f.Series.Verdict; f.Same || v.Outcome != stats.ResultsDiffer || !strings.Contains(v.Reason, "gives") {
		t.Errorf("verdict: %+v", v)
	}
}

// TestSeriesAgain checks that restarting forgets what was measured, and that a
// pause lasts.
func TestSeriesAgain(t *testing.T) {
	cfg := seriesConfig()
	cfg.Processes, cfg.Rounds = 1, wire.MaxRounds
	s := startSeries(t, cfg, modeServe)
	for f := range s.Snapshots() {
		if f.Series.Round > 0 {
			break
		}
	}
	for _, c := range []wire.Command{{Kind: wire.Pause}, {Kind: wire.SetCallers, Callers: 2}, {Kind: wire.Resume}} {
		if err := s.Send(c); err != nil {
			t.Fatal(err)
		}
	}
	for f := range s.Snapshots() {
		if f.Callers == 2 && f.Series.Round > 0 {
			break
		}
	}
	other := sumConfig()
	other.Name, other.Rounds, other.Duration = "other", stats.LeastRounds, 0
	if err := s.Send(wire.Command{Kind: wire.Restart, Config: &other}); err != nil {
		t.Fatal(err)
	}
	if f := untilEnded(t, s, nil); f.Name != "other" || f.Callers != 1 || f.Series.Verdict.Rounds != stats.LeastRounds {
		t.Errorf("after a restart: %s, %d callers, %+v", f.Name, f.Callers, f.Series.Verdict)
	}
}

// manyProcesses skips a test of many processes: a race would not be in them.
func manyProcesses(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("many processes")
	}
}
