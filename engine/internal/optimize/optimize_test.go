package optimize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/internal/optimize"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// optimized returns the source text of what is left of a script.
func optimized(t *testing.T, src string, o optimize.Options) string {
	t.Helper()
	f, err := syntax.Parse(src, nil)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	optimize.File(f, o)
	return strings.Join(strings.Fields(syntax.Print(f)), " ")
}

// TestFile has what is left of scripts.
func TestFile(t *testing.T) {
	o := optimize.Options{
		Const: func(name string) (value.Value, bool) { return value.Int(7), name == "SEVEN" },
		Call: func(name string, args []value.Value) (value.Value, bool) {
			if name == "twice" && len(args) == 1 && args[0].IsInt() {
				return value.Int(2 * args[0].Int()), true
			}
			return value.Unit, false
		},
	}
	for src, want := range map[string]string{
		`1 + 2 * 3`:                             `7`,
		`x + (2 * 3)`:                           `x + 6`,
		`x + 1 + 2`:                             `x + 1 + 2`,
		`1 / 0`:                                 `1 / 0`,
		`9223372036854775807 + 1`:               `9223372036854775807 + 1`,
		`"a" + "b" + 1`:                         `"ab" + 1`,
		`const A = 2; const B = A * 3; B + x`:   `const A = 2; const B = 6; 6 + x`,
		`let a = 2; a + 1`:                      `let a = 2; a + 1`,
		`if true { f() } else { g() }`:          `{ f() }`,
		`if false { f() }`:                      `()`,
		`if x { f() } else { g() }`:             `if x { f() } else { g() }`,
		`while false { f() } 1`:                 `1`,
		`true && x`:                             `true && x`,
		`false && f()`:                          `false`,
		`x && false`:                            `x && false`,
		`x || true`:                             `x || true`,
		`SEVEN + 1`:                             `8`,
		`let SEVEN = x; SEVEN + 1`:              `let SEVEN = x; SEVEN + 1`,
		`twice(21)`:                             `42`,
		`twice(x)`:                              `twice(x)`,
		`fn twice(x) { x } twice(21)`:           `fn twice(x) { x } twice(21)`,
		`fn f(A) { A + 1 } const A = 2; A`:      `fn f(A) { A + 1 } const A = 2; 2`,
		`const A = 2; eval("let A = 5"); A + 1`: `const A = 2; eval("let A = 5"); A + 1`,
		`const A = 2; let f = |A| A + 1; f.call(A)`: `const A = 2; let f = |A| A + 1; f.call(2)`,
		`{ const A = 1; f(A) } A`:                   `{ const A = 1; f(1) } A`,
		`switch 2 { 1 => f(), 2 => g(), _ => h() }`: `switch 2 { 1 => f(), 2 => g(), _ => h(), }`,
		`switch x { 1 => 2 + 3, _ => h() }`:         `switch x { 1 => 5, _ => h(), }`,
		`[1, 2 + 3, x]`:                             `[1, 5, x]`,
		`#{a: 1 + 1}.a`:                             `#{"a": 2}.a`,
		`[1, 2, 3][1]`:                              `[1, 2, 3][1]`,
		`[f(), 2][1]`:                               `[f(), 2][1]`,
		"`a${1 + 1}b`":                              `"a2b"`,
		"`a${x}b`":                                  "`a${x}b`",
		`"abc"[1]`:                                  `"abc"[1]`,
		`!true`:                                     `false`,
		`-(3)`:                                      `-3`,
		`1; 2; f(); 3`:                              `f(); 3`,
		`do { f() } while false`:                    `do { f() } while false`,
		`const A = [1, 2]; A[0]`:                    `const A = [1, 2]; A[0]`,
		`let x = 1; x = 2 + 3; x += 4 * 5`:          `let x = 1; x = 5; x += 20`,
		`() ?? 5`:                                   `5`,
		`x ?? 5`:                                    `x ?? 5`,
		`1 == 1 && x`:                               `true && x`,
		`"a" in "abc"`:                              `"a" in "abc"`,
		`3 in 1..5`:                                 `3 in 1 .. 5`,
		`return 1 + 1; f()`:                         `return 2`,
		`throw 1 + 1`:                               `throw 2`,
		`try { 1 + 1 } catch { f() }`:               `try { 2 } catch { f() }`,
		`type_of(1)`:                                `type_of(1)`,
		`while true { f(); break; }`:                `while true { f(); break }`,
	} {
		if got := optimized(t, src, o); got != want {
			t.Errorf("%s\n leaves %s\n  want %s", src, got, want)
		}
	}
}

// literal returns the value that a script consists of, if it is a literal.
func literal(f *syntax.File) (value.Value, bool) {
	if len(f.Stmts) != 1 {
		return value.Unit, false
	}
	if x, ok := f.Stmts[0].(*syntax.ExprStmt); ok {
		if l, ok := x.X.(*syntax.Literal); ok {
			return l.Val, true
		}
	}
	return value.Unit, false
}

// TestFoldingIsTheOperator folds every operator between literals of every kind: a result
// is that of the operator, and what fails or is no builtin operator is left to the run.
func TestFoldingIsTheOperator(t *testing.T) {
	texts := []string{
		"()", "true", "false", "0", "1", "-1", "2", "63", "64", "9223372036854775807", "(-9223372036854775807 - 1)",
		"0.0", "1.5", "-2.5", "1e300", "'a'", "'é'", `""`, `"a"`, `"aba"`,
	}
	parse := func(src string) *syntax.File {
		f, err := syntax.Parse(src, nil)
		if err != nil {
			return nil
		}
		optimize.File(f, optimize.Options{})
		return f
	}
	folded, left := 0, 0
	for op := syntax.Plus; op <= syntax.RangeIncl; op++ {
		for _, a := range texts {
			for _, b := range texts {
				src := a + " " + op.String() + " " + b
				f := parse(src)
				if f == nil {
					continue
				}
				x, _ := literal(parse(a))
				y, _ := literal(parse(b))
				var want value.Value
				ok, fault := ops.Binary(op, &x, &y, &want)
				got, isLit := literal(f)
				switch {
				case !isLit:
					left++
				case !ok || fault != nil:
					t.Errorf("%s is folded to %s, and fails: %v", src, value.Debug(got), fault)
				case got.TypeName() != want.TypeName() || value.Debug(got) != value.Debug(want):
					t.Errorf("%s is folded to %s, want %s", src, value.Debug(got), value.Debug(want))
				default:
					folded++
				}
			}
		}
	}
	if folded < 1000 || left < 1000 {
		t.Errorf("%d were folded, %d left", folded, left)
	}
}

// TestFoldedTextIsBounded: constants that double do not take the memory that the limits
// on strings are about, and a limit that is smaller is kept to.
func TestFoldedTextIsBounded(t *testing.T) {
	src := `const S0 = "0123456789";`
	for i := range 40 {
		src += fmt.Sprintf(" const S%d = S%d + S%d;", i+1, i, i)
	}
	src += " S40"
	if n := len(optimized(t, src, optimize.Options{})); n > 1<<20 {
		t.Errorf("%d bytes are left of %d", n, len(src))
	}
	for most, want := range map[int]string{0: `"abcdef"`, 6: `"abcdef"`, 5: `"abc" + "def"`} {
		if got := optimized(t, `"abc" + "def"`, optimize.Options{MaxString: most}); got != want {
			t.Errorf("%d bytes allowed: %s, want %s", most, got, want)
		}
	}
}
