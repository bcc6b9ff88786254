package syntax_test

import (
	"fmt"
	"hash/fnv"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// TestClosureNames pins what closures are called: by a hash of where they stand, of their
// parameters and of their text as it is printed.
func TestClosureNames(t *testing.T) {
	for src, text := range map[string]string{
		"|| 1":                        "1:1|1",
		"|a, b| a+b":                  "1:1|a,b,a + b",
		"  |x| { x.y(`${x}`) && -x }": "1:3|x,{\n\tx.y(`${x}`) && -x\n}",
	} {
		f, err := syntax.Parse(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		h := fnv.New64a()
		h.Write([]byte(text))
		got := f.Stmts[0].(*syntax.ExprStmt).X.(*syntax.Closure).Fn.Name.Name
		if want := fmt.Sprintf("anon$%016x", h.Sum64()); got != want {
			t.Errorf("%s is called %s, want %s", src, got, want)
		}
	}
}
