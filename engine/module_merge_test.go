package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// giving returns a function that returns a number.
func giving(n int) func() int { return func() int { return n } }

func twoModules(t *testing.T, eng *engine.Engine) (a, b *engine.Module) {
	t.Helper()
	script := func(src string) *engine.Module {
		m, err := eng.EvalModule(context.Background(), engine.NewScope(), compiled(t, eng, "", src))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b = engine.NewModule("a"), engine.NewModule("b")
	a.Func("f", giving(1)).Func("f", func(x int) int { return x }).Func("only_a", giving(10))
	b.Func("f", giving(2)).Func("f", func(x string) string { return x }).Func("only_b", giving(20))
	a.SetVar("X", 1)
	a.SetVar("A", 1)
	b.SetVar("X", 2)
	b.SetVar("B", 2)
	subA, subB, deep := engine.NewModule("sub"), engine.NewModule("sub"), engine.NewModule("deep")
	subA.Func("g", giving(1)).Func("h", giving(1))
	subB.Func("g", giving(2))
	subB.SetModule("deep", deep)
	deep.SetVar("D", 5)
	a.SetModule("sub", subA)
	b.SetModule("sub", subB)
	a.Merge(script(`export const S = 1; fn s() { 1 } fn both() { helper() } private fn helper() { 1 } fn int.typed() { 1 }`))
	b.Merge(script(`export const S = 2; fn t() { 2 } fn both() { helper() } private fn helper() { 2 } fn typed() { 2 }`))
	return a, b
}

const useModules = `import "m" as m; [m::f(), m::f(7), m::f("x"), m::X, m::A, m::B, m::sub::g(), m::sub::h(), m::sub::deep::D, m::only_a() + m::only_b(), m::S, m::s(), m::t(), m::both()]`

func TestMergeModules(t *testing.T) {
	eng := engine.New(packages.Standard())
	use := func(m *engine.Module) string {
		return result(eng.Clone().SetResolver(engine.StaticResolver(map[string]*engine.Module{"m": m})), nil, useModules)
	}
	a, b := twoModules(t, eng)
	if got := use(a.Merge(b)); got != `[2, 7, "x", 2, 1, 2, 2, 1, 5, 30, 2, 1, 2, 2]` {
		t.Errorf("merged: %s", got)
	}
	if b.HasFunc("only_a", 0) || b.Sub("sub").HasFunc("h", 0) {
		t.Error("the merged module was changed")
	}
	a, b = twoModules(t, eng)
	if got := use(a.Fill(b)); got != `[1, 7, "x", 1, 1, 2, 1, 1, 5, 30, 1, 1, 2, 1]` {
		t.Errorf("filled: %s", got)
	}
	for name, want := range map[string]bool{
		"f": true, "X": true, "sub": true, "sub::g": true, "sub::deep::D": true, "both": true, "s": true,
		"g": false, "": false, "sub::": false, "::f": false, "nope::f": false, "sub::deep::g": false,
	} {
		if a.Contains(name) != want {
			t.Errorf("Contains(%q) is %v", name, !want)
		}
	}
	if a.Sub("sub::deep") == nil || a.Sub("sub::no") != nil || a.Sub("") != nil {
		t.Error("Sub finds the wrong modules")
	}
	named := engine.NewModule("named").Merge(a).Alias("f", "also_f")
	if got := result(engine.New(packages.Standard()).RegisterGlobalModule(named), nil, `[also_f(), also_f(3), also_f("y"), 1.typed(), "s".typed()]`); got != `[1, 3, "y", 1, 2]` {
		t.Errorf("aliases: %s", got)
	}
	for what, f := range map[string]func(){
		"a nil module":    func() { engine.NewModule("n").Merge(nil) },
		"a fixed module":  func() { a.Merge(b) },
		"a fixed one":     func() { a.Fill(b) },
		"an unknown name": func() { engine.NewModule("n").Alias("x", "y") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", what)
				}
			}()
			f()
		}()
	}
	b.Merge(b)
	if !slices.Equal(b.Vars(), []string{"B", "S", "X"}) {
		t.Errorf("merged with itself: %v", b.Vars())
	}
}

