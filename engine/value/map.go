package value

import (
	"iter"
	"slices"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Map is the object behind an object map. Up to mapLinear properties it is a
// slice sorted by key; above, a slice in any order with a Go map as index, and
// sorted when it is iterated. Write only through [Value.OwnMap].
type Map struct {
	h       header
	sorted  bool
	entries []entry
	index   map[string]int32 // nil for small maps
}

type entry struct {
	key string
	val Value
}

// mapLinear is the size up to which a map is searched without an index.
const mapLinear = 12

// NewMap makes an empty map with room for n properties.
func NewMap(n int) *Map {
	m := &Map{h: header{Kind: object.Map}, sorted: true}
	if n > 0 {
		m.entries = make([]entry, 0, n)
	}
	return m
}

// Value returns the reference to m.
func (m *Map) Value() Value {
	if m.h.Kind == 0 {
		m.h.Kind, m.sorted = object.Map, true // it was made by a literal
	}
	return Value{p: &m.h}
}

// IsShared reports whether m has more than one holder.
func (m *Map) IsShared() bool { return m.h.Shared }

// Len returns the number of properties.
func (m *Map) Len() int { return len(m.entries) }

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
	n := &Map{h: header{Kind: object.Map}, sorted: m.sorted, entries: slices.Clone(m.entries)}
	for i := range n.entries {
		n.entries[i].val.Share()
	}
	if m.index != nil {
		n.reindex()
	}
	return n
}

func (m *Map) reindex() {
	m.index = make(map[string]int32, len(m.entries)+len(m.entries)/2)
	for i := range m.entries {
		m.index[m.entries[i].key] = int32(i)
	}
}

// find returns the slot of key, or -1.
func (m *Map) find(key string) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return int(i)
		}
		return -1
	}
	for i := range m.entries {
		k := m.entries[i].key
		if len(k) == len(key) && (unsafe.StringData(k) == unsafe.StringData(key) || k == key) {
			return i
		}
	}
	return -1
}

// Get returns the value of key.
func (m *Map) Get(key string) (Value, bool) {
	if i := m.find(key); i >= 0 {
		return m.entries[i].val, true
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
	return &m.entries[i].val, i
}

// Set stores a property. m must be owned.
func (m *Map) Set(key string, v Value) { *m.Place(key) = v }

// Place returns the place of the value of key, adding a unit property if there
// is none. m must be owned.
func (m *Map) Place(key string) *Value {
	if i := m.find(key); i >= 0 {
		return &m.entries[i].val
	}
	if m.index == nil {
		if at := len(m.entries); at < mapLinear {
			for at > 0 && m.entries[at-1].key > key {
				at--
			}
			m.entries = slices.Insert(m.entries, at, entry{key: key})
			return &m.entries[at].val
		}
		m.reindex()
	}
	if m.sorted && len(m.entries) > 0 && m.entries[len(m.entries)-1].key > key {
		m.sorted = false
	}
	m.index[key] = int32(len(m.entries))
	m.entries = append(m.entries, entry{key: key})
	return &m.entries[len(m.entries)-1].val
}

// Delete removes a property and returns its value. m must be owned.
func (m *Map) Delete(key string) (Value, bool) {
	i := m.find(key)
	if i < 0 {
		return Unit, false
	}
	v := m.entries[i].val
	if m.index == nil {
		m.entries = slices.Delete(m.entries, i, i+1)
		return v, true
	}
	last := len(m.entries) - 1
	delete(m.index, key)
	if i != last {
		m.entries[i] = m.entries[last]
		m.index[m.entries[i].key] = int32(i)
		m.sorted = false
	}
	m.entries[last] = entry{}
	m.entries = m.entries[:last]
	return v, true
}

// Clear removes all properties. m must be owned.
func (m *Map) Clear() {
	clear(m.entries)
	m.entries, m.index, m.sorted = m.entries[:0], nil, true
}

// sort puts the entries in key order. Frozen maps are sorted already, so that
// this never writes to a map which other goroutines may see.
func (m *Map) sort() {
	if m.sorted {
		return
	}
	slices.SortFunc(m.entries, func(a, b entry) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	for i := range m.entries {
		m.index[m.entries[i].key] = int32(i)
	}
	m.sorted = true
}

// All iterates over the properties in the byte order of their keys. The map
// must not change meanwhile.
func (m *Map) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		m.sort()
		for i := range m.entries {
			if !yield(m.entries[i].key, m.entries[i].val) {
				return
			}
		}
	}
}

// At returns the i-th property in key order.
func (m *Map) At(i int) (string, Value) {
	m.sort()
	return m.entries[i].key, m.entries[i].val
}
