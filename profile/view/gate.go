package view

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// LineRow is a line of a function with its costs.
type LineRow struct {
	ID FuncID
	*Func
	Line int64
	Cost
}

// Lines lists the lines with costs, those with the largest difference first, or the
// largest flat cost if nothing is compared.
func (ix *Index) Lines() []LineRow {
	var rows []LineRow
	for i, c := range ix.lineCosts() {
		if l := ix.lines[i]; width(c.Cum) != 0 && ix.funcs[l.fn].Kind != Tag {
			rows = append(rows, LineRow{l.fn, &ix.funcs[l.fn], l.no, c})
		}
	}
	slices.SortFunc(rows, func(a, b LineRow) int {
		first := cmp.Compare(magnitude(b.Flat.Value), magnitude(a.Flat.Value))
		if ix.Compared() {
			first = cmp.Compare(magnitude(b.Flat.Delta()), magnitude(a.Flat.Delta()))
		}
		return cmp.Or(first, cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// Gate is a condition on the comparison of two profiles.
type Gate struct {
	text    string
	typ     string
	flat    bool
	funcs   *regexp.Regexp // nil for the total
	more    bool           // holds above the bound, else below
	bound   float64
	percent bool
}

// GateHelp says what a condition looks like.
const GateHelp = "TYPE>NUMBER or TYPE<NUMBER: what the new profile has more of a sample type,\n" +
	"with a percent sign as a part of the base, such as ops>0.5% or alloc_space>1048576;\n" +
	"TYPE@REGEXP for each function that matches, with what it calls, and TYPE.flat@REGEXP\n" +
	"without it, such as ops@^price/>0%."

// ParseGate parses a condition such as ops>0.5%, see [GateHelp].
func ParseGate(s string) (*Gate, error) {
	at := strings.LastIndexAny(s, "<>")
	if at < 0 {
		return nil, errors.New("want TYPE>NUMBER or TYPE<NUMBER, such as ops>0.5%")
	}
	g := &Gate{text: s, more: s[at] == '>'}
	field, text := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+1:])
	text, g.percent = strings.CutSuffix(text, "%")
	var err error
	g.bound, err = strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(g.bound) {
		return nil, fmt.Errorf("%q is no number", text)
	}
	name, pattern, some := strings.Cut(field, "@")
	if some {
		if g.funcs, err = compile(pattern); err != nil {
			return nil, err
		}
	}
	name, g.flat = strings.CutSuffix(name, ".flat")
	if g.flat && !some {
		return nil, errors.New("flat is of functions: want TYPE.flat@REGEXP")
	}
	if name == "" {
		return nil, errors.New("no sample type before the sign, such as ops")
	}
	g.typ = name
	return g, nil
}

// String is the condition as it was written.
func (g *Gate) String() string { return g.text }

// Type is the sample type that the condition is about.
func (g *Gate) Type() string { return g.typ }

// Decision is what a condition comes to.
type Decision uint8

// The decisions.
const (
	HoldsNot Decision = iota
	Holds
	// Unsure is a condition that holds for the figures, but only within their noise.
	Unsure
)

// Finding is what a condition comes to for the total or for a function.
type Finding struct {
	Decision
	Name    string // of the function, "" for the total
	Amount  Amount
	Percent float64 // by which the value is more than the base; infinite if the base is 0
}

// Decide decides the condition for an index of its type of a comparison. The findings are
// those that hold or are unsure, the clear ones first; with none of them, the condition does
// not hold, and the finding is that of the total.
func (g *Gate) Decide(ix *Index) (d Decision, findings []Finding) {
	if g.funcs == nil {
		f := g.find("", ix.Total())
		return f.Decision, []Finding{f}
	}
	for _, r := range ix.Top(ByDelta) {
		if !g.funcs.MatchString(r.Name) {
			continue
		}
		a := r.Cum
		if g.flat {
			a = r.Flat
		}
		if f := g.find(r.Name, a); f.Decision != HoldsNot {
			findings = append(findings, f)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Decision, b.Decision) })
	if len(findings) > 0 {
		return findings[0].Decision, findings
	}
	return HoldsNot, []Finding{{Amount: ix.Total(), Percent: percent(ix.Total())}}
}

// find decides the condition for an amount.
func (g *Gate) find(name string, a Amount) Finding {
	f := Finding{Name: name, Amount: a, Percent: percent(a)}
	bound := g.bound
	if g.percent {
		bound *= math.Abs(float64(a.Base)) / 100
	}
	over := float64(a.Delta()) - bound
	if !g.more {
		over = -over
	}
	switch {
	case over <= 0:
	case over <= certainty*a.Error():
		f.Decision = Unsure
	default:
		f.Decision = Holds
	}
	return f
}

func percent(a Amount) float64 {
	switch {
	case a.Delta() == 0:
		return 0
	case a.Base == 0:
		return math.Inf(1)
	}
	return 100 * float64(a.Delta()) / math.Abs(float64(a.Base))
}
