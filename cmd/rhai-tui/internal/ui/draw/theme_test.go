package draw

import (
	"image/color"
	"math"
	"strconv"
	"testing"

	"charm.land/lipgloss/v2"

	"github.com/rhai-tui/rhai-tui/repl"
)

// luminance is the relative luminance of a colour, as WCAG defines it.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(x uint32) float64 {
		v := float64(x) / 0xffff
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast checks that every text can be read on usual backgrounds.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		dark, high  bool
		backgrounds []string
		text, line  float64
	}{
		{true, false, []string{"#000000", "#1e1e2e"}, 4.5, 3}, {false, false, []string{"#ffffff", "#f5f5f5"}, 4.5, 3},
		{true, true, []string{"#000000", "#1e1e2e"}, 9, 9}, {false, true, []string{"#ffffff", "#f5f5f5"}, 9, 9},
	} {
		th := NewTheme(c.dark, c.high, false)
		texts := map[string]lipgloss.Style{
			"dim": th.Dim, "accent": th.Accent, "focus": th.focus, "A": th.SideA, "B": th.SideB, "bad": th.Bad, "warn": th.Warn, "good": th.Good,
		}
		for class, s := range th.Code {
			if class != int(repl.Plain) {
				texts["code "+strconv.Itoa(class)] = s
			}
		}
		for kind, s := range th.Box {
			if got := contrast(s.GetForeground(), s.GetBackground()); got < c.text {
				t.Errorf("dark %v: a box of kind %d has a contrast of %.2f", c.dark, kind, got)
			}
		}
		for _, bg := range c.backgrounds {
			for name, s := range texts {
				if got := contrast(s.GetForeground(), lipgloss.Color(bg)); got < c.text {
					t.Errorf("dark %v: %s on %s has a contrast of %.2f", c.dark, name, bg, got)
				}
			}
			if got := contrast(th.border.GetForeground(), lipgloss.Color(bg)); got < c.line {
				t.Errorf("dark %v: borders on %s have a contrast of %.2f", c.dark, bg, got)
			}
		}
	}
}
