package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// scope says where the keys of an action count.
type scope uint8

// The scopes, in the order in which the help shows them. Keys of a narrower scope
// win over those of a wider one.
const (
	inCompare scope = iota
	inProfile
	inEditor
	inLog  // the REPL outside its editor
	inNav  // everywhere outside the editor
	always // everywhere
)

var scopeNames = [...]string{
	inCompare: "Compare", inProfile: "Profile", inEditor: "REPL, in the editor", inLog: "REPL, outside the editor",
	inNav: "Outside the editor", always: "Everywhere",
}

// action is one thing that a key does. Keymap, help and hint line are made of the
// table of actions.
type action struct {
	id    string
	scope scope
	keys  []string
	title string
	hint  string // short name for the hint line, "" if it is not shown there
	run   func(m *model) tea.Cmd
}

// do makes an action of a method that needs no command.
func do(f func(m *model)) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		f(m)
		return nil
	}
}

// edit makes an action of a change to the editor, which closes the list of
// completions.
func edit(f func(e *editor)) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		m.repl.list = nil
		f(&m.repl.ed)
		return nil
	}
}

// actions is the table. It is made by a function because the help action reads it.
func actions() []action {
	return []action{
		{"pause", inCompare, []string{"space"}, "pause or go on", "pause", (*model).togglePause},
		{"restart", inCompare, []string{"r"}, "measure anew, in a fresh worker", "restart", (*model).restart},
		{"callers-more", inCompare, []string{"+"}, "one more concurrent caller", "+ - callers", func(m *model) tea.Cmd { return m.setCallers(1) }},
		{"callers-fewer", inCompare, []string{"-", "_"}, "one concurrent caller fewer", "", func(m *model) tea.Cmd { return m.setCallers(-1) }},
		{"strategy-same", inCompare, []string{"a"}, "compare A with itself, and back: what noise does", "a A/A", (*model).toggleSame},
		{"equalise", inCompare, []string{"="}, "give B the settings of A and measure anew", "= equalise", (*model).equalise},
		{"mode", inCompare, []string{"m"}, "at a fixed rate, half of what both sides can do, and back", "m mode", (*model).toggleMode},
		{"plot-time", inCompare, []string{"t"}, "mean by round", "t h c plots", do(func(m *model) { m.setPlot(timePlot) })},
		{"plot-histogram", inCompare, []string{"h"}, "histogram of the latencies", "", do(func(m *model) { m.setPlot(histogramPlot) })},
		{"plot-cdf", inCompare, []string{"c"}, "distribution of the latencies", "", do(func(m *model) { m.setPlot(cdfPlot) })},
		{"sweep", inCompare, []string{"w"}, "measure with 1 to twice the processors' callers", "w sweep", (*model).startSweep},
		{"plot-script", inCompare, []string{"v"}, "the script and what it gives", "", do(func(m *model) { m.setPlot(scriptPlot) })},
		{"export", inCompare, []string{"e"}, "write the evidence to files", "e export", (*model).export},
		{"profile-both", inCompare, []string{"p", "P"}, "capture profiles of both sides", "profile", (*model).captureBoth},
		{"settings", inCompare, []string{":"}, "set packages, resolver, print, limits or optimisation of a side", ": settings", do((*model).openSettings)},
		{"examples", inCompare, []string{"o"}, "choose an example", "examples", do((*model).openExamples)},

		{"capture", inProfile, []string{"P", "p", "enter"}, "capture profiles", "capture", (*model).capture},
		{"capture-which", inProfile, []string{"s"}, "capture of both, A or B in turn", "s side", do(func(m *model) { m.profile.which = (m.profile.which + 1) % 3 })},
		{"capture-b", inProfile, []string{"b"}, "capture of both", "", do(func(m *model) { m.profile.which = 0 })},
		{"capture-g", inProfile, []string{"g"}, "capture of A", "", do(func(m *model) { m.profile.which = 1 })},
		{"capture-w", inProfile, []string{"w"}, "capture of B", "", do(func(m *model) { m.profile.which = 2 })},
		{"capture-time", inProfile, []string{"d"}, "how long to capture", "duration", do(func(m *model) { m.profile.nextDuration() })},
		{"type", inProfile, []string{"t"}, "next type of profile", "type", do(func(m *model) { m.profile.nextKind(1) })},
		{"type-back", inProfile, []string{"T"}, "previous type of profile", "", do(func(m *model) { m.profile.nextKind(-1) })},
		{"top-up", inProfile, []string{"up", "k"}, "scroll up", "", do(func(m *model) { m.profile.scroll(-1) })},
		{"top-down", inProfile, []string{"down", "j"}, "scroll down", "up down scroll", do(func(m *model) { m.profile.scroll(1) })},
		{"top-page-up", inProfile, []string{"pgup"}, "scroll up a page", "", do(func(m *model) { m.profile.scroll(-10) })},
		{"top-page-down", inProfile, []string{"pgdown"}, "scroll down a page", "", do(func(m *model) { m.profile.scroll(10) })},
		{"top-home", inProfile, []string{"home"}, "to the first line", "", do(func(m *model) { m.profile.scroll(-1 << 20) })},

		{"run", inEditor, []string{"enter"}, "run if the text is complete, else a new line; take a completion", "run", (*model).enter},
		{"run-anyway", inEditor, []string{"f9", "ctrl+enter"}, "run as it is", "", (*model).runCell},
		{"newline", inEditor, []string{"alt+enter", "ctrl+j", "shift+enter"}, "new line", "new line", edit(func(e *editor) { e.newline(-1) })},
		{"complete", inEditor, []string{"tab", "ctrl+space"}, "complete; next completion", "complete", do((*model).complete)},
		{"complete-back", inEditor, []string{"shift+tab"}, "previous completion", "", do(func(m *model) { m.moveList(-1) })},
		{"up", inEditor, []string{"up", "ctrl+p"}, "line up; at the first line: earlier input that begins alike", "up history", do(func(m *model) { m.vertical(-1) })},
		{"down", inEditor, []string{"down", "ctrl+n"}, "line down; at the last line: later input", "", do(func(m *model) { m.vertical(1) })},
		{"history-up", inEditor, []string{"alt+up"}, "earlier input that begins alike", "", do(func(m *model) { m.repl.recall(false) })},
		{"history-down", inEditor, []string{"alt+down"}, "later input", "", do(func(m *model) { m.repl.recall(true) })},
		{"history", inEditor, []string{"ctrl+r"}, "search earlier input", "", do((*model).openHistory)},
		{"vars", inEditor, []string{"alt+v"}, "show or hide the variables", "", do(func(m *model) { m.repl.toggled = !m.repl.toggled })},
		{"left", inEditor, []string{"left", "ctrl+b"}, "character to the left", "", edit(func(e *editor) { e.move(e.before()) })},
		{"right", inEditor, []string{"right", "ctrl+f"}, "character to the right; at the end take the suggestion", "", do((*model).right)},
		{"word-left", inEditor, []string{"alt+b", "alt+left", "ctrl+left"}, "word to the left", "", edit(func(e *editor) { e.move(e.wordBefore()) })},
		{"word-right", inEditor, []string{"alt+f", "alt+right", "ctrl+right"}, "word to the right", "", edit(func(e *editor) { e.move(e.wordAfter()) })},
		{"line-start", inEditor, []string{"home", "ctrl+a"}, "start of the line", "", edit(func(e *editor) { e.move(e.row, 0) })},
		{"line-end", inEditor, []string{"end", "ctrl+e"}, "end of the line; at the end take the suggestion", "", do((*model).lineEnd)},
		{"erase", inEditor, []string{"backspace", "ctrl+h"}, "delete to the left", "", edit(func(e *editor) { e.delete(e.before()) })},
		{"delete", inEditor, []string{"delete"}, "delete to the right", "", edit(func(e *editor) { e.delete(e.after()) })},
		{"delete-or-quit", inEditor, []string{"ctrl+d"}, "delete to the right; quit if the input is empty", "", (*model).deleteOrQuit},
		{"kill-end", inEditor, []string{"ctrl+k"}, "cut to the end of the line", "", edit(killToEnd)},
		{"kill-start", inEditor, []string{"ctrl+u"}, "cut to the start of the line", "", edit(func(e *editor) { e.kill(e.row, 0) })},
		{"kill-word", inEditor, []string{"ctrl+w", "alt+backspace"}, "cut the word to the left", "", edit(func(e *editor) { e.kill(e.wordBefore()) })},
		{"kill-next-word", inEditor, []string{"alt+d"}, "cut the word to the right", "", edit(func(e *editor) { e.kill(e.wordAfter()) })},
		{"yank", inEditor, []string{"ctrl+y"}, "paste what was cut", "", edit(func(e *editor) { e.yank() })},
		{"undo", inEditor, []string{"ctrl+_", "ctrl+/"}, "undo", "", edit(func(e *editor) { e.undo() })},
		{"redo", inEditor, []string{"alt+_", "alt+/"}, "redo", "", edit(func(e *editor) { e.redo() })},
		{"compare-cell", inEditor, []string{"alt+c"}, "compare the strategies on this input", "", func(m *model) tea.Cmd { return m.measureCell(TabCompare) }},
		{"profile-cell", inEditor, []string{"alt+p"}, "profile this input", "", func(m *model) tea.Cmd { return m.measureCell(TabProfile) }},
		{"log-page-up", inEditor, []string{"pgup"}, "scroll the session back", "", do(func(m *model) { m.repl.scroll += 10 })},
		{"log-page-down", inEditor, []string{"pgdown"}, "scroll the session forward", "", do(func(m *model) { m.repl.scroll = max(m.repl.scroll-10, 0) })},
		{"leave", inEditor, []string{"esc"}, "close the completions; leave the editor", "esc leave", do((*model).leaveEditor)},

		{"enter-editor", inLog, []string{"i", "enter", "esc"}, "back to the editor", "i edit", do(func(m *model) { m.repl.editing = true })},
		{"log-up", inLog, []string{"up", "k"}, "scroll back", "up down scroll", do(func(m *model) { m.repl.scroll++ })},
		{"log-down", inLog, []string{"down", "j"}, "scroll forward", "", do(func(m *model) { m.repl.scroll = max(m.repl.scroll-1, 0) })},
		{"log-back", inLog, []string{"pgup", "ctrl+b"}, "scroll back a page", "", do(func(m *model) { m.repl.scroll += 10 })},
		{"log-forward", inLog, []string{"pgdown", "ctrl+f"}, "scroll forward a page", "", do(func(m *model) { m.repl.scroll = max(m.repl.scroll-10, 0) })},
		{"log-end", inLog, []string{"end", "G"}, "to the end", "", do(func(m *model) { m.repl.scroll = 0 })},

		{"tab-1", inNav, []string{"1"}, "REPL", "", func(m *model) tea.Cmd { return m.show(TabREPL) }},
		{"tab-2", inNav, []string{"2"}, "Compare", "", func(m *model) tea.Cmd { return m.show(TabCompare) }},
		{"tab-3", inNav, []string{"3"}, "Profile", "", func(m *model) tea.Cmd { return m.show(TabProfile) }},
		{"tab-next", inNav, []string{"tab"}, "next screen", "", func(m *model) tea.Cmd { return m.show(m.neighbour(1)) }},
		{"tab-back", inNav, []string{"shift+tab"}, "previous screen", "", func(m *model) tea.Cmd { return m.show(m.neighbour(-1)) }},
		{"copy", inNav, []string{"y"}, "copy the verdict, the path of the profile or the last value", "", (*model).copy},
		{"help-nav", inNav, []string{"?"}, "this help", "", do((*model).openHelp)},
		{"quit", inNav, []string{"q", "ctrl+d"}, "quit", "q quit", (*model).quit},

		{"repl", always, []string{"alt+1", "f2"}, "REPL", "", func(m *model) tea.Cmd { return m.show(TabREPL) }},
		{"compare", always, []string{"alt+2", "f3"}, "Compare", "", func(m *model) tea.Cmd { return m.show(TabCompare) }},
		{"profile", always, []string{"alt+3", "f4"}, "Profile", "", func(m *model) tea.Cmd { return m.show(TabProfile) }},
		{"help", always, []string{"f1"}, "this help", "", do((*model).openHelp)},
		{"interrupt", always, []string{"ctrl+c"}, "stop what runs, then clear the input, then quit", "", (*model).interrupt},
		{"redraw", always, []string{"ctrl+l"}, "draw the screen anew", "", func(*model) tea.Cmd { return tea.ClearScreen }},
		{"suspend", always, []string{"ctrl+z"}, "suspend", "", func(*model) tea.Cmd { return tea.Suspend }},
	}
}

