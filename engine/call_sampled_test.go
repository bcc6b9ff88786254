package engine_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestSampledCalls observes calls of the host that no script's body leads to, in every way.
func TestSampledCalls(t *testing.T) {
	for name, o := range map[string]engine.SamplerOptions{
		"time": {Period: 100 * time.Microsecond}, "operations": {Operations: 10}, "allocation": {Allocated: 100},
		"exact": {Exact: true}, "calls": {Enter: func(context.Context, engine.Location) {}},
	} {
		t.Run(name, func(t *testing.T) {
			var samples atomic.Int64
			o.Record = func(*engine.Sample) { samples.Add(1) }
			s := engine.NewSampler(o)
			defer s.Stop()
			eng := engine.New(packages.Standard())
			eng.SetSampler(s)
			eng.RegisterFunc("wait", func() { time.Sleep(time.Millisecond) })
			eng.OnVar(func(c *engine.CallContext, name string) (engine.Dynamic, bool, error) {
				v, err := c.Engine().Eval(c.Context(), "1 + 1")
				return v, true, err
			})
			list := evalWith(t, eng, nil, `fn f(x) { let s = ""; for i in 0..100 { s += "text" + i; } wait(); lazy + x } [|x| f(x), Fn("f"), Fn("map")]`)
			fns := list.Array().Items
			p := prepared(t, eng, "lazy + f.call(1)", "f")
			ctx := context.Background()
			hammer(t, 4, 3, func(int, int) error {
				for _, f := range fns[:2] {
					if _, err := eng.CallFn(ctx, f, engine.CallOptions{}, 1); err != nil {
						return err
					}
				}
				if _, err := eng.CallFn(ctx, fns[2], engine.CallOptions{}, []int{1, 2}, fns[0]); err != nil {
					return err
				}
				if _, err := eng.CallNative(ctx, "map", []int{1, 2}, fns[1]); err != nil {
					return err
				}
				if _, err := eng.BinaryOp(ctx, "+", strings.Repeat("x", 5000), 1); err != nil {
					return err
				}
				if _, err := eng.CallNative(ctx, "wait"); err != nil {
					return err
				}
				v, err := p.Eval(ctx, fns[0])
				if err == nil && v.Int() != 5 {
					t.Errorf("%v", v)
				}
				return err
			})
			if samples.Load() == 0 && name != "calls" {
				t.Error("nothing was recorded")
			}
		})
	}
}
