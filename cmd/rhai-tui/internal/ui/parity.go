package ui

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// differences are what the engines of both sides differ in.
func (p *comparePane) differences() []wire.Parity {
	if !p.have {
		return nil
	}
	return wire.Differences(p.snapshot.Parity)
}

// parity tells in w cells whether the engines are configured alike: with the
// values of both sides if there is room, else with less.
func (p *comparePane) parity(t *theme, w int) string {
	if !p.have || len(p.snapshot.Parity) == 0 {
		return ""
	}
	list := p.differences()
	if len(list) == 0 {
		return t.good.Render("✓ config parity: same")
	}
	var names, values []string
	for _, x := range list {
		names = append(names, clean(x.What))
		values = append(values, clean(fmt.Sprintf("%s (A %s, B %s)", x.What, x.A, x.B)))
	}
	n := figures.Plural(len(list), "difference", "differences")
	mark, key := t.bad.Render("✗ "), t.key.Render("[=]")
	forms := []string{
		mark + t.bad.Render("config parity: "+n) + ": " + strings.Join(values, ", ") + "  " + key + t.dim.Render(" equalise"),
		mark + t.bad.Render(n) + ": " + strings.Join(values, ", ") + "  " + key,
		mark + t.bad.Render(n) + ": " + strings.Join(names, ", ") + "  " + key + t.dim.Render(" equalise"),
		mark + t.bad.Render(n) + ": " + strings.Join(names, ", ") + " " + key,
		mark + t.bad.Render(n) + " " + key,
	}
	for _, f := range forms[:len(forms)-1] {
		if width(f) <= w {
			return f
		}
	}
	return forms[len(forms)-1]
}
