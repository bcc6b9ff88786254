package profilepane

import (
	"slices"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func TestCapture(t *testing.T) {
	p := New(Options{Dir: "/profiles", Now: now})
	sides := []wire.Strategy{wire.Global, wire.Raw}
	if r, ok := p.Capture(pane.Capture{Sides: sides}); ok || r.Notice == "" || p.Busy() {
		t.Errorf("a capture of nothing: %+v", r)
	}
	p.SetSubject(pane.Subject{Name: "x", Sides: [2]wire.Strategy{wire.Global, wire.Raw}, Running: true})
	r, ok := p.Capture(pane.Capture{Sides: sides})
	if !ok || !p.Busy() {
		t.Fatalf("no capture: %+v", r)
	}
	order, _ := p.Update(r.Cmd())
	if o := order.Order; o == nil || o.Dir != "/profiles/20260102-030405" || !slices.Equal(o.Strategies, sides) {
		t.Fatalf("ordered %+v", o)
	}
	done := &wire.Snapshot{State: wire.Running, Profile: &wire.Profile{Files: []wire.ProfileFile{{Type: "cpu", Path: order.Order.Dir + "/cpu.pb.gz"}}}}
	if r := p.See(done); !r.Captured || p.Capturing() || r.Cmd == nil || p.Copy() != order.Order.Dir+"/cpu.pb.gz" {
		t.Errorf("the capture does not end: %+v", r)
	}
	if r := p.See(done); r.Captured || r.Cmd != nil {
		t.Error("it ends twice")
	}
	// The run ends meanwhile, and another one begins.
	p.Capture(pane.Capture{})
	if r := p.RunEnded(); !r.Captured || p.Capturing() {
		t.Errorf("a capture without a run: %+v", r)
	}
	p.Capture(pane.Capture{})
	if p.Forget(); p.Capturing() {
		t.Error("a capture of an earlier run goes on")
	}
	// A script that fails is told with the reason.
	p.Capture(pane.Capture{})
	if r := p.See(&wire.Snapshot{State: wire.Failed, Error: &wire.ScriptError{Message: "no such variable", Line: 3}}); !r.Captured || p.failed != "the script fails: no such variable (line 3)" {
		t.Errorf("%+v, %s", r, p.failed)
	}
}
