package compare

import (
	"maps"
	"math"
	"slices"
	"time"
)

// gather puts what all processes measured in the place of what the current one
// did.
func (r *seriesRun) gather(f *Frame, p *Progress) {
	all := slices.Clone(r.results)
	partial := r.ended == "" && f.Rounds > 0
	if partial {
		all = append(all, Result{Rounds: f.Raw, A: f.A, B: f.B, WarmUp: f.WarmUp})
	}
	f.Raw = nil // it is in the results
	if len(all) == 0 {
		return
	}
	f.Elapsed, f.Rounds = 0, 0
	var pooled ratios
	var as, bs []*Side
	for i := range all {
		x := &all[i]
		f.Rounds += len(x.Rounds)
		for _, one := range x.Rounds {
			pooled.add(one.B / one.A)
			f.Elapsed += time.Duration((one.A + one.Again + one.B) * float64(max(one.Calls, 1)))
		}
		as, bs = append(as, &x.A), append(bs, &x.B)
	}
	f.Low, f.Ratio, f.High = pooled.quartiles()
	sparkA, sparkB := f.A.Spark, f.B.Spark
	histA, histB := [][]byte{r.merged[0]}, [][]byte{r.merged[1]}
	if partial {
		histA, histB = append(histA, f.A.Histogram), append(histB, f.B.Histogram)
	}
	f.A, f.B = mergedSide(as, histA), mergedSide(bs, histB)
	if len(sparkA) > 0 {
		f.A.Spark, f.B.Spark = sparkA, sparkB
	}
	p.Tails = tails(r.results)
	p.Overhead = overhead(all)
}

// mergedSide puts together what processes measured of a side: sums of what is
// counted, medians of what differs by process, and quantiles of all samples.
func mergedSide(sides []*Side, histograms [][]byte) Side {
	last := sides[len(sides)-1]
	out := Side{Strategy: last.Strategy, Label: last.Label, Settings: last.Settings, GroupOf: last.GroupOf, OpsPerCall: last.OpsPerCall, Spark: last.Spark}
	mid := func(field func(*Side) float64) float64 {
		var x []float64
		for _, s := range sides {
			if v := field(s); v >= 0 && !math.IsNaN(v) {
				x = append(x, v)
			}
		}
		if len(x) == 0 {
			return -1
		}
		return median(x)
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
	out.Throughput = max(mid(func(s *Side) float64 { return s.Throughput }), 0)
	out.Mean = geometric(sides)
	out.AllocsPerOp = mid(func(s *Side) float64 { return s.AllocsPerOp })
	out.BytesPerOp = mid(func(s *Side) float64 { return s.BytesPerOp })
	out.MutexWait = mid(func(s *Side) float64 { return s.MutexWait })
	out.GCPause99 = mid(func(s *Side) float64 { return s.GCPause99 })
	out.GCShare = mid(func(s *Side) float64 { return s.GCShare })
	out.HeapLive = mid(func(s *Side) float64 { return s.HeapLive })
	for _, name := range slices.Sorted(maps.Keys(holders)) {
		if holders[name] > holders[out.MutexHolder] {
			out.MutexHolder = name
		}
	}
	l := mergedLatencies(histograms...)
	out.P50, out.P90, out.P99, out.P999 = l.quantile(0.5), l.quantile(0.9), l.quantile(0.99), l.quantile(0.999)
	out.Histogram = l.encoded()
	if out.GroupOf > 1 {
		out.P999, out.Max = -1, -1
	}
	return out
}

// geometric is the geometric mean of the means, so that the ratio of two is that of
// the tail mean; -1 if there is none.
func geometric(sides []*Side) float64 {
	sum, n := 0.0, 0.0
	for _, s := range sides {
		if s.Mean > 0 {
			sum += math.Log(s.Mean)
			n++
		}
	}
	if n == 0 {
		return -1
	}
	return math.Exp(sum / n)
}

// tails are the intervals of B/A of figures that each process has.
func tails(results []Result) []Tail {
	var out []Tail
	for _, t := range []struct {
		name  string
		field func(*Side) float64
	}{
		{"mean", func(s *Side) float64 { return s.Mean }}, {"p50", func(s *Side) float64 { return s.P50 }},
		{"p90", func(s *Side) float64 { return s.P90 }}, {"p99", func(s *Side) float64 { return s.P99 }},
		{"p99.9", func(s *Side) float64 { return s.P999 }},
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
		i := meanInterval(logs, confidence)
		out = append(out, Tail{t.name, math.Exp(i.mid), math.Exp(i.low), math.Exp(i.high)})
	}
	return out
}

// providing is how many of the steps provide the engine.
const providing = 2

// overhead puts together the phases of several processes; nil without any.
func overhead(results []Result) *Overhead {
	var times [2][len(PhaseNames)][]float64
	var extra []float64
	for _, r := range results {
		a, b := r.A.Phases, r.B.Phases
		if len(a) != len(PhaseNames) || len(b) != len(PhaseNames) {
			continue
		}
		sum := 0.0
		for n := range PhaseNames {
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
	bounded := func(x []float64) interval {
		i := meanInterval(x, confidence)
		if math.IsNaN(i.low) {
			i.low, i.high = i.mid, i.mid
		}
		return i
	}
	o := &Overhead{}
	for n, name := range PhaseNames {
		a, b := bounded(times[0][n]), bounded(times[1][n])
		o.A = append(o.A, Phase{name, a.mid, a.low, a.high})
		o.B = append(o.B, Phase{name, b.mid, b.low, b.high})
	}
	i := bounded(extra)
	o.Extra, o.Low, o.High = i.mid, i.low, i.high
	return o
}
