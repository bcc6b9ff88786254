// Package profiletest makes profiles for tests: of scripts, in the form in which the
// engine's profiler writes them, and large ones.
package profiletest

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// PricingFile is the name of the script that [Pricing] is of, and PricingSource its text.
const (
	PricingFile   = "scripts/pricing.rhai"
	PricingSource = `let rates = #{ eur: 1.08, gbp: 1.27 };

fn price(qty, cur, rates) {
    let r = rates[cur];
    qty * r * 1.2
}

fn fib(n) {
    if n < 2 { return n; }
    fib(n - 1) + fib(n - 2)
}

fn total(items, rates) {
    let sum = 0.0;
    items.for_each(|i| sum += price(i.qty, i.cur, rates));
    sum += fib(12);
    sum
}

print(total(items, rates));
`
)

// Stack is a stack with what its samples come to.
type Stack struct {
	// Frames are names with lines, the root first: "<script>:20 total/2:15 native:for_each".
	Frames   string
	Samples  int64
	Wall     int64 // nanoseconds; 0 stands for a millisecond for each sample
	Ops      int64
	Strategy string
}

// PricingStacks are the stacks of [Pricing].
var PricingStacks = []Stack{
	{"<script>:20 native:print", 80, 0, 40, ""},
	{"<script>:20", 12, 0, 300, ""},
	{"<script>:20 total/2:15 native:for_each closure@15:20:15 price/3:4", 520, 0, 12000, ""},
	{"<script>:20 total/2:15 native:for_each closure@15:20:15 price/3:5", 710, 0, 18000, ""},
	{"<script>:20 total/2:15 native:for_each closure@15:20:15", 130, 0, 9000, ""},
	{"<script>:20 total/2:15 native:for_each", 40, 0, 0, ""},
	{"<script>:20 total/2:14", 2, 0, 1, ""},
	{"<script>:20 total/2:16 fib/1:10 fib/1:10 fib/1:9", 420, 0, 16000, ""},
	{"<script>:20 total/2:16 fib/1:10 fib/1:10", 310, 0, 14000, ""},
	{"<script>:20 total/2:16 fib/1:10 fib/1:10 fib/1:10 fib/1:9", 250, 0, 9000, ""},
	{"<script>:20 total/2:16 fib/1:10", 9, 0, 400, ""},
}

// Pricing is the profile of a script with closures, natives and recursion, under the two
// strategies global and raw, the latter with costs of its own.
func Pricing() *profile.Profile {
	var stacks []Stack
	for _, s := range PricingStacks {
		s.Strategy = "global"
		stacks = append(stacks, s)
		s.Strategy = "raw"
		s.Samples += s.Samples / 100
		stacks = append(stacks, s)
	}
	stacks = append(stacks,
		Stack{"engine.new_raw native:register_package", 640, 0, 0, "raw"},
		Stack{"engine.new_raw", 210, 0, 0, "raw"})
	return Make(PricingFile, PricingSource, stacks)
}

