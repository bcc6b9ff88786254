package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Callback calls a function pointer or closure many times from a native
// function: what map, filter and sort do. It is prepared once by
// [CallContext.Callback] and is only valid during the native's call.
//
// A native offers up to three things to a callback: an element, which is bound
// to this in place, a fixed number of arguments, and extra arguments that
// callbacks may leave out. The number of the callback's parameters decides what
// it gets, see [CallContext.Callback]. (Rhai section "Function pointers".)
type Callback struct {
	m     *machine
	fn    *value.Fn
	sf    *scriptFunc // nil: the function is looked up at each call
	saved CallContext
	name  string         // of the native, for errors
	top   unsafe.Pointer // where the frame goes, nil if that is not known yet
	form  callForm
	// byName: the function was looked up when the callback was prepared, as the name means
	// the same at each call.
	byName bool
	// plain: the function belongs to the running program and its frame fits the
	// current segment of the stack.
	plain bool
	quick *quickCode    // of a function that is no more than an expression, nil for others
	vars  []value.Value // that the closure captured
	nargs int
	extra int
	// varied: the elements differ in type so often that it is not worth it to evaluate
	// the function for many at once.
	varied bool
	order  uint8 // see [Callback.Order]
	// imports is what the function sees in addition to those that the call sees.
	imports []imported
	move    int
	// Of a function that is looked up: its arguments, and what its name means.
	buf, args []value.Value
	found     *foundFuncs
}

// foundFuncs are what a name means, by the number of arguments.
type foundFuncs [4]struct {
	known   bool
	scripts []*scriptFunc
	natives []*Func
}

// callForm is what a callback takes.
type callForm uint8

const (
	takesArgs       callForm = iota // this; the arguments
	takesElement                    // the arguments with the element among them
	takesElementAll                 // the arguments and extras with the element among them
	takesAll                        // this; the arguments and extras
	takesUnknown                    // found out at each call
)

// ThisOnly says that an element is bound to this and never an argument.
const ThisOnly = -1

// Callback prepares calls of f, which must be a function pointer, with args
// arguments and extras further ones. move is where the element stands among the
// arguments if the function takes it as an argument, or [ThisOnly].
//
// A closure is called with the first of these that fits its parameters, curried
// ones not counted: the arguments, with this bound to the element; the arguments
// with the element among them; those with the extras; the arguments and extras,
// with this bound. A pointer to a named function tries the same in turn until a
// function of that name matches. If nothing fits the error is Function not
// found, in the call of the native.
func (c *CallContext) Callback(f Dynamic, args, extras, move int) (k Callback) {
	k = c.callback(f, args, extras, move)
	if k.sf == nil && !k.fn.IsAnonymous() {
		k.meant()
	}
	return k
}

// callback is Callback that leaves it to the calls what a name means.
func (c *CallContext) callback(f Dynamic, args, extras, move int) (k Callback) {
	m := c.vm
	k.m, k.fn, k.saved, k.name, k.form = m, fnObject(f), *c, c.fn.Name, takesUnknown
	k.nargs, k.extra, k.move = args, extras, move
	if sf := linkedFunc(k.fn); sf != nil {
		k.adapt(sf)
	}
	if k.quick == nil {
		k.place()
	}
	return k
}

// known reports whether the function that was found when the callback was prepared is the one
// for this element.
func (k *Callback) known(this *value.Value) bool {
	if !k.byName {
		return k.sf != nil
	}
	return this != nil && !raw.IsCell(this) || this == nil && k.form == takesArgs
}

// adapt chooses the form for a script function.
func (k *Callback) adapt(sf *scriptFunc) {
	n := len(sf.fn.Params) - len(k.fn.Curry)
	switch {
	case n == k.nargs:
		k.form = takesArgs
	case k.move >= 0 && n == k.nargs+1:
		k.form = takesElement
	case k.move >= 0 && n == k.nargs+k.extra+1:
		k.form = takesElementAll
	case n == k.nargs+k.extra:
		k.form = takesAll
	default:
		return
	}
	k.use(sf)
}

// meant looks for the script function that a name means at every call with an element, if
// there is one: the first form that anything of the name fits is one of script functions for
// any receiver, and they take no notice of it.
func (k *Callback) meant() {
	pre := len(k.fn.Curry)
	forms, few := [...]callForm{takesArgs, takesElement, takesElementAll}, 3
	counts := [...]int{k.nargs, k.nargs + 1, k.nargs + k.extra + 1}
	if k.move < 0 {
		few = 1
	}
	for i := range few {
		n := pre + counts[i]
		if fns := k.m.pointed(k.fn, n); len(fns) > 0 {
			for _, sf := range fns {
				if sf.fn.ThisType != "" {
					return
				}
			}
			if sf := fns[0]; i > 0 || !sf.fn.UsesThis {
				k.form, k.byName = forms[i], true
				k.use(sf)
			}
			return
		}
		if i == 0 {
			n++ // with the element
			if pre > 0 {
				continue
			}
		}
		if len(k.m.ln.set.natives(k.fn.Name, n)) > 0 {
			return
		}
	}
}

