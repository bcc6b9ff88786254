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
	modeGarbage = "worker-garbage" // writes what is no snapshot
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
		p, err := Start(context.Background(), os.Args[0], []string{modeServe}, cfg)
		if err != nil {
			panic(err)
		}
		fmt.Println(p.PID())
		for range p.Snapshots() {
		}
	default:
		os.Exit(m.Run())
	}
}

func startTest(t *testing.T, mode string, cfg wire.Config) *Process {
	t.Helper()
	p, err := Start(t.Context(), os.Args[0], []string{mode}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// waitSnapshot takes snapshots until one is as wanted.
func waitSnapshot(t *testing.T, p *Process, ok func(wire.Snapshot) bool) wire.Snapshot {
	t.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case f, open := <-p.Snapshots():
			if !open {
				t.Fatalf("the worker ended: %v", p.Wait())
			}
			if ok(f) {
				return f
			}
		case <-late:
			t.Fatal("no such snapshot")
		}
	}
}

// drain waits for the end of the snapshots.
func drain(p *Process) {
	for range p.Snapshots() {
	}
}

func TestProcess(t *testing.T) {
	p := startTest(t, modeServe, sumConfig())
	f := waitSnapshot(t, p, func(f wire.Snapshot) bool { return f.State == wire.Finished })
	if f.PID != p.PID() || f.PID == os.Getpid() || f.Value != "4957" || !f.Same {
		t.Errorf("snapshot: %+v", f)
	}
	if err := p.Err(); err != nil {
		t.Errorf("error of a worker that runs: %v", err)
	}
	again := sumConfig()
	again.Name = "again"
	if err := p.Send(wire.Command{Kind: wire.Restart, Config: &again}); err != nil {
		t.Error(err)
	}
	waitSnapshot(t, p, func(f wire.Snapshot) bool { return f.State == wire.Finished && f.Name == "again" })
	if err := p.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	drain(p)
	if err := p.Send(wire.Command{Kind: wire.Pause}); err == nil {
		t.Error("a worker that has ended takes commands")
	}
}

func TestProcessStop(t *testing.T) {
	p := startTest(t, modeServe, sumConfig())
	if err := p.Send(wire.Command{Kind: wire.Stop}); err != nil {
		t.Fatal(err)
	}
	drain(p)
	if err := p.Wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
}

func TestProcessKilled(t *testing.T) {
	p := startTest(t, modeServe, wire.Config{Script: "1", Name: "x"})
	waitSnapshot(t, p, func(f wire.Snapshot) bool { return f.Rounds > 0 })
	child, err := os.FindProcess(p.PID())
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Kill(); err != nil {
		t.Fatal(err)
	}
	drain(p)
	if err := p.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("wait: %v, want killed", err)
	}
	if err := p.Err(); err == nil {
		t.Error("no error after the worker was killed")
	}
}

func TestProcessDiesAtStart(t *testing.T) {
	p := startTest(t, modeDie, sumConfig())
	drain(p)
	err := p.Wait()
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "cannot go on") {
		t.Errorf("wait: %v, want the status and what it said", err)
	}
}

func TestProcessNoProgram(t *testing.T) {
	if _, err := Start(t.Context(), filepath.Join(t.TempDir(), "none"), nil, sumConfig()); err == nil {
		t.Error("no error for a program that does not exist")
	}
}

func TestProcessGarbage(t *testing.T) {
	p := startTest(t, modeGarbage, sumConfig())
	drain(p)
	if err := p.Wait(); err == nil || !strings.Contains(err.Error(), "no snapshot") {
		t.Errorf("wait: %v", err)
	}
}

// TestProcessHangs checks that a script that hangs does not hold up the end.
func TestProcessHangs(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "loop {}"
	p := startTest(t, modeServe, cfg)
	waitSnapshot(t, p, func(f wire.Snapshot) bool { return f.State == wire.WarmingUp })
	if err := p.Close(); err != nil {
		t.Errorf("close: %v, want a worker that stops in order", err)
	}
}

// TestProcessDeaf checks that a worker that does not stop is killed.
func TestProcessDeaf(t *testing.T) {
	p := startTest(t, modeDeaf, sumConfig())
	waitSnapshot(t, p, func(wire.Snapshot) bool { return true })
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("close: %v, want killed", err)
	}
}

func TestProcessContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(ctx, os.Args[0], []string{modeServe}, wire.Config{Script: "1"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	drain(p)
	if err := p.Wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
}

// TestProcessLatest checks that a snapshot that is not taken is replaced.
func TestProcessLatest(t *testing.T) {
	p := startTest(t, modeServe, sumConfig())
	if err := p.Send(wire.Command{Kind: wire.SetCallers, Callers: 2}); err != nil {
		t.Fatal(err)
	}
	waitSnapshot(t, p, func(f wire.Snapshot) bool { return f.State == wire.Finished })
	if err := p.Send(wire.Command{Kind: wire.Stop}); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for range p.Snapshots() {
		n++
	}
	if n > 1 {
		t.Errorf("%d snapshots wait", n)
	}
}

// TestProcessOrphan checks that a worker whose parent is killed ends too, though
// its script hangs.
func TestProcessOrphan(t *testing.T) {
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
