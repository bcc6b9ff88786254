package debugpane

import (
	"context"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// TestStepsInAnyOrder checks that the pane shows where the run is after two steps of which
// the second was typed before the first was over, in whatever order their messages come.
func TestStepsInAnyOrder(t *testing.T) {
	for name, first := range map[string]int{"event first": 0, "command first": 1} {
		eng := engine.NewRaw()
		ast, err := eng.Compile("let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;")
		if err != nil {
			t.Fatal(err)
		}
		p := New(context.Background())
		p.Open(debug.New(debug.Options{Engine: eng, AST: ast}), nil)
		p.Update(p.Begin().Cmd())
		one := p.do("step")
		if two := p.do("step"); two.Cmd != nil {
			t.Fatal("the second step did not wait for the first")
		}
		r, _ := p.Update(one.Cmd())
		both, ok := r.Cmd().(tea.BatchMsg)
		if !ok || len(both) != 2 {
			t.Fatalf("%s: %d commands follow the first step", name, len(both))
		}
		msgs := []tea.Msg{both[0](), both[1]()}
		for _, i := range []int{first, 1 - first} {
			r, _ := p.Update(msgs[i])
			for r.Cmd != nil {
				r, _ = p.Update(r.Cmd())
			}
		}
		if at := p.session.Stopped(); p.stop == nil || p.stop != at || p.running || p.stop.Pos.Line != 3 || len(p.vars) != 2 {
			t.Errorf("%s: the pane is at %+v with %v, running %v; the run is at %+v", name, p.stop, p.vars, p.running, at)
		}
		p.Close()
	}
}
