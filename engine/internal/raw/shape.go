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
const MaxShape = object.Linear

// Shape is the form of a map literal: its keys in the order that maps keep, and
// where their values stand in the literal. Its keys remember what maps that gain
// properties have instead.
type Shape struct {
	keys *object.Keys
	from []uint8
	room int
}

// NewShape makes the shape of a literal with these keys, in the order of the
// literal: at most [MaxShape], each once.
func NewShape(keys []string) *Shape {
	names := make([]string, len(keys))
	s := &Shape{from: make([]uint8, len(keys)), room: len(keys)}
	for i := range keys {
		s.from[i] = uint8(i)
	}
	slices.SortFunc(s.from, func(a, b uint8) int { return cmp.Compare(keys[a], keys[b]) })
	for i, k := range s.from {
		names[i] = keys[k]
	}
	s.keys = object.NewShape(names)
	return s
}

// Len returns the number of keys.
func (s *Shape) Len() int { return len(s.from) }

// Has reports whether name is one of the keys.
func (s *Shape) Has(name string) bool { return s.keys.Find(name) >= 0 }

// Room gives the maps room for more further properties. It is for a shape that no map has
// been made of.
func (s *Shape) Room(more int) { s.room = min(len(s.from)+more, MaxShape) }

// Size returns how many bytes [Shape.Map] allocates.
func (s *Shape) Size() int { return value.MapSize + s.room*value.Size }

// Map makes a map of that shape. vals are the values in the order of the literal,
// one for each key; the map holds them.
func (s *Shape) Map(vals []value.Value) *value.Map {
	o := object.NewMap[value.Value](s.room)
	o.Keys, o.Vals = s.keys, o.Vals[:len(s.from)]
	for i := range o.Vals {
		o.Vals[i] = vals[s.from[i]]
	}
	return (*value.Map)(unsafe.Pointer(o))
}

// PropPlace returns the place of the value of a property that a program names, adding a
// unit property if there is none. m must be owned.
func PropPlace(m *value.Map, name string) *value.Value {
	o := (*MapObject)(unsafe.Pointer(m))
	if o.Keys != nil && o.Keys.Shared {
		if i := o.Keys.Find(name); i >= 0 {
			return &o.Vals[i]
		}
		if k := o.Keys.With(name); k != nil {
			o.Keys = k
			return o.Append(value.Unit)
		}
	}
	return m.Place(name)
}

// PropGrowth returns how many bytes PropPlace allocates for a property that m does not
// have. It does not depend on what other maps and runs have done.
func PropGrowth(m *value.Map) int {
	if o := (*MapObject)(unsafe.Pointer(m)); o.Keys != nil && o.Keys.IsShape() {
		return m.ValueGrowth()
	}
	return m.Growth()
}
