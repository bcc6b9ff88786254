package editor

import (
	"strings"

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

// View draws h lines of w cells and returns them with the place of the cursor. spans
// gives the classes of a line, from its beginning. Only lines in view are looked at.
func (e *Editor) View(t *draw.Theme, w, h int, spans func(row int) []draw.Span) (lines []string, x, y int) {
	w = max(w, 1)
	if spans == nil {
		spans = func(int) []draw.Span { return nil }
	}
	top, left := e.view(w, h)
	room := max(w-gutter, 1)
	at := draw.Width(draw.Clean(e.lines[e.row][:e.col]))
	from, to := place{}, place{}
	if e.marked {
		_, from, to = e.span(e.mark.row, e.mark.col)
	}
	r1, c1, r2, c2, pair := e.Bracket(func(row, col int) bool { return literalIn(spans(row), col) })
	for i := top; i < min(top+h, len(e.lines)); i++ {
		line := e.lines[i]
		prompt := t.Dim.Render("    > ")
		if i == 0 {
			prompt = t.Accent.Render("rhai> ")
		}
		list := spans(i)
		var text string
		switch {
		case e.marked && i >= from.row && i <= to.row:
			a, b := 0, len(line)
			if i == from.row {
				a = from.col
			}
			if i == to.row {
				b = to.col
			}
			chosen := draw.Clean(line[a:b])
			if i < to.row {
				chosen += " " // the line break is selected, too
			}
			text = draw.Code(t, line[:a], 0, list) + t.Selected.Render(chosen) + draw.Code(t, line[b:], b, list)
		case pair && (i == r1 || i == r2):
			var cols []int
			if i == r1 {
				cols = append(cols, c1)
			}
			if i == r2 {
				cols = append(cols, c2)
			}
			if len(cols) == 2 && cols[1] < cols[0] {
				cols[0], cols[1] = cols[1], cols[0]
			}
			var b strings.Builder
			done := 0
			for _, c := range cols {
				b.WriteString(draw.Code(t, line[done:c], done, list) + t.Match.Render(line[c:c+1]))
				done = c + 1
			}
			text = b.String() + draw.Code(t, line[done:], done, list)
		default:
			text = draw.Code(t, line, 0, list)
		}
		if left > 0 {
			text = ansi.TruncateLeft(text, left, "")
		}
		lines = append(lines, draw.Fit(prompt, gutter)+ansi.Truncate(text, room, ""))
	}
	return draw.Block(lines, w, h), min(gutter+at-left, w-1), e.row - top
}
