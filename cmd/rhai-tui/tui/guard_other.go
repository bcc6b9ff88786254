//go:build !unix

package tui

import (
	"os"
	"syscall"
)

// endedBy is the signal that ended a process: there are none here.
func endedBy(*os.ProcessState) (syscall.Signal, bool) { return 0, false }
