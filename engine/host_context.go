package engine

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CallContext is what a native function may use of the run that calls it. It is
// only valid during the call and only on its goroutine.
type CallContext struct {
	vm *machine
	// The instruction that calls, its frame (nil for calls from Go) and the
	// function called.
	in *bytecode.Instr
	fp unsafe.Pointer
	fn *Func
	// constant is set if the receiver is a constant, so that callbacks cannot
	// change its elements.
	constant bool
}

// Context returns the context of the run. A native that waits must end when the
// context is done, and may then return any error: the run ends with ErrTerminated. A
// native that runs a script itself must give that run this context, or one made from it,
// so that scripts which call each other without end fail with ErrStackOverflow. With
// another context they would exhaust Go's stack, which ends the program.
func (c *CallContext) Context() context.Context { return c.vm.inner() }

// Name returns the name of the function.
func (c *CallContext) Name() string { return c.fn.Name }

// Pos returns the place of the call.
func (c *CallContext) Pos() syntax.Pos { return c.vm.pos(c.in) }

// Limits returns the limits in force: defaults are filled in, and a limit that
// is off is the largest int.
func (c *CallContext) Limits() *Limits { return c.vm.limits }

// Source returns the name of the running script, "" if it has none.
func (c *CallContext) Source() string { return c.vm.ln.source() }

// Work notes that n bytes were or will be touched: a native calls it before each
// 256 KB of work at most, so that neither the limit on operations nor a deadline
// can be defeated by large arguments. It counts as n/64 operations. It returns an
// error when a limit is exceeded or the run is cancelled; the native must return
// that at once.
func (c *CallContext) Work(n int) error { return asGoError(c.vm.work(n)) }

// Texts returns the short texts that the run remembers, for a native function that makes
// many: package value uses them by itself where it is given the context as a meter. They are
// valid until that function returns, as the context is.
func (c *CallContext) Texts() *value.Texts { return &c.vm.shorts }

// Charge notes that n bytes are about to be allocated for values that the run keeps
// or throws away. It returns an error of kind [ErrTooMuchAllocated] when that
// exceeds the limit; the native must return it at once, without the memory.
func (c *CallContext) Charge(n int) error {
	m := c.vm
	if m.allocated += int64(n); m.allocated <= m.allowed {
		return nil
	}
	return asGoError(m.refuse(n))
}

// Count adds n operations to the count of the run, for work that stands for script
// code. It returns an error when the limit is exceeded or the run is cancelled; the
// native must return it at once.
func (c *CallContext) Count(n int) error {
	c.vm.steps -= min(max(int64(n), 0), 1<<40) // so that it is no poke of a sampler
	if c.vm.steps < 0 {
		return asGoError(c.vm.poll())
	}
	return nil
}

// Interrupted returns the error that must end the native if the run was
// cancelled or used up its operations. Natives call it about every 64 KB of work.
func (c *CallContext) Interrupted() error { return asGoError(c.vm.poll()) }

// asGoError keeps a nil *Error from becoming a non-nil error.
func asGoError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

// What a native may allocate at once even if the limits allow any size: the host
// cannot recover from running out of memory.
const (
	maxNativeArray  = 1 << 28
	maxNativeString = 1 << 30
)

// CheckArray returns an error of kind ErrDataTooLarge if an array of n elements
// or a blob of n bytes would exceed the limits. Natives call it before they
// allocate.
func (c *CallContext) CheckArray(n int) error {
	if n < 0 || n > c.vm.limits.ArraySize || n > maxNativeArray {
		return tooLarge("Size of array/BLOB")
	}
	return nil
}

// CheckBlob is CheckArray with the text that blob functions use.
func (c *CallContext) CheckBlob(n int) error {
	if n < 0 || n > c.vm.limits.ArraySize || n > maxNativeString {
		return tooLarge("Size of BLOB")
	}
	return nil
}

// CheckString returns an error of kind ErrDataTooLarge if a string of n bytes
// would exceed the limits.
func (c *CallContext) CheckString(n int) error {
	if n < 0 || n > c.vm.limits.StringSize || n > maxNativeString {
		return tooLarge("Length of string")
	}
	return nil
}

// TextLimit is how many bytes a text may have.
func (c *CallContext) TextLimit() int { return c.vm.textLimit() }

