package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// View draws the screen.
func (m *model) View() tea.View {
	content, cx, cy := m.screen(m.w, m.h)
	v := tea.NewView(content)
	v.AltScreen = true
	v.WindowTitle = "rhai-tui"
	if m.tab == pane.TabProfile {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if cx >= 0 {
		v.Cursor = tea.NewCursor(cx, cy)
	}
	return v
}

// edges are the heights of what is above and below the panes.
func edges(h int) (head, foot int) {
	switch {
	case h < 8:
		return 0, 0
	case h < 20:
		return 1, 1
	}
	return 1, 2
}

// body is the height of the panes on a screen h lines high.
func body(h int) int {
	head, foot := edges(h)
	return h - head - foot
}

// screen draws everything: h lines of w cells, and where the cursor is, below 0
// for nowhere. It is a pure function of the size and the state.
func (m *model) screen(w, h int) (content string, cx, cy int) {
	if w <= 0 || h <= 0 {
		return "", -1, 0
	}
	head, foot := edges(h)
	var lines []string
	if head > 0 {
		lines = append(lines, m.header(w))
	}
	cx = -1
	switch m.tab {
	case pane.TabREPL:
		var pane []string
		pane, cx, cy = m.repl.View(m.th, w, body(h))
		cy += head
		lines = append(lines, pane...)
	case pane.TabProfile:
		lines = append(lines, m.profile.View(m.th, w, body(h))...)
	case pane.TabDebug:
		lines = append(lines, m.debug.View(m.th, w, body(h))...)
	default:
		lines = append(lines, m.compare.View(m.th, w, body(h))...)
	}
	switch {
	case foot == 2:
		lines = append(lines, m.hints(w), m.status(w))
	case foot == 1 && m.notice != "":
		lines = append(lines, m.status(w))
	case foot == 1:
		lines = append(lines, m.hints(w))
	}
	lines = draw.Block(lines, w, h)
	if m.overlay != nil {
		list := m.overlay.List
		cw, ch := list.Size(w, h)
		draw.Over(lines, list.View(m.th, cw, ch), (w-cw)/2, max((h-ch)/2, 0), cw, w)
		cx = -1
	}
	content = strings.Join(lines, "\n")
	if m.opts.ASCII {
		content = draw.ASCII(content)
	}
	if cx >= w || cy >= h {
		cx = -1
	}
	return content, cx, cy
}

// header names the program, the screens and what is measured.
func (m *model) header(w int) string {
	line := " " + m.th.Title.Render("rhai-tui") + "  "
	if w < 60 {
		line = " "
	}
	if m.opts.View != nil {
		return draw.Spread(line+m.th.Accent.Bold(true).Render("Profile"), "", w)
	}
	if m.opts.Debug != nil {
		return draw.Spread(line+m.th.Accent.Bold(true).Render("Debugger"), "", w)
	}
	for i, t := range m.tabs() {
		name := fmt.Sprintf("%d %s", i+1, t.name)
		if t.tab == m.tab {
			line += m.th.Accent.Bold(true).Render("[" + name + "]")
		} else {
			line += m.th.Dim.Render(" " + name + " ")
		}
	}
	right := m.compare.Name()
	if n := m.compare.Callers(); n > 1 {
		right += " · " + figures.Plural(n, "caller", "callers")
	}
	if m.tab == pane.TabREPL {
		right = ""
	}
	return draw.Spread(line, m.th.Dim.Render(draw.Fit(right, min(draw.Width(right), max(w-draw.Width(line)-2, 0))))+" ", w)
}

// status is the last line: a notice, or what goes on.
func (m *model) status(w int) string {
	if m.notice != "" {
		return draw.Fit(" "+m.th.Warn.Render(draw.Clean(m.notice)), w)
	}
	switch {
	case m.opts.View != nil:
		return draw.Blanks(w)
	case m.tab == pane.TabDebug:
		return m.debug.Status(m.th, w)
	}
	if m.tab != pane.TabREPL {
		return draw.Fit(" "+m.compare.Status(m.th), w)
	}
	return m.repl.Status(m.th, w)
}
