package raw

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// MaxShape is how many properties a map with a shape may have: a larger one needs
// an index.
const MaxShape = 12

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

// Len returns the number of keys.
func (s *Shape) Len() int { return len(s.keys) }

// Map makes a map of that shape. vals are the values in the order of the literal,
// one for each key; the map holds them.
func (s *Shape) Map(vals []value.Value) *value.Map {
	m := value.NewMap(len(s.keys))
	o := (*MapObject)(unsafe.Pointer(m))
	entries := o.Entries[:len(s.keys)]
	for i, key := range s.keys {
		entries[i] = object.Entry[value.Value]{Key: key, Val: vals[s.from[i]]}
	}
	o.Entries = entries
	return m
}
