package script_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/script"
)

const source = `fn slow(n) {
    let x = 0;
    for i in 0..n {
        x += i * 3 % 7;
    }
    x
}
fn words(n) {
    let s = [];
    for i in 0..n {
        s.push("w" + i);
    }
    s.map(|w| w.len() + 1).len()
}
fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
let r = 0;
for k in 0..200 {
    r += slow(2000) + words(500);
}
r + fib(20) + eval("let q = 0; for z in 0..100 { q += z; } q")`

// run runs the source under a name with a profiler.
func run(t testing.TB, o script.Options) *profile.Profile {
	t.Helper()
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileNamed("rules.rhai", source)
	if err != nil {
		t.Fatal(err)
	}
	p := script.Start(eng, o)
	if _, err := eng.Run(script.WithLabels(context.Background(), "caller", "3"), nil, ast); err != nil {
		t.Fatal(err)
	}
	prof := p.Stop()
	if err := prof.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return prof
}

// sums returns the flat value of each function for a sample type.
func sums(p *profile.Profile, typ string) (flat map[string]int64, total int64) {
	flat = map[string]int64{}
	for i, st := range p.SampleType {
		if st.Type != typ {
			continue
		}
		for _, s := range p.Sample {
			flat[s.Location[0].Line[0].Function.Name] += s.Value[i]
			total += s.Value[i]
		}
	}
	return flat, total
}

// TestExact checks that an exact profile is the same each time, and adds up to what a run
// uses.
func TestExact(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	_, stats, err := eng.RunStats(context.Background(), nil, ast)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for range 2 {
		p := run(t, script.Options{Exact: true})
		p.TimeNanos, p.DurationNanos = 0, 0
		if flat, total := sums(p, script.TypeOperations); total != int64(stats.Operations) {
			t.Errorf("%d operations, want %d: %v", total, stats.Operations, flat)
		}
		if _, total := sums(p, script.TypeBytes); total != int64(stats.Allocated) {
			t.Errorf("%d bytes, want %d", total, stats.Allocated)
		}
		var lines []string
		for _, s := range p.Sample {
			lines = append(lines, fmt.Sprint(s.Location[0].Line[0].Function.Name, s.Location[0].Line[0].Line, s.Value, s.Label))
		}
		got := strings.Join(lines, "\n")
		if text != "" && got != text {
			t.Errorf("two profiles differ:\n%s\n\n%s", text, got)
		}
		text = got
	}
}

// TestSampled checks that all kinds of samples are there, with labels, and what the
// profile says of itself.
func TestSampled(t *testing.T) {
	p := run(t, script.Options{Rate: 2000, Labels: map[string]string{"strategy": "raw", "caller": "0"}, Comments: []string{"a comment"}})
	for _, typ := range []string{script.TypeOperations, script.TypeBytes, script.TypeObjects} {
		if _, total := sums(p, typ); total == 0 {
			t.Errorf("nothing of type %s", typ)
		}
	}
	if p.DefaultSampleType != script.TypeWall || p.Period != 500_000 {
		t.Errorf("default type %s, period %d", p.DefaultSampleType, p.Period)
	}
	if text := fmt.Sprint(p.Comments); !strings.Contains(text, "a comment") {
		t.Errorf("comments %s", text)
	}
	for _, s := range p.Sample {
		if text := fmt.Sprint(s.Label); text != "map[caller:[3] strategy:[raw]]" {
			t.Fatalf("labels %s", text)
		}
	}
	addresses := map[uint64]bool{}
	for _, l := range p.Location {
		if addresses[l.Address] {
			t.Errorf("two locations have the address %x", l.Address)
		}
		addresses[l.Address] = true
	}
	if m := p.Mapping[0]; m.File != "[rhai] rules.rhai" || len(m.BuildID) != 64 {
		t.Errorf("the first mapping is %+v", m)
	}
}

