package profilepane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// drawFlame draws the flame graph in w cells and h lines.
func (p *Pane) drawFlame(t *draw.Theme, w, h int) (note string, lines []string) {
	rows := p.flameRows(w)
	total := p.ix.Total()
	kind := [...]string{icicle: "icicle", inverted: "inverted", sandwich: "sandwich around " + shorten(p.ix.Func(p.sel).Name)}[p.shape]
	note = t.Dim.Render(kind + " · " + p.amount(total.Value))
	if n := p.shown.Samples(); n > 0 {
		note += t.Dim.Render(" · " + p.taken)
	}
	if p.ix.Compared() {
		note = t.Dim.Render(kind+" · "+p.amount(total.Value)+" against "+p.amount(total.Base)+" ") + marked(t, p.ix.Mark(total), markGlyph(p.ix.Mark(total))+" "+p.delta(total))
	}
	room := flameHeight(h)
	top := min(p.tops[flameView], max(len(rows)-room, 0))
	for i := top; i < len(rows) && len(lines) < room; i++ {
		lines = append(lines, p.drawRow(t, rows[i], w))
	}
	if total.Value == 0 && total.Base == 0 && len(lines) < room {
		lines = append(lines, t.Warn.Render(draw.Fit(p.nothing(), w)))
	}
	for len(lines) < room {
		lines = append(lines, "")
	}
	if h > room {
		lines = append(lines, p.chosen(t, w))
	}
	if h > room+1 {
		lines = append(lines, p.legend(t, top, room, len(rows), w))
	}
	return note, lines
}

// drawRow draws a row of boxes.
func (p *Pane) drawRow(t *draw.Theme, row flameRow, w int) string {
	var b strings.Builder
	x := 0
	tree := p.trees[row.tree]
	for _, box := range row.boxes {
		b.WriteString(draw.Blanks(box.X0 - x))
		b.WriteString(p.drawBox(t, tree, row.tree, box))
		x = box.X1
	}
	b.WriteString(draw.Blanks(w - x))
	return b.String()
}

// drawBox draws a box: a mark of what it is, its name, and its share as far as there is
// room.
func (p *Pane) drawBox(t *draw.Theme, tree *view.Tree, at int, box view.Box) string {
	w := box.X1 - box.X0
	on := p.at == place{at, box.Node}
	if box.Small > 0 {
		text := strings.Repeat("┊", w)
		if on {
			return t.Selected.Render(text)
		}
		return t.Dim.Render(text)
	}
	n := &tree.Nodes[box.Node]
	f := p.ix.Func(n.Func)
	name, sign, style := shorten(tree.Name(box.Node)), glyph(f.Kind), t.Box[draw.BoxOther]
	switch {
	case box.Node == 0:
		name, sign = "all", " "
	case f.Kind == view.Script:
		style = t.Box[draw.BoxScript]
	case f.Kind == view.Native:
		style = t.Box[draw.BoxNative]
	case f.Kind == view.Tag:
		style = t.Box[draw.BoxTag]
	}
	mark := p.ix.Mark(n.Cum)
	switch mark {
	case view.More, view.Added:
		style = t.Box[draw.BoxMore]
	case view.Less, view.Gone:
		style = t.Box[draw.BoxLess]
	case view.Same:
		style = t.Box[draw.BoxSame]
	}
	if g := markGlyph(mark); g != "" {
		sign = g
	}
	if p.matches.Has(n.Func) && box.Node > 0 {
		sign, style = "»", style.Underline(true)
	}
	if n.Func == p.sel && box.Node > 0 && p.shape != sandwich {
		style = style.Bold(true)
	}
	text := sign
	if w >= 4 {
		right := p.share(n.Cum.Value)
		if mark > view.Same {
			right = p.delta(n.Cum) + " " + right
		}
		if draw.Width(name)+draw.Width(right)+4 <= w {
			text += draw.Spread(name, right, w-2) + " "
		} else {
			text += draw.Fit(name, w-2) + " "
		}
	}
	text = draw.Fit(text, w)
	if on {
		if p.focus == flameView {
			return t.Selected.Bold(true).Render(text)
		}
		style = style.Bold(true).Underline(true)
	}
	return style.Render(text)
}

// nothing says why the flame graph is empty.
func (p *Pane) nothing() string {
	if len(p.query.Filters) > 0 {
		return "no sample is left: backspace takes the latest filter out"
	}
	return "there are no samples of this type: t shows the next one"
}

// chosen says all about the box under the cursor.
func (p *Pane) chosen(t *draw.Theme, w int) string {
	n := &p.trees[p.at.tree].Nodes[p.at.node]
	name := draw.Clean(p.trees[p.at.tree].Name(p.at.node))
	line := "› " + t.Title.Render(name) + fmt.Sprintf("  flat %s  cum %s %s", p.amount(n.Flat.Value), p.amount(n.Cum.Value), p.share(n.Cum.Value))
	if p.ix.Compared() {
		m := p.ix.Mark(n.Cum)
		line += "  " + marked(t, m, markGlyph(m)+" "+p.delta(n.Cum)+" "+m.String())
	}
	if p.at.node > 0 {
		f, c := p.ix.Func(n.Func), p.ix.Cost(n.Func)
		if c.Cum.Value != n.Cum.Value {
			line += t.Dim.Render("  everywhere " + p.amount(c.Cum.Value))
		}
		if at := where(f); at != "" {
			line += t.Dim.Render("  " + at)
		}
	}
	return draw.Fit(line, w)
}

// legend explains the marks, and shows which rows are in view.
func (p *Pane) legend(t *draw.Theme, top, room, all, w int) string {
	right := ""
	if all > room {
		right = t.Dim.Render(fmt.Sprintf("rows %d-%d of %d", top+1, min(top+room, all), all))
	}
	left := "█ script  ▒ native  ▌ other  ┊ too small"
	if p.ix.Compared() {
		left = "▲ more  ▼ less  = within the noise (" + figures.Noise(p.ix.Noise()) + ")"
		if p.ix.Exact() {
			left = "▲ more  ▼ less  = equal: counted exactly"
		}
	}
	if p.matches.Len() > 0 {
		left += "  » found"
	}
	return draw.Spread(t.Dim.Render(left), right, w)
}
