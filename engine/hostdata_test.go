package engine_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

type (
	userID string
	toggle bool
	grid   [][]int8
	ages   map[userID]uint16
)

// customer is registered as a value, gauge as a reference.
type customer struct {
	Name   string
	Tags   []string
	Limits map[string]int
	Best   *customer
	Kids   []*customer
	notes  []string
}

func (c customer) Greet(by string) string { return by + " " + c.Name }
func (c *customer) Rename(name string)    { c.Name = name }
func (c *customer) Note(s string) {
	c.notes = append(c.notes, s)
	if len(c.Tags) > 0 && c.Limits != nil {
		c.Tags[0] = s
		c.Limits["n"]++
	}
}
func (c *customer) Notes() int64 { return int64(len(c.notes)) }

type gauge struct {
	mu sync.Mutex
	N  int64
}

func (g *gauge) Add(n int64) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.N += n
	return g.N
}

type panel struct {
	Main gauge
	Side *gauge
}

var (
	hostDataOnce  sync.Once
	hostDataTypes *engine.Module
)

func hostData() *engine.Module {
	hostDataOnce.Do(func() {
		m := engine.NewModule("host data")
		engine.RegisterType[customer](m, "Customer").Fields().
			Method("greet", customer.Greet).
			Method("rename", (*customer).Rename).
			Method("note", (*customer).Note).
			Method("notes", (*customer).Notes, engine.Pure()).
			Iter(func(c *customer) iter.Seq[engine.Dynamic] {
				return func(yield func(engine.Dynamic) bool) {
					for _, k := range c.Kids {
						if !yield(engine.V(k)) {
							return
						}
					}
				}
			})
		engine.RegisterRef[gauge](m, "Gauge").Fields().Method("add", (*gauge).Add)
		engine.RegisterRef[panel](m, "Panel").Fields()
		hostDataTypes = m
	})
	return hostDataTypes
}

func newHostData() *engine.Engine {
	return newStandard().RegisterGlobalModule(hostData())
}

func fresh() *customer {
	kid := &customer{Name: "Kid", Tags: []string{"k"}, Limits: map[string]int{}}
	return &customer{
		Name: "Al", Tags: []string{"a", "b"}, Limits: map[string]int{"n": 1},
		Best: &customer{Name: "Bo", Tags: []string{"x"}, Limits: map[string]int{}}, Kids: []*customer{kid},
		notes: make([]string, 1, 8),
	}
}

