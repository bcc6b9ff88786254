package ui

import "github.com/rhai-tui/rhai-tui/internal/figures"

// axis labels the ends of a scale.
func axis(t *theme, low, high float64, w int, note string) string {
	left, right := figures.Time(low), figures.Time(high)
	room := w - width(left) - width(right)
	if room < width(note)+2 {
		note = ""
	}
	gap := room - width(note)
	return t.dim.Render(left + blanks(gap/2) + note + blanks(gap-gap/2) + right)
}
