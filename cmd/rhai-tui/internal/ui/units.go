package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// none stands for a number that is not known.
const none = "—"

// nanos writes a time in nanoseconds in the unit that suits it.
func nanos(ns float64) string {
	switch {
	case ns < 0 || math.IsNaN(ns):
		return none
	case ns == 0:
		return "0 ns"
	case ns < 999.5:
		return digits(ns) + " ns"
	case ns < 999.5e3:
		return digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

// digits writes a number with three digits, or all those before the point.
func digits(x float64) string {
	switch {
	case x < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case x < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// count writes a number that may be large.
func count(x float64) string {
	switch {
	case x < 0 || math.IsNaN(x):
		return none
	case x < 1e5 && x == math.Trunc(x):
		return grouped(int64(x))
	case x < 1e3:
		return digits(x)
	case x < 999.5e3:
		return digits(x/1e3) + "k"
	case x < 999.5e6:
		return digits(x/1e6) + "M"
	}
	return digits(x/1e9) + "G"
}

// grouped writes an integer with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes a number of bytes.
func size(x float64) string {
	switch {
	case x < 0 || math.IsNaN(x):
		return none
	case x < 1000 && x != math.Trunc(x):
		return digits(x) + " B"
	case x < 10000:
		return grouped(int64(math.Round(x))) + " B"
	case x < 999.5*1024:
		return digits(x/1024) + " KB"
	case x < 999.5*1024*1024:
		return digits(x/(1<<20)) + " MB"
	}
	return digits(x/(1<<30)) + " GB"
}

// share writes a part of a whole.
func share(x float64) string {
	if x < 0 || math.IsNaN(x) {
		return none
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + "%"
}

// times writes a ratio.
func times(r float64) string {
	if r <= 0 || math.IsNaN(r) || math.IsInf(r, 0) {
		return none
	}
	if r >= 99.95 {
		return digits(r) + "x"
	}
	return strconv.FormatFloat(r, 'f', 2, 64) + "x"
}

// amount writes a value of a profile in its unit.
func amount(n int64, unit string) string {
	switch unit {
	case "nanoseconds":
		return nanos(float64(n))
	case "bytes":
		return size(float64(n))
	}
	return count(float64(n))
}

// short writes an elapsed time for a status line.
func short(d time.Duration) string {
	if d < time.Minute {
		return strings.TrimSuffix(d.Truncate(time.Second).String(), ".")
	}
	return d.Truncate(time.Second).String()
}

// strategyName is the name of a strategy for people.
func strategyName(s bench.Strategy) string {
	switch s {
	case bench.Global:
		return "global"
	case bench.Raw:
		return "raw per call"
	case bench.PerGoroutine:
		return "per goroutine"
	case bench.New:
		return "new per call"
	}
	return clean(string(s))
}

// strategyAbout explains a strategy in a few words.
func strategyAbout(s bench.Strategy) string {
	switch s {
	case bench.Global:
		return "one engine for all calls"
	case bench.Raw:
		return "a fresh raw engine for each call"
	case bench.Pool:
		return "a pool of engines"
	case bench.PerGoroutine:
		return "an engine for each caller"
	case bench.New:
		return "a fresh engine for each call"
	}
	return ""
}

// sparkRunes are bars of growing height.
var sparkRunes = []rune("▁▂▃▄▅▆▇█")

// spark draws values as bars h lines high and at most w cells wide, the latest
// ones, on a scale from 0 to top.
func spark(values []float64, w, h int, top float64) []string {
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
