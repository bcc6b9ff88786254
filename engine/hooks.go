package engine

import (
	"sync"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Hooks are functions of the host that are asked where a script would fail otherwise. A
// hook that is not set costs nothing: it is looked for on the way to the error only.
//
// The hooks of a run are called on its goroutine, and by several goroutines at a time
// when several runs are in progress. Their context is valid during the call. They may
// block, but must end when [CallContext.Context] is done; they may call back with
// [CallContext.CallFn], and run scripts with that context. What they return is frozen, so
// that they may keep it and return it again. ok is false if the hook does not know, and
// then the script goes on as without it. An error is raised where the script is, as that
// of a Go function is, and scripts can catch it; that of [Terminate] ends the run. A panic
// is an error that no script can catch. What a hook runs counts for the run's limits; the
// hook itself counts as one operation.
type hooks struct {
	variable func(c *CallContext, name string) (v Dynamic, ok bool, err error)
	call     func(c *CallContext, name string, args []Dynamic, method bool) (v Dynamic, ok bool, err error)
	property func(c *CallContext, of Dynamic, name string) (v Dynamic, ok bool, err error)
	index    func(c *CallContext, of, index Dynamic) (v Dynamic, ok bool, err error)
	define   func(def *syntax.Let, level int, shadows bool) error
}

// OnVar sets what gives variables a value that neither the script nor its scope nor a
// registered module has; nil for nothing. Such a variable is a constant for scripts. f is
// called each time that the script reads one, also to capture it in a closure, which then
// keeps the value; whoever wants to compute a value once keeps it himself. Variables that
// exist are not asked for, as they are registers, whose use costs nothing.
//
// In strict mode the names must be known when a script is compiled, see
// [CompileOptions].Names. f is a hook: on errors, blocking and concurrency see the
// package comment.
func (e *Engine) OnVar(f func(c *CallContext, name string) (v Dynamic, ok bool, err error)) *Engine {
	e.change().hooks.variable = f
	return e
}

// OnMissingFunc sets what calls of functions do that do not exist for the arguments; nil
// for nothing. It is about calls by name, with method set for x.name(args), where args[0]
// is the receiver; calls of pointers by name; and binary operators, by their symbol. args
// are values of f's own: what it does to a receiver does not reach the variable. Calls
// into modules (a::f()) are not among them. f is a hook, see the package comment.
func (e *Engine) OnMissingFunc(f func(c *CallContext, name string, args []Dynamic, method bool) (v Dynamic, ok bool, err error)) *Engine {
	e.change().hooks.call = f
	return e
}

// OnMissingProperty sets what reading a property gives that a map does not have, by
// of.name or of["name"], or for which a type has no getter; nil for nothing. Writing
// makes the property, as ever, but for op-assignments, which read it first. f is a hook,
// see the package comment.
func (e *Engine) OnMissingProperty(f func(c *CallContext, of Dynamic, name string) (v Dynamic, ok bool, err error)) *Engine {
	e.change().hooks.property = f
	return e
}

// OnInvalidIndex sets what reading an element gives that is out of the bounds of an
// array, blob or string; nil for nothing. Writing there fails in any case. f is a hook,
// see the package comment.
func (e *Engine) OnInvalidIndex(f func(c *CallContext, of, index Dynamic) (v Dynamic, ok bool, err error)) *Engine {
	e.change().hooks.index = f
	return e
}

// OnDefVar sets what may refuse definitions of variables; nil refuses none. f is called
// while a script is compiled, and while text is evaluated that a script makes, once for
// each let and const in the text, whether it will be reached or not: with the statement,
// how many blocks are around it, those of functions included, and whether it hides an earlier variable
// of its function in scope. Its error ends the compilation at the place of the definition;
// [ErrForbiddenVariable] gives Rhai's text. f must not block, and may be called by
// several goroutines at a time. Its panics are those of Compile.
func (e *Engine) OnDefVar(f func(def *syntax.Let, level int, shadows bool) error) *Engine {
	e.change().hooks.define = f
	return e
}

// OnToken sets what may replace tokens of scripts while they are read; nil replaces none.
// f gets the kind of each token, its text as it is in the script, and its place, and
// returns the text of the token that is read instead: the same for no change, "&&" to
// spell it AND. A text that is no single token is an error of compilation. Strings with
// interpolations and comments are not passed. f is called in the order of the tokens, for
// each of them, whenever a script is parsed, so that it must return the same for the
// same; it must not block, and may be called by several goroutines at a time.
func (e *Engine) OnToken(f func(kind syntax.Token, text string, pos syntax.Pos) string) *Engine {
	e.change().parse.Token = f
	return e
}

// What panics and errors name.
var (
	varHook      = &Func{Name: "OnVar"}
	callHook     = &Func{Name: "OnMissingFunc"}
	propertyHook = &Func{Name: "OnMissingProperty"}
	indexHook    = &Func{Name: "OnInvalidIndex"}
)

// isHook reports whether a function stands for code of the host that no script calls.
func (f *Func) isHook() bool {
	switch f {
	case iterFunc, progressFunc, varHook, callHook, propertyHook, indexHook:
		return true
	}
	return false
}

// hookCall is what a call of a hook puts aside.
type hookCall struct {
	cc   CallContext
	held []writeBack
	top  unsafe.Pointer
}

// beginHook prepares the call of a hook by instruction in of the frame fp.
func (m *machine) beginHook(what *Func, in *bytecode.Instr, fp unsafe.Pointer) hookCall {
	h := hookCall{m.cc, m.holdPending(), m.top}
	m.top = m.frameTop(in, fp)
	m.calling(in, fp, what)
	m.cc.constant = false
	m.steps--
	return h
}

// endHook ends it, with the error that the hook returned.
func (m *machine) endHook(h hookCall, v value.Value, ok bool, err error, in *bytecode.Instr) (value.Value, bool, *Error) {
	m.cc, m.top = h.cc, h.top
	if h.held != nil {
		m.pending = h.held
	}
	if m.watched {
		err = m.attend(err)
	}
	if err != nil {
		return value.Unit, false, m.asError(err, in)
	}
	if !ok {
		return value.Unit, false, nil
	}
	return freezeGiven(v.Flat()), true, nil
}

// freezing makes those who freeze the same value for the first time take turns.
var freezing sync.Mutex

// freezeGiven freezes what a hook returned, which may be one value for all runs: then each
// run must know that it is frozen before it looks at it.
func freezeGiven(v value.Value) value.Value {
	if raw.Kind(&v) < object.Fn {
		return v
	}
	freezing.Lock()
	value.Freeze(v)
	freezing.Unlock()
	return v
}

// lazy asks for a variable that nobody has.
func (m *machine) lazy(name string, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, bool, *Error) {
	f := m.cfg.hooks.variable
	if f == nil {
		return value.Unit, false, nil
	}
	h := m.beginHook(varHook, in, fp)
	v, ok, err := f(&m.cc, name)
	return m.endHook(h, v, ok, err, in)
}

// unknownCall asks for the result of a call that matches no function.
func (m *machine) unknownCall(name string, args []value.Value, method bool, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, bool, *Error) {
	f := m.cfg.hooks.call
	if f == nil {
		return value.Unit, false, nil
	}
	own := make([]value.Value, len(args))
	for i := range args {
		own[i] = value.Freeze(args[i].Flat())
	}
	h := m.beginHook(callHook, in, fp)
	v, ok, err := f(&m.cc, name, own, method)
	return m.endHook(h, v, ok, err, in)
}

// unknownProperty asks for a property that a value does not have.
func (m *machine) unknownProperty(of value.Value, name string, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, bool, *Error) {
	f := m.cfg.hooks.property
	if f == nil {
		return value.Unit, false, nil
	}
	own := value.Freeze(of)
	h := m.beginHook(propertyHook, in, fp)
	v, ok, err := f(&m.cc, own, name)
	return m.endHook(h, v, ok, err, in)
}

// noProperty is what a property gives that a map does not have.
func (m *machine) noProperty(of value.Value, name string, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	if v, ok, e := m.unknownProperty(of, name, in, fp); ok || e != nil {
		return v, e
	}
	if m.cfg.failOnMissing {
		return value.Unit, propertyNotFound(name)
	}
	return value.Unit, nil
}

// outOfBounds is what an element gives that is out of bounds, which e says.
func (m *machine) outOfBounds(e *Error, of, index value.Value, in *bytecode.Instr, fp unsafe.Pointer) (value.Value, *Error) {
	f := m.cfg.hooks.index
	if f == nil || e == nil {
		return value.Unit, e
	}
	of, index = value.Freeze(of), value.Freeze(index)
	h := m.beginHook(indexHook, in, fp)
	v, ok, err := f(&m.cc, of, index)
	v, ok, failed := m.endHook(h, v, ok, err, in)
	switch {
	case failed != nil:
		return value.Unit, failed
	case ok:
		return v, nil
	}
	return value.Unit, e
}
