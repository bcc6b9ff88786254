package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// greedy are scripts that take memory in every way there is. Each would go on for
// ever, or at least for more than any limit here.
var greedy = map[string]string{
	"doubling strings":  `let s = "abcdefgh"; loop { s += s; }`,
	"appending":         `let s = ""; loop { s += "0123456789"; }`,
	"joining":           `let s = "x"; s.pad(1000, 'y'); loop { let t = "a" + s; }`,
	"prepending":        `let s = ""; loop { s = 'x' + s; }`,
	"removing":          `let s = "xay"; s.pad(5000, 'y'); loop { s - "a"; }`,
	"interpolation":     "let s = \"abcdefgh\"; loop { s = `${s}${s}`; }",
	"short texts":       "let i = 0; loop { i += 1; let s = `${i}`; }",
	"nested arrays":     `let a = []; loop { a = [a]; }`,
	"array literals":    `let x = 1; loop { let a = [x, 2, 3, 4, 5]; }`,
	"long literals":     `let x = 1; loop { let a = [` + strings.Repeat("x, ", 200) + `]; }`,
	"map literals":      `let x = 1; loop { let m = #{a: x, b: 2}; }`,
	"nested maps":       `let m = #{}; loop { m = #{m: m}; }`,
	"map keys":          "let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; }",
	"map set":           "let m = #{}; let i = 0; loop { m.set(\"k\" + i, i); i += 1; }",
	"properties":        `loop { let m = #{}; m.a = 1; m.b = 2; m.c = 3; m.d = 4; }`,
	"other properties":  otherProperties("#{}"),
	"more properties":   otherProperties("#{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11}"),
	"pushes":            `let a = []; loop { a.push(1); }`,
	"op-assign":         `let a = []; loop { a += 1; }`,
	"appends":           `let a = [1]; loop { a.append(a); }`,
	"inserts":           `let a = []; loop { a.insert(0, 1); }`,
	"pads":              `let a = []; let n = 1; loop { n *= 2; a.pad(n, 0); }`,
	"clones":            `let a = []; a.pad(1000, 0); loop { let b = a; b[0] = 1; }`,
	"nested clones":     `let a = [[[1, 2, 3]]]; loop { let b = a; b[0][0][0] = 2; }`,
	"map clones":        "let m = #{}; for i in 0..100 { m[`k${i}`] = i; } loop { let n = m; n.x = 1; }",
	"blobs":             `loop { let b = blob(1000); }`,
	"blob clones":       `let b = blob(1000); loop { let c = b; c[0] = 1; }`,
	"blob pushes":       `let b = blob(); loop { b.push(1); }`,
	"blob joins":        `let b = blob(10); loop { b = b + b; }`,
	"queue":             `let a = [1, 2, 3]; loop { a.push(a.shift()); }`,
	"closures":          `let i = 0; loop { i += 1; let f = || i; }`,
	"captures":          `loop { let x = 1; let f = || x; }`,
	"currying":          `fn f(x) { x } let f = Fn("f"); loop { f = f.curry(1); }`,
	"pointers":          `fn f(x) { x } loop { let p = Fn("f"); }`,
	"ranges":            `loop { let r = 0..10; }`,
	"type names":        `loop { type_of(1); }`,
	"tags":              `let x = 1; loop { x.tag = 5; }`,
	"steps":             `loop { for i in range(0, 10, 3) { } }`,
	"sized integers":    `let b = blob(10); let x = 0; for y in b { x = y; } loop { x + x; }`,
	"eval":              `loop { eval("let x = 1; x + 1"); }`,
	"eval calls":        `fn f(x) { x } loop { eval("f(1); f(2); f(3)"); }`,
	"eval variables":    "let i = 0; loop { eval(`let x${i} = ${i};`); i += 1; }",
	"errors":            `loop { try { [1][5]; } catch { } }`,
	"error maps":        `loop { try { 1 / 0 } catch (e) { } }`,
	"error texts":       `let s = "x"; s.pad(900, 'x'); loop { try { Fn(s) } catch (e) { } }`,
	"missing functions": `loop { try { nothing(1, "a", []) } catch (e) { } }`,
	"missing names":     `loop { try { nothing } catch (e) { } }`,
	"deep errors":       `fn f(n) { if n == 0 { [1][5] } f(n - 1) } loop { try { f(20) } catch { } }`,
	"parse errors":      `loop { try { parse_int("x") } catch { } }`,
	"bounds":            `let a = []; loop { try { a[1] } catch { } }`,
	"split":             `let s = "x"; s.pad(1000, ','); loop { s.split(","); }`,
	"split_rev":         `let s = "x"; s.pad(1000, ','); loop { s.split_rev(","); }`,
	"split words":       `let s = ""; s.pad(1000, "ab "); loop { s.split(); }`,
	"split characters":  `let s = "x"; s.pad(1000, ','); loop { s.split(""); }`,
	"pieces":            `let s = "x"; s.pad(1000, ','); loop { s[0..1]; s[5..900]; }`,
	"characters set":    `let s = "x"; s.pad(1000, ','); loop { s[5] = 'y'; }`,
	"chars":             `let s = "x"; s.pad(1000, ','); loop { s.to_chars(); s.to_blob(); }`,
	"upper":             `let s = "x"; s.pad(1000, 'y'); loop { s.to_upper(); }`,
	"replace":           `let s = "x"; s.pad(1000, 'y'); loop { let t = s; t.replace("y", "zz"); }`,
	"padding":           `loop { let s = ""; s.pad(1000, "ab"); }`,
	"to_json":           `let m = #{a: [1, 2, #{b: "c"}]}; loop { m.to_json(); }`,
	"parse_json":        `let s = "[1, [2], {\"a\": \"b\", \"c\": 2.5}]"; loop { parse_json(s); }`,
	"to_string":         `let a = [1, [2, "x"]]; loop { a.to_string(); }`,
	"to_debug":          `let a = [1, [2, "x"]]; loop { a.to_debug(); }`,
	"hex":               `loop { to_hex(255); }`,
	"keys":              `let m = #{a: 1, b: 2, c: 3}; loop { m.keys(); m.values(); }`,
	"mixin":             `let m = #{a: 1}; loop { let n = m; n.mixin(#{b: 1}); n.fill_with(#{c: 1}); n += #{d: 1}; }`,
	"map callbacks":     `let m = #{a: 1, b: 2}; loop { m.map(|k| 1); m.filter(|k| true); }`,
	"callbacks":         `let a = [1, 2, 3]; loop { a.map(|x| x); a.filter(|x| true); a.reduce(|x, y| y); }`,
	"callbacks by name": `fn f(x) { x } let a = [1, 2, 3]; loop { a.map("f"); a.filter(Fn("f")); }`,
	"zip":               `let a = [1, 2, 3]; loop { a.zip(a, |x, y| x); }`,
	"sort":              `let a = []; for i in 0..100 { a.push(i * 7919 % 101); } loop { let b = a; b.sort(); b.order_desc(); }`,
	"sort by":           `let a = [3, 1, 2]; loop { let b = a; b.sort(|x, y| x - y); }`,
	"dedup":             `let a = [3, 1, 2]; loop { let b = a; b.dedup(); }`,
	"extract":           `let a = [3, 1, 2]; loop { let b = a; b.extract(1); b.drain(0, 1); b.retain(0..1); b.splice(0, 1, a); }`,
	"compare arrays":    `let a = [[3], [1], [2]]; let b = a + []; loop { a == b; }`,
	"recursion":         `fn f(n) { f(n + 1) } f(0)`,
	"calls":             `fn f(a) { [a] } loop { f(1); }`,
	"switch":            `loop { switch [1, 2] { [1, 2] => 1, _ => 2 } }`,
	"methods":           `fn f() { this.push(1); } let a = []; loop { a.f(); }`,
	"this":              `fn f() { this += "x"; } let a = ""; loop { a.f(); }`,
	"timestamps":        `loop { timestamp(); }`,
	"metadata":          `fn f(a, b) { } loop { get_fn_metadata_list(); }`,
	"no metadata":       `loop { get_fn_metadata_list(); }`,
	"tagged operands":   `let x = 1; x.tag = 5; loop { x += 1; }`,
	"tagged receivers":  `let a = [1]; a.tag = 5; loop { a.push(2); a.pop(); }`,
	"tagged texts":      `let s = "abc"; s.tag = 5; loop { s[0] = 'c'; }`,
	"moved timestamps":  `let t = timestamp(); loop { t += 1; }`,
	"numbers of blobs":  `let b = blob(8, 1); loop { b.parse_le_int(0, 8); b.parse_be_float(0, 8); b.write_be(0, 8, 1); let c = [b]; }`,
	"texts of blobs":    `let b = blob(1, 65); loop { b.as_string(); }`,
	"no floats":         `let s = "x"; s.pad(5000, 'x'); loop { try { parse_float(s); } catch { } }`,
	"large floats":      `loop { parse_float("1e999"); }`,
	"no callbacks":      `let f = |x, y| x; f = f.curry(1).curry(2).curry(3); loop { try { [1].map(f); } catch { } }`,
	"thrown texts":      `let s = "x"; s.pad(10000, 'x'); loop { try { try { throw s; } catch (e) { throw; } } catch (e) { } }`,
	"thrown arrays":     `fn f(a) { throw a } let a = []; a.pad(1000, 5); loop { try { try { f(a) } catch (e) { throw; } } catch (e) { } }`,
}

