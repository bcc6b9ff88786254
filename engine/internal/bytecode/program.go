package bytecode

import (
	"cmp"
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Instr is one instruction.
type Instr struct {
	Op      Op
	A, B, C uint16
	D, E    int32
}

// Float returns the float of an instruction whose D is a Float.
func (in *Instr) Float() float64 {
	return math.Float64frombits(uint64(uint32(in.D)) | uint64(uint32(in.E))<<32)
}

// InstrSize and RegSize are the sizes that jump distances and operands are
// scaled by.
const (
	InstrSize = 16
	RegSize   = 16
)

// NoReg is an operand that names no register.
const NoReg = 0xffff

// MaxRegs is the number of registers that operands can address.
const MaxRegs = NoReg / RegSize

// SmallFrame is the size in registers up to which a function may be called
// without an exact check of the stack.
const SmallFrame = 240

// Program is compiled code. It is immutable.
type Program struct {
	Code     []Instr
	Pos      []syntax.Pos // of each instruction
	Extra    []Extra      // further positions, in the order of their keys
	Parts    *Parts       // where the parts of literals and strings stand, nil if there are none
	Consts   []value.Value
	Names    []string
	Funcs    []*Func // Funcs[0] is the main program
	Sites    []Site
	Tables   []*Table
	Closures []*Closure
	Visible  []*Visible
	Shapes   []*raw.Shape // of map literals

	Externals []External // variables of the main program that the scope may hold
	Top       []TopVar   // variables that the main program leaves
	Scope     uint16     // register of the main program's dynamic scope, or NoReg
	ByName    bool       // variables of the host's scope may be looked up by name

	Rare *Rare // what small programs have not, nil for none
}

// Rare is what small programs have not.
type Rare struct {
	Counts  []VarCount // where variables are declared
	Customs []*Custom
	Marks   []VisibleFrom // where others are visible, in the order of At; only for debuggers
}

// Parts tells where the parts of literals and strings stand.
type Parts struct {
	Items []Items // in the order of the instructions that make the wholes
	Pos   []syntax.Pos
}

// Items tells where the parts of what the instruction At makes stand: at the positions from
// First up to the First of the next.
type Items struct{ At, First uint32 }

// Extra is a further position of an instruction. Key is index<<2 | slot.
type Extra struct {
	Key uint32
	Pos syntax.Pos
}

// Slots of Extra.
const (
	PosA   = iota // the expression in a
	PosB          // in b
	PosC          // in c
	PosAux        // whatever else the operation needs
)

// Func is a function, a closure's body or the main program.
type Func struct {
	Name      string
	ThisType  string
	Params    []string
	Captures  int // cells that follow the parameters
	Entry     int // index of the first instruction
	End       int // index behind the last
	Regs      int
	Cost      int // operations of the body's straight line
	Handlers  []Handler
	UsesThis  bool
	Mutates   bool // may change this
	Empty     bool // no statements
	Private   bool
	Anonymous bool
	Pos       syntax.Pos
	Comments  []string
}

// Handler covers the instructions From..To-1 of a try block.
type Handler struct {
	From, To int
	Target   int // of the Catch instruction
}

// Site is a place that names a function, property or module member.
type Site struct {
	Name string
	*Via
	Args    int // arguments, the receiver included for methods
	Method  bool
	Const   bool         // the receiver or first argument is a constant
	This    bool         // the receiver is this
	Calls   bool         // of a guarded call: the function calls what scripts give it
	Guarded bool         // a Guard stands before the call
	Token   syntax.Token // the operator that is builtin if there is no function
	// Second is the register of the variable given as second argument to call,
	// NoReg if there is none.
	Second uint16
}

// Via tells what is on the way to what a site names. It is immutable; most sites have
// [Direct].
type Via struct {
	NS []syntax.Name // the module
	// Path leads from the variable to a method's receiver, so that a mutating
	// method can reach the place; empty if the receiver is the variable itself.
	Path []Step
}

// Direct is that nothing is on the way.
var Direct = &Via{}

// Step is one step of a path: an index in a register, or a property.
type Step struct {
	Prop  int // index of a site, -1 for an index step
	Reg   uint16
	Int   int32 // the index itself if IsInt
	IsInt bool
	Pos   syntax.Pos
}

// Closure tells how to make a closure.
type Closure struct {
	Func int
	Vars []CapturedVar
}

// CapturedVar is a variable that a closure captures.
type CapturedVar struct {
	Name  string
	Reg   uint16
	Pos   syntax.Pos
	Const bool
	// Dynamic is set if the variable is found by name.
	Dynamic bool
}

// External is a variable of the main program that comes from the scope.
type External struct {
	Name  string
	Reg   uint16
	Plain bool // the program only reads it: a constant needs no cell
}

// TopVar is a variable that the main program leaves in the scope if the
// instruction From was executed.
type TopVar struct {
	Name  string
	Reg   uint16
	Const bool
	From  int
	// Replaces is the index of the earlier declaration that this one replaces,
	// or -1.
	Replaces int
}

// VarCount tells that Count variables of a function are in scope once the
// declaration that begins at instruction At is done. Main is set for the main
// program, whose variables add to those of the scope.
type VarCount struct {
	At    int32
	Count int32
	Main  bool
	Pos   syntax.Pos
}

// VisibleFrom tells which variables are visible from instruction At on, up to the next mark
// of the function: Visible is their index in [Program.Visible].
type VisibleFrom struct{ At, Visible int32 }

// Visible is the variables in scope of an eval. Those of the frame are a list from
// the innermost outwards, whose parts several evals share.
type Visible struct {
	Last    *VisibleVar
	Outside []VisibleVar // of the main program: variables from the scope, may be undefined
	Dynamic uint16       // register of the frame's dynamic scope
	Main    bool
}

// VisibleVar is one of them.
type VisibleVar struct {
	Name  string
	Reg   uint16
	Const bool
	Outer *VisibleVar
}

// Custom is an occurrence of a custom syntax.
type Custom struct {
	Key     string
	Tokens  []string
	Variant string
	Inputs  []CustomInput
	// Leaves are the instructions to go on at when a block left the construct.
	Leaves  []int
	Visible int    // index of the variables in scope
	Scope   uint16 // register of the dynamic scope, or NoReg
}

// CustomInput is something that a custom syntax captured: code of the function
// around that ends in InputEnd.
type CustomInput struct {
	Text       string
	Entry, End int
	Cost       int
}

// Table is the jump table of a switch. Targets are distances in bytes from the
// Switch instruction.
type Table struct {
	Min     int64
	Dense   []int32 // by value - Min; 0: not there
	Ints    map[int64]int32
	Strings map[string]int32
	Few     []TextCase             // all of Strings, in the order of their code, if they are few
	Chars   []int32                // by code, those of Others that are characters with small codes; 0: not there
	Others  map[uint64][]OtherCase // by hash
	Ranges  int32                  // where the range tests begin, for ints and floats; 0: none
}

// TextCase is a label that is a text.
type TextCase struct {
	Label  string
	Target int32
}

// OtherCase is a label of any other type.
type OtherCase struct {
	Label  value.Value
	Target int32
}

// ExtraPos returns the further position of an instruction in a slot of Extra, or that of
// the instruction itself if there is none.
func (p *Program) ExtraPos(index, slot int) syntax.Pos {
	key := uint32(index)<<2 | uint32(slot)
	lo, hi := 0, len(p.Extra)
	for lo < hi {
		if mid := (lo + hi) / 2; p.Extra[mid].Key < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(p.Extra) && p.Extra[lo].Key == key {
		return p.Extra[lo].Pos
	}
	return p.Pos[index]
}

// ItemsOf returns where the parts of the literal or string stand that an instruction makes.
func (p *Program) ItemsOf(index int) []syntax.Pos {
	if p.Parts == nil {
		return nil
	}
	items := p.Parts.Items
	i, ok := slices.BinarySearchFunc(items, uint32(index), func(x Items, at uint32) int { return cmp.Compare(x.At, at) })
	if !ok {
		return nil
	}
	end := len(p.Parts.Pos)
	if i+1 < len(items) {
		end = int(items[i+1].First)
	}
	return p.Parts.Pos[items[i].First:end]
}

// FuncAt returns the function that contains the instruction.
func (p *Program) FuncAt(index int) *Func {
	lo, hi := 0, len(p.Funcs)
	for lo < hi {
		mid := (lo + hi) / 2
		if p.Funcs[mid].End <= index {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(p.Funcs) && p.Funcs[lo].Entry <= index {
		return p.Funcs[lo]
	}
	return p.Funcs[0]
}
