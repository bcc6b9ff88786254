package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// profilePane orders captures of profiles and shows their top tables.
type profilePane struct {
	which     int // index of the choices
	seconds   int
	dir       string          // where the capture in progress goes
	sides     []wire.Strategy // what an export asks for, nil for the choice
	capturing bool
	seen      bool // the worker was seen capturing
	spin      int
	profile   *wire.Profile
	kind      int // index of the file that is shown
	top       int
	failed    string
}

// profileChoices are what can be captured: both sides, A or B.
func profileChoices(c *comparePane) [3][]wire.Strategy {
	a, b := c.labels()
	both := []wire.Strategy{a, b}
	if a == b {
		both = both[:1]
	}
	return [3][]wire.Strategy{both, {a}, {b}}
}

// durations are the lengths of captures to choose from, in seconds.
var durations = []int{2, 5, 10, 30}

func (p *profilePane) nextDuration() {
	for i, d := range durations {
		if d == p.seconds {
			p.seconds = durations[(i+1)%len(durations)]
			return
		}
	}
	p.seconds = durations[0]
}

// order describes the capture to ask for.
func (p *profilePane) order(c *comparePane) *wire.CaptureOrder {
	strategies := p.sides
	if strategies == nil {
		strategies = profileChoices(c)[p.which]
	}
	return &wire.CaptureOrder{
		Strategies: strategies,
		Duration:   time.Duration(p.seconds) * time.Second,
		Dir:        p.dir,
	}
}

// see takes what a snapshot tells about captures.
func (p *profilePane) see(f *wire.Snapshot) {
	if f.State == wire.Profiling {
		p.seen = true
		return
	}
	if f.Profile == nil {
		if p.capturing && f.State == wire.Failed {
			p.capturing, p.failed = false, "the script fails, so that there is nothing to capture"
		}
		return
	}
	ours := len(f.Profile.Files) > 0 && strings.HasPrefix(f.Profile.Files[0].Path, p.dir)
	if p.capturing && !p.seen && !ours {
		return // the outcome of an earlier capture
	}
	if p.capturing || p.profile == nil || !sameProfile(p.profile, f.Profile) {
		p.top = 0
		p.kind = min(p.kind, max(len(f.Profile.Files)-1, 0))
	}
	p.capturing, p.seen, p.failed = false, false, ""
	p.profile = f.Profile
}

func sameProfile(a, b *wire.Profile) bool {
	return len(a.Files) == len(b.Files) && (len(a.Files) == 0 || a.Files[0].Path == b.Files[0].Path)
}

// file is the one on the screen, nil if there is none.
func (p *profilePane) file() *wire.ProfileFile {
	if p.profile == nil || p.kind >= len(p.profile.Files) {
		return nil
	}
	return &p.profile.Files[p.kind]
}

func (p *profilePane) nextKind(by int) {
	if p.profile != nil && len(p.profile.Files) > 0 {
		n := len(p.profile.Files)
		p.kind = (p.kind + by + n) % n
		p.top = 0
	}
}

func (p *profilePane) scroll(by int) {
	if f := p.file(); f != nil {
		p.top = min(max(p.top+by, 0), max(len(f.Top)-1, 0))
	}
}

// selector shows what the next capture takes.
func (p *profilePane) selector(t *theme, c *comparePane) string {
	var parts []string
	for i, list := range profileChoices(c) {
		name := "both"
		if i > 0 {
			name = clean(string(list[0]))
		}
		if i == p.which {
			parts = append(parts, t.title.Render("["+name+"]"))
		} else {
			parts = append(parts, " "+name+" ")
		}
	}
	return t.dim.Render("capture ") + strings.Join(parts, "") + t.dim.Render(fmt.Sprintf("  for %d s", p.seconds))
}

// spinner turns while a capture or a cell runs.
var spinner = []string{"⠋", "⠙", "⠹", "⠸"}

// render draws the pane.
func (p *profilePane) render(t *theme, c *comparePane, w, h int) []string {
	if w < 44 || h < 9 {
		lines := []string{p.selector(t, c), p.progress(t)}
		if f := p.file(); f != nil {
			lines = append(lines, t.title.Render(f.Type))
			for i := p.top; i < len(f.Top) && len(lines) < h; i++ {
				lines = append(lines, fitLeft(figures.Amount(f.Top[i].Flat, f.Unit), 9)+" "+function(f.Top[i].Function))
			}
		}
		return block(lines, w, h)
	}
	head := box{
		title: t.title.Render("Capture"), note: t.dim.Render(c.name()),
		lines: []string{spread(p.selector(t, c), p.progress(t), w-4)},
	}.render(t, w, 3)
	f := p.file()
	if f == nil {
		return append(head, p.intro(t, w, h-3)...)
	}
	paths := min(len(p.profile.Files), max(h-14, 0), 4)
	foot := 0
	if paths > 0 {
		foot = paths + 2
	}
	lines := append(head, p.table(t, f, w, h-3-foot)...)
	if foot > 0 {
		var list []string
		for _, x := range p.profile.Files {
			mark := "  "
			if x.Type == f.Type {
				mark = "› "
			}
			list = append(list, mark+t.dim.Render(fit(clean(x.Type), 8))+tail(clean(x.Path), w-14))
		}
		lines = append(lines, box{title: t.title.Render("Files"), note: t.dim.Render("go tool pprof FILE"), lines: list}.render(t, w, foot)...)
	}
	return lines
}

