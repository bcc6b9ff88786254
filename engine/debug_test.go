package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestConformanceDebugged runs the golden cases under debuggers, which must make no
// difference: one that steps through everything and looks at all variables, and one that
// also assigns each variable to itself and evaluates text in every frame.
func TestConformanceDebugged(t *testing.T) {
	looks := map[string]engine.Debugger{
		"idle": {OnStep: func(*engine.DebugContext) engine.DebugAction { return engine.Continue }},
		"looking": {
			OnStep: func(c *engine.DebugContext) engine.DebugAction {
				for i := range min(len(c.Frames()), 4) {
					c.Variables(i)
					c.This(i)
				}
				return engine.StepInto
			},
			Break: func(c *engine.DebugContext) bool {
				c.Call()
				c.Property()
				return c.Err() != nil
			},
		},
		"evaluating": {
			OnStep: func(c *engine.DebugContext) engine.DebugAction {
				for i := range min(len(c.Frames()), 2) {
					for _, v := range c.Variables(i) {
						if got, err := c.Eval(context.Background(), i, v.Name); err == nil && got.Type() != v.Value.Type() {
							t.Errorf("%s is %v in a frame that has %v", v.Name, got, v.Value)
						}
						if v.Shared || strings.Contains(value.Debug(v.Value), "Fn") {
							continue // whoever compares closures can tell
						}
						if err := c.SetVariable(i, v.Name, v.Value); err != nil && !v.Constant && !errors.Is(err, engine.ErrDataRace) {
							t.Errorf("%s cannot be assigned to: %v", v.Name, err)
						}
					}
				}
				return engine.StepInto
			},
		},
	}
	for _, dir := range []string{casesDir, regressionDir} {
		cases, err := scripttest.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, d := range looks {
			stops := 0
			step := d.OnStep
			d.OnStep = func(c *engine.DebugContext) engine.DebugAction {
				// A loop that takes long is left alone after a while.
				if stops++; stops > 2000 {
					return engine.Continue
				}
				return step(c)
			}
			for _, c := range cases {
				if !c.Passes() {
					continue
				}
				stops = 0
				level := engine.OptimizeNone
				if c.Opt != "" {
					level = levels[c.Opt]
				}
				if diff := c.Check(runWarm(c, level, 0, func(e *engine.Engine) { e.SetDebugger(d) })); diff != "" {
					t.Errorf("%s: %s:%d %s\n%s\n%s", name, c.File, c.Line, c.Name, c.Script, diff)
				}
			}
		}
	}
}

// TestDebuggedCountsTheSame checks that a run under a debugger uses as many operations, or
// more if it clones large values that would have been moved.
func TestDebuggedCountsTheSame(t *testing.T) {
	plain, debugged := engine.New(packages.Standard()), engine.New(packages.Standard())
	debugged.SetDebugger(engine.Debugger{OnStep: func(*engine.DebugContext) engine.DebugAction { return engine.StepInto }})
	cases, err := scripttest.Read(casesDir + "/programs")
	if err != nil {
		t.Fatal(err)
	}
	same, all := 0, 0
	for _, c := range cases {
		if c.Limits != nil || c.Modules != nil || c.Mode != "" {
			continue
		}
		ast, err := plain.Compile(c.Script)
		if err != nil {
			continue
		}
		_, want, _ := plain.RunStats(context.Background(), caseScope(c), ast)
		_, got, _ := debugged.RunStats(context.Background(), caseScope(c), ast)
		if all++; got.Operations == want.Operations {
			same++
		} else if got.Operations < want.Operations {
			t.Errorf("%s: %d operations under a debugger, else %d", c.Name, got.Operations, want.Operations)
		}
	}
	if same < all-2 {
		t.Errorf("%d of %d programs use as many operations", same, all)
	}
}

const debugScript = `fn add(a, b) {
    let sum = a + b;
    sum
}
let list = [1, 2, 3];
let total = 0;
for x in list {
    total = add(total, x);
}
let doubled = list.map(|x| {
    let y = x * 2;
    y
});
const LAST = doubled[2];
total + LAST`

// stops runs a script and returns what describe says at each stop.
func stops(t *testing.T, src string, describe func(c *engine.DebugContext, n int) (string, engine.DebugAction)) ([]string, engine.Dynamic, error) {
	t.Helper()
	eng := engine.New(packages.Standard())
	eng.SetOptimization(engine.OptimizeNone)
	var out []string
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		text, action := describe(c, len(out))
		out = append(out, text)
		return action
	}})
	ast, err := eng.CompileNamed("d.rhai", src)
	if err != nil {
		t.Fatal(err)
	}
	v, err := eng.Run(context.Background(), nil, ast)
	return out, v, err
}

// where tells the function and the line of a stop.
func where(c *engine.DebugContext) string {
	f := c.Frames()[0]
	name := f.Func
	if strings.HasPrefix(name, "anon$") {
		name = "closure"
	}
	return fmt.Sprintf("%s:%d", name, f.Pos.Line)
}

