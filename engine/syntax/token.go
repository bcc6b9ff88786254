package syntax

// Token is a kind of token.
type Token uint8

// The kinds of tokens. Operators are grouped so that the binary ones, which
// [Binary] and [Assign] nodes carry, are contiguous from Plus to Custom.
const (
	EOF Token = iota
	Bad
	IdentTok
	IntTok
	FloatTok
	CharTok
	StringTok
	InterpTok // a back-tick string up to its first ${
	ReservedTok

	// Binary operators.
	Plus
	Minus
	Star
	Slash
	Percent
	Power
	ShiftLeft
	ShiftRight
	And // &
	Or  // |
	Xor
	Equal
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
	RangeExcl // ..
	RangeIncl // ..=
	In
	NotIn
	Custom_ // a custom operator, by name
	AndAnd
	OrOr
	Coalesce // ??

	Bang
	UnaryPlus
	UnaryMinus
	Assign_ // =
	PlusAssign
	MinusAssign
	StarAssign
	SlashAssign
	PercentAssign
	PowerAssign
	ShiftLeftAssign
	ShiftRightAssign
	AndAssign
	OrAssign
	XorAssign

	LeftBrace
	RightBrace
	LeftParen
	RightParen
	UnitTok // ()
	LeftBracket
	RightBracket
	Semicolon
	Colon
	DoubleColon
	FatArrow
	Comma
	Dot
	SafeDot
	SafeBracket
	MapStart
	Underscore

	True
	False
	Let_
	Const
	If_
	Else
	Switch_
	Do_
	While_
	Until
	Loop_
	For_
	Fn
	Private
	Continue_
	Break_
	Return_
	Throw_
	Try_
	Catch
	Import_
	Export_
	As
)
