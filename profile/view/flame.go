package view

// Box is a box of a flame graph: the cells X0 up to X1, without it, of a row.
type Box struct {
	X0, X1 int
	Node   int32
	// Small is how many nodes the box stands for that are too small for one each; it
	// is 0 for a box of one node, and Node is the first of them.
	Small int
}

// Layout places the boxes of a tree in rows, the root first, from one node of the tree
// on: the rows of its callers have one box each of the whole width. It is a pure function.
// Nodes that are less than a cell wide are gathered in boxes of one cell or more. depth
// bounds the rows, 0 does not.
func (t *Tree) Layout(from int32, cells, depth int) [][]Box {
	if cells <= 0 || int(from) >= len(t.Nodes) || from < 0 {
		return nil
	}
	rows := make([][]Box, 0, 16)
	for n := from; n >= 0; n = t.Nodes[n].Parent {
		rows = append(rows, []Box{{0, cells, n, 0}})
	}
	for i, k := 0, len(rows)-1; i < k; i, k = i+1, k-1 {
		rows[i], rows[k] = rows[k], rows[i]
	}
	// Where a node begins and ends, in parts of a cell, so that what is below fits
	// exactly below it.
	type span struct {
		node   int32
		x0, x1 float64
	}
	row := []span{{from, 0, float64(cells)}}
	for len(row) > 0 && (depth <= 0 || len(rows) < depth) {
		var below []span
		var boxes []Box
		for _, s := range row {
			all := width(t.Nodes[s.node].Cum)
			if all == 0 {
				continue
			}
			x := s.x0
			for _, c := range t.Nodes[s.node].Children {
				w := width(t.Nodes[c].Cum)
				if w == 0 {
					continue
				}
				next := min(x+(s.x1-s.x0)*(float64(w)/float64(all)), s.x1)
				a, b := round(x), round(next)
				if next-x >= 1 && b > a {
					boxes = append(boxes, Box{a, b, c, 0})
					below = append(below, span{c, x, next})
				} else {
					boxes = gather(boxes, Box{a, b, c, 1}, round(s.x1))
				}
				x = next
			}
		}
		kept := boxes[:0]
		for _, b := range boxes {
			if b.X1 > b.X0 {
				kept = append(kept, b)
			}
		}
		if len(kept) == 0 {
			break
		}
		rows = append(rows, kept)
		row = below
	}
	return rows
}

// gather adds a box that is less than a cell wide: to the small one before it, if they
// touch.
func gather(boxes []Box, b Box, end int) []Box {
	if n := len(boxes); n > 0 && boxes[n-1].Small > 0 && boxes[n-1].X1 >= b.X0 {
		boxes[n-1].X1 = max(boxes[n-1].X1, b.X1)
		boxes[n-1].Small++
		return boxes
	}
	b.X1 = min(max(b.X1, b.X0), end)
	return append(boxes, b)
}

func round(x float64) int { return int(x + 0.5) }

// BoxAt finds the box at a cell of a layout.
func BoxAt(rows [][]Box, row, x int) (Box, bool) {
	if row < 0 || row >= len(rows) {
		return Box{}, false
	}
	for _, b := range rows[row] {
		if x >= b.X0 && x < b.X1 {
			return b, true
		}
	}
	return Box{}, false
}
