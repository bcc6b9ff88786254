package worker

import (
	"math"
	"runtime/metrics"
	"slices"
)

// counters reads what the runtime counts for the whole process. Read before and
// after a batch, the difference belongs to the batch's side.
type counters struct{ samples []metrics.Sample }

// Places of the metrics in counters.
const (
	gcCycles = iota
	mutexWait
	gcCPU
	allCPU
	heapLive
	gcPauses
	heapObjects
)

func newCounters() *counters {
	return &counters{[]metrics.Sample{
		gcCycles:    {Name: "/gc/cycles/total:gc-cycles"},
		mutexWait:   {Name: "/sync/mutex/wait/total:seconds"},
		gcCPU:       {Name: "/cpu/classes/gc/total:cpu-seconds"},
		allCPU:      {Name: "/cpu/classes/total:cpu-seconds"},
		heapLive:    {Name: "/gc/heap/live:bytes"},
		gcPauses:    {Name: "/sched/pauses/total/gc:seconds"},
		heapObjects: {Name: "/gc/heap/allocs:objects"},
	}}
}

// counted is what the runtime counted since the process started, or between two
// moments.
type counted struct {
	gc      uint64  // collections completed
	wait    float64 // seconds that goroutines waited for mutexes
	gcCPU   float64 // seconds of processors in the collector, as of its latest cycle
	allCPU  float64
	live    float64   // bytes that the latest collection left; no difference
	pauses  []uint64  // stops for the collector, by length
	bounds  []float64 // seconds, of the buckets of pauses
	objects uint64    // allocated, as far as the processors have told: late by some
}

func (c *counters) read() counted {
	metrics.Read(c.samples)
	h := c.samples[gcPauses].Value.Float64Histogram()
	return counted{
		gc: c.samples[gcCycles].Value.Uint64(), wait: c.samples[mutexWait].Value.Float64(),
		gcCPU: c.samples[gcCPU].Value.Float64(), allCPU: c.samples[allCPU].Value.Float64(),
		live: float64(c.samples[heapLive].Value.Uint64()), pauses: slices.Clone(h.Counts), bounds: h.Buckets,
		objects: c.samples[heapObjects].Value.Uint64(),
	}
}

// add adds what was counted between two moments.
func (c *counted) add(from, to counted) {
	c.gc += to.gc - from.gc
	c.wait += to.wait - from.wait
	c.objects += to.objects - from.objects
	c.gcCPU += to.gcCPU - from.gcCPU
	c.allCPU += to.allCPU - from.allCPU
	c.live, c.bounds = to.live, to.bounds
	c.sum(to.pauses, from.pauses)
}

// sum adds counts of pauses, without those in less.
func (c *counted) sum(more, less []uint64) {
	if c.pauses == nil {
		c.pauses = make([]uint64, len(more))
	}
	for i, n := range more {
		if less != nil {
			n -= less[i]
		}
		c.pauses[i] += n
	}
}

// merge adds what was counted in another batch.
func (c *counted) merge(o counted) {
	c.gc += o.gc
	c.wait += o.wait
	c.objects += o.objects
	c.gcCPU += o.gcCPU
	c.allCPU += o.allCPU
	c.live, c.bounds = o.live, o.bounds
	c.sum(o.pauses, nil)
}

// pause99 is the length in nanoseconds below which 99% of the pauses are, as the
// upper bound of its bucket; -1 if there was none.
func (c *counted) pause99() float64 {
	total := uint64(0)
	for _, n := range c.pauses {
		total += n
	}
	if total == 0 {
		return -1
	}
	seen := uint64(0)
	for i, n := range c.pauses {
		seen += n
		if float64(seen) >= 0.99*float64(total) {
			if up := c.bounds[i+1]; !math.IsInf(up, 0) {
				return up * 1e9
			}
			return c.bounds[i] * 1e9
		}
	}
	return -1
}

// gcShare is the part of the processors' time that the collector took; -1 if no
// cycle has ended, as the runtime counts at the end of cycles.
func (c *counted) gcShare() float64 {
	if c.gc == 0 || c.allCPU <= 0 {
		return -1
	}
	return min(max(c.gcCPU/c.allCPU, 0), 1)
}
