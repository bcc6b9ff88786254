package debugpane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// layout of the pane: a pure function of its size. A height of 0 leaves a part out.
type debugLayout struct {
	source, side  int // widths
	upper, lower  int // heights of the source with what is beside it, and of what is below
	calls, values int // heights beside the source
	console       int
}

func layoutDebug(w, h int) debugLayout {
	l := debugLayout{source: w}
	switch {
	case h < 8 || w < 30:
		l.console = min(max(h/3, 1), h-1)
		l.upper = h - l.console
		return l
	case h < 14:
		l.console = 4
	default:
		l.console = max(h/4, 5)
	}
	l.upper = h - l.console
	if w >= 90 {
		l.side = min(w*4/10, 70)
		l.source = w - l.side
		l.calls = min(max(l.upper/3, 4), 10)
		l.values = l.upper - l.calls
		return l
	}
	if l.upper >= 12 {
		l.lower = max(l.upper/3, 5)
		l.upper -= l.lower
	}
	return l
}

// Settle scrolls the source so that the cursor is in view, and styles it.
func (p *Pane) Settle(t *draw.Theme, w, h int) {
	if p.script == nil {
		return
	}
	if p.code == nil || p.codeOf != t {
		p.code, p.codeOf = draw.CodeLines(t, p.script.Text()), t
	}
	l := layoutDebug(w, h)
	rows := l.upper - 2
	if h < 8 || w < 30 {
		rows = l.upper
	}
	rows = max(rows, 1)
	margin := min(3, (rows-1)/2)
	p.top = min(p.top, max(p.cursor-margin, 1))
	p.top = max(p.top, p.cursor-rows+1+margin)
	p.top = max(min(p.top, len(p.code)-rows+1), 1)
	p.scroll = max(min(p.scroll, len(p.lines)-1), 0)
}

// View draws the pane.
func (p *Pane) View(t *draw.Theme, w, h int) []string {
	if p.script == nil {
		return draw.Block([]string{"", " " + t.Dim.Render(nothing)}, w, h)
	}
	l := layoutDebug(w, h)
	small := h < 8 || w < 30
	if small {
		lines := p.sourceLines(t, l.source, l.upper)
		return draw.Block(append(lines, p.consoleLines(t, w, l.console)...), w, h)
	}
	source := p.script.Source()
	if source == "" {
		source = "Source"
	}
	src := draw.Box{Title: t.Title.Render(draw.Clean(source)), Lines: p.sourceLines(t, l.source-4, l.upper-2), Focus: p.prompt == nil}
	src.Note = p.note(t)
	lines := src.Render(t, l.source, l.upper)
	switch {
	case l.side > 0:
		side := p.callsBox(t, l.side, l.calls)
		side = append(side, p.valuesBox(t, l.side, l.values)...)
		lines = draw.Beside(lines, side)
	case l.lower > 0 && p.turn%2 == 1:
		lines = append(lines, p.callsBox(t, w, l.lower)...)
	case l.lower > 0:
		lines = append(lines, p.valuesBox(t, w, l.lower)...)
	// On a low screen they take the place of the source in turn.
	case p.turn%3 == 1:
		lines = p.valuesBox(t, w, l.upper)
	case p.turn%3 == 2:
		lines = p.callsBox(t, w, l.upper)
	}
	console := draw.Box{Title: t.Title.Render("Console"), Lines: p.consoleLines(t, w-4, l.console-2), Focus: p.prompt != nil}
	if p.scroll > 0 {
		console.Note = t.Dim.Render("scrolled back")
	}
	return draw.Block(append(lines, console.Render(t, w, l.console)...), w, h)
}

// note tells what the run does, and what the last step cost.
func (p *Pane) note(t *draw.Theme) string {
	switch {
	case p.running:
		return t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)] + " running")
	case p.busy:
		return t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)] + " evaluating")
	case p.stop != nil:
		text := draw.Clean(p.stop.Reason)
		if p.stop.Reason != "start" {
			text += fmt.Sprintf(" · %s · %s", figures.Plural(int(p.stop.Operations), "op", "ops"), figures.Time(float64(p.stop.Elapsed)))
		}
		return t.Dim.Render(text)
	case p.end != nil && p.end.Err != nil:
		return t.Bad.Render("failed")
	case p.end != nil:
		return t.Good.Render("ended")
	}
	return ""
}

// Status says in the last line what the keys do next.
func (p *Pane) Status(t *draw.Theme, w int) string {
	text := "stopped"
	switch {
	case p.running:
		text = "running · ctrl+c pauses"
	case p.stop == nil:
		text = "the script is not running · r runs it"
	default:
		f := p.stop.Frames[p.frame]
		text = fmt.Sprintf("%s · %s in all", f.String(), figures.Plural(int(p.stop.Total), "operation", "operations"))
	}
	return draw.Fit(" "+t.Dim.Render(draw.Clean(text)), w)
}

