package ui

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// TestShot takes a picture of a comparison that ends at once.
func TestShot(t *testing.T) {
	run := newFakeRun()
	run.snapshots <- wire.Snapshot{
		State: wire.Finished, Ratio: 2, Rounds: 5, Same: true, A: wire.Side{Strategy: wire.Global, Mean: 1}, B: wire.Side{Strategy: wire.Raw, Mean: 2},
		Series: &wire.Progress{Process: 5, Processes: 5, Ended: "done", Verdict: stats.Verdict{Outcome: stats.AFaster, Ratio: 2, Low: 1.9, High: 2.1}},
	}
	opts := Options{
		Config: wire.Config{Name: "a<b", Script: "1"}, Theme: "dark",
		Start: func(context.Context, wire.Config) (compare.Measurement, error) { return run, nil },
	}
	shot, err := TakeShot(t.Context(), opts, 90, 30, []string{"l"})
	if err != nil {
		t.Fatal(err)
	}
	text := shot.Text()
	if !strings.Contains(text, "raw per call takes 2.00x the time of global") || !strings.Contains(text, "Last verdicts") || strings.Contains(text, "\x1b") || strings.Count(text, "\n") != 30 {
		t.Errorf("text:\n%s", text)
	}
	svg := shot.SVG()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
	if !strings.Contains(svg, "a&lt;b") || strings.Contains(svg, "\x1b") || strings.Contains(svg, "href") {
		t.Errorf("SVG:\n%.2000s", svg)
	}
	if _, err := TakeShot(t.Context(), Options{Config: wire.Config{Script: "1"}}, 80, 24, nil); err == nil {
		t.Error("a picture of nothing")
	}
}
