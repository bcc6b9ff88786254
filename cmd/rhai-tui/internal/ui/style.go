package ui

import (
	"image/color"

	"charm.land/lipgloss/v2"

	"github.com/rhai-tui/rhai-tui/repl"
)

// theme holds the styles of everything on the screen. Body text has the
// terminal's own colour; nothing is told by colour alone.
type theme struct {
	title, dim, accent, border, focus lipgloss.Style
	sideA, sideB                      lipgloss.Style
	bad, warn, good                   lipgloss.Style
	selected, key                     lipgloss.Style
	code                              [repl.Wrong + 1]lipgloss.Style
}

// newTheme makes the theme for a dark or light background, or one without
// colours.
func newTheme(dark, noColor bool) *theme {
	plain := lipgloss.NewStyle()
	pick := func(light, darkColor string) lipgloss.Style {
		if noColor {
			return plain
		}
		var c color.Color = lipgloss.Color(light)
		if dark {
			c = lipgloss.Color(darkColor)
		}
		return plain.Foreground(c)
	}
	t := &theme{
		title:    plain.Bold(true),
		dim:      pick("#5c6370", "#8a93a6"),
		accent:   pick("#0b5cad", "#7ab8ff"),
		border:   pick("#868b94", "#667083"),
		focus:    pick("#0b5cad", "#7ab8ff"),
		sideA:    pick("#0b5cad", "#7ab8ff").Bold(true),
		sideB:    pick("#9a4f00", "#ffb265").Bold(true),
		bad:      pick("#b3261e", "#ff8f80").Bold(true),
		warn:     pick("#8a5a00", "#f2c55c"),
		good:     pick("#00696b", "#66d9c2"),
		selected: plain.Reverse(true),
		key:      plain.Bold(true),
	}
	t.code = [...]lipgloss.Style{
		repl.Plain:    plain,
		repl.Keyword:  pick("#7a2f9c", "#d5a6ff"),
		repl.Number:   pick("#9a4f00", "#ffb265"),
		repl.Text:     pick("#00696b", "#8fd6b5"),
		repl.Comment:  t.dim,
		repl.Operator: pick("#44505f", "#a9b7cc"),
		repl.Call:     t.accent,
		repl.Wrong:    t.bad.Underline(true),
	}
	return t
}
