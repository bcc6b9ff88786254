package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// frames lists the frames of an error.
func frames(err error) string {
	var e *engine.Error
	if !errors.As(err, &e) {
		return fmt.Sprintf("no error: %v", err)
	}
	var out []string
	for f := range e.Frames() {
		out = append(out, f.String())
	}
	return strings.Join(out, ", ")
}

// TestNamedScripts checks that every frame of an error has its script, and the text of
// the chain.
func TestNamedScripts(t *testing.T) {
	modules := map[string]string{
		"lib":    "fn f(x) { g(x) }\nfn g(x) { throw x }\nfn invoke(f) { f.call() }\nfn ev() { eval(\"1 +\\n zork\") }\nfn m(a) { a.map(|x| g(x)) }",
		"top":    "throw 5;",
		"calls":  "fn f() { zork() }\nf();",
		"broken": "let x = ;",
		"outer":  `import "lib" as lib; fn f(x) { lib::f(x) } export const flip = |x| lib::g(x);`,
	}
	for _, c := range []struct{ script, frames, text string }{
		{"1 +\n zork", "main.rhai:2:2", "Variable not found: zork (line 2, position 2)"},
		{"fn half(x) { throw x }\n[1, 2].map(half)", "main.rhai:1:14 in half, main.rhai:2:8",
			"Runtime error: 1 @ 'main.rhai' (line 1, position 14)\nin call to function 'half' (from 'main.rhai') (line 2, position 8)"},
		{"[1, 2].map(|x| zork(x))", "main.rhai:1:16 in a closure, main.rhai:1:8",
			"Function not found: zork (i64) @ 'main.rhai' (line 1, position 16)\nin closure call (from 'main.rhai') (line 1, position 8)"},
		{"[1, 2].map(Fn(\"zork\"))", "main.rhai:1:8, main.rhai:1:8",
			"Function not found: zork (i64, i64) (line 1, position 8)\nin call to function 'map' (line 1, position 8)"},
		{"fn f() { zork() }\nfn g() { f() }\ng()", "main.rhai:1:10 in f, main.rhai:2:10 in g, main.rhai:3:1",
			"Function not found: zork () @ 'main.rhai' (line 1, position 10)\nin call to function 'f' (from 'main.rhai') @ 'main.rhai' (line 2, position 10)\nin call to function 'g' (from 'main.rhai') (line 3, position 1)"},
		{"import \"lib\" as l;\nl::f(7)", "lib:2:11 in g, lib:1:11 in f, main.rhai:2:4",
			"Runtime error: 7 @ 'lib' (line 2, position 11)\nin call to function 'g' (from 'lib') @ 'lib' (line 1, position 11)\nin call to function 'f' (from 'lib') (line 2, position 4)"},
		{"import \"lib\" as l;\nl::invoke(|| throw \"mine\")", "main.rhai:2:14 in a closure, lib:3:18 in invoke, main.rhai:2:4",
			"Runtime error: mine @ 'main.rhai' (line 2, position 14)\nin closure call (from 'main.rhai') @ 'lib' (line 3, position 18)\nin call to function 'invoke' (from 'lib') (line 2, position 4)"},
		{"import \"lib\" as l;\nl::m([3])", "lib:2:11 in g, lib:5:21 in a closure, lib:5:13 in m, main.rhai:2:4", ""},
		{"import \"lib\" as l;\nl::ev()", "lib:2:2 in eval, lib:4:16 in ev, main.rhai:2:4", ""},
		{"import \"lib\" as l;\n[1].map(l::f)", "main.rhai:2:9", ""},
		{"import \"outer\" as o;\no::f(1)", "lib:2:11 in g, lib:1:11 in f, outer:1:37 in f, main.rhai:2:4", ""},
		{"import \"outer\" as o;\no::flip.call(1)", "lib:2:11 in g, outer:1:73 in a closure, main.rhai:2:9", ""},
		{"import \"outer\" as o;\n[1].map(o::flip)", "lib:2:11 in g, outer:1:73 in a closure, main.rhai:2:5", ""},
		{"let x = 1;\nimport \"top\" as t;", "top:1:1, main.rhai:2:8", "Runtime error: 5 (line 1, position 1)\nin module 'top' (line 2, position 8)"},
		{"import \"calls\" as c;", "calls:1:10 in f, calls:2:1, main.rhai:1:8",
			"Function not found: zork () @ 'calls' (line 1, position 10)\nin call to function 'f' (from 'calls') (line 2, position 1)\nin module 'calls' (line 1, position 8)"},
		{"import \"broken\" as b;", "broken:1:9, main.rhai:1:8", ""},
		{"fn f() { import \"broken\" as b; }\nf()", "broken:1:9, main.rhai:1:17 in f, main.rhai:2:1", ""},
		{"import \"nowhere\" as n;", "main.rhai:1:8", "Module not found: nowhere (line 1, position 8)"},
		{"let x = ;", "main.rhai:1:9", "Syntax error: Unexpected ';' (line 1, position 9)"},
		{"eval(\"1 +\\n ;\")", "main.rhai:2:2 in eval, main.rhai:1:6", ""},
		{"fn f(n) { f(n + 1) }\nf(0)", "main.rhai:2:1", "Stack overflow (line 2, position 1)"},
		{"failing()", "main.rhai:1:1", "Runtime error: out of order (line 1, position 1)"},
		{"fn f() { failing() } f()", "main.rhai:1:10 in f, main.rhai:1:22", ""},
		{"fn f() { back(|| failing()) } f()", "main.rhai:1:18 in a closure, main.rhai:1:10 in f, main.rhai:1:31", ""},
		{"other()", "other.rhai:2:1", "Runtime error: 3 (line 2, position 1)"},
		{"fn f() { other() } f()", "other.rhai:2:1, main.rhai:1:20", ""},
		{"zork + 1", "main.rhai:1:1", ""},
		{"1 / 0", "main.rhai:1:3", ""},
		{"let a = [1]; a[7] += 1", "main.rhai:1:16", ""},
		{"let x = 1; x.y = 2", "main.rhai:1:14", ""},
		{"for i in 5 { }", "main.rhai:1:10", ""},
		{"snooze", "main.rhai:1:1", ""},
	} {
		eng := newStandard().SetResolver(engine.SourceResolver(modules))
		eng.RegisterFunc("failing", func() error { return errors.New("out of order") })
		eng.RegisterFunc("back", func(c *engine.CallContext, f *value.Fn) error { _, err := c.CallFn(f.Value(), nil); return err })
		eng.RegisterFunc("other", func(c *engine.CallContext) error {
			ast, err := newStandard().CompileNamed("other.rhai", "let x = 3;\nthrow x")
			if err != nil {
				return err
			}
			_, err = newStandard().Run(c.Context(), nil, ast)
			return err
		})
		if err := eng.RegisterSyntax([]string{"snooze"}, false, func(*engine.SyntaxContext) (engine.Dynamic, error) {
			return value.Unit, errors.New("slept")
		}); err != nil {
			t.Fatal(err)
		}
		ast, err := eng.CompileNamed("main.rhai", c.script)
		if err == nil {
			_, err = eng.Run(t.Context(), nil, ast)
		}
		if got := frames(err); got != c.frames {
			t.Errorf("%s\nhas the frames %s\nwant           %s\n%v", c.script, got, c.frames, err)
		}
		if c.text != "" && err.Error() != c.text {
			t.Errorf("%s\nhas the text\n%v\nwant\n%s", c.script, err, c.text)
		}
	}
}

