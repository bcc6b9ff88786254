package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// tally sums samples up: by function, by line and by stack of functions.
type tally struct {
	mu     sync.Mutex
	funcs  map[string]*engine.Sample
	lines  map[string]*engine.Sample
	stacks map[string]*engine.Sample
	total  engine.Sample
}

func newTally() *tally {
	return &tally{funcs: map[string]*engine.Sample{}, lines: map[string]*engine.Sample{}, stacks: map[string]*engine.Sample{}}
}

func (c *tally) record(s *engine.Sample) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := s.Stack[0]
	add(c.funcs, l.Func(), s)
	add(c.lines, fmt.Sprintf("%s:%d", l.Func(), l.Pos().Line), s)
	sum(&c.total, s)
	var names []string
	for _, l := range s.Stack {
		names = append(names, l.Func())
	}
	slices.Reverse(names)
	add(c.stacks, strings.Join(names, ";"), s)
}

func add(m map[string]*engine.Sample, key string, s *engine.Sample) {
	if m[key] == nil {
		m[key] = &engine.Sample{}
	}
	sum(m[key], s)
}

func sum(a, s *engine.Sample) {
	a.Count += s.Count
	a.Wall += s.Wall
	a.Operations += s.Operations
	a.Objects += s.Objects
	a.Bytes += s.Bytes
	a.Hits += s.Hits
}

// sampled runs a script with a sampler.
func sampled(t *testing.T, eng *engine.Engine, src string, o engine.SamplerOptions) (*tally, engine.Stats, error) {
	t.Helper()
	ast, err := eng.CompileNamed("planted.rhai", src)
	if err != nil {
		t.Fatal(err)
	}
	c := newTally()
	o.Record = c.record
	s := engine.NewSampler(o)
	eng.SetSampler(s)
	_, stats, err := eng.RunStats(context.Background(), nil, ast)
	eng.SetSampler(nil)
	s.Stop()
	return c, stats, err
}

// plantedScript has costs in loops, native functions, callbacks, closures, recursion,
// evaluated text and a module.
const plantedScript = `import "m" as m;
fn slow(n) {
	let x = 0;
	for i in 0..n {
		x += i * 3;
		x ^= i;
	}
	x
}
fn words(n) {
	let s = [];
	for i in 0..n {
		s.push("w" + i);
		let t = s.len();
	}
	s.map(|w| w.len() + 1).len()
}
fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
let by = |x| x + slow(50);
let r = 0;
for k in 0..30 {
	r += slow(2000) + words(500) + fib(12) + by.call(k);
	r += eval("let q = 0; for z in 0..100 { q += z; } q");
	r += m::twice(k);
	r += [3, 1, 2].reduce(|s, v| s + v, 0);
}
r`

func plantedEngine(t *testing.T) *engine.Engine {
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileNamed("m.rhai", "fn twice(x) { let y = 0; for i in 0..100 { y += x; } y }")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := eng.EvalModule(context.Background(), nil, ast)
	if err != nil {
		t.Fatal(err)
	}
	eng.SetResolver(engine.StaticResolver(map[string]*engine.Module{"m": mod}))
	return eng
}

// TestExactCounts checks that counts add up to what the run used, and are the same in
// every run.
func TestExactCounts(t *testing.T) {
	eng := plantedEngine(t)
	exact := engine.SamplerOptions{Exact: true}
	first, stats, err := sampled(t, eng, plantedScript, exact)
	if err != nil {
		t.Fatal(err)
	}
	if got := first.total; got.Operations != int64(stats.Operations) || got.Bytes != int64(stats.Allocated) {
		t.Errorf("counted %d operations and %d bytes, the run used %d and %d", got.Operations, got.Bytes, stats.Operations, stats.Allocated)
	}
	again, _, _ := sampled(t, eng, plantedScript, exact)
	for key, a := range first.lines {
		if b := again.lines[key]; b == nil || fmt.Sprintf("%+v", *a) != fmt.Sprintf("%+v", *b) {
			t.Errorf("%s: %+v, then %+v", key, a, b)
		}
	}
	for _, want := range []string{
		"<script>", "<script>;slow/1", "<script>;words/1;native:map;closure@16:8", "<script>;fib/1;fib/1",
		"<script>;closure@19:10;slow/1", "<script>;<eval>", "<script>;twice/1", "<script>;native:reduce;closure@25:24",
	} {
		if first.stacks[want] == nil {
			t.Errorf("no stack %s", want)
		}
	}
	for key, hits := range map[string]int64{"words/1:11": 30, "slow/1:3": 60} {
		if s := first.lines[key]; s == nil || s.Hits != hits {
			t.Errorf("%s was executed %+v times, want %d", key, s, hits)
		}
	}
	if s, w := first.funcs["slow/1"], first.funcs["words/1"]; s == nil || w == nil || s.Operations < w.Operations {
		t.Errorf("slow/1 has %+v, words/1 %+v", s, w)
	}
}

