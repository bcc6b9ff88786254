package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// A batch takes at least leastBatch, so that the clock and the start of the
// callers do not count; calibration aims a little higher.
const (
	leastBatch = 5 * time.Millisecond
	aimedBatch = 6 * time.Millisecond
	mostCalls  = 1 << 26
)

// A batch is longer if that makes it allocate enough for several collections: a
// batch that now and then has one has two times per call and not one.
const (
	collectedBatch = 16 << 20 // bytes
	longestBatch   = 25 * time.Millisecond
)

// Warming up ends when the latest rounds are no faster than those before, within
// steadyBy, or after warmUpLimit.
const (
	steadyRounds = 3
	steadyBy     = 0.03
	warmUpLimit  = 500 * time.Millisecond
)

// latencyShare is how many calls of a batch a separate latency batch has.
const latencyShare = 4

// observedShare bounds the time for calls whose output is compared: one in so
// many parts of the time measured.
const observedShare = 10

// measurement compares two sides. One goroutine measures; snapshots may be taken by
// another one meanwhile.
type measurement struct {
	callerCount int
	callLimit   time.Duration // of one call that has a processor for itself
	sides       [2]*side
	callers     *callers
	counters    *counters
	clockRead   float64
	two         bool       // the sides run different scripts
	sameOps     bool       // the sides take the same operations if they do the same
	rate        float64    // calls per second that all callers serve, 0 for a closed loop
	batch       int        // calls per round and caller; of all callers at a rate
	position    int        // number of the next round's first call, which chooses records
	observed    int        // number of the next call whose output is compared
	perCall     [2]float64 // nanoseconds from one call of a caller to its next one
	samples     [2][]int64 // of the round at hand
	results     [2][]result
	unseen      time.Duration // measured since outputs were compared
	observing   time.Duration // what comparing them took
	seen        [2]uint64     // operations of the calls that were compared last

	mu         sync.Mutex // guards what follows
	tallies    [2]tally
	ratio      stats.Ratios
	rounds     int
	raw        []stats.Round
	parity     []wire.Parity
	warm       wire.WarmUp
	elapsed    time.Duration
	same       bool
	different  string
	records    int // of the configuration, 0 for none
	compared   int // of them
	modules    []wire.Module
	value      string
	output     wire.Output
	shownBatch int
	timing     timing // the measuring goroutine reads it without the lock
}

// tally is what was measured of one side.
type tally struct {
	calls  uint64
	lat    *stats.Latencies
	spark  spark
	sparks [4]spark // p50, p99, allocations per call, collections
	recent []span
	alloc  allocations
	ops    uint64 // of a call; of several records the mean, rounded
	phases []float64
	holder string
	counts counted
	busy   int64 // nanoseconds of batches
}

// span is a throughput batch of the latest second.
type span struct {
	at    time.Duration // of measuring, at its end
	calls int
	wall  int64
}

// close ends the callers.
func (m *measurement) close() {
	if m.callers != nil {
		m.callers.close()
	}
}

