package view

import (
	"cmp"
	"math"
	"slices"
)

// Column is a column of the table of functions.
type Column uint8

// The columns.
const (
	ByFlat Column = iota
	ByCum
	ByName
	ByDelta // the difference of flat, the largest first, up or down
	ByOps
	ByNsPerOp
)

// Columns are all columns, in the order in which a table has them.
var Columns = []Column{ByFlat, ByCum, ByDelta, ByOps, ByNsPerOp, ByName}

// String is the head of the column.
func (c Column) String() string {
	return [...]string{ByFlat: "flat", ByCum: "cum", ByName: "function", ByDelta: "delta", ByOps: "ops", ByNsPerOp: "ns/op"}[c]
}

// Row is a function in the table.
type Row struct {
	ID FuncID
	*Func
	Cost
}

// Top lists the functions that are on stacks, sorted by a column: the largest first, or
// by name.
func (ix *Index) Top(by Column) []Row {
	rows := make([]Row, 0, len(ix.funcs))
	for i := range ix.funcs {
		if ix.seen[i] {
			rows = append(rows, Row{FuncID(i), &ix.funcs[i], ix.byFunc[i]})
		}
	}
	larger := func(a, b int64) int { return cmp.Compare(magnitude(b), magnitude(a)) }
	usual := func(a, b Row) int {
		return cmp.Or(
			larger(a.Flat.Value, b.Flat.Value), larger(a.Cum.Value, b.Cum.Value), larger(a.Cum.Base, b.Cum.Base),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File))
	}
	slices.SortFunc(rows, func(a, b Row) int {
		first := 0
		switch by {
		case ByFlat:
		case ByCum:
			first = larger(a.Cum.Value, b.Cum.Value)
		case ByName:
			first = cmp.Compare(a.Name, b.Name)
		case ByDelta:
			first = larger(a.Flat.Delta(), b.Flat.Delta())
		case ByOps:
			first = larger(a.Ops.Value, b.Ops.Value)
		case ByNsPerOp:
			x, _ := a.NsPerOp()
			y, _ := b.NsPerOp()
			first = cmp.Compare(y, x)
		}
		return cmp.Or(first, usual(a, b))
	})
	return rows
}

// magnitude is the absolute value, also of the smallest number.
func magnitude(n int64) int64 {
	switch {
	case n == math.MinInt64:
		return math.MaxInt64
	case n < 0:
		return -n
	}
	return n
}
