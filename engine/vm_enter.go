package engine

import (
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// The quick forms of calls that the compiler cannot resolve: x.f(args), where f is a
// script function or a closure in a property of x, and f.call(args). The run loop calls
// them where it stands, so they are functions that do all of it or nothing: what they
// cannot do in place, such as to grow the stack, is left to the general forms.

// enterMethod begins the function that x.f(args) calls and returns where to go on. x is a
// plain variable, and the function one of this program that needs no imports around it.
// done is false, with nothing done, if any of this does not hold.
//
//go:noinline
func (m *machine) enterMethod(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	s, r := &m.sites[in.D], in.C
	if len(m.pending) > 0 {
		return in, fp, false
	}
	if !s.onVariable {
		if b := reg(fp, in.A); s.onPath && raw.Kind(b) < object.Host && raw.Kind(b) != object.Map {
			return m.leaf(in, fp, s, b, false)
		}
		return in, fp, false
	}
	if r == bytecode.NoReg {
		r = in.A
	}
	this := reg(fp, r)
	kind := raw.Kind(this)
	var cell *raw.CellObject
	if kind == object.Cell {
		// A variable that closures share, which is borrowed during the call.
		if cell = raw.Cell(this); !raw.Writable(cell) {
			return in, fp, false
		}
		this = &cell.V
		kind = raw.Kind(this)
	}
	if kind >= object.Tagged || m.plain != 0 && m.isConst(fp, r) {
		return in, fp, false
	}
	if kind == object.Map {
		// A function pointer in a property shadows methods.
		o := raw.MapFields(raw.Map(this))
		if keys := o.Keys; keys == nil || keys != s.without.Load() {
			n := uint(atomic.LoadUint32(&s.hint))
			var v *value.Value
			if n < uint(len(o.Vals)) && n < uint(len(keys.Names)) && raw.SameText(&keys.Names[n], &s.name) {
				v = &o.Vals[n]
			} else {
				v = s.property(raw.Map(this))
			}
			if v != nil && raw.Kind(v) == object.Fn {
				return m.enter2(in, fp, raw.Fn(v), int(in.B)/bytecode.RegSize-1, this, cell)
			}
		}
	}
	sf := s.method
	if sf == nil {
		return m.leaf(in, fp, s, this, false)
	}
	if len(m.imports) > 0 || m.sp >= len(m.frames) {
		return in, fp, false
	}
	nfp := unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)
	if uintptr(nfp) > m.limit {
		return in, fp, false
	}
	flags := uint32(frameShifted)
	if sf.fn.UsesThis || cell != nil {
		flags |= frameThis
		m.bindThis(this, cell)
	}
	m.frames[m.sp] = uint32(uintptr(unsafe.Pointer(in))-uintptr(m.code)) | flags
	m.sp++
	m.steps -= int64(sf.fn.Cost) + 1
	return m.instr(sf.fn.Entry), nfp, true
}

// callLeaf is [machine.leaf] for f(args), where the first argument is a variable or a
// value.
//
//go:noinline
func (m *machine) callLeaf(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	s, r := &m.sites[in.D], in.C
	if r == bytecode.NoReg {
		r = in.A
	}
	if in.B == 0 || m.plain != 0 && m.isConst(fp, r) {
		return in, fp, false
	}
	first := reg(fp, r)
	if raw.IsCell(first) {
		// A variable that closures share stays as it is.
		if c := raw.Cell(first); raw.Locks(c) == 0 {
			return m.leaf(in, fp, s, &c.V, true)
		}
	}
	return m.leaf(in, fp, s, first, false)
}

