package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing/fstest"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// A function of the host that is told where it is called from.
func ExampleCallContext() {
	eng := engine.NewRaw()
	eng.RegisterFunc("here", func(c *engine.CallContext) string {
		return fmt.Sprintf("%s:%d", c.Source(), c.Pos().Line)
	})
	ast, err := eng.CompileNamed("script", "\n\nhere()")
	if err != nil {
		panic(err)
	}
	fmt.Println(eng.Run(context.Background(), nil, ast))
	// Output: script:3 <nil>
}

// A function that calls another one for each of its items, as map and filter do.
func ExampleCallback() {
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("times", func(c *engine.CallContext, n int64, f engine.Dynamic) (int64, error) {
		call := c.Callback(f, 1, 0, engine.ThisOnly)
		sum := int64(0)
		for i := range n {
			v, err := call.Call(nil, value.Int(i))
			if err != nil {
				return 0, err
			}
			sum += v.Int()
		}
		return sum, nil
	})
	fmt.Println(eng.Eval(context.Background(), "times(4, |i| i * 10)"))
	// Output: 60 <nil>
}

// A method of a script is called with a receiver of the host's.
func ExampleCallOptions() {
	eng := engine.NewRaw()
	ast, err := eng.Compile(`fn add(n) { this += n; }`)
	if err != nil {
		panic(err)
	}
	total := value.Int(40)
	opts := engine.CallOptions{This: &total, SkipBody: true}
	if _, err := eng.CallFuncWith(context.Background(), opts, nil, ast, "add", 2); err != nil {
		panic(err)
	}
	fmt.Println(total)
	// Output: 42
}

// A rule that may be no more than an expression over variables that it is told.
func ExampleCompileOptions() {
	eng := engine.NewRaw().SetStrictVariables(true)
	for _, src := range []string{"price * qty", "price * quantity", "let x = price;"} {
		_, err := eng.CompileWith(src, engine.CompileOptions{Name: "rule", Expr: true, Names: []string{"price", "qty"}})
		fmt.Println(err == nil)
	}
	// Output:
	// true
	// false
	// false
}

// What raw engines that are made per call have in common.
func ExampleConfig() {
	config := engine.NewConfig().
		SetLimits(engine.Limits{Operations: 1000}).
		Set(func(e *engine.Engine) { e.Allow(engine.Looping, false) })
	_, err := engine.NewRawWith(config).Eval(context.Background(), "loop {}")
	fmt.Println(errors.Is(err, engine.ErrParsing))
	fmt.Println(engine.NewRawWith(config).Eval(context.Background(), "6 * 7"))
	// Output:
	// true
	// 42 <nil>
}

// Values convert from Go and back, and tell their type.
func ExampleDynamic() {
	v := engine.V(map[string]any{"name": "Ada", "born": 1815})
	if n, ok := v.AsInt(); !ok {
		fmt.Println(n, v.TypeName())
	}
	var person struct {
		Name string `json:"name"`
		Born int    `json:"born"`
	}
	fmt.Println(engine.FromValue(v, &person), person.Name, person.Born)
	fmt.Println(v)
	// Output:
	// 0 map
	// <nil> Ada 1815
	// #{"born": 1815, "name": "Ada"}
}

// Kinds work with errors.Is.
func ExampleErrorKind() {
	_, err := engine.NewRaw().Eval(context.Background(), "1 / 0")
	fmt.Println(errors.Is(err, engine.ErrArithmetic), err)
	// Output: true Division by zero: 1 / 0 (line 1, position 3)
}

// A language without loops.
func ExampleFeature() {
	eng := engine.NewRaw().Allow(engine.Looping, false).Allow(engine.AnonymousFn, false)
	_, err := eng.Compile("for i in 0..3 {}")
	fmt.Println(err != nil, eng.LanguageOptions())
	// Output: true [no closures no loops]
}

