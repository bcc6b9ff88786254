package compare

import (
	"sync/atomic"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// testPackages are what test scripts may call.
func testPackages() []*engine.Package {
	return []*engine.Package{engine.NewPackage("test", func(m *engine.Module) {
		m.Func("print_text", func(c *engine.CallContext, text string) { c.Print(text) })
		m.Func("counter", counter())
		m.Func("vat", func(net float64) float64 { return net * 0.19 }) // of ExampleRun
	})}
}

// counter makes a function whose result is another one each time.
func counter() func() int64 {
	var n atomic.Int64
	return func() int64 { return n.Add(1) }
}

const sumScript = `let sum = start; for i in 0..100 { sum += i; } print_text("sum"); sum`

// sumConfig is a short measurement.
func sumConfig() wire.Config {
	return wire.Config{
		Name: "sum", Script: sumScript, Vars: []wire.Var{{Name: "start", Value: "7"}},
		Duration: 30 * time.Millisecond, Interval: 20 * time.Millisecond,
	}
}
