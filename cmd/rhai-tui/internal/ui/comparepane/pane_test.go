package comparepane

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
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

// TestWordsAgree checks that no row contradicts the verdict: only it says faster and slower,
// and calls per second without pauses are what it says.
func TestWordsAgree(t *testing.T) {
	row := func(p *Pane, name string) string {
		for _, r := range p.rows() {
			if r.name == name {
				return strings.TrimSpace(p.mark(r))
			}
		}
		return ""
	}
	for _, c := range []struct {
		outcome           stats.Outcome
		ratio, rate       float64
		p50               wire.Tail
		throughput, wants string
	}{
		{stats.AFaster, 1.25, 0, wire.Tail{Ratio: 1.4, Low: 1.3, High: 1.5}, "~0.80x slower", "1.40x slower"},
		{stats.AFaster, 1.25, 0, wire.Tail{Ratio: 0.5, Low: 0.4, High: 0.6}, "~0.80x slower", "0.50x lower"},
		{stats.BFaster, 0.8, 0, wire.Tail{Ratio: 1.4, Low: 1.3, High: 1.5}, "~1.25x faster", "1.40x higher"},
		{stats.BFaster, 0.8, 0, wire.Tail{Ratio: 0.5, Low: 0.4, High: 0.6}, "~1.25x faster", "0.50x faster"},
		{stats.NoDifference, 1, 0, wire.Tail{Ratio: 1.4, Low: 1.3, High: 1.5}, "~1.00x same", "1.40x higher"},
		{stats.NotEnoughData, 1.25, 0, wire.Tail{Ratio: 1.4, Low: 1.3, High: 1.5}, "~0.80x lower", "1.40x higher"},
		{stats.NoDifference, 1, 0, wire.Tail{Ratio: 1.4, Low: 0.9, High: 2}, "~1.00x same", "1.40x"},
		{stats.AFaster, 1.25, 500, wire.Tail{Ratio: 1.4, Low: 1.3, High: 1.5}, "1.10x", "1.40x slower"},
	} {
		p, _, _ := started(t)
		c.p50.Name = "p50"
		see(p, wire.Snapshot{
			State: wire.Running, Rate: c.rate, Ratio: c.ratio, Same: true,
			A: wire.Side{Throughput: 1000, P50: 100}, B: wire.Side{Throughput: 1100, P50: 100 * c.p50.Ratio},
			Series: &wire.Progress{Verdict: stats.Verdict{Outcome: c.outcome, Ratio: c.ratio, Low: c.ratio * 0.99, High: c.ratio * 1.01}, Tails: []wire.Tail{c.p50}},
		})
		if got := row(p, "throughput"); got != c.throughput {
			t.Errorf("%+v: throughput %q", c, got)
		}
		if got := row(p, "p50"); got != c.wants {
			t.Errorf("%+v: p50 %q", c, got)
		}
	}
}
