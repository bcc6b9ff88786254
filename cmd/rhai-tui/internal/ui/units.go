package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// none stands for a number that is not known.
const none = "—"

// nanos writes a time in nanoseconds in the unit that suits it.
func nanos(ns float64) string {
	if ns < 0 || math.IsNaN(ns) {
		return none
	}
	return figures.Time(ns)
}

// count writes a number that may be large.
func count(x float64) string {
	switch {
	case x < 0 || math.IsNaN(x):
		return none
	case x < 1e5 && x == math.Trunc(x):
		return figures.Grouped(int64(x))
	case x < 1e3:
		return figures.Digits(x)
	case x < 999.5e3:
		return figures.Digits(x/1e3) + "k"
	case x < 999.5e6:
		return figures.Digits(x/1e6) + "M"
	}
	return figures.Digits(x/1e9) + "G"
}

// size writes a number of bytes.
func size(x float64) string {
	switch {
	case x < 0 || math.IsNaN(x):
		return none
	case x < 1000 && x != math.Trunc(x):
		return figures.Digits(x) + " B"
	case x < 10000:
		return figures.Grouped(int64(math.Round(x))) + " B"
	case x < 999.5*1024:
		return figures.Digits(x/1024) + " KB"
	case x < 999.5*1024*1024:
		return figures.Digits(x/(1<<20)) + " MB"
	}
	return figures.Digits(x/(1<<30)) + " GB"
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
		return figures.Digits(r) + "x"
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
func strategyName(s wire.Strategy) string {
	switch s {
	case wire.Global:
		return "global"
	case wire.Raw:
		return "raw per call"
	case wire.PerGoroutine:
		return "per goroutine"
	case wire.New:
		return "new per call"
	}
	return clean(string(s))
}

// strategyAbout explains a strategy in a few words.
func strategyAbout(s wire.Strategy) string {
	switch s {
	case wire.Global:
		return "one engine for all calls"
	case wire.Raw:
		return "a fresh raw engine for each call"
	case wire.Pool:
		return "a pool of engines"
	case wire.PerGoroutine:
		return "an engine for each caller"
	case wire.New:
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
