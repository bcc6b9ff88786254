package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"

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

// FirstText returns the place of the first character of the line that is no blank.
func (e *Editor) FirstText() (row, col int) {
	line := e.lines[e.row]
	return e.row, len(line) - len(strings.TrimLeft(line, " \t"))
}

// TextStart returns the place of the start of the text.
func (e *Editor) TextStart() (row, col int) { return 0, 0 }

// TextEnd returns the place of the end of the text.
func (e *Editor) TextEnd() (row, col int) {
	last := len(e.lines) - 1
	return last, len(e.lines[last])
}

// FirstEnd returns the place of the end of the first line.
func (e *Editor) FirstEnd() (row, col int) { return 0, len(e.lines[0]) }

// Move puts the cursor at a place; nothing is selected then.
func (e *Editor) Move(row, col int) {
	e.marked = false
	e.to(row, col)
}

// Extend puts the cursor at a place and selects what is between.
func (e *Editor) Extend(row, col int) {
	if !e.marked {
		e.mark, e.marked = place{e.row, e.col}, true
	}
	e.to(row, col)
	if e.mark == (place{row, col}) {
		e.marked = false
	}
}

func (e *Editor) to(row, col int) {
	e.row, e.col = row, col
	e.goal = -1
	e.typing, e.yanked = false, nil
}

// Vertical moves the cursor by lines and reports whether it could.
func (e *Editor) Vertical(by int) bool { return e.vertical(by, e.Move) }

// ExtendVertical selects by lines.
func (e *Editor) ExtendVertical(by int) bool { return e.vertical(by, e.Extend) }

func (e *Editor) vertical(by int, move func(row, col int)) bool {
	to := min(max(e.row+by, 0), len(e.lines)-1)
	if to == e.row {
		return false
	}
	goal := e.goal
	if goal < 0 {
		goal = draw.Width(draw.Clean(e.lines[e.row][:e.col]))
	}
	move(to, draw.ColumnAt(e.lines[to], goal))
	e.goal = goal
	return true
}

// charClass tells words, other signs and blanks apart.
func charClass(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 0
	case isWord(r):
		return 1
	}
	return 2
}

// NextWord returns where the next word begins, as vi has it: signs are words, too.
func (e *Editor) NextWord() (row, col int) {
	line := e.lines[e.row][e.col:]
	if line == "" {
		row, col = e.After()
		if row == e.row {
			return row, col
		}
		return row, len(e.lines[row]) - len(strings.TrimLeftFunc(e.lines[row], unicode.IsSpace))
	}
	first, _ := utf8.DecodeRuneInString(line)
	rest := strings.TrimLeftFunc(line, func(r rune) bool { return charClass(r) == charClass(first) && charClass(r) != 0 })
	rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	if rest == "" && e.row+1 < len(e.lines) {
		next := e.lines[e.row+1]
		return e.row + 1, len(next) - len(strings.TrimLeftFunc(next, unicode.IsSpace))
	}
	return e.row, e.col + len(line) - len(rest)
}

// PreviousWord returns where the word before begins, as vi has it.
func (e *Editor) PreviousWord() (row, col int) {
	line := strings.TrimRightFunc(e.lines[e.row][:e.col], unicode.IsSpace)
	if line == "" {
		if e.row == 0 {
			return 0, 0
		}
		row, col = e.row-1, len(e.lines[e.row-1])
		line = strings.TrimRightFunc(e.lines[row], unicode.IsSpace)
	} else {
		row = e.row
	}
	last, _ := utf8.DecodeLastRuneInString(line)
	if line == "" {
		return row, 0
	}
	return row, len(strings.TrimRightFunc(line, func(r rune) bool { return charClass(r) == charClass(last) }))
}

// WordEnd returns the place behind the last character of the word that ends next.
func (e *Editor) WordEnd() (row, col int) {
	row, col = e.After()
	if row == e.row && col == e.col {
		return row, col
	}
	for row < len(e.lines) {
		rest := strings.TrimLeftFunc(e.lines[row][col:], unicode.IsSpace)
		if rest != "" {
			first, _ := utf8.DecodeRuneInString(rest)
			end := strings.TrimLeftFunc(rest, func(r rune) bool { return charClass(r) == charClass(first) })
			return row, len(e.lines[row]) - len(end)
		}
		if row+1 == len(e.lines) {
			return row, len(e.lines[row])
		}
		row, col = row+1, 0
	}
	return row, col
}

// Word returns where the word under the cursor begins and ends.
func (e *Editor) Word() (from, to int) {
	line := e.lines[e.row]
	if e.col >= len(line) {
		return e.col, e.col
	}
	at, _ := utf8.DecodeRuneInString(line[e.col:])
	same := func(r rune) bool { return charClass(r) == charClass(at) }
	return len(strings.TrimRightFunc(line[:e.col], same)), len(line) - len(strings.TrimLeftFunc(line[e.col:], same))
}

// Find returns the place of the next character of a kind in the line, or of the one before
// with back; ok is false if there is none.
func (e *Editor) Find(char string, back bool) (col int, ok bool) {
	line := e.lines[e.row]
	if char == "" {
		return e.col, false
	}
	if back {
		col = strings.LastIndex(line[:e.col], char)
		return col, col >= 0
	}
	if _, next := e.After(); next > e.col {
		if i := strings.Index(line[next:], char); i >= 0 {
			return next + i, true
		}
	}
	return e.col, false
}
