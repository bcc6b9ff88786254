package editor

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// Before returns the place one character to the left.
func (e *Editor) Before() (row, col int) {
	if e.col > 0 {
		return e.row, e.col - draw.LastCluster(e.lines[e.row][:e.col])
	}
	if e.row > 0 {
		return e.row - 1, len(e.lines[e.row-1])
	}
	return e.row, e.col
}

// After returns the place one character to the right.
func (e *Editor) After() (row, col int) {
	if line := e.lines[e.row]; e.col < len(line) {
		g, _ := ansi.FirstGraphemeCluster(line[e.col:], ansi.GraphemeWidth)
		return e.row, e.col + max(len(g), 1)
	}
	if e.row+1 < len(e.lines) {
		return e.row + 1, 0
	}
	return e.row, e.col
}

// WordBefore returns the place of the border of a word to the left.
func (e *Editor) WordBefore() (row, col int) {
	if e.col == 0 {
		return e.Before()
	}
	line := e.lines[e.row][:e.col]
	i := len(strings.TrimRightFunc(line, func(r rune) bool { return !isWord(r) }))
	i = len(strings.TrimRightFunc(line[:i], isWord))
	return e.row, i
}

// WordAfter returns the place of the border of a word to the right.
func (e *Editor) WordAfter() (row, col int) {
	line := e.lines[e.row][e.col:]
	if line == "" {
		return e.After()
	}
	rest := strings.TrimLeftFunc(line, func(r rune) bool { return !isWord(r) })
	rest = strings.TrimLeftFunc(rest, isWord)
	return e.row, e.col + len(line) - len(rest)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// LineStart returns the place of the start of the line.
func (e *Editor) LineStart() (row, col int) { return e.row, 0 }

// LineEnd returns the place of the end of the line.
func (e *Editor) LineEnd() (row, col int) { return e.row, len(e.lines[e.row]) }

// FirstEnd returns the place of the end of the first line.
func (e *Editor) FirstEnd() (row, col int) { return 0, len(e.lines[0]) }

// Move puts the cursor at a place.
func (e *Editor) Move(row, col int) {
	e.row, e.col = row, col
	e.goal = -1
	e.typing = false
}

// Vertical moves the cursor by lines and reports whether it could.
func (e *Editor) Vertical(by int) bool {
	to := e.row + by
	if to < 0 || to >= len(e.lines) {
		return false
	}
	goal := e.goal
	if goal < 0 {
		goal = draw.Width(draw.Clean(e.lines[e.row][:e.col]))
	}
	e.Move(to, draw.ColumnAt(e.lines[to], goal))
	e.goal = goal
	return true
}
