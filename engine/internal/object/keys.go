package object

import (
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"
)

// Keys are the names of a map's properties: Names[i] is the name of the value in slot i.
// Maps that were made alike share their names, so that a map of a known form takes no
// more than its values. Names that are shared never change: a map that gains or loses a
// property goes on to other names, those that [Keys.With] remembers or a copy of its own.
type Keys struct {
	Names []string
	// Shared is set if more than one map has these names, or several goroutines may see
	// them. It is never cleared.
	Shared bool
	// Sorted is set if the names are in order. Order holds the slots in the order of
	// their names otherwise; nil if that is not known. It is known if Shared names are
	// seen by several goroutines.
	Sorted bool
	Order  []int32

	index index

	// What follows is for the names of map literals and what is derived from them.
	root    *Keys
	derived atomic.Int32 // how many names the root has led to
	left    atomic.Int32 // of first: how many further names the literals may lead to
	first   *Keys        // of a root: the names of the program's first literal
	next    atomic.Pointer[step]
}

// step is what With has remembered: these names and one more are to.
type step struct {
	name string
	to   *Keys
	more *step
}

const (
	// Linear is the number of names up to which they are searched without an index.
	Linear = 12
	// maxDerived bounds what one literal leads to: a program that adds properties in ever
	// other orders goes on with names that belong to one map each.
	maxDerived = 64
	// perLiteral is how many names more than that the literals of a program may lead to
	// together for each further one: a run is not charged for them, so that what the program
	// keeps has to be in proportion to its length.
	perLiteral = 2

	// KeysSize is what names take in memory, in bytes, without the names; KeySize is one
	// of them.
	KeysSize = 112
	KeySize  = 16
)

// NoKeys are the names of an empty map.
var NoKeys = &Keys{Shared: true, Sorted: true}

// roomyKeys are names with room for a few, in one object.
type roomyKeys struct {
	Keys
	room [4]string
}

// NewKeys makes names for one map, with room for n.
func NewKeys(n int) *Keys {
	if n <= len(roomyKeys{}.room) {
		k := &roomyKeys{Keys: Keys{Sorted: true}}
		k.Names = k.room[:0]
		return &k.Keys
	}
	return &Keys{Sorted: true, Names: make([]string, 0, n)}
}

// NewShape makes names that maps of one form share: each once and at most [Linear]. first is
// the first shape that was made for the same program, nil if this is the first one.
func NewShape(names []string, first *Keys) *Keys {
	k := &Keys{}
	k.InitShape(names, first)
	return k
}

// InitShape makes k, which is new, what [NewShape] makes.
func (k *Keys) InitShape(names []string, first *Keys) {
	k.share(names)
	k.root, k.first = k, k
	if first == nil {
		k.left.Store(maxDerived)
	} else {
		k.first = first
		first.left.Add(perLiteral)
	}
}

// shared makes names for many maps, whose order is known.
func shared(names []string) *Keys {
	k := &Keys{}
	k.share(names)
	return k
}

// share makes k, which is new, what shared makes.
func (k *Keys) share(names []string) {
	k.Names, k.Shared, k.Sorted = names, true, slices.IsSorted(names)
	if !k.Sorted {
		k.Order = make([]int32, len(names))
		for i := range k.Order {
			k.Order[i] = int32(i)
		}
		slices.SortFunc(k.Order, func(a, b int32) int { return strings.Compare(names[a], names[b]) })
	}
}

// Find returns the slot of name, or -1.
func (k *Keys) Find(name string) int {
	if k.index != nil {
		return k.index.find(k.Names, name)
	}
	// The very same string, which is what programs look for most, is found by its address.
	for i := range k.Names {
		x := &k.Names[i]
		if len(*x) == len(name) && (unsafe.StringData(*x) == unsafe.StringData(name) || *x == name) {
			return i
		}
	}
	return -1
}

