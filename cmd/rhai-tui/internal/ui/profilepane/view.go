package profilepane

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// selector shows what the next capture takes.
func (p *Pane) selector(t *draw.Theme) string {
	var parts []string
	for i, list := range p.choices() {
		name := "both"
		if i > 0 {
			name = draw.Clean(string(list[0]))
		}
		if i == p.which {
			parts = append(parts, t.Title.Render("["+name+"]"))
		} else {
			parts = append(parts, " "+name+" ")
		}
	}
	return t.Dim.Render("capture ") + strings.Join(parts, "") + t.Dim.Render(fmt.Sprintf("  for %d s", p.seconds))
}

// View draws the pane.
func (p *Pane) View(t *draw.Theme, w, h int) []string {
	if p.small(w, h) {
		lines := []string{p.selector(t), p.progress(t)}
		if f := p.file(); f != nil {
			lines = append(lines, t.Title.Render(f.Type))
			for i := p.top; i < len(f.Top) && len(lines) < h; i++ {
				lines = append(lines, draw.FitLeft(figures.Amount(f.Top[i].Flat, f.Unit), 9)+" "+function(f.Top[i].Function))
			}
		}
		return draw.Block(lines, w, h)
	}
	head := draw.Box{
		Title: t.Title.Render("Capture"), Note: t.Dim.Render(p.subject.Name),
		Lines: []string{draw.Spread(p.selector(t), p.progress(t), w-4)},
	}.Render(t, w, 3)
	f := p.file()
	if f == nil {
		return append(head, p.intro(t, w, h-3)...)
	}
	foot := p.footHeight(h)
	lines := append(head, p.table(t, f, w, h-3-foot)...)
	if foot > 0 {
		var list []string
		for _, x := range p.profile.Files {
			mark := "  "
			if x.Type == f.Type {
				mark = "› "
			}
			list = append(list, mark+t.Dim.Render(draw.Fit(draw.Clean(x.Type), 8))+tail(draw.Clean(x.Path), w-14))
		}
		lines = append(lines, draw.Box{Title: t.Title.Render("Files"), Note: t.Dim.Render("go tool pprof FILE"), Lines: list}.Render(t, w, foot)...)
	}
	return lines
}

// small reports whether there is room for lines only, and not for boxes.
func (p *Pane) small(w, h int) bool { return w < 44 || h < 9 }

// footHeight is the height of the box with the files in a pane h lines high.
func (p *Pane) footHeight(h int) int {
	if paths := min(len(p.profile.Files), max(h-14, 0), 4); paths > 0 {
		return paths + 2
	}
	return 0
}

// first is the first function in view of a table with so many rows.
func (p *Pane) first(f *wire.ProfileFile, rows int) int {
	return min(p.top, max(len(f.Top)-rows, 0))
}

// Settle fits what is scrolled to the size of the pane.
func (p *Pane) Settle(w, h int) {
	if f := p.file(); f != nil && !p.small(w, h) {
		p.top = p.first(f, max(h-3-p.footHeight(h)-3, 1))
	}
}

// tail keeps the end of a path that is too long.
func tail(s string, w int) string {
	if n := draw.Width(s); n > w && w > 1 {
		return "…" + ansi.TruncateLeft(s, n-w+1, "")
	}
	return s
}

func (p *Pane) progress(t *draw.Theme) string {
	switch {
	case p.capturing:
		return t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)] + " capturing")
	case p.failed != "":
		return t.Bad.Render("✗ " + p.failed)
	case p.profile != nil && p.profile.Error != "":
		return t.Bad.Render("✗ " + draw.Clean(p.profile.Error))
	case p.profile != nil:
		var names []string
		for _, s := range p.profile.Strategies {
			names = append(names, string(s))
		}
		return t.Good.Render("✓ ") + t.Dim.Render("captured "+draw.Clean(strings.Join(names, " and "))+" for "+p.profile.Duration.Round(100*time.Millisecond).String())
	}
	return t.Dim.Render("nothing captured yet")
}

