package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// workerName is the subcommand that [startWorker] runs this program with. It is
// for the program itself and in no help.
const workerName = "worker"

// measured are the packages that both strategies have.
func measured() []*engine.Package { return []*engine.Package{packages.Standard()} }

// startWorker starts a process that measures.
func startWorker(ctx context.Context, cfg bench.Config) (*bench.Session, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program to start the worker: %w", err)
	}
	return bench.Start(ctx, exe, []string{workerName}, cfg)
}

// orphanGrace is how long a worker may go on when its parent has gone.
const orphanGrace = 3 * time.Second

// cmdWorker measures for another process, over the standard streams.
func cmdWorker(ctx context.Context, s streams, _ []string) int {
	// An interrupt at the terminal goes to the whole process group; it is the
	// parent that says when to stop.
	signal.Ignore(os.Interrupt)
	// Whatever prints to the standard output must not get between the frames.
	out := s.out
	os.Stdout = os.Stderr
	err := bench.Serve(ctx, &watchedInput{in: s.in}, out, measured())
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(s.err, err)
		return exitInternal
	}
	return exitOK
}

// watchedInput ends the process soon after its input has ended, even if a native
// function hangs that does not look at its context: no worker may be left behind.
type watchedInput struct {
	in   io.Reader
	last *time.Timer
}

func (w *watchedInput) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	if errors.Is(err, io.EOF) && w.last == nil {
		w.last = time.AfterFunc(orphanGrace, func() { os.Exit(exitInternal) })
	}
	return n, err
}