// limit is how long a batch of calls may take.
func (m *measurement) limit(i, calls int) time.Duration {
	turns := (m.callerCount + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	return m.callLimit*time.Duration(turns) + time.Duration(m.perCall[i]*float64(calls-1))
}

// watched bounds what f does: its context is cancelled with *tooLong.
func (m *measurement) watched(ctx context.Context, limit time.Duration, callers int, f func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := time.AfterFunc(limit, func() { cancel(&tooLong{m.callLimit, callers}) })
	defer t.Stop()
	return cause(ctx, f(ctx))
}

// run runs a batch of side i.
func (m *measurement) run(ctx context.Context, i, calls, group int) (b batch, err error) {
	err = m.watched(ctx, m.limit(i, calls), m.callerCount, func(ctx context.Context) error {
		b, err = m.callers.run(ctx, &job{side: m.sides[i], calls: calls, group: group, first: m.position})
		return err
	})
	if err != nil {
		return b, &sideError{i, err}
	}
	m.perCall[i] = float64(b.wall) / float64(calls)
	return b, nil
}

// runAtRate runs a batch of side i at the rate. The calls of all callers together
// are as many as told.
func (m *measurement) runAtRate(ctx context.Context, i, calls int) (b batch, err error) {
	r := newFixedRate(m.rate, calls)
	limit := m.limit(i, calls) + time.Duration(float64(calls)*r.interval)
	err = m.watched(ctx, limit, m.callerCount, func(ctx context.Context) error {
		b, err = m.callers.run(ctx, &job{side: m.sides[i], rate: r, first: m.position})
		return err
	})
	if err != nil {
		return b, &sideError{i, err}
	}
	return b, nil
}

// sideError is the failure of a call of one side.
type sideError struct {
	side int
	err  error
}

func (e *sideError) Error() string { return e.err.Error() }
func (e *sideError) Unwrap() error { return e.err }

// observe makes one call of each side and compares everything that they give. It
// reports the errors of both.
func (m *measurement) observe(ctx context.Context) (errs [2]error) {
	var res [2]result
	var outs [2]wire.Output
	start := clock()
	for i, s := range m.sides {
		began := clock()
		errs[i] = m.watched(ctx, m.callLimit, 1, func(ctx context.Context) (err error) {
			res[i], outs[i], err = s.observe(ctx, m.observed)
			return err
		})
		m.perCall[i] = max(m.perCall[i], float64(clock()-began))
		if ctx.Err() != nil {
			return [2]error{context.Cause(ctx), context.Cause(ctx)}
		}
		var late *tooLong
		if i == 0 && errors.As(errs[0], &late) {
			// The other one would take as long to fail.
			return [2]error{errs[0], errs[0]}
		}
	}
	m.observing, m.unseen = time.Duration(clock()-start), 0
	record := m.observed % len(m.sides[0].workload.records)
	m.observed++
	if errs[0] != nil || errs[1] != nil {
		return errs
	}
	m.seen = [2]uint64{res[0].ops, res[1].ops}
	diff := difference(m.sides[0], m.sides[1], res[0], res[1], m.sameOps)
	if diff == "" {
		diff = outputDifference(m.sides[0], m.sides[1], outs[0], outs[1])
	}
	if diff != "" && len(m.sides[0].workload.records) > 1 {
		diff = fmt.Sprintf("record %d: %s", record+1, diff)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.value, m.output = shown(res[0].val), outs[0]
	for i := range m.tallies {
		if m.compared == 0 {
			m.tallies[i].ops = res[i].ops
		}
	}
	m.differs(diff)
	return errs
}

// differs notes the first difference. The caller holds the lock.
func (m *measurement) differs(diff string) {
	if diff != "" && m.same {
		m.same, m.different = false, diff
	}
}

// long reports whether single calls take so long that the first ones told enough
// and more of them would only make the user wait.
func (m *measurement) long() bool {
	return m.callerCount == 1 && min(m.perCall[0], m.perCall[1]) >= float64(longestBatch)
}

// calibrate finds how many calls make a batch long enough.
func (m *measurement) calibrate(ctx context.Context) error {
	m.setBatch(1)
	if m.long() {
		return nil
	}
	m.perCall = [2]float64{}
	for {
		least := int64(math.MaxInt64)
		for i := range m.sides {
			b, err := m.run(ctx, i, m.batch, 0)
			if err != nil {
				return err
			}
			least = min(least, b.wall)
		}
		if least >= int64(leastBatch) || m.batch >= mostCalls {
			return nil
		}
		m.grow(least)
	}
}

// grow makes the next batches longer: the shortest one took least.
func (m *measurement) grow(least int64) {
	factor := min(max(float64(aimedBatch)/float64(least), 1.1), 16)
	m.setBatch(min(int(math.Ceil(float64(m.batch)*factor)), mostCalls))
}

func (m *measurement) setBatch(n int) {
	m.batch = n
	m.mu.Lock()
	m.shownBatch = n
	m.mu.Unlock()
}

// warmUp runs rounds until they get no faster.
func (m *measurement) warmUp(ctx context.Context) error {
	start := clock()
	var took []float64
	for !m.long() {
		sum, least := 0.0, int64(math.MaxInt64)
		for _, i := range rand.Perm(len(m.sides)) {
			b, err := m.run(ctx, i, m.batch, 0)
			if err != nil {
				return err
			}
			sum += float64(b.wall) / float64(m.batch)
			least = min(least, b.wall)
		}
		took = append(took, sum)
		if least < int64(leastBatch) && m.batch < mostCalls {
			m.grow(least)
		}
		if steady(took) || time.Duration(clock()-start) >= warmUpLimit {
			break
		}
	}
	t := timingFor(min(m.busy(0), m.busy(1)), m.clockRead)
	if m.rate > 0 {
		t = timing{inline: true, group: 1}
	}
	m.mu.Lock()
	m.timing = t
	m.warm = wire.WarmUp{Rounds: len(took), Time: time.Duration(clock() - start), Steady: steady(took)}
	m.mu.Unlock()
	return nil
}

// busy is the time that a call of a side keeps a processor busy, in nanoseconds:
// callers that wait for a processor are not busy.
func (m *measurement) busy(i int) float64 {
	return m.perCall[i] * float64(min(m.callerCount, runtime.GOMAXPROCS(0))) / float64(m.callerCount)
}

// steady reports whether the latest rounds are no faster than the ones before.
func steady(took []float64) bool {
	if len(took) < 2*steadyRounds {
		return false
	}
	latest := stats.Median(took[len(took)-steadyRounds:])
	before := stats.Median(took[len(took)-2*steadyRounds : len(took)-steadyRounds])
	return latest >= before*(1-steadyBy)
}

// countAllocs counts the allocations of both sides. Nothing else of the process
// may allocate meanwhile.
func (m *measurement) countAllocs(ctx context.Context) error {
	for i, s := range m.sides {
		var a allocations
		err := m.watched(ctx, m.callLimit*10, 1, func(ctx context.Context) (err error) {
			a, err = countAllocs(ctx, s, m.busy(i))
			return err
		})
		if err != nil {
			return &sideError{i, err}
		}
		m.mu.Lock()
		m.tallies[i].alloc = a
		m.mu.Unlock()
	}
	if m.rate > 0 {
		m.setBatch(callsAtRate(m.rate))
	} else {
		m.setBatch(max(m.batch, m.collected()))
	}
	return nil
}

// collected is the number of calls that several collections fall into, if they
// do not take too long.
func (m *measurement) collected() int {
	bytes := min(m.tallies[0].alloc.bytes, m.tallies[1].alloc.bytes)
	longest := float64(longestBatch) / max(m.perCall[0], m.perCall[1])
	if bytes < 1 {
		return 0
	}
	return int(min(collectedBatch/bytes/float64(m.callerCount), longest))
}

// A round has a batch of A, one of B, and one of A again.
const (
	slotA = iota
	slotB
	slotAgain
	slots
)

// sideOf is the side of a slot.
func sideOf(slot int) int {
	if slot == slotB {
		return 1
	}
	return 0
}

// part is what a round found in one slot.
type part struct {
	wall    int64   // of the throughput batch
	perCall float64 // nanoseconds: of the batch by its calls, or the mean latency at a rate
	busy    int64   // of all batches
	calls   int     // of all batches and callers
	counts  counted
}

// round measures A, B and A again once, in random order, and adds the outcome if
// nothing failed.
func (m *measurement) round(ctx context.Context) error {
	began := clock()
	batchCalls, timing := m.batch, m.timing
	var parts [slots]part
	for i := range m.sides {
		m.samples[i], m.results[i] = m.samples[i][:0], m.results[i][:0]
	}
	order := rand.Perm(slots)
	for _, slot := range order {
		group := 0
		if timing.inline {
			group = timing.group
		}
		p := &parts[slot]
		wall, err := m.measure(ctx, slot, batchCalls, group, p)
		if err != nil {
			return err
		}
		p.wall = wall
		if m.rate == 0 {
			p.perCall = float64(wall) / float64(batchCalls)
		}
		if slot == slotAgain {
			continue
		}
		for _, k := range m.callers.all {
			m.results[slot] = append(m.results[slot], k.last)
		}
	}
	perCall := m.perCall
	if !timing.inline {
		calls := timing.group * max(1, batchCalls/latencyShare/timing.group)
		for _, slot := range order {
			if slot == slotAgain {
				continue
			}
			if _, err := m.measure(ctx, slot, calls, timing.group, &parts[slot]); err != nil {
				return err
			}
		}
	}
	m.perCall = perCall // without the clock
	diff := ""
	// Which of the callers makes the last call at a rate is up to chance.
	for k := 0; k < len(m.callers.all) && diff == "" && m.rate == 0; k++ {
		diff = difference(m.sides[0], m.sides[1], m.results[0][k], m.results[1][k], m.sameOps)
	}
	took := time.Duration(clock() - began)
	m.commit(batchCalls, timing, parts, took, diff)
	m.position += batchCalls
	if least := min(parts[slotA].wall, parts[slotB].wall); m.rate == 0 && least < int64(leastBatch) && m.batch < mostCalls {
		m.grow(least)
	}
	m.unseen += took
	if m.unseen >= observedShare*m.observing {
		for i, err := range m.observe(ctx) {
			if err != nil {
				return &sideError{i, err}
			}
		}
	}
	return nil
}

// measure runs a batch of a slot and adds what it took to p.
func (m *measurement) measure(ctx context.Context, slot, calls, group int, p *part) (wall int64, err error) {
	i := sideOf(slot)
	m.callers.gogc.set(m.sides[i].setup.gogc)
	before := m.counters.read()
	var b batch
	if m.rate > 0 {
		b, err = m.runAtRate(ctx, i, calls)
	} else {
		b, err = m.run(ctx, i, calls, group)
	}
	if err != nil {
		return 0, err
	}
	p.counts.add(before, m.counters.read())
	p.busy += b.wall
	if m.rate > 0 {
		p.calls += calls
	} else {
		p.calls += calls * len(m.callers.all)
	}
	sum, n := 0.0, 0
	for _, k := range m.callers.all {
		for _, x := range k.samples {
			sum += float64(x)
		}
		n += len(k.samples)
		if slot != slotAgain {
			m.samples[i] = append(m.samples[i], k.samples...)
		}
	}
	if m.rate > 0 && n > 0 {
		p.perCall = sum / float64(n)
	}
	return b.wall, nil
}

// commit adds a round.
func (m *measurement) commit(calls int, t timing, parts [slots]part, took time.Duration, diff string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rounds++
	m.elapsed += took
	m.ratio.Add(parts[slotB].perCall / parts[slotA].perCall)
	if len(m.raw) < wire.MaxRounds {
		m.raw = append(m.raw, stats.Round{A: parts[slotA].perCall, Again: parts[slotAgain].perCall, B: parts[slotB].perCall, Calls: calls})
	}
	m.differs(diff)
	for i := range m.tallies {
		s, p := &m.tallies[i], &parts[i]
		s.calls += uint64(p.calls)
		s.counts.merge(p.counts)
		s.busy += p.busy
		s.lat.Add(m.samples[i], t.group)
		s.spark.add(p.perCall)
		mid, high := ofRound(m.samples[i], t.group)
		for k, x := range []float64{mid, high, float64(p.counts.objects) / float64(max(p.calls, 1)), float64(p.counts.gc)} {
			s.sparks[k].add(x)
		}
		inBatch := calls * m.callerCount
		if m.rate > 0 {
			inBatch = calls
		}
		s.recent = append(s.recent, span{m.elapsed, inBatch, p.wall})
		old := 0
		for old < len(s.recent)-1 && s.recent[old].at < m.elapsed-time.Second {
			old++
		}
		s.recent = slices.Delete(s.recent, 0, old)
	}
}

// fill sets everything in a snapshot that was measured.
func (m *measurement) fill(f *wire.Snapshot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f.Rounds, f.Elapsed, f.Batch = m.rounds, m.elapsed, m.shownBatch
	f.Low, f.Ratio, f.High = m.ratio.Quartiles()
	f.Same, f.Difference, f.Compared, f.Modules = m.same, m.different, m.compared, m.modules
	f.Records = m.records
	f.Value, f.Output, f.WarmUp = m.value, m.output, m.warm
	f.Raw, f.Parity = slices.Clone(m.raw), m.parity
	for i, side := range []*wire.Side{&f.A, &f.B} {
		m.tallies[i].fill(side, m.timing.group)
	}
}

func (s *tally) fill(side *wire.Side, group int) {
	side.Calls = s.calls
	calls, wall := 0, int64(0)
	for _, x := range s.recent {
		calls += x.calls
		wall += x.wall
	}
	if wall > 0 {
		side.Throughput = float64(calls) / time.Duration(wall).Seconds()
	}
	showLatencies(side, s.lat, group)
	side.AllocsPerOp, side.BytesPerOp = s.alloc.objects, s.alloc.bytes
	side.Phases, side.MutexHolder = slices.Clone(s.phases), s.holder
	side.OpsPerCall, side.GCCycles = s.ops, s.counts.gc
	side.GCPause99, side.GCShare, side.HeapLive = s.counts.pause99(), s.counts.gcShare(), s.counts.live
	if s.busy > 0 {
		side.MutexWait = s.counts.wait * 1e9 / time.Duration(s.busy).Seconds()
	}
	side.Spark = slices.Clone([]float64(s.spark))
	side.Sparks = wire.Sparks{
		P50: slices.Clone([]float64(s.sparks[0])), P99: slices.Clone([]float64(s.sparks[1])),
		Allocs: slices.Clone([]float64(s.sparks[2])), GC: slices.Clone([]float64(s.sparks[3])),
	}
}
