package main

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

func TestGate(t *testing.T) {
	for _, c := range []struct {
		text string
		want decision
	}{
		{"ratio>1.05", holds}, {"ratio.hi > 1.45", holdsNot}, {"ratio.high>1.449", holds}, {"ratio.lo<1.41", holds}, {"ratio.low<1.41", holds},
		{"b.allocs>31", holdsNot}, {"b.allocs>30.5", holds}, {"a.ops<31", holdsNot}, {"b.p99.9>1", undecided}, {"a.p99.9>1", holds},
		{"allocs>10%", holds}, {"allocs > 400 %", holdsNot}, {"ops>0%", holdsNot}, {"bytes>1000%", holds}, {"p99>50%", holdsNot}, {"p99>41%", holds},
		{"p99.9>5%", undecided}, {"mutexns>0%", holdsNot}, {"mean<50%", holds},
	} {
		g, err := parseGate(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got := g.decide(measuredSnapshot()); got != c.want {
			t.Errorf("%s gives %d, want %d", c.text, got, c.want)
		}
	}
	for _, text := range []string{"", "ratio", "heat>1", "ratio>x", ">1", "ratio>5%", "c.ops>1", "allocs>1", "ratio>NaN"} {
		if _, err := parseGate(text); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	g, err := parseGate("ratio>9")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []stats.Outcome{stats.ResultsDiffer, stats.NotEnoughData} {
		f := measuredSnapshot()
		f.Series.Verdict.Outcome = o
		if got := g.decide(f); got != undecided {
			t.Errorf("%s gives %d", o, got)
		}
	}
}

// TestNewAllocations checks the percentage of what A has none of.
func TestNewAllocations(t *testing.T) {
	f := measuredSnapshot()
	f.A.AllocsPerOp = 0
	g, err := parseGate("allocs>1e6%")
	if err != nil {
		t.Fatal(err)
	}
	if got := g.decide(f); got != holds {
		t.Errorf("allocations where there were none give %d", got)
	}
	f.B.AllocsPerOp = 0
	if got := g.decide(f); got != holdsNot {
		t.Errorf("no allocations on both sides give %d", got)
	}
}
