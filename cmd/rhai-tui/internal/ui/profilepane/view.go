package profilepane

import (
	"fmt"
	"path"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// View draws the pane: h lines of w cells. It changes nothing.
func (p *Pane) View(t *draw.Theme, w, h int) []string {
	head, foot := edges(h)
	if p.ix == nil {
		lines := []string{" " + p.state(t, w-1)}
		if p.prompt != nil {
			lines[0] = p.typed(t)
		}
		return draw.Block(append(lines, p.intro(t, w, max(h-1, 0))...), w, h)
	}
	lines := []string{p.headline(t, w)}
	switch {
	case p.prompt != nil && head == 1:
		lines[0] = p.typed(t)
	case p.prompt != nil:
		lines = append(lines, p.typed(t))
	case head == 2:
		lines = append(lines, p.crumbs(t, w))
	}
	lines = draw.Block(lines, w, head)
	regions := p.regions(w, h)
	for i := 0; i < len(regions); i++ {
		r := regions[i]
		box := p.draw(t, r)
		if i+1 < len(regions) && regions[i+1].y == r.y {
			i++
			box = draw.Beside(box, p.draw(t, regions[i]))
		}
		lines = append(lines, box...)
	}
	if foot == 1 {
		lines = append(lines, " "+p.state(t, w-1))
	}
	return draw.Block(lines, w, h)
}

// draw draws a view in its box.
func (p *Pane) draw(t *draw.Theme, r region) []string {
	b := draw.Box{Title: t.Title.Render(viewNames[r.kind]), Focus: r.kind == p.focus}
	if r.kind == p.focus {
		b.Title = t.Accent.Bold(true).Render("[" + viewNames[r.kind] + "]")
	}
	w, h := max(r.w-4, 0), max(r.h-2, 0)
	switch r.kind {
	case flameView:
		b.Note, b.Lines = p.drawFlame(t, w, h)
	case topView:
		b.Note, b.Lines = p.drawTop(t, w, h)
	case treeView:
		b.Note, b.Lines = p.drawTree(t, w, h)
	case peekView:
		b.Note, b.Lines = p.drawPeek(t, w, h)
	case sourceView:
		b.Note, b.Lines = p.drawSource(t, w, h)
	}
	return b.Render(t, r.w, r.h)
}

// headline names the profile, what it is compared with, and the sample types.
func (p *Pane) headline(t *draw.Theme, w int) string {
	left := " " + t.Title.Render(draw.Clean(p.title))
	if p.against != "" {
		what := draw.Clean(p.against)
		if p.split[1] != "" {
			what = draw.Clean(p.split[1]) + " against " + what
		} else {
			what = "against " + what
		}
		left += t.Dim.Render("  ") + t.SideB.Render(what)
		if p.query.Normalize {
			left += t.Dim.Render(", shares")
		}
	}
	if p.frozen {
		left += "  " + t.Warn.Render("frozen")
		if p.waiting != nil {
			left += t.Dim.Render(", more is there: z")
		}
	}
	types, _ := p.shown.Types()
	var names []string
	for _, x := range types {
		if x == p.ix.Type() {
			names = append(names, t.Accent.Render("["+draw.Clean(x.Name)+"]"))
		} else {
			names = append(names, t.Dim.Render(draw.Clean(x.Name)))
		}
	}
	right := strings.Join(names, " ") + " "
	if draw.Width(right)+draw.Width(left)+2 > w {
		right = t.Accent.Render("["+draw.Clean(p.ix.Type().Name)+"]") + " "
	}
	return draw.Spread(left, right, w)
}

// crumbs are the filters, the zoom and the search.
func (p *Pane) crumbs(t *draw.Theme, w int) string {
	line := " all"
	for i, f := range p.query.Filters {
		line += t.Dim.Render(" › ") + t.Key.Render(fmt.Sprint(i+1)) + " " + draw.Clean(f.String())
	}
	for _, key := range p.query.TagRoot {
		line += t.Dim.Render(" › by ") + draw.Clean(key)
	}
	if p.shape != sandwich {
		path := p.trees[0].Path(p.zoom)
		for i, id := range path {
			if i < len(path)-2 {
				if i == 0 {
					line += t.Dim.Render(" › …")
				}
				continue
			}
			line += t.Dim.Render(" › ") + shorten(p.ix.Func(id).Name)
		}
	}
	right := ""
	if p.matches != nil {
		right = t.Warn.Render("/"+draw.Clean(p.matches.Pattern)) + t.Dim.Render("  "+p.found()) + " "
	}
	return draw.Spread(line, right, w)
}

// typed is the line that is being typed.
func (p *Pane) typed(t *draw.Theme) string {
	line := " " + t.Key.Render(p.prompt.label) + draw.Clean(p.prompt.text) + t.Selected.Render(" ")
	switch {
	case p.prompt.wrong != "":
		line += "  " + t.Bad.Render("✗ "+draw.Clean(p.prompt.wrong))
	case p.prompt.live && p.prompt.text != "" && p.matches != nil:
		line += "  " + t.Dim.Render(p.found())
	}
	return line
}

// state is what captures are doing, and what to know about the profile.
func (p *Pane) state(t *draw.Theme, w int) string {
	left := ""
	switch {
	case p.loading != "" || !p.opts.Alone:
		left = p.progress(t)
	case p.ix != nil:
		left = t.Dim.Render(p.taken)
	}
	if p.ix != nil {
		if warnings := p.shown.Warnings(); len(warnings) > 0 {
			left = t.Warn.Render("! " + draw.Clean(warnings[0]))
		}
	}
	right := ""
	if p.server != nil {
		right = t.Accent.Render(p.server.URL) + " "
	}
	if !p.opts.Alone {
		right += p.selector(t) + " "
	}
	if p.failed != "" && draw.Width(left)+draw.Width(right) >= w {
		right = "" // why a capture failed comes first
	}
	return draw.Spread(left, right, w)
}

// intro says how to get a profile.
func (p *Pane) intro(t *draw.Theme, w, h int) []string {
	if p.opts.Alone {
		return draw.Box{Title: t.Title.Render("Profile"), Note: t.Dim.Render(draw.Clean(p.title))}.Render(t, w, h)
	}
	key := func(k, text string) string { return "  " + t.Key.Render(draw.Fit(k, 8)) + text }
	var wrapped []string
	if p.failed != "" {
		wrapped = append(wrapped, "")
		for _, l := range draw.Wrap("✗ "+draw.Clean(p.failed), max(w-4, 1)) {
			wrapped = append(wrapped, t.Bad.Render(l))
		}
	}
	lines := []string{
		"",
		"One capture writes the profile of the script, and those of Go: CPU, allocations, heap,",
		"mutex, block and goroutines. ] and [ show one after the other.",
		"Captured together, both sides are told apart by the label strategy.",
		"",
		key("P", "capture"),
		key("A B b", "of A, B or both"),
		key("D", "for how long"),
		key("l", "open a saved profile"),
		"",
		t.Dim.Render("The files open in go tool pprof and rhai-tui view."),
	}
	for _, l := range lines {
		if draw.Width(l) > w-4 {
			wrapped = append(wrapped, draw.Wrap(ansi.Strip(l), max(w-4, 1))...)
		} else {
			wrapped = append(wrapped, l)
		}
	}
	return draw.Box{Title: t.Title.Render("Profile"), Note: t.Dim.Render(draw.Clean(p.subject.Name)), Lines: wrapped}.Render(t, w, h)
}

// shorten drops the path before the name of a function of Go.
func shorten(name string) string {
	if at := strings.LastIndexByte(name, '/'); at >= 0 && strings.ContainsRune(name[at:], '.') {
		name = name[at+1:]
	}
	return draw.Clean(name)
}

// where is the place of a function.
func where(f *view.Func) string {
	switch {
	case f.File == "":
		return ""
	case f.StartLine > 0:
		return fmt.Sprintf("%s:%d", draw.Clean(path.Base(f.File)), f.StartLine)
	}
	return draw.Clean(path.Base(f.File))
}

// glyph marks what a function is.
func glyph(k view.Kind) string {
	switch k {
	case view.Script:
		return "█"
	case view.Native:
		return "▒"
	case view.Tag:
		return "◆"
	}
	return "▌"
}

// markGlyph marks how a difference stands to the noise.
func markGlyph(m view.Mark) string {
	switch m {
	case view.More, view.Added:
		return "▲"
	case view.Less, view.Gone:
		return "▼"
	case view.Same:
		return "="
	}
	return ""
}

// marked styles a text by its mark.
func marked(t *draw.Theme, m view.Mark, s string) string {
	switch m {
	case view.More, view.Added:
		return t.SideB.Render(s)
	case view.Less, view.Gone:
		return t.SideA.Render(s)
	case view.Same:
		return t.Dim.Render(s)
	}
	return s
}

// amount writes a value of the profile.
func (p *Pane) amount(n int64) string { return figures.Pprof(n, p.ix.Type().Unit) }

// delta writes a difference with its sign.
func (p *Pane) delta(a view.Amount) string {
	s := p.amount(a.Delta())
	if a.Delta() > 0 {
		s = "+" + s
	}
	return s
}

// share writes a part of everything.
func (p *Pane) share(n int64) string { return figures.Share(max(p.ix.Share(n), 0)) }

// cell is a value, a point for none.
func (p *Pane) cell(n int64) string {
	if n == 0 {
		return "."
	}
	return p.amount(n)
}

// cursorMark is what a line begins with.
func cursorMark(on bool) string {
	if on {
		return "›"
	}
	return " "
}

// line styles a line of a table: the one under the cursor is reversed if the view has the
// focus.
func (p *Pane) lineOfTable(t *draw.Theme, kind viewKind, on bool, s string, w int) string {
	if on && p.focus == kind {
		return t.Selected.Render(draw.Fit(ansi.Strip(s), w))
	}
	return s
}
