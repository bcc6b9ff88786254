package engine

import (
	"slices"
	"strconv"
	"unicode"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// specialForm is what a Special instruction does.
type specialForm uint8

const (
	noForm specialForm = iota
	formCall
	formTypeOf
	formIsShared
	formFn
	formIsDefFn
	formCurry
)

var specialForms = map[string]specialForm{
	"call": formCall, "type_of": formTypeOf, "is_shared": formIsShared, "Fn": formFn, "is_def_fn": formIsDefFn,
	"curry": formCurry,
}

// special executes the calls that the language handles itself, in function and
// in method form.
func (m *machine) special(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := &m.sites[in.D]
	n := int(in.B) / bytecode.RegSize
	args := regs(fp, in.A, n)
	ref, e := m.place(in, fp, s, bytecode.PosA)
	if e != nil {
		return m.fail(in, fp, e)
	}
	if ref != nil && len(s.Path) == 0 {
		args[0] = ref.Share()
	}
	out := reg(fp, uint16(in.E))
	switch s.form {
	case formTypeOf:
		m.took(value.StringSize)
		*out = value.String(m.typeName(args[0]))
	case formIsShared:
		*out = value.Bool(in.C != bytecode.NoReg && isShared(reg(fp, in.C)))
	case formFn:
		if !args[0].IsString() {
			return m.failArg(in, fp, m.mismatch("string", args[0]), bytecode.PosA)
		}
		f, e := m.namedFn(args[0].Str())
		if e != nil {
			return m.failArg(in, fp, e, bytecode.PosA)
		}
		*out = f
	case formIsDefFn:
		for i := range args {
			if last := i == len(args)-1; last && !args[i].IsInt() {
				return m.fail(in, fp, m.mismatch("i64", args[i]))
			} else if !last && !args[i].IsString() {
				return m.fail(in, fp, m.mismatch("string", args[i]))
			}
		}
		*out = value.Bool(m.isDefFn(args))
	case formCurry:
		if !args[0].IsFn() {
			if s.Method {
				return m.fail(in, fp, m.mismatch("Fn", args[0]))
			}
			return m.failArg(in, fp, m.mismatch("Fn", args[0]), bytecode.PosA)
		}
		f := args[0].Fn()
		if e := m.charge(value.FnSize + (len(f.Curry)+len(args)-1)*value.Size); e != nil {
			return m.fail(in, fp, e)
		}
		curry := slices.Concat(f.Curry, args[1:])
		for i := range curry {
			// In call style shared variables stay shared.
			if s.Method || !isShared(&curry[i]) {
				curry[i] = curry[i].Flat().Share()
			}
		}
		*out = raw.Recurry(f, curry)
	case formCall:
		return m.callSpecial(in, fp, s, args, ref)
	}
	return next(in), fp
}

// callSpecial executes f.call(args), call(f, args) and x.call(f, args).
func (m *machine) callSpecial(in *bytecode.Instr, fp unsafe.Pointer, s *site, args []value.Value, ref *value.Value) (*bytecode.Instr, unsafe.Pointer) {
	if args[0].IsFn() {
		f := args[0].Fn()
		rest := args[1:]
		if !s.Method && linkedFunc(f) == nil && len(f.Curry) == 0 {
			// call(Fn("push"), a, x): the first argument by reference.
			return m.callNamed(in, fp, s, f, rest)
		}
		var hold *raw.CellObject
		if s.Method && in.C != bytecode.NoReg {
			if r := reg(fp, in.C); raw.IsCell(r) && !raw.IsConst(r) {
				hold = raw.Cell(r)
			}
		}
		return m.callPointer(in, fp, f, rest, nil, hold)
	}
	if !s.Method || len(args) < 2 || !args[1].IsFn() {
		switch {
		case s.Method && len(args) > 1:
			return m.failArg(in, fp, m.mismatch("Fn", args[1]), bytecode.PosB)
		case s.Method:
			return m.fail(in, fp, m.mismatch("Fn", args[0]))
		}
		return m.failArg(in, fp, m.mismatch("Fn", args[0]), bytecode.PosA)
	}
	// x.call(f, args): x is this.
	f := args[1].Fn()
	this := &args[0]
	if m.isConstReceiver(in, fp, s) {
		args[0] = constCell(this.Flat())
	} else if ref != nil {
		place, e := m.receiver(in, fp, s, ref)
		if e != nil {
			return m.fail(in, fp, e)
		}
		this = m.lockable(in, fp, s, place, this)
	}
	if raw.IsCell(this) && raw.Busy(raw.Cell(this)) {
		return m.fail(in, fp, dataRace())
	}
	root := this
	if in.C != bytecode.NoReg {
		root = reg(fp, in.C)
	}
	if i := capture(f, root); i >= 0 {
		e := dataRace()
		e.Func = "argument #" + strconv.Itoa(i+1) + " of function '" + f.Name + "'"
		e.Text += " on variable '" + e.Func + "'"
		return m.fail(in, fp, e)
	}
	if len(m.pending) > 0 {
		return m.pointerOnTemp(in, fp, f, this, args[2:])
	}
	v, e := m.callFn(f, this, args[2:], in, fp)
	if e != nil {
		return m.unwind(in, fp, e)
	}
	*reg(fp, uint16(in.E)) = v
	return next(in), fp
}

// capture returns which of the variables that a closure captured is in use, -1 for
// none: the one that root holds, which this is or is part of, or one that somebody
// further up uses.
func capture(f *value.Fn, root *value.Value) int {
	return slices.IndexFunc(raw.Captures(f), func(v value.Value) bool {
		return raw.IsCell(&v) && (raw.Busy(raw.Cell(&v)) || raw.IsCell(root) && raw.Cell(&v) == raw.Cell(root))
	})
}

// callNamed calls a pointer that is only a name in function-call style: a native
// method may change the variable given as its first argument.
func (m *machine) callNamed(in *bytecode.Instr, fp unsafe.Pointer, s *site, f *value.Fn, args []value.Value) (*bytecode.Instr, unsafe.Pointer) {
	if s.Second == bytecode.NoReg || len(args) == 0 || m.choose(m.pointed(f, len(args)), nil) != nil {
		return m.callPointer(in, fp, f, args, nil, nil)
	}
	fn := overload(m.ln.set.natives(f.Name, len(args)), args)
	ref := reg(fp, s.Second)
	if fn == nil || !fn.guarded() || m.isConst(fp, s.Second) || isShared(ref) || raw.IsUndefined(ref) {
		return m.callPointer(in, fp, f, args, nil, nil)
	}
	if raw.IsCell(ref) {
		p, e := content(raw.Cell(ref))
		if e != nil {
			return m.fail(in, fp, e)
		}
		ref = p
	}
	return m.callNative(in, fp, fn, args, ref, false)
}

func isShared(v *value.Value) bool { return raw.IsCaptured(v) }

// isDefFn implements is_def_fn(name, n) and is_def_fn(type, name, n).
func (m *machine) isDefFn(args []value.Value) bool {
	typ := ""
	if len(args) == 3 {
		typ = args[0].Str()
		args = args[1:]
	}
	if args[1].Int() < 0 || args[1].Int() > 1<<16 {
		return false
	}
	for _, sf := range m.scripts(args[0].Str(), int(args[1].Int())) {
		if sf.fn.ThisType == typ {
			return true
		}
	}
	return false
}

// namedFn makes a function pointer from a name given at run time.
func (m *machine) namedFn(name string) (value.Value, *Error) {
	if len(name) > maxName {
		// No function has such a name, and the error does not repeat it.
		name = value.CutText(name, maxName)
		return value.Unit, functionNotFound(name)
	}
	if !isIdentifier(name) {
		if syntax.IsReserved(name) {
			return value.Unit, syntaxError(syntax.ReservedText(name), syntax.Pos{}, nil)
		}
		return value.Unit, functionNotFound(name)
	}
	if syntax.IsReserved(name) {
		return value.Unit, syntaxError(syntax.ReservedText(name), syntax.Pos{}, nil)
	}
	return m.fnPointer(name), nil
}

// maxName is how long the name of a function that a script computes may be.
const maxName = 1 << 10

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r < unicode.MaxASCII && (unicode.IsLetter(r))
		if i == 0 && !letter || !letter && r != '_' && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// fnPointer makes a pointer to the functions of that name. If the code of a module
// makes it and they are the module's, it stays tied to them.
func (m *machine) fnPointer(name string) value.Value {
	m.took(value.FnSize)
	var target any
	for l := m.ln; l != nil; l = l.parent {
		switch {
		case !l.defines(name):
		case l.module != nil:
			return raw.NewFn(name, nil, nil, l)
		case target == nil:
			target = (*home)(l)
		}
	}
	return raw.NewFn(name, nil, nil, target)
}

// makeClosure makes a closure and turns what it captures into shared variables.
func (m *machine) makeClosure(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	d := m.ln.prog.Closures[in.D]
	if e := m.charge(value.FnSize + len(d.Vars)*value.Size); e != nil {
		return m.fail(in, fp, e)
	}
	sf := m.ln.fns[d.Func]
	target := any(sf)
	if len(m.imports) > 0 {
		target = m.bind(sf)
	} else if len(d.Vars) == 0 {
		*reg(fp, in.A) = sf.closure()
		return next(in), fp
	}
	var vars []value.Value
	if len(d.Vars) > 0 {
		vars = make([]value.Value, len(d.Vars))
		for i, v := range d.Vars {
			c, e := m.capture(&v, in, fp)
			if e != nil {
				return m.fail(in, fp, e)
			}
			vars[i] = c
		}
	}
	*reg(fp, in.A) = raw.NewFn(sf.fn.Name, nil, vars, target)
	return next(in), fp
}

// capture returns the cell of a variable, making it if need be.
func (m *machine) capture(v *bytecode.CapturedVar, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	var r *value.Value
	constant := v.Const
	if v.Dynamic {
		r, constant = m.findNamed(v.Name, in.B, fp, v.Reg)
	} else if v.Reg != bytecode.NoReg {
		r = reg(fp, v.Reg)
	}
	switch {
	case r == nil || raw.IsUndefined(r):
		if c, ok := m.constant(m.ln.set, v.Name); ok {
			return c, nil
		}
		c, ok, e := m.lazy(v.Name, in, fp)
		if ok || e != nil {
			return c, e
		}
		e = notFound(v.Name)
		e.Pos = v.Pos
		return value.Unit, e
	case raw.IsConst(r):
		return *r, nil
	case constant:
		return r.Flat().Share(), nil
	case !raw.IsCell(r):
		m.took(value.CellSize)
		*r = raw.NewCell(*r)
	}
	raw.SetCaptured(raw.Cell(r))
	return *r, nil
}

// loadGlobal reads a name that is no variable of the function.
func (m *machine) loadGlobal(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	name := m.ln.prog.Names[in.D]
	v, e := m.globalOrLazy(name, in, fp)
	if e != nil {
		return m.fail(in, fp, e)
	}
	*reg(fp, in.A) = v
	return next(in), fp
}

// globalOrLazy is global for what is used at once, which OnVar may supply.
func (m *machine) globalOrLazy(name string, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	v, ok := m.global(name)
	if ok {
		return v, nil
	}
	v, ok, e := m.lazy(name, in, fp)
	if e == nil && !ok {
		e = notFound(name)
	}
	return v, e
}

// global finds what a name means outside of all variables: a script function, or
// a constant of a registered module.
func (m *machine) global(name string) (value.Value, bool) {
	for l := m.ln; l != nil; l = l.parent {
		if l.named[name] {
			// It keeps its meaning wherever it goes.
			m.took(value.FnSize)
			v := raw.NewFn(name, nil, nil, l)
			raw.SetBare(v.Fn())
			return v, true
		}
	}
	return m.constant(m.ln.set, name)
}
