package syntax_test

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
)

// usesOf finds what occurs in statements by a walk.
func usesOf(list []syntax.Stmt) (u syntax.Uses) {
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Closure:
				if len(n.Captures) > 0 {
					u |= syntax.UsesCaptures
				}
				return false
			case *syntax.This:
				u |= syntax.UsesThis
			case *syntax.Call:
				if n.Name == "eval" || n.Bang {
					u |= syntax.UsesNames
				}
			case *syntax.Custom:
				u |= syntax.UsesNames
			case *syntax.Import:
				u |= syntax.UsesImport
			}
			return true
		})
	}
	return u
}

// TestUses compares what the parser says about scripts and functions with a walk over them.
func TestUses(t *testing.T) {
	cases, err := scripttest.Read("../../testdata/conformance")
	if err != nil {
		t.Fatal(err)
	}
	seen := syntax.Uses(0)
	check := func(c *scripttest.Case, what string, got syntax.Uses, list []syntax.Stmt) {
		want := usesOf(list) | syntax.UsesKnown
		// What constants are good for is the optimiser's matter, whose tests look at that.
		if got &^= syntax.UsesConstants; got != want {
			t.Errorf("%s:%d %s: %b, want %b\n%s", c.File, c.Line, what, got, want, c.Script)
		}
		seen |= want
	}
	for _, c := range cases {
		f, err := syntax.Parse(c.Script, nil)
		if err != nil {
			continue
		}
		check(c, "script", f.Uses, f.Stmts)
		for _, d := range f.Funcs {
			check(c, d.Name.Name, d.Uses, d.Body.Stmts)
		}
		for _, s := range f.Stmts {
			syntax.Walk(s, func(n syntax.Node) bool {
				if x, ok := n.(*syntax.Closure); ok {
					check(c, "closure", x.Fn.Uses, x.Fn.Body.Stmts)
				}
				return true
			})
		}
	}
	if all := syntax.UsesKnown | syntax.UsesThis | syntax.UsesNames | syntax.UsesImport | syntax.UsesCaptures; seen != all {
		t.Errorf("the cases have %b of %b", seen, all)
	}
	if (syntax.Uses(0)).None(syntax.UsesThis) {
		t.Error("nothing is known about other trees")
	}
}
