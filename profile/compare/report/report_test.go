package report

import (
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// measuredFrame is a comparison with every number there is.
func measuredSnapshot() wire.Snapshot {
	return wire.Snapshot{
		State: wire.Finished, Name: "pricing.rhai", Callers: 8, Rounds: 148, Elapsed: 2100 * time.Millisecond, Batch: 256,
		A: wire.Side{
			Strategy: wire.Global, Label: wire.Global, Calls: 412345, Throughput: 412300.4, Mean: 19400, P50: 18900, P90: 24100, P99: 41000, P999: 212000, Max: 1.9e6,
			AllocsPerOp: 7, BytesPerOp: 412, OpsPerCall: 31, GCCycles: 3, GCPause99: 88e3, GCShare: 0.012, HeapLive: 2.1e6, MutexWait: 6.2e6,
		},
		B: wire.Side{
			Strategy: wire.Raw, Label: wire.Raw, Calls: 412345, Throughput: 290200, Mean: 27500, P50: 26800, P90: 33000, P99: 58000, P999: -1, Max: 2.4e6,
			AllocsPerOp: 31, BytesPerOp: 58123, OpsPerCall: 31, GCCycles: 41, GCPause99: -1, GCShare: -1, HeapLive: 1.2e6, MutexHolder: "engine.(*links).slow",
		},
		Ratio: 1.42, Low: 1.39, High: 1.46, Same: true, Value: "3.888", Output: wire.Output{Bytes: 1234},
		Parity: []wire.Parity{{What: "packages", A: "standard", B: "standard"}, {What: "limits", A: "1", B: "2"}},
		Series: &wire.Progress{
			Process: 5, Processes: 5, Round: 30, Rounds: 30, Ended: "the maximum of 5 processes was reached",
			Verdict: stats.Verdict{
				Outcome: stats.AFaster, Ratio: 1.42, Low: 1.4, High: 1.45, Noise: 0.009, Confidence: 0.95, Reason: "it is", Processes: 4, Rounds: 120,
			},
			Results: []wire.Result{
				{PID: 10, WarmUp: wire.WarmUp{Rounds: 6, Steady: true}, Rounds: []stats.Round{{A: 100, Again: 101.5, B: 142, Calls: 256}, {A: 99, Again: 100, B: 141, Calls: 256}}},
				{PID: 11, WarmUp: wire.WarmUp{Rounds: 8}, Rounds: []stats.Round{{A: 1.0 / 3, Again: 2, B: 3, Calls: 1}}},
			},
			Failures: []wire.Failure{{Process: 3, PID: 12, Error: "the worker ended: signal: killed"}},
			Overhead: &wire.Overhead{
				A:     []wire.Phase{{Name: "engine", Time: 0.1, Low: -0.5, High: 0.7}, {Name: "run", Time: 19000, Low: 18000, High: 20000}},
				B:     []wire.Phase{{Name: "engine", Time: 7900, Low: 7800, High: 8000}, {Name: "run", Time: 19000, Low: 19000, High: 19000}},
				Extra: 7900, Low: 7800, High: 8000,
			},
			Tails: []wire.Tail{{Name: "p50", Ratio: 1.42, Low: 1.4, High: 1.45}, {Name: "p99", Ratio: 1.1, Low: 0.9, High: 1.3}},
		},
	}
}

const wantReport = `pricing.rhai: 8 callers, 148 rounds of 256 calls in 2 processes, 2.1s

                        A global                  B raw          B/A     95% interval
throughput                412k/s                 290k/s        0.70x
mean                     19.4 µs                27.5 µs        1.42x
p50                      18.9 µs                26.8 µs        1.42x     [1.40, 1.45]
p90                      24.1 µs                33.0 µs        1.37x
p99                      41.0 µs                58.0 µs   est. 1.10x   [0.90, 1.30] ~
p99.9                     212 µs                      —
max                      1.90 ms                2.40 ms        1.26x
allocs/op                      7                     31        4.43x
bytes/op                   412 B                58.1 kB         141x
ops/call                      31                     31        1.00x
gc cycles                      3                     41
gc pause p99             88.0 µs                      —
gc cpu                      1.2%                      —
heap live                2.10 MB                1.20 MB
mutex wait             6.20 ms/s                 0 ns/s
waited for     no lock of a call   engine.(*links).slow
calls                       412k                   412k

est. is the estimate over the processes, which the interval is of; the columns are of all samples together.

steps of a call    A global                           B raw
engine            < 1.00 ns                         7.90 µs   [7.80 µs, 8.00 µs]
run                 19.0 µs   [18.0 µs, 20.0 µs]   ~19.0 µs
Getting an engine: raw costs 7.90 µs more per call than global: under 5% for scripts above 158 µs.

value    3.888
output   1,234 B per call
results  value, output and operations are the same on both sides
engines  DIFFER in limits (A 1, B 2)
warm-up  6 to 8 rounds, not steady in 1 of 2 processes
end      the maximum of 5 processes was reached
failed   process 3 (pid 12): the worker ended: signal: killed; its rounds do not count

raw is 1.42x slower than global: it takes 1.420x the time per call (95% between 1.400 and 1.450, noise ±0.9%), 8.15 µs more.
Per call raw makes 4.43 times as many allocations, allocates 141 times as many bytes.
`

func TestReport(t *testing.T) {
	var b strings.Builder
	Write(&b, measuredSnapshot())
	// Columns are as wide as their widest cell.
	if got, want := squeeze(b.String()), squeeze(wantReport); got != want {
		t.Errorf("report:\n%s\nwant:\n%s", b.String(), wantReport)
	}
}

// squeeze makes one blank of several.
func squeeze(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

func TestReportOfGroups(t *testing.T) {
	f := measuredSnapshot()
	f.A.GroupOf, f.B.GroupOf = 9, 9
	f.Same, f.Difference = false, "global gives 1, raw gives 2"
	f.Series.Verdict.Outcome = stats.ResultsDiffer
	var b strings.Builder
	Write(&b, f)
	got := b.String()
	if strings.Contains(got, "p99.9") || strings.Contains(got, "\nmax ") || !strings.Contains(got, "means of 9 calls") {
		t.Errorf("groups:\n%s", got)
	}
	if !strings.Contains(got, "DIFFER: global gives 1") || !strings.Contains(got, "No verdict: the results differ") {
		t.Errorf("differences:\n%s", got)
	}
}

func TestReportParity(t *testing.T) {
	alike := wire.Parity{What: "resolver", A: "none", B: "none"}
	for want, list := range map[string][]wire.Parity{
		"":                                       nil,
		"engines  same resolver, limits\n":       {alike, {What: "limits", A: "default", B: "default"}},
		"engines  DIFFER in limits (A 1, B 2)\n": {alike, {What: "limits", A: "1", B: "2"}},
		"engines  DIFFER in limits (A 1, B 2)\n                   packages (A x, B none)\n": {{What: "limits", A: "1", B: "2"}, alike, {What: "packages", A: "x", B: "none"}},
	} {
		var b strings.Builder
		if reportParity(&b, list); b.String() != want {
			t.Errorf("%+v: %q, want %q", list, b.String(), want)
		}
	}
	f := measuredSnapshot()
	f.B.OpsPerCall++
	if got := sameResults(f); !strings.Contains(got, "operations are not compared") {
		t.Errorf("results: %s", got)
	}
}

func TestTopTable(t *testing.T) {
	f := wire.ProfileFile{Type: "allocs", Unit: "bytes", Total: 40000, Top: []wire.TopLine{
		{Function: "engine.NewScope", Flat: 30000, Cum: 40000, By: map[wire.Strategy]int64{wire.Raw: 20000, wire.Global: 10000}},
		{Function: "main.main", Cum: 40000},
	}}
	var b strings.Builder
	WriteTop(&b, f, []wire.Strategy{wire.Global, wire.Raw})
	want := "\nallocs: 40.0 kB in all\n" +
		"   flat   flat%       cum     cum%    global       raw   function\n" +
		"30.0 kB   75.0%   40.0 kB   100.0%   10.0 kB   20.0 kB   engine.NewScope\n"
	if got := b.String(); got != want {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
}

func TestScalingText(t *testing.T) {
	points := []stats.Point{{Callers: 1, Throughput: 100}, {Callers: 2, Throughput: 200}, {Callers: 3, Throughput: 300}, {Callers: 4, Throughput: 400}}
	if got := scalingText("raw", points, 4); got != "raw: more than 4 callers make no more calls; up to 4 callers, 0.0% of a call waits for others (contention) and each pair of callers costs 0.000% (coherence), by the universal scalability law" {
		t.Errorf("scaling: %s", got)
	}
	if got := scalingText("raw", points[:1], 2); got != "raw: one caller makes as many calls as more do; there are too few processors to tell what holds them back" {
		t.Errorf("scaling: %s", got)
	}
	f := measuredSnapshot()
	f.Series.Overhead.Low = -100
	if got := breakEven(f); !strings.Contains(got, "no difference shown between global and raw (at most 8.00 µs per call)") {
		t.Errorf("break-even: %s", got)
	}
	f.Series.Overhead.Extra, f.Series.Overhead.Low, f.Series.Overhead.High = -100, -110, -90
	if got := breakEven(f); !strings.Contains(got, "global costs 100 ns more per call than raw: under 5% for scripts above 2.00 µs") {
		t.Errorf("break-even: %s", got)
	}
}
