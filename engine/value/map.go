package value

import (
	"iter"
	"slices"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Map is the object behind an object map: the names of its properties, which maps that
// were made alike share, and their values, one for each name. See [object.Keys]. Write
// only through [Value.OwnMap]. It must not be copied: a copy misses what the other one does
// to the names, and what uses it then fails.
type Map struct {
	h    header
	keys *object.Keys // nil if the map is empty
	vals []Value
}

// NewMap makes an empty map with room for n properties.
func NewMap(n int) *Map {
	m := (*Map)(unsafe.Pointer(object.NewMap[Value](n)))
	m.keys = object.NoKeys
	if n > 0 {
		m.keys = object.NewKeys(n)
	}
	return m
}

// Value returns the reference to m.
func (m *Map) Value() Value {
	if m.h.Kind == 0 {
		m.h.Kind = object.Map // it was made by a literal
	}
	return Value{p: &m.h}
}

// names returns the names of the properties, never nil.
func (m *Map) names() *object.Keys {
	if m.keys == nil {
		return object.NoKeys
	}
	return m.keys
}

// IsShared reports whether m has more than one holder.
func (m *Map) IsShared() bool { return m.h.Shared }

// Len returns the number of properties.
func (m *Map) Len() int { return len(m.vals) }

// OwnMap returns the map in v for writing, cloning it first (one level, its
// values marked) if it has other holders. v must be a map.
func (v *Value) OwnMap() *Map {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.inside().OwnMap()
	}
	m := v.Map()
	if m.h.Shared {
		m = m.clone()
		v.p = &m.h
	}
	return m
}

//go:noinline
func (m *Map) clone() *Map {
	k := m.names()
	if !k.Shared {
		k.Shared = true // frozen maps have that already
	}
	n := (*Map)(unsafe.Pointer(object.NewMap[Value](len(m.vals))))
	n.keys = k
	n.vals = append(n.vals, m.vals...)
	for i := range n.vals {
		n.vals[i].Share()
	}
	return n
}

// find returns the slot of key, or -1.
func (m *Map) find(key string) int {
	if m.keys == nil {
		return -1
	}
	return m.keys.Find(key)
}

// Get returns the value of key.
func (m *Map) Get(key string) (Value, bool) {
	if i := m.find(key); i >= 0 {
		return m.vals[i], true
	}
	return Unit, false
}

// Find returns the place of the value of key, or nil, and its slot, where it
// likely is the next time. The place is valid until the map gains or loses a
// property; write to it only if m is owned.
func (m *Map) Find(key string) (*Value, int) {
	i := m.find(key)
	if i < 0 {
		return nil, -1
	}
	return &m.vals[i], i
}

// Set stores a property. m must be owned.
func (m *Map) Set(key string, v Value) { *m.Place(key) = v }

// Place returns the place of the value of key, adding a unit property if there
// is none. m must be owned.
func (m *Map) Place(key string) *Value {
	k := m.names()
	if i := k.Find(key); i >= 0 {
		return &m.vals[i]
	}
	k = k.Own()
	m.keys = k
	at := k.Add(key)
	p := (*object.MapObject[Value])(unsafe.Pointer(m)).Append(Unit)
	if at < len(m.vals)-1 {
		copy(m.vals[at+1:], m.vals[at:])
		m.vals[at] = Unit
		p = &m.vals[at]
	}
	return p
}

// Growth returns how many bytes adding a property allocates, 0 if there is room
// for it.
func (m *Map) Growth() int { return m.names().Growth() + m.ValueGrowth() }

// ValueGrowth is the part of Growth that is for the value.
func (m *Map) ValueGrowth() int {
	if n := len(m.vals); n == cap(m.vals) {
		return grown(n, 1) * Size
	}
	return 0
}

// DeleteCost returns how many bytes [Map.Delete] allocates.
func (m *Map) DeleteCost() int { return m.names().OwnCost() }

// Delete removes a property and returns its value. m must be owned.
func (m *Map) Delete(key string) (Value, bool) {
	i := m.find(key)
	if i < 0 {
		return Unit, false
	}
	v := m.vals[i]
	m.keys = m.keys.Own()
	if m.keys.Remove(i) {
		m.vals = slices.Delete(m.vals, i, i+1)
		return v, true
	}
	last := len(m.vals) - 1
	m.vals[i] = m.vals[last]
	m.vals[last] = Unit
	m.vals = m.vals[:last]
	return v, true
}

// Clear removes all properties. m must be owned.
func (m *Map) Clear() {
	clear(m.vals)
	m.keys, m.vals = object.NoKeys, m.vals[:0]
	if cap(m.vals) > keepRoom {
		m.vals = nil
	}
}

// sort finds out the order of the keys, if it is not known. Frozen maps have it,
// so that this never writes to names which other goroutines may see. It fails only
// if the meter does.
func (m *Map) sort(g *gauge) error {
	k := m.names()
	if k.Sorted || k.Order != nil {
		return nil
	}
	n, names := len(k.Names), k.Names
	if g == nil {
		g = &gauge{}
	}
	if err := g.charge(8 * n); err != nil {
		return err
	}
	order, buf := make([]int32, n), make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	// Chunks are sorted and then merged, so that the meter is heard in between.
	const step = 1 << 10
	for lo := 0; lo < n; lo += step {
		part := order[lo:min(lo+step, n)]
		slices.SortFunc(part, func(a, b int32) int {
			g.due += len(names[a])
			return strings.Compare(names[a], names[b])
		})
		if err := g.work(EntrySize * len(part)); err != nil {
			return err
		}
	}
	for width := step; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			i, j := lo, mid
			for to := lo; to < hi; to++ {
				if i < mid && (j == hi || names[order[i]] < names[order[j]]) {
					buf[to] = order[i]
					i++
				} else {
					buf[to] = order[j]
					j++
				}
				if err := g.work(EntrySize + len(names[buf[to]])); err != nil {
					return err
				}
			}
		}
		order, buf = buf, order
	}
	k.Order = order
	return nil
}

// Sort finds out the order of the keys, which [Map.All] and [Map.At] would do all
// at once, under the eyes of a meter.
func (m *Map) Sort(meter Meter) error { return m.sort(&gauge{meter: meter}) }

// at returns the i-th property in the order of the keys, which is known.
func (m *Map) at(i int) (string, *Value) {
	k := m.names()
	if !k.Sorted {
		i = int(k.Order[i])
	}
	return k.Names[i], &m.vals[i]
}

// All iterates over the properties in the byte order of their keys. The map
// must not change meanwhile.
func (m *Map) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		_ = m.sort(nil)
		for i := range m.vals {
			if name, v := m.at(i); !yield(name, *v) {
				return
			}
		}
	}
}

// At returns the i-th property in key order.
func (m *Map) At(i int) (string, Value) {
	_ = m.sort(nil)
	name, v := m.at(i)
	return name, *v
}
