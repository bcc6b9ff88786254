package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	pprof "github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
)

// TestExport exports a comparison in the middle, whose evidence then agrees.
func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	cpu := filepath.Join(t.TempDir(), "cpu.pb.gz")
	labelled(t, cpu, map[string]int64{"global": 3, "raw": 5})
	f := measuredSnapshot()
	f.Series.Ended = ""
	f.Profile = &wire.Profile{
		Strategies: []wire.Strategy{wire.Global, wire.Raw, wire.Pool},
		Files:      []wire.ProfileFile{{Type: "cpu", Path: cpu}, {Type: "allocs", Path: "none"}},
	}
	cfg := wire.Config{Name: "x", Script: "1"}
	if err := Export(t.Context(), nil, dir, cfg, f, ThisEnvironment(cfg, nil)); err != nil {
		t.Fatal(err)
	}
	if got, err := Replay(dir); err != nil || !got.Agrees {
		t.Errorf("replay: %+v, %v", got, err)
	}
	for side, total := range map[string]int64{"global": 3, "raw": 5} {
		top, err := goprof.ReadTop(filepath.Join(dir, "cpu-"+side+".pb.gz"), "", goprof.Label, 0)
		if err != nil || top.Total != total {
			t.Errorf("%s: %d, %v, want %d", side, top.Total, err, total)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "cpu-pool.pb.gz")); err == nil {
		t.Error("the profile of a strategy that is not compared")
	}
	// A profile that is gone is told, and the rest is written.
	f.Profile.Files[0].Path = "/none"
	dir = filepath.Join(t.TempDir(), "again")
	if err := Export(t.Context(), nil, dir, cfg, f, ThisEnvironment(cfg, nil)); err == nil {
		t.Error("no error for a profile that is gone")
	}
	if got, err := Replay(dir); err != nil || !got.Agrees {
		t.Errorf("replay: %+v, %v", got, err)
	}
}

// labelled writes a profile with one sample for each value of the label strategy.
func labelled(t *testing.T, path string, samples map[string]int64) {
	t.Helper()
	p := &pprof.Profile{
		SampleType: []*pprof.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &pprof.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Function:   []*pprof.Function{{ID: 1, Name: "f"}},
	}
	p.Location = []*pprof.Location{{ID: 1, Line: []pprof.Line{{Function: p.Function[0]}}}}
	for name, n := range samples {
		p.Sample = append(p.Sample, &pprof.Sample{
			Value: []int64{n}, Location: p.Location, Label: map[string][]string{goprof.Label: {name}},
		})
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
