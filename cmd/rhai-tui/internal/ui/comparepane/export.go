package comparepane

import (
	"path/filepath"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// export writes the evidence of what is measured, after a capture of both sides if
// there is none yet.
func (p *Pane) export() pane.Request {
	switch {
	case p.opts.Export == nil || p.opts.Evidence == "":
		return pane.Notify("there is no directory for evidence")
	case !p.have || p.snapshot.Series == nil || len(p.snapshot.Series.Results) == 0:
		return pane.Notify("there is nothing to export before the first process is done")
	}
	a, b := p.labels()
	if p.run == nil || captured(p.snapshot.Profile, a, b) {
		return pane.Commands(p.writeEvidence())
	}
	p.exporting = true
	sides := []wire.Strategy{a, b}
	if a == b {
		sides = sides[:1]
	}
	return pane.Request{Capture: &pane.Capture{Sides: sides}}
}

// captured reports whether a capture has both sides.
func captured(p *wire.Profile, a, b wire.Strategy) bool {
	return p != nil && p.Error == "" && slices.Contains(p.Strategies, a) && slices.Contains(p.Strategies, b)
}

// Captured tells that a capture has ended. The evidence that waits for it is
// written, also if it failed: what was measured is worth more than the profiles.
func (p *Pane) Captured() pane.Request {
	if !p.exporting {
		return pane.Request{}
	}
	p.exporting = false
	return pane.Commands(p.writeEvidence())
}

// NotCaptured tells that a capture did not even begin.
func (p *Pane) NotCaptured() { p.exporting = false }

func (p *Pane) writeEvidence() tea.Cmd {
	a, b := p.labels()
	without := ""
	if !captured(p.snapshot.Profile, a, b) {
		without = ", without profiles of both sides"
	}
	write, f, cfg := p.opts.Export, p.snapshot, p.cfg
	dir := filepath.Join(p.opts.Evidence, p.opts.Now().Format("20060102-150405"))
	return func() tea.Msg {
		if err := write(dir, cfg, f); err != nil {
			return pane.NoticeMsg{Text: "export: " + err.Error()}
		}
		return pane.NoticeMsg{Text: "evidence is in " + dir + without}
	}
}
