package engine_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

type address struct {
	Street string `json:"street"`
	Zip    *int   `json:"zip,omitempty"`
}

type person struct {
	Name string
	Age  uint8    `rhai:"age"`
	Tags []string `rhai:"tags"`
	Home address  `rhai:"home"`
	//lint:ignore U1000 fields that are not exported are left out
	hidden  int
	Skipped chan int `rhai:"-"`
}

type celsius float64

func TestToValue(t *testing.T) {
	zip := 123
	for _, c := range []struct {
		in         any
		want, kind string
	}{
		{nil, "()", "()"},
		{42, "42", "i64"},
		{int64(-1), "-1", "i64"},
		{uint8(7), "7", "i64"},
		{int32('x'), "120", "i64"},
		{uint(9), "9", "i64"},
		{float32(1.5), "1.5", "f64"},
		{1.5, "1.5", "f64"},
		{celsius(36.6), "36.6", "f64"},
		{true, "true", "bool"},
		{"a\"b", `"a\"b"`, "string"},
		{value.Char('x'), "'x'", "char"},
		{[]byte{1, 255}, "[01ff]", "blob"},
		{[]any{1, "x", nil, []any{2.5}}, `[1, "x", (), [2.5]]`, "array"},
		{[]int{3, 4}, "[3, 4]", "array"},
		{[2]bool{true, false}, "[true, false]", "array"},
		{map[string]any{"b": 1, "a": []string{"z"}}, `#{"a": ["z"], "b": 1}`, "map"},
		{map[string]int{"n": 1}, `#{"n": 1}`, "map"},
		{time.Unix(0, 0), "<timestamp>", "timestamp"},
		{errors.New("boom"), `"boom"`, "string"},
		{(*person)(nil), "()", "()"},
		{&person{}, "engine_test.person", "engine_test.person"},
		{
			person{Name: "Al", Age: 3, Tags: []string{"t"}, Home: address{"S", &zip}},
			`#{"Name": "Al", "age": 3, "home": #{"street": "S", "zip": 123}, "tags": ["t"]}`, "map",
		},
	} {
		v, err := engine.ToValue(c.in)
		if err != nil {
			t.Errorf("%#v: %v", c.in, err)
			continue
		}
		if got := value.Debug(v); got != c.want || v.TypeName() != c.kind {
			t.Errorf("%#v gives %s of type %s, want %s of type %s", c.in, got, v.TypeName(), c.want, c.kind)
		}
	}
}

func TestToValueFails(t *testing.T) {
	cycle := map[string]any{}
	cycle["self"] = []any{cycle}
	type node struct{ Next any }
	loop := make([]node, 1)
	loop[0].Next = loop
	for _, c := range []struct {
		in   any
		want string
	}{
		{func() {}, "func() has no counterpart"},
		{map[int]string{}, "keys of a map must be strings"},
		{[]any{1, map[string]any{"a": make(chan int)}}, "[1].a: chan int has no counterpart"},
		{person{}.privateChan(), "has no counterpart"},
		{cycle, "nested too deeply"},
		{loop, "nested too deeply"},
	} {
		if _, err := engine.ToValue(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T gives %v, want %q", c.in, err, c.want)
		}
	}
}

func (person) privateChan() any { return struct{ C chan int }{} }

func TestFromValue(t *testing.T) {
	zip := 9
	all := eval(t, `#{ Name: "Bo", age: 200, tags: ["x", "y"], home: #{ street: "Main", zip: 9 }, extra: 1 }`)
	var p person
	if err := engine.FromValue(all, &p); err != nil {
		t.Fatal(err)
	}
	if want := (person{Name: "Bo", Age: 200, Tags: []string{"x", "y"}, Home: address{"Main", &zip}}); !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v", p)
	}
	var x any
	if err := engine.FromValue(eval(t, `[1, 2.5, "s", 'c', (), true, #{a: [blob(2)]}]`), &x); err != nil {
		t.Fatal(err)
	}
	if want := []any{int64(1), 2.5, "s", 'c', nil, true, map[string]any{"a": []any{[]byte{0, 0}}}}; !reflect.DeepEqual(x, want) {
		t.Errorf("got %#v", x)
	}
	var m map[string]float32
	if err := engine.FromValue(eval(t, `#{a: 1.5}`), &m); err != nil || m["a"] != 1.5 {
		t.Errorf("%v %v", m, err)
	}
	var arr [2]int
	if err := engine.FromValue(eval(t, `[1, 2]`), &arr); err != nil || arr != [2]int{1, 2} {
		t.Errorf("%v %v", arr, err)
	}
	var r rune
	if err := engine.FromValue(eval(t, `'é'`), &r); err != nil || r != 'é' {
		t.Errorf("%v %v", r, err)
	}
	host := &person{Name: "host"}
	v, _ := engine.ToValue(host)
	var back *person
	if err := engine.FromValue(v, &back); err != nil || back != host {
		t.Errorf("%v %v", back, err)
	}
}

