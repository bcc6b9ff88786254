// The race detector makes pools forget at random.

//go:build !race

package worker

import (
	"context"
	"math"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// TestCountAllocs compares with the testing package, whose method is another one,
// for short calls and for calls that are counted only once.
func TestCountAllocs(t *testing.T) {
	pkgs := testPackages()
	for _, script := range []string{
		"1 + 1",
		"let a = []; for i in 0..20 { a = [a, i]; } a",
		`let s = "x"; let m = #{ a: 1, b: [s, s + "y"] }; print_text(s); m`,
	} {
		ast, err := engine.New(pkgs...).Compile(script)
		if err != nil {
			t.Fatal(err)
		}
		vars, err := parseVars([]wire.Var{{Name: "v", Value: "[1, 2]"}, {Name: "c", Value: `{"a": 1}`, Const: true}})
		if err != nil {
			t.Fatal(err)
		}
		for _, how := range wire.Strategies[:5] { // all that run scripts
			s, err := newSide(how, testSetup(t, wire.Settings{}), &workload{ast: ast, records: [][]variable{vars}}, 1)
			if err != nil {
				t.Fatal(err)
			}
			want := testing.AllocsPerRun(100, func() { _, _, err = s.call(context.Background(), 0, 0) })
			if err != nil {
				t.Fatal(err)
			}
			for _, perCall := range []float64{1000, 2 * float64(countTime)} {
				got, err := countAllocs(t.Context(), s, perCall)
				if err != nil {
					t.Fatal(err)
				}
				if math.Floor(got.objects) != want || got.bytes < got.objects {
					t.Errorf("%s %q: %v, want %v objects", how, script, got, want)
				}
			}
		}
	}
}

func TestCountAllocsFails(t *testing.T) {
	ast, err := engine.NewRaw().Compile("1 / 0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSide(wire.Raw, testSetup(t, wire.Settings{}), &workload{ast: ast, records: [][]variable{nil}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, perCall := range []float64{1000, 2 * float64(countTime)} {
		if _, err := countAllocs(t.Context(), s, perCall); err == nil {
			t.Error("no error for a script that fails")
		}
	}
}

// TestDefaultSettings pins what a call allocates beside its script: nothing, but
// the engine that [New] makes. Default settings add nothing to it, not even
// if they are spelled out.
func TestDefaultSettings(t *testing.T) {
	ast, err := engine.New(testPackages()...).Compile("1 + 1")
	if err != nil {
		t.Fatal(err)
	}
	calls := func(how wire.Strategy, settings wire.Settings) float64 {
		s, err := newSide(how, testSetup(t, settings), &workload{ast: ast, records: [][]variable{nil}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(100, func() { _, _, err = s.call(context.Background(), 0, 0) })
	}
	for s, want := range map[wire.Strategy]float64{wire.Global: 0, wire.Pool: 0, wire.PerGoroutine: 0, wire.Raw: 0, wire.New: 1} {
		for _, settings := range []wire.Settings{{}, {Packages: []string{"test"}, Optimize: "simple"}} {
			if got := calls(s, settings); got != want {
				t.Errorf("%s with %s allocates %v, want %v", s, settings, got, want)
			}
		}
		// Engines share the configuration of the same limits; Raw then makes an object.
		more := calls(s, wire.Settings{Limits: engine.Limits{Operations: 1e6}}) - want
		if wantMore := map[wire.Strategy]float64{wire.Raw: 1}[s]; more != wantMore {
			t.Errorf("%s: limits allocate %v more, want %v", s, more, wantMore)
		}
		if more := calls(s, wire.Settings{Print: wire.Collect}) - want; more < 2 {
			t.Errorf("%s: collecting allocates %v more", s, more)
		}
	}
}
