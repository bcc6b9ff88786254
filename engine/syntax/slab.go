package syntax

// groups are nodes of one type, or lists of such, that are made together, as most scripts
// have many of a few types. A group stays as long as anything in it does.
type groups[T any] struct {
	latest []T
	used   int   // of the latest
	base   int   // of what is used, what belongs to trees that were parsed before
	full   [][]T // the groups before it that the tree has
	free   [][]T // those of trees that nobody uses any more, all zero
}

// The sizes of groups: a short script has few nodes.
const (
	firstGroup = 4
	lastGroup  = 64
)

// next begins a group with room for n at least.
//
//go:noinline
func (g *groups[T]) next(n, last int) {
	if len(g.latest) > 0 {
		g.full = append(g.full, g.latest)
	}
	if k := len(g.free) - 1; k >= 0 && len(g.free[k]) >= n {
		g.latest, g.used, g.free[k] = g.free[k], 0, nil
		g.free = g.free[:k]
		return
	}
	g.latest, g.used = make([]T, max(min(2*len(g.latest), last), firstGroup, n)), 0
}

// leave leaves what was made to the tree.
func (g *groups[T]) leave() {
	g.base = g.used
	if len(g.full) > 0 {
		g.full = nil
	}
}

// reuse takes back what was made: nobody uses the tree any more.
func (g *groups[T]) reuse() {
	if len(g.full) == 0 {
		clear(g.latest[g.base:g.used])
		g.used = g.base
		return
	}
	clear(g.latest[:g.used])
	for i, group := range g.full {
		if i == 0 && g.base > 0 {
			continue // another tree has nodes in it
		}
		clear(group)
		g.free = append(g.free, group)
	}
	clear(g.full)
	g.full, g.used, g.base = g.full[:0], 0, 0
}

// slab makes nodes.
type slab[T any] struct{ groups[T] }

// put returns a node with the contents of v.
func (s *slab[T]) put(v T) *T {
	if s.used == len(s.latest) {
		s.next(1, lastGroup)
	}
	n := &s.latest[s.used]
	s.used++
	*n = v
	return n
}

// stack collects lists whose length is not known before their end, one within the
// other. Like nodes, short lists are made in groups.
type stack[T any] struct {
	groups[T]
	items []T
	high  int // how many items there were at most
}

// longList is the length from which on a list is no part of a group.
const longList = 16

func (s *stack[T]) len() int { return len(s.items) }
func (s *stack[T]) push(v T) { s.items = append(s.items, v) }

// reset drops what an error left, and forgets all items.
func (s *stack[T]) reset() {
	clear(s.items[:max(s.high, len(s.items))])
	s.items, s.high = s.items[:0], 0
}

// from returns the items pushed since there were top, as long as none is popped.
func (s *stack[T]) from(top int) []T { return s.items[top:] }

// pop takes the items from the stack that were pushed since there were top, as a
// list of their own; nil if there are none.
func (s *stack[T]) pop(top int) []T {
	list := s.items[top:]
	if len(list) == 0 {
		return nil
	}
	out := s.take(len(list))
	copy(out, list)
	s.high = max(s.high, len(s.items))
	s.items = s.items[:top]
	return out
}

// list returns a new list of one item.
func (s *stack[T]) list(v T) []T {
	out := s.take(1)
	out[0] = v
	return out
}

// take returns a new list of n items without spare room.
func (s *stack[T]) take(n int) []T {
	if n >= longList {
		return make([]T, n)
	}
	if len(s.latest)-s.used < n {
		s.next(n, 2*lastGroup)
	}
	out := s.latest[s.used : s.used+n : s.used+n]
	s.used += n
	return out
}
