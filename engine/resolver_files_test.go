package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// tries evaluates a script with a resolver: the result, or ! and the error.
func tries(t *testing.T, r engine.Resolver, script string) string {
	t.Helper()
	v, err := newStandard().SetResolver(r).Eval(t.Context(), script)
	if err != nil {
		return "! " + err.Error()
	}
	return value.Debug(v)
}

// TestFilesOutside checks that no import path leads out of the directory, unless the
// options say so.
func TestFilesOutside(t *testing.T) {
	top := writeFiles(t, map[string]string{
		"secret.rhai":         `export const X = 666;`,
		"scripts/in.rhai":     `export const X = 1;`,
		"scripts/sub/up.rhai": `import "../in" as i; export const X = i::X + 1;`,
		"scripts/esc.rhai":    `import "../secret" as s; export const X = s::X;`,
	})
	dir := filepath.Join(top, "scripts")
	for link, to := range map[string]string{
		"link.rhai": filepath.Join(top, "secret.rhai"), "rel.rhai": "../secret.rhai", "dir": top, "fine.rhai": "in.rhai",
		"sub/back.rhai": "../in.rhai",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	abs := filepath.ToSlash(filepath.Join(top, "secret"))
	for _, path := range []string{"../secret", "sub/../../secret", abs, abs + ".rhai", "link", "rel", "dir/secret", "esc", "./../secret", "sub/../../scripts/in"} {
		script := fmt.Sprintf("import %q as m; m::X", path)
		got := tries(t, engine.FileResolver(dir), script)
		if !strings.HasPrefix(got, "! Cannot read script file") {
			t.Errorf("%s: %s", path, got)
		}
		if got := tries(t, engine.FSResolver(os.DirFS(dir)), script); path != "link" && path != "rel" && path != "dir/secret" && !strings.HasPrefix(got, "! Cannot read script file") {
			t.Errorf("%s in a file system: %s", path, got)
		}
		if got := tries(t, engine.FileResolver(dir, engine.ResolverOptions{Unrooted: true}), script); got != "666" && got != "1" {
			t.Errorf("%s without a root: %s", path, got)
		}
	}
	for path, want := range map[string]string{"in": "1", "sub/up": "2", "fine": "1", "sub/back": "1", "sub/../in": "1", "./in": "1"} {
		script := fmt.Sprintf("import %q as m; m::X", path)
		if got := tries(t, engine.FileResolver(dir), script); got != want {
			t.Errorf("%s: %s", path, got)
		}
		if got := tries(t, engine.FSResolver(os.DirFS(dir)), script); got != want {
			t.Errorf("%s in a file system: %s", path, got)
		}
	}
}

// TestFilesIrregular checks that nothing but a regular file of bounded size is read,
// and that nothing is waited for.
func TestFilesIrregular(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"dir.rhai/x.rhai": "1", "large.rhai": strings.Repeat("// x\n", 1000), "exact.rhai": "export const X = 1;", "empty.rhai": "",
	})
	makeIrregular(t, dir)
	options := engine.ResolverOptions{MaxSize: 19}
	for name, r := range map[string]engine.Resolver{
		"rooted": engine.FileResolver(dir, options), "fs": engine.FSResolver(os.DirFS(dir), options),
		"unrooted": engine.FileResolver(dir, engine.ResolverOptions{MaxSize: 19, Unrooted: true}),
	} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			path := strings.TrimSuffix(f.Name(), ".rhai")
			got := tries(t, r, fmt.Sprintf("import %q as m; 1", path))
			switch path {
			case "exact", "empty":
				if got != "1" {
					t.Errorf("%s %s: %s", name, path, got)
				}
			case "large":
				if !strings.Contains(got, "is larger than 19 bytes") {
					t.Errorf("%s %s: %s", name, path, got)
				}
			default:
				if !strings.Contains(got, "is not a regular file") && !strings.Contains(got, "Cannot read script file") {
					t.Errorf("%s %s: %s", name, path, got)
				}
			}
		}
	}
	if got := tries(t, engine.FileResolver(dir, engine.ResolverOptions{MaxSize: -1}), `import "large" as l; 1`); got != "1" {
		t.Error(got)
	}
}

