package profilepane

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// move moves the cursor of the view in focus by lines.
func (p *Pane) move(by int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	switch p.focus {
	case flameView:
		return p.moveFlame(by)
	case topView:
		if len(p.rows) == 0 {
			return pane.Request{}
		}
		at := min(max(p.row()+by, 0), len(p.rows)-1)
		return p.choose(p.rows[at].ID)
	case treeView:
		list := p.visible()
		if len(list) == 0 {
			return pane.Request{}
		}
		at := min(max(index(list, p.branch)+by, 0), len(list)-1)
		p.branch = list[at]
		return p.choose(p.calls.Nodes[p.branch].Func)
	case peekView:
		p.edge = min(max(p.edge+by, 0), len(p.peek.Callers)+len(p.peek.Callees))
	case sourceView:
		if p.source != nil && len(p.source.Lines) > 0 {
			lines := p.source.Lines
			p.line = min(max(p.line+int64(by), lines[0].No), lines[len(lines)-1].No)
		}
	}
	return pane.Request{}
}

// row is the index of the selected function in the table.
func (p *Pane) row() int {
	for i := range p.rows {
		if p.rows[i].ID == p.sel {
			return i
		}
	}
	return 0
}

func index(list []int32, n int32) int {
	for i, x := range list {
		if x == n {
			return i
		}
	}
	return 0
}

// moveFlame moves the cursor of the flame graph by rows, to the box below or above.
func (p *Pane) moveFlame(by int) pane.Request {
	rows := p.flameRows(p.flameCells())
	y, b := p.cursor(rows)
	if y < 0 {
		return p.goTo(place{0, p.zoom})
	}
	middle := (b.X0 + b.X1 - 1) / 2
	for ; by != 0; by -= sign(by) {
		next := y + sign(by)
		if next < 0 || next >= len(rows) {
			break
		}
		best, far := -1, 1<<30
		for i, x := range rows[next].boxes {
			d := 0
			switch {
			case middle < x.X0:
				d = x.X0 - middle
			case middle >= x.X1:
				d = middle - x.X1 + 1
			}
			// Below a box its own callees come first, the largest of them.
			if sign(by) > 0 && (x.X0 < b.X0 || x.X0 >= b.X1) {
				d += 1 << 20
			}
			if d < far {
				best, far = i, d
			}
		}
		if best < 0 || far >= 1<<20 && by > 0 {
			break
		}
		y, b = next, rows[next].boxes[best]
	}
	return p.goTo(place{rows[y].tree, b.Node})
}

