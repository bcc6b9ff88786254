package replpane

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/repl"
)

// layout of the pane: a pure function of its size and of the lines of the input.
type replLayout struct{ log, vars, input, height int }

func layoutREPL(w, h, lines int, toggled bool) replLayout {
	l := replLayout{log: w}
	switch wide := w >= 100; {
	case wide && !toggled:
		l.vars = min(w*3/10, 48)
		l.log = w - l.vars
	case !wide && toggled:
		// On a narrow screen the variables take the place of the log.
		l.vars, l.log = w, 0
	}
	l.input = min(max(lines, 1)+2, max(h/2, 3))
	if h < 8 {
		l.input = min(max(lines, 1), max(h-1, 1), 3)
	}
	l.height = h - l.input
	return l
}

// small reports whether there is room for lines only, and not for boxes.
func (p *Pane) small(w, h int) bool { return h < 8 || w < 30 }

// Settle fits what is scrolled to the size of the pane, and draws what the log
// shows of it.
func (p *Pane) Settle(t *draw.Theme, w, h int) {
	p.know()
	l := layoutREPL(w, h, p.ed.Height(), p.toggled)
	if p.small(w, h) {
		p.ed.Settle(w, l.input)
		p.settleLog(t, w, l.height)
		return
	}
	p.ed.Settle(w-4, l.input-2)
	if l.log > 0 {
		p.settleLog(t, l.log-4, l.height-2)
	}
}

// View draws the pane and returns where the cursor is, below 0 for nowhere.
func (p *Pane) View(t *draw.Theme, w, h int) (lines []string, cx, cy int) {
	l := layoutREPL(w, h, p.ed.Height(), p.toggled)
	small := p.small(w, h)
	if small {
		lines = p.logLines(t, w, l.height)
	} else {
		note := ""
		if p.state.Cells > 0 {
			note = t.Dim.Render(figures.Plural(p.state.Cells, "cell", "cells") + " · " + figures.Plural(len(p.state.Functions), "function", "functions") + " · " +
				figures.Plural(len(p.state.Variables), "variable", "variables"))
		}
		b := draw.Box{Title: t.Title.Render("Session"), Note: note, Focus: !p.editing}
		if p.scroll > 0 {
			b.Foot = t.Dim.Render("scrolled back · end returns")
		}
		switch {
		case l.log == 0:
			lines = p.varsBox(t, l.vars, l.height)
		default:
			b.Lines = p.logLines(t, l.log-4, l.height-2)
			lines = b.Render(t, l.log, l.height)
			if l.vars > 0 {
				lines = draw.Beside(lines, p.sideBoxes(t, l.vars, l.height))
			}
		}
	}
	var input []string
	if small {
		input, cx, cy = p.ed.View(t, w, l.input, p.lines.Line)
		cy += l.height
	} else {
		input, cx, cy = p.ed.View(t, w-4, l.input-2, p.lines.Line)
		if ghost := p.ghost(); ghost != "" && p.editing && cx < w-5 {
			input[cy] = draw.Fit(ansi.Truncate(input[cy], cx, "")+t.Dim.Render(draw.Clean(ghost)), w-4)
		}
		cx, cy = cx+2, cy+l.height+1
		input = p.inputBox(t, input).Render(t, w, l.input)
	}
	lines = append(lines, input...)
	if p.list != nil && p.editing {
		p.overlayList(t, lines, cx, cy, w)
	}
	if !p.editing {
		cx = -1
	}
	return draw.Block(lines, w, h), cx, cy
}

func (p *Pane) inputBox(t *draw.Theme, lines []string) draw.Box {
	b := draw.Box{Title: t.Title.Render("Input"), Lines: lines, Focus: p.editing}
	v := p.completeness
	switch {
	case p.running != nil:
		b.Title = t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)]+" running") + t.Dim.Render(" · ctrl+c stops")
	case v.Open != "" && !p.ed.Empty():
		b.Title += "  " + t.Warn.Render("block open: "+draw.Clean(v.Open))
	case v.Incomplete && strings.TrimSpace(p.ed.Text()) != "":
		b.Title += "  " + t.Warn.Render("not complete yet")
	}
	if list := p.signatures; len(list) > 0 {
		n := len(list)
		f := list[(p.form%n+n)%n]
		text := t.Accent.Render(draw.Clean(f.String()))
		if n > 1 {
			text += t.Dim.Render(fmt.Sprintf("  (%d/%d, alt+.)", (p.form%n+n)%n+1, n))
		}
		if doc := f.Summary(); doc != "" {
			text += t.Dim.Render("  " + draw.Clean(doc))
		}
		b.Foot = text
	}
	switch {
	case p.vi.visual:
		b.Title += t.Accent.Render("  SELECT")
	case p.vi.normal:
		b.Title += t.Accent.Render("  NORMAL")
	}
	if n := p.ed.Height(); n > 1 {
		row, _ := p.ed.Cursor()
		b.Note = t.Dim.Render(fmt.Sprintf("line %d of %d", row+1, n))
	}
	return b
}

