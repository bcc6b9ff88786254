//go:build unix

package tui

import (
	"os"
	"syscall"
)

// endedBy is the signal that ended a process, if one did.
func endedBy(p *os.ProcessState) (syscall.Signal, bool) {
	w, ok := p.Sys().(syscall.WaitStatus)
	if !ok || !w.Signaled() {
		return 0, false
	}
	return w.Signal(), true
}
