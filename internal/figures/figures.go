// Package figures writes numbers for people: the screen, reports and replays show a
// number in the same way because all of them take its text from here. Each kind of
// figure has one function. Numbers that are not known, NaN or below 0, are
// [Unknown]. Nothing reads a number back from its text.
package figures

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Unknown stands for a number that is not known, such as a quantile of too few
// samples.
const Unknown = "—"

func unknown(x float64) bool { return x < 0 || math.IsNaN(x) }

// Digits writes a number that is not negative with three digits that count, or
// all those before the point; 0 is "0".
func Digits(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case x < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// Grouped writes a whole number with commas.
func Grouped[T int | int64 | uint64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes how many there are of something, of which there may be parts in the
// mean: whole numbers below 100,000 as they are, others with three digits.
func Count(x float64) string {
	switch {
	case unknown(x):
		return Unknown
	case x < 1e5 && x == math.Trunc(x):
		return Grouped(int64(x))
	case x < 999.5:
		return Digits(x)
	case x < 999.5e3:
		return Digits(x/1e3) + "k"
	case x < 999.5e6:
		return Digits(x/1e6) + "M"
	}
	return Digits(x/1e9) + "G"
}

// Plural writes a number with what it counts: one caller, many callers.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// Time writes nanoseconds in the unit that suits them.
func Time(ns float64) string {
	switch {
	case unknown(ns):
		return Unknown
	case ns < 999.5:
		return Digits(ns) + " ns"
	case ns < 999.5e3:
		return Digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return Digits(ns/1e6) + " ms"
	}
	return Digits(ns/1e9) + " s"
}

// Clock writes how long something has been going on: in whole seconds, the first
// ten of them with a digit more.
func Clock(d time.Duration) string {
	if d < 10*time.Second {
		return d.Truncate(100 * time.Millisecond).String()
	}
	return d.Truncate(time.Second).String()
}

// Wait writes nanoseconds waited per second.
func Wait(ns float64) string {
	if unknown(ns) {
		return Unknown
	}
	return Time(ns) + "/s"
}

// Rate writes calls per second; 0 is not known.
func Rate(perSecond float64) string {
	switch {
	case unknown(perSecond) || perSecond == 0:
		return Unknown
	case perSecond < 99.95 && perSecond != math.Trunc(perSecond):
		return Digits(perSecond) + "/s"
	}
	return Count(math.Round(perSecond)) + "/s"
}

// Bytes writes a size in units of powers of 1000: 10,240 bytes are 10.2 kB.
func Bytes(x float64) string {
	switch {
	case unknown(x):
		return Unknown
	case x < 1000 && x != math.Trunc(x):
		return Digits(x) + " B"
	case x < 9999.5:
		return Grouped(int64(math.Round(x))) + " B"
	case x < 999.5e3:
		return Digits(x/1e3) + " kB"
	case x < 999.5e6:
		return Digits(x/1e6) + " MB"
	}
	return Digits(x/1e9) + " GB"
}

// Amount writes a value of a profile in its unit.
func Amount(n int64, unit string) string {
	switch unit {
	case "nanoseconds":
		return Time(float64(n))
	case "bytes":
		return Bytes(float64(n))
	}
	return Count(float64(n))
}

// step is a unit with its size in the smallest one.
type step struct {
	name string
	size float64
}

// pprofUnits are the steps of the units of profiles, as go tool pprof names them.
var pprofUnits = map[string][]step{
	"bytes":       {{"B", 1}, {"kB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"TB", 1 << 40}, {"PB", 1 << 50}},
	"nanoseconds": {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"hrs", 3600e9}},
}

// pprofScales are units that are others by a factor.
var pprofScales = map[string]step{
	"byte": {"bytes", 1}, "b": {"bytes", 1}, "kilobytes": {"bytes", 1 << 10}, "megabytes": {"bytes", 1 << 20}, "kb": {"bytes", 1 << 10}, "mb": {"bytes", 1 << 20},
	"nanosecond": {"nanoseconds", 1}, "ns": {"nanoseconds", 1}, "microseconds": {"nanoseconds", 1e3}, "us": {"nanoseconds", 1e3},
	"milliseconds": {"nanoseconds", 1e6}, "ms": {"nanoseconds", 1e6}, "seconds": {"nanoseconds", 1e9}, "s": {"nanoseconds", 1e9},
}

// Pprof writes a value of a profile as go tool pprof does: an MB is 2^20 bytes. Unlike
// other figures it may be negative.
func Pprof(n int64, unit string) string { return PprofIn(n, unit, PprofUnit(n, unit)) }

// PprofUnit is the unit in which go tool pprof writes a value, such as ms; "" for
// counts.
func PprofUnit(n int64, unit string) string {
	v, steps := pprofBase(n, unit)
	name := ""
	for i, u := range steps {
		if i == 0 || math.Abs(v) >= u.size {
			name = u.name
		}
	}
	if v == 0 && len(steps) > 0 && steps[0].name == "ns" {
		name = "s" // as of nothing
	}
	return name
}

// PprofIn is [Pprof] in a unit that [PprofUnit] gave for another value, so that a column
// has one unit.
func PprofIn(n int64, unit, in string) string {
	v, steps := pprofBase(n, unit)
	for _, u := range steps {
		if u.name == in {
			v /= u.size
		}
	}
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 2, 64), ".00")
	if s == "0" || s == "-0" {
		return "0"
	}
	return s + in
}

// PprofColumn is the unit that go tool pprof writes all values of a table in, by the
// smallest of them and the total.
func PprofColumn(smallest, total int64, unit string) string {
	if smallest == 0 {
		smallest = total
	}
	low, high := PprofUnit(smallest, unit), PprofUnit(total, unit)
	if low != high && smallest < total/100 {
		return PprofUnit(100*smallest, unit)
	}
	return low
}

func pprofBase(n int64, unit string) (v float64, steps []step) {
	unit = strings.ToLower(unit)
	v = float64(n)
	if s, ok := pprofScales[unit]; ok {
		unit = s.name
		v *= s.size
	}
	return v, pprofUnits[unit]
}

// PprofShare writes which share of a total a value is, as go tool pprof does.
func PprofShare(n, total int64) string {
	x := 0.0
	if total != 0 {
		x = math.Abs(100 * float64(n) / float64(total))
	}
	switch {
	case x >= 99.95 && x <= 100.05:
		return "  100%"
	case x >= 1:
		return fmt.Sprintf("%5.2f%%", x)
	}
	return fmt.Sprintf("%5.2g%%", x)
}

// Share writes a part of a whole, 0 to 1, as a percentage.
func Share(x float64) string {
	if unknown(x) {
		return Unknown
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + "%"
}

// Of writes which share of a total a number is; it is not known of nothing.
func Of(n, total int64) string {
	if total <= 0 {
		return Unknown
	}
	return Share(float64(n) / float64(total))
}

// Ratio writes a ratio of two figures.
func Ratio(r float64) string {
	switch {
	case unknown(r) || math.IsInf(r, 0):
		return Unknown
	case r >= 99.95:
		return Digits(r) + "x"
	}
	return strconv.FormatFloat(r, 'f', 2, 64) + "x"
}

// Interval writes the bounds of a ratio. The mark ~ tells that 1 is between them:
// then no difference is shown.
func Interval(low, high float64) string {
	s := fmt.Sprintf("[%.2f, %.2f]", low, high)
	if low <= 1 && high >= 1 {
		s += " ~"
	}
	return s
}

// Verdict writes the ratio of a verdict, which has a digit more than others.
func Verdict(r float64) string { return strconv.FormatFloat(r, 'f', 3, 64) + "x" }

// Bounds writes the confidence interval of a verdict.
func Bounds(low, high float64) string { return fmt.Sprintf("[%.3f, %.3f]", low, high) }

// Between writes the bounds of the ratio of a verdict in words.
func Between(low, high float64) string { return fmt.Sprintf("between %.3f and %.3f", low, high) }

// Noise writes how far the noise of a measurement reaches, as a part of 1.
func Noise(x float64) string { return "±" + Share(x) }

// Coefficient writes a coefficient of the scalability law, which may be very small.
func Coefficient(x float64) string { return strconv.FormatFloat(100*x, 'f', 3, 64) + "%" }

// Tick writes a number at the end of an axis.
func Tick(x float64) string { return strconv.FormatFloat(x, 'g', 2, 64) }

// Plain writes a number without a unit for a message about the number itself, with
// six digits that count.
func Plain(x float64) string { return strings.TrimPrefix(strconv.FormatFloat(x, 'g', 6, 64), "+") }
