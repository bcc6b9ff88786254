package editor

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// Before and after return the places one character away.
func (e *Editor) Before() (row, col int) {
	if e.Col > 0 {
		return e.Row, e.Col - draw.LastCluster(e.Lines[e.Row][:e.Col])
	}
	if e.Row > 0 {
		return e.Row - 1, len(e.Lines[e.Row-1])
	}
	return e.Row, e.Col
}

func (e *Editor) After() (row, col int) {
	if line := e.Lines[e.Row]; e.Col < len(line) {
		g, _ := ansi.FirstGraphemeCluster(line[e.Col:], ansi.GraphemeWidth)
		return e.Row, e.Col + max(len(g), 1)
	}
	if e.Row+1 < len(e.Lines) {
		return e.Row + 1, 0
	}
	return e.Row, e.Col
}

// WordBefore and wordAfter return the places of the next borders of words.
func (e *Editor) WordBefore() (row, col int) {
	if e.Col == 0 {
		return e.Before()
	}
	line := e.Lines[e.Row][:e.Col]
	i := len(strings.TrimRightFunc(line, func(r rune) bool { return !isWord(r) }))
	i = len(strings.TrimRightFunc(line[:i], isWord))
	return e.Row, i
}

func (e *Editor) WordAfter() (row, col int) {
	line := e.Lines[e.Row][e.Col:]
	if line == "" {
		return e.After()
	}
	rest := strings.TrimLeftFunc(line, func(r rune) bool { return !isWord(r) })
	rest = strings.TrimLeftFunc(rest, isWord)
	return e.Row, e.Col + len(line) - len(rest)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// Move puts the cursor at a place.
func (e *Editor) Move(row, col int) {
	e.Row, e.Col = row, col
	e.goal = -1
	e.typing = false
}

// Vertical moves the cursor by lines and reports whether it could.
func (e *Editor) Vertical(by int) bool {
	to := e.Row + by
	if to < 0 || to >= len(e.Lines) {
		return false
	}
	goal := e.goal
	if goal < 0 {
		goal = draw.Width(draw.Clean(e.Lines[e.Row][:e.Col]))
	}
	e.Move(to, draw.ColumnAt(e.Lines[to], goal))
	e.goal = goal
	return true
}
