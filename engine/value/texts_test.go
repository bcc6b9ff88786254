package value

import (
	"math"
	"math/rand/v2"
	"strconv"
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
				for _, x := range texts.pairs {
					if !x[0].IsUnit() || !x[1].IsUnit() {
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

// TestTextsGrow: of more texts than a small table holds each one is found again, and a
// table that grew is small for the next run.
func TestTextsGrow(t *testing.T) {
	var texts Texts
	var names []string
	for i := range 200 {
		names = append(names, "key"+strconv.Itoa(i))
	}
	make := func() {
		for _, name := range names {
			if v := texts.Concat(name[:3], name[3:]); v.Str() != name {
				t.Fatalf("%q is %q", name, v.Str())
			}
		}
	}
	for range 100 {
		make()
	}
	if n := testing.AllocsPerRun(100, make); n > 40 {
		t.Errorf("200 texts that repeat take %v allocations", n)
	}
	if len(texts.used()) == 1<<textBits {
		t.Error("the table did not grow")
	}
	texts.Forget()
	make()
	if n := len(texts.used()); n != 1<<textBits {
		t.Errorf("%d pairs are in use at once", n)
	}
}

// TestField compares fields with what a search finds.
func TestField(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, sep := range []byte{' ', ',', 0, 1, 0x7f, 0x80, 0x81, 0xff} {
		var texts Texts
		texts.Expect()
		for range 20_000 {
			b := make([]byte, r.IntN(40))
			for i := range b {
				// Many bytes that differ from the separator by a bit or by a borrow.
				b[i] = sep + byte(r.IntN(5)) - 2
				if r.IntN(3) > 0 {
					b[i] = sep ^ 1<<r.IntN(8)
				}
			}
			s := string(b)
			v, n := texts.Field(s, sep)
			switch i := strings.IndexByte(s, sep); {
			case len(s) < 24 || i < 0 || i > MaxShort:
				if n >= 0 {
					t.Fatalf("%q has a field of %d bytes", s, n)
				}
			case n != i && texts.rest == 0:
				t.Fatalf("the field of %q in front of %q has %d bytes", s, sep, n)
			case n >= 0 && v.Str() != s[:i]:
				t.Fatalf("the field of %q in front of %q is %q", s, sep, v.Str())
			}
			texts.rest = 0
		}
	}
	var none *Texts
	if _, n := none.Field(strings.Repeat("a,", 20), ','); n >= 0 {
		t.Error("a field without texts")
	}
}

// TestPacked compares texts put together in registers with ordinary ones.
func TestPacked(t *testing.T) {
	bytes := "\x00a\xffz0\x01\x80é日本語xyz"
	unpacked := func(x packed) string {
		v := newShort(x)
		return v.Str()
	}
	for n := range 17 {
		a := bytes[:n]
		if got := pack(a); got.n > 0 && unpacked(got) != a || int(got.n) != n {
			t.Fatalf("%q is packed as %x", a, got)
		}
		for k := 0; k+n <= 16; k++ {
			b := bytes[16-k : 16]
			if got := pack(a).plus(pack(b)); got.n > 0 && unpacked(got) != a+b || int(got.n) != n+k {
				t.Fatalf("%q and %q are packed as %x", a, b, got)
			}
		}
	}
	for _, i := range []int64{0, 7, 9, 10, 11, 42, 99, 100, 101, 12345678, -1, -99, 1e15, 999999999999999, 1e16, -1e15, math.MaxInt64, math.MinInt64} {
		want := strconv.FormatInt(i, 10)
		if got := packInt(i); len(want) <= 16 && unpacked(got) != want || len(want) > 16 && got.n <= 16 {
			t.Errorf("%d is packed as %x", i, got)
		}
		v, err := Plus(freeMeter{}, String("k:"), i)
		if err != nil || v.Str() != "k:"+want {
			t.Errorf(`"k:" and %d are %q, %v`, i, v.Str(), err)
		}
	}
}

// freeMeter watches nothing, and remembers no texts.
type freeMeter struct{}

func (freeMeter) Work(int) error   { return nil }
func (freeMeter) Charge(int) error { return nil }
