package editor

import "github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"

// maxBracketLines bounds how far the partner of a bracket is looked for.
const maxBracketLines = 500

// partners are the brackets that open and close.
var partners = map[byte]byte{'(': ')', '[': ']', '{': '}', ')': '(', ']': '[', '}': '{'}

func opens(b byte) bool { return b == '(' || b == '[' || b == '{' }

// Bracket finds the bracket at the cursor, or else before it, and its partner; ok is false
// if there is none. literal reports whether a byte of a line belongs to a string or a
// comment, where brackets mean nothing.
func (e *Editor) Bracket(literal func(row, col int) bool) (row1, col1, row2, col2 int, ok bool) {
	line := e.lines[e.row]
	for _, col := range []int{e.col, e.col - 1} {
		if col < 0 || col >= len(line) || partners[line[col]] == 0 || literal(e.row, col) {
			continue
		}
		if row2, col2, ok = e.partner(e.row, col, literal); ok {
			return e.row, col, row2, col2, true
		}
	}
	return 0, 0, 0, 0, false
}

// partner finds the partner of the bracket at a place.
func (e *Editor) partner(row, col int, literal func(row, col int) bool) (int, int, bool) {
	step := -1
	if opens(e.lines[row][col]) {
		step = 1
	}
	// All kinds of brackets are counted, so that one that is missing is noticed.
	var open []byte
	first := row
	for row >= 0 && row < len(e.lines) && (row-first)*step < maxBracketLines {
		for line := e.lines[row]; col >= 0 && col < len(line); col += step {
			b := line[col]
			if partners[b] == 0 || literal(row, col) {
				continue
			}
			if opens(b) == (step > 0) {
				open = append(open, b)
				continue
			}
			if n := len(open); n == 0 || partners[open[n-1]] != b {
				return 0, 0, false
			} else if open = open[:n-1]; n == 1 {
				return row, col, true
			}
		}
		if row += step; step > 0 {
			col = 0
		} else if row >= 0 {
			col = len(e.lines[row]) - 1
		}
	}
	return 0, 0, false
}

// literalIn reports whether a byte belongs to a string or a comment.
func literalIn(spans []draw.Span, col int) bool {
	for _, s := range spans {
		if col >= s.Start && col < s.End {
			return draw.IsLiteral(s.Class)
		}
	}
	return false
}