func TestScopeOfGoValues(t *testing.T) {
	type inner struct{ Note string }
	type user struct {
		inner
		Name   string `rhai:"name"`
		Age    int    `json:"age"`
		Secret string `rhai:"-"`
	}
	scope := engine.NewScope().Push("first", 1)
	if err := scope.PushAll(&user{inner{"n"}, "Ada", 36, "x"}); err != nil {
		t.Fatal(err)
	}
	if err := scope.PushAll(map[string]any{"list": []int{1}, "z": nil}); err != nil {
		t.Fatal(err)
	}
	if err := scope.PushAll((*user)(nil)); err != nil {
		t.Fatal(err)
	}
	scope.PushConst("K", "k")
	const want = "[1] let first = 1\n[2] let Note = \"n\"\n[3] let age = 36\n[4] let name = \"Ada\"\n[5] let list = [1]\n[6] let z = ()\n[7] const K = \"k\"\n"
	if got := scope.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for _, x := range []any{nil, 1, "x", []int{1}, make(chan int), map[int]int{}, map[string]any{"c": make(chan int)}} {
		if err := scope.PushAll(x); err == nil || scope.Len() != 7 {
			t.Errorf("%T: %v", x, err)
		}
	}
	var age int
	if err := scope.GetAs("age", &age); err != nil || age != 36 {
		t.Errorf("%d, %v", age, err)
	}
	if err := scope.GetAs("nope", &age); !errors.Is(err, engine.ErrVariableNotFound) {
		t.Error(err)
	}
	if err := scope.GetAs("name", &age); !errors.Is(err, engine.ErrMismatchOutputType) {
		t.Error(err)
	}
	scope.Push("age", 1)
	latest := scope.Visible()
	if v, _ := latest.Get("age"); v.Int() != 1 || latest.Len() != 7 || scope.Len() != 8 {
		t.Errorf("visible: %s", latest)
	}
	var none *engine.Scope
	if none.String() != "" || none.Visible().Len() != 0 {
		t.Error("a nil scope is empty")
	}
	shared := engine.NewScope()
	evalWith(t, engine.New(packages.Standard()), shared, "let n = 1; let f = || { n += 1; n };")
	if s := shared.String(); s[:len("[1] let n = 1\n")] != "[1] let n = 1\n" {
		t.Error(s)
	}
}

func ExampleScope_PushAll() {
	type order struct {
		Total   float64 `rhai:"total"`
		Country string  `rhai:"country"`
	}
	scope := engine.NewScope()
	if err := scope.PushAll(order{150, "DE"}); err != nil {
		panic(err)
	}
	eng := engine.New(packages.Standard())
	fmt.Println(eng.EvalScope(context.Background(), scope, `country == "DE" && total > 100.0`))
	fmt.Print(scope)
	// Output:
	// true <nil>
	// [1] let country = "DE"
	// [2] let total = 150.0
}

func ExampleModule_Fill() {
	mine := engine.NewModule("mine").Func("greet", func() string { return "hello" })
	base := engine.NewModule("base").Func("greet", func() string { return "hi" }).Func("part", func() string { return "bye" })
	eng := engine.NewRaw().RegisterGlobalModule(mine.Fill(base))
	fmt.Println(eng.Eval(context.Background(), "[greet(), part()]"))
	// Output: ["hello", "bye"] <nil>
}

// TestScopeAlias exports variables of the host's scope.
func TestScopeAlias(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("rate += 1; let own = rate * 2; export own as twice; let other = 1;")
	if err != nil {
		t.Fatal(err)
	}
	scope := engine.NewScope().Push("rate", 1).Push("limit", 10).Push("mine", 5).Push("hidden", 6)
	if !scope.SetAlias("rate", "price") || !scope.SetAlias("limit", "") || !scope.SetAlias("mine", "twice") || scope.SetAlias("nothing", "x") {
		t.Error("SetAlias does not tell whether there is a variable")
	}
	mod, err := eng.EvalModule(context.Background(), scope.Clone(), ast)
	if err != nil {
		t.Fatal(err)
	}
	eng.RegisterStaticModule("m", mod)
	v, err := eng.Eval(context.Background(), "[m::price, m::limit, m::twice]")
	if err != nil || v.String() != "[2, 10, 4]" {
		t.Errorf("the module has %v, %v", v, err)
	}
	for _, name := range []string{"rate", "hidden", "other", "mine"} {
		if _, err := eng.Eval(context.Background(), "m::"+name); err == nil {
			t.Errorf("the module has %s", name)
		}
	}
}
