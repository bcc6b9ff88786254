// Package list is a list that is filtered by typing: help, history, settings and
// examples are such lists. It does not know what its lines stand for.
package list

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// List is a list in a box: typing filters it, and one of its lines can be taken.
type List struct {
	Title  string
	Items  []Item
	Filter string
	Note   string // what is wrong with what was typed
	Cursor int    // among those that match
	// Typed lists are completed by typing, such as a setting with its value: the
	// filter is shown as an input, with Hint while it is empty.
	Typed bool
	Hint  string
	Whole bool // lines have no right side
	Fuzzy bool // the characters of the filter need not stand together

	// Preview is the text of Rhai behind a line, which is shown below the list, nil for none.
	Preview func(id string) string
	// Also stands in the line at the bottom while nothing is typed.
	Also string

	top int // the first line in view
}

// Item is a line of a list. One without an id is a heading.
type Item struct {
	ID    string
	Left  string
	Right string
	// Hidden items are there for the filter only.
	Hidden bool
}

// matching lists the lines that the filter leaves; headings stay while there is
// no filter.
func (c *List) matching() []Item {
	if c.Filter == "" {
		if !slices.ContainsFunc(c.Items, func(x Item) bool { return x.Hidden }) {
			return c.Items
		}
		var out []Item
		for _, x := range c.Items {
			if !x.Hidden {
				out = append(out, x)
			}
		}
		return out
	}
	var out []Item
	want := strings.ToLower(c.Filter)
	for _, x := range c.Items {
		text := strings.ToLower(x.Left + " " + x.Right)
		if key, _, typing := strings.Cut(want, "="); typing && strings.HasSuffix(x.ID, "=") {
			// Behind it is a value that no line can have.
			if x.ID == key+"=" {
				out = append(out, x)
			}
			continue
		}
		if x.ID != "" && (strings.Contains(text, want) || c.Fuzzy && inOrder(want, strings.ToLower(x.Left))) {
			out = append(out, x)
		}
	}
	if c.Fuzzy {
		// Those that have it in one piece come first, and of these those that begin with it.
		slices.SortStableFunc(out, func(a, b Item) int { return rank(want, a) - rank(want, b) })
	}
	return out
}

// rank is the lower the better an item fits.
func rank(want string, x Item) int {
	left := strings.ToLower(x.Left)
	switch {
	case strings.HasPrefix(left, want):
		return 0
	case strings.Contains(left, want):
		return 1
	case strings.Contains(strings.ToLower(x.Right), want):
		return 2
	case inOrder(want, left):
		return 3
	}
	return 4
}

// inOrder reports whether the characters of a pattern stand in a text in their order.
func inOrder(pattern, text string) bool {
	first := true
	for _, r := range pattern {
		if r == ' ' {
			continue
		}
		i := strings.IndexRune(text, r)
		if first {
			// The first one begins a word, or nearly everything would fit.
			for i > 0 && text[i-1] != ' ' && text[i-1] != ':' {
				next := strings.IndexRune(text[i+1:], r)
				if next < 0 {
					return false
				}
				i += 1 + next
			}
			first = false
		}
		if i < 0 {
			return false
		}
		text = text[i+utf8.RuneLen(r):]
	}
	return true
}

// Move moves the cursor by lines, past headings.
func (c *List) Move(by int) {
	list := c.matching()
	step := 1
	if by < 0 {
		step = -1
	}
	at := c.Cursor
	for n := by * step; n > 0; {
		at += step
		if at < 0 || at >= len(list) {
			break
		}
		if list[at].ID != "" {
			c.Cursor = at
			n--
		}
	}
}

// Settle puts the cursor on a line that can be taken.
func (c *List) Settle() {
	list := c.matching()
	c.Cursor = min(max(c.Cursor, 0), max(len(list)-1, 0))
	for i := c.Cursor; i < len(list); i++ {
		if list[i].ID != "" {
			c.Cursor = i
			return
		}
	}
}

// Chosen returns the id of the line under the cursor, "" if there is none.
func (c *List) Chosen() string {
	if list := c.matching(); c.Cursor < len(list) {
		return list[c.Cursor].ID
	}
	return ""
}

// Choose puts the cursor on the line with an id, if there is one.
func (c *List) Choose(id string) {
	if i := slices.IndexFunc(c.matching(), func(x Item) bool { return x.ID == id }); i >= 0 {
		c.Cursor = i
	}
}

// Type changes the filter.
func (c *List) Type(filter string) {
	c.Filter, c.Note = filter, ""
	c.Cursor, c.top = 0, 0
	c.Settle()
}

// Size is what the list takes of a screen.
func (c *List) Size(w, h int) (cw, ch int) {
	cw = min(max(w-8, 20), 84)
	ch = len(c.Items) + 4
	if c.Preview != nil {
		cw = max(w-8, 20)
		ch += previewLines + 1
	}
	return min(cw, w), min(ch, max(h-2, 1))
}

// previewLines is the height of a preview, where there is room for one.
const previewLines = 7

