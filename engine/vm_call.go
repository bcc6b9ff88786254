package engine

import (
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// halt ends the main program; its result is in m.result.
func (m *machine) halt(in *bytecode.Instr) (*bytecode.Instr, unsafe.Pointer) {
	m.result = m.result.Flat()
	m.at = m.index(in)
	m.sp--
	return nil, nil
}

// leave returns v from a script function whose frame has flags.
func (m *machine) leave(in *bytecode.Instr, fp unsafe.Pointer, v value.Value) (*bytecode.Instr, unsafe.Pointer) {
	m.sp--
	ret := m.frames[m.sp]
	var lost *Error
	if ret&frameThis != 0 {
		lost = m.restoreThis()
	}
	if ret&frameExit != 0 {
		m.result, m.err = v, lost
		return nil, nil
	}
	back := (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
	if ret&frameSegment != 0 {
		fp = m.leaveSegment()
	}
	fp = unsafe.Add(fp, -int(back.A))
	if ret&frameShifted != 0 {
		fp = unsafe.Add(fp, -bytecode.RegSize)
	}
	if lost != nil {
		return m.fail(back, fp, lost)
	}
	deliver(back, fp, v)
	return next(back), fp
}

// deliver puts the result of a call where the instruction wants it: into the register
// that it names, or else into the window.
func deliver(in *bytecode.Instr, fp unsafe.Pointer, v value.Value) {
	switch in.Op {
	case bytecode.Native, bytecode.Method, bytecode.CallFn, bytecode.Special:
		reg(fp, uint16(in.E)).Copy(&v)
	case bytecode.Call, bytecode.CallBig, bytecode.CallThis:
		reg(fp, in.C).Copy(&v)
	default:
		reg(fp, in.A).Copy(&v)
	}
}

// call enters a script function of the same program.
func (m *machine) call(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	sf := m.ln.fns[in.D]
	if in.Op == bytecode.CallThis {
		return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)), nil, nil, nil, frameThis)
	}
	return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)), nil, nil, nil, 0)
}

// enterScript begins a script function whose arguments stand at nfp. A function
// of another program runs in a run loop of its own.
func (m *machine) enterScript(in *bytecode.Instr, fp unsafe.Pointer, sf *scriptFunc, nfp unsafe.Pointer, captures []value.Value, this *value.Value, hold *raw.CellObject, flags uint32) (*bytecode.Instr, unsafe.Pointer) {
	f := sf.fn
	if sf.ln != m.ln {
		return m.callAcross(in, fp, sf, nfp, captures, this)
	}
	if e := m.level(); e != nil {
		return m.fail(in, fp, e)
	}
	n := len(f.Params)
	at, moved := m.room(nfp, f.Regs, n)
	if moved {
		flags |= frameSegment
	} else {
		m.allow(at)
	}
	if len(captures) > 0 {
		copy(regs(at, uint16(n*bytecode.RegSize), len(captures)), captures)
	}
	if flags&frameThis != 0 {
		m.pushThis(this, hold)
	}
	m.frames[m.sp] = uint32(uintptr(unsafe.Pointer(in))-uintptr(m.code)) | flags
	m.sp++
	m.steps -= int64(f.Cost) + 1
	return m.instr(f.Entry), at
}

// callAcross runs a script function of another program.
func (m *machine) callAcross(in *bytecode.Instr, fp unsafe.Pointer, sf *scriptFunc, nfp unsafe.Pointer, captures []value.Value, this *value.Value) (*bytecode.Instr, unsafe.Pointer) {
	args := unsafe.Slice((*value.Value)(nfp), len(sf.fn.Params))
	v, e := m.invoke(in, fp, 1, sf, captures, this, args, nil)
	if e != nil {
		return m.unwind(in, fp, m.inCall(e, sf.fn.Name, sf.ln.source(), in))
	}
	deliver(in, fp, v)
	return next(in), fp
}

// source returns the name of the script for error texts.
func (ln *linked) source() string {
	if ln.ast == nil {
		return ""
	}
	return ln.ast.source
}

// invoke calls a script function from Go and returns its result. in is the
// instruction that leads there and fp its frame, as for [machine.frameTop]; in is nil
// for a call of the host. levels is as for [machine.push], and around are the imports
// that the function sees in addition to those in scope. Its error does not mention the call yet.
func (m *machine) invoke(in *bytecode.Instr, fp unsafe.Pointer, levels int, sf *scriptFunc, captures []value.Value, this *value.Value, args []value.Value, around []imported) (value.Value, *Error) {
	f, top, caller := sf.fn, m.frameTop(in, fp), m.ln
	from := caller
	if in == nil {
		from = nil
	}
	if e := m.push(from, in, levels, frameThis); e != nil {
		return value.Unit, e
	}
	at, moved := m.room(top, f.Regs, 0)
	n := len(args)
	copy(regs(at, 0, n), args)
	copy(regs(at, uint16(n*bytecode.RegSize), len(captures)), captures)
	m.pushThis(this, nil)
	m.steps -= int64(f.Cost) + 1
	m.enterOther(sf.ln)
	if around != nil {
		m.imports = append(m.imports, around...)
	} else if sf.ln != caller && len(sf.ln.imports) > 0 {
		// The function of a module sees what its module imported.
		m.imports = append(m.imports, sf.ln.imports...)
	}
	m.guarded(m.instr(f.Entry), at)
	v, e := m.pop()
	if moved {
		m.leaveSegment()
	}
	return v, e
}

