package bench

import (
	"math"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latencies are taken in one of three ways, the same for both sides, by what a
// call costs compared with reading the clock:
//
//   - from inlineReads clock reads on, every call of the throughput batches is
//     timed: the clock costs less than a thousandth;
//   - from singleReads on, every call is timed, but in batches of their own, so
//     that the clock is not in the throughput;
//   - below, groups of calls are timed in batches of their own, so that a group
//     takes singleReads; latencies are then means of a group.
const (
	inlineReads = 1000
	singleReads = 20
)

// epoch is what clock counts from.
var epoch = time.Now()

// clock reads the monotonic clock, in nanoseconds.
func clock() int64 { return int64(time.Since(epoch)) }

// clockCost measures what one clock read takes, in nanoseconds.
func clockCost() float64 {
	const reads = 1000
	best := math.Inf(1)
	for range 5 {
		start := clock()
		for range reads - 1 {
			clock()
		}
		best = min(best, float64(clock()-start)/reads)
	}
	return max(best, 1)
}

// timing says how latencies are taken.
type timing struct {
	inline bool
	group  int // calls per sample
}

// timingFor chooses for calls of the given length.
func timingFor(perCall, clockRead float64) timing {
	switch {
	case perCall >= inlineReads*clockRead:
		return timing{inline: true, group: 1}
	case perCall >= singleReads*clockRead:
		return timing{group: 1}
	}
	return timing{group: int(math.Ceil(singleReads * clockRead / max(perCall, 1)))}
}

// maxLatency is the largest latency that is told apart, in nanoseconds.
const maxLatency = int64(10 * time.Minute)

// latencies collects latencies of one call in nanoseconds, to three digits.
type latencies struct {
	hist *hdrhistogram.Histogram
	sum  float64
	max  int64
}

func newLatencies() *latencies {
	return &latencies{hist: hdrhistogram.New(1, maxLatency, 3)}
}

// add takes samples of group calls each.
func (l *latencies) add(samples []int64, group int) {
	for _, s := range samples {
		l.sum += float64(s) / float64(group)
		one := (s + int64(group)/2) / int64(group)
		l.max = max(l.max, one)
		// It cannot fail: the value is inside the range.
		_ = l.hist.RecordValue(min(max(one, 1), maxLatency))
	}
}

// count returns the number of samples.
func (l *latencies) count() int64 { return l.hist.TotalCount() }

// enough reports whether n samples tell the quantile q (0.99 for p99): ten of
// them lie beyond it.
func enough(n int64, q float64) bool {
	return float64(n)*(1-q) >= 10-1e-9
}

// quantile returns a quantile, or -1 if there are too few samples to tell.
func (l *latencies) quantile(q float64) float64 {
	if !enough(l.count(), q) {
		return -1
	}
	return float64(l.hist.ValueAtQuantile(q * 100))
}

// mean returns the mean, or -1 without samples.
func (l *latencies) mean() float64 {
	if l.count() == 0 {
		return -1
	}
	return l.sum / float64(l.count())
}

// fill sets the latencies of a side.
func (l *latencies) fill(s *Side, group int) {
	s.Mean = l.mean()
	s.P50, s.P90, s.P99 = l.quantile(0.5), l.quantile(0.9), l.quantile(0.99)
	s.P999, s.Max, s.GroupOf = -1, -1, 0
	if group > 1 {
		s.GroupOf = group
		return
	}
	s.P999 = l.quantile(0.999)
	if l.count() > 0 {
		s.Max = float64(l.max)
	}
}

// sparkLength is how many rounds a sparkline shows.
const sparkLength = 60

// spark keeps the latest values, oldest first.
type spark []float64

func (s *spark) add(x float64) {
	if len(*s) == sparkLength {
		*s = slices.Delete(*s, 0, 1)
	}
	*s = append(*s, x)
}
