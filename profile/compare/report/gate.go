package report

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Gate is a condition on a comparison that makes the command fail.
type Gate struct {
	text  string
	field func(wire.Snapshot) float64
	more  bool // fails above the bound, else below
	exact bool // the field is counted and not timed
	bound float64
}

// gateFields are what a gate may compare with a number.
var gateFields = map[string]func(wire.Snapshot) float64{
	"ratio":      func(f wire.Snapshot) float64 { return Judged(f).Ratio },
	"ratio.low":  func(f wire.Snapshot) float64 { return Judged(f).Low },
	"ratio.high": func(f wire.Snapshot) float64 { return Judged(f).High },
	"ratio.lo":   func(f wire.Snapshot) float64 { return Judged(f).Low },
	"ratio.hi":   func(f wire.Snapshot) float64 { return Judged(f).High },
}

// sideFields are figures of a side. With a percent sign B is compared with A,
// without one they stand behind a. or b.
var sideFields = map[string]func(*wire.Side) float64{
	"mean":    func(s *wire.Side) float64 { return s.Mean },
	"p50":     func(s *wire.Side) float64 { return s.P50 },
	"p90":     func(s *wire.Side) float64 { return s.P90 },
	"p99":     func(s *wire.Side) float64 { return s.P99 },
	"p99.9":   func(s *wire.Side) float64 { return s.P999 },
	"p99.99":  func(s *wire.Side) float64 { return s.P9999 },
	"allocs":  func(s *wire.Side) float64 { return s.AllocsPerOp },
	"bytes":   func(s *wire.Side) float64 { return s.BytesPerOp },
	"ops":     func(s *wire.Side) float64 { return float64(s.OpsPerCall) },
	"mutexns": func(s *wire.Side) float64 { return s.MutexWait },
}

// exactFields are figures that are counted and not timed: the same on every machine, so
// that conditions on them need no quiet one.
var exactFields = []string{"allocs", "bytes", "ops"}

// GateHelp lists the fields for the help text.
const GateHelp = "ratio, ratio.low, ratio.high, or mean,\n" +
	"p50, p90, p99, p99.9, p99.99, allocs, bytes, ops, mutexns: with a number behind a. or b., such as\n" +
	"b.allocs>20, and with a percent sign for what B has more than A, such as allocs>10%. What is counted, allocs, bytes and\n" +
	"ops, is decided however noisy the machine is"

// ParseGate parses a condition such as ratio.high>1.05 or allocs>10%.
func ParseGate(s string) (*Gate, error) {
	at := strings.IndexAny(s, "<>")
	if at < 0 {
		return nil, errors.New("want FIELD>NUMBER or FIELD<NUMBER")
	}
	name, text := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+1:])
	text, percent := strings.CutSuffix(text, "%")
	bound, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(bound) {
		return nil, fmt.Errorf("%q is no number", text)
	}
	field := gateField(name, percent)
	if field == nil {
		return nil, unknownField(name, s)
	}
	return &Gate{text: s, field: field, more: s[at] == '>', bound: bound, exact: isExact(name)}, nil
}

// unknownField says in one line what a condition may look at instead.
func unknownField(name, gate string) error {
	if sideFields[name] != nil {
		return fmt.Errorf("%s wants a side or a percent sign, as in a.%s, b.%s or %s%%", name, gate, gate, strings.TrimSpace(gate))
	}
	if _, rest, ok := strings.Cut(name, "."); ok && sideFields[rest] != nil {
		return fmt.Errorf("a percent sign compares both sides: want %s%%, or no percent sign behind %s", strings.Replace(gate[:strings.IndexAny(gate, "<>")+1], name, rest, 1)+"10", name)
	}
	names := append(slices.Sorted(maps.Keys(sideFields)), "ratio", "ratio.low", "ratio.high")
	return fmt.Errorf("unknown field %q: want %s", name, strings.Join(names, ", "))
}

// isExact reports whether a field is counted and not timed.
func isExact(name string) bool {
	if side, rest, ok := strings.Cut(name, "."); ok && (side == "a" || side == "b") {
		name = rest
	}
	return slices.Contains(exactFields, name)
}

func gateField(name string, percent bool) func(wire.Snapshot) float64 {
	if percent {
		if f := sideFields[name]; f != nil {
			return func(fr wire.Snapshot) float64 { return percentMore(f(&fr.A), f(&fr.B)) }
		}
		return nil
	}
	if side, rest, ok := strings.Cut(name, "."); ok && slices.Contains([]string{"a", "b"}, side) {
		if f := sideFields[rest]; f != nil {
			return func(fr wire.Snapshot) float64 {
				if side == "a" {
					return f(&fr.A)
				}
				return f(&fr.B)
			}
		}
	}
	return gateFields[name]
}

// percentMore is what b is more than a in percent; NaN if one is not known.
func percentMore(a, b float64) float64 {
	switch {
	case a < 0 || b < 0:
		return math.NaN()
	case a == b:
		return 0
	}
	return 100 * (b/a - 1)
}

// decision is what a gate comes to.
type decision int

// The decisions.
const (
	HoldsNot  decision = iota
	Holds              // the condition holds: the comparison fails
	Undecided          // the results differ, or there are too few
)

// Decide tells whether the condition holds for a comparison.
func (g *Gate) Decide(f wire.Snapshot) decision {
	x := g.field(f)
	if g.tooLittle(f) {
		return Undecided
	}
	// Latencies of which there are too few samples are negative.
	if math.IsNaN(x) || x == -1 {
		return Undecided
	}
	if g.more && x > g.bound || !g.more && x < g.bound {
		return Holds
	}
	return HoldsNot
}

// tooLittle reports whether the comparison decides no condition on the field.
func (g *Gate) tooLittle(f wire.Snapshot) bool {
	switch Judged(f).Outcome {
	case stats.ResultsDiffer:
		return true
	case stats.NotEnoughData:
		return !g.exact || f.Rounds == 0
	}
	return false
}

// Explain says why, for a decision other than [HoldsNot].
func (g *Gate) Explain(f wire.Snapshot, d decision) string {
	if d == Holds {
		return g.text + " holds: it is " + figures.Plain(g.field(f))
	}
	why := "there are too few samples"
	if g.tooLittle(f) {
		why = Judged(f).Reason
	}
	return g.text + " cannot be decided: " + why
}
