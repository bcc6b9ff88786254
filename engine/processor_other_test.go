//go:build !unix

package engine_test

import "time"

var began = time.Now()

// processorTime is the time that passed, where the system does not tell what was used.
func processorTime() time.Duration { return time.Since(began) }