// use prepares calls of a script function, whose form is chosen.
func (k *Callback) use(sf *scriptFunc) {
	k.sf, k.vars = sf, raw.Captures(k.fn)
	// Where calls need more room than there is, the run loop makes it, or fails.
	if m := k.m; !m.observed && !m.traces && !m.sized && m.sp+2 <= len(m.frames) && len(m.active) < cap(m.active) {
		k.quick = sf.quickCode()
	}
	if k.imports = k.m.importsAround(k.fn); k.imports == nil && sf.ln != k.m.ln {
		k.imports = sf.ln.imports
	}
}

// place finds out where the frame of the function goes.
func (k *Callback) place() {
	m := k.m
	k.top = m.top
	if k.saved.fp != nil {
		k.top = m.frameTop(k.saved.in, k.saved.fp)
	}
	if sf := k.sf; sf != nil && sf.ln == m.ln && len(k.imports) == 0 {
		if _, moved := m.room(k.top, sf.fn.Regs, 0); moved {
			m.leaveSegment()
		} else {
			k.plain = true
		}
	}
}

// ChangesThis reports whether a call may change the element: the native must
// then pass a place that it owns. It is false for callbacks that are known not
// to assign to this.
func (k *Callback) ChangesThis() bool {
	switch {
	case k.sf == nil:
		return true
	case k.form == takesArgs || k.form == takesAll:
		return k.sf.fn.UsesThis && k.sf.fn.Mutates
	}
	return false
}

// Report sets the function that errors name if no function fits the call; it is
// the native itself unless this says otherwise.
func (k *Callback) Report(name string) { k.name = name }

// Call calls the function. this is the element's place, nil for none; a function
// that changes this changes what it points to. args are the arguments and the
// extras, in this order; they belong to the callee, so that whatever stays in use
// elsewhere must be shared. The error carries the call chain.
func (k *Callback) Call(this *Dynamic, args ...Dynamic) (Dynamic, error) {
	if k.quick != nil && k.m.steps > k.quick.cost && !k.m.traces && k.saved.fn.Borrows {
		if v, ok := k.quickly(this, args); ok {
			return v, nil
		}
	}
	var v value.Value
	var e *Error
	if k.known(this) {
		v, e = k.script(this, args)
	} else {
		v, e = k.named(this, args)
	}
	if !k.saved.fn.Borrows {
		v, e = k.publish(this, v), publish(e)
	}
	if e != nil {
		return v, e
	}
	return v, nil
}

// publish freezes what a call leaves to a function of the host.
func (k *Callback) publish(this *value.Value, v value.Value) value.Value {
	if this != nil {
		value.Freeze(*this)
	}
	return value.Freeze(v)
}

// script calls the script function behind k.
func (k *Callback) script(this *value.Value, args []value.Value) (value.Value, *Error) {
	m, sf := k.m, k.sf
	f := sf.fn
	if m.steps < 0 {
		if e := m.pollIn(k.saved.in); e != nil {
			return value.Unit, e
		}
	}
	if f.Empty {
		return value.Unit, nil
	}
	if k.quick != nil && m.steps > k.quick.cost && !m.traces {
		if v, ok := k.quickly(this, args); ok {
			return v, nil
		}
	}
	if k.top == nil {
		k.place()
	}
	if this != nil && raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
		return value.Unit, m.inCall(dataRace(), k.fn.Name, "", k.saved.in)
	}
	flags := uint32(0)
	if f.UsesThis || m.this != nil {
		flags = frameThis
	}
	// The native itself takes a level, the function another.
	if e := m.push(m.ln, k.saved.in, 2, flags); e != nil {
		if k.byName {
			e = k.inNative(m.inCall(e, k.fn.Name, sf.ln.source(), k.saved.in))
		}
		return value.Unit, e
	}
	at, moved := k.top, false
	if !k.plain {
		at, moved = m.room(k.top, f.Regs, 0)
	}
	n := len(f.Params)
	frame := regs(at, 0, n+len(k.vars))
	i := 0
	for ; i < len(k.fn.Curry); i++ {
		frame[i] = k.fn.Curry[i].Flat().Share()
	}
	switch k.form {
	case takesArgs:
		copyArgs(frame[i:], args[:k.nargs])
		i += k.nargs
	case takesAll:
		copyArgs(frame[i:], args)
		i += len(args)
	default:
		if k.form == takesElement {
			args = args[:k.nargs]
		}
		for j := 0; ; j++ {
			if j == k.move {
				var v value.Value
				if this != nil {
					v = this.Flat().Share()
				}
				frame[i].Copy(&v)
				i++
			}
			if j == len(args) {
				break
			}
			frame[i].Copy(&args[j])
			i++
		}
		this = nil
	}
	copyArgs(frame[i:], k.vars)
	if flags != 0 {
		m.pushThis(this, nil)
		m.thisConst = m.thisConst || k.saved.constant && this != nil
	}
	m.steps -= int64(f.Cost) + 1
	if !k.plain {
		m.enterOther(sf.ln)
		m.imports = append(m.imports, k.imports...)
	}
	m.guarded(m.instr(f.Entry), at)
	v, e := m.pop()
	if moved {
		m.leaveSegment()
	}
	if m.cc.in != k.saved.in || m.cc.fp != k.saved.fp || m.cc.fn != k.saved.fn {
		m.cc = k.saved
	}
	if e != nil {
		e = m.inCall(e, k.fn.Name, sf.ln.source(), k.saved.in)
		if k.byName {
			return value.Unit, k.inNative(e)
		}
	}
	return v, e
}

