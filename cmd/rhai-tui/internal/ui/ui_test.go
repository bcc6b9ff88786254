package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/comparepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/profilepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/replpane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// run carries out a command and what it leads to, except for what waits.
func (x *tester) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			x.run(c)
		}
	case tea.QuitMsg:
		x.m.quitting = true
	case replpane.DoneMsg, profilepane.DirMsg, pane.MeasureMsg, pane.NoticeMsg, replpane.HistoryMsg:
		x.run(x.update(msg))
	default:
		if name := fmt.Sprintf("%T", msg); strings.HasPrefix(name, "profilepane.") || strings.HasPrefix(name, "debugpane.") {
			x.run(x.update(msg))
		}
	}
}

func TestTableOfActions(t *testing.T) {
	ids := map[string]bool{}
	keys := map[pane.Scope]map[string]string{}
	for _, a := range newModel(t.Context(), testOptions()).actions {
		if ids[a.ID] || a.ID == "" {
			t.Errorf("id %q is there twice", a.ID)
		}
		ids[a.ID] = true
		if a.Title == "" || len(a.Keys) == 0 || a.Run == nil {
			t.Errorf("action %s has no title, key or function", a.ID)
		}
		for _, k := range a.Keys {
			if keys[a.Scope] == nil {
				keys[a.Scope] = map[string]string{}
			}
			if other := keys[a.Scope][k]; other != "" {
				t.Errorf("key %s is of %s and of %s", k, other, a.ID)
			}
			keys[a.Scope][k] = a.ID
		}
	}
}

func TestTabs(t *testing.T) {
	x := newTester(t, testOptions())
	for _, c := range []struct {
		key  string
		want pane.Tab
	}{
		{"3", pane.TabProfile}, {"1", pane.TabREPL}, {"2", pane.TabREPL}, {"alt+2", pane.TabCompare}, {"f4", pane.TabProfile}, {"f2", pane.TabREPL},
		{"f3", pane.TabCompare}, {"tab", pane.TabProfile}, {"tab", pane.TabREPL}, {"esc", pane.TabREPL}, {"tab", pane.TabCompare}, {"shift+tab", pane.TabREPL},
	} {
		x.press(c.key)
		if x.m.tab != c.want {
			t.Errorf("after %s: tab %d, want %d", c.key, x.m.tab, c.want)
		}
	}
}

// TestRest checks that the worker rests while the REPL is on the screen.
func TestRest(t *testing.T) {
	x := newTester(t, testOptions())
	s := x.attach()
	x.run(x.press("1"))
	x.run(x.press("alt+2"))
	x.run(x.press("space"))
	x.run(x.press("1"))
	x.run(x.press("alt+3"))
	x.run(x.press("alt+2"))
	x.run(x.press("space"))
	want := []wire.CommandKind{wire.Pause, wire.Resume, wire.Pause, wire.Resume}
	if !slices.Equal(s.kinds(), want) {
		t.Errorf("sent %v, want %v", s.kinds(), want)
	}
}

func TestCallers(t *testing.T) {
	x := newTester(t, testOptions())
	s := x.attach()
	for _, k := range []string{"-", "+", "+", "-"} {
		x.run(x.press(k))
	}
	var got []int
	for _, c := range s.sent {
		got = append(got, c.Callers)
	}
	if !slices.Equal(got, []int{2, 3, 2}) {
		t.Errorf("callers %v", got)
	}
}

// TestExamples chooses another example: the old worker goes, and answers of it
// are dropped.
func TestExamples(t *testing.T) {
	var started []wire.Config
	opts := testOptions()
	opts.Config.Callers = 3
	opts.Start = func(_ context.Context, cfg wire.Config) (compare.Measurement, error) {
		started = append(started, cfg)
		return newFakeRun(), nil
	}
	x := newTester(t, opts)
	old := x.attach()
	gen := x.m.compare.Gen()
	x.press("o", "w", "o")
	cmd := x.press("enter")
	for _, c := range cmd().(tea.BatchMsg) {
		if msg, ok := c().(comparepane.StartedMsg); ok {
			x.update(msg)
		}
	}
	if !old.closed || len(started) != 1 || started[0].Name != "words" || started[0].Callers != 3 {
		t.Errorf("closed %v, started %+v", old.closed, started)
	}
	x.update(comparepane.SnapshotMsg{Gen: gen, Snapshot: testSnapshot()})
	x.update(comparepane.EndedMsg{Gen: gen, Err: errKilled})
	if _, seen := x.m.compare.Snapshot(); seen || x.m.compare.Lost() != "" {
		t.Error("an answer of the old worker counts")
	}
}

