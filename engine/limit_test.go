package engine_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// unlimited is an engine on which nothing but memory bounds a script.
func unlimited() *engine.Engine {
	eng := engine.New(packages.Standard())
	u := engine.Unlimited
	eng.SetLimits(engine.Limits{
		CallLevels: u, Operations: u, ExprDepth: u, FnExprDepth: u, StringSize: u, ArraySize: u, MapSize: u,
	})
	return eng
}

// deep is an array nested a million times.
const deep = `let a = []; for i in 0..1_000_000 { a = [a] } `

// TestDeepValues: nothing that looks at a value may use the Go stack for its
// depth.
func TestDeepValues(t *testing.T) {
	for name, use := range map[string]string{
		"print":      `print(a)`,
		"debug":      `debug(a)`,
		"to_string":  `a.to_string().len()`,
		"interp":     "`${a}`.len()",
		"equal":      `let b = []; for i in 0..1_000_000 { b = [b] } a == b`,
		"contains":   `[1, 2].contains(a)`,
		"json":       `a.len(); #{ a: a }.to_json()`,
		"copy":       `let b = a; b.push(1); a.len()`,
		"throw":      `throw a`,
		"switch":     `switch a { [] => 1, _ => 2 }`,
		"result":     `a`,
		"closure":    `let f = || a; f.call()`,
		"function":   `fn f(x) { x } f(a)`,
		"map":        `let m = #{}; for i in 0..1_000_000 { m = #{ m: m } } print(m)`,
		"share loop": `let m = #{}; let f = || m; m.f = f; m.g = f; print(m); debug(m); m.to_string().len()`,
		"flatten":    `a.map(|x| x)`,
		"sort":       `let b = [a, a]; b.dedup(); b.len()`,
	} {
		t.Run(name, func(t *testing.T) {
			eng := unlimited()
			v, err := eng.Eval(context.Background(), deep+use)
			var e *engine.Error
			if err != nil && !errors.As(err, &e) {
				t.Fatalf("error is a %T", err)
			}
			if err == nil {
				_ = value.Debug(v)
				_, _ = value.ToJSON(v)
				value.Freeze(v)
			} else {
				_ = err.Error()
			}
		})
	}
	runtime.GC()
}

// TestDeepSizes: limits on the size of data count deep values without recursion.
func TestDeepSizes(t *testing.T) {
	eng := unlimited()
	l := eng.Limits()
	l.ArraySize = 500_000
	l.StringSize, l.MapSize = 1000, 1000
	eng.SetLimits(l)
	_, err := eng.Eval(context.Background(), `let a = []; let n = 0; while n < 2000 { a = [a]; n += 1; } a.push(1); n`)
	if err != nil {
		t.Fatal(err)
	}
	l.ArraySize = 1000
	eng.SetLimits(l)
	_, err = eng.Eval(context.Background(), `let a = []; loop { a = [a] }`)
	if !errors.Is(err, engine.ErrDataTooLarge) {
		t.Fatalf("got %v", err)
	}
}

// TestDeepRecursion: unlimited call levels end in a stack overflow of ours.
func TestDeepRecursion(t *testing.T) {
	for name, src := range map[string]string{
		"script":        `fn f(n) { f(n + 1) + 1 } f(0)`,
		"native":        `fn f() { [1].map(|x| f()) } f()`,
		"sort":          `fn f() { [2, 1].sort(|a, b| { f(); 0 }) } f()`,
		"eval":          `fn f() { eval("f()") } f()`,
		"caller's":      `fn f() { f!() } f()`,
		"pointer":       `let f = Fn("g"); fn g(f) { f.call(f) } f.call(f)`,
		"this":          `fn f() { this.f() } 1.f()`,
		"reduce":        `fn f() { [1, 2].reduce(|a, b| f(), 0) } f()`,
		"method":        `fn int.f() { this.f() + 1 } 1.f()`,
		"curry":         `fn g(a, b) { Fn("g").curry(a).call(b) + 1 } g(1, 2)`,
		"to_string arg": `fn f(n) { let s = "" + n; f(s) + "" } f(0)`,
	} {
		t.Run(name, func(t *testing.T) {
			eng := unlimited()
			// Four million calls take a while under the race detector on a busy machine.
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
			defer cancel()
			_, err := eng.Eval(ctx, src)
			if !errors.Is(err, engine.ErrStackOverflow) {
				t.Fatalf("got %.300v", err)
			}
		})
	}
}

