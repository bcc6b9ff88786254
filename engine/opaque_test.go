package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

type (
	opaqueID    int
	opaqueTable map[string]int
	opaqueHook  func(int) int
	opaqueList  []string
	opaqueChan  chan int
	opaqueNames map[int]string
)

func TestOpaque(t *testing.T) {
	m := engine.NewModule("opaque")
	engine.RegisterOpaque[opaqueID](m, "ID")
	engine.RegisterOpaque[opaqueTable](m, "Table")
	engine.RegisterOpaque[opaqueHook](m, "Hook")
	engine.RegisterOpaque[opaqueList](m, "List")
	engine.RegisterOpaque[opaqueChan](m, "Chan")
	engine.RegisterOpaque[opaqueNames](m, "Names")
	engine.RegisterOpaque[opaqueID](m, "ID") // again
	m.Func("id", func(n int) opaqueID { return opaqueID(n) })
	m.Func("number", func(id opaqueID) int { return int(id) })
	m.Func("==", func(a, b opaqueID) bool { return a == b })
	m.Func("to_string", func(id opaqueID) string { return fmt.Sprintf("#%d", int(id)) })
	m.Func("put", func(t opaqueTable, k string, n int) { t[k] = n })
	m.Func("run", func(f opaqueHook, n int) int { return f(n) })
	m.Func("hook", func() opaqueHook { return func(n int) int { return n + 1 } })
	m.Func("ids", func() []opaqueID { return []opaqueID{1, 2} })
	m.Func("sum", func(ids []opaqueID) (n int) {
		for _, id := range ids {
			n += int(id)
		}
		return n
	})
	m.Func("wrap", func(id opaqueID) any { return struct{ ID opaqueID }{id} })
	m.Getter("first", func(l opaqueList) string { return l[0] })
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	table, list := opaqueTable{"a": 1}, opaqueList{"x"}
	scope := func() *engine.Scope {
		return engine.NewScope().Push("i", opaqueID(7)).Push("t", table).Push("l", list).Push("c", make(opaqueChan)).Push("h", opaqueHook(nil)).Push("n", opaqueNames{1: "a"})
	}
	for _, c := range []scriptCase{
		{"[type_of(i), type_of(t), type_of(l), type_of(c), type_of(h), type_of(n)]", `["ID", "Table", "List", "Chan", "Hook", "Names"]`},
		{"number(i) + number(id(3))", "10"}, {"i == id(7)", "true"}, {"[i, 1] == [id(7), 1]", "true"}, {"i == id(8)", "false"}, {"`${i}`", `"#7"`}, {"i.number()", "7"},
		{"let u = t; u.put(\"b\", 2); 0", "0"}, {"run(hook(), 41)", "42"}, {"sum(ids()) + sum([id(4), i])", "14"}, {"l.first", `"x"`},
		{"type_of(wrap(i).ID)", `"ID"`}, {"i + 1", "error Function not found: + (ID, i64) (line 1, position 3)"},
		{"number(7)", "error Function not found: number (i64) (line 1, position 1)"}, {"t.a", "error Unknown property 'a' - a getter is not registered for type 'Table' (line 1, position 3)"},
	} {
		if got := result(eng, scope(), c.src); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	if table["b"] != 2 {
		t.Error("the host's map is copied")
	}
	if id, err := engine.As[opaqueID](eng.EvalScope(context.Background(), scope(), "i")); err != nil || id != 7 {
		t.Errorf("%v, %v", id, err)
	}
	refused := func(what, text string, f func()) {
		t.Helper()
		defer func() {
			if r := fmt.Sprint(recover()); !strings.Contains(r, text) {
				t.Errorf("%s: %v", what, r)
			}
		}()
		f()
	}
	refused("a struct", "is a struct", func() { engine.RegisterOpaque[struct{}](m, "S") })
	refused("a pointer", "is a pointer", func() { engine.RegisterOpaque[*money](m, "S") })
	refused("an interface", "is an interface", func() { engine.RegisterOpaque[fmt.Stringer](m, "S") })
	refused("int", "scripts have too", func() { engine.RegisterOpaque[int](m, "S") })
	refused("[]int", "scripts have too", func() { engine.RegisterOpaque[[]int](m, "S") })
	refused("Dynamic", "is a struct", func() { engine.RegisterOpaque[engine.Dynamic](m, "S") })
	refused("nil module", "nil module", func() { engine.RegisterOpaque[opaqueID](nil, "S") })
}

func TestVariadic(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("join", func(sep string, parts ...string) string { return strings.Join(parts, sep) }, engine.Params("sep", "part"))
	eng.RegisterFunc("count", func(c *engine.CallContext, xs ...any) string { return fmt.Sprint(c.Name(), len(xs)) })
	eng.RegisterFunc("total", func(xs ...int64) (int64, error) {
		n := int64(0)
		for _, x := range xs {
			n += x
		}
		if n < 0 {
			return 0, errors.New("negative")
		}
		return n, nil
	})
	all := strings.TrimSuffix(strings.Repeat("1, ", engine.MaxParams), ", ")
	for _, c := range []scriptCase{
		{`join("-")`, `""`}, {`join("-", "a")`, `"a"`}, {`join("-", "a", "b", "c")`, `"a-b-c"`}, {`"-".join("a", "b")`, `"a-b"`},
		{"total()", "0"}, {"total(1, 2, 3)", "6"}, {"total(-1)", "error Runtime error: negative (line 1, position 1)"}, {"total(" + all + ")", "20"},
		{"total(1, 2.5)", "error Function not found: total (i64, f64) (line 1, position 1)"}, {`count(1, "x", [])`, `"count3"`}, {"count()", `"count0"`},
		{"let x = 5; x.total(1); x", "5"},
	} {
		if got := result(eng, nil, c.src); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	for _, f := range eng.GlobalModules()[len(eng.GlobalModules())-1].Funcs() {
		if f.Name == "join" && len(f.Params) == 3 && f.Signature() != "join(sep: string, part: string, part: string) -> string" {
			t.Error(f.Signature())
		}
	}
}

func TestTryFunc(t *testing.T) {
	m := engine.NewModule("plugin")
	for _, c := range []struct {
		fn   any
		text string
	}{
		{nil, "no function"}, {42, "no function"}, {func(chan int) {}, "chan int"}, {func(...chan int) {}, "chan int"},
		{func() (int, int) { return 0, 0 }, "returns (int, int)"}, {(func())(nil), "nil function"}, {func(func(int)) {}, "must return an error"},
	} {
		if err := m.TryFunc("f", c.fn); !errors.Is(err, engine.ErrSystem) || !strings.Contains(err.Error(), c.text) || strings.HasPrefix(err.Error(), "engine:") {
			t.Errorf("%T: %v", c.fn, err)
		}
	}
	if len(m.Funcs()) != 0 {
		t.Errorf("the module has %v", m.Funcs())
	}
	if err := m.TryFunc("f", func(x int) int { return x }); err != nil || !m.HasFunc("f", 1) {
		t.Error(err)
	}
}

type exampleTicket int

func ExampleRegisterOpaque() {
	m := engine.NewModule("tickets")
	engine.RegisterOpaque[exampleTicket](m, "Ticket")
	m.Func("ticket", func(n int) exampleTicket { return exampleTicket(n) })
	m.Func("title", func(t exampleTicket) string { return fmt.Sprintf("ticket number %d", int(t)) })
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	fmt.Println(eng.Eval(context.Background(), "let t = ticket(42); [type_of(t), t.title()]"))
	// Output: ["Ticket", "ticket number 42"] <nil>
}