// leaf calls a native function that has a short form for these arguments. first is the
// first one, the others stand in the window. done is false, with nothing done, if there is
// none, or if it might change the first one though that is not to be changed.
func (m *machine) leaf(in *bytecode.Instr, fp unsafe.Pointer, s *site, first *value.Value, kept bool) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	c := s.cache.Load()
	if c == nil || m.sized || m.observed || m.traces || len(m.imports) > 0 || len(m.callers) > 0 {
		return in, fp, false
	}
	k := raw.Kind(first)
	types, host := uint64(k)+1, value.TypeAny
	if k >= object.Host {
		if k != object.Host {
			return in, fp, false
		}
		// Only for functions of this very type, which take nothing from it.
		host = first.Host().Type.ID
		types = uint64(host)
	}
	rest := unsafe.Slice((*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)), int(in.B)/bytecode.RegSize-1)
	for i := range rest {
		if k = raw.Kind(&rest[i]); k >= object.Host {
			return in, fp, false
		}
		types = types<<16 | uint64(k) + 1
	}
	for c.types != types {
		if c = c.next; c == nil {
			return in, fp, false
		}
	}
	if c.does == doesLen && raw.IsString(first) {
		if n, ok := m.charsKnown(first.Str()); ok {
			reg(fp, uint16(in.E)).SetInt(int64(n))
			m.steps--
			return next(in), fp, true
		}
	}
	if c.leaf == nil || kept && c.fn.guarded() || s.onPath && c.fn.Receiver > ReceiverRead || host != value.TypeAny && c.fn.Params[0] != host {
		return in, fp, false
	}
	if c.host {
		if m.watched {
			return in, fp, false
		}
		m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, fp, c.fn, false // in case it panics
	}
	v, ok := c.leaf(first, rest)
	if !ok {
		return in, fp, false
	}
	m.steps--
	reg(fp, uint16(in.E)).Copy(&v)
	return next(in), fp, true
}

// enterClosure begins the function that f.call(args) or call(f, args) calls, as
// [machine.enterMethod] does: f is a variable or a temporary.
//
//go:noinline
func (m *machine) enterClosure(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	s := &m.sites[in.D]
	if s.form != formCall {
		return in, fp, false
	}
	r := reg(fp, in.A)
	var hold *raw.CellObject
	if in.C != bytecode.NoReg {
		root := reg(fp, in.C)
		if raw.IsCell(root) {
			c := raw.Cell(root)
			if raw.Locks(c) != 0 || s.This {
				return in, fp, false
			}
			if root = &c.V; s.Method && !raw.IsConst(reg(fp, in.C)) {
				hold = c
			}
		}
		if len(s.Path) == 0 {
			r = root
		}
	}
	if raw.Kind(r) != object.Fn {
		return in, fp, false
	}
	f := raw.FnOf(r)
	if !s.Method && len(f.Curry) == 0 {
		if _, ok := f.Target.(*scriptFunc); !ok {
			return in, fp, false // a native function may change the variable that is its argument
		}
	}
	return m.enter2(in, fp, raw.Fn(r), int(in.B)/bytecode.RegSize-1, nil, hold)
}

// enter2 begins the function of a pointer with n arguments, which stand one register above
// the beginning of the window. this is its receiver, nil for none, and cell the variable
// to be borrowed during the call, nil for none: the one that this or the pointer is in.
func (m *machine) enter2(in *bytecode.Instr, fp unsafe.Pointer, f *value.Fn, n int, this *value.Value, cell *raw.CellObject) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	curry := f.Curry
	n += len(curry)
	sf, _ := raw.Target(f).(*scriptFunc)
	if sf == nil {
		if sf = m.begun(f, &m.sites[in.D], n); sf == nil {
			return in, fp, false
		}
	}
	fn := sf.fn
	nfp := unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)
	if sf.ln != m.ln || len(fn.Params) != n || m.sp >= len(m.frames) || uintptr(nfp) > m.limit || fn.Regs > bytecode.SmallFrame {
		return in, fp, false
	}
	if len(curry) > 0 && (fn.Empty || !curried(curry)) || fn.UsesThis && this == nil && cell == nil {
		return in, fp, false
	}
	if len(curry) > 0 {
		putFirst(nfp, curry, n)
	}
	flags := uint32(frameShifted)
	if fn.UsesThis || cell != nil {
		flags |= frameThis
		m.bindThis(this, cell)
	}
	captures := raw.Captures(f)
	for i := range captures {
		reg(nfp, uint16((n+i)*bytecode.RegSize)).Copy(&captures[i])
	}
	m.frames[m.sp] = uint32(uintptr(unsafe.Pointer(in))-uintptr(m.code)) | flags
	m.sp++
	m.steps -= int64(fn.Cost) + 1
	return m.instr(fn.Entry), nfp, true
}

// curried reports whether the curried arguments of a pointer can be read: none is a
// variable that is in use, or that other runs reach.
func curried(curry []value.Value) bool {
	for i := range curry {
		if raw.IsCell(&curry[i]) && raw.Locks(raw.Cell(&curry[i])) != 0 {
			return false
		}
	}
	return true
}

