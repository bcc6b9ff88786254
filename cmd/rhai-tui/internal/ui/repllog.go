package ui

import (
	"fmt"
	"strings"
	"time"

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
	drawnTheme *theme
}

// settleLog bounds how far the log is scrolled, and keeps the lines of the entries
// in view.
func (p *replPane) settleLog(t *theme, w, h int) {
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
func (p *replPane) logLines(t *theme, w, h int) []string {
	if h <= 0 {
		return nil
	}
	if len(p.log) == 0 {
		lines := []string{
			"", t.dim.Render("Type Rhai and press enter. Variables and functions stay."), "",
			t.dim.Render("  :help  commands      tab  complete       up  history"),
			t.dim.Render("  alt+enter  new line  esc  leave the editor"),
		}
		if h < len(lines) {
			lines = lines[1:2]
		}
		return block(lines, w, h)
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
	return block(lines[max(end-h, 0):end], w, h)
}

// draw makes the lines of an entry.
func (e *entry) draw(t *theme, w int) []string {
	if e.drawn != nil && e.drawnWidth == w && e.drawnTheme == t {
		return e.drawn
	}
	const indent = "     "
	room := max(w-len(indent), 1)
	var out []string
	for i, l := range highlighted(t, e.input) {
		head := indent
		if i == 0 {
			head = "  ›  "
			if e.cell > 0 {
				head = fit(fmt.Sprintf("[%d]", e.cell), 5)
			}
			head = t.accent.Render(head)
		}
		out = append(out, head+l)
	}
	add := func(text string, style interface{ Render(...string) string }) {
		for l := range strings.SplitSeq(text, "\n") {
			for _, part := range wrap(clean(l), room) {
				out = append(out, indent+style.Render(part))
			}
		}
	}
	output := func(lines []repl.OutputLine) {
		for _, l := range lines {
			style := t.code[repl.Plain]
			if l.Debug {
				style = t.dim
			}
			add(l.Text, style)
		}
	}
	output(e.lines)
	if e.dropped > 0 {
		add(fmt.Sprintf("… %s not shown …", figures.Bytes(float64(e.dropped))), t.dim)
	}
	output(e.tail)
	if e.done {
		out = append(out, e.outcome(t, w, room, indent)...)
	}
	out = append(out, "")
	for i := range out {
		out[i] = fit(out[i], w)
	}
	return out
}

// outcome is what an entry ended with.
func (e *entry) outcome(t *theme, w, room int, indent string) []string {
	r := &e.result
	cost := ""
	if r.Cell > 0 && r.Timing {
		cost = fmt.Sprintf("%s  %s ops", figures.Time(float64(r.Elapsed/time.Nanosecond)), figures.Count(float64(r.Ops)))
	}
	var out []string
	switch {
	case r.Stopped:
		out = append(out, indent+t.warn.Render("✗ stopped; the session is as before"))
	case r.Failure != nil:
		out = append(out, failureLines(t, r.Failure, room, indent)...)
	case r.Error != "":
		for _, l := range wrap(clean(r.Error), room-2) {
			out = append(out, indent+t.bad.Render("✗ ")+l)
		}
	case r.Text != "":
		for l := range strings.SplitSeq(r.Text, "\n") {
			for _, part := range wrap(clean(l), room) {
				out = append(out, indent+part)
			}
		}
	case r.Value != "":
		text := wrap(clean(r.Value), room)
		if len(text) > 40 {
			text = append(text[:40:40], "…")
		} else if r.Cut {
			text = append(text, "…")
		}
		for _, l := range text {
			out = append(out, indent+highlighted(t, l)[0])
		}
		last := len(out) - 1
		typ := t.dim.Render(" : " + clean(r.Type))
		if width(out[last])+width(typ) < w {
			out[last] += typ
		} else {
			out = append(out, indent+typ)
		}
	default:
		var names []string
		for _, f := range r.Defined {
			names = append(names, clean(f.String()))
		}
		if len(names) > 0 {
			out = append(out, indent+t.dim.Render("defined "+strings.Join(names, ", ")))
		}
	}
	if cost != "" {
		cost = t.dim.Render(cost)
		if n := len(out); n > 0 && width(out[n-1])+width(cost)+2 < w {
			out[n-1] = spread(out[n-1], cost, w)
		} else {
			out = append(out, fitLeft(cost, w))
		}
	}
	return out
}

// failureLines draws an error: message, source line with a caret, calls.
func failureLines(t *theme, f *repl.Failure, room int, indent string) []string {
	var out []string
	mark := t.bad.Render("✗ ")
	for l := range strings.SplitSeq(f.Message, "\n") {
		for _, part := range wrap(clean(l), max(room-2, 1)) {
			out = append(out, indent+mark+t.title.Render(part))
			mark = "  "
		}
	}
	if src := f.Place.Source; src != "" || f.Place.Line > 0 {
		num := fmt.Sprint(f.Place.Line)
		line, caret := clean(src), width(clean(f.Place.Caret()))
		if strings.Contains(src, "\t") {
			caret = width(clean(prefixOf(src, f.Place.Col-1)))
		}
		// Of a long line the part around the place is shown.
		view := max(room-len(num)-3, 1)
		if caret >= view {
			cutAt := caret - view/2
			line, caret = tailFrom(line, cutAt), caret-cutAt
		}
		out = append(out, indent+t.dim.Render(num+" │ ")+fit(highlighted(t, line)[0], min(view, width(line))))
		out = append(out, indent+t.dim.Render(blanks(len(num))+" │ ")+blanks(caret)+t.bad.Render("^")+
			t.dim.Render(" "+f.Place.String()))
	}
	for _, c := range f.Calls {
		text := "in " + c.What
		if at := c.Place.String(); at != "" {
			text += " · " + at
		}
		for _, l := range wrap(clean(text), room) {
			out = append(out, indent+t.dim.Render(l))
		}
	}
	return out
}

func prefixOf(s string, n int) string {
	r := []rune(s)
	return string(r[:min(max(n, 0), len(r))])
}

// tailFrom drops the first cells of a plain line.
func tailFrom(s string, cells int) string { return s[columnAt(s, cells):] }
