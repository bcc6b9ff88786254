package raw

import (
	"sync/atomic"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// CellObject is a variable that closures share; scripts see the value inside. As
// long as it belongs to one run, that run uses V in place. Once it has escaped
// only [Load], [Store] and [Replace] may touch V.
type CellObject = object.CellObject[value.Value]

// NewCell makes a variable holding v.
func NewCell(v value.Value) value.Value {
	c := &CellObject{Header: object.Header{Kind: object.Cell}, V: v}
	w := view{p: &c.Header}
	return *(*value.Value)(unsafe.Pointer(&w))
}

// IsCell reports whether v is such a variable.
func IsCell(v *value.Value) bool {
	p := (*view)(unsafe.Pointer(v)).p
	return p != nil && p.Kind == object.Cell
}

// Cell returns the variable behind v, which must be one.
func Cell(v *value.Value) *CellObject {
	return (*CellObject)(unsafe.Pointer((*view)(unsafe.Pointer(v)).p))
}

// CellValue returns the reference to c.
func CellValue(c *CellObject) value.Value {
	w := view{p: &c.Header}
	return *(*value.Value)(unsafe.Pointer(&w))
}

// IsConst reports whether v is a constant of the host's scope in a cell.
func IsConst(v *value.Value) bool { return IsCell(v) && Cell(v).Flags&object.Const != 0 }

// IsCaptured reports whether a closure took the variable v.
func IsCaptured(v *value.Value) bool { return IsCell(v) && Cell(v).Flags&object.Captured != 0 }

// SetConst and SetCaptured set a flag of a variable.
func SetConst(c *CellObject) { c.Flags |= object.Const }

func SetCaptured(c *CellObject) {
	if c.Flags&object.Captured == 0 {
		c.Flags |= object.Captured
	}
}

// Locks returns 0 if c belongs to one run and nobody borrowed it, so that V may be
// used in place.
func Locks(c *CellObject) int32 { return atomic.LoadInt32(&c.Locks) }

// Writable reports whether V may be written in place: the [Locks] are 0 and c is no
// constant.
func Writable(c *CellObject) bool {
	return atomic.LoadInt32(&c.Locks) == 0 && c.Flags&object.Const == 0
}

// Escaped reports whether c has left the run that made it.
func Escaped(c *CellObject) bool { return atomic.LoadInt32(&c.Locks)&object.Escaped != 0 }

// Busy reports whether the run that made c has borrowed it.
func Busy(c *CellObject) bool { return atomic.LoadInt32(&c.Locks)&^object.Escaped != 0 }

// Borrow notes that the run which made c uses V in place, across other code. c
// must not have escaped: nobody else reaches it, so that counting takes no atomic
// operation, which would be dearer than the rest of a call. [GiveBack] ends it.
func Borrow(c *CellObject) { c.Locks++ }

// GiveBack ends a borrow. If the variable escaped meanwhile, others see from now on
// what the borrower left.
func GiveBack(c *CellObject) {
	if !Escaped(c) {
		c.Locks--
		return
	}
	value.Freeze(c.V)
	atomic.AddInt32(&c.Locks, -1)
}

// GiveBackLast is [GiveBack] for the only borrow of a variable whose [Locks] are 1, and
// which has not escaped therefore.
func GiveBackLast(c *CellObject) { c.Locks = 0 }

// Load returns the value of an escaped variable, frozen. It reports false if the
// run that made it still has it borrowed.
func Load(c *CellObject) (value.Value, bool) {
	c.Mu.Lock()
	defer c.Mu.Unlock()
	if atomic.LoadInt32(&c.Locks) != object.Escaped {
		return value.Unit, false
	}
	return value.Freeze(c.V), true
}

// Store assigns to an escaped variable. It reports false, with nothing done, if
// the run that made it still has it borrowed.
func Store(c *CellObject, v value.Value) bool {
	value.Freeze(v)
	c.Mu.Lock()
	defer c.Mu.Unlock()
	if atomic.LoadInt32(&c.Locks) != object.Escaped {
		return false
	}
	c.V = v
	return true
}

// Replace assigns to an escaped variable if it still holds old, which came from
// [Load]. Frozen values never change, so that nobody assigned to it meanwhile, or
// to the same end.
func Replace(c *CellObject, old, v value.Value) bool {
	value.Freeze(v)
	c.Mu.Lock()
	defer c.Mu.Unlock()
	if atomic.LoadInt32(&c.Locks) != object.Escaped || !c.V.Same(old) {
		return false
	}
	c.V = v
	return true
}
