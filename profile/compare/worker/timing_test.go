package worker

import (
	"math"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestShowLatencies(t *testing.T) {
	l := stats.NewLatencies()
	var s wire.Side
	showLatencies(&s, l, 1)
	if s.Mean != -1 || s.P50 != -1 || s.P90 != -1 || s.P99 != -1 || s.P999 != -1 || s.Max != -1 {
		t.Errorf("latencies of nothing: %+v, want -1", s)
	}
	var samples []int64
	for i := int64(1); i <= 1000; i++ {
		samples = append(samples, i*1000)
	}
	l.Add(samples, 1)
	showLatencies(&s, l, 1)
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > want/100 {
			t.Errorf("%s = %v, want %v to a hundredth", name, got, want)
		}
	}
	near("mean", s.Mean, 500500)
	near("p50", s.P50, 500000)
	near("p90", s.P90, 900000)
	near("p99", s.P99, 990000)
	near("max", s.Max, 1000000)
	if s.P999 != -1 {
		t.Errorf("p99.9 of 1000 samples = %v, want -1", s.P999)
	}
	if s.GroupOf != 0 {
		t.Errorf("group of single calls = %d, want 0", s.GroupOf)
	}
}

func TestLatenciesOfGroups(t *testing.T) {
	l := stats.NewLatencies()
	samples := make([]int64, 20000)
	for i := range samples {
		samples[i] = 800
	}
	l.Add(samples, 8)
	var s wire.Side
	showLatencies(&s, l, 8)
	if s.GroupOf != 8 || s.P999 != -1 || s.Max != -1 {
		t.Errorf("group of 8: %+v, want neither p99.9 nor max", s)
	}
	if s.Mean != 100 || s.P50 != 100 || s.P99 != 100 {
		t.Errorf("latencies are not means of a call: %+v", s)
	}
}

func TestTimingFor(t *testing.T) {
	for _, c := range []struct {
		perCall float64
		want    timing
	}{
		{50, timing{group: 10}}, {499, timing{group: 2}}, {500, timing{group: 1}},
		{24999, timing{group: 1}}, {25000, timing{inline: true, group: 1}}, {0, timing{group: 500}},
	} {
		if got := timingFor(c.perCall, 25); got != c.want {
			t.Errorf("timingFor(%v) = %+v, want %+v", c.perCall, got, c.want)
		}
	}
}

func TestSpark(t *testing.T) {
	var s spark
	for i := range sparkLength + 5 {
		s.add(float64(i))
	}
	if len(s) != sparkLength || s[0] != 5 || s[sparkLength-1] != sparkLength+4 {
		t.Errorf("spark = %v", s)
	}
}

func TestSteady(t *testing.T) {
	for _, c := range []struct {
		took []float64
		want bool
	}{
		{[]float64{1, 1, 1, 1, 1}, false}, {[]float64{9, 1, 1, 1, 1, 1}, true}, {[]float64{9, 8, 7, 6, 5, 4}, false},
		{[]float64{1, 1, 1, 1.2, 1.1, 1.3}, true},
	} {
		if got := steady(c.took); got != c.want {
			t.Errorf("steady(%v) = %v", c.took, got)
		}
	}
}

// TestOmission is a service of 0.2 ms per call that stalls for 60 ms every 500
// calls: only latency from the intended start tells what a user waits.
func TestOmission(t *testing.T) {
	const interval, service, stall = 440 * time.Microsecond, 200 * time.Microsecond, 60 * time.Millisecond
	closed, actual, intended := stats.NewLatencies(), stats.NewLatencies(), stats.NewLatencies()
	var now int64
	for i := range int64(10000) {
		due := i * int64(interval)
		now = max(now, due)
		begin := now
		now += int64(service)
		if i%500 == 0 {
			now += int64(stall)
		}
		closed.Add([]int64{now - begin}, 1)
		actual.Add([]int64{now - begin}, 1)
		intended.Add([]int64{sinceDue(due, now)}, 1)
	}
	for name, c := range map[string]struct {
		l    *stats.Latencies
		want float64
	}{"closed": {closed, 0.2e6}, "from the actual start": {actual, 0.2e6}, "from the intended start": {intended, 48e6}} {
		if got := c.l.Quantile(0.9); math.Abs(got-c.want) > c.want/50 {
			t.Errorf("p90 %s = %v, want %v", name, time.Duration(got), time.Duration(c.want))
		}
	}
}
