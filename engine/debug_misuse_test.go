package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestDebuggerEvaluatesOneTextAtATime checks that a function of the host which a debugger's
// text calls cannot evaluate another one: the machine is elsewhere then.
func TestDebuggerEvaluatesOneTextAtATime(t *testing.T) {
	eng := engine.NewRaw()
	var at *engine.DebugContext
	var inner error
	eng.RegisterFunc("again", func(c *engine.CallContext) int {
		_, inner = at.Eval(c.Context(), 0, "x += 1; x")
		if vars := at.Variables(0); len(vars) != 1 || vars[0].Name != "x" {
			t.Errorf("the variables are %v", vars)
		}
		return 7
	})
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		if at = c; c.Pos().Line == 2 {
			v, err := c.Eval(context.Background(), 0, "x += again(); x")
			if err != nil || v.Int() != 8 {
				t.Errorf("the outer text gives %v, %v", v, err)
			}
		}
		return engine.StepInto
	}})
	v, err := eng.Eval(context.Background(), "let x = 1;\nx * 2")
	if err != nil || v.Int() != 16 {
		t.Errorf("the run gives %v, %v", v, err)
	}
	if _, err := at.Eval(context.Background(), 0, "x"); err == nil || at.Variables(0) != nil || at.SetVariable(0, "x", 1) == nil {
		t.Errorf("a run that is over can be looked at: %v", err)
	}
	if !errors.Is(inner, engine.ErrSystem) {
		t.Errorf("the inner text gives %v", inner)
	}
}

// TestCancelledWhileStopped checks that a run ends where it stands if its context is done
// while the debugger looks at it.
func TestCancelledWhileStopped(t *testing.T) {
	cause := errors.New("enough")
	for name, use := range map[string]func(d *engine.Debugger, f func()){
		"OnStep": func(d *engine.Debugger, f func()) {
			d.OnStep = func(*engine.DebugContext) engine.DebugAction { f(); return engine.StepInto }
		},
		"Break": func(d *engine.Debugger, f func()) {
			d.OnStep = func(*engine.DebugContext) engine.DebugAction { return engine.Continue }
			d.Break = func(*engine.DebugContext) bool { f(); return false }
		},
	} {
		ctx, cancel := context.WithCancelCause(context.Background())
		var asked int
		var d engine.Debugger
		use(&d, func() {
			if asked++; asked == 2 {
				cancel(cause)
			}
		})
		eng := engine.NewRaw()
		eng.SetDebugger(d)
		_, err := eng.Eval(ctx, "try { let x = 1; x += 1; x += 2; x } catch { 5 }")
		if !errors.Is(err, engine.ErrTerminated) || !errors.Is(err, cause) || asked != 2 {
			t.Errorf("%s: asked %d times, the run gives %v", name, asked, err)
		}
	}
}

// TestDebuggerSeesScalarsAfterLastUse checks that a variable with a number is still there
// for the debugger when its function has used it for the last time.
func TestDebuggerSeesScalarsAfterLastUse(t *testing.T) {
	eng := engine.NewRaw()
	var seen []engine.Variable
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		if c.Pos().Line == 2 {
			seen = c.Variables(1)
		}
		return engine.StepInto
	}})
	_, err := eng.Eval(context.Background(), "fn check(v) {\nv }\nfn total(rate) { let s = 2; s += rate;\ncheck(s) }\ntotal(3)")
	if err != nil || len(seen) != 2 || seen[1].Name != "s" || seen[1].Value.Int() != 5 {
		t.Errorf("the caller has %v, %v", seen, err)
	}
}

// TestDebuggerEvaluatesClosures evaluates text with closures, and looks at variables that
// are not used any more.
func TestDebuggerEvaluatesClosures(t *testing.T) {
	eng := engine.New(packages.Standard())
	looked := 0
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		if c.Pos().Line != 3 {
			return engine.StepInto
		}
		looked++
		for text, want := range map[string]string{
			"list.map(|x| x + n)": "[11, 12]", "list.some(|x| x > 1)": "true", "|| n": "", "gone.len": "1",
		} {
			if v, err := c.Eval(context.Background(), 0, text); err != nil || want != "" && v.String() != want {
				t.Errorf("%s is %v, %v", text, v, err)
			}
		}
		if _, err := c.Eval(context.Background(), 0, "fn f() { }"); err == nil {
			t.Error("a function is defined")
		}
		return engine.StepInto
	}})
	v, err := eng.Eval(context.Background(), "fn f(list, n) { let gone = [7]; let b = gone;\nb.push(8);\n[list, n, b] }\nf([1, 2], 10)")
	if err != nil || v.String() != "[[1, 2], 10, [7, 8]]" || looked != 1 {
		t.Errorf("the run gives %v, %v after %d looks", v, err, looked)
	}
}
