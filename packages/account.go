package packages

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// What functions here share to account for their work and their memory. Whatever
// touches n bytes says so, at the latest when it has touched a quarter of a
// megabyte, and whatever allocates says so before.

const (
	// step is the work after which the run hears of it.
	step = 64 << 10
	// light is work that is not worth mentioning.
	light = 1 << 10
)

// stepper tells the run about work that is done bit by bit.
type stepper struct {
	c   context
	due int
}

// step notes that n bytes are touched.
func (p *stepper) step(n int) error {
	if p.due += n; p.due < step {
		return nil
	}
	n, p.due = p.due, 0
	return p.c.Work(n)
}

// end notes the rest.
func (p *stepper) end() error {
	if p.due < light {
		return nil
	}
	return p.c.Work(p.due)
}

// touch notes n bytes that are about to be touched all at once, by what is as quick
// as moving memory.
func touch(c context, n int) error {
	for ; n > step; n -= step {
		if err := c.Work(step); err != nil {
			return err
		}
	}
	if n < light {
		return nil
	}
	return c.Work(n)
}

// touchItems is touch for n values.
func touchItems(c context, n int) error { return touch(c, n*value.Size) }

// ownArray returns the array in a[0] for writing.
func ownArray(c context, a []dynamic) (*value.Array, error) {
	if a[0].IsShared() {
		if err := a[0].Own(c); err != nil {
			return nil, err
		}
	}
	return a[0].Array(), nil
}

// ownBlob returns the blob in a[0] for writing.
func ownBlob(c context, a []dynamic) (*value.Blob, error) {
	if a[0].IsShared() {
		if err := a[0].Own(c); err != nil {
			return nil, err
		}
	}
	return a[0].Blob(), nil
}

// ownMap returns the map in a[0] for writing.
func ownMap(c context, a []dynamic) (*value.Map, error) {
	if a[0].IsShared() {
		if err := a[0].Own(c); err != nil {
			return nil, err
		}
	}
	return a[0].Map(), nil
}

// newItems returns an empty slice with room for the n elements of an array.
func newItems(c context, n int) ([]dynamic, error) {
	if err := c.Charge(value.ArraySize + n*value.Size); err != nil {
		return nil, err
	}
	return make([]dynamic, 0, n), nil
}

// copyOf returns a copy of items that stay in use where they are.
func copyOf(c context, items []dynamic) ([]dynamic, error) {
	out, err := newItems(c, len(items))
	if err != nil {
		return nil, err
	}
	return appendShared(c, out, items)
}

// appendShared appends items that stay in use where they are; there is room.
func appendShared(c context, dst, items []dynamic) ([]dynamic, error) {
	for part := range slices.Chunk(items, step/value.Size) {
		if len(part) >= light/value.Size {
			if err := c.Work(len(part) * value.Size); err != nil {
				return nil, err
			}
		}
		for i := range part {
			dst = append(dst, part[i].Share())
		}
	}
	return dst, nil
}

// newBlob makes n bytes of a value.
func newBlob(c context, n int, x byte) ([]byte, error) {
	if err := c.Charge(value.BlobSize + n); err != nil {
		return nil, err
	}
	b := value.MakeText(n)[:n]
	return b, fill(c, b, x)
}

// list collects the elements of an array whose number is not known beforehand.
type list struct {
	c context
	a value.Array
	stepper
}

func newList(c context) (*list, error) {
	return &list{c: c, stepper: stepper{c: c}}, c.Charge(value.ArraySize)
}

// add appends an element.
func (l *list) add(v dynamic) error {
	if n := len(l.a.Items); n == cap(l.a.Items) {
		if err := l.c.CheckArray(n + 1); err != nil {
			return err
		}
		if err := l.a.Reserve(l.c, 1); err != nil {
			return err
		}
	}
	l.a.Items = append(l.a.Items, v)
	return l.step(value.Size)
}

// end returns the array.
func (l *list) end() (dynamic, error) {
	if err := l.c.CheckArray(len(l.a.Items)); err != nil {
		return unit, err
	}
	return value.NewArray(l.a.Items), l.stepper.end()
}

// text makes a string of a text that is there already.
func text(c context, s string) (dynamic, error) {
	return value.String(s), c.Charge(value.StringSize)
}

// newText makes a string of a short text that was made for it.
func newText(c context, s string) (dynamic, error) {
	return value.String(s), c.Charge(value.StringSize + len(s))
}

// setProperty stores a property in a map that is owned.
func setProperty(c context, m *value.Map, key string, v dynamic) error {
	if p, _ := m.Find(key); p != nil {
		*p = v
		return nil
	}
	if err := c.Charge(m.Growth()); err != nil {
		return err
	}
	m.Set(key, v)
	return nil
}

// newMap makes a map with room for n properties.
func newMap(c context, n int) (*value.Map, error) {
	return value.NewMap(n), c.Charge(value.MapSize + value.KeysSize + n*value.EntrySize)
}

// partOf returns the byte offsets of a part of a text given in characters, clamped
// as by clip.
func partOf(c context, s string, start, length int64) (lo, hi int, err error) {
	if start < 0 {
		n, err := c.CharCount(s)
		if err != nil {
			return 0, 0, err
		}
		start = max(start+int64(n), 0)
	}
	if lo, err = offsetOf(c, s, start); err != nil || length <= 0 {
		return lo, lo, err
	}
	if length > int64(len(s)) {
		return lo, len(s), nil
	}
	hi, err = offsetOf(c, s, start+length)
	return lo, hi, err
}

// offsetOf returns the byte offset of the i-th character, or the length of s.
func offsetOf(c context, s string, i int64) (int, error) {
	if i >= int64(len(s)) {
		return len(s), nil
	}
	off, ok, err := c.CharOffset(s, i)
	if !ok {
		off = len(s)
	}
	return off, err
}
