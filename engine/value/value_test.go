package value_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

func array(items ...value.Value) value.Value { return value.NewArray(items) }

// object makes a map of pairs of keys and values.
func object(pairs ...any) value.Value {
	m := value.NewMap(0)
	for i := 0; i < len(pairs); i += 2 {
		m.Set(pairs[i].(string), pairs[i+1].(value.Value))
	}
	return m.Value()
}

type handle struct{ n int }

// samples has a value of each kind that Go can make.
func samples() map[string]value.Value {
	return map[string]value.Value{
		"unit": value.Unit, "bool": value.Bool(true), "int": value.Int(-7), "float": value.Float(2.5), "char": value.Char('é'),
		"string": value.String("héllo"), "range": value.Range(1, 3, false), "range=": value.Range(1, 3, true),
		"timestamp": value.Time(time.Unix(1, 0)), "array": array(value.Int(1), value.String("a")), "blob": value.NewBlob([]byte{1, 2}),
		"map": object("b", value.Int(1), "a", array()), "host": value.NewHost(&handle{3}), "i8": value.NewHost(int8(5)),
	}
}

// TestSize: a value takes 16 bytes, which the stack of the machine counts on.
func TestSize(t *testing.T) {
	if n := unsafe.Sizeof(value.Value{}); n != 16 || value.Size != 16 {
		t.Errorf("a value takes %d bytes, and Size is %d", n, value.Size)
	}
	var zero value.Value
	if !zero.IsUnit() || zero.Kind() != value.KindUnit || value.Debug(zero) != "()" {
		t.Errorf("the zero value is %s", value.Debug(zero))
	}
}

// TestForms has the three texts of values, and the names of their types.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		v                       value.Value
		display, debug, as, typ string
	}{
		{value.Unit, "", "()", "", "()"},
		{value.Bool(true), "true", "true", "true", "bool"},
		{value.Int(math.MinInt64), "-9223372036854775808", "-9223372036854775808", "-9223372036854775808", "i64"},
		{value.Float(1), "1.0", "1.0", "1.0", "f64"},
		{value.Float(-0.5), "-0.5", "-0.5", "-0.5", "f64"},
		{value.Float(math.Inf(-1)), "-inf", "-inf", "-inf", "f64"},
		{value.Float(math.NaN()), "NaN", "NaN", "NaN", "f64"},
		{value.Char('\n'), "\n", `'\n'`, "\n", "char"},
		{value.String("a\"b"), "a\"b", `"a\"b"`, "a\"b", "string"},
		{value.Range(1, 3, false), "1..3", "1..3", "1..3", "range"},
		{value.Range(1, 3, true), "1..=3", "1..=3", "1..=3", "range="},
		{array(value.Int(1), value.String("a"), value.Unit), `[1, "a", ()]`, `[1, "a", ()]`, `[1, "a", ()]`, "array"},
		{value.NewBlob([]byte{0, 255}), "[00ff]", "[00ff]", "[00ff]", "blob"},
		{object("b", value.Char('x'), "a", value.Float(2)), `#{"a": 2.0, "b": 'x'}`, `#{"a": 2.0, "b": 'x'}`, `#{"a": 2.0, "b": x}`, "map"},
	} {
		for _, v := range []value.Value{c.v, c.v.WithTag(1)} {
			if got := [4]string{value.Display(v), value.Debug(v), value.Print(v), v.TypeName()}; got != [4]string{c.display, c.debug, c.as, c.typ} {
				t.Errorf("%q, want %q", got, [4]string{c.display, c.debug, c.as, c.typ})
			}
			if got := string(value.AppendPrint([]byte("x"), v)); got != "x"+c.as {
				t.Errorf("appended as %q, want %q", got, "x"+c.as)
			}
		}
	}
	if got := value.CutText("héllo", 2); got != "h..." {
		t.Errorf("cut inside of a character: %q", got)
	}
}

