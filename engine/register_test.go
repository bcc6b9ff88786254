package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func newStandard() *engine.Engine { return engine.New(packages.Standard()) }

func eval(t testing.TB, script string) engine.Dynamic {
	t.Helper()
	v, err := newStandard().Eval(t.Context(), script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

type point struct{ X, Y int64 }

func (p *point) String() string { return fmt.Sprintf("<%d, %d>", p.X, p.Y) }

func TestRegisterFunc(t *testing.T) {
	for _, c := range []struct {
		fn           any
		script, want string
	}{
		{func() int64 { return 5 }, "f()", "5"},
		{func() {}, "f()", "()"},
		{func() (string, error) { return "s", nil }, "f()", `"s"`},
		{func() error { return errors.New("no") }, "try { f() } catch (e) { e.message ?? e }", ""},
		{func(c *engine.CallContext) string { return c.Name() }, "f()", `"f"`},
		{func(n int64) int64 { return n * 2 }, "f(21)", "42"},
		{func(n int64) int64 { return n * 2 }, "let x = 4; x.tag = 3; f(x)", "8"},
		{func(x float64) float64 { return x / 2 }, "f(3.0)", "1.5"},
		{func(a, b int64) int64 { return a - b }, "f(5, 3)", "2"},
		{func(a, b float64) float64 { return a - b }, "f(5.0, 3.0)", "2.0"},
		{func(a string, n int64) string { return strings.Repeat(a, int(n)) }, `f("ab", 2)`, `"abab"`},
		{func(c *engine.CallContext, a string, b bool) (bool, error) { return b == (a == c.Name()), nil }, `f("f", true)`, "true"},
		{func(a, b, c int64) int64 { return a*100 + b*10 + c }, "f(1, 2, 3)", "123"},
		{func(a string, b int64, c float64) string { return fmt.Sprint(a, b, c) }, `f("x", 1, 2.5)`, `"x1 2.5"`},
		{func(a, b, c, d int) int { return a + b + c + d }, "f(1, 2, 3, 4)", "10"},
		{func(v engine.Dynamic) engine.Dynamic { return v }, "let a = [1]; let b = f(a); b.push(2); [a, b]", "[[1], [1, 2]]"},
		{func(v any) string { return fmt.Sprintf("%T", v) }, "f([1])", `"[]interface {}"`},
		{func(s []int) int { return len(s) }, "f([1, 2, 3])", "3"},
		{func(m map[string]int) int { return m["a"] }, "f(#{a: 7})", "7"},
		{func(b []byte) []byte { return append(b, 1) }, "f(blob(1, 255))", "[ff01]"},
		{func(p point) point { return point{p.Y, p.X} }, "f(#{X: 1, Y: 2})", `#{"X": 2, "Y": 1}`},
		{func(n *int64, by int64) { *n += by }, "let x = 40; x.f(2); f(x, 1); x", "43"},
		{func(v *engine.Dynamic) { *v = value.Int(9) }, "let x = [1]; x.f(); x", "9"},
		{func(s *string) (int64, error) { *s += "!"; return int64(len(*s)), nil }, `let s = "a"; [s.f(), s]`, `[2, "a!"]`},
		{func(a *[]int64) { *a = append(*a, 7) }, "let a = [1]; let b = a; a.f(); [a, b]", "[[1, 7], [1]]"},
		{func(p *point) int64 { p.X++; return p.X }, "let p = new_point(1, 2); let q = p; [p.f(), p.f(), q.f()]", "[2, 3, 2]"},
		{func(p, q *point) int64 { q.X = 50; return p.X + q.X }, "let p = new_point(1, 2); let q = p; [f(p, q), q.x]", "[51, 1]"},
		{func(p *point) *point { return p }, "let p = new_point(1, 2); let q = p.f(); q.x = 5; [p.x, q.x]", "[1, 5]"},
		{func(n uint8) uint8 { return n + 1 }, "let r = []; for b in blob(1, 4) { r.push(f(b)); } r", "[5]"},
	} {
		eng := newStandard()
		eng.RegisterGlobalModule(pointModule())
		eng.RegisterFunc("f", c.fn)
		v, err := eng.Eval(t.Context(), c.script)
		if c.want == "" {
			continue
		}
		if err != nil {
			t.Errorf("%T: %s: %v", c.fn, c.script, err)
			continue
		}
		if got := value.Debug(v); got != c.want {
			t.Errorf("%T: %s gives %s, want %s", c.fn, c.script, got, c.want)
		}
	}
}

func pointModule() *engine.Module {
	m := engine.NewModule("points")
	m.SetTypeName(engine.TypeOf(&point{}), "Point")
	m.Func("new_point", func(x, y int64) *point { return &point{x, y} }, engine.Params("x", "y"), engine.Doc("Makes a point."))
	m.Getter("x", func(p *point) int64 { return p.X })
	m.Setter("x", func(p *point, x int64) { p.X = x })
	m.IndexGet(func(p *point, i int64) (int64, error) {
		switch i {
		case 0:
			return p.X, nil
		case 1:
			return p.Y, nil
		}
		return 0, fmt.Errorf("no coordinate %d", i)
	})
	m.IndexSet(func(p *point, i, v int64) {
		if i == 0 {
			p.X = v
		} else {
			p.Y = v
		}
	})
	m.Func("+", func(p, q *point) *point { return &point{p.X + q.X, p.Y + q.Y} }, engine.Pure())
	m.Func("==", func(p, q *point) bool { return *p == *q }, engine.Pure())
	m.Iter(&point{}, func(v engine.Dynamic) func() (engine.Dynamic, bool, error) {
		p, i := v.Host().V.(*point), 0
		return func() (engine.Dynamic, bool, error) {
			i++
			switch i {
			case 1:
				return value.Int(p.X), true, nil
			case 2:
				return value.Int(p.Y), true, nil
			}
			return value.Unit, false, nil
		}
	})
	return m
}

func TestHostType(t *testing.T) {
	for script, want := range map[string]string{
		"let p = new_point(1, 2); p.x += 4; p.x":                                        "5",
		"let p = new_point(1, 2); let q = p; q.x = 9; [p.x, q.x]":                       "[1, 9]",
		"let p = new_point(1, 2); p[1] = 8; [p[0], p[1]]":                               "[1, 8]",
		"let m = #{p: new_point(1, 2)}; m.p.x = 3; m.p[1] += 5; `${m.p}`":               `"<3, 7>"`,
		"const P = new_point(1, 2); [P.x, P[1]]":                                        "[1, 2]",
		"(new_point(1, 2) + new_point(3, 4)).x":                                         "4",
		"new_point(1, 2) == new_point(1, 2)":                                            "true",
		"[new_point(1, 2)] == [new_point(1, 3)]":                                        "false",
		"[new_point(1, 2), new_point(3, 4)].index_of(new_point(3, 4))":                  "1",
		"let s = 0; for n in new_point(4, 5) { s += n; } s":                             "9",
		"type_of(new_point(1, 2))":                                                      `"Point"`,
		"fn Point.len() { this.x } new_point(7, 2).len()":                               "7",
		"let a = [new_point(1, 1)]; let b = a; b[0].x = 2; [a[0].x, b[0].x]":            "[1, 2]",
		"let f = |p| p.x = 5; let p = new_point(1, 1); f.call(p); p.x":                  "1",
		"try { new_point(1, 2)[5] } catch (e) { return `${e}`.contains(\"no coor\"); }": "true",
	} {
		eng := newStandard()
		eng.RegisterGlobalModule(pointModule())
		v, err := eng.Eval(t.Context(), script)
		if err != nil {
			t.Errorf("%s: %v", script, err)
		} else if got := value.Debug(v); got != want {
			t.Errorf("%s gives %s, want %s", script, got, want)
		}
	}
}

func TestConstantsOfHostTypes(t *testing.T) {
	eng := newStandard()
	eng.RegisterGlobalModule(pointModule())
	_, err := eng.Eval(t.Context(), "const P = new_point(1, 2); P.x = 3;")
	if err == nil {
		t.Error("no error")
	}
}

func TestRegisterPanics(t *testing.T) {
	for name, c := range map[string]struct {
		register func(m *engine.Module)
		want     string
	}{
		"no function":   {func(m *engine.Module) { m.Func("f", 5) }, "int, which is no function"},
		"nil":           {func(m *engine.Module) { m.Func("f", (func())(nil)) }, "nil function"},
		"variadic":      {func(m *engine.Module) { m.Func("f", func(...chan int) {}) }, "chan int has no counterpart"},
		"channel":       {func(m *engine.Module) { m.Func("f", func(int, chan int) {}) }, "parameter 2 of type chan int"},
		"function":      {func(m *engine.Module) { m.Func("f", func() func() { return nil }) }, "result of type func()"},
		"three results": {func(m *engine.Module) { m.Func("f", func() (a, b int, c error) { return }) }, "it may return"},
		//lint:ignore ST1008 this is what is tested
		"no error last":  {func(m *engine.Module) { m.Func("f", func() (a error, b int) { return }) }, "it may return"},
		"map keys":       {func(m *engine.Module) { m.Func("f", func(map[int]int) {}) }, "keys of a map"},
		"context second": {func(m *engine.Module) { m.Func("f", func(int, *engine.CallContext) {}) }, "must be the first"},
		"native": {func(m *engine.Module) {
			m.Func("f", func(*engine.CallContext, []engine.Dynamic) (engine.Dynamic, error) { return value.Unit, nil })
		}, "without the types"},
		"names":   {func(m *engine.Module) { m.Func("f", func(int) {}, engine.Params("a", "b")) }, "2 names"},
		"getter":  {func(m *engine.Module) { m.Getter("x", func(p *point, i int) int { return 0 }) }, "must have 1 parameters"},
		"no name": {func(m *engine.Module) { m.Func("", func() {}) }, "without name"},
		"registered": {func(m *engine.Module) {
			engine.NewRaw().RegisterGlobalModule(m)
			m.Func("f", func() {})
		}, "after it was registered"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), c.want) {
					t.Errorf("panic %v, want %q", r, c.want)
				}
			}()
			c.register(engine.NewModule("test"))
		})
	}
}

