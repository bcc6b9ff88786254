package report

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

func TestGate(t *testing.T) {
	for _, c := range []struct {
		text string
		want decision
	}{
		{"ratio>1.05", Holds}, {"ratio.hi > 1.45", HoldsNot}, {"ratio.high>1.449", Holds}, {"ratio.lo<1.41", Holds}, {"ratio.low<1.41", Holds},
		{"b.allocs>31", HoldsNot}, {"b.allocs>30.5", Holds}, {"a.ops<31", HoldsNot}, {"b.p99.9>1", Undecided}, {"a.p99.9>1", Holds},
		{"allocs>10%", Holds}, {"allocs > 400 %", HoldsNot}, {"ops>0%", HoldsNot}, {"bytes>1000%", Holds}, {"p99>50%", HoldsNot}, {"p99>41%", Holds},
		{"p99.9>5%", Undecided}, {"mutexns>0%", HoldsNot}, {"mean<50%", Holds},
	} {
		g, err := ParseGate(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got := g.Decide(measuredSnapshot()); got != c.want {
			t.Errorf("%s gives %d, want %d", c.text, got, c.want)
		}
	}
	for _, text := range []string{"", "ratio", "heat>1", "ratio>x", ">1", "ratio>5%", "c.ops>1", "allocs>1", "ratio>NaN"} {
		if _, err := ParseGate(text); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	g, err := ParseGate("ratio>9")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []stats.Outcome{stats.ResultsDiffer, stats.NotEnoughData} {
		f := measuredSnapshot()
		f.Series.Verdict.Outcome = o
		if got := g.Decide(f); got != Undecided {
			t.Errorf("%s gives %d", o, got)
		}
	}
}

// TestNewAllocations checks the percentage of what A has none of.
func TestNewAllocations(t *testing.T) {
	f := measuredSnapshot()
	f.A.AllocsPerOp = 0
	g, err := ParseGate("allocs>1e6%")
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Decide(f); got != Holds {
		t.Errorf("allocations where there were none give %d", got)
	}
	f.B.AllocsPerOp = 0
	if got := g.Decide(f); got != HoldsNot {
		t.Errorf("no allocations on both sides give %d", got)
	}
}
