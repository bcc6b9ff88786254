//go:build !linux

package engine

import "time"

// sleep waits.
func sleep(d time.Duration) { time.Sleep(d) }