func TestFSResolver(t *testing.T) {
	fsys := fstest.MapFS{
		"a.rs":         {Data: []byte(`import "lib/b" as b; export const X = b::X + 1;`)},
		"lib/b.rs":     {Data: []byte(`import "c" as c; export const X = c::X + 1;`)},
		"lib/c.rs":     {Data: []byte(`export const X = 1;`)},
		"c.rs":         {Data: []byte(`export const X = 100;`)},
		"rules/d.rs":   {Data: []byte(`export const X = 7;`)},
		"pipe.rs":      {Mode: fs.ModeNamedPipe},
		"forged.rs":    {Data: []byte(`throw 1;`)},
		"only/only.rs": {Data: []byte(`1`)},
	}
	r := engine.FSResolver(fsys, engine.ResolverOptions{Ext: ".rs", Unrooted: true})
	for path, want := range map[string]string{
		"a": "3", "a.rs": "3", "lib/b": "2", "c": "100", "d": "! Module not found: d (line 1, position 8)",
		"../a": "! Cannot read", "/a": "! Cannot read", "pipe": "! Cannot read script file 'pipe.rs': it is not a regular file", "only": "! Module not found",
	} {
		if got := tries(t, r, fmt.Sprintf("import %q as m; m::X", path)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	// Next to the script that imports, by its name.
	for relative, want := range map[bool]string{true: "7", false: "! Module not found"} {
		eng := newStandard().SetResolver(engine.FSResolver(fsys, engine.ResolverOptions{Ext: ".rs", Relative: relative}))
		ast, err := eng.CompileNamed("rules/main.rs", `import "d" as d; d::X`)
		if err != nil {
			t.Fatal(err)
		}
		v, err := eng.Run(t.Context(), nil, ast)
		if got := value.Debug(v); err == nil && got != want || err != nil && !strings.HasPrefix("! "+err.Error(), want) {
			t.Errorf("relative %v: %s, %v", relative, got, err)
		}
	}
}

// TestNotFound checks which errors let the next resolver of a list try.
func TestNotFound(t *testing.T) {
	for text, c := range map[string]struct {
		err  error
		want string
	}{
		"bare":        {engine.ErrModuleNotFound, "2"},
		"wrapped":     {fmt.Errorf("rule m: %w", engine.ErrModuleNotFound), "2"},
		"kind":        {&engine.Error{Kind: engine.ErrModuleNotFound}, "2"},
		"other":       {errors.New("no connection"), "! no connection\nin module 'm' (line 1, position 8)"},
		"other kind":  {engine.ErrSystem, "! ErrorSystem\nin module 'm' (line 1, position 8)"},
		"file":        {fs.ErrNotExist, "! file does not exist\nin module 'm' (line 1, position 8)"},
		"inside":      {nil, "! Module not found: nested (line 1, position 8)\nin module 'm' (line 1, position 8)"},
		"inside same": {nil, "! Cyclic import"},
	} {
		first := engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
			if c.err != nil {
				return nil, c.err
			}
			return engine.SourceResolver(map[string]string{"m": `import "nested" as n;`}).Resolve(ctx, e, path)
		})
		r := engine.Resolvers(first, engine.SourceResolver(map[string]string{"m": "export const X = 2;"}))
		if text == "inside same" {
			r = engine.Resolvers(engine.SourceResolver(map[string]string{"m": `import "m" as n;`}), engine.SourceResolver(map[string]string{"m": "export const X = 2;"}))
		}
		if got := tries(t, r, `import "m" as m; m::X`); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", text, got)
		}
		if c.want == "2" {
			if got := tries(t, first, `import "m" as m; m::X`); got != "! Module not found: m (line 1, position 8)" {
				t.Errorf("%s alone: %s", text, got)
			}
		}
	}
}

