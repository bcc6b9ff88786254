package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// BenchmarkDeadline reports how late a deadline of 50 ms is noticed, in
// milliseconds: late is the mean, worst the longest. A nap takes 1 ms.
func BenchmarkDeadline(b *testing.B) {
	const deadline = 50 * time.Millisecond
	eng := newStandard().RegisterFunc("nap", func() { time.Sleep(time.Millisecond) })
	eng.SetResolver(engine.SourceResolver(map[string]string{"naps": "for i in 0..1000 { nap() }"}))
	for name, script := range map[string]string{
		"loop":         "loop { }",
		"calls":        "fn f(n) { if n < 2 { n } else { f(n - 1) + f(n - 2) } } f(60)",
		"nap_loop":     "for i in 0..1000 { nap() }",
		"nap_map":      "let a = []; a.pad(1000, 0); a.map(|x| nap())",
		"nap_sort":     "let a = []; a.pad(1000, 0); a.sort(|x, y| { nap(); 0 })",
		"nap_try":      "loop { try { nap(); throw 1; } catch { } }",
		"nap_eval":     `loop { eval("nap()") }`,
		"nap_import":   `import "naps" as n;`,
		"sleep":        "sleep(10)",
		"sort":         "let a = []; for i in 0..100000 { a.push(i * 7919 % 100003) } loop { let b = a; b.sort() }",
		"string":       `let s = "x"; for i in 0..22 { s += s } loop { let t = s; t.replace("x", "y") }`,
		"interpolate":  "let a = []; a.pad(10000, 1.5); loop { `${a}` }",
		"array_concat": "let a = []; a.pad(100000, 1); loop { let b = a + a }",
	} {
		b.Run(name, func(b *testing.B) {
			ast, err := eng.Compile(script)
			if err != nil {
				b.Fatal(err)
			}
			var sum, worst time.Duration
			for b.Loop() {
				start := time.Now()
				ctx, cancel := context.WithTimeout(context.Background(), deadline)
				_, err := eng.Run(ctx, nil, ast)
				late := time.Since(start) - deadline
				cancel()
				if !errors.Is(err, context.DeadlineExceeded) {
					b.Fatal(err)
				}
				sum += late
				worst = max(worst, late)
			}
			b.ReportMetric(float64(sum.Microseconds())/1e3/float64(b.N), "ms-late")
			b.ReportMetric(float64(worst.Microseconds())/1e3, "ms-worst")
			b.ReportMetric(0, "ns/op")
		})
	}
}
