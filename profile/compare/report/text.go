package report

import (
	"fmt"
	"io"
	"strings"
)

// table is text in columns; all but the first, or all but the last, are flush
// right.
type table struct {
	rows     [][]string
	leftLast bool
}

func newTable(head ...string) *table { return &table{rows: [][]string{head}} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	var widths []int
	for _, r := range t.rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	for _, r := range t.rows {
		var b strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", widths[i]-len([]rune(c)))
			left := i == 0
			if t.leftLast {
				left = i == len(r)-1
			}
			if i > 0 {
				b.WriteString("   ")
			}
			if left {
				b.WriteString(c + pad)
			} else {
				b.WriteString(pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}