func TestDebuggerSteps(t *testing.T) {
	into := ":5 :6 :7 :8 add:2 add:3 :7 :8 add:2 add:3 :7 :8 add:2 add:3 :7 :10 closure:11 closure:12 closure:11 closure:12 closure:11 closure:12 :14 :15"
	over := ":5 :6 :7 :8 :7 :8 :7 :8 :7 :10 :14 :15"
	for want, action := range map[string]engine.DebugAction{into: engine.StepInto, over: engine.StepOver} {
		got, v, err := stops(t, debugScript, func(c *engine.DebugContext, _ int) (string, engine.DebugAction) {
			return where(c), action
		})
		if err != nil || v.String() != "12" {
			t.Errorf("the script gives %v, %v", v, err)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("stops at\n%s, want\n%s", s, want)
		}
	}
	// In the function for the first time, out of it, and then freely.
	got, _, _ := stops(t, debugScript, func(c *engine.DebugContext, n int) (string, engine.DebugAction) {
		v, ok := c.Returned()
		text := fmt.Sprintf("%s %v %v", where(c), v, ok)
		switch {
		case n < 4:
			return text, engine.StepInto
		case n == 4:
			return text, engine.StepOut
		}
		return text, engine.Continue
	})
	if want := []string{":5  false", ":6  false", ":7  false", ":8  false", "add:2  false", ":7 1 true"}; !slices.Equal(got, want) {
		t.Errorf("stops at %q, want %q", got, want)
	}
}

func TestDebuggerVariables(t *testing.T) {
	got, _, err := stops(t, debugScript, func(c *engine.DebugContext, _ int) (string, engine.DebugAction) {
		var frames []string
		for i := range c.Frames() {
			var vars []string
			for _, v := range c.Variables(i) {
				name := v.Name
				if v.Constant {
					name = "const " + name
				}
				vars = append(vars, name+"="+value.Debug(v.Value))
			}
			frames = append(frames, strings.Join(vars, " "))
		}
		return where(c) + "|" + strings.Join(frames, "|"), engine.StepInto
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		":5|", ":6|list=[1, 2, 3]", ":8|list=[1, 2, 3] total=1 x=2",
		"add:3|a=1 b=2 sum=3|list=[1, 2, 3] total=1 x=2", "closure:12|x=3 y=6|list=[1, 2, 3] total=6",
		":15|list=[1, 2, 3] total=6 doubled=[2, 4, 6] const LAST=6",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no stop is %q:\n%s", want, strings.Join(got, "\n"))
		}
	}
}

func TestDebuggerChanges(t *testing.T) {
	ctx := context.Background()
	var log []string
	note := func(v any, err error) { log = append(log, fmt.Sprint(v, " ", err)) }
	_, v, err := stops(t, debugScript, func(c *engine.DebugContext, _ int) (string, engine.DebugAction) {
		switch where(c) {
		case "add:3":
			if len(log) == 0 {
				note(c.Eval(ctx, 0, "sum * 100 + a"))
				note(c.Eval(ctx, 1, "list.push(4); total + list.len"))
				note(c.Eval(ctx, 1, "add(20, 22)"))
				note(c.Eval(ctx, 0, "nowhere"))
				note(c.Eval(ctx, 0, "let = 1"))
				note(c.Eval(ctx, 7, "1"))
				note(c.Eval(ctx, 0, "exit(5)"))
				note("", c.SetVariable(0, "sum", 1000))
				note("", c.SetVariable(0, "total", 1))
				note("", c.SetVariable(0, "this", 1))
			}
		case ":15":
			note("", c.SetVariable(0, "LAST", 7))
			note(c.Eval(ctx, 0, "LAST = 8"))
			note("", c.SetVariable(0, "doubled", []int{7}))
			note(c.Eval(ctx, 0, "list"))
		}
		return "", engine.StepInto
	})
	want := []string{
		"100 <nil>", "4 <nil>", "42 <nil>", "Variable not found: nowhere (line 1, position 1)",
		"Expecting name of a variable (line 1, position 5)", "there is no such frame", "5 <nil>", " <nil>",
		"Variable not found: total", "'this' not bound",
		"Cannot modify constant LAST", "Cannot modify constant LAST (line 1, position 1)", " <nil>", "[1, 2, 3, 4] <nil>",
	}
	for i := range want {
		if i >= len(log) || !strings.Contains(log[i], strings.TrimSpace(want[i])) {
			t.Errorf("%d: %q, want %q", i, log[min(i, len(log)-1)], want[i])
		}
	}
	// The first sum was 1 and became 1000; the loop over the list goes on with its own copy.
	if err != nil || v.String() != "1011" {
		t.Errorf("the script gives %v, %v", v, err)
	}
}