// TestImporter checks what a resolver knows of the import.
func TestImporter(t *testing.T) {
	var seen []string
	sources := engine.SourceResolver(map[string]string{"lib": "\nimport \"deep\" as d; fn f() { import \"late\" as l; }", "deep": "", "late": "", "x": ""})
	eng := newStandard().SetResolver(engine.ResolverFunc(func(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
		f, ok := engine.Importer(ctx)
		seen = append(seen, fmt.Sprint(path, " from ", f, " ", ok))
		return sources.Resolve(ctx, e, path)
	}))
	ast, err := eng.CompileNamed("rules/r1.rhai", "import \"lib\" as l; l::f();\nfn g() { import \"x\" as x; } g(); eval(`import \"x\" as x;`)")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eng.Run(t.Context(), nil, ast); err != nil {
		t.Fatal(err)
	}
	want := "lib from rules/r1.rhai:1:8 true, deep from lib:2:8 true, late from lib:2:37 in f true, x from rules/r1.rhai:2:17 in g true, x from rules/r1.rhai:1:8 true"
	if got := strings.Join(seen, ", "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if _, ok := engine.Importer(t.Context()); ok {
		t.Error("an importer without an import")
	}
}

// countingFS counts how often each file is opened.
type countingFS struct {
	fstest.MapFS
	opened sync.Map
}

func (c *countingFS) Open(name string) (fs.File, error) {
	n, _ := c.opened.LoadOrStore(name, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
	return c.MapFS.Open(name)
}

// Stat keeps fs.Stat from opening.
func (c *countingFS) Stat(name string) (fs.FileInfo, error) { return c.MapFS.Stat(name) }

func (c *countingFS) count(name string) int64 {
	n, ok := c.opened.Load(name)
	if !ok {
		return 0
	}
	return n.(*atomic.Int64).Load()
}

// TestLoadedOnce checks that goroutines that import a module at a time share one load,
// and that changes are seen after Reset.
func TestLoadedOnce(t *testing.T) {
	c := &countingFS{MapFS: fstest.MapFS{
		"m.rhai": {Data: []byte(`import "n" as n; export const X = n::X; for i in 0..20000 { }`)}, "n.rhai": {Data: []byte(`export const X = 1;`)},
	}}
	r := engine.FSResolver(c)
	eng := newStandard().SetResolver(r)
	run := func(want string) {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for range 10 {
					if v, err := eng.Eval(t.Context(), `import "m" as m; m::X`); err != nil || value.Debug(v) != want {
						t.Error(value.Debug(v), err)
					}
				}
			})
		}
		wg.Wait()
	}
	run("1")
	if c.count("m.rhai") != 1 || c.count("n.rhai") != 1 {
		t.Errorf("opened %d and %d times", c.count("m.rhai"), c.count("n.rhai"))
	}
	c.MapFS["n.rhai"] = &fstest.MapFile{Data: []byte(`export const X = 2;`)}
	run("1")
	r.Reset()
	run("2")
	if c.count("m.rhai") != 2 || c.count("n.rhai") != 2 {
		t.Errorf("opened %d and %d times after Reset", c.count("m.rhai"), c.count("n.rhai"))
	}
}

// TestFailedLoad checks that a load that fails by the limits or the context of one run
// is not a failure for the others that wait for it.
func TestFailedLoad(t *testing.T) {
	begun, cancelled := make(chan bool), make(chan bool)
	once := sync.Once{}
	m := engine.NewModule("wait")
	m.Func("gate", func(c *engine.CallContext) {
		once.Do(func() {
			close(begun)
			<-cancelled
			<-c.Context().Done()
		})
	})
	r := engine.FSResolver(fstest.MapFS{"m.rhai": {Data: []byte(`gate(); export const X = 1;`)}})
	eng := newStandard().RegisterGlobalModule(m).SetResolver(r)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := eng.Eval(ctx, `import "m" as m; m::X`); !errors.Is(err, engine.ErrTerminated) {
			t.Errorf("the cancelled run: %v", err)
		}
	})
	<-begun
	for range 4 {
		wg.Go(func() {
			if v, err := eng.Eval(t.Context(), `import "m" as m; m::X`); err != nil || value.Debug(v) != "1" {
				t.Errorf("a run that waits: %v", err)
			}
		})
	}
	// A run that waits can be cancelled by itself.
	short, stop := context.WithCancel(t.Context())
	wg.Go(func() {
		if _, err := eng.Eval(short, `import "m" as m; m::X`); !errors.Is(err, engine.ErrTerminated) {
			t.Errorf("the impatient run: %v", err)
		}
		close(cancelled)
	})
	stop()
	cancel()
	wg.Wait()
}

