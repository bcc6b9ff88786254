package debug_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

const script = `fn add(a, b) {
    let sum = a + b;
    sum
}
let list = [1, 2, 3];
let total = 0;
for x in list {
    total = add(total, x);
}
let big = list.map(|x| {
    let y = x * 2;
    y
});
try { throw "oops" } catch (e) { big.push(e); }
total + max(list[0], 4)`

func newSession(t *testing.T, src string, free bool) *debug.Session {
	t.Helper()
	eng := engine.New(packages.Standard())
	eng.SetOptimization(engine.OptimizeNone)
	ast, err := eng.CompileNamed("d.rhai", src)
	if err != nil {
		t.Fatal(err)
	}
	s := debug.New(debug.Options{Engine: eng, AST: ast, Free: free})
	t.Cleanup(s.End)
	return s
}

// next returns the next event.
func next(t *testing.T, s *debug.Session) debug.Event {
	t.Helper()
	select {
	case e := <-s.Events():
		return e
	case <-time.After(time.Minute):
		t.Fatal("nothing happens")
	}
	return debug.Event{}
}

var took = regexp.MustCompile(`, [0-9.]+ (ns|µs|ms|s)\)`)

// play executes commands and returns what a user sees.
func play(t *testing.T, s *debug.Session, commands string) string {
	t.Helper()
	var b strings.Builder
	say := func(e debug.Event) { fmt.Fprintln(&b, took.ReplaceAllString(s.Describe(e), ")")) }
	s.Start(context.Background())
	say(next(t, s))
	for line := range strings.SplitSeq(commands, "\n") {
		fmt.Fprintln(&b, "dbg>", line)
		out, err := s.Do(context.Background(), line)
		switch {
		case err != nil:
			fmt.Fprintln(&b, "!", err)
		case out.Text != "":
			fmt.Fprintln(&b, out.Text)
		}
		if out.Resumed {
			say(next(t, s))
		}
	}
	return b.String()
}