// TestSourceInCatch checks what catch shows of where an error is.
func TestSourceInCatch(t *testing.T) {
	eng := newStandard().SetResolver(engine.SourceResolver(map[string]string{"lib": "fn f() { zork() } fn g() { try { zork() } catch (e) { print(e.source) } }"}))
	var printed string
	eng.OnPrint(func(_ context.Context, text string) { printed = text })
	for script, want := range map[string]string{
		"try { zork() } catch (e) { print(e.source) }":                                `main.rhai`,
		"fn f() { zork() } try { f() } catch (e) { print(e.source) }":                 `main.rhai`,
		"import \"lib\" as l; try { l::f() } catch (e) { print([e.source, e.line]) }": `["lib", 1]`,
		"import \"lib\" as l; l::g()":                                                 `lib`,
	} {
		ast, err := eng.CompileNamed("main.rhai", script)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := eng.Run(t.Context(), nil, ast); err != nil || printed != want {
			t.Errorf("%s prints %s, %v", script, printed, err)
		}
	}
}

// TestHostErrorStays checks that an error that a native returns again and again is
// never changed.
func TestHostErrorStays(t *testing.T) {
	mine := &engine.Error{Kind: engine.ErrRuntime, Text: "Runtime error: mine"}
	eng := newStandard().RegisterFunc("fail", func() error { return mine })
	m := engine.NewModule("m")
	m.Getter("it", func(x int64) (int64, error) { return 0, mine })
	eng.RegisterGlobalModule(m)
	for _, script := range []string{"fail()", "[1].map(|x| fail())", "5.it", "let x = 5; x.it += 1"} {
		ast, err := eng.CompileNamed("a.rhai", script)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := eng.Run(t.Context(), nil, ast); !strings.Contains(err.Error(), "mine") {
			t.Errorf("%s: %v", script, err)
		}
		if mine.Source != "" || !mine.Pos.IsNone() {
			t.Fatalf("%s changed the error: %v %s", script, mine, mine.Source)
		}
	}
}

