package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
)

// TestNoKeyBesideTheTable reads the code of the screen: nothing compares a key with a
// text, as what keys do is in the table of actions. Only ctrl+c is looked at by itself,
// as every other key takes back that it would quit.
func TestNoKeyBesideTheTable(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		isKey := func(e ast.Expr) bool {
			id, ok := e.(*ast.Ident)
			return ok && id.Name == "key"
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SwitchStmt:
				if n.Tag != nil && isKey(n.Tag) {
					t.Errorf("%s: a switch on keys", set.Position(n.Pos()))
				}
			case *ast.BinaryExpr:
				if lit, ok := n.Y.(*ast.BasicLit); ok && isKey(n.X) && (n.Op == token.EQL || n.Op == token.NEQ) && lit.Value != `"ctrl+c"` && lit.Value != `"F1"` {
					t.Errorf("%s: a comparison with the key %s", set.Position(n.Pos()), lit.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// TestEveryActionIsReached: in its scope, every key of the table leads to its action.
func TestEveryActionIsReached(t *testing.T) {
	m := newModel(t.Context(), testOptions())
	for _, a := range m.actions {
		for _, k := range a.Keys {
			i, ok := m.keymap[a.Scope][k]
			if !ok || m.actions[i].ID != a.ID {
				t.Errorf("%s in scope %d does not lead to %s", k, a.Scope, a.ID)
			}
		}
		if int(a.Scope) >= len(pane.ScopeNames) || pane.ScopeNames[a.Scope] == "" {
			t.Errorf("the scope of %s has no name", a.ID)
		}
	}
	if err := CheckKeys(map[string][]string{"nothing": {"x"}}); err == nil {
		t.Error("keys for an action that does not exist")
	}
	if err := CheckKeys(map[string][]string{"redraw": {"ctrl+z"}}); err == nil || !strings.Contains(err.Error(), "suspend") {
		t.Errorf("a key of two actions: %v", err)
	}
	// Own keys do what the usual ones did.
	opts := testOptions()
	opts.Keys = map[string][]string{"help": {"f12"}, "repl": {"ctrl+x 1"}}
	x := newTester(t, opts)
	x.press("f12")
	if x.m.overlay == nil {
		t.Error("f12 shows no help")
	}
	x.press("esc", "ctrl+x")
	if x.m.tab != pane.TabCompare || x.m.prefix != "ctrl+x" {
		t.Error("ctrl+x does not wait for a second key")
	}
	x.press("1")
	if x.m.tab != pane.TabREPL {
		t.Error("ctrl+x 1 does not show the REPL")
	}
}
