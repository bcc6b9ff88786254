package engine

import (
	"context"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CallContext is what a native function may use of the run that calls it. It is
// only valid during the call and only on its goroutine.
type CallContext struct {
	vm *machine
	// name and pos are those of the call in progress.
	name string
	pos  syntax.Pos
}

// Context returns the context of the run. Natives that take long must look at it.
func (c *CallContext) Context() context.Context { return c.vm.ctx }

// Name returns the name under which the function was called.
func (c *CallContext) Name() string { return c.name }

// Pos returns the place of the call.
func (c *CallContext) Pos() syntax.Pos { return c.pos }

// Limits returns the limits in force: defaults are filled in, and a limit that
// is off is the largest int.
func (c *CallContext) Limits() *Limits { return c.vm.limits }

var _ value.Value
