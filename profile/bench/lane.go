package bench

import (
	"context"
	"fmt"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
)

// lane is one strategy with everything that its calls share. It serves any number
// of goroutines, of which each has a number of its own.
type lane struct {
	strategy Strategy
	pkgs     []*engine.Package
	work     *work
	shared   *engine.Engine   // Global's
	own      []*engine.Engine // PerGoroutine's, by caller
	pool     *sync.Pool       // Pool's
}

// newLane makes the lane of a strategy for a number of callers.
func newLane(s Strategy, pkgs []*engine.Package, w *work, callers int) (*lane, error) {
	l := &lane{strategy: s, pkgs: pkgs, work: w}
	switch s {
	case Global:
		l.shared = engine.New(pkgs...)
	case Pool:
		l.pool = &sync.Pool{New: func() any { return engine.New(pkgs...) }}
	case PerGoroutine:
		for range callers {
			l.own = append(l.own, engine.New(pkgs...))
		}
	case Raw, New:
	default:
		return nil, fmt.Errorf("unknown strategy %q: want one of %v", s, Strategies)
	}
	return l, nil
}

// callName is the end of the name of [lane.call] in profiles.
const callName = "bench.(*lane).call"

// call is the unit of work that is measured: everything that a caller does for
// one run of the script, from a fresh scope on. who is the caller's number, i that
// of the call, which chooses the record. No strategy has a print handler, so that
// all do the same: the text is made and dropped.
//
//go:noinline
func (l *lane) call(ctx context.Context, who, i int) (engine.Dynamic, engine.Stats, error) {
	var e *engine.Engine
	switch l.strategy {
	case Global:
		e = l.shared
	case PerGoroutine:
		e = l.own[who]
	case Pool:
		e = l.pool.Get().(*engine.Engine)
		v, stats, err := l.work.run(ctx, e, i)
		l.pool.Put(e)
		return v, stats, err
	case New:
		e = engine.New(l.pkgs...)
	default:
		e = rawEngine(l.pkgs)
	}
	return l.work.run(ctx, e, i)
}

// rawEngine makes an engine as the strategy Raw does at each call.
func rawEngine(pkgs []*engine.Package) *engine.Engine {
	e := engine.NewRaw()
	for _, p := range pkgs {
		e.RegisterGlobalModule(p.SharedModule())
	}
	return e
}

// observer makes an engine that is configured as the lane's calls are, for calls
// whose prints are kept.
func (l *lane) observer() *engine.Engine {
	if l.strategy == Raw {
		return rawEngine(l.pkgs)
	}
	return engine.New(l.pkgs...)
}
