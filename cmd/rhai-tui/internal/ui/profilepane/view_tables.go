package profilepane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// column is a column of the table of functions.
type column struct {
	by    view.Column
	head  string
	width int
	cell  func(r *view.Row) string
}

// deltaWidth is the width of a column of differences.
const deltaWidth = 13

// columns are those that fit beside the names in w cells.
func (p *Pane) columns(w int) []column {
	flat := column{view.ByFlat, "flat", 10, func(r *view.Row) string { return p.cell(r.Flat.Value) }}
	flatShare := column{view.ByFlat, "flat%", 7, func(r *view.Row) string { return p.share(r.Flat.Value) }}
	cum := column{view.ByCum, "cum", 10, func(r *view.Row) string { return p.cell(r.Cum.Value) }}
	cumShare := column{view.ByCum, "cum%", 7, func(r *view.Row) string { return p.share(r.Cum.Value) }}
	list := []column{flat, cum}
	if p.ix.Compared() {
		list = append(list, column{view.ByDelta, "delta", deltaWidth, func(r *view.Row) string {
			return p.delta(r.Flat) + " " + markGlyph(p.ix.Mark(r.Flat))
		}})
	}
	used := 0
	for _, c := range list {
		used += c.width
	}
	const name = 18
	add := func(c column, before int) {
		if used+c.width+name <= w {
			used += c.width
			list = append(list[:before], append([]column{c}, list[before:]...)...)
		}
	}
	add(flatShare, 1)
	if len(list) > 1 && list[1].head == "flat%" {
		add(cumShare, 3)
	}
	if p.ix.HasOps() {
		add(column{view.ByOps, "ops", 8, func(r *view.Row) string {
			if r.Ops.Value == 0 {
				return "."
			}
			return figures.Count(float64(r.Ops.Value))
		}}, len(list))
		add(column{view.ByNsPerOp, "ns/op", 8, func(r *view.Row) string {
			if ns, ok := r.NsPerOp(); ok {
				return figures.Digits(ns)
			}
			return "."
		}}, len(list))
	}
	return list
}

// drawTop draws the table of functions.
func (p *Pane) drawTop(t *draw.Theme, w, h int) (note string, lines []string) {
	columns := p.columns(w)
	head := " "
	for _, c := range columns {
		text := draw.FitLeft(c.head, c.width)
		if c.by == p.sort {
			text = draw.Blanks(c.width-len(c.head)) + t.Accent.Render(c.head)
		} else {
			text = t.Dim.Render(text)
		}
		head += text
	}
	name := t.Dim.Render("function")
	if p.sort == view.ByName {
		name = t.Accent.Render("function")
	}
	lines = append(lines, head+"  "+name)
	sel := p.row()
	for i := p.tops[topView]; i < len(p.rows) && len(lines) < h; i++ {
		r := &p.rows[i]
		on := i == sel
		line := cursorMark(on)
		for _, c := range columns {
			text := draw.FitLeft(c.cell(r), c.width)
			if c.by == view.ByDelta {
				text = marked(t, p.ix.Mark(r.Flat), text)
			}
			line += text
		}
		line += "  " + p.found1(t, r.ID)
		rest := w - draw.Width(line)
		fn := shorten(r.Name)
		if at := where(r.Func); at != "" && draw.Width(fn)+draw.Width(at)+2 <= rest {
			fn = draw.Spread(fn, t.Dim.Render(at), rest)
		}
		lines = append(lines, p.lineOfTable(t, topView, on, line+draw.Fit(fn, max(rest, 0)), w))
	}
	note = t.Dim.Render(fmt.Sprintf("%s · by %s", figures.Plural(len(p.rows), "function", "functions"), p.sort))
	return note, lines
}

// found1 marks a function that the search finds.
func (p *Pane) found1(t *draw.Theme, id view.FuncID) string {
	if p.matches.Has(id) {
		return t.Warn.Render("» ")
	}
	return ""
}

// drawTree draws the call tree.
func (p *Pane) drawTree(t *draw.Theme, w, h int) (note string, lines []string) {
	list := p.visible()
	wide := w >= 60
	head := " " + draw.FitLeft("cum", 10) + draw.FitLeft("cum%", 7)
	if wide {
		head += draw.FitLeft("flat", 10)
	}
	if p.ix.Compared() {
		head += draw.FitLeft("delta", deltaWidth)
	}
	lines = append(lines, t.Dim.Render(head+"  call"))
	for i := p.tops[treeView]; i < len(list) && len(lines) < h; i++ {
		n := &p.calls.Nodes[list[i]]
		on := list[i] == p.branch
		line := cursorMark(on) + draw.FitLeft(p.cell(n.Cum.Value), 10) + draw.FitLeft(p.share(n.Cum.Value), 7)
		if wide {
			line += draw.FitLeft(p.cell(n.Flat.Value), 10)
		}
		if p.ix.Compared() {
			m := p.ix.Mark(n.Cum)
			line += marked(t, m, draw.FitLeft(p.delta(n.Cum)+" "+markGlyph(m), deltaWidth))
		}
		sign := "  "
		if len(n.Children) > 0 {
			sign = "▸ "
			if p.isOpen(list[i]) {
				sign = "▾ "
			}
		}
		indent := min(2*(int(n.Depth)-1), max(w/3, 1))
		line += "  " + draw.Blanks(indent) + sign + p.found1(t, n.Func) + shorten(p.calls.Name(list[i]))
		lines = append(lines, p.lineOfTable(t, treeView, on, line, w))
	}
	note = t.Dim.Render("enter opens and closes")
	if len(list) >= maxBranches {
		note = t.Warn.Render(fmt.Sprintf("the first %d branches", maxBranches))
	}
	return note, lines
}

