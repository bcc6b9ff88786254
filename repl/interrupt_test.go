package repl

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestInterruptThousandTimes stops cells of three kinds a thousand times: a loop, a native
// function that calls back all the time, and an import that waits for something that
// never comes. Each time the session goes on as it was.
func TestInterruptThousandTimes(t *testing.T) {
	waiting := make(chan struct{})
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.ResolverFunc(func(ctx context.Context, _ *engine.Engine, path string) (*engine.Module, error) {
		if path != "never" {
			return nil, errors.New("no module " + path)
		}
		waiting <- struct{}{}
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}))
	s := New(Options{Engine: eng})
	if r := s.Eval(t.Context(), "let n = 7; let big = []; for i in 0..2000 { big.push(i); }", nil); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	began := make(chan struct{}, 1)
	out := printerFunc(func() {
		select {
		case began <- struct{}{}:
		default:
		}
	})
	cells := []string{
		"n = 8; print(1); loop {}",
		"n = 9; print(1); loop { big.sort(|a, b| b - a); }",
		"n = 10; import \"never\" as m;",
	}
	for done := range 1000 {
		ctx, cancel := context.WithCancel(t.Context())
		kind := done % len(cells)
		go func() {
			if kind == 2 {
				<-waiting
			} else {
				<-began
			}
			cancel()
		}()
		r := s.Eval(ctx, cells[kind], out)
		cancel()
		if !r.Stopped || r.Failure == nil {
			t.Fatalf("%d: %s: stopped %v, %v", done, cells[kind], r.Stopped, r.Failure)
		}
		if got := answer(s.Eval(t.Context(), "n", nil)); got != "7: i64" {
			t.Fatalf("%d: n is %s after %s", done, got, cells[kind])
		}
	}
	if n := len(s.State().Variables); n != 2 {
		t.Errorf("%d variables", n)
	}
}

// printerFunc is a Printer that is told of every line.
type printerFunc func()

func (f printerFunc) Print(string) { f() }
func (f printerFunc) Debug(string) { f() }

// TestPoisonedGetters: neither completion nor signatures nor the state of a session run
// anything of the host or of scripts. Every getter, indexer and function here ends the
// test.
func TestPoisonedGetters(t *testing.T) {
	type poison struct{ x int }
	ran := false
	bite := func() { ran = true }
	m := engine.NewModule("poison")
	engine.RegisterType[poison](m, "Poison")
	m.Getter("venom", func(p poison) int64 { bite(); return 1 })
	m.IndexGet(func(p poison, i int64) int64 { bite(); return 1 })
	m.Func("sting", func(p poison) int64 { bite(); return 1 })
	m.Func("to_string", func(p poison) string { bite(); return "" })
	m.Func("to_debug", func(p poison) string { bite(); return "" })
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	scope := engine.NewScope()
	if v, err := engine.ToValue(poison{1}); err == nil {
		scope.PushValue("p", v)
	} else {
		t.Fatal(err)
	}
	s := New(Options{Engine: eng, Modules: []*engine.Module{m}, Scope: scope})
	if r := s.Eval(t.Context(), "fn poisoned() { print(p); sting(p) } let q = #{ inner: 1, lazy: |x| sting(x) }; let list = [1, 2];", nil); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	st := s.State()
	for _, text := range []string{"p.", "p.ve", "p.venom.", "p[0].", "p.sting().", "q.", "q.lazy.", "q.lazy(p).", "poisoned().", "poisoned(", "sting(p", "list.map(poisoned).", "p", "`${p.", "let x = p.venom; x."} {
		Complete(st, text, len(text))
		Signatures(st, text, len(text))
		Check(text)
		Highlight(text)
	}
	for _, c := range []string{":vars", ":fns", ":json", ":help sting", ":ast p.venom", ":code p.venom", ":history"} {
		s.Run(t.Context(), c, nil)
	}
	if ran {
		t.Error("something ran while a text was only looked at")
	}
	if r := s.Eval(t.Context(), "p.venom", nil); r.Failure != nil || !ran {
		t.Errorf("the poison does not work: %v", r.Failure)
	}
}

// TestCompletionIsQuick bounds the work of completion among 10,000 names by what it
// allocates: a list of a hundred candidates and what is passed over.
func TestCompletionIsQuick(t *testing.T) {
	scope := engine.NewScope()
	for i := range 10_000 {
		scope.Push(fmt.Sprintf("variable_%c%d", 'a'+i%26, i), i)
	}
	s := New(Options{Engine: engine.New(packages.Standard()), Scope: scope})
	st := s.State()
	if n := len(st.Variables); n < 9_000 {
		t.Fatalf("%d variables", n)
	}
	if c := Complete(st, "vari", 4); len(c.List) != 100 {
		t.Errorf("%d candidates", len(c.List))
	}
	if n := testing.AllocsPerRun(3, func() { Complete(st, "vari", 4) }); n > 30_000 {
		t.Errorf("%v allocations", n)
	}
}
