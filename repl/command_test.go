package repl

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

func scriptSession(t *testing.T) (s *Session, dir string) {
	t.Helper()
	dir = t.TempDir()
	std := packages.Standard()
	s = New(Options{
		Engine: engine.New(std), Modules: []*engine.Module{std.SharedModule()}, Packages: packages.All(),
		About: []string{"version: test"},
		Resolver: func(script string) engine.Resolver {
			return engine.FileResolver(filepath.Dir(script), engine.ResolverOptions{Unrooted: true})
		},
	})
	return s, dir
}

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

type step2 struct{ in, want string }

func converse(t *testing.T, s *Session, list []step2) {
	t.Helper()
	for _, c := range list {
		got := answer(s.Run(t.Context(), c.in, nil))
		if ok, err := regexp.MatchString("(?s)^(?:"+c.want+")", got); err != nil || !ok {
			t.Errorf("%s\n got %s\nwant %s %v", c.in, got, c.want, err)
		}
	}
}

// TestTableOfCommands: every command says what it does, has a function, and is found by
// its name and its other names.
func TestTableOfCommands(t *testing.T) {
	names := map[string]bool{}
	for i := range commands {
		c := &commands[i]
		if c.help == "" || c.group == "" || c.run == nil {
			t.Errorf(":%s has no help, group or function", c.name)
		}
		for _, n := range append([]string{c.name}, c.aliases...) {
			if names[n] {
				t.Errorf(":%s is there twice", n)
			}
			names[n] = true
			if find(n) != c {
				t.Errorf(":%s does not find its command", n)
			}
		}
		if (c.kind != "") && c.arg == "" {
			t.Errorf(":%s completes an argument that it does not take", c.name)
		}
		s, _ := scriptSession(t)
		if got := answer(s.Run(t.Context(), ":help :"+c.name, nil)); !strings.Contains(got, c.help) {
			t.Errorf(":help :%s gives %s", c.name, got)
		}
	}
	for _, want := range strings.Fields(`help type doc vars fns ast code time bench compare profile load save run edit history undo
		diff fork set const engine strict opt limits packages reset report quit scope functions json astu optimize keys exit`) {
		if !names[want] {
			t.Errorf("there is no :%s", want)
		}
	}
}

func TestScriptOfSession(t *testing.T) {
	s, dir := scriptSession(t)
	put(t, dir, "tax.rhai", "fn vat(x) { x / 5 }")
	path := put(t, dir, "prices.rhai", "import \"tax\" as tax;\nlet base = 100;\nfn price(n) { n * 2 + tax::vat(n) }\nfn old() { 1 }\nprint(\"hi\");")
	converse(t, s, []step2{
		{":reload", "error: the session has no script"},
		{"let mine = 7;", ": "},
		{":load " + path, "loaded .*: 2 functions"},
		{"price(base) + mine", "227: i64"},
		{"let later = price(10);", ": "},
		{":run", "ran .*prices.rhai in"},
	})
	if st := s.State().Script; st.Path != path || st.Changed() {
		t.Errorf("script is %+v, changed %v", st, st.Changed())
	}
	if a := s.Run(t.Context(), ":edit", nil).Ask; a.Kind != AskEdit || a.Path != path || a.Input != ":reload" {
		t.Errorf(":edit asks %+v", a)
	}
	put(t, dir, "tax.rhai", "fn vat(x) { x / 2 }")
	put(t, dir, "prices.rhai", "import \"tax\" as tax;\nlet base = 1000;\nfn price(n) { n + tax::vat(n) }")
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if !s.State().Script.Changed() {
		t.Error("the change is not noticed")
	}
	converse(t, s, []step2{
		{":reload", "loaded .* again: 1 function"},
		{"price(base) + mine + later", "1529: i64"},
		{"old()", "error: Function not found: old"},
		{":save " + filepath.Join(dir, "out.rhai"), "saved "},
	})
	out, _ := os.ReadFile(filepath.Join(dir, "out.rhai"))
	if n := strings.Count(string(out), "let base"); n != 1 {
		t.Errorf("the script is saved %d times:\n%s", n, out)
	}
	// A script that fails leaves what there was, and stays the script of the session.
	put(t, dir, "prices.rhai", "let base = 5;\nnope(1);")
	converse(t, s, []step2{
		{":reload", "error: Function not found: nope"},
		{"price(base)", "1500: i64"},
		{":run", `error: Function not found: nope \(i64\) \(.*prices.rhai, line 2, col 1\)\n 2 \| nope\(1\);`},
		{":undo", "took back"},
	})
	if st := s.State().Script; st.Changed() {
		t.Error("a script that failed counts as changed")
	}
}

// TestSave: a file that is there is written over only after a question.
func TestSave(t *testing.T) {
	s, dir := scriptSession(t)
	t.Setenv("HOME", dir)
	s.Run(t.Context(), "let a = 1;", nil)
	put(t, dir, "a.rhai", "precious")
	r := s.Run(t.Context(), ":save ~/a.rhai", nil)
	if r.Ask.Kind != AskConfirm || r.Error == "" || r.Ask.Input != ":save ~/a.rhai !" {
		t.Errorf("got %+v", r)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "a.rhai")); string(got) != "precious" {
		t.Errorf("the file is %q", got)
	}
	s.Run(t.Context(), r.Ask.Input, nil)
	if got, _ := os.ReadFile(filepath.Join(dir, "a.rhai")); string(got) != "let a = 1;\n" {
		t.Errorf("the file is %q", got)
	}
}

func TestSettingsOfSession(t *testing.T) {
	s, dir := scriptSession(t)
	converse(t, s, []step2{
		{":engine", "global: "},
		{"let f = |x| x + 1; fn g(x) { x * 2 }", ": "},
		{":engine raw", "raw: "},
		{"g(f.call(20)) + [1, 2].len()", "44: i64"},
		{":strict on", "strict: on"},
		{"fn h() { nope }", "error: .*nope"},
		{":strict off", "strict: off"},
		{":opt full", "optimisation: full"},
		{":opt", "optimisation: full"},
		{":opt fast", "error: :opt wants"},
		{":packages LanguageCore", "on   LanguageCorePackage"},
		{"[1].len()", "error: Function not found: len"},
		{":packages Arrays", "error: no package Arrays"},
		{":packages all", "on "},
		{"[1].len()", "1: i64"},
		{":engine global", "global: "},
		{":set rate = 1.5", "rate: f64 = 1.5"},
		{":const limit 3", "limit: i64 = 3"},
		{"limit = 4", "error: Cannot modify constant limit"},
		{":set 1 = 2", "error: 1 is no name"},
		{":astu 1 + 2", "1 \\+ 2"},
		{":code limit + 1", ".*LoadInt"},
		{":json", `\[\n  \{\n    "name": "g"`},
		{":time limit + 1", ".* operations, "},
		{":history rate", ` +\d+  :set rate = 1.5`},
		{":again :opt fu", "optimisation: full"},
		{":again 2", ": "},
		{":doc lne", "error: no function lne; did you mean"},
		{":report " + filepath.Join(dir, "r.txt"), "wrote the report"},
		{":bench 1 + 1", ".* per run, 95% interval \\["},
	})
	out, _ := os.ReadFile(filepath.Join(dir, "r.txt"))
	for _, want := range []string{"version: test", "optimisation: full", "rhai> let f = |x| x + 1"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in the report:\n%s", want, out)
		}
	}
}
