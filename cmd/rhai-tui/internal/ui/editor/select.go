package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// maxKills bounds the texts that were cut and can be put back.
const maxKills = 30

// yank is where a text was put that was cut before, and which one.
type yank struct {
	at    place
	index int
}

// Selection is the text that is selected, "" if there is none.
func (e *Editor) Selection() string {
	if !e.marked {
		return ""
	}
	text, _, _ := e.span(e.mark.row, e.mark.col)
	return text
}

// Mark is where the selection begins that ends at the cursor; the cursor if there is none.
func (e *Editor) Mark() (row, col int) {
	if !e.marked {
		return e.row, e.col
	}
	return e.mark.row, e.mark.col
}

// SelectAll selects the whole text.
func (e *Editor) SelectAll() {
	e.Move(0, 0)
	e.Extend(e.TextEnd())
}

// Unselect selects nothing; it reports whether something was selected.
func (e *Editor) Unselect() bool {
	was := e.marked
	e.marked = false
	return was
}

// Erase deletes the selection, or the text up to a place.
func (e *Editor) Erase(row, col int) {
	if e.marked {
		row, col = e.mark.row, e.mark.col
	}
	e.Delete(row, col)
}

// keep remembers a text that was cut or copied.
func (e *Editor) keep(text string) {
	if text == "" {
		return
	}
	if e.kills = append(e.kills, text); len(e.kills) > maxKills {
		e.kills = append(e.kills[:0:0], e.kills[1:]...)
	}
}

// Copy keeps the text up to a place for yank and returns it.
func (e *Editor) Copy(row, col int) string {
	text, _, _ := e.span(row, col)
	e.keep(text)
	return text
}

// Kill removes the selection, or the text up to a place, and keeps it for yank.
func (e *Editor) Kill(row, col int) string {
	if e.marked {
		row, col = e.mark.row, e.mark.col
	}
	text := e.Delete(row, col)
	e.keep(text)
	return text
}

// KillToEnd removes the rest of the line, or at its end the line break.
func (e *Editor) KillToEnd() {
	if end := len(e.lines[e.row]); e.col < end {
		e.Kill(e.row, end)
	} else {
		e.Kill(e.After())
	}
}

// Killed is the text that was cut or copied last.
func (e *Editor) Killed() string {
	if n := len(e.kills); n > 0 {
		return e.kills[n-1]
	}
	return ""
}

// Yank inserts what was cut last.
func (e *Editor) Yank() {
	if len(e.kills) == 0 {
		return
	}
	at := place{e.row, e.col}
	if e.marked && e.mark.before(at) {
		at = e.mark
	}
	e.Insert(e.Killed(), false)
	e.yanked = &yank{at, len(e.kills) - 1}
}

// YankBefore puts what was cut before that in place of what was just inserted.
func (e *Editor) YankBefore() {
	y := e.yanked
	if y == nil {
		return
	}
	e.save(false)
	e.cut(y.at.row, y.at.col)
	index := (y.index - 1 + len(e.kills)) % len(e.kills)
	e.put(e.kills[index])
	e.yanked = &yank{y.at, index}
}

// Transpose exchanges the characters around the cursor, at the end of a line the two
// before it.
func (e *Editor) Transpose() {
	line := e.lines[e.row]
	if e.col == len(line) && e.col > 0 {
		e.Move(e.Before())
	}
	if e.col == 0 || e.col == len(line) {
		return
	}
	_, before := e.Before()
	_, after := e.After()
	e.save(false)
	e.lines[e.row] = line[:before] + line[e.col:after] + line[before:e.col] + line[after:]
	e.col = after
	e.changed()
	e.snap()
}

// Overwrite puts a text in place of n characters at the cursor, which stays; it does
// nothing if the line has fewer.
func (e *Editor) Overwrite(text string, n int) {
	line := e.lines[e.row]
	end := e.col
	for range n {
		g, _ := ansi.FirstGraphemeCluster(line[end:], ansi.GraphemeWidth)
		if g == "" {
			return
		}
		end += len(g)
	}
	e.save(false)
	e.lines[e.row] = line[:e.col] + text + line[end:]
	e.changed()
}

// ToggleCase changes the case of the character at the cursor and goes on.
func (e *Editor) ToggleCase() {
	r, n := utf8.DecodeRuneInString(e.lines[e.row][e.col:])
	if n == 0 || r == utf8.RuneError {
		return
	}
	if unicode.IsUpper(r) {
		r = unicode.ToLower(r)
	} else {
		r = unicode.ToUpper(r)
	}
	e.Overwrite(string(r), 1)
	e.to(e.After())
}

// Join joins the next line to this one, with a blank between.
func (e *Editor) Join() {
	if e.row+1 >= len(e.lines) {
		return
	}
	e.save(false)
	head, tail := strings.TrimRight(e.lines[e.row], " \t"), strings.TrimLeft(e.lines[e.row+1], " \t")
	e.col = len(head)
	if head != "" && tail != "" {
		head += " "
	}
	e.lines = append(append(append(make([]string, 0, len(e.lines)), e.lines[:e.row]...), head+tail), e.lines[e.row+2:]...)
	e.changed()
}

// KillLines removes whole lines from the cursor's on and keeps them for PutLines.
func (e *Editor) KillLines(n int) string {
	to := min(e.row+max(n, 1), len(e.lines))
	text := strings.Join(e.lines[e.row:to], "\n") + "\n"
	e.save(false)
	e.lines = append(append(make([]string, 0, len(e.lines)), e.lines[:e.row]...), e.lines[to:]...)
	if len(e.lines) == 0 {
		e.lines = []string{""}
	}
	e.row = min(e.row, len(e.lines)-1)
	e.changed()
	_, e.col = e.FirstText()
	e.keep(text)
	return text
}

// CopyLines keeps whole lines for PutLines.
func (e *Editor) CopyLines(n int) string {
	to := min(e.row+max(n, 1), len(e.lines))
	text := strings.Join(e.lines[e.row:to], "\n") + "\n"
	e.keep(text)
	return text
}

// Put inserts what was cut last behind the cursor, or before it: whole lines become lines
// of their own.
func (e *Editor) Put(before bool) {
	text := e.Killed()
	lines, whole := strings.CutSuffix(text, "\n")
	switch {
	case text == "":
	case whole:
		e.save(false)
		at := e.row
		if !before {
			at++
		}
		e.lines = append(append(append(make([]string, 0, len(e.lines)+4), e.lines[:at]...), strings.Split(lines, "\n")...), e.lines[at:]...)
		e.row = at
		e.changed()
		_, e.col = e.FirstText()
	default:
		if !before && e.col < len(e.lines[e.row]) {
			e.to(e.After())
		}
		e.Insert(text, false)
		if e.col > 0 {
			e.to(e.row, e.col-draw.LastCluster(e.lines[e.row][:e.col]))
		}
	}
}
