package tui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// testFlags are the flags of the test command.
type testFlags struct {
	scriptFlags
	update, ignoreOps bool
	jobs              int
}

// cmdTest replays transcripts of sessions, several at a time, and compares what came of
// each input with what is written there.
func cmdTest(ctx context.Context, s streams, args []string) int {
	var f testFlags
	f.timeout = time.Minute
	fs := newFlagSet("test", "[flags] FILE"+repl.TranscriptEnding+"...",
		"Replays sessions, which :save FILE"+repl.TranscriptEnding+" writes in the REPL, and says which inputs came to\nsomething else than is written there. Prints TAP, version 14. The exit code is 1 if anything differs.", s)
	fs.BoolVar(&f.update, "update", false, "write what came of the inputs into the files")
	fs.BoolVar(&f.ignoreOps, "ignore-ops", false, "operations may differ")
	fs.BoolVar(&f.json, "json", false, "print one JSON object per line and file")
	fs.IntVar(&f.jobs, "jobs", f.jobs, "how many files are replayed at the same time, `N`; 0 stands for one per processor")
	fs.DurationVar(&f.timeout, "timeout", f.timeout, "end a session after this `time`")
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	fs.Func("set", "`name=JSON` variable of the scope", func(x string) error { return f.variable(x, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(x string) error { return f.variable(x, true) })
	for _, k := range wire.LimitKeys {
		fs.Func(k.Name, k.About+"; `N` or unlimited", func(s string) error { return k.Set(&f.limits, s) })
	}
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	files := fs.Args()
	if f.jobs == 0 {
		f.jobs = runtime.GOMAXPROCS(0)
	}
	if len(files) == 0 || f.jobs < 1 || f.timeout <= 0 {
		fmt.Fprintln(s.err, "rhai-tui test: want files, --jobs not below 0 and --timeout above 0; see rhai-tui test --help")
		return exitUsage
	}
	if _, err := f.engine(""); err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	}
	if !f.json {
		fmt.Fprintf(s.out, "TAP version 14\n1..%d\n", len(files))
	}
	results := make([]chan testResult, len(files))
	for i := range results {
		results[i] = make(chan testResult, 1)
	}
	slots := make(chan struct{}, f.jobs)
	var wg sync.WaitGroup
	defer wg.Wait()
	go func() {
		for i, file := range files {
			slots <- struct{}{}
			wg.Go(func() {
				results[i] <- f.replay(ctx, file)
				<-slots
			})
		}
	}()
	code := exitOK
	// Each is shown as soon as those before it are.
	for i := range files {
		r := <-results[i]
		if !r.OK {
			code = exitScriptError
		}
		if f.json {
			writeJSON(s.out, r)
		} else {
			r.tap(s.out, i+1)
		}
	}
	if ctx.Err() != nil {
		return exitInterrupted
	}
	return code
}

// testResult is what came of a file.
type testResult struct {
	File    string     `json:"file"`
	OK      bool       `json:"ok"`
	Cells   int        `json:"cells"`
	Ops     int64      `json:"ops"`
	Elapsed int64      `json:"elapsed_ns"`
	Updated bool       `json:"updated,omitempty"`
	Error   string     `json:"error,omitempty"`
	Differ  []testDiff `json:"differ,omitempty"`
}

// testDiff is an input that came to something else.
type testDiff struct {
	Line  int    `json:"line"`
	Input string `json:"input"`
	Want  string `json:"want"`
	Got   string `json:"got"`
}

// replay runs a file.
func (f *testFlags) replay(ctx context.Context, file string) (r testResult) {
	r.File = file
	fail := func(err error) testResult {
		r.Error = err.Error()
		return r
	}
	text, err := repl.ReadRegular(file)
	if err != nil {
		return fail(errors.New(reason(err)))
	}
	list, want, err := repl.ParseTranscript(text)
	if err != nil {
		return fail(err)
	}
	eng, err := f.engine(filepath.Join(filepath.Dir(file), "session"))
	if err != nil {
		return fail(err)
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	start := time.Now()
	session := repl.New(repl.Options{
		Engine: eng, Modules: hostModules(), Scope: f.scope(""), Wants: (&scriptFlags{}).scope,
	})
	got := repl.Replay(ctx, session, list)
	r.Elapsed, r.Cells = time.Since(start).Nanoseconds(), len(got)
	if ctx.Err() != nil {
		return fail(fmt.Errorf("stopped at line %d: %w", list[max(len(got)-1, 0)].Line, context.Cause(ctx)))
	}
	for i := range got {
		x := &got[i]
		r.Ops += max(x.Ops, 0)
		if w, g := f.comparable(want[i]), f.comparable(x.Outcome()); w != g {
			r.Differ = append(r.Differ, testDiff{x.Line, x.Input, w, g})
		}
	}
	r.OK = len(r.Differ) == 0
	if f.update && !r.OK {
		if err := os.WriteFile(file, []byte(repl.FormatTranscript(got)), 0o666); err != nil {
			return fail(err)
		}
		r.OK, r.Updated = true, true
	}
	return r
}

// comparable leaves out of an outcome what may differ.
func (f *testFlags) comparable(outcome string) string {
	if !f.ignoreOps {
		return outcome
	}
	var b strings.Builder
	for l := range strings.Lines(outcome) {
		if !strings.HasPrefix(l, "# ") {
			b.WriteString(l)
		}
	}
	return b.String()
}

// tap writes the result as a test point.
func (r *testResult) tap(w io.Writer, n int) {
	state := "ok"
	if !r.OK {
		state = "not ok"
	}
	note := fmt.Sprintf("%d cells, %d ops", r.Cells, r.Ops)
	if r.Updated {
		note += ", updated"
	}
	fmt.Fprintf(w, "%s %d - %s (%s)\n", state, n, strings.ReplaceAll(r.File, "#", "\\#"), note)
	if r.OK {
		return
	}
	// The diagnosis is YAML, in which JSON strings are strings.
	quoted := func(s string) string {
		b, _ := json.Marshal(s)
		return string(b)
	}
	fmt.Fprintln(w, "  ---")
	if r.Error != "" {
		fmt.Fprintln(w, "  error:", quoted(r.Error))
	}
	if len(r.Differ) > 0 {
		fmt.Fprintln(w, "  differ:")
	}
	block := func(name, text string) {
		if text == "" {
			fmt.Fprintf(w, "      %s: \"\"\n", name)
			return
		}
		fmt.Fprintf(w, "      %s: |\n", name)
		for l := range strings.Lines(text) {
			fmt.Fprintln(w, "        "+strings.TrimSuffix(l, "\n"))
		}
	}
	for _, d := range r.Differ {
		fmt.Fprintf(w, "    - line: %d\n", d.Line)
		block("input", d.Input)
		block("want", d.Want)
		block("got", d.Got)
	}
	fmt.Fprintln(w, "  ...")
}
