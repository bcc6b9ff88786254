package ui

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/comparepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/profilepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/replpane"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/internal/uitest"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
)

var update = flag.Bool("update", false, "write the golden screens")

// sizes are those of the golden screens.
var sizes = [][2]int{{120, 36}, {80, 24}, {60, 16}, {40, 12}}

// wideSizes are those of the screens of comparisons and profiles, which have more to show.
var wideSizes = append([][2]int{{200, 60}}, sizes...)

func testOptions() Options {
	return Options{
		Examples: []comparepane.Example{
			{Name: "pricing", Description: "an order with discounts", Script: "let total = 0;\nfor i in 0..10 { total += i; }\ntotal"},
			{Name: "words", Description: "count the words of a text", Script: "let counts = #{};\ncounts"},
		},
		REPL:       repl.New(repl.Options{Engine: engine.New(packages.Standard()), Modules: []*engine.Module{packages.Standard().SharedModule()}}),
		ProfileDir: "/profiles",
		Source:     func(string) ([]byte, error) { return []byte(profiletest.PricingSource), nil },
		NoColor:    true,
		Theme:      "dark",
		Now:        func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

// testFrame is a snapshot with all numbers.
func testSnapshot() wire.Snapshot {
	wave := func(base float64) []float64 {
		out := make([]float64, 60)
		for i := range out {
			out[i] = base * (1 + 0.2*float64(i*7%11)/10)
		}
		return out
	}
	return wire.Snapshot{
		State: wire.Running, Name: "pricing", PID: 4411, Callers: 4, Rounds: 148, Elapsed: 37 * time.Second, Batch: 256,
		A: wire.Side{
			Strategy: wire.Global, Calls: 37888, Throughput: 412345, Mean: 19400, P50: 18900, P90: 24100, P99: 41000, P999: 212000,
			Max: 1.9e6, GroupOf: 1, AllocsPerOp: 7, BytesPerOp: 412, OpsPerCall: 31, GCCycles: 3, GCPause99: 88e3, GCShare: 0.012, HeapLive: 2.1e6, MutexWait: 6.2e6, MutexHolder: "engine.(*links).slow", Spark: wave(19400),
			Sparks: wire.Sparks{P50: wave(18900), P99: wave(41000), Allocs: wave(7), GC: collections(9)}, P9999: 1.1e6,
		},
		B: wire.Side{
			Strategy: wire.Raw, Calls: 37888, Throughput: 290210, Mean: 27500, P50: 26800, P90: 33000, P99: 58000, P999: 241000,
			Max: 2.4e6, GroupOf: 1, AllocsPerOp: 31, BytesPerOp: 5939, OpsPerCall: 31, GCCycles: 41, GCPause99: -1, GCShare: -1, HeapLive: 1.2e6, Spark: wave(27500),
			Sparks: wire.Sparks{P50: wave(26800), P99: wave(58000), Allocs: wave(31), GC: collections(3)}, P9999: 1.4e6,
		},
		Ratio: 1.42, Low: 1.38, High: 1.47, Same: true, Value: "45",
		Output: wire.Output{Text: "total 45\ndone\n", Bytes: 14},
		WarmUp: wire.WarmUp{Rounds: 6, Time: time.Second, Steady: true},
		Parity: []wire.Parity{{What: "packages", A: "standard", B: "standard"}, {What: "limits", A: "none", B: "none"}},
		Series: &wire.Progress{
			Process: 6, Processes: 10, Round: 12, Rounds: 30,
			Verdict: stats.Verdict{Outcome: stats.AFaster, Ratio: 1.42, Low: 1.397, High: 1.453, Noise: 0.009, Confidence: 0.95, Reason: "the interval is above 1", Processes: 6, Rounds: 162},
			Results: make([]wire.Result, 5),
			Tails: []wire.Tail{
				{Name: "mean", Ratio: 1.42, Low: 1.38, High: 1.46}, {Name: "p50", Ratio: 1.42, Low: 1.40, High: 1.45},
				{Name: "p90", Ratio: 1.37, Low: 1.35, High: 1.40}, {Name: "p99", Ratio: 1.41, Low: 1.33, High: 1.50}, {Name: "p99.9", Ratio: 1.14, Low: 0.91, High: 1.38},
			},
			Overhead: &wire.Overhead{
				A:     []wire.Phase{{Name: "engine", Time: 0.2, Low: -1, High: 1.4}, {Name: "register", Low: -1, High: 0.9}, {Name: "scope", Time: 110, Low: 100, High: 120}, {Name: "link", Time: 24, Low: 20, High: 28}, {Name: "run", Time: 18e3, Low: 17e3, High: 19e3}},
				B:     []wire.Phase{{Name: "engine", Time: 54, Low: 50, High: 58}, {Name: "register", Time: 7.8e3, Low: 7.7e3, High: 7.9e3}, {Name: "scope", Time: 110, Low: 100, High: 120}, {Name: "link", Time: 25, Low: 20, High: 30}, {Name: "run", Time: 18e3, Low: 17e3, High: 19e3}},
				Extra: 7.9e3, Low: 7.8e3, High: 8e3,
			},
		},
	}
}

// collections are rounds of which every n-th has one.
func collections(n int) []float64 {
	out := make([]float64, 60)
	for i := range out {
		if i%n == 0 {
			out[i] = 1
		}
	}
	return out
}

// histogram is one of latencies around a middle.
func histogram(middle float64) []byte {
	h := hdrhistogram.New(1, 600e9, 3)
	for i := range 2000 {
		x := float64(i%100)/50 - 1
		_ = h.RecordValue(int64(middle * (1 + 0.3*x*x*x)))
	}
	data, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		panic(err)
	}
	return data
}

// plotFrame is a snapshot with distributions.
func plotSnapshot() wire.Snapshot {
	f := testSnapshot()
	f.A.Histogram, f.B.Histogram = histogram(18900), histogram(26800)
	return f
}

// endedFrame is the last snapshot of a series.
func endedSnapshot(o stats.Outcome, ratio, low, high float64) wire.Snapshot {
	f := testSnapshot()
	f.State, f.Ratio, f.Low, f.High = wire.Finished, ratio, low*0.98, high*1.02
	s := f.Series
	// The times of B go with the verdict.
	k := ratio / s.Verdict.Ratio
	b := &f.B
	for _, x := range []*float64{&b.Mean, &b.P50, &b.P90, &b.P99, &b.P999, &b.P9999, &b.Max} {
		*x *= k
	}
	b.Throughput /= k
	for i := range s.Tails {
		t := &s.Tails[i]
		t.Ratio, t.Low, t.High = t.Ratio*k, t.Low*k, t.High*k
	}
	s.Process, s.Round, s.Ended, s.Results = 10, 30, "the maximum of 10 processes was reached", make([]wire.Result, 10)
	s.Verdict = stats.Verdict{Outcome: o, Ratio: ratio, Low: low, High: high, Noise: 0.012, Confidence: 0.95, Reason: "the interval contains 1", Processes: 10, Rounds: 300}
	return f
}

// testProfile is the outcome of a capture.
func testProfile() *wire.Profile {
	p := &wire.Profile{Strategies: []wire.Strategy{wire.Global, wire.Raw}, Duration: 2 * time.Second}
	for _, kind := range []string{"cpu", "allocs", "mutex", "block"} {
		p.Files = append(p.Files, wire.ProfileFile{Type: kind, Path: "/profiles/20260102-030405/" + kind + ".pb.gz", Unit: "nanoseconds", Total: 2e9})
	}
	return p
}

// load gives the pane the profile that it waits for.
func (x *tester) load() {
	x.t.Helper()
	d, err := view.New(profiletest.Pricing())
	if err != nil {
		x.t.Fatal(err)
	}
	x.run(x.update(profilepane.LoadedMsg{Path: "/profiles/20260102-030405/cpu.pb.gz", Data: d}))
}

// profiled shows a profile that was captured, and presses keys there.
func profiled(keys ...string) func(x *tester) {
	return func(x *tester) {
		x.attach()
		x.press("3", "P")
		x.update(profilepane.DirMsg{Dir: "/profiles/20260102-030405"})
		f := testSnapshot()
		f.State = wire.Profiling
		x.snapshot(f)
		f = testSnapshot()
		f.Profile = testProfile()
		x.snapshot(f)
		x.load()
		for _, k := range keys {
			if text, typed := strings.CutPrefix(k, "type:"); typed {
				x.typed(text)
				continue
			}
			x.run(x.press(k))
		}
	}
}

// against chooses a comparison of the two sides.
func against(keys ...string) func(x *tester) {
	return func(x *tester) {
		profiled("d")(x)
		x.typed("raw against")
		x.run(x.press("enter"))
		for _, k := range keys {
			x.run(x.press(k))
		}
	}
}

// tester drives a model without a terminal: commands do not run.
type tester struct {
	t *testing.T
	m *model
}

func newTester(t *testing.T, opts Options) *tester {
	if opts.Start == nil {
		opts.Start = func(context.Context, wire.Config) (compare.Measurement, error) { return newFakeRun(), nil }
	}
	m := newModel(t.Context(), opts)
	x := &tester{t, m}
	x.m.compare.Begin()
	x.update(tea.WindowSizeMsg{Width: 120, Height: 36})
	return x
}

func (x *tester) update(msg tea.Msg) tea.Cmd {
	_, cmd := x.m.Update(msg)
	return cmd
}

// attach gives the model a session that answers nothing.
func (x *tester) attach() *fakeRun {
	s := newFakeRun()
	x.update(comparepane.StartedMsg{Gen: x.m.compare.Gen(), Run: s})
	return s
}

// pending are the numbers of callers that a sweep has still to measure.
func pending(x *tester) []int {
	list, _ := x.m.compare.Sweep()
	return list
}

func (x *tester) snapshot(f wire.Snapshot) {
	x.update(comparepane.SnapshotMsg{Gen: x.m.compare.Gen(), Snapshot: f})
}

// press presses keys by name, such as ctrl+c, or types text that is no name.
func (x *tester) press(keys ...string) (last tea.Cmd) {
	for _, k := range keys {
		last = x.update(tea.KeyPressMsg(uitest.Key(k)))
	}
	return last
}

// typed types text, line breaks by alt+enter.
func (x *tester) typed(text string) {
	for i, l := range strings.Split(text, "\n") {
		if i > 0 {
			x.press("alt+enter")
		}
		for _, r := range l {
			if r == ' ' {
				x.press("space")
			} else {
				x.press(string(r))
			}
		}
	}
}

// eval runs the input in the editor to its end, with a fixed time.
func (x *tester) eval(text string) {
	x.t.Helper()
	x.m.repl.SetText(text)
	x.press("enter")
	run := x.m.repl.Running()
	if run == nil {
		x.t.Fatalf("%q does not run", text)
	}
	r := x.m.opts.REPL.Run(x.t.Context(), text, run.Capture())
	r.Elapsed, r.Ops = 41*time.Microsecond, 12
	r.Allocated = min(r.Allocated, 640)
	x.update(replpane.DoneMsg{Run: run, Result: r})
}

// golden compares the screen in all sizes with the files in testdata.
func (x *tester) golden(name string) {
	x.t.Helper()
	list := sizes
	if strings.HasPrefix(name, "profile_") || strings.HasPrefix(name, "compare_") {
		list = wideSizes
	}
	for _, s := range list {
		got := x.screen(s[0], s[1])
		path := filepath.Join("testdata", name+"_"+itoa(s[0])+"x"+itoa(s[1])+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				x.t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			x.t.Fatal(err)
		}
		if got != string(want) {
			x.t.Errorf("%s is\n%s\nwant\n%s", path, got, want)
		}
	}
}

// screen is the content of View for a size, without styles.
func (x *tester) screen(w, h int) string {
	x.t.Helper()
	x.update(tea.WindowSizeMsg{Width: w, Height: h})
	content := x.m.View().Content
	x.exact(content, w, h)
	return ansi.Strip(content) + "\n"
}

// exact checks that a screen has exactly h lines of w cells.
func (x *tester) exact(content string, w, h int) {
	x.t.Helper()
	lines := strings.Split(content, "\n")
	if len(lines) != h {
		x.t.Fatalf("%dx%d: %d lines", w, h, len(lines))
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != w {
			x.t.Fatalf("%dx%d: line %d has %d cells: %q", w, h, i, n, ansi.Strip(l))
		}
	}
}

func itoa(n int) string {
	s := ""
	for ; n > 0; n /= 10 {
		s = string(rune('0'+n%10)) + s
	}
	return s
}

// states are the screens that matter.
var states map[string]func(x *tester)

func init() {
	states = map[string]func(x *tester){
		"compare_starting": func(x *tester) {},
		"compare_running":  func(x *tester) { x.attach(); x.snapshot(testSnapshot()) },
		"compare_grouped": func(x *tester) {
			x.attach()
			f := testSnapshot()
			f.A.GroupOf, f.B.GroupOf = 64, 64
			f.Ratio, f.Low, f.High = 1.004, 0.98, 1.02
			f.Same, f.Difference = false, "value 1 against 2"
			f.Series.Verdict.Outcome, f.Series.Verdict.Reason = stats.ResultsDiffer, f.Difference
			f.Output, f.Value = wire.Output{}, ""
			x.snapshot(f)
			x.press("space")
		},
		"compare_progress": func(x *tester) {
			x.attach()
			f := testSnapshot()
			f.Series.Process, f.Series.Verdict = 3, stats.Verdict{
				Outcome: stats.NotEnoughData, Ratio: 1.41, Low: 1.2, High: 1.62, Noise: 0.04, Processes: 3, Rounds: 72, Reason: "a verdict takes 5 processes of 5 rounds or more, there are 3",
			}
			f.Series.Failures = []wire.Failure{{Process: 2, PID: 77, Error: "the worker ended: signal: killed"}}
			x.snapshot(f)
		},
		"compare_faster": func(x *tester) { x.attach(); x.snapshot(endedSnapshot(stats.BFaster, 0.823, 0.801, 0.845)) },
		"compare_equal":  func(x *tester) { x.attach(); x.snapshot(endedSnapshot(stats.NoDifference, 1.004, 0.99, 1.018)) },
		"compare_few":    func(x *tester) { x.attach(); x.snapshot(endedSnapshot(stats.NotEnoughData, 1.004, 0.8, 1.3)) },
		"compare_hist":   func(x *tester) { x.attach(); x.snapshot(plotSnapshot()); x.press("h") },
		"compare_cdf":    func(x *tester) { x.attach(); x.press("c"); x.snapshot(plotSnapshot()) },
		"compare_zoomed": func(x *tester) { x.attach(); x.snapshot(testSnapshot()); x.press("]", "]") },
		"compare_two": func(x *tester) {
			opts := x.m.opts
			opts.Config = wire.Config{Name: "old.rhai", Script: "1 + 1", File: "old.rhai", Second: &wire.Script{Name: "rules/new.rhai", Text: "2", File: "rules/new.rhai"}}
			*x = *newTester(x.t, opts)
			x.attach()
			f := endedSnapshot(stats.BFaster, 0.823, 0.801, 0.845)
			f.Name, f.A.Script, f.B.Script, f.B.Strategy, f.B.OpsPerCall = "old.rhai", "old.rhai", "rules/new.rhai", wire.Global, 27
			x.snapshot(f)
		},
		"compare_verdicts": func(x *tester) {
			x.attach()
			x.snapshot(endedSnapshot(stats.AFaster, 1.42, 1.397, 1.453))
			x.press("b", "a")
			x.attach()
			f := endedSnapshot(stats.NoDifference, 1.004, 0.99, 1.018)
			f.B.Strategy = wire.Global
			x.snapshot(f)
			x.press("l")
		},
		"compare_missing": func(x *tester) {
			x.attach()
			x.snapshot(wire.Snapshot{State: wire.Failed, PID: 1, Error: &wire.ScriptError{
				Message: "Variable not found: total (line 1, position 1)", Kind: "ErrorVariableNotFound", Line: 1, Column: 1, Source: "total * 2",
			}})
			x.press("s")
		},
		"compare_script": func(x *tester) { x.attach(); x.snapshot(testSnapshot()); x.press("v") },
		"compare_itself": func(x *tester) {
			x.attach()
			f := endedSnapshot(stats.NoDifference, 1.001, 0.99, 1.012)
			f.B.Strategy = wire.Global
			f.Rate = 5000
			f.Parity[1].B = "1 MB"
			x.snapshot(f)
		},
		"compare_sweep": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.m.compare.ShowSweep([2][]stats.Point{
				{{Callers: 1, Throughput: 100e3}, {Callers: 2, Throughput: 190e3}, {Callers: 3, Throughput: 270e3}, {Callers: 4, Throughput: 340e3}, {Callers: 8, Throughput: 345e3}},
				{{Callers: 1, Throughput: 80e3}, {Callers: 2, Throughput: 150e3}, {Callers: 3, Throughput: 210e3}, {Callers: 4, Throughput: 212e3}, {Callers: 8, Throughput: 213e3}},
			}, 4)
		},
		"compare_error": func(x *tester) {
			x.attach()
			x.snapshot(wire.Snapshot{State: wire.Failed, PID: 1, Error: &wire.ScriptError{
				Message: "Variable not found: rates", Kind: "ErrorVariableNotFound", Line: 2, Column: 13, Source: "    let r = rates[cur];",
			}})
		},
		"compare_killed": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.update(comparepane.EndedMsg{Gen: x.m.compare.Gen(), Err: errKilled})
		},
		"compare_examples": func(x *tester) { x.attach(); x.snapshot(testSnapshot()); x.press("o", "down") },
		"help":             func(x *tester) { x.attach(); x.snapshot(testSnapshot()); x.press("?") },
		"profile_empty":    func(x *tester) { x.attach(); x.snapshot(testSnapshot()); x.press("3", "A") },
		"profile_capturing": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.press("3", "P")
		},
		"profile_failed": func(x *tester) {
			x.attach()
			x.snapshot(testSnapshot())
			x.press("3", "P")
			x.snapshot(wire.Snapshot{State: wire.Failed, PID: 1, Error: &wire.ScriptError{Message: "Variable not found: rates", Line: 2, Column: 13}})
		},
		"profile_failed_again": func(x *tester) {
			profiled()(x)
			x.press("P")
			x.snapshot(wire.Snapshot{State: wire.Failed, PID: 1, Error: &wire.ScriptError{Message: "Variable not found: rates", Line: 2, Column: 13}})
		},
		"profile_flame":               profiled(),
		"profile_zoom":                profiled("up", "enter", "down"),
		"profile_invert":              profiled("i", "down", "right"),
		"profile_sandwich":            profiled("s"),
		"profile_top":                 profiled("v", "down", ">", "t"),
		"profile_tree":                profiled("v", "v", "down", "down"),
		"profile_peek":                profiled("v", "v", "v", "up"),
		"profile_source":              profiled("v", "v", "v", "v"),
		"profile_search":              profiled("/", "type:fib|price", "enter", "n"),
		"profile_typing":              profiled("/", "type:fib("),
		"profile_filters":             profiled("f", "F", "type:tagfocus=strategy=raw"),
		"profile_crumbs":              profiled("v", "f", "v", "down", "x", "g"),
		"profile_diff":                against(),
		"profile_diff_ops":            against("t", "v"),
		"profile_diff_all":            against("v", "v"),
		"profile_bases":               profiled("d"),
		"profile_export":              profiled("e"),
		"profile_empty_after_filters": profiled("F", "type:zz", "enter", "backspace", "backspace", "F", "ctrl+u", "type:focus=nothing_is_called_so", "enter"),
		"repl_empty":                  func(x *tester) { x.press("1") },
		"repl_cells": func(x *tester) {
			x.press("1")
			x.eval("let rates = #{ eur: 1.08, gbp: 1.27 };")
			x.eval("fn price(qty, r) {\n    qty * r * factor\n}")
			x.eval("price(3, rates.eur)")
			x.eval("print(\"hello\"); 40 + 2")
			x.eval("[1, 2, 3]")
			x.typed("fn total(items) {\n    // sum")
		},
		"repl_complete": func(x *tester) {
			x.press("1")
			x.eval("let table = #{ alpha: 1 }; let tables = 2; const TAU = 6;")
			x.eval("fn tally(a, b) { a }")
			x.typed("tab")
			x.press("tab")
		},
		"repl_complete_member": func(x *tester) {
			x.press("1")
			x.eval("let order = #{ customer: \"x\", currency: \"eur\", lines: [1, 2] };")
			x.typed("order.cu")
			x.press("tab")
		},
		"repl_hint": func(x *tester) {
			x.press("1")
			x.eval("let total = 5;")
			x.eval("totla + 1")
			x.eval("fn f(n) { n + total } f(1)")
		},
		"repl_value": func(x *tester) {
			x.press("1")
			x.eval("#{ customer: #{ name: \"Ada Lovelace\", address: #{ street: \"St James Square 12\", city: \"London\" } }, lines: [1, 2] }")
			x.eval("let k = 3; [|x| x * k, |q| q]")
		},
		"repl_value_viewer": func(x *tester) {
			x.press("1")
			x.eval("let a = []; for i in 0..300 { a.push(i * i); } a")
			x.press("alt+o")
		},
		"repl_signature": func(x *tester) {
			x.press("1")
			x.eval("fn tally(items, most) { items }")
			x.eval("tally([1, 2, 3], 2)")
			x.typed("tally([1, ")
			x.press("backspace")
			x.typed(" 2")
		},
		"repl_running": func(x *tester) {
			x.press("1")
			x.typed("loop { }")
			x.press("enter")
			x.m.repl.Running().Capture().Print("still here")
			x.update(tickMsg{})
		},
		"repl_palette": func(x *tester) {
			x.press("1", "alt+x")
			x.typed("comp")
		},
		"repl_history": func(x *tester) {
			states["repl_cells"](x)
			x.press("ctrl+c", "ctrl+r")
		},
		"repl_confirm": func(x *tester) {
			x.press("1")
			x.m.do(pane.Request{Open: x.m.repl.Confirm(repl.Ask{Kind: repl.AskConfirm, Text: "prices.rhai is there already: write over it?", Input: ":save prices.rhai !"}).Open})
		},
		"repl_typing": func(x *tester) {
			x.press("1")
			x.eval("let order = #{ customer: \"x\", currency: \"eur\", lines: [1, 2] };")
			x.typed("order.c")
		},
		"repl_doc": func(x *tester) {
			x.press("1")
			x.eval("/// Adds up the first items.\n/// Items that are no numbers count as 0.\nfn tally(items, most) { items }")
			x.typed("tally(")
		},
		"repl_selection": func(x *tester) {
			x.press("1")
			x.typed("let a = (1 + 2)\n    * f(a, [b])")
			x.press("shift+left", "shift+left", "shift+left", "shift+up")
		},
		"repl_long": func(x *tester) {
			x.press("1")
			x.update(tea.PasteMsg{Content: strings.Repeat("let total = price(3, \"eur\") + 字幕;\n", 60)})
			x.press("up", "up")
		},
		"repl_commands": func(x *tester) {
			x.press("1")
			x.eval(":help")
		},
		"repl_fold": func(x *tester) {
			states["repl_value"](x)
			x.eval("#{ customer: #{ name: \"Ada Lovelace\", address: #{ street: \"St James Square 12\", city: \"London\" } }, lines: [1, 2] }")
			x.press("alt+o", "down", "left")
		},
		"repl_failed": func(x *tester) {
			x.press("1")
			x.eval("fn outer(n) { inner(n) }\nfn inner(n) { n + missing }")
			x.eval("outer(1)")
		},
		"repl_left": func(x *tester) { states["repl_cells"](x); x.press("esc", "k", "ctrl+c") },
	}
	maps.Copy(states, parityStates())
}

