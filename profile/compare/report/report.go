package report

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Write prints a comparison for people.
func Write(w io.Writer, f wire.Snapshot) {
	p := f.Series
	fmt.Fprintf(w, "%s: %s, %s of %s in %s, %s\n", Subject(f), figures.Plural(f.Callers, "caller", "callers"), figures.Plural(f.Rounds, "round", "rounds"),
		figures.Plural(f.Batch, "call", "calls"), figures.Plural(len(p.Results), "process", "processes"), figures.Clock(f.Elapsed))
	if f.Rate > 0 {
		fmt.Fprintf(w, "paced at %s: latencies count from when a call is due\n", figures.Rate(f.Rate))
	}
	fmt.Fprintln(w)
	a, b := &f.A, &f.B
	if a.Script != "" {
		fmt.Fprintf(w, "A %s, %s\nB %s, %s\n\n", Visible(a.Script), a.Strategy, Visible(b.Script), b.Strategy)
	}
	t := newTable("", heading("A", a), heading("B", b), "B/A", "95% interval")
	estimated := false
	row := func(name, x, y, ratio string) {
		// The ratio in the middle of an interval is that of the processes.
		if paired, ok := p.Tail(name); ok {
			text := figures.Ratio(paired.Ratio)
			if text != ratio {
				text, estimated = "est. "+text, true
			}
			t.row(name, x, y, text, figures.Interval(paired.Low, paired.High))
			return
		}
		t.row(name, x, y, ratio, "")
	}
	row("throughput", figures.Rate(a.Throughput), figures.Rate(b.Throughput), quotient(a.Throughput, b.Throughput))
	row("mean", figures.Time(a.Mean), figures.Time(b.Mean), quotient(a.Mean, b.Mean))
	row("p50", figures.Time(a.P50), figures.Time(b.P50), quotient(a.P50, b.P50))
	row("p90", figures.Time(a.P90), figures.Time(b.P90), quotient(a.P90, b.P90))
	row("p99", figures.Time(a.P99), figures.Time(b.P99), quotient(a.P99, b.P99))
	if a.GroupOf <= 1 && b.GroupOf <= 1 {
		row("p99.9", figures.Time(a.P999), figures.Time(b.P999), quotient(a.P999, b.P999))
		if a.P9999 > 0 && b.P9999 > 0 {
			row("p99.99", figures.Time(a.P9999), figures.Time(b.P9999), quotient(a.P9999, b.P9999))
		}
		row("max", figures.Time(a.Max), figures.Time(b.Max), quotient(a.Max, b.Max))
	}
	row("allocs/op", figures.Count(a.AllocsPerOp), figures.Count(b.AllocsPerOp), quotient(a.AllocsPerOp, b.AllocsPerOp))
	row("bytes/op", figures.Bytes(a.BytesPerOp), figures.Bytes(b.BytesPerOp), quotient(a.BytesPerOp, b.BytesPerOp))
	if a.OpsPerCall > 0 || b.OpsPerCall > 0 {
		row("ops/call", figures.Count(float64(a.OpsPerCall)), figures.Count(float64(b.OpsPerCall)), quotient(float64(a.OpsPerCall), float64(b.OpsPerCall)))
	}
	row("gc cycles", figures.Count(float64(a.GCCycles)), figures.Count(float64(b.GCCycles)), "")
	row("gc pause p99", figures.Time(a.GCPause99), figures.Time(b.GCPause99), "")
	row("gc cpu", figures.Share(a.GCShare), figures.Share(b.GCShare), "")
	row("heap live", figures.Bytes(a.HeapLive), figures.Bytes(b.HeapLive), "")
	row("mutex wait", figures.Wait(a.MutexWait), figures.Wait(b.MutexWait), "")
	if f.Callers > 1 {
		row("waited for", holder(a), holder(b), "")
	}
	row("calls", figures.Count(float64(a.Calls)), figures.Count(float64(b.Calls)), "")
	t.write(w)
	if estimated {
		fmt.Fprintln(w, "\nest. is the estimate over the processes, which the interval is of; the columns are of all samples together.")
	}
	writeSides(w, f)
	if k := max(a.GroupOf, b.GroupOf); k > 1 {
		fmt.Fprintf(w, "\nCalls are too short to time alone: latencies are means of %d calls.\n", k)
	}
	reportOverhead(w, f)
	fmt.Fprintf(w, "\nvalue    %s\n", Visible(f.Value))
	if f.Output.Bytes > 0 {
		fmt.Fprintf(w, "output   %s per call\n", figures.Bytes(float64(f.Output.Bytes)))
	}
	if f.Same {
		fmt.Fprintf(w, "results  %s\n", sameResults(f))
	} else {
		fmt.Fprintf(w, "results  DIFFER: %s\n", f.Difference)
	}
	if f.Records > 0 {
		fmt.Fprintf(w, "records  %s\n", comparedRecords(f))
	}
	reportParity(w, f.Parity)
	for i, m := range f.Modules {
		head := ""
		if i == 0 {
			head = "modules"
		}
		fmt.Fprintf(w, "%-8s %s\n", head, Visible(m.File))
	}
	if text := warmUps(p.Results); text != "" {
		fmt.Fprintf(w, "warm-up  %s\n", text)
	}
	if p.Ended != "" && p.Processes > 1 {
		fmt.Fprintf(w, "end      %s\n", p.Ended)
	}
	for _, x := range p.Failures {
		fmt.Fprintf(w, "failed   process %d (pid %d): %s; its rounds do not count\n", x.Process, x.PID, x.Error)
	}
	fmt.Fprintf(w, "\n%s\n", Conclusion(f))
	if work := Work(f); work != "" && f.Same {
		_, b := plainTitles(f)
		fmt.Fprintf(w, "Per call %s %s.\n", b, work)
	}
}

