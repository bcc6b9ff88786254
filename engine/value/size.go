package value

import "math"

// Count is what the limits on the size of data are about, nested values included:
// the elements of arrays and bytes of blobs, the properties of maps, and the bytes
// of strings.
type Count struct{ Arrays, Maps, Strings int }

// Add adds another count. The sum stays at the largest int once it is reached.
func (c *Count) Add(d Count) {
	c.Arrays = saturated(c.Arrays, d.Arrays)
	c.Maps = saturated(c.Maps, d.Maps)
	c.Strings = saturated(c.Strings, d.Strings)
}

func saturated(a, b int) int { return a + min(b, math.MaxInt-a) }

// Sizes counts a value. Shared parts count as often as they occur, but are looked
// at once; what is inside itself counts once.
func Sizes(v Value) (arrays, maps, strings int) {
	c, _ := SizesMetered(nil, v)
	return c.Arrays, c.Maps, c.Strings
}

// sizeFrame is a container whose elements are being counted.
type sizeFrame struct {
	of    *header
	items []Value
	m     *Map
	i     int
	keep  bool // the object may be met again
	Count
}

// counter counts without recursion.
type counter struct {
	gauge
	stack []sizeFrame
	known map[*header]*Count
	nodes int
}

// SizesMetered is [Sizes] under the eyes of a meter.
func SizesMetered(meter Meter, v Value) (Count, error) {
	var total Count
	if flatSize(v, &total) {
		return total, nil
	}
	c := counter{gauge: gauge{meter: meter}}
	if err := c.add(v, &total); err != nil {
		return total, err
	}
	for len(c.stack) > 0 {
		top := &c.stack[len(c.stack)-1]
		n := len(top.items)
		if top.m != nil {
			n = top.m.Len()
		}
		if top.i == n {
			done := *top
			c.stack[len(c.stack)-1] = sizeFrame{}
			c.stack = c.stack[:len(c.stack)-1]
			if done.keep {
				*c.known[done.of] = done.Count
			}
			if len(c.stack) == 0 {
				total.Add(done.Count)
			} else {
				c.stack[len(c.stack)-1].Add(done.Count)
			}
			continue
		}
		i := top.i
		top.i++
		if err := c.work(nodeSize); err != nil {
			return total, err
		}
		var x Value
		if top.m != nil {
			x = top.m.vals[i]
		} else {
			x = top.items[i]
		}
		if !flatSize(x, &top.Count) {
			if err := c.add(x, &top.Count); err != nil {
				return total, err
			}
		}
	}
	return total, c.done()
}

// flatSize counts a value that is no array or map; it reports false for these.
func flatSize(v Value, to *Count) bool {
	switch v.Kind() {
	case KindString:
		to.Strings = saturated(to.Strings, v.StrLen())
	case KindBlob:
		to.Arrays = saturated(to.Arrays, len(v.Blob().Bytes))
	case KindArray, KindMap, kindCell:
		return false
	}
	return true
}

// add counts a value, or opens it. A container that is open already counts nothing.
func (c *counter) add(v Value, to *Count) error {
	p := v.p
	cell := v.Kind() == kindCell
	if v = v.Flat().Plain(); flatSize(v, to) {
		return nil
	}
	f := sizeFrame{of: v.p}
	if cell {
		f.of = p // a cycle leads through a cell
	}
	if c.nodes++; cell || c.nodes >= visitFree && v.p.Shared {
		if k := c.known[f.of]; k != nil {
			to.Add(*k)
			return nil
		}
		if c.known == nil {
			c.known = map[*header]*Count{}
		}
		if err := c.charge(96); err != nil {
			return err
		}
		c.known[f.of] = &Count{}
		f.keep = true
	}
	if v.IsMap() {
		f.m = v.Map()
		f.Maps = f.m.Len()
	} else {
		f.items = v.Array().Items
		f.Arrays = len(f.items)
	}
	if len(c.stack) == cap(c.stack) {
		room := max(2, 2*len(c.stack))
		if err := c.charge(80 * room); err != nil {
			return err
		}
		c.stack = append(make([]sizeFrame, 0, room), c.stack...)
	}
	c.stack = append(c.stack, f)
	return nil
}
