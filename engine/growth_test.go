package engine_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// growing are scripts that do n things of a kind, where the n-th should take about as long
// as the first. N stands for n.
var growing = map[string]string{
	"array push":              "let a = []; for i in 0..N { a.push(i) } a.len()",
	"array push pop":          "let a = []; for i in 0..N { a.push(i) } for i in 0..N { a.pop() } a.len()",
	"array += [x]":            "let a = []; for i in 0..N { a += [i] } a.len()",
	"array remove(0)":         "let a = []; a.pad(N, 1); let s = 0; while a.len() > 0 { s += a.remove(0) } s",
	"array shift":             "let a = []; a.pad(N, 1); let s = 0; while a.len() > 0 { s += a.shift() } s",
	"array insert(0)":         "let a = []; for i in 0..N { a.insert(0, i) } a[0] + a.len()",
	"array insert(0) and pop": "let a = []; a.pad(N, 1); for i in 0..N { a.insert(0, i); a.pop() } a[0] + a.len()",
	"array queue":             "let a = []; a.pad(N, 1); for i in 0..N { a.push(i); a.shift() } a.len()",
	"array drain(0..10)":      "let a = []; a.pad(N, 1); let s = 0; while a.len() > 0 { s += a.drain(0..10).len() } s",
	"array drain at the end":  "let a = []; a.pad(N, 1); let s = 0; while a.len() > 0 { s += a.drain(max(a.len() - 10, 0), 10).len() } s",
	"array split and append":  "let a = []; a.pad(N, 1); let b = []; while a.len() > 10 { b.append(a.split(a.len() - 10)) } b.len()",
	"array truncate":          "let a = []; a.pad(N, 1); while a.len() > 0 { a.truncate(a.len() - 1) } a.len()",
	"array chop":              "let a = []; a.pad(N, 1); while a.len() > 0 { a.chop(a.len() - 1) } a.len()",
	"array loop and push":     "let a = []; for i in 0..N { a.push(i); for x in a { if x >= 0 { break } } } a.len()",
	"array through top level": "fn add(a, x) { a.push(x); a } let a = []; for i in 0..N { a = add(a, i) } a.len()",
	"array looked at, pushed": "fn last(a) { a[a.len() - 1] } let a = [0]; for i in 0..N { a.push(last(a)) } a.len()",
	"array of this looked at": "fn first(a) { if 7 in a { 1 } else { a[0] } } fn step(x) { this.list.push(first(this.list)) } let o = #{list: [7]}; for i in 0..N { o.step(i) } o.list.len()",
	"map looked at, written":  "fn free(o) { o.n >= 0 && o.list.len() >= 0 } fn all() { let o = #{n: 0, list: []}; for i in 0..N { if free(o) { o.n += 1; o.list.push(i) } } o.n } all()",
	"part through functions":  "fn add(a, x) { a.push(x); a } fn all() { let o = #{a: [[], []]}; for i in 0..N { o.a[0] = add(o.a[0], i) } o.a[0].len() } all()",
	"property loop and push":  "let o = #{list: []}; for i in 0..N { o.list.push(i); for x in o.list { if x >= 0 { break } } } o.list.len()",
	"array sort":              "let a = []; let x = 1; for i in 0..N { x = x * 16807 % 2147483647; a.push(x) } a.sort(); a[0]",
	"array sort by":           "let a = []; let x = 1; for i in 0..N { x = x * 16807 % 2147483647; a.push(x) } a.sort(|x, y| x - y); a[0]",
	"array callbacks":         "let a = []; a.pad(N, 1); a.map(|x| x + 1).filter(|x| x > 0).reduce(|s, x| s + x, 0)",
	"array dedup":             "let a = []; for i in 0..N { a.push(i / 2) } a.dedup(); a.len()",
	"array index_of at front": "let a = []; a.pad(N, 1); let s = 0; for i in 0..N { s += a.index_of(1) } s",
	"array of arrays":         "let a = []; for i in 0..N { a.push([]) } for i in 0..N { a[i].push(i) } a.len()",
	"blob push":               "let a = blob(); for i in 0..N { a.push(i & 255) } a.len()",
	"blob remove(0)":          "let a = blob(N, 1); let s = 0; while a.len() > 0 { s += a.remove(0) } s",
	"string += c":             "let s = \"\"; for i in 0..N { s += 'x' } s.len()",
	"string += text":          "let s = \"\"; for i in 0..N { s += `${i},` } s.len()",
	"string chars":            "let s = \"\"; for i in 0..N { s += 'x' } let n = 0; for c in s { n += 1 } n",
	"string index":            "let s = \"\"; for i in 0..N { s += 'é' } let n = 0; for i in 0..N { if s[i] == 'é' { n += 1 } } n",
	"string set index":        "let s = \"\"; for i in 0..N { s += 'x' } for i in 0..100 { s[i] = 'y' } s.len()",
	"string split":            "let s = \"\"; for i in 0..N { s += `${i},` } s.split(\",\").len()",
	"string sub_string":       "let s = \"\"; for i in 0..N { s += 'x' } let n = 0; for i in 0..N { n += s.sub_string(i, 3).len() } n",
	"string pop":              "let s = \"\"; for i in 0..N { s += 'x' } let n = 0; while s.len() > 0 { s.pop(); n += 1 } n",
	"string crop":             "let s = \"\"; for i in 0..N { s += 'x' } let n = 0; while s.len() > 10 { s.crop(0, s.len() - 10); n += 1 } n",
	"map insert":              "let m = #{}; for i in 0..N { m[`k${i}`] = i } m.len()",
	"map insert and remove":   "let m = #{}; for i in 0..N { m[`k${i}`] = i } for i in 0..N { m.remove(`k${i}`) } m.len()",
	"map queue":               "let m = #{}; for i in 0..N { m[`k${i}`] = i; if i > 50 { m.remove(`k${i - 50}`) } } m.len()",
	"map keys in a loop":      "let m = #{}; for i in 0..N { m[`k${i}`] = i } let s = 0; for k in m.keys() { s += m[k] } s",
	"nested property writes":  "let m = #{a: #{b: #{c: 0, list: []}}}; for i in 0..N { m.a.b.c += 1; m.a.b.list.push(i) } m.a.b.c",
	"nested index writes":     "let m = #{}; for i in 0..N { let k = `k${i % 100}`; if k in m { m[k].n += 1 } else { m[k] = #{n: 1, of: []} } m[k].of.push(i) } m.len()",
	"records by functions":    "fn bump(o) { o.n += 1; o.list.push(o.n); o } fn all() { let o = #{n: 0, list: []}; for i in 0..N { o = bump(o) } o.n } all()",
	"methods by this":         "fn add(x) { this.push(x) } let a = []; for i in 0..N { a.add(i) } a.len()",
	"array through functions": "fn add(a, x) { a.push(x); a } fn all() { let a = []; for i in 0..N { a = add(a, i) } a.len() } all()",
	"closure with a list":     "let a = []; let f = |x| a.push(x); for i in 0..N { f.call(i) } a.len()",
	"deep recursion":          "fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } } f(N / 10)",
	"deep lists":              "let l = (); for i in 0..N / 10 { l = [i, l] } let n = 0; while type_of(l) == \"array\" { n += 1; l = l[1] } n",
	"linked maps":             "let l = (); for i in 0..N / 10 { l = #{head: i, tail: l} } let n = 0; while l != () { n += 1; l = l.tail } n",
	"throw and catch":         "let n = 0; for i in 0..N { try { throw i } catch(e) { n += e } } n",
	"deep throw":              "fn f(n) { if n == 0 { throw 1 } f(n - 1) } try { f(N / 10) } catch(e) { e }",
	"eval":                    "let n = 0; for i in 0..N / 10 { n += eval(\"i + 1\") } n",
	"eval that declares":      "for i in 0..N / 100 { eval(`let x${i} = ${i};`) } 1",
}

