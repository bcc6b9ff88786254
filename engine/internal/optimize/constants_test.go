package optimize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/internal/optimize"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
)

// described is a tree with the places of all its nodes.
func described(f *syntax.File) string {
	var b strings.Builder
	b.WriteString(syntax.Print(f))
	add := func(n syntax.Node) bool {
		fmt.Fprintf(&b, "%T %v", n, n.Position())
		if s, ok := n.(syntax.Stmt); ok {
			fmt.Fprintf(&b, " %v", syntax.First(s))
		}
		if e, ok := n.(syntax.Expr); ok {
			fmt.Fprintf(&b, " %v", syntax.Start(e))
		}
		b.WriteByte('\n')
		return true
	}
	for _, s := range f.Stmts {
		syntax.Walk(s, add)
	}
	for _, d := range f.Funcs {
		syntax.Walk(d.Body, add)
	}
	return b.String()
}

// forget makes the tree one of which nothing is known.
func forget(f *syntax.File) {
	closures := func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Closure); ok {
			c.Fn.Uses = 0
		}
		return true
	}
	f.Uses = 0
	for _, s := range f.Stmts {
		syntax.Walk(s, closures)
	}
	for _, d := range f.Funcs {
		d.Uses = 0
		syntax.Walk(d.Body, closures)
	}
}

// TestConstantsAreKnown: functions that the parser finds no constants in are left out, and
// a walk over everything would have found nothing in them.
func TestConstantsAreKnown(t *testing.T) {
	scripts := []string{
		"fn f(x) { x + (1 + 2) }", "fn f(x) { return x; x + 1 }", "fn f() { loop { break; 1 } }", "fn f(x) { 1; x }",
		"fn f(x) { |y| y + (1 + 2) }", "fn f(x) { x.map(|y| |z| z + -(-1)).len() }", "fn f(x) { `${1}${x}` }", "fn f(x) { `a${\"b\"}${x}` }",
		"fn f(x) { [x, [1, 2]] }", "fn f(x) { #{ a: #{ b: 1 } } }", "fn f(x) { const A = 1; A + x }", "fn f(x) { const A = x; A + 1 }",
		"fn f(x) { if true { x } else { 1 } }", "fn f(x) { while false { x } }", "fn f(x) { do { x += 1 } while false }",
		"fn f(x) { true && x }", "fn f(x) { x && true }", "fn f(x) { 1 ?? x }", "fn f(x) { x == 1 && (true || x) }", "fn f(x) { !true }",
		"fn f(x) { switch x { 1 => { 2; x }, 2 if 1 == 1 => x, _ => 1 + 1 } }", "fn f(x) { try { throw 1; 2 } catch { 1 + 1 } }",
		"fn f(x) { x[1 + 1].y = 1 + 2; g(1 + 1); x.g(2 + 2) }", "fn f(x) { let y = { 1 + 1 }; y }", "fn f(x) { `${ {1; x} }` }",
		"fn f(x) { if x > 1 && y || z { 1 } }", "fn f(x) { for i in 0..10 { x += i } }", "fn f(x) { \"a\" in x }", "let a = 1 + 2; fn f() {}",
		"fn f(x) { return; fn g() {} }", "1; x", "return 1; x", "fn f(x) { throw x; }", "fn f() { () == () }", "fn f(x) { ({}) + 1 }",
	}
	cases, err := scripttest.Read("../../../testdata/conformance")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		scripts = append(scripts, c.Script)
	}
	for _, src := range scripts {
		known, err := syntax.Parse(src, nil)
		if err != nil {
			continue
		}
		all, _ := syntax.Parse(src, nil)
		forget(all)
		optimize.File(known, optimize.Options{})
		optimize.File(all, optimize.Options{})
		if a, b := described(known), described(all); a != b {
			t.Errorf("%s\nbecomes\n%s\nwant\n%s", src, a, b)
		}
	}
}

// TestFirstStays: statements that begin with a chain of && || or ?? begin where they began
// before, which is what debuggers know them by.
func TestFirstStays(t *testing.T) {
	for _, src := range []string{"x.y > 1 && x < 5", "true && x > 1 && y", "() ?? x.y ?? z"} {
		f, err := syntax.Parse(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		before := syntax.First(f.Stmts[0])
		optimize.File(f, optimize.Options{})
		if after := syntax.First(f.Stmts[0]); after != before {
			t.Errorf("%s begins at %v, before at %v", src, after, before)
		}
	}
}
