package bench

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// pace is a fixed rate of calls that all callers of a batch serve together, as the
// workers of a server do: whoever is free takes the next call, and waits if it is
// not due yet.
type pace struct {
	begin    int64   // clock when the first call is due
	interval float64 // nanoseconds between calls
	calls    int64   // of all callers
	next     atomic.Int64
}

// Bounds of batches at a fixed rate.
const (
	pacedBatch   = 50 * time.Millisecond
	leastPaced   = 20
	longestPaced = 2 * time.Second
	// spinFor is how long before its time a call is waited for awake, as sleeping
	// is not exact.
	spinFor = 150 * time.Microsecond
)

// pacedCalls is how many calls a batch has at a rate per second.
func pacedCalls(rate float64) int {
	n := max(rate*pacedBatch.Seconds(), min(leastPaced, rate*longestPaced.Seconds()))
	return max(1, int(n))
}

// sinceDue is the latency of a call that was to start at due and ended at end:
// a call that had to wait for those before it took that long for whoever wanted
// its result.
func sinceDue(due, end int64) int64 { return end - due }

// keepPace makes calls of a job at its pace. Every call gives a sample.
func (k *caller) keepPace(j *job) {
	k.samples, k.err, k.last = k.samples[:0], nil, result{}
	var v engine.Dynamic
	var stats engine.Stats
	k.start = clock()
	k.end = k.start
	for {
		i := j.pace.next.Add(1) - 1
		if i >= j.pace.calls {
			break
		}
		due := j.pace.begin + int64(float64(i)*j.pace.interval)
		if !waitUntil(j.ctx, due) {
			k.err = context.Cause(j.ctx)
			return
		}
		var err error
		if v, stats, err = j.lane.call(j.ctx, k.who, j.first+int(i)); err != nil {
			k.err = err
			j.cancel(err)
			return
		}
		k.end = clock()
		k.samples = append(k.samples, sinceDue(due, k.end))
	}
	k.last = result{v, stats.Operations}
}

// waitUntil waits until the clock shows due; it reports false if the context ends
// before.
func waitUntil(ctx context.Context, due int64) bool {
	for {
		left := time.Duration(due - clock())
		switch {
		case left <= 0:
			return ctx.Err() == nil
		case left > spinFor:
			t := time.NewTimer(left - spinFor)
			select {
			case <-t.C:
			case <-ctx.Done():
				t.Stop()
				return false
			}
		default:
			runtime.Gosched()
		}
	}
}
