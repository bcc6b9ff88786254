package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Everything that waits, reads or writes happens in commands, never in Update. Each
// answers with a message. Bubble Tea runs them in goroutines of its own and gives
// the terminal back if one panics. The commands of a pane are with the pane.

// tickMsg makes spinners turn and output appear while something runs.
type tickMsg struct{}

// tick comes four times a second, as long as something runs.
func tick() tea.Cmd {
	return tea.Tick(250*time.Millisecond, func(time.Time) tea.Msg { return tickMsg{} })
}
