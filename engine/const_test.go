package engine_test

import (
	"context"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestConstantsOfScope checks what scripts can and cannot do with constants of the
// host, which stand in registers like variables where a program only reads them.
func TestConstantsOfScope(t *testing.T) {
	const fns = "fn inc() { this += 1; }\nfn grow(a) { a.push(9); a }\nfn first() { this[0] }\n"
	for _, c := range []struct{ script, want string }{
		{"N + 1 + N * 2", "16"},
		{"let s = 0; for i in 0..4 { s += N; if i > N { s = 0; } s -= N % 2; } s", "16"},
		{"if N == 5 && F > 1.0 { S } else { () }", `"text"`},
		{"switch N { 5 => S.len(), _ => 0 }", "4"},
		{"A[1] + A.len() + M.k + M[S]", "13"},
		{"let b = A; b.push(4); b[0] = 7; b.len() + A.len() + A[0]", "8"},
		{"let b = M; b.k = 70; b.k + M.k", "71"},
		{"let t = []; for i in 0..2 { t.push(A.len()); t.push(max(N, i)); t.push(S.sub_string(1)); } t", `[3, 5, "ext", 3, 5, "ext"]`},
		{"grow(A).len() + A.len()", "7"},
		{"A.first() + A.map(|x| x * N).reduce(|a, b| a + b, 0)", "31"},
		{"let f = || N + 1; f.call() + N", "11"},
		{"[type_of(N), is_shared(N), N.type_of()]", `["i64", false, "i64"]`},
		{"N = 6", "Cannot modify constant N (line 4, position 1)"},
		{"N += 1", "Cannot modify constant N (line 4, position 1)"},
		{"print(N); A[0] = 1", "Cannot modify constant A (line 4, position 11)"},
		{"M.k = 2", "Cannot modify constant M (line 4, position 1)"},
		{"A.push(1)", "Non-pure method 'push' cannot be called on constant (line 4, position 3)"},
		{"let b = [1]; for i in 0..2 { b.push(i); } A.push(1)", "Non-pure method 'push' cannot be called on constant (line 4, position 45)"},
		{"for x in [[1], A] { x.push(1); } A.len()", "3"},
		{"M.a.push(1)", "Non-pure method 'push' cannot be called on constant (line 4, position 5)"},
		{"push(A, 1); A.len()", "3"},
		{"N.inc(); N", "Cannot modify constant  (line 1, position 12)\nin call to function 'inc' (line 4, position 3)"},
		{"A.for_each(|| this += 1)", "Non-pure method 'for_each' cannot be called on constant (line 4, position 3)"},
		{"A.map(|| { this += 1; this })", "Cannot modify constant "},
		{"let x = 1; x.inc(); x + N", "7"},
		{"eval(`N + 1`) + N", "11"},
		{"eval(`N = 1`)", "Cannot modify constant N"},
		{"N.call(|x| this + x, 1)", "6"},
		{"G.call(2) + call(G, 3)", "5"},
	} {
		for name, level := range levels {
			eng := engine.New(packages.Standard()).SetOptimization(level)
			ast, err := eng.Compile(fns + c.script)
			if err != nil {
				t.Fatalf("%s: %v", c.script, err)
			}
			g, err := eng.Eval(t.Context(), "|x| x")
			if err != nil {
				t.Fatal(err)
			}
			for run := range 3 {
				scope := engine.NewScope()
				scope.PushConst("N", 5).PushConst("F", 1.5).PushConst("S", "text").PushConst("G", g)
				scope.PushConst("A", []int{1, 2, 3}).PushConst("M", map[string]any{"k": 1, "text": 7, "a": []int{1}})
				v, err := eng.Run(context.Background(), scope, ast)
				got := value.Debug(v)
				if err != nil {
					got = err.Error()
				}
				if len(c.want) <= len(got) && got[:len(c.want)] == c.want {
					got = c.want // positions of functions move with the script
				}
				if got != c.want {
					t.Errorf("%s at %s, run %d: %s, want %s", c.script, name, run, got, c.want)
				}
				for n, want := range map[string]string{"N": "5", "A": "[1, 2, 3]", "S": `"text"`, "M": `#{"a": [1], "k": 1, "text": 7}`} {
					if x, _ := scope.Get(n); value.Debug(x) != want {
						t.Fatalf("%s at %s leaves %s = %s", c.script, name, n, value.Debug(x))
					}
				}
			}
		}
	}
}

// TestConstantsAndCalls checks that a function called after the body is not taken
// for the body: its parameters are no constants.
func TestConstantsAndCalls(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.Compile("let b = A.len() + N; fn grow(a, n) { a.push(n); n += 1; a.push(n); a }")
	if err != nil {
		t.Fatal(err)
	}
	scope := engine.NewScope().PushConst("A", []int{1}).PushConst("N", 2)
	for range 3 {
		v, err := eng.CallFunc(t.Context(), scope, ast, "grow", []int{7}, 8)
		if err != nil || value.Debug(v) != "[7, 8, 9]" {
			t.Errorf("%v, %v", v, err)
		}
	}
}
