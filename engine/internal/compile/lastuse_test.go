package compile

import (
	"reflect"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// TestMentions: all kinds of nodes are looked into, as a walk does.
func TestMentions(t *testing.T) {
	o := &syntax.Options{Syntax: map[string]*syntax.CustomSyntax{"twice": {
		Next: func(seen []string, _ string) (next, variant string, err error) {
			return map[int]string{1: syntax.MarkExpr, 2: syntax.MarkBlock}[len(seen)], "", nil
		},
	}}}
	for _, src := range []string{
		"a; let b = c; d = e; d += f; { g; { h } }", "if a { b } else if c { d } else { e }", "if a { b }",
		"switch a { 1 | 2 => b, 5 if d => e, 3..4 => c, _ => { f } }", "while a { b } loop { c; break } do { d } until e",
		"for i in a { b; i }", "for (i, k) in a..b { loop { break c; } }", "fn f() {}", "a; try { throw b; } catch (e) { e; c }",
		"import a as b; b::c; b::d(e); export a; let x = 1; export x as y", "a.b.c[d].e(f, g).h[i][j]", "a?.b?.c(d)?[e]",
		"-a + !b * c", "f(a, g(b)); h!(c)", "a && b || c ?? d", "`${a}b${c}${ {d; e} }`", "[a, [b], #{c: d, e: [f]}]",
		"|a, b| a + c + |d| d + e", "let x = if a { b } else { c }; x", "a in b; c !in d", "return a", "twice a { b; |x| x + c }",
		"|x| { twice x + a { b } }", "a ?? return b", "a.b = c; a[d].e += f",
	} {
		f, err := syntax.Parse(src, o)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		var got, want mentions
		got.find(f.Stmts)
		for i, s := range f.Stmts {
			syntax.Walk(s, func(n syntax.Node) bool {
				switch n := n.(type) {
				case *syntax.Ident:
					want.add(n.Name, i)
				case *syntax.Export:
					want.add(n.Name.Name, i)
				case *syntax.Closure:
					for _, c := range n.Captures {
						want.add(c.Name, i)
					}
				}
				return true
			})
		}
		by := func(m mentions) map[string]lastUses {
			out := map[string]lastUses{}
			for _, u := range m.list {
				out[u.name] = u
			}
			return out
		}
		if g, w := by(got), by(want); !reflect.DeepEqual(g, w) {
			t.Errorf("%s\nmentions %v\nwant     %v", src, g, w)
		}
	}
}
