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

// shared is the state that the measuring goroutine and the publisher share.
type shared struct {
	mu      sync.Mutex
	version uint64
	state   wire.State
	head    wire.Snapshot // what is not measured
	failure *wire.ScriptError
	m       *measurement
}

// change calls f under the lock and counts a new version.
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

// snapshot makes a snapshot of how things are, and tells their version. It is safe for
// any goroutine.
func (k *worker) snapshot() (wire.Snapshot, uint64) {
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

// publisher writes snapshots in a goroutine of its own, so that a reader that is slow
// never holds up the measuring.
type publisher struct {
	w         io.Writer
	snapshot  func() (wire.Snapshot, uint64)
	failed    context.CancelCauseFunc
	idle      sync.Mutex // held while a snapshot is made and written, or while none may be
	wakes     chan struct{}
	intervals chan time.Duration
	quit      chan struct{}
	done      chan struct{}
	err       error // set before done is closed
}

// newPublisher makes a publisher; failed is called with the error if w fails.
func newPublisher(w io.Writer, snapshot func() (wire.Snapshot, uint64), failed context.CancelCauseFunc) *publisher {
	return &publisher{
		w: w, snapshot: snapshot, failed: failed,
		wakes: make(chan struct{}, 1), intervals: make(chan time.Duration, 1),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// wake asks for a snapshot at once.
func (p *publisher) wake() {
	select {
	case p.wakes <- struct{}{}:
	default:
	}
}

// setInterval sets the interval. Only one goroutine may call it.
func (p *publisher) setInterval(d time.Duration) {
	select {
	case <-p.intervals:
	default:
	}
	p.intervals <- d
}

// quiet runs f while no snapshots are made, so that it can count allocations.
func (p *publisher) quiet(f func()) {
	p.idle.Lock()
	defer p.idle.Unlock()
	f()
}

// stop writes the last snapshot, ends the goroutine and returns what went wrong.
func (p *publisher) stop() error {
	close(p.quit)
	<-p.done
	return p.err
}

// run writes snapshots, when the interval is over or when it is woken, unless
// nothing has changed.
func (p *publisher) run() {
	defer close(p.done)
	tick := time.NewTicker(defaultInterval)
	defer tick.Stop()
	enc := json.NewEncoder(p.w)
	var seen uint64
	for {
		last := false
		select {
		case <-tick.C:
		case <-p.wakes:
		case d := <-p.intervals:
			tick.Reset(d)
			continue
		case <-p.quit:
			last = true
		}
		if err := p.publish(enc, &seen, last); err != nil {
			p.err = fmt.Errorf("cannot write a snapshot: %w", err)
			p.failed(p.err)
			return
		}
		if last {
			return
		}
	}
}

// publish writes a snapshot unless it is the one that was written last, whose
// version is in seen. Only the last one waits for the lock.
func (p *publisher) publish(enc *json.Encoder, seen *uint64, last bool) error {
	if last {
		p.idle.Lock()
	} else if !p.idle.TryLock() {
		// Waiting would show as mutex wait of whichever side comes next.
		return nil
	}
	defer p.idle.Unlock()
	f, version := p.snapshot()
	if version == *seen {
		return nil
	}
	*seen = version
	return enc.Encode(f)
}
