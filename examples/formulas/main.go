// Command formulas shows a library of expressions on top of the engine: formulas that users
// write are compiled once and evaluated many times, with functions of the host's.
//
//	go run ./examples/formulas "clamp(price * (1.0 - rate), 5.0, 100.0)" price=80 rate=0.25
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

//doc:library

// Library compiles formulas. It may be used by any number of goroutines.
type Library struct {
	eng      *engine.Engine
	compiled sync.Map // text and names: *Formula
}

// NewLibrary makes a library with the functions of a module and those of mathematics, and
// nothing else: formulas have no loops, no output and no way to do harm.
func NewLibrary(functions *engine.Module) *Library {
	eng := engine.New(packages.Arithmetic(), packages.BasicMath(), packages.Logic())
	eng.RegisterGlobalModule(functions)
	eng.SetStrictVariables(true)
	eng.SetOptimization(engine.OptimizeFull)
	eng.SetLimits(engine.Limits{Operations: 10_000, Allocated: 1 << 16})
	return &Library{eng: eng}
}

//doc:end

//doc:formula

// Formula is a compiled formula.
type Formula struct {
	names    []string
	prepared *engine.Prepared
}

// Compile makes a formula over variables. A text with other variables or syntax that is no
// expression is an error.
func (l *Library) Compile(text string, names ...string) (*Formula, error) {
	key := text + "\x00" + strings.Join(names, ",")
	if f, ok := l.compiled.Load(key); ok {
		return f.(*Formula), nil
	}
	ast, err := l.eng.CompileWith(text, engine.CompileOptions{Expr: true, Names: names})
	if err != nil {
		return nil, err
	}
	for name, params := range ast.Calls() {
		if !slices.ContainsFunc(l.eng.GlobalModules(), func(m *engine.Module) bool { return m.HasFunc(name.Name, params) }) {
			return nil, fmt.Errorf("there is no function %s of %d parameters", name.Name, params)
		}
	}
	prepared, err := ast.Prepare(l.eng, names...)
	if err != nil {
		return nil, err
	}
	f, _ := l.compiled.LoadOrStore(key, &Formula{names, prepared})
	return f.(*Formula), nil
}

// Number evaluates the formula with the values of its variables.
func (f *Formula) Number(ctx context.Context, values ...any) (float64, error) {
	return engine.As[float64](f.prepared.Eval(ctx, values...))
}

//doc:end

//doc:functions

// functions are what formulas of this program can call beside those of mathematics.
func functions() *engine.Module {
	m := engine.NewModule("formulas")
	m.Func("clamp", func(x, low, high float64) float64 { return math.Max(low, math.Min(x, high)) },
		engine.Params("x", "low", "high"), engine.Doc("Returns x, or the bound that it is beyond."))
	m.Func("interest", func(rate float64, years int64) (float64, error) {
		if years < 0 {
			return 0, fmt.Errorf("%d years are in the past", years)
		}
		return math.Pow(1+rate, float64(years)), nil
	})
	m.SetVar("VAT", 0.19)
	return m
}

//doc:end

func main() {
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "formulas:", err)
		os.Exit(1)
	}
}

// run evaluates the formula in args[0] with variables such as x=1.5.
func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("give a formula, and variables such as x=1.5")
	}
	var names []string
	var values []any
	for _, a := range args[1:] {
		name, text, _ := strings.Cut(a, "=")
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		names, values = append(names, name), append(values, x)
	}
	f, err := NewLibrary(functions()).Compile(args[0], names...)
	if err != nil {
		return err
	}
	x, err := f.Number(context.Background(), values...)
	if err != nil {
		return err
	}
	fmt.Println(x)
	return nil
}
