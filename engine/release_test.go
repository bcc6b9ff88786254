package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestRunsLeaveNothing checks after every golden case that what the run used was
// cleared, whichever way it ended.
func TestRunsLeaveNothing(t *testing.T) {
	for _, dir := range []string{casesDir, regressionDir} {
		cases, err := scripttest.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			runCase(c, engine.OptimizeSimple)
			if left := engine.Leftovers(); len(left) > 0 {
				t.Fatalf("%s:%d %s leaves %v\n%s", c.File, c.Line, c.Name, left, c.Script)
			}
		}
	}
}

// TestScopeByName checks what evaluated text does to the caller's scope, which
// the run looks at through a copy.
func TestScopeByName(t *testing.T) {
	eng := engine.New(packages.Standard())
	scope := engine.NewScope()
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		scope.Push(name, int64(1))
	}
	ast, err := eng.Compile(`let name = "f"; eval(name + " += 41; let g = a + f;"); e = 5; eval("b = 7"); f`)
	if err != nil {
		t.Fatal(err)
	}
	v, err := eng.Run(context.Background(), scope, ast)
	if err != nil || v.String() != "42" {
		t.Fatalf("%v, %v", v, err)
	}
	for name, want := range map[string]string{"a": "1", "b": "7", "e": "5", "f": "42", "g": "43", "name": "f"} {
		if got, ok := scope.Get(name); !ok || got.String() != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}
}
