package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/repl"
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

// snapshot is a state to go back to.
type snapshot struct {
	lines    []string
	row, col int
}

// maxUndo bounds the states to go back to.
const maxUndo = 200

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

// save records the state before a change. Typed characters in a row are one
// change.
func (e *editor) save(typing bool) {
	if !(typing && e.typing) {
		e.undos = append(e.undos, snapshot{append([]string(nil), e.lines...), e.row, e.col})
		if len(e.undos) > maxUndo {
			e.undos = append(e.undos[:0:0], e.undos[1:]...)
		}
	}
	e.redos = nil
	e.typing = typing
}

func (e *editor) undo() { e.swap(&e.undos, &e.redos) }
func (e *editor) redo() { e.swap(&e.redos, &e.undos) }

func (e *editor) swap(from, to *[]snapshot) {
	n := len(*from)
	if n == 0 {
		return
	}
	*to = append(*to, snapshot{e.lines, e.row, e.col})
	s := (*from)[n-1]
	*from = (*from)[:n-1]
	e.lines, e.row, e.col = append([]string(nil), s.lines...), s.row, s.col
	e.typing = false
	e.changed()
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

// lastCluster is the length of the last character of s.
func lastCluster(s string) int {
	n := len(s)
	// Clusters are found from their start: look back over a few characters.
	from := n
	for range 16 {
		if from == 0 {
			break
		}
		_, k := utf8.DecodeLastRuneInString(s[:from])
		from -= k
		if s[from] < utf8.RuneSelf && from < n-1 {
			break
		}
	}
	for {
		g, _ := ansi.FirstGraphemeCluster(s[from:], ansi.GraphemeWidth)
		if len(g) == 0 || from+len(g) >= n {
			return n - from
		}
		from += len(g)
	}
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

// columnAt returns the byte offset of the character at a cell of a line.
func columnAt(line string, cell int) int {
	at, cells := 0, 0
	for at < len(line) {
		g, _ := ansi.FirstGraphemeCluster(line[at:], ansi.GraphemeWidth)
		cells += width(clean(g))
		if cells > cell {
			break
		}
		at += max(len(g), 1)
	}
	return at
}

// replace puts text in place of the bytes before the cursor from col on.
func (e *editor) replace(col int, text string) {
	e.save(false)
	line := e.lines[e.row]
	e.lines[e.row] = line[:col] + text + line[e.col:]
	e.col = col + len(text)
	e.changed()
}

// gutter is the width of the prompt before each line.
const gutter = 6

// view is the first line and the first cell in view, so that the cursor is seen in
// h lines of w cells.
func (e *editor) view(w, h int) (top, left int) {
	top, left = e.top, e.left
	if e.row < top {
		top = e.row
	} else if e.row >= top+h {
		top = e.row - h + 1
	}
	top = max(min(top, len(e.lines)-h), 0)
	room := max(max(w, 1)-gutter, 1)
	at := width(clean(e.lines[e.row][:e.col]))
	if at < left {
		left = at
	} else if at >= left+room {
		left = at - room + 1
	}
	return top, left
}

// Settle moves what is in view to the cursor, for h lines of w cells.
func (e *editor) Settle(w, h int) { e.top, e.left = e.view(w, h) }

// View draws h lines of w cells and returns them with the place of the cursor.
// spans are the classes of the text.
func (e *editor) View(t *theme, w, h int, spans []repl.Span) (lines []string, x, y int) {
	w = max(w, 1)
	top, left := e.view(w, h)
	room := max(w-gutter, 1)
	at := width(clean(e.lines[e.row][:e.col]))
	start := 0
	for i, l := range e.lines {
		if i >= top && i < top+h {
			prompt := t.dim.Render("    > ")
			if i == 0 {
				prompt = t.accent.Render("rhai> ")
			}
			text := colour(t, l, start, spans)
			if left > 0 {
				text = ansi.TruncateLeft(text, left, "")
			}
			lines = append(lines, fit(prompt, gutter)+ansi.Truncate(text, room, ""))
		}
		start += len(l) + 1
	}
	return block(lines, w, h), min(gutter+at-left, w-1), e.row - top
}

// colour styles a line that begins at byte start of the text that spans belong to.
func colour(t *theme, line string, start int, spans []repl.Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		from, to := max(s.Start-start, at), min(s.End-start, len(line))
		if from >= to {
			if s.Start-start >= len(line) {
				break
			}
			continue
		}
		b.WriteString(clean(line[at:from]))
		b.WriteString(t.code[s.Class].Render(clean(line[from:to])))
		at = to
	}
	b.WriteString(clean(line[at:]))
	return b.String()
}

// highlighted styles all lines of a text.
func highlighted(t *theme, text string) []string {
	spans := repl.Highlight(text)
	var out []string
	start := 0
	for l := range strings.SplitSeq(text, "\n") {
		out = append(out, colour(t, l, start, spans))
		start += len(l) + 1
	}
	return out
}
