package ui

import (
	"github.com/charmbracelet/x/ansi"
)

// gutter is the width of the prompt before each line.
const gutter = 6

// view is the first line and the first cell in view, so that the cursor is seen in
// h lines of w cells.
func (e *editor) view(w, h int) (top, left int) {
	top, left = e.top, e.left
	if e.row < top {
		top = e.row
	} else if e.row >= top+h {
		top = e.row - h + 1
	}
	top = max(min(top, len(e.lines)-h), 0)
	room := max(max(w, 1)-gutter, 1)
	at := width(clean(e.lines[e.row][:e.col]))
	if at < left {
		left = at
	} else if at >= left+room {
		left = at - room + 1
	}
	return top, left
}

// Settle moves what is in view to the cursor, for h lines of w cells.
func (e *editor) Settle(w, h int) { e.top, e.left = e.view(w, h) }

// View draws h lines of w cells and returns them with the place of the cursor.
// spans are the classes of the text.
func (e *editor) View(t *theme, w, h int, spans []Span) (lines []string, x, y int) {
	w = max(w, 1)
	top, left := e.view(w, h)
	room := max(w-gutter, 1)
	at := width(clean(e.lines[e.row][:e.col]))
	start := 0
	for i, l := range e.lines {
		if i >= top && i < top+h {
			prompt := t.dim.Render("    > ")
			if i == 0 {
				prompt = t.accent.Render("rhai> ")
			}
			text := colour(t, l, start, spans)
			if left > 0 {
				text = ansi.TruncateLeft(text, left, "")
			}
			lines = append(lines, fit(prompt, gutter)+ansi.Truncate(text, room, ""))
		}
		start += len(l) + 1
	}
	return block(lines, w, h), min(gutter+at-left, w-1), e.row - top
}
