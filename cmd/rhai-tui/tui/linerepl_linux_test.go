package tui

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// lockedBuffer is an output that a test looks at while the program writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestLineInterrupt checks that an interrupt ends the line or the cell, not the session.
func TestLineInterrupt(t *testing.T) {
	in, typed := io.Pipe()
	var out, errs lockedBuffer
	l := lineREPL{streams: streams{in: in, out: &out, err: &errs}, interactive: true}
	l.session = repl.New(repl.Options{Engine: engine.New(packages.Standard())})
	wait := func(what string, seen func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !seen(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %q and %q", what, out.String(), errs.String())
			}
		}
	}
	prompts := func(n int) func() bool {
		return func() bool { return strings.Count(out.String(), "rhai> ") >= n }
	}
	interrupt := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	code := make(chan int, 1)
	go func() { code <- l.run(t.Context()) }()
	wait("start", prompts(1))
	io.WriteString(typed, "fn f() {\n")
	wait("more", func() bool { return strings.Contains(out.String(), "    > ") })
	interrupt()
	wait("line dropped", prompts(2))
	io.WriteString(typed, "let a = 4; print(\"runs\"); loop {}\n")
	wait("runs", func() bool { return strings.Contains(out.String(), "runs\n") })
	interrupt()
	wait("stopped", prompts(3))
	io.WriteString(typed, "40 + 2\n")
	wait("goes on", func() bool { return strings.Contains(out.String(), "42 : i64") })
	typed.Close()
	if got := <-code; got != exitOK || !strings.Contains(errs.String(), "stopped; the session is as before") {
		t.Errorf("code %d: %q, %q", got, out.String(), errs.String())
	}
}

// TestPipedInput checks that nothing but the output of scripts is printed.
func TestPipedInput(t *testing.T) {
	cmd := program()
	cmd.Stdin = strings.NewReader("print(1)")
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "1\n" {
		t.Errorf("%v: %q", err, out)
	}
}

// TestGuard lets the process of the screen die, in the pseudo terminal of script(1),
// and checks that the terminal is given back.
func TestGuard(t *testing.T) {
	script, err := exec.LookPath("script")
	if err != nil {
		t.Skip("script(1) is not installed")
	}
	for _, sig := range []string{"KILL", "QUIT", "ABRT", "SEGV"} {
		// The process of the screen is the child of the one that the shell starts.
		cmd := exec.Command(script, "-qec", `exec 3<&0; "$PROGRAM" repl <&3 & main=$!
for i in $(seq 100); do child=$(cat /proc/$main/task/*/children 2>/dev/null); [ -n "$child" ] && stty -a | grep -q -- '-icanon' && break; sleep 0.1; done
kill -`+sig+` $child; wait $main; stty -a | grep -q ' icanon' && echo " tty is sane"`, os.DevNull)
		cmd.Env = append(os.Environ(), asProgram+"=1", "PROGRAM="+os.Args[0], "XDG_STATE_HOME="+t.TempDir(), "TERM=xterm", "SHELL=/bin/bash")
		in, err := cmd.StdinPipe() // stays open: the terminal has not hung up
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.CombinedOutput()
		in.Close()
		text := string(out)
		if err != nil || !strings.Contains(text, "tty is sane") {
			t.Errorf("%s: %v\n%q", sig, err, text)
			continue
		}
		if i, k := strings.LastIndex(text, "\x1b[?1049l"), strings.LastIndex(text, "\x1b[?1049h"); i < k {
			t.Errorf("%s: the other screen is still shown:\n%q", sig, text)
		}
	}
}

// TestLineInterruptOfDebugger checks that an interrupt ends an expression of the debugger,
// and a run that goes on to its end as there are no more commands.
func TestLineInterruptOfDebugger(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetOptimization(engine.OptimizeNone)
	ast, err := eng.Compile("let n = 1;\nloop { n += 1; }")
	if err != nil {
		t.Fatal(err)
	}
	in, typed := io.Pipe()
	var out, errs lockedBuffer
	d := lineDebugger{streams: streams{in: in, out: &out, err: &errs}, interactive: true, session: debug.New(debug.Options{Engine: eng, AST: ast})}
	code := make(chan int, 1)
	go func() { code <- d.run(t.Context()) }()
	// An interrupt that comes too early does nothing here: it is repeated.
	interrupted := func(what string, ended func() bool) {
		t.Helper()
		begun := time.Now()
		for ; !ended(); time.Sleep(20 * time.Millisecond) {
			if time.Since(begun) > 8*time.Second {
				t.Fatalf("%s: %q and %q", what, out.String(), errs.String())
			}
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	for !strings.Contains(out.String(), "dbg> ") {
		time.Sleep(time.Millisecond)
	}
	go io.WriteString(typed, "print loop {}\n")
	interrupted("the expression goes on", func() bool { return strings.Contains(out.String(), "! Script terminated") })
	typed.Close()
	interrupted("the run goes on", func() bool { return len(code) > 0 })
	if got := <-code; got != exitInterrupted {
		t.Errorf("code %d: %q", got, out.String())
	}
}

// TestEditedPipe checks that what an editor leaves is read only if it is a regular file.
func TestEditedPipe(t *testing.T) {
	t.Setenv("VISUAL", `sh -c 'rm "$0" && mkfifo "$0"'`)
	l := lineREPL{streams: streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}, interactive: true}
	if text, err := l.editText("1"); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("a pipe gives %q, %v", text, err)
	}
}

// TestEndlessFiles checks that a device without an end is not read into memory.
func TestEndlessFiles(t *testing.T) {
	var f testFlags
	if r := f.replay(t.Context(), "/dev/zero"); !strings.Contains(r.Error, "no regular file") {
		t.Errorf("a session: %q", r.Error)
	}
	if _, err := readRecords("/dev/zero"); err == nil || !strings.Contains(err.Error(), "more than 64 MB") {
		t.Errorf("records: %v", err)
	}
}