// CheckMap returns an error of kind ErrDataTooLarge if a map of n properties
// would exceed the limits.
func (c *CallContext) CheckMap(n int) error {
	if n < 0 || n > c.vm.limits.MapSize || n > maxNativeArray {
		return tooLarge("Size of object map")
	}
	return nil
}

// CheckValue returns an error of kind ErrDataTooLarge if a value exceeds the
// limits on the size of data, nested values included.
func (c *CallContext) CheckValue(v Dynamic) error {
	if !c.vm.sized {
		return nil
	}
	return asGoError(c.vm.checkSize(v.Flat()))
}

// Tally adds up the sizes of what a native puts into a container, so that the limits
// on the size of data hold while it grows and not only at the end.
type Tally struct {
	vm    *machine
	total value.Count
}

// Tally returns an empty tally.
func (c *CallContext) Tally() Tally { return Tally{vm: c.vm} }

// Add adds an element. The error is of kind ErrDataTooLarge if all elements together
// are larger than the limits allow.
func (t *Tally) Add(v Dynamic) error {
	if !t.vm.sized {
		return nil
	}
	size, err := value.SizesMetered(&t.vm.cc, v)
	if err != nil {
		return err
	}
	size.Arrays++
	t.total.Add(size)
	return asGoError(t.vm.exceeds(t.total))
}

// Print passes a text to what the host set with OnPrint.
func (c *CallContext) Print(text string) {
	if f := c.vm.cfg.onPrint; f != nil {
		f(c.vm.ctx, text)
	}
}

// Debug passes a text, the name of the script and the place of the call to what
// the host set with OnDebug.
func (c *CallContext) Debug(text string) {
	if f := c.vm.cfg.onDebug; f != nil {
		f(c.vm.ctx, text, c.Source(), c.Pos())
	}
}

// Text returns what print shows of a value: for a type of the host that has a
// native function to_string, what that returns.
func (c *CallContext) Text(v Dynamic) (string, error) {
	v = v.Flat().Plain()
	if v.Kind() != value.KindHost {
		s, e := c.vm.text(v, value.PrintForm)
		return s, asGoError(e)
	}
	if c.fn.Name == "to_string" {
		return c.vm.displayName(v, value.Print(v)), asGoError(c.vm.shown(v))
	}
	s, e := c.vm.toText(v, c.in, c.fp)
	return s, asGoError(e)
}

// DebugText returns what debug shows of a value: for a type of the host that has
// a native function to_debug, what that returns.
func (c *CallContext) DebugText(v Dynamic) (string, error) {
	v = v.Flat().Plain()
	if v.IsFn() {
		s, e := c.vm.text(v, value.PrintForm)
		return s, asGoError(e)
	}
	if v.Kind() == value.KindHost && c.fn.Name != "to_debug" {
		args := []value.Value{v.Share()}
		if fn := overload(c.vm.ln.set.natives("to_debug", 1), args); fn != nil {
			out, e := c.vm.callFunc(fn, args, c.in, c.fp)
			if e != nil {
				return "", e
			}
			if out.IsString() {
				return out.Str(), nil
			}
		}
	}
	if v.Kind() == value.KindHost {
		return c.vm.displayName(v, value.PrintDebug(v)), asGoError(c.vm.shown(v))
	}
	s, e := c.vm.text(v, value.PrintDebugForm)
	return s, asGoError(e)
}

// TypeName returns the name of a value's type as type_of shows it.
func (c *CallContext) TypeName(v Dynamic) string { return c.vm.typeName(v) }

// Exit ends the run: the native must return the error, which no script can
// catch. The result of the run is v.
func (c *CallContext) Exit(v Dynamic) error {
	c.vm.exiting = true
	return exitWith(v.Flat().Share())
}

// Missing returns the error of a call that matches no function.
func (c *CallContext) Missing(name string, args ...Dynamic) error {
	return c.vm.noFunction(name, args)
}

// BitBounds returns the error of a bit index that is out of bounds.
func (c *CallContext) BitBounds(index int64) error { return bitBounds(index) }