// writeSides tells how sure the means of the sides are, and how many of their samples are
// far from the others.
func writeSides(w io.Writer, f wire.Snapshot) {
	low, high := SideInterval(f, 0)
	lowB, highB := SideInterval(f, 1)
	if low > 0 && lowB > 0 {
		fmt.Fprintf(w, "\nmean by process, 95%%: A %s to %s, B %s to %s\n", figures.Time(low), figures.Time(high), figures.Time(lowB), figures.Time(highB))
	}
	a, b := f.A.Distribution().Outliers(), f.B.Distribution().Outliers()
	if a.All()+b.All() > 0 {
		fmt.Fprintf(w, "outliers, counted and kept: A %s; B %s\n", outlierText(a), outlierText(b))
	}
}

// outlierText tells how many samples are far from the others.
func outlierText(o stats.Outliers) string {
	if o.All() == 0 {
		return "none of " + figures.Count(float64(o.Count))
	}
	return fmt.Sprintf("%s of %s (%s high and %s low, %s far out)", figures.Of(o.All(), o.Count), figures.Count(float64(o.Count)),
		figures.Count(float64(o.HighMild+o.HighSevere)), figures.Count(float64(o.LowMild+o.LowSevere)), figures.Count(float64(o.HighSevere+o.LowSevere)))
}

// SideInterval is the 95% interval of the mean of A (0) or B (1) over the processes, in
// nanoseconds; 0 if there are too few of them.
func SideInterval(f wire.Snapshot, side int) (low, high float64) {
	if f.Series == nil || len(f.Series.Results) < 2 {
		return 0, 0
	}
	var logs []float64
	for i := range f.Series.Results {
		r := &f.Series.Results[i]
		mean := []float64{r.A.Mean, r.B.Mean}[side]
		if mean <= 0 {
			return 0, 0
		}
		logs = append(logs, math.Log(mean))
	}
	i := stats.MeanInterval(logs, stats.Confidence)
	if math.IsNaN(i.Low) {
		return 0, 0
	}
	return math.Exp(i.Low), math.Exp(i.High)
}

// heading is the head of the column of a side.
func heading(letter string, s *wire.Side) string {
	if s.Script == "" {
		return letter + " " + string(s.Strategy)
	}
	return letter + " " + Clip(filepath.Base(s.Script), 20)
}

// holder names the lock that callers waited for most.
func holder(s *wire.Side) string {
	switch {
	case s.MutexHolder != "":
		return s.MutexHolder
	case s.MutexWait == 0:
		return "no contention"
	}
	return "no lock of a call"
}

// reportOverhead prints what the steps of a call take.
func reportOverhead(w io.Writer, f wire.Snapshot) {
	o := f.Series.Overhead
	if o == nil {
		return
	}
	fmt.Fprintln(w)
	t := newTable("steps of a call", heading("A", &f.A), "", heading("B", &f.B), "")
	for i := range o.A {
		a, aWithin := step(o.A[i])
		b, bWithin := step(o.B[i])
		t.row(o.A[i].Name, a, aWithin, b, bWithin)
	}
	t.write(w)
	switch {
	case f.A.Script != "" && f.A.Strategy == f.B.Strategy:
		// Both get their engines in the same way.
	case o.Low < o.High:
		fmt.Fprintf(w, "%s\n", breakEven(f))
	default:
		fmt.Fprintln(w, "One process tells no intervals.")
	}
}

// step formats the time of a step with its interval.
func step(p wire.Phase) (time, within string) {
	if p.Low == p.High {
		return "~" + figures.Time(max(p.Time, 0)), ""
	}
	if !p.Shown() {
		return "< " + figures.Time(max(p.High, 1)), ""
	}
	return figures.Time(p.Time), fmt.Sprintf("[%s, %s]", figures.Time(p.Low), figures.Time(p.High))
}

