package packages_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

func debugOf(t testing.TB, script string) string {
	t.Helper()
	v, err := engine.New(packages.Standard()).Eval(t.Context(), script)
	if err != nil {
		return "error: " + err.Error()
	}
	return value.Debug(v)
}

// names are the functions that Rhai's standard library has, by package.
var names = map[string]string{
	"ArithmeticPackage":    "% & * ** + - / << >> ^ abs get$is_even get$is_odd get$is_zero is_even is_odd is_zero sign |",
	"LanguageCorePackage":  "exit get$tag get_fn_metadata_list parse_json set$tag set_tag sleep tag take",
	"BasicStringPackage":   "debug print to_binary to_debug to_hex to_int to_octal to_string",
	"BasicIteratorPackage": "bits chars contains end get$bits get$chars get$end get$is_empty get$is_exclusive get$is_inclusive get$start is_empty is_exclusive is_inclusive range start",
	"BasicFnPackage":       "get$is_anonymous get$name is_anonymous name",
	"BitFieldPackage":      "get_bit get_bits set_bit set_bits",
	"LogicPackage":         "! != < <= == > >= max min",
	"BasicMathPackage":     "E PI acos acosh asin asinh atan atanh ceiling cos cosh exp floor fraction get$ceiling get$floor get$fraction get$int get$is_finite get$is_infinite get$is_nan get$round hypot int is_finite is_infinite is_nan ln log parse_float parse_int round sin sinh sqrt tan tanh to_degrees to_float to_int to_radians",
	"BasicArrayPackage":    "!= + == all append chop clear contains dedup drain extract filter find find_map for_each get get$is_empty get$len index_of insert is_empty len map order order_by order_desc pad pop push reduce reduce_rev remove retain reverse set shift some sort sort_by sort_desc splice split truncate zip",
	"BasicBlobPackage":     "append as_string blob chop clear contains drain extract get get$is_empty get$len insert is_empty len pad parse_be_float parse_be_int parse_le_float parse_le_int pop push remove retain reverse set shift splice split to_array truncate write_ascii write_be write_le write_utf8",
	"BasicMapPackage":      "!= + += == clear contains drain fill_with filter get is_empty keys len map mixin remove retain set to_json values",
	"BasicTimePackage":     "!= + += - -= < <= == > >= elapsed get$elapsed timestamp",
	"MoreStringPackage":    "+ += append bytes clear contains crop ends_with get get$bytes get$is_empty get$len index_of is_empty len make_lower make_upper max min pad pop remove replace set split split_rev starts_with sub_string to_blob to_chars to_lower to_upper trim truncate",
}

func TestEveryFunctionIsThere(t *testing.T) {
	all := []*engine.Package{
		packages.LanguageCore(), packages.Arithmetic(), packages.BasicString(), packages.BasicIterator(), packages.BasicFn(),
		packages.BitField(), packages.Logic(), packages.BasicMath(), packages.BasicArray(), packages.BasicBlob(),
		packages.BasicMap(), packages.BasicTime(), packages.MoreString(),
	}
	table, err := os.ReadFile("../RATIONALE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		var got []string
		for _, f := range p.SharedModule().Funcs() {
			if !slices.Contains(got, f.Name) {
				got = append(got, f.Name)
			}
			if f.Doc == "" || len(f.ParamNames) != len(f.Params) {
				t.Errorf("%s: %s is not documented", p.Name(), f.Name)
			}
		}
		if row := fmt.Sprintf("| `%s` | %d |", p.Name(), len(p.SharedModule().Funcs())); !strings.Contains(string(table), row) {
			t.Errorf("the table of packages lacks %s", row)
		}
		slices.Sort(got)
		want := strings.Fields(names[p.Name()])
		for _, n := range want {
			if !slices.Contains(got, n) {
				t.Errorf("%s lacks %s", p.Name(), n)
			}
		}
		for _, n := range got {
			if !slices.Contains(want, n) {
				t.Errorf("%s has %s too", p.Name(), n)
			}
		}
	}
	if first, second := packages.Standard().SharedModule(), packages.Standard().SharedModule(); first != second {
		t.Error("the standard module is built twice")
	}
}

