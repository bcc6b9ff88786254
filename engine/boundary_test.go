package engine_test

import (
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestLimitBoundaries: whatever a script does to use something that is limited, it may
// use exactly as much as the limit says, and fails with one less.
func TestLimitBoundaries(t *testing.T) {
	set := map[string]func(l *engine.Limits, n int){
		"string":    func(l *engine.Limits, n int) { l.StringSize = n },
		"array":     func(l *engine.Limits, n int) { l.ArraySize = n },
		"map":       func(l *engine.Limits, n int) { l.MapSize = n },
		"variables": func(l *engine.Limits, n int) { l.Variables = n },
		"functions": func(l *engine.Limits, n int) { l.Functions = n },
		"modules":   func(l *engine.Limits, n int) { l.Modules = n },
		"depth":     func(l *engine.Limits, n int) { l.ExprDepth = n },
		"levels":    func(l *engine.Limits, n int) { l.CallLevels = n },
	}
	texts := map[string][]string{
		"string":    {"Length of string too large", "Length of string exceeds the maximum limit"},
		"array":     {"Size of array/BLOB too large", "Size of array literal exceeds the maximum limit", "Size of BLOB too large"},
		"map":       {"Size of object map too large", "Number of properties in object map literal exceeds the maximum limit"},
		"variables": {"Too many variables defined"},
		"functions": {"Number of functions defined exceeds maximum limit"},
		"modules":   {"Too many modules imported"},
		"depth":     {"Expression exceeds maximum complexity"},
		"levels":    {"Stack overflow"},
	}
	for _, c := range []struct {
		limit  string
		needs  int
		script string
	}{
		{"string", 6, `"abcdef"`},
		{"string", 6, "`abc\né`.len()"},
		{"string", 6, `let s = "abc"; s + "def"`},
		{"string", 6, `let s = "abc"; "def" + s`},
		{"string", 6, `let s = "abc"; s += "def"; s`},
		{"string", 6, `let s = "abcde"; s += 'f'; s`},
		{"string", 6, `let s = "abc"; s += 123; s`},
		{"string", 6, `let s = "abc"; s = s + s; s`},
		{"string", 6, "let s = \"abc\"; `${s}${s}`"},
		{"string", 6, `let s = "abc"; s[1..2] = "wxyz"; s`},
		{"string", 6, `let s = "abc"; s[1..2] = 1234; s`},
		{"string", 6, `let s = "abcde"; s[0] = 'é'; s`},
		{"string", 6, `let s = "abc"; s.pad(6, 'x'); s`},
		{"string", 6, `let s = "abc"; s.append("def"); s`},
		{"string", 6, `let s = "abc"; s.replace("b", "wxyz"); s`},
		{"string", 6, `(123456).to_string()`},
		{"string", 6, `"" + 123456`},
		{"string", 6, `let a = ["ab"]; a.to_string()`},
		{"string", 6, `let a = ["abc"]; a[0] += "def"; a.len()`},
		{"string", 6, `let m = #{s: "abc"}; m.s += "def"; m.len()`},
		{"string", 6, `let m = #{s: "abc"}; m["s"] += "def"; m.len()`},
		{"string", 6, `let m = #{a: #{s: "abc"}}; m.a.s += "def"; m.len()`},
		{"string", 6, `fn f() { this += "def" } let s = "abc"; s.f(); s`},
		{"string", 6, `fn f() { this.s += "def" } let m = #{s: "abc"}; m.f(); 1`},
		{"string", 6, `let s = "abc"; let f = || s += "def"; f.call(); s`},
		{"string", 6, `let a = []; a.push("abc"); a.push("def"); a.len()`},
		{"string", 6, `let a = ["abc"]; a += "def"; a.len()`},
		{"string", 6, `let b = "abcdef".to_blob(); b.as_string()`},
		{"string", 6, `["abc"].map(|x| x + "def").len()`},
		{"string", 6, `parse_json("[2, 1]").len()`},
		{"string", 6, `eval("'a';  ")`},
		{"array", 6, `[1, 2, 3, 4, 5, 6]`},
		{"array", 6, `[[1, 2], [3, 4]]`},
		{"array", 6, `let x = 1; [x, x, x, x, x, x]`},
		{"array", 6, `let a = [1, 2, 3, 4, 5]; a.push(6); a`},
		{"array", 6, `let a = [1, 2, 3, 4, 5]; a += 6; a`},
		{"array", 6, `let a = [1, 2, 3]; a += a; a`},
		{"array", 6, `let a = [1, 2, 3]; a + a`},
		{"array", 6, `let a = [1, 2, 3, 4, 5]; a.insert(0, 6); a`},
		{"array", 6, `let a = [1, 2, 3]; a.append([4, 5, 6]); a`},
		{"array", 6, `let a = [1]; a.pad(6, 0); a`},
		{"array", 6, `let a = [1, 2, 3, 4]; a.splice(0, 1, [1, 2, 3]); a`},
		{"array", 6, `let a = [1, 2]; a.push([3, 4, 5]); a`},
		{"array", 6, `fn f() { this.push(6) } let a = [1, 2, 3, 4, 5]; a.f(); a`},
		{"array", 6, `let a = [1, 2, 3, 4, 5]; let f = || a.push(6); f.call(); a`},
		{"array", 6, `let m = #{a: [1, 2, 3, 4, 5]}; m.a.push(6); m`},
		{"array", 6, `let m = #{a: [1, 2, 3, 4, 5]}; m.a += 6; m`},
		{"array", 6, `let m = #{}; m.a = [1, 2, 3, 4, 5, 6]; m`},
		{"array", 6, `"abcdef".to_chars()`},
		{"array", 6, `"a,b,c,d,e,f".split(",")`},
		{"array", 6, `let m = #{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}; m.keys()`},
		{"array", 6, `blob(6)`},
		{"array", 6, `let b = blob(5); b.push(6); b`},
		{"array", 6, `let b = blob(5); b += 6; b`},
		{"array", 6, `let b = blob(3); b += b; b`},
		{"array", 6, `let b = blob(3); b += "abc"; b`},
		{"array", 6, `let b = blob(1); b.pad(6, 0); b`},
		{"array", 6, `"abcdef".to_blob()`},
		{"array", 6, `parse_json("[1,2,3,4,5,6]")`},
		{"array", 6, `[1, 2, 3].map(|x| x).map(|x| [x]).len()`},
		{"map", 4, `#{a: 1, b: 2, c: 3, d: 4}`},
		{"map", 4, `let x = 1; #{a: x, b: x, c: x, d: x}`},
		{"map", 4, `#{a: #{b: #{c: #{d: 1}}}}`},
		{"map", 4, `let m = #{a: 1, b: 2, c: 3}; m.d = 4; m`},
		{"map", 4, `let m = #{a: 1, b: 2, c: 3}; m["d"] = 4; m.len()`},
		{"map", 4, `let m = #{a: 1, b: 2, c: 3}; m.set("d", 4); m`},
		{"map", 4, `let m = #{a: 1, b: 2}; m += #{c: 3, d: 4}; m`},
		{"map", 4, `let m = #{a: 1, b: 2}; m + #{c: 3, d: 4}`},
		{"map", 4, `let m = #{a: 1, b: 2}; m.mixin(#{c: 3, d: 4}); m`},
		{"map", 4, `let m = #{a: 1, b: 2}; m.fill_with(#{c: 3, d: 4}); m`},
		{"map", 4, `fn f() { this.d = 4 } let m = #{a: 1, b: 2, c: 3}; m.f(); m`},
		{"map", 4, `let m = #{a: #{b: 1, c: 1}}; m.a.d = 1; m.len()`},
		{"map", 4, `parse_json("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}")`},
		{"variables", 3, `let a = 1; let b = 2; let c = 3;`},
		{"variables", 3, `let a = 1; const b = 2; { let c = 3; } { let d = 4; }`},
		{"variables", 3, `let a = 1; let b = 2; for i in 0..2 { }`},
		{"variables", 3, `let a = 1; for (x, i) in [1] { }`},
		{"variables", 3, `let a = 1; let b = 2; try { throw 1 } catch (e) { }`},
		{"variables", 3, `fn f(a, b, c) { 1 } f(1, 2, 3)`},
		{"variables", 3, `fn f(a, b) { let c = 1; c } f(1, 2)`},
		{"variables", 3, `let f = |a, b, c| 1; f.call(1, 2, 3)`},
		{"variables", 3, `let a = 1; let f = |b, c| a; f.call(1, 2)`},
		{"variables", 3, `let a = 1; let b = 2; eval("let c = 3;");`},
		{"functions", 2, `fn f() { } fn g() { }`},
		{"functions", 2, `fn f() { } let g = || 1;`},
		{"functions", 2, `let f = || 1; let g = |x| 2;`},
		{"functions", 2, `let f = || { || 1 };`},
		{"modules", 2, `import "m" as a; import "m" as b;`},
		{"modules", 2, `import "m" as a; { import "m" as b; }`},
		{"modules", 2, `fn f() { import "m" as b; } import "m" as a; f();`},
		{"modules", 2, "import \"m\"; eval(`import \"m\" as b;`);"},
		{"depth", 8, `let x = (((1)));`},
		{"depth", 8, `let x = [[1]];`},
		{"depth", 8, `let x = #{a: #{b: 1}};`},
		{"depth", 8, `let f = || || 1;`},
		{"depth", 8, `abs(abs(abs(1)))`},
		{"depth", 5, `let m = #{}; m?.b?.c?.d`},
		{"depth", 5, `"a".to_upper().to_upper().to_upper()`},
		{"depth", 6, `let u = (); u?[0]?[0]?[0]`},
		{"depth", 5, `let u = (); u?[0]?.b?[0]`},
		{"depth", 5, `let x = 1; - - - x`},
		{"levels", 3, `fn f(n) { if n > 1 { f(n - 1) } else { 1 } } f(3)`},
		{"levels", 3, `fn f(n) { if n > 1 { this.f(n - 1) } else { 1 } } 1.f(3)`},
		{"levels", 3, `fn a() { b() } fn b() { c() } fn c() { 1 } a()`},
		{"levels", 2, `[1].map(|x| x)`},
		{"levels", 2, `fn f(x) { x } [1].map(f)`},
		{"levels", 2, `fn f() { eval("1") } f()`},
		{"levels", 1, `eval("1")`},
		{"levels", 1, `let f = || 1; f.call()`},
		{"levels", 2, `let f = |g| g.call(); f.call(|| 1)`},
	} {
		for _, level := range levels {
			for less := range 2 {
				eng := engine.New(packages.Standard())
				eng.SetOptimization(level)
				eng.SetResolver(engine.SourceResolver(map[string]string{"m": ""}))
				var l engine.Limits
				n := c.needs - less
				if n == 0 {
					n = engine.None
				}
				set[c.limit](&l, n)
				eng.SetLimits(l)
				_, err := eng.Eval(t.Context(), c.script)
				switch {
				case less == 0 && err != nil:
					t.Errorf("%s limit of %d at level %v: %v in %s", c.limit, n, level, err, c.script)
				case less == 1 && err == nil:
					t.Errorf("%s limit of %d at level %v: no error in %s", c.limit, n, level, c.script)
				case less == 1:
					ok := false
					for _, text := range texts[c.limit] {
						ok = ok || strings.Contains(err.Error(), text)
					}
					if !ok {
						t.Errorf("%s limit of %d at level %v: %v in %s", c.limit, n, level, err, c.script)
					}
				}
			}
		}
	}
}
