//go:build unix && !solaris && !aix

package repl

import (
	"os"
	"syscall"
)

// lockFile takes the lock on a file, which the system releases with the process. It
// fails if another holds it.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
