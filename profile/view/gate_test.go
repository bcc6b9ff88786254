package view

import (
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
)

// against compares the profile of the tests with what change makes of it.
func against(t testing.TB, change func(stacks []profiletest.Stack)) *Data {
	t.Helper()
	stacks := append([]profiletest.Stack(nil), profiletest.PricingStacks...)
	base, err := New(profiletest.Make(profiletest.PricingFile, profiletest.PricingSource, stacks))
	if err != nil {
		t.Fatal(err)
	}
	stacks = append([]profiletest.Stack(nil), stacks...)
	change(stacks)
	now, err := New(profiletest.Make(profiletest.PricingFile, profiletest.PricingSource, stacks))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Compare(base, now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGate(t *testing.T) {
	// price costs 300 operations of 78,741 more, and some samples by chance.
	d := against(t, func(stacks []profiletest.Stack) {
		stacks[2].Ops += 300
		stacks[3].Samples += 20
	})
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
	lines := index(t, d, Query{Type: "ops"}).Lines()
	if l := lines[0]; l.Name != "price/3" || l.Line != 4 || l.Flat.Delta() != 300 {
		t.Errorf("the line with the largest difference is %s:%d", l.Name, l.Line)
	}
}
