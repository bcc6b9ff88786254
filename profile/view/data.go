package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// Type is what the values of samples count.
type Type struct {
	Name string // such as wall, samples, alloc_space
	Unit string // such as nanoseconds, count, bytes
}

// Kind says what a function is.
type Kind uint8

// The kinds of functions.
const (
	Other  Kind = iota // of Go or whatever else the profile is of
	Script             // of a script
	Native             // called by a script, written in Go
	Tag                // no function but the value of a label, see [Query.TagRoot]
)

// FuncID names a function of a [Data].
type FuncID int32

// Func is a function. Two functions with the same name and file are one.
type Func struct {
	Name      string
	System    string // the name without what makes it unique, such as the number of parameters
	File      string
	StartLine int64  // 0 if it is not known
	Mapping   string // the binary or script that it is in, as the profile names it
	BuildID   string // of the mapping; scripts have the SHA-256 of their source there
	Kind      Kind
}

// line is a line of a function.
type line struct {
	fn FuncID
	no int64
}

// LabelSet are the labels of a sample.
type LabelSet struct {
	Text map[string][]string
	Num  map[string][]int64
	Unit map[string][]string
}

// Data is a profile in a form that is quick to add up. It is immutable.
type Data struct {
	header *profile.Profile // everything but the samples; nobody changes it
	types  []Type
	def    int

	funcs []Func
	lines []line
	// Locations have numbers of their own: locOf is where each stands in the header. The
	// lines of location i are locLines[locStart[i]:locStart[i+1]], the innermost of
	// inlined functions first.
	locOf    []int32
	locStart []int32
	locLines []int32
	stacks   stackTable

	samples []sample
	values  column // of sample i: from i*len(types) on
	labels  []LabelSet

	// sides is how many sides there are: one, or two if the second is what the first
	// is compared with.
	sides     int
	sideNames [2]string
	warnings  []string
}

// sample is a stack with the labels of its values.
type sample struct {
	stack int32
	label int32
	side  uint8
}

// New makes the data of a profile, which must not be changed afterwards.
func New(p *profile.Profile) (*Data, error) {
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("the profile is not valid: %w", err)
	}
	b := newBuilder()
	locs := make(map[*profile.Location]int32, len(p.Location))
	for i, l := range p.Location {
		locs[l] = int32(i)
	}
	ids := make([]int32, 0, 64)
	for _, s := range p.Sample {
		if len(s.Value) != len(p.SampleType) {
			return nil, fmt.Errorf("a sample has %d values for %d sample types", len(s.Value), len(p.SampleType))
		}
		ids = ids[:0]
		for _, l := range s.Location {
			at, ok := locs[l]
			if !ok {
				return nil, errors.New("a sample has a location that is not in the profile")
			}
			ids = append(ids, at)
		}
		b.add(ids, b.labelSet(s), s.Value)
	}
	// A copy of its own: writing a profile changes what its functions hold inside.
	order := make([]int32, len(p.Location))
	for i := range order {
		order[i] = int32(i)
	}
	header := (&profile.Profile{
		SampleType: p.SampleType, DefaultSampleType: p.DefaultSampleType, Mapping: p.Mapping, Location: p.Location, Function: p.Function,
		Comments: p.Comments, DocURL: p.DocURL, DropFrames: p.DropFrames, KeepFrames: p.KeepFrames,
		TimeNanos: p.TimeNanos, DurationNanos: p.DurationNanos, PeriodType: p.PeriodType, Period: p.Period,
	}).Copy()
	return b.data(header, order)
}

// builder gathers samples.
type builder struct {
	stacks  stackTable
	samples []sample
	values  column
	labels  []LabelSet
	known   map[string]int32 // label sets by their text
}

func newBuilder() *builder {
	return &builder{known: map[string]int32{"": 0}, labels: []LabelSet{{}}, stacks: newStackTable()}
}

