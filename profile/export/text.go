package export

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// printer writes values of a table in one unit, as go tool pprof does.
type printer struct {
	w     io.Writer
	ix    *view.Index
	unit  string // of the profile
	in    string // of the table
	total int64
	err   error
}

// newPrinter finds the unit for the values of rows.
func newPrinter(w io.Writer, ix *view.Index, rows []view.Row) *printer {
	p := &printer{w: w, ix: ix, unit: ix.Type().Unit, total: all(ix)}
	smallest := int64(0)
	for _, r := range rows {
		v := abs(shown(ix, r.Flat))
		if v == 0 {
			v = abs(shown(ix, r.Cum))
		}
		if v > 0 && (smallest == 0 || v < smallest) {
			smallest = v
		}
	}
	p.in = figures.PprofColumn(smallest, p.total, p.unit)
	return p
}

// all is what shares are of: the base of a comparison, as go tool pprof -diff_base has
// it.
func all(ix *view.Index) int64 {
	if ix.Compared() && ix.All().Base != 0 {
		return ix.All().Base
	}
	return ix.All().Value
}

// shown is the value of an amount in texts: of a comparison the difference.
func shown(ix *view.Index, a view.Amount) int64 {
	if ix.Compared() {
		return a.Delta()
	}
	return a.Value
}

func abs(n int64) int64 { return max(n, -n) }

func (p *printer) value(a view.Amount) string { return figures.PprofIn(shown(p.ix, a), p.unit, p.in) }

func (p *printer) share(n int64) string { return figures.PprofShare(n, p.total) }

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// clean keeps a name in its line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}

// head writes what the profile is of.
func (p *printer) head(rows []view.Row) {
	h := p.ix.Data().Header()
	if len(h.Mapping) > 0 && h.Mapping[0].File != "" {
		p.printf("File: %s\n", clean(path.Base(h.Mapping[0].File)))
		if h.Mapping[0].BuildID != "" {
			p.printf("Build ID: %s\n", clean(h.Mapping[0].BuildID))
		}
	}
	for _, c := range h.Comments {
		if !strings.HasPrefix(c, "#") {
			p.printf("%s\n", clean(c))
		}
	}
	p.printf("Type: %s\n", clean(p.ix.Type().Name))
	if h.TimeNanos != 0 {
		p.printf("Time: %s\n", time.Unix(0, h.TimeNanos).UTC().Format("2006-01-02 15:04:05 MST"))
	}
	if h.DurationNanos != 0 {
		ratio := ""
		if p.unit == "nanoseconds" && p.total != 0 {
			ratio = "(" + figures.PprofShare(p.total, h.DurationNanos) + ")"
		}
		p.printf("Duration: %s, Total samples = %s %s\n", figures.Pprof(h.DurationNanos, "nanoseconds"), figures.PprofIn(p.total, p.unit, p.in), ratio)
	}
	if f := p.ix.Query().Filters; len(f) > 0 {
		p.printf("Active filters:\n")
		for _, x := range f {
			p.printf("   %s\n", clean(x.String()))
		}
	}
	var sum int64
	for _, r := range rows {
		sum += shown(p.ix, r.Flat)
	}
	p.printf("Showing nodes accounting for %s, %s of %s total\n", figures.PprofIn(sum, p.unit, p.in), strings.TrimSpace(p.share(sum)), figures.PprofIn(p.total, p.unit, p.in))
	for _, w := range p.ix.Data().Warnings() {
		p.printf("Warning: %s\n", clean(w))
	}
}

// order is how texts sort functions.
func order(ix *view.Index) view.Column {
	if ix.Compared() {
		return view.ByDelta
	}
	return view.ByFlat
}

// Top writes the table of functions in the layout of go tool pprof -top, of a comparison
// that of -diff_base: then a word at the end of a line says how the difference stands to
// the noise. limit bounds the lines, 0 does not.
func Top(w io.Writer, ix *view.Index, limit int) error {
	rows := ix.Top(order(ix))
	n := len(rows)
	if limit > 0 && n > limit {
		rows = rows[:limit]
	}
	p := newPrinter(w, ix, rows)
	p.head(rows)
	if len(rows) < n {
		p.printf("Showing top %d nodes out of %d\n", len(rows), n)
	}
	p.printf("%10s %5s%% %5s%% %10s %5s%%\n", "flat", "flat", "sum", "cum", "cum")
	var sum int64
	for _, r := range rows {
		flat, cum := shown(ix, r.Flat), shown(ix, r.Cum)
		sum += flat
		mark := ""
		if ix.Compared() {
			mark = "  " + ix.Mark(r.Flat).String()
		}
		p.printf("%10s %s %s %10s %s  %s%s\n", p.value(r.Flat), p.share(flat), p.share(sum), p.value(r.Cum), p.share(cum), clean(r.Name), mark)
	}
	return p.err
}

