package engine

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// method calls x.name(args). The arguments stand behind the first register of
// the window; the receiver is the variable C, or what the site's path leads to
// from there (its value is in the window already), or a temporary in the window.
func (m *machine) method(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	n := int(in.B) / bytecode.RegSize
	args := regs(fp, in.A, n)
	ref, e := m.place(in, fp, s, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if ref != nil && len(s.Path) == 0 {
		args[0] = *ref
	}
	// A function pointer in a property shadows methods.
	if args[0].IsMap() {
		if v, _ := args[0].Map().Find(s.name); v != nil && v.IsFn() {
			if s.onVariable && atomic.LoadUint32(&s.enters)&triesQuick == 0 {
				atomic.OrUint32(&s.enters, triesQuick)
			}
			if m.isConstReceiver(in, fp, s) {
				args[0] = constCell(args[0])
				return m.callPointer(in, fp, v.Fn(), args[1:], &args[0], nil)
			}
			place, e := m.receiver(in, fp, s, ref)
			if e != nil {
				return m.fail(in, fp, e)
			}
			f, this := v.Fn(), m.lockable(in, fp, s, place, &args[0])
			if len(m.pending) > 0 {
				return m.pointerOnTemp(in, fp, f, this, args[1:])
			}
			return m.callPointer(in, fp, f, args[1:], this, nil)
		}
	}
	script := s.script
	if len(m.imports) > 0 {
		script = append(script[:len(script):len(script)], m.importedScripts(s.name, n-1)...)
	}
	if len(m.callers) > 0 && len(script) == 0 {
		script = m.scripts(s.name, n-1)
	}
	if len(script) > 0 {
		if sf := m.scriptMethod(script, args[0]); sf != nil {
			this := &args[0]
			if ref != nil {
				if sf.fn.Mutates || len(s.Path) == 0 {
					place, e := m.receiver(in, fp, s, ref)
					if e != nil {
						return m.fail(in, fp, e)
					}
					this = m.lockable(in, fp, s, place, this)
				} else {
					args[0].Share()
				}
			}
			if m.isConstReceiver(in, fp, s) {
				// The method gets a constant of its own.
				args[0] = constCell(this.Flat())
				this = &args[0]
			}
			if raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
				return m.fail(in, fp, dataRace())
			}
			if len(m.pending) > 0 {
				return m.methodOnTemp(in, fp, sf, this, args[1:])
			}
			return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize), nil, this, nil, frameThis|frameShifted)
		}
	}
	fn := m.resolve(s, args)
	if fn == nil {
		return m.missing(in, fp, s, args)
	}
	isConst := m.isConstReceiver(in, fp, s)
	if fn.guarded() && isConst {
		return m.fail(in, fp, nonPure(s.name))
	}
	if ref != nil && len(s.Path) > 0 {
		if isConst || !fn.changesReceiver(args) && !m.callsNamed(fn, args) {
			// The value in the window is all it needs.
			return m.callNative(in, fp, fn, args, nil, isConst)
		}
		if m.beginsConst(in, fp, s) {
			// No setter gets back what becomes of a copy of something in a constant.
			x := ref.Share()
			ref = &x
			m.pending = append(m.pending, writeBack{fault: constError("")})
		}
		if ref, e = m.receiver(in, fp, s, ref); e != nil {
			return m.fail(in, fp, e)
		}
		args[0] = *ref
		// What it changes is the last part of the path, not the parts that this is in.
		held := m.holdPending()
		if n := len(held) - 1; n > 0 {
			held = append(slices.DeleteFunc(held[:n:n], func(w writeBack) bool { return w.part() }), held[n])
		}
		in2, fp2 := m.callNative(in, fp, fn, args, ref, false)
		if len(held) > 0 && in2 == next(in) {
			m.pending = held
			if e := m.flush(in, fp); e != nil {
				return m.fail(in, fp, e)
			}
		}
		return in2, fp2
	}
	return m.callNative(in, fp, fn, args, ref, isConst)
}