// place returns where the receiver, or the variable given by reference as first
// argument, lives, nil if it is a temporary. A missing variable is an error.
func (m *machine) place(in *bytecode.Instr, fp unsafe.Pointer, s *site, slot int) (*value.Value, *Error) {
	if in.C == bytecode.NoReg {
		return nil, nil
	}
	if s.This {
		return m.this, nil
	}
	return m.operand(in, fp, in.C, slot)
}

// native calls a function by name: a script function that is only known at run
// time, or a native one.
func (m *machine) native(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	if len(s.NS) > 0 {
		return m.callPath(in, fp, s)
	}
	n := int(in.B) / bytecode.RegSize
	args := regs(fp, in.A, n)
	ref, e := m.place(in, fp, s, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if ref != nil {
		args[0] = *ref
	}
	// A variable that closures share is passed as a copy, as is a constant.
	copied := s.Const || in.C != bytecode.NoReg && (m.isConst(fp, in.C) || isShared(reg(fp, in.C)))
	if len(s.script) > 0 {
		for _, sf := range s.script {
			if sf.fn.ThisType == "" {
				if ref != nil {
					args[0] = ref.Share()
				}
				return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)), nil, nil, nil, frameThis)
			}
		}
	}
	fn := m.resolve(s, args)
	if fn == nil && len(m.imports) > 0 {
		fn = overload(m.importedNatives(s.Name, n), args)
	}
	if fn == nil && len(m.callers) > 0 {
		if sf := m.findScript(s.Name, n, nil); sf != nil {
			if ref != nil {
				args[0] = ref.Share()
			}
			return m.enterScript(in, fp, sf, unsafe.Add(fp, uintptr(in.A)), nil, nil, nil, frameThis)
		}
	}
	if fn == nil && s.Token != 0 {
		var out value.Value
		if e := m.binary(s.Token, &args[0], &args[1], &out, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		reg(fp, uint16(in.E)).Copy(&out)
		return m.checked(in, fp, reg(fp, uint16(in.E)))
	}
	if fn == nil {
		return m.missing(in, fp, s, args)
	}
	if m.sized {
		for i := range args {
			if e := m.checkSize(args[i]); e != nil {
				return m.fail(in, fp, e)
			}
		}
	}
	return m.callNative(in, fp, fn, args, ref, copied)
}

// callNative calls a native function with its arguments in place. ref is the
// place of the first argument if it is a variable; a constant is copied.
func (m *machine) callNative(in *bytecode.Instr, fp unsafe.Pointer, fn *Func, args []value.Value, ref *value.Value, isConst bool) (*bytecode.Instr, unsafe.Pointer) {
	var cell, away *raw.CellObject
	var again []value.Value
	back := ref != nil && (fn.writesBack(args) || m.callsNamed(fn, args))
	if back && isConst {
		args[0] = args[0].Share()
		back = false
	}
	if fn.Receiver != ReceiverCopied && !isConst && in.C != bytecode.NoReg && raw.IsCell(reg(fp, in.C)) && !raw.IsConst(reg(fp, in.C)) {
		if cell = raw.Cell(reg(fp, in.C)); raw.Escaped(cell) {
			if back && len(m.sites[in.D].Path) == 0 && len(m.pending) == 0 {
				away = cell
			}
			cell = nil
		} else {
			m.lock(cell)
		}
	}
	if away != nil {
		// It may have to be done again with the same arguments.
		for i := range args {
			value.Freeze(args[i])
		}
		again = slices.Clone(args)
	}
	tag := untagged(fn, args)
	m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, fp, fn, isConst && in.Op == bytecode.Method
	before := 0
	if m.sized && back {
		before = shallowSize(&args[0])
	}
	if !fn.Borrows {
		lend(fn, args)
	}
	v, err := fn.Fn(&m.cc, args)
	if !fn.Borrows {
		v = receive(fn, args, v)
	}
	if !fn.Brief && m.watched {
		err = m.attend(err)
	}
	if back {
		if m.sized {
			m.grewBy(before, args)
		}
		args[0] = m.retag(args[0], tag)
		ref.Copy(&args[0])
	}
	if cell != nil {
		m.unlock(len(m.locks) - 1)
	}
	if away != nil && !ref.Same(again[0]) && !raw.Replace(away, again[0], *ref) && err == nil {
		if fn.Borrows && fn.quick(again) {
			p, e := content(away)
			if e != nil {
				return m.fail(in, fp, e)
			}
			copyArgs(args, again)
			args[0] = *p
			m.steps--
			return m.callNative(in, fp, fn, args, p, false)
		}
		err = dataRace()
	}
	if err != nil {
		return m.unwind(in, fp, m.asError(err, in))
	}
	out := reg(fp, uint16(in.E))
	out.Copy(&v)
	m.steps--
	if m.sized {
		if back {
			if e := m.checkSize(*ref); e != nil {
				return m.fail(in, fp, e)
			}
		} else if in.Op == bytecode.Method {
			if e := m.checkSize(args[0]); e != nil {
				return m.fail(in, fp, e)
			}
		}
		return m.checked(in, fp, out)
	}
	return next(in), fp
}

