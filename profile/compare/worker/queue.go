package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// inbox holds the commands that wait. A command that comes in interrupts the step
// in progress, so that a script that hangs does not delay it.
type inbox struct {
	mu     sync.Mutex
	queue  []wire.Command
	err    error // why there will be no more: io.EOF or a mistake in the input
	step   context.CancelCauseFunc
	notify chan struct{} // holds a token after each change
}

func newInbox() *inbox { return &inbox{notify: make(chan struct{}, 1)} }

// fill reads commands until the input ends.
func (b *inbox) fill(dec *json.Decoder) {
	for {
		var c wire.Command
		err := dec.Decode(&c)
		if err != nil && !errors.Is(err, io.EOF) {
			err = fmt.Errorf("cannot read a command: %w", err)
		}
		b.put(c, err)
		if err != nil {
			return
		}
	}
}

func (b *inbox) put(c wire.Command, err error) {
	b.mu.Lock()
	if err != nil {
		b.err = err
	} else {
		b.queue = append(b.queue, c)
	}
	if b.step != nil {
		b.step(errInterrupted)
	}
	b.mu.Unlock()
	select {
	case b.notify <- struct{}{}:
	default:
	}
}

// take returns the oldest command, nil if there is none. The error says that
// there will be no more: io.EOF if the input has ended.
func (b *inbox) take() (*wire.Command, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) == 0 {
		return nil, b.err
	}
	c := b.queue[0]
	b.queue = b.queue[1:]
	return &c, nil
}

// begin makes the context of a step, which a command cancels with the cause
// errInterrupted. The caller calls end when the step is over.
func (b *inbox) begin(ctx context.Context) (step context.Context, end func()) {
	step, cancel := context.WithCancelCause(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.step = cancel
	if len(b.queue) > 0 || b.err != nil {
		cancel(errInterrupted)
	}
	return step, func() {
		b.mu.Lock()
		b.step = nil
		b.mu.Unlock()
		cancel(nil)
	}
}
