package ui

// snapshot is a state to go back to.
type snapshot struct {
	lines    []string
	row, col int
}

// maxUndo bounds the states to go back to.
const maxUndo = 200

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