// callsNamed reports whether a call may be that of a script function which an argument names.
func (m *machine) callsNamed(f *Func, args []value.Value) bool {
	if !f.takesName() || !args[1].IsString() {
		return false
	}
	if len(m.imports) > 0 || len(m.callers) > 0 {
		return true
	}
	for n := range maxNamedArgs + 1 {
		if len(m.ln.scripts(args[1].Str(), n)) > 0 {
			return true
		}
	}
	return false
}

// maxNamedArgs is how many arguments functions of arrays pass at most to one that is named.
const maxNamedArgs = 4

// methodOnTemp calls a script function on a receiver that has no place of its
// own.
func (m *machine) methodOnTemp(in *bytecode.Instr, fp unsafe.Pointer, sf *scriptFunc, this *value.Value, args []value.Value) (*bytecode.Instr, unsafe.Pointer) {
	return m.thenWriteBack(in, fp, func() (value.Value, *Error) {
		v, e := m.invoke(in, fp, 1, sf, nil, this, args, nil)
		if e == nil {
			return v, nil
		}
		return v, m.inCall(e, sf.fn.Name, sf.ln.source(), in)
	})
}

// pointerOnTemp is methodOnTemp for a function pointer.
func (m *machine) pointerOnTemp(in *bytecode.Instr, fp unsafe.Pointer, f *value.Fn, this *value.Value, args []value.Value) (*bytecode.Instr, unsafe.Pointer) {
	return m.thenWriteBack(in, fp, func() (value.Value, *Error) { return m.callFn(f, this, args, in, fp) })
}

// thenWriteBack makes a call whose receiver has no place of its own, such as a
// character of a string or an element of a variable that has escaped, and puts back
// what the call left of the variable.
func (m *machine) thenWriteBack(in *bytecode.Instr, fp unsafe.Pointer, call func() (value.Value, *Error)) (*bytecode.Instr, unsafe.Pointer) {
	held := m.holdPending()
	v, e := call()
	if e != nil {
		return m.unwind(in, fp, e)
	}
	// As in Rhai a script function does not change characters, bytes, bits and what
	// getters gave; native ones do.
	m.pending = slices.DeleteFunc(held, func(w writeBack) bool { return w.cell == nil })
	if e := m.flush(in, fp); e != nil {
		return m.fail(in, fp, e)
	}
	deliver(in, fp, v)
	return next(in), fp
}

// holdPending takes the pending writes out of the way of a call, which has chains
// of its own.
func (m *machine) holdPending() []writeBack {
	if len(m.pending) == 0 {
		return nil
	}
	held := m.pending
	m.pending = nil
	return held
}

// isConstReceiver reports whether the receiver of a call is a constant or inside
// one.
func (m *machine) isConstReceiver(in *bytecode.Instr, fp unsafe.Pointer, s *site) bool {
	return m.beginsConst(in, fp, s) && (len(s.Path) == 0 || !m.leavesConst(in, fp, s))
}

// beginsConst reports whether the chain that leads to the receiver of a call begins
// with a constant.
func (m *machine) beginsConst(in *bytecode.Instr, fp unsafe.Pointer, s *site) bool {
	return s.Const || s.This && m.thisConst || in.C != bytecode.NoReg && m.isConst(fp, in.C)
}

// leavesConst reports whether the path from a constant to the receiver of a call leads
// out of it: what a getter returns, and the unit for a property that does not exist,
// are copies.
func (m *machine) leavesConst(in *bytecode.Instr, fp unsafe.Pointer, s *site) bool {
	if in.C == bytecode.NoReg {
		return false
	}
	v := reg(fp, in.C).Flat()
	if s.This {
		v = m.this.Flat()
	}
	for _, step := range s.Path {
		c, x := v.Plain(), value.Int(int64(step.Int))
		if step.Prop < 0 && !step.IsInt {
			x = reg(fp, step.Reg).Flat()
		}
		switch {
		case step.Prop >= 0 && c.IsMap():
			p, _ := c.Map().Find(m.sites[step.Prop].name)
			if p == nil {
				return true
			}
			v = *p
		case step.Prop >= 0 || c.Kind() == value.KindHost:
			return true
		case c.IsMap() && x.IsString():
			p, _ := c.Map().Find(x.Str())
			if p == nil {
				return true
			}
			v = *p
		default:
			var e *Error
			if v, e = m.getIndex(&c, &x, in, fp); e != nil {
				return false
			}
		}
	}
	return false
}