func TestGoldenScreens(t *testing.T) {
	for name, set := range states {
		t.Run(name, func(t *testing.T) {
			x := newTester(t, testOptions())
			set(x)
			x.golden(name)
		})
	}
}

// TestGoldenAlone shows a profile alone, as rhai-tui view does.
func TestGoldenAlone(t *testing.T) {
	for name, keys := range map[string][]string{"profile_alone": nil, "profile_alone_help": {"?"}, "profile_alone_about": {"I"}, "profile_alone_filter": {"f", "tab", "alt+1", "2"}} {
		opts := testOptions()
		d, err := view.New(profiletest.Pricing())
		if err != nil {
			t.Fatal(err)
		}
		opts.View = &View{Data: d, Title: "script.pb.gz", Query: view.Query{Filters: []view.Filter{{Kind: view.TagFocus, Pattern: "strategy=raw"}}}}
		m := newModel(t.Context(), opts)
		x := &tester{t, m}
		x.run(m.Init())
		for _, k := range keys {
			x.run(x.press(k))
		}
		x.golden(name)
	}
}

// TestViewWritesNothing draws every state in many sizes: the panes and the list
// over them are as before.
func TestViewWritesNothing(t *testing.T) {
	for name, set := range states {
		x := newTester(t, testOptions())
		set(x)
		dump := func() string {
			s := fmt.Sprintf("%+v %+v %+v", *x.m.compare, *x.m.profile, *x.m.repl)
			if x.m.overlay != nil {
				s += fmt.Sprintf("%+v", *x.m.overlay.List)
			}
			return s
		}
		before := dump()
		for w := 20; w <= 200; w += 20 {
			for h := 5; h <= 60; h += 5 {
				x.m.screen(w, h)
			}
		}
		if dump() != before {
			t.Errorf("%s: drawing changed the state", name)
		}
	}
}

// TestExactLines checks every state in many sizes, with and without ASCII.
func TestExactLines(t *testing.T) {
	for name, set := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, ascii := range []bool{false, true} {
				opts := testOptions()
				opts.ASCII, opts.NoColor = ascii, false
				x := newTester(t, opts)
				set(x)
				for w := 20; w <= 220; w += 1 + w/14 {
					for h := 5; h <= 70; h += 1 + h/6 {
						content, cx, cy := x.m.screen(w, h)
						x.exact(content, w, h)
						if cx >= w || cy >= h {
							t.Fatalf("%dx%d: cursor at %d,%d", w, h, cx, cy)
						}
						if ascii && strings.IndexFunc(ansi.Strip(content), func(r rune) bool { return r >= 0x80 }) >= 0 {
							t.Fatalf("%dx%d: not ASCII:\n%s", w, h, ansi.Strip(content))
						}
					}
				}
			}
		})
	}
}
