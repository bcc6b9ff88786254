// Package figures writes numbers for people: on the screen and in reports alike.
package figures

import (
	"fmt"
	"strconv"
)

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

// Time writes nanoseconds, not negative, in the unit that suits them.
func Time(ns float64) string {
	switch {
	case ns < 999.5:
		return Digits(ns) + " ns"
	case ns < 999.5e3:
		return Digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return Digits(ns/1e6) + " ms"
	}
	return Digits(ns/1e9) + " s"
}

// Grouped writes a whole number with commas.
func Grouped[T int | int64 | uint64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
