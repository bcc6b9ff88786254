package editor

import "slices"

// state is a state to go back to.
type state struct {
	lines    []string
	row, col int
}

// maxUndo bounds the states to go back to.
const maxUndo = 200

// save records the state before a change. Typed characters in a row are one
// change.
func (e *Editor) save(typing bool) {
	if !(typing && e.typing) {
		e.undos = append(e.undos, state{slices.Clone(e.lines), e.row, e.col})
		if len(e.undos) > maxUndo {
			e.undos = append(e.undos[:0:0], e.undos[1:]...)
		}
	}
	e.redos = nil
	e.typing = typing
}

// Undo takes the latest change back.
func (e *Editor) Undo() { e.swap(&e.undos, &e.redos) }

// Redo makes the change again that was taken back last.
func (e *Editor) Redo() { e.swap(&e.redos, &e.undos) }

func (e *Editor) swap(from, to *[]state) {
	n := len(*from)
	if n == 0 {
		return
	}
	*to = append(*to, state{e.lines, e.row, e.col})
	s := (*from)[n-1]
	*from = (*from)[:n-1]
	e.lines, e.row, e.col = slices.Clone(s.lines), s.row, s.col
	e.typing = false
	e.changed()
}
