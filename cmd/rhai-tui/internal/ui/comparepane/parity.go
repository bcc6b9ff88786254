package comparepane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// differences are what the engines of both sides differ in.
func (p *Pane) differences() []wire.Parity {
	if !p.have {
		return nil
	}
	return wire.Differences(p.snapshot.Parity)
}

// parity tells in w cells whether the engines are configured alike: with the
// values of both sides if there is room, else with less.
func (p *Pane) parity(t *draw.Theme, w int) string {
	if !p.have || len(p.snapshot.Parity) == 0 {
		return ""
	}
	list := p.differences()
	if len(list) == 0 {
		return t.Good.Render("✓ config parity: same")
	}
	var names, values []string
	for _, x := range list {
		names = append(names, draw.Clean(x.What))
		values = append(values, draw.Clean(fmt.Sprintf("%s (A %s, B %s)", x.What, x.A, x.B)))
	}
	n := figures.Plural(len(list), "difference", "differences")
	mark, key := t.Bad.Render("✗ "), t.Key.Render("[=]")
	forms := []string{
		mark + t.Bad.Render("config parity: "+n) + ": " + strings.Join(values, ", ") + "  " + key + t.Dim.Render(" equalise"),
		mark + t.Bad.Render(n) + ": " + strings.Join(values, ", ") + "  " + key,
		mark + t.Bad.Render(n) + ": " + strings.Join(names, ", ") + "  " + key + t.Dim.Render(" equalise"),
		mark + t.Bad.Render(n) + ": " + strings.Join(names, ", ") + " " + key,
		mark + t.Bad.Render(n) + " " + key,
	}
	for _, f := range forms[:len(forms)-1] {
		if draw.Width(f) <= w {
			return f
		}
	}
	return forms[len(forms)-1]
}
