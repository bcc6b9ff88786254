package compare

import (
	"maps"
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// merge puts what all processes measured in the place of what the current one
// did.
func (r *seriesRun) merge(f *wire.Snapshot, p *wire.Progress) {
	all := slices.Clone(r.results)
	partial := r.ended == "" && f.Rounds > 0
	if partial {
		all = append(all, wire.Result{Rounds: f.Raw, A: f.A, B: f.B, WarmUp: f.WarmUp, Elapsed: f.Elapsed})
	}
	f.Raw = nil // it is in the results
	if len(all) == 0 {
		return
	}
	f.Elapsed, f.Rounds = 0, 0
	var pooled stats.Ratios
	var as, bs []*wire.Side
	for i := range all {
		x := &all[i]
		f.Rounds += len(x.Rounds)
		for _, one := range x.Rounds {
			pooled.Add(one.B / one.A)
		}
		f.Elapsed += x.Elapsed
		as, bs = append(as, &x.A), append(bs, &x.B)
	}
	f.Low, f.Ratio, f.High = pooled.Quartiles()
	sparkA, sparkB := f.A, f.B
	histA, histB := [][]byte{r.merged[0]}, [][]byte{r.merged[1]}
	if partial {
		histA, histB = append(histA, f.A.Histogram), append(histB, f.B.Histogram)
	}
	f.A, f.B = mergedSide(as, histA), mergedSide(bs, histB)
	for _, x := range []struct{ to, from *wire.Side }{{&f.A, &sparkA}, {&f.B, &sparkB}} {
		if len(x.from.Spark) > 0 {
			x.to.Spark, x.to.Sparks = x.from.Spark, x.from.Sparks
		}
	}
	p.Tails = tails(r.results)
	p.Overhead = overhead(all)
}

// mergedSide puts together what processes measured of a side: sums of what is
// counted, medians of what differs by process, and quantiles of all samples.
func mergedSide(sides []*wire.Side, histograms [][]byte) wire.Side {
	last := sides[len(sides)-1]
	out := wire.Side{Strategy: last.Strategy, Label: last.Label, Script: last.Script, Settings: last.Settings, GroupOf: last.GroupOf, OpsPerCall: last.OpsPerCall, Spark: last.Spark, Sparks: last.Sparks}
	mid := func(field func(*wire.Side) float64) float64 {
		var x []float64
		for _, s := range sides {
			if v := field(s); v >= 0 && !math.IsNaN(v) {
				x = append(x, v)
			}
		}
		if len(x) == 0 {
			return -1
		}
		return stats.Median(x)
	}
	holders := map[string]int{}
	for _, s := range sides {
		out.Calls += s.Calls
		out.GCCycles += s.GCCycles
		out.Max = max(out.Max, s.Max)
		if s.MutexHolder != "" {
			holders[s.MutexHolder]++
		}
	}
	out.Throughput = max(mid(func(s *wire.Side) float64 { return s.Throughput }), 0)
	out.AllocsPerOp = mid(func(s *wire.Side) float64 { return s.AllocsPerOp })
	out.BytesPerOp = mid(func(s *wire.Side) float64 { return s.BytesPerOp })
	out.MutexWait = mid(func(s *wire.Side) float64 { return s.MutexWait })
	out.GCPause99 = mid(func(s *wire.Side) float64 { return s.GCPause99 })
	out.GCShare = mid(func(s *wire.Side) float64 { return s.GCShare })
	out.HeapLive = mid(func(s *wire.Side) float64 { return s.HeapLive })
	for _, name := range slices.Sorted(maps.Keys(holders)) {
		if holders[name] > holders[out.MutexHolder] {
			out.MutexHolder = name
		}
	}
	l := stats.MergedLatencies(histograms...)
	out.P50, out.P90, out.P99, out.P999, out.P9999 = l.Quantile(0.5), l.Quantile(0.9), l.Quantile(0.99), l.Quantile(0.999), l.Quantile(0.9999)
	// The mean and the quantiles of a table are of the same samples.
	out.Mean = l.Mean()
	out.Histogram = l.Encoded()
	if out.GroupOf > 1 {
		out.P999, out.P9999, out.Max = -1, -1, -1
	}
	return out
}

// tails are the intervals of B/A of figures that each process has.
func tails(results []wire.Result) []wire.Tail {
	var out []wire.Tail
	for _, t := range []struct {
		name  string
		field func(*wire.Side) float64
	}{
		{"mean", func(s *wire.Side) float64 { return s.Mean }}, {"p50", func(s *wire.Side) float64 { return s.P50 }},
		{"p90", func(s *wire.Side) float64 { return s.P90 }}, {"p99", func(s *wire.Side) float64 { return s.P99 }},
		{"p99.9", func(s *wire.Side) float64 { return s.P999 }}, {"p99.99", func(s *wire.Side) float64 { return s.P9999 }},
	} {
		var logs []float64
		for i := range results {
			if a, b := t.field(&results[i].A), t.field(&results[i].B); a > 0 && b > 0 {
				logs = append(logs, math.Log(b/a))
			}
		}
		if len(logs) < 2 || len(logs) < len(results) {
			continue
		}
		i := stats.MeanInterval(logs, stats.Confidence)
		out = append(out, wire.Tail{Name: t.name, Ratio: math.Exp(i.Mid), Low: math.Exp(i.Low), High: math.Exp(i.High)})
	}
	return out
}

// providing is how many of the steps provide the engine.
const providing = 2

// overhead puts together the phases of several processes; nil without any.
func overhead(results []wire.Result) *wire.Overhead {
	var times [2][len(wire.PhaseNames)][]float64
	var extra []float64
	for _, r := range results {
		a, b := r.A.Phases, r.B.Phases
		if len(a) != len(wire.PhaseNames) || len(b) != len(wire.PhaseNames) {
			continue
		}
		sum := 0.0
		for n := range wire.PhaseNames {
			times[0][n], times[1][n] = append(times[0][n], a[n]), append(times[1][n], b[n])
			if n < providing {
				sum += b[n] - a[n]
			}
		}
		extra = append(extra, sum)
	}
	if len(extra) == 0 {
		return nil
	}
	bounded := func(x []float64) stats.Interval {
		i := stats.MeanInterval(x, stats.Confidence)
		if math.IsNaN(i.Low) {
			i.Low, i.High = i.Mid, i.Mid
		}
		return i
	}
	o := &wire.Overhead{}
	for n, name := range wire.PhaseNames {
		a, b := bounded(times[0][n]), bounded(times[1][n])
		o.A = append(o.A, wire.Phase{Name: name, Time: a.Mid, Low: a.Low, High: a.High})
		o.B = append(o.B, wire.Phase{Name: name, Time: b.Mid, Low: b.Low, High: b.High})
	}
	i := bounded(extra)
	o.Extra, o.Low, o.High = i.Mid, i.Low, i.High
	return o
}
