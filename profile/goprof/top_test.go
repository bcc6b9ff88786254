package goprof

import (
	"maps"
	"testing"

	"github.com/google/pprof/profile"
)

// build makes a profile; a stack is listed from the leaf up.
func build(t *testing.T, stacks map[string][]string, values map[string]int64, labels map[string]string) *profile.Profile {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     1,
	}
	locs := map[string]*profile.Location{}
	for name, stack := range stacks {
		s := &profile.Sample{Value: []int64{1, values[name]}}
		if l := labels[name]; l != "" {
			s.Label = map[string][]string{Label: {l}}
		}
		for _, f := range stack {
			if locs[f] == nil {
				fn := &profile.Function{ID: uint64(len(p.Function) + 1), Name: f, Filename: f + ".go", StartLine: 7}
				p.Function = append(p.Function, fn)
				locs[f] = &profile.Location{ID: fn.ID, Address: fn.ID << 4, Line: []profile.Line{{Function: fn, Line: 9}}}
				p.Location = append(p.Location, locs[f])
			}
			s.Location = append(s.Location, locs[f])
		}
		p.Sample = append(p.Sample, s)
	}
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTopOf(t *testing.T) {
	p := build(t,
		map[string][]string{
			"deep": {"fib", "fib", "fib", "main"}, // counts once for fib
			"leaf": {"add", "fib", "main"},
			"main": {"main"},
		},
		map[string]int64{"deep": 60, "leaf": 30, "main": 10},
		map[string]string{"deep": "global", "leaf": "raw"})
	top, err := TopOf(p, "", Label, 0)
	if err != nil {
		t.Fatal(err)
	}
	if top.Type != "cpu" || top.Unit != "nanoseconds" || top.Total != 100 {
		t.Errorf("top is %s in %s of %d, want cpu in nanoseconds of 100", top.Type, top.Unit, top.Total)
	}
	want := []Line{
		{"fib", "fib.go", 7, 60, 90, map[string]int64{"global": 60}},
		{"add", "add.go", 7, 30, 30, map[string]int64{"raw": 30}},
		{"main", "main.go", 7, 10, 100, nil},
	}
	if len(top.Lines) != len(want) {
		t.Fatalf("%d lines, want %d: %+v", len(top.Lines), len(want), top.Lines)
	}
	for i, w := range want {
		g := top.Lines[i]
		if g.Function != w.Function || g.File != w.File || g.Line != w.Line || g.Flat != w.Flat || g.Cum != w.Cum || !maps.Equal(g.By, w.By) {
			t.Errorf("line %d = %+v, want %+v", i, g, w)
		}
	}
	if top, err = TopOf(p, "samples", "", 1); err != nil || top.Total != 3 || len(top.Lines) != 1 {
		t.Errorf("top of samples = %+v, %v", top, err)
	}
	if _, err = TopOf(p, "heat", "", 0); err == nil {
		t.Error("no error for a sample type that does not exist")
	}
}

// TestTopOfInlined checks that the innermost of inlined functions has the flat
// value.
func TestTopOfInlined(t *testing.T) {
	inner := &profile.Function{ID: 1, Name: "inner"}
	outer := &profile.Function{ID: 2, Name: "outer"}
	loc := &profile.Location{ID: 1, Line: []profile.Line{{Function: inner, Line: 3}, {Function: outer, Line: 5}}}
	bare := &profile.Location{ID: 2, Address: 0x10}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "n", Unit: "count"}},
		Function:   []*profile.Function{inner, outer},
		Location:   []*profile.Location{loc, bare},
		Sample: []*profile.Sample{
			{Value: []int64{4}, Location: []*profile.Location{loc}},
			{Value: []int64{1}, Location: []*profile.Location{bare}},
		},
	}
	top, err := TopOf(p, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{{Function: "inner", Line: 3, Flat: 4, Cum: 4}, {Function: "0x10", Flat: 1, Cum: 1}, {Function: "outer", Line: 5, Cum: 4}}
	for i, w := range want {
		if g := top.Lines[i]; g.Function != w.Function || g.Line != w.Line || g.Flat != w.Flat || g.Cum != w.Cum {
			t.Errorf("line %d = %+v, want %+v", i, g, w)
		}
	}
}