// TestHugeData: a limit answers before the memory is taken.
func TestHugeData(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetLimits(engine.Limits{StringSize: 1 << 20, ArraySize: 1 << 16, MapSize: 1 << 12})
	for _, src := range []string{
		`[].pad(1_000_000_000, 0)`,
		`let a = []; a.pad(9_223_372_036_854_775_807, 0)`,
		`let s = "x"; s.pad(2_000_000_000, "ab")`,
		`let s = "x"; loop { s += s }`,
		`let a = [1]; loop { a += a }`,
		`let a = [1]; loop { a.append(a) }`,
		`let b = blob(1_000_000_000_000, 1)`,
		`let b = blob(); b.pad(1_000_000_000_000, 1)`,
		"let s = \"x\"; loop { s = `${s}${s}` }",
		`let a = [0]; loop { a = a + a }`,
		`let a = [0]; for i in 0..40 { a = [a, a] } a.len()`,
		`let s = "ab"; for i in 0..40 { s.replace("a", "aab"); s.replace("b", "bbbb") }`,
		`let a = "x"; a.pad(1_000_000); let s = a.split(""); s.len()`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := eng.Eval(context.Background(), src)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: no error", src)
		}
		if !errors.Is(err, engine.ErrDataTooLarge) {
			t.Logf("%s: %v", src, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
			t.Errorf("%s: %d MB were allocated", src, used>>20)
		}
	}
}

// TestNestingBombs: malformed and huge texts give errors in bounded time, or
// parse.
func TestNestingBombs(t *testing.T) {
	bombs := map[string]string{
		"parens":        strings.Repeat("(", 100_000),
		"brackets":      strings.Repeat("[", 100_000),
		"maps":          strings.Repeat("#{a:", 100_000),
		"blocks":        strings.Repeat("{", 100_000),
		"closures":      strings.Repeat("||", 100_000),
		"not":           strings.Repeat("!", 100_000) + "true",
		"minus":         strings.Repeat("- ", 100_000) + "1",
		"if":            strings.Repeat("if x {", 100_000),
		"else if":       "if x {}" + strings.Repeat(" else if x {}", 100_000),
		"sum":           "1" + strings.Repeat("+1", 500_000),
		"power":         "1" + strings.Repeat("**1", 300_000),
		"and":           "true" + strings.Repeat("&&true", 150_000),
		"chain":         "x" + strings.Repeat(".x", 500_000),
		"index":         "x" + strings.Repeat("[0]", 300_000),
		"calls":         "x" + strings.Repeat(".f()", 250_000),
		"interp":        strings.Repeat("`${", 100_000),
		"comment":       strings.Repeat("/*", 500_000),
		"args":          "f(" + strings.Repeat("1,", 500_000) + ")",
		"array":         "[" + strings.Repeat("1,", 500_000) + "].len()",
		"map literal":   "#{" + strings.Repeat("\"a\": 1,", 100_000) + "}",
		"switch":        "switch 1 {" + strings.Repeat("1=>2,", 200_000) + "}",
		"string":        `"` + strings.Repeat("x", 10<<20) + `".len()`,
		"variables":     strings.Repeat("let x = 1;", 200_000),
		"functions":     "fn f() {}" + strings.Repeat(" ", 1<<20),
		"statements":    strings.Repeat("1;\n", 3_000_000),
		"semicolons":    strings.Repeat(";", 5_000_000),
		"path":          "a" + strings.Repeat("::a", 300_000),
		"coalesce":      "()" + strings.Repeat("??()", 200_000),
		"do":            strings.Repeat("do {", 100_000),
		"try":           strings.Repeat("try {", 100_000),
		"loops":         strings.Repeat("loop {", 100_000),
		"for":           strings.Repeat("for i in x {", 100_000),
		"nested switch": strings.Repeat("switch 1 { 1 => ", 100_000),
	}
	for name, src := range bombs {
		t.Run(name, func(t *testing.T) {
			for _, eng := range []*engine.Engine{engine.New(packages.Standard()), unlimited()} {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				_, err := eng.Eval(ctx, src)
				cancel()
				if err != nil {
					_ = err.Error()
				}
			}
		})
	}
}

// TestCancel: a context ends any script soon.
func TestCancel(t *testing.T) {
	for name, src := range map[string]string{
		"loop":     `loop { }`,
		"while":    `let i = 0; while true { i += 1 }`,
		"for":      `for i in (0..) { }`,
		"calls":    `fn f() { 1 } loop { f() }`,
		"natives":  `loop { abs(1) }`,
		"map":      `let a = []; a.pad(100_000, 1); loop { a.map(|x| x + 1) }`,
		"sort":     `let a = []; a.pad(3_000_000, 1); loop { a.sort(|a, b| 0) }`,
		"sort int": `let a = []; for i in 0..2_000_000 { a.push(i * 7919 % 1_000_003) } loop { let b = a; b.sort() }`,
		"sleep":    `sleep(1000)`,
		"reduce":   `let a = []; a.pad(1_000_000, 1); loop { a.reduce(|x, y| x + y, 0) }`,
		"string":   `let s = "x"; s.pad(10_000_000, "y"); loop { s.index_of("z"); s.to_upper() }`,
		"try":      `loop { try { throw 1 } catch { } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(300*time.Millisecond, cancel)
			_, err := unlimited().Eval(ctx, src)
			if !errors.Is(err, engine.ErrTerminated) {
				t.Fatalf("got %v", err)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the cause is not the context's: %v", err)
			}
		})
	}
}