func (p *Pane) sourceLines(t *draw.Theme, w, h int) []string {
	marks := map[int]string{}
	for _, b := range p.session.Breakpoints() {
		if b.Kind != debug.AtLine || b.Source != p.script.Source() {
			continue
		}
		mark := t.Bad.Render("●")
		if b.Disabled {
			mark = t.Dim.Render("○")
		}
		marks[int(b.Pos.Line)] = mark
	}
	here := 0
	if p.stop != nil && p.frame < len(p.stop.Frames) && p.stop.Frames[p.frame].Script == p.script {
		here = int(p.stop.Frames[p.frame].Pos.Line)
	}
	digits := len(fmt.Sprint(len(p.code)))
	var out []string
	for n := p.top; n <= len(p.code) && len(out) < h; n++ {
		mark, arrow := " ", " "
		if m := marks[n]; m != "" {
			mark = m
		}
		if n == here {
			arrow = t.Accent.Render("▶")
		}
		number := fmt.Sprintf("%*d", digits, n)
		if n == p.cursor {
			number = t.Selected.Render(number)
		} else {
			number = t.Dim.Render(number)
		}
		out = append(out, draw.Fit(mark+number+arrow+" "+p.code[n-1], w))
	}
	return draw.Block(out, w, h)
}

func (p *Pane) callsBox(t *draw.Theme, w, h int) []string {
	b := draw.Box{Title: t.Title.Render("Calls")}
	if p.stop != nil {
		first := max(min(p.frame-(h-2)/2, len(p.stop.Frames)-(h-2)), 0)
		for i := first; i < len(p.stop.Frames) && len(b.Lines) < h-2; i++ {
			text := draw.Clean(fmt.Sprintf("%d %s", i, p.stop.Frames[i].String()))
			if i == p.frame {
				text = t.Selected.Render(draw.Fit(text, w-4))
			}
			b.Lines = append(b.Lines, text)
		}
		if n := len(p.stop.Frames); n > h-2 {
			b.Note = t.Dim.Render(fmt.Sprint(n))
		}
	}
	return b.Render(t, w, h)
}

func (p *Pane) valuesBox(t *draw.Theme, w, h int) []string {
	b := draw.Box{Title: t.Title.Render("Variables")}
	if p.stop != nil {
		if p.stop.Returned != nil {
			b.Lines = append(b.Lines, t.Dim.Render("returned ")+draw.Clean(p.session.Value(*p.stop.Returned, w)))
		}
		for _, x := range p.watch {
			mark, value := " ", draw.Clean(x.Value)
			if x.Changed {
				mark = "*"
			}
			if x.Failed {
				value = t.Bad.Render(value)
			}
			b.Lines = append(b.Lines, t.Key.Render(mark+draw.Clean(x.Text))+" = "+value)
		}
		// The innermost variables matter most.
		room := h - 2 - len(b.Lines)
		for i := len(p.vars) - 1; i >= 0 && room > 0; i-- {
			if room == 1 && i > 0 {
				b.Lines = append(b.Lines, t.Dim.Render(fmt.Sprintf("… %s more; locals lists all", figures.Plural(i+1, "variable", "variables"))))
				break
			}
			v := p.vars[i]
			name := t.Accent.Render(draw.Clean(v.Name))
			if v.Constant {
				name = t.Dim.Render("const ") + name
			}
			b.Lines = append(b.Lines, name+" = "+draw.Clean(p.session.Value(v.Value, w))+t.Dim.Render("  "+draw.Clean(v.Value.TypeName())))
			room--
		}
	}
	return b.Render(t, w, h)
}

func (p *Pane) consoleLines(t *draw.Theme, w, h int) []string {
	if h <= 0 {
		return nil
	}
	room := h
	if p.prompt != nil {
		room--
	}
	end := len(p.lines) - p.scroll
	var out []string
	for _, l := range p.lines[max(end-room, 0):max(end, 0)] {
		text := draw.Clean(l)
		switch {
		case strings.HasPrefix(l, "!"):
			text = t.Bad.Render(text)
		case strings.HasPrefix(l, "dbg>"):
			text = t.Dim.Render(text)
		}
		out = append(out, draw.Fit(text, w))
	}
	out = draw.Block(out, w, room)
	if p.prompt != nil {
		text := draw.Clean(p.prompt.text)
		if over := draw.Width(text) - max(w-7, 1); over > 0 {
			text = "…" + text[draw.ColumnAt(text, over+1):]
		}
		out = append(out, draw.Fit(t.Key.Render("dbg> ")+text+t.Selected.Render(" "), w))
	}
	return out
}
