package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAbilities checks the tables of what hosts can do in RATIONALE.md: every row names
// tests, all of which exist, or says why there is nothing; and every name exists that is
// said to be ours.
func TestAbilities(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "RATIONALE.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "## What can hosts do?\n")
	section, _, ok := strings.Cut(section, "\n## ")
	if !ok {
		t.Fatal("RATIONALE.md has no section of what hosts can do")
	}
	tests, names := testNames(t), publicNames(t)
	quoted := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.SplitSeq(section, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") || strings.HasSuffix(line, "| here | tests |") {
			continue
		}
		rows++
		if len(cells) == 2 {
			cells = append(cells, "")
		}
		cells[2] = strings.Trim(cells[2], "| ")
		for _, m := range quoted.FindAllStringSubmatch(cells[2], -1) {
			if !tests[m[1]] {
				t.Errorf("%s: there is no test %s", cells[0], m[1])
			}
		}
		if without := strings.HasPrefix(cells[1], "left out") || strings.HasPrefix(cells[1], "missing"); cells[2] == "" && !without {
			t.Errorf("%s: no test, and no reason why it is left out", cells[0])
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
			if name := m[1]; regexp.MustCompile(`^([a-z]+\.)?[A-Z]\w*(\.[A-Z]\w*)?$`).MatchString(name) && !names[name] && name != "Fn" {
				t.Errorf("%s: there is no %s", cells[0], name)
			}
		}
	}
	if rows < 80 {
		t.Errorf("only %d rows", rows)
	}
}

// testNames returns the names of the tests and examples of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Example)\w*)\(`)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			out[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// publicNames returns the names of the public packages: of package engine as they are and
// of the others behind the package's, methods behind their type.
func publicNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{"fs.FS": true, "json.Marshaler": true}
	for _, dir := range []string{"engine", "engine/value", "engine/syntax", "packages", "packages/decimal"} {
		prefix := filepath.Base(dir) + "."
		if dir == "engine" {
			prefix = ""
		}
		for _, f := range sources(t, dir) {
			file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					name := d.Name.Name
					if d.Recv != nil {
						typ := d.Recv.List[0].Type
						if p, ok := typ.(*ast.StarExpr); ok {
							typ = p.X
						}
						if x, ok := typ.(*ast.IndexExpr); ok {
							typ = x.X
						}
						name = typ.(*ast.Ident).Name + "." + name
					}
					out[prefix+name] = true
				case *ast.GenDecl:
					for _, s := range d.Specs {
						if s, ok := s.(*ast.TypeSpec); ok {
							out[prefix+s.Name.Name] = true
						}
					}
				}
			}
		}
	}
	return out
}
