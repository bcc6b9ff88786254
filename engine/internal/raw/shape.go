package raw

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// MaxShape is how many properties a map with a shape may have: a larger one needs
// an index.
const MaxShape = object.Linear

// Shape is the form of a map literal. It is immutable once maps are made of it, but for its
// keys, which remember what maps that gain properties have instead.
type Shape struct {
	keys *object.Keys
	room int
}

// NewShape makes the shape of a literal with these keys: at most [MaxShape], each once. first
// is the first shape of the same program, nil if this is the first one.
func NewShape(keys []string, first *Shape) *Shape {
	s := &struct {
		Shape
		own object.Keys
	}{}
	s.keys, s.room = &s.own, len(keys)
	if first == nil {
		s.own.InitShape(keys, nil)
	} else {
		s.own.InitShape(keys, first.keys)
	}
	return &s.Shape
}

// Len returns the number of keys.
func (s *Shape) Len() int { return len(s.keys.Names) }

// Has reports whether name is one of the keys.
func (s *Shape) Has(name string) bool { return s.keys.Find(name) >= 0 }

// Room gives the maps room for more further properties. It is for a shape that no map has
// been made of.
func (s *Shape) Room(more int) { s.room = min(s.Len()+more, MaxShape) }

// Size returns how many bytes [Shape.Map] allocates.
func (s *Shape) Size() int { return value.MapSize + s.room*value.Size }

// Map makes a map of that shape. vals are the values in the order of the literal,
// one for each key; the map holds them.
func (s *Shape) Map(vals []value.Value) *value.Map {
	o := object.NewMap[value.Value](s.room)
	o.Keys = s.keys
	o.Vals = append(o.Vals, vals[:s.Len()]...)
	return (*value.Map)(unsafe.Pointer(o))
}

// AddProp gives m, which is owned and does not have it, a property that a program names. It
// returns the place of its value and the slot.
func AddProp(m *value.Map, name string) (*value.Value, int) {
	o := (*MapObject)(unsafe.Pointer(m))
	if o.Keys != nil && o.Keys.Shared {
		if k := o.Keys.With(name); k != nil {
			o.Keys = k
			p := o.Append(value.Unit)
			return p, len(o.Vals) - 1
		}
	}
	m.Place(name)
	return m.Find(name)
}

// PropGrowth returns how many bytes AddProp is charged. It does not depend on
// what other maps and runs have done.
func PropGrowth(m *value.Map) int {
	if o := (*MapObject)(unsafe.Pointer(m)); o.Keys != nil && o.Keys.IsShape() {
		return m.ValueGrowth() + o.Keys.WithCost()
	}
	return m.Growth()
}
