package replpane

import (
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl"
)

// shown are the lines of a viewer that are not hidden.
func shown(v *viewer) string {
	var out []string
	for _, x := range v.list.Items {
		if !x.Hidden {
			out = append(out, x.Left)
		}
	}
	return strings.Join(out, "\n")
}

func TestFold(t *testing.T) {
	v := newViewer("value", strings.Split("[\n  1,\n  [\n    2,\n    #{\n      a: 3,\n    },\n  ],\n  4,\n]", "\n"))
	v.list.Choose("5") // a: 3
	v.fold(true)
	if got := shown(v); got != "[\n  1,\n  [\n    2,\n    #{ … 1 line … },\n  ],\n  4,\n]" || v.chosen() != 4 {
		t.Errorf("the map folded:\n%s", got)
	}
	v.fold(true) // what is around it
	if got := shown(v); got != "[\n  1,\n  [ … 4 lines … ],\n  4,\n]" || v.chosen() != 2 {
		t.Errorf("the array folded:\n%s", got)
	}
	// A search looks into what is folded.
	v.list.Type("a: 3")
	if v.chosen() != 5 {
		t.Errorf("line %d is found", v.chosen())
	}
	v.list.Type("")
	v.list.Choose("2")
	v.fold(false)
	if got := shown(v); got != "[\n  1,\n  [\n    2,\n    #{ … 1 line … },\n  ],\n  4,\n]" {
		t.Errorf("the array unfolded:\n%s", got)
	}
	o := v.request().Open
	if r := o.Take(); !r.Keep || !strings.Contains(shown(v), "[ … 4 lines … ]") {
		t.Errorf("enter does not fold:\n%s", shown(v))
	}
}

func TestCompletionWhileTyping(t *testing.T) {
	std := packages.Standard()
	session := repl.New(repl.Options{Engine: engine.New(std), Modules: []*engine.Module{std.SharedModule()}})
	for _, c := range []struct {
		text string
		open bool
	}{
		{"[1].", true}, {"[1].ma", true}, {"1.", false}, {"1.5", false}, {"0..", false}, {"let x", false}, {"\"a.", false}, {"// a.", false}, {"x1.ab", false}, {"\"a\".le", true}, {"a.b", false},
	} {
		d := &driver{t: t, p: New(t.Context(), session, Options{})}
		d.actions = d.p.Actions()
		d.press(c.text)
		if got := d.p.list != nil; got != c.open {
			t.Errorf("%q: list %v", c.text, d.p.list)
		}
		off := &driver{t: t, p: New(t.Context(), session, Options{TabOnly: true})}
		if off.actions = off.p.Actions(); off.press(c.text).p.list != nil {
			t.Errorf("%q: a list opens by itself", c.text)
		}
	}
	// Enter runs as long as nothing was chosen; tab chooses, and then enter takes.
	d := &driver{t: t, p: New(t.Context(), session, Options{})}
	d.actions = d.p.Actions()
	d.press("[1].le", "enter")
	if d.p.running == nil {
		t.Error("enter does not run while the list is open by itself")
	}
	d = &driver{t: t, p: New(t.Context(), session, Options{})}
	d.actions = d.p.Actions()
	d.press("[1].ma", "tab", "enter")
	if d.p.Text() != "[1].map" || d.p.running != nil {
		t.Errorf("took %q", d.p.Text())
	}
	if f, _, of := d.press("(").p.documented(); f == nil || f.Name != "map" || of < 2 {
		t.Errorf("documented: %+v", f)
	}
	first, _, _ := d.p.documented()
	if second, _, _ := d.press("alt+.").p.documented(); second == first {
		t.Error("alt+. shows the same overload")
	}
}
