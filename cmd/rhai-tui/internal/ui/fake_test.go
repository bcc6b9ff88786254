package ui

import (
	"errors"
	"sync"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

var errKilled = errors.New("the worker ended: signal: killed")

// fakeRun is a measurement without a worker.
type fakeRun struct {
	snapshots chan wire.Snapshot
	mu        sync.Mutex
	sent      []wire.Command
	closed    bool
	once      sync.Once
}

func newFakeRun() *fakeRun { return &fakeRun{snapshots: make(chan wire.Snapshot, 1)} }

func (s *fakeRun) Snapshots() <-chan wire.Snapshot { return s.snapshots }
func (s *fakeRun) Err() error                      { return errKilled }

func (s *fakeRun) Send(c wire.Command) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, c)
	return nil
}

func (s *fakeRun) Close() error {
	s.once.Do(func() { close(s.snapshots) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// kinds lists the commands that were sent.
func (s *fakeRun) kinds() (out []wire.CommandKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sent {
		out = append(out, c.Kind)
	}
	return out
}
