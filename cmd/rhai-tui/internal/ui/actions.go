package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
)

// actions are the keys of the panes and those of the screen itself.
func (m *model) allActions() []pane.Action {
	show := func(scope pane.Scope, id, title string, tab pane.Tab, keys ...string) pane.Action {
		return pane.Action{ID: id, Scope: scope, Keys: keys, Title: title, Run: func() pane.Request { return pane.Request{}.Showing(tab) }}
	}
	next := func(by int) func() pane.Request {
		return func() pane.Request { return pane.Request{}.Showing(m.neighbour(by)) }
	}
	screens := slices.Concat(m.compare.Actions(), m.profile.Actions(), m.repl.Actions(), []pane.Action{
		show(pane.InNav, "tab-1", "REPL", pane.TabREPL, "1"),
		show(pane.InNav, "tab-2", "Compare", pane.TabCompare, "2"),
		show(pane.InNav, "tab-3", "Profile", pane.TabProfile, "3"),
		{ID: "tab-next", Scope: pane.InNav, Keys: []string{"tab"}, Title: "next screen", Run: next(1)},
		{ID: "tab-back", Scope: pane.InNav, Keys: []string{"shift+tab"}, Title: "previous screen", Run: next(-1)},
		show(pane.Always, "repl", "REPL", pane.TabREPL, "alt+1", "f2"),
		show(pane.Always, "compare", "Compare", pane.TabCompare, "alt+2", "f3"),
		show(pane.Always, "profile", "Profile", pane.TabProfile, "alt+3", "f4"),
	})
	switch {
	case m.opts.Debug != nil:
		screens = m.debug.Actions()
	case m.opts.View != nil:
		screens = m.profile.Actions()
	}
	return slices.Concat(screens, []pane.Action{
		{ID: "copy", Scope: pane.InNav, Keys: []string{"y"}, Title: "copy the verdict, the function under the cursor or the last value", Run: m.copy},
		{ID: "help-nav", Scope: pane.InNav, Keys: []string{"?"}, Title: "this help", Run: m.openHelp},
		{ID: "quit", Scope: pane.InNav, Keys: []string{"q", "ctrl+d"}, Title: "quit", Hint: pane.Hint{Label: "quit"}, Run: func() pane.Request { return pane.Request{Quit: true} }},

		{ID: "help", Scope: pane.Always, Keys: []string{"f1"}, Title: "this help", Run: m.openHelp},
		{ID: "interrupt", Scope: pane.Always, Keys: []string{"ctrl+c"}, Title: "stop what runs, then clear the input, then quit", Run: m.interrupt},
		{ID: "redraw", Scope: pane.Always, Keys: []string{"ctrl+l"}, Title: "draw the screen anew", Run: func() pane.Request { return pane.Commands(tea.ClearScreen) }},
		{ID: "suspend", Scope: pane.Always, Keys: []string{"ctrl+z"}, Title: "suspend", Run: func() pane.Request { return pane.Commands(tea.Suspend) }},
	})
}

// scopes lists where keys count now, the narrowest first.
func (m *model) scopes() []pane.Scope {
	switch m.tab {
	case pane.TabREPL:
		return m.repl.Scopes()
	case pane.TabProfile:
		return m.profile.Scopes()
	case pane.TabDebug:
		return m.debug.Scopes()
	}
	return m.compare.Scopes()
}

// action finds what a key does now.
func (m *model) action(key string) *pane.Action {
	for _, s := range m.scopes() {
		if i, ok := m.keymap[s][key]; ok {
			return &m.actions[i]
		}
	}
	return nil
}

// makeKeymap indexes the actions.
func makeKeymap(list []pane.Action) map[pane.Scope]map[string]int {
	km := map[pane.Scope]map[string]int{}
	for i, a := range list {
		if km[a.Scope] == nil {
			km[a.Scope] = map[string]int{}
		}
		for _, k := range a.Keys {
			km[a.Scope][k] = i
		}
	}
	return km
}

// openHelp lists all actions; enter carries one out.
func (m *model) openHelp() pane.Request {
	c := &list.List{Title: "Keys"}
	seen := map[pane.Scope]bool{}
	add := func(s pane.Scope) {
		if seen[s] || !slices.ContainsFunc(m.actions, func(a pane.Action) bool { return a.Scope == s }) {
			return
		}
		seen[s] = true
		c.Items = append(c.Items, list.Item{Left: pane.ScopeNames[s]})
		for _, a := range m.actions {
			if a.Scope == s {
				c.Items = append(c.Items, list.Item{ID: a.ID, Left: strings.Join(a.Keys, "  "), Right: a.Title})
			}
		}
	}
	for _, s := range m.scopes() {
		add(s)
	}
	for s := pane.InCompare; s <= pane.Always; s++ {
		add(s)
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Close: []string{"?"}, Take: func() pane.Request {
		for i := range m.actions {
			if m.actions[i].ID == c.Chosen() {
				return m.actions[i].Run()
			}
		}
		return pane.Request{Keep: true}
	}}}
}

// copy puts what matters on this screen on the clipboard of the terminal.
func (m *model) copy() pane.Request {
	text := ""
	switch m.tab {
	case pane.TabCompare:
		text = m.compare.Copy()
	case pane.TabProfile:
		text = m.profile.Copy()
	case pane.TabREPL:
		text = m.repl.Copy()
	case pane.TabDebug:
		text = m.debug.Copy()
	}
	if text == "" {
		return pane.Notify("there is nothing to copy")
	}
	return pane.Request{Cmd: tea.SetClipboard(text), Notice: "copied: " + text}
}

// hints is the line of keys that matter here.
func (m *model) hints(w int) string {
	scopes := m.scopes()
	key := "?"
	if slices.Contains(scopes, pane.InEditor) {
		key = "F1"
	}
	help := m.th.Key.Render(key) + m.th.Dim.Render(" help")
	line := ""
	for _, s := range scopes {
		for _, a := range m.actions {
			if a.Scope != s || a.Hint.Label == "" || a.Idle != nil && a.Idle() {
				continue
			}
			keys := a.Hint.Keys
			if keys == "" {
				keys = a.Keys[0]
			}
			text := m.th.Key.Render(keys) + " " + m.th.Dim.Render(a.Hint.Label)
			if draw.Width(line)+draw.Width(text)+draw.Width(help)+5 > w {
				continue
			}
			line += " " + text + " "
		}
	}
	return draw.Spread(line, help+" ", w)
}