// Own returns the names for a change: themselves if they belong to one map, else a copy
// with room for more.
func (k *Keys) Own() *Keys {
	if !k.Shared {
		return k
	}
	n := NewKeys(Grown(len(k.Names), 1))
	n.Names = append(n.Names, k.Names...)
	n.Sorted, n.Order, n.index = k.Sorted, k.Order, slices.Clone(k.index)
	return n
}

// Add gives a further slot to name, which is not among the names, and returns it. A few
// names in order stay so: the values from that slot on move up by one. k is owned.
func (k *Keys) Add(name string) int {
	n := len(k.Names)
	if n == cap(k.Names) {
		k.Names = append(make([]string, 0, Grown(n, 1)), k.Names...)
	}
	at := n
	if k.Sorted && n > 0 && k.Names[n-1] > name {
		if k.index == nil && n < Linear {
			for at > 0 && k.Names[at-1] > name {
				at--
			}
			k.Names = slices.Insert(k.Names, at, name)
			return at
		}
		k.Sorted = false
	}
	k.Order = nil
	k.Names = append(k.Names, name)
	if k.index != nil || n >= Linear {
		k.index = k.index.add(k.Names, n)
	}
	return at
}

// Remove takes the name in a slot away; the last one moves into its slot, or all behind
// it move down if down is true. k is owned.
func (k *Keys) Remove(slot int) (down bool) {
	k.Order = nil
	last := len(k.Names) - 1
	if k.index == nil {
		k.Names = slices.Delete(k.Names, slot, slot+1)
		return true
	}
	k.index.remove(k.Names, slot)
	if slot != last {
		k.index.rename(k.Names, last, slot)
		k.Names[slot] = k.Names[last]
		k.Sorted = false
	}
	k.Names[last] = ""
	k.Names = k.Names[:last]
	return false
}

// With returns the names and one more, in the slot behind them, for every map that gains
// that property: nil if k is not of a literal, or the literal has led to too many. name
// should be a program's, as it is kept. Any number of goroutines may call it.
func (k *Keys) With(name string) *Keys {
	if !k.IsShape() {
		return nil
	}
	for {
		first := k.next.Load()
		for s := first; s != nil; s = s.more {
			if s.name == name {
				return s.to
			}
		}
		if !k.root.take() {
			return nil
		}
		to := shared(append(slices.Clip(k.Names), name))
		to.root = k.root
		if k.next.CompareAndSwap(first, &step{name, to, first}) {
			return to
		}
		k.root.giveBack()
	}
}

// take counts names that a root is to lead to, and reports whether it may.
func (k *Keys) take() bool {
	if k.derived.Add(1) > maxDerived {
		k.derived.Add(-1)
		return false
	}
	if k.first.left.Add(-1) < 0 {
		k.giveBack()
		return false
	}
	return true
}

// giveBack takes back what take has counted.
func (k *Keys) giveBack() {
	k.derived.Add(-1)
	k.first.left.Add(1)
}

// WithCost returns how many bytes a map is charged for names that come from With. It must
// not depend on whether With still has any, so it is what keeps the account within a factor
// of two of the memory taken if there are none and the map copies its names.
func (k *Keys) WithCost() int {
	if k == k.root {
		return (KeysSize + len(k.Names)*KeySize) / 2
	}
	return KeySize / 2
}

// IsShape reports whether With may lead on from these names.
func (k *Keys) IsShape() bool { return k.root != nil && len(k.Names) < Linear }

// Growth returns how many bytes Own and Add allocate.
func (k *Keys) Growth() int {
	n, size := len(k.Names), k.OwnCost()
	if size == 0 && n == cap(k.Names) {
		size = Grown(n, 1) * KeySize
	}
	return size + k.index.growth(n)
}

// OwnCost returns how many bytes Own allocates.
func (k *Keys) OwnCost() int {
	if !k.Shared {
		return 0
	}
	return KeysSize + Grown(len(k.Names), 1)*KeySize + 8*len(k.index)
}

// Grown is the capacity to which n elements with no room left grow, for at least more of
// them. It does not depend on the allocator, so that what a run is charged does not either.
func Grown(n, more int) int { return max(4, 2*n, n+more) }
