package value

import (
	"hash/maphash"
	"math"
)

var hashSeed = maphash.MakeSeed()

// Hash returns a hash of v that includes its type: 1 and 1.0 differ. ok is false
// for values that cannot be labels of a switch: timestamps, host objects, and
// closures. It is safe for values of any depth.
func Hash(v Value) (hash uint64, ok bool) {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	work := []Value{v}
	for len(work) > 0 {
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
			h.WriteString(x.Str())
		case KindRange, KindRangeInclusive:
			s, e := x.Range()
			writeUint(&h, uint64(s))
			writeUint(&h, uint64(e))
		case KindBlob:
			writeUint(&h, uint64(len(x.Blob().Bytes)))
			h.Write(x.Blob().Bytes)
		case KindFn:
			if len(x.Fn().captures) > 0 || x.Fn().target != nil {
				return 0, false
			}
			h.WriteString(x.Fn().Name)
			work = append(work, x.Fn().Curry...)
		case KindArray:
			writeUint(&h, uint64(len(x.Array().Items)))
			work = append(work, x.Array().Items...)
		case KindMap:
			writeUint(&h, uint64(x.Map().Len()))
			for key, val := range x.Map().All() {
				h.WriteString(key)
				work = append(work, val)
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
	type pair struct{ a, b Value }
	work := []pair{{a, b}}
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		x, y := p.a.Flat().Plain(), p.b.Flat().Plain()
		if x.Kind() != y.Kind() {
			return false
		}
		switch x.Kind() {
		case KindUnit:
		case KindBool, KindInt, KindChar:
			if x.n != y.n {
				return false
			}
		case KindFloat:
			if math.Float64bits(x.Float()) != math.Float64bits(y.Float()) {
				return false
			}
		case KindArray:
			ax, ay := x.Array().Items, y.Array().Items
			if len(ax) != len(ay) {
				return false
			}
			for i := range ax {
				work = append(work, pair{ax[i], ay[i]})
			}
		case KindMap:
			if x.Map().Len() != y.Map().Len() {
				return false
			}
			for k, v := range x.Map().All() {
				w, ok := y.Map().Get(k)
				if !ok {
					return false
				}
				work = append(work, pair{v, w})
			}
		case KindFn:
			if x.Fn().Name != y.Fn().Name || len(x.Fn().Curry) != len(y.Fn().Curry) {
				return false
			}
			for i := range x.Fn().Curry {
				work = append(work, pair{x.Fn().Curry[i], y.Fn().Curry[i]})
			}
		default:
			if eq, ok := Equal(x, y); !eq || !ok {
				return false
			}
		}
	}
	return true
}
