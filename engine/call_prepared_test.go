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

const rule = `age >= 18 && country == "DE"`

func prepared(t testing.TB, eng *engine.Engine, src string, names ...string) *engine.Prepared {
	t.Helper()
	ast, err := eng.CompileWith(src, engine.CompileOptions{Names: names})
	if err != nil {
		t.Fatal(err)
	}
	p, err := ast.Prepare(eng, names...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPrepared(t *testing.T) {
	m := engine.NewModule("m")
	m.SetVar("RATE", 3)
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	ctx := context.Background()
	list := engine.V([]int{1, 2})
	long := strings.Repeat("long ", 20)
	for _, c := range []struct {
		src, names string
		args       []any
		want       string
	}{
		{rule, "age country", []any{42, "DE"}, "true"},
		{rule, "country age", []any{"DE", int8(17)}, "false"},
		{"a + b", "a b", []any{uint64(1), float32(2)}, "3.0"},
		{"[a, b, c, d, e, f, g, h, i, j]", "a b c d e f g h i j", []any{nil, true, int16(1), int32(2), int64(3), uint(4), uint8(5), uint16(6), uint32(7), ""}, `[(), true, 1, 2, 3, 4, 5, 6, 7, ""]`},
		{"a.push(3); a", "a", []any{list}, "[1, 2, 3]"}, {"a.len()", "a", []any{list}, "2"},
		{"a += 1; let b = a; b", "a", []any{1}, "2"}, {"let f = || a += 1; f.call(); a", "a", []any{1}, "2"},
		{"a + RATE", "a unused", []any{1, 2}, "4"}, {"RATE", "", nil, "3"}, {"let RATE = 1; RATE", "RATE", []any{9}, "1"}, {"RATE", "RATE", []any{9}, "9"},
		{"a = 2; RATE = 4", "a", []any{1}, "error Cannot modify constant RATE (line 1, position 8)"},
		{"b", "a", []any{1}, "error Variable not found: b (line 1, position 1)"},
		{"eval(\"a + b\")", "a b", []any{1, 2}, "3"},
		{"fn f(x) { x * 2 } f(a)", "a", []any{21}, "42"}, {"exit(a); 1", "a", []any{5}, "5"}, {"throw a", "a", []any{5}, "error Runtime error: 5 (line 1, position 1)"},
		{"a", "a", []any{long}, value.Debug(engine.V(long))},
		{"a", "a", nil, "error the script is prepared for 1 variables (a) and gets 0"},
		{"a", "a", []any{[]int{1}}, "error argument #1 of type []int is no scalar: make it a value first, with engine.V"},
		{"a", "a", []any{uint64(1 << 63)}, "error argument #1 is too large for i64"},
	} {
		p := prepared(t, eng, c.src, strings.Fields(c.names)...)
		for range 2 { // what a run does to its variables does not stay
			if got := shown(p.Eval(ctx, c.args...)); got != c.want {
				t.Errorf("%s with %v: got %s, want %s", c.src, c.args, got, c.want)
			}
		}
	}
	ast := compiled(t, eng, "", "x")
	if _, err := ast.Prepare(eng, "x", "x"); err == nil {
		t.Error("a name may occur twice")
	}
	if _, err := (*engine.AST)(nil).Prepare(eng); !errors.Is(err, engine.ErrSystem) {
		t.Error(err)
	}
	if got := shown(prepared(t, eng, "a[0] + b", "a", "b").EvalValues(ctx, list, value.Int(41))); got != "42" {
		t.Error(got)
	}
	for _, p := range []*engine.Prepared{nil, {}} {
		if _, err := p.Eval(ctx); !errors.Is(err, engine.ErrSystem) {
			t.Error(err)
		}
		if _, err := p.EvalValues(ctx); !errors.Is(err, engine.ErrSystem) {
			t.Error(err)
		}
	}
	p := prepared(t, eng, "x", "x")
	//lint:ignore SA1012 a nil context is refused
	if _, err := p.Eval(nil, 1); !errors.Is(err, engine.ErrSystem) {
		t.Error(err)
	}
	strict := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 100, Variables: 2})
	if _, err := prepared(t, strict, "loop {}").Eval(ctx); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Error(err)
	}
	if _, err := prepared(t, strict, "let b = a; let c = b; c", "a").Eval(ctx, 1); !errors.Is(err, engine.ErrTooManyVariables) {
		t.Error(err)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.Eval(done, 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	boom := engine.New(packages.Standard())
	boom.RegisterFunc("boom", func() { panic("bang") })
	if _, err := prepared(t, boom, "boom()").Eval(ctx); !errors.Is(err, engine.ErrSystem) {
		t.Error(err)
	}
}

// TestPreparedAllocs pins that scalars cost nothing, also those in variables.
func TestPreparedAllocs(t *testing.T) {
	ctx := context.Background()
	eng := engine.New(packages.Standard())
	p := prepared(t, eng, rule, "age", "country")
	age, country := 1000, string([]byte("DE"))
	pinned(t, "a rule", 0, func() error {
		age++
		_, err := p.Eval(ctx, age, country)
		return err
	})
	q := prepared(t, eng, "(a + b) * c - d / e", "a", "b", "c", "d", "e")
	f := 0.5
	pinned(t, "arithmetic", 0, func() error {
		f++
		_, err := q.Eval(ctx, f, f, age, f, age)
		return err
	})
	limited := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 1000, Allocated: 1 << 20})
	deadline, cancel := context.WithTimeout(ctx, 1<<40)
	defer cancel()
	p = prepared(t, limited, rule, "age", "country")
	pinned(t, "a rule with limits and a deadline", 0, func() error {
		_, err := p.Eval(deadline, age, country)
		return err
	})
}

