package compare_test

import (
	"context"
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// A program with packages of its own compares how to provide engines. Its main, or
// the TestMain of a test, calls Worker first, with the same packages.
func ExampleRun() {
	shop := engine.NewPackage("shop", func(m *engine.Module) {
		m.Func("vat", func(net float64) float64 { return net * 0.19 })
	})
	cfg := compare.RunConfig{
		Packages: []*engine.Package{shop}, Script: "vat(100.0) + shipping", Vars: []wire.Var{{Name: "shipping", Value: "5"}},
		Strategies: [2]wire.Strategy{wire.Global, wire.Raw},
		Processes:  5, Rounds: 10,
	}
	compare.Worker(cfg) // the first line of main: a worker does not come back from here

	f, err := compare.Run(context.Background(), cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	v := f.Series.Verdict
	fmt.Println("value:", f.Value, "processes:", v.Processes, "interval:", v.Low < v.Ratio && v.Ratio < v.High)
	// Output: value: 24.0 processes: 5 interval: true
}

// A comparison of two configurations: the same strategy on both sides, and B with a
// limit. Configure takes what settings cannot say.
func ExampleSettings() {
	f, err := compare.Run(context.Background(), compare.RunConfig{
		Script: "let x = 0; for i in 0..100 { x += i } x", Processes: 1, Rounds: 1,
		Strategies: [2]wire.Strategy{wire.Global, wire.Global},
		Settings:   [2]wire.Settings{1: {Limits: engine.Limits{Operations: 1_000_000}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range wire.Differences(f.Parity) {
		fmt.Printf("%s: A %s, B %s\n", p.What, p.A, p.B)
	}
	// Output: limits: A default, B 1000000 ops
}
