package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestShortWaysCountTheSame checks that a run which is observed exactly, and for which no
// short way is taken, does and counts what a run does that nobody observes.
func TestShortWaysCountTheSame(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 100_000, CallLevels: 32})
	s := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(*engine.Sample) {}})
	defer s.Stop()
	run := func(ctx context.Context, ast *engine.AST) (string, engine.Stats) {
		v, stats, err := eng.RunStats(ctx, nil, ast)
		if err != nil {
			return err.Error(), stats
		}
		return value.Debug(v), stats
	}
	for _, c := range cases {
		ast, err := eng.Compile(c.Script)
		if err != nil {
			continue
		}
		got, stats := run(context.Background(), ast)
		want, exact := run(engine.WithSampler(context.Background(), s), ast)
		again, _ := run(context.Background(), ast)
		if got != again || stats.Operations > 100_000 {
			continue // it depends on the time, or the like, or on when the limit is noticed
		}
		if got != want || stats.Operations != exact.Operations {
			t.Errorf("%s:%d\n%s\n got %s, %d operations\nwant %s, %d operations", c.File, c.Line, c.Script, got, stats.Operations, want, exact.Operations)
		}
	}
}