// TestConversionTable is the table in the documentation of ToValue, in both
// directions: back is what comes out again, nil if it is the same as in.
func TestConversionTable(t *testing.T) {
	hostData()
	n, s, at := 7, "text", time.Unix(5, 0)
	type inner struct{ A, B int }
	type outer struct {
		inner
		*strings.Builder `rhai:"-"`
		C                string `json:"c"`
	}
	for _, c := range []struct {
		in         any
		want, kind string
		back       any
	}{
		{true, "true", "bool", nil},
		{toggle(true), "true", "bool", nil},
		{"a", `"a"`, "string", nil},
		{userID("u1"), `"u1"`, "string", nil},
		{int8(-8), "-8", "i64", nil},
		{int16(-16), "-16", "i64", nil},
		{int32(-32), "-32", "i64", nil},
		{int64(math.MinInt64), "-9223372036854775808", "i64", nil},
		{uint8(8), "8", "i64", nil},
		{uint16(16), "16", "i64", nil},
		{uint32(32), "32", "i64", nil},
		{uint64(math.MaxInt64), "9223372036854775807", "i64", nil},
		{uintptr(5), "5", "i64", nil},
		{time.Second, "1000000000", "i64", nil},
		{float32(0.5), "0.5", "f64", nil},
		{celsius(36.5), "36.5", "f64", nil},
		{json.Number("12"), "12", "i64", nil},
		{json.Number("1.5"), "1.5", "f64", nil},
		{json.RawMessage("ab"), "[6162]", "blob", nil},
		{[]byte{1}, "[01]", "blob", nil},
		{[2]byte{1, 2}, "[1, 2]", "array", nil},
		{grid{{1}, {2, 3}}, "[[1], [2, 3]]", "array", nil},
		{ages{"x": 3}, `#{"x": 3}`, "map", nil},
		{[]*int{&n, nil}, "[7, ()]", "array", nil},
		{map[string]any{"a": []any{int64(1), nil}}, `#{"a": [1, ()]}`, "map", nil},
		{&n, "7", "i64", nil},
		{&s, `"text"`, "string", nil},
		{at, "<timestamp>", "timestamp", nil},
		{&at, "<timestamp>", "timestamp", nil},
		{sql.NullString{String: "x", Valid: true}, `"x"`, "string", nil},
		{sql.NullString{}, "()", "()", nil},
		{sql.NullInt32{Int32: 4, Valid: true}, "4", "i64", nil},
		{&sql.NullFloat64{Float64: 2, Valid: true}, "2.0", "f64", nil},
		{sql.Null[string]{V: "y", Valid: true}, `"y"`, "string", nil},
		{outer{inner: inner{1, 2}, C: "c"}, `#{"A": 1, "B": 2, "c": "c"}`, "map", nil},
		{(*customer)(nil), "()", "()", nil},
		{[]*customer{{Name: "q"}, nil}, "[engine_test.customer, ()]", "array", nil},
		{map[string]customer{"q": {Name: "q"}}, `#{"q": engine_test.customer}`, "map", nil},
		{struct{ C any }{customer{Name: "q"}}, `#{"C": engine_test.customer}`, "map", struct{ C any }{&customer{Name: "q"}}},
		{customer{Name: "q", Tags: []string{"t"}}, "engine_test.customer", "engine_test.customer", nil},
	} {
		v, err := engine.ToValue(c.in)
		if err != nil {
			t.Errorf("%T: %v", c.in, err)
			continue
		}
		if got := value.Debug(v); got != c.want || v.TypeName() != c.kind {
			t.Errorf("%T %v gives %s of type %s, want %s of type %s", c.in, c.in, got, v.TypeName(), c.want, c.kind)
		}
		out := reflect.New(reflect.TypeOf(c.in))
		if err := engine.FromValue(v, out.Interface()); err != nil {
			t.Errorf("%T back: %v", c.in, err)
			continue
		}
		want := c.back
		if want == nil {
			want = c.in
		}
		if got := out.Elem().Interface(); !reflect.DeepEqual(got, want) {
			t.Errorf("%T comes back as %#v, want %#v", c.in, got, want)
		}
	}
	for _, c := range []struct {
		in   any
		want string
	}{
		{uint64(math.MaxUint64), "18446744073709551615 is too large for i64"},
		{[]any{1, uint64(1 << 63)}, "[1]: 9223372036854775808 is too large"},
		{complex(1, 2), "complex128 has no counterpart"},
		{[]gauge{{}}, "[0]: engine_test.gauge is registered as a reference"},
	} {
		if _, err := engine.ToValue(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T gives %v, want %q", c.in, err, c.want)
		}
	}
	for _, c := range []struct {
		in   engine.Dynamic
		out  any
		want string
	}{
		{value.Int(300), new(uint8), "(expecting u8): 300 is out of range"},
		{value.Int(-1), new(uint), "-1 is out of range"},
		{value.NewHost(uint64(math.MaxUint64)), new(int64), "18446744073709551615 is out of range"},
		{value.Float(1e300), new(float32), "1e+300 is out of range"},
		{value.Float(1), new(int), "f64 (expecting i64)"},
		{engine.V(&gauge{}), new(gauge), "a reference is not copied"},
	} {
		if err := engine.FromValue(c.in, c.out); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s into %T gives %v, want %q", value.Debug(c.in), c.out, err, c.want)
		}
	}
	if f, err := engine.As[float64](value.Int(3), nil); f != 3 || err != nil {
		t.Error(f, err)
	}
}

// TestSharedStructureIsBounded: what a few containers share counts as often as it
// occurs, and what contains itself is an error.
func TestSharedStructureIsBounded(t *testing.T) {
	defer engine.ConvertParts(100_000)()
	v := eval(t, "let a = [1]; for i in 0..40 { a = [a, a]; } a")
	if _, err := engine.As[any](v, nil); err == nil || !strings.Contains(err.Error(), "too many parts") {
		t.Errorf("%.100v", err)
	}
	type tree []tree
	if _, err := engine.As[tree](eval(t, "let a = []; for i in 0..40 { a = [a, a]; } a"), nil); err == nil || !strings.Contains(err.Error(), "parts") {
		t.Errorf("%.100v", err)
	}
	var x any = 1
	for range 40 {
		x = []any{x, x}
	}
	if _, err := engine.ToValue(x); err == nil || !strings.Contains(err.Error(), "parts") {
		t.Errorf("%.100v", err)
	}
	type ring struct{ Next any }
	r := ring{}
	r.Next = &r.Next
	loop := make(tree, 1)
	loop[0] = loop
	for _, x := range []any{r, loop} {
		if _, err := engine.ToValue(x); err == nil || !strings.Contains(err.Error(), "contains itself") {
			t.Errorf("%.100v", err)
		}
	}
}