func killToEnd(e *editor) {
	if end := len(e.lines[e.row]); e.col < end {
		e.kill(e.row, end)
	} else {
		e.kill(e.after())
	}
}

// scopes lists where keys count now, the narrowest first.
func (m *model) scopes() []scope {
	switch {
	case m.tab == TabREPL && m.repl.editing:
		return []scope{inEditor, always}
	case m.tab == TabREPL:
		return []scope{inLog, inNav, always}
	case m.tab == TabProfile:
		return []scope{inProfile, inNav, always}
	}
	return []scope{inCompare, inNav, always}
}

// action finds what a key does now.
func (m *model) action(key string) *action {
	for _, s := range m.scopes() {
		if i, ok := m.keymap[s][key]; ok {
			return &m.actions[i]
		}
	}
	return nil
}

// makeKeymap indexes the table.
func makeKeymap(list []action) map[scope]map[string]int {
	km := map[scope]map[string]int{}
	for i, a := range list {
		if km[a.scope] == nil {
			km[a.scope] = map[string]int{}
		}
		for _, k := range a.keys {
			km[a.scope][k] = i
		}
	}
	return km
}

// openHelp lists all actions; enter carries one out.
func (m *model) openHelp() {
	c := chooser{kind: helpChooser, title: "Keys"}
	seen := map[scope]bool{}
	add := func(s scope) {
		if seen[s] {
			return
		}
		seen[s] = true
		c.items = append(c.items, choice{left: scopeNames[s]})
		for _, a := range m.actions {
			if a.scope == s {
				c.items = append(c.items, choice{a.id, strings.Join(a.keys, "  "), a.title})
			}
		}
	}
	for _, s := range m.scopes() {
		add(s)
	}
	for s := inCompare; s <= always; s++ {
		add(s)
	}
	c.settle()
	m.chooser = c
}

