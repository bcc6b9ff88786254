package comparepane

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// equalise gives B the settings of A and measures anew.
func (p *Pane) equalise() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	cfg := p.cfg
	if cfg.SideSettings(0).Equal(cfg.SideSettings(1)) {
		var names []string
		for _, x := range p.differences() {
			names = append(names, x.What)
		}
		if len(names) > 0 {
			return pane.Notify("the settings are the same: it is the strategies that differ in " + strings.Join(names, ", "))
		}
		return pane.Notify("both sides are configured alike")
	}
	cfg.Settings[1] = cfg.Settings[0]
	r := p.measure(cfg)
	r.Notice = "B has the settings of A: " + cfg.Settings[0].String()
	return r
}

// openSettings lists what can be set for each side: lines to take, or to complete
// with a value.
func (p *Pane) openSettings() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	c := &list.List{Title: "What is measured, and how", Typed: true, Hint: ": such as callers=4 or b max-operations=1000 · enter sets · esc closes"}
	c.Items = p.choiceItems()
	a, b := p.strategies()
	for i, s := range []wire.Strategy{a, b} {
		side := string(rune('a' + i))
		c.Items = append(c.Items, list.Item{Left: strings.ToUpper(side) + "  " + report.StrategyName(s)})
		for _, k := range wire.SettingKeys {
			now := k.Value(p.cfg.SideSettings(i))
			if now == "" {
				now = "default"
			}
			about := draw.Clean(now) + " · " + k.About
			if k.Values == nil {
				c.Items = append(c.Items, list.Item{ID: side + " " + k.Name + "=", Left: side + " " + k.Name + "=", Right: about})
			}
			for _, v := range k.Values {
				text := side + " " + k.Name + "=" + v
				c.Items = append(c.Items, list.Item{ID: text, Left: text, Right: about})
			}
		}
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Take: func() pane.Request { return p.takeSetting(c) }}}
}

// takeSetting sets what was chosen or typed and measures anew. A mistake leaves the
// list open.
func (p *Pane) takeSetting(c *list.List) pane.Request {
	open := pane.Request{Keep: true}
	text := c.Chosen()
	if text == "" {
		text = c.Filter
	}
	if text == setKey {
		if !strings.Contains(c.Filter, "=") {
			c.Type(setKey)
			c.Note = "type the name, = and the value as JSON, such as set total=100"
			return open
		}
		text = c.Filter
	}
	if strings.HasSuffix(text, "=") {
		_, val, ok := strings.Cut(c.Filter, "=")
		if !ok || val == "" {
			c.Type(text)
			c.Note = "type the value, or default"
			return open
		}
		text += val
	}
	if r, ok := p.choose(c, text); ok {
		return r
	}
	side, rest, _ := strings.Cut(text, " ")
	at := strings.Index("ab", strings.ToLower(side))
	if len(side) != 1 || at < 0 {
		c.Note = "want a setting such as callers=4, set total=100 or b max-operations=1000"
		return open
	}
	cfg := p.cfg
	if err := cfg.Settings[at].Set(rest, p.opts.Packages); err != nil {
		c.Note = err.Error()
		return open
	}
	if cfg.SideSettings(at).Equal(p.cfg.SideSettings(at)) {
		return pane.Notify("that is set already")
	}
	r := p.measure(cfg)
	r.Notice = strings.ToUpper(side) + ": " + cfg.SideSettings(at).String()
	return r
}

// Example is a script to compare when the user brought none.
type Example struct {
	Name, Description, Script string
	Vars                      []wire.Var
}

// openExamples lists the examples.
func (p *Pane) openExamples() pane.Request {
	if len(p.opts.Examples) == 0 {
		return pane.Notify("there are no examples")
	}
	c := &list.List{Title: "Examples"}
	for i, e := range p.opts.Examples {
		c.Items = append(c.Items, list.Item{ID: e.Name, Left: draw.Clean(e.Name), Right: draw.Clean(e.Description)})
		if e.Name == p.cfg.Name {
			c.Cursor = i
		}
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Take: func() pane.Request {
		for _, e := range p.opts.Examples {
			if e.Name == c.Chosen() {
				return p.MeasureScript(e.Name, e.Script, e.Vars).Showing(pane.TabCompare)
			}
		}
		return pane.Request{Keep: true}
	}}}
}
