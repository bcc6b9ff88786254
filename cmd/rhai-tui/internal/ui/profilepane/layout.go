package profilepane

import "github.com/rhai-tui/rhai-tui/profile/view"

// region is where a view is: its box, the border included.
type region struct {
	kind       viewKind
	x, y, w, h int
}

// edges are the heights of what is above and below the boxes.
func edges(h int) (head, foot int) {
	switch {
	case h < 8:
		return 1, 0
	case h < 14:
		return 1, 1
	}
	return 2, 1
}

// regions places the views in a pane: three of them where there is room, then two, then the
// one in focus.
func (p *Pane) regions(w, h int) []region {
	head, foot := edges(h)
	room := h - head - foot
	switch {
	case w >= 100 && room >= 20:
		upper := max(room*9/20, 9)
		left := w / 2
		return []region{
			{flameView, 0, head, w, upper},
			{topView, 0, head + upper, left, room - upper},
			{p.side, left, head + upper, w - left, room - upper},
		}
	case w >= 60 && room >= 16:
		upper := room / 2
		return []region{{flameView, 0, head, w, upper}, {p.lower, 0, head + upper, w, room - upper}}
	}
	return []region{{p.focus, 0, head, w, room}}
}

// region finds where a view is; ok is false if it does not show.
func (p *Pane) region(kind viewKind, w, h int) (r region, ok bool) {
	for _, r := range p.regions(w, h) {
		if r.kind == kind {
			return r, true
		}
	}
	return region{}, false
}

// flameHeight is how many lines of a box have rows of the flame graph.
func flameHeight(inner int) int {
	switch {
	case inner >= 8:
		return inner - 2
	case inner >= 4:
		return inner - 1
	}
	return inner
}

// flameCells is how wide the flame graph is.
func (p *Pane) flameCells() int {
	if r, ok := p.region(flameView, p.w, p.h); ok {
		return max(r.w-4, 1)
	}
	return max(p.w-4, 1)
}

// flameRow is a row of the flame graph.
type flameRow struct {
	tree  int
	boxes []view.Box
}

// flameRows lays the flame graph out: of a sandwich the callers from the outermost down, the
// function, and what it calls.
func (p *Pane) flameRows(cells int) (rows []flameRow) {
	if p.ix == nil || p.trees[0] == nil {
		return nil
	}
	if p.shape != sandwich {
		for _, boxes := range p.trees[0].Layout(p.zoom, cells, 0) {
			rows = append(rows, flameRow{0, boxes})
		}
		return rows
	}
	above := p.trees[0].Layout(0, cells, 0)
	for i := len(above) - 1; i >= 2; i-- {
		rows = append(rows, flameRow{0, above[i]})
	}
	for _, boxes := range p.trees[1].Layout(0, cells, 0)[1:] {
		rows = append(rows, flameRow{1, boxes})
	}
	return rows
}

// cursor finds the box under the cursor; y is below 0 if it does not show.
func (p *Pane) cursor(rows []flameRow) (y int, b view.Box) {
	for y, row := range rows {
		if row.tree != p.at.tree {
			continue
		}
		for _, b := range row.boxes {
			if b.Node == p.at.node {
				return y, b
			}
		}
	}
	return -1, view.Box{}
}

// top is the first line in view.
func (p *Pane) top(kind viewKind) int { return p.tops[kind] }

// Settle fits what is scrolled to the size of the pane, so that the cursor of each view is
// in it.
func (p *Pane) Settle(w, h int) {
	p.w, p.h = w, h
	if p.ix == nil {
		return
	}
	for _, r := range p.regions(w, h) {
		at, n, rows := 0, 0, max(r.h-3, 1) // without the border and the head
		switch r.kind {
		case flameView:
			all := p.flameRows(max(r.w-4, 1))
			at, _ = p.cursor(all)
			at, n, rows = max(at, 0), len(all), max(flameHeight(r.h-2), 1)
		case topView:
			at, n = p.row(), len(p.rows)
		case treeView:
			list := p.visible()
			at, n = index(list, p.branch), len(list)
		case peekView:
			at, n = p.edge, len(p.peek.Callers)+len(p.peek.Callees)+1
		case sourceView:
			if p.source == nil {
				continue
			}
			if p.source.Warning != "" {
				rows = max(rows-1, 1)
			}
			n = len(p.source.Lines)
			for i, l := range p.source.Lines {
				if l.No <= p.line {
					at = i
				}
			}
		}
		top := p.tops[r.kind]
		if at < top || at >= top+rows {
			top = at - rows/2
		}
		p.tops[r.kind] = min(max(top, 0), max(n-rows, 0))
	}
}
