// Package bytecode is the contract between the compiler and the machine: the
// instructions, the program, its line table and a disassembler.
//
// # Instructions
//
// An instruction is 16 bytes. A, B and C are registers as byte offsets into the
// frame (a register is 16 bytes), D and E are immediates: integers, indexes of
// tables of the program, or jump distances in bytes relative to the instruction
// itself (E). "a", "b", "c" below are the registers A, B, C.
//
// A register that holds a variable may hold a cell (a variable shared by
// closures) or, for a variable of the host's scope, the mark Undefined. No fast
// path accepts either, so the slow paths see to them.
package bytecode

// Op is an operation code. It has 8 bits, so that the run loop's switch over all 256
// of them needs no test of the range.
type Op uint8

// The operations. The comment tells the effect; what the operands are stands in the
// table. Their order means nothing but that it has no gaps, so that the run loop's
// switch becomes a jump table.
const (
	Halt Op = iota // end of the main program; result a

	LoadConst  // a = consts[D]
	LoadInt    // a = D
	LoadFloat  // a = float in D, E
	LoadUnit   // a = ()
	Move       // a = b, both plain or b dead afterwards
	Copy       // a = b for a variable b: flattened, marked
	Lend       // Copy to a function that only looks at it: a container is not marked as shared
	Guard      // marks a unless the call at site D only looks at its receiver b; E is set for a method
	MoveUnseen // Move if nobody sees the variables of the script after a failure, else Copy
	Store      // variable a = b, through a's cell if it has one; b is dead
	TakePart   // moves what the path of site D leads to from c into a and jumps, if it has one holder; if B is set only as MoveUnseen would
	ThisLoad   // a = this, unmarked
	ThisCopy   // a = this, marked
	ThisStore  // this = a
	ThisRoot   // a = this, unmarked, as the root of a chain of writes, which a constant is too until something is written
	ThisCheck  // fails if this is unbound or, unless E is set, a constant

	Add // a = b + c
	Sub
	Mul
	Div
	Mod
	BitAnd
	BitOr
	BitXor
	Shl
	Shr
	Binary // a = b op c; the operator is in D, as it is for all of these

	AddInt // a = b + D
	SubInt
	MulInt
	DivInt
	ModInt
	BitAndInt
	BitOrInt
	BitXorInt
	ShlInt
	ShrInt
	AddFloat // a = b + float in D, E
	SubFloat
	MulFloat
	DivFloat
	SubFromFloat // a = float - b
	AddToFloat   // a = float + b
	MulToFloat   // a = float * b
	DivFromFloat

	AddTo    // a += c
	SubTo    // a -= c
	MulTo    // a *= c
	AssignTo // a op= c, op is the token in D
	Inc      // a += D
	Dec      // a -= D

	Less // a = b < c
	LessEqual
	Greater
	GreaterEqual
	Equal
	NotEqual
	Not       // a = !b
	Negate    // a = -b
	Plus      // a = +b
	CheckBool // fails unless a is a bool

	Jump        // to E
	Loop        // to E, backwards; B operations are counted
	JumpTrue    // if a, to E; C is 0 if the condition in the source is !a
	JumpFalse   // if !a, to E; C as for JumpTrue
	LoopTrue    // if a, to E, backwards; B operations are counted; C as for JumpTrue
	LoopFalse   // if !a, to E, backwards, as LoopTrue
	JumpUnit    // if a is (), to E
	JumpNotUnit // if a is not (), to E
	Charge      // counts D operations

	// Compare and branch: if a op b, to E; the operations in C are counted, so
	// these serve as back edges too. Those called Unless jump if the comparison is
	// false.
	IfLess
	IfLessEqual
	IfGreater
	IfGreaterEqual
	IfEqual
	IfNotEqual
	UnlessLess
	UnlessLessEqual
	UnlessGreater
	UnlessGreaterEqual
	UnlessEqual
	UnlessNotEqual
	// The same with the integer D in place of b.
	IfLessInt
	IfLessEqualInt
	IfGreaterInt
	IfGreaterEqualInt
	IfEqualInt
	IfNotEqualInt
	UnlessLessInt
	UnlessLessEqualInt
	UnlessGreaterInt
	UnlessGreaterEqualInt
	UnlessEqualInt
	UnlessNotEqualInt
	// The same with the character D in place of b.
	IfLessChar
	IfLessEqualChar
	IfGreaterChar
	IfGreaterEqualChar
	IfEqualChar
	IfNotEqualChar
	UnlessLessChar
	UnlessLessEqualChar
	UnlessGreaterChar
	UnlessGreaterEqualChar
	UnlessEqualChar
	UnlessNotEqualChar

	// Iteration. a is the loop's state: a+1 the current integer, a+2 the end for
	// integer ranges; B the loop variable.
	ForPrepare      // a = iterator over a, first item into b; to E if there is none; D: ForBorrows, ForLends
	ForRangePrepare // the same for the range a+1..a+2; D is the operator
	ForRange        // next integer of a range into b and to E, counting C; else falls through
	ForNext         // next item of any iterator into b and to E, counting C; else falls through; D is ForLends or 0

	Index     // a = b[c], marked
	IndexPeek // a = b[c], unmarked: only for the next step of a chain
	IndexInt  // a = b[D], marked
	Prop      // a = b.name, D is a site, marked
	ThisProp  // a = this.name, as Prop does; b is for this where the slow tier needs it in a register
	PropPeek  // the same, unmarked
	SetIndex  // a[b] = c
	SetProp   // a.name = c, D is a site; b, if given, is what a is in
	IndexTo   // a[b] op= c, op is the token in D
	PropTo    // a.name op= c, D is a site, op is the token in E
	PropInc   // a.name += E, D is a site
	IndexOwn  // a = b[c] for writing into it: unshared in its place; E is 1 if b is a copy of this
	PropOwn   // a = b.name for writing into it, D is a site; c, if given, is what b is in
	WriteBack // ends a chain of writes: stores back what has no place of its own, or with D 1 forgets it; a is the last container

	MakeArray   // a = [b, b+1, ...] with D items
	ArrayPush   // appends D items from b to the array a (long literals)
	MakeMap     // a = #{...}: D values from b, of the form shapes[E]
	MapPut      // adds D properties to the map a: values from b, keys from names[E]
	MakeClosure // a = closure, D is a closure description
	Interp      // a = text of D values from b

	Call     // c = script function D, window a, entry E; B operations are counted
	CallBig  // the same for a function with a large frame
	CallThis // the same for a function that uses this, which is unbound
	Native   // site D with B/16 arguments in window a; c (if not 0xffff) is the variable given as first argument; result to E
	Method   // site D with B/16 arguments in window a, the first is the receiver; c as for Native; result to E
	CallFn   // f.call(...) where the variable c holds f, or the window if there is no c; otherwise as Special
	Special  // special form, D is a site, B/16 arguments in window a, c as for Native; result to E
	Return   // returns a
	ReturnUnit
	LoadGlobal // a = variable names[D] seen from a function: function, constant of a module
	LoadPath   // a = ns::name, D is a site

	Switch      // a against table D; to E if nothing matches
	InRange     // if the number a is in the range consts[D], to E
	Throw       // throws a
	Rethrow     // throw; in a catch block: a holds the caught error
	Catch       // a = what the catch clause shows of the current error; b, if given, = the error
	FailConst   // fails: names[D] is a constant
	TooManyVars // fails: the limit on variables; put in place of a declaration
	TypeOf      // a = type name of b
	IsShared    // a = whether b is shared
	Import      // module path a, alias names[D] (-1: none)
	ImportMark  // a = number of imports
	ImportDrop  // imports back to a
	Export      // exports variable b as names[D]; names[E] is its own name
	Lock        // locks the shared variable a until Unlock: a chain of calls runs on it
	Unlock      // releases the latest lock of the function
	SetGlobal   // the constant a is global::names[D] from here on
	Eval        // a = eval of a, D is the description of the visible variables; E is 1 if its constants are global
	NameLoad    // a = variable names[D] by name: dynamic scope b, else register c
	NameStore   // variable names[D] = a, as for NameLoad
	NameRef     // a = the cell of variable names[D], made if need be; e: RefWrite, RefConst
	ScopeMark   // a = new dynamic scope or its length
	ScopeDrop   // dynamic scope b back to the length in a
	IsDefVar    // a = whether a variable of the name in a exists, D as for Eval
	CallScope   // f!(...): D is a site, B/16 arguments, window a, E is the description of the visible variables
	CustomEval  // a = custom syntax D; goes on at E
	InputEnd    // ends an input of a custom syntax, whose value is a; D > 0: by the D-th of the ways out of the construct
	CheckNew    // fails if there is a variable names[D] in the host's scope
	ScopeHide   // hides what the dynamic scope b has as names[D]
	NameCheck   // fails if names[D] is the constant in scope, unless the dynamic scope b has the name
	FailVar     // fails: variable names[D] not found
	IterClose   // ends the iterator in a, the state of a loop that is left
	AsConst     // a = b as the root of a chain that writes into the constant names[D]
	Trace       // a place that a debugger looks at: E is its kind, D the description of the visible variables

	// Joined operations: the first does what the instruction is, and if that is simple
	// also what the next instruction is, which stands there as ever, or for a jump the
	// one it goes to.
	IncIfLess
	IncIfLessEqual
	IncIfLessInt
	IncForRange
	DecIfGreater
	DecIfGreaterInt
	DecIfGreaterEqualInt
	AddToIfLess
	AddToIfLessEqual
	AddToIfLessInt
	AddToForRange
	JumpForRange
	ModIntUnlessEqualInt // of the same register
	IndexPeekIndex       // in what the first found
	LoadConstSetIndex    // of what the first loaded
	LoadIntSetIndex      // the same
	numOps
)

// Flags of NameRef.
const (
	RefWrite = 1 << iota // the variable is written to
	RefConst             // the variable in register c is a constant
)

// Kinds of Trace. Only programs that are compiled for debuggers have any.
const (
	TraceStmt   = iota // a statement, or the next round of a loop, begins
	TraceEnter         // a function begins
	TraceReturn        // a function returns a, or () if there is no a
	TraceCall          // the next instruction calls a function by name
	TraceProp          // the property names[B] is about to be read or written
)

// What a loop over an array does without.
const (
	ForBorrows = 1 << iota // nothing writes into the array meanwhile: it is not marked as shared
	ForLends               // and the body only looks at the items: they are not marked either
)