// TestValuesStayApart checks that no function lets two variables share what
// either may change.
func TestValuesStayApart(t *testing.T) {
	for script, want := range map[string]string{
		"let a = [[1]]; let x = a.get(0); x.push(2); a":                                                 "[[1]]",
		"let a = [[1], [2]]; let e = a.extract(0); e[0].push(9); a":                                     "[[1], [2]]",
		"let x = [1]; let a = []; a.push(x); x.push(2); a[0].push(3); [a, x]":                           "[[[1, 3]], [1, 2]]",
		"let x = [1]; let a = []; a.pad(2, x); a[0].push(2); x.push(3); [a, x]":                         "[[[1, 2], [1]], [1, 3]]",
		"let x = [1]; let a = []; a.insert(0, x); a[0].push(2); x":                                      "[1]",
		"let x = [1]; let a = [0]; a.set(0, x); a[0].push(2); x":                                        "[1]",
		"let x = [[1]]; let a = []; a.append(x); a[0].push(2); x":                                       "[[1]]",
		"let x = [[1]]; let a = []; a.splice(0, 0, x); a[0].push(2); x":                                 "[[1]]",
		"let x = [[1]]; let y = x + x; y[0].push(2); [x, y]":                                            "[[[1]], [[1, 2], [1]]]",
		"let x = [[1], [2]]; let y = x.filter(|v| true); y[0].push(2); x":                               "[[1], [2]]",
		"let x = [[1], [2]]; let y = x.map(|v| v); y[0].push(2); x":                                     "[[1], [2]]",
		"let x = [[1], [2]]; let y = x.find(|v| true); y.push(2); x":                                    "[[1], [2]]",
		"let x = [[1], [2]]; let y = x.order(|a, b| 0); y[0].push(2); x":                                "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; y.sort(|a, b| 1); y[0].push(2); x":                              "[[1], [2]]",
		"let x = [[1], [1]]; let y = x; x.dedup(); x[0].push(2); [x, y]":                                "[[[1, 2]], [[1], [1]]]",
		"let x = [[1], [2]]; let y = x; let z = x.drain(0, 1); z[0].push(3); x[0].push(4); y":           "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; let z = x.retain(0, 1); z[0].push(3); x[0].push(4); y":          "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; let z = x.retain(|v| v[0] == 1); z[0].push(3); x[0].push(4); y": "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; let z = x.split(1); z[0].push(3); x[0].push(4); y":              "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; let z = x.pop(); z.push(3); x[0].push(4); y":                    "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; let z = x.shift(); z.push(3); x.push(4); y":                     "[[1], [2]]",
		"let x = [[1], [2]]; let y = x; x.reverse(); x[0].push(3); y":                                   "[[1], [2]]",
		"let x = [1, 2]; let y = x; x.clear(); x.push(5); [x, y]":                                       "[[5], [1, 2]]",
		"let x = [[1]]; x.for_each(|| this.push(2)); let y = x; y.for_each(|| this.push(3)); x":         "[[1, 2]]",
		"let x = [[1]]; let y = x; let r = y.map(|| { this.push(2); 0 }); [x, y]":                       "[[[1]], [[1, 2]]]",
		"let m = #{k: [[1]]}; let n = m; n.k.map(|| { this.push(2); 0 }); [m, n]":                       `[#{"k": [[1]]}, #{"k": [[1, 2]]}]`,
		"let x = [[1]]; let r = x.reduce(|a, v| { a.push(v); a }, []); r[0].push(2); x":                 "[[1]]",
		"let i = []; let r = [1].reduce(|a, v| { a.push(v); a }, i); [i, r]":                            "[[], [1]]",
		"let x = [[1]]; let r = x.zip(x, |a, b| a); r[0].push(2); x":                                    "[[1]]",
		"let m = #{a: [1]}; let v = m.get(\"a\"); v.push(2); m":                                         `#{"a": [1]}`,
		"let m = #{a: [1]}; let v = m.values(); v[0].push(2); m":                                        `#{"a": [1]}`,
		"let x = [1]; let m = #{}; m.set(\"a\", x); m.a.push(2); x":                                     "[1]",
		"let x = #{a: [1]}; let m = #{}; m.mixin(x); m.a.push(2); x":                                    `#{"a": [1]}`,
		"let x = #{a: [1]}; let m = #{}; m.fill_with(x); m.a.push(2); x":                                `#{"a": [1]}`,
		"let x = #{a: [1]}; let m = x + #{b: 1}; m.a.push(2); x":                                        `#{"a": [1]}`,
		"let x = #{a: [1]}; let y = x; let v = y.remove(\"a\"); v.push(2); x":                           `#{"a": [1]}`,
		"let x = #{a: [1]}; let y = x; let d = y.drain(|k| true); d.a.push(2); x":                       `#{"a": [1]}`,
		"let x = #{a: [1]}; let y = x.filter(|k| true); y.a.push(2); x":                                 `#{"a": [1]}`,
		"let x = #{a: [1]}; let y = x; y.map(|k| { this.push(2); 0 }); x":                               `#{"a": [1]}`,
		"let x = #{a: 1}; let y = x; y.clear(); x":                                                      `#{"a": 1}`,
		"let b = blob(2, 1); let c = b; c.push(2); c.reverse(); c.write_be(0, 1, -1); b":                "[0101]",
		"let b = blob(2, 1); let c = b; for x in c { c.push(9); } [b, c]":                               "[[0101], [01010909]]",
		"let b = blob(3, 1); let c = b; c.truncate(1); c.push(7); b":                                    "[010101]",
		"let b = blob(1, 1); b.clear(); let c = b; c.push(1); b":                                        "[]",
		"let a = [1, 2, 3]; let b = a; b.truncate(1); b.push(9); [a, b]":                                "[[1, 2, 3], [1, 9]]",
		"let a = [[1]]; let t = a.take(); t[0].push(2); [a, t]":                                         "[(), [[1, 2]]]",
		"fn id(x) { x } let a = [1]; let b = id(a); b.push(2); a":                                       "[1]",
		"let a = [1]; a.tag = 3; let b = a; b.push(2); [a, b, a.tag, b.tag]":                            "[[1], [1, 2], 3, 3]",
		"let s = \"ab\"; let t = s; t += \"c\"; s += \"d\"; [s, t]":                                     `["abd", "abc"]`,
		"let s = \"abc\"; let t = s.sub_string(0, 2); t += \"x\"; [s, t]":                               `["abc", "abx"]`,
	} {
		if got := debugOf(t, script); got != want {
			t.Errorf("%s\n gives %s\n  want %s", script, got, want)
		}
	}
}