// The way to a failure, the place of the failure first.
func ExampleFrame() {
	eng := engine.NewRaw()
	ast, err := eng.CompileNamed("main", "fn half(n) {\n  throw \"odd\"\n}\nhalf(3)")
	if err != nil {
		panic(err)
	}
	_, err = eng.Run(context.Background(), nil, ast)
	var e *engine.Error
	if errors.As(err, &e) {
		for f := range e.Frames() {
			fmt.Println(f.Func, f.Source, f.Pos.Line)
		}
	}
	// Output:
	// half main 2
	//  main 4
}

// What a module offers, for help texts.
func ExampleFunc() {
	m := engine.NewModule("math")
	m.Func("clamp", func(x, low, high int64) int64 { return max(low, min(x, high)) },
		engine.Params("x", "low", "high"), engine.Result("int"), engine.Doc("Returns x, or the bound that it is beyond."))
	for _, f := range m.Funcs() {
		fmt.Println(f.Signature())
		fmt.Println(f.Doc)
	}
	// Output:
	// clamp(x: i64, low: i64, high: i64) -> int
	// Returns x, or the bound that it is beyond.
}

// The functions of a script.
func ExampleFuncInfo() {
	ast, err := engine.NewRaw().Compile("/// Adds.\nfn add(a, b) { a + b }\nprivate fn helper() {}")
	if err != nil {
		panic(err)
	}
	for _, f := range ast.Functions() {
		fmt.Println(f.Name, f.Params, f.Private, f.Comments)
	}
	// Output:
	// add [a b] false [/// Adds.]
	// helper [] true []
}

// A function that is the same for the same arguments may be called when a script is
// compiled; one that is not says so.
func ExampleFuncOption() {
	m := engine.NewModule("dice")
	m.Func("roll", func() int { return 4 }, engine.Volatile(), engine.Doc("Returns a random number."))
	fmt.Println(m.Funcs()[0].Volatile)
	// Output: true
}

// A script that would never end, and one that would take all memory.
func ExampleLimits() {
	eng := engine.NewRaw().SetLimits(engine.Limits{Operations: 1_000_000, Allocated: 1 << 20})
	for _, src := range []string{"loop {}", `let s = "x"; loop { s += s; }`} {
		_, err := eng.Eval(context.Background(), src)
		fmt.Println(err)
	}
	// Output:
	// Too many operations (line 1, position 1)
	// Too much memory allocated (line 1, position 23)
}

// A function that looks at its arguments itself.
func ExampleNativeFunc() {
	eng := engine.NewRaw()
	var length engine.NativeFunc = func(_ *engine.CallContext, args []engine.Dynamic) (engine.Dynamic, error) {
		return value.Int(int64(len(args[0].Str()))), nil
	}
	eng.RegisterFunc("bytes", length, engine.Types(value.TypeString))
	fmt.Println(eng.Eval(context.Background(), `bytes("né")`))
	// Output: 3 <nil>
}

// Results of Go functions that keep their width.
func ExampleNumbers() {
	eng := engine.NewRaw().SetNumbers(engine.KeepWidths)
	eng.RegisterFunc("port", func() uint16 { return 8080 })
	fmt.Println(eng.Eval(context.Background(), `type_of(port())`))
	// Output: u16 <nil>
}

// With the highest level, functions without side effects are called when a script is
// compiled.
func ExampleOptLevel() {
	calls := 0
	eng := engine.NewRaw().SetOptimization(engine.OptimizeFull)
	eng.RegisterFunc("answer", func() int { calls++; return 42 })
	ast, err := eng.Compile("answer()")
	if err != nil {
		panic(err)
	}
	before := calls
	fmt.Println(eng.Run(context.Background(), nil, ast))
	fmt.Println(calls == before)
	// Output:
	// 42 <nil>
	// true
}

