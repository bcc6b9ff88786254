package worker

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// testPackages are what test scripts may call: print, and counter, whose result
// is another one each time.
func testPackages() []*engine.Package {
	var n atomic.Int64
	return []*engine.Package{engine.NewPackage("test", func(m *engine.Module) {
		m.Add(&engine.Func{Name: "print", Params: nil, Fn: func(c *engine.CallContext, _ []engine.Dynamic) (engine.Dynamic, error) {
			c.Print("")
			return engine.Dynamic{}, nil
		}})
		m.Func("print_text", func(c *engine.CallContext, text string) { c.Print(text) })
		m.Func("vat", func(net float64) float64 { return net * 0.19 }) // of ExampleRun
		m.Func("counter", func() int64 { return n.Add(1) })
	})}
}

// line is a worker in this process.
type line struct {
	t         *testing.T
	in        *io.PipeWriter
	enc       *json.Encoder
	snapshots chan wire.Snapshot
	done      chan error
}

// serveLine starts a worker that ends with the test.
func serveLine(t *testing.T, cfg wire.Config, limit time.Duration) *line {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	l := &line{t: t, in: inW, enc: json.NewEncoder(inW), snapshots: make(chan wire.Snapshot), done: make(chan error, 1)}
	go func() {
		err := serve(context.Background(), inR, outW, Host{Packages: testPackages()}, limit)
		outW.Close()
		l.done <- err
	}()
	go func() {
		defer close(l.snapshots)
		dec := json.NewDecoder(outR)
		for {
			var f wire.Snapshot
			if dec.Decode(&f) != nil {
				return
			}
			l.snapshots <- f
		}
	}()
	t.Cleanup(func() {
		inW.Close()
		for range l.snapshots {
		}
	})
	if err := l.enc.Encode(cfg); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *line) send(c wire.Command) {
	l.t.Helper()
	if err := l.enc.Encode(c); err != nil {
		l.t.Fatal(err)
	}
}

// until reads snapshots until one is as wanted.
func (l *line) until(what string, ok func(wire.Snapshot) bool) wire.Snapshot {
	l.t.Helper()
	late := time.After(time.Minute)
	var last wire.Snapshot
	for {
		select {
		case f, open := <-l.snapshots:
			if !open {
				l.t.Fatalf("the worker ended before %s; last snapshot: %+v", what, last)
			}
			last = f
			if ok(f) {
				return f
			}
		case <-late:
			l.t.Fatalf("no snapshot with %s; last one: %+v", what, last)
		}
	}
}

func (l *line) untilState(s wire.State) wire.Snapshot {
	l.t.Helper()
	return l.until("state "+string(s), func(f wire.Snapshot) bool { return f.State == s })
}

// stop ends the worker and checks that it ends well.
func (l *line) stop() {
	l.t.Helper()
	l.send(wire.Command{Kind: wire.Stop})
	for range l.snapshots {
	}
	if err := <-l.done; err != nil {
		l.t.Errorf("serve: %v", err)
	}
}

const limitless = time.Minute

const sumScript = `let sum = start; for i in 0..100 { sum += i; } print_text("sum"); sum`

func sumConfig() wire.Config {
	return wire.Config{
		Name: "sum", Script: sumScript, Vars: []wire.Var{{Name: "start", Value: "7"}},
		Duration: 30 * time.Millisecond, Interval: 20 * time.Millisecond,
	}
}

