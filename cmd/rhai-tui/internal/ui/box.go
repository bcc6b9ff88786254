package ui

import "strings"

// box draws a border around lines: exactly w cells and h lines. The title and a
// note stand in the upper border, foot in the lower one.
type box struct {
	title, note, foot string // may be styled
	lines             []string
	focus             bool
}

func (b box) render(t *theme, w, h int) []string {
	if w < 4 || h < 2 {
		return block(b.lines, w, h)
	}
	style := t.border
	if b.focus {
		style = t.focus
	}
	inner := w - 4
	out := make([]string, 0, h)
	out = append(out, b.edge(style, "╭", "╮", b.title, b.note, w))
	for _, l := range block(b.lines, inner, h-2) {
		out = append(out, style.Render("│")+" "+l+" "+style.Render("│"))
	}
	return append(out, b.edge(style, "╰", "╯", b.foot, "", w))
}

// edge draws a horizontal border with texts in it.
func (b box) edge(style interface{ Render(...string) string }, left, right, title, note string, w int) string {
	room := w - 2
	text, tail := "", ""
	if title != "" && room > 6 {
		text = " " + fit(title, min(width(title), room-4)) + " "
	}
	if n := width(note); n > 0 && n+width(text)+6 <= room {
		tail = " " + note + " "
	}
	fill := room - width(text) - width(tail) - 1
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
