package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// adder makes a module of one function that keeps obj alive.
func adder(name string, obj *[1 << 16]byte) *engine.Module {
	return engine.NewModule(name).Func(name, func(x int64) int64 { return x + int64(obj[0]) })
}

// TestLinkedOnce checks that a script is linked once for all raw engines with the
// same modules, in the same order, however long ago the last one was.
func TestLinkedOnce(t *testing.T) {
	a, b := adder("fa", new([1 << 16]byte)), adder("fb", new([1 << 16]byte))
	static := adder("fs", new([1 << 16]byte))
	run := func(ast *engine.AST, mods ...*engine.Module) {
		t.Helper()
		e := engine.NewRaw()
		for _, m := range mods {
			e.RegisterGlobalModule(m)
		}
		if _, err := e.Run(context.Background(), nil, ast); err != nil {
			t.Fatal(err)
		}
	}
	ast, err := engine.NewRaw().Compile("1 + 2")
	if err != nil {
		t.Fatal(err)
	}
	for _, mods := range [][]*engine.Module{{}, {a}, {a, b}, {b, a}, {a, a}, {a, b, a, b, a, b, a}} {
		run(ast, mods...)
		first := engine.Linked(ast)
		for range 3 {
			runtime.GC()
			runtime.GC()
			run(ast, mods...)
		}
		if engine.Linked(ast) != first {
			t.Errorf("%d modules: linked again after a collection", len(mods))
		}
		run(ast, b)
		if len(mods) != 1 && engine.Linked(ast) == first {
			t.Errorf("%d modules: other modules run the same link", len(mods))
		}
	}
	e := engine.NewRaw().RegisterGlobalModule(a).RegisterStaticModule("s", static).RegisterGlobalModule(b)
	v, err := e.Eval(context.Background(), "fa(1) + fb(2) + s::fs(4)")
	if err != nil || v.Int() != 7 {
		t.Errorf("%v, %v", v, err)
	}
}

// TestModulesDie checks that modules which are no longer used are collected,
// though raw engines had them.
func TestModulesDie(t *testing.T) {
	gone := make(chan int, 10)
	for i := range 10 {
		obj := new([1 << 16]byte)
		runtime.AddCleanup(obj, func(i int) { gone <- i }, i)
		m := adder("f", obj)
		if _, err := engine.NewRaw().RegisterGlobalModule(m).Eval(context.Background(), fmt.Sprintf("f(%d)", i)); err != nil {
			t.Fatal(err)
		}
	}
	for n := 0; n < 9; { // the machine may keep the last one
		runtime.GC()
		select {
		case <-gone:
			n++
		case <-time.After(5 * time.Minute):
			t.Fatalf("%d of 10 modules were collected", n)
		}
	}
}
