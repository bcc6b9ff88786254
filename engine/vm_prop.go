package engine

import (
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// indexOperand returns the index of an index instruction.
func (m *machine) indexOperand(in *bytecode.Instr, fp unsafe.Pointer, operand uint16, k *value.Value) (*value.Value, *Error) {
	if in.Op == bytecode.IndexInt {
		*k = value.Int(int64(in.D))
		return k, nil
	}
	return m.operand(in, fp, operand, bytecode.PosC)
}

// failIndex raises an error of an index step: at the index, unless it is about
// the container.
func (m *machine) failIndex(in *bytecode.Instr, fp unsafe.Pointer, e *Error) (*bytecode.Instr, unsafe.Pointer) {
	if e.Pos.IsNone() && e.Kind != ErrIndexingType && e.Kind != ErrArithmetic && e.Kind != ErrFunctionNotFound && e.Kind != ErrInFunctionCall {
		e.Pos = m.extraOr(in, bytecode.PosAux)
	}
	if e.Pos.IsNone() && e.Kind == ErrIndexingType {
		switch in.Op {
		case bytecode.SetIndex, bytecode.IndexOwn:
		case bytecode.IndexTo:
			e.Pos = m.extraOr(in, bytecode.PosC)
		default:
			e.Pos = m.extraOr(in, bytecode.PosA)
		}
	}
	return m.fail(in, fp, e)
}

func (m *machine) indexGet(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	b, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	var k value.Value
	i, e := m.indexOperand(in, fp, in.C, &k)
	if e != nil {
		return m.fail(in, fp, e)
	}
	v, e := m.getIndex(b, i, in, fp)
	if e != nil {
		return m.failIndex(in, fp, e)
	}
	if in.Op.Base() != bytecode.IndexPeek {
		v = v.Share()
	}
	*reg(fp, in.A) = v
	return next(in), fp
}

// getIndex reads b[i].
func (m *machine) getIndex(b, i *value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	c, x := b.Plain(), i.Plain()
	switch c.Kind() {
	case value.KindArray:
		if x.IsInt() {
			items := c.Array().Items
			if k, ok := position(x.Int(), len(items)); ok {
				return items[k], nil
			}
			return m.outOfBounds(arrayBounds(x.Int(), len(items)), c, x, in, fp)
		}
		return value.Unit, m.mismatch("i64", x)
	case value.KindMap:
		if x.IsString() {
			if e := m.keyWork(x); e != nil {
				return value.Unit, e
			}
			v, ok := c.Map().Get(x.Str())
			if !ok {
				return m.noProperty(c, x.Str(), in, fp)
			}
			return v, nil
		}
		return value.Unit, m.mismatch("string", x)
	case value.KindBlob:
		if x.IsInt() {
			bytes := c.Blob().Bytes
			if k, ok := position(x.Int(), len(bytes)); ok {
				return value.Int(int64(bytes[k])), nil
			}
			return m.outOfBounds(arrayBounds(x.Int(), len(bytes)), c, x, in, fp)
		}
		return value.Unit, m.mismatch("i64", x)
	case value.KindString:
		if x.IsInt() {
			v, e := m.charAt(c.Str(), x.Int())
			if e != nil && e.Kind == ErrStringBounds {
				return m.outOfBounds(e, c, x, in, fp)
			}
			return v, e
		}
		if k := x.Kind(); k == value.KindRange || k == value.KindRangeInclusive {
			lo, hi, e := m.sliceBounds(c.Str(), x)
			if e != nil {
				return value.Unit, e
			}
			v, err := value.Part(&m.cc, c, lo, hi)
			return v, m.fault(err)
		}
		return value.Unit, m.mismatch("i64", x)
	case value.KindInt:
		if x.IsInt() {
			k, ok := position(x.Int(), 64)
			if !ok {
				return value.Unit, bitBounds(x.Int())
			}
			return value.Bool(c.Int()>>uint(k)&1 != 0), nil
		}
		if k := x.Kind(); k == value.KindRange || k == value.KindRangeInclusive {
			shift, n, e := bitRange(x)
			if e != nil || n == 0 {
				return value.Int(0), e
			}
			if shift+n == 64 {
				return value.Int(c.Int() >> shift), nil // the sign is part of the field
			}
			return value.Int(c.Int() >> shift & bitMask(n)), nil
		}
		return value.Unit, m.mismatch("i64", x)
	}
	args := []value.Value{c.Share(), x.Share()}
	if fn := overload(m.ln.set.natives("index$get$", 2), args); fn != nil {
		return m.callFunc(fn, args, in, fp)
	}
	return value.Unit, m.noIndexer(c, x, nil)
}

func (m *machine) propGet(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	b, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	v, e := m.getProp(b, &m.sites[in.D], in, fp)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if in.Op != bytecode.PropPeek {
		v = v.Share()
	}
	*reg(fp, in.A) = v
	return next(in), fp
}

// getProp reads b.name.
func (m *machine) getProp(b *value.Value, s *site, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	c := b.Plain()
	if c.IsMap() {
		v, slot := c.Map().Find(s.name)
		if v == nil {
			return m.noProperty(c, s.name, in, fp)
		}
		atomic.StoreUint32(&s.hint, uint32(slot))
		return *v, nil
	}
	args := [1]value.Value{*b}
	t := uint64(c.Type())
	var fn *Func
	if r := s.cache.Load().find(t); r != nil {
		fn = r.fn
	} else {
		fn = s.remember(t, overload(m.ln.set.natives("get$"+s.name, 1), args[:]), false)
	}
	if fn != nil {
		return m.callAbove(fn, args[:], in, fp)
	}
	two := []value.Value{c.Share(), value.String(s.name)}
	if fn := overload(m.ln.set.natives("index$get$", 2), two); fn != nil && c.Kind() == value.KindHost {
		return m.callFunc(fn, two, in, fp)
	}
	if v, ok, e := m.unknownProperty(c, s.name, in, fp); ok || e != nil {
		return v, e
	}
	return value.Unit, m.noGetter(s.name, c)
}

// indexSet executes a[b] = c and a[b] op= c.
func (m *machine) indexSet(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if c := escaped(reg(fp, in.A)); c != nil {
		return m.onEscaped(c, in, fp, m.indexSet)
	}
	if r := reg(fp, in.A); constant(r) || raw.IsUndefined(r) {
		return m.onConst(in, fp, m.indexSet)
	}
	a, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	i, e := m.operand(in, fp, in.B, bytecode.PosB)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if e := m.ownRoot(in, a); e != nil {
		return m.fail(in, fp, e)
	}
	y := reg(fp, in.C)
	if in.Op == bytecode.SetIndex {
		// What an element grows by is noticed when the container is used as an
		// argument, as in Rhai; that there are too many elements at the next one.
		if m.sized && a.IsMap() && a.Map().Len() > m.limits.MapSize {
			return m.fail(in, fp, tooLarge("Size of object map"))
		}
		if e := m.setIndex(a, i, *y, in, fp); e != nil {
			return m.failIndex(in, fp, e)
		}
		return m.stored(in, fp, m.element(a, i, y))
	}
	op := syntax.Token(in.D)
	if a.IsMap() && i.IsString() {
		if e := m.roomForKey(a.Map(), i.Plain()); e != nil {
			return m.fail(in, fp, e)
		}
	}
	if e := m.constElement(a, i); e != nil {
		return m.fail(in, fp, e)
	}
	if p := m.directIndex(a, i); p != nil {
		if e := m.opAssign(op, p, y, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		return m.stored(in, fp, p)
	}
	v, e := m.getIndex(a, i, in, fp)
	if e != nil {
		if e.Kind == ErrIndexingType {
			e = m.noIndexer(a.Plain(), i.Plain(), y)
		}
		return m.failIndex(in, fp, e)
	}
	if e := m.intoConst(); e != nil && a.Kind() != value.KindHost {
		return m.fail(in, fp, e)
	}
	v = v.Share()
	if e := m.opAssign(op, &v, y, in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	if e := m.setIndex(a, i, v, in, fp); e != nil {
		return m.failIndex(in, fp, e)
	}
	return m.stored(in, fp, a)
}

// stored verifies the limits on the size of a container that was written to; the
// error is at the assignment.
func (m *machine) stored(in *bytecode.Instr, fp unsafe.Pointer, a *value.Value) (*bytecode.Instr, unsafe.Pointer) {
	if m.sized {
		if in.Op != bytecode.PropInc {
			m.grew(reg(fp, in.C))
		}
		if e := m.checkSize(*a); e != nil {
			e.Pos = m.extraOr(in, bytecode.PosC)
			return m.fail(in, fp, e)
		}
	}
	return next(in), fp
}

// element returns the place of a[i] that y was just stored in: limits look at the
// element. For anything but an array or map that is a itself.
func (m *machine) element(a, i, y *value.Value) *value.Value {
	switch a.Kind() {
	case value.KindArray, value.KindMap:
		return y
	}
	return a
}

// keyWork accounts for looking for a long key.
func (m *machine) keyWork(key value.Value) *Error {
	if key.StrLen() < lightText {
		return nil
	}
	return m.work(key.StrLen())
}

// roomForKey accounts for storing a property by a computed key.
func (m *machine) roomForKey(mp *value.Map, key value.Value) *Error {
	if e := m.keyWork(key); e != nil {
		return e
	}
	if _, slot := mp.Find(key.Str()); slot >= 0 {
		return nil
	}
	return m.charge(mp.Growth())
}

// splice puts a text into the place of the bytes from lo to hi of the string a.
func (m *machine) splice(a *value.Value, lo, hi int, text string) *Error {
	s := a.Str()
	n := len(s) - (hi - lo) + len(text)
	if n > m.textLimit() {
		return tooLarge("Length of string")
	}
	b := value.NewBuilder(&m.cc, n, m.textLimit())
	b.Write(s[:lo])
	b.Write(text)
	b.Write(s[hi:])
	v, err := b.End()
	if err == nil {
		*a = v
	}
	return m.fault(err)
}

// constElement returns the error of a write to a[i], an element or property that is
// part of a constant; nil also if there is no such element.
func (m *machine) constElement(a, i *value.Value) *Error {
	if len(m.pending) > 0 {
		switch {
		case a.IsArray() && i.IsInt():
			if _, ok := position(i.Int(), len(a.Array().Items)); ok {
				return m.intoConst()
			}
		case a.IsMap() && i.IsString():
			return m.intoConst()
		}
	}
	return nil
}

// directIndex returns the place of an element for update in place, nil if there
// is none. A missing property is made first, and stays if the update fails.
func (m *machine) directIndex(a, i *value.Value) *value.Value {
	switch {
	case a.IsArray() && i.IsInt():
		if k, ok := position(i.Int(), len(a.Array().Items)); ok {
			return &a.OwnArray().Items[k]
		}
	case a.IsMap() && i.IsString():
		return a.OwnMap().Place(i.Str())
	}
	return nil
}

// setIndex executes a[i] = y in place.
func (m *machine) setIndex(a, i *value.Value, y value.Value, in *bytecode.Instr, fp unsafe.Pointer) *Error {
	x := i.Plain()
	switch a.Kind() {
	case value.KindArray:
		if !x.IsInt() {
			return m.mismatch("i64", x)
		}
		k, ok := position(x.Int(), len(a.Array().Items))
		if !ok {
			return arrayBounds(x.Int(), len(a.Array().Items))
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		a.OwnArray().Items[k] = y
		return nil
	case value.KindMap:
		if !x.IsString() {
			return m.mismatch("string", x)
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		if e := m.roomForKey(a.Map(), x); e != nil {
			return e
		}
		a.OwnMap().Set(x.Str(), y)
		return nil
	case value.KindBlob:
		if !x.IsInt() {
			return m.mismatch("i64", x)
		}
		k, ok := position(x.Int(), len(a.Blob().Bytes))
		if !ok {
			return arrayBounds(x.Int(), len(a.Blob().Bytes))
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		if !y.IsInt() {
			return m.wrongValue("INT", y, in)
		}
		a.OwnBlob().Bytes[k] = byte(y.Int())
		return nil
	case value.KindString, value.KindInt:
		tag := a.Tag()
		set := m.setBits
		if a.IsString() {
			set = m.setChars
		}
		e := set(a, x, y, in)
		if tag != 0 && e == nil {
			m.took(value.TaggedSize)
			*a = a.WithTag(tag)
		}
		return e
	}
	args := []value.Value{*a, x, y}
	if fn := overload(m.ln.set.natives("index$set$", 3), args); fn != nil {
		if m.intoConst() != nil {
			return constIndexer()
		}
		_, e := m.callFunc(fn, args, in, fp)
		*a = args[0]
		return e
	}
	return m.noIndexer(*a, x, &y)
}

// wrongValue is the error of a value that cannot be stored: at the assignment.
func (m *machine) wrongValue(want string, got value.Value, in *bytecode.Instr) *Error {
	e := m.mismatch(want, got)
	e.Pos = m.extraOr(in, bytecode.PosC)
	if in.Op == bytecode.IndexTo {
		e.Pos = m.pos(in)
	}
	return e
}

// setChars executes s[i] = c and s[range] = text.
func (m *machine) setChars(a *value.Value, x, y value.Value, in *bytecode.Instr) *Error {
	s := a.Str()
	switch x.Kind() {
	case value.KindInt:
		off, ok, e := m.charOffset(s, x.Int())
		if e != nil {
			return e
		}
		if !ok {
			return m.stringBounds(s, x.Int())
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		if !y.IsChar() {
			return m.wrongValue("char", y, in)
		}
		_, n := utf8.DecodeRuneInString(s[off:])
		return m.splice(a, off, off+n, string(y.Char()))
	case value.KindRange, value.KindRangeInclusive:
		lo, hi, e := m.sliceBounds(s, x)
		if e != nil {
			return e
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		text, e := m.text(y, value.DisplayForm)
		if e != nil {
			return e
		}
		return m.splice(a, lo, hi, text)
	}
	return m.mismatch("i64", x)
}

// setBits executes n[i] = bool and n[range] = bits.
func (m *machine) setBits(a *value.Value, x, y value.Value, in *bytecode.Instr) *Error {
	switch x.Kind() {
	case value.KindInt:
		k, ok := position(x.Int(), 64)
		if !ok {
			return bitBounds(x.Int())
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		if !y.IsBool() {
			return m.wrongValue("bool", y, in)
		}
		n := a.Int() &^ (1 << uint(k))
		if y.Bool() {
			n |= 1 << uint(k)
		}
		*a = value.Int(n)
		return nil
	case value.KindRange, value.KindRangeInclusive:
		shift, n, e := bitRange(x)
		if e != nil {
			return e
		}
		if e := m.intoConst(); e != nil {
			return e
		}
		if !y.IsInt() {
			return m.wrongValue("integer", y, in)
		}
		if n == 0 {
			return nil
		}
		mask := bitMask(n)
		*a = value.Int(a.Int()&^(mask<<shift) | (y.Int()&mask)<<shift)
		return nil
	}
	return m.mismatch("i64", x)
}

// propSet executes a.name = c and a.name op= c.
func (m *machine) propSet(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	if in.Op == bytecode.SetProp {
		if a := reg(fp, in.A); raw.IsMap(a) && !raw.IsShared(a) && !m.sized && len(m.pending) == 0 {
			return m.propAdd(a.Map(), in, fp)
		}
	}
	if c := escaped(reg(fp, in.A)); c != nil {
		return m.onEscaped(c, in, fp, m.propSet)
	}
	if r := reg(fp, in.A); constant(r) || raw.IsUndefined(r) {
		return m.onConst(in, fp, m.propSet)
	}
	a, e := m.operand(in, fp, in.A, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	s := &m.sites[in.D]
	if a.IsMap() {
		if e := m.ownRoot(in, a); e != nil {
			return m.fail(in, fp, e)
		}
	}
	y, old := reg(fp, in.C), *a
	if in.Op == bytecode.SetProp {
		if e := m.setProp(a, s, *y, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		m.replaceIn(optional(fp, in.B), old, a)
		return m.stored(in, fp, a)
	}
	op := syntax.Token(in.E)
	if in.Op == bytecode.PropInc {
		op = syntax.Plus
	}
	if a.IsMap() {
		if e := m.intoConst(); e != nil {
			return m.fail(in, fp, e)
		}
		p, slot := a.OwnMap().Find(s.name)
		if p == nil {
			// It is made as unit first, and stays if the update fails.
			if e := m.charge(raw.PropGrowth(a.Map())); e != nil {
				return m.fail(in, fp, e)
			}
			p, slot = raw.AddProp(a.Map(), s.name)
		}
		atomic.StoreUint32(&s.hint, uint32(slot))
		if e := m.opAssign(op, p, y, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		return m.stored(in, fp, a)
	}
	v, e := m.getProp(a, s, in, fp)
	if e != nil {
		e.Pos = m.extraOr(in, bytecode.PosAux)
		return m.fail(in, fp, e)
	}
	if e := m.opAssign(op, &v, y, in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	if e := m.setProp(a, s, v, in, fp); e != nil {
		if e.Pos.IsNone() {
			e.Pos = m.extraOr(in, bytecode.PosAux)
		}
		return m.fail(in, fp, e)
	}
	m.replaceIn(optional(fp, in.B), old, a)
	return m.stored(in, fp, a)
}

// propAdd executes a.name = c for a map that is owned and not part of a constant.
func (m *machine) propAdd(mp *value.Map, in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	p, slot := mp.Find(s.name)
	if p == nil {
		if e := m.charge(raw.PropGrowth(mp)); e != nil {
			return m.fail(in, fp, e)
		}
		p, slot = raw.AddProp(mp, s.name)
	}
	p.Copy(reg(fp, in.C))
	atomic.StoreUint32(&s.hint, uint32(slot))
	return next(in), fp
}

// optional returns a register, nil if there is none.
func optional(fp unsafe.Pointer, operand uint16) *value.Value {
	if operand == bytecode.NoReg {
		return nil
	}
	return reg(fp, operand)
}

// replaceIn puts what a setter made of an array or blob into the container that it is
// an element or property of, or to where it waits to be written back; outer is nil if there
// is no container. The register that a chain of writes works on refers to the same
// object, which is enough for all but a new tag.
func (m *machine) replaceIn(outer *value.Value, old value.Value, now *value.Value) {
	if k := old.Kind(); outer == nil || now.Same(old) || k != value.KindArray && k != value.KindBlob {
		return
	}
	if n := len(m.pending); n > 0 && m.pending[n-1].place != nil && m.pending[n-1].place.Same(old) {
		*m.pending[n-1].place = *now
		return
	}
	switch c := outer.Flat(); c.Kind() {
	case value.KindArray:
		items := c.OwnArray().Items
		for i := range items {
			if items[i].Same(old) {
				items[i] = *now
				return
			}
		}
	case value.KindMap:
		for k, v := range c.Map().All() {
			if v.Same(old) {
				*c.OwnMap().Place(k) = *now
				return
			}
		}
	}
}

// setProp executes a.name = y in place.
func (m *machine) setProp(a *value.Value, s *site, y value.Value, in *bytecode.Instr, fp unsafe.Pointer) *Error {
	if a.IsMap() {
		if e := m.intoConst(); e != nil {
			return e
		}
		if e := m.own(a); e != nil {
			return e
		}
		mp := a.OwnMap()
		p, slot := mp.Find(s.name)
		if p == nil {
			if e := m.charge(raw.PropGrowth(mp)); e != nil {
				return e
			}
			p, slot = raw.AddProp(mp, s.name)
		}
		*p = y
		atomic.StoreUint32(&s.hint, uint32(slot))
		return nil
	}
	args := []value.Value{*a, y}
	if fn := overload(m.ln.set.natives("set$"+s.name, 2), args); fn != nil {
		if m.intoConst() != nil {
			return constProperty(s.name)
		}
		_, e := m.callFunc(fn, args, in, fp)
		*a = args[0]
		return e
	}
	args = []value.Value{*a, value.String(s.name), y}
	if fn := overload(m.ln.set.natives("index$set$", 3), args); fn != nil && a.Kind() == value.KindHost {
		if m.intoConst() != nil {
			return constIndexer()
		}
		_, e := m.callFunc(fn, args, in, fp)
		*a = args[0]
		return e
	}
	return m.noSetter(s.name, *a, y)
}
