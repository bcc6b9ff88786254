package syntax

// Token is a kind of token.
type Token uint8

// The kinds of tokens. Those from Plus to Coalesce are the operators that
// [Binary], [Assign] and [Logic] nodes carry.
const (
	EOF Token = iota
	Bad
	IdentTok
	IntTok
	FloatTok
	CharTok
	StringTok
	InterpTok   // a back-tick string up to its first ${
	ReservedTok // a reserved word or symbol, this among them
	CustomTok   // a word that is a custom operator or belongs to a custom syntax
	CommentTok  // only in the stream of [Tokens]

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
	Fn_
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
	numTokens
)

// tokenText is how tokens are written; it names the functions behind operators.
var tokenText = [numTokens]string{
	EOF: "{EOF}", Plus: "+", Minus: "-", Star: "*", Slash: "/", Percent: "%", Power: "**",
	ShiftLeft: "<<", ShiftRight: ">>", And: "&", Or: "|", Xor: "^",
	Equal: "==", NotEqual: "!=", Less: "<", LessEqual: "<=", Greater: ">", GreaterEqual: ">=",
	RangeExcl: "..", RangeIncl: "..=", In: "in", NotIn: "!in", AndAnd: "&&", OrOr: "||", Coalesce: "??",
	Bang: "!", UnaryPlus: "+", UnaryMinus: "-", Assign_: "=", PlusAssign: "+=", MinusAssign: "-=",
	StarAssign: "*=", SlashAssign: "/=", PercentAssign: "%=", PowerAssign: "**=", ShiftLeftAssign: "<<=",
	ShiftRightAssign: ">>=", AndAssign: "&=", OrAssign: "|=", XorAssign: "^=",
	LeftBrace: "{", RightBrace: "}", LeftParen: "(", RightParen: ")", UnitTok: "()", LeftBracket: "[",
	RightBracket: "]", Semicolon: ";", Colon: ":", DoubleColon: "::", FatArrow: "=>", Comma: ",", Dot: ".",
	SafeDot: "?.", SafeBracket: "?[", MapStart: "#{", Underscore: "_",
	True: "true", False: "false", Let_: "let", Const: "const", If_: "if", Else: "else", Switch_: "switch",
	Do_: "do", While_: "while", Until: "until", Loop_: "loop", For_: "for", Fn_: "fn", Private: "private",
	Continue_: "continue", Break_: "break", Return_: "return", Throw_: "throw", Try_: "try", Catch: "catch",
	Import_: "import", Export_: "export", As: "as",
}

// String returns the token as it is written.
func (t Token) String() string { return tokenText[t] }

// IsKeyword reports whether t is a word of the language.
func (t Token) IsKeyword() bool { return t >= True && t < numTokens || t == In || t == NotIn }

// keywords maps words to their tokens.
var keywords = func() map[string]Token {
	m := map[string]Token{"in": In}
	for t := True; t < numTokens; t++ {
		m[tokenText[t]] = t
	}
	return m
}()

// Classes of reserved words.
const (
	neverUsable = iota + 1
	callOnly
	callOrMethod
	valueOnly
)

// reservedWords are the words that cannot be identifiers.
var reservedWords = func() map[string]uint8 {
	m := map[string]uint8{
		"print": callOnly, "debug": callOnly, "eval": callOnly, "Fn": callOnly, "is_def_var": callOnly, "is_def_fn": callOnly,
		"type_of": callOrMethod, "call": callOrMethod, "curry": callOrMethod, "is_shared": callOrMethod,
		"this": valueOnly,
	}
	for _, w := range []string{
		"public", "protected", "super", "new", "use", "module", "package", "var", "static", "shared", "with", "is",
		"goto", "match", "case", "default", "void", "null", "nil", "spawn", "thread", "go", "sync", "async", "await", "yield",
	} {
		m[w] = neverUsable
	}
	return m
}()

// IsReserved reports whether s is a keyword, a reserved word or an operator: no
// function pointer can be made of it.
func IsReserved(s string) bool {
	if s == "" {
		return false
	}
	if _, ok := keywords[s]; ok {
		return true
	}
	if _, ok := reservedWords[s]; ok {
		return true
	}
	for t := Plus; t < True; t++ {
		if tokenText[t] == s {
			return true
		}
	}
	_, bad := reservedSymbols[s]
	return bad
}

// IsActive reports whether s is a keyword or operator that has a meaning.
func IsActive(s string) bool {
	if _, ok := keywords[s]; ok {
		return true
	}
	_, ok := symbolTokens[s]
	return ok
}

// ReservedText is the message about the use of a reserved word or symbol.
func ReservedText(s string) string {
	if isWord(s) && s != "_" {
		return "'" + s + "' is a reserved keyword"
	}
	return "'" + s + "' is a reserved symbol"
}

func isWord(s string) bool {
	return s != "" && (isLetter(s[0]) || s[0] == '_')
}

// reservedSymbols are the symbols that mean nothing, with the message for those
// that other languages have.
var reservedSymbols = map[string]string{
	"===": "'===' is not a valid operator. This is not JavaScript! Should it be '=='?",
	"!==": "'!==' is not a valid operator. This is not JavaScript! Should it be '!='?",
	"->":  "'->' is not a valid symbol. This is not C or C++!",
	"<-":  "'<-' is not a valid symbol. This is not Go! Should it be '<='?",
	":=":  "':=' is not a valid assignment operator. This is not Go or Pascal! Should it be simply '='?",
	":;":  "':;' is not a valid symbol. Should it be '::'?",
	"::<": "'::<>' is not a valid symbol. This is not Rust! Should it be '::'?",
	"(*":  "'(* .. *)' is not a valid comment format. This is not Pascal! Should it be '/* .. */'?",
	"*)":  "'(* .. *)' is not a valid comment format. This is not Pascal! Should it be '/* .. */'?",
	"# {": "'#' is not a valid symbol. Should it be '#{'?",
	"?":   "", "~": "", "!.": "", "#": "", "#!": "", "@": "", "$": "", "++": "", "--": "", "...": "", "<|": "", "|>": "",
}

// assignOps maps assignments to their operators, and everything else to EOF.
var assignOps = [numTokens]Token{
	Assign_:    Assign_,
	PlusAssign: Plus, MinusAssign: Minus, StarAssign: Star, SlashAssign: Slash, PercentAssign: Percent,
	PowerAssign: Power, ShiftLeftAssign: ShiftLeft, ShiftRightAssign: ShiftRight,
	AndAssign: And, OrAssign: Or, XorAssign: Xor,
}

// precedence of the binary operators; 0 for everything else.
var precedences = [numTokens]uint8{
	ShiftLeft: 210, ShiftRight: 210, Power: 190, Star: 180, Slash: 180, Percent: 180, Plus: 150, Minus: 150,
	RangeExcl: 140, RangeIncl: 140, Coalesce: 135, Less: 130, LessEqual: 130, Greater: 130, GreaterEqual: 130,
	In: 110, NotIn: 110, Equal: 90, NotEqual: 90, AndAnd: 60, And: 60, OrOr: 30, Or: 30, Xor: 30,
}