// resolve finds the overload for arguments of these types, through the site's
// cache.
func (m *machine) resolve(s *site, args []value.Value) *Func {
	if len(args) > 4 {
		return overload(s.natives, args)
	}
	types := uint64(0)
	for i := range args {
		types = types<<16 | uint64(args[i].Type())
	}
	c := s.cache.Load()
	if c != nil && c.types == types {
		return c.fn
	}
	if c = c.find(types); c != nil {
		return c.fn
	}
	fn := overload(s.natives, args)
	return s.remember(types, fn, fn != nil && fn.quick(args))
}

// find returns the resolution for some types behind the first one, nil if there
// is none.
//
//go:noinline
func (c *resolution) find(types uint64) *resolution {
	for ; c != nil; c = c.next {
		if c.types == types {
			return c
		}
	}
	return nil
}

// maxResolutions is how many combinations of types a site remembers. Beyond that
// looking at the overloads is not slower, and a site allocates no more.
const maxResolutions = 8

// remember puts a resolution into the site's cache. One that gets lost between
// goroutines is only made again.
//
//go:noinline
func (s *site) remember(types uint64, fn *Func, quick bool) *Func {
	c := s.cache.Load()
	r := &resolution{types: types, fn: fn, quick: quick}
	if fn != nil {
		if r.does = fn.does(); fn.Borrows && fn.Brief && fn.Receiver <= ReceiverRead {
			r.get = fn.Leaf
		}
	}
	if fn != nil && (s.fast || s.onPath) {
		if fn.Borrows {
			r.leaf = fn.Leaf
		}
		if r.host = !fn.Brief; r.leaf == nil && fn.scalar != nil {
			r.leaf, r.host = fn.scalar, true
		}
		enters := r.does &^ doesLen
		if r.does == doesLen && s.fast {
			enters = triesQuick
		}
		if r.leaf != nil && (s.fast || fn.Receiver <= ReceiverRead) {
			enters |= triesQuick
		}
		if enters != 0 {
			if s.onPath {
				enters |= inWindow
			}
			atomic.OrUint32(&s.enters, enters)
		}
	}
	if c == nil {
		s.cache.Store(r)
	} else if c.n < maxResolutions-1 {
		r.next, r.n = c, c.n+1
		s.cache.Store(r)
	}
	return fn
}

// overload chooses among overloads of the same name and number of parameters:
// exact types first, a number that may be too large for its parameter after them;
// then with parameters of any type, the last ones first.
func overload(fns []*Func, args []value.Value) *Func {
	best, bestCost := (*Func)(nil), ^uint64(0)
next:
	for _, f := range fns {
		cost, n := uint64(0), len(f.Params)
		for i, p := range f.Params {
			switch t := args[i].Type(); {
			case p == t:
				if f.also != nil && f.also[i] != nil {
					cost |= 1 << (n - 1 - i)
				}
			case p == value.TypeAny:
				cost |= 1 << (MaxParams + n - 1 - i)
			case f.also == nil || !slices.Contains(f.also[i], t):
				continue next
			}
		}
		if cost < bestCost {
			best, bestCost = f, cost
		}
	}
	return best
}

// missing raises Function not found.
func (m *machine) missing(in *bytecode.Instr, fp unsafe.Pointer, s *site, args []value.Value) (*bytecode.Instr, unsafe.Pointer) {
	v, ok, e := m.unknownCall(s.Name, args, in.Op == bytecode.Method, in, fp)
	switch {
	case e != nil:
		return m.unwind(in, fp, e)
	case ok:
		reg(fp, uint16(in.E)).Copy(&v)
		return m.checked(in, fp, reg(fp, uint16(in.E)))
	}
	return m.fail(in, fp, m.noFunction(s.Name, args))
}

