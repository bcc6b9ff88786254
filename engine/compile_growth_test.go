package engine_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// repeated writes n parts of a source, each with its number where it says %d.
func repeated(n int, part string) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(part, "%d") {
			fmt.Fprintf(&b, strings.ReplaceAll(part, "%d", "%[1]d"), i)
		} else {
			b.WriteString(part)
		}
	}
	return b.String()
}

// large are sources of n parts, of every kind that a script can be long by.
var large = map[string]func(n int) string{
	"doc lines":         func(n int) string { return repeated(n, "/// x\n") + "fn f() {}" },
	"module docs":       func(n int) string { return repeated(n, "//! x\n") },
	"doc blocks":        func(n int) string { return repeated(n, "/** x */\n") + "fn f() {}" },
	"comments":          func(n int) string { return repeated(n, "// x\n") },
	"parameters":        func(n int) string { return "fn f(" + repeated(n, "a%d,") + "z) {}" },
	"closure params":    func(n int) string { return "|" + repeated(n, "a%d,") + "z| 1" },
	"lets":              func(n int) string { return repeated(n/20, "let a%d = 1;") },
	"lets in use":       func(n int) string { return repeated(n/20, "let a%d = 1; a%d;") },
	"lets of functions": func(n int) string { return "fn f() {" + repeated(n/20, "let a%d = 1; a%d += 1;") + "}" },
	"consts":            func(n int) string { return repeated(n/20, "const A%d = 1; A%d + A%d;") },
	"one let":           func(n int) string { return repeated(n/20, "let a = 1;") },
	"outside names":     func(n int) string { return repeated(n/20, "x%d;") },
	"closures":          func(n int) string { return repeated(n, "||x;") },
	"captures":          func(n int) string { return repeated(n/20, "let a%d = 1;") + "||[" + repeated(n/20, "a%d,") + "]" },
	"nested captures":   func(n int) string { return "|| || [" + repeated(n/20, "a%d,") + "]" },
	"statements":        func(n int) string { return repeated(n, "1;") },
	"empty statements":  func(n int) string { return repeated(n, ";") },
	"blocks":            func(n int) string { return repeated(n, "{let a=1;}") },
	"functions":         func(n int) string { return repeated(n, "fn f%d(){}") },
	"calls":             func(n int) string { return repeated(n, "fn f%d(x){x} f%d(1);") },
	"unknown calls":     func(n int) string { return repeated(n, "f%d();") },
	"function names":    func(n int) string { return repeated(n, "fn f%d(){}") + repeated(n, "f%d;") },
	"map keys":          func(n int) string { return "let x=1; #{" + repeated(n, "k%d:x,") + "}" },
	"constant keys":     func(n int) string { return "#{" + repeated(n, "k%d:1,") + "}" },
	"cases":             func(n int) string { return "switch x {" + repeated(n, "%d=>1,") + "}" },
	"text cases":        func(n int) string { return "switch x {" + repeated(n, "\"k%d\"=>1,") + "}" },
	"float cases":       func(n int) string { return "switch x {" + repeated(n, "%d.5=>1,") + "}" },
	"one case":          func(n int) string { return "switch x {" + repeated(n, "1 if y => 1,") + "}" },
	"range cases":       func(n int) string { return "switch x {" + repeated(n, "%d..1000000=>1,") + "}" },
	"labels":            func(n int) string { return "switch x {" + repeated(n, "%d|") + "-1=>1}" },
	"array":             func(n int) string { return "[" + repeated(n, "1,") + "]" },
	"array of names":    func(n int) string { return "let x=1; [" + repeated(n, "x,") + "]" },
	"arguments":         func(n int) string { return "let f=1; f.foo(" + repeated(min(n, 2000), "1,") + "2)" },
	"texts":             func(n int) string { return repeated(n, "\"a%d\";") },
	"interpolation":     func(n int) string { return "`" + repeated(n, "${x}a") + "`" },
	"constant parts":    func(n int) string { return "`" + repeated(n, "${1}a") + "`" },
	"text parts":        func(n int) string { return "`" + repeated(n, "${\"b\"}a") + "`" },
	"else if":           func(n int) string { return "if x {}" + repeated(min(n/50, 40), " else if y {}") },
	"or":                func(n int) string { return "if x" + repeated(min(n, 40), " || y") + " {}" },
	"tries":             func(n int) string { return repeated(n, "try{}catch(e){}") },
	"loops":             func(n int) string { return repeated(n, "for i in 0..1{}") },
	"breaks":            func(n int) string { return "loop {" + repeated(n, "if x {break;}") + "}" },
	"exports":           func(n int) string { return repeated(n/20, "let a%d=1;export a%d;") },
	"imports":           func(n int) string { return repeated(n/20, "import \"m\" as m%d; m%d::x;") },
	"evals":             func(n int) string { return repeated(n/200, "let a%d=1;eval(\"1\");") },
	"bang calls":        func(n int) string { return "fn f(){|| x}" + repeated(n/20, "f!();") },
	"chars":             func(n int) string { return "\"" + repeated(n, "é\\n") + "\"" },
	"continued lines":   func(n int) string { return "\"" + repeated(n, "a\\\n ") + "\"" },
	"name":              func(n int) string { return "x" + repeated(n, "y") },
	"number":            func(n int) string { return "0." + repeated(n, "1_") },
	"raw text":          func(n int) string { return "#\"" + repeated(n, "a\"") + "\"#" },
	"marks":             func(n int) string { return repeated(n, "#") + "\"x" },
	"unterminated":      func(n int) string { return repeated(n, "/*") },
	"methods":           func(n int) string { return repeated(n, "x.m%d();") },
	"properties":        func(n int) string { return repeated(n, "x.m%d;x.m%d=1;") },
	"typed functions":   func(n int) string { return repeated(n, "fn int.f%d(){this}") },
	"overloads of type": func(n int) string { return repeated(n, "fn T%d.f(){this}") },
	"constant texts":    func(n int) string { return repeated(n, "\"aaaaaaaa\"+") + "1" },
}