// growingSources make scripts of n parts that are compiled and run.
var growingSources = map[string]func(n int) string{
	"functions":   func(n int) string { return repeated(n/5, "fn f%d(x){x+%d}") + repeated(n/5, "f%d(1);") },
	"variables":   func(n int) string { return repeated(min(n/20, 2000), "let a%d = 1; a%d += 1;") },
	"statements":  func(n int) string { return "let s = 0;" + repeated(n, "s += 1;") + "s" },
	"closures":    func(n int) string { return repeated(n/10, "(|x| x + %d).call(1);") },
	"texts":       func(n int) string { return "let s = 0;" + repeated(n/5, "s += \"t%d\".len;") + "s" },
	"map literal": func(n int) string { return "let x = 1; let m = #{" + repeated(n/5, "k%d: x,") + "}; m.len()" },
}

// deepEngine runs scripts that nest deeply.
func deepEngine() *engine.Engine {
	return engine.New(packages.Standard()).SetLimits(engine.Limits{
		ExprDepth: engine.Unlimited, FnExprDepth: engine.Unlimited, CallLevels: engine.Unlimited,
	})
}

// growths returns the scripts for n by their names, in order.
func growths(n int) (names []string, scripts map[string]string) {
	scripts = map[string]string{}
	for name, s := range growing {
		scripts[name] = strings.ReplaceAll(s, "N", fmt.Sprint(n))
	}
	for name, f := range growingSources {
		scripts["source of "+name] = f(n)
	}
	for name := range scripts {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, scripts
}

// exponent is the slope of the logarithms of y over those of x: 1 for what grows in
// proportion, 2 for what grows with the square.
func exponent(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		a, b := math.Log(x[i]), math.Log(y[i])
		sx, sy, sxx, sxy = sx+a, sy+b, sxx+a*a, sxy+a*b
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// TestRunGrowth: the operations of a run, which count the bytes that it touches, and the
// bytes that it allocates grow about as n does, from n to 8n. What takes neither is seen by
// BenchmarkGrowth.
func TestRunGrowth(t *testing.T) {
	if raceEnabled {
		t.Skip("it is about counts")
	}
	eng := deepEngine()
	sizes := []float64{2000, 4000, 8000, 16000}
	ops, bytes := map[string][]float64{}, map[string][]float64{}
	for _, n := range sizes {
		names, scripts := growths(int(n))
		for _, name := range names {
			_, stats, err := eng.RunStats(context.Background(), nil, mustCompile(t, eng, scripts[name]))
			if err != nil {
				t.Fatalf("%s for %v: %v", name, n, err)
			}
			ops[name] = append(ops[name], float64(stats.Operations))
			bytes[name] = append(bytes[name], float64(stats.Allocated+1<<17))
		}
	}
	for name := range ops {
		if e := exponent(sizes, ops[name]); e > 1.15 {
			t.Errorf("%s: operations %v grow by n^%.2f", name, ops[name], e)
		}
		if e := exponent(sizes, bytes[name]); e > 1.25 {
			t.Errorf("%s: bytes %v grow by n^%.2f", name, bytes[name], e)
		}
	}
}

func mustCompile(tb testing.TB, eng *engine.Engine, src string) *engine.AST {
	tb.Helper()
	ast, err := eng.Compile(src)
	if err != nil {
		tb.Fatal(err)
	}
	return ast
}

// BenchmarkGrowth reports the exponent with which the processor time of compiling and running
// grows from n to 8n, the least of some runs for each: `make growth`. The collector works
// between the runs only: the least of small runs would be one without a collection, while
// large ones always have some, which wait for a processor on a busy machine.
func BenchmarkGrowth(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	eng := deepEngine()
	sizes := []float64{10_000, 20_000, 40_000, 80_000}
	names, _ := growths(1)
	report := func(name string, run func(n int) func() error) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			times := make([]float64, len(sizes))
			for range b.N {
				for i, n := range sizes {
					f := run(int(n))
					for range 3 {
						runtime.GC()
						start := processorTime()
						if err := f(); err != nil {
							b.Fatal(err)
						}
						if took := (processorTime() - start).Seconds(); times[i] == 0 || took < times[i] {
							times[i] = took
						}
					}
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(exponent(sizes, times), "exponent")
			b.ReportMetric(times[len(times)-1]*1e9/sizes[len(sizes)-1], "ns/n")
		})
	}
	for _, name := range names {
		report(name, func(n int) func() error {
			_, scripts := growths(n)
			return func() error { _, err := eng.Eval(context.Background(), scripts[name]); return err }
		})
	}
	report("registered modules", func(n int) func() error {
		mods := make([]*engine.Module, n/10)
		for i := range mods {
			mods[i] = engine.NewModule("m")
			mods[i].Func(fmt.Sprint("f", i), func(x int64) int64 { return x })
		}
		return func() error {
			e := engine.NewRaw()
			for _, m := range mods {
				e.RegisterGlobalModule(m)
			}
			_, err := e.Eval(context.Background(), "f0(1) + f7(2)")
			return err
		}
	})
	report("variables of the scope", func(n int) func() error {
		scope := engine.NewScope()
		for i := range n {
			scope.Push(fmt.Sprint("v", i), i)
		}
		return func() error {
			_, err := eng.EvalScope(context.Background(), scope.Clone(), "v0 + v1 + v2")
			return err
		}
	})
}