// TestNumbersFromGo: integers and floats of all widths are i64 and f64 wherever
// they come from.
func TestNumbersFromGo(t *testing.T) {
	eng := newStandard()
	eng.RegisterFunc("i16", func() int16 { return 3 })
	eng.RegisterFunc("u64", func() uint64 { return math.MaxUint64 })
	eng.RegisterFunc("f32", func() float32 { return 0.5 })
	eng.RegisterFunc("bytes", func() []uint16 { return []uint16{3} })
	type ctxKey struct{}
	eng.RegisterFunc("run", func(ctx context.Context, n int64) int64 { return n + int64(ctx.Value(ctxKey{}).(int)) })
	eng.RegisterFunc("small", func(n uint8, name string) string { return fmt.Sprint(n, name) }, engine.Params("n", "name"))
	eng.RegisterFunc("narrow", func(x float32) float32 { return x / 2 })
	eng.RegisterFunc("code", func(r rune) int32 { return r })
	eng.RegisterFunc("heat", func(c celsius) celsius { return c + 1 })
	eng.RegisterFunc("id", func(id userID) userID { return id + "!" })
	eng.RegisterFunc("age", func(n *int, _ string) string { return fmt.Sprint(n == nil) })
	eng.RegisterFunc("second", func(_ string, n *int) string { return fmt.Sprint(n == nil) })
	eng.RegisterFunc("wide", func(n int64) string { return "i64" }).RegisterFunc("wide", func(n int8) string { return "i8" })
	eng.RegisterFunc("grow", func(n *uint8) { *n++ })
	scope := engine.NewScope().Push("x", uint8(3)).Push("y", map[string]float32{"a": 0.5}).PushConst("z", []int32{1})
	for script, want := range map[string]string{
		"[x + 1, y.a + 1.0, z[0] + 1]":           "[4, 1.5, 2]",
		"switch x { 3 => 1, _ => 2 }":            "1",
		"[i16() + 1, f32() * 3.0, bytes()]":      "[4, 1.5, [3]]",
		"u64()":                                  "result of function 'u64': 18446744073709551615 is too large for i64",
		"run(2)":                                 "42",
		`small(255, "a")`:                        `"255a"`,
		`small(256, "a")`:                        "argument #1 (n) of function 'small': i64 (expecting u8): 256 is out of range",
		`small(-1, "a")`:                         "-1 is out of range",
		"narrow(5.0)":                            "2.5",
		"narrow(1e300)":                          "argument #1 of function 'narrow': f64 (expecting f32): 1e+300 is out of range",
		"narrow(5)":                              "Function not found: narrow (i64)",
		"[code('x'), code(120)]":                 "[120, 120]",
		"heat(1.5)":                              "2.5",
		`id("a")`:                                `"a!"`,
		`[second("", 1), second("", ())]`:        `["false", "true"]`,
		`wide(1)`:                                `"i64"`,
		"let n = 254; n.grow(); n":               "255",
		"let n = 255; n.grow(); n":               "0",
		"let n = 256; n.grow(); n":               "256 is out of range",
		"for b in blob(1, 9) { return wide(b) }": `Function not found`,
	} {
		v, err := eng.EvalScope(context.WithValue(t.Context(), ctxKey{}, 40), scope.Clone(), script)
		got := value.Debug(v)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%s gives %s, want %s", script, got, want)
		}
	}
	eng.SetNumbers(engine.KeepWidths)
	v, err := eng.EvalScope(t.Context(), scope, "[type_of(i16()), type_of(u64()), type_of(f32()), type_of(bytes()[0]), type_of(x), small(x, ``)]")
	if got := value.Debug(v); err != nil || got != `["i16", "u64", "f32", "u16", "i64", "3"]` {
		t.Error(got, err)
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "18446744073709551615 is too large") {
			t.Error(r)
		}
	}()
	engine.NewScope().Push("x", uint64(math.MaxUint64))
}

