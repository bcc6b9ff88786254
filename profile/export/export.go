// Package export writes profiles in the formats of other tools: pprof's own, folded
// stacks, speedscope's JSON, a flame graph as a self-contained SVG, the texts of go tool
// pprof, JSON, and LCOV for coverage. What it writes is a view of a profile, see
// [github.com/rhai-tui/rhai-tui/profile/view], so that filters, sample type and
// comparison count; it knows no engine.
//
// All functions write to w and return its first error. Of profiles with more than half a
// million different call paths, what goes by the call tree has the rest as (more).
package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Format is a format of files.
type Format string

// The formats, named as the files that have them end.
const (
	PprofFormat      Format = ".pb.gz"
	FoldedFormat     Format = ".folded"
	SpeedscopeFormat Format = ".speedscope.json"
	SVGFormat        Format = ".svg"
	TextFormat       Format = ".txt"
	JSONFormat       Format = ".json"
)

// Formats are all formats, with what each is for.
var Formats = []struct {
	Format Format
	About  string
}{
	{PprofFormat, "pprof: go tool pprof, Parca, Pyroscope"},
	{FoldedFormat, "folded stacks: flamegraph.pl, inferno"},
	{SpeedscopeFormat, "speedscope.app"},
	{SVGFormat, "flame graph for a browser"},
	{TextFormat, "table of functions"},
	{JSONFormat, "functions and call tree"},
}

// FormatOf finds the format of a file by the end of its name.
func FormatOf(path string) (Format, error) {
	var ends []string
	for _, f := range Formats {
		if strings.HasSuffix(path, string(f.Format)) {
			return f.Format, nil
		}
		ends = append(ends, string(f.Format))
	}
	return "", fmt.Errorf("the end of %s names no format: want one of %s", path, strings.Join(ends, " "))
}

// Write writes an index in a format; title is for people, such as the name of the file.
func Write(w io.Writer, f Format, ix *view.Index, title string) error {
	b := bufio.NewWriter(w)
	var err error
	switch f {
	case PprofFormat:
		err = Pprof(b, ix)
	case FoldedFormat:
		err = Folded(b, ix)
	case SpeedscopeFormat:
		err = Speedscope(b, ix, title)
	case SVGFormat:
		err = SVG(b, ix, SVGOptions{Title: title})
	case TextFormat:
		err = Top(b, ix, 0)
	case JSONFormat:
		err = JSON(b, ix)
	default:
		err = errors.New("unknown format " + string(f))
	}
	if err != nil {
		return err
	}
	return b.Flush()
}

// Pprof writes pprof's own format, packed. Of a profile that is not filtered it is the
// profile itself, all sample types included; of others it has the filtered stacks, with
// labels that apply to none left out. A comparison is written as the difference, as
// go tool pprof -base shows it.
func Pprof(w io.Writer, ix *view.Index) error {
	p, err := Filtered(ix)
	if err != nil {
		return err
	}
	return p.Write(w)
}

// Filtered is the profile that [Pprof] writes. The caller may change it.
func Filtered(ix *view.Index) (*profile.Profile, error) {
	d, q := ix.Data(), ix.Query()
	if len(q.Filters) == 0 && len(q.TagRoot) == 0 && !ix.Compared() {
		return d.Profile(), nil
	}
	p := &profile.Profile{TimeNanos: d.Header().TimeNanos, DurationNanos: d.Header().DurationNanos, DocURL: d.Header().DocURL}
	p.Comments = append(p.Comments, d.Header().Comments...)
	for _, f := range q.Filters {
		p.Comments = append(p.Comments, f.String())
	}
	t := ix.Type()
	p.SampleType = []*profile.ValueType{{Type: t.Name, Unit: t.Unit}}
	p.DefaultSampleType = t.Name
	if h := d.Header(); h.PeriodType != nil {
		p.PeriodType, p.Period = &profile.ValueType{Type: h.PeriodType.Type, Unit: h.PeriodType.Unit}, h.Period
	}
	mappings := map[string]*profile.Mapping{}
	funcs := map[view.FuncID]*profile.Function{}
	locs := map[view.Frame]*profile.Location{}
	ix.Stacks(func(stack []view.Frame, value view.Amount) {
		s := &profile.Sample{Value: []int64{value.Delta()}}
		if s.Value[0] == 0 {
			return
		}
		for i := len(stack) - 1; i >= 0; i-- {
			at := stack[i]
			loc := locs[at]
			if loc == nil {
				f := ix.Func(at.Func)
				fn := funcs[at.Func]
				if fn == nil {
					fn = &profile.Function{ID: uint64(len(p.Function) + 1), Name: f.Name, SystemName: f.System, Filename: f.File, StartLine: f.StartLine}
					funcs[at.Func] = fn
					p.Function = append(p.Function, fn)
				}
				m := mappings[f.Mapping]
				if m == nil {
					n := uint64(len(p.Mapping) + 1)
					m = &profile.Mapping{ID: n, Start: n << 32, Limit: (n + 1) << 32, File: f.Mapping, BuildID: f.BuildID, HasFunctions: true, HasFilenames: true, HasLineNumbers: true}
					mappings[f.Mapping] = m
					p.Mapping = append(p.Mapping, m)
				}
				n := uint64(len(p.Location) + 1)
				loc = &profile.Location{ID: n, Mapping: m, Address: m.Start + n, Line: []profile.Line{{Function: fn, Line: at.Line}}}
				locs[at] = loc
				p.Location = append(p.Location, loc)
			}
			s.Location = append(s.Location, loc)
		}
		p.Sample = append(p.Sample, s)
	})
	return p, p.CheckValid()
}
