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
		r, _ := p.Update(p.do("step").Cmd())
		event := r.Cmd()
		msgs := []tea.Msg{event, p.do("step").Cmd()}
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

// TestStepsWait checks that steps which are typed while another one is in progress are
// taken where that ends.
func TestStepsWait(t *testing.T) {
	eng := engine.NewRaw()
	ast, err := eng.Compile("let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;")
	if err != nil {
		t.Fatal(err)
	}
	p := New(context.Background())
	p.Open(debug.New(debug.Options{Engine: eng, AST: ast}), nil)
	defer p.Close()
	p.Update(p.Begin().Cmd())
	cmd := p.do("step").Cmd
	p.do("step")
	p.do("step")
	for cmd != nil {
		r, _ := p.Update(cmd())
		cmd = r.Cmd
	}
	if p.stop == nil || p.stop.Pos.Line != 4 {
		t.Errorf("the pane is at %+v; it says %q", p.stop, p.lines)
	}
}
