package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// FuzzRun: no script makes the machine panic, and all levels of optimisation
// agree on the result, the output, the variables and the error, as do runs without
// limits on sizes once the caches of call sites are filled, which take shorter ways.
func FuzzRun(f *testing.F) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Script)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if strings.Contains(src, "timestamp") || strings.Contains(src, "sleep") {
			t.Skip("depends on time")
		}
		want, ok := fuzzRun(t, src, engine.OptimizeNone, true, 1)
		if !ok {
			return
		}
		for _, level := range []engine.OptLevel{engine.OptimizeSimple, engine.OptimizeFull} {
			if got, ok := fuzzRun(t, src, level, true, 1); ok && got != want {
				t.Fatalf("levels disagree\n--- script\n%s\n--- none\n%s\n--- level %d\n%s", src, want, level, got)
			}
		}
		// What stayed within the limits on sizes does so without them, but literals
		// can be too large as well.
		if strings.HasPrefix(want, "compile: ") {
			return
		}
		if got, ok := fuzzRun(t, src, engine.OptimizeNone, false, 3); ok && got != want {
			t.Fatalf("runs disagree\n--- script\n%s\n--- with limits\n%s\n--- the third without\n%s", src, want, got)
		}
	})
}

// fuzzRun runs a script some times with tight limits and returns all that can be
// seen of the last one. ok is false if it ran into the limit on operations or time,
// which optimisation may move.
func fuzzRun(t *testing.T, src string, level engine.OptLevel, sized bool, times int) (seen string, ok bool) {
	var out strings.Builder
	eng := engine.New(packages.Standard())
	eng.SetOptimization(level)
	limits := engine.Limits{Operations: 20_000, Variables: 100, CallLevels: 20}
	if sized {
		limits.StringSize, limits.ArraySize, limits.MapSize = 10_000, 1_000, 500
	}
	eng.SetLimits(limits)
	eng.OnPrint(func(_ context.Context, text string) { out.WriteString(text + "\n") })
	eng.OnDebug(func(_ context.Context, text, _ string, _ syntax.Pos) { out.WriteString("debug " + text + "\n") })
	newScope := func() *engine.Scope {
		return engine.NewScope().PushConst("x", 5).PushConst("a", []int{1, 2, 3}).PushConst("m", map[string]any{"a": 1}).Push("n", 7)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	ast, err := eng.Compile(src)
	if err != nil {
		return "compile: " + err.Error(), true
	}
	var v engine.Dynamic
	var scope *engine.Scope
	for range times {
		scope = newScope()
		out.Reset()
		v, err = eng.Run(ctx, scope, ast)
	}
	switch {
	case errors.Is(err, engine.ErrTooManyOperations), errors.Is(err, engine.ErrTerminated):
		return "", false
	case errors.Is(err, engine.ErrDataTooLarge):
		// Constants are folded as one: which step is too large may differ.
		return "", false
	case err != nil:
		var e *engine.Error
		if !errors.As(err, &e) {
			t.Fatalf("error is a %T: %v", err, err)
		}
		if strings.Contains(e.Text, "panicked") {
			t.Fatalf("native function panicked\n--- script\n%s\n%v\n%v", src, err, e.Cause)
		}
		out.WriteString("error: " + err.Error() + "\n")
	default:
		out.WriteString("result: " + value.Debug(v) + " : " + v.TypeName() + "\n")
	}
	for x := range scope.All() {
		out.WriteString(x.Name + " = " + value.Debug(x.Value) + "\n")
	}
	return out.String(), true
}
