package value

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Map is the object behind an object map. Up to mapLinear properties it is a
// slice sorted by key; above, a slice in any order with a Go map as index, whose
// order is found out when it is iterated. Write only through [Value.OwnMap].
type Map struct {
	h       header
	sorted  bool // the entries are in the order of their keys
	entries []entry
	index   map[string]int32 // nil for small maps
	order   *[]int32         // the entries in the order of their keys; nil if it is not known or sorted
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
	n := &Map{h: header{Kind: object.Map}, sorted: m.sorted, order: m.order, index: maps.Clone(m.index)}
	n.entries = make([]entry, len(m.entries))
	copy(n.entries, m.entries)
	for i := range n.entries {
		n.entries[i].val.Share()
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
	if n := len(m.entries); n == cap(m.entries) {
		m.entries = append(make([]entry, 0, grown(n, 1)), m.entries...)
	}
	if m.index == nil {
		if at := len(m.entries); at < mapLinear {
			m.entries = append(m.entries, entry{})
			for ; at > 0 && m.entries[at-1].key > key; at-- {
				m.entries[at] = m.entries[at-1]
			}
			m.entries[at] = entry{key: key}
			return &m.entries[at].val
		}
		m.reindex()
	}
	if m.sorted && len(m.entries) > 0 && m.entries[len(m.entries)-1].key > key {
		m.sorted = false
	}
	m.order = nil
	m.index[key] = int32(len(m.entries))
	m.entries = append(m.entries, entry{key: key})
	return &m.entries[len(m.entries)-1].val
}

// Growth returns how many bytes adding a property allocates, 0 if there is room
// for it.
func (m *Map) Growth() int {
	n, size := len(m.entries), 0
	if n == cap(m.entries) {
		size = grown(n, 1) * EntrySize
	}
	switch {
	case m.index == nil && n >= mapLinear:
		size += 3 * mapLinear * (IndexedSize - EntrySize)
	case m.index != nil && n&(n-1) == 0:
		// The index doubles about here.
		size += 2 * n * (IndexedSize - EntrySize)
	}
	return size
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
	m.order = nil
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
	m.entries, m.index, m.order, m.sorted = m.entries[:0], nil, nil, true
	if cap(m.entries) > keepRoom {
		m.entries = nil
	}
}

// sort finds out the order of the keys, if it is not known. Frozen maps have it,
// so that this never writes to a map which other goroutines may see. It fails only
// if the meter does.
func (m *Map) sort(g *gauge) error {
	if m.sorted || m.order != nil {
		return nil
	}
	n := len(m.entries)
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
			g.due += len(m.entries[a].key)
			return strings.Compare(m.entries[a].key, m.entries[b].key)
		})
		if err := g.work(EntrySize * len(part)); err != nil {
			return err
		}
	}
	for width := step; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			i, j := lo, mid
			for k := lo; k < hi; k++ {
				if i < mid && (j == hi || m.entries[order[i]].key < m.entries[order[j]].key) {
					buf[k] = order[i]
					i++
				} else {
					buf[k] = order[j]
					j++
				}
				if err := g.work(EntrySize + len(m.entries[buf[k]].key)); err != nil {
					return err
				}
			}
		}
		order, buf = buf, order
	}
	m.order = &order
	return nil
}

// Sort finds out the order of the keys, which [Map.All] and [Map.At] would do all
// at once, under the eyes of a meter.
func (m *Map) Sort(meter Meter) error { return m.sort(&gauge{meter: meter}) }

// at returns the i-th entry in the order of the keys, which is known.
func (m *Map) at(i int) *entry {
	if !m.sorted {
		i = int((*m.order)[i])
	}
	return &m.entries[i]
}

// All iterates over the properties in the byte order of their keys. The map
// must not change meanwhile.
func (m *Map) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		_ = m.sort(nil)
		for i := range m.entries {
			if e := m.at(i); !yield(e.key, e.val) {
				return
			}
		}
	}
}

// At returns the i-th property in key order.
func (m *Map) At(i int) (string, Value) {
	_ = m.sort(nil)
	e := m.at(i)
	return e.key, e.val
}