func TestServe(t *testing.T) {
	l := serveLine(t, sumConfig(), limitless)
	f := l.untilState(wire.Finished)
	if f.Name != "sum" || f.PID != os.Getpid() || f.Callers != 1 || f.Rounds < 1 || f.Batch < 1 || f.Elapsed < 30*time.Millisecond {
		t.Errorf("head: %+v", f)
	}
	if f.A.Strategy != wire.Global || f.B.Strategy != wire.Raw {
		t.Errorf("sides: %s, %s", f.A.Strategy, f.B.Strategy)
	}
	if !(f.Low > 0 && f.Low <= f.Ratio && f.Ratio <= f.High) {
		t.Errorf("ratio: %v %v %v", f.Low, f.Ratio, f.High)
	}
	if !f.Same || f.Difference != "" || f.Error != nil || f.Value != "4957" {
		t.Errorf("same %v, difference %q, error %v, value %s", f.Same, f.Difference, f.Error, f.Value)
	}
	if f.Output.Text != "sum\n" || f.Output.Bytes != 4 || len(f.Output.Hash) != 64 {
		t.Errorf("output: %+v", f.Output)
	}
	for _, s := range []wire.Side{f.A, f.B} {
		if s.Calls == 0 || s.Throughput <= 0 || s.OpsPerCall == 0 || s.Mean <= 0 || s.P50 <= 0 {
			t.Errorf("side: %+v", s)
		}
		if s.AllocsPerOp < 0 || s.AllocsPerOp > 100 || s.BytesPerOp < s.AllocsPerOp {
			t.Errorf("%s: %v allocations of %v bytes", s.Strategy, s.AllocsPerOp, s.BytesPerOp)
		}
		if len(s.Spark) != min(f.Rounds, sparkLength) {
			t.Errorf("%s: %d points in the sparkline, %d rounds", s.Strategy, len(s.Spark), f.Rounds)
		}
	}
	if f.A.OpsPerCall != f.B.OpsPerCall {
		t.Errorf("operations: %d, %d", f.A.OpsPerCall, f.B.OpsPerCall)
	}
	l.stop()
}

// TestServeFreshScope checks that no call sees what another one did, with values
// that are shared until they are written.
func TestServeFreshScope(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = `state.n += 1; state.list[0] += 1; [state.n, state.list[0]]`
	cfg.Vars = []wire.Var{{Name: "state", Value: `{"n": 0, "list": [10]}`}}
	cfg.Callers = 3
	l := serveLine(t, cfg, limitless)
	if f := l.untilState(wire.Finished); f.Value != "[1, 11]" || !f.Same || f.Callers != 3 {
		t.Errorf("value %s, same %v (%s), callers %d", f.Value, f.Same, f.Difference, f.Callers)
	}
	l.stop()
}

func TestServeConstant(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "start = 1"
	cfg.Vars[0].Const = true
	l := serveLine(t, cfg, limitless)
	if f := l.untilState(wire.Failed); f.Error == nil || f.Error.Kind != "ErrorAssignmentToConstant" {
		t.Errorf("error: %+v", f.Error)
	}
	l.stop()
}

func TestServeScriptFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		script string
		want   wire.ScriptError
	}{
		{"syntax", "let a = 1;\nlet b = ;", wire.ScriptError{Kind: "ErrorParsing", Line: 2, Column: 9, Source: "let b = ;", Script: "sum"}},
		{"runtime", "1;\n  2 / 0", wire.ScriptError{Kind: "ErrorArithmetic", Line: 2, Column: 5, Source: "  2 / 0", Script: "sum"}},
		{"function", "fn f(x) {\n    x / 0\n}\nf(1)", wire.ScriptError{Kind: "ErrorArithmetic", Line: 2, Column: 7, Source: "    x / 0", Script: "sum"}},
		{"variable", "", wire.ScriptError{Kind: "ErrorSystem"}},
		{"strategy", "", wire.ScriptError{Kind: "ErrorSystem"}},
		{"level", "", wire.ScriptError{Kind: "ErrorSystem"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := sumConfig()
			cfg.Script = c.script
			switch c.name {
			case "variable":
				cfg.Vars = []wire.Var{{Name: "v", Value: "{"}}
			case "strategy":
				cfg.B = "other"
			case "level":
				cfg.Optimize = "most"
			}
			l := serveLine(t, cfg, limitless)
			f := l.untilState(wire.Failed)
			if f.Error == nil || f.Error.Message == "" {
				t.Fatalf("error: %+v", f.Error)
			}
			f.Error.Message = ""
			if *f.Error != c.want {
				t.Errorf("error = %+v, want %+v", *f.Error, c.want)
			}
			good := sumConfig()
			l.send(wire.Command{Kind: wire.Restart, Config: &good})
			if f := l.untilState(wire.Finished); f.Error != nil || f.Value != "4957" {
				t.Errorf("after a restart: error %+v, value %s", f.Error, f.Value)
			}
			l.stop()
		})
	}
}

