package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// report prints a comparison for people.
func report(w io.Writer, f bench.Frame) {
	fmt.Fprintf(w, "%s: %d %s, %d rounds of %d calls in %.1f s\n\n", f.Name,
		f.Callers, plural(f.Callers, "caller", "callers"), f.Rounds, f.Batch, f.Elapsed.Seconds())
	a, b := &f.A, &f.B
	t := newTable("", "A "+string(a.Strategy), "B "+string(b.Strategy), "B/A")
	t.row("throughput", rate(a.Throughput), rate(b.Throughput), ratioOf(a.Throughput, b.Throughput))
	t.row("mean", span(a.Mean), span(b.Mean), ratioOf(a.Mean, b.Mean))
	t.row("p50", span(a.P50), span(b.P50), ratioOf(a.P50, b.P50))
	t.row("p90", span(a.P90), span(b.P90), ratioOf(a.P90, b.P90))
	t.row("p99", span(a.P99), span(b.P99), ratioOf(a.P99, b.P99))
	if a.GroupOf <= 1 && b.GroupOf <= 1 {
		t.row("p99.9", span(a.P999), span(b.P999), ratioOf(a.P999, b.P999))
		t.row("max", span(a.Max), span(b.Max), ratioOf(a.Max, b.Max))
	}
	t.row("allocs/op", count(a.AllocsPerOp), count(b.AllocsPerOp), ratioOf(a.AllocsPerOp, b.AllocsPerOp))
	t.row("bytes/op", size(a.BytesPerOp), size(b.BytesPerOp), ratioOf(a.BytesPerOp, b.BytesPerOp))
	t.row("ops/call", grouped(a.OpsPerCall), grouped(b.OpsPerCall), ratioOf(float64(a.OpsPerCall), float64(b.OpsPerCall)))
	t.row("gc cycles", grouped(a.GCCycles), grouped(b.GCCycles), "")
	t.row("mutex wait", wait(a.MutexWait), wait(b.MutexWait), "")
	t.row("calls", grouped(a.Calls), grouped(b.Calls), "")
	t.write(w)
	if k := max(a.GroupOf, b.GroupOf); k > 1 {
		fmt.Fprintf(w, "\nCalls are too short to time alone: latencies are means of %d calls.\n", k)
	}
	fmt.Fprintf(w, "\nvalue    %s\n", f.Value)
	if f.Output.Bytes > 0 {
		fmt.Fprintf(w, "output   %s bytes per call\n", grouped(f.Output.Bytes))
	}
	if f.Same {
		fmt.Fprintln(w, "results  value, output and operations are the same on both sides")
	} else {
		fmt.Fprintf(w, "results  DIFFER: %s\n", f.Difference)
	}
	fmt.Fprintf(w, "\n%s\n", verdict(f))
}

// verdict says in one sentence how the sides compare.
func verdict(f bench.Frame) string {
	a, b := string(f.A.Strategy), string(f.B.Strategy)
	if a == b {
		a, b = "A ("+a+")", "B ("+b+")"
	}
	switch {
	case f.Rounds == 0:
		return "No verdict: there is no complete round."
	case !f.Same:
		return "No verdict: the results differ: " + f.Difference + "."
	}
	if f.Rounds < leastRounds {
		return fmt.Sprintf("No verdict: %d %s too few, want %d; measure longer. So far %s takes %.3fx the time of %s per call.",
			f.Rounds, plural(f.Rounds, "round is", "rounds are"), leastRounds, b, f.Ratio, a)
	}
	half := fmt.Sprintf("half of the rounds between %.3f and %.3f", f.Low, f.High)
	switch {
	case f.Low <= 1 && f.High >= 1:
		return fmt.Sprintf("No difference shown: %s takes %.3fx the time of %s per call (%s).", b, f.Ratio, a, half)
	case f.Ratio > 1:
		return fmt.Sprintf("%s is %.2fx slower than %s: it takes %.3fx the time per call (%s)%s.", b, f.Ratio, a, f.Ratio, half, extra(f))
	}
	return fmt.Sprintf("%s is %.2fx faster than %s: it takes %.3fx the time per call (%s)%s.", b, 1/f.Ratio, a, f.Ratio, half, extra(f))
}

// extra is the difference per call as a time, if it is known.
func extra(f bench.Frame) string {
	if f.A.Mean <= 0 || f.B.Mean <= 0 {
		return ""
	}
	d := f.A.Mean * (f.Ratio - 1)
	if d < 0 {
		return ", " + span(-d) + " less"
	}
	return ", " + span(d) + " more"
}

// table is text in columns; all but the first, or all but the last, are flush
// right.
type table struct {
	rows     [][]string
	leftLast bool
}

func newTable(head ...string) *table { return &table{rows: [][]string{head}} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	var widths []int
	for _, r := range t.rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	for _, r := range t.rows {
		var b strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", widths[i]-len([]rune(c)))
			left := i == 0
			if t.leftLast {
				left = i == len(r)-1
			}
			if i > 0 {
				b.WriteString("   ")
			}
			if left {
				b.WriteString(c + pad)
			} else {
				b.WriteString(pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// unknown stands for what there are too few samples for.
const unknown = "-"

// span formats nanoseconds; negative ones are unknown.
func span(ns float64) string {
	switch {
	case ns < 0:
		return unknown
	case ns < 999.5:
		return digits(ns) + " ns"
	case ns < 999.5e3:
		return digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

// digits formats a number with three digits that count.
func digits(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case x < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// rate formats calls per second.
func rate(perSecond float64) string {
	switch {
	case perSecond == 0:
		return unknown
	case perSecond < 100:
		return digits(perSecond) + "/s"
	}
	return grouped(int64(math.Round(perSecond))) + "/s"
}

// wait formats time waited per time.
func wait(nsPerSecond float64) string {
	if nsPerSecond == 0 {
		return "0"
	}
	return span(nsPerSecond) + "/s"
}

// count formats a number per call, which is whole as a rule.
func count(x float64) string {
	if x == math.Trunc(x) {
		return grouped(int64(x))
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// size formats bytes.
func size(x float64) string {
	switch {
	case x < 10e3:
		return count(math.Round(x))
	case x < 10e6:
		return digits(x/1e3) + " kB"
	}
	return digits(x/1e6) + " MB"
}

// grouped formats a whole number with commas.
func grouped[T int | int64 | uint64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ratioOf formats b/a, "" if it is not known.
func ratioOf(a, b float64) string {
	switch {
	case a < 0 || b < 0 || a == 0 && b == 0:
		return ""
	case a == 0:
		return "∞"
	}
	return strconv.FormatFloat(b/a, 'f', 2, 64) + "x"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// progress is a line about a measurement that goes on, on a terminal.
type progress struct{ w io.Writer }

// newProgress shows progress on w if that is a terminal; else it shows nothing.
func newProgress(w io.Writer) *progress {
	if isTerminal(w) {
		return &progress{w}
	}
	return nil
}

func (p *progress) show(f bench.Frame, of time.Duration) {
	if p == nil {
		return
	}
	text := string(f.State)
	if f.Rounds > 0 {
		text = fmt.Sprintf("%s  %.1f of %.1f s  %d rounds  %.2fx", f.State, f.Elapsed.Seconds(), of.Seconds(), f.Rounds, f.Ratio)
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", text)
}

// clear removes the line.
func (p *progress) clear() {
	if p != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