// TestAccessors: each returns the payload of its kind, also with a tag, and panics for
// all others with the kinds in its text. The comma-ok form says so instead.
func TestAccessors(t *testing.T) {
	for name, a := range map[string]struct {
		kinds []string
		must  func(v value.Value) any
		as    func(v value.Value) bool
	}{
		"Int":    {[]string{"int"}, func(v value.Value) any { return v.Int() }, func(v value.Value) bool { _, ok := v.AsInt(); return ok }},
		"Float":  {[]string{"float"}, func(v value.Value) any { return v.Float() }, func(v value.Value) bool { _, ok := v.AsFloat(); return ok }},
		"Bool":   {[]string{"bool"}, func(v value.Value) any { return v.Bool() }, func(v value.Value) bool { _, ok := v.AsBool(); return ok }},
		"Char":   {[]string{"char"}, func(v value.Value) any { return v.Char() }, func(v value.Value) bool { _, ok := v.AsChar(); return ok }},
		"Str":    {[]string{"string"}, func(v value.Value) any { return v.Str() }, func(v value.Value) bool { _, ok := v.AsString(); return ok }},
		"Array":  {[]string{"array"}, func(v value.Value) any { return v.Array() }, func(v value.Value) bool { _, ok := v.AsArray(); return ok }},
		"Blob":   {[]string{"blob"}, func(v value.Value) any { return v.Blob() }, func(v value.Value) bool { _, ok := v.AsBlob(); return ok }},
		"Map":    {[]string{"map"}, func(v value.Value) any { return v.Map() }, func(v value.Value) bool { _, ok := v.AsMap(); return ok }},
		"Fn":     {nil, func(v value.Value) any { return v.Fn() }, func(v value.Value) bool { _, ok := v.AsFn(); return ok }},
		"Time":   {[]string{"timestamp"}, func(v value.Value) any { return v.Time() }, func(v value.Value) bool { _, ok := v.AsTime(); return ok }},
		"Host":   {[]string{"host", "i8"}, func(v value.Value) any { return v.Host() }, func(v value.Value) bool { _, ok := v.AsHost(); return ok }},
		"Range":  {[]string{"range", "range="}, func(v value.Value) any { s, e := v.Range(); return [2]int64{s, e} }, nil},
		"StrLen": {[]string{"string"}, func(v value.Value) any { return v.StrLen() }, nil},
	} {
		for kind, v := range samples() {
			for _, v := range []value.Value{v, v.WithTag(-2)} {
				want := slices.Contains(a.kinds, kind)
				got := func() (err error) {
					defer func() {
						if r := recover(); r != nil {
							err = r.(error)
						}
					}()
					a.must(v)
					return nil
				}()
				var wrong *value.KindError
				if want && got != nil || !want && (!errors.As(got, &wrong) || wrong.Got != v.Kind() || !strings.Contains(got.Error(), wrong.Want.String())) {
					t.Errorf("%s of %s: %v", name, kind, got)
				}
				if a.as != nil && a.as(v) != want {
					t.Errorf("As%s of %s is %v", name, kind, !want)
				}
			}
		}
	}
}

// TestTags: a tag belongs to one reference and not to what it refers to.
func TestTags(t *testing.T) {
	for name, v := range samples() {
		tagged := v.WithTag(7)
		if tagged.Tag() != 7 || v.Tag() != 0 || tagged.Kind() != v.Kind() || tagged.Type() != v.Type() || value.Debug(tagged) != value.Debug(v) {
			t.Errorf("%s with a tag is %s with %d", name, value.Debug(tagged), tagged.Tag())
		}
		if p := tagged.Plain(); p.Tag() != 0 || !p.Same(v) {
			t.Errorf("%s without its tag is another value", name)
		}
		if again := tagged.WithTag(8); again.Tag() != 8 || tagged.Tag() != 7 || again.WithTag(0).Tag() != 0 {
			t.Errorf("%s: another tag is %d, and changes the first to %d", name, again.Tag(), tagged.Tag())
		}
	}
}