// overlayList lays the list of completions over the screen, above the cursor.
func (p *Pane) overlayList(t *draw.Theme, lines []string, cx, cy, w int) {
	n := min(len(p.list), 8, cy-2)
	if n < 1 {
		return
	}
	name := 8
	for _, c := range p.list {
		name = max(name, draw.Width(c.Text))
	}
	name = min(name, 24)
	lw := min(name+40, w)
	if lw < 14 {
		return
	}
	from := min(max(p.listAt-n+1, 0), len(p.list)-n)
	var rows []string
	for i := from; i < from+n; i++ {
		c := p.list[i]
		detail := c.Kind
		if c.Detail != "" {
			detail = c.Detail
		}
		text := draw.Fit(draw.Clean(c.Text), name) + "  " + draw.Clean(detail)
		if i == p.listAt && !p.auto {
			rows = append(rows, t.Selected.Render(draw.Fit(text, lw-4)))
		} else {
			rows = append(rows, draw.Fit(draw.Clean(c.Text), name)+"  "+t.Dim.Render(draw.Clean(detail)))
		}
	}
	foot := fmt.Sprintf("tab next · enter takes · %d of %d", p.listAt+1, len(p.list))
	if p.auto {
		foot = fmt.Sprintf("tab chooses · esc closes · %d", len(p.list))
	}
	b := draw.Box{Lines: rows, Focus: !p.auto, Foot: t.Dim.Render(foot)}
	if doc := p.list[p.listAt].Doc; doc != "" {
		b.Title = t.Dim.Render(draw.Fit(draw.Clean(doc), min(draw.Width(draw.Clean(doc)), lw-4)))
	}
	x := max(min(cx-2, w-lw), 0)
	draw.Over(lines, b.Render(t, lw, n+2), x, cy-n-2, lw, w)
}

// Bounds of the box with documentation, in lines.
const (
	minDocBox = 6
	maxDocBox = 14
)

// sideBoxes are the variables and, below, the documentation of what is being written, if
// there is any and room for it.
func (p *Pane) sideBoxes(t *draw.Theme, w, h int) []string {
	f, n, of := p.documented()
	if f == nil || h < 2*minDocBox {
		return p.varsBox(t, w, h)
	}
	var lines []string
	add := func(text string, style interface{ Render(...string) string }) {
		for l := range strings.SplitSeq(text, "\n") {
			for _, part := range draw.Wrap(draw.Clean(l), max(w-4, 1)) {
				lines = append(lines, style.Render(part))
			}
		}
	}
	add(f.String(), t.Accent)
	from := f.Module
	if f.Cell > 0 {
		from = fmt.Sprintf("cell %d", f.Cell)
	}
	add(from, t.Dim)
	if f.Doc != "" {
		lines = append(lines, "")
		add(f.Doc, t.Code[0])
	}
	if f.Example != "" {
		lines = append(lines, "")
		for l := range strings.SplitSeq(f.Example, "\n") {
			for _, part := range draw.Wrap(draw.Clean(l), max(w-4, 1)) {
				lines = append(lines, draw.CodeLines(t, part)[0])
			}
		}
	}
	b := draw.Box{Title: t.Title.Render("Doc"), Lines: lines}
	if of > 1 {
		b.Note = t.Dim.Render(fmt.Sprintf("%d of %d · alt+.", n+1, of))
	}
	doc := min(max(len(lines)+2, minDocBox), maxDocBox, h/2)
	return append(p.varsBox(t, w, h-doc), b.Render(t, w, doc)...)
}

// documented is the function to tell about: the completion that is chosen, else the call
// that is being written; nil for none. It is the n-th of several overloads.
func (p *Pane) documented() (f *repl.Function, n, of int) {
	list := p.signatures
	if p.list != nil && p.listAt < len(p.list) && p.list[p.listAt].Kind == "function" {
		c := p.list[p.listAt]
		list = repl.Named(p.state, c.Text)
		// The overload that fits the receiver is in the list.
		for i := range list {
			if strings.TrimSuffix(c.Detail, " …") == list[i].String() {
				return &list[i], i, len(list)
			}
		}
	}
	if len(list) == 0 {
		return nil, 0, 0
	}
	n = (p.form%len(list) + len(list)) % len(list)
	return &list[n], n, len(list)
}

// varsBox lists variables and functions.
func (p *Pane) varsBox(t *draw.Theme, w, h int) []string {
	var lines []string
	name := 6
	for _, v := range p.state.Variables {
		name = min(max(name, draw.Width(v.Name)), 14)
	}
	vars := p.state.Variables
	room := h - 2
	funcs := len(p.state.Functions)
	if funcs > 0 {
		room -= min(funcs, room/3) + 2
	}
	for i := len(vars) - 1; i >= 0; i-- { // the latest first
		if len(lines) >= room-1 && i > 0 {
			lines = append(lines, t.Dim.Render(fmt.Sprintf("and %d more", i+1)))
			break
		}
		v := vars[i]
		typ := v.Type
		if v.Constant {
			typ = "const " + typ
		}
		lines = append(lines, draw.Fit(draw.Clean(v.Name), name)+" "+t.Dim.Render(draw.Fit(draw.Clean(typ), 9))+" "+draw.Clean(v.Text))
	}
	if len(lines) == 0 {
		lines = append(lines, t.Dim.Render("none yet: let x = 42;"))
	}
	if funcs > 0 {
		lines = append(lines, "", t.Title.Render("Functions"))
		for i := funcs - 1; i >= 0; i-- {
			f := p.state.Functions[i]
			lines = append(lines, draw.Spread(draw.Clean(f.String()), t.Dim.Render(fmt.Sprintf("[%d]", f.Cell)), w-4))
		}
	}
	return draw.Box{Title: t.Title.Render("Variables"), Lines: lines}.Render(t, w, h)
}

// Status is what the last line says about the pane.
func (p *Pane) Status(t *draw.Theme, w int) string {
	left := t.Good.Render("●") + " " + t.Title.Render("READY")
	if p.running != nil {
		left = t.Accent.Render("●") + " " + t.Title.Render("RUNNING") + t.Dim.Render("  ctrl+c stops")
	} else if n := len(p.log); n > 0 {
		if r := &p.log[n-1].result; r.Cell > 0 {
			left += t.Dim.Render("  last input " + figures.Time(float64(r.Elapsed)))
		}
	}
	return draw.Spread(" "+left, t.Dim.Render(fmt.Sprintf("%d in the history ", p.history.Len())), w)
}