// TestCommands plays a session with every kind of breakpoint and command.
func TestCommands(t *testing.T) {
	got := play(t, newSession(t, script, false), `break add if b == 2
break 8 if total > 1
break .len
b max 2
watch total
c
print sum
p a + b
where
up
locals
set total = 100
down
frame 7
out
c
delete 2
s

breaks
break error
disable 2
disable 1
c
until 15
set list[0] = 9
p list
set nothing = 1
node
c
p list
list 1
imports
source
delete
c
p 1
run
q`)
	want := `start: <script> at d.rhai:5:1
>   5  let list = [1, 2, 3];
dbg> break add if b == 2
Breakpoint 1 at add(...) if b == 2.
dbg> break 8 if total > 1
Breakpoint 2 at d.rhai:8 if total > 1.
dbg> break .len
Breakpoint 3 at .len.
dbg> b max 2
Breakpoint 4 at max(_, _).
dbg> watch total
total = Variable not found: total (line 1, position 1)
dbg> c
! returned 1
breakpoint 1: add at d.rhai:2:5 (16 operations)
>   2      let sum = a + b;
 *total = 1
dbg> print sum
! Variable not found: sum (line 1, position 1)
dbg> p a + b
=> 3
dbg> where
>  0  add at d.rhai:2:5
   1  <script> at d.rhai:8:13
dbg> up
<script> at d.rhai:8:13
>   8      total = add(total, x);
dbg> locals
list = [1, 2, 3]
total = 1
x = 2
dbg> set total = 100
=> 100
dbg> down
add at d.rhai:2:5
>   2      let sum = a + b;
dbg> frame 7
! there is no frame 7; where lists them
dbg> out
! returned 3
step: <script> at d.rhai:7:1 (0 operations)
>   7  for x in list {
 *total = 3
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("the session is\n%s", got)
	}
	for _, want := range []string{
		"dbg> c\nbreakpoint 2: <script> at d.rhai:8:5", "dbg> s\nstep: add at d.rhai:2:5", "dbg> \nstep: add at d.rhai:3:5",
		"  1  add(...) if b == 2, hit 1 time\n  3  .len, hit 0 times", "dbg> disable 2\n! there is no breakpoint \"2\"",
		"! error: Runtime error: oops (line 14, position 7)\nerror: <script> at d.rhai:14:7",
		"dbg> until 15\nstep: <script> at d.rhai:15:1", "dbg> set list[0] = 9\n=> 9\ndbg> p list\n=> [9, 2, 3]",
		"! Variable not found: nothing", "dbg> node\nExprStmt\ntotal + max(list[0], 4)",
		"dbg> c\nbreakpoint 4: <script> at d.rhai:15:9", "dbg> list 1\n    1  fn add(a, b) {",
		"No modules are in scope.", "dbg> source\nd.rhai", "All breakpoints are gone.", "The script ended after 82 operations: 15",
		"dbg> p 1\n! the script is not stopped", "dbg> run\nstart: <script> at d.rhai:5:1",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the session has no %q:\n%s", want, got)
		}
	}
}

func TestWrongCommands(t *testing.T) {
	s := newSession(t, script, false)
	for line, want := range map[string]string{
		"nonsense": "invalid debugger command", "break 99": "no statement in line 99", "break 0": "not a line",
		"break x y": "not a number of arguments", "break ..": "not the name of a property", "break": "not stopped",
		"break 5 if": "condition is missing", "break 5 if (": "condition", "until 3": "not stopped", "until": "needs a line",
		"print 1": "not stopped", "set": "VAR = EXPR", "set x == 1": "VAR = EXPR", "delete 4": "no breakpoint", "frame x": "needs a number",
		"list zero": "not a line", "where": "not stopped", "out": "not running", "up": "not stopped", "unwatch 3": "no watch",
		"break other.rhai:3": "no script", "throw": "not stopped",
	} {
		if _, err := s.Do(context.Background(), line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
	if out, err := s.Do(context.Background(), "help"); err != nil || !strings.Contains(out.Text, "backtrace") {
		t.Errorf("help says %q, %v", out.Text, err)
	}
}

// TestConditions checks conditions that cannot be told.
func TestConditions(t *testing.T) {
	got := play(t, newSession(t, script, false), "break 8 if nowhere > 1\nc\ndelete\nbreak 8 if total\nc")
	for _, want := range []string{
		"! condition of breakpoint 1: Variable not found: nowhere", "! condition of breakpoint 2: it is i64, not true or false",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the session has no %q:\n%s", want, got)
		}
	}
}

// TestThrow makes statements fail, caught and not.
func TestThrow(t *testing.T) {
	got := play(t, newSession(t, "let r = 0;\ntry {\n r = 1;\n} catch (e) {\n r = e;\n}\nr", false), "break 3\nc\nthrow 7 * 6\n")
	if !strings.Contains(got, "The script ended after") || !strings.Contains(got, ": 42\n") {
		t.Errorf("the session is\n%s", got)
	}
	got = play(t, newSession(t, "let r = 0;\nr", false), "s\nthrow `gone`")
	if !strings.Contains(got, "The script failed after") || !strings.Contains(got, "Runtime error: gone (line 2, position 1)") {
		t.Errorf("the session is\n%s", got)
	}
}

// TestFree begins without a stop, and stops at a breakpoint in the first statement too.
func TestFree(t *testing.T) {
	s := newSession(t, script, true)
	s.Start(context.Background())
	if e := next(t, s); !e.Ended || e.Err != nil {
		t.Errorf("the run does not end: %s", s.Describe(e))
	}
	if _, err := s.Do(context.Background(), "break 5"); err != nil {
		t.Fatal(err)
	}
	s.Start(context.Background())
	if e := next(t, s); e.Stop == nil || e.Stop.Reason != "breakpoint 1" {
		t.Errorf("the run does not stop: %s", s.Describe(e))
	}
}

// TestInterrupt ends an expression without an end; the run stays where it is.
func TestInterrupt(t *testing.T) {
	s := newSession(t, script, false)
	if s.Interrupt() {
		t.Error("there is nothing to interrupt")
	}
	s.Start(context.Background())
	next(t, s)
	failed := make(chan error, 1)
	begun := time.Now()
	go func() {
		_, err := s.Do(context.Background(), "print loop {}")
		failed <- err
	}()
	for !s.Interrupt() {
		time.Sleep(time.Millisecond)
	}
	if err := <-failed; err == nil || time.Since(begun) > 8*time.Second {
		t.Errorf("the expression ended after %v: %v", time.Since(begun), err)
	}
	if out, err := s.Do(context.Background(), "print 1 + 1"); err != nil || out.Text != "=> 2" {
		t.Errorf("after an interrupt the run gives %q, %v", out.Text, err)
	}
	s.End()
}

// TestClosures shows closures as they were written, those of others by their names.
func TestClosures(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetOptimization(engine.OptimizeNone)
	earlier, err := eng.Eval(context.Background(), "\n\n|y| y * 7")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := eng.Compile("let f = |x| x + 1;\n[f, g]")
	if err != nil {
		t.Fatal(err)
	}
	s := debug.New(debug.Options{
		Engine: eng, AST: ast,
		Scope: func() *engine.Scope { return engine.NewScope().Push("g", earlier) },
		Names: func(string) (string, bool) { return "|y| y * 7 from cell 3", true },
	})
	got := play(t, s, "next\nlocals\nprint f\ncontinue")
	for _, want := range []string{"f = |x| x + 1\n", "g = |y| y * 7 from cell 3\n", "=> |x| x + 1\n", ": [|x| x + 1, |y| y * 7 from cell 3]"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// TestPauseAndEnd pauses an endless script, evaluates in it, and ends it in all states.
func TestPauseAndEnd(t *testing.T) {
	s := newSession(t, "let n = 0;\nloop {\n n += 1;\n}", false)
	for range 50 {
		s.Start(context.Background())
		next(t, s)
		if _, err := s.Do(context.Background(), "continue"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Do(context.Background(), "print n"); !errors.Is(err, debug.ErrRunning) {
			t.Errorf("a running script is looked at: %v", err)
		}
		s.Pause()
		if e := next(t, s); e.Stop == nil || e.Stop.Reason != "paused" {
			t.Fatalf("it does not pause: %s", s.Describe(e))
		}
		if out, err := s.Do(context.Background(), "print n >= 0"); err != nil || out.Text != "=> true" {
			t.Errorf("print says %q, %v", out.Text, err)
		}
		s.End()
		s.Start(context.Background())
		s.End()
		if s.Running() {
			t.Error("it still runs")
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.Start(ctx)
	next(t, s)
	cancel()
	for s.Running() {
		select {
		case <-s.Events():
		case <-time.After(time.Millisecond):
		}
	}
}

// TestModules stops in modules by their names.
func TestModules(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetResolver(engine.SourceResolver(map[string]string{"m": "fn inc(x) {\n    let y = x + 1;\n    y\n}"}))
	ast, err := eng.CompileNamed("main.rhai", "import \"m\" as m;\nlet a = m::inc(1);\na + m::inc(2)")
	if err != nil {
		t.Fatal(err)
	}
	s := debug.New(debug.Options{Engine: eng, AST: ast})
	defer s.End()
	got := play(t, s, "break inc\nimports\nc\nimports\nbreak m:3\nc\np y\nlocals\nbt\nc\nc\nc")
	for _, want := range []string{
		"breakpoint 1: inc at m:2:5", "Breakpoint 2 at m:3.", "breakpoint 2: inc at m:3:5", "=> 2\n", "x = 1\ny = 2\n",
		">  0  inc at m:3:5\n   1  <script> at main.rhai:2:12", "The script ended after", ": 5\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the session has no %q:\n%s", want, got)
		}
	}
}
