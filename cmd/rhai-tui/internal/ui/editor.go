package ui

import (
	"strings"
	"unicode"
)

// editor is a text of several lines with a cursor: the model behind the input of
// the REPL. It knows nothing of keys or of the session.
type editor struct {
	lines   []string
	row     int
	col     int // byte offset in the line, at the start of a character
	goal    int // column in cells that up and down aim for, -1 if none
	killed  string
	undos   []snapshot
	redos   []snapshot
	typing  bool // the last change was a typed character: the next joins it
	top     int  // first line in view
	left    int  // first cell in view
	version int  // counts changes of the text
}

func newEditor() editor { return editor{lines: []string{""}, goal: -1, version: 1} }

// text returns the whole text.
func (e *editor) text() string { return strings.Join(e.lines, "\n") }

// offset returns the byte offset of the cursor in the text.
func (e *editor) offset() int {
	n := e.col
	for _, l := range e.lines[:e.row] {
		n += len(l) + 1
	}
	return n
}

func (e *editor) empty() bool { return len(e.lines) == 1 && e.lines[0] == "" }

// set replaces the text and puts the cursor at its end.
func (e *editor) set(text string) {
	e.save(false)
	e.lines = splitText(text)
	e.row = len(e.lines) - 1
	e.col = len(e.lines[e.row])
	e.changed()
}

// reset empties the editor and forgets its states.
func (e *editor) reset() {
	killed, version := e.killed, e.version
	*e = newEditor()
	e.killed, e.version = killed, version+1
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

func (e *editor) changed() {
	e.version++
	e.goal = -1
}

// insert puts text at the cursor; typed tells that a key was pressed for it.
func (e *editor) insert(text string, typed bool) {
	if text == "" {
		return
	}
	e.save(typed && text != " " && text != "\n")
	e.put(text)
}

func (e *editor) put(text string) {
	parts := splitText(text)
	line := e.lines[e.row]
	head, tail := line[:e.col], line[e.col:]
	if len(parts) == 1 {
		e.lines[e.row] = head + parts[0] + tail
		e.col += len(parts[0])
		e.changed()
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
}

// newline breaks the line and indents the new one: by levels if it is not
// negative, else like the line before.
func (e *editor) newline(levels int) {
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

// dedent takes four blanks away from a line of blanks: for a brace that closes a
// block.
func (e *editor) dedent() {
	line := e.lines[e.row]
	if strings.TrimSpace(line[:e.col]) == "" && strings.HasSuffix(line[:e.col], "    ") {
		e.lines[e.row] = line[:e.col-4] + line[e.col:]
		e.col -= 4
		e.changed()
	}
}

// delete removes the text between the cursor and another place.
func (e *editor) delete(row, col int) (removed string) {
	r1, c1, r2, c2 := e.row, e.col, row, col
	if r2 < r1 || r2 == r1 && c2 < c1 {
		r1, c1, r2, c2 = r2, c2, r1, c1
	}
	if r1 == r2 && c1 == c2 {
		return ""
	}
	e.save(false)
	if r1 == r2 {
		removed = e.lines[r1][c1:c2]
	} else {
		removed = e.lines[r1][c1:] + "\n"
		for _, l := range e.lines[r1+1 : r2] {
			removed += l + "\n"
		}
		removed += e.lines[r2][:c2]
	}
	joined := e.lines[r1][:c1] + e.lines[r2][c2:]
	e.lines = append(append(append([]string(nil), e.lines[:r1]...), joined), e.lines[r2+1:]...)
	e.row, e.col = r1, c1
	e.changed()
	return removed
}

// kill removes the text up to a place and keeps it for yank.
func (e *editor) kill(row, col int) {
	if s := e.delete(row, col); s != "" {
		e.killed = s
	}
}

// killToEnd removes the rest of the line, or at its end the line break.
func (e *editor) killToEnd() {
	if end := len(e.lines[e.row]); e.col < end {
		e.kill(e.row, end)
	} else {
		e.kill(e.after())
	}
}

func (e *editor) yank() { e.insert(e.killed, false) }

// replace puts text in place of the bytes before the cursor from col on.
func (e *editor) replace(col int, text string) {
	e.save(false)
	line := e.lines[e.row]
	e.lines[e.row] = line[:col] + text + line[e.col:]
	e.col = col + len(text)
	e.changed()
}
