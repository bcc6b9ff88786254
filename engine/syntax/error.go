package syntax

import "strconv"

// ErrorType is the kind of a parse error, by Rhai's names.
type ErrorType uint8

// The kinds of parse errors.
const (
	UnexpectedEOF ErrorType = iota + 1
	BadInput
	UnknownOperator
	MissingToken
	MissingSymbol
	MalformedIndexExpr
	MalformedCapture
	DuplicatedProperty
	DuplicatedVariable
	WrongSwitchIntegerCase
	WrongSwitchDefaultCase
	WrongSwitchCaseCondition
	PropertyExpected
	VariableExpected
	ForbiddenVariable
	Reserved
	MismatchedType
	ExprExpected
	WrongDocComment
	WrongFnDefinition
	FnDuplicatedDefinition
	FnMissingName
	FnMissingParams
	FnDuplicatedParam
	FnMissingBody
	WrongExport
	AssignmentToConstant
	AssignmentToInvalidLHS
	VariableExists
	VariableUndefined
	ModuleUndefined
	ExprTooDeep
	TooManyFunctions
	LiteralTooLarge
	LoopBreak
)

// Error is a failure to parse. (Rhai section "Parse errors".)
type Error struct {
	Type ErrorType
	Text string // the message without position
	Pos  Pos    // none if the error has no place
	// Incomplete is set if the text ended too early: with more lines it may
	// parse.
	Incomplete bool
}

// Error returns the message with its position.
func (e *Error) Error() string {
	if e.Pos.IsNone() {
		return e.Text
	}
	return e.Text + " (line " + strconv.Itoa(int(e.Pos.Line)) + ", position " + strconv.Itoa(int(e.Pos.Col)) + ")"
}