// drawPeek draws who calls the function and what it calls.
func (p *Pane) drawPeek(t *draw.Theme, w, h int) (note string, lines []string) {
	k := p.peek
	head := " " + draw.FitLeft("cost", 10) + draw.FitLeft("of it", 7)
	if p.ix.Compared() {
		head += draw.FitLeft("delta", deltaWidth)
	}
	lines = append(lines, t.Dim.Render(head+"  callers, function, callees"))
	n := len(k.Callers)
	for i := p.tops[peekView]; i <= n+len(k.Callees) && len(lines) < h; i++ {
		on := i == p.edge
		var a view.Amount
		var name string
		id := p.sel
		switch {
		case i < n:
			a, id = k.Callers[i].Cost, k.Callers[i].ID
			name = "  " + shorten(k.Callers[i].Name)
		case i == n:
			a, name = k.Cum, t.Title.Render(shorten(k.Name))+t.Dim.Render("  flat "+p.amount(k.Flat.Value)+"  "+where(k.Func))
		default:
			a, id = k.Callees[i-n-1].Cost, k.Callees[i-n-1].ID
			name = "    " + shorten(k.Callees[i-n-1].Name)
		}
		if id == p.sel && i != n {
			name += t.Dim.Render(" (itself)")
		}
		line := cursorMark(on) + draw.FitLeft(p.cell(a.Value), 10) + draw.FitLeft(figures.Of(max(a.Value, 0), k.Cum.Value), 7)
		if p.ix.Compared() {
			m := p.ix.Mark(a)
			line += marked(t, m, draw.FitLeft(p.delta(a)+" "+markGlyph(m), deltaWidth))
		}
		lines = append(lines, p.lineOfTable(t, peekView, on, line+"  "+p.found1(t, id)+name, w))
	}
	return t.Dim.Render(fmt.Sprintf("callers %d · callees %d", n, len(k.Callees))), lines
}

// heatWidth is how many cells show the heat of a line.
const heatWidth = 4

// drawSource draws the source of the selected function's file with what its lines cost.
func (p *Pane) drawSource(t *draw.Theme, w, h int) (note string, lines []string) {
	f := p.ix.Func(p.sel)
	if p.source == nil {
		why := shorten(f.Name) + " is in no file: choose another function"
		if f.File != "" {
			why = "reading " + draw.Clean(f.File)
		}
		for _, l := range draw.Wrap(why, max(w, 1)) {
			lines = append(lines, t.Dim.Render(l))
		}
		return "", lines
	}
	wide := w >= 66 && p.ix.HasOps()
	head := "      " + draw.FitLeft("flat", 10) + draw.FitLeft("cum", 10)
	if wide {
		head += draw.FitLeft("ops", 8) + draw.FitLeft("ns/op", 8)
	}
	if p.ix.Compared() {
		head += draw.FitLeft("delta", deltaWidth)
	}
	lines = append(lines, t.Dim.Render(head))
	if p.source.Warning != "" {
		lines = append(lines, t.Warn.Render(draw.Fit("! "+draw.Clean(p.source.Warning), w)))
	}
	for i := p.tops[sourceView]; i < len(p.source.Lines) && len(lines) < h; i++ {
		l := &p.source.Lines[i]
		on := l.No == p.line
		line := cursorMark(on) + draw.FitLeft(fmt.Sprint(l.No), 5)
		if l.Func >= 0 {
			line += draw.FitLeft(p.cell(l.Flat.Value), 10) + draw.FitLeft(p.cell(l.Cum.Value), 10)
		} else {
			line += draw.Blanks(20)
		}
		if wide {
			ops, ns := "", ""
			if l.Ops.Value != 0 {
				ops = figures.Count(float64(l.Ops.Value))
			}
			if x, ok := l.NsPerOp(); ok {
				ns = figures.Digits(x)
			}
			line += draw.FitLeft(ops, 8) + draw.FitLeft(ns, 8)
		}
		if p.ix.Compared() {
			text := ""
			m := p.ix.Mark(l.Flat)
			if l.Func >= 0 {
				text = p.delta(l.Flat) + " " + markGlyph(m)
			}
			line += marked(t, m, draw.FitLeft(text, deltaWidth))
		}
		bars := int(l.Heat*heatWidth + 0.999)
		line += " " + t.SideB.Render(strings.Repeat("█", bars)) + draw.Blanks(heatWidth-bars) + " "
		code := draw.Clean(l.Text)
		if i < len(p.starts) && !(on && p.focus == sourceView) {
			code = draw.Code(t, l.Text, p.starts[i], p.spans)
		}
		lines = append(lines, p.lineOfTable(t, sourceView, on, line+code, w))
	}
	note = t.Dim.Render(draw.Clean(p.source.File))
	return note, lines
}

// highlight finds the spans of the source of a script, and where its lines start.
func highlight(s *view.Source) (spans []draw.Span, starts []int) {
	if !strings.HasSuffix(s.File, ".rhai") || len(s.Lines) > 5000 {
		return nil, nil
	}
	var b strings.Builder
	for i, l := range s.Lines {
		if l.No != int64(i+1) {
			return nil, nil
		}
		starts = append(starts, b.Len())
		b.WriteString(l.Text + "\n")
	}
	return draw.Highlight(b.String()), starts
}
