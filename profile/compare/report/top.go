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
	if f.Unit == "" {
		return // no profile, but a trace or the like
	}
	fmt.Fprintf(w, "\n%s: %s in all\n", f.Type, figures.Amount(f.Total, f.Unit))
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
		row[0] = figures.Amount(l.Flat, f.Unit)
		row[1] = figures.Of(l.Flat, f.Total)
		row[2] = figures.Amount(l.Cum, f.Unit)
		row[3] = figures.Of(l.Cum, f.Total)
		if len(strategies) > 1 {
			for _, st := range strategies {
				row = append(row, figures.Amount(l.By[st], f.Unit))
			}
		}
		t.row(append(row, l.Function)...)
	}
	t.write(w)
}
