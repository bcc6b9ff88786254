package engine_test

import (
	"errors"
	"fmt"
	"math/rand"
	"runtime"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestSharedStructure: what values share is looked at once, so that 40 doublings of
// an array cost a few operations and not 2^40.
func TestSharedStructure(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 20_000, ArraySize: 1 << 60, MapSize: 1 << 60, StringSize: 1000})
	const twins = `let a = [1.5]; let b = [1.5]; for i in 0..40 { a = [a, a]; b = [b, b]; } `
	for script, want := range map[string]string{
		twins + `a == a`: "true",
		twins + `a == b`: "true",
		twins + `a != b`: "false",
		twins + `let c = [2.5]; for i in 0..40 { c = [c, c]; } a == c`: "false",
		twins + `a in [b]`:                                        "true",
		twins + `[0, a].index_of(b)`:                              "1",
		twins + `let c = [a, b, a]; c.dedup(); c.len()`:           "1",
		twins + `switch a { [[1]] => 1, #{} => 2, _ => 3 }`:       "3",
		twins + `a.len()`:                                         "2",
		`let a = 1; for i in 0..40 { a = #{a: a, b: a}; } a == a`: "true",
		`fn f(x) { x } let g = Fn("f"); for i in 0..30 { g = g.curry(g); } switch g { 1 => 1, _ => 2 }`: "2",
	} {
		v, err := eng.Eval(t.Context(), script)
		if err != nil || value.Debug(v) != want {
			t.Errorf("%s: %s, %v, want %s", script, value.Debug(v), err, want)
		}
	}
	for _, use := range []string{"a.to_string()", "a.to_debug()", "print(a)", "debug(a)", "`${a}`", `"" + a`, "#{a: a}.to_json()", `let s = "x"; s += a`} {
		if _, err := eng.Eval(t.Context(), twins+use); !errors.Is(err, engine.ErrDataTooLarge) {
			t.Errorf("%s: %.200v", use, err)
		}
	}
	_, err := eng.Eval(t.Context(), twins+"throw a")
	if err == nil || len(err.Error()) > 1<<17 {
		t.Errorf("throw: an error of %d bytes", len(fmt.Sprint(err)))
	}
	arrays, _, _ := value.Sizes(sharedArray(70))
	if arrays != 1<<63-1 {
		t.Errorf("the size of 2^70 elements is %d", arrays)
	}
}

// sharedArray returns an array that was doubled n times.
func sharedArray(n int) engine.Dynamic {
	v := value.NewArray([]engine.Dynamic{value.Int(1)})
	for range n {
		v = value.NewArray([]engine.Dynamic{v.Share(), v.Share()})
	}
	return v
}

// TestCyclesAndDepth: values that contain themselves through variables of closures,
// or are nested a million deep, have a size, a text and a comparison.
func TestCyclesAndDepth(t *testing.T) {
	for name, v := range map[string]engine.Dynamic{"cycle": cycle(), "deep": nested(1_000_000)} {
		t.Run(name, func(t *testing.T) {
			w := cycle()
			if name == "deep" {
				w = nested(1_000_000)
			}
			value.Sizes(v)
			value.Hash(v)
			_ = value.DisplayShort(v, 1000)
			_, _ = value.ToJSON(v)
			value.Identical(v, w)
			if eq, ok := value.Equal(v, w); !eq || !ok {
				t.Error("not equal to its like")
			}
		})
	}
}

// cycle returns an array whose element is a variable that holds the array.
func cycle() engine.Dynamic {
	c := raw.NewCell(value.Unit)
	v := value.NewArray([]engine.Dynamic{c, value.Int(1)})
	raw.Cell(&c).V = v
	return v
}

func nested(n int) engine.Dynamic {
	v := value.NewArray(nil)
	for range n {
		v = value.NewArray([]engine.Dynamic{v})
	}
	return v
}

// TestCharactersOfLongTexts: a loop over s[i] takes as long as the text is, and
// finds the characters that are there.
func TestCharactersOfLongTexts(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 2_000_000})
	v, err := eng.Eval(t.Context(), `let s = ""; s.pad(32000, "äö€x"); let n = 0; for i in 0..s.len() { if s[i] == '€' { n += 1; } } n`)
	if err != nil || v.Int() != 8000 {
		t.Errorf("%v, %v", v, err)
	}
	var b strings.Builder
	r := rand.New(rand.NewSource(1))
	for range 5000 {
		b.WriteRune([]rune("aé€😀")[r.Intn(4)])
	}
	for range 1000 {
		b.WriteByte('y')
	}
	text := b.String()
	chars := []rune(text)
	ast, err := eng.Compile(`
		let out = [];
		for i in at { out.push(s[i]); out.push(s.get(i)); out.push(s[i..=i]); out.push(s.sub_string(i, 1)); out.push(s[i - s.len()]); }
		s += "é"; out.push(s[-1]); out.push(s[s.len() - 1]); out.push(s.len());
		let t = s[0..5500]; out.push(t.len()); out.push(t[5499]);
		out`)
	if err != nil {
		t.Fatal(err)
	}
	var at []any
	for range 500 {
		at = append(at, int64(r.Intn(len(chars))))
	}
	v, err = eng.Run(t.Context(), engine.NewScope().Push("s", text).Push("at", at), ast)
	if err != nil {
		t.Fatal(err)
	}
	out := v.Array().Items
	for i, x := range at {
		for k := range 5 {
			if got, want := out[5*i+k].String(), string(chars[x.(int64)]); got != want {
				t.Fatalf("character %d, way %d: %q, want %q", x, k, got, want)
			}
		}
	}
	if got := fmt.Sprint(out[len(out)-5:]); got != fmt.Sprintf("[é é 6001 5500 %c]", chars[5499]) {
		t.Errorf("at the end: %s", got)
	}
}