// HasScriptFunc reports whether the script has a function of that name, with any
// number of parameters.
func (c *CallContext) HasScriptFunc(name string) bool {
	for l := c.vm.ln; l != nil; l = l.parent {
		for _, f := range l.prog.Funcs[1:] {
			if f.Name == name {
				return true
			}
		}
	}
	for _, m := range c.vm.ln.set.look().mods {
		for k := range m.scripts {
			if k.name == name {
				return true
			}
		}
	}
	return false
}

// Functions returns the script functions that the caller sees: those of its
// script, closures included, those of registered modules made from scripts, and
// those of modules that it imported or that are registered by name, with all
// their sub-modules. A module that is reached on several ways is there once. The work
// is counted and the list is charged.
func (c *CallContext) Functions() ([]FuncInfo, error) {
	l := funcList{c: c, err: c.Charge(funcInfoSize)}
	for ln := c.vm.ln; ln != nil; ln = ln.parent {
		for _, f := range ln.prog.Funcs[1:] {
			l.add(infoOf(f, ""))
		}
	}
	for _, m := range c.vm.ln.set.look().mods {
		l.module("", m)
	}
	seen := map[*Module]bool{}
	for _, name := range slices.Sorted(maps.Keys(c.vm.ln.set.look().static)) {
		c.vm.ln.set.look().static[name].walkNew(name, seen, l.module)
	}
	for _, x := range c.vm.imports {
		if x.name != "" {
			x.mod.walkNew(x.name, seen, l.module)
		}
	}
	return l.out, l.err
}

// funcList collects functions. Its first error ends it.
type funcList struct {
	c   *CallContext
	out []FuncInfo
	err error
}

// funcInfoSize is what a description of a function takes, with room to grow.
const funcInfoSize = 320

func (l *funcList) add(f FuncInfo) {
	if l.err == nil {
		l.err = l.c.Work(funcInfoSize)
	}
	if l.err == nil {
		l.err = l.c.Charge(funcInfoSize)
	}
	if l.err == nil {
		l.out = append(l.out, f)
	}
}

// module adds the script functions of a module, sorted by name.
func (l *funcList) module(namespace string, m *Module) {
	from := len(l.out)
	for _, fns := range m.scripts {
		for _, sf := range fns {
			l.add(infoOf(sf.fn, namespace))
		}
	}
	slices.SortStableFunc(l.out[from:], func(a, b FuncInfo) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), len(a.Params)-len(b.Params), strings.Compare(a.ThisType, b.ThisType))
	})
}

// BackTrace returns where the run is, the latest place first: a frame for each script
// function in progress, for evaluated text and for the main program of each script,
// through native functions that call back and modules that are being imported. An error
// that the caller returned would have these [Error.Frames].
func (c *CallContext) BackTrace() []Frame {
	var out []Frame
	c.vm.walk(c.in, func(f Frame) bool {
		out = append(out, f)
		return true
	})
	return out
}

// IsAnonymous reports whether f describes a closure.
func (f FuncInfo) IsAnonymous() bool { return strings.HasPrefix(f.Name, "anon$") }

// Equal compares two values as the operator == does: builtin types by their own
// rules, arrays and maps element by element, others by the function == that is
// registered for them. Without such a function values of one type cannot be
// compared, which is an error of kind ErrFunctionNotFound; values of different
// types are not equal.
func (c *CallContext) Equal(a, b Dynamic) (bool, error) {
	switch {
	case a.IsInt() && b.IsInt():
		return a.Int() == b.Int(), nil
	case a.IsString() && b.IsString() && a.StrLen() < lightText:
		return a.Str() == b.Str(), nil
	}
	equal, _, err := value.EqualMetered(c, a, b, c.equalOthers)
	return equal, err
}

// equalOthers compares two values that have no comparison of their own.
func (c *CallContext) equalOthers(x, y Dynamic) (bool, error) {
	args := []value.Value{x.Share(), y.Share()}
	c.vm.took(2 * value.Size)
	fn := overload(c.vm.ln.set.natives("==", 2), args)
	switch {
	case fn != nil:
		v, e := c.vm.callFunc(fn, args, c.in, c.fp)
		if e != nil {
			return false, e
		}
		return v.IsBool() && v.Bool(), nil
	case x.Type() == y.Type():
		return false, c.vm.noFunction("==", args)
	}
	return false, nil
}