// otherProperties adds so many properties to the map of one literal, each to another map,
// that maps no longer share their names.
func otherProperties(literal string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "fn f() { %s } ", literal)
	for i := range 80 {
		fmt.Fprintf(&b, "let m = f(); m.p%d = 1; ", i)
	}
	return b.String() + "loop { let m = f(); m.last = 1; }"
}

// engineWith is a standard engine without limits but that on allocation.
func engineWith(allocated int) *engine.Engine {
	u := engine.Unlimited
	return engine.New(packages.Standard()).SetLimits(engine.Limits{
		CallLevels: u, ExprDepth: u, FnExprDepth: u, StringSize: u, ArraySize: u, MapSize: u, Allocated: allocated,
	})
}

// TestAllocated: scripts that take memory end with the error of the limit, which
// they cannot catch, and have not taken more than the account allows.
func TestAllocated(t *testing.T) {
	if raceEnabled {
		t.Skip("about sizes, which the race detector changes")
	}
	const limit = 1 << 20
	for name, src := range greedy {
		t.Run(name, func(t *testing.T) {
			eng := engineWith(limit)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for what, src := range map[string]string{"bare": src, "caught": caught(src)} {
				ast, err := eng.Compile(src)
				if err != nil {
					t.Fatal(err)
				}
				_, _, _ = eng.RunStats(ctx, nil, ast) // links, and fills caches
				var m1, m2 runtime.MemStats
				runtime.ReadMemStats(&m1)
				_, stats, err := eng.RunStats(ctx, nil, ast)
				runtime.ReadMemStats(&m2)
				if !errors.Is(err, engine.ErrTooMuchAllocated) {
					t.Errorf("%s: %.200v after %d operations, %d bytes", what, err, stats.Operations, stats.Allocated)
				}
				if grew := m2.TotalAlloc - m1.TotalAlloc; grew > 2*limit+64<<10 {
					t.Errorf("%s: took %d bytes with a limit of %d", what, grew, limit)
				}
				_, again, _ := eng.RunStats(ctx, nil, ast)
				if again != stats && !strings.Contains(src, "timestamp") {
					t.Errorf("%s: accounts differ between runs: %+v and %+v", what, stats, again)
				}
			}
		})
	}
}

