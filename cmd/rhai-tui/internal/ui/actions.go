package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// actions are the keys of the panes and those of the screen itself.
func (m *model) allActions() []Action {
	show := func(scope Scope, id, title string, tab Tab, keys ...string) Action {
		return Action{ID: id, Scope: scope, Keys: keys, Title: title, Run: func() Request { return Request{}.Showing(tab) }}
	}
	next := func(by int) func() Request {
		return func() Request { return Request{}.Showing(m.neighbour(by)) }
	}
	return slices.Concat(m.compare.Actions(), m.profile.Actions(), m.repl.Actions(), []Action{
		show(InNav, "tab-1", "REPL", TabREPL, "1"),
		show(InNav, "tab-2", "Compare", TabCompare, "2"),
		show(InNav, "tab-3", "Profile", TabProfile, "3"),
		{ID: "tab-next", Scope: InNav, Keys: []string{"tab"}, Title: "next screen", Run: next(1)},
		{ID: "tab-back", Scope: InNav, Keys: []string{"shift+tab"}, Title: "previous screen", Run: next(-1)},
		{ID: "copy", Scope: InNav, Keys: []string{"y"}, Title: "copy the verdict, the path of the profile or the last value", Run: m.copy},
		{ID: "help-nav", Scope: InNav, Keys: []string{"?"}, Title: "this help", Run: m.openHelp},
		{ID: "quit", Scope: InNav, Keys: []string{"q", "ctrl+d"}, Title: "quit", Hint: Hint{Label: "quit"}, Run: func() Request { return Request{Quit: true} }},

		show(Always, "repl", "REPL", TabREPL, "alt+1", "f2"),
		show(Always, "compare", "Compare", TabCompare, "alt+2", "f3"),
		show(Always, "profile", "Profile", TabProfile, "alt+3", "f4"),
		{ID: "help", Scope: Always, Keys: []string{"f1"}, Title: "this help", Run: m.openHelp},
		{ID: "interrupt", Scope: Always, Keys: []string{"ctrl+c"}, Title: "stop what runs, then clear the input, then quit", Run: m.interrupt},
		{ID: "redraw", Scope: Always, Keys: []string{"ctrl+l"}, Title: "draw the screen anew", Run: func() Request { return Commands(tea.ClearScreen) }},
		{ID: "suspend", Scope: Always, Keys: []string{"ctrl+z"}, Title: "suspend", Run: func() Request { return Commands(tea.Suspend) }},
	})
}

// scopes lists where keys count now, the narrowest first.
func (m *model) scopes() []Scope {
	switch m.tab {
	case TabREPL:
		return m.repl.Scopes()
	case TabProfile:
		return m.profile.Scopes()
	}
	return m.compare.Scopes()
}

// action finds what a key does now.
func (m *model) action(key string) *Action {
	for _, s := range m.scopes() {
		if i, ok := m.keymap[s][key]; ok {
			return &m.actions[i]
		}
	}
	return nil
}

// makeKeymap indexes the actions.
func makeKeymap(list []Action) map[Scope]map[string]int {
	km := map[Scope]map[string]int{}
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
func (m *model) openHelp() Request {
	c := &chooser{Title: "Keys"}
	seen := map[Scope]bool{}
	add := func(s Scope) {
		if seen[s] {
			return
		}
		seen[s] = true
		c.Items = append(c.Items, choice{Left: ScopeNames[s]})
		for _, a := range m.actions {
			if a.Scope == s {
				c.Items = append(c.Items, choice{a.ID, strings.Join(a.Keys, "  "), a.Title})
			}
		}
	}
	for _, s := range m.scopes() {
		add(s)
	}
	for s := InCompare; s <= Always; s++ {
		add(s)
	}
	c.Settle()
	return Request{Open: &Overlay{List: c, Close: []string{"?"}, Take: func() Request {
		for i := range m.actions {
			if m.actions[i].ID == c.Chosen() {
				return m.actions[i].Run()
			}
		}
		return Request{Keep: true}
	}}}
}

// copy puts what matters on this screen on the clipboard of the terminal.
func (m *model) copy() Request {
	text := ""
	switch m.tab {
	case TabCompare:
		text = m.compare.Copy()
	case TabProfile:
		text = m.profile.Copy()
	case TabREPL:
		text = m.repl.Copy()
	}
	if text == "" {
		return Notify("there is nothing to copy")
	}
	return Request{Cmd: tea.SetClipboard(text), Notice: "copied: " + text}
}

// hints is the line of keys that matter here.
func (m *model) hints(w int) string {
	scopes := m.scopes()
	key := "?"
	if slices.Contains(scopes, InEditor) {
		key = "F1"
	}
	help := m.th.key.Render(key) + m.th.dim.Render(" help")
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
			text := m.th.key.Render(keys) + " " + m.th.dim.Render(a.Hint.Label)
			if width(line)+width(text)+width(help)+5 > w {
				continue
			}
			line += " " + text + " "
		}
	}
	return spread(line, help+" ", w)
}
