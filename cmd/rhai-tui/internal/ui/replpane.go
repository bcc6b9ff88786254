package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/repl"
)

// replPane is the REPL: a log of cells, an editor, variables.
type replPane struct {
	ctx     context.Context
	session *repl.Session
	state   repl.State
	history *repl.History
	log     []*entry
	ed      editor
	editing bool // keys go to the editor
	toggled bool // the variables are shown on a narrow screen, hidden on a wide one
	scroll  int  // lines of the log below the view
	running *running
	spin    int

	// The history entry that is shown, -1 for none, and what was typed before.
	recalled int
	typed    string

	list    []repl.Candidate // completions, nil if the list is closed
	listAt  int              // the chosen one
	listCol int              // where the completed name begins

	// What is known of the text in the editor, by its version.
	completeness repl.Verdict
	spans        []repl.Span
	knownOf      int
}

// running is the input in progress.
type running struct {
	entry   *entry
	cancel  context.CancelFunc
	capture *repl.Capture
	stopped bool
}

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

// maxLog bounds the entries of the log.
const maxLog = 500

// Bounds of the beginning and the end of the output of a cell that are kept.
const (
	maxOutputLines = 200
	maxOutput      = 64 << 10
)

// newREPLPane makes the pane of a session; inputs end with ctx.
func newREPLPane(ctx context.Context, s *repl.Session) *replPane {
	h, _ := repl.LoadHistory("")
	p := &replPane{ctx: ctx, session: s, state: s.State(), history: h, ed: newEditor(), editing: true, recalled: -1}
	p.know()
	return p
}

// know finds out what there is to know of the text in the editor, if it has changed.
func (p *replPane) know() {
	if p.knownOf != p.ed.version {
		text := p.ed.text()
		p.completeness, p.spans, p.knownOf = repl.Check(text), repl.Highlight(text), p.ed.version
	}
}

// begin logs an input that starts to run.
func (p *replPane) begin(input string, cancel context.CancelFunc) *running {
	e := &entry{input: input}
	if !repl.IsCommand(input) {
		e.cell = p.state.Cells + 1
	}
	p.log = append(p.log, e)
	if len(p.log) > maxLog {
		p.log = append(p.log[:0:0], p.log[len(p.log)-maxLog:]...)
	}
	p.scroll = 0
	p.running = &running{entry: e, cancel: cancel, capture: repl.NewCapture(maxOutputLines, maxOutput)}
	return p.running
}

// finish logs the outcome of the input that ran.
func (p *replPane) finish(r repl.Result) {
	run := p.running
	if run == nil {
		return
	}
	run.cancel()
	e := run.entry
	e.lines, e.dropped, e.tail = run.capture.Lines()
	e.result, e.done = r, true
	e.drawn = nil
	if r.Cell > 0 {
		e.cell = r.Cell
	}
	p.state = r.State
	p.running = nil
	if r.Reset {
		p.log = p.log[len(p.log)-1:]
	}
}

// refresh takes the output so far of the input that runs.
func (p *replPane) refresh() {
	p.spin++
	if p.running != nil {
		e := p.running.entry
		e.lines, e.dropped, e.tail = p.running.capture.Lines()
		e.drawn = nil
	}
}

// recall puts an entry of the history that begins with what was typed into the
// editor, and reports whether there is one.
func (p *replPane) recall(forward bool) bool {
	if p.recalled < 0 {
		p.typed = p.ed.text()
	}
	prefix := p.typed
	if p.recalled >= 0 && p.ed.text() != p.history.At(min(p.recalled, p.history.Len()-1)) {
		// The recalled text was changed: it is the new beginning.
		p.recalled, p.typed = -1, p.ed.text()
		prefix = p.typed
	}
	from := p.recalled
	if from < 0 {
		from = p.history.Len()
	}
	var i int
	if forward {
		if p.recalled < 0 {
			return false
		}
		if i = p.history.SearchForward(from, prefix, p.ed.text()); i < 0 {
			p.recalled = -1
			p.ed.set(p.typed)
			return true
		}
	} else if i = p.history.Search(from, prefix, p.ed.text()); i < 0 {
		return false
	}
	p.recalled = i
	p.ed.set(p.history.At(i))
	return true
}

// ghost is the rest of the latest input that begins with the text in the editor, up
// to the end of its line: it is shown behind the cursor, and right takes it.
func (p *replPane) ghost() string {
	e := &p.ed
	text := e.text()
	if p.list != nil || len(e.lines) != 1 || e.col != len(text) || strings.TrimSpace(text) == "" {
		return ""
	}
	i := p.history.Search(p.history.Len(), text, text)
	if i < 0 {
		return ""
	}
	rest, _, _ := strings.Cut(p.history.At(i)[len(text):], "\n")
	return rest
}

// complete opens the list of completions, or takes the only one.
func (p *replPane) complete() {
	start, list := repl.Complete(p.state, p.ed.text(), p.ed.offset())
	if len(list) == 0 {
		p.list = nil
		return
	}
	p.listCol = p.ed.col - (p.ed.offset() - start)
	common := list[0].Text
	for _, c := range list[1:] {
		n := 0
		for n < len(common) && n < len(c.Text) && common[n] == c.Text[n] {
			n++
		}
		common = common[:n]
	}
	if len(common) > p.ed.col-p.listCol {
		p.ed.replace(p.listCol, common)
	}
	p.list, p.listAt = list, 0
	if len(list) == 1 {
		p.list = nil
	}
}

// take puts the chosen completion into the text.
func (p *replPane) take() {
	if p.listAt < len(p.list) {
		p.ed.replace(p.listCol, p.list[p.listAt].Text)
	}
	p.list = nil
}

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
func (p *replPane) small(w, h int) bool { return h < 8 || w < 30 }