// TestPathsAllocateNothing: reading a constant by its path takes no memory.
func TestPathsAllocateNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("about sizes, which the race detector changes")
	}
	checkAllocated(t, `const K = 1; fn f() { let x = global::K; } for i in 0..100_000 { f(); }`)
}

// caught returns a script that tries to go on behind its failure.
func caught(src string) string {
	funcs := ""
	for strings.HasPrefix(src, "fn ") {
		i := strings.Index(src, "} ") + 2
		for strings.Count(src[:i], "{") > strings.Count(src[:i], "}") {
			i += strings.Index(src[i:], "} ") + 2
		}
		funcs, src = funcs+src[:i], src[i:]
	}
	return funcs + "try { " + src + " } catch { } 1"
}

// FuzzAllocated: no script takes more than twice what its account says, and 64 KB.
func FuzzAllocated(f *testing.F) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Script)
	}
	for _, src := range greedy {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if raceEnabled || strings.Contains(src, "sleep") || strings.Contains(src, "timestamp") {
			t.Skip("depends on time, or on sizes that the race detector changes")
		}
		checkAllocated(t, src)
	})
}

// checkAllocated runs a script with a limit on allocation.
func checkAllocated(t *testing.T, src string) {
	t.Helper()
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{
		Operations: 2_000_000, CallLevels: 50, StringSize: 1 << 20, ArraySize: 1 << 16, MapSize: 1 << 14, Allocated: 2 << 20,
	})
	eng.OnPrint(func(context.Context, string) {})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ast, err := eng.Compile(src)
	if err != nil {
		return
	}
	_, _, _ = eng.RunStats(ctx, nil, ast)
	var m1, m2 runtime.MemStats
	runtime.ReadMemStats(&m1)
	_, stats, err := eng.RunStats(ctx, nil, ast)
	runtime.ReadMemStats(&m2)
	if grew := m2.TotalAlloc - m1.TotalAlloc; grew > 2*stats.Allocated+64<<10 {
		t.Errorf("took %d bytes, charged %d: %.100v\n%s", grew, stats.Allocated, err, src)
	}
	if stats.Allocated > 2<<20+64<<10 {
		t.Errorf("charged %d bytes", stats.Allocated)
	}
}

// TestAllocatedAtTheEnd: what the last operation allocates is counted too, and the error
// has file and position.
func TestAllocatedAtTheEnd(t *testing.T) {
	for _, src := range []string{"let a = 1;\n[a, a, a, a]", "let a = 1;\na..5", "let a = 1;\n|x| x + a"} {
		eng := standard()
		eng.SetLimits(engine.Limits{Allocated: 1})
		ast, err := eng.CompileNamed("rules/last.rhai", src)
		if err != nil {
			t.Fatal(err)
		}
		_, err = eng.Run(t.Context(), nil, ast)
		var e *engine.Error
		if !errors.As(err, &e) || e.Kind != engine.ErrTooMuchAllocated || e.Source != "rules/last.rhai" || e.Pos.Line != 2 {
			t.Errorf("%q: %+v", src, e)
		}
	}
}
