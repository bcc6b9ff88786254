package value

import (
	"cmp"
	"slices"
)

// MaxShape is how many properties a map with a shape may have.
const MaxShape = mapLinear

// Shape is the form of a map literal: its keys in the order that maps keep, and
// where their values stand in the literal. It is immutable.
type Shape struct {
	keys []string
	from []uint8
}

// NewShape makes the shape of a literal with these keys, in the order of the
// literal: at most [MaxShape], each once.
func NewShape(keys []string) *Shape {
	s := &Shape{keys: make([]string, len(keys)), from: make([]uint8, len(keys))}
	for i := range keys {
		s.from[i] = uint8(i)
	}
	slices.SortFunc(s.from, func(a, b uint8) int { return cmp.Compare(keys[a], keys[b]) })
	for i, k := range s.from {
		s.keys[i] = keys[k]
	}
	return s
}

// Map makes a map of that shape. vals are the values in the order of the literal,
// one for each key; the map holds them.
func (s *Shape) Map(vals []Value) *Map {
	m := NewMap(len(s.keys))
	entries := m.entries[:len(s.keys)]
	for i, key := range s.keys {
		entries[i] = entry{key, vals[s.from[i]]}
	}
	m.entries = entries
	return m
}
