package goprof

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/google/pprof/profile"
)

// Line is a function in a [Top] table. Flat and Cum are in the unit of the table.
type Line struct {
	Function string
	File     string
	Line     int64 // where the function begins or, if unknown, a line inside it; 0 if neither is known
	Flat     int64 // spent in the function itself
	Cum      int64 // spent in it and below; every sample counts once, however often it has the function
	// By is Flat by the value of the label that the table was made for. Samples
	// without the label are in none.
	By map[string]int64
}

// Top is a profile summed up by function, the largest flat value first.
type Top struct {
	Type  string // the sample type, such as cpu or alloc_space
	Unit  string // nanoseconds, bytes, count
	Total int64
	Lines []Line
}

// TopOf sums up a profile by function for one sample type, "" being the
// profile's default. limit bounds the number of lines; 0 means all. label names
// the label for [Line].By, "" for none. The profile is not changed.
func TopOf(p *profile.Profile, sampleType, label string, limit int) (Top, error) {
	at, err := sampleIndex(p, sampleType)
	if err != nil {
		return Top{}, err
	}
	t := Top{Type: p.SampleType[at].Type, Unit: p.SampleType[at].Unit}
	type key struct{ name, file string }
	lines := map[key]*Line{}
	var onStack []*Line // functions of the sample at hand, each once
	for _, s := range p.Sample {
		v := s.Value[at]
		if v == 0 {
			continue
		}
		t.Total += v
		onStack = onStack[:0]
		leaf := true
		for _, loc := range s.Location {
			for _, ln := range frames(loc) {
				l := lines[key{ln.name, ln.file}]
				if l == nil {
					l = &Line{Function: ln.name, File: ln.file, Line: ln.line}
					lines[key{ln.name, ln.file}] = l
				}
				if leaf {
					leaf = false
					l.Flat += v
					for _, name := range s.Label[label] {
						if l.By == nil {
							l.By = map[string]int64{}
						}
						l.By[name] += v
					}
				}
				if !slices.Contains(onStack, l) {
					onStack = append(onStack, l)
					l.Cum += v
				}
			}
		}
	}
	for _, l := range lines {
		t.Lines = append(t.Lines, *l)
	}
	slices.SortFunc(t.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Flat, a.Flat), cmp.Compare(b.Cum, a.Cum), cmp.Compare(a.Function, b.Function), cmp.Compare(a.File, b.File))
	})
	if limit > 0 && len(t.Lines) > limit {
		t.Lines = slices.Clip(t.Lines[:limit])
	}
	return t, nil
}

// ReadTop is [TopOf] for a profile file, compressed or not.
func ReadTop(path, sampleType, label string, limit int) (Top, error) {
	p, err := read(path)
	if err != nil {
		return Top{}, err
	}
	return TopOf(p, sampleType, label, limit)
}

func read(path string) (*profile.Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s is not a profile: %w", path, err)
	}
	return p, nil
}

// sampleIndex finds a sample type; the last one is the default of a profile that
// names none, as for go tool pprof.
func sampleIndex(p *profile.Profile, name string) (int, error) {
	if len(p.SampleType) == 0 {
		return 0, errors.New("the profile has no sample types")
	}
	if name == "" {
		name = p.DefaultSampleType
	}
	if name == "" {
		return len(p.SampleType) - 1, nil
	}
	at := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == name })
	if at < 0 {
		return 0, fmt.Errorf("the profile has no sample type %q", name)
	}
	return at, nil
}

// frame is one function at a location.
type frame struct {
	name, file string
	line       int64
}

// frames lists the functions at a location, inlined ones first.
func frames(loc *profile.Location) []frame {
	out := make([]frame, 0, 1)
	for _, ln := range loc.Line {
		if ln.Function == nil {
			continue
		}
		f := frame{ln.Function.Name, ln.Function.Filename, ln.Function.StartLine}
		if f.line == 0 {
			f.line = ln.Line
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		out = append(out, frame{name: fmt.Sprintf("%#x", loc.Address)})
	}
	return out
}
