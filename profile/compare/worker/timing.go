package worker

import (
	"math"
	"slices"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
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

// ofRound returns the median and the 99th percentile of the samples of a round, of which
// group calls made each, per call; of few samples the largest one stands for the latter.
func ofRound(samples []int64, group int) (mid, high float64) {
	if len(samples) == 0 {
		return -1, -1
	}
	list := slices.Sorted(slices.Values(samples))
	g := float64(max(group, 1))
	return float64(list[len(list)/2]) / g, float64(list[len(list)*99/100]) / g
}

// showLatencies sets the latencies of a side, of which group calls made a sample.
func showLatencies(s *wire.Side, l *stats.Latencies, group int) {
	s.Mean = l.Mean()
	s.P50, s.P90, s.P99 = l.Quantile(0.5), l.Quantile(0.9), l.Quantile(0.99)
	s.P999, s.P9999, s.Max, s.GroupOf = -1, -1, -1, 0
	s.Histogram = l.Encoded()
	if group > 1 {
		s.GroupOf = group
		return
	}
	s.P999, s.P9999, s.Max = l.Quantile(0.999), l.Quantile(0.9999), l.Most()
}
