package worker

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
	"github.com/rhai-tui/rhai-tui/profile/script"
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
	p := &wire.Profile{Strategies: slices.Clone(order.Strategies), Dir: order.Dir}
	sides, err := k.sidesFor(order.Strategies)
	if err != nil {
		p.Error = err.Error()
		return p
	}
	for i, s := range sides {
		p.Strategies[i] = s.label
	}
	start := clock()
	files, err := k.shared.measurement().record(ctx, sides, order, k.cfg.Name, k.showLive)
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

// showLive shows what the profile of the script is so far; nil ends that.
func (k *worker) showLive(p *profile.Profile) {
	var b bytes.Buffer
	if p != nil && (p.Write(&b) != nil || b.Len() > longestLive) {
		return
	}
	k.shared.change(func(s *shared) { s.head.Live = b.Bytes() })
}

// longestLive is how many bytes of a profile are shown during a capture.
const longestLive = 1 << 20

// sidesFor returns the sides of strategies, also of those that are not compared.
func (k *worker) sidesFor(strategies []wire.Strategy) ([]*side, error) {
	m := k.shared.measurement()
	var out []*side
	for _, name := range strategies {
		s := m.sideNamed(name, out)
		if s == nil {
			if name == wire.Bound && m.sides[0].workload.entry == nil {
				return nil, errNotBound
			}
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

// record profiles the strategies of an order: the script first, then Go. Both would
// disturb each other, so each has half of the time.
func (m *measurement) record(ctx context.Context, sides []*side, order wire.CaptureOrder, name string, live func(*profile.Profile)) ([]goprof.File, error) {
	if order.Only == "" {
		order.Duration /= 2
	}
	var files []goprof.File
	if order.Only != wire.OnlyGo {
		f, err := m.recordScript(ctx, sides, order, name, live)
		if err != nil {
			return nil, err
		}
		files = append(files, f...)
	}
	if order.Only == wire.OnlyScript {
		return files, nil
	}
	gofiles, err := m.recordGo(ctx, sides, order)
	return append(files, gofiles...), err
}

// observation is how the calls of a side are observed.
type observation struct {
	around func(ctx context.Context, caller int) context.Context // nil for not at all
	labels context.Context                                       // of the goroutines, nil for none
}

// captureRounds runs the strategies one after the other, each with the same number of
// calls: as many as given, or if that is 0 for as long. observe says how a side is
// observed, and after is called when its calls are made.
func (m *measurement) captureRounds(ctx context.Context, sides []*side, calls int, d time.Duration, observe func(s *side) observation, after func(s *side) error) error {
	for _, s := range sides {
		n, err := m.captureRound(ctx, s, calls, m.share(s, sides, d), observe(s))
		if err != nil {
			return err
		}
		calls = n
		if err := after(s); err != nil {
			return err
		}
	}
	return nil
}

// recordGo takes the profiles of Go, with the script function in progress as a label.
func (m *measurement) recordGo(ctx context.Context, sides []*side, order wire.CaptureOrder) ([]goprof.File, error) {
	rec, err := goprof.Record(order.Dir, callName)
	if err != nil {
		return nil, err
	}
	defer rec.Cancel()
	var halfway *time.Timer
	err = m.captureRounds(ctx, sides, 0, order.Duration,
		func(s *side) observation {
			labels := pprof.WithLabels(context.Background(), goprof.Labels(string(s.label)))
			l := script.NewLabeler(labels)
			halfway = time.AfterFunc(m.share(s, sides, order.Duration)/2, rec.LookAround)
			return observation{labels: labels, around: func(ctx context.Context, _ int) context.Context { return l.Context(ctx) }}
		},
		func(s *side) error {
			halfway.Stop()
			return rec.EndRound(string(s.label))
		})
	if err != nil {
		return nil, err
	}
	err = rec.Trace(func() error {
		return m.captureRounds(ctx, sides, 0, min(order.Duration/10, longestTrace), func(s *side) observation {
			return observation{labels: pprof.WithLabels(context.Background(), goprof.Labels(string(s.label)))}
		}, func(*side) error { return nil })
	})
	if err != nil {
		return nil, err
	}
	return rec.Stop(topLines)
}

// longestTrace bounds the execution trace: that of a second of short calls has 100 MB.
const longestTrace = 100 * time.Millisecond

// recordScript takes the profile of the script.
func (m *measurement) recordScript(ctx context.Context, sides []*side, order wire.CaptureOrder, name string, live func(*profile.Profile)) (files []goprof.File, err error) {
	if err := goprof.Writable(order.Dir); err != nil {
		return nil, err
	}
	w := m.sides[0].workload
	p := script.New(script.Options{
		Rate: cmp.Or(order.Rate, defaultRate), Exact: order.Exact, Comments: m.comments(order),
		Labels: map[string]string{"script": name, "phase": "run"},
	})
	defer p.Stop()
	calls := 0
	if order.Exact {
		calls = max(1, len(w.records)) // every call of a record counts the same
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(liveInterval)
		defer t.Stop()
		for {
			select {
			case <-quit:
				return
			case <-t.C:
				live(p.Profile())
			}
		}
	}()
	err = m.captureRounds(ctx, sides, calls, order.Duration, func(s *side) observation {
		return observation{around: func(ctx context.Context, caller int) context.Context {
			return script.WithLabels(p.Context(ctx), goprof.Label, string(s.label), "caller", strconv.Itoa(caller))
		}}
	}, func(*side) error { return nil })
	close(quit)
	<-done
	if err != nil {
		return nil, err
	}
	prof := p.Stop()
	live(nil)
	if order.Exact {
		prof.TimeNanos, prof.DurationNanos = 0, 0 // files of the same counts are the same
	}
	path := filepath.Join(order.Dir, ScriptFile)
	if err := goprof.Write(path, prof); err != nil {
		return nil, fmt.Errorf("cannot write the script's profile: %w", err)
	}
	top, err := goprof.TopOf(prof, "", goprof.Label, topLines)
	if err != nil {
		return nil, err
	}
	files = append(files, goprof.File{Type: wire.ScriptProfile, Path: path, Top: top})
	if order.Exact {
		path := filepath.Join(order.Dir, wire.CoverageFile+".info")
		if err := writeCoverage(path, p.Coverage()); err != nil {
			return files, fmt.Errorf("cannot write the coverage: %w", err)
		}
		files = append(files, goprof.File{Type: wire.CoverageFile, Path: path})
	}
	return files, nil
}

// writeCoverage writes which lines were executed.
func writeCoverage(path string, c export.Coverage) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := export.LCOV(f, c); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// comments say what was profiled, and what the measurement found so far.
func (m *measurement) comments(order wire.CaptureOrder) []string {
	out := []string{fmt.Sprintf("%d callers at a time; strategies %v", m.callerCount, order.Strategies)}
	for i, s := range m.sides {
		if m.perCall[i] > 0 && !order.Exact { // exact profiles are the same each time
			out = append(out, fmt.Sprintf("%s took %.0f ns per call when it was measured before", s.label, m.perCall[i]))
		}
	}
	return out
}

const (
	// ScriptFile is the name of the script's profile.
	ScriptFile = wire.ScriptProfile + ".pb.gz"
	// defaultRate is how many samples of time are taken per second.
	defaultRate = 1000
	// liveInterval is the time between two profiles that are shown during a capture.
	liveInterval = 250 * time.Millisecond
)

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
func (m *measurement) captureRound(ctx context.Context, s *side, calls int, d time.Duration, o observation) (int, error) {
	limit := m.callLimit*time.Duration(m.callerCount) + time.Duration(m.expected(s)*float64(m.batch-1))
	start := clock()
	for made := 0; ; {
		n := m.batch
		if calls > 0 {
			n = min(n, calls-made)
		}
		err := m.watched(ctx, limit, m.callerCount, func(ctx context.Context) error {
			_, err := m.callers.run(ctx, &job{side: s, calls: n, first: made, labels: o.labels, around: o.around})
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