const (
	treeLine = "----------------------------------------------------------+-------------\n"
	treeHead = "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n"
)

// Tree writes every function between those that call it and those it calls, in the
// layout of go tool pprof -tree.
func Tree(w io.Writer, ix *view.Index) error { return context(w, ix, nil) }

// Peek is [Tree] for the functions whose name matches a regular expression, as go tool
// pprof -peek writes it. There must be one.
func Peek(w io.Writer, ix *view.Index, pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("%q is no regular expression: %w", pattern, err)
	}
	return context(w, ix, re)
}

func context(w io.Writer, ix *view.Index, re *regexp.Regexp) error {
	rows := ix.Top(order(ix))
	p := newPrinter(w, ix, rows)
	p.head(rows)
	p.printf("%s%s", treeLine, treeHead)
	var sum int64
	found := false
	for _, r := range rows {
		if re != nil && !re.MatchString(r.Name) {
			continue
		}
		found = true
		peek := ix.Peek(r.ID)
		flat, cum := shown(ix, r.Flat), shown(ix, r.Cum)
		sum += flat
		p.printf("%s", treeLine)
		p.edges(peek.Callers, r.ID, cum)
		p.printf("%10s %s %s %10s %s                | %s\n", p.value(r.Flat), p.share(flat), p.share(sum), p.value(r.Cum), p.share(cum), clean(r.Name))
		p.edges(peek.Callees, r.ID, cum)
	}
	if len(rows) > 0 {
		p.printf("%s", treeLine)
	}
	if re != nil && !found && p.err == nil {
		return errors.New("no function matches " + re.String())
	}
	return p.err
}

// edges writes callers or callees. A call of itself is none, as for go tool pprof.
func (p *printer) edges(edges []view.Edge, self view.FuncID, cum int64) {
	for _, e := range edges {
		if e.ID != self {
			p.printf("%50s %s |   %s\n", p.value(e.Cost), figures.PprofShare(shown(p.ix, e.Cost), cum), clean(e.Name))
		}
	}
}

// Source writes the source of the functions whose name matches with the cost of each
// line, in the layout of go tool pprof -list, and behind it the operations of a script
// and the time of one, if they are known. read is as for [view.Index.Source].
//
// Unlike pprof's, the lines of a recursive function do not add up to more than there is.
func Source(w io.Writer, ix *view.Index, pattern string, read func(file string) ([]byte, error)) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("%q is no regular expression: %w", pattern, err)
	}
	rows := ix.Top(order(ix))
	p := newPrinter(w, ix, rows)
	p.printf("Total: %s\n", figures.Pprof(p.total, p.unit))
	found := false
	for _, r := range rows {
		if !re.MatchString(r.Name) || r.File == "" {
			continue
		}
		found = true
		s := ix.SourceOf(r.ID, 2, read)
		p.printf("ROUTINE ======================== %s in %s\n", clean(r.Name), clean(r.File))
		if s.Warning != "" {
			p.printf("Warning: %s\n", clean(s.Warning))
		}
		p.printf("%10s %10s (flat, cum) %s of Total\n", p.cell(r.Flat), p.cell(r.Cum), strings.TrimSpace(p.share(shown(ix, r.Cum))))
		for _, l := range s.Lines {
			ops := ""
			if ix.HasOps() {
				ops = fmt.Sprintf(" %10s %8s", ".", ".")
				if l.Ops.Value != 0 {
					ns := "."
					if x, ok := l.NsPerOp(); ok {
						ns = figures.Digits(x)
					}
					ops = fmt.Sprintf(" %10s %8s", figures.Grouped(l.Ops.Value), ns)
				}
			}
			p.printf("%10s %10s%s %6d:%s\n", p.cell(l.Flat), p.cell(l.Cum), ops, l.No, clean(strings.ReplaceAll(l.Text, "\t", "    ")))
		}
	}
	if !found && p.err == nil {
		return errors.New("no function with a file matches " + re.String())
	}
	return p.err
}

// cell is a value in a unit of its own, a point standing for none.
func (p *printer) cell(a view.Amount) string {
	if shown(p.ix, a) == 0 {
		return "."
	}
	return figures.Pprof(shown(p.ix, a), p.unit)
}
