package replpane

import (
	"fmt"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/repl"
)

// entry is one input with what came of it.
type entry struct {
	input   string
	cell    int
	lines   []repl.OutputLine // of the beginning of the output
	dropped int               // bytes that are missing behind them
	tail    []repl.OutputLine
	result  repl.Result
	done    bool

	// The lines that were drawn last, for a width and a theme.
	drawn      []string
	drawnWidth int
	drawnTheme *draw.Theme
}

// maxValueLines bounds the lines of a value in the log; the viewer shows more.
const maxValueLines = 14

// settleLog bounds how far the log is scrolled, and keeps the lines of the entries
// in view.
func (p *Pane) settleLog(t *draw.Theme, w, h int) {
	if h <= 0 {
		return
	}
	total := 0
	for i := len(p.log) - 1; i >= 0 && total < h+p.scroll; i-- {
		e := p.log[i]
		e.drawn = e.draw(t, w)
		e.drawnWidth, e.drawnTheme = w, t
		total += len(e.drawn)
	}
	p.scroll = min(p.scroll, max(total-h, 0))
}

// logLines draws the last lines of the log, or earlier ones if it is scrolled.
func (p *Pane) logLines(t *draw.Theme, w, h int) []string {
	if h <= 0 {
		return nil
	}
	if len(p.log) == 0 {
		lines := []string{
			"", t.Dim.Render("Type Rhai and press enter. Variables and functions stay."), "",
			t.Dim.Render("  :help  commands      tab  complete       up      history"),
			t.Dim.Render("  alt+x  palette       F1   keys           ctrl+r  search it"),
		}
		if h < len(lines) {
			lines = lines[1:2]
		}
		if left := p.state.Left; len(left) > 0 {
			for _, l := range draw.Wrap(draw.Clean("The last session did not end in order: "+left[0].String()), w) {
				lines = append(lines, t.Warn.Render(l))
			}
			lines = append(lines, t.Warn.Render(":recover brings them back"))
		}
		return draw.Block(lines, w, h)
	}
	// Draw from the end, as many entries as needed.
	var list [][]string
	total := 0
	for i := len(p.log) - 1; i >= 0 && total < h+p.scroll; i-- {
		d := p.log[i].draw(t, w)
		list = append(list, d)
		total += len(d)
	}
	scroll := min(p.scroll, max(total-h, 0))
	lines := make([]string, 0, total)
	for i := len(list) - 1; i >= 0; i-- {
		lines = append(lines, list[i]...)
	}
	end := len(lines) - scroll
	return draw.Block(lines[max(end-h, 0):end], w, h)
}

// draw makes the lines of an entry.
func (e *entry) draw(t *draw.Theme, w int) []string {
	if e.drawn != nil && e.drawnWidth == w && e.drawnTheme == t {
		return e.drawn
	}
	const indent = "     "
	room := max(w-len(indent), 1)
	var out []string
	for i, l := range draw.CodeLines(t, e.input) {
		head := indent
		if i == 0 {
			head = "  ›  "
			if e.cell > 0 {
				head = draw.Fit(fmt.Sprintf("[%d]", e.cell), 5)
			}
			head = t.Accent.Render(head)
		}
		out = append(out, head+l)
	}
	add := func(text string, style interface{ Render(...string) string }) {
		for l := range strings.SplitSeq(text, "\n") {
			for _, part := range draw.Wrap(draw.Clean(l), room) {
				out = append(out, indent+style.Render(part))
			}
		}
	}
	output := func(lines []repl.OutputLine) {
		for _, l := range lines {
			style := t.Code[repl.Plain]
			if l.Debug {
				style = t.Dim
			}
			add(l.Text, style)
		}
	}
	output(e.lines)
	if e.dropped > 0 {
		add(fmt.Sprintf("… %s not shown …", figures.Bytes(float64(e.dropped))), t.Dim)
	}
	output(e.tail)
	if e.done {
		out = append(out, e.outcome(t, w, room, indent)...)
	}
	out = append(out, "")
	for i := range out {
		out[i] = draw.Fit(out[i], w)
	}
	return out
}

