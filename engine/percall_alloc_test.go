package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestPerCallAllocs pins what one engine per call takes: nothing, with limits and a
// deadline too, and for results and texts.
func TestPerCallAllocs(t *testing.T) {
	std := packages.Standard().SharedModule()
	eng := engine.New(packages.Standard())
	compile := func(src string) *engine.AST {
		ast, err := eng.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		return ast
	}
	one, truth, text, loop := compile("x + 1"), compile("x > 1"), compile(`s == "Portugal"`), compile("let n = x; for i in 0..10 { n += i } n")
	timed, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	limits := engine.Limits{Operations: 1_000_000, StringSize: 1 << 20}
	config := engine.NewConfig()
	for _, ctx := range []context.Context{context.Background(), timed} {
		pinned(t, "x + 1", 0, func() error { _, err := runPerCall(ctx, engine.NewRaw().RegisterGlobalModule(std), one); return err })
		for _, ast := range []*engine.AST{one, loop} {
			pinned(t, "limits", 0, func() error {
				_, err := runPerCall(ctx, engine.NewRaw().SetLimits(limits).RegisterGlobalModule(std), ast)
				return err
			})
			pinned(t, "limits beside a configuration", 0, func() error {
				_, err := runPerCall(ctx, engine.NewRawWith(config).SetLimits(limits).RegisterGlobalModule(std), ast)
				return err
			})
		}
	}
	ctx := context.Background()
	pinned(t, "As[bool]", 0, func() error { _, err := engine.As[bool](runPerCall(ctx, engine.NewRaw(), truth)); return err })
	pinned(t, "As[int64]", 0, func() error { _, err := engine.As[int64](runPerCall(ctx, engine.NewRaw(), one)); return err })
	pinned(t, "As[engine.Dynamic]", 0, func() error { _, err := engine.As[engine.Dynamic](runPerCall(ctx, engine.NewRaw(), one)); return err })
	names := strings.Split("Portugal,Spain", ",")
	turn := 0
	pinned(t, "PushString", 0, func() error {
		turn++
		scope := engine.NewScope()
		scope.PushString("s", names[turn%2])
		got, err := engine.As[bool](engine.NewRaw().Run(ctx, scope, text))
		if err == nil && got != (turn%2 == 0) {
			t.Fatal(turn, got)
		}
		return err
	})
	pinned(t, "Push of a string that is in an interface", 0, func() error {
		scope := engine.NewScope()
		scope.Push("s", "Portugal")
		_, err := engine.NewRaw().Run(ctx, scope, text)
		return err
	})
}