// tail keeps the end of a path that is too long.
func tail(s string, w int) string {
	if n := width(s); n > w && w > 1 {
		return "…" + ansi.TruncateLeft(s, n-w+1, "")
	}
	return s
}

func (p *profilePane) progress(t *theme) string {
	switch {
	case p.capturing:
		return t.accent.Render(spinner[p.spin%len(spinner)] + " capturing")
	case p.failed != "":
		return t.bad.Render("✗ " + p.failed)
	case p.profile != nil && p.profile.Error != "":
		return t.bad.Render("✗ " + clean(p.profile.Error))
	case p.profile != nil:
		var names []string
		for _, s := range p.profile.Strategies {
			names = append(names, string(s))
		}
		return t.good.Render("✓ ") + t.dim.Render("captured "+clean(strings.Join(names, " and "))+" for "+p.profile.Duration.Round(100*time.Millisecond).String())
	}
	return t.dim.Render("nothing captured yet")
}

func (p *profilePane) intro(t *theme, w, h int) []string {
	key := func(k, text string) string { return "  " + t.key.Render(fit(k, 8)) + text }
	lines := []string{
		"",
		"One capture writes four profiles of the worker: CPU, allocations, mutex and block.",
		"Captured together, both sides are told apart by the label strategy.",
		"",
		key("enter P", "capture"),
		key("b g w", "of both, A or B"),
		key("d", "for how long"),
		"",
		t.dim.Render("The files open in go tool pprof."),
	}
	var wrapped []string
	for _, l := range lines {
		if width(l) > w-4 {
			wrapped = append(wrapped, wrap(l, w-4)...)
		} else {
			wrapped = append(wrapped, l)
		}
	}
	return box{title: t.title.Render("Top"), lines: wrapped}.render(t, w, h)
}

// table is the top table of a file.
func (p *profilePane) table(t *theme, f *wire.ProfileFile, w, h int) []string {
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
	head := fitLeft("flat", num) + fitLeft("flat%", pct)
	if wide {
		head += fitLeft("cum", num) + fitLeft("cum%", pct)
	}
	if both {
		for _, s := range p.profile.Strategies[:2] {
			head += fitLeft(clean(string(s)), num)
		}
	}
	lines := []string{t.dim.Render(head + "  function")}
	rows := max(h-3, 1)
	p.top = min(p.top, max(len(f.Top)-rows, 0))
	for i := p.top; i < len(f.Top) && len(lines) <= rows; i++ {
		x := &f.Top[i]
		line := fitLeft(figures.Amount(x.Flat, f.Unit), num) + t.dim.Render(fitLeft(figures.Of(x.Flat, f.Total), pct))
		if wide {
			line += fitLeft(figures.Amount(x.Cum, f.Unit), num) + t.dim.Render(fitLeft(figures.Of(x.Cum, f.Total), pct))
		}
		if both {
			a, b := x.By[p.profile.Strategies[0]], x.By[p.profile.Strategies[1]]
			line += t.sideA.Render(fitLeft(figures.Amount(a, f.Unit), num)) + t.sideB.Render(fitLeft(figures.Amount(b, f.Unit), num))
		}
		place := ""
		if x.File != "" && name > 50 {
			place = t.dim.Render(fmt.Sprintf("%s:%d", clean(x.File[strings.LastIndexByte(x.File, '/')+1:]), x.Line))
		}
		lines = append(lines, line+"  "+spread(function(x.Function), place, name))
	}
	if len(f.Top) == 0 {
		lines = append(lines, "", t.dim.Render("  no samples: nothing of this kind happened"))
	}
	var types []string
	for i, x := range p.profile.Files {
		if i == p.kind {
			types = append(types, t.title.Render("["+clean(x.Type)+"]"))
		} else {
			types = append(types, t.dim.Render(clean(x.Type)))
		}
	}
	foot := ""
	if len(f.Top) > rows {
		foot = t.dim.Render(fmt.Sprintf("%d to %d of %d", p.top+1, min(p.top+rows, len(f.Top)), len(f.Top)))
	}
	return box{
		title: t.title.Render("Top") + "  " + strings.Join(types, " "),
		note:  t.dim.Render("total " + figures.Amount(f.Total, f.Unit)), foot: foot, lines: lines, focus: true,
	}.render(t, w, h)
}

// function shortens the name of a Go function to its package and what follows.
func function(name string) string {
	name = clean(name)
	head, rest := name, ""
	if i := strings.IndexAny(name, "([{"); i > 0 {
		head, rest = name[:i], name[i:]
	}
	return head[strings.LastIndexByte(head, '/')+1:] + rest
}
