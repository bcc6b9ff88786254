package worker

import (
	"context"
	"runtime/debug"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// TestGOGC: the calls of each side run with its own percentage, and afterwards the process
// has the one that it had.
func TestGOGC(t *testing.T) {
	percent := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	before := percent()
	seen := map[int]bool{}
	host := Host{Packages: []*engine.Package{engine.NewPackage("gc", func(m *engine.Module) {
		m.Func("gogc", func() int64 { p := percent(); seen[p] = true; return int64(p) }, engine.Volatile())
	})}}
	ast, err := engine.New(host.Packages...).Compile("gogc()")
	if err != nil {
		t.Fatal(err)
	}
	var sides [2]*side
	for i, settings := range []wire.Settings{{}, {GOGC: 432}} {
		setup, err := newSetup(settings, &host, i, nil)
		if err != nil {
			t.Fatal(err)
		}
		if sides[i], err = newSide(wire.Raw, setup, &workload{ast: ast, records: [][]variable{nil}}, 1); err != nil {
			t.Fatal(err)
		}
	}
	m := &measurement{callerCount: 1, callLimit: time.Minute, batch: 1, sides: sides, callers: startCallers(1), counters: newCounters()}
	for _, slot := range []int{slotA, slotB, slotAgain, slotB} {
		clear(seen)
		var p part
		if _, err := m.measure(context.Background(), slot, 3, 0, &p); err != nil {
			t.Fatal(err)
		}
		want := []int{before, 432}[sideOf(slot)]
		if len(seen) != 1 || !seen[want] {
			t.Errorf("slot %d runs with %v, want %d", slot, seen, want)
		}
	}
	if d := wire.Differences(parity(sides[0], sides[1])); len(d) != 1 || d[0] != (wire.Parity{What: "gogc", A: "default", B: "432"}) {
		t.Errorf("differences: %v", d)
	}
	m.close()
	if got := percent(); got != before {
		t.Errorf("afterwards it is %d, before it was %d", got, before)
	}
}
