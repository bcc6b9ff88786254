package bytecode

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// TestTable checks that each operation has an entry under the name of its constant,
// and that an operator leads back to each operation of a class.
func TestTable(t *testing.T) {
	names := constants(t)
	if len(names) != int(numOps) {
		t.Fatalf("op.go has %d operations, the table %d", len(names), numOps)
	}
	for op := range numOps {
		x := op.Info()
		if x.Name != names[op] || op.String() != names[op] {
			t.Errorf("%s is called %q", names[op], x.Name)
		}
		if x.Class == Other {
			if x.Token != syntax.EOF || x.Negated {
				t.Errorf("%s has an operator, but no class", op)
			}
			continue
		}
		if x.Token == syntax.EOF {
			if x.D != Operator {
				t.Errorf("%s has its operator nowhere", op)
			}
			continue
		}
		if got, ok := FindBranch(x.Class, x.Token, x.Negated); !ok || got != op {
			t.Errorf("%v leads to %s instead of %s", x.Token, got, op)
		}
	}
}

// constants returns the names of the operations in the order of op.go. No code relies
// on this order: operations are told apart by the table. What is relied on is that
// they are numbered from 0 without a gap, which the run loop's jump table and the
// arrays by operation need.
func constants(t *testing.T) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "op.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		first := g.Specs[0].(*ast.ValueSpec)
		if id, ok := first.Type.(*ast.Ident); !ok || id.Name != "Op" {
			continue
		}
		var names []string
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if len(v.Names) != 1 || len(names) > 0 && v.Values != nil {
				t.Fatalf("%s is not numbered by its place", v.Names[0].Name)
			}
			names = append(names, v.Names[0].Name)
		}
		return names[:len(names)-1] // numOps
	}
	t.Fatal("op.go has no operations")
	return nil
}

// TestClassesAgree checks that the operations of the classes agree in what
// their operands are, as the machine executes a class at once.
func TestClassesAgree(t *testing.T) {
	first := map[Class]Op{}
	for op := range numOps {
		x := op.Info()
		if x.Class == Other {
			continue
		}
		f, ok := first[x.Class]
		if !ok {
			first[x.Class] = op
			continue
		}
		y := f.Info()
		if x.A != y.A || x.B != y.B || x.C != y.C || x.D != y.D || x.E != y.E || x.Leaves != y.Leaves {
			t.Errorf("%s and %s are of one class, but differ in their operands", op, f)
		}
	}
}
