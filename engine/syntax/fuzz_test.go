package syntax_test

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
)

// FuzzParse: no text makes the parser panic, and what it accepts can be printed
// and parsed again: the second print equals the first.
func FuzzParse(f *testing.F) {
	cases, err := scripttest.Read("../../testdata/conformance")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Script)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if _, err := syntax.ParseExpr(src, nil); err != nil {
			checkError(t, err)
		}
		file, err := syntax.Parse(src, nil)
		if err != nil {
			checkError(t, err)
			return
		}
		// Printing adds parentheses and braces: it may need more nesting.
		deep := &syntax.Options{MaxDepth: -1, MaxFnDepth: -1}
		once := syntax.Print(file)
		again, err := syntax.Parse(once, deep)
		if err != nil {
			t.Fatalf("printed text does not parse: %v\n--- source\n%s\n--- printed\n%s", err, src, once)
		}
		if twice := syntax.Print(again); twice != once {
			t.Fatalf("prints differ\n--- source\n%s\n--- first\n%s\n--- second\n%s", src, once, twice)
		}
	})
}

func checkError(t *testing.T, err error) {
	e, ok := err.(*syntax.Error)
	if !ok {
		t.Fatalf("error is a %T", err)
	}
	if e.Text == "" || e.Type == 0 {
		t.Fatalf("error without text or type: %+v", e)
	}
}
