package syntax

// slab makes nodes of one type in groups, as most scripts have many of a few
// types. A group stays as long as any of its nodes does.
type slab[T any] struct {
	group []T // the latest
	used  int // of it
}

// The sizes of groups: a short script has few nodes.
const (
	firstGroup = 4
	lastGroup  = 64
)

// put returns a node with the contents of v.
func (s *slab[T]) put(v T) *T {
	if s.used == len(s.group) {
		s.group, s.used = make([]T, min(max(2*len(s.group), firstGroup), lastGroup)), 0
	}
	n := &s.group[s.used]
	s.used++
	*n = v
	return n
}

// stack collects lists whose length is not known before their end, one within the
// other. Like nodes, short lists are made in groups.
type stack[T any] struct {
	items []T
	high  int // how many items there were at most
	group []T // the latest
	used  int // of it
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

// take returns a new list of n items without spare room.
func (s *stack[T]) take(n int) []T {
	if n >= longList {
		return make([]T, n)
	}
	if len(s.group)-s.used < n {
		s.group, s.used = make([]T, max(min(2*len(s.group), 2*lastGroup), firstGroup, n)), 0
	}
	out := s.group[s.used : s.used+n : s.used+n]
	s.used += n
	return out
}