// TestOwn: whoever writes to a value that is shared gets its own, one level deep, and
// what is inside is shared from then on.
func TestOwn(t *testing.T) {
	inner := array(value.Int(1))
	a := array(inner, value.Int(2))
	b := a.Share()
	b.OwnArray().Items[1] = value.Int(9)
	in := &b.Array().Items[0]
	in.OwnArray().Items[0] = value.Int(8)
	if got := value.Debug(a) + value.Debug(b); got != "[[1], 2][[8], 9]" {
		t.Error(got)
	}
	if same := b.Array(); b.OwnArray() != same {
		t.Error("a value of one holder was cloned")
	}
	m := object("k", array())
	n := m.Share()
	item, _ := n.OwnMap().Find("k")
	item.OwnArray().Items = append(item.Array().Items, value.Int(1))
	n.OwnMap().Set("z", value.Unit)
	n.OwnMap().Delete("nothing")
	if got := value.Debug(m) + value.Debug(n); got != `#{"k": []}#{"k": [1], "z": ()}` {
		t.Error(got)
	}
	x := value.NewBlob([]byte{1})
	y := x.Share().WithTag(3)
	y.OwnBlob().Bytes[0] = 2
	if got := value.Debug(x) + value.Debug(y); got != "[01][02]" || y.Tag() != 3 {
		t.Error(got, y.Tag())
	}
}

// TestAppend: a text that grows does not change the texts that it shares its buffer
// with, whoever appends first, and however many goroutines do.
func TestAppend(t *testing.T) {
	base := value.Append(value.String("base"), "-") // has room behind it
	var wg sync.WaitGroup
	out := make([]value.Value, 8)
	for i := range out {
		wg.Go(func() {
			v := base
			for range 50 {
				v = value.Append(v, string(rune('a'+i)))
			}
			out[i] = v
		})
	}
	wg.Wait()
	for i, v := range out {
		if want := "base-" + strings.Repeat(string(rune('a'+i)), 50); v.Str() != want {
			t.Errorf("%d: %s, want %s", i, v.Str(), want)
		}
	}
	if base.Str() != "base-" {
		t.Errorf("the base is %s", base.Str())
	}
	v := value.String("")
	if n := testing.AllocsPerRun(1, func() {
		for range 1 << 16 {
			v = value.Append(v, "x")
		}
	}); n > 100 {
		t.Errorf("65,536 appends take %v allocations", n)
	}
}

// TestMap compares a map with one of Go under random changes, small and large, shared
// and not: it keeps what was set, and goes through it in the order of the keys.
func TestMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, keys := range []int{3, 12, 13, 400} {
		v, want := value.NewMap(0).Value(), map[string]int64{}
		var olds []value.Value
		var texts []string
		for step := range 2000 {
			key := fmt.Sprint("k", rng.IntN(keys))
			switch rng.IntN(5) {
			case 0:
				delete(want, key)
				v.OwnMap().Delete(key)
			case 1:
				if step%100 == 0 {
					olds, texts = append(olds, v.Share()), append(texts, value.Debug(v))
				}
			case 2:
				if got, ok := v.Map().Get(key); ok != (want[key] != 0) || ok && got.Int() != want[key] {
					t.Fatalf("%d keys: %s is %s, %v, want %d", keys, key, value.Debug(got), ok, want[key])
				}
			default:
				want[key] = int64(step + 1)
				v.OwnMap().Set(key, value.Int(int64(step+1)))
			}
		}
		var got []string
		for k, x := range v.Map().All() {
			if got = append(got, k); x.Int() != want[k] {
				t.Errorf("%s is %d, want %d", k, x.Int(), want[k])
			}
		}
		if len(got) != len(want) || v.Map().Len() != len(want) || !slices.IsSorted(got) {
			t.Errorf("%d keys, want %d: %v", len(got), len(want), got)
		}
		for i := range olds {
			if value.Debug(olds[i]) != texts[i] {
				t.Errorf("%d keys: copy %d was changed", keys, i)
			}
		}
	}
}

