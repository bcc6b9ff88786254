package repl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

func newFullSession() *Session {
	return New(Options{Engine: engine.New(packages.Standard()), Modules: []*engine.Module{packages.Standard().SharedModule()}})
}

func texts(c assist.Completion) []string {
	var out []string
	for _, x := range c.List {
		out = append(out, x.Text)
	}
	return out
}

// TestCompletionByType checks that what is offered fits the type of the receiver,
// however it is known.
func TestCompletionByType(t *testing.T) {
	s := newFullSession()
	s.Eval(t.Context(), `let n = 5; let s = "text"; let arr = [#{price: 1.5, name: "a"}];
		let order = #{customer: "x", currency: "eur", lines: [1, 2]}; let f = |x| x; fn total(a) { a }
		fn array.second() { this[1] }`, nil)
	st := s.State()
	for _, c := range []struct {
		src   string
		first string // candidates that must come first
		not   string // those that must not be there
	}{
		{"n.so", "", "sort sort_by"},
		{"5.so", "", "sort"},
		{"arr.so", "some sort sort_by", ""},
		{"[1,2].ma", "map", "max_float"},
		{"[3].fi", "filter find", "is_finite"},
		{"s.to_up", "to_upper", ""},
		{"s.", "", "sort push keys"},
		{"\"abc\".le", "len", ""},
		{"`a${n}b`.sp", "split", ""},
		{"arr.pu", "push", ""},
		{"arr[0].", "name price", ""},
		{"arr.pop().pr", "price", ""},
		{"arr.filter(|x| x.", "name price", ""},
		{"arr.filter(|x| true)[0].na", "name", ""},
		{"for a in arr { a.", "name price", ""},
		{"for i in 0..n { i.so", "", "sort"},
		{"order.", "currency customer lines", ""},
		{"order.lines.so", "some sort", ""},
		{"order.cur", "currency", ""},
		{"order[\"cu", "customer currency", "lines"},
		{"order.customer.to_l", "to_lower", ""},
		{"order[\"lines\"].pu", "push", ""},
		{"s.to_upper().spl", "split", ""},
		{"s.split(\",\")[0].to_up", "to_upper", ""},
		{"(1 + 2).so", "", "sort"},
		{"(0..5).st", "start", ""},
		{"let local = [1]; local.sor", "sort", ""},
		{"let m = #{deep: #{inner: 1}}; m.deep.", "inner", ""},
		{"s.len().so", "", "sort"},
		{"s.len.so", "", "sort"},
		{"f.c", "call curry", ""},
		{"arr.sec", "second", ""},
		{"n.sec", "", "second"},
		{"tot", "total", ""},
		{"let nam", "", "name"},
		{"gb", "get_bit", ""},
		{":lo", "load", ""},
		{":type arr[0].", "name price", ""},
		{":limits he", "heap", ""},
		{":help sor", "sort", ""},
		{"if n > 1 { wh", "while", ""},
		{"unknown.sor", "sort", ""},
	} {
		got := texts(Complete(st, c.src, len(c.src)))
		want := strings.Fields(c.first)
		if len(got) < len(want) || !slices.Equal(slices.Sorted(slices.Values(got[:len(want)])), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: got %s, want first %s", c.src, got, want)
		}
		for _, x := range strings.Fields(c.not) {
			if slices.Contains(got, x) {
				t.Errorf("%s: %s is offered: %s", c.src, x, got)
			}
		}
	}
}

// TestCompletionOfModules checks members of modules and the names of scripts.
func TestCompletionOfModules(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	script := "/// Converts.\nfn convert(a) { a } private fn hidden() { 1 } export const RATE = 2; const OWN = 3;"
	for _, name := range []string{"money.rhai", "other.txt"} {
		if err := os.WriteFile(name, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("lib", 0o700); err != nil {
		t.Fatal(err)
	}
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.FileResolver(dir, engine.ResolverOptions{}))
	s := New(Options{Engine: eng})
	if r := s.Eval(t.Context(), `import "money" as money;`, nil); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	for _, c := range []struct{ src, want string }{
		{"money::", "convert RATE"},
		{"money::con", "convert"},
		{"mon", "money"},
		{"import \"", "money money lib/"},
		{"import \"lib/", ""},
		{":load m", "money.rhai"},
		{":load " + filepath.Join(dir, "o"), "other.txt"},
	} {
		got := strings.Join(texts(assist.Files(t.Context(), Complete(s.State(), c.src, len(c.src)))), " ")
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.src, got, c.want)
		}
	}
}

