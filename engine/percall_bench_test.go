package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// BenchmarkPerCall runs `x + 1` by the pattern of one engine per call: without more, with
// limits, with a context that has a deadline, and with both, by limits that each engine
// sets and by a configuration that all share.
func BenchmarkPerCall(b *testing.B) {
	std := packages.Standard().SharedModule()
	ast, err := engine.New(packages.Standard()).Compile("x + 1")
	if err != nil {
		b.Fatal(err)
	}
	limits := engine.Limits{Operations: 1_000_000, StringSize: 1 << 20}
	config := engine.NewConfig().SetLimits(limits)
	timed, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	for _, x := range []struct {
		name string
		ctx  context.Context
		run  func(ctx context.Context) (engine.Dynamic, error)
	}{
		{"raw", context.Background(), func(ctx context.Context) (engine.Dynamic, error) {
			return runPerCall(ctx, engine.NewRaw().RegisterGlobalModule(std), ast)
		}},
		{"raw_limits", context.Background(), func(ctx context.Context) (engine.Dynamic, error) {
			return runPerCall(ctx, engine.NewRaw().SetLimits(limits).RegisterGlobalModule(std), ast)
		}},
		{"raw_deadline", timed, func(ctx context.Context) (engine.Dynamic, error) {
			return runPerCall(ctx, engine.NewRaw().RegisterGlobalModule(std), ast)
		}},
		{"raw_limits_deadline", timed, func(ctx context.Context) (engine.Dynamic, error) {
			return runPerCall(ctx, engine.NewRaw().SetLimits(limits).RegisterGlobalModule(std), ast)
		}},
		{"config_deadline", timed, func(ctx context.Context) (engine.Dynamic, error) {
			return runPerCall(ctx, engine.NewRawWith(config).RegisterGlobalModule(std), ast)
		}},
	} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v, err := x.run(x.ctx); err != nil || v.Int() != 43 {
					b.Fatal(v, err)
				}
			}
		})
	}
}

// runPerCall runs a script with x in a new scope.
func runPerCall(ctx context.Context, eng *engine.Engine, ast *engine.AST) (engine.Dynamic, error) {
	scope := engine.NewScope()
	scope.Push("x", int64(42))
	return eng.Run(ctx, scope, ast)
}
