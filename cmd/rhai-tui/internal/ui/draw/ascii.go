package draw

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// asciiFor maps the glyphs that screens use to characters that every terminal has.
var asciiFor = map[string]string{
	"╭": "+", "╮": "+", "╰": "+", "╯": "+", "─": "-", "│": "|", "┊": ":", "╞": "[", "╡": "]", "═": "=", "●": "*",
	"▲": "^", "▼": "v", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#",
	"µ": "u", "…": "~", "·": ".", "—": "-", "✓": "+", "✗": "x", "›": ">", "↑": "^", "↓": "v", "←": "<", "→": ">",
	"⠋": "|", "⠙": "/", "⠹": "-", "⠸": "\\", "±": "~", "×": "x", "▏": "|", "▌": "|", "░": "%",
	"▒": "%", "◆": "*", "»": ">", "▸": ">", "▾": "v", "▴": "^",
}

// ASCII replaces every other character, keeping widths.
func ASCII(s string) string {
	var b strings.Builder
	for s != "" {
		i := 0
		for i < len(s) && s[i] < utf8.RuneSelf {
			i++
		}
		b.WriteString(s[:i])
		s = s[i:]
		if s == "" {
			break
		}
		g, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if r, ok := asciiFor[g]; ok {
			b.WriteString(r)
		} else if r, _ := utf8.DecodeRuneInString(g); r >= 0x2800 && r <= 0x28ff {
			b.WriteByte('*') // dots of a plot
		} else {
			b.WriteString(strings.Repeat("?", w))
		}
		s = s[len(g):]
	}
	return b.String()
}
