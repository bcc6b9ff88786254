package view

import (
	"cmp"
	"slices"
)

// maxNodes bounds a tree. What would go beyond is in nodes named moreName.
const maxNodes = 1 << 19

const (
	moreID   FuncID = -1
	moreName        = "(more)"
)

// Node is a function in a tree, below those that call it; in an inverted tree below
// those it calls.
type Node struct {
	Func     FuncID
	Parent   int32 // -1 for the root
	Children []int32
	Depth    int32 // 0 for the root
	Flat     Amount
	Cum      Amount
}

// Tree is what calls what. Node 0 is the root, which stands for everything and has no
// function; children are sorted, the largest first.
type Tree struct {
	Nodes []Node
	Deep  int // the depth of the deepest node
	ix    *Index
}

// Index is what the tree is of.
func (t *Tree) Index() *Index { return t.ix }

// Name is the name of a node's function.
func (t *Tree) Name(n int32) string {
	if n == 0 {
		return "all"
	}
	return t.ix.Func(t.Nodes[n].Func).Name
}

// Path lists the functions from the root down to a node, without the root.
func (t *Tree) Path(n int32) []FuncID {
	var path []FuncID
	for ; n > 0; n = t.Nodes[n].Parent {
		path = append(path, t.Nodes[n].Func)
	}
	slices.Reverse(path)
	return path
}

// At finds the node with a path; if there is none, the deepest one on the way.
func (t *Tree) At(path []FuncID) (n int32, found bool) {
	for _, f := range path {
		next := int32(-1)
		for _, c := range t.Nodes[n].Children {
			if t.Nodes[c].Func == f {
				next = c
			}
		}
		if next < 0 {
			return n, false
		}
		n = next
	}
	return n, true
}

// Tree is the call tree.
func (ix *Index) Tree() *Tree {
	ix.treeOnce.Do(func() {
		b := newTreeBuilder(ix)
		ix.walk(func(w *weight, path []int32) {
			n := b.enter(w)
			for _, l := range path {
				n = b.child(n, ix.lines[l].fn, w)
			}
			b.t.Nodes[n].Flat.add(w.value)
		})
		ix.tree = b.finish()
	})
	return ix.tree
}

// Inverted is the tree upside down: below the root are the functions by their flat cost,
// and below each who calls it.
func (ix *Index) Inverted() *Tree {
	ix.inverseOnce.Do(func() {
		b := newTreeBuilder(ix)
		ix.walk(func(w *weight, path []int32) {
			n := b.enter(w)
			for i := len(path) - 1; i >= 0; i-- {
				n = b.child(n, ix.lines[path[i]].fn, w)
				if i == len(path)-1 {
					b.t.Nodes[n].Flat.add(w.value)
				}
			}
		})
		ix.inverse = b.finish()
	})
	return ix.inverse
}

// Around makes the two trees of a function: who calls it, upside down, and what it
// calls. Of a recursive function the outermost call counts. Both roots' only child is the
// function.
func (ix *Index) Around(id FuncID) (callers, callees *Tree) {
	up, down := newTreeBuilder(ix), newTreeBuilder(ix)
	ix.walk(func(w *weight, path []int32) {
		at := slices.IndexFunc(path, func(l int32) bool { return ix.lines[l].fn == id })
		if at < 0 {
			return
		}
		n := up.enter(w)
		for i := at; i >= 0; i-- {
			n = up.child(n, ix.lines[path[i]].fn, w)
		}
		n = down.enter(w)
		for _, l := range path[at:] {
			n = down.child(n, ix.lines[l].fn, w)
		}
		down.t.Nodes[n].Flat.add(w.value)
	})
	return up.finish(), down.finish()
}

// treeBuilder makes a tree.
type treeBuilder struct {
	t    *Tree
	next nodeTable
	most int // nodes
}

func newTreeBuilder(ix *Index) *treeBuilder {
	return &treeBuilder{t: &Tree{Nodes: []Node{{Parent: -1}}, ix: ix}, most: maxNodes}
}

// enter counts a stack at the root.
func (b *treeBuilder) enter(w *weight) int32 {
	b.t.Nodes[0].Cum.add(w.value)
	return 0
}

// child finds or makes the child of a node and counts a stack there.
func (b *treeBuilder) child(parent int32, fn FuncID, w *weight) int32 {
	if b.t.Nodes[parent].Func == moreID && parent != 0 {
		return parent
	}
	slot := b.next.find(parent, fn)
	if *slot == 0 && len(b.t.Nodes) >= b.most {
		fn = moreID
		slot = b.next.find(parent, fn)
	}
	n := *slot
	if n == 0 {
		n = int32(len(b.t.Nodes))
		*slot = n
		depth := b.t.Nodes[parent].Depth + 1
		b.t.Nodes = append(b.t.Nodes, Node{Func: fn, Parent: parent, Depth: depth})
		b.t.Deep = max(b.t.Deep, int(depth))
	}
	b.t.Nodes[n].Cum.add(w.value)
	return n
}

// finish links and sorts the children.
func (b *treeBuilder) finish() *Tree {
	nodes := b.t.Nodes
	count := make([]int32, len(nodes))
	for i := 1; i < len(nodes); i++ {
		count[nodes[i].Parent]++
	}
	all := make([]int32, len(nodes)-1)
	for i := range nodes {
		nodes[i].Children, all = all[:0:count[i]], all[count[i]:]
	}
	for i := 1; i < len(nodes); i++ {
		p := &nodes[nodes[i].Parent]
		p.Children = append(p.Children, int32(i))
	}
	for i := range nodes {
		slices.SortFunc(nodes[i].Children, func(x, y int32) int {
			a, b2 := &nodes[x], &nodes[y]
			return cmp.Or(
				cmp.Compare(width(b2.Cum), width(a.Cum)), cmp.Compare(b.t.ix.Func(a.Func).Name, b.t.ix.Func(b2.Func).Name), cmp.Compare(a.Func, b2.Func))
		})
	}
	return b.t
}

// width is what a box of a flame graph is wide by: both sides together, so that boxes of
// what is gone can be seen too, and those of callees fit into that of their caller.
func width(a Amount) int64 {
	v, base := magnitude(a.Value), magnitude(a.Base)
	if v+base < 0 {
		return v/2 + base/2
	}
	return v + base
}

// nodeTable finds nodes by parent and function. It is a hash table of its own, as a tree of
// a large profile is asked for tens of millions of times.
type nodeTable struct {
	keys  []uint64 // 0 for free
	nodes []int32
	n     int
}

// find returns the place for the number of a node, 0 if there is none yet. It is valid until
// the next call.
func (t *nodeTable) find(parent int32, fn FuncID) *int32 {
	if 4*(t.n+1) > 3*len(t.keys) {
		old := *t
		size := max(2*len(old.keys), 1024)
		t.keys, t.nodes = make([]uint64, size), make([]int32, size)
		for i, k := range old.keys {
			if k != 0 {
				at := t.place(k)
				t.keys[at], t.nodes[at] = k, old.nodes[i]
			}
		}
	}
	key := uint64(uint32(parent))<<32 | uint64(uint32(fn)) + 1<<63
	at := t.place(key)
	if t.keys[at] == 0 {
		t.keys[at] = key
		t.n++
	}
	return &t.nodes[at]
}

func (t *nodeTable) place(key uint64) uint64 {
	mask := uint64(len(t.keys) - 1)
	at := key * 0x9e3779b97f4a7c15
	at = (at ^ at>>32) & mask
	for t.keys[at] != 0 && t.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}
