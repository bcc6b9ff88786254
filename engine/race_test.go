//go:build race

package engine_test

// Under the race detector sync.Pool drops some of what is put back.
const raceEnabled = true
