package worker

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// records makes records of JSON texts.
func records(texts ...string) (out []json.RawMessage) {
	for _, t := range texts {
		out = append(out, json.RawMessage(t))
	}
	return out
}

// TestServeStrategies measures each strategy against one engine for all.
func TestServeStrategies(t *testing.T) {
	for _, s := range wire.Strategies {
		t.Run(string(s), func(t *testing.T) {
			cfg := sumConfig()
			cfg.B, cfg.Callers, cfg.Duration, cfg.Rounds = s, 3, 0, 2
			l := serveLine(t, cfg, limitless)
			f := l.untilState(wire.Finished)
			if f.B.Strategy != s || f.Rounds != 2 || len(f.Raw) != 2 || !f.Same || f.Value != "4957" || f.B.AllocsPerOp < 0 {
				t.Errorf("snapshot: %+v", f)
			}
			for _, r := range f.Raw {
				if r.A <= 0 || r.Again <= 0 || r.B <= 0 {
					t.Errorf("round: %+v", r)
				}
			}
			l.stop()
		})
	}
}

func TestServeCall(t *testing.T) {
	cfg := sumConfig()
	cfg.Script = "throw 1;\nfn price(n, unit, f) { `${n * f} ${unit}` }\nfn bad(x) { x / 0 }"
	cfg.Vars = []wire.Var{{Name: "qty", Value: "3"}}
	cfg.Call = `price(qty, "eur", qty + 1)`
	cfg.Callers = 2
	l := serveLine(t, cfg, limitless)
	if f := l.untilState(wire.Finished); f.Value != `"12 eur"` || !f.Same || f.A.OpsPerCall == 0 {
		t.Errorf("value %s, same %v (%s)", f.Value, f.Same, f.Difference)
	}
	for call, want := range map[string]string{
		"price(1)": "no function price with 1 parameters", "1 + 1": "want a call", "x::f()": "want a call", "price(": "Expecting",
		"bad(1)": "Division by zero", "price(nothing, 1, 2)": "Variable not found: nothing",
	} {
		other := cfg
		other.Call = call
		l.send(wire.Command{Kind: wire.Restart, Config: &other})
		f := l.until("the failure of "+call, func(f wire.Snapshot) bool { return f.State == wire.Failed && f.Error != nil })
		if !strings.Contains(f.Error.Message, want) {
			t.Errorf("%s: %s, want %s", call, f.Error.Message, want)
		}
		l.send(wire.Command{Kind: wire.Restart, Config: &cfg})
		l.untilState(wire.Finished)
	}
	l.stop()
}

func TestServeRecords(t *testing.T) {
	cfg := sumConfig()
	// Only if every record is used as often on both sides do they give the same.
	cfg.Script = "let sum = base; for i in 0..n { sum += i; } sum"
	cfg.Vars = []wire.Var{{Name: "base", Value: "1"}, {Name: "n", Value: "1000"}}
	cfg.Records = records(`{"n": 2}`, `{"n": 30}`, `{"n": 4, "base": 100}`)
	cfg.Callers = 2
	l := serveLine(t, cfg, limitless)
	if f := l.untilState(wire.Finished); !f.Same {
		t.Errorf("difference: %s", f.Difference)
	}
	cfg.Records = records(`[1]`)
	l.send(wire.Command{Kind: wire.Restart, Config: &cfg})
	if f := l.untilState(wire.Failed); !strings.Contains(f.Error.Message, "record 1 is no JSON object") {
		t.Errorf("error: %+v", f.Error)
	}
	l.stop()
}

func TestParseRecords(t *testing.T) {
	vars, err := parseVars([]wire.Var{{Name: "a", Value: "1"}, {Name: "b", Value: "2", Const: true}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseRecords(vars, records(`{"b": 5, "c": [1]}`, `{}`))
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, list := range got {
		for _, v := range list {
			text = append(text, v.name+"="+shown(v.val))
		}
	}
	if s := strings.Join(text, " "); s != "a=1 b=5 c=[1] a=1 b=2" {
		t.Errorf("records: %s", s)
	}
	w := &workload{records: got}
	if len(w.at(2)) != 3 || len(w.at(3)) != 2 {
		t.Error("the records do not come in turn")
	}
}

func TestServeAtRate(t *testing.T) {
	cfg := sumConfig()
	cfg.Rate, cfg.Callers, cfg.Duration, cfg.Rounds = 2000, 2, 0, 2
	l := serveLine(t, cfg, limitless)
	f := l.untilState(wire.Finished)
	if f.Rate != 2000 || f.Batch != callsAtRate(2000) || f.A.GroupOf != 0 || f.A.Calls != uint64(2*f.Batch) || f.A.P50 <= 0 {
		t.Errorf("snapshot: %+v", f)
	}
	l.stop()
}

func TestWaitUntil(t *testing.T) {
	due := clock() + int64(3*time.Millisecond)
	if !waitUntil(t.Context(), due) || clock() < due {
		t.Error("it did not wait")
	}
	if !waitUntil(t.Context(), 0) {
		t.Error("what is due has to wait")
	}
	for rate, want := range map[float64]int{10: 20, 1: 2, 0.1: 1, 1000: 50, 1e6: 50000} {
		if got := callsAtRate(rate); got != want {
			t.Errorf("calls at %v per second: %d, want %d", rate, got, want)
		}
	}
}
