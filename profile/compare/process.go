package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// How long a worker may take to stop when asked, and to take a command.
const (
	stopGrace = 2 * time.Second
	sendGrace = 5 * time.Second
)

// keptErrors is how much of the end of a worker's standard error is kept.
const keptErrors = 4 << 10

// Process is a worker process and the line to it. Its methods may be called by
// any goroutine.
type Process struct {
	cmd       *exec.Cmd
	snapshots chan wire.Snapshot
	stderr    tail

	sending sync.Mutex // held while a line is written
	in      *os.File

	closing   chan struct{} // closed by Close
	closeOnce sync.Once
	done      chan struct{} // closed when the worker has ended
	err       error         // set before done is closed
}

// Start starts a worker: the program exe with args, whose standard input and
// output are those of [worker.Main]. The caller closes it; when ctx ends, it
// closes itself. A worker that does not get as far as measuring is no
// error here but in [Process.Wait].
func Start(ctx context.Context, exe string, args []string, cfg wire.Config) (*Process, error) {
	return startWith(ctx, exe, args, nil, cfg)
}

// startWith starts a worker with an environment, nil for that of this process.
func startWith(ctx context.Context, exe string, args, env []string, cfg wire.Config) (*Process, error) {
	first, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		inR.Close()
		inW.Close()
		return nil, err
	}
	p := &Process{
		cmd:       exec.Command(exe, args...),
		snapshots: make(chan wire.Snapshot, 1), in: inW,
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	p.cmd.Env = env
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = inR, outW, &p.stderr
	// A grandchild that holds the standard error open must not hold us up.
	p.cmd.WaitDelay = stopGrace
	bindLife(p.cmd)
	started := make(chan error)
	go p.own(ctx, started, outR, func() { inR.Close(); outW.Close() })
	if err := <-started; err != nil {
		inW.Close()
		return nil, err
	}
	// A failure shows in how the worker ends.
	_ = p.write(append(first, '\n'))
	return p, nil
}

// own starts the process and stays with it to its end.
func (p *Process) own(ctx context.Context, started chan<- error, out *os.File, closeChildEnds func()) {
	// The kernel ends the worker when the thread that started it ends, so this
	// thread must last as long as the worker.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	closeChildEnds()
	if err != nil {
		out.Close()
		close(p.snapshots)
		started <- fmt.Errorf("cannot start the worker: %w", err)
		return
	}
	started <- nil

	read := make(chan error, 1)
	go func() { read <- p.receive(out) }()
	watched := make(chan struct{})
	go func() { defer close(watched); p.watch(ctx) }()

	err = p.cmd.Wait()
	// What the worker wrote before its end is still in the pipe; a grandchild may
	// hold it open.
	_ = out.SetReadDeadline(time.Now().Add(stopGrace))
	readErr := <-read
	out.Close()
	p.err = p.ending(err, readErr)
	close(p.done)
	<-watched
	p.in.Close()
	close(p.snapshots)
}

// watch stops the worker when the process is closed or the context ends, and kills
// it if it does not stop in time.
func (p *Process) watch(ctx context.Context) {
	select {
	case <-p.done:
		return
	case <-p.closing:
	case <-ctx.Done():
	}
	// The end of its input stops the worker, and a Send that waits for it fails.
	p.in.Close()
	grace := time.NewTimer(stopGrace)
	defer grace.Stop()
	select {
	case <-p.done:
	case <-grace.C:
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// receive takes snapshots until the worker closes its output.
func (p *Process) receive(out io.Reader) error {
	dec := json.NewDecoder(out)
	for {
		var f wire.Snapshot
		if err := dec.Decode(&f); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
				return nil
			}
			// It would block when the pipe is full.
			_ = p.cmd.Process.Kill()
			return fmt.Errorf("the worker wrote something that is no snapshot: %w", err)
		}
		p.put(f)
	}
}

// put replaces the snapshot that waits. Only one goroutine puts.
func (p *Process) put(f wire.Snapshot) {
	for {
		select {
		case p.snapshots <- f:
			return
		default:
		}
		select {
		case <-p.snapshots:
		default:
		}
	}
}

// ending is the error for how the process ended.
func (p *Process) ending(err, readErr error) error {
	if readErr != nil {
		return readErr
	}
	if err == nil {
		return nil
	}
	text := err.Error()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		text = exit.ProcessState.String()
	}
	if said := bytes.TrimSpace(p.stderr.bytes()); len(said) > 0 {
		return fmt.Errorf("the worker ended: %s: %s", text, said)
	}
	return fmt.Errorf("the worker ended: %s", text)
}

// Snapshots returns the channel of snapshots. It holds only the latest one: a newer
// snapshot replaces one that was not taken, and the worker never waits. It is closed
// when the worker has ended, behind its last snapshot.
func (p *Process) Snapshots() <-chan wire.Snapshot { return p.snapshots }

// PID returns the process id of the worker.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Send sends a command. It fails if the worker has ended or does not take it
// within seconds.
func (p *Process) Send(c wire.Command) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return p.write(append(line, '\n'))
}

func (p *Process) write(line []byte) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	_ = p.in.SetWriteDeadline(time.Now().Add(sendGrace))
	if _, err := p.in.Write(line); err != nil {
		select {
		case <-p.done:
			return fmt.Errorf("the worker has ended: %w", err)
		default:
		}
		return fmt.Errorf("cannot reach the worker: %w", err)
	}
	return nil
}

// Wait waits until the worker has ended and returns how: nil if it stopped in
// order, else an error that names the exit status or signal and has the end of
// what it wrote to its standard error.
func (p *Process) Wait() error {
	<-p.done
	return p.err
}

// Err is [Process.Wait] without waiting: nil while the worker runs.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Close stops the worker, kills it if it does not stop within two seconds, and
// waits until it is gone. It returns what [Process.Wait] returns. It may be
// called more than once.
func (p *Process) Close() error {
	p.closeOnce.Do(func() { close(p.closing) })
	return p.Wait()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if n := len(t.text) - keptErrors; n > 0 {
		t.text = append(t.text[:0], t.text[n:]...)
	}
	return len(p), nil
}

func (t *tail) bytes() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.text)
}
