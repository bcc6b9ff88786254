package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// View draws the screen.
func (m *model) View() tea.View {
	content, cx, cy := m.screen(m.w, m.h)
	v := tea.NewView(content)
	v.AltScreen = true
	v.WindowTitle = "rhai-tui"
	if cx >= 0 {
		v.Cursor = tea.NewCursor(cx, cy)
	}
	return v
}

// screen draws everything: h lines of w cells, and where the cursor is, below 0
// for nowhere. It is a pure function of the size and the state.
func (m *model) screen(w, h int) (content string, cx, cy int) {
	if w <= 0 || h <= 0 {
		return "", -1, 0
	}
	head, foot := 1, 2
	if h < 20 {
		foot = 1
	}
	if h < 8 {
		head, foot = 0, 0
	}
	var lines []string
	if head > 0 {
		lines = append(lines, m.header(w))
	}
	body := h - head - foot
	cx = -1
	switch m.tab {
	case TabREPL:
		var pane []string
		pane, cx, cy = m.repl.render(m.th, w, body)
		cy += head
		lines = append(lines, pane...)
	case TabProfile:
		lines = append(lines, m.profile.render(m.th, &m.compare, w, body)...)
	default:
		lines = append(lines, m.compare.render(m.th, w, body)...)
	}
	switch {
	case foot == 2:
		lines = append(lines, m.hints(w), m.status(w))
	case foot == 1 && m.notice != "":
		lines = append(lines, m.status(w))
	case foot == 1:
		lines = append(lines, m.hints(w))
	}
	lines = block(lines, w, h)
	if m.chooser.kind != noChooser {
		cw, ch := m.chooser.size(w, h)
		over(lines, m.chooser.render(m.th, cw, ch), (w-cw)/2, max((h-ch)/2, 0), cw, w)
		cx = -1
	}
	content = strings.Join(lines, "\n")
	if m.opts.ASCII {
		content = toASCII(content)
	}
	if cx >= w || cy >= h {
		cx = -1
	}
	return content, cx, cy
}

// header names the program, the screens and what is measured.
func (m *model) header(w int) string {
	line := " " + m.th.title.Render("rhai-tui") + "  "
	if w < 60 {
		line = " "
	}
	for i, t := range tabOrder {
		name := fmt.Sprintf("%d %s", i+1, t.name)
		if t.tab == m.tab {
			line += m.th.accent.Bold(true).Render("[" + name + "]")
		} else {
			line += m.th.dim.Render(" " + name + " ")
		}
	}
	right := m.compare.name()
	if n := m.compare.cfg.Callers; n > 1 {
		right += " · " + figures.Plural(n, "caller", "callers")
	}
	if m.tab == TabREPL {
		right = ""
	}
	return spread(line, m.th.dim.Render(fit(right, min(width(right), max(w-width(line)-2, 0))))+" ", w)
}

// status is the last line: a notice, or what goes on.
func (m *model) status(w int) string {
	if m.notice != "" {
		return fit(" "+m.th.warn.Render(clean(m.notice)), w)
	}
	if m.tab != TabREPL {
		return fit(" "+m.compare.status(m.th), w)
	}
	left := m.th.good.Render("●") + " " + m.th.title.Render("READY")
	if m.repl.running != nil {
		left = m.th.accent.Render("●") + " " + m.th.title.Render("RUNNING") + m.th.dim.Render("  ctrl+c stops")
	} else if n := len(m.repl.log); n > 0 {
		if r := &m.repl.log[n-1].result; r.Cell > 0 {
			left += m.th.dim.Render(fmt.Sprintf("  last input %s", figures.Time(float64(r.Elapsed))))
		}
	}
	return spread(" "+left, m.th.dim.Render(fmt.Sprintf("%d in the history ", m.repl.history.Len())), w)
}
