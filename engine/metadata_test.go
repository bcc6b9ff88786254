package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/packages"
)

type meter struct{ Level int64 }

// described returns an engine that has one of everything, and a script for it.
func described(t *testing.T) (*engine.Engine, *engine.AST) {
	t.Helper()
	eng := engine.NewRaw()
	m := engine.NewModule("tools")
	m.SetVar("LIMIT", 10)
	m.Func("scale", func(x int64, by float64) float64 { return float64(x) * by },
		engine.Params("x", "by"), engine.Result("float"), engine.Doc("Multiplies.\nRounds nothing."), engine.Example("scale(2, 1.5) // 3.0"))
	m.Func("%%", func(a, b int64) int64 { return a }, engine.Result("int"))
	engine.RegisterType[meter](m, "Gauge").Get("level", func(g *meter) int64 { return g.Level }, engine.Doc("How full it is."))
	eng.RegisterGlobalModule(m)
	static := engine.NewModule("net")
	static.SetDoc("Talks to others.")
	sub := engine.NewModule("http")
	sub.Func("get", func(url string) string { return url }, engine.Params("url"), engine.Result("string"))
	sub.SetVar("PORT", 80)
	static.SetModule("http", sub)
	script, err := eng.EvalModule(context.Background(), nil, compiled(t, eng, "", "/// Adds one.\nfn inc(n) { n + 1 } fn int.twice() { this * 2 }"))
	if err != nil {
		t.Fatal(err)
	}
	static.Merge(script)
	eng.RegisterStaticModule("net", static)
	return eng, compiled(t, eng, "", "//! Prices of things.\n/// What it costs.\nfn price(item, n) { |x| x; n } private fn secret() {}")
}

func TestMetadata(t *testing.T) {
	eng, ast := described(t)
	var b bytes.Buffer
	if err := eng.Metadata(&b, ast); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`("(base|full)Hash"): \d+`).ReplaceAllString(b.String(), "$1: 0")
	got = regexp.MustCompile(`anon\$[0-9a-f]+`).ReplaceAllString(got, "anon$$0")
	golden(t, "testdata/metadata.json", got)

	type fn struct {
		BaseHash, FullHash uint64
		Name               string
	}
	var all struct{ Functions []fn }
	if err := json.Unmarshal(b.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	seen := map[uint64]string{}
	for _, f := range all.Functions {
		if other, ok := seen[f.FullHash]; ok || f.FullHash == f.BaseHash {
			t.Errorf("%s and %s have the same hash", f.Name, other)
		}
		seen[f.FullHash] = f.Name
	}
}

