package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Line is a line of the script of A, of B, or of both, with what it costs per call.
type Line struct {
	A    int     `json:"a"` // its number in the script of A, from 1; 0 if it is only in B
	B    int     `json:"b"` // in the script of B
	Text string  `json:"text"`
	OpsA float64 `json:"a_ops_per_call"`
	OpsB float64 `json:"b_ops_per_call"`
	// What it allocates, in bytes per call.
	BytesA float64 `json:"a_bytes_per_call"`
	BytesB float64 `json:"b_bytes_per_call"`
}

// Changed reports whether the line is only on one side.
func (l Line) Changed() bool { return l.A == 0 || l.B == 0 }

// LinesOf aligns the lines of both scripts and adds what each costs on either side, by an
// exact profile with the labels of both. It is nil if the profile has nothing of them.
func LinesOf(cfg wire.Config, f wire.Snapshot, d *view.Data) ([]Line, error) {
	scripts := [2]wire.Script{cfg.ScriptOf(0), cfg.ScriptOf(1)}
	labels := [2]wire.Strategy{f.A.Label, f.B.Label}
	calls := float64(max(len(cfg.Records), 1) * max(f.Callers, 1))
	var ops, bytes [2]map[int]float64
	for i := range scripts {
		for typ, into := range map[string]*map[int]float64{"ops": &ops[i], "alloc_space": &bytes[i]} {
			ix, err := d.Index(view.Query{Type: typ, Filters: []view.Filter{{Kind: view.TagFocus, Pattern: goprof.Label + "=" + view.Exactly(string(labels[i]))}}})
			if err != nil {
				return nil, err
			}
			*into = map[int]float64{}
			src := ix.Source(scripts[i].Name, func(string) ([]byte, error) { return []byte(scripts[i].Text), nil })
			for _, l := range src.Lines {
				if l.Flat.Value != 0 {
					(*into)[int(l.No)] = float64(l.Flat.Value) / calls
				}
			}
		}
	}
	a, b := textLines(scripts[0].Text), textLines(scripts[1].Text)
	var out []Line
	for _, p := range diffLines(a, b) {
		l := Line{A: p.a, B: p.b}
		if p.a > 0 {
			l.Text, l.OpsA, l.BytesA = a[p.a-1], ops[0][p.a], bytes[0][p.a]
		}
		if p.b > 0 {
			l.Text, l.OpsB, l.BytesB = b[p.b-1], ops[1][p.b], bytes[1][p.b]
		}
		out = append(out, l)
	}
	return out, nil
}

// OpenLines is [LinesOf] by the exact profile of a capture.
func OpenLines(cfg wire.Config, f wire.Snapshot, p *wire.Profile) ([]Line, error) {
	for _, x := range p.Files {
		if x.Type == wire.ScriptProfile {
			d, err := view.Open(x.Path)
			if err != nil {
				return nil, fmt.Errorf("%s: %s", filepath.Base(x.Path), causeOf(err))
			}
			return LinesOf(cfg, f, d)
		}
	}
	return nil, nil
}

// MostChanged are the lines whose work differs most, those with the largest difference
// first, and what the figures count: operations, or bytes if no operations differ.
func MostChanged(lines []Line, most int) (out []Line, unit string) {
	for _, by := range []struct {
		unit  string
		delta func(Line) float64
	}{
		{"operations", func(l Line) float64 { return l.OpsB - l.OpsA }},
		{"bytes", func(l Line) float64 { return l.BytesB - l.BytesA }},
	} {
		for _, l := range lines {
			if math.Abs(by.delta(l)) >= 0.005 {
				out = append(out, l)
			}
		}
		if len(out) > 0 {
			slices.SortStableFunc(out, func(x, y Line) int {
				return cmp.Compare(math.Abs(by.delta(y)), math.Abs(by.delta(x)))
			})
			return out[:min(len(out), most)], by.unit
		}
	}
	return nil, ""
}

// longestCode is how many characters of a line a report shows.
const longestCode = 60

// WriteLines prints the lines that changed most.
func WriteLines(w io.Writer, lines []Line) {
	changed, unit := MostChanged(lines, 10)
	if len(changed) == 0 {
		fmt.Fprintln(w, "\nNo line does more or less than before.")
		return
	}
	fmt.Fprintf(w, "\nLines that changed most, by %s per call (exact):\n", unit)
	t := newTable("A line", "B line", "A", "B", "change", "  ")
	t.leftLast = true
	for _, l := range changed {
		a, b := l.OpsA, l.OpsB
		if unit == "bytes" {
			a, b = l.BytesA, l.BytesB
		}
		x, y := figures.Count(a), figures.Count(b)
		if l.A == 0 {
			x = ""
		}
		if l.B == 0 {
			y = ""
		}
		t.row(lineNumber(l.A), lineNumber(l.B), x, y, signed(b-a), "  "+Clip(strings.TrimSpace(l.Text), longestCode))
	}
	t.write(w)
}

func lineNumber(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// signed writes a difference of counts.
func signed(x float64) string {
	if x < 0 {
		return "-" + figures.Count(-x)
	}
	return "+" + figures.Count(x)
}