// TestBounded checks that a profile stays small whatever scripts do.
func TestBounded(t *testing.T) {
	eng := engine.New(packages.Standard())
	p := script.Start(eng, script.Options{Exact: true})
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 150 {
				var b strings.Builder
				for k := range 60 {
					fmt.Fprintf(&b, "fn f%d_%d_%d() { %s }\nf%d_%d_%d();\n", g, i, k, strings.Repeat("let x = 1;", 5), g, i, k)
				}
				ctx := script.WithLabels(context.Background(), "call", fmt.Sprint(g, i))
				if ast, err := eng.CompileNamed(fmt.Sprint(strings.Repeat("long", 200), g, i), b.String()); err != nil {
					t.Error(err)
				} else if _, err := eng.Run(ctx, nil, ast); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	prof := p.Stop()
	if err := prof.CheckValid(); err != nil {
		t.Fatal(err)
	}
	if len(prof.Sample) > 21_000 || len(prof.Location) > 5_000 || len(prof.Mapping) > 300 {
		t.Errorf("%d samples, %d locations, %d mappings", len(prof.Sample), len(prof.Location), len(prof.Mapping))
	}
	if text := fmt.Sprint(prof.Comments); !strings.Contains(text, "too many") {
		t.Errorf("the comments do not say that it is incomplete: %s", text)
	}
}

// TestPprof looks at a profile with go tool pprof.
func TestPprof(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rules.rhai"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := run(t, script.Options{Exact: true, Labels: map[string]string{"strategy": "global"}}).Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "p.pb.gz"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"-top", "-nodefraction=0"}, []string{"slow/1", "words/1", "fib/1", "<script>", "closure@13:11", "Type: ops"}},
		{[]string{"-list", "slow"}, []string{"x += i * 3 % 7;", "ROUTINE ======================== slow/1 in rules.rhai"}},
		{[]string{"-peek", "fib/1"}, []string{"fib/1", "<script>"}},
		{[]string{"-tree", "-nodefraction=0"}, []string{"native:map", "<eval>"}},
		{[]string{"-tags"}, []string{"strategy", "global", "caller"}},
		{[]string{"-top", "-tagroot", "strategy"}, []string{"global"}},
		{[]string{"-traces"}, []string{"words/1", "<script>"}},
		{[]string{"-top", "-sample_index=alloc_space"}, []string{"words/1", "kB"}},
		{[]string{"-top", "-diff_base", "p.pb.gz"}, []string{"Type: ops"}},
		{[]string{"-comments"}, []string{"rhai-tui script profile"}},
	} {
		cmd := exec.Command("go", append(append([]string{"tool", "pprof"}, c.args...), "p.pb.gz")...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%v: %v\n%s", c.args, err, out)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("%v does not show %q:\n%s", c.args, want, out)
			}
		}
	}
}

// TestLabeler checks the labels that natives of the host see.
func TestLabeler(t *testing.T) {
	base := pprof.WithLabels(context.Background(), pprof.Labels("strategy", "raw"))
	l := script.NewLabeler(base)
	var seen []string
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("look", func() {
		var b bytes.Buffer
		pprof.Lookup("goroutine").WriteTo(&b, 1)
		for line := range strings.Lines(b.String()) {
			if strings.Contains(line, "rhai_fn") {
				seen = append(seen, strings.TrimSpace(line))
			}
		}
	})
	_, err := func() (engine.Dynamic, error) {
		ast, err := eng.Compile("fn f(n) { look(); n } look(); f(1); [1].for_each(|| { look(); }); look();")
		if err != nil {
			return engine.Dynamic{}, err
		}
		return eng.Run(l.Context(context.Background()), nil, ast)
	}()
	if err != nil {
		t.Fatal(err)
	}
	l.Stop()
	want := []string{
		`# labels: {"rhai_fn":"<script>", "strategy":"raw"}`, `# labels: {"rhai_fn":"f/1", "strategy":"raw"}`,
		`# labels: {"rhai_fn":"closure@1:50", "strategy":"raw"}`, `# labels: {"rhai_fn":"<script>", "strategy":"raw"}`,
	}
	if !slices.Equal(seen, want) {
		t.Errorf("labels\n%s", strings.Join(seen, "\n"))
	}
}