// Settle fits what is scrolled to the size of the pane, and draws what the log
// shows of it.
func (p *replPane) Settle(t *theme, w, h int) {
	p.know()
	l := layoutREPL(w, h, len(p.ed.lines), p.toggled)
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

// View draws the pane and returns where the cursor is, below 0 for nowhere.
func (p *replPane) View(t *theme, w, h int) (lines []string, cx, cy int) {
	l := layoutREPL(w, h, len(p.ed.lines), p.toggled)
	small := p.small(w, h)
	if small {
		lines = p.logLines(t, w, l.height)
	} else {
		note := ""
		if p.state.Cells > 0 {
			note = t.dim.Render(figures.Plural(p.state.Cells, "cell", "cells") + " · " + figures.Plural(len(p.state.Functions), "function", "functions") + " · " +
				figures.Plural(len(p.state.Variables), "variable", "variables"))
		}
		b := box{title: t.title.Render("Session"), note: note, focus: !p.editing}
		if p.scroll > 0 {
			b.foot = t.dim.Render("scrolled back · end returns")
		}
		switch {
		case l.log == 0:
			lines = p.varsBox(t, l.vars, l.height)
		default:
			b.lines = p.logLines(t, l.log-4, l.height-2)
			lines = b.render(t, l.log, l.height)
			if l.vars > 0 {
				lines = beside(lines, p.varsBox(t, l.vars, l.height))
			}
		}
	}
	var input []string
	if small {
		input, cx, cy = p.ed.View(t, w, l.input, p.spans)
		cy += l.height
	} else {
		input, cx, cy = p.ed.View(t, w-4, l.input-2, p.spans)
		if ghost := p.ghost(); ghost != "" && p.editing && cx < w-5 {
			input[cy] = fit(ansi.Truncate(input[cy], cx, "")+t.dim.Render(clean(ghost)), w-4)
		}
		cx, cy = cx+2, cy+l.height+1
		input = p.inputBox(t, input).render(t, w, l.input)
	}
	lines = append(lines, input...)
	if p.list != nil && p.editing {
		p.overlayList(t, lines, cx, cy, w)
	}
	if !p.editing {
		cx = -1
	}
	return block(lines, w, h), cx, cy
}

func (p *replPane) inputBox(t *theme, lines []string) box {
	b := box{title: t.title.Render("Input"), lines: lines, focus: p.editing}
	v := p.completeness
	switch {
	case p.running != nil:
		b.title = t.accent.Render(spinner[p.spin%len(spinner)]+" running") + t.dim.Render(" · ctrl+c stops")
	case v.Open != "" && !p.ed.empty():
		b.title += "  " + t.warn.Render("block open: "+clean(v.Open))
	case v.Incomplete && strings.TrimSpace(p.ed.text()) != "":
		b.title += "  " + t.warn.Render("not complete yet")
	}
	if list := repl.Signatures(p.state, p.ed.text(), p.ed.offset()); len(list) > 0 {
		text := clean(list[0].String())
		if n := len(list) - 1; n > 0 {
			text += fmt.Sprintf("  and %d more", n)
		}
		b.foot = t.dim.Render(text)
	}
	if len(p.ed.lines) > 1 {
		b.note = t.dim.Render(fmt.Sprintf("line %d of %d", p.ed.row+1, len(p.ed.lines)))
	}
	return b
}

// overlayList lays the list of completions over the screen, above the cursor.
func (p *replPane) overlayList(t *theme, lines []string, cx, cy, w int) {
	n := min(len(p.list), 8, cy-2)
	if n < 1 {
		return
	}
	name := 8
	for _, c := range p.list {
		name = max(name, width(c.Text))
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
		text := fit(clean(c.Text), name) + "  " + clean(detail)
		if i == p.listAt {
			rows = append(rows, t.selected.Render(fit(text, lw-4)))
		} else {
			rows = append(rows, fit(clean(c.Text), name)+"  "+t.dim.Render(clean(detail)))
		}
	}
	b := box{lines: rows, focus: true, foot: t.dim.Render(fmt.Sprintf("tab next · enter takes · %d of %d", p.listAt+1, len(p.list)))}
	x := max(min(cx-2, w-lw), 0)
	over(lines, b.render(t, lw, n+2), x, cy-n-2, lw, w)
}

// varsBox lists variables and functions.
func (p *replPane) varsBox(t *theme, w, h int) []string {
	var lines []string
	name := 6
	for _, v := range p.state.Variables {
		name = min(max(name, width(v.Name)), 14)
	}
	vars := p.state.Variables
	room := h - 2
	funcs := len(p.state.Functions)
	if funcs > 0 {
		room -= min(funcs, room/3) + 2
	}
	for i := len(vars) - 1; i >= 0; i-- { // the latest first
		if len(lines) >= room-1 && i > 0 {
			lines = append(lines, t.dim.Render(fmt.Sprintf("and %d more", i+1)))
			break
		}
		v := vars[i]
		typ := v.Type
		if v.Constant {
			typ = "const " + typ
		}
		lines = append(lines, fit(clean(v.Name), name)+" "+t.dim.Render(fit(clean(typ), 9))+" "+clean(v.Text))
	}
	if len(lines) == 0 {
		lines = append(lines, t.dim.Render("none yet: let x = 42;"))
	}
	if funcs > 0 {
		lines = append(lines, "", t.title.Render("Functions"))
		for i := funcs - 1; i >= 0; i-- {
			f := p.state.Functions[i]
			lines = append(lines, spread(clean(f.String()), t.dim.Render(fmt.Sprintf("[%d]", f.Cell)), w-4))
		}
	}
	return box{title: t.title.Render("Variables"), lines: lines}.render(t, w, h)
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