// sideways moves the cursor of the flame graph along its row; in the other views it opens
// and closes a branch, or changes the column that sorts.
func (p *Pane) sideways(by int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	switch p.focus {
	case flameView:
		rows := p.flameRows(p.flameCells())
		y, b := p.cursor(rows)
		if y < 0 {
			return p.goTo(place{0, p.zoom})
		}
		for i, x := range rows[y].boxes {
			if x.X0 == b.X0 {
				i = min(max(i+by, 0), len(rows[y].boxes)-1)
				return p.goTo(place{rows[y].tree, rows[y].boxes[i].Node})
			}
		}
	case topView:
		return p.sortBy(by)
	case treeView:
		if open := p.isOpen(p.branch); open != (by > 0) && len(p.calls.Nodes[p.branch].Children) > 0 {
			p.toggle(p.branch)
		} else if by < 0 && p.calls.Nodes[p.branch].Parent > 0 {
			p.branch = p.calls.Nodes[p.branch].Parent
			return p.choose(p.calls.Nodes[p.branch].Func)
		}
	}
	return pane.Request{}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// goTo puts the cursor of the flame graph on a node.
func (p *Pane) goTo(at place) pane.Request {
	p.at = at
	t := p.trees[at.tree]
	if p.shape == sandwich || at.node == 0 {
		return pane.Request{} // the sandwich is around the selection
	}
	return p.choose(t.Nodes[at.node].Func)
}

// under is the function under the cursor of the view in focus.
func (p *Pane) under() view.FuncID {
	if p.ix == nil {
		return -1
	}
	switch p.focus {
	case flameView:
		// Below 0 is what a tree that is too large leaves out.
		if t := p.trees[p.at.tree]; p.at.node > 0 && t.Nodes[p.at.node].Func >= 0 {
			return t.Nodes[p.at.node].Func
		}
	case peekView:
		return p.edgeFunc()
	case sourceView:
		if p.source != nil {
			for _, l := range p.source.Lines {
				if l.No == p.line && l.Func >= 0 {
					return l.Func
				}
			}
		}
	}
	return p.sel
}

// edgeFunc is the function under the cursor of the callers and callees.
func (p *Pane) edgeFunc() view.FuncID {
	switch n := len(p.peek.Callers); {
	case p.edge < n:
		return p.peek.Callers[p.edge].ID
	case p.edge > n:
		return p.peek.Callees[p.edge-n-1].ID
	}
	return p.sel
}

// enter zooms into what is under the cursor; with no profile it captures one.
func (p *Pane) enter() pane.Request {
	switch {
	case p.ix == nil && p.opts.Alone:
		return pane.Request{}
	case p.ix == nil:
		return p.capture(nil)
	}
	switch p.focus {
	case flameView:
		if p.shape == sandwich {
			return p.around(p.under())
		}
		if p.at.node != p.zoom {
			p.outer = append(p.outer, p.zoom)
			p.zoom = p.at.node
			p.tops[flameView] = 0
		}
	case topView:
		return p.zoomTo(p.sel)
	case treeView:
		p.toggle(p.branch)
	case peekView:
		return p.choose(p.edgeFunc())
	case sourceView:
		line := p.line
		r := p.choose(p.under())
		p.line = line
		return r
	}
	return pane.Request{}
}

// zoomTo zooms the flame graph to the largest box of a function.
func (p *Pane) zoomTo(id view.FuncID) pane.Request {
	if p.shape == sandwich {
		return p.around(id)
	}
	best := largest(p.trees[0], id, p.zoom)
	if best == 0 {
		return pane.Request{}
	}
	if best != p.zoom {
		p.outer = append(p.outer, p.zoom)
	}
	p.zoom, p.at, p.focus, p.tops[flameView] = best, place{0, best}, flameView, 0
	return p.choose(id)
}

// around makes the flame graph a sandwich around a function.
func (p *Pane) around(id view.FuncID) pane.Request {
	if id < 0 {
		return pane.Request{}
	}
	r := p.choose(id)
	return pane.Commands(r.Cmd, p.shapeTo(sandwich, id).Cmd)
}

// shapeTo turns the flame graph: at once, or in a command if the profile is large.
func (p *Pane) shapeTo(s shape, id view.FuncID) pane.Request {
	ix := p.ix
	compute := func() shapedMsg {
		msg := shapedMsg{ix: ix, sel: id, shape: s}
		switch s {
		case icicle:
			msg.trees[0] = ix.Tree()
		case inverted:
			msg.trees[0] = ix.Inverted()
		case sandwich:
			msg.trees[0], msg.trees[1] = ix.Around(id)
		}
		return msg
	}
	if p.shown.Samples() <= large || s == icicle {
		p.turn(compute())
		return pane.Request{}
	}
	p.loading = p.title
	return pane.Commands(func() tea.Msg { return compute() })
}

// turn shows another shape of the flame graph.
func (p *Pane) turn(msg shapedMsg) {
	p.shape, p.trees, p.zoom, p.outer, p.at = msg.shape, msg.trees, 0, nil, place{}
	if p.shape == sandwich {
		p.sel = msg.sel
		p.at = place{1, min(1, int32(len(p.trees[1].Nodes)-1))}
	} else {
		p.at.node = largest(p.trees[0], p.sel, 0)
	}
	p.tops[flameView] = 0
}

// out takes the latest zoom back, and then the latest filter.
func (p *Pane) out() pane.Request {
	switch n := len(p.outer); {
	case p.ix == nil:
	case n > 0:
		p.zoom, p.outer = p.outer[n-1], p.outer[:n-1]
		p.tops[flameView] = 0
	case p.zoom != 0:
		p.zoom = 0
	case p.shape == sandwich:
		return p.reshape(icicle)
	case len(p.query.Filters) > 0:
		return p.removeCrumb(len(p.query.Filters))
	}
	return pane.Request{}
}

// reshape turns the flame graph.
func (p *Pane) reshape(s shape) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	if s == sandwich {
		return p.around(p.under())
	}
	return p.shapeTo(s, p.sel)
}

// nextView brings the focus to the next view.
func (p *Pane) nextView(by int) {
	p.look(viewKind((int(p.focus) + by + int(viewKinds)) % int(viewKinds)))
}

// look brings the focus to a view.
func (p *Pane) look(v viewKind) {
	p.focus = v
	if v != flameView {
		p.lower = v
		if v != topView {
			p.side = v
		}
	}
	if v == treeView && p.ix != nil && p.calls.Nodes[p.branch].Func != p.sel {
		if n := largest(p.calls, p.sel, 0); n > 0 {
			p.branch = n
		}
		for n := p.calls.Nodes[p.branch].Parent; n > 0; n = p.calls.Nodes[n].Parent {
			if !p.isOpen(n) {
				p.toggle(n)
			}
		}
	}
}