// TestSleepIsCancelled: the end of the context ends a sleep that would outlast the test.
func TestSleepIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	eng := engine.New(packages.Standard())
	eng.OnPrint(func(context.Context, string) { time.AfterFunc(time.Millisecond, cancel) })
	if _, err := eng.Eval(ctx, `print("asleep"); sleep(1_000_000)`); !errors.Is(err, engine.ErrTerminated) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestCancelled checks that natives, and what the machine does by itself, look often
// whether the run was cancelled: in a hundred looks that follow the preparations of each
// script there never is more work between two than takes about a millisecond.
func TestCancelled(t *testing.T) {
	const looks, most = 100, 1 << 14
	errEnough := errors.New("enough")
	for _, script := range []string{
		"let a = []; a.pad(2000, 1); loop { a.sort(|x, y| 0); }",
		"let a = []; a.pad(100000, 1); a.map(|v| a2(v)); fn a2(v) { loop {} }",
		"let a = []; a.pad(3000000, 0); loop { a.map(|v| v); }",
		"let a = []; a.pad(1000000, 0.5); loop { a.index_of(2.5); }",
		"let a = []; a.pad(100000, \"x\"); loop { a.sort(); }",
		"let a = []; for i in 0..500000 { a.push(i * 7919 % 1000003); } loop { let b = a; b.sort(); }",
		"let a = []; a.pad(1000000, 0); loop { let b = a; b.reverse(); b.insert(0, 1); }",
		"let a = []; a.pad(1000000, 0); loop { let b = a + a; b.extract(5); }",
		"let a = []; a.pad(300000, 0); loop { let b = a; b += a; }",
		"let a = []; a.pad(300000, 0); let b = a + []; loop { a == b; }",
		"let b = blob(5000000); loop { let c = b + b; }",
		"let a = []; a.pad(300000, 0); loop { let b = a; b[0] = 2; }",
		"let a = []; a.pad(300000, [0]); loop { let b = a; b[0][0] = 2; }",
		"let a = []; a.pad(300000, 0); loop { let b = a; b.pop(); }",
		"let m = #{}; for i in 0..100000 { m[`k${i}`] = i; } loop { let n = m; n.x = 1; }",
		`let s = "x"; s.pad(5000000, 'y'); loop { let t = s; t[5] = 'q'; }`,
		`let s = "x"; s.pad(5000000, 'y'); loop { let t = s[1..4000000]; }`,
		`let s = "x"; s.pad(5000000, 'y'); loop { let t = s; t += "z"; }`,
		`let s = "x"; s.pad(5000000, 'y'); loop { let t = s + s; }`,
		`let s = "x"; s.pad(5000000, 'y'); let t = s + "z"; loop { s < t; }`,
		"let s = \"x\"; s.pad(5000000, 'y'); loop { let t = `${s}${s}`; }",
		"let b = blob(50000000); loop { b.reverse(); b.contains(1); }",
		`let s = "x"; s.pad(10000000, 'y'); loop { s.len(); s.to_upper(); s.get(-1); }`,
		"let m = #{}; for i in 0..200000 { m[`k${i}`] = i; } loop { m.keys(); m.values(); }",
	} {
		var seen, last, gap uint64
		eng := engine.New(packages.Standard()).OnProgress(func(_ context.Context, ops uint64) error {
			gap, last = max(gap, ops-last), ops
			if seen++; seen == looks {
				return errEnough
			}
			return nil
		})
		eng.OnPrint(func(context.Context, string) { seen = 0 })
		if _, err := eng.Eval(t.Context(), strings.Replace(script, "loop {", `print("begins"); loop {`, 1)); !errors.Is(err, errEnough) {
			t.Errorf("%s: %v", script, err)
		}
		if gap > most {
			t.Errorf("%s: %d operations without a look", script, gap)
		}
	}
}

