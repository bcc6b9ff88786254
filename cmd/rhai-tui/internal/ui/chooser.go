package ui

import "strings"

// chooser is a list laid over the screen: typing filters it, enter takes a line.
type chooser struct {
	kind   chooserKind
	title  string
	items  []choice
	filter string
	note   string // what is wrong with what was typed
	cursor int    // among those that match
	top    int
}

type chooserKind uint8

const (
	noChooser chooserKind = iota
	helpChooser
	exampleChooser
	historyChooser
	settingsChooser
)

// choice is a line of a chooser. One without an id is a heading.
type choice struct {
	id    string
	left  string
	right string
}

// matching lists the lines that the filter leaves; headings stay while there is
// no filter.
func (c *chooser) matching() []choice {
	if c.filter == "" {
		return c.items
	}
	var out []choice
	want := strings.ToLower(c.filter)
	for _, x := range c.items {
		text := strings.ToLower(x.left + " " + x.right)
		if key, _, typing := strings.Cut(want, "="); typing && strings.HasSuffix(x.id, "=") {
			// Behind it is a value that no line can have.
			if x.id == key+"=" {
				out = append(out, x)
			}
			continue
		}
		if x.id != "" && strings.Contains(text, want) {
			out = append(out, x)
		}
	}
	return out
}

// move moves the cursor by lines, past headings.
func (c *chooser) move(by int) {
	list := c.matching()
	step := 1
	if by < 0 {
		step = -1
	}
	at := c.cursor
	for n := by * step; n > 0; {
		at += step
		if at < 0 || at >= len(list) {
			break
		}
		if list[at].id != "" {
			c.cursor = at
			n--
		}
	}
}

// settle puts the cursor on a line that can be taken.
func (c *chooser) settle() {
	list := c.matching()
	c.cursor = min(max(c.cursor, 0), max(len(list)-1, 0))
	for i := c.cursor; i < len(list); i++ {
		if list[i].id != "" {
			c.cursor = i
			return
		}
	}
}

// chosen returns the id of the line under the cursor, "" if there is none.
func (c *chooser) chosen() string {
	if list := c.matching(); c.cursor < len(list) {
		return list[c.cursor].id
	}
	return ""
}

// typed changes the filter.
func (c *chooser) typed(filter string) {
	c.filter, c.note = filter, ""
	c.cursor, c.top = 0, 0
	c.settle()
}

// size is what the list takes of a screen.
func (c *chooser) size(w, h int) (cw, ch int) {
	cw = min(max(w-8, 20), 84)
	return min(cw, w), min(len(c.items)+4, max(h-2, 1))
}

// render draws the list.
func (c *chooser) render(t *theme, w, h int) []string {
	list := c.matching()
	rows := max(h-3, 1)
	var note []string
	if c.note != "" {
		note = wrap("✗ "+clean(c.note), max(w-4, 1))
		note = note[:min(len(note), rows-1)]
		rows -= len(note)
	}
	if c.cursor < c.top {
		c.top = c.cursor
		if c.top > 0 && list[c.top-1].id == "" {
			c.top--
		}
	} else if c.cursor >= c.top+rows {
		c.top = c.cursor - rows + 1
	}
	left := 0
	for _, x := range c.items {
		if x.id != "" {
			left = max(left, width(x.left))
		}
	}
	if c.kind != settingsChooser {
		left = min(left, max((w-6)*2/5, 8))
	}
	if c.kind == historyChooser {
		left = max(w-8, 1)
	}
	var lines []string
	for i := c.top; i < len(list) && len(lines) < rows; i++ {
		x := list[i]
		if x.id == "" {
			lines = append(lines, t.title.Render(x.left))
			continue
		}
		text := fit(x.left, left) + "  " + x.right
		if i == c.cursor {
			lines = append(lines, t.selected.Render(fit("› "+text, w-4)))
		} else {
			lines = append(lines, "  "+fit(x.left, left)+"  "+t.dim.Render(fit(x.right, max(w-8-left, 0))))
		}
	}
	if len(list) == 0 {
		lines = append(lines, t.dim.Render("nothing matches"))
	}
	lines = block(lines, max(w-4, 0), rows)
	foot := t.dim.Render("type to filter: " + c.filter)
	if c.filter == "" {
		foot = t.dim.Render("type to filter · enter takes · esc closes")
	}
	if c.kind == settingsChooser {
		foot = t.dim.Render(": ") + c.filter
		if c.filter == "" {
			foot = t.dim.Render(": such as b max-operations=1000 · enter sets · esc closes")
		}
	}
	for _, l := range note {
		lines = append(lines, t.bad.Render(l))
	}
	lines = append(lines, foot)
	return box{title: t.title.Render(c.title), lines: lines, focus: true}.render(t, w, h)
}
