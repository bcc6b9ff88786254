package comparepane

import (
	"context"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// fakeRun is a run without a worker.
type fakeRun struct{ sent []wire.CommandKind }

func (r *fakeRun) Snapshots() <-chan wire.Snapshot { return nil }
func (r *fakeRun) Err() error                      { return nil }
func (r *fakeRun) Close() error                    { return nil }

func (r *fakeRun) Send(c wire.Command) error {
	r.sent = append(r.sent, c.Kind)
	return nil
}

// started is a pane with a run, and how often evidence was written.
func started(t *testing.T) (p *Pane, run *fakeRun, written *int) {
	t.Helper()
	run, written = &fakeRun{}, new(int)
	p = New(Options{
		Context: t.Context(), Config: wire.Config{Script: "1"}, Evidence: "/evidence", Now: time.Now,
		Start: func(context.Context, wire.Config) (compare.Measurement, error) { return run, nil },
		Export: func(string, wire.Config, wire.Snapshot) error {
			*written++
			return nil
		},
	})
	r := p.Begin()
	if !r.Began || r.Cmd == nil {
		t.Fatalf("nothing begins: %+v", r)
	}
	if _, ok := p.Update(r.Cmd()); !ok || p.Running() != compare.Measurement(run) {
		t.Fatal("the run does not start")
	}
	return p, run, written
}

func see(p *Pane, f wire.Snapshot) pane.Request {
	r, _ := p.Update(SnapshotMsg{Gen: p.Gen(), Snapshot: f})
	return r
}

// action runs an action by its name.
func action(t *testing.T, p *Pane, id string) pane.Request {
	t.Helper()
	list := p.Actions()
	at := slices.IndexFunc(list, func(a pane.Action) bool { return a.ID == id })
	if at < 0 {
		t.Fatalf("there is no action %s", id)
	}
	return list[at].Run()
}

// TestRequests checks what the pane asks for and does not do itself.
func TestRequests(t *testing.T) {
	p, run, written := started(t)
	if r := action(t, p, "profile-both"); r.Capture == nil || r.Capture.Sides != nil || r.Show == nil || *r.Show != pane.TabProfile {
		t.Errorf("profiles: %+v", r)
	}
	f := wire.Snapshot{State: wire.Running, A: wire.Side{Strategy: wire.Global}, B: wire.Side{Strategy: wire.Raw}, Series: &wire.Progress{Results: make([]wire.Result, 1)}}
	if r := see(p, f); r.Snapshot == nil || r.Snapshot.State != wire.Running {
		t.Errorf("a snapshot: %+v", r)
	}
	// Evidence waits for a capture of both sides, however that ends.
	if r := action(t, p, "export"); r.Capture == nil || !slices.Equal(r.Capture.Sides, []wire.Strategy{wire.Global, wire.Raw}) {
		t.Errorf("export: %+v", r)
	}
	if r := p.Captured(); r.Cmd == nil || r.Cmd() == nil || *written != 1 {
		t.Errorf("after the capture: %+v, %d written", r, *written)
	}
	if r := p.Captured(); r.Cmd != nil {
		t.Error("the evidence is written again")
	}
	if r := p.Order(&wire.CaptureOrder{}); r.Cmd == nil || r.Cmd() != nil || !slices.Equal(run.sent, []wire.CommandKind{wire.Capture}) {
		t.Errorf("sent %v", run.sent)
	}
	if r, ok := p.Update(EndedMsg{Gen: p.Gen()}); !ok || !r.Ended || p.Subject().Running || p.Lost() == "" {
		t.Errorf("the end: %+v", r)
	}
	if _, ok := p.Update(tea.FocusMsg{}); ok {
		t.Error("a message for nobody is taken")
	}
}