// TestKilledWorker kills the worker; r starts another.
func TestKilledWorker(t *testing.T) {
	opts := testOptions()
	next := newFakeRun()
	opts.Start = func(context.Context, wire.Config) (compare.Measurement, error) { return next, nil }
	x := newTester(t, opts)
	s := x.attach()
	s.Close()
	x.update(comparepane.EndedMsg{Gen: x.m.compare.Gen(), Err: s.Err()})
	if got := x.screen(120, 36); !strings.Contains(got, "killed") || !strings.Contains(got, "Press r") {
		t.Errorf("the screen does not tell:\n%s", got)
	}
	for _, c := range batch(x.press("r")) {
		if msg, ok := c().(comparepane.StartedMsg); ok {
			x.update(msg)
		}
	}
	if x.m.compare.Running() != compare.Measurement(next) || x.m.compare.Lost() != "" {
		t.Error("no other worker")
	}
}

func batch(cmd tea.Cmd) []tea.Cmd {
	if cmd == nil {
		return nil
	}
	if b, ok := cmd().(tea.BatchMsg); ok {
		return b
	}
	return []tea.Cmd{cmd}
}

func TestStartFails(t *testing.T) {
	x := newTester(t, testOptions())
	x.update(comparepane.StartedMsg{Gen: x.m.compare.Gen(), Err: errors.New("no such file")})
	if got := x.screen(80, 24); !strings.Contains(got, "no such file") {
		t.Errorf("the screen does not tell:\n%s", got)
	}
}

func TestCapture(t *testing.T) {
	x := newTester(t, testOptions())
	s := x.attach()
	x.snapshot(testSnapshot())
	x.press("3", "B", "D")
	cmds := batch(x.press("enter"))
	if !x.m.profile.Busy() || !x.m.ticking {
		t.Fatal("no capture in progress")
	}
	x.run(cmds[0])
	if len(s.sent) != 1 || s.sent[0].Kind != wire.Capture {
		t.Fatalf("sent %+v", s.sent)
	}
	if o := s.sent[0].Capture; o.Dir != "/profiles/20260102-030405" || o.Duration.Seconds() != 5 || !slices.Equal(o.Strategies, []wire.Strategy{wire.Raw}) {
		t.Errorf("ordered %+v", o)
	}
	// A profile of an earlier capture does not end this one.
	f := testSnapshot()
	f.Profile = &wire.Profile{Files: []wire.ProfileFile{{Type: "cpu", Path: "/other/cpu.pb.gz"}}}
	x.snapshot(f)
	if !x.m.profile.Capturing() {
		t.Error("an old profile ended the capture")
	}
	f.Profile = testProfile()
	x.snapshot(f)
	if x.m.profile.Capturing() || x.m.profile.Copy() == "" {
		t.Error("the capture did not end")
	}
	x.load()
	x.update(tickMsg{})
	if x.m.ticking {
		t.Error("ticks go on while nothing runs")
	}
}

