package view

import (
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
)

// against compares the profile of the tests with what change makes of it.
func against(t testing.TB, exact bool, change func(stacks []profiletest.Stack)) *Data {
	t.Helper()
	var sides [2]*Data
	for i := range sides {
		stacks := slices.Clone(profiletest.PricingStacks)
		if i == 1 {
			change(stacks)
		}
		p := profiletest.Make(profiletest.PricingFile, profiletest.PricingSource, stacks)
		if exact {
			p = profiletest.Exact(p)
		}
		var err error
		if sides[i], err = New(p); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Compare(sides[0], sides[1])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGate(t *testing.T) {
	// price costs 300 operations of 78,741 more, and some samples by chance.
	change := func(stacks []profiletest.Stack) {
		stacks[2].Ops += 300
		stacks[3].Samples += 20
	}
	counted, sampled := against(t, true, change), against(t, false, change)
	for text, want := range map[string]Decision{
		"ops>0.5%": HoldsNot, "ops>0.3%": Holds, "ops>299": Holds, "ops>300": HoldsNot, "ops<-1": HoldsNot, "ops<301": Holds,
		"ops@^price>0%": Holds, "ops@fib>0%": HoldsNot, "ops.flat@.>0.9%": Holds, "ops.flat@closure>0": HoldsNot, "ops@closure > 0": Holds,
		"wall>0%": Unsure, "wall>5%": HoldsNot, "samples@price>0": Unsure,
	} {
		g, err := ParseGate(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		d := counted
		if g.Type() == "wall" || g.Type() == "samples" {
			d = sampled
		}
		got, findings := g.Decide(index(t, d, Query{Type: g.Type()}))
		if got != want || len(findings) == 0 || g.String() != text {
			t.Errorf("%s comes to %v, want %v: %+v", text, got, want, findings)
		}
	}
	for text, want := range map[string]string{"ops": "want TYPE", "ops>x": "no number", ">1": "sample type", "ops@(>1": "regular expression", "ops.flat>1": "of functions", "ops>NaN": "no number"} {
		if _, err := ParseGate(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if g, err := ParseGate("ops>0.3%"); err != nil {
		t.Error(err)
	} else if got, _ := g.Decide(index(t, sampled, Query{Type: "ops"})); got != Unsure {
		t.Errorf("operations that were sampled: %v", got)
	}
	lines := index(t, counted, Query{Type: "ops"}).Lines()
	if l := lines[0]; l.Name != "price/3" || l.Line != 4 || l.Flat.Delta() != 300 {
		t.Errorf("the line with the largest difference is %s:%d", l.Name, l.Line)
	}
}
