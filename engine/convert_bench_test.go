package engine_test

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// BenchmarkToValue converts what hosts pass most.
func BenchmarkToValue(b *testing.B) {
	row := map[string]any{"id": 7, "name": "x", "price": 1.5, "tags": []any{"a", "b", true, nil}}
	for name, x := range map[string]any{"int": 7, "float": 1.5, "string": "text", "nil": nil, "value": engine.V(7), "row": row} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := engine.ToValue(x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
