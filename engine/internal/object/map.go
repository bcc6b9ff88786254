package object

// MapObject is the object behind an object map: the names of its properties and their
// values, Vals[i] of Keys.Names[i]. V is value.Value.
type MapObject[V any] struct {
	Header
	Keys *Keys // nil is NoKeys
	Vals []V
}

// Maps with room for their values are one object.
type (
	map1[V any] struct {
		MapObject[V]
		room [1]V
	}
	map2[V any] struct {
		MapObject[V]
		room [2]V
	}
	map3[V any] struct {
		MapObject[V]
		room [3]V
	}
	map4[V any] struct {
		MapObject[V]
		room [4]V
	}
	map5[V any] struct {
		MapObject[V]
		room [5]V
	}
	map6[V any] struct {
		MapObject[V]
		room [6]V
	}
	map7[V any] struct {
		MapObject[V]
		room [7]V
	}
	map8[V any] struct {
		MapObject[V]
		room [8]V
	}
	map10[V any] struct {
		MapObject[V]
		room [10]V
	}
	map13[V any] struct {
		MapObject[V]
		room [13]V
	}
)

// NewMap makes an empty map with room for n values. Its names are to be set.
func NewMap[V any](n int) *MapObject[V] {
	var m *MapObject[V]
	switch {
	case n == 0:
		m = &MapObject[V]{}
	case n == 1:
		x := &map1[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 2:
		x := &map2[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 3:
		x := &map3[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 4:
		x := &map4[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 5:
		x := &map5[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 6:
		x := &map6[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 7:
		x := &map7[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n == 8:
		x := &map8[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n <= 10:
		x := &map10[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	case n <= 13:
		x := &map13[V]{}
		m, x.Vals = &x.MapObject, x.room[:0]
	default:
		m = &MapObject[V]{Vals: make([]V, 0, n)}
	}
	m.Kind = Map
	return m
}

// Append gives the map a further value, in the slot behind the others, and returns its
// place.
func (m *MapObject[V]) Append(v V) *V {
	n := len(m.Vals)
	if n == cap(m.Vals) {
		m.Vals = append(make([]V, 0, Grown(n, 1)), m.Vals...)
	}
	m.Vals = append(m.Vals, v)
	return &m.Vals[n]
}