// putFirst puts curried arguments before the others in a frame, n in all. The pointer
// keeps them: whoever writes into an array or map among them gets a copy of it.
func putFirst(frame unsafe.Pointer, curry []value.Value, n int) {
	k := len(curry)
	regs := unsafe.Slice((*value.Value)(frame), n)
	for i := n - 1; i >= k; i-- {
		regs[i].Copy(&regs[i-k])
	}
	for i := range curry {
		v := &curry[i]
		if raw.IsCell(v) {
			v = &raw.Cell(v).V
		}
		v.Share()
		regs[i].Copy(v)
	}
}

// begun returns the script function of this program that a pointer with another target than
// the function itself means with n arguments, whatever the receiver. It is nil if there is
// none, or if something else has to be looked at.
func (m *machine) begun(f *value.Fn, s *site, n int) *scriptFunc {
	switch t := raw.Target(f).(type) {
	case *boundFunc:
		return m.inScope(f)
	case *linked:
		if t != m.ln {
			return nil
		}
	}
	x := s.called.Load()
	if x == nil || x.n != n || x.name != f.Name {
		if x = s.call(m.ln, f.Name, n); x == nil {
			return nil
		}
	}
	return x.sf
}

// calledName is what a name means with n arguments to the program of a site, immutable.
type calledName struct {
	name string
	n    int
	sf   *scriptFunc // nil if it depends on the receiver or is not for the run loop
}

// call notes what a name means in calls at the site, which belongs to ln. It returns nil if
// the program has no function of the name: then those of its callers count, which differ.
//
//go:noinline
func (s *site) call(ln *linked, name string, n int) *calledName {
	fns := ln.scripts(name, n)
	if len(fns) == 0 {
		return nil
	}
	// The name is the function's own, as that of the pointer may be part of a large text.
	x := &calledName{name: fns[0].fn.Name, n: n, sf: fns[0]}
	for _, sf := range fns {
		if sf.fn.ThisType != "" {
			x.sf = nil
		}
	}
	if x.sf != nil && (x.sf.fn.Empty || x.sf.ln != ln) {
		x.sf = nil
	}
	s.called.Store(x)
	return x
}

// bindThis is [machine.pushThis] for a receiver that is no cell, or in the cell that is
// borrowed here. The run loop takes back such a receiver itself.
func (m *machine) bindThis(this *value.Value, cell *raw.CellObject) {
	n := len(m.thises)
	if n == cap(m.thises) {
		m.thises = append(m.thises, thisSave{})[:n]
	}
	// What is behind the end of the list names no cell and no loan.
	m.thises = m.thises[:n+1]
	t := &m.thises[n]
	if t.this != m.this {
		t.this = m.this
	}
	if cell != nil {
		t.cell = cell
		raw.Borrow(cell)
	}
	t.constant = m.thisConst
	m.this, m.thisConst = this, false
}

// property returns the place of the property that a site names, nil if there is none, and
// remembers where it was, or that maps with these keys have none.
//
//go:noinline
func (s *site) property(mp *value.Map) *value.Value {
	v, slot := mp.Find(s.name)
	if v != nil {
		atomic.StoreUint32(&s.hint, uint32(slot))
	} else if keys := raw.MapFields(mp).Keys; keys != nil && keys.Shared {
		s.without.Store(keys) // they never change
	}
	return v
}

// leafGet reads b.name for a value of a builtin type whose getter has a short form for it.
//
//go:noinline
func (m *machine) leafGet(in *bytecode.Instr, fp unsafe.Pointer) (to *bytecode.Instr, tofp unsafe.Pointer, done bool) {
	b := reg(fp, in.B)
	k := raw.Kind(b)
	if k >= object.Host || k == object.Map || m.observed || m.traces {
		return in, fp, false
	}
	c := m.sites[in.D].cache.Load()
	for c != nil && c.types != uint64(k)+1 {
		c = c.next
	}
	if c == nil {
		return in, fp, false
	}
	if c.does == doesLen && k == object.String {
		if n, ok := m.charsKnown(b.Str()); ok {
			reg(fp, in.A).SetInt(int64(n))
			m.steps--
			return next(in), fp, true
		}
	}
	if c.get == nil {
		return in, fp, false
	}
	v, ok := c.get(b, nil)
	if !ok {
		return in, fp, false
	}
	m.steps--
	reg(fp, in.A).Copy(&v)
	return next(in), fp, true
}
