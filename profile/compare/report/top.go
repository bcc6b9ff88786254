package report

import (
	"fmt"
	"io"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// shownTop is how many functions the command shows of each profile.
const shownTop = 15

// WriteTop prints the functions with the largest flat values of a profile.
func WriteTop(w io.Writer, f wire.ProfileFile, strategies []wire.Strategy) {
	fmt.Fprintf(w, "\n%s: %s in all\n", f.Type, amount(f.Total, f.Unit))
	if f.Total == 0 {
		return
	}
	head := []string{"flat", "flat%", "cum", "cum%"}
	if len(strategies) > 1 {
		for _, st := range strategies {
			head = append(head, string(st))
		}
	}
	t := newTable(append(head, "function")...)
	t.leftLast = true
	for _, l := range f.Top[:min(shownTop, len(f.Top))] {
		if l.Flat == 0 {
			break
		}
		row := []string{"", "", "", ""}
		row[0] = amount(l.Flat, f.Unit)
		row[1] = percent(l.Flat, f.Total)
		row[2] = amount(l.Cum, f.Unit)
		row[3] = percent(l.Cum, f.Total)
		if len(strategies) > 1 {
			for _, st := range strategies {
				row = append(row, amount(l.By[st], f.Unit))
			}
		}
		t.row(append(row, l.Function)...)
	}
	t.write(w)
}

// amount formats a value of a profile.
func amount(n int64, unit string) string {
	switch unit {
	case "nanoseconds":
		return span(float64(n))
	case "bytes":
		return size(float64(n)) + byteUnit(n)
	}
	return figures.Grouped(n)
}

// byteUnit is the unit that size leaves out for small numbers.
func byteUnit(n int64) string {
	if n < 10e3 {
		return " B"
	}
	return ""
}

func percent(n, of int64) string {
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
}
