// Package draw has what every screen is drawn with: lines of exact widths, boxes, the
// theme, bars, axes and highlighted code. It knows no pane; nothing in it has state.
package draw

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Lines are strings of styled text. These functions keep them at exact widths,
// counted in cells of the terminal.

// Width returns the cells that a styled text takes.
func Width(s string) int {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Fit cuts or pads a line to exactly w cells.
func Fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := Width(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = Width(s)
	}
	return s + Blanks(w-n)
}

// FitLeft is fit with the text at the right end.
func FitLeft(s string, w int) string {
	if n := Width(s); n < w {
		return Blanks(w-n) + s
	}
	return Fit(s, w)
}

// Spread puts one text at the left and one at the right of a line of w cells; the
// left one gives way.
func Spread(left, right string, w int) string {
	n := Width(right)
	if n == 0 || n+1 >= w {
		return Fit(left, w)
	}
	return Fit(left, w-n-1) + " " + right
}

// Blanks are n blanks, none for a negative number.
func Blanks(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// Block makes exactly h lines of w cells.
func Block(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		if i < len(lines) {
			out[i] = Fit(lines[i], w)
		} else {
			out[i] = Blanks(w)
		}
	}
	return out
}

// Beside joins two blocks of lines of the same height.
func Beside(a, b []string) []string {
	out := make([]string, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

// Over lays a block of lines ow cells wide over others, at column x and line y.
func Over(lines, top []string, x, y, ow, w int) {
	for i, t := range top {
		if y+i < 0 || y+i >= len(lines) {
			continue
		}
		under := lines[y+i]
		left := Fit(ansi.Truncate(under, x, ""), x)
		right := ansi.TruncateLeft(under, x+ow, "")
		lines[y+i] = left + Fit(t, ow) + fitRight(right, w-x-ow)
	}
}

// fitRight pads at the left: what is cut out of a wide character is lost there.
func fitRight(s string, w int) string {
	if n := Width(s); n < w {
		return Blanks(w-n) + s
	}
	return Fit(s, w)
}

// Clean makes one line of text safe to show: tabs become blanks, and other control
// characters, which could steer the terminal, become visible.
func Clean(s string) string {
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

// Wrap breaks plain clean text into lines of at most w cells, at blanks if there
// are any nearby.
func Wrap(s string, w int) []string {
	w = max(w, 1)
	if Width(s) <= w {
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

// LastCluster is the length of the last character of s.
func LastCluster(s string) int {
	n := len(s)
	// Clusters are found from their start: look back to what surely begins one.
	from := n
	for range 1000 {
		if from == 0 {
			break
		}
		_, k := utf8.DecodeLastRuneInString(s[:from])
		from -= k
		if s[from] < utf8.RuneSelf && from < n-1 {
			break
		}
	}
	for {
		g, _ := ansi.FirstGraphemeCluster(s[from:], ansi.GraphemeWidth)
		if len(g) == 0 || from+len(g) >= n {
			return n - from
		}
		from += len(g)
	}
}

// ColumnAt returns the byte offset of the character at a cell of a line.
func ColumnAt(line string, cell int) int {
	at, cells := 0, 0
	for at < len(line) {
		g, _ := ansi.FirstGraphemeCluster(line[at:], ansi.GraphemeWidth)
		cells += Width(Clean(g))
		if cells > cell {
			break
		}
		at += max(len(g), 1)
	}
	return at
}