func TestErrorAsJSON(t *testing.T) {
	eng := newStandard().RegisterFunc("fail", func() error { return errors.New("no connection") })
	for script, want := range map[string]string{
		"fn f(x) { throw #{a: x} }\nf(5)": `{"kind":"ErrorRuntime","message":"Runtime error: #{\"a\": 5}","source":"r.rhai","line":1,"column":11,"value":{"a":5},"frames":[{"func":"f","source":"r.rhai","line":1,"column":11},{"source":"r.rhai","line":2,"column":1}]}`,
		"zork()":                          `{"kind":"ErrorFunctionNotFound","message":"Function not found: zork ()","name":"zork ()","source":"r.rhai","line":1,"column":1,"frames":[{"source":"r.rhai","line":1,"column":1}]}`,
		"fail()":                          `{"kind":"ErrorRuntime","message":"Runtime error: no connection","source":"r.rhai","line":1,"column":1,"value":"no connection","cause":"no connection","frames":[{"source":"r.rhai","line":1,"column":1}]}`,
		"let a = 1; let f = || a; a = #{f: f, g: [f]}; let b = [a]; for i in 0..40 { b = [b, b] } throw b": "",
	} {
		ast, err := eng.CompileNamed("r.rhai", script)
		if err != nil {
			t.Fatal(err)
		}
		_, err = eng.Run(t.Context(), nil, ast)
		got, e := json.Marshal(err)
		if e != nil || want != "" && string(got) != want {
			t.Errorf("%s\n%s\n%s\n%v", script, got, want, e)
		}
		if !json.Valid(got) {
			t.Errorf("%s: no JSON: %.300s", script, got)
		}
	}
}

// TestLargeErrorAsJSON: a thrown value that stands for a very long text is cut short.
func TestLargeErrorAsJSON(t *testing.T) {
	_, err := newStandard().Eval(t.Context(), `let a = [1]; for i in 0..24 { a = [a, a]; } throw a;`)
	text, e := json.Marshal(err)
	if e != nil || len(text) > 1<<20 {
		t.Errorf("%d bytes, %v", len(text), e)
	}
}

func TestErrorInLog(t *testing.T) {
	eng := newStandard()
	ast, err := eng.CompileNamed("r.rhai", "fn f(x) { throw x }\n[5].map(|x| f(x))")
	if err != nil {
		t.Fatal(err)
	}
	_, err = eng.Run(t.Context(), nil, ast)
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log.Error("rule failed", "err", err)
	want := `level=ERROR msg="rule failed" err.kind=ErrorRuntime err.message="Runtime error: 5" err.source=r.rhai err.position=1:11 err.calls="[r.rhai:1:11 in f r.rhai:2:13 in a closure r.rhai:2:5]"` + "\n"
	if out.String() != want {
		t.Errorf("%s%s", out.String(), want)
	}
}

func TestPosString(t *testing.T) {
	if got := fmt.Sprint(syntax.Pos{Line: 3, Col: 14}, syntax.Pos{}); got != "3:14 -" {
		t.Error(got)
	}
}

// TestValuesAsJSON checks that any value of a script becomes JSON or an error, soon.
func TestValuesAsJSON(t *testing.T) {
	type result struct {
		Name  string
		Value engine.Dynamic
	}
	for script, want := range map[string]string{
		`#{b: [1, 2.5, 'x', "y\n", (), true], a: 1..3}`: `{"Name":"x","Value":{"a":"core::ops::range::Range\u003ci64\u003e","b":[1,2.5,"x","y\n",null,true]}}`,
		`()`:      `{"Name":"x","Value":null}`,
		`0.0/0.0`: `{"Name":"x","Value":null}`,
		`let x = []; let f = || x; x.push(f); x.push(x); x`:                   "",
		`let x = #{}; x.f = |a| a; let c = [x]; let g = || c; c.push(c); c`:   "",
		`let a = [1]; for i in 0..60 { a = [a, a] } a`:                        "!parts",
		`let s = "x"; s.pad(1000000, "y"); let a = []; a.pad(2000, s); a`:     "!bytes of text",
		`let m = #{}; for i in 0..40 { m = #{a: m, b: m} } m`:                 "!parts",
		`let a = []; for i in 0..50000 { a = [a] } a`:                         "!depth",
		`let a = 1; let f = || a; a = [f]; let b = [a, a]; a.push(b); [a, b]`: "",
	} {
		v, err := newStandard().Eval(t.Context(), script)
		if err != nil {
			t.Fatal(script, err)
		}
		got, err := json.Marshal(result{"x", v})
		if text, fails := strings.CutPrefix(want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %v", script, err)
			}
		} else if want != "" && string(got) != want {
			t.Errorf("%s: %s, %v", script, got, err)
		}
	}
	var r result
	if err := json.Unmarshal([]byte(`{"Name": "y", "Value": {"a": [1, 2.0, null, "x", {"b": true}]}}`), &r); err != nil {
		t.Fatal(err)
	}
	if got := value.Debug(r.Value); got != `#{"a": [1, 2.0, (), "x", #{"b": true}]}` {
		t.Error(got)
	}
	if err := json.Unmarshal([]byte(`{"Value": null}`), &r); err != nil || !r.Value.IsUnit() {
		t.Error(r.Value, err)
	}
	var list []engine.Dynamic
	if err := json.Unmarshal([]byte(`[1, "a", 12345678901234567890]`), &list); err != nil || len(list) != 3 {
		t.Error(list, err)
	}
	if !slices.ContainsFunc(list, func(v engine.Dynamic) bool { return v.IsInt() }) {
		t.Error(list)
	}
}