// TestExactAfterErrors checks that counts add up however the run ends.
func TestExactAfterErrors(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetLimits(engine.Limits{Operations: 5000, Allocated: 1 << 16, CallLevels: 40})
	for _, src := range []string{
		"let x = 1; x / 0",
		"fn f(n) { if n == 0 { throw 1 } f(n - 1) } f(20)",
		"fn f(n) { f(n + 1) } f(20)",
		"loop { }",
		"let s = []; loop { s.push(1) }",
		"let s = `a`; loop { s += s; }",
		"[1, 2, 3].map(|x| { let y = x; y.nothing })",
		"for i in 0..10 { try { [1].map(|x| throw x) } catch (e) { e += 1; } }",
		"fn f(n) { [1, 2].for_each(|x| if n > 0 { exit(n) }) } f(3); 4",
		"eval(`1 + `)", "eval(`fn g() { 1 } throw g`)", "",
	} {
		c, stats, _ := sampled(t, eng, src, engine.SamplerOptions{Exact: true})
		if got := c.total; got.Operations != int64(stats.Operations) {
			t.Errorf("%s: counted %d operations, the run used %d", src, got.Operations, stats.Operations)
		}
		if got := c.total; got.Bytes != int64(stats.Allocated) {
			t.Errorf("%s: counted %d bytes, the run used %d", src, got.Bytes, stats.Allocated)
		}
	}
}

// TestSampledTotals checks that samples of operations and allocations count for all that
// was used, and that each kind of place is found.
func TestSampledTotals(t *testing.T) {
	eng := plantedEngine(t)
	total, ops, bytes := newTally(), int64(0), int64(0)
	ast, err := eng.Compile(plantedScript)
	if err != nil {
		t.Fatal(err)
	}
	s := engine.NewSampler(engine.SamplerOptions{Operations: 100, Allocated: 1000, Record: total.record})
	eng.SetSampler(s)
	for range 20 {
		_, stats, err := eng.RunStats(context.Background(), nil, ast)
		if err != nil {
			t.Fatal(err)
		}
		ops, bytes = ops+int64(stats.Operations), bytes+int64(stats.Allocated)
	}
	s.Stop()
	near := func(a, b int64) bool { return math.Abs(float64(a-b)) < 0.03*float64(b) }
	if got := total.total; !near(got.Operations, ops) || !near(got.Bytes, bytes) {
		t.Errorf("samples count for %d operations and %d bytes, the runs used %d and %d", got.Operations, got.Bytes, ops, bytes)
	}
	for _, want := range []string{
		"<script>;slow/1", "<script>;words/1", "<script>;words/1;native:map;closure@16:8", "<script>;fib/1;fib/1",
		"<script>;closure@19:10;slow/1", "<script>;<eval>", "<script>;twice/1",
	} {
		if total.stacks[want] == nil {
			t.Errorf("no stack %s", want)
		}
	}
}

