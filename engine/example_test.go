package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// One engine for everything: configure it, then use it from any goroutine.
func ExampleNew() {
	eng := engine.New(packages.Standard())
	v, err := eng.Eval(context.Background(), `"hello".len() + 37`)
	fmt.Println(v, err)
	// Output: 42 <nil>
}

// The pattern "one engine instance per call": packages are built once, the script
// is compiled once, and each call creates a raw engine, which is almost free.
func ExampleNewRaw() {
	// Once: the packages and the script.
	std := packages.Standard()
	tax := engine.NewPackage("tax", func(m *engine.Module) {
		m.Func("with_tax", func(net float64) float64 { return net * 1.2 })
	})
	ast, err := engine.New(std, tax).Compile(`with_tax(price) * qty`)
	if err != nil {
		panic(err)
	}

	// Per call: a raw engine, the shared modules, a scope, the run.
	call := func(qty int) (float64, error) {
		eng := engine.NewRaw()
		eng.RegisterGlobalModule(std.SharedModule())
		eng.RegisterGlobalModule(tax.SharedModule())

		scope := engine.NewScope()
		scope.Push("price", 10.0)
		scope.Push("qty", qty)

		return engine.As[float64](eng.Run(context.Background(), scope, ast))
	}
	fmt.Println(call(1))
	fmt.Println(call(3))
	// Output:
	// 12 <nil>
	// 36 <nil>
}

// A package of Go functions. Their types are looked at once, when the package is
// built; calls need no reflection.
func ExampleNewPackage() {
	shop := engine.NewPackage("shop", func(m *engine.Module) {
		m.SetVar("CURRENCY", "EUR")
		m.Func("discount", func(price float64, percent int64) (float64, error) {
			if percent > 100 {
				return 0, fmt.Errorf("a discount of %d%% is too much", percent)
			}
			return price * float64(100-percent) / 100, nil
		})
		m.Func("shout", strings.ToUpper)
	})
	eng := engine.New(packages.Standard(), shop)
	ctx := context.Background()
	fmt.Println(eng.Eval(ctx, `discount(80.0, 25) + " " + CURRENCY`))
	fmt.Println(eng.Eval(ctx, `shout("sold")`))
	_, err := eng.Eval(ctx, `discount(80.0, 250)`)
	fmt.Println(err)
	// Output:
	// 60.0 EUR <nil>
	// SOLD <nil>
	// Runtime error: a discount of 250% is too much (line 1, position 1)
}

// Variables go into a scope and come back changed.
func ExampleScope() {
	eng := engine.New(packages.Standard())
	scope := engine.NewScope()
	scope.Push("total", 10)
	scope.PushConst("RATE", 3)
	if _, err := eng.EvalScope(context.Background(), scope, `total *= RATE; let note = "done";`); err != nil {
		panic(err)
	}
	for v := range scope.All() {
		fmt.Println(v.Name, v.Constant, v.Value)
	}
	// Output:
	// total false 30
	// RATE true 3
	// note false done
}

// A compiled script is immutable: any number of goroutines run it at a time, each
// with its own scope.
func ExampleEngine_Compile() {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`let s = 0; for i in 0..n { s += i } s`)
	if err != nil {
		panic(err)
	}
	sums := make([]int64, 4)
	var wg sync.WaitGroup
	for k := range sums {
		wg.Go(func() {
			scope := engine.NewScope().Push("n", 10*(k+1))
			sums[k], _ = engine.As[int64](eng.Run(context.Background(), scope, ast))
		})
	}
	wg.Wait()
	fmt.Println(sums)
	// Output: [45 190 435 780]
}

// A function of a script, called from Go.
func ExampleEngine_CallFunc() {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile(`
		const RATES = #{ eur: 1.5, usd: 1.0 };
		fn price(qty, currency) { qty * global::RATES[currency] }
	`)
	if err != nil {
		panic(err)
	}
	v, err := eng.CallFunc(context.Background(), nil, ast, "price", 3, "eur")
	fmt.Println(v, err)
	// Output: 4.5 <nil>
}

// Without a handler print is silent. The handler gets the context of the run, so
// that it can tell callers apart.
func ExampleEngine_OnPrint() {
	type caller struct{}
	eng := engine.New(packages.Standard())
	eng.OnPrint(func(ctx context.Context, text string) {
		fmt.Printf("[%v] %s\n", ctx.Value(caller{}), text)
	})
	ctx := context.WithValue(context.Background(), caller{}, "request 7")
	if _, err := eng.Eval(ctx, `print("hello"); print([1, 'x'])`); err != nil {
		panic(err)
	}
	// Output:
	// [request 7] hello
	// [request 7] [1, x]
}

// Errors tell what happened, where, and by which calls. Kinds work with
// errors.Is.
func ExampleError() {
	eng := engine.New(packages.Standard())
	_, err := eng.Eval(context.Background(), "fn half(x) { x / 0 }\n\nhalf(10)")
	fmt.Println(err)
	fmt.Println(errors.Is(err, engine.ErrArithmetic))
	var e *engine.Error
	if errors.As(err, &e) {
		fmt.Println(e.Kind, e.Pos.Line, e.Innermost().Kind, e.Innermost().Pos.Line)
	}
	// Output:
	// Division by zero: 10 / 0 (line 1, position 16)
	// in call to function 'half' (line 3, position 1)
	// true
	// ErrorInFunctionCall 3 ErrorArithmetic 1
}

// Limits keep scripts of others in check.
func ExampleEngine_SetLimits() {
	eng := engine.New(packages.Standard())
	eng.SetLimits(engine.Limits{Operations: 10_000, ArraySize: 100})
	_, err := eng.Eval(context.Background(), `loop { }`)
	fmt.Println(errors.Is(err, engine.ErrTooManyOperations))
	_, err = eng.Eval(context.Background(), `let a = []; a.pad(1_000_000, 0)`)
	fmt.Println(errors.Is(err, engine.ErrDataTooLarge))
	// Output:
	// true
	// true
}

func ExampleEngine_SetDebugger() {
	eng := engine.New(packages.Standard())
	eng.SetDebugger(engine.Debugger{
		OnStep: func(c *engine.DebugContext) engine.DebugAction {
			fmt.Println("line", c.Pos().Line, c.Variables(0))
			return engine.StepOver
		},
	})
	v, err := eng.Eval(context.Background(), "let x = 40;\nx += 2;\nx")
	fmt.Println(v, err)
	// Output:
	// line 1 []
	// line 2 [{x false false 40}]
	// line 3 [{x false false 42}]
	// 42 <nil>
}
