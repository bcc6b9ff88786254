package engine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// BenchmarkObserved runs the scripts of testdata/bench in turn without and with a
// sampler, and reports the median of the ratios of neighbouring runs.
func BenchmarkObserved(b *testing.B) {
	record := func(*engine.Sample) {}
	for _, kind := range []struct {
		name string
		o    engine.SamplerOptions
	}{
		{"nothing", engine.SamplerOptions{Record: record}},
		{"sampled", engine.SamplerOptions{Period: time.Millisecond, Operations: 1 << 18, Allocated: 512 << 10, Record: record}},
		{"exact", engine.SamplerOptions{Exact: true, Record: record}},
	} {
		for name := range benchResults(b) {
			b.Run(kind.name+"/"+name, func(b *testing.B) {
				eng := engine.New(packages.Standard())
				ast, err := eng.Compile(readBench(b, name))
				if err != nil {
					b.Fatal(err)
				}
				run := func(s *engine.Sampler) float64 {
					eng.SetSampler(s)
					begin := time.Now()
					if _, err := eng.Run(context.Background(), nil, ast); err != nil {
						b.Fatal(err)
					}
					return float64(time.Since(begin))
				}
				s := engine.NewSampler(kind.o)
				defer s.Stop()
				var ratios []float64
				run(nil)
				for i := 0; b.Loop(); i++ {
					var without, with float64
					if i%2 == 0 {
						without, with = run(nil), run(s)
					} else {
						with, without = run(s), run(nil)
					}
					ratios = append(ratios, with/without)
				}
				slices.Sort(ratios)
				b.ReportMetric(ratios[len(ratios)/2], "ratio")
			})
		}
	}
}
