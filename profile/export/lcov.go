package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Coverage says which lines of scripts ran.
type Coverage struct {
	Test  string // the name of the test, "" for none
	Files []FileCoverage
}

// FileCoverage is the coverage of a file.
type FileCoverage struct {
	Path      string
	Lines     []LineCoverage // those that can run, in any order
	Functions []FunctionCoverage
}

// LineCoverage is how often a line ran, from 1 on.
type LineCoverage struct {
	Line int
	Hits int64
}

// FunctionCoverage is how often a function was called.
type FunctionCoverage struct {
	Name string
	Line int // where it begins
	Hits int64
}

// Covered counts the lines that ran, and those that can.
func (f FileCoverage) Covered() (hit, all int) {
	for _, l := range f.Lines {
		all++
		if l.Hits > 0 {
			hit++
		}
	}
	return hit, all
}

// LCOV writes the coverage in the format of lcov's tracefiles, which genhtml, editors and
// services for coverage read.
func LCOV(w io.Writer, c Coverage) error {
	var b strings.Builder
	for _, f := range c.Files {
		fmt.Fprintf(&b, "TN:%s\nSF:%s\n", clean(c.Test), clean(f.Path))
		functions := slices.Clone(f.Functions)
		slices.SortStableFunc(functions, func(a, b FunctionCoverage) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Name, b.Name))
		})
		hit := 0
		for _, x := range functions {
			fmt.Fprintf(&b, "FN:%d,%s\n", x.Line, clean(x.Name))
		}
		for _, x := range functions {
			fmt.Fprintf(&b, "FNDA:%d,%s\n", x.Hits, clean(x.Name))
			if x.Hits > 0 {
				hit++
			}
		}
		fmt.Fprintf(&b, "FNF:%d\nFNH:%d\n", len(functions), hit)
		lines := slices.Clone(f.Lines)
		slices.SortStableFunc(lines, func(a, b LineCoverage) int { return cmp.Compare(a.Line, b.Line) })
		for _, l := range lines {
			fmt.Fprintf(&b, "DA:%d,%d\n", l.Line, l.Hits)
		}
		hit, all := f.Covered()
		fmt.Fprintf(&b, "LF:%d\nLH:%d\nend_of_record\n", all, hit)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
