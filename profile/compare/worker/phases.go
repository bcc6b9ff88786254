package worker

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// phaseTimes are nanoseconds per call of each step.
type phaseTimes [len(wire.PhaseNames)]float64

// Bounds of measuring phases.
const (
	phaseRounds = 15
	leastPhases = 3
	phaseBatch  = time.Millisecond
	phaseTime   = 300 * time.Millisecond
)

// stage does the first n steps of call i of a side; the last stage is the call.
//
//go:noinline
func (s *side) stage(ctx context.Context, n, i int, empty *engine.AST) error {
	if n == len(wire.PhaseNames) {
		_, _, err := s.call(ctx, 0, i)
		return err
	}
	if n == 0 {
		return nil
	}
	if s.setup.collects && n > 1 {
		ctx = withBuffer(ctx)
	}
	var e *engine.Engine
	switch s.strategy {
	case wire.Global, wire.Bound:
		e = s.shared
	case wire.PerGoroutine:
		e = s.own[0]
	case wire.Pool:
		e = s.pool.Get().(*engine.Engine)
		defer s.pool.Put(e)
	case wire.New:
		if n == 1 {
			e = engine.New()
		} else {
			e = s.setup.full()
		}
	default:
		if !s.setup.plain && n > 1 {
			e = s.setup.raw()
			break
		}
		raw := engine.NewRaw() // on the stack, as in a call
		if n > 1 {
			s.setup.register(raw)
		}
		return s.afterEngine(ctx, n, i, raw, empty)
	}
	return s.afterEngine(ctx, n, i, e, empty)
}

// afterEngine does the steps of a stage that come after those for the engine. It
// is a call of its own so that the engine is made even if no step uses it.
//
//go:noinline
func (s *side) afterEngine(ctx context.Context, n, i int, e *engine.Engine, empty *engine.AST) error {
	if n < 3 {
		return nil
	}
	var scope engine.Scope
	fill(&scope, s.workload.at(i))
	if n == 3 {
		return nil
	}
	_, _, err := e.RunStats(ctx, &scope, empty)
	return err
}

// phases measures the steps of a call on both sides: batches of the first n steps,
// for each n, in random order. A step is the median over the rounds of what a
// batch with it takes longer than one without. No clock is read inside of calls.
func (m *measurement) phases(ctx context.Context) (out [2]phaseTimes, err error) {
	var empty [2]*engine.AST
	for i, s := range m.sides {
		if i == 1 && s.workload == m.sides[0].workload {
			empty[1] = empty[0]
			break
		}
		if empty[i], err = s.setup.full().Compile(""); err != nil {
			return out, &sideError{i, err}
		}
	}
	const stages = len(wire.PhaseNames) + 1
	var calls [2][stages]int
	for i := range calls {
		for n := range calls[i] {
			calls[i][n] = 1
		}
	}
	var found [2][len(wire.PhaseNames)][]float64
	start := clock()
	for round := 0; round < phaseRounds; round++ {
		if round > leastPhases && time.Duration(clock()-start) > phaseTime {
			break
		}
		var took [2][stages]float64
		for _, at := range rand.Perm(2 * stages) {
			i, n := at%2, at/2
			if n == stages-1 && m.perCall[i] > float64(longestBatch) {
				// The steps before it are too short to measure in such a call.
				took[i][n] = m.perCall[i]
				continue
			}
			err := m.watched(ctx, m.limit(i, calls[i][n]), 1, func(ctx context.Context) error {
				took[i][n], err = m.sides[i].timeStage(ctx, n, &calls[i][n], empty[i])
				return err
			})
			if err != nil {
				return out, &sideError{i, err}
			}
		}
		if round == 0 {
			continue // it found how many calls make a batch
		}
		for i := range found {
			for n := range found[i] {
				found[i][n] = append(found[i][n], took[i][n+1]-took[i][n])
			}
		}
	}
	for i := range found {
		for n := range found[i] {
			out[i][n] = stats.Median(found[i][n])
		}
	}
	return out, nil
}

// timeStage returns what a call of a stage takes, in nanoseconds, by a batch of
// calls, whose number it adapts for the next one.
func (s *side) timeStage(ctx context.Context, n int, calls *int, empty *engine.AST) (float64, error) {
	for {
		start := clock()
		for i := range *calls {
			if err := s.stage(ctx, n, i, empty); err != nil {
				return 0, err
			}
			if i%1024 == 1023 && ctx.Err() != nil {
				return 0, context.Cause(ctx)
			}
		}
		took := clock() - start
		if took >= int64(phaseBatch)/2 || *calls >= mostCalls {
			return float64(took) / float64(*calls), nil
		}
		*calls = int(min(float64(*calls)*min(float64(phaseBatch)/float64(max(took, 1)), 64)+1, mostCalls))
	}
}
