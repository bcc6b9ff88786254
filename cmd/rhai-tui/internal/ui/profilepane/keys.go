package profilepane

import (
	"strconv"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Actions are the keys of the pane.
func (p *Pane) Actions() []pane.Action {
	action := func(id string, keys []string, title string, hint pane.Hint, f func() pane.Request) pane.Action {
		return pane.Action{ID: id, Scope: pane.InProfile, Keys: keys, Title: title, Hint: hint, Run: f}
	}
	do := func(id string, keys []string, title string, hint pane.Hint, f func()) pane.Action {
		return action(id, keys, title, hint, pane.Do(f))
	}
	with := func(a pane.Action, idle func() bool) pane.Action {
		a.Idle = idle
		return a
	}
	none := func() bool { return p.ix == nil }
	is := func(s shape) func() pane.Request {
		return func() pane.Request {
			if p.shape == s {
				return p.reshape(icicle)
			}
			return p.reshape(s)
		}
	}
	by := func(f func(int) pane.Request, n int) func() pane.Request { return func() pane.Request { return f(n) } }
	no := pane.Hint{}
	var list []pane.Action
	if !p.opts.Alone {
		list = append(list,
			action("capture", []string{"P", "p"}, "capture profiles", pane.Hint{Label: "capture"}, func() pane.Request { return p.capture(nil) }),
			do("capture-both", []string{"b"}, "capture of both sides", no, func() { p.which = 0 }),
			do("capture-a", []string{"A"}, "capture of side A", no, func() { p.which = 1 }),
			do("capture-b", []string{"B"}, "capture of side B", no, func() { p.which = 2 }),
			do("capture-time", []string{"D"}, "how long to capture", no, p.nextDuration),
			action("file-next", []string{"]"}, "next file of the capture", no, by(p.nextFile, 1)),
			action("file-back", []string{"["}, "previous file of the capture", no, by(p.nextFile, -1)),
		)
	}
	list = append(list,
		with(do("view", []string{"v"}, "next view: flame graph, table, tree, callers, source", pane.Hint{Label: "view"}, func() { p.nextView(1) }), none),
		do("view-back", []string{"V"}, "previous view", no, func() { p.nextView(-1) }),
		with(action("type", []string{"t"}, "next sample type", pane.Hint{Label: "type"}, by(p.nextType, 1)), none),
		action("type-back", []string{"T"}, "previous sample type", no, by(p.nextType, -1)),
		with(action("search", []string{"/"}, "search functions and files by a regular expression", pane.Hint{Label: "search"}, p.ask), none),
		action("search-next", []string{"n"}, "next match", no, by(p.next, 1)),
		action("search-back", []string{"N"}, "previous match", no, by(p.next, -1)),
		action("search-this", []string{"#", "*"}, "search all of the function under the cursor", no, p.searchUnder),
		with(action("zoom", []string{"enter"}, "zoom in, open a branch, go to a caller or callee", pane.Hint{Label: "zoom"}, p.enter), none),
		action("zoom-out", []string{"backspace", "esc"}, "zoom out, then take the latest filter out", no, p.out),
		with(action("invert", []string{"i"}, "flame graph upside down: functions by their own cost", pane.Hint{Label: "invert"}, is(inverted)), none),
		with(action("sandwich", []string{"s"}, "flame graph around the function: callers above, callees below", pane.Hint{Label: "sandwich"}, is(sandwich)), none),
		with(action("focus", []string{"f"}, "only samples with the function under the cursor", pane.Hint{Label: "focus"}, func() pane.Request { return p.filterUnder(view.Focus) }), none),
		with(action("hide", []string{"x"}, "hide the function under the cursor", pane.Hint{Label: "hide"}, func() pane.Request { return p.filterUnder(view.Hide) }), none),
		action("filter", []string{"F"}, "type a filter, such as ignore=REGEXP or tagfocus=strategy=raw", no, p.askFilter),
		with(action("diff", []string{"d"}, "compare with another profile or with the other side", pane.Hint{Label: "diff"}, p.askBase), none),
		action("group", []string{"g"}, "group by the next label", no, p.group),
		action("sort", []string{">", "c"}, "sort the table by the next column", no, by(p.sortBy, 1)),
		action("sort-back", []string{"<"}, "sort the table by the previous column", no, by(p.sortBy, -1)),
		action("saved", []string{"l"}, "open a saved profile", pane.Hint{Label: "saved"}, p.askSaved),
		with(action("export-profile", []string{"e"}, "export what is shown", pane.Hint{Label: "export"}, p.askExport), none),
		action("about", []string{"I"}, "what the profile is of, and what its figures mean", no, p.about),
		action("edit", []string{"o"}, "open $EDITOR at the line", no, p.edit),
		action("web", []string{"w"}, "serve the profile in pprof's web interface, or stop", no, p.serve),
		action("freeze", []string{"z"}, "freeze a profile that is still growing, or let it go on", no, p.freeze),
		action("move-up", []string{"up", "k"}, "up", no, by(p.move, -1)),
		action("move-down", []string{"down", "j"}, "down", no, by(p.move, 1)),
		action("move-left", []string{"left", "h"}, "left; close the branch", no, by(p.sideways, -1)),
		action("move-right", []string{"right"}, "right; open the branch", no, by(p.sideways, 1)),
		action("move-page-up", []string{"pgup"}, "up a page", no, by(p.move, -10)),
		action("move-page-down", []string{"pgdown"}, "down a page", no, by(p.move, 10)),
		action("move-home", []string{"home"}, "to the first line", no, by(p.move, -1<<30)),
		action("move-end", []string{"end"}, "to the last line", no, by(p.move, 1<<30)),
	)
	for n := 1; n <= 9; n++ {
		title := "take filter " + strconv.Itoa(n) + " out"
		if n <= 3 && !p.opts.Alone {
			title += "; without one, screen " + strconv.Itoa(n)
		}
		list = append(list, action("crumb-"+strconv.Itoa(n), []string{strconv.Itoa(n)}, title, no, func() pane.Request { return p.crumb(n) }))
	}
	return append(list, p.lineActions()...)
}

// Click takes a click of the mouse at a cell of the pane: it zooms a box, and selects a
// line.
func (p *Pane) Click(x, y int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	for _, r := range p.regions(p.w, p.h) {
		if x < r.x || x >= r.x+r.w || y < r.y || y >= r.y+r.h {
			continue
		}
		p.look(r.kind)
		line := y - r.y - 1 // below the border
		if line < 0 || line >= r.h-2 {
			return pane.Request{}
		}
		return p.clickLine(r, x-r.x-2, line)
	}
	return pane.Request{}
}

// clickLine takes a click on a line inside of a box.
func (p *Pane) clickLine(r region, x, line int) pane.Request {
	at := line + p.top(r.kind)
	switch r.kind {
	case flameView:
		rows := p.flameRows(r.w - 4)
		if line >= flameHeight(r.h-2) || at >= len(rows) {
			return pane.Request{}
		}
		for _, b := range rows[at].boxes {
			if x >= b.X0 && x < b.X1 {
				q := p.goTo(place{rows[at].tree, b.Node})
				zoomed := p.enter()
				if q.Cmd == nil {
					q = zoomed
				}
				return q
			}
		}
	case topView:
		if at -= 1; line == 0 {
			return p.sortBy(1)
		} else if at >= 0 && at < len(p.rows) {
			return p.choose(p.rows[at].ID)
		}
	case treeView:
		if list := p.visible(); at-1 >= 0 && at-1 < len(list) && line > 0 {
			if n := list[at-1]; n == p.branch {
				p.toggle(n)
			} else {
				p.branch = n
				return p.choose(p.calls.Nodes[n].Func)
			}
		}
	case peekView:
		if at -= 1; at >= 0 && at <= len(p.peek.Callers)+len(p.peek.Callees) && line > 0 {
			p.edge = at
		}
	case sourceView:
		if at -= 1; p.source != nil && line > 0 && at >= 0 && at < len(p.source.Lines) {
			p.line = p.source.Lines[at].No
		}
	}
	return pane.Request{}
}

// Wheel takes the wheel of the mouse at a cell: it scrolls the view there.
func (p *Pane) Wheel(x, y, by int) pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	for _, r := range p.regions(p.w, p.h) {
		if x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h {
			p.look(r.kind)
			return p.move(by)
		}
	}
	return pane.Request{}
}
