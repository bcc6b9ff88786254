package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Write prints a comparison for people.
func Write(w io.Writer, f wire.Snapshot) {
	p := f.Series
	fmt.Fprintf(w, "%s: %d %s, %d %s of %d calls in %d %s, %.1f s\n", f.Name, f.Callers, plural(f.Callers, "caller", "callers"),
		f.Rounds, plural(f.Rounds, "round", "rounds"), f.Batch, len(p.Results), plural(len(p.Results), "process", "processes"), f.Elapsed.Seconds())
	if f.Rate > 0 {
		fmt.Fprintf(w, "paced at %s: latencies count from when a call is due\n", rate(f.Rate))
	}
	fmt.Fprintln(w)
	a, b := &f.A, &f.B
	t := newTable("", "A "+string(a.Strategy), "B "+string(b.Strategy), "B/A", "95% interval")
	row := func(name, x, y, ratio string) {
		// The ratio in the middle of an interval is that of pairs.
		if paired, interval := tail(p.Tails, name); interval != "" {
			t.row(name, x, y, paired, interval)
			return
		}
		t.row(name, x, y, ratio, "")
	}
	row("throughput", rate(a.Throughput), rate(b.Throughput), ratioOf(a.Throughput, b.Throughput))
	row("mean", span(a.Mean), span(b.Mean), ratioOf(a.Mean, b.Mean))
	row("p50", span(a.P50), span(b.P50), ratioOf(a.P50, b.P50))
	row("p90", span(a.P90), span(b.P90), ratioOf(a.P90, b.P90))
	row("p99", span(a.P99), span(b.P99), ratioOf(a.P99, b.P99))
	if a.GroupOf <= 1 && b.GroupOf <= 1 {
		row("p99.9", span(a.P999), span(b.P999), ratioOf(a.P999, b.P999))
		row("max", span(a.Max), span(b.Max), ratioOf(a.Max, b.Max))
	}
	row("allocs/op", count(a.AllocsPerOp), count(b.AllocsPerOp), ratioOf(a.AllocsPerOp, b.AllocsPerOp))
	row("bytes/op", size(a.BytesPerOp), size(b.BytesPerOp), ratioOf(a.BytesPerOp, b.BytesPerOp))
	if a.OpsPerCall > 0 || b.OpsPerCall > 0 {
		row("ops/call", figures.Grouped(a.OpsPerCall), figures.Grouped(b.OpsPerCall), ratioOf(float64(a.OpsPerCall), float64(b.OpsPerCall)))
	}
	row("gc cycles", figures.Grouped(a.GCCycles), figures.Grouped(b.GCCycles), "")
	row("gc pause p99", span(a.GCPause99), span(b.GCPause99), "")
	row("gc cpu", share(a.GCShare), share(b.GCShare), "")
	row("heap live", size(a.HeapLive), size(b.HeapLive), "")
	row("mutex wait", wait(a.MutexWait), wait(b.MutexWait), "")
	if f.Callers > 1 {
		row("waited for", holder(a), holder(b), "")
	}
	row("calls", figures.Grouped(a.Calls), figures.Grouped(b.Calls), "")
	t.write(w)
	if k := max(a.GroupOf, b.GroupOf); k > 1 {
		fmt.Fprintf(w, "\nCalls are too short to time alone: latencies are means of %d calls.\n", k)
	}
	reportOverhead(w, f)
	fmt.Fprintf(w, "\nvalue    %s\n", f.Value)
	if f.Output.Bytes > 0 {
		fmt.Fprintf(w, "output   %s bytes per call\n", figures.Grouped(f.Output.Bytes))
	}
	if f.Same {
		fmt.Fprintf(w, "results  %s\n", sameResults(f))
	} else {
		fmt.Fprintf(w, "results  DIFFER: %s\n", f.Difference)
	}
	reportParity(w, f.Parity)
	if text := warmUps(p.Results); text != "" {
		fmt.Fprintf(w, "warm-up  %s\n", text)
	}
	if p.Ended != "" && p.Processes > 1 {
		fmt.Fprintf(w, "end      %s\n", p.Ended)
	}
	for _, x := range p.Failures {
		fmt.Fprintf(w, "failed   process %d (pid %d): %s; its rounds do not count\n", x.Process, x.PID, x.Error)
	}
	fmt.Fprintf(w, "\n%s\n", Sentence(f))
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
	t := newTable("steps of a call", "A "+string(f.A.Strategy), "", "B "+string(f.B.Strategy), "")
	for i := range o.A {
		a, aWithin := step(o.A[i])
		b, bWithin := step(o.B[i])
		t.row(o.A[i].Name, a, aWithin, b, bWithin)
	}
	t.write(w)
	if o.Low < o.High {
		fmt.Fprintf(w, "%s\n", breakEven(f))
	} else {
		fmt.Fprintln(w, "One process tells no intervals.")
	}
}

// step formats the time of a step with its interval.
func step(p wire.Phase) (time, within string) {
	if p.Low == p.High {
		return "~" + span(max(p.Time, 0)), ""
	}
	if !p.Shown() {
		return "< " + span(max(p.High, 1)), ""
	}
	return span(p.Time), fmt.Sprintf("[%s, %s]", span(p.Low), span(p.High))
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
		return fmt.Sprintf("Getting an engine: no difference shown between %s and %s (at most %s per call).", cheap, dear, span(max(math.Abs(o.Low), math.Abs(o.High))))
	}
	return fmt.Sprintf("Getting an engine: %s costs %s more per call than %s: under 5%% for scripts above %s.", dear, span(math.Abs(o.Extra)), cheap, span(even))
}

// tail is the ratio of a figure and its interval; ~ marks one that has 1 in it.
func tail(tails []wire.Tail, name string) (ratio, interval string) {
	for _, t := range tails {
		if t.Name == name {
			mark := ""
			if t.Low <= 1 && t.High >= 1 {
				mark = " ~"
			}
			return ratioOf(1, t.Ratio), fmt.Sprintf("[%.3f, %.3f]%s", t.Low, t.High, mark)
		}
	}
	return "", ""
}

// sameResults tells what is the same on both sides.
func sameResults(f wire.Snapshot) string {
	if f.A.OpsPerCall == f.B.OpsPerCall {
		return "value, output and operations are the same on both sides"
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
	text := fmt.Sprintf("%d rounds", low)
	if high > low {
		text = fmt.Sprintf("%d to %d rounds", low, high)
	}
	if unsteady > 0 {
		return fmt.Sprintf("%s, not steady in %d of %d processes", text, unsteady, len(results))
	}
	return text + ", steady"
}

// ProgressText tells how far a measurement is.
func ProgressText(f wire.Snapshot) string {
	s := f.Series
	if s == nil || s.Process == 0 {
		return string(f.State)
	}
	text := fmt.Sprintf("process %d of %d, round %d", s.Process, s.Processes, s.Round)
	done := float64(s.Process - 1)
	if s.Rounds > 0 {
		text += fmt.Sprintf(" of %d", s.Rounds)
		done += float64(s.Round) / float64(s.Rounds)
	}
	const width = 20
	full := min(max(int(done/float64(s.Processes)*width), 0), width)
	text = "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "] " + text
	if f.State != wire.Running {
		text += ", " + string(f.State)
	}
	if v := s.Verdict; v.Low > 0 {
		return fmt.Sprintf("%s  %.3fx [%.3f, %.3f]", text, v.Ratio, v.Low, v.High)
	}
	if f.Ratio > 0 {
		text += fmt.Sprintf("  %.2fx", f.Ratio)
	}
	return text
}