func TestPreparedHammer(t *testing.T) {
	p := prepared(t, engine.New(packages.Standard()), "text += n; f.call(n) + text.len()", "text", "n", "f")
	f := evalWith(t, engine.New(packages.Standard()), nil, "let k = 1; |x| { k = x; x }")
	words := []string{"a", "bb", "ccc", "dd", "e"}
	hammer(t, 8, 200, func(g, i int) error {
		w := words[(g+i)%len(words)]
		v, err := p.Eval(context.Background(), w, i, f)
		if err == nil && v.Int() != int64(i+len(w)+len(fmt.Sprint(i))) {
			return fmt.Errorf("%s, %d: %v", w, i, v)
		}
		return err
	})
}

func ExampleAST_Prepare() {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`age >= 18 && country == "DE"`)
	if err != nil {
		panic(err)
	}
	rule, err := ast.Prepare(eng, "age", "country")
	if err != nil {
		panic(err)
	}
	fmt.Println(rule.Eval(context.Background(), 42, "DE"))
	fmt.Println(rule.Eval(context.Background(), 7, "DE"))
	// Output:
	// true <nil>
	// false <nil>
}

// BenchmarkPrepared runs expressions as a rules engine does, each with new values.
func BenchmarkPrepared(b *testing.B) {
	ctx := context.Background()
	eng := engine.New(packages.Standard())
	limited := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 10_000, Allocated: 1 << 20})
	deadline, cancel := context.WithTimeout(ctx, 1<<40)
	defer cancel()
	age, country := 0, string([]byte("DE"))
	run := func(b *testing.B, p *engine.Prepared, ctx context.Context) {
		b.ReportAllocs()
		for b.Loop() {
			age++
			if _, err := p.Eval(ctx, age, country); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("rule", func(b *testing.B) { run(b, prepared(b, eng, rule, "age", "country"), ctx) })
	b.Run("rule_limits_deadline", func(b *testing.B) { run(b, prepared(b, limited, rule, "age", "country"), deadline) })
	b.Run("rule_by_scope", func(b *testing.B) {
		ast, err := eng.Compile(rule)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			age++
			scope := engine.NewScope()
			scope.Push("age", age).Push("country", country)
			if _, err := eng.Run(ctx, scope, ast); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("arithmetic", func(b *testing.B) {
		p := prepared(b, eng, "(a + b) * c - d / e", "a", "b", "c", "d", "e")
		x := 0.5
		b.ReportAllocs()
		for b.Loop() {
			x++
			if _, err := p.Eval(ctx, x, 2.0, x, 4.0, 5.0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nested_maps", func(b *testing.B) {
		p := prepared(b, eng, "user.address.city.len > limit", "user", "limit")
		user := engine.V(map[string]any{"address": map[string]any{"city": "Berlin"}})
		b.ReportAllocs()
		for b.Loop() {
			age++
			if _, err := p.Eval(ctx, user, age); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("any_over_list", func(b *testing.B) {
		p := prepared(b, eng, "list.some(|x| x > limit)", "list", "limit")
		list := engine.V([]int{1, 2, 3, 4, 5, 6, 7, 8})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Eval(ctx, list, 7); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkStoredFunc calls script functions that Go code holds.
func BenchmarkStoredFunc(b *testing.B) {
	ctx := context.Background()
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("fn next(x) { x + 1 }")
	if err != nil {
		b.Fatal(err)
	}
	closure, err := eng.Eval(ctx, "let n = 1; |x| x + n")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("CallFn", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := eng.CallFn(ctx, closure, engine.CallOptions{}, 41); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Bind", func(b *testing.B) {
		next, err := engine.Bind[func(int) (int, error)](eng, ast, "next")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := next(41); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestPrepareNames refuses names that no variable can have.
func TestPrepareNames(t *testing.T) {
	ast, err := engine.NewRaw().Compile("a + b_1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "1x", "this", "a b", "_", "_a", "a-b"} {
		if _, err := ast.Prepare(engine.NewRaw(), "a", name); err == nil {
			t.Errorf("%q is taken as a name", name)
		}
	}
	p, err := ast.Prepare(engine.NewRaw(), "a", "b_1")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(context.Background(), 1, 2); err != nil || v.Int() != 3 {
		t.Errorf("the script gives %v, %v", v, err)
	}
}
