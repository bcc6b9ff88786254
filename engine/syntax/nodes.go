package syntax

import (
	"strconv"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Pos is a place in a source text: 1-based line and column, columns counted in
// characters. Both saturate at 65535, as in Rhai. The zero Pos is "none".
type Pos struct{ Line, Col uint16 }

// IsNone reports whether p names no place.
func (p Pos) IsNone() bool { return p.Line == 0 }

// String shows the place as line:column, such as 3:14, and - if there is none.
func (p Pos) String() string {
	if p.IsNone() {
		return "-"
	}
	return strconv.Itoa(int(p.Line)) + ":" + strconv.Itoa(int(p.Col))
}

// Node is any node of the tree.
type Node interface{ Position() Pos }

// Expr is an expression. Stmt is a statement. Every statement that has a value
// (blocks, if, switch, loops) is also an expression, wrapped in a [StmtExpr].
type (
	Expr interface {
		Node
		expr()
	}
	Stmt interface {
		Node
		stmt()
	}
)

// Name is an identifier with its place.
type Name struct {
	Name string
	Pos  Pos
}

// File is a parsed script. It is immutable once parsed: the optimiser makes
// new trees.
type File struct {
	Stmts []Stmt
	Funcs []*FuncDecl // in source order; closures are not among them
	Doc   string      // the text of //! comments
	End   Pos         // the position of the end of the text
	// HasClosure tells whether any closure occurs anywhere in the file.
	HasClosure bool
	// Size is how many bytes the text has, 0 if that is not known.
	Size int
	// Uses is what the statements contain, those of functions and closures apart.
	Uses Uses
}

// Uses tells what occurs in the statements of a script or function, closures apart. The zero
// value knows nothing; what is known may be more than there is after optimisation.
// UsesConstants is set for what closures contain, too.
type Uses uint8

// What may occur.
const (
	UsesKnown     Uses = 1 << iota // the others are known
	UsesThis                       // this
	UsesNames                      // eval, calls f!() and custom syntax, for which names count
	UsesImport                     // import
	UsesCaptures                   // closures that take variables from around them
	UsesConstants                  // what can be computed or left out without running anything
)

// None reports whether it is known that none of these occurs.
func (u Uses) None(what Uses) bool { return u&UsesKnown != 0 && u&what == 0 }

// FuncDecl is a script function, or the body of a closure (Anonymous).
type FuncDecl struct {
	Pos       Pos // of the fn keyword (closures: of the first |)
	Name      Name
	ThisType  string // "" unless declared as fn type.name(); "int" is already "i64", "float" "f64"
	Params    []Name
	Body      *Block // a closure's single statement is the only one in its block
	Private   bool
	Anonymous bool
	Comments  []string // documentation comments, one per entry, with their marks
	Uses      Uses     // what the body contains
}

// Capture is a variable that a closure takes from its surroundings.
type Capture = Name

// Expressions.
type (
	// Literal is a constant: number, string, char, bool, unit, and, after
	// optimisation, an array or map of literals. Val is frozen. Of what stood
	// here before optimisation, From is where the text began, if that is not Pos.
	Literal struct {
		Pos  Pos
		Val  value.Value
		From Pos
	}
	// Interp is a back-tick string with ${...} segments; text segments are
	// string Literals. At holds where each part begins, the brace for ${...}.
	Interp struct {
		Pos   Pos
		Parts []Expr
		At    []Pos
	}
	// ArrayLit is [a, b, c].
	ArrayLit struct {
		Pos   Pos
		Items []Expr
	}
	// MapLit is #{k: v}; Keys and Values run in parallel, in source order.
	MapLit struct {
		Pos    Pos
		Keys   []Name
		Values []Expr
	}
	// Ident is a plain variable.
	Ident struct {
		Pos  Pos
		Name string
	}
	// This is the keyword this.
	This struct{ Pos Pos }
	// Path is a variable of a module: a::b::x. Pos is that of x.
	Path struct {
		Pos  Pos
		NS   []Name
		Name string
	}
	// Call is name(args), ns::name(args) or name!(args). Pos is that of the name.
	// The forms that are handled by name (type_of, is_shared, eval, Fn, call,
	// curry, is_def_var, is_def_fn, print, debug) are ordinary Calls here.
	Call struct {
		Pos  Pos
		NS   []Name
		Name string
		Args []Expr
		Bang bool
	}
	// Method is x.name(args) or x?.name(args). Pos is that of the name.
	Method struct {
		X    Expr
		Dot  Pos
		Pos  Pos
		Name string
		Args []Expr
		Safe bool // ?.
	}
	// Prop is x.name or x?.name. Pos is that of the name.
	Prop struct {
		X    Expr
		Dot  Pos
		Pos  Pos
		Name string
		Safe bool // ?.
	}
	// Index is x[i] or x?[i]. Pos is that of the bracket.
	Index struct {
		X     Expr
		Pos   Pos
		Index Expr
		Safe  bool // ?[
	}
	// Unary is -x, +x or !x. Pos is the operator's.
	Unary struct {
		Pos Pos
		Op  Token
		X   Expr
	}
	// Binary is x op y for every operator that evaluates both sides: arithmetic,
	// bits, comparisons, .. ..= in !in, and custom operators (Op is Custom and
	// Name its text). An open range has a unit Literal as its missing end and an
	// int 0 Literal as its missing start. Pos is the operator's.
	Binary struct {
		Pos  Pos
		Op   Token
		Name string // of a custom operator, else ""
		X, Y Expr
	}
	// Logic is a chain of && or || or ??, flattened: at least two operands.
	// Pos is the first operator's, From as for Literal.
	Logic struct {
		Pos  Pos
		Op   Token // AndAnd, OrOr or Coalesce
		X    []Expr
		From Pos
	}
	// Closure is |params| body. Captures are the outer variables that the body
	// names, in order of first use, with the place of that use.
	Closure struct {
		Pos      Pos
		Fn       *FuncDecl
		Captures []Capture
	}
	// StmtExpr is a block, if, switch or loop used as an expression, or a
	// break/continue/return/throw as the right side of ??.
	StmtExpr struct{ Stmt Stmt }
	// Custom is an occurrence of a registered custom syntax: Key is its first
	// symbol, Tokens all symbols matched, Inputs the nodes captured by markers.
	Custom struct {
		Pos    Pos
		Key    string
		Tokens []string
		Inputs []Node
		// Variant tells which form was parsed, if there are several.
		Variant string
		// ChangesScope is set when the syntax may add variables.
		ChangesScope bool
		// SelfTerminated is set when no semicolon is needed after it.
		SelfTerminated bool
	}
)

// Statements.
type (
	// Empty is a lone semicolon.
	Empty struct{ Pos Pos }
	// ExprStmt is an expression as a statement.
	ExprStmt struct{ X Expr }
	// Let is let x = v or const x = v. Pos is the keyword's; Init nil means ().
	Let struct {
		Pos    Pos
		Name   Name
		Init   Expr
		Const  bool
		Export bool // export let / export const
	}
	// Assign is x = v or x op= v. Pos and Op are the operator's; Op is Assign for
	// a plain assignment, else the base operator (Plus for +=).
	Assign struct {
		Pos Pos
		Op  Token
		X   Expr
		Y   Expr
	}
	// Block is { ... }. Pos is the opening brace, End the closing one.
	Block struct {
		Pos, End Pos
		Stmts    []Stmt
	}
	// If is if c {..} else ..; Else is nil, an *If or a *Block.
	If struct {
		Pos  Pos
		Cond Expr
		Then *Block
		Else Stmt
	}
	// Switch is switch x { ... }.
	Switch struct {
		Pos   Pos
		X     Expr
		Cases []SwitchCase // in source order; the default is last, with no labels
	}
	// SwitchCase is one arm. Labels is empty for _; each label is a Literal, or a
	// Binary range of two int Literals. Guard may be nil.
	SwitchCase struct {
		Pos    Pos
		Labels []Expr
		Guard  Expr
		Body   Stmt
	}
	// While is while c {..}; Cond is nil for loop {..}.
	While struct {
		Pos  Pos
		Cond Expr
		Body *Block
	}
	// Do is do {..} while c, or until c.
	Do struct {
		Pos   Pos
		Body  *Block
		Cond  Expr
		Until bool
	}
	// For is for v in x {..} or for (v, i) in x {..}; Counter.Name is "" if absent.
	For struct {
		Pos     Pos
		Var     Name
		Counter Name
		X       Expr
		Body    *Block
	}
	// Break is break or break v.
	Break struct {
		Pos   Pos
		Value Expr
	}
	// Continue is continue.
	Continue struct{ Pos Pos }
	// Return is return or return v.
	Return struct {
		Pos   Pos
		Value Expr
	}
	// Throw is throw or throw v.
	Throw struct {
		Pos   Pos
		Value Expr
	}
	// Try is try {..} catch (e) {..}; Var.Name is "" if there is none.
	Try struct {
		Pos     Pos
		Body    *Block
		Var     Name
		Handler *Block
	}
	// Import is import path as name; Alias.Name is "" if there is none.
	Import struct {
		Pos   Pos
		Path  Expr
		Alias Name
	}
	// Export is export x as y; Alias.Name is "" if there is none.
	Export struct {
		Pos   Pos
		Name  Name
		Alias Name
	}
)

func (n *Literal) Position() Pos  { return n.Pos }
func (n *Interp) Position() Pos   { return n.Pos }
func (n *ArrayLit) Position() Pos { return n.Pos }
func (n *MapLit) Position() Pos   { return n.Pos }
func (n *Ident) Position() Pos    { return n.Pos }
func (n *This) Position() Pos     { return n.Pos }
func (n *Path) Position() Pos     { return n.Pos }
func (n *Call) Position() Pos     { return n.Pos }
func (n *Method) Position() Pos   { return n.Dot }
func (n *Prop) Position() Pos     { return n.Dot }
func (n *Index) Position() Pos    { return n.Pos }
func (n *Unary) Position() Pos    { return n.Pos }
func (n *Binary) Position() Pos   { return n.Pos }
func (n *Logic) Position() Pos    { return n.Pos }
func (n *Closure) Position() Pos  { return n.Pos }
func (n *StmtExpr) Position() Pos { return n.Stmt.Position() }
func (n *Custom) Position() Pos   { return n.Pos }
func (n *Empty) Position() Pos    { return n.Pos }
func (n *ExprStmt) Position() Pos { return n.X.Position() }
func (n *Let) Position() Pos      { return n.Pos }
func (n *Assign) Position() Pos   { return n.Pos }
func (n *Block) Position() Pos    { return n.Pos }
func (n *If) Position() Pos       { return n.Pos }
func (n *Switch) Position() Pos   { return n.Pos }
func (n *While) Position() Pos    { return n.Pos }
func (n *Do) Position() Pos       { return n.Pos }
func (n *For) Position() Pos      { return n.Pos }
func (n *Break) Position() Pos    { return n.Pos }
func (n *Continue) Position() Pos { return n.Pos }
func (n *Return) Position() Pos   { return n.Pos }
func (n *Throw) Position() Pos    { return n.Pos }
func (n *Try) Position() Pos      { return n.Pos }
func (n *Import) Position() Pos   { return n.Pos }
func (n *Export) Position() Pos   { return n.Pos }

func (*Literal) expr()  {}
func (*Interp) expr()   {}
func (*ArrayLit) expr() {}
func (*MapLit) expr()   {}
func (*Ident) expr()    {}
func (*This) expr()     {}
func (*Path) expr()     {}
func (*Call) expr()     {}
func (*Method) expr()   {}
func (*Prop) expr()     {}
func (*Index) expr()    {}
func (*Unary) expr()    {}
func (*Binary) expr()   {}
func (*Logic) expr()    {}
func (*Closure) expr()  {}
func (*StmtExpr) expr() {}
func (*Custom) expr()   {}

func (*Empty) stmt()    {}
func (*ExprStmt) stmt() {}
func (*Let) stmt()      {}
func (*Assign) stmt()   {}
func (*Block) stmt()    {}
func (*If) stmt()       {}
func (*Switch) stmt()   {}
func (*While) stmt()    {}
func (*Do) stmt()       {}
func (*For) stmt()      {}
func (*Break) stmt()    {}
func (*Continue) stmt() {}
func (*Return) stmt()   {}
func (*Throw) stmt()    {}
func (*Try) stmt()      {}
func (*Import) stmt()   {}
func (*Export) stmt()   {}

// Start returns where the text of e begins; for an operator that is the operator,
// as in Rhai.
func Start(e Expr) Pos { return startOf(e, false) }

// startOf is Start, or, with operands, where the first operand of an operator begins.
func startOf(e Expr, operands bool) Pos {
	for {
		switch x := e.(type) {
		case *Binary:
			if !operands {
				return x.Pos
			}
			e = x.X
		case *Prop:
			e = x.X
		case *Index:
			e = x.X
		case *Method:
			e = x.X
		case *Logic:
			if !x.From.IsNone() {
				return x.From
			}
			e = x.X[0]
		case *Literal:
			if !x.From.IsNone() {
				return x.From
			}
			return x.Pos
		case *Path:
			return x.NS[0].Pos
		case *Call:
			if len(x.NS) > 0 {
				return x.NS[0].Pos
			}
			return x.Pos
		default:
			return e.Position()
		}
	}
}

// First returns where the text of a statement begins: unlike its position, at the first
// operand of an operator.
func First(s Stmt) Pos {
	switch s := s.(type) {
	case *ExprStmt:
		return startOf(s.X, true)
	case *Assign:
		return startOf(s.X, true)
	}
	return s.Position()
}