// TestCompletionRunsNoGetter completes behind a value whose getter must not be called.
func TestCompletionRunsNoGetter(t *testing.T) {
	type trap struct{ n int }
	m := engine.NewModule("traps")
	m.Getter("poison", func(*trap) int64 { panic("a getter was called") })
	eng := engine.New(packages.Standard())
	eng.RegisterGlobalModule(m)
	s := New(Options{Engine: eng, Modules: []*engine.Module{m}, Scope: engine.NewScope().Push("trap", &trap{1})})
	st := s.State()
	for _, src := range []string{"trap.", "trap.po", "trap.poison.", "[trap][0].poison.x", "let a = trap.poison; a."} {
		c := Complete(st, src, len(src))
		if src == "trap.po" && (len(c.List) != 1 || c.List[0].Text != "poison") {
			t.Errorf("%s: %v", src, c.List)
		}
	}
}

func TestMisspelt(t *testing.T) {
	s := newFullSession()
	s.Eval(t.Context(), "let total = 1; let table = #{alpha: 1}; fn tally(a) { total + a } fn twice(n) { n * 2 }", nil)
	for _, c := range []struct{ in, want string }{
		{"totla", "did you mean total?"},
		{"let width = 1; widht", "did you mean width?"},
		{"tally(1)", "functions cannot see the variables around them: pass total as a parameter, or use a closure"},
		{"twce(1)", "did you mean twice?"},
		{"[1].pusj(2)", "did you mean push?"},
		{"twice(1, 2)", "there is twice(n)"},
		{"5.alhpa", "did you mean alpha?"},
		{"qqqqqq", ""},
		{"let a = []; a.pad(1 << 40, 1)", ":limits shows the sizes that are allowed, and changes them"},
	} {
		r := s.Eval(t.Context(), c.in, nil)
		if r.Failure == nil {
			t.Errorf("%s: no failure", c.in)
			continue
		}
		if got := strings.Join(r.Failure.Hints, "; "); got != c.want {
			t.Errorf("%s: %s\n got %q\nwant %q", c.in, r.Failure.Message, got, c.want)
		}
	}
	if r := s.Run(t.Context(), ":histroy", nil); r.Error != "no command :histroy; did you mean :history?" {
		t.Error(r.Error)
	}
	if r := s.Run(t.Context(), ":lod x", nil); r.Error != "no command :lod; did you mean :load?" {
		t.Error(r.Error)
	}
}

func TestSignaturesByReceiver(t *testing.T) {
	s := newFullSession()
	st := s.State()
	for _, c := range []struct{ src, want string }{
		{"[1].pad(", "pad(array: array, len: int, item: any)"},
		{"\"a\".pad(3, ", "pad(text: string, len: int, character: char)"},
		{"[1].map(|x| x.pad(", "pad("},
		{"fn f() { ", ""},
	} {
		got := ""
		if list := Signatures(st, c.src, len(c.src)); len(list) > 0 {
			got = list[0].String()
		}
		if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: got %s, want %s", c.src, got, c.want)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, src := range []string{"a.b(|x| x.", "`a${b", "#{a: [1, {", "import \"", ":type a.", "for x in [1] { x.", "let a = a.a; a.", ")]}.x", "f(f(f(", "`${`${`", "|a|", "m[\"k"} {
		f.Add(src)
	}
	s := newFullSession()
	s.Eval(context.Background(), "let a = [1]; let m = #{k: 1}; fn f(x) { x }", nil)
	st := s.State()
	f.Fuzz(func(t *testing.T, src string) {
		for at := 0; at <= len(src); at += 1 + len(src)/8 {
			if c := Complete(st, src, at); c.Start < 0 || c.Start > at {
				t.Errorf("%q at %d: start %d", src, at, c.Start)
			}
			Signatures(st, src, at)
		}
		assist.Declared(src)
	})
}

// BenchmarkComplete completes among 10,000 variables, 500 functions and behind a long
// text.
func BenchmarkComplete(b *testing.B) {
	s := newFullSession()
	scope := engine.NewScope()
	for i := range 10_000 {
		scope.Push(fmt.Sprintf("variable_%d", i), []any{int64(i), map[string]any{"a": int64(1)}})
	}
	s.scope = scope
	st := s.State()
	src := strings.Repeat("let x = [1, 2].map(|y| y * 2); if x.len > 1 { print(x[0]); }\n", 300)
	for _, tail := range []string{"var", "variable_77.", "x.ma", "vb9"} {
		b.Run(tail, func(b *testing.B) {
			for b.Loop() {
				Complete(st, src+tail, len(src)+len(tail))
			}
		})
	}
	b.Run("state", func(b *testing.B) {
		for b.Loop() {
			s.State()
		}
	})
}