// TestRemnants: a small part of a large value does not keep the large one.
func TestRemnants(t *testing.T) {
	eng := engine.New(packages.Standard())
	for name, part := range map[string]string{
		"slice":      `s[0..1]`,
		"sub_string": `s.sub_string(5, 3)`,
		"split":      `s.split(",")[0]`,
		"truncate":   `{ s.truncate(3); s }`,
		"crop":       `{ s.crop(1, 3); s }`,
		"trim":       `{ let x = "                    a"; x.pad(4000000, ' '); x.trim(); x }`,
		"pop":        `s.pop(3)`,
		"parse_json": `parse_json("[\"abc\", \"" + s + "\"]")[0]`,
		"json keys":  `parse_json("{\"abc\": 1, \"def\": \"" + s + "\"}").keys()[0]`,
		"array":      `{ let a = []; a.pad(250000, 0); a.truncate(1); a }`,
		"drain":      `{ let a = []; a.pad(250000, 0); a.drain(0, 249999); a }`,
		"shift":      `{ let a = []; a.pad(250000, 0); while a.len() > 1 { a.shift(); } a }`,
		"array pop":  `{ let a = []; a.pad(250000, 0); while a.len() > 1 { a.pop(); } a }`,
		"blob":       `{ let b = blob(4000000, 1); b.truncate(1); b }`,
		"blob shift": `{ let b = blob(1000000, 1); while b.len() > 1 { b.shift(); } b }`,
	} {
		t.Run(name, func(t *testing.T) {
			ast, err := eng.Compile(`let s = "abcdefgh"; s.pad(4000000, ",x"); ` + part)
			if err != nil {
				t.Fatal(err)
			}
			var kept []engine.Dynamic
			heap := func() uint64 {
				runtime.GC()
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				return m.HeapAlloc
			}
			before := heap()
			for range 5 {
				v, err := eng.Run(t.Context(), nil, ast)
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, v)
			}
			if after := heap(); after > before+2<<20 {
				t.Errorf("five parts keep %d bytes", after-before)
			}
			runtime.KeepAlive(kept)
		})
	}
}

// TestSizesTogether: the strings inside a literal, and what is printed, count
// together.
func TestSizesTogether(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{StringSize: 10})
	for _, script := range []string{
		`let x = "abcdef"; [x, x]`, `["abcdef", "abcdef"]`, `let x = "abcdef"; #{a: x, b: x}`, "let x = \"abcdef\"; `${x}${x}`",
		`let x = "abcdef"; let a = [[x]]; a[0].push(x); a.len()`, `let a = ["abc", "def", "ghi"]; print(a)`, `["abc", "def"].to_debug()`,
		`[1, 2, 3].map(|x| "abcdef")`, `[1, 2, 3].zip([1, 2, 3], |x, y| "abcdef")`, `let a = ["", ""]; a.for_each(|| this = "abcdefg"); a`,
	} {
		if v, err := eng.Eval(t.Context(), script); !errors.Is(err, engine.ErrDataTooLarge) {
			t.Errorf("%s: %v, %v", script, v, err)
		}
	}
	// Results are counted while they grow.
	calls := 0
	eng.SetLimits(engine.Limits{ArraySize: 1000})
	eng.RegisterFunc("count", func() int64 { calls++; return 0 })
	_, err := eng.Eval(t.Context(), `let a = []; a.pad(900, 0); a.map(|x| { count(); [1, 2, 3, 4, 5, 6, 7, 8, 9] })`)
	if !errors.Is(err, engine.ErrDataTooLarge) || calls > 101 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// TestModulesThatShare: what a graph of modules is searched for is looked for once
// in each.
func TestModulesThatShare(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 1_000_000})
	m := engine.NewModule("last")
	for i := range 40 {
		up := engine.NewModule(fmt.Sprint("m", i))
		up.SetModule("a", m)
		up.SetModule("b", m)
		m = up
	}
	eng.SetResolver(engine.StaticResolver(map[string]*engine.Module{"m": m}))
	if _, err := eng.Eval(t.Context(), `import "m" as m; (5).zork()`); !errors.Is(err, engine.ErrFunctionNotFound) {
		t.Errorf("missing method: %v", err)
	}
	if _, err := eng.Eval(t.Context(), `import "m" as m; get_fn_metadata_list()`); err != nil {
		t.Errorf("metadata: %v", err)
	}
}
