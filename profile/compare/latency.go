package compare

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
	s.Histogram = l.encoded()
	if group > 1 {
		s.GroupOf = group
		return
	}
	s.P999 = l.quantile(0.999)
	if l.count() > 0 {
		s.Max = float64(l.max)
	}
}

// encoded is the histogram as bytes; nil if it is empty.
func (l *latencies) encoded() []byte {
	if l.count() == 0 {
		return nil
	}
	data, err := l.hist.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil
	}
	return data
}

// mergedLatencies adds histograms up. One that is not understood is left out.
func mergedLatencies(encoded ...[]byte) *latencies {
	l := newLatencies()
	for _, data := range encoded {
		if len(data) == 0 {
			continue
		}
		if h, err := hdrhistogram.Decode(data); err == nil {
			l.hist.Merge(h)
		}
	}
	return l
}

// Distribution is what part of the calls took at most how long.
type Distribution struct {
	hist *hdrhistogram.Histogram
}

// Distribution reads the histogram of a side; it is empty if there is none.
func (s *Side) Distribution() Distribution { return Distribution{mergedLatencies(s.Histogram).hist} }

// Count returns the number of samples.
func (d Distribution) Count() int64 { return d.hist.TotalCount() }

// Quantile returns the latency in nanoseconds that a part q of the samples does
// not exceed, or -1 if there are too few samples to tell.
func (d Distribution) Quantile(q float64) float64 {
	if !enough(d.hist.TotalCount(), q) {
		return -1
	}
	return float64(d.hist.ValueAtQuantile(q * 100))
}

// Range returns the least and the largest latency in nanoseconds.
func (d Distribution) Range() (low, high float64) {
	return float64(d.hist.Min()), float64(d.hist.Max())
}

// Bins counts samples in n bins of equal ratio between low and high. Samples
// beyond the ends count in the outermost bins.
func (d Distribution) Bins(low, high float64, n int) []int64 {
	out := make([]int64, n)
	scale := float64(n) / math.Log(high/low)
	for _, b := range d.hist.Distribution() {
		if b.Count == 0 {
			continue
		}
		at := int(math.Log(float64(max(b.From+b.To, 1))/2/low) * scale)
		out[min(max(at, 0), n-1)] += b.Count
	}
	return out
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
