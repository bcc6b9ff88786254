package export

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// SVGOptions says how a flame graph is drawn. The zero value is an icicle 1200 wide.
type SVGOptions struct {
	Title    string
	Width    int  // of the picture, in its units; 0 stands for 1200
	Inverted bool // the functions by their own cost, and below each who calls it
}

// What is in the picture, in its units.
const (
	svgMargin  = 10
	svgRow     = 18
	svgTop     = 66
	svgChar    = 7.0 // about the width of a character
	svgCell    = 0.5 // the smallest box
	svgBottom  = 34
	svgMaxRows = 400
)

//go:embed flame.css
var svgStyle string

//go:embed flame.js
var svgScript string

// SVG writes a flame graph as one file without references to others. Each box has its
// name as text, as far as there is room, and a title with its figures, so that it can be
// read where no scripts run; where they do, a click zooms and a field searches. Colours
// follow the reader's preference for dark or light. In a comparison the boxes that differ
// by more than the noise are coloured and have ▲ or ▼ before their names.
func SVG(w io.Writer, ix *view.Index, o SVGOptions) error {
	if o.Width <= 0 {
		o.Width = 1200
	}
	tree, kind := ix.Tree(), "flame graph"
	if o.Inverted {
		tree, kind = ix.Inverted(), "inverted flame graph"
	}
	inner := float64(o.Width - 2*svgMargin)
	rows := tree.Layout(0, int(inner/svgCell), svgMaxRows)
	height := svgTop + len(rows)*svgRow + svgBottom
	var b strings.Builder
	title := escape(o.Title)
	if title == "" {
		title = kind
	}
	t := ix.Type()
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title" data-margin="%d" data-char="%v">
<title id="title">%s: %s of %s</title>
<style>%s</style>
<rect class="page" width="100%%" height="100%%"/>
<text class="head" x="%d" y="24">%s</text>
<text class="note" x="%d" y="44">%s of %s, %s in all%s</text>
<text class="note" id="found" x="%d" y="60"></text>
<foreignObject x="%d" y="8" width="240" height="28"><input xmlns="http://www.w3.org/1999/xhtml" id="search" type="search" placeholder="search: regular expression" aria-label="search"/></foreignObject>
`, o.Width, height, o.Width, height, svgMargin, svgChar, title, kind, escape(t.Name), svgStyle,
		svgMargin, title, svgMargin, kind, escape(t.Name), escape(figures.Pprof(ix.Total().Value, t.Unit)), svgCompared(ix),
		svgMargin, o.Width-svgMargin-240)
	b.WriteString("<g id=\"boxes\">\n")
	for y, row := range rows {
		for _, box := range row {
			x, width := svgMargin+float64(box.X0)*svgCell, float64(box.X1-box.X0)*svgCell
			n := &tree.Nodes[box.Node]
			name, class, figure := tree.Name(box.Node), "all", svgFigures(ix, n)
			if box.Node > 0 {
				class = svgClass(ix, n)
			}
			if box.Small > 0 {
				name, class, figure = figures.Plural(box.Small, "small box", "small boxes"), "small", ""
			}
			switch {
			case class == "more":
				name = "▲ " + name
			case class == "less":
				name = "▼ " + name
			}
			full := escape(name)
			if figure != "" {
				full += " (" + figure + ")"
			}
			top := svgTop + y*svgRow
			text := shorten(name, int((width-6)/svgChar))
			if share := figures.Share(max(ix.Share(n.Cum.Value), 0)); box.Small == 0 && text == name && float64(utf8.RuneCountInString(name+share)+2)*svgChar <= width-6 {
				text += "  " + share
			}
			fmt.Fprintf(&b, `<g class="%s"><title>%s</title><rect x="%s" y="%d" width="%s" height="%d" rx="1"/><text x="%s" y="%d">%s</text></g>`+"\n",
				class, full, number(x), top, number(width), svgRow-1, number(x+3), top+13, escape(text))
		}
	}
	legend := "script: blue, native: teal, others by package"
	if ix.Compared() {
		legend = "▲ more, ▼ less, grey: within the noise"
	}
	fmt.Fprintf(&b, "</g>\n<text class=\"note\" x=\"%d\" y=\"%d\">%s; a click zooms, a click on all goes back</text>\n", svgMargin, height-12, legend)
	fmt.Fprintf(&b, "<script>//<![CDATA[\n%s//]]></script>\n</svg>\n", svgScript)
	_, err := io.WriteString(w, b.String())
	return err
}

// svgCompared says what is compared.
func svgCompared(ix *view.Index) string {
	if !ix.Compared() {
		return ""
	}
	_, names := ix.Data().Sides()
	return escape(fmt.Sprintf("; %s against %s of %s, ±%s is noise", names[0], names[1], figures.Pprof(ix.Total().Base, ix.Type().Unit), figures.Share(ix.Noise())))
}

// svgClass is what a box looks like.
func svgClass(ix *view.Index, n *view.Node) string {
	switch ix.Mark(n.Cum) {
	case view.More, view.Added:
		return "more"
	case view.Less, view.Gone:
		return "less"
	case view.Same:
		return "same"
	}
	switch ix.Func(n.Func).Kind {
	case view.Script:
		return "script"
	case view.Native:
		return "native"
	case view.Tag:
		return "tag"
	}
	// Functions of one package look alike.
	f := ix.Func(n.Func)
	at := strings.LastIndexByte(f.Name, '/') + 1
	pkg, _, _ := strings.Cut(f.Name[at:], ".")
	h := fnv.New32a()
	_, _ = io.WriteString(h, f.Name[:at]+pkg)
	return "other p" + strconv.Itoa(int(h.Sum32()%svgHues))
}

// svgHues is how many looks packages have.
const svgHues = 5

// svgFigures are the figures of a box.
func svgFigures(ix *view.Index, n *view.Node) string {
	unit := ix.Type().Unit
	s := fmt.Sprintf("%s, %s", figures.Pprof(n.Cum.Value, unit), figures.Share(max(ix.Share(n.Cum.Value), 0)))
	if n.Flat.Value != 0 && n.Flat.Value != n.Cum.Value {
		s += ", itself " + figures.Pprof(n.Flat.Value, unit)
	}
	if ix.Compared() {
		d := figures.Pprof(n.Cum.Delta(), unit)
		if n.Cum.Delta() > 0 {
			d = "+" + d
		}
		s += ", " + d + " " + ix.Mark(n.Cum).String()
	}
	return escape(s)
}

// number writes a coordinate.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// shorten cuts a text to a number of characters; little room is none.
func shorten(s string, n int) string {
	switch {
	case n < 3:
		return ""
	case utf8.RuneCountInString(s) <= n:
		return s
	}
	r := []rune(s)
	return string(r[:n-2]) + ".."
}

// escape makes text safe inside XML: what XML cannot have becomes a question mark.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\'':
			b.WriteString("&#39;")
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r == utf8.RuneError, r == 0xfffe, r == 0xffff:
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