// typeName returns the name of a value's type.
func (m *machine) typeName(v value.Value) string { return m.ln.set.typeName(v.Type()) }

// operator calls the function behind an operator for which there is nothing
// builtin.
func (m *machine) operator(op syntax.Token, a, b *value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	fn := m.ln.set.operator(op, false, a, b)
	args := [2]value.Value{a.Share(), b.Share()}
	if fn == nil {
		name := op.String()
		v, ok, e := m.unknownCall(name, args[:], false, in, fp)
		if !ok && e == nil {
			e = m.noFunction(name, args[:])
			e.Pos = m.pos(in)
		}
		return v, e
	}
	return m.callAbove(fn, args[:], in, fp)
}

// isBinary reports whether f may be called by its binary form.
func (f *Func) isBinary() bool {
	return f.Binary != nil && f.Borrows && f.Brief && f.Receiver == ReceiverCopied
}

// callBinary executes an operator by the binary form of a function, for operands in
// registers that are plain.
func (m *machine) callBinary(fn *Func, a, b *value.Value, in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	saved := m.cc
	m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, nil, fn, false
	v, err := fn.Binary(&m.cc, a, b)
	m.cc = saved
	m.steps--
	if err != nil {
		return m.fail(in, fp, m.asError(err, in))
	}
	*reg(fp, in.A) = v
	if m.sized {
		return m.checked(in, fp, reg(fp, in.A))
	}
	return next(in), fp
}

// assignOperator calls the function behind an op-assignment, if there is one.
func (m *machine) assignOperator(op syntax.Token, x, y *value.Value, in *bytecode.Instr, fp unsafe.Pointer) (bool, *Error) {
	args := [2]value.Value{*x, y.Share()}
	fn := m.ln.set.operator(op, true, x, y)
	if fn == nil {
		return false, nil
	}
	_, e := m.callAbove(fn, args[:], in, fp)
	if fn.guarded() {
		*x = args[0]
	}
	return true, e
}

// callByName calls a native function that the language itself names.
func (m *machine) callByName(name string, args []value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	fn := overload(m.ln.set.natives(name, len(args)), args)
	if fn == nil {
		e := m.noFunction(name, args)
		e.Pos = m.pos(in)
		return value.Unit, e
	}
	return m.callFunc(fn, args, in, fp)
}

// callFunc calls a native function outside of a call instruction.
func (m *machine) callFunc(fn *Func, args []value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	saved := m.cc
	tag := untagged(fn, args)
	m.cc.in, m.cc.fp, m.cc.fn, m.cc.constant = in, fp, fn, false
	if !fn.Borrows {
		lend(fn, args)
	}
	v, err := fn.Fn(&m.cc, args)
	if !fn.Borrows {
		v = receive(fn, args, v)
	}
	if !fn.Brief && m.watched {
		err = m.attend(err)
	}
	if fn.guarded() {
		args[0] = m.retag(args[0], tag)
	}
	m.cc = saved
	m.steps--
	if err != nil {
		return v, m.asError(err, in)
	}
	return v, nil
}

// callAbove calls a native function with arguments that have no window of their
// own: they are put above the frame, where nothing else is, so that they cost no
// allocation. args[0] is what the function left of its receiver.
func (m *machine) callAbove(fn *Func, args []value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	top := m.top
	at, moved := m.room(m.frameTop(in, fp), len(args), 0)
	own := regs(at, 0, len(args))
	copyArgs(own, args)
	m.top = unsafe.Add(at, len(args)*bytecode.RegSize)
	v, e := m.callFunc(fn, own, in, nil)
	m.top = top
	args[0] = own[0]
	if moved {
		m.leaveSegment()
	}
	return v, e
}

// toText returns what interpolation and print show of a value.
func (m *machine) toText(v value.Value, in *bytecode.Instr, fp unsafe.Pointer) (string, *Error) {
	if v = v.Flat().Plain(); v.Kind() != value.KindHost {
		return m.text(v, value.PrintForm)
	}
	args := []value.Value{v.Share()}
	if fn := overload(m.ln.set.natives("to_string", 1), args); fn != nil {
		out, e := m.callFunc(fn, args, in, fp)
		if e != nil {
			return "", e
		}
		if out.IsString() {
			return out.Str(), nil
		}
	}
	return m.displayName(v, value.Print(v)), m.shown(v)
}

// displayName returns the text of a value of the host, but if the text is no more
// than the host's name of the type, the name that type_of shows.
func (m *machine) displayName(v value.Value, text string) string {
	if strings.HasPrefix(text, "rhai::") || strings.HasPrefix(text, "core::") || text == v.Host().Type.Name {
		return m.typeName(v)
	}
	return text
}
