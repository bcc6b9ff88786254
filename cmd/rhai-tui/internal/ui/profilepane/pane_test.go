package profilepane

import (
	"slices"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func TestCapture(t *testing.T) {
	p := New("/profiles", now)
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
	if r := p.See(done); !r.Captured || p.Busy() || p.Copy() != order.Order.Dir+"/cpu.pb.gz" {
		t.Errorf("the capture does not end: %+v", r)
	}
	if r := p.See(done); r.Captured {
		t.Error("it ends twice")
	}
	// The run ends meanwhile, and another one begins.
	p.Capture(pane.Capture{})
	if r := p.RunEnded(); !r.Captured || p.Busy() {
		t.Errorf("a capture without a run: %+v", r)
	}
	p.Capture(pane.Capture{})
	if p.Forget(); p.Busy() {
		t.Error("a capture of an earlier run goes on")
	}
}

// TestScroll bounds what is scrolled after a key, and not by drawing.
func TestScroll(t *testing.T) {
	p := New("", now)
	top := make([]wire.TopLine, 50)
	p.See(&wire.Snapshot{Profile: &wire.Profile{Strategies: []wire.Strategy{wire.Raw}, Files: []wire.ProfileFile{{Type: "cpu", Unit: "nanoseconds", Top: top}}}})
	p.scroll(1 << 20)
	before := p.top
	p.View(draw.NewTheme(true, false, true), 100, 30)
	if p.top != before {
		t.Error("drawing scrolls")
	}
	p.Settle(100, 30)
	if p.top >= before || p.top == 0 {
		t.Errorf("settled at %d", p.top)
	}
}
