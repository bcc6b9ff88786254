package engine

import (
	"context"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
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
}

// Context returns the context of the run. Natives that take long must look at it.
func (c *CallContext) Context() context.Context { return c.vm.ctx }

// Name returns the name of the function.
func (c *CallContext) Name() string { return c.fn.Name }

// Pos returns the place of the call.
func (c *CallContext) Pos() syntax.Pos { return c.vm.pos(c.in) }

// Limits returns the limits in force: defaults are filled in, and a limit that
// is off is the largest int.
func (c *CallContext) Limits() *Limits { return c.vm.limits }