func TestREPLKeys(t *testing.T) {
	x := newTester(t, testOptions())
	x.press("1")
	x.typed("if true {")
	x.press("enter")
	x.typed("40 + 2")
	x.press("enter")
	x.typed("}")
	if got := x.m.repl.Text(); got != "if true {\n    40 + 2\n}" {
		t.Fatalf("text is %q", got)
	}
	x.run(batch(x.press("enter"))[0])
	if got := x.m.repl.Last(); got.Value != "42" {
		t.Errorf("result %+v", got)
	}
	x.eval("let abc = 1;")
	// History: prefix search, whole cells.
	x.press("up")
	if got := x.m.repl.Text(); got != "let abc = 1;" {
		t.Errorf("up gives %q", got)
	}
	x.press("up")
	if got := x.m.repl.Text(); !strings.HasPrefix(got, "if true {") {
		t.Errorf("up gives %q", got)
	}
	// Up and down move between the lines of a recalled cell first.
	x.press("down", "down")
	if row, _ := x.m.repl.Cursor(); row != 2 {
		t.Errorf("down goes to line %d", row)
	}
	x.press("ctrl+c")
	x.typed("le")
	x.press("up")
	if got := x.m.repl.Text(); got != "let abc = 1;" {
		t.Errorf("up after le gives %q", got)
	}
	x.press("down")
	if got := x.m.repl.Text(); got != "le" {
		t.Errorf("down gives %q", got)
	}
	// The suggestion from the history.
	x.press("right")
	if got := x.m.repl.Text(); got != "let abc = 1;" {
		t.Errorf("right takes %q", got)
	}
	x.press("right")
	// Completion.
	x.press("ctrl+u")
	x.typed("ab")
	x.press("tab")
	if got := x.m.repl.Text(); !strings.HasPrefix(got, "ab") {
		t.Errorf("tab gives %q", got)
	}
	// Paste never runs.
	x.press("esc", "ctrl+c")
	x.m.repl.SetText("")
	n := x.m.repl.Entries()
	x.update(tea.PasteMsg{Content: "1\n2\r\n3\n"})
	if got := x.m.repl.Text(); got != "1\n2\n3\n" || x.m.repl.Entries() != n {
		t.Errorf("paste gives %q", got)
	}
	x.press("ctrl+_")
	if got := x.m.repl.Text(); got != "" {
		t.Errorf("undo gives %q", got)
	}
}

// TestInterrupt stops an endless script by ctrl+c, and the session goes on.
func TestInterrupt(t *testing.T) {
	x := newTester(t, testOptions())
	x.press("1")
	x.eval("let n = 7;")
	for range 5 {
		x.m.ticking = false // so that a batch of two commands comes
		x.m.repl.SetText("n = 8; loop { }")
		cmds := batch(x.press("enter"))
		done := make(chan tea.Msg)
		go func() { done <- cmds[0]() }()
		x.typed("kept")
		x.press("ctrl+c")
		x.update(<-done)
		if x.m.repl.Running() != nil || !x.m.repl.Last().Stopped {
			t.Fatal("it was not stopped")
		}
		if got := x.m.repl.Text(); got != "kept" {
			t.Errorf("the input is %q", got)
		}
		x.press("ctrl+c")
	}
	x.eval("n")
	if got := x.m.repl.Last().Value; got != "7" {
		t.Errorf("n is %s", got)
	}
	x.press("ctrl+c")
	if x.m.quitting || !x.m.armed {
		t.Error("ctrl+c does not ask")
	}
	x.press("ctrl+c")
	if !x.m.quitting {
		t.Error("ctrl+c does not quit")
	}
}

func TestMeasureCell(t *testing.T) {
	var started wire.Config
	opts := testOptions()
	opts.Start = func(_ context.Context, cfg wire.Config) (compare.Measurement, error) {
		started = cfg
		return newFakeRun(), nil
	}
	x := newTester(t, opts)
	x.press("1")
	x.eval("fn f(a) { a + 1 } let n = 4; let g = |x| x;")
	x.typed("f(n)")
	for _, c := range batch(x.press("alt+c")) {
		if msg, ok := c().(pane.MeasureMsg); ok {
			for _, c := range batch(x.update(msg)) {
				c()
			}
		}
	}
	if x.m.tab != pane.TabCompare || !strings.Contains(started.Script, "fn f(a) { a + 1 }\nf(n)") || len(started.Vars) != 1 || started.Vars[0].Value != "4" {
		t.Errorf("measures %+v", started)
	}
}

// TestRandomKeys presses random keys: nothing panics and every screen is exact.
func TestRandomKeys(t *testing.T) {
	var keys []string
	for _, a := range newModel(t.Context(), testOptions()).actions {
		keys = append(keys, a.Keys...)
	}
	keys = append(keys, "a", "{", "}", "(", "\"", "`", "space", ".", "é", "字", ":", "1", "x")
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "ctrl+z" })
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		opts := testOptions()
		opts.Start = func(context.Context, wire.Config) (compare.Measurement, error) { return newFakeRun(), nil }
		x := newTester(t, opts)
		x.attach()
		for i := range 150 {
			switch rnd.IntN(25) {
			case 0:
				f := testSnapshot()
				if rnd.IntN(2) == 0 {
					f.Profile = testProfile()
				}
				x.snapshot(f)
			case 1:
				x.update(tickMsg{})
			case 2:
				x.update(tea.PasteMsg{Content: "let a = `x${1\n}`;\n"})
			case 3:
				if r := x.m.repl.Running(); r != nil {
					res := x.m.opts.REPL.Run(t.Context(), strings.ReplaceAll(r.Input(), ":", ""), r.Capture())
					x.update(replpane.DoneMsg{Run: r, Result: res})
				}
			default:
				x.press(keys[rnd.IntN(len(keys))])
			}
			if i%10 == 0 {
				w, h := 20+rnd.IntN(150), 5+rnd.IntN(50)
				content, _, _ := x.m.screen(w, h)
				x.exact(content, w, h)
			}
		}
	}
}