// TestRegisteredValues: scripts change copies, wherever a value of a registered
// type comes from; the host's object stays what it was.
func TestRegisteredValues(t *testing.T) {
	host := fresh()
	eng := newHostData()
	eng.RegisterFunc("cached", func() *customer { return host })
	eng.RegisterFunc("by_value", func() customer { return *host })
	eng.RegisterFunc("list", func() []*customer { return []*customer{host} })
	eng.RegisterFunc("values", func() []customer { return []customer{*host} })
	eng.RegisterFunc("raw", func() engine.Dynamic { return value.NewHost(host) })
	eng.RegisterFunc("boxed", func() any { return map[string]any{"c": host, "d": *host} })
	eng.RegisterFunc("keep", func(c *customer) string { c.Name += "!"; return c.Name })
	eng.RegisterFunc("name_of", func(c customer) string { return c.Name })
	eng.RegisterFunc("pair", func(a string, c *customer) string { c.Tags[0] = a; return c.Tags[0] })
	change := func(v string) string {
		return v + `.rename("New"); ` + v + `.note("n"); ` + v + `.Tags[0] = "t"; ` + v + `.Limits.x = 9; ` + v + `.Best.Name = "Z"; [` + v + ".Name, " + v + ".Best.Name, " + v + ".notes()]"
	}
	const changed = `["New", "Z", 2]`
	for script, want := range map[string]string{
		change("c"):                                  changed,
		change("d"):                                  changed,
		change("l[0]"):                               changed,
		change("m.c"):                                changed,
		change("s.C"):                                changed,
		"let k = cached();" + change("k"):            changed,
		"let k = by_value();" + change("k"):          changed,
		"let k = list();" + change("k[0]"):           changed,
		"let k = values();" + change("k[0]"):         changed,
		"let k = raw();" + change("k"):               changed,
		"let k = boxed();" + change("k.c"):           changed,
		"let k = boxed();" + change("k.d"):           changed,
		"let k = c; k.rename(`q`); [k.Name, c.Name]": `["q", "Al"]`,
		"let f = || { c.rename(`q`); c.Name }; [f.call(), f.call()]":                 `["q", "q"]`,
		"for k in c { k.rename(`q`); k.note(`n`); return [k.Name, c.Kids[0].Name] }": `["q", "Kid"]`,
		"c.Kids[0].rename(`q`); c.Kids[0].Name":                                      `"q"`,
		"[keep(c), c.Name, c.keep(), c.Name]":                                        `["Al!", "Al!", "Al!!", "Al!!"]`,
		"[pair(`z`, c), c.Tags[0]]":                                                  `["z", "a"]`,
		"[name_of(c), name_of(cached()), c.greet(`hi`), name_of(#{Name: `m`})]":      `["Al", "Al", "hi Al", "m"]`,
		"type_of(l[0])": `"Customer"`,
	} {
		scope := engine.NewScope().Push("c", host).Push("d", *host).Push("l", []*customer{host}).
			Push("m", map[string]customer{"c": *host}).Push("s", struct{ C *customer }{host})
		v, err := eng.EvalScope(t.Context(), scope, script)
		if got := value.Debug(v); err != nil || got != want {
			t.Errorf("%s gives %s, %v, want %s", script, got, err, want)
		}
		if !reflect.DeepEqual(host, fresh()) {
			t.Fatalf("%s changes the host's object: %+v", script, host)
		}
	}
	scope := engine.NewScope().Push("c", host)
	v, err := eng.EvalScope(t.Context(), scope, "c.rename(`mine`); c")
	mine, err2 := engine.As[*customer](v, err)
	copied, err3 := engine.As[customer](v, err)
	if err2 != nil || err3 != nil || mine.Name != "mine" || copied.Name != "mine" {
		t.Fatal(err2, err3)
	}
	if _, err := eng.EvalScope(t.Context(), scope, "c.rename(`later`); c.note(`x`);"); err != nil {
		t.Fatal(err)
	}
	if mine.Name != "mine" || copied.Tags[0] != "a" || mine.Tags[0] != "a" {
		t.Error("a script writes what the host was given")
	}
}

