package ui

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Lines are strings of styled text. These functions keep them at exact widths,
// counted in cells of the terminal.

// width returns the cells that a styled text takes.
func width(s string) int { return ansi.StringWidth(s) }

// fit cuts or pads a line to exactly w cells.
func fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := width(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = width(s)
	}
	return s + blanks(w-n)
}

// fitLeft is fit with the text at the right end.
func fitLeft(s string, w int) string {
	if n := width(s); n < w {
		return blanks(w-n) + s
	}
	return fit(s, w)
}

// spread puts one text at the left and one at the right of a line of w cells; the
// left one gives way.
func spread(left, right string, w int) string {
	n := width(right)
	if n == 0 || n+1 >= w {
		return fit(left, w)
	}
	return fit(left, w-n-1) + " " + right
}

func blanks(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// block makes exactly h lines of w cells.
func block(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		if i < len(lines) {
			out[i] = fit(lines[i], w)
		} else {
			out[i] = blanks(w)
		}
	}
	return out
}

// beside joins two blocks of lines of the same height.
func beside(a, b []string) []string {
	out := make([]string, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

// over lays a block of lines ow cells wide over others, at column x and line y.
func over(lines, top []string, x, y, ow, w int) {
	for i, t := range top {
		if y+i < 0 || y+i >= len(lines) {
			continue
		}
		under := lines[y+i]
		left := fit(ansi.Truncate(under, x, ""), x)
		right := ansi.TruncateLeft(under, x+ow, "")
		lines[y+i] = left + fit(t, ow) + fitRight(right, w-x-ow)
	}
}

// fitRight pads at the left: what is cut out of a wide character is lost there.
func fitRight(s string, w int) string {
	if n := width(s); n < w {
		return blanks(w-n) + s
	}
	return fit(s, w)
}

// clean makes one line of text safe to show: tabs become blanks, and other control
// characters, which could steer the terminal, become visible.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == 0x7f || s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case r < 0x20:
			b.WriteRune('␀' + r)
		case r == 0x7f:
			b.WriteRune('␡')
		case r >= 0x80 && r < 0xa0, r == utf8.RuneError, r == 0x2028, r == 0x2029, r == 0x200b, r == 0x200e, r == 0x200f,
			r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xe0000 && r < 0xe1000:
			b.WriteRune('�')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wrap breaks plain clean text into lines of at most w cells, at blanks if there
// are any nearby.
func wrap(s string, w int) []string {
	w = max(w, 1)
	if width(s) <= w {
		return []string{s}
	}
	var out []string
	for s != "" {
		n, cells, blank := 0, 0, -1
		for n < len(s) {
			g, gw := ansi.FirstGraphemeCluster(s[n:], ansi.GraphemeWidth)
			if cells+gw > w {
				break
			}
			if g == " " && n > 0 {
				blank = n
			}
			cells += gw
			n += len(g)
		}
		switch {
		case n == len(s):
			return append(out, s)
		case n == 0: // a character wider than the line
			g, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
			out, s = append(out, "…"), s[len(g):]
			continue
		case s[n] == ' ':
			out, s = append(out, s[:n]), s[n+1:]
			continue
		case blank > n/2:
			out, s = append(out, s[:blank]), s[blank+1:]
			continue
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

// box draws a border around lines: exactly w cells and h lines. The title and a
// note stand in the upper border, foot in the lower one.
type box struct {
	title, note, foot string // may be styled
	lines             []string
	focus             bool
}

func (b box) render(t *theme, w, h int) []string {
	if w < 4 || h < 2 {
		return block(b.lines, w, h)
	}
	style := t.border
	if b.focus {
		style = t.focus
	}
	inner := w - 4
	out := make([]string, 0, h)
	out = append(out, b.edge(style, "╭", "╮", b.title, b.note, w))
	for _, l := range block(b.lines, inner, h-2) {
		out = append(out, style.Render("│")+" "+l+" "+style.Render("│"))
	}
	return append(out, b.edge(style, "╰", "╯", b.foot, "", w))
}

// edge draws a horizontal border with texts in it.
func (b box) edge(style interface{ Render(...string) string }, left, right, title, note string, w int) string {
	room := w - 2
	text, tail := "", ""
	if title != "" && room > 6 {
		text = " " + fit(title, min(width(title), room-4)) + " "
	}
	if n := width(note); n > 0 && n+width(text)+6 <= room {
		tail = " " + note + " "
	}
	fill := room - width(text) - width(tail) - 1
	if tail != "" {
		fill--
	}
	s := style.Render(left + strings.Repeat("─", min(1, room)))
	if text != "" {
		s += text
	}
	s += style.Render(strings.Repeat("─", max(fill, 0)))
	if tail != "" {
		s += tail + style.Render("─")
	}
	return s + style.Render(right)
}
