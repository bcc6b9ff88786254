package compare

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

func TestServePhases(t *testing.T) {
	for _, s := range Strategies {
		cfg := sumConfig()
		cfg.B, cfg.Phases, cfg.Duration, cfg.Rounds = s, true, 0, 1
		l := serveLine(t, cfg, limitless)
		f := l.untilState(Finished)
		for _, side := range []Side{f.A, f.B} {
			if len(side.Phases) != len(PhaseNames) {
				t.Errorf("%s: phases %v", side.Strategy, side.Phases)
			}
		}
		l.stop()
	}
}

func TestOverhead(t *testing.T) {
	result := func(a, b []float64) Result { return Result{A: Side{Phases: a}, B: Side{Phases: b}} }
	if overhead([]Result{result(nil, nil)}) != nil {
		t.Error("an overhead of nothing")
	}
	var results []Result
	for i := range 6 {
		wobble := float64(i%2*2 - 1)
		results = append(results, result([]float64{wobble, wobble, 50, 20, 1000}, []float64{40 + wobble, 100, 50 + wobble, 20, 1001}))
	}
	o := overhead(results)
	if math.Abs(o.Extra-140) > 1 || o.Low > 140 || o.High < 140 || o.Low < 130 {
		t.Errorf("overhead: %+v", o)
	}
	if o.A[0].Shown() || !o.B[0].Shown() || math.Abs(o.B[1].Time-100) > 1e-6 || o.A[4].Name != "run" {
		t.Errorf("phases: %+v", o)
	}
	if got := o.BreakEven(0.05); math.Abs(got-2800) > 20 {
		t.Errorf("break-even at %v", got)
	}
	if o := overhead([]Result{result([]float64{1, 2, 3, 4, 5}, []float64{2, 2, 3, 4, 5})}); o.Low != 1 || o.High != 1 || o.BreakEven(0.1) != 10 {
		t.Errorf("overhead of one process: %+v", o)
	}
	if (&Overhead{Extra: 1, Low: -1, High: 3}).BreakEven(0.05) != 0 {
		t.Error("a break-even without an overhead")
	}
}

// TestContended checks that a lock is found by the function that holds it, and
// that there is none without contention.
func TestContended(t *testing.T) {
	var mu sync.Mutex
	pkgs := []*engine.Package{engine.NewPackage("lock", func(m *engine.Module) {
		m.Func("wait", func() int64 { return holdLock(&mu) })
	})}
	for script, want := range map[string]string{"wait()": "compare.holdLock", "1": ""} {
		cfg := Config{Script: script}
		r, err := newRecipe(Settings{}, &host{pkgs: pkgs}, 0)
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWork(&cfg, r, [][]variable{nil})
		if err != nil {
			t.Fatal(err)
		}
		m := &measurement{callers: 4, callLimit: time.Minute, batch: 10, crew: startCrew(4)}
		defer m.close()
		for i, s := range []Strategy{Global, Raw} {
			if m.lanes[i], err = newLane(s, r, w, 4); err != nil {
				t.Fatal(err)
			}
			// Rounds before have linked the script: callers that do it at the same
			// time wait for one another.
			if _, _, err := m.lanes[i].call(t.Context(), 0, 0); err != nil {
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

func TestScaling(t *testing.T) {
	law := Scaling{Single: 1000, Contention: 0.05, Coherence: 0.002}
	var points []Point
	for n := 1; n <= 16; n++ {
		points = append(points, Point{n, law.At(n)})
	}
	got, ok := FitScaling(points, 16)
	if !ok || math.Abs(got.Single-1000) > 1 || math.Abs(got.Contention-0.05) > 1e-4 || math.Abs(got.Coherence-0.002) > 1e-5 {
		t.Errorf("fit: %+v, %v", got, ok)
	}
	if _, ok := FitScaling(points, 3); ok {
		t.Error("a fit over three points")
	}
	// More than linear: no coefficient is negative.
	if got, ok := FitScaling([]Point{{1, 100}, {2, 210}, {3, 330}, {4, 460}}, 4); !ok || got.Contention != 0 || got.Coherence != 0 {
		t.Errorf("fit of growing points: %+v, %v", got, ok)
	}
	if n := Knee([]Point{{1, 100}, {2, 190}, {4, 196}, {8, 150}}); n != 4 && n != 2 {
		t.Errorf("knee at %d", n)
	}
	if n := Knee([]Point{{1, 100}, {2, 190}, {4, 196}}); n != 2 {
		t.Errorf("knee at %d, want 2", n)
	}
	if Knee(nil) != 0 {
		t.Error("a knee of nothing")
	}
	for procs, want := range map[int][]int{1: {1, 2}, 2: {1, 2, 3, 4}, 6: {1, 2, 3, 4, 6, 8, 12}, 16: {1, 2, 3, 4, 8, 16, 32}} {
		if got := SweepCallers(procs); !slices.Equal(got, want) {
			t.Errorf("callers for %d processors: %v, want %v", procs, got, want)
		}
	}
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