// Make makes the profile of a script out of stacks.
func Make(file, source string, stacks []Stack) *profile.Profile {
	sum := sha256.Sum256([]byte(source))
	script := &profile.Mapping{
		ID: 1, Start: 1 << 32, Limit: 1<<32 + 1<<24, File: "[rhai] " + file[strings.LastIndexByte(file, '/')+1:], BuildID: hex.EncodeToString(sum[:]),
		HasFunctions: true, HasFilenames: true, HasLineNumbers: true,
	}
	native := &profile.Mapping{ID: 2, Start: 2 << 32, Limit: 2<<32 + 1<<24, File: "[rhai native]", HasFunctions: true}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{
			{Type: "samples", Unit: "count"}, {Type: "wall", Unit: "nanoseconds"}, {Type: "ops", Unit: "count"},
			{Type: "alloc_objects", Unit: "count"}, {Type: "alloc_space", Unit: "bytes"},
		},
		DefaultSampleType: "wall",
		PeriodType:        &profile.ValueType{Type: "wall", Unit: "nanoseconds"},
		Period:            1e6,
		TimeNanos:         1767323045e9,
		DurationNanos:     3e9,
		Mapping:           []*profile.Mapping{script, native},
		Comments:          []string{"rhai-tui", "engine: standard packages"},
	}
	lines := strings.Split(source, "\n")
	funcs := map[string]*profile.Function{}
	locs := map[string]*profile.Location{}
	for _, s := range stacks {
		wall := s.Wall
		if wall == 0 {
			wall = s.Samples * 1e6
		}
		x := &profile.Sample{Value: []int64{s.Samples, wall, s.Ops, s.Samples / 2, s.Samples * 48}}
		x.Label = map[string][]string{"phase": {"eval"}}
		if s.Strategy != "" {
			x.Label["strategy"] = []string{s.Strategy}
			x.NumLabel = map[string][]int64{"callers": {4}}
		}
		frames := strings.Fields(s.Frames)
		for i := len(frames) - 1; i >= 0; i-- {
			frame := frames[i]
			loc := locs[frame]
			if loc == nil {
				name, no := frame, int64(0)
				if at := strings.LastIndexByte(frame, ':'); at >= 0 && !strings.HasPrefix(frame, "native:") {
					name = frame[:at]
					no, _ = strconv.ParseInt(frame[at+1:], 10, 64)
				}
				fn := funcs[name]
				if fn == nil {
					system, _, _ := strings.Cut(name, "/")
					if system == name {
						// What pprof takes for a name that a C++ compiler made would be shortened.
						system = strings.Trim(name, "<>")
					}
					fn = &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, SystemName: system}
					if no > 0 {
						fn.Filename, fn.StartLine = file, 1
						for k, l := range lines {
							if strings.HasPrefix(l, "fn "+system+"(") {
								fn.StartLine = int64(k + 1)
							}
						}
						if at, ok := strings.CutPrefix(name, "closure@"); ok {
							start, _, _ := strings.Cut(at, ":")
							fn.StartLine, _ = strconv.ParseInt(start, 10, 64)
						}
					}
					funcs[name] = fn
					p.Function = append(p.Function, fn)
				}
				loc = &profile.Location{ID: uint64(len(p.Location) + 1), Mapping: script, Line: []profile.Line{{Function: fn, Line: no, Column: 5}}}
				loc.Address = script.Start + uint64(no)<<8 + loc.ID
				if no == 0 {
					loc.Mapping, loc.Address = native, native.Start+loc.ID
				}
				locs[frame] = loc
				p.Location = append(p.Location, loc)
			}
			x.Location = append(x.Location, loc)
		}
		p.Sample = append(p.Sample, x)
	}
	return p
}

// Exact makes of such a profile one that was counted: it has executions and no samples and
// time.
func Exact(p *profile.Profile) *profile.Profile {
	p.SampleType = append([]*profile.ValueType{{Type: "executions", Unit: "count"}}, p.SampleType[2:]...)
	p.DefaultSampleType, p.PeriodType, p.Period = "ops", &profile.ValueType{Type: "ops", Unit: "count"}, 1
	for _, s := range p.Sample {
		s.Value = append([]int64{s.Value[2] / 3}, s.Value[2:]...)
	}
	return p
}

// Large makes a profile with n samples of different stacks in a program of many
// functions, each with labels.
func Large(n int) *profile.Profile {
	const depth, funcs = 24, 4000
	p := Make("large.rhai", "", nil)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range funcs {
		fn := &profile.Function{ID: uint64(i + 1), Name: "f" + strconv.Itoa(i) + "/2", SystemName: "f" + strconv.Itoa(i), Filename: "large.rhai", StartLine: int64(10 * i)}
		p.Function = append(p.Function, fn)
		for k := range 4 {
			id := uint64(4*i + k + 1)
			p.Location = append(p.Location, &profile.Location{ID: id, Mapping: p.Mapping[0], Address: p.Mapping[0].Start + id<<8, Line: []profile.Line{{Function: fn, Line: int64(10*i + k)}}})
		}
	}
	callers := []map[string][]string{{"strategy": {"global"}}, {"strategy": {"raw"}}}
	for i := range n {
		s := &profile.Sample{Value: []int64{1, 1e6 + int64(i%1000), 200, 3, 144}, Label: callers[i%2]}
		at := 0
		s.Location = make([]*profile.Location, depth)
		for k := range depth {
			at = (at*5 + r.IntN(5) + 1) % len(p.Location) // each place calls five others
			s.Location[depth-1-k] = p.Location[at]
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}
