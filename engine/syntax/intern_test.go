package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// TestInterned: texts come back as they are, also those that all have the same hash, which
// are kept beyond the few places that they have.
func TestInterned(t *testing.T) {
	var table interned
	for round := range 3 {
		for i := range 20_000 {
			x := fmt.Sprintf("name%d", i%5000)
			got := table.of(strings.Clone(x), hashOf(x))
			if got != x {
				t.Fatalf("%s becomes %s", x, got)
			}
		}
		for i := range 2000 {
			x := fmt.Sprintf("same%d", i)
			if got := table.of(x, 7); got != x {
				t.Fatalf("%s becomes %s", x, got)
			}
		}
		if round > 0 && len(table.far) < 1000 {
			t.Errorf("%d texts are kept beyond their places", len(table.far))
		}
		table.reset()
		if round == 0 && (table.n != 0 || len(table.far) > 0) {
			t.Error("reset leaves something")
		}
	}
	if table.of("", 0) != "" {
		t.Error("the empty text")
	}
}

// TestParsersAreIndependent: a parser that is used again knows nothing of the text before,
// also after an error, and trees keep what they have.
func TestParsersAreIndependent(t *testing.T) {
	texts := []string{
		"fn f(x) { x + y }", "let a = 1; { let b = a; |c| b + c", "/// doc\nfn f() {}", "#{a: [1, \"t${x}\"", "import \"m\" as m; m::f(1)", "|a, b| a + b + c", "eval(\"x\"); y", "`a${1 + 2}b${", "f!(1)",
		"switch x { 1 => 2, _ => 3 }", "\"unterminated", "1 + ", "//! module\n1", "let x = 5; x += 1; x", strings.Repeat("x + ", 5000) + "1",
	}
	show := func(src string) string {
		f, err := Parse(src, &Options{Strict: true, Known: func(string) bool { return false }})
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(len(f.Funcs), f.Doc, f.HasClosure, f.Uses, len(f.Stmts))
	}
	var want []string
	for _, src := range texts {
		want = append(want, show(src))
	}
	for range 50 {
		for i, src := range texts {
			if got := show(src); got != want[i] {
				t.Fatalf("%.40s: %s, want %s", src, got, want[i])
			}
		}
	}
}