// breakEven tells from which length of a script on the engine does not matter.
func breakEven(f wire.Snapshot) string {
	o := f.Series.Overhead
	dear, cheap := string(f.B.Strategy), string(f.A.Strategy)
	if dear == cheap {
		dear, cheap = "B ("+dear+")", "A ("+cheap+")"
	}
	if o.Extra < 0 {
		dear, cheap = cheap, dear
	}
	even := o.BreakEven(0.05)
	if even == 0 {
		return fmt.Sprintf("Getting an engine: no difference shown between %s and %s (at most %s per call).", cheap, dear, figures.Time(max(math.Abs(o.Low), math.Abs(o.High))))
	}
	return fmt.Sprintf("Getting an engine: %s costs %s more per call than %s: under 5%% for scripts above %s.", dear, figures.Time(math.Abs(o.Extra)), cheap, figures.Time(even))
}

// comparedRecords tells how many records were compared one by one.
func comparedRecords(f wire.Snapshot) string {
	if f.Compared < f.Records {
		return fmt.Sprintf("the first %s of %s were compared one by one", figures.Grouped(f.Compared), figures.Grouped(f.Records))
	}
	return "all " + figures.Grouped(f.Records) + " were compared one by one"
}

// sameResults tells what is the same on both sides.
func sameResults(f wire.Snapshot) string {
	if f.A.OpsPerCall == f.B.OpsPerCall {
		return "value, output and operations are the same on both sides"
	}
	if f.A.Script != "" || f.A.Strategy == wire.Bound || f.B.Strategy == wire.Bound {
		return "value and output are the same on both sides"
	}
	return "value and output are the same on both sides; operations are not compared, as the configurations compile to different programs"
}

// reportParity tells whether the engines of both sides are configured alike.
func reportParity(w io.Writer, list []wire.Parity) {
	different := wire.Differences(list)
	if len(different) == 0 {
		var alike []string
		for _, p := range list {
			alike = append(alike, p.What)
		}
		if len(alike) > 0 {
			fmt.Fprintf(w, "engines  same %s\n", strings.Join(alike, ", "))
		}
		return
	}
	for i, p := range different {
		head := ""
		if i == 0 {
			head = "engines  DIFFER in "
		}
		fmt.Fprintf(w, "%-*s%s (A %s, B %s)\n", len("engines  DIFFER in "), head, p.What, p.A, p.B)
	}
}

// warmUps tells how long the processes warmed up.
func warmUps(results []wire.Result) string {
	if len(results) == 0 {
		return ""
	}
	low, high, unsteady := results[0].WarmUp.Rounds, 0, 0
	for _, r := range results {
		low, high = min(low, r.WarmUp.Rounds), max(high, r.WarmUp.Rounds)
		if !r.WarmUp.Steady {
			unsteady++
		}
	}
	text := figures.Plural(low, "round", "rounds")
	if high > low {
		text = figures.Grouped(low) + " to " + figures.Plural(high, "round", "rounds")
	}
	if unsteady > 0 {
		return fmt.Sprintf("%s, not steady in %d of %d processes", text, unsteady, len(results))
	}
	return text + ", steady"
}

// Stage is where a series stands: the process and the round; "" if no process has
// been started.
func Stage(s *wire.Progress) string {
	if s == nil || s.Process == 0 {
		return ""
	}
	text := fmt.Sprintf("process %s of %s, round %s", figures.Grouped(s.Process), figures.Grouped(s.Processes), figures.Grouped(s.Round))
	if s.Rounds > 0 {
		text += " of " + figures.Grouped(s.Rounds)
	}
	return text
}

// ProgressText tells in one line how far a measurement is.
func ProgressText(f wire.Snapshot) string {
	s := f.Series
	text := Stage(s)
	if text == "" {
		return string(f.State)
	}
	done := float64(s.Process - 1)
	if s.Rounds > 0 {
		done += float64(s.Round) / float64(s.Rounds)
	}
	const width = 20
	full := min(max(int(done/float64(s.Processes)*width), 0), width)
	text = "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "] " + text
	if f.State != wire.Running {
		text += ", " + string(f.State)
	}
	if v := s.Verdict; v.Low > 0 {
		return text + "  " + figures.Verdict(v.Ratio) + " " + figures.Bounds(v.Low, v.High)
	}
	if f.Ratio > 0 {
		text += "  " + figures.Ratio(f.Ratio)
	}
	return text
}

// quotient writes b/a, "" if it is not known and ∞ if a has none of something.
func quotient(a, b float64) string {
	switch {
	case a < 0 || b < 0 || a == 0 && b == 0:
		return ""
	case a == 0:
		return "∞"
	}
	return figures.Ratio(b / a)
}