// TestSampledShares checks that operations are charged to who used them, by comparison
// with the exact counts.
func TestSampledShares(t *testing.T) {
	eng := plantedEngine(t)
	exact, _, err := sampled(t, eng, plantedScript, engine.SamplerOptions{Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newTally()
	ast, err := eng.Compile(plantedScript)
	if err != nil {
		t.Fatal(err)
	}
	s := engine.NewSampler(engine.SamplerOptions{Operations: 200, Record: c.record})
	eng.SetSampler(s)
	for range 30 {
		if _, err := eng.Run(context.Background(), nil, ast); err != nil {
			t.Fatal(err)
		}
	}
	s.Stop()
	for _, name := range []string{"slow/1", "words/1", "fib/1"} {
		want := float64(exact.funcs[name].Operations) / float64(exact.total.Operations)
		got := float64(c.funcs[name].Operations) / float64(c.total.Operations)
		if got < want-0.05 || got > want+0.05 {
			t.Errorf("%s has %.3f of the operations, exactly it is %.3f", name, got, want)
		}
	}
}

// TestSampledTime checks that time that native functions block is charged to their own
// calls.
func TestSampledTime(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("wait", func(ms int64) { time.Sleep(time.Duration(ms) * time.Millisecond) })
	c, _, err := sampled(t, eng, `fn a() {
	wait(30)
}
fn b() {
	let x = 1;
	wait(90);
	x
}
a(); b(); [1].map(|x| wait(60));`, engine.SamplerOptions{Period: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if raceEnabled {
		return // places are not exact then
	}
	for _, stack := range []string{"<script>;a/0;native:wait", "<script>;b/0;native:wait", "<script>;native:map;closure@9:19;native:wait"} {
		if s := c.stacks[stack]; s == nil || s.Wall == 0 {
			t.Errorf("%s has no time: %+v", stack, c.stacks)
		}
	}
}

// TestSamplerOfContext checks whose sampler counts.
func TestSamplerOfContext(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("let x = 0; for i in 0..100 { x += i; } x")
	if err != nil {
		t.Fatal(err)
	}
	run := func(ctx context.Context) {
		if _, err := eng.Run(ctx, nil, ast); err != nil {
			t.Fatal(err)
		}
	}
	of, other := newTally(), newTally()
	a := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: of.record})
	b := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: other.record})
	eng.SetSampler(a)
	run(context.Background())
	once := of.total.Operations
	run(engine.WithSampler(context.Background(), b))
	run(engine.WithSampler(context.Background(), nil))
	if once == 0 || of.total.Operations != once || other.total.Operations != once {
		t.Errorf("the engine's sampler has %d operations, the context's %d, want %d both", of.total.Operations, other.total.Operations, once)
	}
	a.Stop()
	a.Stop()
	run(context.Background())
	if of.total.Operations != once {
		t.Error("a stopped sampler still records")
	}
	raw := engine.NewRaw()
	raw.SetSampler(b)
	if _, err := raw.Run(context.Background(), nil, ast); err != nil || other.total.Operations != 2*once {
		t.Error("a raw engine is not observed", err)
	}
	b.Stop()
}

// TestSamplerConcurrently starts and stops samplers while an engine is in use.
func TestSamplerConcurrently(t *testing.T) {
	eng := plantedEngine(t)
	ast, err := eng.Compile(plantedScript)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				_, err := eng.Run(ctx, nil, ast)
				if err != nil && !errors.Is(err, engine.ErrTerminated) {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 30 {
		c := newTally()
		s := engine.NewSampler(engine.SamplerOptions{Period: 200 * time.Microsecond, Operations: 5000, Allocated: 5000, Exact: i%5 == 4, Record: c.record})
		eng.SetSampler(s)
		time.Sleep(5 * time.Millisecond)
		s.Stop()
	}
	cancel()
	wg.Wait()
}

// TestSamplingChangesNothing runs the golden cases with samples taken all the time, and
// counted.
func TestSamplingChangesNothing(t *testing.T) {
	for _, exact := range []bool{false, true} {
		c := newTally()
		s := engine.NewSampler(engine.SamplerOptions{Period: 100 * time.Microsecond, Operations: 3, Allocated: 50, Exact: exact, Record: c.record})
		for _, dir := range []string{casesDir, regressionDir} {
			cases, err := scripttest.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range cases {
				want := runCase(x, engine.OptimizeSimple)
				got := runWarm(x, engine.OptimizeSimple, 0, func(e *engine.Engine) { e.SetSampler(s) })
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s:%d %s: observed it gives\n%v\nelse\n%v", x.File, x.Line, x.Name, got, want)
				}
			}
		}
		s.Stop()
		if c.total.Operations == 0 {
			t.Error("nothing was recorded")
		}
	}
}

