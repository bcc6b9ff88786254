package script

import (
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// The types of the values of a profile, in order. Exact profiles have executions instead
// of samples and time.
const (
	TypeSamples    = "samples"
	TypeWall       = "wall"
	TypeOperations = "ops"
	TypeObjects    = "alloc_objects"
	TypeBytes      = "alloc_space"
	TypeExecutions = "executions"
	nativeMapping  = "[rhai native]"
	scriptMapping  = "[rhai] "
	unnamed        = "<script>"
	mappingShift   = 48
)

// profile makes the pprof form of the table.
func (t *table) profile(p *Profiler, d time.Duration) *profile.Profile {
	b := builder{t: t, out: &profile.Profile{
		TimeNanos:     p.start.UnixNano(),
		DurationNanos: int64(d),
		Comments:      []string{"rhai-tui script profile, " + runtime.Version()},
	}, functions: map[functionKey]*profile.Function{}}
	out := b.out
	out.Comments = append(out.Comments, p.o.Comments...)
	if t.clipped {
		out.Comments = append(out.Comments, "there were too many places or labels to tell all apart")
	}
	types := []string{TypeSamples, TypeWall, TypeOperations, TypeObjects, TypeBytes}
	out.DefaultSampleType, out.PeriodType, out.Period = TypeWall, &profile.ValueType{Type: TypeWall, Unit: "nanoseconds"}, int64(p.period())
	if p.o.Exact {
		types = []string{TypeExecutions, TypeOperations, TypeObjects, TypeBytes}
		out.DefaultSampleType, out.PeriodType, out.Period = TypeOperations, &profile.ValueType{Type: TypeOperations, Unit: "count"}, 1
	} else {
		out.Comments = append(out.Comments, fmt.Sprintf("%d samples of time per second", min(p.o.Rate, 10_000)))
	}
	for _, name := range types {
		unit := map[string]string{TypeWall: "nanoseconds", TypeBytes: "bytes"}[name]
		if unit == "" {
			unit = "count"
		}
		out.SampleType = append(out.SampleType, &profile.ValueType{Type: name, Unit: unit})
	}
	b.mappings()
	b.locations()
	for n, c := range t.cost {
		if c == (cost{}) {
			continue
		}
		s := &profile.Sample{Value: []int64{c.samples, int64(c.wall), c.ops, c.objects, c.bytes}}
		if p.o.Exact {
			s.Value = []int64{c.hits, c.ops, c.objects, c.bytes}
		}
		for k := int32(n); k >= 0; k = t.node[k].parent {
			s.Location = append(s.Location, out.Location[t.node[k].frame])
		}
		if l := t.label[t.node[n].labels]; l != "" {
			s.Label = map[string][]string{}
			for k, v := range labelsOf(l) {
				s.Label[k] = []string{v}
			}
		}
		out.Sample = append(out.Sample, s)
	}
	return out.Compact()
}

// builder makes the parts of a profile that refer to each other.
type builder struct {
	t         *table
	out       *profile.Profile
	functions map[functionKey]*profile.Function
}

// functionKey is a function of a script.
type functionKey struct {
	script int32
	name   string
	line   uint16
}

// mappings makes a mapping for each script, and one for native functions.
func (b *builder) mappings() {
	add := func(file, id string) {
		n := uint64(len(b.out.Mapping)) + 1
		b.out.Mapping = append(b.out.Mapping, &profile.Mapping{
			ID: n, Start: n << mappingShift, Limit: (n + 1) << mappingShift, File: file, BuildID: id,
			HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true,
		})
	}
	for _, s := range b.t.script {
		name, id := s.name, hex.EncodeToString(s.hash[:])
		if name == "" {
			name = unnamed
		}
		if s.eval {
			name, id = "eval in "+name, ""
		}
		add(scriptMapping+name, id)
	}
	add(nativeMapping, "")
}

// locations makes a location for each frame, in their order.
func (b *builder) locations() {
	for i, f := range b.t.frame {
		m := b.out.Mapping[len(b.out.Mapping)-1]
		if f.script >= 0 {
			m = b.out.Mapping[f.script]
		}
		fn := b.function(f, b.t.names[i])
		// Addresses are distinct, as pprof takes locations of the same address as one:
		// the function and the place in it.
		address := m.Start | (fn.ID&0xffff)<<32 | uint64(f.line)<<16 | uint64(f.col)
		b.out.Location = append(b.out.Location, &profile.Location{
			ID: uint64(i) + 1, Mapping: m, Address: address,
			Line: []profile.Line{{Function: fn, Line: int64(f.line), Column: int64(f.col)}},
		})
	}
}

// function finds the function of a frame.
func (b *builder) function(f frame, name string) *profile.Function {
	k := functionKey{f.script, name, f.begin[0]}
	if fn := b.functions[k]; fn != nil {
		return fn
	}
	fn := &profile.Function{ID: uint64(len(b.out.Function)) + 1, Name: name, SystemName: f.short, StartLine: int64(f.begin[0])}
	if fn.SystemName == "" {
		// Were it the same, pprof would take the name for one of C++ and drop what is in
		// angle brackets.
		fn.SystemName = strings.Trim(name, "<>")
	}
	if f.script >= 0 {
		s := b.t.script[f.script]
		fn.Filename = s.name
		if fn.Filename == "" {
			fn.Filename = unnamed
		}
		if s.eval {
			fn.Filename = "<eval in " + fn.Filename + ">"
		}
		fn.StartLine = max(fn.StartLine, 1)
	}
	b.functions[k] = fn
	b.out.Function = append(b.out.Function, fn)
	return fn
}
