package compare

import (
	"context"
	"errors"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Measurement is a worker or a series of workers.
type Measurement interface {
	Snapshots() <-chan wire.Snapshot
	Send(wire.Command) error
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
