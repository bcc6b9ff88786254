package ui

import (
	"math"
	"runtime"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// setPlot chooses what the panel below the figures shows.
func (m *model) setPlot(p plot) {
	m.compare.plot = p
	m.compare.distributions()
}

// sweeping says that a sweep is in progress, and reports whether one is.
func (m *model) sweeping() bool {
	if len(m.compare.sweep.pending) == 0 {
		return false
	}
	m.notice = "a sweep is in progress: r ends it"
	return true
}

// toggleSame compares A with itself, or again with B.
func (m *model) toggleSame() tea.Cmd {
	if m.sweeping() {
		return nil
	}
	cfg := m.compare.cfg
	a, b := m.compare.strategies()
	cfg.A = a
	if a != b || !cfg.SideSettings(0).Equal(cfg.SideSettings(1)) {
		m.other, m.otherSettings = b, cfg.Settings[1]
		cfg.B, cfg.Settings[1] = a, cfg.Settings[0]
	} else {
		cfg.B, cfg.Settings[1] = m.other, m.otherSettings
		if m.other == "" || m.other == a && m.otherSettings.Equal(cfg.Settings[0]) {
			cfg.Settings[1] = cfg.Settings[0]
			cfg.B = wire.Raw
			if a == wire.Raw {
				cfg.B = wire.Global
			}
		}
	}
	return m.measure(cfg)
}

// toggleMode measures at a fixed rate, half of what the slower side can do, or
// again in a closed loop.
func (m *model) toggleMode() tea.Cmd {
	if m.sweeping() {
		return nil
	}
	cfg := m.compare.cfg
	if cfg.Rate > 0 {
		cfg.Rate = 0
		return m.measure(cfg)
	}
	f := &m.compare.snapshot
	most := min(f.A.Throughput, f.B.Throughput)
	if !m.compare.have || most <= 0 {
		m.notice = "the rate is half of what is measured: wait for the first rounds"
		return nil
	}
	// Two digits: the rate stands on the screen.
	unit := math.Pow(10, math.Floor(math.Log10(most/2))-1)
	cfg.Rate = math.Round(most/2/unit) * unit
	return m.measure(cfg)
}

// sweepTime is how long each number of callers is measured.
const sweepTime = time.Second

// startSweep measures with 1 to twice the processors' callers, one after the
// other, and then again what was measured before.
func (m *model) startSweep() tea.Cmd {
	c := &m.compare
	if c.plot != sweepPlot && len(c.sweep.points[0]) > 0 {
		m.setPlot(sweepPlot)
		return nil
	}
	if c.sess == nil {
		m.notice = "no worker runs: r starts one"
		return nil
	}
	if m.sweeping() {
		return nil
	}
	m.setPlot(sweepPlot)
	procs := runtime.GOMAXPROCS(0)
	c.sweep = sweep{pending: stats.SweepCallers(procs), back: c.cfg, processors: procs}
	return m.measureNext()
}

// measureNext measures the next number of callers of the sweep.
func (m *model) measureNext() tea.Cmd {
	s := &m.compare.sweep
	cfg := s.back
	cfg.Callers, cfg.Duration, cfg.Rounds = s.pending[0], sweepTime, 0
	return m.measureOf(*s, cfg)
}

// measureOf is measure as a part of a sweep, or behind one.
func (m *model) measureOf(s sweep, cfg wire.Config) tea.Cmd {
	cmd := m.measure(cfg)
	m.compare.sweep = s
	return cmd
}

// nextOfSweep goes on with the sweep if what is measured is complete.
func (m *model) nextOfSweep() tea.Cmd {
	s, f := &m.compare.sweep, &m.compare.snapshot
	switch {
	case len(s.pending) == 0 || f.Callers != s.pending[0] && f.State != wire.Failed:
		return nil
	case f.State == wire.Failed:
		s.pending = nil
		return nil
	case f.State != wire.Finished:
		return nil
	}
	s.points[0] = append(s.points[0], stats.Point{Callers: f.Callers, Throughput: f.A.Throughput})
	s.points[1] = append(s.points[1], stats.Point{Callers: f.Callers, Throughput: f.B.Throughput})
	if s.pending = s.pending[1:]; len(s.pending) > 0 {
		return m.measureNext()
	}
	return m.endSweep()
}

// endSweep goes back to what was measured before.
func (m *model) endSweep() tea.Cmd {
	s := m.compare.sweep
	s.pending = nil
	return m.measureOf(s, s.back)
}