func copyArgs(dst, src []value.Value) {
	for i := range src {
		dst[i].Copy(&src[i])
	}
}

// named calls a function by its name, trying the forms in turn.
func (k *Callback) named(this *value.Value, args []value.Value) (value.Value, *Error) {
	m := k.m
	if m.steps < 0 {
		if e := m.pollIn(k.saved.in); e != nil {
			return value.Unit, e
		}
	}
	v, e, found := k.try(this, args[:k.nargs])
	if !found && k.move >= 0 && this != nil {
		v, e, found = k.try(nil, k.withElement(this, args[:k.nargs]))
	}
	if !found {
		if k.move >= 0 && this != nil {
			v, e, found = k.try(nil, k.withElement(this, args))
		} else {
			v, e, found = k.try(this, args)
		}
		if !found && !k.fn.IsAnonymous() {
			v, found, e = k.unknown(this, args[:k.nargs])
		}
		if !found {
			e = m.noFunction(k.fn.Name, k.args)
			m.took(2*errorSize + len(e.Text))
		}
	}
	if e == nil {
		return v, nil
	}
	if !found {
		return value.Unit, k.within(e)
	}
	return value.Unit, k.inNative(e)
}

// inNative returns an error of a function that was found by its name as that of the native:
// with the native's call added to the chain, but for the bare name of a function.
func (k *Callback) inNative(e *Error) *Error {
	if raw.IsBare(k.fn) && e.Kind == ErrInFunctionCall {
		return e
	}
	return k.within(e)
}

// within adds the native's call to the chain of an error that scripts can catch.
func (k *Callback) within(e *Error) *Error {
	m := k.m
	if m.exiting || !e.Kind.catchable() {
		return e
	}
	pos := m.pos(k.saved.in)
	if e.Pos.IsNone() {
		e.Pos = pos
	}
	m.locate(e, k.saved.in)
	e = inNative(e, k.name, pos)
	m.locate(e, k.saved.in)
	return e
}

// withElement returns the arguments with the element among them.
func (k *Callback) withElement(this *value.Value, args []value.Value) []value.Value {
	k.buf = append(k.buf[:0], args[:k.move]...)
	k.buf = append(k.buf, this.Flat().Share())
	k.buf = append(k.buf, args[k.move:]...)
	return k.buf
}

// try calls the function with that receiver and those arguments if there is one;
// otherwise k.args tells what was looked for.
func (k *Callback) try(this *value.Value, args []value.Value) (v value.Value, e *Error, found bool) {
	m := k.m
	all := k.args[:0]
	if this != nil {
		all = append(all, this.Flat().Share())
	}
	for _, c := range k.fn.Curry {
		all = append(all, c.Flat().Share())
	}
	all = append(all, args...)
	k.args = all
	rest := all
	if this != nil {
		rest = all[1:]
	}
	oldTop := m.top
	m.top = k.top
	if this != nil && k.saved.constant {
		c := constCell(*this)
		this = &c
	}
	v, e, found = k.call(this, all, rest)
	m.top = oldTop
	m.cc = k.saved
	return v, e, found
}

// unknown asks for the result of a call that no form fits, in the first form.
func (k *Callback) unknown(this *value.Value, args []value.Value) (v value.Value, found bool, e *Error) {
	if k.m.cfg.hooks.call == nil {
		return value.Unit, false, nil
	}
	var all []value.Value
	if this != nil {
		all = append(all, *this)
	}
	all = append(append(all, k.fn.Curry...), args...)
	v, found, e = k.m.unknownCall(k.fn.Name, all, this != nil, k.saved.in, k.saved.fp)
	return v, found || e != nil, e
}