// openExamples lists the examples.
func (m *model) openExamples() {
	if len(m.opts.Examples) == 0 {
		m.notice = "there are no examples"
		return
	}
	c := chooser{kind: exampleChooser, title: "Examples"}
	for i, e := range m.opts.Examples {
		c.items = append(c.items, choice{e.Name, clean(e.Name), clean(e.Description)})
		if e.Name == m.compare.cfg.Name {
			c.cursor = i
		}
	}
	c.settle()
	m.chooser = c
}

// openHistory lists earlier input, the latest first.
func (m *model) openHistory() {
	h := m.repl.history
	c := chooser{kind: historyChooser, title: "History", filter: ""}
	seen := map[string]bool{}
	for i := h.Len() - 1; i >= 0 && len(c.items) < 1000; i-- {
		if e := h.At(i); !seen[e] {
			seen[e] = true
			c.items = append(c.items, choice{id: e, left: clean(strings.ReplaceAll(e, "\n", " "))})
		}
	}
	if len(c.items) == 0 {
		m.notice = "the history is empty"
		return
	}
	m.chooser = c
}

// copy puts what matters on this screen on the clipboard of the terminal.
func (m *model) copy() tea.Cmd {
	text := ""
	switch m.tab {
	case TabCompare:
		text = m.compare.verdict().Sentence
	case TabProfile:
		if f := m.profile.file(); f != nil {
			text = f.Path
		}
	case TabREPL:
		if n := len(m.repl.log); n > 0 {
			if text = m.repl.log[n-1].result.Value; text == "" {
				text = m.repl.log[n-1].input
			}
		}
	}
	if text == "" {
		m.notice = "there is nothing to copy"
		return nil
	}
	m.notice = "copied: " + text
	return tea.SetClipboard(text)
}

