package view

import (
	"fmt"
	"slices"
	"strings"
)

// Compare joins two profiles for views of what one costs more or less than the other.
// Functions are the same if name and file are, so a function that moved inside its file is
// itself. Sample types that only one of them has are left out.
func Compare(base, now *Data) (*Data, error) {
	var fromNow, fromBase []int
	out := &Data{header: now.header, sides: 2, sideNames: [2]string{"profile", "base"}}
	for i, t := range now.types {
		if k := slices.IndexFunc(base.types, func(o Type) bool { return o == t }); k >= 0 {
			if i == now.def {
				out.def = len(out.types)
			}
			out.types = append(out.types, t)
			fromNow, fromBase = append(fromNow, i), append(fromBase, k)
		}
	}
	if len(out.types) == 0 {
		return nil, fmt.Errorf("the profiles have no sample type in common: one has %s, the other one %s", typeNames(base), typeNames(now))
	}
	header := now.header.Copy()
	header.SampleType = nil
	for _, i := range fromNow {
		header.SampleType = append(header.SampleType, now.header.SampleType[i])
	}
	out.header = header
	j := &joiner{out: out, funcs: map[[2]string]FuncID{}, lines: map[line]int32{}}
	out.locStart, out.stacks = []int32{0}, newStackTable()
	j.join(now, fromNow, 0)
	j.join(base, fromBase, 1)
	out.stacks.table = nil
	out.warnings = append(slices.Clone(now.warnings), changed(base, now)...)
	return out, nil
}

func typeNames(d *Data) string {
	var names []string
	for _, t := range d.types {
		names = append(names, t.Name+"/"+t.Unit)
	}
	return strings.Join(names, ", ")
}

// joiner adds data to another one.
type joiner struct {
	out   *Data
	funcs map[[2]string]FuncID
	lines map[line]int32
}

func (j *joiner) join(d *Data, types []int, side uint8) {
	o := j.out
	funcs := make([]FuncID, len(d.funcs))
	for i, f := range d.funcs {
		key := [2]string{f.Name, f.File}
		id, ok := j.funcs[key]
		if !ok {
			id = FuncID(len(o.funcs))
			o.funcs = append(o.funcs, f)
			j.funcs[key] = id
		}
		funcs[i] = id
	}
	lines := make([]int32, len(d.lines))
	for i, l := range d.lines {
		key := line{funcs[l.fn], l.no}
		n, ok := j.lines[key]
		if !ok {
			n = int32(len(o.lines))
			o.lines = append(o.lines, key)
			j.lines[key] = n
		}
		lines[i] = n
	}
	loc, label := int32(len(o.locStart)-1), int32(len(o.labels))
	for i := range len(d.locStart) - 1 {
		for _, l := range d.locLines[d.locStart[i]:d.locStart[i+1]] {
			o.locLines = append(o.locLines, lines[l])
		}
		o.locStart = append(o.locStart, int32(len(o.locLines)))
	}
	o.locOf = append(o.locOf, d.locOf...)
	o.labels = append(o.labels, d.labels...)
	stacks := make([]int32, len(d.stacks.stacks))
	var locs []int32
	for i := range stacks {
		locs = d.stacks.locations(int32(i), locs[:0])
		for k := range locs {
			locs[k] += loc
		}
		stacks[i] = o.stacks.find(locs)
	}
	n := len(d.types)
	values := make([]int64, len(types))
	for i, s := range d.samples {
		if s.side != 0 {
			continue // what the profile itself was compared with
		}
		o.samples = append(o.samples, sample{stacks[s.stack], label + s.label, side})
		for k, t := range types {
			values[k] = d.values.at(i*n + t)
		}
		o.values.append(values)
	}
}

// changed warns of scripts whose source is not the same in both profiles.
func changed(base, now *Data) (warnings []string) {
	ids := map[string]string{}
	for _, m := range base.header.Mapping {
		ids[m.File] = m.BuildID
	}
	for _, m := range now.header.Mapping {
		if id, ok := ids[m.File]; ok && id != m.BuildID && strings.HasPrefix(m.File, scriptMapping) {
			warnings = append(warnings, strings.TrimSpace(strings.TrimPrefix(m.File, scriptMapping))+" changed between the profiles: lines may be others")
		}
	}
	return warnings
}

// Split makes the comparison of two values of a label of one profile: now against base.
// Samples with neither are left out.
func (d *Data) Split(key, base, now string) (*Data, error) {
	side := make([]int8, len(d.labels))
	var found [2]bool
	for i, l := range d.labels {
		switch v := l.Text[key]; {
		case slices.Contains(v, now):
			side[i] = 0
		case slices.Contains(v, base):
			side[i] = 1
		default:
			side[i] = -1
		}
	}
	out := *d
	out.samples, out.values = nil, column{}
	out.sides, out.sideNames = 2, [2]string{now, base}
	n := len(d.types)
	values := make([]int64, n)
	for i, s := range d.samples {
		k := side[s.label]
		if k < 0 || s.side != 0 {
			continue
		}
		found[k] = true
		s.side = uint8(k)
		out.samples = append(out.samples, s)
		for t := range n {
			values[t] = d.values.at(i*n + t)
		}
		out.values.append(values)
	}
	for k, name := range out.sideNames {
		if !found[k] {
			values, _ := d.LabelValues(key)
			return nil, fmt.Errorf("no sample has the label %s=%s: there are %s", key, name, strings.Join(values, ", "))
		}
	}
	return &out, nil
}
