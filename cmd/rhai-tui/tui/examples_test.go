package tui

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// exampleResults are the results of the examples, at every optimisation level.
var exampleResults = map[string]string{
	"pricing":   `["Ada: 396.26 (7 lines)", "Bo: 240.74 (6 lines)", "Cy: 299.65 (7 lines)", "Di: 403.94 (6 lines)", "Ed: 260.05 (6 lines)"]`,
	"fibonacci": `2584`,
	"report":    `804`,
	"records":   `#{"average": 5125, "cities": #{"Graz": ["Dan", "Hugo", "Lea", "Pia", "Tina", "Xena"], "Linz": ["Cleo", "Gwen", "Kim", "Otto", "Sven", "Will"], "Steyr": ["Bob", "Jon", "Rosa", "Vera", "Zoe"], "Wien": ["Ada", "Eva", "Max", "Ugo"]}, "oldest": "Ada"}`,
	"primes":    `303`,
	"events":    `[208, 6, 18]`,
	"words":     `["the: 11", "it: 10", "of: 10"]`,
	"engines":   `42`,
}

func TestExamples(t *testing.T) {
	for _, e := range loadExamples() {
		if e.About == "" || len(e.Vars) == 0 {
			t.Errorf("%s: about %q, %d variables", e.Name, e.About, len(e.Vars))
		}
		for _, level := range []engine.OptLevel{engine.OptimizeNone, engine.OptimizeSimple, engine.OptimizeFull} {
			eng := engine.New(packages.Standard()).SetOptimization(level)
			scope := engine.NewScope()
			for _, v := range e.Vars {
				val, err := value.ParseJSON(v.Value)
				if err != nil {
					t.Fatalf("%s: variable %s: %v", e.Name, v.Name, err)
				}
				scope.PushValue(v.Name, val)
			}
			got, err := eng.EvalScope(context.Background(), scope, e.Script)
			if err != nil {
				t.Errorf("%s: %v", e.Name, err)
			} else if text := value.Debug(got); text != exampleResults[e.Name] {
				t.Errorf("%s gives %s, want %s", e.Name, text, exampleResults[e.Name])
			}
		}
	}
}

// TestExampleNames checks that the list and the files agree.
func TestExampleNames(t *testing.T) {
	entries, err := os.ReadDir("examples")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, strings.TrimSuffix(e.Name(), ".rhai"))
	}
	if want := slices.Sorted(slices.Values(exampleNames)); !slices.Equal(files, want) {
		t.Errorf("files %v, names %v", files, want)
	}
	if exampleNames[0] != "pricing" {
		t.Errorf("the first example is %s", exampleNames[0])
	}
}

func TestExamplesCommand(t *testing.T) {
	got := do(t, "", "examples")
	if got.code != exitOK || strings.Count(got.out, "\n") != len(exampleNames) || !strings.HasPrefix(got.out, "example:pricing ") {
		t.Errorf("examples: %+v", got)
	}
	if got := do(t, "", "examples", "fibonacci"); got.code != exitOK || !strings.Contains(got.out, "fn fib(n)") {
		t.Errorf("examples fibonacci: %+v", got)
	}
	got = do(t, "", "examples", "--json")
	dec := json.NewDecoder(strings.NewReader(got.out))
	n := 0
	for ; dec.More(); n++ {
		var e example
		if err := dec.Decode(&e); err != nil || e.Name != exampleNames[n] || e.Script == "" {
			t.Fatalf("example %d: %+v, %v", n, e, err)
		}
	}
	if n != len(exampleNames) {
		t.Errorf("%d examples as JSON", n)
	}
}
