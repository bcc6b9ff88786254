package replpane

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/history"
)

// remember keeps what a cell cost with its input in the history.
func (p *Pane) remember(input string, r *repl.Result) tea.Cmd {
	if r.Cell == 0 || repl.IsCommand(input) {
		return nil
	}
	e := history.Entry{Text: input, At: p.now(), Elapsed: r.Elapsed, Ops: r.Ops, Failed: r.Failure != nil, Ran: true}
	if !p.history.Ran(e) {
		return nil
	}
	return saveHistory(p.history.Path(), e)
}

func (p *Pane) now() time.Time {
	if p.opts.Now != nil {
		return p.opts.Now()
	}
	return time.Now()
}

// maxListed bounds the inputs in the list.
const maxListed = 2000

// openHistory lists earlier inputs, those of this session first, with a preview of the
// one that is chosen. They can be sorted by what they cost.
func (p *Pane) openHistory() pane.Request {
	p.list = nil
	c := &list.List{Fuzzy: true, Items: nil}
	order := history.ByTime
	byID := map[string]history.Entry{}
	fill := func() {
		c.Title = "History"
		if order == history.ByCost {
			c.Title = "History by cost"
		}
		c.Items = nil
		for i, e := range p.history.List(order) {
			if i >= maxListed {
				break
			}
			id := fmt.Sprint(i)
			byID[id] = e
			c.Items = append(c.Items, list.Item{ID: id, Left: draw.Clean(strings.Join(strings.Fields(e.Text), " ")), Right: costOf(&e)})
		}
		c.Cursor = 0
		c.Settle()
	}
	fill()
	if len(c.Items) == 0 {
		return pane.Notify("the history is empty")
	}
	c.Preview = func(id string) string { return byID[id].Text }
	c.Also = "ctrl+s sorts by cost"
	return pane.Request{Open: &pane.Overlay{
		List: c,
		Sort: func() {
			order = 1 - order
			fill()
		},
		Take: func() pane.Request {
			if c.Chosen() == "" {
				return pane.Request{Keep: true}
			}
			p.editing = true
			p.ed.Set(byID[c.Chosen()].Text)
			return pane.Request{}
		},
	}}
}

// costOf is what an input cost, for people.
func costOf(e *history.Entry) string {
	switch {
	case !e.Ran:
		return ""
	case e.Failed:
		return "failed"
	}
	return figures.Time(float64(e.Elapsed)) + "  " + figures.Count(float64(e.Ops)) + " ops"
}
