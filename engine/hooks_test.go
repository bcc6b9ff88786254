package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// result is the value of a script as debug shows it, or its error.
func result(eng *engine.Engine, scope *engine.Scope, src string) string {
	v, err := eng.EvalScope(context.Background(), scope, src)
	if err != nil {
		return "error " + err.Error()
	}
	return value.Debug(v)
}

type scriptCase struct{ src, want string }

func runCases(t *testing.T, eng *engine.Engine, cases []scriptCase) {
	t.Helper()
	for _, level := range []engine.OptLevel{engine.OptimizeSimple, engine.OptimizeNone, engine.OptimizeFull} {
		e := eng.Clone().SetOptimization(level)
		for _, c := range cases {
			if got := result(e, engine.NewScope().Push("known", 1), c.src); got != c.want {
				t.Errorf("level %d: %s\n got %s\nwant %s", level, c.src, got, c.want)
			}
		}
	}
}

func TestOnVar(t *testing.T) {
	var calls atomic.Int64
	eng := engine.New(packages.Standard())
	eng.OnVar(func(c *engine.CallContext, name string) (engine.Dynamic, bool, error) {
		calls.Add(1)
		switch name {
		case "answer":
			return value.Int(42), true, nil
		case "list":
			return engine.V([]int{1, 2, 3}), true, nil
		case "obj":
			return engine.V(map[string]any{"a": 1}), true, nil
		case "yes":
			return value.Bool(true), true, nil
		case "broken":
			return value.Unit, false, errors.New("out of order")
		case "own":
			return value.Unit, false, engine.ErrForbiddenVariable
		case "stop":
			return value.Unit, false, engine.Terminate("enough")
		case "boom":
			panic("bang")
		case "called":
			f, err := c.FnNamed("double")
			if err != nil {
				return value.Unit, false, err
			}
			v, err := c.CallFn(f, nil, value.Int(21))
			return v, true, err
		case "nested":
			v, err := c.Engine().Eval(c.Context(), "answer + 1")
			return v, true, err
		case "endless":
			v, err := c.Engine().Eval(c.Context(), "endless")
			return v, true, err
		case "place":
			return engine.V(c.Pos().String() + " " + c.Name()), true, nil
		}
		return value.Unit, false, nil
	})
	const missing = "error Variable not found: nothing (line 1, position 1)"
	runCases(t, eng, []scriptCase{
		{"answer", "42"}, {"answer + answer * 2", "126"}, {"known + answer", "43"}, {"nothing", missing}, {"nothing + 1", missing},
		{"let answer = 1; answer", "1"}, {"{ let answer = 1; } answer", "42"},
		{"fn f() { answer } f()", "42"}, {"let f = || answer + known; f.call()", "43"},
		{"let n = 0; for i in list { n += i } n", "6"}, {"list[1] + list.len()", "5"}, {"obj.a + obj[\"a\"]", "2"},
		{"if yes { `${answer}` } else { 0 }", `"42"`}, {"while yes { break }; type_of(answer)", `"i64"`},
		{"switch answer { 42 => 1, _ => 2 }", "1"}, {"-answer", "-42"}, {"!yes", "false"}, {"yes && !yes", "false"},
		{"let x = answer; x += 1; x", "43"}, {"[answer, #{b: answer}]", "[42, #{\"b\": 42}]"},
		{`eval("answer + 1")`, "43"}, {`fn f() { eval("let z = 1; z + answer") } f()`, "43"},
		{"answer = 1", "error Cannot modify constant answer (line 1, position 1)"},
		{"answer += 1", "error Cannot modify constant answer (line 1, position 1)"},
		{"list[0] = 1", "error Cannot modify constant list (line 1, position 1)"},
		{"list.push(1); 0", "error Non-pure method 'push' cannot be called on constant (line 1, position 6)"},
		{"obj.a = 1", "error Cannot modify constant obj (line 1, position 1)"},
		{"obj.a.b = 1", "error No writable property 'b' - a setter is not registered for type 'i64' to handle 'i64' (line 1, position 7)"}, // as of a constant
		{"nothing = 1", missing}, {"nothing += 1", missing}, {"nothing.a = 1", missing}, {"nothing[0] = 1", missing},
		{"fn f(x) { x.push(4); x } f(list)", "[1, 2, 3, 4]"},
		{"let a = list; a.push(4); list.len() + a.len()", "7"},
		{"let r; try { broken } catch (e) { r = e.message } r", `"Runtime error: out of order"`}, {"let r; try { nothing } catch (e) { r = e.variable } r", `"nothing"`},
		{"try { boom } catch { 0 }", "error OnVar panicked: bang (line 1, position 7)"},
		{"fn double(x) { x * 2 } called + 1", "43"}, {"fn double(x) { x * 2 } let a = [called, called]; a", "[42, 42]"},
		{"nested", "43"}, {"known; place", `"1:8 OnVar"`},
		{"is_def_var(\"answer\")", "false"},
	})
	calls.Store(0)
	if got := result(eng, nil, "let n = 0; for i in 0..10 { n += answer } n"); got != "420" || calls.Load() != 10 {
		t.Errorf("%s after %d calls; the hook is called for each use", got, calls.Load())
	}
	if _, err := eng.Eval(context.Background(), "try { stop } catch { 1 }"); !errors.Is(err, engine.ErrTerminated) {
		t.Errorf("terminated: %v", err)
	}
	if _, err := eng.Eval(context.Background(), "endless"); !errors.Is(err, engine.ErrStackOverflow) {
		t.Errorf("without end: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	own := engine.NewRaw().OnVar(func(*engine.CallContext, string) (engine.Dynamic, bool, error) {
		cancel()
		return value.Int(1), true, nil
	})
	if _, err := own.Eval(ctx, "try { x } catch { 1 }"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled meanwhile: %v", err)
	}
}

