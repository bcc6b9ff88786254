package worker

import (
	"context"
	"fmt"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// side is A or B: a strategy with everything that its calls share. Any number of
// goroutines may call it; each has a number of its own.
type side struct {
	strategy wire.Strategy
	label    wire.Strategy // in profiles
	name     string        // in messages
	setup    *setup
	workload *workload        // set before the first call
	shared   *engine.Engine   // of Global
	own      []*engine.Engine // of PerGoroutine, by caller
	pool     *sync.Pool       // of Pool
}

// newSide makes the side of a strategy for a number of callers.
func newSide(how wire.Strategy, c *setup, w *workload, callers int) (*side, error) {
	s := &side{strategy: how, label: how, name: string(how), setup: c, workload: w}
	switch how {
	case wire.Global, wire.Bound:
		s.shared = c.full()
	case wire.Pool:
		s.pool = &sync.Pool{New: func() any { return c.full() }}
	case wire.PerGoroutine:
		for range callers {
			s.own = append(s.own, c.full())
		}
	case wire.Raw, wire.New:
	default:
		return nil, fmt.Errorf("unknown strategy %q: want one of %v", how, wire.Strategies)
	}
	return s, nil
}

// callName is the end of the name of [side.call] in profiles.
const callName = "worker.(*side).call"

// call is the unit of work that is measured: everything that a caller does for
// one run of the script, from a fresh scope on. who is the caller's number, i that
// of the call, which chooses the record. Without a print handler the text is made
// and dropped.
//
//go:noinline
func (s *side) call(ctx context.Context, who, i int) (engine.Dynamic, engine.Stats, error) {
	if s.setup.collects {
		ctx = withBuffer(ctx)
	}
	var e *engine.Engine
	switch s.strategy {
	case wire.Global:
		e = s.shared
	case wire.Bound:
		return s.workload.bound(ctx, s.shared, i)
	case wire.PerGoroutine:
		e = s.own[who]
	case wire.Pool:
		e = s.pool.Get().(*engine.Engine)
		v, stats, err := s.workload.run(ctx, e, i)
		s.pool.Put(e)
		return v, stats, err
	case wire.New:
		e = s.setup.full()
	default:
		if !s.setup.plain {
			e = s.setup.raw()
			break
		}
		// An engine that stays in this function is on the stack: it is not allocated.
		raw := engine.NewRaw()
		s.setup.register(raw)
		return s.workload.run(ctx, raw, i)
	}
	return s.workload.run(ctx, e, i)
}

// sample returns an engine that calls of the side have, or, if each makes its own,
// one made like it. Nothing may be set on it.
func (s *side) sample() *engine.Engine {
	switch s.strategy {
	case wire.Global, wire.Bound:
		return s.shared
	case wire.PerGoroutine:
		return s.own[0]
	case wire.Pool:
		e := s.pool.Get().(*engine.Engine)
		defer s.pool.Put(e)
		return e
	}
	return s.observer()
}

// observer makes an engine that is configured as those of the side's calls are,
// for calls whose prints are kept.
func (s *side) observer() *engine.Engine {
	if s.strategy == wire.Raw {
		return s.setup.raw()
	}
	return s.setup.full()
}
