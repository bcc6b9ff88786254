package worker

import (
	"cmp"
	"context"
	"errors"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
)

// topLines is how many functions the top table of a file has.
const topLines = 50

// capture profiles strategies. Failures are in the profile: the measurement goes
// on.
func (k *worker) capture(ctx context.Context, order wire.CaptureOrder) *wire.Profile {
	if len(order.Strategies) == 0 {
		m := k.shared.measurement()
		order.Strategies = []wire.Strategy{m.sides[0].label, m.sides[1].label}
	}
	order.Duration = cmp.Or(max(order.Duration, 0), defaultCapture)
	p := &wire.Profile{Strategies: slices.Clone(order.Strategies)}
	sides, err := k.sidesFor(order.Strategies)
	if err != nil {
		p.Error = err.Error()
		return p
	}
	for i, s := range sides {
		p.Strategies[i] = s.label
	}
	start := clock()
	files, err := k.shared.measurement().record(ctx, sides, order)
	p.Duration = time.Duration(clock() - start)
	for _, f := range files {
		p.Files = append(p.Files, profileFile(f))
	}
	if err != nil {
		p.Error = err.Error()
		if errors.Is(err, errInterrupted) {
			p.Error = "interrupted before it was complete"
		}
	}
	return p
}

// sidesFor returns the sides of strategies, also of those that are not compared.
func (k *worker) sidesFor(strategies []wire.Strategy) ([]*side, error) {
	m := k.shared.measurement()
	var out []*side
	for _, name := range strategies {
		s := m.sideNamed(name, out)
		if s == nil {
			var err error
			if s, err = newSide(name, m.sides[0].setup, m.sides[0].workload, m.callerCount); err != nil {
				return nil, err
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// sideNamed finds the side with a label, or with a strategy, that is not taken
// yet; nil if there is none.
func (m *measurement) sideNamed(name wire.Strategy, taken []*side) *side {
	for _, x := range m.sides {
		if x.label == name && !slices.Contains(taken, x) {
			return x
		}
	}
	for _, x := range m.sides {
		if x.strategy == name && !slices.Contains(taken, x) {
			return x
		}
	}
	return nil
}

// record runs the strategies of an order one after the other, each with the same
// number of calls, so that what they cost can be compared, and profiles them.
func (m *measurement) record(ctx context.Context, sides []*side, order wire.CaptureOrder) ([]goprof.File, error) {
	rec, err := goprof.Record(order.Dir, callName)
	if err != nil {
		return nil, err
	}
	defer rec.Cancel()
	calls := 0
	for i, s := range sides {
		n, err := m.captureRound(ctx, s, calls, m.share(s, sides, order.Duration))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			calls = n
		}
		if err := rec.EndRound(string(s.label)); err != nil {
			return nil, err
		}
	}
	return rec.Stop(topLines)
}

// share is the part of the time of a capture that a side needs if all make the
// same number of calls.
func (m *measurement) share(s *side, sides []*side, whole time.Duration) time.Duration {
	sum := 0.0
	for _, x := range sides {
		sum += m.expected(x)
	}
	return time.Duration(float64(whole) * m.expected(s) / sum)
}

// expected is the time per call of a side as it was measured last.
func (m *measurement) expected(s *side) float64 {
	if s == m.sides[1] {
		return max(m.perCall[1], 1)
	}
	return max(m.perCall[0], 1)
}

// captureRound runs batches of a side until it made as many calls per caller as
// told, or, if calls is 0, until the time is over. It returns the number of calls.
func (m *measurement) captureRound(ctx context.Context, s *side, calls int, d time.Duration) (int, error) {
	labels := pprof.WithLabels(context.Background(), goprof.Labels(string(s.label)))
	limit := m.callLimit*time.Duration(m.callerCount) + time.Duration(m.expected(s)*float64(m.batch-1))
	start := clock()
	for made := 0; ; {
		n := m.batch
		if calls > 0 {
			n = min(n, calls-made)
		}
		err := m.watched(ctx, limit, m.callerCount, func(ctx context.Context) error {
			_, err := m.callers.run(ctx, &job{side: s, calls: n, first: made, labels: labels})
			return err
		})
		if err != nil {
			return made, err
		}
		made += n
		if calls > 0 && made >= calls || calls == 0 && time.Duration(clock()-start) >= d {
			return made, nil
		}
	}
}

// profileFile makes the form of a file that snapshots have.
func profileFile(f goprof.File) wire.ProfileFile {
	out := wire.ProfileFile{Type: f.Type, Path: f.Path, Unit: f.Top.Unit, Total: f.Top.Total, Top: []wire.TopLine{}}
	for _, l := range f.Top.Lines {
		t := wire.TopLine{Function: l.Function, File: l.File, Line: l.Line, Flat: l.Flat, Cum: l.Cum, By: map[wire.Strategy]int64{}}
		for name, v := range l.By {
			t.By[wire.Strategy(name)] = v
		}
		out.Top = append(out.Top, t)
	}
	return out
}
