package replpane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// viewValue lays the last value over the screen: typing searches in it, and what is
// nested folds.
func (p *Pane) viewValue() pane.Request {
	for i := len(p.log) - 1; i >= 0; i-- {
		e := p.log[i]
		if e.result.Value == "" {
			continue
		}
		lines := e.result.Lines
		if lines == nil {
			lines = draw.Wrap(e.result.Value, 100)
		}
		title := fmt.Sprintf("Cell %d: %s", e.cell, draw.Clean(e.result.Type))
		if n := e.result.Len; n >= 0 {
			title += " of " + figures.Grouped(n)
		}
		if e.result.LinesCut || e.result.Cut && e.result.Lines == nil {
			lines = append(lines[:len(lines):len(lines)], "… the rest is not shown")
		}
		return newViewer(title, lines).request()
	}
	return pane.Notify("there is no value yet")
}

// viewer is a value laid out over lines, which fold by their indentation.
type viewer struct {
	list   *list.List
	lines  []string
	ends   []int // for a line with others inside: the line that closes it, else 0
	folded map[int]bool
}

func newViewer(title string, lines []string) *viewer {
	v := &viewer{list: &list.List{Title: title, Whole: true, Also: "left folds"}, lines: lines, ends: make([]int, len(lines)), folded: map[int]bool{}}
	type begun struct{ line, indent int }
	var stack []begun
	for i, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, " "))
		for n := len(stack); n > 0 && stack[n-1].indent >= indent; n = len(stack) {
			if top := stack[n-1]; top.indent == indent && i > top.line+1 {
				v.ends[top.line] = i
			}
			stack = stack[:n-1]
		}
		stack = append(stack, begun{i, indent})
	}
	for i, l := range lines {
		v.list.Items = append(v.list.Items, list.Item{ID: fmt.Sprint(i), Left: draw.Clean(l)})
	}
	v.show()
	return v
}

// chosen is the line under the cursor, -1 for none.
func (v *viewer) chosen() int {
	n := -1
	if _, err := fmt.Sscan(v.list.Chosen(), &n); err != nil {
		return -1
	}
	return n
}

// show shows the lines that are not inside of folded ones. A search looks at all.
func (v *viewer) show() {
	for i := 0; i < len(v.lines); i++ {
		x := &v.list.Items[i]
		x.Hidden, x.Left = false, draw.Clean(v.lines[i])
		if end := v.ends[i]; end > 0 && v.folded[i] {
			x.Left += fmt.Sprintf(" … %s … ", figures.Plural(end-i-1, "line", "lines")) + draw.Clean(strings.TrimLeft(v.lines[end], " "))
			for k := i + 1; k <= end; k++ {
				v.list.Items[k].Hidden = true
			}
			i = end
		}
	}
}

// fold folds the line under the cursor, or the one around it; or unfolds it.
func (v *viewer) fold(closed bool) {
	at := v.chosen()
	if at < 0 {
		return
	}
	if closed && (v.ends[at] == 0 || v.folded[at]) {
		// What is around it: the latest line before that ends behind.
		for k := at - 1; k >= 0; k-- {
			if v.ends[k] >= at {
				at = k
				break
			}
		}
	}
	if v.ends[at] == 0 {
		return
	}
	v.folded[at] = closed
	v.show()
	v.list.Choose(fmt.Sprint(at))
}

func (v *viewer) request() pane.Request {
	v.list.Settle()
	return pane.Request{Open: &pane.Overlay{List: v.list, Close: []string{"alt+o"}, Fold: v.fold, Take: func() pane.Request {
		if at := v.chosen(); at >= 0 && v.ends[at] > 0 {
			v.fold(!v.folded[at])
			return pane.Request{Keep: true}
		}
		return pane.Request{}
	}}}
}
