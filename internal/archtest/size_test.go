package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
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
