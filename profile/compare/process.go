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

// Session is a worker process and the line to it. Its methods may be called by
// any goroutine.
type Session struct {
	cmd    *exec.Cmd
	frames chan wire.Frame
	stderr tail

	sending sync.Mutex // held while a line is written
	in      *os.File

	closing   chan struct{} // closed by Close
	closeOnce sync.Once
	done      chan struct{} // closed when the worker has ended
	err       error         // set before done is closed
}

// Start starts a worker: the program exe with args, whose standard input and
// output are those of [Serve]. The caller closes the session; when ctx ends, the
// session closes itself. A worker that does not get as far as measuring is no
// error here but in [Session.Wait].
func Start(ctx context.Context, exe string, args []string, cfg wire.Config) (*Session, error) {
	return startWith(ctx, exe, args, nil, cfg)
}

// startWith starts a worker with an environment, nil for that of this process.
func startWith(ctx context.Context, exe string, args, env []string, cfg wire.Config) (*Session, error) {
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
	s := &Session{
		cmd:    exec.Command(exe, args...),
		frames: make(chan wire.Frame, 1), in: inW,
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	s.cmd.Env = env
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = inR, outW, &s.stderr
	// A grandchild that holds the standard error open must not hold us up.
	s.cmd.WaitDelay = stopGrace
	bindLife(s.cmd)
	started := make(chan error)
	go s.own(ctx, started, outR, func() { inR.Close(); outW.Close() })
	if err := <-started; err != nil {
		inW.Close()
		return nil, err
	}
	// A failure shows in how the worker ends.
	_ = s.write(append(first, '\n'))
	return s, nil
}

// own starts the process and stays with it to its end.
func (s *Session) own(ctx context.Context, started chan<- error, out *os.File, closeChildEnds func()) {
	// The kernel ends the worker when the thread that started it ends, so this
	// thread must last as long as the worker.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := s.cmd.Start()
	closeChildEnds()
	if err != nil {
		out.Close()
		close(s.frames)
		started <- fmt.Errorf("cannot start the worker: %w", err)
		return
	}
	started <- nil

	read := make(chan error, 1)
	go func() { read <- s.receive(out) }()
	watched := make(chan struct{})
	go func() { defer close(watched); s.watch(ctx) }()

	err = s.cmd.Wait()
	// What the worker wrote before its end is still in the pipe; a grandchild may
	// hold it open.
	_ = out.SetReadDeadline(time.Now().Add(stopGrace))
	readErr := <-read
	out.Close()
	s.err = s.ending(err, readErr)
	close(s.done)
	<-watched
	s.in.Close()
	close(s.frames)
}

// watch stops the worker when the session closes or the context ends, and kills
// it if it does not stop in time.
func (s *Session) watch(ctx context.Context) {
	select {
	case <-s.done:
		return
	case <-s.closing:
	case <-ctx.Done():
	}
	// The end of its input stops the worker, and a Send that waits for it fails.
	s.in.Close()
	grace := time.NewTimer(stopGrace)
	defer grace.Stop()
	select {
	case <-s.done:
	case <-grace.C:
		_ = s.cmd.Process.Kill()
		<-s.done
	}
}

// receive takes frames until the worker closes its output.
func (s *Session) receive(out io.Reader) error {
	dec := json.NewDecoder(out)
	for {
		var f wire.Frame
		if err := dec.Decode(&f); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
				return nil
			}
			// It would block when the pipe is full.
			_ = s.cmd.Process.Kill()
			return fmt.Errorf("the worker wrote something that is no frame: %w", err)
		}
		s.put(f)
	}
}

// put replaces the frame that waits. Only one goroutine puts.
func (s *Session) put(f wire.Frame) {
	for {
		select {
		case s.frames <- f:
			return
		default:
		}
		select {
		case <-s.frames:
		default:
		}
	}
}

// ending is the error for how the process ended.
func (s *Session) ending(err, readErr error) error {
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
	if said := bytes.TrimSpace(s.stderr.bytes()); len(said) > 0 {
		return fmt.Errorf("the worker ended: %s: %s", text, said)
	}
	return fmt.Errorf("the worker ended: %s", text)
}

// Frames returns the channel of frames. It holds only the latest one: a newer
// frame replaces one that was not taken, and the worker never waits. It is closed
// when the worker has ended, behind its last frame.
func (s *Session) Frames() <-chan wire.Frame { return s.frames }

// PID returns the process id of the worker.
func (s *Session) PID() int { return s.cmd.Process.Pid }

// Send sends a command. It fails if the worker has ended or does not take it
// within seconds.
func (s *Session) Send(c wire.Command) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.write(append(line, '\n'))
}

func (s *Session) write(line []byte) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	_ = s.in.SetWriteDeadline(time.Now().Add(sendGrace))
	if _, err := s.in.Write(line); err != nil {
		select {
		case <-s.done:
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
func (s *Session) Wait() error {
	<-s.done
	return s.err
}

// Err is [Session.Wait] without waiting: nil while the worker runs.
func (s *Session) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close stops the worker, kills it if it does not stop within two seconds, and
// waits until it is gone. It returns what [Session.Wait] returns. It may be
// called more than once.
func (s *Session) Close() error {
	s.closeOnce.Do(func() { close(s.closing) })
	return s.Wait()
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