// lockable returns the place of a receiver as a reference that can be locked: the
// variable's register if it holds a cell and is the receiver itself.
func (m *machine) lockable(in *bytecode.Instr, fp unsafe.Pointer, s *site, place, fallback *value.Value) *value.Value {
	if place == nil {
		return fallback
	}
	if len(s.Path) == 0 && raw.IsCell(reg(fp, in.C)) {
		return reg(fp, in.C)
	}
	return place
}

// receiver walks the site's path from the variable for writing and returns the
// place at its end.
func (m *machine) receiver(in *bytecode.Instr, fp unsafe.Pointer, s *site, ref *value.Value) (*value.Value, *Error) {
	p := ref
	if p == nil {
		return nil, nil
	}
	if len(s.Path) > 0 {
		m.commitLater(escaped(reg(fp, in.C)), p)
	}
	for _, step := range s.Path {
		var e *Error
		if step.Prop >= 0 {
			n := len(m.pending)
			p, e = m.ownProp(p, &m.sites[step.Prop], in, fp)
			if len(m.pending) > n {
				m.pending[n].pos = step.Pos
			}
		} else {
			i := value.Int(int64(step.Int))
			if !step.IsInt {
				i = reg(fp, step.Reg).Flat()
			}
			p, e = m.ownIndex(p, &i, in, fp)
		}
		if e != nil {
			if e.Pos.IsNone() {
				e.Pos = step.Pos
			}
			return nil, e
		}
	}
	return p, nil
}

// scriptMethod chooses the script function for a receiver: one declared for its
// type, else one for any.
func (m *machine) scriptMethod(fns []*scriptFunc, this value.Value) *scriptFunc {
	name := ""
	for _, sf := range fns {
		if sf.fn.ThisType == "" {
			return sf
		}
		if name == "" {
			name = m.typeName(this)
		}
		if sf.fn.ThisType == name {
			return sf
		}
	}
	return nil
}

// callPointer calls a function pointer with arguments that stand in the window,
// one register above its beginning. hold is the shared variable that the pointer
// was reached through, nil if there is none: it is locked during the call.
func (m *machine) callPointer(in *bytecode.Instr, fp unsafe.Pointer, f *value.Fn, args []value.Value, this *value.Value, hold *raw.CellObject) (*bytecode.Instr, unsafe.Pointer) {
	nfp := unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)
	if len(args) == 0 || unsafe.Pointer(unsafe.SliceData(args)) == nfp {
		if sf := m.pointee(in, f, len(args), nfp); sf != nil {
			if this != nil && raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
				return m.fail(in, fp, dataRace())
			}
			if len(f.Curry) > 0 {
				putFirst(nfp, f.Curry, len(sf.fn.Params))
			}
			return m.enterScript(in, fp, sf, nfp, raw.Captures(f), this, hold, frameThis|frameShifted)
		}
	}
	if hold != nil {
		m.lock(hold)
	}
	v, e := m.callFn(f, this, args, in, fp)
	if hold != nil {
		m.unlock(len(m.locks) - 1)
	}
	if e != nil {
		return m.unwind(in, fp, e)
	}
	deliver(in, fp, v)
	return next(in), fp
}

// pointee returns the script function that a pointer means with n arguments, which stand
// at nfp, if the run loop can call it where it is; else nil.
func (m *machine) pointee(in *bytecode.Instr, f *value.Fn, n int, nfp unsafe.Pointer) *scriptFunc {
	n += len(f.Curry)
	sf := m.inScope(f)
	if sf == nil {
		if sf = m.begun(f, &m.sites[in.D], n); sf == nil {
			return nil
		}
	}
	switch {
	case len(sf.fn.Params) != n:
		return nil
	case len(f.Curry) == 0:
		return sf
	case sf.ln != m.ln || sf.fn.Empty || !curried(f.Curry) || uintptr(nfp)+uintptr(n)*bytecode.RegSize > m.end:
		return nil
	}
	return sf
}

