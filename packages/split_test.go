package packages_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestSplitRandom splits texts of few and of many different fields, short and long ones,
// and compares with the standard library of Go.
func TestSplitRandom(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("text.split(sep, n)")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		sep := []string{" ", ",", ",,", "é", "\x00"}[r.IntN(5)]
		longest, kinds := 1+r.IntN(40), 1+r.IntN(1000)
		var b strings.Builder
		for range r.IntN(1 + r.IntN(300)) {
			switch field := fmt.Sprint(r.IntN(kinds)); r.IntN(5) {
			case 0:
				b.WriteString(strings.Repeat(field, r.IntN(longest)))
			case 1:
			default:
				b.WriteString(field)
			}
			if r.IntN(9) > 0 {
				b.WriteString(sep)
			}
		}
		n := []int{1, 2, 30, 100, 1 << 40}[r.IntN(5)]
		scope := engine.NewScope().Push("text", b.String()).Push("sep", sep).Push("n", n)
		want := strings.SplitN(b.String(), sep, min(n, 1<<30))
		fields, err := engine.As[[]string](eng.Run(t.Context(), scope, ast))
		if err != nil || !slices.Equal(fields, want) {
			t.Fatalf("%q split by %q into %d is %q, %v", b.String(), sep, n, fields, err)
		}
	}
}
