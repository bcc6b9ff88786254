package ui

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// before and after return the places one character away.
func (e *editor) before() (row, col int) {
	if e.col > 0 {
		return e.row, e.col - lastCluster(e.lines[e.row][:e.col])
	}
	if e.row > 0 {
		return e.row - 1, len(e.lines[e.row-1])
	}
	return e.row, e.col
}

func (e *editor) after() (row, col int) {
	if line := e.lines[e.row]; e.col < len(line) {
		g, _ := ansi.FirstGraphemeCluster(line[e.col:], ansi.GraphemeWidth)
		return e.row, e.col + max(len(g), 1)
	}
	if e.row+1 < len(e.lines) {
		return e.row + 1, 0
	}
	return e.row, e.col
}

// wordBefore and wordAfter return the places of the next borders of words.
func (e *editor) wordBefore() (row, col int) {
	if e.col == 0 {
		return e.before()
	}
	line := e.lines[e.row][:e.col]
	i := len(strings.TrimRightFunc(line, func(r rune) bool { return !isWord(r) }))
	i = len(strings.TrimRightFunc(line[:i], isWord))
	return e.row, i
}

func (e *editor) wordAfter() (row, col int) {
	line := e.lines[e.row][e.col:]
	if line == "" {
		return e.after()
	}
	rest := strings.TrimLeftFunc(line, func(r rune) bool { return !isWord(r) })
	rest = strings.TrimLeftFunc(rest, isWord)
	return e.row, e.col + len(line) - len(rest)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// move puts the cursor at a place.
func (e *editor) move(row, col int) {
	e.row, e.col = row, col
	e.goal = -1
	e.typing = false
}

// vertical moves the cursor by lines and reports whether it could.
func (e *editor) vertical(by int) bool {
	to := e.row + by
	if to < 0 || to >= len(e.lines) {
		return false
	}
	goal := e.goal
	if goal < 0 {
		goal = width(clean(e.lines[e.row][:e.col]))
	}
	e.move(to, columnAt(e.lines[to], goal))
	e.goal = goal
	return true
}
