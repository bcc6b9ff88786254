package draw

import "strings"

// Braille is a plot of two lines in dots, two of them beside and four below each other in
// a cell of the terminal.
type Braille struct {
	w, h int
	dots [2][]uint8 // of each line, by cell
}

// NewBraille makes an empty plot of w cells by h.
func NewBraille(w, h int) *Braille {
	b := &Braille{w: max(w, 0), h: max(h, 0)}
	for i := range b.dots {
		b.dots[i] = make([]uint8, b.w*b.h)
	}
	return b
}

// brailleBits are the dots of a cell by column and row.
var brailleBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// Set sets a dot of a line, 0 or 1; x and y count from the left and from above. Dots
// outside of the plot are left out.
func (b *Braille) Set(line, x, y int) {
	if x < 0 || y < 0 || x >= 2*b.w || y >= 4*b.h {
		return
	}
	b.dots[line][y/4*b.w+x/2] |= brailleBits[x%2][y%4]
}

// Line draws from one dot to the next column's, so that steep lines have no gaps.
func (b *Braille) Line(line, x, from, to int) {
	step := 1
	if to < from {
		step = -1
	}
	for y := from; y != to; y += step {
		b.Set(line, x, y)
	}
	b.Set(line, x, to)
}

// Render draws the rows: cells of one line in its style, of both in plain.
func (b *Braille) Render(t *Theme) []string {
	out := make([]string, b.h)
	for y := range out {
		var row strings.Builder
		for x := 0; x < b.w; {
			kind := b.kind(x, y)
			e := x
			var text strings.Builder
			for ; e < b.w && b.kind(e, y) == kind; e++ {
				i := y*b.w + e
				if d := b.dots[0][i] | b.dots[1][i]; d == 0 {
					text.WriteByte(' ')
				} else {
					text.WriteRune(0x2800 + rune(d))
				}
			}
			switch kind {
			case 1:
				row.WriteString(t.SideA.Render(text.String()))
			case 2:
				row.WriteString(t.SideB.Render(text.String()))
			default:
				row.WriteString(text.String())
			}
			x = e
		}
		out[y] = row.String()
	}
	return out
}

// kind tells which lines are in a cell: 1 the first, 2 the second, 3 both.
func (b *Braille) kind(x, y int) int {
	k := 0
	for i := range b.dots {
		if b.dots[i][y*b.w+x] != 0 {
			k |= 1 << i
		}
	}
	return k
}
