package syntax

// slab makes nodes of one type in groups, as most scripts have many of a few
// types. A group stays as long as any of its nodes does.
type slab[T any] struct {
	free []T
	size int // of the latest group
}

// The sizes of groups: a short script has few nodes.
const (
	firstGroup = 4
	lastGroup  = 64
)

// put returns a node with the contents of v.
func (s *slab[T]) put(v T) *T {
	if len(s.free) == 0 {
		s.size = min(max(2*s.size, firstGroup), lastGroup)
		s.free = make([]T, s.size)
	}
	n := &s.free[0]
	s.free = s.free[1:]
	*n = v
	return n
}