// A formula that is evaluated many times.
func ExamplePrepared() {
	eng := engine.NewRaw()
	ast, err := eng.Compile("price * qty")
	if err != nil {
		panic(err)
	}
	total, err := ast.Prepare(eng, "price", "qty")
	if err != nil {
		panic(err)
	}
	for qty := range 3 {
		fmt.Println(total.Eval(context.Background(), 2.5, qty))
	}
	// Output:
	// 0.0 <nil>
	// 2.5 <nil>
	// 5.0 <nil>
}

// A method that changes its receiver, registered by hand.
func ExampleReceiver() {
	m := engine.NewModule("m")
	m.Add(&engine.Func{
		Name: "double", Params: []value.TypeID{value.TypeInt}, Receiver: engine.ReceiverChanged,
		Fn: func(_ *engine.CallContext, args []engine.Dynamic) (engine.Dynamic, error) {
			args[0].SetInt(2 * args[0].Int())
			return engine.Dynamic{}, nil
		},
	})
	fmt.Println(engine.NewRaw().RegisterGlobalModule(m).Eval(context.Background(), "let x = 21; x.double(); x"))
	// Output: 42 <nil>
}

// A function with a short form for what needs no error.
func ExampleLeafFunc() {
	m := engine.NewModule("m")
	m.Add(&engine.Func{
		Name: "half", Params: []value.TypeID{value.TypeInt}, Borrows: true,
		Fn: func(_ *engine.CallContext, args []engine.Dynamic) (engine.Dynamic, error) {
			if n := args[0].Int(); n%2 == 0 {
				return value.Int(n / 2), nil
			}
			return value.Unit, errors.New("the number is odd")
		},
		Leaf: func(first *engine.Dynamic, _ []engine.Dynamic) (engine.Dynamic, bool) {
			n := first.Int()
			return value.Int(n / 2), n%2 == 0
		},
	})
	eng := engine.New().RegisterGlobalModule(m)
	fmt.Println(eng.Eval(context.Background(), "let s = 0; for i in 0..10 { if i % 2 == 0 { s += half(i); } } s"))
	fmt.Println(eng.Eval(context.Background(), "half(3)"))
	// Output:
	// 10 <nil>
	//  Runtime error: the number is odd (line 1, position 1)
}

// Modules from several places: the first that has one gives it.
func ExampleResolver() {
	eng := engine.NewRaw()
	eng.SetResolver(engine.Resolvers(
		engine.SourceResolver(map[string]string{"config": "export const LEVEL = 3;"}),
		engine.FileResolver(os.TempDir()),
	))
	fmt.Println(eng.Eval(context.Background(), `import "config" as c; c::LEVEL`))
	// Output: 3 <nil>
}

// A resolver of one's own.
func ExampleResolverFunc() {
	eng := engine.NewRaw().SetResolver(engine.ResolverFunc(func(_ context.Context, _ *engine.Engine, path string) (*engine.Module, error) {
		if path != "build" {
			return nil, engine.ErrModuleNotFound
		}
		m := engine.NewModule(path)
		m.SetVar("VERSION", "1.2")
		return m, nil
	}))
	fmt.Println(eng.Eval(context.Background(), `import "build" as b; b::VERSION`))
	// Output: 1.2 <nil>
}

// Files of any file system, with another ending.
func ExampleResolverOptions() {
	files := fstest.MapFS{"lib/tools.script": {Data: []byte("fn twice(x) { 2 * x }")}}
	eng := engine.NewRaw().SetResolver(engine.FSResolver(files, engine.ResolverOptions{Ext: ".script"}))
	fmt.Println(eng.Eval(context.Background(), `import "lib/tools" as t; t::twice(21)`))
	// Output: 42 <nil>
}

// Scripts are read once; Reset forgets them, after files were changed.
func ExampleScriptResolver() {
	files := fstest.MapFS{"a.rhai": {Data: []byte("export const X = 1;")}}
	resolver := engine.FSResolver(files)
	eng := engine.NewRaw().SetResolver(resolver)
	show := func() { fmt.Println(eng.Eval(context.Background(), `import "a" as a; a::X`)) }
	show()
	files["a.rhai"] = &fstest.MapFile{Data: []byte("export const X = 2;")}
	resolver.Reset()
	show()
	// Output:
	// 1 <nil>
	// 2 <nil>
}