func TestOnMissingFunc(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.OnMissingFunc(func(c *engine.CallContext, name string, args []engine.Dynamic, method bool) (engine.Dynamic, bool, error) {
		switch name {
		case "sum", "+":
			n := 0
			for _, a := range args {
				if a.IsInt() {
					n += int(a.Int())
				}
			}
			return engine.V(fmt.Sprint(n, " ", method)), true, nil
		case "self":
			return args[0], true, nil
		case "fail":
			return value.Unit, true, errors.New("failed")
		case "boom":
			panic("bang")
		case "twice":
			v, err := c.CallFn(args[0], nil, value.Int(21))
			return v, true, err
		}
		return value.Unit, false, nil
	})
	runCases(t, eng, []scriptCase{
		{"sum(1, 2)", `"3 false"`}, {"known.sum(2)", `"3 true"`}, {"let x = [1]; x.self()", "[1]"},
		{"fn sum(a, b) { 7 } sum(1, 2)", "7"}, {"fn sum(a, b) { 7 } sum(1, 2, 3)", `"6 false"`},
		{"other(1)", "error Function not found: other (i64) (line 1, position 1)"},
		{"let r; try { fail() } catch (e) { r = e.message } r", `"Runtime error: failed"`}, {"boom()", "error OnMissingFunc panicked: bang (line 1, position 1)"},
		{"#{} + 5", `"5 false"`}, {"() - 5", "error Function not found: - ((), i64) (line 1, position 4)"},
		{`Fn("sum").call(1, 2)`, `"3 false"`}, {`[1, 2].map(Fn("sum"))`, `["1 true", "2 true"]`},
		{"fn d(x) { x * 2 } twice(Fn(\"d\")) + twice(|x| x)", "63"},
		{"let x = [1]; x.push(self([2])); x", "[1, [2]]"},
		{"let a = [[1]]; let i = 0; a[i].self().push(2); a", "[[1]]"},
	})
	v, err := eng.CallFn(context.Background(), evalWith(t, eng, nil, `Fn("sum")`), engine.CallOptions{}, 40, 2)
	if got := value.Debug(v); err != nil || got != `"42 false"` {
		t.Errorf("called by the host: %s, %v", got, err)
	}
}

func TestOnMissingPropertyAndIndex(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.OnMissingProperty(func(c *engine.CallContext, of engine.Dynamic, name string) (engine.Dynamic, bool, error) {
		switch name {
		case "lazy":
			return engine.V("lazy of " + of.TypeName()), true, nil
		case "fail":
			return value.Unit, false, errors.New("failed")
		case "boom":
			panic("bang")
		}
		return value.Unit, false, nil
	})
	eng.OnInvalidIndex(func(c *engine.CallContext, of, index engine.Dynamic) (engine.Dynamic, bool, error) {
		if index.Int() == 99 {
			return engine.V("none of " + of.TypeName()), true, nil
		}
		return value.Unit, false, nil
	})
	runCases(t, eng, []scriptCase{
		{"let m = #{a: 1}; m.lazy", `"lazy of map"`}, {`let m = #{a: 1}; m["lazy"]`, `"lazy of map"`}, {"let m = #{a: 1}; m.b", "()"},
		{"let m = #{}; m.a = 1; m.lazy = 2; m.lazy", "2"}, {"let m = #{}; m.fail", "error Runtime error: failed (line 1, position 16)"},
		{"let m = #{}; m.boom", "error OnMissingProperty panicked: bang (line 1, position 16)"},
		{"known.lazy", `"lazy of i64"`}, {"known.other", "error Unknown property 'other' - a getter is not registered for type 'i64' (line 1, position 7)"},
		{"let m = #{}; m?.lazy.len", "11"}, {"let m = #{c: #{}}; m.c.lazy", `"lazy of map"`},
		{"[1, 2][99]", `"none of array"`}, {"let a = [1]; let i = 99; a[i]", `"none of array"`}, {`"abc"[99]`, `"none of string"`}, {"blob(2)[99]", `"none of blob"`},
		{"[1][5]", "error Array index 5 out of bounds: only 1 element in array (line 1, position 5)"},
		{"let a = [1]; a[99] = 2", "error Array index 99 out of bounds: only 1 element in array (line 1, position 16)"},
	})
	if got := result(eng.Clone().SetFailOnInvalidMapProperty(true), nil, "let m = #{}; let r = 0; try { m.b } catch { r = 1 } [m.lazy, r]"); got != `["lazy of map", 1]` {
		t.Error(got)
	}
}