// TestMetadataComplete checks that all functions of the library are described, and that
// of functions alike only the one is that a script would call.
func TestMetadataComplete(t *testing.T) {
	eng := engine.New(packages.Standard())
	var b bytes.Buffer
	if err := eng.Metadata(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Functions []struct {
			Name, Signature string
			DocComments     []string
			NumParams       int
			Params          []struct{ Name, Type string }
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := len(packages.Standard().SharedModule().Funcs()); len(got.Functions) != want {
		t.Errorf("%d functions of %d", len(got.Functions), want)
	}
	for _, f := range got.Functions {
		if len(f.DocComments) == 0 || f.NumParams != len(f.Params) {
			t.Errorf("%s: %d parameters, documentation %q", f.Signature, len(f.Params), f.DocComments)
		}
		for _, c := range f.DocComments {
			if !strings.HasPrefix(c, "///") {
				t.Errorf("%s: %q is no comment", f.Signature, c)
			}
		}
	}
	eng.RegisterFunc("abs", func(x int64) int64 { return x }, engine.Doc("Mine."))
	b.Reset()
	if err := eng.Metadata(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `"abs(`); n != strings.Count(b.String(), `"name": "abs"`) || !strings.Contains(b.String(), "/// Mine.") {
		t.Errorf("abs is described %d times", n)
	}
}

func TestMetadataWriteFails(t *testing.T) {
	f, err := os.Open(os.DevNull) // for reading
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	if err := engine.NewRaw().Metadata(f); err == nil {
		t.Error("a failed write was not reported")
	}
}

func TestWriteDefinitions(t *testing.T) {
	eng, _ := described(t)
	dir := filepath.Join(t.TempDir(), "new", "defs")
	scope := engine.NewScope().Push("x", 1).PushConst("NAME", "a").Push("x", "hidden").Push("g", &meter{})
	if err := eng.WriteDefinitions(dir, scope); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var names []string
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		checkDefinitions(t, f.Name(), string(text))
		names = append(names, f.Name())
		if !strings.HasPrefix(f.Name(), "__builtin") {
			b.WriteString("=== " + f.Name() + "\n" + string(text))
		}
	}
	if want := []string{"__builtin-operators__.d.rhai", "__builtin__.d.rhai", "__scope__.d.rhai", "__static__.d.rhai", "net.d.rhai"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	golden(t, "testdata/definitions.txt", b.String())

	// Without a scope there is no file for it.
	dir = t.TempDir()
	if err := engine.New(packages.Standard()).WriteDefinitions(dir, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "__scope__.d.rhai")); err == nil {
		t.Error("there is a file for a scope that was not given")
	}
	text, err := os.ReadFile(filepath.Join(dir, "__static__.d.rhai"))
	if err != nil {
		t.Fatal(err)
	}
	checkDefinitions(t, "__static__.d.rhai", string(text))
	for _, want := range []string{
		"fn pad(array: Array, len: int, item: ?) -> ?;", "op in(?, Array) -> bool;", "fn print(item: ?)", "fn get is_nan(x: float) -> bool;",
		"/// Adds copies of an element until the array has len elements.\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the library lacks %q", want)
		}
	}
	if err := engine.NewRaw().WriteDefinitions(filepath.Join(dir, "__static__.d.rhai"), nil); err == nil {
		t.Error("a directory that cannot be made is no error")
	}
}

var (
	definedFunc = regexp.MustCompile(`^fn (?:get |set |\w+\.)?([^\s(]+)\((.*)\) -> ([^;]+);$`)
	definedOp   = regexp.MustCompile(`^op (\S+?)\((.*)\) -> ([^;]+);$`)
	definedVar  = regexp.MustCompile(`^(?:let|const) (\w+): ([^;]+);$`)
	typeText    = regexp.MustCompile(`^(\?|\(\)|[A-Za-z_]\w*(::\w+)*(<\w+>)?)$`)
)

// checkDefinitions checks each line of a definition file, with our own parser what is
// Rhai in it: a function with its names is one of a script once types are gone.
func checkDefinitions(t *testing.T, file, text string) {
	t.Helper()
	isType := func(line, typ string) {
		if !typeText.MatchString(typ) {
			t.Errorf("%s: %q has the type %q", file, line, typ)
		}
	}
	header := false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "//") || line == "}":
		case strings.HasPrefix(line, "module "):
			header = true
		case strings.HasPrefix(line, "fn "):
			m := definedFunc.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s: %q is no function", file, line)
				continue
			}
			var names []string
			for _, p := range strings.Split(m[2], ", ") {
				name, typ, ok := strings.Cut(strings.TrimPrefix(p, "..."), ": ")
				if m[2] == "" {
					continue
				} else if !ok {
					t.Errorf("%s: %q has a parameter without type", file, line)
				}
				if isType(line, typ); name != "_" {
					names = append(names, name)
				}
			}
			isType(line, m[3])
			name := m[1]
			if syntax.IsReserved(name) || strings.Contains(name, "$") {
				name = "f"
			}
			src := "fn " + name + "(" + strings.Join(names, ", ") + ") {}"
			if _, err := syntax.Parse(src, nil); err != nil {
				t.Errorf("%s: %q is not read: %v", file, line, err)
			}
		case strings.HasPrefix(line, "op "):
			m := definedOp.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s: %q is no operator", file, line)
				continue
			}
			for _, typ := range append(strings.Split(m[2], ", "), m[3]) {
				isType(line, typ)
			}
		default:
			m := definedVar.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s: %q is no definition", file, line)
				continue
			}
			isType(line, m[2])
			if _, err := syntax.Parse("let "+m[1]+" = 0;", nil); err != nil {
				t.Errorf("%s: %q is not read: %v", file, line, err)
			}
		}
	}
	if !header {
		t.Errorf("%s does not say which module it is about", file)
	}
}