// labelSet finds the number of the labels of a sample.
func (b *builder) labelSet(s *profile.Sample) int32 {
	if len(s.Label) == 0 && len(s.NumLabel) == 0 {
		return 0
	}
	set := LabelSet{Text: s.Label, Num: s.NumLabel, Unit: s.NumUnit}
	key := set.key()
	n, ok := b.known[key]
	if !ok {
		n = int32(len(b.labels))
		b.labels = append(b.labels, set)
		b.known[key] = n
	}
	return n
}

// key is a text that is equal for equal sets only.
func (l LabelSet) key() string {
	var b strings.Builder
	for _, k := range sortedKeys(l.Text) {
		fmt.Fprintf(&b, "%q=%q;", k, l.Text[k])
	}
	for _, k := range sortedKeys(l.Num) {
		fmt.Fprintf(&b, "%q:%d%q;", k, l.Num[k], l.Unit[k])
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// add adds a sample with the numbers of its locations, the leaf first.
func (b *builder) add(locs []int32, label int32, values []int64) {
	b.samples = append(b.samples, sample{stack: b.stacks.find(locs), label: label})
	b.values.append(values)
}

// data finishes. order says where the locations of the samples stand in the header.
func (b *builder) data(header *profile.Profile, order []int32) (*Data, error) {
	if len(header.SampleType) == 0 {
		return nil, errors.New("the profile has no sample types, so that there is nothing to show")
	}
	b.stacks.table = nil
	d := &Data{header: header, sides: 1, samples: b.samples, values: b.values, labels: b.labels, stacks: b.stacks, locOf: order}
	d.def = len(header.SampleType) - 1 // as go tool pprof has it
	for i, t := range header.SampleType {
		d.types = append(d.types, Type{t.Type, t.Unit})
		if t.Type == header.DefaultSampleType {
			d.def = i
		}
	}
	d.index()
	return d, nil
}

// index lists the functions and lines of locations.
func (d *Data) index() {
	type funcKey struct{ name, file string }
	funcs := map[funcKey]FuncID{}
	byPointer := map[*profile.Function]FuncID{}
	lines := map[line]int32{}
	d.locStart = append(make([]int32, 0, len(d.locOf)+1), 0)
	add := func(f Func, no int64, p *profile.Function) {
		id, ok := byPointer[p]
		if !ok || p == nil {
			key := funcKey{f.Name, f.File}
			if id, ok = funcs[key]; !ok {
				id = FuncID(len(d.funcs))
				d.funcs = append(d.funcs, f)
				funcs[key] = id
			}
			if p != nil {
				byPointer[p] = id
			}
		}
		l := line{id, no}
		n, ok := lines[l]
		if !ok {
			n = int32(len(d.lines))
			d.lines = append(d.lines, l)
			lines[l] = n
		}
		d.locLines = append(d.locLines, n)
	}
	for _, at := range d.locOf {
		loc := d.header.Location[at]
		mapping, buildID := "", ""
		if loc.Mapping != nil {
			mapping, buildID = loc.Mapping.File, loc.Mapping.BuildID
		}
		named := false
		for _, ln := range loc.Line {
			fn := ln.Function
			if fn == nil {
				continue
			}
			named = true
			f := Func{Name: fn.Name, System: fn.SystemName, File: fn.Filename, StartLine: fn.StartLine, Mapping: mapping, BuildID: buildID}
			if f.Name == "" {
				f.Name = fn.SystemName
			}
			if f.Name == "" {
				f.Name = fmt.Sprintf("%#x", loc.Address)
			}
			f.Kind = kindOf(f)
			add(f, ln.Line, fn)
		}
		if !named {
			add(Func{Name: fmt.Sprintf("%#x", loc.Address), Mapping: mapping, BuildID: buildID}, 0, nil)
		}
		d.locStart = append(d.locStart, int32(len(d.locLines)))
	}
}

// How profiles of scripts name what they are of.
const (
	scriptMapping = "[rhai]"
	nativeMapping = "[rhai native]"
	nativePrefix  = "native:"
)

func kindOf(f Func) Kind {
	switch {
	case strings.HasPrefix(f.Mapping, nativeMapping), strings.HasPrefix(f.Name, nativePrefix):
		return Native
	case strings.HasPrefix(f.Mapping, scriptMapping), strings.HasSuffix(f.File, ".rhai"):
		return Script
	}
	return Other
}

// Types lists the sample types; the default one has the index def.
func (d *Data) Types() (types []Type, def int) { return slices.Clone(d.types), d.def }

// TypeIndex finds a sample type by name, "" being the default. The error names those
// that there are.
func (d *Data) TypeIndex(name string) (int, error) {
	if name == "" {
		return d.def, nil
	}
	var names []string
	for i, t := range d.types {
		if t.Name == name {
			return i, nil
		}
		names = append(names, t.Name)
	}
	return 0, fmt.Errorf("the profile has no sample type %q: it has %s", name, strings.Join(names, ", "))
}

// Header is the profile without its samples, which the caller must not change.
func (d *Data) Header() *profile.Profile { return d.header }

// Samples is how many samples there are in the file: stacks with their values and labels.
func (d *Data) Samples() int { return len(d.samples) }

// Taken is how many samples were taken, if the profile counts them: the sum of the values
// of the type samples.
func (d *Data) Taken() (n int64, ok bool) {
	at := slices.IndexFunc(d.types, func(t Type) bool { return t.Name == "samples" })
	if at < 0 {
		return 0, false
	}
	for i := range d.samples {
		n += d.values.at(i*len(d.types) + at)
	}
	return n, true
}

// Sides is how many sides there are, with their names: two for what [Compare] and
// [Data.Split] made.
func (d *Data) Sides() (n int, names [2]string) { return d.sides, d.sideNames }

// Warnings say what to know before the figures are believed.
func (d *Data) Warnings() []string { return slices.Clone(d.warnings) }

// LabelValues lists the values of a label in the order of the alphabet, and how many
// samples have none.
func (d *Data) LabelValues(key string) (values []string, without int) {
	counts := make([]int, len(d.labels))
	for _, s := range d.samples {
		counts[s.label]++
	}
	for i, n := range counts {
		if n == 0 {
			continue
		}
		v := d.labels[i].Text[key]
		if len(v) == 0 {
			without += n
		}
		values = append(values, v...)
	}
	slices.Sort(values)
	return slices.Compact(values), without
}

// LabelKeys lists the keys of all labels.
func (d *Data) LabelKeys() (keys []string) {
	for _, l := range d.labels {
		keys = append(append(keys, sortedKeys(l.Text)...), sortedKeys(l.Num)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Profile makes the profile again, of the first side if there are two. The caller
// may do with it as they like.
func (d *Data) Profile() *profile.Profile { return d.side(0) }

// side makes the profile of a side.
func (d *Data) side(side uint8) *profile.Profile {
	p := d.header.Copy()
	n := len(d.types)
	var locs []int32
	for i, s := range d.samples {
		if s.side != side {
			continue
		}
		x := &profile.Sample{Value: make([]int64, n)}
		for k := range n {
			x.Value[k] = d.values.at(i*n + k)
		}
		locs = d.stacks.locations(s.stack, locs[:0])
		for _, l := range locs {
			x.Location = append(x.Location, p.Location[d.locOf[l]])
		}
		set := d.labels[s.label]
		x.Label, x.NumLabel, x.NumUnit = clone(set.Text), clone(set.Num), clone(set.Unit)
		p.Sample = append(p.Sample, x)
	}
	return p
}

// clone copies a map and its slices; nil stays nil.
func clone[V any](m map[string][]V) map[string][]V {
	if m == nil {
		return nil
	}
	out := make(map[string][]V, len(m))
	for k, v := range m {
		out[k] = slices.Clone(v)
	}
	return out
}
