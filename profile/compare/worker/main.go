package worker

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"time"
)

// Main is what a worker process does: [Serve] over the standard streams. Whatever
// else prints to the standard output goes to the standard error. It leaves
// interrupts to the parent, and ends the process soon after the parent has gone,
// even if a native function hangs.
func Main(ctx context.Context, h Host) error {
	// An interrupt at the terminal goes to the whole process group; it is the
	// parent that says when to stop.
	signal.Ignore(os.Interrupt)
	// Whatever prints to the standard output must not get between the snapshots.
	out := os.Stdout
	os.Stdout = os.Stderr
	return Serve(ctx, &watchedInput{in: os.Stdin}, out, h)
}

// orphanGrace is how long a worker may go on when its parent has gone.
const orphanGrace = 3 * time.Second

// watchedInput ends the process soon after its input has ended, even if a native
// function hangs that does not look at its context: no worker may be left behind.
type watchedInput struct {
	in   io.Reader
	last *time.Timer
}

func (w *watchedInput) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	if errors.Is(err, io.EOF) && w.last == nil {
		w.last = time.AfterFunc(orphanGrace, func() { os.Exit(1) })
	}
	return n, err
}
