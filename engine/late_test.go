package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// shared is an array that stands for 2^40 elements and takes a few hundred bytes.
const shared = `let a = [1]; for i in 0..40 { a = [a, a]; } `

// text50 is a text of 50 MB, blob100 a blob of 100 MB.
const (
	text50  = `let s = "abcdefghi,"; s.pad(50000000, "abcdefghi,"); `
	blob100 = `let b = blob(100000000, 1); `
)

// lateScripts are scripts each of whose operations would take long, or for ever, if it
// did not hear of the end of its context.
var lateScripts = map[string]string{
	"equal":            shared + `loop { a == a; let b = [a]; b == [a]; }`,
	"equal twins":      `let a = [1.5]; let b = [1.5]; for i in 0..40 { a = [a, a]; b = [b, b]; } loop { a == b; }`,
	"switch":           shared + `loop { switch a { [[1]] => 1, #{a: 1} => 2, _ => 3 } }`,
	"in":               shared + `loop { a in [a]; 5 in a; }`,
	"index_of":         shared + `loop { [1, a].index_of(a); }`,
	"dedup":            shared + `loop { let b = [a, a, a]; b.dedup(); }`,
	"to_json":          shared + `loop { #{a: a}.to_json(); }`,
	"json of maps":     `let a = 1; for i in 0..40 { a = #{a: a, b: a}; } loop { a.to_json(); }`,
	"print":            shared + `loop { print(a); }`,
	"interpolate":      shared + "loop { `${a}`; }",
	"concatenate":      shared + `loop { "" + a; }`,
	"to_debug":         shared + `loop { a.to_debug(); }`,
	"throw":            shared + `loop { try { throw a; } catch (e) { } }`,
	"throw and show":   shared + `throw a`,
	"hash of closures": `fn f(x) { x } let g = Fn("f"); for i in 0..40 { g = g.curry(g); g = g.curry(g); } loop { print(g); }`,
	"blob":             `loop { blob(100000000, 1); }`,
	"blob reverse":     blob100 + `loop { b.reverse(); }`,
	"blob shift":       blob100 + `loop { b.shift(); b.push(1); }`,
	"blob text":        blob100 + `loop { b.as_string(); b.to_array(); }`,
	"write_ascii":      text50 + blob100 + `loop { b.write_ascii(0, 1000000000, s); }`,
	"nested blob":      blob100 + `let c = [[b]]; loop { let d = c; d[0][0][0] = 1; }`,
	"blob equal":       blob100 + `let c = b + blob(); loop { c == b; }`,
	"Fn":               text50 + `loop { try { Fn(s) } catch { } }`,
	"eval text":        text50 + `loop { try { eval(s) } catch { } }`,
	"eval statements":  `let s = "1;"; s.pad(10000000, "1;"); loop { eval(s); }`,
	"eval variables":   "let s = \"\"; for i in 0..20000 { s += `let a${i} = ${i};`; } loop { try { eval(s); } catch {} }",
	"text minus":       text50 + `loop { s - "c"; let t = s; t -= "i"; }`,
	"text compare":     text50 + `let t = s + ""; t += "x"; loop { s < t; s == t; }`,
	"split":            text50 + `loop { s.split(","); s.split_rev(","); s.split(); s.split(""); }`,
	"split_rev":        text50 + `loop { s.split_rev(","); s.split_rev("zzz"); }`,
	"pad":              `loop { let s = ""; s.pad(1000000000, "ab"); }`,
	"parse_json":       `let s = "[1, 2.5, \"abc\", {\"a\": 1}], "; s.pad(20000000, "[1, 2.5, \"abc\", {\"a\": 1}], "); s = "[" + s + "1]"; loop { parse_json(s); }`,
	"texts":            text50 + `loop { s.to_upper(); s.to_chars(); s.to_blob(); s.replace("a", "bb"); s.index_of("zzz"); s.contains("zzz"); s.trim(); }`,
	"characters":       text50 + `loop { s[-40000000]; s.get(40000000); s.sub_string(30000000, 10000000); s[5] = 'x'; s[10..20] = "abc"; }`,
	"string to_debug":  text50 + `loop { [s].to_debug(); [s].to_string(); #{s: s}.to_json(); }`,
	"parse numbers":    text50 + `loop { try { parse_float(s) } catch { } try { parse_int(s) } catch { } }`,
	"huge key":         text50 + `let m = #{}; loop { m[s] = 1; m[s]; m.contains(s); }`,
	"array clones":     `let a = []; a.pad(10000000, 1); loop { let b = a; b.push(1); }`,
	"array moves":      `let a = []; a.pad(10000000, 1); loop { a.insert(1, 1); a.remove(1); a.reverse(); }`,
	"array joins":      `let a = []; a.pad(5000000, 1); loop { let b = a + a; b += a; b.extract(5); }`,
	"map order":        "let m = #{}; for i in 0..200000 { m[`k${i * 7919 % 200003}`] = i; } loop { m.x = 1; m.keys(); m.remove(\"x\"); }",
	"map clones":       "let m = #{}; for i in 0..200000 { m[`k${i}`] = i; } loop { let n = m; n.x = 1; }",
	"sort":             `let a = []; for i in 0..1000000 { a.push(i * 7919 % 1000003); } loop { let b = a; b.sort(); b.sort_desc(); }`,
	"sort texts":       "let a = []; for i in 0..100000 { a.push(`text ${i * 7919 % 100003}`); } loop { let b = a; b.sort(); }",
	"sort by":          `let a = []; for i in 0..100000 { a.push(i); } loop { a.sort(|x, y| y - x); }`,
	"callbacks":        `let a = []; a.pad(1000000, 1); loop { a.map(|x| x); a.filter(|x| x == 1); a.zip(a, |x, y| x); }`,
	"deep":             `let a = []; for i in 0..1000000 { a = [a]; } let b = []; for i in 0..1000000 { b = [b]; } loop { a == b; print(a); a.to_json; }`,
	"chars":            text50 + `loop { for c in s { } for c in s.chars() { } }`,
}

