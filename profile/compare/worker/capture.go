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
		order.Strategies = []wire.Strategy{m.lanes[0].label, m.lanes[1].label}
	}
	order.Duration = cmp.Or(max(order.Duration, 0), defaultCapture)
	p := &wire.Profile{Strategies: slices.Clone(order.Strategies)}
	lanes, err := k.lanesFor(order.Strategies)
	if err != nil {
		p.Error = err.Error()
		return p
	}
	for i, l := range lanes {
		p.Strategies[i] = l.label
	}
	start := clock()
	files, err := k.shared.measurement().record(ctx, lanes, order)
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

// lanesFor returns the lanes of strategies, also of those that are not compared.
func (k *worker) lanesFor(strategies []wire.Strategy) ([]*lane, error) {
	m := k.shared.measurement()
	var out []*lane
	for _, s := range strategies {
		l := m.laneNamed(s, out)
		if l == nil {
			var err error
			if l, err = newLane(s, m.lanes[0].recipe, m.lanes[0].work, m.callers); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// laneNamed finds the lane with a label, or with a strategy, that is not taken
// yet; nil if there is none.
func (m *measurement) laneNamed(name wire.Strategy, taken []*lane) *lane {
	for _, x := range m.lanes {
		if x.label == name && !slices.Contains(taken, x) {
			return x
		}
	}
	for _, x := range m.lanes {
		if x.strategy == name && !slices.Contains(taken, x) {
			return x
		}
	}
	return nil
}

// record runs the strategies of an order one after the other, each with the same
// number of calls, so that what they cost can be compared, and profiles them.
func (m *measurement) record(ctx context.Context, lanes []*lane, order wire.CaptureOrder) ([]goprof.File, error) {
	rec, err := goprof.Record(order.Dir, callName)
	if err != nil {
		return nil, err
	}
	defer rec.Cancel()
	calls := 0
	for i, l := range lanes {
		n, err := m.lap(ctx, l, calls, m.share(l, lanes, order.Duration))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			calls = n
		}
		if err := rec.Lap(string(l.label)); err != nil {
			return nil, err
		}
	}
	return rec.Stop(topLines)
}

// share is the part of the time of a capture that a lane needs if all make the
// same number of calls.
func (m *measurement) share(l *lane, lanes []*lane, whole time.Duration) time.Duration {
	sum := 0.0
	for _, x := range lanes {
		sum += m.expected(x)
	}
	return time.Duration(float64(whole) * m.expected(l) / sum)
}

// expected is the time per call of a lane as it was measured last.
func (m *measurement) expected(l *lane) float64 {
	if l == m.lanes[1] {
		return max(m.perCall[1], 1)
	}
	return max(m.perCall[0], 1)
}

// lap runs batches of a lane until it made as many calls per caller as told, or,
// if calls is 0, until the time is over. It returns the number of calls.
func (m *measurement) lap(ctx context.Context, l *lane, calls int, d time.Duration) (int, error) {
	labels := pprof.WithLabels(context.Background(), goprof.Labels(string(l.label)))
	limit := m.callLimit*time.Duration(m.callers) + time.Duration(m.expected(l)*float64(m.batch-1))
	start := clock()
	for made := 0; ; {
		n := m.batch
		if calls > 0 {
			n = min(n, calls-made)
		}
		err := m.watched(ctx, limit, m.callers, func(ctx context.Context) error {
			_, err := m.crew.run(ctx, &job{lane: l, calls: n, first: made, labels: labels})
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

// profileFile makes the form of a file that frames have.
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
