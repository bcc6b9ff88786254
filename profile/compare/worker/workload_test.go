package worker

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// callable makes the script of a configuration a function, for the strategy that binds one.
func callable(cfg wire.Config) wire.Config {
	if cfg.B == wire.Bound {
		cfg.Script, cfg.Call = "fn all(start) {\n"+cfg.Script+"\n}", "all(start)"
	}
	return cfg
}

// TestServeStrategies measures each strategy against one engine for all.
func TestServeStrategies(t *testing.T) {
	for _, s := range wire.Strategies {
		t.Run(string(s), func(t *testing.T) {
			cfg := sumConfig()
			cfg.B, cfg.Callers, cfg.Duration, cfg.Rounds = s, 3, 0, 2
			cfg = callable(cfg)
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
	cfg.Script = "const F = 4;\nfn price(n, unit, f) { `${n * global::F * f / 4} ${unit}` }\nfn bad(x) { x / 0 }"
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
		"price(1, 2, qty / 0)": "Division by zero",
	} {
		other := cfg
		other.Call = call
		l.send(wire.Command{Kind: wire.Restart, Config: &other})
		f := l.until("the failure of "+call, func(f wire.Snapshot) bool { return f.State == wire.Failed && f.Error != nil })
		if !strings.Contains(f.Error.Message, want) {
			t.Errorf("%s: %s, want %s", call, f.Error.Message, want)
		}
		// A mistake in the call is shown in the call, and one of the script in the script.
		switch source := f.Error.Source; call {
		case "bad(1)":
			if !strings.HasPrefix(source, "fn bad") || f.Error.Line != 3 {
				t.Errorf("%s: line %d, %q", call, f.Error.Line, source)
			}
		case "price(nothing, 1, 2)", "price(1, 2, qty / 0)":
			if source != call || f.Error.Script != "--call" || f.Error.Line != 1 {
				t.Errorf("%s: %+v", call, f.Error)
			}
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

// TestServeTwoScripts checks that B runs a script of its own, and that results are
// compared record by record.
func TestServeTwoScripts(t *testing.T) {
	cfg := sumConfig()
	cfg.Name, cfg.Script, cfg.Vars = "old.rhai", "let s = 0; for i in 0..n { s += i } s", nil
	cfg.Second = &wire.Script{Name: "new.rhai", Text: "n * (n - 1) / 2"}
	cfg.B, cfg.Duration, cfg.Rounds = "", 0, 2
	for i := range 20 {
		cfg.Records = append(cfg.Records, json.RawMessage(fmt.Sprintf(`{"n": %d}`, i)))
	}
	l := serveLine(t, cfg, limitless)
	f := l.untilState(wire.Finished)
	if !f.Same || f.Compared != 20 || f.Records != 20 || f.A.Strategy != wire.Global || f.B.Strategy != wire.Global || f.A.Script != "old.rhai" || f.B.Script != "new.rhai" || f.A.Label == f.B.Label {
		t.Errorf("snapshot: %+v", f)
	}
	// The mean of all records, whatever the number of rounds was.
	if f.A.OpsPerCall <= f.B.OpsPerCall || f.B.OpsPerCall == 0 {
		t.Errorf("operations: %d, %d", f.A.OpsPerCall, f.B.OpsPerCall)
	}
	other := cfg
	other.Second = &wire.Script{Name: "new.rhai", Text: "if n == 17 { 0 } else { n * (n - 1) / 2 }"}
	l.send(wire.Command{Kind: wire.Restart, Config: &other})
	f = l.until("a difference", func(f wire.Snapshot) bool { return f.Difference != "" })
	if want := "record 18: old.rhai gives 136, new.rhai gives 0"; f.Difference != want {
		t.Errorf("%q, want %q", f.Difference, want)
	}
	other.Second = &wire.Script{Name: "new.rhai", Text: "\n  nothing"}
	l.send(wire.Command{Kind: wire.Restart, Config: &other})
	f = l.untilState(wire.Failed)
	if e := f.Error; e.Side != "B" || e.Script != "new.rhai" || e.Line != 2 || e.Source != "  nothing" {
		t.Errorf("failure: %+v", e)
	}
	l.stop()
}

// TestServeModules checks that scripts find modules next to them and that they are named.
func TestServeModules(t *testing.T) {
	dirs := [2]string{t.TempDir(), t.TempDir()}
	for i, d := range dirs {
		if err := os.WriteFile(filepath.Join(d, "m.rhai"), fmt.Appendf(nil, "export const N = %d;", i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := sumConfig()
	cfg.Name, cfg.Script, cfg.Dirs = "a.rhai", `import "m" as m; m::N + 1`, dirs[:1]
	cfg.Second = &wire.Script{Name: "b.rhai", Text: `import "m" as m; m::N`, Dirs: dirs[1:]}
	cfg.B, cfg.Duration, cfg.Rounds = "", 0, 1
	l := serveLine(t, cfg, limitless)
	f := l.untilState(wire.Finished)
	if !f.Same || f.Value != "1" || len(f.Modules) != 2 || f.Modules[0].Hash == "" || f.Modules[0].Hash == f.Modules[1].Hash {
		t.Errorf("same %v (%s), value %s, modules %v", f.Same, f.Difference, f.Value, f.Modules)
	}
	l.stop()
}
