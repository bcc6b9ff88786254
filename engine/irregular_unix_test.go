//go:build unix

package engine_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// makeIrregular makes files that are not regular, with the ending of scripts.
func makeIrregular(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo.rhai"), 0o600); err != nil {
		t.Log(err)
	}
	for name, to := range map[string]string{"device.rhai": "/dev/zero", "terminal.rhai": "/dev/tty", "linked.rhai": "fifo.rhai", "round.rhai": "round.rhai"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Log(err)
		}
	}
	l, err := net.Listen("unix", filepath.Join(dir, "socket.rhai"))
	if err != nil {
		t.Log(err)
		return
	}
	t.Cleanup(func() { l.Close() })
}
