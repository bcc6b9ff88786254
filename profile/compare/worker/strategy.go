package worker

import (
	"context"
	"fmt"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// lane is one strategy with everything that its calls share. It serves any number
// of goroutines, of which each has a number of its own.
type lane struct {
	strategy wire.Strategy
	label    wire.Strategy // in profiles and messages
	recipe   *recipe
	work     *work            // set before the first call
	shared   *engine.Engine   // Global's
	own      []*engine.Engine // PerGoroutine's, by caller
	pool     *sync.Pool       // Pool's
}

// newLane makes the lane of a strategy for a number of callers.
func newLane(s wire.Strategy, r *recipe, w *work, callers int) (*lane, error) {
	l := &lane{strategy: s, label: s, recipe: r, work: w}
	switch s {
	case wire.Global:
		l.shared = r.full()
	case wire.Pool:
		l.pool = &sync.Pool{New: func() any { return r.full() }}
	case wire.PerGoroutine:
		for range callers {
			l.own = append(l.own, r.full())
		}
	case wire.Raw, wire.New:
	default:
		return nil, fmt.Errorf("unknown strategy %q: want one of %v", s, wire.Strategies)
	}
	return l, nil
}

// callName is the end of the name of [lane.call] in profiles.
const callName = "worker.(*lane).call"

// call is the unit of work that is measured: everything that a caller does for
// one run of the script, from a fresh scope on. who is the caller's number, i that
// of the call, which chooses the record. Without a print handler the text is made
// and dropped.
//
//go:noinline
func (l *lane) call(ctx context.Context, who, i int) (engine.Dynamic, engine.Stats, error) {
	if l.recipe.collects {
		ctx = withBuffer(ctx)
	}
	var e *engine.Engine
	switch l.strategy {
	case wire.Global:
		e = l.shared
	case wire.PerGoroutine:
		e = l.own[who]
	case wire.Pool:
		e = l.pool.Get().(*engine.Engine)
		v, stats, err := l.work.run(ctx, e, i)
		l.pool.Put(e)
		return v, stats, err
	case wire.New:
		e = l.recipe.full()
	default:
		if !l.recipe.plain {
			e = l.recipe.raw()
			break
		}
		// An engine that no other function makes or configures is no object.
		raw := engine.NewRaw()
		l.recipe.register(raw)
		return l.work.run(ctx, raw, i)
	}
	return l.work.run(ctx, e, i)
}

// sample returns an engine that calls of the lane have, or, if each makes its own,
// one made like it. Nothing may be set on it.
func (l *lane) sample() *engine.Engine {
	switch l.strategy {
	case wire.Global:
		return l.shared
	case wire.PerGoroutine:
		return l.own[0]
	case wire.Pool:
		e := l.pool.Get().(*engine.Engine)
		defer l.pool.Put(e)
		return e
	}
	return l.observer()
}

// observer makes an engine that is configured as those of the lane's calls are,
// for calls whose prints are kept.
func (l *lane) observer() *engine.Engine {
	if l.strategy == wire.Raw {
		return l.recipe.raw()
	}
	return l.recipe.full()
}
