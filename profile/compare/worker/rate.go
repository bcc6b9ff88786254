package worker

import (
	"context"
	"runtime"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// fixedRate is a rate of calls that all callers of a batch serve together, as the
// workers of a server do: whoever is free takes the next call, and waits if it is
// not due yet. Only one caller waits for the clock; the others wait for their turn,
// in a channel, as a mutex would show in the figures.
type fixedRate struct {
	begin    int64      // clock when the first call is due
	interval float64    // nanoseconds between calls
	calls    int64      // of all callers
	turn     chan int64 // holds the number of the next call when nobody waits for it
}

// newFixedRate makes the rate of a batch.
func newFixedRate(rate float64, calls int) *fixedRate {
	r := &fixedRate{interval: 1e9 / rate, calls: int64(calls), turn: make(chan int64, 1)}
	r.turn <- 0
	return r
}

// take waits for the turn and until the next call is due. It returns the call's
// number and when it was due; ok is false if there are no more or the context ends.
func (r *fixedRate) take(ctx context.Context) (i, due int64, ok bool) {
	i = <-r.turn
	if i >= r.calls {
		r.turn <- i // for the others
		return i, 0, false
	}
	due = r.begin + int64(float64(i)*r.interval)
	if !waitUntil(ctx, due) {
		r.turn <- r.calls
		return i, due, false
	}
	r.turn <- i + 1
	return i, due, true
}

// Bounds of batches at a fixed rate.
const (
	rateBatch     = 50 * time.Millisecond
	leastAtRate   = 20
	longestAtRate = 2 * time.Second
	// spinFor is how long before its time a call is waited for awake: sleeping is
	// exact to a millisecond or two, and what it is late would be in the latency.
	spinFor = 2 * time.Millisecond
)

// callsAtRate is how many calls a batch has at a rate per second.
func callsAtRate(rate float64) int {
	n := max(rate*rateBatch.Seconds(), min(leastAtRate, rate*longestAtRate.Seconds()))
	return max(1, int(n))
}

// sinceDue is the latency of a call that was to start at due and ended at end:
// a call that had to wait for those before it took that long for whoever wanted
// its result.
func sinceDue(due, end int64) int64 { return end - due }

// keepRate makes calls of a job at its rate. Every call gives a sample.
func (k *caller) keepRate(j *job) {
	k.samples, k.err, k.last = k.samples[:0], nil, result{}
	var v engine.Dynamic
	var stats engine.Stats
	k.start = clock()
	k.end = k.start
	for {
		i, due, ok := j.rate.take(j.ctx)
		if !ok {
			k.err = context.Cause(j.ctx)
			break
		}
		var err error
		if v, stats, err = j.side.call(j.ctx, k.who, j.first+int(i)); err != nil {
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
