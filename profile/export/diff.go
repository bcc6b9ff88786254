package export

import (
	"fmt"
	"io"
	"math"
	"path"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Diff reports a comparison for people: the total of every sample type, and then for the
// type of the index the functions and lines that differ by more than the noise, those with
// the largest difference first. limit bounds each of the two lists, 0 does not.
func Diff(w io.Writer, ix *view.Index, limit int) error {
	p := newPrinter(w, ix, nil)
	d := ix.Data()
	for _, text := range d.Warnings() {
		p.printf("warning: %s\n", clean(text))
	}
	p.printf("%-16s %12s %12s %12s %9s\n", "", "base", "new", "delta", "")
	types, _ := d.Types()
	for _, t := range types {
		q := ix.Query()
		q.Type = t.Name
		one, err := d.Index(q)
		if err != nil {
			return err
		}
		total := one.Total()
		note := "exact"
		if !one.Exact() {
			note = "noise " + figures.Noise(one.Noise())
		}
		p.printf("%-16s %12s %12s %12s %9s  %s, %s\n", clean(t.Name), figures.Pprof(total.Base, t.Unit), figures.Pprof(total.Value, t.Unit), signed(total.Delta(), t.Unit), change(total), one.Mark(total), note)
	}
	unit := ix.Type().Unit
	p.printf("\nfunctions that differ in %s\n", clean(ix.Type().Name))
	n, more := 0, 0
	for _, r := range ix.Top(view.ByDelta) {
		if m := ix.Mark(r.Flat); m != view.Same && m != view.Unmarked {
			if limit > 0 && n >= limit {
				more++
				continue
			}
			n++
			where := ""
			if r.File != "" {
				where = fmt.Sprintf("  %s:%d", clean(path.Base(r.File)), r.StartLine)
			}
			p.printf("%16s %12s %12s %12s %9s  %s%s\n", "", figures.Pprof(r.Flat.Base, unit), figures.Pprof(r.Flat.Value, unit), signed(r.Flat.Delta(), unit), change(r.Flat), clean(r.Name), where)
		}
	}
	p.rest(n, more)
	p.printf("\nlines that differ in %s\n", clean(ix.Type().Name))
	n, more = 0, 0
	for _, l := range ix.Lines() {
		if m := ix.Mark(l.Flat); l.File != "" && m != view.Same && m != view.Unmarked {
			if limit > 0 && n >= limit {
				more++
				continue
			}
			n++
			p.printf("%16s %12s %12s %12s %9s  %s:%d  %s\n", "", figures.Pprof(l.Flat.Base, unit), figures.Pprof(l.Flat.Value, unit), signed(l.Flat.Delta(), unit), change(l.Flat), clean(path.Base(l.File)), l.Line, clean(l.Name))
		}
	}
	p.rest(n, more)
	return p.err
}

// rest says what a list leaves out.
func (p *printer) rest(n, more int) {
	switch {
	case n == 0:
		p.printf("%16s none\n", "")
	case more > 0:
		p.printf("%16s and %d more\n", "", more)
	}
}

// signed writes a difference.
func signed(n int64, unit string) string {
	s := figures.Pprof(n, unit)
	if n > 0 {
		s = "+" + s
	}
	return s
}

// change writes a difference as a part of the base.
func change(a view.Amount) string {
	switch {
	case a.Delta() == 0:
		return "="
	case a.Base == 0:
		return "new"
	case a.Value == 0:
		return "gone"
	}
	return Percent(100 * float64(a.Delta()) / math.Abs(float64(a.Base)))
}

// Percent writes by how many percent something changed; small changes have the digits that
// tell them from none.
func Percent(x float64) string {
	switch {
	case math.IsInf(x, 0):
		return "new"
	case x != 0 && math.Abs(x) < 0.1:
		return fmt.Sprintf("%+.2g%%", x)
	}
	return fmt.Sprintf("%+.2f%%", x)
}