func (p *Pane) intro(t *draw.Theme, w, h int) []string {
	key := func(k, text string) string { return "  " + t.Key.Render(draw.Fit(k, 8)) + text }
	lines := []string{
		"",
		"One capture writes four profiles of the worker: CPU, allocations, mutex and block.",
		"Captured together, both sides are told apart by the label strategy.",
		"",
		key("enter P", "capture"),
		key("b g w", "of both, A or B"),
		key("d", "for how long"),
		"",
		t.Dim.Render("The files open in go tool pprof."),
	}
	var wrapped []string
	for _, l := range lines {
		if draw.Width(l) > w-4 {
			wrapped = append(wrapped, draw.Wrap(l, w-4)...)
		} else {
			wrapped = append(wrapped, l)
		}
	}
	return draw.Box{Title: t.Title.Render("Top"), Lines: wrapped}.Render(t, w, h)
}

// table is the top table of a file.
func (p *Pane) table(t *draw.Theme, f *wire.ProfileFile, w, h int) []string {
	inner := w - 4
	both := len(p.profile.Strategies) > 1
	const num, pct = 10, 7
	used := num + pct
	wide := inner >= 70
	if wide {
		used += num + pct
	}
	if both && inner >= 60 {
		used += 2 * num
	} else {
		both = false
	}
	name := max(inner-used-2, 8)
	head := draw.FitLeft("flat", num) + draw.FitLeft("flat%", pct)
	if wide {
		head += draw.FitLeft("cum", num) + draw.FitLeft("cum%", pct)
	}
	if both {
		for _, s := range p.profile.Strategies[:2] {
			head += draw.FitLeft(draw.Clean(string(s)), num)
		}
	}
	lines := []string{t.Dim.Render(head + "  function")}
	rows := max(h-3, 1)
	top := p.first(f, rows)
	for i := top; i < len(f.Top) && len(lines) <= rows; i++ {
		x := &f.Top[i]
		line := draw.FitLeft(figures.Amount(x.Flat, f.Unit), num) + t.Dim.Render(draw.FitLeft(figures.Of(x.Flat, f.Total), pct))
		if wide {
			line += draw.FitLeft(figures.Amount(x.Cum, f.Unit), num) + t.Dim.Render(draw.FitLeft(figures.Of(x.Cum, f.Total), pct))
		}
		if both {
			a, b := x.By[p.profile.Strategies[0]], x.By[p.profile.Strategies[1]]
			line += t.SideA.Render(draw.FitLeft(figures.Amount(a, f.Unit), num)) + t.SideB.Render(draw.FitLeft(figures.Amount(b, f.Unit), num))
		}
		place := ""
		if x.File != "" && name > 50 {
			place = t.Dim.Render(fmt.Sprintf("%s:%d", draw.Clean(x.File[strings.LastIndexByte(x.File, '/')+1:]), x.Line))
		}
		lines = append(lines, line+"  "+draw.Spread(function(x.Function), place, name))
	}
	if len(f.Top) == 0 {
		lines = append(lines, "", t.Dim.Render("  no samples: nothing of this kind happened"))
	}
	var types []string
	for i, x := range p.profile.Files {
		if i == p.kind {
			types = append(types, t.Title.Render("["+draw.Clean(x.Type)+"]"))
		} else {
			types = append(types, t.Dim.Render(draw.Clean(x.Type)))
		}
	}
	foot := ""
	if len(f.Top) > rows {
		foot = t.Dim.Render(fmt.Sprintf("%d to %d of %d", top+1, min(top+rows, len(f.Top)), len(f.Top)))
	}
	return draw.Box{
		Title: t.Title.Render("Top") + "  " + strings.Join(types, " "),
		Note:  t.Dim.Render("total " + figures.Amount(f.Total, f.Unit)), Foot: foot, Lines: lines, Focus: true,
	}.Render(t, w, h)
}

// function shortens the name of a Go function to its package and what follows.
func function(name string) string {
	name = draw.Clean(name)
	head, rest := name, ""
	if i := strings.IndexAny(name, "([{"); i > 0 {
		head, rest = name[:i], name[i:]
	}
	return head[strings.LastIndexByte(head, '/')+1:] + rest
}
