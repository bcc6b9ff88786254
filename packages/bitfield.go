package packages

import (
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerBitField(m *engine.Module) {
	l := library{m: m}
	l.fn("get_bit(number: int, index: int) -> bool", "Reports whether a bit is set; the index counts from the highest if negative.", func(c context, a []dynamic) (dynamic, error) {
		i, ok := index(64, a[1].Int())
		if !ok {
			return unit, c.BitBounds(a[1].Int())
		}
		return value.Bool(a[0].Int()>>uint(i)&1 != 0), nil
	})
	l.mut("set_bit(number: int, index: int, on: bool)", "Sets or clears a bit; the index counts from the highest if negative.", func(c context, a []dynamic) (dynamic, error) {
		i, ok := index(64, a[1].Int())
		if !ok {
			return unit, c.BitBounds(a[1].Int())
		}
		n := a[0].Int() &^ (1 << uint(i))
		if a[2].Bool() {
			n |= 1 << uint(i)
		}
		a[0] = value.Int(n)
		return unit, nil
	})
	get := "Returns some bits of a number, the lowest first, as a number."
	l.fn("get_bits(number: int, start: int, len: int) -> int", get, getBits)
	l.fn("get_bits(number: int, range: range*) -> int", get, getBits)
	set := "Replaces some bits of a number by the lowest ones of another."
	l.mut("set_bits(number: int, start: int, len: int, bits: int)", set, setBits)
	l.mut("set_bits(number: int, range: range*, bits: int)", set, setBits)
}

// bitSpan returns the shift and the mask of the bits that arguments name, and how
// many arguments they were. The mask is 0 if there are none.
func bitSpan(c context, a []dynamic) (shift uint, mask int64, used int, err error) {
	start, length, used := iterBounds(a)
	if a[0].Kind() == value.KindRangeInclusive {
		if _, end := a[0].Range(); end >= 64 {
			return 0, 0, used, c.BitBounds(end)
		}
	}
	if length <= 0 {
		return 0, 0, used, nil
	}
	i, ok := index(64, start)
	if !ok {
		return 0, 0, used, c.BitBounds(start)
	}
	mask = -1
	if length < 64 {
		mask = 1<<uint(length) - 1
	}
	return uint(i), mask, used, nil
}

func getBits(c context, a []dynamic) (dynamic, error) {
	shift, mask, _, err := bitSpan(c, a[1:])
	return value.Int(int64(uint64(a[0].Int())>>shift) & mask), err
}

func setBits(c context, a []dynamic) (dynamic, error) {
	shift, mask, used, err := bitSpan(c, a[1:])
	if err != nil {
		return unit, err
	}
	bits := a[1+used].Int()
	a[0] = value.Int(a[0].Int()&^(mask<<shift) | bits&mask<<shift)
	return unit, nil
}
