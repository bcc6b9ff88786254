package value

import (
	"hash/maphash"
	"math"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

var hashSeed = maphash.MakeSeed()

// A hash looks at so many values and so many bytes of a text at most: it only has
// to tell the labels of a switch apart, which are small.
const (
	hashNodes = 64
	hashText  = 256
)

// Hash returns a hash of v that includes its type: 1 and 1.0 differ. Large values
// that only differ far behind may have the same. ok is false for values that
// cannot be labels of a switch: timestamps, host objects, and closures. It takes
// the same short time for values of any size and depth.
func Hash(v Value) (hash uint64, ok bool) {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	var buf [hashNodes]Value
	work := append(buf[:0], v)
	push := func(items []Value) { work = append(work, items[:min(len(items), hashNodes-len(work))]...) }
	for nodes := 0; len(work) > 0 && nodes < hashNodes; nodes++ {
		x := work[len(work)-1].Flat().Plain()
		work = work[:len(work)-1]
		k := x.Kind()
		h.WriteByte(byte(k))
		switch k {
		case KindUnit:
		case KindBool, KindInt, KindFloat, KindChar:
			writeUint(&h, x.n)
		case KindString:
			writeUint(&h, uint64(x.StrLen()))
			h.WriteString(x.Str()[:min(x.StrLen(), hashText)])
		case KindRange, KindRangeInclusive:
			s, e := x.Range()
			writeUint(&h, uint64(s))
			writeUint(&h, uint64(e))
		case KindBlob:
			b := x.Blob().Bytes
			writeUint(&h, uint64(len(b)))
			h.Write(b[:min(len(b), hashText)])
		case KindFn:
			if _, byName := x.Fn().target.(object.ByName); len(x.Fn().captures) > 0 || !byName && x.Fn().target != nil {
				return 0, false
			}
			h.WriteString(x.Fn().Name)
			push(x.Fn().Curry)
		case KindArray:
			writeUint(&h, uint64(len(x.Array().Items)))
			push(x.Array().Items)
		case KindMap:
			m := x.Map()
			writeUint(&h, uint64(m.Len()))
			if m.Len() > object.Linear {
				continue // putting its keys in order would take long
			}
			_ = m.sort(nil)
			for i := range m.Len() {
				name, v := m.at(i)
				h.WriteString(name)
				push([]Value{*v})
			}
		default:
			return 0, false
		}
	}
	return h.Sum64(), true
}

func writeUint(h *maphash.Hash, n uint64) {
	var b [8]byte
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	h.Write(b[:])
}

// Identical reports whether two values are of the same type and the same bits
// all the way down, which is how switch compares.
func Identical(a, b Value) bool {
	same, _ := IdenticalMetered(nil, a, b)
	return same
}

// IdenticalMetered is Identical under the eyes of a meter.
func IdenticalMetered(meter Meter, a, b Value) (bool, error) {
	p := pairs{gauge: gauge{meter: meter}}
	for {
		x, y, done, err := p.bare(a, b)
		if err != nil {
			return false, err
		}
		if !done {
			if same, err := p.identical(x, y); !same || err != nil {
				return false, err
			}
		}
		same, more := true, false
		if a, b, same, more = p.next(); !same || !more {
			return same, p.done()
		}
		if err := p.work(nodeSize); err != nil {
			return false, err
		}
	}
}

// identical compares two plain values; it opens containers.
func (p *pairs) identical(x, y Value) (bool, error) {
	if x.Kind() != y.Kind() {
		return false, nil
	}
	switch x.Kind() {
	case KindFloat:
		return math.Float64bits(x.Float()) == math.Float64bits(y.Float()), nil
	case KindFn:
		if x.Fn().Name != y.Fn().Name || len(x.Fn().Curry) != len(y.Fn().Curry) {
			return false, nil
		}
		return true, p.open(x, y)
	}
	equal, ok, err := p.compare(x, y, nil)
	return equal && ok, err
}
