package worker

import (
	"context"
	"runtime/pprof"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
)

// callers are goroutines that call a side at the same time. They belong to one
// goroutine, which runs one batch after the other and closes them at the end.
type callers struct {
	all  []*caller
	done sync.WaitGroup // the goroutines
	gogc gogc
}

// caller is one of the goroutines and what it found in the latest batch.
type caller struct {
	who     int // its number
	jobs    chan *job
	start   int64 // clock before the first call
	end     int64 // clock after the last one
	samples []int64
	last    result
	err     error
}

// job is a batch as the callers see it.
type job struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	side   *side
	calls  int             // of each caller
	group  int             // calls per timed sample; 0 times none
	first  int             // number of each caller's first call
	rate   *fixedRate      // nil for a closed loop: one call after the other
	labels context.Context // goroutine labels for the batch, nil for none
	// around makes the context of a caller's calls from that of the batch; nil leaves it.
	around func(ctx context.Context, who int) context.Context
	ready  sync.WaitGroup // callers that wait for the gate
	gate   chan struct{}
	ended  sync.WaitGroup
}

// startCallers starts n callers.
func startCallers(n int) *callers {
	c := &callers{all: make([]*caller, n)}
	for i := range c.all {
		k := &caller{who: i, jobs: make(chan *job)}
		c.all[i] = k
		c.done.Go(k.loop)
	}
	return c
}

// close ends the goroutines and waits for them.
func (c *callers) close() {
	for _, k := range c.all {
		close(k.jobs)
	}
	c.done.Wait()
	c.gogc.set(0)
}

// loop does jobs until there are no more.
func (k *caller) loop() {
	for j := range k.jobs {
		if j.labels != nil {
			pprof.SetGoroutineLabels(j.labels)
		}
		j.ready.Done()
		<-j.gate
		if j.rate != nil {
			k.keepRate(j)
		} else {
			k.do(j)
		}
		if j.labels != nil {
			pprof.SetGoroutineLabels(context.Background())
		}
		j.ended.Done()
	}
}

// do makes the calls of a job. It checks the context after many calls only, which
// costs little; a short script never checks it itself.
func (k *caller) do(j *job) {
	k.samples, k.err, k.last = k.samples[:0], nil, result{}
	ctx := j.ctx
	if j.around != nil {
		ctx = j.around(ctx, k.who)
	}
	var v engine.Dynamic
	var stats engine.Stats
	var err error
	chunk := max(1, j.calls/16)
	k.start = clock()
	now := k.start
	i := j.first
	for left := j.calls; left > 0; {
		n := min(chunk, left)
		if j.group > 0 {
			n = min(j.group, left)
		}
		left -= n
		for range n {
			if v, stats, err = j.side.call(ctx, k.who, i); err != nil {
				k.err = err
				j.cancel(err)
				k.end = clock()
				return
			}
			i++
		}
		if j.group > 0 {
			at := clock()
			// The mean of a last group that is not full would be of fewer calls.
			if n == j.group {
				k.samples = append(k.samples, at-now)
			}
			now = at
		}
		if left > 0 && j.ctx.Err() != nil {
			k.err = context.Cause(j.ctx)
			break
		}
	}
	k.end = clock()
	k.last = result{v, stats.Operations}
}

// batch is what the callers found.
type batch struct {
	wall int64 // nanoseconds from the first call's begin to the last one's end
	last result
}

// run makes every caller do its part of a job and returns when all are done. The
// samples are in the callers. The context bounds the calls; the first error ends
// all of them. Time waited for the goroutines to be ready is not measured.
func (c *callers) run(ctx context.Context, j *job) (batch, error) {
	c.gogc.set(j.side.setup.gogc)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	_ = ctx.Done() // makes the channel, for which callers would wait for each other
	j.ctx, j.cancel, j.gate = ctx, cancel, make(chan struct{})
	j.ready.Add(len(c.all))
	j.ended.Add(len(c.all))
	for _, k := range c.all {
		k.jobs <- j
	}
	j.ready.Wait()
	if j.rate != nil {
		j.rate.begin = clock()
	}
	close(j.gate)
	j.ended.Wait()
	first := c.all[0]
	b := batch{last: first.last}
	start, end := first.start, first.end
	failed := false
	for _, k := range c.all {
		start, end = min(start, k.start), max(end, k.end)
		failed = failed || k.err != nil
	}
	b.wall = max(end-start, 1)
	if failed {
		// The context's cause is the first failure; the others follow from it.
		return b, context.Cause(ctx)
	}
	return b, nil
}
