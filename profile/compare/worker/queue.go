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

// commandQueue holds commands until the worker takes them. A command that comes in
// cancels the step in progress, so that a script that hangs does not delay it.
type commandQueue struct {
	mu     sync.Mutex
	queue  []wire.Command
	err    error // why there will be no more: io.EOF or a mistake in the input
	step   context.CancelCauseFunc
	notify chan struct{} // holds a token after each change
}

func newCommandQueue() *commandQueue { return &commandQueue{notify: make(chan struct{}, 1)} }

// fill reads commands until the input ends.
func (q *commandQueue) fill(dec *json.Decoder) {
	for {
		var c wire.Command
		err := dec.Decode(&c)
		if err != nil && !errors.Is(err, io.EOF) {
			err = fmt.Errorf("cannot read a command: %w", err)
		}
		q.put(c, err)
		if err != nil {
			return
		}
	}
}

func (q *commandQueue) put(c wire.Command, err error) {
	q.mu.Lock()
	if err != nil {
		q.err = err
	} else {
		q.queue = append(q.queue, c)
	}
	if q.step != nil {
		q.step(errInterrupted)
	}
	q.mu.Unlock()
	select {
	case q.notify <- struct{}{}:
	default:
	}
}

// take returns the oldest command, nil if there is none. The error says that
// there will be no more: io.EOF if the input has ended.
func (q *commandQueue) take() (*wire.Command, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		return nil, q.err
	}
	c := q.queue[0]
	q.queue = q.queue[1:]
	return &c, nil
}

// begin makes the context of a step, which a command cancels with the cause
// errInterrupted. The caller calls end when the step is over.
func (q *commandQueue) begin(ctx context.Context) (step context.Context, end func()) {
	step, cancel := context.WithCancelCause(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.step = cancel
	if len(q.queue) > 0 || q.err != nil {
		cancel(errInterrupted)
	}
	return step, func() {
		q.mu.Lock()
		q.step = nil
		q.mu.Unlock()
		cancel(nil)
	}
}
