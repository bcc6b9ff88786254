//go:build !windows

package compare

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/compare/worker"
)

// Modes of the test binary as a child process.
const (
	modeServe   = "worker-serve"   // is a worker
	modeDie     = "worker-die"     // ends at once
	modeGarbage = "worker-garbage" // writes what is no frame
	modeDeaf    = "worker-deaf"    // never ends by itself
	modeParent  = "parent"         // starts a worker and hangs
	modeHere    = "here"           // runs without being its own worker
)

func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != modeHere {
		Worker(RunConfig{Packages: testPackages(), Configure: testConfigure()})
	}
	if len(os.Args) < 2 {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case modeHere:
		f, err := Run(context.Background(), runConfig())
		if err != nil {
			panic(err)
		}
		v := f.Series.Verdict
		fmt.Println(f.PID == os.Getpid(), f.Value, len(f.Raw), v.Outcome, v.Reason)
	case modeServe:
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout, worker.Host{Packages: testPackages()}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case modeDie:
		fmt.Fprintln(os.Stderr, "cannot go on")
		os.Exit(3)
	case modeGarbage:
		fmt.Println("hello")
		_, _ = io.Copy(io.Discard, os.Stdin)
	case modeDeaf:
		fmt.Println("{}")
		time.Sleep(time.Hour)
	case modeParent:
		cfg := sumConfig()
		cfg.Script = "loop {}"
		s, err := Start(context.Background(), os.Args[0], []string{modeServe}, cfg)
		if err != nil {
			panic(err)
		}
		fmt.Println(s.PID())
		for range s.Frames() {
		}
	default:
		os.Exit(m.Run())
	}
}

func startTest(t *testing.T, mode string, cfg wire.Config) *Session {
	t.Helper()
	s, err := Start(t.Context(), os.Args[0], []string{mode}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// waitFrame takes frames until one is as wanted.
func waitFrame(t *testing.T, s *Session, ok func(wire.Frame) bool) wire.Frame {
	t.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case f, open := <-s.Frames():
			if !open {
				t.Fatalf("the worker ended: %v", s.Wait())
			}
			if ok(f) {
				return f
			}
		case <-late:
			t.Fatal("no such frame")
		}
	}
}

// drain waits for the end of the frames.
func drain(s *Session) {
	for range s.Frames() {
	}
}

func TestSession(t *testing.T) {
	s := startTest(t, modeServe, sumConfig())
	f := waitFrame(t, s, func(f wire.Frame) bool { return f.State == wire.Finished })
	if f.PID != s.PID() || f.PID == os.Getpid() || f.Value != "4957" || !f.Same {
		t.Errorf("frame: %+v", f)
	}
	if err := s.Err(); err != nil {
		t.Errorf("error of a worker that runs: %v", err)
	}
	again := sumConfig()
	again.Name = "again"
	if err := s.Send(wire.Command{Kind: wire.Restart, Config: &again}); err != nil {
		t.Error(err)
	}
	waitFrame(t, s, func(f wire.Frame) bool { return f.State == wire.Finished && f.Name == "again" })
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	drain(s)
	if err := s.Send(wire.Command{Kind: wire.Pause}); err == nil {
		t.Error("a worker that has ended takes commands")
	}
}

func TestSessionStop(t *testing.T) {
	s := startTest(t, modeServe, sumConfig())
	if err := s.Send(wire.Command{Kind: wire.Stop}); err != nil {
		t.Fatal(err)
	}
	drain(s)
	if err := s.Wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
}

func TestSessionKilled(t *testing.T) {
	s := startTest(t, modeServe, wire.Config{Script: "1", Name: "x"})
	waitFrame(t, s, func(f wire.Frame) bool { return f.Rounds > 0 })
	p, err := os.FindProcess(s.PID())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	drain(s)
	if err := s.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("wait: %v, want killed", err)
	}
	if err := s.Err(); err == nil {
		t.Error("no error after the worker was killed")
	}
}

func TestSessionDiesAtStart(t *testing.T) {
	s := startTest(t, modeDie, sumConfig())
	drain(s)
	err := s.Wait()
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "cannot go on") {
		t.Errorf("wait: %v, want the status and what it said", err)
	}
}

func TestSessionNoProgram(t *testing.T) {
	if _, err := Start(t.Context(), filepath.Join(t.TempDir(), "none"), nil, sumConfig()); err == nil {
		t.Error("no error for a program that does not exist")
	}
}

func TestSessionGarbage(t *testing.T) {
	s := startTest(t, modeGarbage, sumConfig())
	drain(s)
	if err := s.Wait(); err == nil || !strings.Contains(err.Error(), "no frame") {
		t.Errorf("wait: %v", err)
	}
}

// TestSessionHangs checks that a script that hangs does not hold up the end.
func TestSessionHangs(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "loop {}"
	s := startTest(t, modeServe, cfg)
	waitFrame(t, s, func(f wire.Frame) bool { return f.State == wire.WarmingUp })
	if err := s.Close(); err != nil {
		t.Errorf("close: %v, want a worker that stops in order", err)
	}
}

// TestSessionDeaf checks that a worker that does not stop is killed.
func TestSessionDeaf(t *testing.T) {
	s := startTest(t, modeDeaf, sumConfig())
	waitFrame(t, s, func(wire.Frame) bool { return true })
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("close: %v, want killed", err)
	}
}

func TestSessionContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, os.Args[0], []string{modeServe}, wire.Config{Script: "1"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	drain(s)
	if err := s.Wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
}

// TestSessionLatest checks that a frame that is not taken is replaced.
func TestSessionLatest(t *testing.T) {
	s := startTest(t, modeServe, sumConfig())
	if err := s.Send(wire.Command{Kind: wire.SetCallers, Callers: 2}); err != nil {
		t.Fatal(err)
	}
	waitFrame(t, s, func(f wire.Frame) bool { return f.State == wire.Finished })
	if err := s.Send(wire.Command{Kind: wire.Stop}); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for range s.Frames() {
		n++
	}
	if n > 1 {
		t.Errorf("%d frames wait", n)
	}
}

// TestSessionOrphan checks that a worker whose parent is killed ends too, though
// its script hangs.
func TestSessionOrphan(t *testing.T) {
	cmd := exec.Command(os.Args[0], modeParent)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	text, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for end := time.Now().Add(time.Minute); alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the worker %d goes on without its parent", pid)
		}
	}
}

func TestTail(t *testing.T) {
	var x tail
	for i := range 1000 {
		fmt.Fprintf(&x, "line %d\n", i)
	}
	got := string(x.bytes())
	if len(got) != keptErrors || !strings.HasSuffix(got, "line 999\n") {
		t.Errorf("kept %d bytes, ending in %q", len(got), got[len(got)-10:])
	}
}
