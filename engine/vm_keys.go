package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// keyBits is the logarithm of how many keys the machine remembers the slots of.
const keyBits = 8

// findKey returns the place of a key's value, nil if the map has none. Scripts
// often use the very same string again, a literal or an element that they iterate
// over. So the machine remembers in which slot it found the string last, in whichever
// map that was, and tries that slot first, which saves hashing it.
func (m *machine) findKey(in *value.Map, key string) *value.Value {
	// The hint is chosen by the address of the text. The strings of one script stand
	// close together, so that they rarely share a hint.
	at := uint64(uintptr(unsafe.Pointer(unsafe.StringData(key)))) ^ uint64(len(key))<<48
	hint := &m.keys[at*0x9E3779B97F4A7C15>>(64-keyBits)]
	if v := raw.HitText(in, uint(*hint), key); v != nil {
		return v
	}
	v, slot := in.Find(key)
	if v != nil {
		*hint = uint16(slot) // cut short for a huge map: a wrong hint is only a miss
	}
	return v
}

// keyGet reads m[key] for a property that the map has. It reports false if it is
// another case.
func (m *machine) keyGet(in *bytecode.Instr, fp unsafe.Pointer) bool {
	b, c := reg(fp, in.B), reg(fp, in.C)
	if !b.IsMap() || !c.IsString() || c.StrLen() >= lightText {
		return false
	}
	v := m.findKey(b.Map(), c.Str())
	if v == nil {
		return false
	}
	if in.Op == bytecode.Index {
		v.Share()
	}
	reg(fp, in.A).Copy(v)
	return true
}

// keySet executes m[key] = y and m[key] += n for a property that the map has. It
// reports false, with nothing done, if it is another case.
func (m *machine) keySet(in *bytecode.Instr, fp unsafe.Pointer) bool {
	a, b := reg(fp, in.A), reg(fp, in.B)
	if !raw.IsMap(a) || raw.IsShared(a) || !b.IsString() || b.StrLen() >= lightText || m.sized {
		return false
	}
	v, y := m.findKey(a.Map(), b.Str()), reg(fp, in.C)
	switch {
	case v == nil || !v.IsPlain():
		return false
	case in.Op == bytecode.SetIndex:
		v.Copy(y)
		return true
	case in.Op == bytecode.IndexTo && syntax.Token(in.D) == syntax.Plus && raw.IsInt(v) && raw.IsInt(y):
		x, y := v.Int(), y.Int()
		if s := x + y; (x^s)&(y^s) >= 0 {
			raw.PutInt(v, s)
			return true
		}
	}
	return false
}
