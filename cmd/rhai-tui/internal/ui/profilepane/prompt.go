package profilepane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// prompt is a line that is being typed.
type prompt struct {
	label string
	text  string
	wrong string // what is wrong with it
	live  bool   // shown as it is typed
	take  func(text string) (pane.Request, error)
}

// Typing reports whether keys are text for now.
func (p *Pane) Typing() bool { return p.prompt != nil }

// lineActions are the keys while a line is being typed.
func (p *Pane) lineActions() []pane.Action {
	return []pane.Action{
		{ID: "line-take", Scope: pane.InLine, Keys: []string{"enter"}, Title: "take the line", Run: p.takeLine},
		{ID: "line-cancel", Scope: pane.InLine, Keys: []string{"esc", "ctrl+c", "ctrl+g"}, Title: "drop the line", Run: pane.Do(func() { p.prompt = nil })},
		{ID: "line-erase", Scope: pane.InLine, Keys: []string{"backspace", "ctrl+h"}, Title: "delete to the left; drop the line if it is empty", Run: pane.Do(func() {
			if x := p.prompt; x.text == "" {
				p.prompt = nil
			} else {
				p.setLine(x.text[:len(x.text)-draw.LastCluster(x.text)])
			}
		})},
		{ID: "line-clear", Scope: pane.InLine, Keys: []string{"ctrl+u"}, Title: "delete all of it", Run: pane.Do(func() { p.setLine("") })},
	}
}

// takeLine takes the line that was typed.
func (p *Pane) takeLine() pane.Request {
	r, err := p.prompt.take(p.prompt.text)
	if err != nil {
		p.prompt.wrong = err.Error()
		return pane.Request{}
	}
	p.prompt = nil
	return r
}

// Insert adds text to the line that is being typed.
func (p *Pane) Insert(text string) { p.setLine(p.prompt.text + draw.Clean(text)) }

// setLine puts a text into the line that is being typed.
func (p *Pane) setLine(text string) {
	x := p.prompt
	x.text, x.wrong = text, ""
	if x.live {
		if m, err := p.ix.Search(x.text); err != nil {
			x.wrong = err.Error()
		} else if x.text != "" {
			p.matches = m
		}
	}
}

// Paste puts a pasted line into what is being typed.
func (p *Pane) Paste(text string) {
	line, _, _ := strings.Cut(text, "\n")
	p.Insert(strings.TrimRight(line, "\r"))
}

// ask begins a search.
func (p *Pane) ask() pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	p.prompt = &prompt{label: "/", live: p.shown.Samples() <= large, take: func(text string) (pane.Request, error) {
		if text == "" {
			p.search, p.matches = "", nil
			return pane.Request{}, nil
		}
		m, err := p.ix.Search(text)
		if err != nil {
			return pane.Request{}, err
		}
		p.search, p.matches = text, m
		if m.Len() == 0 {
			return pane.Notify("nothing matches " + text), nil
		}
		if m.Has(p.under()) {
			return pane.Request{}, nil
		}
		return p.next(1), nil
	}}
	return pane.Request{}
}

// askFilter begins a filter.
func (p *Pane) askFilter() pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	p.prompt = &prompt{label: "filter: ", text: "focus=", take: func(text string) (pane.Request, error) {
		f, err := view.ParseFilter(text)
		if err != nil {
			return pane.Request{}, err
		}
		return p.filter(f), nil
	}}
	return pane.Request{}
}

// searchUnder searches the function under the cursor everywhere.
func (p *Pane) searchUnder() pane.Request {
	id := p.under()
	if id < 0 {
		return pane.Request{}
	}
	p.search = view.Exactly(p.ix.Func(id).Name)
	p.research()
	return pane.Request{Notice: p.found()}
}

// research looks for the search in a new index.
func (p *Pane) research() {
	p.matches = nil
	if p.search != "" {
		p.matches, _ = p.ix.Search(p.search)
	}
}

// found says what a search found.
func (p *Pane) found() string {
	if p.matches == nil {
		return ""
	}
	return fmt.Sprintf("%s, %s of all", figures.Plural(p.matches.Len(), "function matches", "functions match"), figures.Share(max(p.ix.Share(p.matches.Cost().Value), 0)))
}

// next goes to the next place that the search finds in the view in focus.
func (p *Pane) next(by int) pane.Request {
	if p.ix == nil || p.matches.Len() == 0 {
		return pane.Notify("nothing to search for: / searches")
	}
	var ids []view.FuncID
	switch p.focus {
	case flameView:
		var places []place
		at := -1
		for _, row := range p.flameRows(p.flameCells()) {
			for _, b := range row.boxes {
				if b.Small > 0 || b.Node == 0 {
					continue
				}
				if (place{row.tree, b.Node}) == p.at {
					at = len(places)
				}
				places = append(places, place{row.tree, b.Node})
				ids = append(ids, p.trees[row.tree].Nodes[b.Node].Func)
			}
		}
		if k := p.matches.Next(ids, at, by); k >= 0 {
			return p.goTo(places[k])
		}
		return pane.Notify("no box that matches is wide enough here: zoom out, or v for the table")
	case treeView:
		// Also where branches are closed.
		list := make([]int32, 0, len(p.calls.Nodes))
		var walk func(n int32)
		walk = func(n int32) {
			for _, c := range p.calls.Nodes[n].Children {
				if len(list) < maxBranches {
					list = append(list, c)
					walk(c)
				}
			}
		}
		walk(0)
		for _, n := range list {
			ids = append(ids, p.calls.Nodes[n].Func)
		}
		if k := p.matches.Next(ids, index(list, p.branch), by); k >= 0 {
			p.branch = list[k]
			for n := p.calls.Nodes[p.branch].Parent; n > 0; n = p.calls.Nodes[n].Parent {
				if !p.isOpen(n) {
					p.toggle(n)
				}
			}
			return p.choose(ids[k])
		}
	default:
		for i := range p.rows {
			ids = append(ids, p.rows[i].ID)
		}
		if k := p.matches.Next(ids, p.row(), by); k >= 0 {
			return p.choose(ids[k])
		}
	}
	return pane.Request{}
}
