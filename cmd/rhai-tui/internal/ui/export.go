package ui

import (
	"fmt"
	"path/filepath"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// export writes the evidence of what is measured, after a capture of both sides if
// there is none yet.
func (m *model) export() tea.Cmd {
	c := &m.compare
	switch {
	case m.opts.Export == nil || m.opts.ProfileDir == "":
		m.notice = "there is no directory for evidence"
		return nil
	case !c.have || c.snapshot.Series == nil || len(c.snapshot.Series.Results) == 0:
		m.notice = "there is nothing to export before the first process is done"
		return nil
	}
	a, b := c.labels()
	if c.sess == nil || captured(c.snapshot.Profile, a, b) {
		return m.writeExport()
	}
	start := m.capture()
	if start == nil {
		return nil
	}
	m.profile.sides = []wire.Strategy{a, b}
	if a == b {
		m.profile.sides = m.profile.sides[:1]
	}
	m.notice = fmt.Sprintf("both sides are profiled for %d s, then the evidence is written", m.profile.seconds)
	return start
}

// captured reports whether a capture has both sides.
func captured(p *wire.Profile, a, b wire.Strategy) bool {
	return p != nil && p.Error == "" && slices.Contains(p.Strategies, a) && slices.Contains(p.Strategies, b)
}

// finishExport writes the evidence when the capture for it has ended, also if it
// failed: what was measured is worth more than the profiles.
func (m *model) finishExport() tea.Cmd {
	m.profile.sides = nil
	return m.writeExport()
}

func (m *model) writeExport() tea.Cmd {
	c := &m.compare
	a, b := c.labels()
	without := ""
	if !captured(c.snapshot.Profile, a, b) {
		without = ", without profiles of both sides"
	}
	write, f, cfg := m.opts.Export, c.snapshot, c.cfg
	dir := filepath.Join(filepath.Dir(m.opts.ProfileDir), "evidence", m.opts.Now().Format("20060102-150405"))
	return func() tea.Msg {
		if err := write(dir, cfg, f); err != nil {
			return noticeMsg{"export: " + err.Error()}
		}
		return noticeMsg{"evidence is in " + dir + without}
	}
}
