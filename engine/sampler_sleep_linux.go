package engine

import (
	"syscall"
	"time"
)

// sleep waits in the kernel, with the thread.
func sleep(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	syscall.Nanosleep(&t, nil)
}
