package script_test

import (
	"context"
	"math"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/script"
)

// plantedSource takes known times at known places: burn and wait take as many
// microseconds as they are told, whatever else the machine does.
const plantedSource = `import "m" as m;
fn straight() { burn(2000); }
fn recursive(n) { burn(500); if n > 0 { recursive(n - 1) } }
fn compare(a, b) { burn(100); a - b }
let by = |n| { burn(n) };
straight();
recursive(5);
[5, 4, 3, 2, 1].sort(|a, b| compare(a, b));
by.call(1500);
[1, 2, 3, 4].for_each(|v| burn(250));
eval("burn(1000); let q = 1;");
m::work(1750);
wait(4000);
`

// TestPlanted finds time at all places where it was put. With RHAI_PLANTED set it also wants
// each share to be within 5% of all time, which holds on a quiet machine; on a busy one
// ticks come late.
func TestPlanted(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	eng := engine.New(packages.Standard())
	var compared atomic.Int64
	eng.RegisterFunc("burn", func(us int64) {
		if us == 100 {
			compared.Add(1)
		}
		for begin := time.Now(); time.Since(begin) < time.Duration(us)*time.Microsecond; {
		}
	})
	eng.RegisterFunc("wait", func(us int64) { time.Sleep(time.Duration(us) * time.Microsecond) })
	lib, err := eng.CompileNamed("m.rhai", "fn work(n) { burn(n) }")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := eng.EvalModule(context.Background(), nil, lib)
	if err != nil {
		t.Fatal(err)
	}
	eng.SetResolver(engine.StaticResolver(map[string]*engine.Module{"m": mod}))
	ast, err := eng.CompileNamed("planted.rhai", plantedSource)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eng.Run(context.Background(), nil, ast); err != nil {
		t.Fatal(err)
	}
	comparisons := compared.Load() // how many sort needs is its own business

	p := script.Start(eng, script.Options{Rate: 1000})
	for range 60 {
		if _, err := eng.Run(context.Background(), nil, ast); err != nil {
			t.Fatal(err)
		}
	}
	got, total := cums(p.Stop())
	want := map[string]float64{
		"straight/0": 2000, "recursive/1": 3000, "compare/2": 100 * float64(comparisons), "native:sort": 100 * float64(comparisons),
		"closure@5:10": 1500, "native:for_each": 1000, "<eval>": 1000, "work/1": 1750, "native:wait": 4000,
	}
	all := 2000 + 3000 + want["compare/2"] + 1500 + 1000 + 1000 + 1750 + 4000
	for name, us := range want {
		planted, found := us/all, float64(got[name])/float64(total)
		t.Logf("%-16s planted %5.1f%%, found %5.1f%%", name, 100*planted, 100*found)
		if found == 0 && !raceEnabled || os.Getenv("RHAI_PLANTED") != "" && math.Abs(planted-found) > 0.05 {
			t.Errorf("%s has %.1f%% of the time, planted were %.1f%%", name, 100*found, 100*planted)
		}
	}
}

// cums returns the time of each function, with those that it called.
func cums(p *profile.Profile) (cum map[string]int64, total int64) {
	cum = map[string]int64{}
	for _, s := range p.Sample {
		seen := map[string]bool{}
		for _, l := range s.Location {
			if name := l.Line[0].Function.Name; !seen[name] {
				seen[name] = true
				cum[name] += s.Value[1]
			}
		}
		total += s.Value[1]
	}
	return cum, total
}
