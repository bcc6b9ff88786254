package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// most is how many exported names a package may have at its top level. The constants of
// one declaration count as one name, and nothing beside their type if they have one: an
// enumeration is one thing to learn.
var most = map[string]int{"engine": 80, "engine/value": 80, "packages": 20, "packages/decimal": 10}

func TestAPISize(t *testing.T) {
	for dir, limit := range most {
		names := exported(t, dir)
		t.Logf("%s: %d names", dir, len(names))
		if len(names) > limit {
			t.Errorf("package %s has %d exported names, of at most %d: %s", dir, len(names), limit, strings.Join(names, " "))
		}
	}
}

// exported returns the exported names of a package.
func exported(t *testing.T, dir string) (out []string) {
	t.Helper()
	add := func(name string) {
		if ast.IsExported(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, f := range sources(t, dir) {
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name.Name)
				}
			case *ast.GenDecl:
				for i, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						add(s.Name.Name)
					case *ast.ValueSpec:
						if typ, ok := s.Type.(*ast.Ident); ok && d.Tok == token.CONST && len(d.Specs) > 1 {
							add(typ.Name)
							break
						}
						if d.Tok == token.CONST && i > 0 {
							continue
						}
						for _, n := range s.Names {
							add(n.Name)
						}
					}
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestTypesHaveExamples checks that every exported type of what hosts use is shown in use:
// by an example of its own, or inside another one of its package.
func TestTypesHaveExamples(t *testing.T) {
	for _, dir := range []string{"engine", "packages/decimal", "profile/script"} {
		tests, err := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		own, bodies := map[string]bool{}, ""
		example := regexp.MustCompile(`(?ms)^func Example(\w*)\(\) \{\n.*?^\}$`)
		for _, f := range tests {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range example.FindAllStringSubmatch(string(text), -1) {
				name, _, _ := strings.Cut(m[1], "_")
				own[name] = true
				own[strings.TrimPrefix(name, "New")] = true // of the function that makes one
				bodies += m[0]
			}
		}
		for _, f := range sources(t, dir) {
			file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				d, ok := d.(*ast.GenDecl)
				if !ok || d.Tok != token.TYPE {
					continue
				}
				for _, s := range d.Specs {
					name := s.(*ast.TypeSpec).Name.Name
					if ast.IsExported(name) && !own[name] && !regexp.MustCompile(`\.`+name+`\b`).MatchString(bodies) {
						t.Errorf("%s.%s has no example", dir, name)
					}
				}
			}
		}
	}
}
