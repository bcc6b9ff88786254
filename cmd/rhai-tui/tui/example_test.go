package tui_test

import (
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/tui"
	"github.com/rhai-tui/rhai-tui/engine"
)

// A program with functions of its own has all of rhai-tui with them: go run . compare
// rules.rhai measures scripts that call discount.
func Example() {
	shop := engine.NewPackage("shop", func(m *engine.Module) {
		m.Func("discount", func(total float64, tier string) float64 {
			if tier == "gold" {
				return total * 0.9
			}
			return total
		})
	})
	tui.Main(shop)
}
