package draw

import "github.com/rhai-tui/rhai-tui/internal/figures"

// Axis labels the ends of a scale.
func Axis(t *Theme, low, high float64, w int, note string) string {
	left, right := figures.Time(low), figures.Time(high)
	room := w - Width(left) - Width(right)
	if room < Width(note)+2 {
		note = ""
	}
	gap := room - Width(note)
	return t.Dim.Render(left + Blanks(gap/2) + note + Blanks(gap-gap/2) + right)
}
