// Package editor is a text of several lines with a cursor, which moves, changes and
// takes back changes. It knows neither keys nor what the text means.
package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Editor is a text of several lines with a cursor and, maybe, a selection: the model
// behind the input of the REPL. It knows nothing of keys or of the REPL.
type Editor struct {
	lines   []string
	row     int
	col     int   // byte offset in the line, at the start of a character
	goal    int   // column in cells that up and down aim for, -1 if none
	mark    place // where the selection begins that ends at the cursor
	marked  bool
	kills   []string // what was cut, the latest last
	yanked  *yank    // the latest yank, as long as nothing else happened
	undos   []state
	redos   []state
	typing  bool // the last change was a typed character: the next joins it
	top     int  // first line in view
	left    int  // first cell in view
	version int  // counts changes of the text
}

// place is a place in the text.
type place struct{ row, col int }

func (a place) before(b place) bool { return a.row < b.row || a.row == b.row && a.col < b.col }

// New makes an empty editor.
func New() Editor { return Editor{lines: []string{""}, goal: -1, version: 1} }

// Text returns the whole text.
func (e *Editor) Text() string { return strings.Join(e.lines, "\n") }

// Offset returns the byte offset of the cursor in the text.
func (e *Editor) Offset() int {
	n := e.col
	for _, l := range e.lines[:e.row] {
		n += len(l) + 1
	}
	return n
}

// Version counts changes of the text.
func (e *Editor) Version() int { return e.version }

// Size is the number of bytes of the text.
func (e *Editor) Size() int {
	n := len(e.lines) - 1
	for _, l := range e.lines {
		n += len(l)
	}
	return n
}

// Lines are the lines of the text. They must not be changed.
func (e *Editor) Lines() []string { return e.lines }

// Height is the number of lines.
func (e *Editor) Height() int { return len(e.lines) }

// Cursor is where the cursor stands: the line, and the byte in it.
func (e *Editor) Cursor() (row, col int) { return e.row, e.col }

// LineBefore is the text of the line up to the cursor.
func (e *Editor) LineBefore() string { return e.lines[e.row][:e.col] }

// Empty reports whether there is no text.
func (e *Editor) Empty() bool { return len(e.lines) == 1 && e.lines[0] == "" }

// Set replaces the text and puts the cursor at its end.
func (e *Editor) Set(text string) {
	e.save(false)
	e.lines = splitText(text)
	e.row = len(e.lines) - 1
	e.col = len(e.lines[e.row])
	e.changed()
}

// Reset empties the editor and forgets its states; what was cut stays.
func (e *Editor) Reset() {
	kills, version := e.kills, e.version
	*e = New()
	e.kills, e.version = kills, version+1
}

// splitText makes lines of a text that may come from anywhere.
func splitText(text string) []string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, text)
	return strings.Split(text, "\n")
}

func (e *Editor) changed() {
	e.version++
	e.goal = -1
	e.marked, e.yanked = false, nil
}

// snap puts the cursor behind the character that it stands in: what was put together may
// have become one.
func (e *Editor) snap() {
	line := e.lines[e.row]
	if e.col == 0 || e.col >= len(line) || line[e.col-1] < utf8.RuneSelf && line[e.col] < utf8.RuneSelf {
		return
	}
	at := 0
	for at < e.col {
		g, _ := ansi.FirstGraphemeCluster(line[at:], ansi.GraphemeWidth)
		at += max(len(g), 1)
	}
	e.col = at
}

// Insert puts text in place of the selection, or at the cursor; typed tells that a key
// was pressed for it.
func (e *Editor) Insert(text string, typed bool) {
	if text == "" {
		return
	}
	e.save(typed && text != " " && text != "\n" && !e.marked)
	if e.marked {
		e.cut(e.mark.row, e.mark.col)
	}
	e.put(text)
}

func (e *Editor) put(text string) {
	parts := splitText(text)
	line := e.lines[e.row]
	head, tail := line[:e.col], line[e.col:]
	if len(parts) == 1 {
		e.lines[e.row] = head + parts[0] + tail
		e.col += len(parts[0])
		e.changed()
		e.snap()
		return
	}
	last := len(parts) - 1
	fresh := make([]string, 0, len(e.lines)+last)
	fresh = append(fresh, e.lines[:e.row]...)
	fresh = append(fresh, head+parts[0])
	fresh = append(fresh, parts[1:last]...)
	fresh = append(fresh, parts[last]+tail)
	fresh = append(fresh, e.lines[e.row+1:]...)
	e.lines = fresh
	e.row += last
	e.col = len(parts[last])
	e.changed()
	e.snap()
}

// Newline breaks the line and indents the new one: by levels if it is not
// negative, else like the line before.
func (e *Editor) Newline(levels int) {
	e.save(false)
	line := e.lines[e.row]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if len(indent) > e.col {
		indent = indent[:e.col]
	}
	if levels >= 0 {
		indent = strings.Repeat("    ", min(levels, 10))
		// The rest of the line goes along without its blanks.
		rest := strings.TrimLeft(line[e.col:], " \t")
		e.lines[e.row] = strings.TrimRight(line[:e.col], " \t") + rest
		e.col = len(e.lines[e.row]) - len(rest)
		if strings.HasPrefix(rest, "}") && levels > 0 {
			indent = indent[:len(indent)-4]
		}
	}
	e.put("\n" + indent)
}

// Dedent takes four blanks away from a line of blanks: for a brace that closes a
// block.
func (e *Editor) Dedent() {
	line := e.lines[e.row]
	if strings.TrimSpace(line[:e.col]) == "" && strings.HasSuffix(line[:e.col], "    ") {
		e.lines[e.row] = line[:e.col-4] + line[e.col:]
		e.col -= 4
		e.changed()
	}
}

// Delete removes the text between the cursor and another place.
func (e *Editor) Delete(row, col int) (removed string) {
	if e.row == row && e.col == col {
		return ""
	}
	e.save(false)
	removed = e.cut(row, col)
	e.snap()
	return removed
}

// span is the text between the cursor and another place, and where it begins and ends.
func (e *Editor) span(row, col int) (text string, from, to place) {
	from, to = place{e.row, e.col}, place{row, col}
	if to.before(from) {
		from, to = to, from
	}
	if from.row == to.row {
		return e.lines[from.row][from.col:to.col], from, to
	}
	var b strings.Builder
	b.WriteString(e.lines[from.row][from.col:] + "\n")
	for _, l := range e.lines[from.row+1 : to.row] {
		b.WriteString(l + "\n")
	}
	b.WriteString(e.lines[to.row][:to.col])
	return b.String(), from, to
}

// cut removes the text between the cursor and another place, without a state to go back to.
func (e *Editor) cut(row, col int) (removed string) {
	removed, from, to := e.span(row, col)
	joined := e.lines[from.row][:from.col] + e.lines[to.row][to.col:]
	e.lines = append(append(append(make([]string, 0, len(e.lines)), e.lines[:from.row]...), joined), e.lines[to.row+1:]...)
	e.row, e.col = from.row, from.col
	e.changed()
	return removed
}

// Replace puts text in place of the bytes before the cursor from col on.
func (e *Editor) Replace(col int, text string) {
	e.save(false)
	line := e.lines[e.row]
	e.lines[e.row] = line[:col] + text + line[e.col:]
	e.col = col + len(text)
	e.changed()
	e.snap()
}
