package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// The tests of this file are of what hosts can do and no other test does, see the tables in
// RATIONALE.md.

func TestScopeByHand(t *testing.T) {
	s := engine.NewScope().Push("a", 1).PushConst("C", "x").PushValue("v", value.Float(2.5)).Push("a", 2)
	if !s.Set("a", 3) || s.Set("C", 1) {
		t.Error("Set does not set a variable, or sets a constant")
	}
	if c, ok := s.IsConst("C"); !c || !ok {
		t.Error("C is no constant")
	}
	if c, ok := s.IsConst("a"); c || !ok {
		t.Error("a is a constant")
	}
	if _, ok := s.IsConst("none"); ok {
		t.Error("a variable is there that is not")
	}
	show := func() string {
		var out []string
		for v := range s.All() {
			out = append(out, fmt.Sprint(v.Name, v.Constant, value.Debug(v.Value)))
		}
		return strings.Join(out, " ")
	}
	if got, want := show(), `afalse1 Ctrue"x" vfalse2.5 afalse3`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if v, ok := s.Remove("a"); !ok || v.Int() != 3 {
		t.Errorf("Remove: %v, %t", v, ok)
	}
	if v, ok := s.Get("a"); !ok || v.Int() != 1 {
		t.Errorf("below what was removed: %v, %t", v, ok)
	}
	if _, ok := s.Remove("none"); ok {
		t.Error("what is not there was removed")
	}
	if s.Rewind(1); show() != "afalse1" {
		t.Errorf("rewound: %s", show())
	}
	if s.Clear(); s.Len() != 0 {
		t.Errorf("cleared: %s", show())
	}
	eng := engine.NewRaw()
	consts := engine.NewScope().PushConst("N", 20)
	ast, err := eng.CompileScope(consts, "N * 2 + x")
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(eng.Run(t.Context(), engine.NewScope().Push("x", 2).PushConst("N", 20), ast)); got != "42" {
		t.Errorf("CompileScope: %s", got)
	}
	for _, src := range []string{"C = 1", "C += 1", "C.x = 1", "C[0] = 1"} {
		if _, err := eng.EvalScope(t.Context(), engine.NewScope().PushConst("C", map[string]any{"x": 0}), src); err == nil {
			t.Errorf("%s writes a constant", src)
		}
	}
}

func TestSettings(t *testing.T) {
	eng := engine.New(packages.Standard()).SetOptimization(engine.OptimizeFull)
	if eng.Optimization() != engine.OptimizeFull {
		t.Error("the level is another one than was set")
	}
	if got := shown(eng.Eval(t.Context(), "#{}.x")); got != "()" {
		t.Errorf("a missing property: %s", got)
	}
	eng.SetFailOnInvalidMapProperty(true).SetStrictVariables(true)
	if _, err := eng.Eval(t.Context(), "#{}.x"); !errors.Is(err, engine.ErrPropertyNotFound) {
		t.Errorf("a missing property: %v", err)
	}
	if _, err := eng.Compile("fn f() { y }"); !errors.Is(err, engine.ErrParsing) {
		t.Errorf("strict: %v", err)
	}
	var debugged string
	eng.OnDebug(func(_ context.Context, text, source string, pos syntax.Pos) {
		debugged = fmt.Sprint(text, " ", source, " ", pos.Line)
	})
	ast, err := eng.CompileNamed("here", "\ndebug([1]); 7")
	if err != nil {
		t.Fatal(err)
	}
	v, stats, err := eng.RunStats(t.Context(), nil, ast)
	if err != nil || v.Int() != 7 || stats.Operations == 0 || stats.Allocated == 0 || debugged != "[1] here 2" {
		t.Errorf("%v %+v %v, debug %q", v, stats, err, debugged)
	}
	expr, err := eng.CompileExpr(engine.NewScope().Push("x", 1), "x + 1")
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(eng.Run(t.Context(), engine.NewScope().Push("x", 1), expr)); got != "2" {
		t.Errorf("an expression: %s", got)
	}
	if _, err := eng.CompileExpr(nil, "let x = 1;"); !errors.Is(err, engine.ErrParsing) {
		t.Errorf("a statement as expression: %v", err)
	}
	if text, err := value.ToJSON(engine.V(map[string]any{"a": []int{1}})); err != nil || text != `{"a":[1]}` {
		t.Errorf("ToJSON: %s, %v", text, err)
	}
}

type cup struct{ Size int64 }