// outcome is what an entry ended with.
func (e *entry) outcome(t *draw.Theme, w, room int, indent string) []string {
	r := &e.result
	cost := ""
	if r.Cell > 0 && r.Timing {
		cost = fmt.Sprintf("%s  %s ops", figures.Time(float64(r.Elapsed/time.Nanosecond)), figures.Count(float64(r.Ops)))
		if r.Allocated > 0 {
			cost += "  " + figures.Bytes(float64(r.Allocated))
		}
	}
	var out []string
	switch {
	case r.Stopped:
		out = append(out, indent+t.Warn.Render("✗ stopped; the session is as before"))
	case r.Failure != nil:
		out = append(out, failureLines(t, r.Failure, room, indent)...)
	case r.Error != "":
		for _, l := range draw.Wrap(draw.Clean(r.Error), room-2) {
			out = append(out, indent+t.Bad.Render("✗ ")+l)
		}
	case r.Text != "":
		for l := range strings.SplitSeq(r.Text, "\n") {
			for _, part := range draw.Wrap(draw.Clean(l), room) {
				out = append(out, indent+part)
			}
		}
	case r.Value != "":
		text := draw.Wrap(draw.Clean(r.Value), room)
		if r.Lines != nil {
			text = nil
			for _, l := range r.Lines[:min(len(r.Lines), maxValueLines)] {
				text = append(text, draw.Wrap(draw.Clean(l), room)...)
			}
		}
		more := r.LinesCut || len(r.Lines) > maxValueLines
		if len(text) > 40 {
			text = append(text[:40:40], "…")
			more = true
		} else if r.Lines == nil && r.Cut || more {
			text = append(text, "…")
			more = true
		}
		for _, l := range text {
			out = append(out, indent+draw.CodeLines(t, l)[0])
		}
		last := len(out) - 1
		typ := " : " + draw.Clean(r.Type)
		if r.Len >= 0 {
			typ += fmt.Sprintf(" of %s", figures.Grouped(r.Len))
		}
		if more {
			typ += "   alt+o shows all"
		}
		typ = t.Dim.Render(typ)
		if draw.Width(out[last])+draw.Width(typ) < w {
			out[last] += typ
		} else {
			out = append(out, indent+typ)
		}
	default:
		var names []string
		for _, f := range r.Defined {
			names = append(names, draw.Clean(f.String()))
		}
		if len(names) > 0 {
			out = append(out, indent+t.Dim.Render("defined "+strings.Join(names, ", ")))
		}
	}
	if cost != "" {
		cost = t.Dim.Render(cost)
		if n := len(out); n > 0 && draw.Width(out[n-1])+draw.Width(cost)+2 < w {
			out[n-1] = draw.Spread(out[n-1], cost, w)
		} else {
			out = append(out, draw.FitLeft(cost, w))
		}
	}
	return out
}

// failureLines draws an error: message, source line with a caret, calls.
func failureLines(t *draw.Theme, f *repl.Failure, room int, indent string) []string {
	var out []string
	mark := t.Bad.Render("✗ ")
	for l := range strings.SplitSeq(f.Message, "\n") {
		for _, part := range draw.Wrap(draw.Clean(l), max(room-2, 1)) {
			out = append(out, indent+mark+t.Title.Render(part))
			mark = "  "
		}
	}
	if src := f.Place.Source; src != "" || f.Place.Line > 0 {
		num := fmt.Sprint(f.Place.Line)
		line, caret := draw.Clean(src), draw.Width(draw.Clean(f.Place.Caret()))
		if strings.Contains(src, "\t") {
			caret = draw.Width(draw.Clean(prefixOf(src, f.Place.Col-1)))
		}
		// Of a long line the part around the place is shown.
		view := max(room-len(num)-3, 1)
		if caret >= view {
			cutAt := caret - view/2
			line, caret = tailFrom(line, cutAt), caret-cutAt
		}
		out = append(out, indent+t.Dim.Render(num+" │ ")+draw.Fit(draw.CodeLines(t, line)[0], min(view, draw.Width(line))))
		out = append(out, indent+t.Dim.Render(draw.Blanks(len(num))+" │ ")+draw.Blanks(caret)+t.Bad.Render("^")+
			t.Dim.Render(" "+f.Place.String()))
	}
	for _, h := range f.Hints {
		for _, l := range draw.Wrap(draw.Clean("help: "+h), room) {
			out = append(out, indent+t.Accent.Render(l))
		}
	}
	for _, c := range f.Calls {
		text := "in " + c.What
		if at := c.Place.String(); at != "" {
			text += " · " + at
		}
		for _, l := range draw.Wrap(draw.Clean(text), room) {
			out = append(out, indent+t.Dim.Render(l))
		}
	}
	return out
}

func prefixOf(s string, n int) string {
	r := []rune(s)
	return string(r[:min(max(n, 0), len(r))])
}

// tailFrom drops the first cells of a plain line.
func tailFrom(s string, cells int) string { return s[draw.ColumnAt(s, cells):] }