func TestHistoryFile(t *testing.T) {
	opts := testOptions()
	opts.History = filepath.Join(t.TempDir(), "state", "history")
	x := newTester(t, opts)
	x.run(replpane.LoadHistory(opts.History))
	x.press("1")
	for _, in := range []string{"1 + 1", " 2 + 2"} {
		x.m.repl.SetText(in)
		x.run(x.press("enter"))
	}
	text, err := os.ReadFile(opts.History)
	if err != nil || !regexp.MustCompile(`^"1 \+ 1"\n\{"input":"1 \+ 1","at":\d+,"ns":\d+,"ops":2\}\n$`).Match(text) {
		t.Errorf("file is %q, %v", text, err)
	}
}

// TestOutputIsHarmless checks that what scripts print cannot steer the terminal.
func TestOutputIsHarmless(t *testing.T) {
	x := newTester(t, testOptions())
	x.press("1")
	x.eval("print(\"a\\x1b[2J\\x07b\\u202ec\\u009b31m\"); \"\\x1b[2J\"")
	x.update(tea.WindowSizeMsg{Width: 80, Height: 24})
	content := ansi.Strip(x.m.View().Content)
	for _, r := range content {
		if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Errorf("screen holds %U", r)
		}
	}
}

func TestUnicodeTerminal(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, true},
		{map[string]string{"TERM": "linux", "LANG": "C.UTF-8"}, false},
		{map[string]string{"LANG": "C"}, false},
		{map[string]string{"LANG": "de_DE.UTF-8"}, true},
		{map[string]string{"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, false},
	} {
		if got := Unicode(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}

// hangUp sends the program the signal of a closed terminal; nil where there is none.
var hangUp func()

// TestRun runs the program itself, without a terminal: it ends by a key, by the
// end of its context, by a signal and by a panic, and always ends its worker.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(in io.Writer, s *fakeRun, cancel context.CancelFunc)
		want func(error) bool
	}{
		{"key", func(in io.Writer, _ *fakeRun, _ context.CancelFunc) { in.Write([]byte("q")) }, func(err error) bool { return err == nil }},
		{"context", func(_ io.Writer, _ *fakeRun, cancel context.CancelFunc) { cancel() }, func(err error) bool { return errors.Is(err, context.Canceled) }},
		{"signal", func(io.Writer, *fakeRun, context.CancelFunc) { hangUp() }, func(err error) bool {
			var s *SignalError
			return errors.As(err, &s) && s.ExitCode() == 129
		}},
		{"panic", nil, func(err error) bool { return errors.Is(err, tea.ErrProgramPanic) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "signal" && hangUp == nil {
				t.Skip("no signals here")
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			in, w := io.Pipe()
			defer w.Close()
			s := newFakeRun()
			opts := testOptions()
			started := make(chan struct{})
			opts.Input, opts.Output = in, &bytes.Buffer{}
			opts.Start = func(context.Context, wire.Config) (compare.Measurement, error) {
				close(started)
				if c.end == nil {
					panic("oops")
				}
				return s, nil
			}
			ended := make(chan error)
			go func() { ended <- Run(ctx, opts) }()
			<-started
			if c.end != nil {
				c.end(w, s, cancel)
			}
			if err := <-ended; !c.want(err) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestSafeGo(t *testing.T) {
	var g guard
	g.safeGo(func() { panic("oops") })
	g.safeGo(func() {})
	g.wait()
	if err := g.err(); err == nil || !strings.Contains(err.Error(), "oops") {
		t.Errorf("error is %v", err)
	}
}
