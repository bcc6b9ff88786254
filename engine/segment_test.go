package engine_test

import "testing"

// TestCallsAtTheEndOfASegment checks that calls which no longer fit the current
// part of the stack reuse the next one.
func TestCallsAtTheEndOfASegment(t *testing.T) {
	eng := newStandard()
	ast, err := eng.Compile(`
		fn leaf(v) { v + 1 }
		fn down(n) {
			let a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
			let s = 0;
			if n > 0 { s += down(n - 1); }
			for i in 0..20 { s += leaf(i); s += a.reduce(|x, y| x + leaf(y), 0); }
			s
		}
		down(60)`)
	if err != nil {
		t.Fatal(err)
	}
	// 61 levels with 1,464 calls each would take a segment per call otherwise.
	pinned(t, "a deep recursion with calls in loops", 3000, func() error {
		_, err := eng.Run(t.Context(), nil, ast)
		return err
	})
}
