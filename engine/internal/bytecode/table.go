package bytecode

import (
	"strconv"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Info tells everything about an operation that is not how it is executed. The
// compiler chooses operations by class and token, the machine's slow tier executes
// whole classes by them, and the listing and the verifier read operands by role.
type Info struct {
	Name    string
	A, B, C Role
	D, E    Field
	Class   Class
	// Token is the operator of an operation of a class, EOF if the instruction has it
	// in D.
	Token syntax.Token
	// Negated is set for a branch that is taken if the comparison is false.
	Negated bool
	// First is the operation that a joined one begins with, Halt if it is none.
	First Op
	// Leaves is set if control never goes on at the next instruction.
	Leaves bool
}

// Role is what an operation does with one of the operands A, B and C.
type Role uint8

// The roles. All from Read to Scope are registers.
const (
	Unused    Role = iota
	Read           // the value in the register is read, through its cell if it has one
	Take           // what is in the register is taken as it is, a cell too
	Write          // the register is set
	Update         // the register is read and set, or the variable in it
	Reference      // the variable that a call gets by reference
	Window         // the first of several registers; how many tells [Instr.Window]
	Scope          // the dynamic scope of the frame
	Counted        // a number of operations
	Arguments      // a number of arguments, times RegSize
	Sense          // 0 if the condition in the source was negated
	// Optional is added to the role of a register that may be NoReg.
	Optional Role = 0x80
)

// ChargesAhead reports whether what an operation counts is the cost of code that other
// instructions are: a jump back counts the body of its loop, a call the function's.
func (op Op) ChargesAhead() bool {
	x := op.Info()
	return op == Charge || x.A == Counted || x.B == Counted || x.C == Counted
}

// IsRegister reports whether an operand of this role is a register, or NoReg if it
// may be absent.
func (r Role) IsRegister() bool { return r&^Optional >= Read && r&^Optional <= Scope }

// OnlyReads reports whether a variable in the operand is left as it is, or is left to
// a function that asks whether it is a constant.
func (r Role) OnlyReads() bool {
	switch r &^ Optional {
	case Take, Write, Update, Window:
		return false
	}
	return true
}

// Field is what D or E holds.
type Field uint8

// The contents of D and E.
const (
	None     Field = iota
	Int            // an integer
	Float          // the lower half of a float, whose upper half is in E
	Operator       // a token
	Flags          // bits or a number that the operation knows
	Count          // a number of registers: items, values or properties
	Spare          // how many more items there will be
	ToConst        // an index of Consts; so are the others of their tables
	ToName
	ToNameOrNone // -1 for none
	ToNames      // the first of as many names as D tells
	ToFunc
	ToSite
	ToTable
	ToClosure
	ToVisible
	ToCustom
	ToShape
	Target // the distance in bytes to another instruction of the function
	Entry  // the distance in bytes from the beginning of the code
	Result // the register of the result
)

// Class is a group of operations that differ in their operator only.
type Class uint8

// The classes.
const (
	Other           Class = iota
	Arith                 // a = b op c
	ArithInt              // a = b op D
	ArithFloat            // a = b op float
	ArithFromFloat        // a = float op b
	AssignOperator        // a op= c
	Branch                // if a op b, to E
	BranchInt             // if a op D, to E
	BranchChar            // if a op the character D, to E
	numberOfClasses = iota
)

// table holds the operations.
var table = [numOps]Info{
	Halt: {Name: "Halt", A: Take, Leaves: true},

	LoadConst:  {Name: "LoadConst", A: Write, D: ToConst},
	LoadInt:    {Name: "LoadInt", A: Write, D: Int},
	LoadFloat:  {Name: "LoadFloat", A: Write, D: Float},
	LoadUnit:   {Name: "LoadUnit", A: Write},
	Move:       {Name: "Move", A: Write, B: Take},
	Copy:       {Name: "Copy", A: Write, B: Read},
	Lend:       {Name: "Lend", A: Write, B: Read},
	Guard:      {Name: "Guard", A: Take, B: Take, D: ToSite, E: Flags},
	TakePart:   {Name: "TakePart", A: Write, B: Unused, C: Take, D: ToSite, E: Target},
	MoveUnseen: {Name: "MoveUnseen", A: Write, B: Read},
	Store:      {Name: "Store", A: Update, B: Take},
	ThisLoad:   {Name: "ThisLoad", A: Write},
	ThisCopy:   {Name: "ThisCopy", A: Write},
	ThisStore:  {Name: "ThisStore", A: Take},
	ThisRoot:   {Name: "ThisRoot", A: Write},
	ThisCheck:  {Name: "ThisCheck", E: Flags},

	Add:    {Name: "Add", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Plus},
	Sub:    {Name: "Sub", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Minus},
	Mul:    {Name: "Mul", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Star},
	Div:    {Name: "Div", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Slash},
	Mod:    {Name: "Mod", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Percent},
	BitAnd: {Name: "BitAnd", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.And},
	BitOr:  {Name: "BitOr", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Or},
	BitXor: {Name: "BitXor", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Xor},
	Shl:    {Name: "Shl", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.ShiftLeft},
	Shr:    {Name: "Shr", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.ShiftRight},
	Binary: {Name: "Binary", A: Write, B: Read, C: Read, D: Operator, Class: Arith},

	AddInt:       {Name: "AddInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Plus},
	SubInt:       {Name: "SubInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Minus},
	MulInt:       {Name: "MulInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Star},
	DivInt:       {Name: "DivInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Slash},
	ModInt:       {Name: "ModInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Percent},
	BitAndInt:    {Name: "BitAndInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.And},
	BitOrInt:     {Name: "BitOrInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Or},
	BitXorInt:    {Name: "BitXorInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.Xor},
	ShlInt:       {Name: "ShlInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.ShiftLeft},
	ShrInt:       {Name: "ShrInt", A: Write, B: Read, D: Int, Class: ArithInt, Token: syntax.ShiftRight},
	AddFloat:     {Name: "AddFloat", A: Write, B: Read, D: Float, Class: ArithFloat, Token: syntax.Plus},
	SubFloat:     {Name: "SubFloat", A: Write, B: Read, D: Float, Class: ArithFloat, Token: syntax.Minus},
	MulFloat:     {Name: "MulFloat", A: Write, B: Read, D: Float, Class: ArithFloat, Token: syntax.Star},
	DivFloat:     {Name: "DivFloat", A: Write, B: Read, D: Float, Class: ArithFloat, Token: syntax.Slash},
	SubFromFloat: {Name: "SubFromFloat", A: Write, B: Read, D: Float, Class: ArithFromFloat, Token: syntax.Minus},
	AddToFloat:   {Name: "AddToFloat", A: Write, B: Read, D: Float, Class: ArithFromFloat, Token: syntax.Plus},
	MulToFloat:   {Name: "MulToFloat", A: Write, B: Read, D: Float, Class: ArithFromFloat, Token: syntax.Star},
	DivFromFloat: {Name: "DivFromFloat", A: Write, B: Read, D: Float, Class: ArithFromFloat, Token: syntax.Slash},

	AddTo:    {Name: "AddTo", A: Update, C: Read, D: Operator, Class: AssignOperator, Token: syntax.Plus},
	SubTo:    {Name: "SubTo", A: Update, C: Read, D: Operator, Class: AssignOperator, Token: syntax.Minus},
	MulTo:    {Name: "MulTo", A: Update, C: Read, D: Operator, Class: AssignOperator, Token: syntax.Star},
	AssignTo: {Name: "AssignTo", A: Update, C: Read, D: Operator, Class: AssignOperator},
	Inc:      {Name: "Inc", A: Update, D: Int},
	Dec:      {Name: "Dec", A: Update, D: Int},

	Less:         {Name: "Less", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Less},
	LessEqual:    {Name: "LessEqual", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.LessEqual},
	Greater:      {Name: "Greater", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Greater},
	GreaterEqual: {Name: "GreaterEqual", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.GreaterEqual},
	Equal:        {Name: "Equal", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.Equal},
	NotEqual:     {Name: "NotEqual", A: Write, B: Read, C: Read, D: Operator, Class: Arith, Token: syntax.NotEqual},
	Not:          {Name: "Not", A: Write, B: Read},
	Negate:       {Name: "Negate", A: Write, B: Read},
	Plus:         {Name: "Plus", A: Write, B: Read},
	CheckBool:    {Name: "CheckBool", A: Read},

	Jump:        {Name: "Jump", E: Target, Leaves: true},
	Loop:        {Name: "Loop", B: Counted, E: Target, Leaves: true},
	JumpTrue:    {Name: "JumpTrue", A: Read, B: Counted, C: Sense, E: Target},
	JumpFalse:   {Name: "JumpFalse", A: Read, B: Counted, C: Sense, E: Target},
	LoopTrue:    {Name: "LoopTrue", A: Read, B: Counted, C: Sense, E: Target},
	LoopFalse:   {Name: "LoopFalse", A: Read, B: Counted, C: Sense, E: Target},
	JumpUnit:    {Name: "JumpUnit", A: Read, E: Target},
	JumpNotUnit: {Name: "JumpNotUnit", A: Read, E: Target},
	Charge:      {Name: "Charge", D: Int},

	IfLess:                 {Name: "IfLess", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Less},
	IfLessEqual:            {Name: "IfLessEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.LessEqual},
	IfGreater:              {Name: "IfGreater", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Greater},
	IfGreaterEqual:         {Name: "IfGreaterEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.GreaterEqual},
	IfEqual:                {Name: "IfEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Equal},
	IfNotEqual:             {Name: "IfNotEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.NotEqual},
	UnlessLess:             {Name: "UnlessLess", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Less, Negated: true},
	UnlessLessEqual:        {Name: "UnlessLessEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.LessEqual, Negated: true},
	UnlessGreater:          {Name: "UnlessGreater", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Greater, Negated: true},
	UnlessGreaterEqual:     {Name: "UnlessGreaterEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.GreaterEqual, Negated: true},
	UnlessEqual:            {Name: "UnlessEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.Equal, Negated: true},
	UnlessNotEqual:         {Name: "UnlessNotEqual", A: Read, B: Read, C: Counted, D: Operator, E: Target, Class: Branch, Token: syntax.NotEqual, Negated: true},
	IfLessInt:              {Name: "IfLessInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Less},
	IfLessEqualInt:         {Name: "IfLessEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.LessEqual},
	IfGreaterInt:           {Name: "IfGreaterInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Greater},
	IfGreaterEqualInt:      {Name: "IfGreaterEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.GreaterEqual},
	IfEqualInt:             {Name: "IfEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Equal},
	IfNotEqualInt:          {Name: "IfNotEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.NotEqual},
	UnlessLessInt:          {Name: "UnlessLessInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Less, Negated: true},
	UnlessLessEqualInt:     {Name: "UnlessLessEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.LessEqual, Negated: true},
	UnlessGreaterInt:       {Name: "UnlessGreaterInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Greater, Negated: true},
	UnlessGreaterEqualInt:  {Name: "UnlessGreaterEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.GreaterEqual, Negated: true},
	UnlessEqualInt:         {Name: "UnlessEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.Equal, Negated: true},
	UnlessNotEqualInt:      {Name: "UnlessNotEqualInt", A: Read, C: Counted, D: Int, E: Target, Class: BranchInt, Token: syntax.NotEqual, Negated: true},
	IfLessChar:             {Name: "IfLessChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Less},
	IfLessEqualChar:        {Name: "IfLessEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.LessEqual},
	IfGreaterChar:          {Name: "IfGreaterChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Greater},
	IfGreaterEqualChar:     {Name: "IfGreaterEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.GreaterEqual},
	IfEqualChar:            {Name: "IfEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Equal},
	IfNotEqualChar:         {Name: "IfNotEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.NotEqual},
	UnlessLessChar:         {Name: "UnlessLessChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Less, Negated: true},
	UnlessLessEqualChar:    {Name: "UnlessLessEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.LessEqual, Negated: true},
	UnlessGreaterChar:      {Name: "UnlessGreaterChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Greater, Negated: true},
	UnlessGreaterEqualChar: {Name: "UnlessGreaterEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.GreaterEqual, Negated: true},
	UnlessEqualChar:        {Name: "UnlessEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.Equal, Negated: true},
	UnlessNotEqualChar:     {Name: "UnlessNotEqualChar", A: Read, C: Counted, D: Int, E: Target, Class: BranchChar, Token: syntax.NotEqual, Negated: true},

	ForPrepare:      {Name: "ForPrepare", A: Window, B: Write, D: Flags, E: Target},
	ForRangePrepare: {Name: "ForRangePrepare", A: Window, B: Write, D: Operator, E: Target},
	ForRange:        {Name: "ForRange", A: Window, B: Write, C: Counted, E: Target},
	ForNext:         {Name: "ForNext", A: Window, B: Write, C: Counted, D: Flags, E: Target},

	Index:     {Name: "Index", A: Write, B: Read, C: Read},
	IndexPeek: {Name: "IndexPeek", A: Write, B: Read, C: Read},
	IndexInt:  {Name: "IndexInt", A: Write, B: Read, D: Int},
	Prop:      {Name: "Prop", A: Write, B: Read, D: ToSite},
	ThisProp:  {Name: "ThisProp", A: Write, B: Write, D: ToSite},
	PropPeek:  {Name: "PropPeek", A: Write, B: Read, D: ToSite},
	SetIndex:  {Name: "SetIndex", A: Update, B: Read, C: Take, E: Flags},
	SetProp:   {Name: "SetProp", A: Update, B: Read | Optional, C: Take, D: ToSite},
	IndexTo:   {Name: "IndexTo", A: Update, B: Read, C: Read, D: Operator, E: Flags},
	PropTo:    {Name: "PropTo", A: Update, B: Read | Optional, C: Read, D: ToSite, E: Operator},
	PropInc:   {Name: "PropInc", A: Update, B: Read | Optional, C: Read, D: ToSite, E: Int},
	IndexOwn:  {Name: "IndexOwn", A: Write, B: Update, C: Read, E: Flags},
	PropOwn:   {Name: "PropOwn", A: Write, B: Update, C: Read | Optional, D: ToSite, E: Flags},
	WriteBack: {Name: "WriteBack", A: Read, D: Flags},

	MakeArray:   {Name: "MakeArray", A: Write, B: Window, D: Count, E: Spare},
	ArrayPush:   {Name: "ArrayPush", A: Update, B: Window, D: Count},
	MakeMap:     {Name: "MakeMap", A: Write, B: Window, D: Count, E: ToShape},
	MapPut:      {Name: "MapPut", A: Update, B: Window, D: Count, E: ToNames},
	MakeClosure: {Name: "MakeClosure", A: Write, B: Scope | Optional, D: ToClosure},
	Interp:      {Name: "Interp", A: Write, B: Window, D: Count},

	Call:       {Name: "Call", A: Window, B: Counted, C: Write, D: ToFunc, E: Entry},
	CallBig:    {Name: "CallBig", A: Window, B: Counted, C: Write, D: ToFunc, E: Entry},
	CallThis:   {Name: "CallThis", A: Window, B: Counted, C: Write, D: ToFunc, E: Entry},
	Native:     {Name: "Native", A: Window, B: Arguments, C: Reference | Optional, D: ToSite, E: Result},
	Method:     {Name: "Method", A: Window, B: Arguments, C: Reference | Optional, D: ToSite, E: Result},
	CallFn:     {Name: "CallFn", A: Window, B: Arguments, C: Reference | Optional, D: ToSite, E: Result},
	Special:    {Name: "Special", A: Window, B: Arguments, C: Reference | Optional, D: ToSite, E: Result},
	Return:     {Name: "Return", A: Take, Leaves: true},
	ReturnUnit: {Name: "ReturnUnit", Leaves: true},
	LoadGlobal: {Name: "LoadGlobal", A: Write, D: ToName},
	LoadPath:   {Name: "LoadPath", A: Write, D: ToSite},

	Switch:      {Name: "Switch", A: Read, D: ToTable, E: Target, Leaves: true},
	InRange:     {Name: "InRange", A: Read, D: ToConst, E: Target},
	Throw:       {Name: "Throw", A: Read, Leaves: true},
	Rethrow:     {Name: "Rethrow", A: Read, Leaves: true},
	Catch:       {Name: "Catch", A: Write | Optional, B: Write | Optional},
	FailConst:   {Name: "FailConst", D: ToName, Leaves: true},
	TooManyVars: {Name: "TooManyVars", Leaves: true},
	TypeOf:      {Name: "TypeOf", A: Write, B: Read},
	IsShared:    {Name: "IsShared", A: Write, B: Read},
	Import:      {Name: "Import", A: Read, D: ToNameOrNone},
	ImportMark:  {Name: "ImportMark", A: Write},
	ImportDrop:  {Name: "ImportDrop", A: Read},
	Export:      {Name: "Export", B: Take | Optional, D: ToName, E: ToName},
	Lock:        {Name: "Lock", A: Update},
	Unlock:      {Name: "Unlock"},
	SetGlobal:   {Name: "SetGlobal", A: Read, D: ToName},
	Eval:        {Name: "Eval", A: Update, B: Scope | Optional, D: ToVisible, E: Flags},
	NameLoad:    {Name: "NameLoad", A: Write, B: Scope | Optional, C: Read | Optional, D: ToName},
	NameStore:   {Name: "NameStore", A: Take, B: Scope | Optional, C: Update | Optional, D: ToName},
	NameRef:     {Name: "NameRef", A: Write, B: Scope | Optional, C: Update | Optional, D: ToName, E: Flags},
	ScopeMark:   {Name: "ScopeMark", A: Write, B: Scope | Optional},
	ScopeDrop:   {Name: "ScopeDrop", A: Read, B: Scope},
	IsDefVar:    {Name: "IsDefVar", A: Write, B: Read, D: ToVisible},
	CallScope:   {Name: "CallScope", A: Window, B: Arguments, D: ToSite, E: ToVisible},
	CustomEval:  {Name: "CustomEval", A: Write, B: Scope | Optional, D: ToCustom, E: Target},
	InputEnd:    {Name: "InputEnd", A: Take | Optional, D: Flags, Leaves: true},
	CheckNew:    {Name: "CheckNew", D: ToName},
	ScopeHide:   {Name: "ScopeHide", B: Scope, D: ToName},
	NameCheck:   {Name: "NameCheck", B: Scope, D: ToName},
	FailVar:     {Name: "FailVar", D: ToName, Leaves: true},
	IterClose:   {Name: "IterClose", A: Update},
	AsConst:     {Name: "AsConst", A: Write, B: Read, D: ToName},
	Trace:       {Name: "Trace", A: Take | Optional, D: ToVisible, E: Flags},

	IncIfLess:            {Name: "IncIfLess", A: Update, D: Int, First: Inc},
	IncIfLessEqual:       {Name: "IncIfLessEqual", A: Update, D: Int, First: Inc},
	IncIfLessInt:         {Name: "IncIfLessInt", A: Update, D: Int, First: Inc},
	IncForRange:          {Name: "IncForRange", A: Update, D: Int, First: Inc},
	DecIfGreater:         {Name: "DecIfGreater", A: Update, D: Int, First: Dec},
	DecIfGreaterInt:      {Name: "DecIfGreaterInt", A: Update, D: Int, First: Dec},
	DecIfGreaterEqualInt: {Name: "DecIfGreaterEqualInt", A: Update, D: Int, First: Dec},
	AddToIfLess:          {Name: "AddToIfLess", A: Update, C: Read, D: Operator, First: AddTo},
	AddToIfLessEqual:     {Name: "AddToIfLessEqual", A: Update, C: Read, D: Operator, First: AddTo},
	AddToIfLessInt:       {Name: "AddToIfLessInt", A: Update, C: Read, D: Operator, First: AddTo},
	AddToForRange:        {Name: "AddToForRange", A: Update, C: Read, D: Operator, First: AddTo},
	JumpForRange:         {Name: "JumpForRange", E: Target, Leaves: true, First: Jump},
	ModIntUnlessEqualInt: {Name: "ModIntUnlessEqualInt", A: Write, B: Read, D: Int, First: ModInt},
	IndexPeekIndex:       {Name: "IndexPeekIndex", A: Write, B: Read, C: Read, First: IndexPeek},
	LoadConstSetIndex:    {Name: "LoadConstSetIndex", A: Write, D: ToConst, First: LoadConst},
	LoadIntSetIndex:      {Name: "LoadIntSetIndex", A: Write, D: Int, First: LoadInt},
}

// Info returns what the table says about an operation.
func (op Op) Info() *Info { return &table[op] }

// Base returns the operation that a joined one begins with, and any other itself.
func (op Op) Base() Op {
	if first := table[op].First; first != Halt {
		return first
	}
	return op
}

// String returns the name of the operation.
func (op Op) String() string {
	if op < numOps {
		return table[op].Name
	}
	return "Op(" + strconv.Itoa(int(op)) + ")"
}

// byToken is the table by class, sense and operator; Halt stands for none.
var byToken = func() (out [numberOfClasses][2][256]Op) {
	for op := range numOps {
		x := &table[op]
		if x.Class == Other || x.Token == syntax.EOF {
			continue
		}
		out[x.Class][sense(x.Negated)][x.Token] = op
	}
	return out
}()

func sense(negated bool) int {
	if negated {
		return 1
	}
	return 0
}

// Find returns the operation of a class for an operator; ok is false if the class has
// none for it.
func Find(c Class, operator syntax.Token) (op Op, ok bool) {
	op = byToken[c][0][operator]
	return op, op != Halt
}

// FindBranch returns the operation that branches if a comparison holds, or if negated
// is set if it does not. ok is false for other operators.
func FindBranch(c Class, operator syntax.Token, negated bool) (op Op, ok bool) {
	op = byToken[c][sense(negated)][operator]
	return op, op != Halt
}

// Window returns how many registers an operand of the role Window covers.
func (in *Instr) Window(p *Program) int {
	switch in.Op {
	case ForPrepare, ForRangePrepare, ForRange, ForNext:
		return 3
	case Native, Method, CallFn, Special:
		return int(in.B) / RegSize
	case CallScope:
		return max(int(in.B)/RegSize, 1) // the result is left there
	case Call, CallBig, CallThis:
		return max(len(p.Funcs[in.D].Params), 1)
	}
	return int(in.D)
}

// joined holds the joined operations by what they do.
var joined = map[[2]Op]Op{
	{Inc, IfLess}:            IncIfLess,
	{Inc, IfLessEqual}:       IncIfLessEqual,
	{Inc, IfLessInt}:         IncIfLessInt,
	{Inc, ForRange}:          IncForRange,
	{Dec, IfGreater}:         DecIfGreater,
	{Dec, IfGreaterInt}:      DecIfGreaterInt,
	{Dec, IfGreaterEqualInt}: DecIfGreaterEqualInt,
	{AddTo, IfLess}:          AddToIfLess,
	{AddTo, IfLessEqual}:     AddToIfLessEqual,
	{AddTo, IfLessInt}:       AddToIfLessInt,
	{AddTo, ForRange}:        AddToForRange,
	{Jump, ForRange}:         JumpForRange,
	{ModInt, UnlessEqualInt}: ModIntUnlessEqualInt,
	{IndexPeek, Index}:       IndexPeekIndex,
	{LoadConst, SetIndex}:    LoadConstSetIndex,
	{LoadInt, SetIndex}:      LoadIntSetIndex,
}

// Join replaces operations by joined ones, in the code of a function that is complete.
func Join(code []Instr) {
	for i := range code {
		in := &code[i]
		next := i + 1
		switch in.Op {
		case Inc, Dec, AddTo, ModInt, IndexPeek, LoadConst, LoadInt:
		case Jump:
			next = i + int(in.E)/InstrSize
		default:
			continue
		}
		if next < 0 || next >= len(code) {
			continue
		}
		// Loads and jumps are many.
		if (in.Op == LoadConst || in.Op == LoadInt) && code[next].Op != SetIndex || in.Op == Jump && code[next].Op != ForRange {
			continue
		}
		op, ok := joined[[2]Op{in.Op, code[next].Op}]
		switch to := &code[next]; {
		case !ok:
			continue
		case op == ModIntUnlessEqualInt && to.A != in.A:
			continue
		case op == IndexPeekIndex && (to.B != in.A || to.C == in.A):
			continue
		case (op == LoadConstSetIndex || op == LoadIntSetIndex) && (to.C != in.A || to.A == in.A || to.B == in.A):
			continue
		}
		in.Op = op
	}
}

// Unjoin undoes Join, for a change of the code.
func Unjoin(code []Instr) {
	for i := range code {
		code[i].Op = code[i].Op.Base()
	}
}