func TestServeCallTooLong(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "loop {}"
	l := serveLine(t, cfg, 50*time.Millisecond)
	f := l.untilState(wire.Failed)
	if f.Error == nil || f.Error.Kind != "ErrorTerminated" || !strings.Contains(f.Error.Message, "call takes longer than 50ms") {
		t.Errorf("error: %+v", f.Error)
	}
	l.stop()
}

// TestServeHangs checks that commands reach a worker whose script never ends.
func TestServeHangs(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "loop {}"
	l := serveLine(t, cfg, time.Hour)
	l.untilState(wire.WarmingUp)
	l.send(wire.Command{Kind: wire.Pause})
	l.untilState(wire.Paused)
	l.send(wire.Command{Kind: wire.Resume})
	l.untilState(wire.WarmingUp)
	good := sumConfig()
	l.send(wire.Command{Kind: wire.Restart, Config: &good})
	l.untilState(wire.Finished)
	l.stop()
}

func TestServeCommands(t *testing.T) {
	cfg := sumConfig()
	cfg.Duration = 0
	l := serveLine(t, cfg, limitless)
	l.until("a round", func(f wire.Snapshot) bool { return f.State == wire.Running && f.Rounds > 0 })
	l.send(wire.Command{Kind: wire.Pause})
	paused := l.untilState(wire.Paused)
	l.send(wire.Command{Kind: wire.Resume})
	l.until("more rounds", func(f wire.Snapshot) bool { return f.State == wire.Running && f.Rounds > paused.Rounds })
	l.send(wire.Command{Kind: wire.SetCallers, Callers: 2})
	f := l.until("two callers", func(f wire.Snapshot) bool { return f.Callers == 2 && f.Rounds > 0 })
	if f.State != wire.Running || !f.Same {
		t.Errorf("with two callers: %s, same %v", f.State, f.Same)
	}
	l.send(wire.Command{Kind: wire.SetCallers, Callers: -5})
	l.until("one caller", func(f wire.Snapshot) bool { return f.Callers == 1 && f.Rounds > 0 })
	// A script that never ends shows what is left of the one before: nothing.
	other := wire.Config{Name: "other", Script: "loop {}"}
	l.send(wire.Command{Kind: wire.Restart, Config: &other})
	f = l.until("the other script", func(f wire.Snapshot) bool { return f.Name == "other" })
	if f.State != wire.WarmingUp || f.Rounds != 0 || f.Ratio != 0 || f.A.P50 != -1 || f.A.Calls != 0 || f.Value != "" || f.Callers != 1 {
		t.Errorf("after a restart: %+v", f)
	}
	l.stop()
}

func TestServeDifferences(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"value":      {"counter()", "gives"},
		"output":     {"print_text(`${counter()}`); 1", "print different texts"},
		"operations": {"for i in 0..counter() % 7 { } 1", "operations"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := sumConfig()
			cfg.Script = c.script
			l := serveLine(t, cfg, limitless)
			f := l.until("a difference", func(f wire.Snapshot) bool { return f.State == wire.Finished || f.State == wire.Failed })
			if f.Same || !strings.Contains(f.Difference, c.want) {
				t.Errorf("same %v, difference %q, want one with %q; error %+v", f.Same, f.Difference, c.want, f.Error)
			}
			l.stop()
		})
	}
}

