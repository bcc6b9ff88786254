package ui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/repl"
)

// actions are the keys of the panes and those of the screen itself.
func (m *model) allActions() []pane.Action {
	show := func(scope pane.Scope, id, title string, tab pane.Tab, keys ...string) pane.Action {
		return pane.Action{ID: id, Scope: scope, Keys: keys, Title: title, Run: func() pane.Request { return pane.Request{}.Showing(tab) }}
	}
	next := func(by int) func() pane.Request {
		return func() pane.Request { return pane.Request{}.Showing(m.neighbour(by)) }
	}
	screens := slices.Concat(m.compare.Actions(), m.profile.Actions(), m.debug.Actions(), m.repl.Actions(), []pane.Action{
		show(pane.InNav, "tab-1", "REPL", pane.TabREPL, "1"),
		show(pane.InNav, "tab-2", "Compare", pane.TabCompare, "2"),
		show(pane.InNav, "tab-3", "Profile", pane.TabProfile, "3"),
		show(pane.InNav, "tab-4", "Debugger", pane.TabDebug, "4"),
		{ID: "tab-next", Scope: pane.InNav, Keys: []string{"tab"}, Title: "next screen", Run: next(1)},
		{ID: "tab-back", Scope: pane.InNav, Keys: []string{"shift+tab"}, Title: "previous screen", Run: next(-1)},
		{ID: "log-tab-next", Scope: pane.InLog, Keys: []string{"tab"}, Title: "next screen", Run: next(1)},
		{ID: "log-tab-back", Scope: pane.InLog, Keys: []string{"shift+tab"}, Title: "previous screen", Run: next(-1)},
		show(pane.Always, "repl", "REPL", pane.TabREPL, "alt+1", "f2"),
		show(pane.Always, "compare", "Compare", pane.TabCompare, "alt+2", "f3"),
		show(pane.Always, "profile", "Profile", pane.TabProfile, "alt+3", "f4"),
		show(pane.Always, "debugger", "Debugger", pane.TabDebug, "alt+4"),
	})
	switch {
	case m.opts.Debug != nil:
		screens = m.debug.Actions()
	case m.opts.View != nil:
		screens = m.profile.Actions()
	}
	actions := slices.Concat(screens, []pane.Action{
		{ID: "copy", Scope: pane.InNav, Keys: []string{"y"}, Title: "copy the verdict, the function under the cursor or the last value", Run: m.copy},
		{ID: "help-nav", Scope: pane.InNav, Keys: []string{"?"}, Title: "this help", Run: m.openHelp},
		{ID: "quit", Scope: pane.InNav, Keys: []string{"q", "ctrl+d"}, Title: "quit", Hint: pane.Hint{Label: "quit"}, Run: func() pane.Request { return pane.Request{Quit: true} }},

		{ID: "help", Scope: pane.Always, Keys: []string{"f1"}, Title: "this help", Run: m.openHelp},
		{ID: "palette", Scope: pane.Always, Keys: []string{"alt+x"}, Title: "palette: everything that can be done here, and the commands of the REPL", Run: m.openPalette},
		{ID: "interrupt", Scope: pane.Always, Keys: []string{"ctrl+c"}, Title: "stop what runs, then clear the input, then quit", Run: m.interrupt},
		{ID: "redraw", Scope: pane.Always, Keys: []string{"ctrl+l"}, Title: "draw the screen anew", Run: func() pane.Request { return pane.Commands(tea.ClearScreen) }},
		{ID: "suspend", Scope: pane.Always, Keys: []string{"ctrl+z"}, Title: "suspend", Run: func() pane.Request { return pane.Commands(tea.Suspend) }},

		{ID: "list-take", Scope: pane.InList, Keys: []string{"enter"}, Title: "take the line", Run: m.takeOverlay},
		{ID: "list-close", Scope: pane.InList, Keys: []string{"esc", "ctrl+c", "f1"}, Title: "close; q does so too as long as nothing was typed", Run: pane.Do(m.closeOverlay)},
	})
	fold := func(closed bool) func() pane.Request {
		return pane.Do(func() {
			if m.overlay != nil && m.overlay.Fold != nil {
				m.overlay.Fold(closed)
			}
		})
	}
	actions = append(actions,
		pane.Action{ID: "list-fold", Scope: pane.InList, Keys: []string{"left"}, Title: "in a value: fold; enter does so, too", Run: fold(true)},
		pane.Action{ID: "list-unfold", Scope: pane.InList, Keys: []string{"right"}, Title: "in a value: unfold", Run: fold(false)})
	actions = append(actions, pane.Action{ID: "list-sort", Scope: pane.InList, Keys: []string{"ctrl+s"}, Title: "in the history: sort by time or by cost", Run: pane.Do(func() {
		if m.overlay != nil && m.overlay.Sort != nil {
			m.overlay.Sort()
		}
	})})
	for _, k := range list.Keys {
		actions = append(actions, pane.Action{ID: k.ID, Scope: pane.InList, Keys: k.Keys, Title: k.Title, Run: pane.Do(func() {
			if m.overlay != nil {
				k.Do(m.overlay.List)
			}
		})})
	}
	return actions
}

