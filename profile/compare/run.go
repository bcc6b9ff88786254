package compare

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/compare/worker"
)

// RunConfig says what [Run] measures, with packages of one's own. The zero value
// of a field but Script means its default.
type RunConfig struct {
	Strategies [2]wire.Strategy // A and B; default Global and Raw
	Packages   []*engine.Package
	Name       string
	Script     string
	Call       string // see [wire.Config]
	Vars       []wire.Var
	Records    []json.RawMessage
	Callers    int
	Rate       float64
	Optimize   string
	// Settings are how the engines of A and of B are configured, see
	// [wire.Config]; packages are by name out of Packages.
	Settings [2]wire.Settings
	// Configure does to each engine of A and of B what Settings cannot say, after
	// them; nil does nothing. It is called wherever a strategy makes an engine, for
	// Raw and New at each call, by several goroutines at a time, and must do the same
	// to all engines. [Worker] needs it too: functions are not sent to workers.
	Configure [2]func(*engine.Engine)
	Phases    bool
	Processes int
	Rounds    int
	Precision float64
	// OnFrame sees how the measuring goes on; it is called by the goroutine of Run.
	OnSnapshot func(wire.Snapshot)
}

// series makes the configuration of a series.
func (c *RunConfig) series() SeriesConfig {
	return SeriesConfig{
		Config: wire.Config{
			Name: c.Name, Script: c.Script, Vars: c.Vars, A: cmp.Or(c.Strategies[0], wire.Global), B: cmp.Or(c.Strategies[1], wire.Raw),
			Callers: c.Callers, Rounds: c.Rounds, Call: c.Call, Records: c.Records, Rate: c.Rate, Optimize: c.Optimize, Settings: c.Settings, Phases: c.Phases,
		},
		Processes: c.Processes, Precision: c.Precision,
	}
}

// host is what a worker with this configuration brings.
func (c *RunConfig) host() worker.Host {
	return worker.Host{Packages: c.Packages, Configure: c.Configure}
}

// workerVariable is the environment variable by which a worker knows itself.
const workerVariable = "RHAI_TUI_BENCH_WORKER"

// hasWorker is set once [Worker] was called: this program can be its own worker.
var hasWorker atomic.Bool

// Worker makes this program its own worker: main, or TestMain, calls it before
// anything else. In a process that [Run] started it measures with the packages and
// the functions Configure of cfg and never returns; else it returns at once.
func Worker(cfg RunConfig) {
	if os.Getenv(workerVariable) == "" {
		hasWorker.Store(true)
		return
	}
	// What scripts start is no worker.
	_ = os.Unsetenv(workerVariable)
	if err := worker.Main(context.Background(), cfg.host()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Run compares two strategies in fresh processes of this program and returns the
// last snapshot, whose Series has the verdict. A script that fails is no error: the
// snapshot's Error tells it. Without a call of [Worker] before it measures in this
// process: the figures are there, and in place of a verdict the outcome
// not_enough_data with the reason "not isolated".
func Run(ctx context.Context, cfg RunConfig) (wire.Snapshot, error) {
	if !hasWorker.Load() {
		return runHere(ctx, cfg)
	}
	exe, err := os.Executable()
	if err != nil {
		return wire.Snapshot{}, fmt.Errorf("cannot find the program to start the worker: %w", err)
	}
	s := StartSeries(ctx, cfg.series(), func(ctx context.Context, c wire.Config) (*Process, error) {
		return startWith(ctx, exe, nil, append(os.Environ(), workerVariable+"=1"), c)
	})
	defer s.Close()
	for f := range s.Snapshots() {
		if cfg.OnSnapshot != nil {
			cfg.OnSnapshot(f)
		}
		if f.State == wire.Finished || f.State == wire.Failed {
			return f, nil
		}
	}
	if ctx.Err() != nil {
		return wire.Snapshot{}, context.Cause(ctx)
	}
	return wire.Snapshot{}, cmp.Or(s.Close(), errors.New("the workers ended early"))
}

// runHere measures in this process.
func runHere(ctx context.Context, cfg RunConfig) (wire.Snapshot, error) {
	c := cfg.series().Config
	c.Rounds = cmp.Or(min(max(c.Rounds, 0), wire.MaxRounds), stats.DefaultRounds)
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	served := make(chan error, 1)
	go func() {
		err := worker.Serve(ctx, inR, outW, cfg.host())
		outW.CloseWithError(cmp.Or(err, io.EOF))
		served <- err
	}()
	defer func() {
		inW.Close()
		outR.Close()
		<-served
	}()
	if err := json.NewEncoder(inW).Encode(c); err != nil {
		return wire.Snapshot{}, cmp.Or(context.Cause(ctx), err)
	}
	dec := json.NewDecoder(outR)
	for {
		var f wire.Snapshot
		if err := dec.Decode(&f); err != nil {
			return wire.Snapshot{}, cmp.Or(context.Cause(ctx), err)
		}
		v := stats.Judge([][]stats.Round{f.Raw})
		v.Outcome, v.Reason = stats.NotEnoughData, "not isolated: the program does not call compare.Worker, so that everything was measured in its own process"
		if f.Difference != "" {
			v = v.Differing(f.Difference)
		}
		result := wire.Result{PID: f.PID, WarmUp: f.WarmUp, Rounds: f.Raw, A: f.A, B: f.B}
		f.Series = &wire.Progress{
			Process: 1, Processes: 1, Round: f.Rounds, Rounds: c.Rounds, Verdict: v, Failures: []wire.Failure{}, Results: []wire.Result{result},
			Overhead: overhead([]wire.Result{result}),
		}
		if cfg.OnSnapshot != nil {
			cfg.OnSnapshot(f)
		}
		if f.State == wire.Finished || f.State == wire.Failed {
			return f, nil
		}
	}
}
