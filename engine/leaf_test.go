package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestLeaf: the short form of a function is asked from the second call on, for plain
// arguments, and the function where it declines or is not allowed.
func TestLeaf(t *testing.T) {
	leaf, full := 0, 0
	m := engine.NewModule("leaf")
	m.Add(&engine.Func{
		Name: "twice", Params: []value.TypeID{value.TypeInt}, Borrows: true, Brief: true, Volatile: true,
		Fn: func(_ *engine.CallContext, a []engine.Dynamic) (engine.Dynamic, error) {
			full++
			return value.Int(a[0].Int() * 2), nil
		},
		Leaf: func(a *engine.Dynamic, _ []engine.Dynamic) (engine.Dynamic, bool) {
			if a.Int() >= 100 {
				return value.Unit, false
			}
			leaf++
			return value.Int(a.Int() * 2), true
		},
	})
	for _, c := range []struct {
		name, script string
		limits       engine.Limits
		result       int64
		leaf, full   int
	}{
		{"in a loop", "let s = 0; for i in 0..10 { s += twice(i); } s", engine.Limits{}, 90, 9, 1},
		{"as a method", "let s = 0; for i in 0..10 { s += i.twice(); } s", engine.Limits{}, 90, 9, 1},
		{"of a value", "let s = 0; for i in 0..10 { s += (i + 1).twice(); } s", engine.Limits{}, 110, 9, 1},
		{"that declines", "let s = 0; for i in 98..102 { s += twice(i); } s", engine.Limits{}, 796, 1, 3},
		{"with a tag", "let s = 0; let x = 1; x.set_tag(5); for i in 0..4 { s += twice(x); } s", engine.Limits{}, 8, 0, 4},
		{"of a variable that closures share", "let x = 1; let f = || x; let s = 0; for i in 0..4 { s += twice(x); } s", engine.Limits{}, 8, 3, 1},
		{"with limits on sizes", "let s = 0; for i in 0..10 { s += twice(i); } s", engine.Limits{ArraySize: 100}, 90, 0, 10},
		{"of other types between", `let s = 0; for x in [1, "a", 2, "b", 3] { try { s += twice(x); } catch { s += 100; } } s`, engine.Limits{}, 212, 2, 1},
	} {
		e := engine.New(packages.Standard()).RegisterGlobalModule(m)
		e.SetLimits(c.limits)
		leaf, full = 0, 0
		ast, err := e.Compile(c.script)
		if err != nil {
			t.Fatal(err)
		}
		got, stats, err := e.RunStats(context.Background(), nil, ast)
		if err != nil || got.Int() != c.result || leaf != c.leaf || full != c.full {
			t.Errorf("%s: %v, %v, %d short and %d full calls", c.name, got, err, leaf, full)
		}
		// The operations are those of a run without short forms.
		plain := engine.New(packages.Standard()).RegisterGlobalModule(m)
		c.limits.ArraySize = 1000
		plain.SetLimits(c.limits)
		if _, want, _ := plain.RunStats(context.Background(), nil, ast); stats.Operations != want.Operations {
			t.Errorf("%s: %d operations, without short forms %d", c.name, stats.Operations, want.Operations)
		}
	}
}

// TestLeafOfGoFunction: a Go function of numbers is called by its own type, and its panic
// is the error of the call, as when it is called for the first time.
func TestLeafOfGoFunction(t *testing.T) {
	calls := 0
	m := engine.NewModule("own")
	m.Func("boom", func(x int64) int64 {
		if calls++; x == 3 {
			panic("three")
		}
		return x
	})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m.Func("stop", func(x int64) int64 {
		if x == 3 {
			cancel()
		}
		return x
	})
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	_, first := eng.Eval(context.Background(), "let s = 0;\nfor i in 3..5 {\n  s += boom(i);\n}\ns")
	_, later := eng.Eval(context.Background(), "let s = 0;\nfor i in 0..5 {\n  s += boom(i);\n}\ns")
	if first == nil || later == nil || first.Error() != later.Error() {
		t.Errorf("the first call gives %v, a later one %v", first, later)
	}
	calls = 0
	if _, err := eng.Eval(ctx, "for i in 0..100 { stop(i); boom(i + 10); }"); err == nil || calls > 3 {
		t.Errorf("after the context was cancelled: %v, %d calls", err, calls)
	}
}

// TestBinary: an operator calls the binary form of a function only if what the form must not
// do is ruled out by what the function says of itself, and a host's overload comes first.
func TestBinary(t *testing.T) {
	for _, brief := range []bool{true, false} {
		m := engine.NewModule("joins")
		m.Add(&engine.Func{
			Name: "+", Params: []value.TypeID{value.TypeString, value.TypeInt}, Borrows: true, Brief: brief,
			Fn: func(*engine.CallContext, []engine.Dynamic) (engine.Dynamic, error) { return value.String("fn"), nil },
			Binary: func(*engine.CallContext, *engine.Dynamic, *engine.Dynamic) (engine.Dynamic, error) {
				return value.String("binary"), nil
			},
		})
		eng := engine.New(packages.Standard())
		eng.RegisterGlobalModule(m)
		want := "fn"
		if brief {
			want = "binary"
		}
		if got, err := engine.As[string](eng.Eval(t.Context(), `let s = "k"; let n = 1; s + n`)); err != nil || got != want {
			t.Errorf("brief %v: %q, %v; want %q", brief, got, err, want)
		}
	}
}