func TestModuleByHand(t *testing.T) {
	m := engine.NewModule("m")
	m.Add(&engine.Func{
		Name: "twice", Params: []value.TypeID{value.TypeInt}, Volatile: true, Brief: true, Borrows: true,
		Fn: func(_ *engine.CallContext, a []engine.Dynamic) (engine.Dynamic, error) {
			return value.Int(2 * a[0].Int()), nil
		},
	})
	m.Func("grow", func(c *cup, n int64) { c.Size += n }, engine.Mutates(), engine.Borrows(), engine.Brief())
	m.Func("common", func() int { return 5 }, engine.Global(), engine.Volatile())
	engine.RegisterType[cup](m, "Cup")
	m.Getter("size", func(c *cup) int64 { return c.Size })
	m.Setter("size", func(c *cup, n int64) { c.Size = n })
	m.SetIter(engine.TypeOf(&cup{}), func(v engine.Dynamic) func() (engine.Dynamic, bool, error) {
		n := v.Host().V.(*cup).Size
		return func() (engine.Dynamic, bool, error) {
			n--
			if n == 1 {
				return engine.Dynamic{}, false, errors.New("one is left")
			}
			return value.Int(n), n >= 0, nil
		}
	})
	m.SetVar("ONE", 1)
	m.SetModule("sub", engine.NewModule("sub"))
	if v, ok := m.Var("ONE"); !ok || v.Int() != 1 || !slices.Equal(m.Vars(), []string{"ONE"}) || !slices.Equal(m.Modules(), []string{"sub"}) {
		t.Errorf("ONE is %v, %t; %v, %v", v, ok, m.Vars(), m.Modules())
	}
	if !m.Contains("ONE") || !m.Contains("sub") || m.Contains("none") || m.Sub("sub") == nil {
		t.Error("Contains does not tell what the module has")
	}
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	for src, want := range map[string]string{
		"twice(21)": "42", "c.grow(2); c.size": "6", "c.size = 9; c.size": "9", "common()": "5", "let n = 0; for x in c { n += x } n": "error Runtime error: one is left (line 1, position 21)",
		"let n = 0; try { for x in c { n += x } } catch {} n": "5", "type_of(c)": `"Cup"`,
	} {
		if got := shown(eng.EvalScope(t.Context(), engine.NewScope().Push("c", &cup{4}), src)); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}

func TestCallContext(t *testing.T) {
	eng := engine.New(packages.Standard())
	var where string
	eng.RegisterFunc("look", func(c *engine.CallContext, x engine.Dynamic) error {
		fns, err := c.Functions()
		if err != nil {
			return err
		}
		names := 0
		for _, f := range fns {
			if f.Name == "helper" {
				names++
			}
		}
		where = fmt.Sprint(c.Name(), " ", c.Source(), " ", c.Pos().Line, ":", c.Pos().Col, " ", c.TypeName(x), " ", names)
		return nil
	})
	ast := compiled(t, eng, "main", "fn helper() {}\n  look([1]); 1")
	if got := shown(eng.Run(t.Context(), nil, ast)); got != "1" || where != "look main 2:3 array 1" {
		t.Errorf("%s: %s", got, where)
	}
	eng.RegisterFunc("work", func(c *engine.CallContext, n int) error { return c.Work(n) })
	eng.RegisterFunc("count", func(c *engine.CallContext, n int) error { return c.Count(n) })
	eng.RegisterFunc("charge", func(c *engine.CallContext, n int) error { return c.Charge(n) })
	eng.RegisterFunc("check", func(c *engine.CallContext, v engine.Dynamic) error { return c.CheckValue(v) })
	eng.RegisterFunc("collect", func(c *engine.CallContext, v engine.Dynamic, n int) error {
		grown := c.Tally()
		for range n {
			if err := grown.Add(v); err != nil {
				return err
			}
		}
		return nil
	})
	eng.SetLimits(engine.Limits{Operations: 10_000, Allocated: 100_000, ArraySize: 10})
	for src, kind := range map[string]engine.ErrorKind{
		"work(64 * 20_000)": engine.ErrTooManyOperations, "count(20_000)": engine.ErrTooManyOperations, "charge(200_000)": engine.ErrTooMuchAllocated,
		"check(list)": engine.ErrDataTooLarge, "collect([1, 2, 3], 4)": engine.ErrDataTooLarge,
	} {
		scope := engine.NewScope()
		if strings.Contains(src, "list") {
			src = "let small = [1, 2, 3, 4]; check([small, small, small]);"
		}
		if _, err := eng.EvalScope(t.Context(), scope, src); !errors.Is(err, kind) {
			t.Errorf("%s: %v", src, err)
		}
	}
	if got := shown(eng.Eval(t.Context(), "work(640); count(10); charge(100); check([1]); collect([1], 3); 1")); got != "1" {
		t.Errorf("within the limits: %s", got)
	}
}

func TestSyntaxContext(t *testing.T) {
	eng := engine.New(packages.Standard())
	err := eng.RegisterSyntax([]string{"swap", syntax.MarkIdent, "with", syntax.MarkIdent}, false, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		a, ok := c.Lookup(c.Text(0))
		b, also := c.Lookup(c.Text(1))
		if !ok || !also {
			return engine.Dynamic{}, errors.New("no such variable")
		}
		if err := c.Assign(c.Text(0), b); err != nil {
			return engine.Dynamic{}, err
		}
		return engine.Dynamic{}, c.Assign(c.Text(1), a)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(eng.Eval(t.Context(), "let x = 1; let y = 2; swap x with y; [x, y]")); got != "[2, 1]" {
		t.Errorf("swapped: %s", got)
	}
	if _, err := eng.Eval(t.Context(), "let x = 1; const Y = 2; swap x with Y; x"); err == nil {
		t.Error("a constant was assigned to")
	}
}
