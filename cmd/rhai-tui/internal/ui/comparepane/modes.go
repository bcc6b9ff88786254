package comparepane

import (
	"math"
	"runtime"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// setPlot chooses what the panel below the figures shows.
func (p *Pane) setPlot(x plot) {
	p.plot = x
	p.distributions()
}

// sweeping is the answer to what a sweep would not survive.
var sweeping = pane.Notify("a sweep is in progress: r ends it")

// toggleSame compares A with itself, or again with B.
func (p *Pane) toggleSame() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	cfg := p.cfg
	a, b := p.strategies()
	cfg.A = a
	if a != b || !cfg.Alike(false) {
		p.other, p.otherSettings, p.otherSecond = b, cfg.Settings[1], cfg.Second
		cfg.B, cfg.Settings[1], cfg.Second = a, cfg.Settings[0], nil
	} else if p.otherSecond != nil {
		cfg.B, cfg.Settings[1], cfg.Second = p.other, p.otherSettings, p.otherSecond
	} else {
		cfg.B, cfg.Settings[1] = p.other, p.otherSettings
		if p.other == "" || p.other == a && p.otherSettings.Equal(cfg.Settings[0]) {
			cfg.Settings[1] = cfg.Settings[0]
			cfg.B = wire.Raw
			if a == wire.Raw {
				cfg.B = wire.Global
			}
		}
	}
	return p.measure(cfg)
}

// toggleMode measures at a fixed rate, half of what the slower side can do, or
// again in a closed loop.
func (p *Pane) toggleMode() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	cfg := p.cfg
	if cfg.Rate > 0 {
		cfg.Rate = 0
		return p.measure(cfg)
	}
	f := &p.snapshot
	most := min(f.A.Throughput, f.B.Throughput)
	if !p.have || most <= 0 {
		return pane.Notify("the rate is half of what is measured: wait for the first rounds")
	}
	// Two digits: the rate stands on the screen.
	unit := math.Pow(10, math.Floor(math.Log10(most/2))-1)
	cfg.Rate = math.Round(most/2/unit) * unit
	return p.measure(cfg)
}

// sweepTime is how long each number of callers is measured.
const sweepTime = time.Second

// startSweep measures with 1 to twice the processors' callers, one after the
// other, and then again what was measured before.
func (p *Pane) startSweep() pane.Request {
	if p.plot != sweepPlot && len(p.sweep.points[0]) > 0 {
		p.setPlot(sweepPlot)
		return pane.Request{}
	}
	if p.run == nil {
		return pane.Notify("no worker runs: r starts one")
	}
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	p.keep()
	p.setPlot(sweepPlot)
	procs := runtime.GOMAXPROCS(0)
	p.sweep = sweep{pending: stats.SweepCallers(procs), back: p.cfg, processors: procs}
	return p.measureNext()
}

// measureNext measures the next number of callers of the sweep.
func (p *Pane) measureNext() pane.Request {
	s := &p.sweep
	cfg := s.back
	cfg.Callers, cfg.Duration, cfg.Rounds = s.pending[0], sweepTime, 0
	return p.measureOf(*s, cfg)
}

// measureOf is measure as a part of a sweep, or behind one.
func (p *Pane) measureOf(s sweep, cfg wire.Config) pane.Request {
	r := p.measure(cfg)
	p.sweep = s
	return r
}

// nextOfSweep goes on with the sweep if what is measured is complete; it reports
// whether it does.
func (p *Pane) nextOfSweep() (pane.Request, bool) {
	s, f := &p.sweep, &p.snapshot
	switch {
	case len(s.pending) == 0 || f.Callers != s.pending[0] && f.State != wire.Failed:
		return pane.Request{}, false
	case f.State == wire.Failed:
		s.pending = nil
		return pane.Request{}, false
	case f.State != wire.Finished:
		return pane.Request{}, false
	}
	s.points[0] = append(s.points[0], stats.Point{Callers: f.Callers, Throughput: f.A.Throughput})
	s.points[1] = append(s.points[1], stats.Point{Callers: f.Callers, Throughput: f.B.Throughput})
	if s.pending = s.pending[1:]; len(s.pending) > 0 {
		return p.measureNext(), true
	}
	return p.endSweep(), true
}

// endSweep goes back to what was measured before.
func (p *Pane) endSweep() pane.Request {
	s := p.sweep
	s.pending = nil
	return p.measureOf(s, s.back)
}

// Sweep tells which numbers of callers are still to be measured, and what was
// found with the others.
func (p *Pane) Sweep() (pending []int, points [2][]stats.Point) {
	return p.sweep.pending, p.sweep.points
}

// ShowSweep shows what was found with several numbers of callers on a machine with
// so many processors.
func (p *Pane) ShowSweep(points [2][]stats.Point, processors int) {
	p.setPlot(sweepPlot)
	p.sweep = sweep{points: points, processors: processors}
}
