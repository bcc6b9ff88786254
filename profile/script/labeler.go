package script

import (
	"context"
	"runtime/pprof"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
)

// GoLabel is the key of the goroutine label that names the script function in progress,
// see [Labeler].
const GoLabel = "rhai_fn"

// Labeler puts the name of the script function in progress on the goroutine, as the label
// [GoLabel], so that a CPU profile of Go can be read by script function:
//
//	go tool pprof -tagroot rhai_fn cpu.pb.gz
//
// It sets a label at each call and return, from label sets made once per function, which
// makes scripts some two to three times slower: it is for the time of a profile. Runs are
// labelled that are begun with its Context; no other sampler observes them.
type Labeler struct {
	base    context.Context
	sampler *engine.Sampler
	sets    sync.Map // engine.Location to context.Context
}

// NewLabeler makes a labeler. The goroutine's labels are those of base, and the function;
// after a run they are those of base alone.
func NewLabeler(base context.Context) *Labeler {
	l := &Labeler{base: base}
	l.sampler = engine.NewSampler(engine.SamplerOptions{Enter: l.enter})
	return l
}

// Context returns a context for runs that are to be labelled.
func (l *Labeler) Context(ctx context.Context) context.Context {
	return engine.WithSampler(ctx, l.sampler)
}

// Stop ends the labelling of runs that begin from now on.
func (l *Labeler) Stop() { l.sampler.Stop() }

// enter labels the goroutine.
func (l *Labeler) enter(_ context.Context, at engine.Location) {
	if at == (engine.Location{}) {
		pprof.SetGoroutineLabels(l.base)
		return
	}
	set, ok := l.sets.Load(at)
	if !ok {
		set, _ = l.sets.LoadOrStore(at, pprof.WithLabels(l.base, pprof.Labels(GoLabel, clip(at.Func()))))
	}
	pprof.SetGoroutineLabels(set.(context.Context))
}
