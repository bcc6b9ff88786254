package main

import (
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// measuredFrame is a comparison with every number there is.
func measuredFrame() bench.Frame {
	return bench.Frame{
		State: bench.Finished, Name: "pricing.rhai", Callers: 8, Rounds: 148, Elapsed: 2100 * time.Millisecond, Batch: 256,
		A: bench.Side{
			Strategy: bench.Global, Calls: 412345, Throughput: 412300.4, Mean: 19400, P50: 18900, P90: 24100, P99: 41000, P999: 212000, Max: 1.9e6,
			AllocsPerOp: 7, BytesPerOp: 412, OpsPerCall: 31, GCCycles: 3, MutexWait: 6.2e6,
		},
		B: bench.Side{
			Strategy: bench.Raw, Calls: 412345, Throughput: 290200, Mean: 27500, P50: 26800, P90: 33000, P99: 58000, P999: -1, Max: 2.4e6,
			AllocsPerOp: 31, BytesPerOp: 58123, OpsPerCall: 31, GCCycles: 41,
		},
		Ratio: 1.42, Low: 1.4, High: 1.45, Same: true, Value: "3.888", Output: bench.Output{Bytes: 1234},
	}
}

const wantReport = `pricing.rhai: 8 callers, 148 rounds of 256 calls in 2.1 s

              A global       B raw     B/A
throughput   412,300/s   290,200/s   0.70x
mean           19.4 µs     27.5 µs   1.42x
p50            18.9 µs     26.8 µs   1.42x
p90            24.1 µs     33.0 µs   1.37x
p99            41.0 µs     58.0 µs   1.41x
p99.9           212 µs           -
max            1.90 ms     2.40 ms   1.26x
allocs/op            7          31   4.43x
bytes/op           412     58.1 kB   141.08x
ops/call            31          31   1.00x
gc cycles            3          41
mutex wait   6.20 ms/s           0
calls          412,345     412,345

value    3.888
output   1,234 bytes per call
results  value, output and operations are the same on both sides

raw is 1.42x slower than global: it takes 1.420x the time per call (half of the rounds between 1.400 and 1.450), 8.15 µs more.
`

func TestReport(t *testing.T) {
	var b strings.Builder
	report(&b, measuredFrame())
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
	f := measuredFrame()
	f.A.GroupOf, f.B.GroupOf = 9, 9
	f.Same, f.Difference = false, "global gives 1, raw gives 2"
	var b strings.Builder
	report(&b, f)
	got := b.String()
	if strings.Contains(got, "p99.9") || strings.Contains(got, "max") || !strings.Contains(got, "means of 9 calls") {
		t.Errorf("groups:\n%s", got)
	}
	if !strings.Contains(got, "DIFFER: global gives 1") || !strings.Contains(got, "No verdict: the results differ") {
		t.Errorf("differences:\n%s", got)
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		change func(*bench.Frame)
		want   string
	}{
		{func(*bench.Frame) {}, "raw is 1.42x slower than global"},
		{func(f *bench.Frame) { f.Ratio, f.Low, f.High = 0.5, 0.4, 0.6 }, "raw is 2.00x faster than global"},
		{func(f *bench.Frame) { f.Ratio, f.Low, f.High = 0.5, 0.4, 0.6 }, "9.70 µs less"},
		{func(f *bench.Frame) { f.Ratio, f.Low, f.High = 1.01, 0.99, 1.02 }, "No difference shown: raw takes 1.010x the time of global"},
		{func(f *bench.Frame) { f.Rounds = 0 }, "there is no complete round"},
		{func(f *bench.Frame) { f.Rounds = 1 }, "1 round is too few"},
		{func(f *bench.Frame) { f.B.Strategy = bench.Global }, "B (global) is 1.42x slower than A (global)"},
	} {
		f := measuredFrame()
		c.change(&f)
		if got := verdict(f); !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("verdict = %q, want %q in it", got, c.want)
		}
	}
}

func TestSpanFormats(t *testing.T) {
	for ns, want := range map[float64]string{
		-1: "-", 0: "0 ns", 5: "5.00 ns", 99.96: "100 ns", 999.6: "1.00 µs", 1234: "1.23 µs", 45678: "45.7 µs", 1e6: "1.00 ms", 2.5e9: "2.50 s",
	} {
		if got := span(ns); got != want {
			t.Errorf("span(%v) = %q, want %q", ns, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 12: "12", 123: "123", 1234: "1,234", 1234567: "1,234,567", -123: "-123", -1234: "-1,234"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestGate(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"ratio>1.05", exitGate}, {"ratio.hi > 1.45", exitOK}, {"ratio.lo<1.41", exitGate}, {"b.allocs>31", exitOK}, {"b.allocs>30.5", exitGate}, {"a.ops<31", exitOK},
	} {
		g, err := parseGate(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got := g.code(measuredFrame()); got != c.want {
			t.Errorf("%s gives %d, want %d", c.text, got, c.want)
		}
	}
	for _, text := range []string{"", "ratio", "heat>1", "ratio>x", ">1"} {
		if _, err := parseGate(text); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	g, err := parseGate("ratio>9")
	if err != nil {
		t.Fatal(err)
	}
	f := measuredFrame()
	f.Same = false
	if got := g.code(f); got != exitUntrusted {
		t.Errorf("different results give %d", got)
	}
	f = measuredFrame()
	f.Rounds = leastRounds - 1
	if got := g.code(f); got != exitUntrusted {
		t.Errorf("few rounds give %d", got)
	}
}

func TestTopTable(t *testing.T) {
	f := bench.ProfileFile{Type: "allocs", Unit: "bytes", Total: 40000, Top: []bench.TopLine{
		{Function: "engine.NewScope", Flat: 30000, Cum: 40000, By: map[bench.Strategy]int64{bench.Raw: 20000, bench.Global: 10000}},
		{Function: "main.main", Cum: 40000},
	}}
	var b strings.Builder
	topTable(&b, f, []bench.Strategy{bench.Global, bench.Raw})
	want := "\nallocs: 40.0 kB in all\n" +
		"   flat   flat%       cum     cum%    global       raw   function\n" +
		"30.0 kB   75.0%   40.0 kB   100.0%   10.0 kB   20.0 kB   engine.NewScope\n"
	if got := b.String(); got != want {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
}