func TestServeCapture(t *testing.T) {
	cfg := sumConfig()
	cfg.Duration = 0
	cfg.Callers = 2
	l := serveLine(t, cfg, limitless)
	dir := filepath.Join(t.TempDir(), "new")
	l.send(wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Duration: 200 * time.Millisecond, Dir: dir}})
	f := l.until("a profile", func(f wire.Snapshot) bool { return f.Profile != nil })
	p := f.Profile
	if p.Error != "" || !slices.Equal(p.Strategies, []wire.Strategy{wire.Global, wire.Raw}) || p.Duration <= 0 {
		t.Fatalf("profile: %+v", p)
	}
	var types []string
	for _, file := range p.Files {
		types = append(types, file.Type)
		if _, err := os.Stat(file.Path); err != nil || filepath.Dir(file.Path) != dir {
			t.Errorf("%s: %v", file.Path, err)
		}
		if len(file.Top) > topLines {
			t.Errorf("%s: %d functions", file.Type, len(file.Top))
		}
	}
	if !slices.Equal(types, []string{"script", "cpu", "allocs", "mutex", "block", "heap", "goroutine", "trace"}) {
		t.Errorf("files: %v", types)
	}
	// On a busy machine there may be few samples.
	for _, line := range p.Files[0].Top {
		for s, v := range line.By {
			if s != wire.Global && s != wire.Raw || v > line.Flat {
				t.Errorf("%s: %d of %d for %q", line.Function, v, line.Flat, s)
			}
		}
		if strings.Contains(line.Function, "goprof.snapshots") {
			t.Error("the recording is in its own profile")
		}
	}
	l.until("more rounds", func(g wire.Snapshot) bool { return g.State == wire.Running && g.Rounds > f.Rounds && g.Profile != nil })

	file := filepath.Join(dir, "cpu.pb.gz")
	l.send(wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Strategies: []wire.Strategy{wire.Raw}, Dir: filepath.Join(file, "below")}})
	f = l.until("a failed capture", func(f wire.Snapshot) bool { return f.Profile != nil && f.Profile.Error != "" })
	if !strings.Contains(f.Profile.Error, "directory") {
		t.Errorf("error: %s", f.Profile.Error)
	}
	l.until("rounds after it", func(g wire.Snapshot) bool { return g.State == wire.Running && g.Rounds > f.Rounds })
	l.stop()
}

func TestServeCaptureOfFailure(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "1 / 0"
	l := serveLine(t, cfg, limitless)
	l.untilState(wire.Failed)
	l.send(wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Dir: t.TempDir()}})
	if f := l.until("a profile", func(f wire.Snapshot) bool { return f.Profile != nil }); f.Profile.Error == "" || f.State != wire.Failed {
		t.Errorf("state %s, profile %+v", f.State, f.Profile)
	}
	l.stop()
}

func TestServeInputEnds(t *testing.T) {
	l := serveLine(t, sumConfig(), limitless)
	l.until("anything", func(wire.Snapshot) bool { return true })
	l.in.Close()
	for range l.snapshots {
	}
	if err := <-l.done; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestServeBadInput(t *testing.T) {
	if err := Serve(t.Context(), strings.NewReader("nonsense"), io.Discard, Host{}); err == nil {
		t.Error("no error for a configuration that is none")
	}
	l := serveLine(t, sumConfig(), limitless)
	if _, err := io.WriteString(l.in, "nonsense\n"); err != nil {
		t.Fatal(err)
	}
	for range l.snapshots {
	}
	if err := <-l.done; err == nil {
		t.Error("no error for a command that is none")
	}
}

func TestServeContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	inR, inW := io.Pipe()
	defer inW.Close()
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, inR, io.Discard, Host{Packages: testPackages()}) }()
	if err := json.NewEncoder(inW).Encode(sumConfig()); err != nil {
		t.Fatal(err)
	}
	why := errors.New("why")
	cancel(why)
	if err := <-done; !errors.Is(err, why) {
		t.Errorf("serve: %v, want the cause", err)
	}
}

// brokenWriter fails.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestServeOutputFails(t *testing.T) {
	inR, inW := io.Pipe()
	defer inW.Close()
	done := make(chan error, 1)
	go func() { done <- Serve(t.Context(), inR, brokenWriter{}, Host{Packages: testPackages()}) }()
	if err := json.NewEncoder(inW).Encode(sumConfig()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("serve: %v", err)
	}
}