// An exact sampler counts how often each line was executed.
func ExampleSampler() {
	hits := map[int]int64{}
	s := engine.NewSampler(engine.SamplerOptions{Exact: true, Record: func(x *engine.Sample) {
		var at engine.Location = x.Stack[0]
		hits[int(at.Pos().Line)] = max(hits[int(at.Pos().Line)], x.Hits)
	}})
	eng := engine.NewRaw()
	eng.SetSampler(s)
	if _, err := eng.Eval(context.Background(), "let n = 0;\nwhile n < 10 {\n  n += 3;\n}"); err != nil {
		panic(err)
	}
	fmt.Println(hits[1], hits[3])
	// Output: 1 4
}

// What a run used.
func ExampleStats() {
	eng := engine.NewRaw()
	ast, err := eng.Compile("let n = 0; while n < 1000 { n += 1; }")
	if err != nil {
		panic(err)
	}
	_, stats, err := eng.RunStats(context.Background(), nil, ast)
	fmt.Println(stats.Operations > 1000, stats.Allocated, err)
	// Output: true 0 <nil>
}

// A statement of the host's own.
func ExampleSyntaxContext() {
	eng := engine.New(packages.Standard())
	err := eng.RegisterSyntax([]string{"repeat", syntax.MarkExpr, syntax.MarkBlock}, true, func(c *engine.SyntaxContext) (engine.Dynamic, error) {
		n, err := c.Eval(0)
		for i := int64(0); err == nil && i < n.Int(); i++ {
			_, err = c.Eval(1)
		}
		return engine.Dynamic{}, err
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(eng.Eval(context.Background(), "let x = 1; repeat 5 { x *= 2; } x"))
	// Output: 32 <nil>
}

// A function that collects values holds the limits on sizes while it does.
func ExampleTally() {
	eng := engine.NewRaw().SetLimits(engine.Limits{ArraySize: 100})
	eng.RegisterFunc("fill", func(c *engine.CallContext, v engine.Dynamic, n int) (engine.Dynamic, error) {
		var items []engine.Dynamic
		grown := c.Tally()
		for range n {
			if err := grown.Add(v); err != nil {
				return engine.Dynamic{}, err
			}
			items = append(items, v.Share())
		}
		return value.NewArray(items), nil
	})
	_, err := eng.Eval(context.Background(), "fill([1, 2, 3], 1000)")
	fmt.Println(errors.Is(err, engine.ErrDataTooLarge))
	// Output: true
}

type basket struct{ items []string }

// A Go type that scripts use by name, with an indexer and a loop.
func ExampleUserType() {
	m := engine.NewModule("shop")
	engine.RegisterType[basket](m, "Basket").
		Method("add", func(b *basket, item string) { b.items = append(b.items, item) }).
		Get("count", func(b *basket) int64 { return int64(len(b.items)) }).
		Contains(func(b *basket, item string) bool { return slices.Contains(b.items, item) })
	m.Func("basket", func() *basket { return &basket{} })
	eng := engine.NewRaw().RegisterGlobalModule(m)
	fmt.Println(eng.Eval(context.Background(), `let b = basket(); b.add("tea"); b.add("milk"); [b.count, "tea" in b]`))
	// Output: [2, true] <nil>
}

// The variables that a script left.
func ExampleVariable() {
	scope := engine.NewScope()
	if _, err := engine.NewRaw().EvalScope(context.Background(), scope, "let x = 1; const NAME = \"a\";"); err != nil {
		panic(err)
	}
	for v := range scope.All() {
		fmt.Println(v.Name, v.Constant, v.Value)
	}
	// Output:
	// x false 1
	// NAME true a
}
