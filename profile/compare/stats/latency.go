package stats

import (
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// maxLatency is the largest latency that is told apart, in nanoseconds.
const maxLatency = int64(10 * time.Minute)

// Latencies collects latencies of one call in nanoseconds, to three digits.
type Latencies struct {
	hist *hdrhistogram.Histogram
	sum  float64
	max  int64
}

// NewLatencies makes an empty collection.
func NewLatencies() *Latencies {
	return &Latencies{hist: hdrhistogram.New(1, maxLatency, 3)}
}

// Add takes samples of group calls each.
func (l *Latencies) Add(samples []int64, group int) {
	for _, s := range samples {
		l.sum += float64(s) / float64(group)
		one := (s + int64(group)/2) / int64(group)
		l.max = max(l.max, one)
		// It cannot fail: the value is inside the range.
		_ = l.hist.RecordValue(min(max(one, 1), maxLatency))
	}
}

// count returns the number of samples.
func (l *Latencies) count() int64 { return l.hist.TotalCount() }

// enough reports whether n samples tell the quantile q (0.99 for p99): ten of
// them lie beyond it.
func enough(n int64, q float64) bool {
	return float64(n)*(1-q) >= 10-1e-9
}

// Quantile returns a quantile, or -1 if there are too few samples to tell.
func (l *Latencies) Quantile(q float64) float64 {
	if !enough(l.count(), q) {
		return -1
	}
	return float64(l.hist.ValueAtQuantile(q * 100))
}

// Mean returns the mean, or -1 without samples.
func (l *Latencies) Mean() float64 {
	if l.count() == 0 {
		return -1
	}
	return l.sum / float64(l.count())
}

// Encoded is the histogram as bytes; nil if it is empty.
func (l *Latencies) Encoded() []byte {
	if l.count() == 0 {
		return nil
	}
	data, err := l.hist.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil
	}
	return data
}

// MergedLatencies adds histograms up. One that is not understood is left out.
func MergedLatencies(encoded ...[]byte) *Latencies {
	l := NewLatencies()
	for _, data := range encoded {
		if len(data) == 0 {
			continue
		}
		if h, err := hdrhistogram.Decode(data); err == nil {
			l.hist.Merge(h)
			l.sum += h.Mean() * float64(h.TotalCount())
			l.max = max(l.max, h.Max())
		}
	}
	return l
}

// Outliers counts samples that are far from the others: beyond the quartiles by more than
// 1.5 times the distance between them (Mild), or by more than 3 times (Severe), below (Low)
// or above (High). They are counted, and stay in all figures.
type Outliers struct {
	LowMild, LowSevere, HighMild, HighSevere int64
	Count                                    int64 // of all samples
}

// All is how many outliers there are.
func (o Outliers) All() int64 { return o.LowMild + o.LowSevere + o.HighMild + o.HighSevere }

// Outliers classifies the samples.
func (d Distribution) Outliers() Outliers {
	o := Outliers{Count: d.hist.TotalCount()}
	if o.Count < 20 {
		return o
	}
	q1, q3 := float64(d.hist.ValueAtQuantile(25)), float64(d.hist.ValueAtQuantile(75))
	// A histogram does not tell values apart that differ by less than a thousandth.
	width := max(q3-q1, q3*2e-3, 1)
	for _, b := range d.hist.Distribution() {
		mid := float64(b.From+b.To) / 2
		switch {
		case b.Count == 0:
		case mid < q1-3*width:
			o.LowSevere += b.Count
		case mid < q1-1.5*width:
			o.LowMild += b.Count
		case mid > q3+3*width:
			o.HighSevere += b.Count
		case mid > q3+1.5*width:
			o.HighMild += b.Count
		}
	}
	return o
}

// Distribution is what part of the calls took at most how long.
type Distribution struct {
	hist *hdrhistogram.Histogram
}

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

// Distribution is what the latencies show.
func (l *Latencies) Distribution() Distribution { return Distribution{l.hist} }

// Most returns the largest latency in nanoseconds, or -1 without samples.
func (l *Latencies) Most() float64 {
	if l.count() == 0 {
		return -1
	}
	return float64(l.max)
}
