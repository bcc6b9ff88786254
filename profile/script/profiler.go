package script

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
)

// DefaultRate is how many samples of time are taken per second if nothing else is said.
const DefaultRate = 100

// Options says how to profile. The zero Options are the defaults.
type Options struct {
	// Rate is how many samples of time are taken per second, of each script that runs:
	// 0 is [DefaultRate], and at most 10,000 are taken. Some 19 will do for profiles that
	// are taken all the time, 1,000 for runs of a second.
	Rate int
	// Exact counts operations, allocations and executions instead of taking samples, of
	// runs that begin and end while the profiler is in use.
	Exact bool
	// Labels are put on all samples, such as strategy or phase.
	Labels map[string]string
	// Comments are put into the profile.
	Comments []string
}

// The mean distances of samples of operations and allocations. At 1 ns an operation the
// first are taken 3,800 times a second; the second is that of Go's heap profile.
const (
	opsInterval   = 1 << 18
	bytesInterval = 512 << 10
)

// Profiler collects what scripts spend. It is made by [New] or [Start], and collects until
// [Profiler.Stop].
type Profiler struct {
	o       Options
	sampler *engine.Sampler
	start   time.Time

	mu       sync.Mutex
	table    *table
	observed []*engine.Engine
	labels   string // the common ones, see [labelText]
	ended    time.Duration
}

// New makes a profiler that observes nothing yet.
func New(o Options) *Profiler {
	p := newProfiler(o)
	p.sampler = p.newSampler(p.record)
	return p
}

// newProfiler makes a profiler without a sampler.
func newProfiler(o Options) *Profiler {
	if o.Rate <= 0 {
		o.Rate = DefaultRate
	}
	o.Comments = slices.Clone(o.Comments)
	p := &Profiler{o: o, start: time.Now(), table: newTable()}
	p.labels = labelText(o.Labels)
	return p
}

// newSampler starts a sampler with the profiler's options.
func (p *Profiler) newSampler(record func(*engine.Sample)) *engine.Sampler {
	return engine.NewSampler(engine.SamplerOptions{
		Period:     p.period(),
		Operations: opsInterval,
		Allocated:  bytesInterval,
		Exact:      p.o.Exact,
		Record:     record,
	})
}

// Start makes a profiler that observes the runs of an engine that begin from now on.
func Start(eng *engine.Engine, o Options) *Profiler {
	p := New(o)
	p.Observe(eng)
	return p
}

// period is the time between samples of time.
func (p *Profiler) period() time.Duration { return time.Second / time.Duration(min(p.o.Rate, 10_000)) }

// Observe lets the profiler observe the runs of an engine that begin from now on, instead
// of any other that does.
func (p *Profiler) Observe(eng *engine.Engine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended == 0 {
		eng.SetSampler(p.sampler)
		p.observed = append(p.observed, eng)
	}
}

// Context returns a context for runs that the profiler observes, whatever engine they
// have. One that is made once may be used for any number of runs.
func (p *Profiler) Context(ctx context.Context) context.Context {
	return engine.WithSampler(ctx, p.sampler)
}

// Stop ends the profiling and returns the profile. Called again it returns the same
// figures.
func (p *Profiler) Stop() *profile.Profile {
	p.finish()
	p.sampler.Stop()
	return p.Profile()
}

// finish notes that no more is to be collected.
func (p *Profiler) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended == 0 {
		p.ended = max(time.Since(p.start), 1)
		for _, e := range p.observed {
			e.SetSampler(nil)
		}
		p.observed = nil
	}
}

// Profile returns what was collected so far. It is the caller's to keep and change.
func (p *Profiler) Profile() *profile.Profile {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.ended
	if d == 0 {
		d = time.Since(p.start)
	}
	return p.table.profile(p, d)
}

// record takes a sample.
func (p *Profiler) record(s *engine.Sample) {
	labels := p.labels
	if l, _ := s.Context.Value(labelKey{}).(string); l != "" {
		labels = joinLabels(labels, l)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.table.add(s, labels, p.o.Exact)
}
