package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestChains: random programs that read and write through chains do what the model
// says, at every level, cold and warm: the kind of the error, all variables, the order in which
// arguments are evaluated, and what was caught. RHAI_CHAINS sets how many chains are tried.
func TestChains(t *testing.T) {
	want := 20_000
	if s := os.Getenv("RHAI_CHAINS"); s != "" {
		var err error
		if want, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	first := uint64(0)
	if s := os.Getenv("RHAI_CHAINS_FROM"); s != "" {
		first, _ = strconv.ParseUint(s, 10, 64)
	}
	m := newModelEngines()
	chains, skipped, programs, failed := 0, 0, 0, 0
	for seed := first; chains < want; seed++ {
		n, diff, skip := m.compare(seed)
		programs++
		if skip != "" {
			skipped++
			continue
		}
		chains += n
		if diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
			if failed++; failed == 5 {
				break
			}
		}
	}
	t.Logf("%d chains in %d programs, %d of which the model does not know", chains, programs, skipped)
	if skipped > programs/3 {
		t.Errorf("the model knows too little: %d of %d programs skipped", skipped, programs)
	}
}

// FuzzChain is TestChains for the seeds that the fuzzer comes up with.
func FuzzChain(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		m := newModelEngines()
		if _, diff, _ := m.compare(seed); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	})
}

// modelEngines are the engines to compare with.
type modelEngines struct {
	engines []*engine.Engine
	trace   []string
}

func newModelEngines() *modelEngines {
	m := &modelEngines{}
	module := modelModule(func(s string) { m.trace = append(m.trace, s) })
	for _, level := range []engine.OptLevel{engine.OptimizeNone, engine.OptimizeSimple, engine.OptimizeFull} {
		eng := engine.New(packages.Standard())
		eng.RegisterGlobalModule(module)
		eng.SetOptimization(level)
		m.engines = append(m.engines, eng)
	}
	return m
}

// compare runs the program of a seed in the model and in the engine and describes the
// first difference. skip tells why the model does not know the program.
func (m *modelEngines) compare(seed uint64) (chains int, diff, skip string) {
	p, chains := modelGenerate(seed)
	want, skip := p.run()
	if skip != "" {
		return 0, "", skip
	}
	src := p.text()
	for level, eng := range m.engines {
		ast, err := eng.Compile(src)
		if err != nil {
			return chains, fmt.Sprintf("does not compile: %v\n%s", err, src), ""
		}
		for run := range 2 {
			if got := m.run(eng, p, ast); got != want {
				return chains, fmt.Sprintf("level %d, run %d\n%s--- the model\n%s--- the engine\n%s", level, run, src, want, got), ""
			}
		}
	}
	return chains, "", ""
}

// run runs a program in the model and describes what is left.
func (p *modelProgram) run() (seen, skip string) {
	defer func() {
		if x := recover(); x != nil {
			why, ok := x.(modelSkip)
			if !ok {
				panic(fmt.Sprintf("%v in\n%s", x, p.text()))
			}
			skip = string(why)
		}
	}()
	r := &modelRun{funcs: map[string]*modelFunc{}}
	for _, f := range p.funcs {
		r.funcs[f.name] = f
	}
	env := &modelEnv{vars: map[string]*modelCell{}}
	var names []string
	e := func() *modelError {
		for _, s := range p.pushed {
			names = append(names, s.name)
			if e := s.exec(r, env); e != nil {
				return e
			}
		}
		for _, s := range p.main {
			if let, ok := s.(sLet); ok {
				names = append(names, let.name)
			}
			if e := s.exec(r, env); e != nil {
				return e
			}
		}
		return nil
	}()
	var b strings.Builder
	if e != nil {
		fmt.Fprintf(&b, "error %s in a call: %v\n", e.kind, e.inCall)
	}
	for _, name := range names {
		if c := env.vars[name]; c != nil {
			fmt.Fprintf(&b, "%s = %s\n", name, c.v.dump())
		}
	}
	fmt.Fprintf(&b, "trace %v\n", r.trace)
	return b.String(), ""
}

// engineValue makes a value for the scope.
func engineValue(v *modelValue) engine.Dynamic {
	switch v.kind {
	case mBool:
		return value.Bool(v.n != 0)
	case mInt:
		return value.Int(v.n)
	case mChar:
		return value.Char(rune(v.n))
	case mStr:
		return value.String(v.text)
	case mBlob:
		return value.NewBlob(append([]byte(nil), v.bytes...))
	case mBox:
		d, err := engine.ToValue(&modelBox{n: v.n, item: value.Freeze(engineValue(v.items[0]))})
		if err != nil {
			panic(err)
		}
		return d
	case mArray:
		var items []value.Value
		for _, x := range v.items {
			items = append(items, engineValue(x))
		}
		return value.NewArray(items)
	case mMap:
		props := map[string]any{}
		for k, x := range v.props {
			props[k] = engineValue(x)
		}
		d, err := engine.ToValue(props)
		if err != nil {
			panic(err)
		}
		return d
	}
	return value.Unit
}

// run runs a program in the engine and describes what is left.
func (m *modelEngines) run(eng *engine.Engine, p *modelProgram, ast *engine.AST) string {
	m.trace = m.trace[:0]
	scope := engine.NewScope()
	model := &modelRun{}
	for _, s := range p.pushed {
		v, _ := s.x.eval(model, nil)
		if s.fixed {
			scope.PushConst(s.name, engineValue(v))
		} else {
			scope.PushValue(s.name, engineValue(v))
		}
	}
	_, err := eng.Run(context.Background(), scope, ast)
	var b strings.Builder
	var e *engine.Error
	if errors.As(err, &e) {
		fmt.Fprintf(&b, "error %s in a call: %v\n", e.Innermost().Kind, e.Kind == engine.ErrInFunctionCall)
	}
	for v := range scope.All() {
		fmt.Fprintf(&b, "%s = %s\n", v.Name, dumpValue(v.Value))
	}
	fmt.Fprintf(&b, "trace %v\n", m.trace)
	return b.String()
}
