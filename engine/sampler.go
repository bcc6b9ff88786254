package engine

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Sampler observes what runs spend, by script function and line. Package
// profile/script makes pprof profiles of what it finds.
//
// It observes the runs of the engines that it is set on, see [Engine.SetSampler], and
// those that are begun with a context of [WithSampler]; modules that such a run imports
// belong to it. Any number of runs are observed at a time. A run has one sampler at most,
// the context's before the engine's.
//
// A Sampler is for one use: it takes samples from [NewSampler] to [Sampler.Stop].
type Sampler struct {
	o     SamplerOptions
	begin time.Time
	now   atomic.Int64 // nanoseconds since begin, as of the latest tick
	done  chan struct{}

	stopped atomic.Bool

	mu    sync.Mutex
	seats []*seat // of machines that are to look up at ticks; none if there are no ticks
}

// SamplerOptions tells what a sampler takes. An interval of 0 takes no samples of its
// kind.
type SamplerOptions struct {
	// Period is the time between samples of time. It is at least 100 µs. Each running
	// script is sampled once in a period, and charged with the time since its last
	// sample, so that the samples of a run add up to its time.
	Period time.Duration
	// Operations is the mean number of operations between samples of operations.
	Operations int
	// Allocated is the mean number of bytes between samples of allocation.
	Allocated int
	// Exact counts instead: every operation, allocation and execution, the same in
	// every run of a script. The other fields are ignored then. Runs take up to three
	// times as long.
	Exact bool
	// Enter is called on the goroutine of a run whenever the run goes on in another
	// script function than before, by a call or a return, with the place where the
	// function begins, and with the zero Location when it ends. It must be quick and must
	// not panic. All other fields are ignored if it is set, and runs take about twice as
	// long beside what it takes itself.
	Enter func(ctx context.Context, l Location)
	// Record gets what was found, on the goroutine of the run, any number at a time.
	// It must not keep the sample or its stack, must not panic, and should be quick. An
	// exact sampler calls it at the end of each run.
	Record func(*Sample)
}

// Sample is what was spent at one place. A sample of one kind has zeros for the others.
type Sample struct {
	Context    context.Context // of the run
	Count      int64           // 1 for a sample of time, else 0
	Wall       time.Duration   // time
	Operations int64           // operations, as limits count them
	Objects    int64           // allocations; estimated, unless exact
	Bytes      int64           // bytes allocated, as Limits.Allocated counts them
	Hits       int64           // how often the instruction at the place was executed; exact only
	Stack      []Location      // the latest first; not empty
	// Truncated is set if the outermost calls are missing in Stack, as there are too
	// many.
	Truncated bool
}

// NewSampler starts a sampler. It panics if neither Record nor Enter is set.
func NewSampler(o SamplerOptions) *Sampler {
	if o.Record == nil && o.Enter == nil {
		panic("engine: a Sampler needs SamplerOptions.Record or Enter")
	}
	if o.Enter != nil {
		o.Exact = false
	}
	if o.Exact || o.Enter != nil {
		o.Period, o.Operations, o.Allocated = 0, 0, 0
	}
	s := &Sampler{o: o, begin: time.Now(), done: make(chan struct{})}
	if o.Period > 0 {
		s.o.Period = max(o.Period, minPeriod)
		go s.tick()
	}
	return s
}

// minPeriod is the shortest time between samples of time.
const minPeriod = 100 * time.Microsecond

// Stop ends the sampling. Runs in progress go on unobserved: Record is not called again
// once Stop has returned, but for calls in progress. It may be called more than once, and
// concurrently.
func (s *Sampler) Stop() {
	if s.stopped.Swap(true) {
		return
	}
	close(s.done)
	s.mu.Lock()
	s.seats = nil
	s.mu.Unlock()
}

// SetSampler lets a sampler observe the runs of an engine that begin from now on; nil
// ends that. Unlike all other settings it may be changed while the engine is in use, but
// for the first time on an engine of [NewRaw] or [NewRawWith]. A clone of the engine has
// none.
func (e *Engine) SetSampler(s *Sampler) {
	if e.ready().watch == nil {
		e.watch = &e.room
	}
	e.watch.sampler.Store(s)
}

// watch holds the sampler of an engine. It is reached by a pointer that raw engines per
// call do not have: they need not be on the heap then.
type watch struct{ sampler atomic.Pointer[Sampler] }