// TestRegisteredReferences: a reference is the host's object everywhere.
func TestRegisteredReferences(t *testing.T) {
	eng := newHostData()
	g, p := &gauge{}, &panel{Side: &gauge{}}
	eng.RegisterFunc("the", func() *gauge { return g })
	eng.RegisterFunc("add_to", func(n int64, g *gauge) int64 { return g.Add(n) })
	m := engine.NewModule("constants")
	m.SetVar("G", g)
	eng.RegisterStaticModule("m", m)
	scope := engine.NewScope().Push("g", g).Push("l", []any{g, map[string]*gauge{"x": g}}).Push("p", p)
	_, err := eng.EvalScope(t.Context(), scope, `
		g.add(1); let h = g; h.add(1); the().add(1); l[0].add(1); l[1].x.add(1); add_to(1, g);
		let k = m::G; k.add(1); g.N += 1; p.Main.add(5); p.Main.N += 1; p.Side.add(7); let q = p; q.Side.N += 1;`)
	if err != nil {
		t.Fatal(err)
	}
	if g.N != 8 || p.Main.N != 6 || p.Side.N != 8 {
		t.Error(g.N, p.Main.N, p.Side.N)
	}
	if back, err := engine.As[*gauge](eng.EvalScope(t.Context(), scope, "h")); back != g || err != nil {
		t.Error(back, err)
	}
}

// TestCachedValueRaces: many goroutines may run scripts that change one object.
func TestCachedValueRaces(t *testing.T) {
	eng := newHostData()
	host := fresh()
	eng.RegisterFunc("cached", func() *customer { return host })
	m := engine.NewModule("shared")
	m.SetVar("SHARED", []any{host, *host})
	eng.RegisterGlobalModule(m)
	ast, err := eng.Compile(`
		for i in 0..50 {
			let d = cached(); let e = SHARED; c.note("n"); d.note("m"); e[0].note("o"); e[1].note("p");
			c.Kids[0].rename("k" + i); for k in d { k.note("x"); } c.Tags.push("t");
		}
		c`)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			v, err := eng.Run(t.Context(), engine.NewScope().Push("c", host), ast)
			if c, err := engine.As[customer](v, err); err != nil || c.Kids[0].Name != "k49" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if !reflect.DeepEqual(host, fresh()) {
		t.Errorf("%+v", host)
	}
}

func TestRegistrationRefuses(t *testing.T) {
	hostData()
	type locked struct{ Inner struct{ gauge sync.RWMutex } }
	type twenty = func(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t int64) int64
	for want, register := range map[string]func(m *engine.Module){
		"Inner is a lock; register it with RegisterRef": func(m *engine.Module) { engine.RegisterType[locked](m, "L") },
		"registered both as a value":                    func(m *engine.Module) { engine.RegisterRef[customer](m, "C") },
		"has 21 parameters; more than 20 cannot be passed": func(m *engine.Module) {
			m.Func("f", func(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u int64) {})
		},
		"elements of type chan int":                                 func(m *engine.Module) { m.Func("f", func([]chan int) {}) },
		"the field C of type chan int":                              func(m *engine.Module) { m.Func("f", func() struct{ C chan int } { panic(0) }) },
		"parameter 2 of type context.Context must be the first one": func(m *engine.Module) { m.Func("f", func(int, context.Context) {}) },
		"the keys of a map must be strings":                         func(m *engine.Module) { m.Func("f", func([]map[int]int) {}) },
		"is a reference, of which only pointers are passed":         func(m *engine.Module) { m.Func("f", func(struct{ G int }, []gauge) {}) },
		"nil module": func(m *engine.Module) { engine.RegisterType[customer](nil, "C") },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), want) {
					t.Errorf("%v, want %s", r, want)
				}
			}()
			register(engine.NewModule("test"))
		}()
	}
	eng := newStandard()
	eng.RegisterFunc("f", twenty(func(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t int64) int64 { return a + t }))
	v, err := eng.Eval(t.Context(), "f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20)")
	if n, err := engine.As[int](v, err); n != 21 || err != nil {
		t.Error(n, err)
	}
	if _, err := eng.Eval(t.Context(), "f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21)"); !errors.Is(err, engine.ErrFunctionNotFound) {
		t.Error(err)
	}
}
