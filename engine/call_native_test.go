package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func shown(v engine.Dynamic, err error) string {
	if err != nil {
		return "error " + err.Error()
	}
	return value.Debug(v)
}

type money struct{ Cents int64 }

func TestCallNative(t *testing.T) {
	m := engine.NewModule("money")
	engine.RegisterType[money](m, "Money").Fields()
	m.Func("+", func(a, b *money) *money { return &money{a.Cents + b.Cents} }, engine.Pure())
	m.Func("boom", func() { panic("bang") })
	m.Func("level", func(c *engine.CallContext) int { return c.Level() })
	m.Func("indirect", func(c *engine.CallContext, name string, x engine.Dynamic) (engine.Dynamic, error) {
		return c.CallNative(name, x)
	})
	m.Func("round_about", func(c *engine.CallContext) (engine.Dynamic, error) { return c.CallNative("round_about") })
	m.Func("host_about", func(c *engine.CallContext) (engine.Dynamic, error) {
		return c.Engine().CallNative(c.Context(), "host_about")
	})
	m.Func("plus", func(c *engine.CallContext, a, b engine.Dynamic) (engine.Dynamic, error) {
		return c.Engine().BinaryOp(c.Context(), "+", a, b)
	})
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	ctx := context.Background()
	call := func(name string, args ...any) string { return shown(eng.CallNative(ctx, name, args...)) }
	op := func(a any, op string, b any) string { return shown(eng.BinaryOp(ctx, op, a, b)) }
	for _, c := range []struct{ got, want string }{
		{call("max", 3, 9), "9"}, {call("len", "text"), "4"}, {call("push", []int{1}, 2), "()"},
		{call("nothing", 1), "error Function not found: nothing (i64)"}, {call("max", 1, "x"), "error Function not found: max (i64, "},
		{call("max", make(chan int)), "error chan int has no counterpart in Rhai"}, {call(""), "error Function not found:  ()"},
		{call("boom"), "error function 'boom' panicked: bang"}, {call("level"), "0"},
		{call("exit", 5), "5"}, {call("parse_int", "x"), "error Error parsing integer number 'x': invalid digit found in string"},
		{call("indirect", "abs", -3), "3"}, {call("indirect", "nothing", -3), "error Function not found: nothing (i64)"},
		{call("map", []int{1, 2}, evalWith(t, eng, nil, "|x| x + 1")), "[2, 3]"},
		{call("round_about"), "error Stack overflow"}, {call("host_about"), "error Stack overflow"}, {call("plus", 1, 2.5), "3.5"},
		{op(1, "+", 2), "3"}, {op("a", "+", 'b'), `"a98"`}, {op(7, "/", 0), "error Division by zero: 7 / 0"}, {op(1, "==", 1.0), "true"},
		{op(1, "..", 3), "1..3"}, {op(2, "in", []int{1, 2}), "true"}, {op(2, "!in", []int{1, 2}), "false"}, {op(2, "in", 3), "error Function not found: contains (i64, i64)"},
		{op(true, "&&", true), "error Function not found: && (bool, bool)"}, {op(true, "&", true), "true"}, {op(1, "nope", 2), "error Function not found: nope (i64, i64)"},
		{op(nil, "+", 1), "error Function not found: + ((), i64)"}, {op(1, "", 1), "error Function not found:  (i64, i64)"},
		{shown(eng.CallNative(ctx, "level")), "0"},
		{result(eng, nil, "fn f() { level() } fn g() { f() + [1].map(|x| level())[0] } [level(), f(), g(), eval(\"level()\")]"), "[0, 1, 4, 1]"},
		{result(eng, nil, "indirect(\"abs\", -1) + indirect(\"len\", [1, 2])"), "3"},
		{result(eng, nil, "fn f(x) { indirect(\"boom\", x) } f(1)"), "error Function not found: boom (i64)"},
		{result(eng, nil, "round_about()"), "error Stack overflow (line 1, position 1)"},
	} {
		if !strings.HasPrefix(c.got, c.want) {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	sum, err := engine.As[money](eng.BinaryOp(ctx, "+", money{40}, money{2}))
	if err != nil || sum.Cents != 42 {
		t.Errorf("a type of the host: %v, %v", sum, err)
	}
	small := eng.Clone().SetLimits(engine.Limits{StringSize: 10})
	if _, err := small.BinaryOp(ctx, "+", "12345678", "12345678"); !errors.Is(err, engine.ErrDataTooLarge) {
		t.Errorf("limit: %v", err)
	}
	slow := engine.New(packages.Standard()).Allow(engine.FastOperators, false)
	slow.RegisterFunc("+", func(a, b int64) int64 { return a * b })
	if got := shown(slow.BinaryOp(ctx, "+", 3, 4)); got != "12" {
		t.Errorf("an operator that is a function: %s", got)
	}
	//lint:ignore SA1012 a nil context is refused
	if _, err := eng.BinaryOp(nil, "+", 1, 2); !errors.Is(err, engine.ErrSystem) {
		t.Errorf("nil context: %v", err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := eng.CallNative(done, "max", 1, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	hammer(t, 8, 100, func(g, i int) error {
		if v, err := eng.BinaryOp(ctx, "+", g, i); err != nil || v.Int() != int64(g+i) {
			return fmt.Errorf("%v, %w", v, err)
		}
		_, err := eng.CallNative(ctx, "to_string", i)
		return err
	})
}

func TestTag(t *testing.T) {
	eng := engine.New(packages.Standard()).SetDefaultTag("default")
	eng.RegisterFunc("tag", func(c *engine.CallContext) string { return fmt.Sprint(c.Tag()) })
	eng.RegisterFunc("set_tag", func(c *engine.CallContext, s string) { c.SetTag(s) })
	eng.SetResolver(engine.SourceResolver(map[string]string{"lib": "export const T = tag(); fn t() { tag() }"}))
	ast := compiled(t, eng, "", "fn f() { import \"lib\" as lib; tag() + lib::T + lib::t() } fn g() { tag() }")
	ctx := context.Background()
	if got := shown(eng.CallFuncWith(ctx, engine.CallOptions{Tag: 7}, nil, ast, "f")); got != `"777"` {
		t.Error(got)
	}
	if got := shown(eng.CallFunc(ctx, nil, ast, "g")); got != `"default"` {
		t.Error(got)
	}
	if got := result(eng, nil, `let a = tag(); set_tag("own"); a + tag()`); got != `"defaultown"` {
		t.Error(got)
	}
	if got := result(eng, nil, "tag()"); got != `"default"` {
		t.Errorf("the tag of an earlier run: %s", got)
	}
	if got := shown(eng.CallFn(ctx, evalWith(t, eng, nil, "|| tag()"), engine.CallOptions{Tag: "call"})); got != `"call"` {
		t.Error(got)
	}
	if got := shown(eng.CallFn(ctx, evalWith(t, eng, nil, `Fn("tag")`), engine.CallOptions{Tag: "call"})); got != `"call"` {
		t.Error(got)
	}
}

func TestImportsOfCall(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("names", func(c *engine.CallContext) string {
		s := ""
		for name, m := range c.Imports() {
			s += fmt.Sprint(name, len(m.Funcs()), " ")
		}
		return s
	})
	eng.SetResolver(engine.SourceResolver(map[string]string{"a": "fn f() {}", "b": "fn f() {} fn g() {}"}))
	if got := result(eng, nil, `import "a" as x; import "b" as y; let n = { import "b" as x; names() }; n + names()`); got != `"x2 y2 x1 y2 x1 "` {
		t.Error(got)
	}
}

func ExampleEngine_BinaryOp() {
	eng := engine.New(packages.Standard())
	fmt.Println(eng.BinaryOp(context.Background(), "+", []int{1}, []int{2}))
	fmt.Println(eng.CallNative(context.Background(), "to_upper", "ready"))
	// Output:
	// [1, 2] <nil>
	// READY <nil>
}