// preview is the height of the preview in a list h lines high, with the line above it.
func (c *List) preview(h int) int {
	if c.Preview == nil || h < 2*previewLines {
		return 0
	}
	return previewLines + 1
}

// noteLines are the lines of the note in a list h lines high.
func (c *List) noteLines(w, h int) []string {
	if c.Note == "" {
		return nil
	}
	note := draw.Wrap("✗ "+draw.Clean(c.Note), max(w-4, 1))
	return note[:min(len(note), max(h-3, 1)-1)]
}

// first is the first line in view, in a list of the given size.
func (c *List) first(w, h int) int {
	list := c.matching()
	rows := max(h-3, 1) - len(c.noteLines(w, h)) - c.preview(h)
	switch {
	case c.Cursor >= len(list):
		return 0
	case c.Cursor < c.top:
		if c.Cursor > 0 && list[c.Cursor-1].ID == "" {
			return c.Cursor - 1
		}
		return c.Cursor
	case c.Cursor >= c.top+rows:
		return c.Cursor - rows + 1
	}
	return c.top
}

// Scroll moves the lines in view so that the cursor is one of them, on a screen of
// the given size.
func (c *List) Scroll(w, h int) { c.top = c.first(c.Size(w, h)) }

// View draws the list.
func (c *List) View(t *draw.Theme, w, h int) []string {
	list := c.matching()
	note := c.noteLines(w, h)
	rows := max(h-3, 1) - len(note) - c.preview(h)
	top := c.first(w, h)
	left := 0
	for _, x := range c.Items {
		if x.ID != "" {
			left = max(left, draw.Width(x.Left))
		}
	}
	if !c.Typed {
		share := 2
		if c.Fuzzy {
			share = 3
		}
		left = min(left, max((w-6)*share/5, 8))
	}
	if c.Whole {
		left = max(w-8, 1)
	}
	var lines []string
	for i := top; i < len(list) && len(lines) < rows; i++ {
		x := list[i]
		if x.ID == "" {
			lines = append(lines, t.Title.Render(x.Left))
			continue
		}
		text := draw.Fit(x.Left, left) + "  " + x.Right
		if i == c.Cursor {
			lines = append(lines, t.Selected.Render(draw.Fit("› "+text, w-4)))
		} else {
			lines = append(lines, "  "+draw.Fit(x.Left, left)+"  "+t.Dim.Render(draw.Fit(x.Right, max(w-8-left, 0))))
		}
	}
	if len(list) == 0 {
		lines = append(lines, t.Dim.Render("nothing matches"))
	}
	lines = draw.Block(lines, max(w-4, 0), rows)
	foot := t.Dim.Render("type to filter: " + c.Filter)
	if c.Filter == "" {
		text := "type to filter · enter takes · esc closes"
		if c.Also != "" {
			text += " · " + c.Also
		}
		foot = t.Dim.Render(text)
	}
	if n := c.preview(h); n > 0 {
		lines = append(lines, t.Dim.Render(strings.Repeat("─", max(w-4, 0))))
		code := draw.CodeLines(t, c.Preview(c.Chosen()))
		if len(code) >= n {
			code = append(code[:n-2], t.Dim.Render(fmt.Sprintf("… %d more lines", len(code)-n+2)))
		}
		lines = append(lines, draw.Block(code, max(w-4, 0), n-1)...)
	}
	if c.Typed {
		foot = t.Dim.Render(": ") + c.Filter
		if c.Filter == "" {
			foot = t.Dim.Render(c.Hint)
		}
	}
	for _, l := range note {
		lines = append(lines, t.Bad.Render(l))
	}
	lines = append(lines, foot)
	return draw.Box{Title: t.Title.Render(c.Title), Lines: lines, Focus: true}.Render(t, w, h)
}

// Key is what keys do in every list.
type Key struct {
	ID    string
	Keys  []string
	Title string
	Do    func(c *List)
}

// Keys are the keys of every list. What else keys do is up to whoever shows it.
var Keys = []Key{
	{"list-up", []string{"up", "ctrl+p"}, "line up", func(c *List) { c.Move(-1) }},
	{"list-down", []string{"down", "ctrl+n", "tab"}, "line down", func(c *List) { c.Move(1) }},
	{"list-page-up", []string{"pgup"}, "page up", func(c *List) { c.Move(-10) }},
	{"list-page-down", []string{"pgdown"}, "page down", func(c *List) { c.Move(10) }},
	{"list-first", []string{"home"}, "first line", func(c *List) {
		c.Cursor = 0
		c.Settle()
	}},
	{"list-last", []string{"end"}, "last line", func(c *List) { c.Move(1 << 20) }},
	{"list-erase", []string{"backspace", "ctrl+h"}, "delete the last character of the filter", func(c *List) {
		if n := len(c.Filter); n > 0 {
			c.Type(c.Filter[:n-draw.LastCluster(c.Filter)])
		}
	}},
	{"list-clear", []string{"ctrl+u"}, "delete the filter", func(c *List) { c.Type("") }},
}

// Insert adds text to the filter.
func (c *List) Insert(text string) {
	if text != "" {
		c.Type(c.Filter + draw.Clean(text))
	}
}