// rekey gives actions other keys than the usual ones.
func rekey(actions []pane.Action, keys map[string][]string) {
	for i := range actions {
		if own, ok := keys[actions[i].ID]; ok {
			actions[i].Keys = own
		}
	}
}

// Keys describes an action, for manuals and settings.
type Keys struct {
	ID, Scope, Title string
	Keys             []string
}

// KeyTable lists all actions, by scopes.
func KeyTable() []Keys {
	m := newModel(context.Background(), Options{})
	var out []Keys
	for s := range pane.ScopeNames {
		for _, a := range m.actions {
			if int(a.Scope) == s {
				out = append(out, Keys{a.ID, pane.ScopeNames[s], a.Title, a.Keys})
			}
		}
	}
	return out
}

// CheckKeys reports what is wrong with keys of actions in place of the usual ones: an
// action that does not exist, or a key that another action has in the same place.
func CheckKeys(keys map[string][]string) error {
	m := newModel(context.Background(), Options{})
	ids := map[string]bool{}
	for _, a := range m.actions {
		ids[a.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		if !ids[id] {
			return &UnknownActionError{id}
		}
	}
	rekey(m.actions, keys)
	owner := map[pane.Scope]map[string]string{}
	for _, a := range m.actions {
		if owner[a.Scope] == nil {
			owner[a.Scope] = map[string]string{}
		}
		for _, k := range a.Keys {
			if other := owner[a.Scope][k]; other != "" {
				return fmt.Errorf("the key %s would be both of %s and of %s", k, other, a.ID)
			}
			owner[a.Scope][k] = a.ID
		}
	}
	return nil
}

// UnknownActionError names an action that does not exist.
type UnknownActionError struct{ ID string }

// Error says that there is no such action.
func (e *UnknownActionError) Error() string { return "there is no action " + e.ID }

// scopes lists where keys count now, the narrowest first.
func (m *model) scopes() []pane.Scope {
	if m.overlay != nil {
		return []pane.Scope{pane.InList}
	}
	return m.scopesBelow()
}

// scopesBelow are those of the screen under a list.
func (m *model) scopesBelow() []pane.Scope {
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

// begins reports whether a key is the first of two that do something now.
func (m *model) begins(key string) bool {
	for _, s := range m.scopes() {
		for k := range m.keymap[s] {
			if strings.HasPrefix(k, key+" ") {
				return true
			}
		}
	}
	return false
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
	for _, s := range m.scopesBelow() {
		add(s)
	}
	for s := range pane.ScopeNames {
		add(pane.Scope(s))
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Close: []string{"?"}, Take: func() pane.Request {
		return m.runAction(c.Chosen())
	}}}
}

// runAction does an action that was chosen in a list.
func (m *model) runAction(id string) pane.Request {
	for i := range m.actions {
		if a := &m.actions[i]; a.ID == id && a.Scope != pane.InList && a.Scope != pane.InLine && a.Scope != pane.InCommand {
			m.overlay = nil // the action may open another list
			r := a.Run()
			r.Keep = r.Open != nil || r.Help
			return r
		}
	}
	return pane.Request{Keep: true}
}

// openPalette lists what can be done now, and the commands of the REPL.
func (m *model) openPalette() pane.Request {
	c := &list.List{Title: "Palette", Fuzzy: true}
	for _, s := range m.scopesBelow() {
		for _, a := range m.actions {
			if a.Scope == s && a.ID != "palette" {
				c.Items = append(c.Items, list.Item{ID: a.ID, Left: a.Title, Right: strings.Join(a.Keys, "  ")})
			}
		}
	}
	if m.opts.View == nil {
		for x := range repl.Commands() {
			c.Items = append(c.Items, list.Item{ID: ":" + x.Name, Left: x.Usage(), Right: x.Help})
		}
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Close: []string{"alt+x"}, Take: func() pane.Request {
		id := c.Chosen()
		if name, ok := strings.CutPrefix(id, ":"); ok {
			return m.repl.Command(name).Showing(pane.TabREPL)
		}
		return m.runAction(id)
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
	scopes := m.scopesBelow()
	key := "F1"
	if slices.Contains(scopes, pane.InNav) {
		key = "?"
	}
	help := m.th.Key.Render(key) + m.th.Dim.Render(" help")
	line := ""
	for _, s := range scopes {
		for _, a := range m.actions {
			if len(a.Keys) == 0 || a.Scope != s || a.Hint.Label == "" || a.Idle != nil && a.Idle() {
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