// TestCyclicImports checks that modules that import each other are an error and never
// wait for each other.
func TestCyclicImports(t *testing.T) {
	scripts := map[string]string{
		"self": `import "self" as s;`, "a": `import "b" as b;`, "b": `import "c" as c;`, "c": `import "a" as a;`, "free": "export const X = 1;",
	}
	fsys := fstest.MapFS{}
	for name, text := range scripts {
		fsys[name+".rhai"] = &fstest.MapFile{Data: []byte(text)}
	}
	want := map[string]string{"self": "Cyclic import: self -> self\nin module 'self'", "a": "Cyclic import: a -> b -> c -> a\nin module 'a'", "free": ""}
	for name, text := range want {
		for kind, r := range map[string]engine.Resolver{"files": engine.FSResolver(fsys), "sources": engine.SourceResolver(scripts)} {
			got := tries(t, r, fmt.Sprintf("import %q as m;", name))
			if text == "" && got != "()" || text != "" && !strings.HasPrefix(got, "! "+text) {
				t.Errorf("%s of %s: %s", name, kind, got)
			}
		}
	}
	for range 50 {
		eng := newStandard().SetResolver(engine.FSResolver(fsys))
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "a", "b", "c"} {
			wg.Go(func() {
				_, err := eng.Eval(t.Context(), fmt.Sprintf("import %q as m;", name))
				if err == nil || !strings.Contains(err.Error(), "Cyclic import: ") {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		wg.Wait()
	}
}

// TestModuleGraph checks that the ways through modules that import the same ones again
// and again are not all gone.
func TestModuleGraph(t *testing.T) {
	fsys := fstest.MapFS{"m30.rhai": {Data: []byte(`fn int.deep() { this + 1 } fn last() { 30 } export const X = 1;`)}}
	for i := range 30 {
		fsys[fmt.Sprintf("m%d.rhai", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "import \"m%d\" as a; import \"m%d\" as b; fn f%d() { %d }", i+1, i+1, i, i)}
	}
	r := engine.FSResolver(fsys)
	for script, want := range map[string]string{
		`import "m0" as m; (5).zork()`:                                "! Function not found: zork (i64) (line 1, position 23)",
		`import "m0" as m; (5).deep()`:                                "6",
		`import "m0" as m; get_fn_metadata_list().len()`:              "32",
		`import "m0" as m; get_fn_metadata_list("last")[0].namespace`: `"m` + strings.Repeat("::a", 30) + `"`,
		`import "m0" as m; import "m0" as n; (5).deep()`:              "6",
		`import "m0" as m; [1, 2].map(|x| x.deep())`:                  "[2, 3]",
		`import "m0" as m; m::f0()`:                                   "0",
	} {
		if got := tries(t, r, script); got != want {
			t.Errorf("%s: %s", script, got)
		}
	}
}

// TestResolverMemory checks that what a resolver keeps does not grow with the engines
// that use it.
func TestResolverMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("runs thousands of imports")
	}
	r := engine.FSResolver(fstest.MapFS{"m.rhai": {Data: []byte(`fn f(x) { x + 1 } export const X = 1;` + strings.Repeat("fn g() { 1 }\n", 1))}})
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	run := func(n int) {
		for i := range n {
			eng := newStandard().SetResolver(r).RegisterFunc("own", func() int64 { return int64(i) })
			if _, err := eng.Eval(t.Context(), `import "m" as m; m::f(1)`); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(1100)
	before := heap()
	run(3000)
	if after := heap(); after > before+before/4+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

// TestZeroScriptResolver: a resolver that nobody made says so, and does not stop the
// other ones.
func TestZeroScriptResolver(t *testing.T) {
	for _, r := range []*engine.ScriptResolver{nil, {}} {
		_, err := engine.NewRaw().SetResolver(r).Eval(t.Context(), `import "a" as a;`)
		if err == nil || !strings.Contains(err.Error(), "the ScriptResolver is nil or zero") {
			t.Errorf("%v", err)
		}
	}
	r := engine.FSResolver(fstest.MapFS{"a.rhai": {Data: []byte("export const X = 1;")}})
	v, err := engine.As[int](engine.NewRaw().SetResolver(r).Eval(t.Context(), `import "a" as a; a::X`))
	if v != 1 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

// TestZeroConfig: a configuration that nobody made says so.
func TestZeroConfig(t *testing.T) {
	for _, c := range []*engine.Config{nil, {}} {
		func() {
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, "the Config is nil or zero") {
					t.Errorf("%v", r)
				}
			}()
			engine.NewRawWith(c)
		}()
	}
}