// TestEquality: Equal is what == of Rhai says, Identical what switch asks for, and what
// is identical has one hash.
func TestEquality(t *testing.T) {
	one := array(value.Int(1))
	for _, c := range []struct {
		a, b             value.Value
		equal, identical bool
	}{
		{value.Int(1), value.Int(1), true, true},
		{value.Int(1), value.Float(1), true, false},
		{value.Float(0.30000000000000004), value.Float(0.3), true, false},
		{value.Int(1), value.Int(2), false, false},
		{value.String("ab"), value.Append(value.String("a"), "b"), true, true},
		{value.String("a"), value.Char('a'), true, false},
		{one, array(value.Int(1)), true, true},
		{one, array(value.Float(1)), true, false},
		{one, array(), false, false},
		{object("a", one, "b", value.Unit), object("b", value.Unit, "a", one), true, true},
		{object("a", one), object("b", one), false, false},
		{value.NewBlob([]byte("a")), value.NewBlob([]byte("a")), true, true},
		{value.Range(1, 2, false), value.Range(1, 2, true), false, false},
		{value.Unit, value.Unit, true, true},
		{value.Unit, value.Bool(false), false, false},
		{value.Int(1), value.Int(1).WithTag(5), true, true},
	} {
		for range 2 {
			if got, ok := value.Equal(c.a, c.b); got != c.equal || !ok && got {
				t.Errorf("%s == %s is %v", value.Debug(c.a), value.Debug(c.b), got)
			}
			if got := value.Identical(c.a, c.b); got != c.identical {
				t.Errorf("%s and %s identical: %v", value.Debug(c.a), value.Debug(c.b), got)
			}
			h1, ok1 := value.Hash(c.a)
			h2, ok2 := value.Hash(c.b)
			if c.identical && (!ok1 || !ok2 || h1 != h2) {
				t.Errorf("%s and %s have hashes %x and %x", value.Debug(c.a), value.Debug(c.b), h1, h2)
			}
			c.a, c.b = c.b, c.a
		}
	}
	if _, ok := value.Hash(value.Time(time.Now())); ok {
		t.Error("a timestamp is a label")
	}
}

// TestSizes counts elements, properties and bytes, shared parts as often as they occur,
// without looking at each.
func TestSizes(t *testing.T) {
	part := array(value.String("abc"), object("k", value.NewBlob([]byte{1, 2})))
	if a, m, s := value.Sizes(array(part.Share(), part.Share(), value.Int(1))); a != 3+2*(2+2) || m != 2 || s != 2*3 {
		t.Errorf("%d elements, %d properties, %d bytes", a, m, s)
	}
	v := array(value.Int(1))
	for range 100 {
		v = array(v.Share(), v.Share())
	}
	if a, _, _ := value.Sizes(v); a != math.MaxInt {
		t.Errorf("2 to the power of 100 elements are counted as %d", a)
	}
	if _, err := json.Marshal(v); err == nil || !strings.Contains(err.Error(), "JSON") {
		t.Errorf("it has a text: %v", err)
	}
}

// TestJSON: what JSON can say survives, numbers with their kind.
func TestJSON(t *testing.T) {
	v := object("a", array(value.Int(1), value.Float(1), value.Bool(true), value.Unit), "b", value.String("é\n\""), "c", object())
	text, err := json.Marshal(v)
	if want := `{"a":[1,1.0,true,null],"b":"é\n\"","c":{}}`; err != nil || string(text) != want {
		t.Fatalf("%s, %v, want %s", text, err, want)
	}
	var back value.Value
	if err := json.Unmarshal(text, &back); err != nil || !value.Identical(v, back) {
		t.Errorf("%s comes back as %s, %v", text, value.Debug(back), err)
	}
	for _, text := range []string{"", "{", "[1,]", "1 2", "nul", `{"a":1,}`} {
		if v, err := value.ParseJSON(text); err == nil {
			t.Errorf("%q is %s", text, value.Debug(v))
		}
	}
}

// TestFreeze: afterwards all that is reachable is marked, and a write clones.
func TestFreeze(t *testing.T) {
	deep := array()
	for range 100_000 {
		deep = array(deep)
	}
	value.Freeze(deep) // without recursion
	v := value.Freeze(array(object("k", array(value.Int(1)).WithTag(2)), value.NewBlob([]byte{1})))
	inner, _ := v.Array().Items[0].Map().Get("k")
	for _, x := range []value.Value{deep, v, v.Array().Items[0], v.Array().Items[1], inner} {
		if !x.IsFrozen() || !x.IsShared() {
			t.Errorf("%.40s: frozen %v, shared %v", value.Debug(x), x.IsFrozen(), x.IsShared())
		}
	}
	w := v
	w.OwnArray().Items[1] = value.Unit
	if got := value.Debug(v); got != `[#{"k": [1]}, [01]]` {
		t.Errorf("a write changes what is frozen: %s", got)
	}
}
