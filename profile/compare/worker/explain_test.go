package worker

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestServePhases(t *testing.T) {
	for _, s := range wire.Strategies {
		cfg := sumConfig()
		cfg.B, cfg.Phases, cfg.Duration, cfg.Rounds = s, true, 0, 1
		cfg = callable(cfg)
		l := serveLine(t, cfg, limitless)
		f := l.untilState(wire.Finished)
		for _, side := range []wire.Side{f.A, f.B} {
			if len(side.Phases) != len(wire.PhaseNames) {
				t.Errorf("%s: phases %v", side.Strategy, side.Phases)
			}
		}
		l.stop()
	}
}

// TestContended checks that a lock is found by the function that holds it, and
// that there is none without contention.
func TestContended(t *testing.T) {
	var mu sync.Mutex
	pkgs := []*engine.Package{engine.NewPackage("lock", func(m *engine.Module) {
		m.Func("wait", func() int64 { return holdLock(&mu) })
	})}
	for script, want := range map[string]string{"wait()": "worker.holdLock", "1": ""} {
		cfg := wire.Config{Script: script}
		c, err := newSetup(wire.Settings{}, &Host{Packages: pkgs}, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWorkload(cfg.ScriptOf(0), c, [][]variable{nil}, false)
		if err != nil {
			t.Fatal(err)
		}
		m := &measurement{callerCount: 4, callLimit: time.Minute, batch: 10, callers: startCallers(4)}
		defer m.close()
		for i, s := range []wire.Strategy{wire.Global, wire.Raw} {
			if m.sides[i], err = newSide(s, c, w, 4); err != nil {
				t.Fatal(err)
			}
			// Rounds before have linked the script: callers that do it at the same
			// time wait for one another.
			if _, _, err := m.sides[i].call(t.Context(), 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		got, err := m.contended(t.Context(), 0)
		if err != nil || want != "" && !strings.HasSuffix(got, want) && !strings.Contains(got, "TestContended") {
			t.Errorf("%s: %q, %v, want %q", script, got, err, want)
		}
		if want == "" && got != "" && !strings.HasPrefix(got, "runtime.") {
			t.Errorf("%s: contention in %q", script, got)
		}
	}
}

//go:noinline
func holdLock(mu *sync.Mutex) int64 {
	mu.Lock()
	time.Sleep(100 * time.Microsecond)
	mu.Unlock()
	return 1
}

// TestCounters checks what is made of the runtime's counts.
func TestCounters(t *testing.T) {
	c := newCounters()
	before := c.read()
	ast, err := engine.NewRaw().Compile("let a = []; for i in 0..1000 { a.push([i]) } 1")
	if err == nil {
		_, _ = engine.NewRaw().Run(context.Background(), nil, ast)
	}
	var none, all counted
	if none.pause99() != -1 || none.gcShare() != -1 {
		t.Error("figures of nothing")
	}
	all.add(before, c.read())
	some := counted{gc: 1, gcCPU: 1, allCPU: 4, pauses: []uint64{99, 1, 0}, bounds: []float64{0, 1e-6, 2e-6, math.Inf(1)}}
	if some.pause99() != 1000 || some.gcShare() != 0.25 {
		t.Errorf("pause %v, share %v", some.pause99(), some.gcShare())
	}
	some.merge(counted{pauses: []uint64{0, 0, 50}, bounds: some.bounds})
	if some.pause99() != 2000 {
		t.Errorf("pause %v", some.pause99())
	}
}
