package tui

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children returns the processes that a process started.
func children(pid int) []int {
	var out []int
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		for _, f := range strings.Fields(string(data)) {
			if n, err := strconv.Atoi(f); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// TestSignals checks the exit code after a signal, and that the worker goes too.
func TestSignals(t *testing.T) {
	for sig, code := range map[syscall.Signal]int{syscall.SIGINT: exitInterrupted, syscall.SIGTERM: exitTerminated, syscall.SIGHUP: 129} {
		cmd := program("compare", "-", "--duration", "1h")
		cmd.Stdin = strings.NewReader("loop {}")
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var workers []int
		for end := time.Now().Add(time.Minute); len(workers) == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("no worker")
			}
			workers = children(cmd.Process.Pid)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != code {
			t.Errorf("%v: %v, want exit code %d", sig, err, code)
		}
		if out.Len() > 0 || errs.Len() > 0 {
			t.Errorf("%v: printed %q and %q", sig, out.String(), errs.String())
		}
		for _, pid := range workers {
			if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("%v: the worker %d goes on: %v", sig, pid, err)
			}
		}
	}
}

// TestNoArguments checks that the program compares the first example if there is
// neither a terminal nor anything to read.
func TestNoArguments(t *testing.T) {
	out, err := program().CombinedOutput() // the standard input is the null device
	if err != nil || !strings.Contains(string(out), "pricing: 1 caller") || !strings.Contains(string(out), "A global") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// TestWorkerIgnoresInterrupt checks that an interrupt at the terminal, which goes
// to the worker too, leaves it to its parent.
func TestWorkerIgnoresInterrupt(t *testing.T) {
	cmd := program(workerName)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, `{"name": "x", "script": "print(1); 1"}`)
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	in.Close()
	go func() { _, _ = new(bytes.Buffer).ReadFrom(out) }()
	if err := cmd.Wait(); err != nil {
		t.Errorf("worker: %v", err)
	}
}
