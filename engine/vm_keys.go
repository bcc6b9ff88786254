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

// keyGet reads m[key] for a short key and a property that the map has. done is false, with
// nothing done, if it is another case. The run loop calls it where it stands, as it does
// [machine.keySet], so that they return where to go on.
//
//go:noinline
func (m *machine) keyGet(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	b, c := reg(fp, in.B), reg(fp, in.C)
	if !raw.IsMap(b) || !raw.IsString(c) || raw.Int(c) >= lightText {
		return in, fp, false
	}
	v := m.findKey(raw.Map(b), c.Str())
	if v == nil {
		return in, fp, false
	}
	if in.Op == bytecode.Index {
		v.Share()
	}
	reg(fp, in.A).Copy(v)
	return next(in), fp, true
}

// keySet executes m[key] = y and m[key] += n for a short key and a property that the map
// has.
//
//go:noinline
func (m *machine) keySet(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	a, b := reg(fp, in.A), reg(fp, in.B)
	if !raw.IsMap(a) || raw.IsShared(a) || !raw.IsString(b) || raw.Int(b) >= lightText || m.sized {
		return in, fp, false
	}
	v, y := m.findKey(raw.Map(a), b.Str()), reg(fp, in.C)
	switch {
	case v == nil || !v.IsPlain():
		return in, fp, false
	case in.Op == bytecode.SetIndex:
		v.Copy(y)
		return next(in), fp, true
	case in.Op == bytecode.IndexTo && syntax.Token(in.D) == syntax.Plus && raw.IsInt(v) && raw.IsInt(y):
		x, y := raw.Int(v), raw.Int(y)
		if s := x + y; (x^s)&(y^s) >= 0 {
			raw.PutInt(v, s)
			return next(in), fp, true
		}
	}
	return in, fp, false
}
