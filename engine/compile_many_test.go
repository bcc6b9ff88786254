package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestManyLabelsAndNames compiles what the compiler looks up in another way once there is
// much of it: labels of a switch that stand twice, variables that are used last, and
// functions.
func TestManyLabelsAndNames(t *testing.T) {
	eng := engine.New(packages.Standard())
	for _, n := range []int{1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 100} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "fn f%d(a) { a.push(%d); a }\n", i, i)
		}
		b.WriteString("fn pick(x, late) { switch x {\n")
		for i := range n {
			fmt.Fprintf(&b, "%d if !late => %d,\n", i, i)
		}
		for i := range n {
			fmt.Fprintf(&b, "%d => %d,\n", i, 1000+i)
		}
		b.WriteString("_ => -1 } }\nfn all() { let sum = 0;\n")
		for i := range n {
			fmt.Fprintf(&b, "let v%d = [%d];\n", i, i)
		}
		for i := range n {
			// The first use shares the value, the last one may take it along.
			fmt.Fprintf(&b, "let w%d = f%d(v%d); w%d.push(1); sum += w%d.len() * 10 + v%d.len();\n", i, i, i, i, i, i)
		}
		b.WriteString("sum }\nlet sum = 0;\n")
		fmt.Fprintf(&b, "for i in 0..%d { sum += pick(i, false) + pick(i, true); }\n[sum, pick(%d, true), all()]", n, n)
		got, err := eng.Eval(context.Background(), b.String())
		if err != nil {
			t.Fatal(n, err)
		}
		want := fmt.Sprintf("[%d, -1, %d]", n*(n-1)+1000*n, 31*n)
		if fmt.Sprint(got) != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

// TestProgramsAreIndependent: what a program takes does not depend on those that were
// compiled before it, of which the compiler's room is used again.
func TestProgramsAreIndependent(t *testing.T) {
	eng := engine.New(packages.Standard())
	charged := func() int64 {
		ast, err := eng.Compile(`fn f(n) { #{a: n} } for i in 0..10 { f(i); }`)
		if err != nil {
			t.Fatal(err)
		}
		_, stats, err := eng.RunStats(t.Context(), nil, ast)
		if err != nil {
			t.Fatal(err)
		}
		return int64(stats.Allocated)
	}
	before := charged()
	for range 20 {
		if _, err := eng.Compile(`let m = #{a: 1}; m.b = 1; m.c = 2; m.d.e = 3; m`); err != nil {
			t.Fatal(err)
		}
	}
	if after := charged(); after != before {
		t.Errorf("a script is charged %d bytes, and %d after others were compiled", before, after)
	}
}

// TestProgramsStay: a program is not changed by those that are compiled after it, which get
// the room of its tree.
func TestProgramsStay(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	eng := engine.New(packages.Standard())
	var asts []*engine.AST
	var listings []string
	for i, c := range cases {
		ast, err := eng.Compile(c.Script)
		if err == nil && i%5 == 0 {
			asts, listings = append(asts, ast), append(listings, listingOf(ast))
		}
	}
	for i, ast := range asts {
		if got := listingOf(ast); got != listings[i] {
			t.Errorf("%s\nbecame\n%s\nit was\n%s", ast.Text(), got, listings[i])
		}
	}
}

// listingOf is all that an AST tells about its program.
func listingOf(ast *engine.AST) string {
	return fmt.Sprint(ast.Disassemble(), ast.Functions(), ast.Doc(), ast.Lines())
}
