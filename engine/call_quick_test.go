package engine_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestQuickExpressions checks that what is evaluated without a machine has the results and
// errors that it has with one, for all kinds of values.
func TestQuickExpressions(t *testing.T) {
	m := engine.NewModule("m")
	engine.RegisterType[money](m, "Money").Fields()
	m.Func("+", func(a, b *money) *money { return &money{a.Cents + b.Cents} }, engine.Pure())
	m.Func("!", func(a *money) bool { return a.Cents == 0 }, engine.Pure())
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	ctx := context.Background()
	tagged := value.Int(5).WithTag(3)
	vals := []engine.Dynamic{
		value.Unit, value.Bool(true), value.Bool(false), value.Int(0), value.Int(1), value.Int(-1), value.Int(7), value.Int(math.MaxInt64), value.Int(math.MinInt64),
		value.Float(0), value.Float(1), value.Float(-2.5), value.Float(math.NaN()), value.Float(math.Inf(1)), value.Char('x'), engine.V(""), engine.V("DE"),
		engine.V("x"), engine.V([]int{1}), engine.V(map[string]any{"a": 1, "b": map[string]any{"a": "DE"}}), engine.V(&money{5}), tagged,
		evalWith(t, eng, nil, "|x| x"), evalWith(t, eng, nil, "1..3"), engine.V([]byte("xy")), engine.V(string(make([]byte, 2000))),
	}
	quick := 0
	for _, src := range []string{
		"a + b", "a - b", "a * b", "a / b", "a % b", "a ** b", "a & b", "a | b", "a ^ b", "a << b", "a >> b", "a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b",
		"a .. b", "a + 1", "1 + a", "a - 1.5", "1.5 - a", "2.5 / a", "a * 3", "a / 0", "a % 2", "a == 1", "a < 2.5", "a == \"DE\"", "a != 'x'", "a == ()",
		"a && b", "a || b", "a ?? b", "!a", "-a", "+a", "!(a == b)", "if a { b } else { 1 }", "if a < b { a } else { b }", "if a == 1 { 2 } else if b == 1 { 3 }",
		"a.a", "a.b.a", "a.b.a == b", "a.x", "a?.a", "a.a + a.a", "a", "()", "\"text\"", "[1, 2]", "let x = a + b; x * x", "let x = a; x += b; x", "a += 1; a", "a = b; a", "let d = { let c = a; c }; d == b",
		"(a + b) * (a - b) / 2 >= 10 && a != b || b == \"DE\"", "a < b == true", "const C = 5; a + C", "switch a { 1 => 2, _ => b }", "while a == 7 { a = 8 } a", "a in b", "return a; b", "`${a}`", "a[0]", "a;",
	} {
		p := prepared(t, eng, src, "a", "b")
		slow, isQuick := p.WithoutQuick()
		if isQuick {
			quick++
		}
		for _, a := range vals {
			for _, b := range vals {
				want := shown(slow.EvalValues(ctx, a, b))
				if got := shown(p.EvalValues(ctx, a, b)); got != want {
					t.Errorf("%s with %s and %s: got %s, want %s", src, value.Debug(a), value.Debug(b), got, want)
				}
			}
		}
	}
	if quick < 40 {
		t.Errorf("%d expressions need no machine", quick)
	}
}

// TestQuickIsObserved checks that limits, hooks and contexts count for expressions that
// need no machine, too.
func TestQuickIsObserved(t *testing.T) {
	eng := engine.New(packages.Standard())
	ctx := context.Background()
	none := eng.Clone().SetLimits(engine.Limits{Operations: 2})
	if _, err := prepared(t, none, "a + a * a - a / a", "a").Eval(ctx, 1); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("operations: %v", err)
	}
	ended := eng.Clone().OnProgress(func(context.Context, uint64) error { return errors.New("enough") })
	if _, err := prepared(t, ended, "a + 1", "a").Eval(ctx, 1); !errors.Is(err, engine.ErrTerminated) {
		t.Errorf("progress: %v", err)
	}
	sized := eng.Clone().SetLimits(engine.Limits{StringSize: 3})
	if _, err := prepared(t, sized, "a + \"xyz\"", "a").Eval(ctx, "x"); !errors.Is(err, engine.ErrDataTooLarge) {
		t.Errorf("size: %v", err)
	}
	for _, c := range []struct {
		limits engine.Limits
		text   string
		args   []any
		want   string
	}{
		{engine.Limits{StringSize: 3, ArraySize: 3}, `a == "xyz" && b > 1`, []any{"xyz", 2}, "true"},
		{engine.Limits{StringSize: 3}, `a < "xyz"`, []any{"abcd", 1}, ""}, {engine.Limits{MapSize: 1}, `a.x`, []any{engine.V(map[string]any{"x": 1, "y": 2}), 1}, ""},
	} {
		e := eng.Clone().SetLimits(c.limits)
		scope := engine.NewScope().Push("a", c.args[0]).Push("b", c.args[1])
		want := shown(e.EvalScope(ctx, scope, c.text))
		if got := shown(prepared(t, e, c.text, "a", "b").Eval(ctx, c.args...)); got != want || c.want != "" && got != c.want {
			t.Errorf("%s with %s: %s, want %s", c.text, c.limits, got, want)
		}
	}
	// A limit on operations that is large enough changes nothing, also not the way that an
	// expression is evaluated.
	few := eng.Clone().SetLimits(engine.Limits{Operations: 100, Allocated: 1})
	for _, text := range []string{`a > 1 && a < 5 || a == 7`, "if a > 1 { 2 } else { 3 }", "!(a > 1 && a < 3)"} {
		if !prepared(t, few, text, "a").IsQuick(100) {
			t.Errorf("%s needs a machine", text)
		}
	}
	late, cancel := context.WithTimeout(ctx, time.Nanosecond)
	defer cancel()
	<-late.Done()
	if _, err := prepared(t, eng, "a + 1", "a").Eval(late, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	samples := 0
	s := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(*engine.Sample) { samples++ }})
	defer s.Stop()
	for _, c := range []context.Context{engine.WithSampler(ctx, s), engine.WithSampler(late, s)} {
		_, _ = prepared(t, eng, "a + 1", "a").Eval(c, 1)
	}
	if samples == 0 {
		t.Error("a sampler sees nothing")
	}
	if got := shown(prepared(t, eng.Clone().OnVar(func(*engine.CallContext, string) (engine.Dynamic, bool, error) {
		return value.Int(41), true, nil
	}), "a + lazy", "a").Eval(ctx, 1)); got != "42" {
		t.Errorf("a lazy variable: %s", got)
	}
	if got := shown(prepared(t, eng, "a.b", "a").Eval(ctx, engine.V(map[string]any{"b": []int{1}}))); got != "[1]" {
		t.Error(got)
	}
}