// lateAfter is the deadline of BenchmarkLate.
var lateAfter = 50 * time.Millisecond

// BenchmarkLate prints how late a deadline is noticed that ends amid each script,
// in milliseconds. It begins behind the preparations of the script.
func BenchmarkLate(b *testing.B) {
	for name, src := range lateScripts {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			worst := time.Duration(0)
			for b.Loop() {
				worst = max(worst, lateness(b, src, lateAfter))
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-late")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lateness runs a script until its deadline and returns how late it ended. The time
// begins at its first loop without a condition.
func lateness(tb testing.TB, src string, d time.Duration) time.Duration {
	eng := engine.New(packages.Standard())
	u := engine.Unlimited
	eng.SetLimits(engine.Limits{CallLevels: u, ExprDepth: u, FnExprDepth: u})
	eng.OnPrint(func(context.Context, string) {})
	scope := engine.NewScope()
	if at := strings.Index(src, "loop {"); at > 0 {
		if _, err := eng.EvalScope(tb.Context(), scope, src[:at]); err != nil {
			tb.Fatal(err)
		}
		src = src[at:]
	}
	ctx, cancel := context.WithTimeout(tb.Context(), d)
	defer cancel()
	start := time.Now()
	_, err := eng.EvalScope(ctx, scope, src)
	late := time.Since(start) - d
	if err != nil {
		_ = err.Error()
	}
	if !errors.Is(err, engine.ErrTerminated) && !strings.Contains(src, "throw a`") && !errors.Is(err, engine.ErrDataTooLarge) && !errors.Is(err, engine.ErrRuntime) {
		tb.Errorf("%.300v", err)
	}
	return late
}

// TestEndless: each of these scripts ends with its context.
func TestEndless(t *testing.T) {
	for name, src := range lateScripts {
		t.Run(name, func(t *testing.T) { lateness(t, src, 100*time.Millisecond) })
	}
}