// choose carries out the chosen line of the chooser.
func (m *model) choose() tea.Cmd {
	if m.chooser.kind == settingsChooser {
		return m.chooseSetting()
	}
	kind, id := m.chooser.kind, m.chooser.chosen()
	if id == "" {
		return nil
	}
	m.chooser = chooser{}
	switch kind {
	case historyChooser:
		m.repl.ed.set(id)
		return nil
	case helpChooser:
		for i := range m.actions {
			if m.actions[i].id == id {
				return m.actions[i].run(m)
			}
		}
		return nil
	}
	for _, e := range m.opts.Examples {
		if e.Name == id {
			cfg := m.opts.Config
			cfg.Name, cfg.Script, cfg.Vars, cfg.Callers = e.Name, e.Script, e.Vars, m.compare.cfg.Callers
			cfg.Settings = m.compare.cfg.Settings
			return tea.Batch(m.show(TabCompare), m.measure(cfg))
		}
	}
	return nil
}

// hints is the line of keys that matter here.
func (m *model) hints(w int) string {
	help := m.th.key.Render("?") + m.th.dim.Render(" help")
	if m.tab == TabREPL && m.repl.editing {
		help = m.th.key.Render("F1") + m.th.dim.Render(" help")
	}
	line := ""
	for _, s := range m.scopes() {
		for _, a := range m.actions {
			if a.scope != s || a.hint == "" || a.id == "equalise" && len(m.compare.differences()) == 0 {
				continue
			}
			key, label := keyLabel(a)
			text := m.th.key.Render(key) + " " + m.th.dim.Render(label)
			if width(line)+width(text)+width(help)+5 > w {
				continue
			}
			line += " " + text + " "
		}
	}
	return spread(line, help+" ", w)
}

// keyLabel splits a hint into key and label: a hint that begins with keys of its
// own brings them along.
func keyLabel(a action) (key, label string) {
	for _, own := range []string{"+ -", "up down", "up", "esc", "s", "i", "q", "t h c", "a", "m", "w", "e", "=", ":"} {
		if rest, ok := strings.CutPrefix(a.hint, own+" "); ok {
			return own, rest
		}
	}
	return a.keys[0], a.hint
}

// measureCell measures the text in the editor, with the functions of the session
// before it and its variables around it.
func (m *model) measureCell(tab Tab) tea.Cmd {
	text := m.repl.ed.text()
	if strings.TrimSpace(text) == "" && len(m.repl.log) > 0 {
		text = m.repl.log[len(m.repl.log)-1].input
	}
	if strings.TrimSpace(text) == "" || m.repl.running != nil {
		m.notice = "there is no input to measure"
		return nil
	}
	cfg := m.opts.Config
	cfg.Name, cfg.Callers, cfg.Settings = "input", m.compare.cfg.Callers, m.compare.cfg.Settings
	return tea.Batch(m.show(tab), standalone(m.repl.session, text, cfg))
}
