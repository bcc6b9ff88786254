package engine_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// randomText makes a random text, of ASCII alone, with other characters here and there, or of
// others alone.
func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	rare := []int{0, 1, 50, 400}[r.IntN(4)] // 0: never
	from := r.IntN(n + 1)
	for i := range n {
		switch {
		case rare > 0 && i >= from && r.IntN(rare) == 0:
			b.WriteString([]string{"ü", "日", "\U0001F600", "ß"}[r.IntN(4)])
		default:
			b.WriteByte(byte('a' + r.IntN(26)))
		}
	}
	return b.String()
}

// TestCharsOfTexts reads characters of random texts at random places, in walks and in
// turns, while the texts grow, shrink and are replaced, and compares them with what Go
// finds.
func TestCharsOfTexts(t *testing.T) {
	const script = `
		fn read(texts, at) {
			let out = [];
			for p in at {
				if p.len == 2 { out.push(texts[p[0]][p[1]]); continue; }
				let s = texts[p[0]];
				if p[2] == 0 { s += p[1]; texts[p[0]] = s; }
				else if p[2] == 1 { texts[p[0]] = s.sub_string(0, p[1]); }
				else { texts[p[0]] += s.sub_string(p[1], 100); }
			}
			out
		}
		read(texts, at)`
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: engine.Unlimited, ArraySize: engine.Unlimited})
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		texts, model := make([]any, 1+r.IntN(7)), [][]rune{}
		for i := range texts {
			s := randomText(r, r.IntN([]int{8, 100, 600, 2000}[r.IntN(4)])+1)
			texts[i], model = s, append(model, []rune(s))
		}
		var at []any
		var want []rune
		place := make([]int, len(texts))
		for range 3000 {
			k := r.IntN(len(texts))
			n := len(model[k])
			switch x := r.IntN(200); {
			case x == 0:
				s := randomText(r, 1+r.IntN(40))
				at, model[k] = append(at, []any{k, s, 0}), append(model[k][:n:n], []rune(s)...)
				continue
			case x == 1 && n > 20:
				end := 10 + r.IntN(n-10)
				at, model[k] = append(at, []any{k, end, 1}), model[k][:end:end]
				continue
			case x == 2:
				from := r.IntN(n)
				at, model[k] = append(at, []any{k, from, 2}), append(model[k][:n:n], model[k][from:min(n, from+100)]...)
				continue
			case x < 10:
				place[k] = r.IntN(n)
			case x < 150:
				place[k] = (place[k] + 1) % n
			default:
				place[k] = (place[k] + n - 1 - r.IntN(2)) % n
			}
			i := min(place[k]%n, n-1)
			want = append(want, model[k][max(i, 0)])
			if i = max(i, 0); r.IntN(5) == 0 {
				i -= n
			}
			at = append(at, []any{k, i})
		}
		scope := engine.NewScope()
		scope.Push("texts", texts)
		scope.Push("at", at)
		got, err := engine.As[[]rune](eng.EvalScope(t.Context(), scope, script))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("seed %d: character %d is %q, want %q", seed, i, got[i], want[i])
			}
		}
	}
}

// TestCharsOfTextsCount: the operations that the characters of long texts take are counted
// once, and again for a text that was forgotten meanwhile.
func TestCharsOfTextsCount(t *testing.T) {
	eng := engine.New(packages.Standard())
	count := func(script string) int {
		t.Helper()
		ast, err := eng.Compile(script)
		if err != nil {
			t.Fatal(err)
		}
		_, stats, err := eng.RunStats(t.Context(), nil, ast)
		if err != nil {
			t.Fatal(err)
		}
		return int(stats.Operations)
	}
	const (
		half = `let s = ""; for i in 0..64 { s += "01234567"; } let n = 0; for i in 0..512 { s[i]; } `
		scan = `fn scan(s) { let n = 0; for i in 0..s.len { if s[i] == 'c' { n += 1; } } n } `
		six  = `let t = []; for k in 0..6 { t.push("" + k); for i in 0..200 { t[k] += part; } } `
	)
	for _, c := range []struct {
		part, script string
		want         int
	}{
		{"abcdefghij", scan + six + `scan(t[0])`, 24314},
		{"abcdefghiü", scan + six + `scan(t[0])`, 24433},
		{"abcdefghij", scan + six + `scan(t[0]); scan(t[0])`, 42339},
		{"abcdefghij", scan + six + `for x in t { scan(x); } for x in t { scan(x); }`, 222901},
		{"abcdefghiü", scan + six + `for x in t { scan(x); } for x in t { scan(x); }`, 223054},
		{"abcdefghij", six + `for k in 0..6 { for x in t { x[k * 300 + 400]; } }`, 7233},
		{"abcdefghij", six + `for k in 0..6 { for x in t { x[-k * 300 - 400]; x[-1]; } }`, 7938},
		{"abcdefghij", six + `for k in 0..2000 { t[k % 6][k]; t[k % 2].sub_string(k, 3); }`, 76984},
		{"", half, 2700},
		{"", half + `s[-300];`, 2713},
		{"", half + `s.len;`, 2713},
		{"", half + `s.len(); s.len; s[-1]; s[-512]`, 2728},
	} {
		if got := count("let part = \"" + c.part + "\"; " + c.script); got != c.want {
			t.Errorf("%s, %s: %d operations, want %d", c.part, c.script, got, c.want)
		}
	}
}