func TestFromValueNamesThePart(t *testing.T) {
	for _, c := range []struct {
		script, want string
		dst          any
	}{
		{`"x"`, "Output type incorrect: string (expecting i64)", new(int64)},
		{`300`, "Output type incorrect: i64 (expecting u8): 300 is out of range", new(uint8)},
		{`#{ home: #{ street: 5 } }`, "home.street: Output type incorrect: i64 (expecting string)", new(person)},
		{`#{ tags: ["a", 1] }`, "tags[1]: Output type incorrect: i64 (expecting string)", new(person)},
		{`[1, 2, 3]`, "3 elements for an array of 2", new([2]int)},
		{`1.0`, "(expecting i64)", new(int64)},
	} {
		err := engine.FromValue(eval(t, c.script), c.dst)
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, engine.ErrMismatchOutputType) {
			t.Errorf("%s gives %v, want %q", c.script, err, c.want)
		}
	}
}

func TestFromValueBoundsDepth(t *testing.T) {
	deep := eval(t, `let a = []; for i in 0..100000 { a = [a]; } a`)
	var x any
	if err := engine.FromValue(deep, &x); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("got %.200v", err)
	}
}

func TestAs(t *testing.T) {
	eng := newStandard()
	n, err := engine.As[int64](eng.Eval(t.Context(), "40 + 2"))
	if n != 42 || err != nil {
		t.Errorf("%v %v", n, err)
	}
	if f, err := engine.As[float64](eng.Eval(t.Context(), "1.5")); f != 1.5 || err != nil {
		t.Errorf("%v %v", f, err)
	}
	if s, err := engine.As[[]string](eng.Eval(t.Context(), `["a", "b"]`)); len(s) != 2 || err != nil {
		t.Errorf("%v %v", s, err)
	}
	_, err = engine.As[int64](eng.Eval(t.Context(), `"x"`))
	var e *engine.Error
	if !errors.As(err, &e) || e.Kind != engine.ErrMismatchOutputType || e.Error() != "Output type incorrect: string (expecting i64)" {
		t.Errorf("%v", err)
	}
	if _, err = engine.As[int64](eng.Eval(t.Context(), `throw 1`)); !errors.Is(err, engine.ErrRuntime) {
		t.Errorf("%v", err)
	}
	if u, err := engine.As[uint64](eng.Eval(t.Context(), `9223372036854775807`)); u != math.MaxInt64 || err != nil {
		t.Errorf("%v %v", u, err)
	}
}

// TestHostValuesStayApart checks that scripts do not change what the host holds.
func TestHostValuesStayApart(t *testing.T) {
	eng := newStandard()
	list := eval(t, "[1, [2]]")
	bytes := []byte{1}
	scope := engine.NewScope().Push("a", list).Push("b", list).Push("c", []any{list}).Push("d", bytes)
	_, err := eng.EvalScope(t.Context(), scope, "a.push(3); b[1].push(4); c[0].clear(); d.push(5); d[0] = 9;")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := scope.Get("a")
	b, _ := scope.Get("b")
	got := value.Debug(list) + value.Debug(a) + value.Debug(b)
	if want := "[1, [2]][1, [2], 3][1, [2, 4]]"; got != want || bytes[0] != 1 {
		t.Errorf("got %s, want %s", got, want)
	}
}