// sampler returns who observes runs of the engine.
func (e *Engine) sampler() *Sampler {
	if e.watch == nil {
		return nil
	}
	return e.watch.sampler.Load()
}

// WithSampler returns a context for runs that a sampler observes, whatever engine they
// have. A nil sampler observes nothing, not even runs of engines that have one.
func WithSampler(ctx context.Context, s *Sampler) context.Context {
	info := runInfo{sampler: s, chosen: true}
	if x, _ := ctx.Value(runKey{}).(*runInfo); x != nil {
		info.nesting = x.nesting
	}
	return context.WithValue(ctx, runKey{}, &info)
}

// seat is where a machine is known to a sampler. Machines keep their seats from run to
// run.
type seat struct {
	s    *Sampler
	m    *machine
	gone atomic.Bool // the sampler has forgotten the seat

	mu   sync.Mutex // held while the machine is made to look up, so that its run cannot end meanwhile
	busy bool       // a run is in progress
	idle int        // ticks since the last one, of the goroutine that ticks

	seen atomic.Int64 // when it was sampled last; the machine writes it

	// What follows belongs to the machine.
	ops      int64 // operations of the run at which the latest sample of them was due
	opsLeft  int64 // operations to the next, from the begin of the run
	leftover int64 // bytes to the next sample of allocation, from the begin of the run
	random   *rand.Rand
	stack    []Location
	// uncounted is where executions are counted that nobody asks for.
	uncounted []uint64
}

// forgetAfter is how many ticks a machine may be out of use until its seat is given up,
// so that pooled machines can be collected.
const forgetAfter = 1000

// preciseBelow is the period below which ticks are waited for in the kernel, on systems
// where that is possible. A timer of Go's is late whenever all that could run it is busy
// with a script: of ticks due every millisecond while a goroutine alternated between 9 ms
// of work and 4 ms of sleep, one in ten came after 1.6 ms, against 1.1 ms.
const preciseBelow = 5 * time.Millisecond

// tick makes all machines look up once in a period.
func (s *Sampler) tick() {
	wait := func() { sleep(s.o.Period) }
	if s.o.Period >= preciseBelow {
		t := time.NewTicker(s.o.Period)
		defer t.Stop()
		wait = func() {
			select {
			case <-s.done:
			case <-t.C:
			}
		}
	}
	for {
		wait()
		select {
		case <-s.done:
			return
		default:
		}
		now := int64(time.Since(s.begin))
		s.now.Store(now)
		s.mu.Lock()
		kept := s.seats[:0]
		for _, x := range s.seats {
			x.mu.Lock()
			if x.busy {
				x.poke(now)
				x.idle = 0
			} else if x.idle++; x.idle > forgetAfter {
				x.gone.Store(true)
			}
			x.mu.Unlock()
			if !x.gone.Load() {
				kept = append(kept, x)
			}
		}
		clear(s.seats[len(kept):])
		s.seats = kept
		s.mu.Unlock()
	}
}

// seatOf gives a machine a seat; nil if the sampler has stopped.
func (s *Sampler) seatOf(m *machine) *seat {
	if s.stopped.Load() {
		return nil
	}
	if x := m.seat; x != nil && x.s == s && !x.gone.Load() {
		return x
	}
	x := &seat{s: s, m: m, random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
	x.opsLeft, x.leftover = x.interval(s.o.Operations), x.interval(s.o.Allocated)
	if s.o.Period > 0 {
		s.mu.Lock()
		s.seats = append(s.seats, x)
		s.mu.Unlock()
	}
	return x
}

// interval draws the distance to the next sample. Distances are distributed exponentially:
// every operation, or byte, is as likely as any other to be sampled, whatever came before,
// also when a machine begins anew.
func (x *seat) interval(mean int) int64 {
	if mean <= 0 {
		return maxBudget
	}
	return 1 + int64(min(x.random.ExpFloat64()*float64(mean), maxBudget/4))
}

// sit begins to observe a run.
func (x *seat) sit() {
	x.mu.Lock()
	x.busy = true
	x.seen.Store(x.s.now.Load())
	x.mu.Unlock()
}

// rise ends it.
func (x *seat) rise() {
	x.mu.Lock()
	x.busy = false
	x.mu.Unlock()
}
