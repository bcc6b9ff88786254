//go:build race

package script_test

// Under the race detector samples are not taken at exact places.
const raceEnabled = true