// TestBuiltinDefinitions checks the definitions of the builtin operators and functions
// by using them.
func TestBuiltinDefinitions(t *testing.T) {
	dir := t.TempDir()
	eng := engine.NewRaw()
	if err := eng.WriteDefinitions(dir, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "__builtin-operators__.d.rhai"))
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]string{
		"int": "2", "float": "1.5", "bool": "true", "char": "'a'", "String": `"a"`, "Array": "[1]", "Map": "#{a: 1}",
		"Range<int>": "(0..3)", "RangeInclusive<int>": "(0..=3)", "?": "2", "Blob": "bytes",
	}
	names := map[string]string{
		"string": "String", "array": "Array", "map": "Map", "range": "Range<int>", "range=": "RangeInclusive<int>",
		"timestamp": "Instant", "i64": "int", "f64": "float", "blob": "Blob",
	}
	scope := func() *engine.Scope {
		full := engine.New(packages.Standard())
		s := engine.NewScope()
		for name, src := range map[string]string{"bytes": "blob(3, 2)"} {
			v, err := full.Eval(context.Background(), src)
			if err != nil {
				t.Fatal(err)
			}
			s.PushValue(name, v)
		}
		return s
	}
	n := 0
	for _, line := range strings.Split(string(text), "\n") {
		m := definedOp.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		n++
		params := strings.Split(m[2], ", ")
		a := samples[params[0]]
		src := "type_of(" + m[1] + a + ")"
		if len(params) == 2 {
			src = "type_of(" + a + " " + m[1] + " " + samples[params[1]] + ")"
			if m[3] == "()" {
				src = "let x = " + a + "; x " + m[1] + " " + samples[params[1]] + "; \"()\""
			}
		}
		got, err := engine.As[string](eng.EvalScope(context.Background(), scope(), src))
		if err != nil {
			t.Errorf("%s: %s: %v", line, src, err)
			continue
		}
		if name, ok := names[got]; ok {
			got = name
		}
		if m[3] != "?" && got != m[3] {
			t.Errorf("%s: %s is of type %s", line, src, got)
		}
	}
	if n < 100 {
		t.Errorf("only %d operators", n)
	}
	text, err = os.ReadFile(filepath.Join(dir, "__builtin__.d.rhai"))
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{
		"type_of(1)", "let x = 1; let f = || x; is_shared(x)", `Fn("f")`, `fn f(a) { a } Fn("f").call(1)`,
		`fn f(a) { a } call(Fn("f"), 1)`, `Fn("f").curry(1)`, `curry(Fn("f"), 1)`, `is_def_fn("f", 1)`, `is_def_fn("int", "f", 1)`, `is_def_var("x")`, `eval("1")`,
	} {
		if _, err := eng.Eval(context.Background(), src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
		name := regexp.MustCompile(`(\w+)\([^()]*(\([^()]*\))?[^()]*\)$`).FindStringSubmatch(src)[1]
		if !strings.Contains(string(text), "fn "+name+"(") {
			t.Errorf("%s has no definition", name)
		}
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with that of a file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s differs:\n%s", path, got)
	}
}

// TestMetadataOfNothing checks that a script which was not compiled is an error.
func TestMetadataOfNothing(t *testing.T) {
	for _, ast := range []*engine.AST{nil, {}} {
		if err := engine.NewRaw().Metadata(io.Discard, ast); !errors.Is(err, engine.ErrSystem) {
			t.Errorf("the error is %v", err)
		}
	}
}
