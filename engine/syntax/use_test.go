package syntax_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
)

// printed is what syntax.Use hands out, as text.
func printed(src string, expr bool) (text string) {
	syntax.Use(src, nil, expr, func(f *syntax.File, err error) {
		if err != nil {
			text = err.Error()
			return
		}
		text = syntax.Print(f)
	})
	return text
}

// TestUse: the trees that Use hands out are those of Parse, whatever was parsed before, and
// those of Parse stay as they are.
func TestUse(t *testing.T) {
	cases, err := scripttest.Read("../../testdata/conformance")
	if err != nil {
		t.Fatal(err)
	}
	var trees []*syntax.File
	var texts []string
	for i, c := range cases {
		want := ""
		f, err := syntax.Parse(c.Script, nil)
		if err != nil {
			want = err.Error()
		} else {
			want = syntax.Print(f)
			if i%3 == 0 {
				trees, texts = append(trees, f), append(texts, want)
			}
		}
		if got := printed(c.Script, false); got != want {
			t.Fatalf("%s:%d\n%s\nis\n%s\nwant\n%s", c.File, c.Line, c.Script, got, want)
		}
	}
	for i, f := range trees {
		if got := syntax.Print(f); got != texts[i] {
			t.Errorf("a tree became\n%s\nit was\n%s", got, texts[i])
		}
	}
	if got := printed("1 + x;", true); !strings.Contains(got, "Unexpected ';'") {
		t.Errorf("a statement as an expression gives %s", got)
	}
	if got := strings.TrimSpace(printed("1 + x", true)); got != "1 + x" {
		t.Errorf("an expression gives %s", got)
	}
}

// TestUseOfMany: long texts between short ones.
func TestUseOfMany(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "fn f%d(x) { let a = [x, %d, #{k: x.y[%d]}]; if a.len() > 1 { throw -x } |y| y + `${x}!` }\n", i, i, i)
	}
	long := b.String()
	want, short := printed(long, false), printed("x + y.z(1)", false)
	for range 5 {
		if printed(long, false) != want || printed("x + y.z(1)", false) != short {
			t.Fatal("a tree depends on those before it")
		}
		if _, err := syntax.Parse("let kept = [1, x]; kept.len()", nil); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUseForgets: nothing of a text stays in the room that serves others.
func TestUseForgets(t *testing.T) {
	const size = 1 << 20
	heap := func() int {
		var m runtime.MemStats
		runtime.GC() // a pool keeps what it has over one collection
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	for _, end := range []string{"", ") error", "fn", "`${", "\"", "x.y(1, 2", "#{a: [1", "switch x { 1 => y"} {
		before := heap()
		src := "fn name(par) { let abc = par.prop + `x${[par]}`; |y| abc.meth(y, \"text\") } switch x { \"k\" => 1 } call(#{key: 1});" +
			strings.Repeat(" ", size) + end
		syntax.Use(src, nil, false, func(*syntax.File, error) {})
		src = ""
		if more := heap() - before; more > size/2 {
			t.Errorf("after a text that ends in %q %d bytes are kept", end, more)
		}
	}
}
