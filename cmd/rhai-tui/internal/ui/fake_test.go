package ui

import (
	"errors"
	"sync"

	"github.com/rhai-tui/rhai-tui/profile/compare"
)

var errKilled = errors.New("the worker ended: signal: killed")

// fakeSession is a measurement without a worker.
type fakeSession struct {
	frames chan compare.Frame
	mu     sync.Mutex
	sent   []compare.Command
	closed bool
	once   sync.Once
}

func newFakeSession() *fakeSession { return &fakeSession{frames: make(chan compare.Frame, 1)} }

func (s *fakeSession) Frames() <-chan compare.Frame { return s.frames }
func (s *fakeSession) Err() error                   { return errKilled }

func (s *fakeSession) Send(c compare.Command) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, c)
	return nil
}

func (s *fakeSession) Close() error {
	s.once.Do(func() { close(s.frames) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// kinds lists the commands that were sent.
func (s *fakeSession) kinds() (out []compare.CommandKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sent {
		out = append(out, c.Kind)
	}
	return out
}