// call is try with all arguments in place; rest are those without the receiver.
func (k *Callback) call(this *value.Value, all, rest []value.Value) (v value.Value, e *Error, found bool) {
	m := k.m
	if sf := linkedFunc(k.fn); sf == nil {
		if sf = k.scriptFor(this, len(rest)); sf != nil {
			if sf.fn.Empty {
				return value.Unit, nil, true
			}
			if this != nil && raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
				return value.Unit, dataRace(), true
			}
			v, e := m.invoke(k.saved.in, nil, 2, sf, raw.Captures(k.fn), this, rest, nil)
			if e != nil {
				return v, m.inCall(e, sf.fn.Name, sf.ln.source(), k.saved.in), true
			}
			return v, nil, true
		}
	}
	if !k.fn.IsAnonymous() && (this == nil || k.move < 0 || len(k.fn.Curry) == 0) {
		// Curried arguments come first, so that an element is no receiver then.
		if fn := overload(k.nativesFor(len(all)), all); fn != nil {
			if m.nesting() >= maxNesting {
				return v, stackOverflow(), true
			}
			if this != nil && fn.guarded() && k.saved.constant {
				return v, nonPure(fn.Name), true
			}
			var old value.Value
			if this != nil && fn.guarded() {
				// In place: the receiver is changed, not a copy of it.
				old = this.Flat()
				all[0] = old
			}
			m.nested++
			v, e := m.callFunc(fn, all, k.saved.in, nil)
			m.nested--
			if this != nil && fn.guarded() {
				if lost := putBack(this, old, all[0]); lost != nil && e == nil {
					e = lost
				}
			}
			return v, e, true
		}
	}
	return value.Unit, nil, false
}

// lookUp notes what the name means with n arguments.
func (k *Callback) lookUp(n int) {
	if k.found == nil {
		k.m.took(int(unsafe.Sizeof(foundFuncs{})))
		k.found = new(foundFuncs)
	}
	f := &k.found[n]
	f.known = true
	f.scripts = k.m.pointed(k.fn, n)
	f.natives = k.m.ln.set.natives(k.fn.Name, n)
}

// scriptFor returns the script function for n arguments, the receiver not counted.
func (k *Callback) scriptFor(this *value.Value, n int) *scriptFunc {
	if n >= len(k.found) {
		return k.m.choose(k.m.pointed(k.fn, n), this)
	}
	if k.found == nil || !k.found[n].known {
		k.lookUp(n)
	}
	fns := k.found[n].scripts
	if len(fns) == 0 {
		return nil
	}
	if this != nil {
		return k.m.scriptMethod(fns, this.Flat())
	}
	for _, sf := range fns {
		if sf.fn.ThisType == "" {
			return sf
		}
	}
	return nil
}

// nativesFor returns the native functions for n arguments, the receiver included.
func (k *Callback) nativesFor(n int) []*Func {
	if n >= len(k.found) {
		return k.m.ln.set.natives(k.fn.Name, n)
	}
	if k.found == nil || !k.found[n].known {
		k.lookUp(n)
	}
	return k.found[n].natives
}

// CallFn calls a function pointer or closure once. this is the receiver, nil for
// none; it is changed in place. Arguments that stay in use elsewhere must be
// shared. The error carries the call chain. For many calls prepare a [Callback].
func (c *CallContext) CallFn(f Dynamic, this *Dynamic, args ...Dynamic) (Dynamic, error) {
	if f = f.Flat().Plain(); !f.IsFn() {
		return value.Unit, c.vm.mismatch("Fn", f)
	}
	k := c.callback(f, len(args), 0, ThisOnly)
	var v value.Value
	var e *Error
	if k.sf != nil {
		v, e = k.script(this, args)
	} else {
		var found bool
		if v, e, found = k.try(this, args); !found && !k.fn.IsAnonymous() {
			v, found, e = k.unknown(this, args)
		}
		if !found {
			e = c.vm.noFunction(k.fn.Name, k.args)
		}
	}
	if c.fn == nil || !c.fn.Borrows {
		v, e = k.publish(this, v), publish(e)
	}
	return v, asGoError(e)
}

// FnNamed returns a pointer to the functions of a name, as Fn(name) does in a script.
// A name that no function can have is an error.
func (c *CallContext) FnNamed(name string) (Dynamic, error) {
	v, e := c.vm.namedFn(name)
	return v, asGoError(e)
}

// fnObject returns the function behind a pointer.
func fnObject(f Dynamic) *value.Fn {
	f = f.Flat().Plain()
	return f.Fn()
}
