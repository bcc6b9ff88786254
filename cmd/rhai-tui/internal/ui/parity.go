package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
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

// equalise gives B the settings of A and measures anew.
func (m *model) equalise() tea.Cmd {
	if m.sweeping() {
		return nil
	}
	cfg := m.compare.cfg
	if cfg.SideSettings(0).Equal(cfg.SideSettings(1)) {
		var names []string
		for _, x := range m.compare.differences() {
			names = append(names, x.What)
		}
		m.notice = "both sides are configured alike"
		if len(names) > 0 {
			m.notice = "the settings are the same: it is the strategies that differ in " + strings.Join(names, ", ")
		}
		return nil
	}
	cfg.Settings[1] = cfg.Settings[0]
	cmd := m.measure(cfg)
	m.notice = "B has the settings of A: " + cfg.Settings[0].String()
	return cmd
}

// openSettings lists what can be set for each side: lines to take, or to complete
// with a value.
func (m *model) openSettings() {
	if m.sweeping() {
		return
	}
	c := chooser{kind: settingsChooser, title: "Settings of a side"}
	a, b := m.compare.strategies()
	for i, s := range []wire.Strategy{a, b} {
		side := string(rune('a' + i))
		c.items = append(c.items, choice{left: strings.ToUpper(side) + "  " + report.StrategyName(s)})
		for _, k := range wire.SettingKeys {
			now := k.Value(m.compare.cfg.SideSettings(i))
			if now == "" {
				now = "default"
			}
			about := clean(now) + " · " + k.About
			if k.Values == nil {
				c.items = append(c.items, choice{side + " " + k.Name + "=", side + " " + k.Name + "=", about})
			}
			for _, v := range k.Values {
				text := side + " " + k.Name + "=" + v
				c.items = append(c.items, choice{text, text, about})
			}
		}
	}
	c.settle()
	m.chooser = c
}

// chooseSetting sets what was chosen or typed and measures anew. A mistake leaves
// the list open.
func (m *model) chooseSetting() tea.Cmd {
	c := &m.chooser
	text := c.chosen()
	if text == "" {
		text = c.filter
	}
	if strings.HasSuffix(text, "=") {
		_, val, ok := strings.Cut(c.filter, "=")
		if !ok || val == "" {
			c.typed(text)
			c.note = "type the value, or default"
			return nil
		}
		text += val
	}
	side, rest, _ := strings.Cut(text, " ")
	at := strings.Index("ab", strings.ToLower(side))
	if len(side) != 1 || at < 0 {
		c.note = "want a or b and a setting, such as b max-operations=1000"
		return nil
	}
	cfg := m.compare.cfg
	if err := cfg.Settings[at].Set(rest, m.opts.Packages); err != nil {
		c.note = err.Error()
		return nil
	}
	m.chooser = chooser{}
	if cfg.SideSettings(at).Equal(m.compare.cfg.SideSettings(at)) {
		m.notice = "that is set already"
		return nil
	}
	cmd := m.measure(cfg)
	m.notice = strings.ToUpper(side) + ": " + cfg.SideSettings(at).String()
	return cmd
}
