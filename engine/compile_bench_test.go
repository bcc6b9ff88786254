package engine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// largeScript makes a script of about n bytes: functions as people write them,
// each with another name.
func largeScript(n int) string {
	const body = `
// Computes what an order costs.
fn price_%d(order, rates, limit) {
    let total = 0.0;
    let count = 0;
    for item in order.items {
        let qty = item.qty;
        if qty <= 0 || item.blocked { continue; }
        let unit = switch item.kind {
            "book" => item.net * 1.07,
            "food" | "drink" => item.net * 1.19,
            _ => item.net * rates[order.country] + 2.5
        };
        total += unit * qty.to_float();
        count += 1;
    }
    if total > limit && order.tier != "gold" {
        throw #{ code: %d, text: ` + "`order ${order.id} is too large: ${total}`" + ` };
    }
    let names = order.items.filter(|i| i.qty > 0).map(|i| i.name);
    while count > 100 { count /= 2; total *= 0.99; }
    #{ total: total, count: count, names: names, last: order.items[-1].name }
}
`
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, body, i, i)
	}
	return b.String()
}

// largestProgram is the largest script among the golden cases that compiles.
func largestProgram(tb testing.TB, eng *engine.Engine) string {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		tb.Fatal(err)
	}
	largest := ""
	for _, c := range cases {
		if len(c.Script) <= len(largest) {
			continue
		}
		if _, err := eng.Compile(c.Script); err == nil {
			largest = c.Script
		}
	}
	return largest
}

// BenchmarkCompile measures the stages of compiling, in bytes and tokens of source.
func BenchmarkCompile(b *testing.B) {
	eng := engine.New(packages.Standard())
	for name, src := range map[string]string{"program": largestProgram(b, eng), "1MB": largeScript(1 << 20)} {
		b.Run(name+"/parse", func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			nodes := countNodes(b, src)
			for b.Loop() {
				if _, err := syntax.Parse(src, nil); err != nil {
					b.Fatal(err)
				}
			}
			report(b, src, nodes)
		})
		b.Run(name+"/compile", func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			nodes := countNodes(b, src)
			for b.Loop() {
				if _, err := eng.Compile(src); err != nil {
					b.Fatal(err)
				}
			}
			report(b, src, nodes)
		})
	}
}

// smallExpressions are n different expressions as rules engines have them, some 40 bytes
// each.
func smallExpressions(n int) []string {
	list := make([]string, n)
	for i := range list {
		switch i % 4 {
		case 0:
			list[i] = fmt.Sprintf(`age >= %d && country == "C%d"`, i, i%50)
		case 1:
			list[i] = fmt.Sprintf("(price_%d + %d) * qty - discount / 2.5", i%100, i)
		case 2:
			list[i] = fmt.Sprintf("order.total > %d || order.items.len() > 3", i)
		case 3:
			list[i] = fmt.Sprintf("if score > %d { score * 2 } else { max(score, %d) }", i, i+1)
		}
	}
	return list
}

// BenchmarkCompileExpressions compiles 10,000 small expressions, and reports the time and
// the bytes allocated for one, and how many bytes a compiled one keeps.
func BenchmarkCompileExpressions(b *testing.B) {
	eng := engine.New(packages.Standard())
	list := smallExpressions(10_000)
	all := func() any {
		out := make([]*engine.AST, len(list))
		for i, src := range list {
			ast, err := eng.Compile(src)
			if err != nil {
				b.Fatal(err)
			}
			out[i] = ast
		}
		return out
	}
	kept, _ := retained(all)
	b.ReportAllocs()
	for b.Loop() {
		all()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(list)), "ns/expr")
	b.ReportMetric(float64(kept)/float64(len(list)), "kept-B/expr")
}

// TestSmallExpressions pins what it takes to compile small expressions: objects, bytes that
// are allocated and bytes that are kept for each.
func TestSmallExpressions(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector changes allocations")
	}
	engine.VerifyBytecode(false)
	defer engine.VerifyBytecode(true)
	eng := engine.New(packages.Standard())
	list := smallExpressions(2000)
	all := func() any {
		out := make([]*engine.AST, len(list))
		for i, src := range list {
			ast, err := eng.Compile(src)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = ast
		}
		return out
	}
	all()
	kept, asts := retained(all)
	if n := float64(kept) / float64(len(list)); n > 1024 {
		t.Errorf("%.0f bytes are kept for one", n)
	}
	runtime.KeepAlive(asts)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all()
	runtime.ReadMemStats(&after)
	n := float64(len(list))
	if objects, bytes := float64(after.Mallocs-before.Mallocs)/n, float64(after.TotalAlloc-before.TotalAlloc)/n; objects > 20 || bytes > 2400 {
		t.Errorf("one takes %.1f objects and %.0f bytes", objects, bytes)
	}
}

// report adds the size of the tree and the tokens per second to a benchmark.
func report(b *testing.B, src string, nodes int) {
	tokens := 0
	for range syntax.Tokens(src) {
		tokens++
	}
	b.ReportMetric(float64(nodes), "nodes")
	b.ReportMetric(float64(tokens)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}

// TestCompileAllocs: from source to bytecode takes at most two allocations per
// node of the tree.
func TestCompileAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector changes allocations")
	}
	engine.VerifyBytecode(false)
	defer engine.VerifyBytecode(true)
	eng := engine.New(packages.Standard())
	src := largeScript(1 << 17)
	got := testing.AllocsPerRun(2, func() {
		if _, err := eng.Compile(src); err != nil {
			t.Fatal(err)
		}
	})
	if nodes := countNodes(t, src); got > 2*float64(nodes) {
		t.Errorf("%d nodes take %v allocations", nodes, got)
	}
}

func countNodes(tb testing.TB, src string) int {
	f, err := syntax.Parse(src, nil)
	if err != nil {
		tb.Fatal(err)
	}
	n := 0
	count := func(syntax.Node) bool { n++; return true }
	for _, d := range f.Funcs {
		syntax.Walk(d.Body, count)
	}
	for _, s := range f.Stmts {
		syntax.Walk(s, count)
	}
	return n
}

// retained returns the bytes that what f makes keeps alive.
func retained(f func() any) (kept uint64, x any) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	x = f()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return after.HeapAlloc - before.HeapAlloc, x
}

// TestCompiledSize: a compiled script keeps at most 12 times its source.
func TestCompiledSize(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector changes sizes")
	}
	eng := engine.New(packages.Standard())
	src := largeScript(1 << 20)
	kept, ast := retained(func() any {
		ast, err := eng.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		return ast
	})
	t.Logf("%d bytes of source, %d kept: %.1f times", len(src), kept, float64(kept)/float64(len(src)))
	if kept > uint64(12*len(src)) {
		t.Errorf("a script of %d bytes keeps %d bytes", len(src), kept)
	}
	runtime.KeepAlive(ast)
}
