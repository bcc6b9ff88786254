package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func TestEngineCallFn(t *testing.T) {
	eng := engine.New(packages.Standard())
	other, err := eng.Compile("fn twice(x) { x * 200 } private fn hidden(x) { -x }")
	if err != nil {
		t.Fatal(err)
	}
	obj := engine.V(map[string]any{"n": 1})
	const script = `fn twice(x) { x * 2 } fn add(a, b) { a + b } fn bump(k) { this.n += k; this.n } fn outer(x) { twice(x) + 1 } `
	for _, c := range []struct {
		name, fn string
		opts     engine.CallOptions
		args     []any
		want     string
	}{
		{name: "closure", fn: "|x| x + 1", args: []any{41}, want: "42"},
		{name: "captured", fn: "let n = 10; |x| { n += x; n }", args: []any{1}, want: "11"},
		{name: "calls functions of its script", fn: "|x| outer(x)", args: []any{4}, want: "9"},
		{name: "pointer with its script", fn: `Fn("twice")`, args: []any{21}, want: "42"},
		{name: "pointer made in evaluated text", fn: `eval("Fn(\"twice\")")`, args: []any{21}, want: "42"},
		{name: "bare name", fn: "twice", args: []any{21}, want: "42"},
		{name: "pointer with another script", fn: `Fn("twice")`, opts: engine.CallOptions{AST: other}, args: []any{2}, want: "400"},
		{name: "pointer that only the script has", fn: `Fn("hidden")`, opts: engine.CallOptions{AST: other}, args: []any{2}, want: "-2"},
		{name: "curried", fn: `Fn("add").curry(40)`, args: []any{2}, want: "42"},
		{name: "curried closure", fn: "(|a, b| a - b).curry(50)", args: []any{8}, want: "42"},
		{name: "this", fn: "|k| { this.n += k; this.n }", opts: engine.CallOptions{This: &obj}, args: []any{5}, want: "6"},
		{name: "this of a pointer", fn: `Fn("bump")`, opts: engine.CallOptions{This: &obj}, args: []any{5}, want: "11"},
		{name: "native", fn: `Fn("max")`, args: []any{3, 9}, want: "9"},
		{name: "native method", fn: `Fn("get")`, opts: engine.CallOptions{This: &obj}, args: []any{"n"}, want: "11"},
		{name: "native that calls back", fn: `Fn("map")`, args: []any{[]int{1, 2}, evalWith(t, eng, nil, script+`Fn("twice")`)}, want: "[2, 4]"},
		{name: "empty", fn: "|| {}", want: "()"},
		{name: "exit", fn: "|| { exit(7); 1 }", want: "7"},
		{name: "too few", fn: "|x| x", want: "error Function not found: anon$"},
		{name: "no function", fn: "42", want: "error Data type incorrect: i64 (expecting Fn)"},
		{name: "no name", fn: `Fn("nowhere")`, args: []any{1}, want: "error Function not found: nowhere (i64)"},
		{name: "throws", fn: "|x| { throw x; }", args: []any{"why"}, want: "error Runtime error: why (line 1"},
		{name: "no counterpart", fn: "|x| x", args: []any{make(chan int)}, want: "error chan int has no counterpart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fn := evalWith(t, eng, nil, script+c.fn)
			v, err := eng.CallFn(context.Background(), fn, c.opts, c.args...)
			got := value.Debug(v)
			if err != nil {
				got = "error " + err.Error()
			}
			if !strings.HasPrefix(got, c.want) || err == nil && got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	//lint:ignore SA1012 a nil context is refused
	if v, err := eng.CallFn(nil, engine.Dynamic{}, engine.CallOptions{}); err == nil {
		t.Errorf("nil context: %v", v)
	}
	if _, err := eng.CallFn(context.Background(), engine.Dynamic{}, engine.CallOptions{}); !errors.Is(err, engine.ErrMismatchDataType) {
		t.Errorf("zero value: %v", err)
	}
}

// TestCallFnReceiver checks that a native method changes the receiver of the host.
func TestCallFnReceiver(t *testing.T) {
	eng := engine.New(packages.Standard())
	push := evalWith(t, eng, nil, `Fn("push")`)
	list := engine.V([]int{1})
	if _, err := eng.CallFn(context.Background(), push, engine.CallOptions{This: &list}, 2); err != nil {
		t.Fatal(err)
	}
	if got := value.Debug(list); got != "[1, 2]" {
		t.Errorf("the receiver is %s", got)
	}
}

// TestCallFnAfterEngine calls closures whose engine and script nobody else holds.
func TestCallFnAfterEngine(t *testing.T) {
	makeFn := func() engine.Dynamic {
		raw := engine.NewRaw()
		raw.RegisterFunc("half", func(x int64) int64 { return x / 2 })
		raw.SetLimits(engine.Limits{Operations: 50})
		raw.SetResolver(engine.SourceResolver(map[string]string{"lib": "fn third(x) { x / 3 }"}))
		return evalWith(t, raw, nil, `import "lib" as lib; fn dec(x) { x - 1 } |x| lib::third(half(dec(x)))`)
	}
	fn := makeFn()
	runtime.GC()
	v, err := engine.NewRaw().CallFn(context.Background(), fn, engine.CallOptions{}, 85)
	if got := value.Debug(v); err != nil || got != "14" {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestCallFnModule calls a closure and a function that a module exports.
func TestCallFnModule(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.SourceResolver(map[string]string{
		"deep": "fn one() { 1 }",
		"lib":  `import "deep" as deep; export const NEXT = |x| x + deep::one(); export const NAMED = Fn("inc"); fn inc(x) { x + deep::one() }`,
	}))
	for _, name := range []string{"NEXT", "NAMED"} {
		fn := evalWith(t, eng, nil, `import "lib" as lib; lib::`+name)
		v, err := eng.CallFn(context.Background(), fn, engine.CallOptions{}, 41)
		if got := value.Debug(v); err != nil || got != "42" {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
}

// TestCallFnLimits checks that calls obey the limits of the engine that calls, also when
// they call themselves without end.
func TestCallFnLimits(t *testing.T) {
	eng := engine.New(packages.Standard())
	loop := evalWith(t, eng, nil, "|| loop {}")
	deep := evalWith(t, eng, nil, "fn f(x) { f(x + 1) + 1 } || f(0)")
	strict := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 1000})
	ctx := context.Background()
	if _, err := strict.CallFn(ctx, loop, engine.CallOptions{}); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("operations: %v", err)
	}
	if _, err := eng.CallFn(ctx, deep, engine.CallOptions{}); !errors.Is(err, engine.ErrStackOverflow) {
		t.Errorf("depth: %v", err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := eng.CallFn(stopped, loop, engine.CallOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var stored atomic.Value
	own := engine.New(packages.Standard())
	own.RegisterFunc("again", func(c *engine.CallContext) (engine.Dynamic, error) {
		return own.CallFn(c.Context(), stored.Load().(engine.Dynamic), engine.CallOptions{})
	})
	for _, src := range []string{"|| again()", `Fn("again")`} {
		stored.Store(evalWith(t, own, nil, src))
		if _, err := own.CallFn(ctx, stored.Load().(engine.Dynamic), engine.CallOptions{}); !errors.Is(err, engine.ErrStackOverflow) {
			t.Errorf("%s without end: %v", src, err)
		}
	}
}

// TestCallFnPanics checks that panics of Go functions called by pointer are errors.
func TestCallFnPanics(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("boom", func() { panic("bang") })
	eng.RegisterFunc("quit", func() { runtime.Goexit() })
	for _, src := range []string{`Fn("boom")`, "|| boom()"} {
		_, err := eng.CallFn(context.Background(), evalWith(t, eng, nil, src), engine.CallOptions{})
		if !errors.Is(err, engine.ErrSystem) || !strings.Contains(err.Error(), "'boom' panicked: bang") {
			t.Errorf("%s: %v", src, err)
		}
	}
	quit := evalWith(t, eng, nil, `Fn("quit")`)
	done := make(chan bool)
	go func() {
		defer close(done)
		_, _ = eng.CallFn(context.Background(), quit, engine.CallOptions{})
		t.Error("the goroutine goes on")
	}()
	<-done
	if v, err := eng.Eval(context.Background(), "1 + 1"); err != nil || v.Int() != 2 {
		t.Errorf("afterwards: %v, %v", v, err)
	}
}

// TestCallFnHammer calls stored functions of every kind from many goroutines.
func TestCallFnHammer(t *testing.T) {
	eng := engine.New(packages.Standard())
	rounds := 300
	if testing.Short() {
		rounds = 50
	}
	ctx := context.Background()
	fns := evalWith(t, eng, nil, flipper+`fn plus(a, b) { a + b } [flip, Fn("plus").curry(1), Fn("max").curry(3), curry(|f, k| f.call(k), flip)]`)
	hammer(t, 8, rounds, func(g, i int) error {
		_, err := eng.CallFn(ctx, fns.Array().Items[(g+i)%4], engine.CallOptions{}, g+i)
		return err
	})
	var flip func(int) (int64, error)
	if err := eng.FromValue(fns.Array().Items[0], &flip); err != nil {
		t.Fatal(err)
	}
	hammer(t, 8, rounds, func(g, i int) error {
		_, err := flip(g * i)
		return err
	})
}

func TestBind(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`
		const RATE = 3;
		fn price(n, currency) { if currency == "eur" { n * global::RATE * 1.0 } else { throw "unknown " + currency } }
		fn first(list) { list[0] }
		fn make(k) { |x| x * k }
		fn note(text) { print(text) }
	`)
	if err != nil {
		t.Fatal(err)
	}
	price, err := engine.Bind[func(int64, string) (float64, error)](eng, ast, "price")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := price(14, "eur"); err != nil || got != 42 {
		t.Errorf("price: %v, %v", got, err)
	}
	if got, err := price(14, "usd"); got != 0 || !errors.Is(err, engine.ErrRuntime) {
		t.Errorf("price: %v, %v", got, err)
	}
	type point struct{ X, Y int }
	first, err := engine.Bind[func(context.Context, []point) (*point, error)](eng, ast, "first")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := first(context.Background(), []point{{1, 2}}); err != nil || *got != (point{1, 2}) {
		t.Errorf("first: %v, %v", got, err)
	}
	if _, err := first(nil, nil); !errors.Is(err, engine.ErrSystem) {
		t.Errorf("nil context: %v", err)
	}
	if _, err := first(context.Background(), nil); !errors.Is(err, engine.ErrArrayBounds) {
		t.Errorf("first of none: %v", err)
	}
	mk, err := engine.Bind[func(int) (func(int) (int, error), error)](eng, ast, "make")
	if err != nil {
		t.Fatal(err)
	}
	times7, err := mk(7)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := times7(6); err != nil || got != 42 {
		t.Errorf("a function from a function: %v, %v", got, err)
	}
	var printed string
	eng2 := eng.Clone().OnPrint(func(_ context.Context, s string) { printed += s })
	note, err := engine.Bind[func(string) error](eng2, ast, "note")
	if err != nil {
		t.Fatal(err)
	}
	if err := note("hello"); err != nil || printed != "hello" {
		t.Errorf("note: %v, %q", err, printed)
	}
	wrong, err := engine.Bind[func(int64, string) (bool, error)](eng, ast, "price")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrong(1, "eur"); !errors.Is(err, engine.ErrMismatchOutputType) {
		t.Errorf("a result of another type: %v", err)
	}
}

type unending func() ([]unending, error)

// TestBindRefuses checks that functions which could never be called are refused.
func TestBindRefuses(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("fn f(x) { x }")
	if err != nil {
		t.Fatal(err)
	}
	fails := func(what string, err error, text string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = engine.Bind[int](eng, ast, "f")
	fails("int", err, "no function type")
	_, err = engine.Bind[func(int)](eng, ast, "f")
	fails("no error", err, "must return an error")
	_, err = engine.Bind[func(int) int](eng, ast, "f")
	fails("no error", err, "must return an error")
	_, err = engine.Bind[func(...int) error](eng, ast, "f")
	fails("variadic", err, "variadic")
	_, err = engine.Bind[func(chan int) error](eng, ast, "f")
	fails("parameter", err, "parameter 1 of type chan int")
	_, err = engine.Bind[func(func() error) error](eng, ast, "f")
	fails("parameter", err, "has no counterpart")
	_, err = engine.Bind[func(int) (chan int, error)](eng, ast, "f")
	fails("result", err, "the result of type chan int")
	_, err = engine.Bind[func(int, int) error](eng, ast, "f")
	fails("arity", err, "Function not found: f with 2 parameters")
	_, err = engine.Bind[func(int) error](eng, nil, "f")
	fails("nil script", err, "the script is nil")
	_, err = engine.Bind[unending](eng, ast, "f")
	fails("recursive type", err, "Function not found: f with 0 parameters")
	_, err = engine.Bind[func(int) error](eng, ast, "")
	fails("names", err, "compiled with 0 names")

	var f func(int) error
	fn := evalWith(t, eng, nil, "|x| x")
	fails("no engine", engine.FromValue(fn, &f), "Engine.FromValue")
	var g func(int) int
	fails("no error", eng.FromValue(fn, &g), "must return an error")
	fails("no function", eng.FromValue(engine.V(1), &f), "expecting Fn")
	f = func(int) error { return nil }
	if err := eng.FromValue(engine.Dynamic{}, &f); err != nil || f != nil {
		t.Errorf("() is the nil function: %v", err)
	}
}

func TestBindScript(t *testing.T) {
	eng := engine.New(packages.Standard()).SetStrictVariables(true)
	ast, err := eng.CompileWith("w *= 2.0; w * h", engine.CompileOptions{Names: []string{"w", "h"}})
	if err != nil {
		t.Fatal(err)
	}
	area, err := engine.Bind[func(float64, float64) (float64, error)](eng, ast, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // what a call does to its variables does not stay
		if got, err := area(3, 7); err != nil || got != 42 {
			t.Errorf("area: %v, %v", got, err)
		}
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 100 {
				if got, err := area(float64(g), float64(i)); err != nil || got != float64(2*g*i) {
					t.Errorf("area: %v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestFuncParameter registers functions that take functions and keep them.
func TestFuncParameter(t *testing.T) {
	type handler struct {
		Name string
		Do   func(ctx context.Context, n int) (string, error) `rhai:"run"`
	}
	var mu sync.Mutex
	handlers := map[string]handler{}
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 10_000})
	eng.RegisterFunc("on", func(h handler) { mu.Lock(); handlers[h.Name] = h; mu.Unlock() })
	eng.RegisterFunc("apply", func(f func(int64) (int64, error), x int64) (int64, error) { return f(x) })
	evalWith(t, eng, nil, `
		let seen = 0;
		on(#{Name: "count", run: |n| { seen += n; "seen " + seen }});
		on(#{Name: "spin", run: |n| loop {}});
	`)
	ctx := context.Background()
	if got, err := handlers["count"].Do(ctx, 2); err != nil || got != "seen 2" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := handlers["count"].Do(ctx, 3); err != nil || got != "seen 5" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := handlers["spin"].Do(ctx, 3); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("limits of the engine: %v", err)
	}
	if got := evalWith(t, eng, nil, "fn f(x) { x + 1 } apply(f, 1) + apply(|x| x * 2, 3)"); got.Int() != 8 {
		t.Errorf("apply: %v", got)
	}
	if _, err := eng.Eval(ctx, "apply(1, 1)"); !errors.Is(err, engine.ErrFunctionNotFound) {
		t.Errorf("no function: %v", err)
	}
	if _, err := eng.Eval(ctx, "apply(|x| throw 7, 1)"); err == nil || !strings.Contains(err.Error(), "Runtime error: 7") {
		t.Errorf("error of the callback: %v", err)
	}
}

func ExampleBind() {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`fn price(n, currency) { n * if currency == "eur" { 1.5 } else { 2.0 } }`)
	if err != nil {
		panic(err)
	}
	price, err := engine.Bind[func(int64, string) (float64, error)](eng, ast, "price")
	if err != nil {
		panic(err)
	}
	fmt.Println(price(28, "eur"))
	// Output: 42 <nil>
}

func ExampleBind_script() {
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileWith(`age >= 18 && country == "DE"`, engine.CompileOptions{Names: []string{"age", "country"}})
	if err != nil {
		panic(err)
	}
	grown, err := engine.Bind[func(age int, country string) (bool, error)](eng, ast, "")
	if err != nil {
		panic(err)
	}
	fmt.Println(grown(42, "DE"))
	// Output: true <nil>
}

func ExampleEngine_CallFn() {
	eng := engine.New(packages.Standard())
	next, err := eng.Eval(context.Background(), "let n = 40; || { n += 1; n }")
	if err != nil {
		panic(err)
	}
	for range 2 {
		fmt.Println(eng.CallFn(context.Background(), next, engine.CallOptions{}))
	}
	// Output:
	// 41 <nil>
	// 42 <nil>
}

func ExampleEngine_FromValue() {
	eng := engine.New(packages.Standard())
	plugin, err := eng.Eval(context.Background(), `#{name: "upper", apply: |s| s.to_upper()}`)
	if err != nil {
		panic(err)
	}
	var p struct {
		Name  string                                              `rhai:"name"`
		Apply func(ctx context.Context, s string) (string, error) `rhai:"apply"`
	}
	if err := eng.FromValue(plugin, &p); err != nil {
		panic(err)
	}
	fmt.Println(p.Apply(context.Background(), p.Name))
	// Output: UPPER <nil>
}
