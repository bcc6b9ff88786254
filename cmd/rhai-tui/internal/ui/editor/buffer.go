package editor

import (
	"strings"
	"unicode"
)

// Editor is a text of several lines with a cursor: the model behind the input of
// the REPL. It knows nothing of keys or of the session.
type Editor struct {
	Lines   []string
	Row     int
	Col     int // byte offset in the line, at the start of a character
	goal    int // column in cells that up and down aim for, -1 if none
	killed  string
	undos   []state
	redos   []state
	typing  bool // the last change was a typed character: the next joins it
	Top     int  // first line in view
	Left    int  // first cell in view
	Version int  // counts changes of the text
}

func New() Editor { return Editor{Lines: []string{""}, goal: -1, Version: 1} }

// Text returns the whole text.
func (e *Editor) Text() string { return strings.Join(e.Lines, "\n") }

// Offset returns the byte offset of the cursor in the text.
func (e *Editor) Offset() int {
	n := e.Col
	for _, l := range e.Lines[:e.Row] {
		n += len(l) + 1
	}
	return n
}

func (e *Editor) Empty() bool { return len(e.Lines) == 1 && e.Lines[0] == "" }

// Set replaces the text and puts the cursor at its end.
func (e *Editor) Set(text string) {
	e.save(false)
	e.Lines = splitText(text)
	e.Row = len(e.Lines) - 1
	e.Col = len(e.Lines[e.Row])
	e.changed()
}

// Reset empties the editor and forgets its states.
func (e *Editor) Reset() {
	killed, version := e.killed, e.Version
	*e = New()
	e.killed, e.Version = killed, version+1
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
	e.Version++
	e.goal = -1
}

// Insert puts text at the cursor; typed tells that a key was pressed for it.
func (e *Editor) Insert(text string, typed bool) {
	if text == "" {
		return
	}
	e.save(typed && text != " " && text != "\n")
	e.put(text)
}

func (e *Editor) put(text string) {
	parts := splitText(text)
	line := e.Lines[e.Row]
	head, tail := line[:e.Col], line[e.Col:]
	if len(parts) == 1 {
		e.Lines[e.Row] = head + parts[0] + tail
		e.Col += len(parts[0])
		e.changed()
		return
	}
	last := len(parts) - 1
	fresh := make([]string, 0, len(e.Lines)+last)
	fresh = append(fresh, e.Lines[:e.Row]...)
	fresh = append(fresh, head+parts[0])
	fresh = append(fresh, parts[1:last]...)
	fresh = append(fresh, parts[last]+tail)
	fresh = append(fresh, e.Lines[e.Row+1:]...)
	e.Lines = fresh
	e.Row += last
	e.Col = len(parts[last])
	e.changed()
}

// Newline breaks the line and indents the new one: by levels if it is not
// negative, else like the line before.
func (e *Editor) Newline(levels int) {
	e.save(false)
	line := e.Lines[e.Row]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if len(indent) > e.Col {
		indent = indent[:e.Col]
	}
	if levels >= 0 {
		indent = strings.Repeat("    ", min(levels, 10))
		// The rest of the line goes along without its blanks.
		rest := strings.TrimLeft(line[e.Col:], " \t")
		e.Lines[e.Row] = strings.TrimRight(line[:e.Col], " \t") + rest
		e.Col = len(e.Lines[e.Row]) - len(rest)
		if strings.HasPrefix(rest, "}") && levels > 0 {
			indent = indent[:len(indent)-4]
		}
	}
	e.put("\n" + indent)
}

// Dedent takes four blanks away from a line of blanks: for a brace that closes a
// block.
func (e *Editor) Dedent() {
	line := e.Lines[e.Row]
	if strings.TrimSpace(line[:e.Col]) == "" && strings.HasSuffix(line[:e.Col], "    ") {
		e.Lines[e.Row] = line[:e.Col-4] + line[e.Col:]
		e.Col -= 4
		e.changed()
	}
}

// Delete removes the text between the cursor and another place.
func (e *Editor) Delete(row, col int) (removed string) {
	r1, c1, r2, c2 := e.Row, e.Col, row, col
	if r2 < r1 || r2 == r1 && c2 < c1 {
		r1, c1, r2, c2 = r2, c2, r1, c1
	}
	if r1 == r2 && c1 == c2 {
		return ""
	}
	e.save(false)
	if r1 == r2 {
		removed = e.Lines[r1][c1:c2]
	} else {
		removed = e.Lines[r1][c1:] + "\n"
		for _, l := range e.Lines[r1+1 : r2] {
			removed += l + "\n"
		}
		removed += e.Lines[r2][:c2]
	}
	joined := e.Lines[r1][:c1] + e.Lines[r2][c2:]
	e.Lines = append(append(append([]string(nil), e.Lines[:r1]...), joined), e.Lines[r2+1:]...)
	e.Row, e.Col = r1, c1
	e.changed()
	return removed
}

// Kill removes the text up to a place and keeps it for yank.
func (e *Editor) Kill(row, col int) {
	if s := e.Delete(row, col); s != "" {
		e.killed = s
	}
}

// KillToEnd removes the rest of the line, or at its end the line break.
func (e *Editor) KillToEnd() {
	if end := len(e.Lines[e.Row]); e.Col < end {
		e.Kill(e.Row, end)
	} else {
		e.Kill(e.After())
	}
}

func (e *Editor) Yank() { e.Insert(e.killed, false) }

// Replace puts text in place of the bytes before the cursor from col on.
func (e *Editor) Replace(col int, text string) {
	e.save(false)
	line := e.Lines[e.Row]
	e.Lines[e.Row] = line[:col] + text + line[e.Col:]
	e.Col = col + len(text)
	e.changed()
}