func TestNativeFuncWithTypes(t *testing.T) {
	eng := newStandard()
	m := engine.NewModule("test")
	m.Func("first", func(_ *engine.CallContext, a []engine.Dynamic) (engine.Dynamic, error) {
		items := a[0].Array().Items
		return items[0].Share(), nil
	}, engine.Types(value.TypeArray), engine.Params("array"), engine.Pure(), engine.Doc("Returns the first element."))
	m.Func("none", func(*engine.CallContext, []engine.Dynamic) (engine.Dynamic, error) {
		return value.Int(1), nil
	}, engine.Types(), engine.Volatile(), engine.Global(), engine.Result("int"))
	eng.RegisterGlobalModule(m)
	v, err := eng.Eval(t.Context(), "[[7].first(), none()]")
	if err != nil || value.Debug(v) != "[7, 1]" {
		t.Errorf("%v %v", value.Debug(v), err)
	}
	if f := m.Funcs()[1]; !f.Volatile || !f.Global || f.Result != "int" {
		t.Errorf("%+v", f)
	}
}

func TestErrorsOfNatives(t *testing.T) {
	eng := newStandard()
	cause := errors.New("disk on fire")
	eng.RegisterFunc("burn", func(n int64) error { return cause })
	_, err := eng.Eval(t.Context(), "\n  burn(1)")
	var e *engine.Error
	if !errors.As(err, &e) || e.Kind != engine.ErrRuntime || !errors.Is(err, cause) || e.Pos.Line != 2 || e.Pos.Col != 3 {
		t.Errorf("%v", err)
	}
	eng.RegisterFunc("slice", func(s []uint8, n []int) int { return 0 })
	if _, err = eng.Eval(t.Context(), `slice(blob(), ["x"])`); err == nil || !strings.Contains(err.Error(), "argument #2 of function 'slice': [0]: ") {
		t.Errorf("%v", err)
	}
	eng.RegisterFunc("panic", func() { panic("oh") })
	if _, err = eng.Eval(t.Context(), "panic()"); !errors.Is(err, engine.ErrSystem) {
		t.Errorf("%v", err)
	}
}