func TestOnDefVar(t *testing.T) {
	var seen []string
	eng := engine.New(packages.Standard())
	eng.OnDefVar(func(def *syntax.Let, level int, shadows bool) error {
		seen = append(seen, fmt.Sprint(def.Name.Name, def.Const, level, shadows))
		switch def.Name.Name {
		case "secret":
			return engine.ErrForbiddenVariable
		case "odd":
			return errors.New("an odd name")
		}
		return nil
	})
	if got := result(eng, nil, "let a = 1; const b = 2; { let a = 3; let c = 4; } let f = |x| { let d = 5; let x = 1; x }; fn g(p) { let p = 1; let a = 1; p } a"); got != "1" {
		t.Error(got)
	}
	want := "[a false 0 false b true 0 false a false 1 true c false 1 false d false 1 false x false 1 true f false 0 false p false 1 true a false 1 false]"
	if got := fmt.Sprint(seen); normal(got) != normal(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, c := range []scriptCase{
		{"let x = 1;\nlet secret = 2;", "error Forbidden variable: secret (line 2, position 5)"},
		{"fn f() { const odd = 2; }", "error an odd name (line 1, position 16)"},
		{`eval("let secret = 1;")`, "error Forbidden variable: secret (line 1, position 5)\nin call to function 'eval' (line 1, position 6)"},
	} {
		if got := result(eng, nil, c.src); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	if _, err := eng.Compile("let secret = 1"); !errors.Is(err, engine.ErrForbiddenVariable) {
		t.Error(err)
	}
}

func normal(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestOnToken(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.OnToken(func(kind syntax.Token, text string, pos syntax.Pos) string {
		switch {
		case kind == syntax.IdentTok && text == "AND":
			return "&&"
		case text == "begin":
			return "{"
		case text == "end":
			return "}"
		case text == "tau":
			return "6.28"
		case text == "minus":
			return "-"
		case text == "two":
			return "1 1"
		case text == "empty":
			return ""
		case text == `"x"`:
			return `"y"`
		}
		return text
	})
	runCases(t, eng, []scriptCase{
		{"true AND known == 1", "true"}, {"if true begin 7 end else begin 8 end", "7"}, {"tau + 1.0", "7.28"},
		{"5 minus 3", "2"}, {"5 minus -3", "8"}, {"minus 3", "-3"}, {`"x" + "z" + 'x'`, `"yzx"`}, {"`a${tau}`", `"a6.28"`},
		{"known; two", "error Syntax error: 'two' is replaced by '1 1', which is no token (line 1, position 8)"},
		{"empty", "error Syntax error: 'empty' is replaced by '', which is no token (line 1, position 1)"},
		{`eval("tau")`, "6.28"}, {"fn f() begin 3 end f()", "3"}, {"fn f() begin known end f!()", "1"},
	})
	ast, err := eng.Compile("fn f() begin 3 end fn g() begin 4 end f()")
	if err != nil {
		t.Fatal(err)
	}
	got := ast.RetainFuncs(func(f engine.FuncInfo) bool { return f.Name == "f" })
	if v, err := eng.Run(context.Background(), nil, got); err != nil || v.Int() != 3 || got.HasFunc("g", 0) {
		t.Errorf("%v, %v", v, err)
	}
}

// TestHooksConcurrently runs one script with all hooks from many goroutines.
func TestHooksConcurrently(t *testing.T) {
	list := engine.V([]int{1, 2, 3})
	eng := engine.New(packages.Standard())
	eng.OnVar(func(*engine.CallContext, string) (engine.Dynamic, bool, error) { return list, true, nil })
	eng.OnMissingFunc(func(_ *engine.CallContext, _ string, args []engine.Dynamic, _ bool) (engine.Dynamic, bool, error) {
		return args[0], true, nil
	})
	eng.OnMissingProperty(func(_ *engine.CallContext, of engine.Dynamic, _ string) (engine.Dynamic, bool, error) {
		return of, true, nil
	})
	ast, err := eng.Compile("let a = list; a.push(4); let m = #{x: a}; m.self.self.x.push(5); let f = || list; [a.same().len(), list.len(), f.call().len(), m.x.len()]")
	if err != nil {
		t.Fatal(err)
	}
	hammer(t, 8, 100, func(int, int) error {
		v, err := eng.Run(context.Background(), nil, ast)
		if got := value.Debug(v); err == nil && got != "[4, 3, 3, 4]" {
			return errors.New(got)
		}
		return err
	})
}

func ExampleEngine_OnVar() {
	eng := engine.New(packages.Standard())
	eng.OnVar(func(c *engine.CallContext, name string) (engine.Dynamic, bool, error) {
		if name != "user" {
			return engine.Dynamic{}, false, nil
		}
		return engine.V(map[string]any{"name": "Ada", "age": 36}), true, nil // looked up now
	})
	fmt.Println(eng.Eval(context.Background(), `if user.age > 30 { user.name } else { "nobody" }`))
	// Output: Ada <nil>
}
