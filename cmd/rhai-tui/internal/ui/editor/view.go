package editor

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// gutter is the width of the prompt before each line.
const gutter = 6

// view is the first line and the first cell in view, so that the cursor is seen in
// h lines of w cells.
func (e *Editor) view(w, h int) (top, left int) {
	top, left = e.top, e.left
	if e.row < top {
		top = e.row
	} else if e.row >= top+h {
		top = e.row - h + 1
	}
	top = max(min(top, len(e.lines)-h), 0)
	room := max(max(w, 1)-gutter, 1)
	at := draw.Width(draw.Clean(e.lines[e.row][:e.col]))
	if at < left {
		left = at
	} else if at >= left+room {
		left = at - room + 1
	}
	return top, left
}

// Settle moves what is in view to the cursor, for h lines of w cells.
func (e *Editor) Settle(w, h int) { e.top, e.left = e.view(w, h) }

// View draws h lines of w cells and returns them with the place of the cursor.
// spans are the classes of the text.
func (e *Editor) View(t *draw.Theme, w, h int, spans []draw.Span) (lines []string, x, y int) {
	w = max(w, 1)
	top, left := e.view(w, h)
	room := max(w-gutter, 1)
	at := draw.Width(draw.Clean(e.lines[e.row][:e.col]))
	start := 0
	for i, l := range e.lines {
		if i >= top && i < top+h {
			prompt := t.Dim.Render("    > ")
			if i == 0 {
				prompt = t.Accent.Render("rhai> ")
			}
			text := draw.Code(t, l, start, spans)
			if left > 0 {
				text = ansi.TruncateLeft(text, left, "")
			}
			lines = append(lines, draw.Fit(prompt, gutter)+ansi.Truncate(text, room, ""))
		}
		start += len(l) + 1
	}
	return draw.Block(lines, w, h), min(gutter+at-left, w-1), e.row - top
}
