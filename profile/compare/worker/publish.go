package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// shared is what the measuring goroutine and the emitter both see.
type shared struct {
	mu      sync.Mutex
	version uint64
	state   wire.State
	head    wire.Frame // what is not measured
	failure *wire.ScriptError
	m       *measurement
}

// change changes it under the lock.
func (s *shared) change(f func(*shared)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
	s.version++
}

func (s *shared) now() wire.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *shared) measurement() *measurement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m
}

// frame makes a frame of how things are, and tells their version. It is safe for
// any goroutine.
func (k *worker) frame() (wire.Frame, uint64) {
	s := &k.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.head
	f.State = s.state
	f.Error = s.failure
	if s.m != nil {
		s.m.fill(&f)
	}
	return f, s.version
}

// emitter writes frames in a goroutine of its own, so that a reader that is slow
// never holds up the measuring.
type emitter struct {
	w      io.Writer
	frame  func() (wire.Frame, uint64)
	failed context.CancelCauseFunc
	calm   sync.Mutex // held while a frame is made and written
	kicks  chan struct{}
	paces  chan time.Duration
	quit   chan struct{}
	done   chan struct{}
	err    error // set before done is closed
}

// newEmitter makes an emitter; failed is called with the error if w fails.
func newEmitter(w io.Writer, frame func() (wire.Frame, uint64), failed context.CancelCauseFunc) *emitter {
	return &emitter{
		w: w, frame: frame, failed: failed,
		kicks: make(chan struct{}, 1), paces: make(chan time.Duration, 1),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// kick asks for a frame at once.
func (e *emitter) kick() {
	select {
	case e.kicks <- struct{}{}:
	default:
	}
}

// pace sets the interval. Only one goroutine may call it.
func (e *emitter) pace(d time.Duration) {
	select {
	case <-e.paces:
	default:
	}
	e.paces <- d
}

// quiet runs f while no frames are made, so that it can count allocations.
func (e *emitter) quiet(f func()) {
	e.calm.Lock()
	defer e.calm.Unlock()
	f()
}

// stop writes the last frame, ends the goroutine and returns what went wrong.
func (e *emitter) stop() error {
	close(e.quit)
	<-e.done
	return e.err
}

// run writes frames, when the interval is over or at a kick, unless nothing has
// changed.
func (e *emitter) run() {
	defer close(e.done)
	tick := time.NewTicker(defaultInterval)
	defer tick.Stop()
	enc := json.NewEncoder(e.w)
	var seen uint64
	for {
		last := false
		select {
		case <-tick.C:
		case <-e.kicks:
		case d := <-e.paces:
			tick.Reset(d)
			continue
		case <-e.quit:
			last = true
		}
		if err := e.emit(enc, &seen, last); err != nil {
			e.err = fmt.Errorf("cannot write a frame: %w", err)
			e.failed(e.err)
			return
		}
		if last {
			return
		}
	}
}

func (e *emitter) emit(enc *json.Encoder, seen *uint64, last bool) error {
	if last {
		e.calm.Lock()
	} else if !e.calm.TryLock() {
		// Waiting would show as mutex wait of whichever side comes next.
		return nil
	}
	defer e.calm.Unlock()
	f, version := e.frame()
	if version == *seen {
		return nil
	}
	*seen = version
	return enc.Encode(f)
}