// allocated is what compiling a source allocates, in bytes.
func allocated(eng *engine.Engine, src string) uint64 {
	least := uint64(math.MaxUint64)
	for range 3 {
		// Pools are emptied by the second collection: what a compiler keeps must not count
		// for some sources and not for others. Other goroutines may allocate meanwhile.
		runtime.GC()
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = eng.Compile(src)
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// longScripts compiles scripts of any depth and size.
func longScripts() *engine.Engine {
	return newStandard().SetLimits(engine.Limits{ExprDepth: 100_000, FnExprDepth: 100_000})
}

// TestCompileGrowsLinearly: four times the source takes about four times the memory.
// What takes no memory is seen by BenchmarkCompileGrowth.
func TestCompileGrowsLinearly(t *testing.T) {
	eng := longScripts()
	for name, source := range large {
		a, b := source(4_000), source(16_000)
		longer := float64(len(b)) / float64(len(a))
		// Tables grow by doubling.
		if m, n := allocated(eng, a), allocated(eng, b); float64(n) > 2*longer*float64(m)+1<<20 {
			t.Errorf("%s: %d bytes allocate %d, %d bytes %d", name, len(a), m, len(b), n)
		}
	}
}

// BenchmarkCompileGrowth prints what compiling costs by the byte, for sources of one
// length and of four times that.
func BenchmarkCompileGrowth(b *testing.B) {
	eng := longScripts()
	for name, source := range large {
		for _, n := range []int{20_000, 80_000} {
			src := source(n)
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "_"), n), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					_, _ = eng.Compile(src)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(src)), "ns/byte")
			})
		}
	}
}

// TestFoldingIsBounded: constants that double do not take memory when they are
// compiled, whatever the limits, and mean what they meant.
func TestFoldingIsBounded(t *testing.T) {
	const start = `const A0 = "0123456789";`
	doubling := func(format string) string {
		var b strings.Builder
		b.WriteString(start)
		for i := range 30 {
			fmt.Fprintf(&b, format, i+1, i)
		}
		return b.String()
	}
	var spread strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&spread, "`${A0}%d${A0}`;", i)
	}
	for name, src := range map[string]string{
		"sums":           doubling("const A%[1]d = A%[2]d + A%[2]d;"),
		"interpolations": doubling("const A%[1]d = `${A%[2]d}${A%[2]d}`;"),
		"both":           doubling("const A%[1]d = `${A%[2]d}` + A%[2]d;"),
		"many":           `const A0 = "` + strings.Repeat("x", 1500) + `";` + spread.String(),
		"calls":          `const A = pad_to(1000000000); blob(1000000000, 1); let b = range(0, 1000000000); A`,
		"pads":           `let a = 1; f("x".pad(1, "y")); blob(100000000);`,
	} {
		for _, level := range []engine.OptLevel{engine.OptimizeSimple, engine.OptimizeFull} {
			eng := newStandard().SetOptimization(level)
			eng.RegisterFunc("pad_to", func(c *engine.CallContext, n int64) (string, error) {
				if err := c.CheckString(int(n)); err != nil {
					return "", err
				}
				return strings.Repeat("x", int(n)), nil
			})
			if n := allocated(eng, src); n > 8<<20 {
				t.Errorf("%s at level %d: %d bytes for a source of %d", name, level, n, len(src))
			}
		}
	}
	for _, script := range []string{
		`const A = "` + strings.Repeat("x", 3000) + `"; const B = A + A; const C = B + "!"; C.len`,
		"const A = \"" + strings.Repeat("x", 3000) + "\"; const B = `${A}-${A}`; const C = `${B}!${B}`; C.len",
	} {
		var got []string
		for _, level := range []engine.OptLevel{engine.OptimizeNone, engine.OptimizeSimple, engine.OptimizeFull} {
			v, err := newStandard().SetOptimization(level).Eval(t.Context(), script)
			got = append(got, fmt.Sprint(value.Debug(v), err))
		}
		if got[0] != got[1] || got[0] != got[2] {
			t.Errorf("%.60s gives %v", script, got)
		}
	}
}
