package draw

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestBraille(t *testing.T) {
	b := NewBraille(3, 2)
	b.Set(0, 0, 0)
	b.Set(0, 1, 3)
	b.Line(1, 5, 7, 0)
	b.Set(0, -1, 0)
	b.Set(0, 6, 0)
	b.Set(0, 0, 8)
	th := NewTheme(true, false, true)
	got := b.Render(th)
	for i := range got {
		got[i] = ansi.Strip(got[i])
	}
	if len(got) != 2 || got[0] != "⢁ ⢸" || got[1] != "  ⢸" {
		t.Errorf("%q", got)
	}
	if ASCII(got[0]) != "* *" {
		t.Errorf("in ASCII: %q", ASCII(got[0]))
	}
	if n := len(NewBraille(0, -1).Render(th)); n != 0 {
		t.Errorf("%d rows of nothing", n)
	}
}
