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

// fuzzMode is a way to run a script that must make no difference.
type fuzzMode struct {
	level engine.OptLevel
	sized bool // with limits on sizes
	times int  // runs: from the second on the caches of call sites are filled
	raw   bool // on an engine that was made empty and got the packages as modules
	// What happened before on the same engine with the same script: it failed halfway, or
	// its context ended.
	failed, cancelled bool
	debugged          bool // by a debugger that looks at everything
}

// FuzzRun: no script makes the machine panic, and all that can be seen of a run (the
// result, the output, the variables and the error) is the same at all levels of
// optimisation, with caches that are empty or filled, with limits on sizes and without, on
// any engine that has the same functions, and after runs that failed or were cancelled.
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
		want, ok := fuzzRun(t, src, fuzzMode{sized: true, times: 1})
		if !ok {
			return
		}
		for _, mode := range []fuzzMode{
			{level: engine.OptimizeSimple, sized: true, times: 1},
			{level: engine.OptimizeFull, sized: true, times: 1},
			{level: engine.OptimizeSimple, sized: true, times: 3},
			{level: engine.OptimizeFull, sized: true, times: 2, failed: true},
			{level: engine.OptimizeNone, sized: true, times: 1, raw: true},
			{level: engine.OptimizeSimple, sized: true, times: 1, raw: true, cancelled: true},
			{level: engine.OptimizeNone, sized: true, times: 1, failed: true, cancelled: true},
			{level: engine.OptimizeNone, times: 3},
			{level: engine.OptimizeFull, times: 3, failed: true},
			{level: engine.OptimizeNone, sized: true, times: 1, debugged: true},
		} {
			// What stayed within the limits on sizes does so without them, but literals
			// can be too large as well.
			if !mode.sized && strings.HasPrefix(want, "compile: ") {
				continue
			}
			if got, ok := fuzzRun(t, src, mode); ok && got != want {
				t.Fatalf("runs disagree\n--- script\n%s\n--- the first\n%s\n--- %+v\n%s", src, want, mode, got)
			}
		}
	})
}

// lookingDebugger returns a debugger that looks at everything for the first steps.
func lookingDebugger(t *testing.T) engine.Debugger {
	n := 0
	return engine.Debugger{
		OnStep: func(c *engine.DebugContext) engine.DebugAction {
			for i := range min(len(c.Frames()), 2) {
				c.Variables(i)
				c.This(i)
				if v, err := c.Eval(c.Context(), i, "40 + 2"); (err != nil || value.Debug(v) != "42") && c.Context().Err() == nil {
					t.Fatalf("a debugger evaluates 40 + 2 as %v, %v", v, err)
				}
			}
			if n++; n > 300 {
				return engine.Continue
			}
			return engine.StepInto
		},
		Break: func(c *engine.DebugContext) bool {
			c.Call()
			c.Property()
			return c.Err() != nil && n <= 300
		},
	}
}

// fuzzRun runs a script with tight limits and returns all that can be seen of the last
// run. ok is false if it ran into the limit on operations or time, which optimisation
// may move.
func fuzzRun(t *testing.T, src string, mode fuzzMode) (seen string, ok bool) {
	var out strings.Builder
	eng := engine.New(packages.Standard())
	if mode.raw {
		eng = engine.NewRaw()
		eng.RegisterPackage(packages.Standard())
	}
	eng.SetOptimization(mode.level)
	if mode.debugged {
		eng.SetDebugger(lookingDebugger(t))
	}
	limits := engine.Limits{Operations: 20_000, Variables: 100, CallLevels: 20}
	if mode.sized {
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
	if mode.failed {
		few := limits
		for few.Operations = 1; few.Operations < 4_000; few.Operations *= 4 {
			eng.SetLimits(few)
			_, _ = eng.Run(ctx, newScope(), ast)
		}
		eng.SetLimits(limits)
	}
	if mode.cancelled {
		soon, cancel := context.WithTimeout(ctx, time.Duration(len(src)%8)*20*time.Microsecond)
		_, _ = eng.Run(soon, newScope(), ast)
		cancel()
	}
	var v engine.Dynamic
	var scope *engine.Scope
	for range mode.times {
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
