package report

import (
	"math"
	"strconv"

	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// share formats a part of the processors' time.
func share(x float64) string {
	if x < 0 {
		return unknown
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + "%"
}

// unknown stands for what there are too few samples for.
const unknown = "-"

// span formats nanoseconds; negative ones are unknown.
func span(ns float64) string {
	if ns < 0 {
		return unknown
	}
	return figures.Time(ns)
}

// rate formats calls per second.
func rate(perSecond float64) string {
	switch {
	case perSecond == 0:
		return unknown
	case perSecond < 100:
		return figures.Digits(perSecond) + "/s"
	}
	return figures.Grouped(int64(math.Round(perSecond))) + "/s"
}

// wait formats time waited per time.
func wait(nsPerSecond float64) string {
	if nsPerSecond == 0 {
		return "0"
	}
	return span(nsPerSecond) + "/s"
}

// count formats a number per call, which is whole as a rule.
func count(x float64) string {
	if x == math.Trunc(x) {
		return figures.Grouped(int64(x))
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// size formats bytes.
func size(x float64) string {
	switch {
	case x < 10e3:
		return count(math.Round(x))
	case x < 10e6:
		return figures.Digits(x/1e3) + " kB"
	}
	return figures.Digits(x/1e6) + " MB"
}

// ratioOf formats b/a, "" if it is not known.
func ratioOf(a, b float64) string {
	switch {
	case a < 0 || b < 0 || a == 0 && b == 0:
		return ""
	case a == 0:
		return "∞"
	}
	return strconv.FormatFloat(b/a, 'f', 2, 64) + "x"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
