package bench

import "runtime/metrics"

// counters reads what the runtime counts for the whole process. Read before and
// after a batch, the difference belongs to the batch's side.
type counters struct{ samples []metrics.Sample }

func newCounters() *counters {
	return &counters{[]metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/sync/mutex/wait/total:seconds"},
	}}
}

// read returns the collections completed and the seconds that goroutines waited
// for mutexes, since the process started.
func (c *counters) read() (gc uint64, wait float64) {
	metrics.Read(c.samples)
	return c.samples[0].Value.Uint64(), c.samples[1].Value.Float64()
}
