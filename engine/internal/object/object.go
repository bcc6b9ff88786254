// Package object is the memory layout behind values: what package value makes
// and package raw reads without checks. Hosts see neither this package nor raw;
// they get at values through the checked methods of value.Value only.
//
// Every object on the heap begins with its Header, and a value points at it.
// Scalars point at one header per kind, so that a type test is one comparison of
// pointers.
package object

import "sync"

// Kind is the representation of a value. The order is relied on: kinds from Fn
// on hold other values or are copied on write, and what is above Host is never
// seen by scripts.
type Kind = uint8

// The kinds.
const (
	Unit Kind = iota
	Bool
	Int
	Float
	Char
	String
	Range
	RangeInclusive
	Time
	Fn
	Array
	Blob
	Map
	Host
	Tagged    // a value with a tag other than 0
	Cell      // a variable shared by closures
	Undefined // a register whose variable does not exist
)

// Header begins every object.
type Header struct {
	Kind Kind
	// Shared is set if the object has more than one holder: whoever writes clones
	// it first. It is never cleared.
	Shared bool
	// Frozen is set if everything reachable from the object may be read by any
	// number of goroutines: all objects are shared, maps are in order, and
	// variables of closures have escaped. It is never cleared; a frozen object is
	// not written again.
	Frozen bool
}

// The headers of scalars.
var (
	BoolHeader      = Header{Kind: Bool}
	IntHeader       = Header{Kind: Int}
	FloatHeader     = Header{Kind: Float}
	CharHeader      = Header{Kind: Char}
	UndefinedHeader = Header{Kind: Undefined}
)

// Escaped is the bit of [CellObject.Locks] that says that the variable has left
// the run that made it. The count of borrows is below it.
const Escaped = 1 << 30

// CellFlags tell what a variable is. They are not written once it has escaped.
type CellFlags uint8

const (
	// Const marks a constant that the host put into the scope.
	Const CellFlags = 1 << iota
	// Captured marks a variable that a closure took: only then is it shared in the
	// sense of is_shared.
	Captured
)

// CellObject is a variable that closures share. V is value.Value.
//
// As long as the variable belongs to one run, that run reads and writes it at
// will. Once Escaped is set in Locks, any goroutine may reach it: then V is only
// touched with Mu held, and what is in V is frozen or referred to by V alone.
// A run that borrowed the variable before it escaped goes on to hold it until it
// gives it back; meanwhile the count in Locks is above 0 and nobody else touches
// V. Locks is read atomically, and written atomically once it has escaped; before, only
// its run counts there.
type CellObject[V any] struct {
	Header
	Flags CellFlags
	// Locks counts the borrows of V as this or as a by-reference argument; a
	// second access meanwhile is a data race in the sense of Rhai.
	Locks int32
	V     V
	Mu    sync.Mutex
}

// ByName is what has been noted of a function pointer whose name is looked up at each
// call all the same, so that two such pointers are alike if their names are.
type ByName interface{ ByName() }

// FnObject is the object behind a function pointer or closure, immutable.
type FnObject[V any] struct {
	Header
	// Name is the function's name; closures have names that start with anon$.
	Name string
	// Curry holds the arguments that curry prepended.
	Curry []V
	// Captures holds the cells (or constants) of a closure; they follow the
	// parameters in its frame.
	Captures []V
	// Target is the engine's: the script function behind the pointer; nil, or a
	// [ByName], if the name is looked up at each call.
	Target any
	// Bare is set for a pointer that the bare name of a script function gave.
	Bare bool
}

// TextObject begins the object behind a string, whose length stands in the value.
type TextObject struct {
	Header
	// Grows is set if there is more of the object: what tells how much of the memory
	// behind Data is free, see package value.
	Grows bool
	// Keeps is how much memory the text keeps alive beside its own, in units of
	// [KeepsUnit] bytes, if it is a part of another text.
	Keeps uint32
	// Data is where the text begins, nil for the empty text.
	Data *byte
}

// KeepsUnit is the unit of [TextObject.Keeps] in bytes.
const KeepsUnit = 16