// sortBy sorts the table by the next column that the profile has.
func (p *Pane) sortBy(by int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	n := len(view.Columns)
	at := 0
	for i, c := range view.Columns {
		if c == p.sort {
			at = i
		}
	}
	for range n {
		at = (at + by + n) % n
		c := view.Columns[at]
		if c == view.ByDelta && !p.ix.Compared() || (c == view.ByOps || c == view.ByNsPerOp) && !p.ix.HasOps() {
			continue
		}
		p.sort = c
		break
	}
	p.rows = p.ix.Top(p.sort)
	return pane.Notify("sorted by " + p.sort.String())
}

// nextType shows the next sample type.
func (p *Pane) nextType(by int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	types, _ := p.shown.Types()
	at, err := p.shown.TypeIndex(p.ix.Type().Name)
	if err != nil {
		at = 0
	}
	p.query.Type = types[(at+by+len(types))%len(types)].Name
	return p.reindex()
}

// group puts the values of the next label above everything, and none after the last.
func (p *Pane) group() pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	keys := p.shown.LabelKeys()
	if len(keys) == 0 {
		return pane.Notify("the samples have no labels")
	}
	next := keys[:1]
	if len(p.query.TagRoot) > 0 {
		next = nil
		for i, k := range keys {
			if k == p.query.TagRoot[0] && i+1 < len(keys) {
				next = keys[i+1 : i+2]
			}
		}
	}
	p.query.TagRoot = next
	r := p.reindex()
	if next == nil {
		r.Notice = "grouped by no label"
	} else {
		r.Notice = "grouped by the label " + next[0]
	}
	return r
}

// filter adds a breadcrumb.
func (p *Pane) filter(f view.Filter) pane.Request {
	for _, x := range p.query.Filters {
		if x == f {
			return pane.Notify(f.String() + " is there already")
		}
	}
	if len(p.query.Filters) == 9 {
		return pane.Notify("there is room for nine filters: 1 to 9 take one out")
	}
	p.query.Filters = append(p.query.Filters[:len(p.query.Filters):len(p.query.Filters)], f)
	return p.reindex()
}

// filterUnder adds a breadcrumb for the function under the cursor.
func (p *Pane) filterUnder(kind view.FilterKind) pane.Request {
	id := p.under()
	if id < 0 {
		return pane.Request{}
	}
	f := p.ix.Func(id)
	if f.Kind == view.Tag {
		key, value, _ := strings.Cut(f.Name, ": ")
		if kind == view.Hide {
			return p.filter(view.Filter{Kind: view.TagIgnore, Pattern: key + "=" + view.Exactly(value)})
		}
		return p.filter(view.Filter{Kind: view.TagFocus, Pattern: key + "=" + view.Exactly(value)})
	}
	return p.filter(view.Filter{Kind: kind, Pattern: view.Exactly(f.Name)})
}

// crumb takes a breadcrumb out. If there is none of the number, the key shows a screen.
func (p *Pane) crumb(n int) pane.Request {
	if n <= len(p.query.Filters) {
		return p.removeCrumb(n)
	}
	if tabs := []pane.Tab{pane.TabREPL, pane.TabCompare, pane.TabProfile}; n <= len(tabs) && !p.opts.Alone {
		return pane.Request{}.Showing(tabs[n-1])
	}
	return pane.Request{}
}

func (p *Pane) removeCrumb(n int) pane.Request {
	kept := append([]view.Filter(nil), p.query.Filters[:n-1]...)
	p.query.Filters = append(kept, p.query.Filters[n:]...)
	return p.reindex()
}

// isOpen reports whether a branch of the call tree shows what is below it.
func (p *Pane) isOpen(n int32) bool {
	x := &p.calls.Nodes[n]
	if len(x.Children) == 0 {
		return false
	}
	// The hot paths are open at first.
	usual := p.ix.Share(max(x.Cum.Value, x.Cum.Base)) >= 0.1 && x.Depth < 20
	return usual != p.opened[p.pathKey(n)]
}

func (p *Pane) toggle(n int32) {
	key := p.pathKey(n)
	if p.opened[key] {
		delete(p.opened, key)
	} else {
		p.opened[key] = true
	}
}

func (p *Pane) pathKey(n int32) string {
	var b strings.Builder
	for _, x := range names(p.calls, n) {
		b.WriteString(x.name + "\x00")
	}
	return b.String()
}

// maxBranches bounds the lines of the tree view.
const maxBranches = 5000

// visible lists the branches of the call tree that show.
func (p *Pane) visible() []int32 {
	var list []int32
	var add func(n int32)
	add = func(n int32) {
		for _, c := range p.calls.Nodes[n].Children {
			if len(list) >= maxBranches {
				return
			}
			list = append(list, c)
			if p.isOpen(c) {
				add(c)
			}
		}
	}
	add(0)
	return list
}
