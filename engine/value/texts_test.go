package value

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestTexts makes short texts at random, of few and of many different ones: each is what
// was asked for, whatever was remembered, and stays so when another holder appends to it.
func TestTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	letters := "ab\x00é日"
	for _, span := range []int{2, 8, 16} {
		var texts Texts
		shared := 0
		seen := map[string]Value{}
		for i := range 60_000 {
			var b strings.Builder
			for n := 1 + r.IntN(span); b.Len() < n; {
				b.WriteByte(letters[r.IntN(len(letters))])
			}
			s := b.String()
			if len(s) > MaxShort {
				continue
			}
			cut := r.IntN(len(s) + 1)
			v := texts.Concat(s[:cut], s[cut:])
			if v.Str() != s {
				t.Fatalf("%q + %q is %q", s[:cut], s[cut:], v.Str())
			}
			if old, ok := seen[s]; ok && old.Same(v) {
				shared++
			}
			seen[s] = v
			if more := Append(v, "x"); more.Str() != s+"x" || v.Str() != s {
				t.Fatalf("%q and x are %q and %q", s, more.Str(), v.Str())
			}
			if i%20_000 == 19_999 {
				texts.Forget()
				for _, x := range texts.slots {
					if !x.IsUnit() {
						t.Fatal("a text is still remembered")
					}
				}
			}
		}
		if span == 2 && shared < 10_000 {
			t.Errorf("of 60000 texts of one or two bytes only %d were made before", shared)
		}
	}
}

// TestTextsAllocate: texts that repeat take no memory.
func TestTextsAllocate(t *testing.T) {
	var texts Texts
	words := strings.Fields("the quick brown fox jumps over the lazy dog")
	make := func() {
		for _, w := range words {
			texts.Concat(w[:1], w[1:])
		}
	}
	for range 100 {
		make()
	}
	if n := testing.AllocsPerRun(100, make); n != 0 {
		t.Errorf("words that repeat take %v allocations", n)
	}
}