// TestExactIsBounded counts runs with more call paths and evaluated texts than are kept
// apart: nothing is lost.
func TestExactIsBounded(t *testing.T) {
	var paths strings.Builder
	for i := range 16 {
		fmt.Fprintf(&paths, "fn f%d(n) { if n == 0 { return 0; } let a = 1; let b = a + n; ", i)
		for k := range 3 {
			fmt.Fprintf(&paths, "if n %% %d == 0 { f%d(n - 1); } ", k+1, (i+k+1)%16)
		}
		paths.WriteString("b }\n")
	}
	paths.WriteString("f0(13)")
	for name, src := range map[string]string{
		"paths": paths.String(),
		"evals": `fn g(x) { x + 1 } let n = 0; for i in 0..2000 { n += eval("let q = " + i + "; g(q) + g(q + 1)"); } n`,
		"deep":  "fn f(n) { if n == 0 { 0 } else { [n].map(|x| f(x - 1))[0] } } f(25)",
	} {
		eng := engine.New(packages.Standard())
		eng.SetLimits(engine.Limits{CallLevels: 1000, ExprDepth: engine.Unlimited, FnExprDepth: engine.Unlimited})
		c, stats, err := sampled(t, eng, src, engine.SamplerOptions{Exact: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := c.total; got.Operations != int64(stats.Operations) || got.Bytes != int64(stats.Allocated) {
			t.Errorf("%s: counted %d operations and %d bytes, the run used %d and %d", name, got.Operations, got.Bytes, stats.Operations, stats.Allocated)
		}
		if len(c.stacks) > 100_000 {
			t.Errorf("%s: %d stacks", name, len(c.stacks))
		}
	}
}

// TestPokesAmidLooks takes as many samples as it can from scripts that look up all the
// time, which must still end at their limits.
func TestPokesAmidLooks(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetLimits(engine.Limits{Operations: 100_000})
	c := newTally()
	s := engine.NewSampler(engine.SamplerOptions{Period: 100 * time.Microsecond, Operations: 2, Allocated: 10, Record: c.record})
	defer s.Stop()
	eng.SetSampler(s)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 200 {
		_, stats, err := func() (engine.Dynamic, engine.Stats, error) {
			ast, err := eng.Compile("let x = 0; let s = []; loop { x += 1; s.push(x); s.clear(); }")
			if err != nil {
				t.Fatal(err)
			}
			return eng.RunStats(ctx, nil, ast)
		}()
		if !errors.Is(err, engine.ErrTooManyOperations) || stats.Operations > 110_000 {
			t.Fatalf("%v after %d operations", err, stats.Operations)
		}
	}
}

// TestSamplingCountsTheSame counts operations of work that is done in parts of an
// operation, with and without samplers.
func TestSamplingCountsTheSame(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`let s = ""; for i in 0..5000 { s += "abc"; } s.len`)
	if err != nil {
		t.Fatal(err)
	}
	count := func() uint64 {
		_, stats, err := eng.RunStats(context.Background(), nil, ast)
		if err != nil {
			t.Fatal(err)
		}
		return stats.Operations
	}
	want := count()
	for _, o := range []engine.SamplerOptions{
		{Period: 100 * time.Microsecond}, {Operations: 10}, {Allocated: 100}, {Exact: true}, {Enter: func(context.Context, engine.Location) {}},
	} {
		o.Record = newTally().record
		s := engine.NewSampler(o)
		eng.SetSampler(s)
		for range 50 {
			if got := count(); got != want {
				t.Fatalf("%+v: %d operations, want %d", o, got, want)
			}
		}
		s.Stop()
	}
	eng.SetSampler(nil)
	// A context that can be cancelled is looked at now and then, too.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if _, stats, err := eng.RunStats(ctx, nil, ast); err != nil || stats.Operations != want {
		t.Errorf("with a context %d operations, want %d: %v", stats.Operations, want, err)
	}
}

// TestSamplerHoldsNoMachines checks that a sampler without ticks, which would give up seats
// that nobody uses, holds on to no machine that the pool has dropped.
func TestSamplerHoldsNoMachines(t *testing.T) {
	for _, o := range []engine.SamplerOptions{{Exact: true}, {Operations: 100}, {Period: time.Millisecond}} {
		c := newTally()
		o.Record = c.record
		s := engine.NewSampler(o)
		eng := engine.New(packages.Standard())
		eng.SetSampler(s)
		if _, err := eng.Eval(context.Background(), "let x = 0; for i in 0..1000 { x += i; } x"); err != nil {
			t.Fatal(err)
		}
		if n := s.Seats(); n != 0 && o.Period == 0 {
			t.Errorf("%+v: %d machines are held", o, n)
		}
		s.Stop()
		if n := s.Seats(); n != 0 {
			t.Errorf("%+v: %d machines are held after Stop", o, n)
		}
	}
}