func TestDebuggerBreaks(t *testing.T) {
	eng := engine.New(packages.Standard())
	var out []string
	eng.SetDebugger(engine.Debugger{
		OnStep: func(c *engine.DebugContext) engine.DebugAction {
			name, args, _ := c.Call()
			prop, _ := c.Property()
			out = append(out, strings.TrimSpace(fmt.Sprint(where(c), " ", c.Entered(), " ", name, args, prop, c.Err())))
			return engine.Continue
		},
		Break: func(c *engine.DebugContext) bool {
			name, _, call := c.Call()
			prop, _ := c.Property()
			return call && (name == "max" || name == "push") || prop == "cost" || c.Err() != nil ||
				c.Entered() && c.Frames()[0].Func == "twice"
		},
	})
	ast, err := eng.Compile(`fn twice(x) { 2 * x }
let a = [];
let o = #{cost: 1};
o.cost += max(3, twice(2));
a.push(o.cost);
try { throw 7 } catch { }
throw o.cost;`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = eng.Run(context.Background(), nil, ast)
	if err == nil || err.Error() != "Runtime error: 5 (line 7, position 1)" {
		t.Errorf("the script fails with %v", err)
	}
	want := []string{
		":2 false []<nil>", ":4 false []cost<nil>", "twice:1 true []<nil>", ":4 false max[3 4]<nil>", ":5 false []cost<nil>",
		":5 false push[[] 5]<nil>", ":6 false []Runtime error: 7 (line 6, position 7)",
		":7 false []cost<nil>", ":7 false []Runtime error: 5 (line 7, position 1)",
	}
	if !slices.Equal(out, want) {
		t.Errorf("stops\n%s, want\n%s", strings.Join(out, "\n"), strings.Join(want, "\n"))
	}
}

func TestDebuggerEndsRuns(t *testing.T) {
	_, _, err := stops(t, "let x = 0; loop { x += 1; }", func(c *engine.DebugContext, n int) (string, engine.DebugAction) {
		if n == 5 {
			return "", engine.Stop
		}
		return "", engine.StepInto
	})
	if !errors.Is(err, engine.ErrTerminated) {
		t.Errorf("a stopped run fails with %v", err)
	}
	_, v, err := stops(t, "let x = 0; try { x = 1; } catch (e) { x = e; } x", func(c *engine.DebugContext, n int) (string, engine.DebugAction) {
		if n == 2 {
			if err := c.Throw("mine"); err != nil {
				t.Error(err)
			}
		}
		return "", engine.StepInto
	})
	if err != nil || v.String() != "mine" {
		t.Errorf("a thrown value gives %v, %v", v, err)
	}
	_, _, err = stops(t, "1", func(c *engine.DebugContext, n int) (string, engine.DebugAction) { panic("oops") })
	if err == nil || !strings.Contains(err.Error(), "oops") {
		t.Errorf("a panic gives %v", err)
	}
	// What is evaluated ends with its own context, and the run goes on.
	_, v, err = stops(t, "let x = 1; x + 1", func(c *engine.DebugContext, n int) (string, engine.DebugAction) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if _, err := c.Eval(ctx, 0, "loop { }"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an endless evaluation fails with %v", err)
		}
		return "", engine.StepInto
	})
	if err != nil || v.String() != "2" {
		t.Errorf("the script gives %v, %v", v, err)
	}
}

// TestDebuggerFollows stops in modules, evaluated text, methods and prepared scripts.
func TestDebuggerFollows(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.SourceResolver(map[string]string{"m": "let base = 5;\nexport base;\nfn inc(x) {\n x + 1\n}"}))
	var out []string
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		text := c.Source() + where(c)
		if v, ok := c.This(0); ok {
			text += " this=" + value.Debug(v)
		}
		for _, f := range c.Frames()[1:] {
			text += fmt.Sprintf(" <%s%s:%d", f.Source, f.Func, f.Pos.Line)
		}
		out = append(out, text)
		return engine.StepInto
	}})
	ast, err := eng.CompileNamed("main", "import \"m\" as m;\nfn price() { this.p }\nlet o = #{p: m::inc(y)};\neval(\"let z = o.price()\");\nz")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ast.Prepare(eng, "y")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(context.Background(), 1); err != nil || v.String() != "2" {
		t.Errorf("the script gives %v, %v", v, err)
	}
	want := []string{
		"main:1", "m:1 <main:1", "m:2 <main:1", "main:3", "minc:4 <main:3", "main:4", "maineval:1 <main:4",
		"mainprice:2 this=#{\"p\": 2} <maineval:1 <main:4", "main:5",
	}
	if !slices.Equal(out, want) {
		t.Errorf("stops\n%s, want\n%s", strings.Join(out, "\n"), strings.Join(want, "\n"))
	}
}

// TestDebuggerConcurrent debugs many runs of one script at a time.
func TestDebuggerConcurrent(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetDebugger(engine.Debugger{OnStep: func(c *engine.DebugContext) engine.DebugAction {
		c.Variables(0)
		if _, err := c.Eval(c.Context(), 0, "1 + 1"); err != nil {
			t.Error(err)
		}
		return engine.StepInto
	}})
	ast, err := eng.Compile(debugScript)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if v, err := eng.Run(context.Background(), nil, ast); err != nil || v.String() != "12" {
					t.Errorf("the script gives %v, %v", v, err)
				}
			}
		})
	}
	wg.Wait()
}
