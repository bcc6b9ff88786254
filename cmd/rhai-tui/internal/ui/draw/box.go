package draw

import "strings"

// Box draws a border around lines: exactly w cells and h lines. The title and a
// note stand in the upper border, foot in the lower one.
type Box struct {
	Title, Note, Foot string // may be styled
	Lines             []string
	Focus             bool
}

// Render draws the box.
func (b Box) Render(t *Theme, w, h int) []string {
	if w < 4 || h < 2 {
		return Block(b.Lines, w, h)
	}
	style := t.border
	if b.Focus {
		style = t.focus
	}
	inner := w - 4
	out := make([]string, 0, h)
	out = append(out, b.edge(style, "╭", "╮", b.Title, b.Note, w))
	side := style.Render("│")
	for _, l := range Block(b.Lines, inner, h-2) {
		out = append(out, side+" "+l+" "+side)
	}
	return append(out, b.edge(style, "╰", "╯", b.Foot, "", w))
}

// edge draws a horizontal border with texts in it.
func (b Box) edge(style interface{ Render(...string) string }, left, right, title, note string, w int) string {
	room := w - 2
	text, tail := "", ""
	if title != "" && room > 6 {
		text = " " + Fit(title, min(Width(title), room-4)) + " "
	}
	if n := Width(note); n > 0 && n+Width(text)+6 <= room {
		tail = " " + note + " "
	}
	fill := room - Width(text) - Width(tail) - 1
	if tail != "" {
		fill--
	}
	s := style.Render(left + strings.Repeat("─", min(1, room)))
	if text != "" {
		s += text
	}
	s += style.Render(strings.Repeat("─", max(fill, 0)))
	if tail != "" {
		s += tail + style.Render("─")
	}
	return s + style.Render(right)
}
