// Package names finds the latest of many names: it is what block scopes are made of.
package names

// linear is the number of names up to which they are searched one by one: few scopes
// have more, and a map would cost more than it saves.
const linear = 256

// Stack is a stack of names. The zero Stack is empty. Adding, finding and dropping
// a name take constant time, however many there are.
type Stack struct {
	names []string
	// Beyond a few names: the index of the latest of each, and of each the index of
	// the one before with the same name.
	latest map[string]int
	before []int
}

// Len returns the number of names.
func (s *Stack) Len() int { return len(s.names) }

// Push adds a name; its index is what Len was before.
func (s *Stack) Push(name string) {
	s.names = append(s.names, name)
	if s.latest == nil {
		if len(s.names) <= linear {
			return
		}
		s.latest = map[string]int{}
		for i := range len(s.names) - 1 {
			s.note(i)
		}
	}
	s.note(len(s.names) - 1)
}

func (s *Stack) note(i int) {
	before, ok := s.latest[s.names[i]]
	if !ok {
		before = -1
	}
	s.before = append(s.before, before)
	s.latest[s.names[i]] = i
}

// Find returns the index of the latest name that is the same, -1 if there is none.
func (s *Stack) Find(name string) int {
	if s.latest != nil {
		if i, ok := s.latest[name]; ok {
			return i
		}
		return -1
	}
	for i := len(s.names) - 1; i >= 0; i-- {
		if s.names[i] == name {
			return i
		}
	}
	return -1
}

// Truncate drops the names from the n-th on.
func (s *Stack) Truncate(n int) {
	if s.latest != nil {
		for i := len(s.names) - 1; i >= n; i-- {
			if b := s.before[i]; b >= 0 {
				s.latest[s.names[i]] = b
			} else {
				delete(s.latest, s.names[i])
			}
		}
		s.before = s.before[:n]
	}
	s.names = s.names[:n]
}

// Reset drops all names, and keeps room for few.
func (s *Stack) Reset() {
	if cap(s.names) > linear {
		*s = Stack{}
		return
	}
	clear(s.names[:cap(s.names)])
	*s = Stack{names: s.names[:0]}
}