// TestLimitsOfNatives checks that natives fail before they allocate.
func TestLimitsOfNatives(t *testing.T) {
	unlimited := engine.New(packages.Standard())
	limited := engine.New(packages.Standard()).SetLimits(engine.Limits{StringSize: 100, ArraySize: 100, MapSize: 100, Operations: 100_000})
	for _, c := range []struct{ script, want string }{
		{"let a = []; a.pad(9223372036854775807, 0)", "Size of array/BLOB too large"},
		{"blob(9223372036854775807)", "Size of array/BLOB too large"},
		{"let b = blob(); b.pad(9223372036854775807, 0)", "Size of BLOB too large"},
		{`let s = "x"; s.pad(9223372036854775807, '-')`, "Length of string too large"},
		{`let s = "x"; s.pad(9223372036854775807, "abcdef")`, "Length of string too large"},
	} {
		for _, eng := range []*engine.Engine{unlimited, limited} {
			if _, err := eng.Eval(t.Context(), c.script); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.script, err)
			}
		}
	}
	for _, c := range []struct{ script, want string }{
		{"let a = []; a.pad(60, 0); a.append(a)", "Size of array/BLOB too large"},
		{"let a = []; a.pad(60, 0); a.splice(0, 0, a)", "Size of array/BLOB too large"},
		{"let a = []; a.pad(60, 0); a + a", "Size of array/BLOB too large"},
		{"let a = []; a.pad(100, 0); a.push(1)", "Size of array/BLOB too large"},
		{"let a = []; a.pad(100, 0); a.insert(0, 1)", "Size of array/BLOB too large"},
		{"let a = []; a.pad(60, 0); a.map(|v| [v, v])", "Size of array/BLOB too large"},
		{"let b = blob(60); b.append(b)", "Size of array/BLOB too large"},
		{`let s = ""; s.pad(60, 'x'); s.append(s)`, "Length of string too large"},
		{`let s = ""; s.pad(60, 'x'); s.replace("x", "yy")`, "Length of string too large"},
		{`let s = ""; s.pad(60, 'x'); s.split("")`, ""},
		{`let s = ""; s.pad(60, 'x'); [s, s].to_string()`, "Length of string too large"},
		{`[1, 2].map(|v| loop {})`, "Too many operations"},
		{`let a = []; a.pad(100, 0); loop { a.map(|v| v); }`, "Too many operations"},
	} {
		_, err := limited.Eval(t.Context(), c.script)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.script, err)
		}
	}
}

