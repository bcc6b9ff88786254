package archtest

import (
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// sources returns the Go files of a folder that are no tests.
func sources(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	var out []string
	for _, f := range all {
		if !strings.HasSuffix(f, "_test.go") {
			out = append(out, f)
		}
	}
	return out
}

// TestFamilies checks that CONTRIBUTING.md has a line for every file of engine/, and no
// line without files.
func TestFamilies(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "### The files of engine/")
	table, _, end := strings.Cut(table, "### ")
	if !ok || !end {
		t.Fatal("CONTRIBUTING.md has no table of the files of engine/")
	}
	patterns := map[string]int{}
	for _, line := range strings.Split(table, "\n") {
		if first, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " |"); ok {
			for _, m := range regexp.MustCompile("`([a-z_*]+\\.go)`").FindAllStringSubmatch(first, -1) {
				patterns[m[1]] = 0
			}
		}
	}
	for _, f := range sources(t, "engine") {
		name, found := filepath.Base(f), false
		for p := range patterns {
			if ok, err := path.Match(p, name); err != nil {
				t.Fatal(err)
			} else if ok {
				patterns[p]++
				found = true
			}
		}
		if !found {
			t.Errorf("engine/%s belongs to no family in CONTRIBUTING.md", name)
		}
	}
	for p, n := range patterns {
		if n == 0 {
			t.Errorf("CONTRIBUTING.md names %s, but no file of engine/ is called so", p)
		}
	}
}

// TestFrontDoors checks that every public package of the engine tells a newcomer more
// than its name.
func TestFrontDoors(t *testing.T) {
	for dir, lines := range map[string]int{
		"engine": 40, "engine/value": 20, "engine/syntax": 8, "packages": 6, "repl": 4,
	} {
		comment := ""
		for _, f := range sources(t, dir) {
			file, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			comment += file.Doc.Text()
		}
		if n := strings.Count(comment, "\n"); n < lines {
			t.Errorf("the comment of package %s has %d lines, of at least %d", dir, n, lines)
		}
		if s := new(doc.Package).Synopsis(comment); s == "" {
			t.Errorf("the comment of package %s has no first sentence", dir)
		}
	}
}

// TestOneFileBuildsErrors checks that errors of the engine are built in vm_fault.go only,
// so that one place has their kinds and texts.
func TestOneFileBuildsErrors(t *testing.T) {
	built := regexp.MustCompile(`[^\w.*]Error\{`)
	for _, f := range sources(t, "engine") {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(built.FindAll(text, -1)); (n > 0) != (filepath.Base(f) == "vm_fault.go") {
			t.Errorf("%s builds %d errors", f, n)
		}
	}
}
