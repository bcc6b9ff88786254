package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// gate is a condition on a comparison that makes the command fail.
type gate struct {
	text  string
	field func(bench.Frame) float64
	more  bool // fails above the bound, else below
	bound float64
}

// gateFields are what a gate may look at.
var gateFields = map[string]func(bench.Frame) float64{
	"ratio":     func(f bench.Frame) float64 { return f.Ratio },
	"ratio.lo":  func(f bench.Frame) float64 { return f.Low },
	"ratio.hi":  func(f bench.Frame) float64 { return f.High },
	"a.mean":    func(f bench.Frame) float64 { return f.A.Mean },
	"b.mean":    func(f bench.Frame) float64 { return f.B.Mean },
	"a.allocs":  func(f bench.Frame) float64 { return f.A.AllocsPerOp },
	"b.allocs":  func(f bench.Frame) float64 { return f.B.AllocsPerOp },
	"a.bytes":   func(f bench.Frame) float64 { return f.A.BytesPerOp },
	"b.bytes":   func(f bench.Frame) float64 { return f.B.BytesPerOp },
	"a.ops":     func(f bench.Frame) float64 { return float64(f.A.OpsPerCall) },
	"b.ops":     func(f bench.Frame) float64 { return float64(f.B.OpsPerCall) },
	"a.mutexns": func(f bench.Frame) float64 { return f.A.MutexWait },
	"b.mutexns": func(f bench.Frame) float64 { return f.B.MutexWait },
}

// gateHelp lists the fields for the help text.
const gateHelp = "ratio, ratio.lo, ratio.hi,\na.mean, a.allocs, a.bytes, a.ops, a.mutexns, or the same of b"

// parseGate parses a condition such as ratio.hi>1.05.
func parseGate(s string) (*gate, error) {
	at := strings.IndexAny(s, "<>")
	if at < 0 {
		return nil, fmt.Errorf("want FIELD>NUMBER or FIELD<NUMBER")
	}
	name := strings.TrimSpace(s[:at])
	field := gateFields[name]
	if field == nil {
		return nil, fmt.Errorf("unknown field %q: want %s", name, gateHelp)
	}
	bound, err := strconv.ParseFloat(strings.TrimSpace(s[at+1:]), 64)
	if err != nil {
		return nil, fmt.Errorf("%q is no number", strings.TrimSpace(s[at+1:]))
	}
	return &gate{text: s, field: field, more: s[at] == '>', bound: bound}, nil
}

// leastRounds is how many rounds a verdict needs to be trusted.
const leastRounds = 10

// code is the exit code of a comparison: the gate's, or that of a measurement
// that cannot be trusted.
func (g *gate) code(f bench.Frame) int {
	if !f.Same || f.Rounds < leastRounds {
		return exitUntrusted
	}
	x := g.field(f)
	if g.more && x > g.bound || !g.more && x < g.bound {
		return exitGate
	}
	return exitOK
}