func TestSortManyNumbers(t *testing.T) {
	for _, n := range []int{65536, 65537, 131073, 262145, 300000} {
		script := fmt.Sprintf(`let a = []; for i in 0..%d { a.push(i * 7919 %% 1000003 - 500000); } let d = a; a.sort(); d.sort_desc();
			let ok = a.len == %d; for i in 1..%d { if a[i - 1] > a[i] || d[i - 1] < d[i] || a[i] != d[-1 - i] { ok = false; } } ok`, n, n, n)
		if got := debugOf(t, script); got != "true" {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestSortWithComparers(t *testing.T) {
	for script, want := range map[string]string{
		"let a = [3, 1, 2]; try { a.sort(|x, y| throw 7) } catch (e) { return [e, a]; }":                                                                                                            "[7, [3, 1, 2]]",
		"let a = []; for i in 0..100 { a.push(i * 37 % 100); } a.sort(|x, y| 1); a.len":                                                                                                             "100",
		"let a = []; for i in 0..100 { a.push(i * 37 % 100); } a.sort(|x, y| -1); a.len":                                                                                                            "100",
		"let a = []; for i in 0..100 { a.push(i * 37 % 100); } a.sort(|x, y| \"?\"); a.len":                                                                                                         "100",
		"let a = []; for i in 0..500 { a.push(i * 7 % 500); } a.sort(|x, y| x - y); a == range_array(500); fn range_array(n) { let r = []; for i in 0..n { r.push(i); } r }":                        "true",
		"let a = []; for i in 0..200 { a.push([i % 10, i]); } a.sort(|x, y| x[0] - y[0]); let ok = true; for i in 1..200 { if a[i - 1][0] == a[i][0] && a[i - 1][1] > a[i][1] { ok = false; } } ok": "true",
		"let a = [3, 1, 2]; a.sort(|x, y| x < y); a":                                                                                                                                                "[1, 2, 3]",
		"let a = [\"b\", \"a\"]; a.sort_desc(); a.order()":                                                                                                                                          `["a", "b"]`,
		"let a = [2, 3, 1]; [a.order_desc(), a]":                                                                                                                                                    "[[3, 2, 1], [2, 3, 1]]",
		"let n = 0; let a = [1, 2]; a.sort(|x, y| { n += 1; 0 }); n":                                                                                                                                "1",
	} {
		if got := debugOf(t, script); got != want {
			t.Errorf("%s\n gives %s\n  want %s", script, got, want)
		}
	}
}

func TestCallbacksOfEveryKind(t *testing.T) {
	for script, want := range map[string]string{
		`fn dbl(v) { v * 2 } [1, 2].map("dbl")`:                            "[2, 4]",
		`fn dbl(v, i) { v * 2 + i } [1, 2].map(dbl)`:                       "[2, 5]",
		`fn dbl() { this * 2 } [1, 2].map(Fn("dbl"))`:                      "[2, 4]",
		`fn add(a, b) { a + b } [1, 2].map(Fn("add").curry(10))`:           "[11, 12]",
		`[1, 2].map((|a, b, c| [a, b, c]).curry("x"))`:                     `[["x", 1, 0], ["x", 2, 1]]`,
		`fn inc() { this += 1; } let a = [1, 2]; a.for_each(Fn("inc")); a`: "[2, 3]",
		`let a = [[2, 1], [4, 3]]; a.map(Fn("sort")); a`:                   "[[1, 2], [3, 4]]",
		`let m = #{l: [[2, 1]]}; m.l.map(Fn("sort")); m`:                   `#{"l": [[1, 2]]}`,
		`let k = 5; [1, 2].map(|v| v + k)`:                                 "[6, 7]",
		`[1, 2, 3].map(|v| [v, v].map(|w| w * v))`:                         "[[1, 1], [4, 4], [9, 9]]",
		`[1, 2].map(|a, b, c| 1)`:                                          "error: Function not found: anon$",
		`[1, 2].some("nope")`:                                              "error: Function not found: nope (i64, i64)",
		`fn f(x) { throw x } [1].map(f)`:                                   "error: Runtime error: 1",
		`const A = [1, 2]; A.map(|| this * 2)`:                             "[2, 4]",
		`const A = [1, 2]; A.map(|| { this = 5; })`:                        "error: Cannot modify constant  (line 1, position 30)",
		`fn f() { this = 5; } const A = [1, 2]; A.map(Fn("f"))`:            "error: Cannot modify constant  (line 1, position 10)",
		`const M = #{a: 1}; M.map(|k| { this = 5; })`:                      "error: Cannot modify constant ",
		`const A = [[2, 1]]; A.map(Fn("sort"))`:                            "error: Non-pure method 'sort'",
		`let a = [1, 2, 3]; let t = 0; a.for_each(|i| t += this * i); t`:   "8",
		`[3, 4].reduce(|a| a + this, 0)`:                                   "7",
		`#{a: 1}.map(|k| k + this)`:                                        `#{"a": "a1"}`,
		`#{a: 1}.map(|k, v, w| 0)`:                                         "error: Function not found: anon$",
		`#{a: 1}.map(Fn("none"))`:                                          "error: Function not found: none (&str | ImmutableString | String, i64) (line 1, position 9)\nin call to function 'filter' (line 1, position 9)",
		`let f = |x| x; [f, f].map(|g| g.call(3))`:                         "[3, 3]",
		`[1].map(|v| exit(v + 41)); 0`:                                     "42",
		`[1, 2, 3].find_map(|v| if v > 1 { v * 10 })`:                      "20",
	} {
		got := debugOf(t, script)
		if got != want && !(strings.HasPrefix(want, "error") && strings.HasPrefix(got, want)) {
			t.Errorf("%s\n gives %s\n  want %s", script, got, want)
		}
	}
}

func TestBackTrace(t *testing.T) {
	eng := engine.New(packages.Standard(), packages.Debugging())
	v, err := eng.Eval(t.Context(), "fn inner() { back_trace() }\nfn outer() {\n  inner()\n}\nouter().map(|c| [c.fn_name, c.line, c.position])")
	if got := value.Debug(v); err != nil || got != `[["inner", 1, 14], ["outer", 3, 3]]` {
		t.Errorf("%s %v", got, err)
	}
	v, err = eng.Eval(t.Context(), "back_trace()")
	if got := value.Debug(v); err != nil || got != "[]" {
		t.Errorf("%s %v", got, err)
	}
}
