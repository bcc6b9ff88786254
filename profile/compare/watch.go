package compare

import (
	"context"
	"errors"
	"slices"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Measurement is a run in progress: a [Process] or a [Series]. Its methods may be
// called by any goroutine.
type Measurement interface {
	// Snapshots delivers the latest snapshot; a newer one replaces one that was not
	// taken. It is closed at the end.
	Snapshots() <-chan wire.Snapshot
	// Send gives the worker a command.
	Send(wire.Command) error
	// Err tells why the run ended, nil if it was closed.
	Err() error
	// Close ends the run. It may be called more than once.
	Close() error
}

// Watch sends a command to what measures, if there is one, and calls each with the
// snapshots until it returns false. It returns an error if the measuring ended before
// that, and closes it in that case.
func Watch(ctx context.Context, w Measurement, first *wire.Command, each func(wire.Snapshot) bool) error {
	var err error
	if first != nil {
		err = w.Send(*first)
	}
	if err == nil {
		for f := range w.Snapshots() {
			if !each(f) {
				return nil
			}
		}
	}
	ended := w.Close()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case ended != nil:
		return ended
	case err != nil:
		return err
	}
	return errors.New("the worker ended early")
}

// Captured orders a capture and waits for its outcome; an error says also what the
// profile's own Error says.
func Captured(ctx context.Context, w Measurement, order wire.CaptureOrder) (*wire.Profile, error) {
	var p *wire.Profile
	err := Watch(ctx, w, &wire.Command{Kind: wire.Capture, Capture: &order}, func(f wire.Snapshot) bool {
		if f.Profile == nil || f.State == wire.Profiling || !slices.Equal(f.Profile.Strategies, order.Strategies) || f.Profile.Dir != order.Dir {
			return true
		}
		p = f.Profile
		return false
	})
	if err == nil && p.Error != "" {
		err = errors.New(p.Error)
	}
	return p, err
}
