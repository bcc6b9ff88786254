package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFileResolver(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"main.rhai":       `export const BASE = 10; fn twice(x) { x * 2 }`,
		"sub/outer.rhai":  `import "inner" as inner; import "main" as m; fn get() { inner::value() + m::BASE }`,
		"sub/inner.rhai":  `fn value() { 5 }`,
		"bad.rhai":        "let x = ;",
		"fails.rhai":      "\nlet y = 1 / 0;",
		"runs.rhai":       "\nfn bad(x) { throw x; }",
		"loop.rhai":       `import "loop" as l;`,
		"loop2/a.rhai":    `import "b" as b;`,
		"loop2/b.rhai":    `import "a" as a;`,
		"sub/nested.rhai": `import "nothing" as n;`,
	})
	eng := engine.New(packages.Standard()).SetResolver(engine.FileResolver(dir))
	expect(t, eng, `import "main" as m; [m::twice(4), m::BASE]`, "[8, 10]")
	expect(t, eng, `import "sub/outer.rhai" as o; o::get()`, "15")
	expect(t, eng, `import "nope" as n;`, "! Module not found: nope (line 1, position 8)")
	expect(t, eng, `import "bad" as b;`, "! Syntax error: Unexpected ';' (line 1, position 9)\nin module 'bad' (line 1, position 8)")
	expect(t, eng, `import "fails" as b;`, "! Division by zero: 1 / 0 (line 2, position 11)\nin module 'fails' (line 1, position 8)")
	expect(t, eng, `import "runs" as r; r::bad("boom")`,
		"! Runtime error: boom @ 'runs' (line 2, position 13)\nin call to function 'bad' (from 'runs') (line 1, position 24)")
	expect(t, eng, `import "sub/nested" as n;`, "! Module not found: nothing (line 1, position 8)\nin module 'sub/nested' (line 1, position 8)")
	expect(t, eng, `import "loop" as l;`, "! Cyclic import: loop -> loop\nin module 'loop' (line 1, position 8)\nin module 'loop' (line 1, position 8)")
	expect(t, eng, `import "loop2/a" as l;`, "! Cyclic import: loop2/a -> b -> a\nin module 'a' (line 1, position 8)\nin module 'b' (line 1, position 8)\nin module 'loop2/a' (line 1, position 8)")
}

func TestResolvers(t *testing.T) {
	m := engine.NewModule("fixed")
	m.SetVar("X", 1)
	eng := engine.New(packages.Standard()).SetResolver(engine.Resolvers(
		engine.StaticResolver(map[string]*engine.Module{"fixed": m}),
		engine.SourceResolver(map[string]string{"text": `export let y = 2;`, "fixed": `export let X = 9;`}),
	))
	expect(t, eng, `import "fixed" as f; import "text" as t; [f::X, t::y]`, "[1, 2]")
	expect(t, eng, `import "other" as f;`, "! Module not found: other (line 1, position 8)")
	eng.SetLimits(engine.Limits{Modules: 1})
	expect(t, eng, `import "fixed" as f; import "text" as t;`, "! Too many modules imported (line 1, position 22)")

	// Operations of modules count for the script that imports them.
	eng = engine.New(packages.Standard()).SetResolver(engine.SourceResolver(map[string]string{
		"spin": `let n = 0; while n < 600 { n += 1; } export n;`,
	}))
	eng.SetLimits(engine.Limits{Operations: 5000})
	expect(t, eng, `import "spin" as s; s::n`, "600")
	if _, err := eng.Eval(context.Background(), `for i in 0..20 { import "spin" as s; }`); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("got %v", err)
	}
}
