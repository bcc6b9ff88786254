package engine

import (
	"context"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Debugger is what looks at a run step by step, see [Engine.SetDebugger]. Its functions are
// called on the goroutine of the run, which waits for them, and by several goroutines at a
// time if several runs are in progress. They may block as long as they like; the deadline
// of the run's context goes on meanwhile. A panic ends the run with an error.
//
// A run stops at its first statement, and after that where the latest action or Break says
// so: at a statement or at the next round of a loop, in a script, in the modules that it
// imports, in evaluated text and in functions that Go functions call back.
type Debugger struct {
	// OnStep is called where a run stops. What it returns says how the run goes on. The
	// context must not be used after that.
	OnStep func(c *DebugContext) DebugAction
	// Break is asked wherever a run might stop and does not because of the latest action:
	// at statements, and also before a function is entered (see [DebugContext.Entered]),
	// before a call by name ([DebugContext.Call]), before a property is read or written
	// ([DebugContext.Property]) and when an error is raised ([DebugContext.Err]). If it
	// returns true, OnStep is called. Nil asks for nothing.
	Break func(c *DebugContext) bool
}

// DebugAction is how a run goes on.
type DebugAction uint8

// The actions. Calls that the latest statement made are over when StepOver stops, and the
// function in progress is when StepOut does.
const (
	Continue DebugAction = iota // to the next place where Break says so
	StepInto                    // to the next statement, in whatever function
	StepOver                    // to the next statement of this function, or of one that called it
	StepOut                     // to the next statement of a function that called this one
	Stop                        // ends the run with ErrTerminated
)

// SetDebugger lets a debugger look at the runs of an engine; one without OnStep looks at
// nothing. Scripts are then compiled again, with a stop at each statement, when they are
// run for the first time on an engine with a debugger: the code takes longer, but does the
// same and fails at the same places. It counts the same operations but for clones of large
// values: a variable that is not used any more keeps its value, and what the debugger has
// looked at is shared, so that the next write clones it. What was linked before is
// not looked at: modules that a resolver has loaded already, and closures that runs without
// a debugger made. Without a debugger nothing is slower. (Rhai section "Debugging".)
func (e *Engine) SetDebugger(d Debugger) *Engine {
	c := e.change()
	c.debugger = nil
	if d.OnStep != nil {
		c.debugger = &d
	}
	return e
}

// DebugContext is the state of a run that stopped. It is valid during the call that it was
// passed to, on that goroutine. Frames count from 0, the function in progress.
type DebugContext struct {
	place
	kind     int32
	prop     string
	err      *Error
	call     *bytecode.Instr
	returned value.Value
	frames   []place
	failure  *Error
}

// Context returns the context of the run.
func (c *DebugContext) Context() context.Context { return c.m.ctx }

// Pos returns where the run is: at the beginning of a statement, or at what
// [Debugger].Break was asked about.
func (c *DebugContext) Pos() syntax.Pos {
	if c.err != nil {
		if p := c.err.Innermost().Pos; !p.IsNone() {
			return p
		}
	}
	return placeOf(c.ln.prog, c.index)
}

// Source returns the name of the script in progress, "" if it has none.
func (c *DebugContext) Source() string { return c.ln.source() }

// Depth returns how many calls are in progress, those of native functions and of scripts
// that import this one included. It is larger in a function than in its caller.
func (c *DebugContext) Depth() int { return c.m.depth() }

// Operations returns the operations that the run has used so far.
func (c *DebugContext) Operations() uint64 { return uint64(c.m.before + c.m.operations()) }

// Allocated returns the bytes that the run has allocated so far, as [Limits].Allocated
// counts them.
func (c *DebugContext) Allocated() int64 { return c.m.allocated }

// AtStatement reports whether the run is at a statement, or at the next round of a loop.
func (c *DebugContext) AtStatement() bool { return c.kind == bytecode.TraceStmt && c.err == nil }

// Entered reports whether a function has just been entered: its parameters are there, and
// Frames tells its name.
func (c *DebugContext) Entered() bool { return c.kind == bytecode.TraceEnter && c.err == nil }

// Call returns the Go function that is about to be called by name, with its arguments; the
// receiver of a method is the first one. ok is false if the run is elsewhere. On functions
// of scripts see [DebugContext.Entered].
func (c *DebugContext) Call() (name string, args []Dynamic, ok bool) {
	if c.call == nil {
		return "", nil, false
	}
	s := &c.ln.sites[c.call.D]
	if c.m.callsScript(s, int(c.call.B)/bytecode.RegSize) {
		return "", nil, false
	}
	args = append([]Dynamic(nil), regs(c.fp(), c.call.A, int(c.call.B)/bytecode.RegSize)...)
	if c.call.C != bytecode.NoReg && len(s.Path) == 0 && len(args) > 0 {
		if args[0] = value.Unit; s.This {
			if c.this != nil {
				args[0] = *c.this
			}
		} else if r := reg(c.fp(), c.call.C); !isUndefined(r) {
			args[0] = *r
		}
	}
	for i := range args {
		args[i] = c.m.debugCopy(args[i])
	}
	return s.Name, args, true
}

// Property returns the name of the property that is about to be read or written. ok is
// false if the run is elsewhere.
func (c *DebugContext) Property() (name string, ok bool) { return c.prop, c.prop != "" }

// Err returns the error that has just been raised, whether or not the script catches it;
// nil if the run is elsewhere.
func (c *DebugContext) Err() *Error { return c.err }

// Returned returns the value of the function that returned last since the stop before, if
// it is the one that was in progress then or one that was called by it directly.
func (c *DebugContext) Returned() (v Dynamic, ok bool) {
	if isUndefined(&c.returned) {
		return value.Unit, false
	}
	return c.m.debugCopy(c.returned), true
}

// Frames returns the functions in progress, the latest first, with the place where each
// is. Native functions are not among them.
func (c *DebugContext) Frames() []Frame {
	var out []Frame
	for _, p := range c.calls() {
		out = append(out, Frame{Func: p.ln.funcAt(p.index).Name, Source: p.ln.source(), Pos: placeOf(p.ln.prog, p.index)})
	}
	if len(out) > 0 {
		out[0].Pos = c.Pos()
	}
	return out
}

// Script returns the script that a frame is in, for its text; nil if there is no such
// frame. Evaluated text is a script of its own.
func (c *DebugContext) Script(frame int) *AST {
	calls := c.calls()
	if frame < 0 || frame >= len(calls) {
		return nil
	}
	a := calls[frame].ln.ast
	if a.original != nil {
		return a.original
	}
	return a
}

// Variables returns the variables that are visible in a frame, the outermost first, and
// only the latest of each name. Values are copies, in which closures have variables of
// their own. A frame of code that was linked without a debugger has none.
func (c *DebugContext) Variables(frame int) []Variable {
	calls := c.calls()
	if frame < 0 || frame >= len(calls) {
		return nil
	}
	var out []Variable
	for _, v := range calls[frame].variables() {
		out = append(out, Variable{
			Name: v.name, Constant: v.constant, Shared: isShared(v.at), Value: c.m.debugCopy(*v.at),
		})
	}
	return out
}

// Imports returns the names of the modules that are in scope, the latest last.
func (c *DebugContext) Imports() []string {
	var out []string
	for _, x := range c.m.imports {
		if x.name != "" {
			out = append(out, x.name)
		}
	}
	return out
}

// This returns a copy of the receiver of the function in a frame, if it has one.
func (c *DebugContext) This(frame int) (v Dynamic, ok bool) {
	calls := c.calls()
	if frame < 0 || frame >= len(calls) || calls[frame].this == nil {
		return value.Unit, false
	}
	return c.m.debugCopy(*calls[frame].this), true
}

// SetVariable assigns a value, converted as by [ToValue], to a variable that is visible in a
// frame. The name "this" means the receiver. It fails with ErrAssignmentToConstant for a
// constant, and with ErrVariableNotFound if there is no such variable. A variable that a Go
// function in progress changes in place, as sort does, gets what that function leaves.
func (c *DebugContext) SetVariable(frame int, name string, v any) error {
	x, err := ToValue(v)
	if err != nil {
		return err
	}
	value.Freeze(x)
	calls := c.calls()
	if frame < 0 || frame >= len(calls) {
		return notFound(name)
	}
	p := &calls[frame]
	if name == "this" {
		if p.this == nil {
			return unboundThis()
		}
		if p.thisConst {
			return constError(name)
		}
		*p.this = x
		return nil
	}
	vars := p.variables()
	for i := len(vars) - 1; i >= 0; i-- {
		if vars[i].name == name {
			return asGoError(vars[i].set(x))
		}
	}
	return notFound(name)
}

// Throw makes the run fail where it is with a value, converted as by [ToValue], as if the
// script threw it, once OnStep returns. An error is raised as that of a Go function is.
// Values that have no counterpart are an error.
func (c *DebugContext) Throw(v any) error {
	if err, ok := v.(error); ok {
		c.failure = c.m.fault(err)
		return nil
	}
	x, err := ToValue(v)
	if err == nil {
		c.failure = thrown(value.Freeze(x))
	}
	return err
}
