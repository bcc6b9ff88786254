package value

import (
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Variables that closures share, see [object.CellObject]. As long as one belongs
// to the run that made it, its content is read and written in place. After it has
// escaped it is only touched by the functions here, which lock it for as long as
// they look at it. They call nothing that could need the same lock, so that no two
// goroutines wait for each other.

// content returns what is in a variable.
func (v Value) content() Value {
	c := v.cell()
	locks := atomic.LoadInt32(&c.Locks)
	if locks&object.Escaped == 0 {
		return c.V
	}
	x, _ := load(c)
	return x
}

// load returns the value of an escaped variable, frozen. It reports false if the
// run that made it still has it borrowed.
func load(c *object.CellObject[Value]) (Value, bool) {
	c.Mu.Lock()
	defer c.Mu.Unlock()
	if atomic.LoadInt32(&c.Locks) != object.Escaped {
		return Unit, false
	}
	return Freeze(c.V), true
}
