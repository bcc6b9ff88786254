//go:build race

package tui

// raced is set under the race detector, which makes pools drop what they hold: what is
// allocated is another thing every time then.
const raced = true