// callFn calls a function pointer from Go. Its errors carry the call chain.
func (m *machine) callFn(f *value.Fn, this *value.Value, args []value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	all := args
	if len(f.Curry) > 0 {
		all = make([]value.Value, 0, len(f.Curry)+len(args))
		for _, v := range f.Curry {
			all = append(all, v.Flat().Share())
		}
		all = append(all, args...)
	}
	sf := linkedFunc(f)
	if sf == nil {
		sf = m.choose(m.pointed(f, len(all)), this)
	}
	if sf != nil && len(sf.fn.Params) == len(all) {
		if sf.fn.Empty {
			return value.Unit, nil
		}
		if this != nil && raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
			return value.Unit, m.inCall(dataRace(), f.Name, "", in)
		}
		if e := m.level(); e != nil {
			e.Pos = m.pos(in)
			return value.Unit, e
		}
		v, e := m.invoke(in, fp, 1, sf, raw.Captures(f), this, all, m.importsAround(f))
		if e != nil {
			return v, m.inCall(e, f.Name, sf.ln.source(), in)
		}
		return v, nil
	}
	if f.IsAnonymous() {
		return value.Unit, m.at2(m.noFunction(f.Name, all), in)
	}
	// A native function; the receiver comes first.
	if this != nil {
		all = append([]value.Value{this.Flat()}, all...)
	}
	fn := overload(m.ln.set.natives(f.Name, len(all)), all)
	if fn == nil {
		v, ok, e := m.unknownCall(f.Name, all, this != nil, in, fp)
		if !ok && e == nil {
			e = m.at2(m.noFunction(f.Name, all), in)
		}
		return v, e
	}
	if this != nil && fn.guarded() && raw.IsConst(this) {
		return value.Unit, m.at2(nonPure(fn.Name), in)
	}
	own := append([]value.Value(nil), all...)
	v, e := m.callFunc(fn, own, in, fp)
	if this != nil && fn.guarded() {
		if lost := putBack(this, all[0], own[0]); lost != nil && e == nil {
			e = m.at2(lost, in)
		}
	}
	return v, e
}

// at2 positions an error at an instruction.
func (m *machine) at2(e *Error, in *bytecode.Instr) *Error {
	if e.Pos.IsNone() {
		e.Pos = m.pos(in)
	}
	return e
}

// scripts returns the script functions of a name that the current code sees: its
// own, else those of the programs that called it, the latest first.
func (m *machine) scripts(name string, n int) []*scriptFunc {
	fns := m.ln.scripts(name, n)
	for i := len(m.callers) - 1; i >= 0 && len(fns) == 0; i-- {
		fns = m.callers[i].scripts(name, n)
	}
	return fns
}

// findScript finds a script function by name at run time.
func (m *machine) findScript(name string, n int, this *value.Value) *scriptFunc {
	return m.choose(m.scripts(name, n), this)
}

// pointed returns the script functions that a pointer by name means with n
// arguments: those of the module that exported it come first.
func (m *machine) pointed(f *value.Fn, n int) []*scriptFunc {
	if ln, ok := raw.Target(f).(*linked); ok {
		if fns := ln.scripts(f.Name, n); len(fns) > 0 {
			return fns
		}
	}
	fns := m.scripts(f.Name, n)
	if h, ok := raw.Target(f).(*home); ok && len(fns) == 0 && m.ln.ast == emptyAST() {
		return (*linked)(h).scripts(f.Name, n) // a Go function that the host calls calls it
	}
	return fns
}

// choose takes the function for a receiver, or the plain one.
func (m *machine) choose(fns []*scriptFunc, this *value.Value) *scriptFunc {
	if this != nil {
		return m.scriptMethod(fns, this.Flat())
	}
	for _, sf := range fns {
		if sf.fn.ThisType == "" {
			return sf
		}
	}
	return nil
}
