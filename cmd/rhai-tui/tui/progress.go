package tui

import (
	"fmt"
	"io"
	"os"

	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// progress is a line about a measurement that goes on, on a terminal.
type progress struct{ w io.Writer }

// newProgress shows progress on w if that is a terminal; else it shows nothing.
func newProgress(w io.Writer) *progress {
	if isTerminal(w) && os.Getenv("TERM") != "dumb" {
		return &progress{w}
	}
	return nil
}

func (p *progress) show(f wire.Snapshot) {
	if p == nil {
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", report.ProgressText(f))
}

// clear removes the line.
func (p *progress) clear() {
	if p != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
