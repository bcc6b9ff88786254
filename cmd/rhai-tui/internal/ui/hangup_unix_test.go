//go:build unix

package ui

import (
	"os"
	"syscall"
)

func init() {
	hangUp = func() { syscall.Kill(os.Getpid(), syscall.SIGHUP) }
}
