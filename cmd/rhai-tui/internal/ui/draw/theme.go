package draw

import (
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/rhai-tui/rhai-tui/repl"
)

// Theme holds the styles of everything on the screen. Body text has the
// terminal's own colour; nothing is told by colour alone.
type Theme struct {
	Title, Dim, Accent, border, focus lipgloss.Style
	SideA, SideB                      lipgloss.Style
	Bad, Warn, Good                   lipgloss.Style
	Selected, Key, Match              lipgloss.Style
	Code                              [repl.Wrong + 1]lipgloss.Style
	code                              [repl.Wrong + 1]ink
	Box                               [boxKinds]lipgloss.Style // of flame graphs
}

// BoxKind is what a box of a flame graph is.
type BoxKind uint8

// The kinds of boxes.
const (
	BoxOther BoxKind = iota
	BoxScript
	BoxNative
	BoxTag
	BoxSame
	BoxMore
	BoxLess
	boxKinds
)

// boxShades are the backgrounds of boxes; the text on them is black or white.
var boxShades = [boxKinds]shade{
	BoxOther:  {"#d5dae1", "#414a57", "#e4e4e4", "#2a2a2a"},
	BoxScript: {"#9cc7f5", "#1f5c99", "#cfe6ff", "#00356b"},
	BoxNative: {"#8fd8c6", "#17695b", "#c2f2e6", "#003f38"},
	BoxTag:    {"#dcc4f2", "#68418a", "#eeddff", "#43106a"},
	BoxSame:   {"#e2e6eb", "#353d48", "#f0f0f0", "#202020"},
	BoxMore:   {"#ffb676", "#8f4800", "#ffdcb8", "#5a2d00"},
	BoxLess:   {"#86bdf5", "#1f5c99", "#cfe6ff", "#00356b"},
}

// shade is a colour on a light and on a dark background, and what stands for both
// in the theme of high contrast.
type shade struct{ light, dark, strongLight, strongDark string }

var (
	grey   = shade{"#5c6370", "#8a93a6", "#303030", "#d0d0d0"}
	line   = shade{"#868b94", "#667083", "#404040", "#c0c0c0"}
	blue   = shade{"#0b5cad", "#7ab8ff", "#00307a", "#9fd0ff"}
	orange = shade{"#9a4f00", "#ffb265", "#5a2d00", "#ffd28a"}
	red    = shade{"#b3261e", "#ff8f80", "#7a0000", "#ffb3a8"}
	yellow = shade{"#8a5a00", "#f2c55c", "#553800", "#ffe08a"}
	teal   = shade{"#00696b", "#66d9c2", "#003f40", "#8ff5e0"}
	green  = shade{"#00696b", "#8fd6b5", "#003f40", "#b5f5d5"}
	violet = shade{"#7a2f9c", "#d5a6ff", "#4b0f66", "#e6ccff"}
	steel  = shade{"#44505f", "#a9b7cc", "#202830", "#dde5f2"}
)

// NewTheme makes the theme for a dark or light background, of high contrast, or
// one without colours.
func NewTheme(dark, high, noColor bool) *Theme {
	plain := lipgloss.NewStyle()
	pick := func(s shade) lipgloss.Style {
		c := s.light
		switch {
		case noColor:
			return plain
		case dark && high:
			c = s.strongDark
		case dark:
			c = s.dark
		case high:
			c = s.strongLight
		}
		return plain.Foreground(lipgloss.Color(c))
	}
	t := &Theme{
		Title:    plain.Bold(true),
		Dim:      pick(grey),
		Accent:   pick(blue),
		border:   pick(line),
		focus:    pick(blue),
		SideA:    pick(blue).Bold(true),
		SideB:    pick(orange).Bold(true),
		Bad:      pick(red).Bold(true),
		Warn:     pick(yellow),
		Good:     pick(teal),
		Selected: plain.Reverse(true),
		Key:      plain.Bold(true),
		Match:    plain.Bold(true).Underline(true),
	}
	for i, s := range boxShades {
		c, text := s.light, "#000000"
		if high {
			c = s.strongLight
		}
		if dark {
			c, text = s.dark, "#ffffff"
			if high {
				c = s.strongDark
			}
		}
		t.Box[i] = plain
		if !noColor {
			t.Box[i] = plain.Foreground(lipgloss.Color(text)).Background(lipgloss.Color(c))
		}
	}
	t.Code = [...]lipgloss.Style{
		repl.Plain:    plain,
		repl.Keyword:  pick(violet),
		repl.Number:   pick(orange),
		repl.Text:     pick(green),
		repl.Comment:  t.Dim,
		repl.Operator: pick(steel),
		repl.Call:     t.Accent,
		repl.Wrong:    t.Bad.Underline(true),
	}
	for i, style := range t.Code {
		t.code[i] = inkOf(style)
	}
	return t
}

// ink is what stands before and behind a text in a style: quicker than the style itself,
// which looks at borders, margins and lines every time.
type ink struct{ before, behind string }

// inkOf makes the ink of a style without borders, margins or sizes.
func inkOf(style lipgloss.Style) ink {
	before, behind, _ := strings.Cut(style.Render("x"), "x")
	return ink{before, behind}
}

// render is the text in the style; the text is of one line and clean.
func (k ink) render(text string) string {
	if text == "" {
		return ""
	}
	return k.before + text + k.behind
}
