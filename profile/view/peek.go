package view

import (
	"cmp"
	"slices"
)

// Edge is a function that calls another one, or is called by it, with what those calls
// cost.
type Edge struct {
	ID FuncID
	*Func
	Cost Amount
}

// Peek is a function with who calls it and what it calls.
type Peek struct {
	Row
	Callers, Callees []Edge // the largest first
}

// Peek shows a function. A sample counts once for each caller and callee, however often
// they are on its stack. A function that calls itself is its own caller and callee.
func (ix *Index) Peek(id FuncID) Peek {
	callers, callees := map[FuncID]*edgeSum{}, map[FuncID]*edgeSum{}
	serial := 0
	count := func(m map[FuncID]*edgeSum, other FuncID, w *weight) {
		e := m[other]
		if e == nil {
			e = &edgeSum{}
			m[other] = e
		}
		if e.stamp != serial {
			e.stamp = serial
			e.cost.add(w.value)
		}
	}
	ix.walk(func(w *weight, path []int32) {
		serial++
		for i, l := range path {
			if ix.lines[l].fn != id {
				continue
			}
			if i > 0 {
				count(callers, ix.lines[path[i-1]].fn, w)
			}
			if i+1 < len(path) {
				count(callees, ix.lines[path[i+1]].fn, w)
			}
		}
	})
	return Peek{Row{id, ix.Func(id), ix.Cost(id)}, ix.edges(callers), ix.edges(callees)}
}

// edgeSum adds up an edge; stamp is the last stack that counted.
type edgeSum struct {
	cost  Amount
	stamp int
}

func (ix *Index) edges(m map[FuncID]*edgeSum) []Edge {
	out := make([]Edge, 0, len(m))
	for id, e := range m {
		out = append(out, Edge{id, ix.Func(id), e.cost})
	}
	slices.SortFunc(out, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(width(b.Cost), width(a.Cost)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}
