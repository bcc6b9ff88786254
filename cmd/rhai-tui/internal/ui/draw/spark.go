package draw

import "math"

// sparkRunes are bars of growing height.
var sparkRunes = []rune("▁▂▃▄▅▆▇█")

// Spark draws values as bars h lines high and at most w cells wide, the latest
// ones, on a scale from 0 to top.
func Spark(values []float64, w, h int, top float64) []string {
	if len(values) > w {
		values = values[len(values)-max(w, 0):]
	}
	rows := make([][]rune, h)
	for i := range rows {
		rows[i] = make([]rune, len(values))
		for k, v := range values {
			level := 0.0
			if top > 0 && v > 0 {
				level = min(v/top, 1) * float64(8*h)
			}
			part := int(math.Ceil(level)) - 8*(h-1-i)
			switch {
			case part >= 8:
				rows[i][k] = '█'
			case part >= 1:
				rows[i][k] = sparkRunes[part-1]
			case i == h-1:
				rows[i][k] = sparkRunes[0]
			default:
				rows[i][k] = ' '
			}
		}
	}
	out := make([]string, h)
	for i, r := range rows {
		out[i] = string(r)
	}
	return out
}

// Spinner turns while a capture or a cell runs.
var Spinner = []string{"⠋", "⠙", "⠹", "⠸"}
