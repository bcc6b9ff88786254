package syntax

import (
	"strings"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine/internal/names"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// parser is a recursive-descent parser with one token of lookahead. The first
// error sticks: from then on every token reads as the end of the text, so that
// all loops come to an end.
type parser struct {
	s     *scanner
	tok   token // the next token
	opts  *Options
	own   Options // what opts points to
	scan  scanner // what s points to
	main  scopeState
	err   *Error
	out   *File
	fn    *scopeState
	depth int  // nesting
	max   int  // limit on depth in force
	noBar bool // | is no operator here: labels of a switch
	defs  map[defKey]bool
	names map[string]bool // functions parsed so far
	count int             // functions and closures
	read  int             // tokens since Options.Watch was called

	// Lists that are being parsed.
	exprs stack[Expr]
	lines stack[Stmt]
	keys  stack[Name]
	cases stack[SwitchCase]
	at    stack[Pos]

	// Nodes of which a script has many.
	idents    slab[Ident]
	literals  slab[Literal]
	binaries  slab[Binary]
	calls     slab[Call]
	methods   slab[Method]
	props     slab[Prop]
	exprStmts slab[ExprStmt]
	assigns   slab[Assign]
	lets      slab[Let]
	returns   slab[Return]
	blocks    slab[Block]
	ifs       slab[If]
	fors      slab[For]
	switches  slab[Switch]
	funcs     slab[FuncDecl]
	closures  slab[Closure]
	interps   slab[Interp]
	maps      slab[MapLit]
	indexes   slab[Index]
	logics    slab[Logic]
	arrays    slab[ArrayLit]
	stmtExprs slab[StmtExpr]
	unaries   slab[Unary]
	whiles    slab[While]
	throws    slab[Throw]
	continues slab[Continue]
	these     slab[This]

	kinds []kind // all of these

	printed  printer // see closureName
	texts    [32]textValue
	hasTexts bool // whether texts has any

	spare []*scopeState // of functions that are parsed
}

// textValue is a text with the value that it is.
type textValue struct {
	text string
	val  value.Value
}

type defKey struct {
	name string
	n    int
	this string
}

// scopeState is what is known about the function, closure or main script being
// parsed.
type scopeState struct {
	parent  *scopeState
	vars    names.Stack // variables in scope
	consts  []bool      // by variable
	imports names.Stack
	closure bool
	fn      bool // a function or closure: this is allowed
	loops   int
	blocks  int // blocks around: 0 is the global level
	ext     []Name
	extSet  map[string]bool // the names in ext, once there are many
	dynamic bool            // eval was seen: any name may exist
	uses    Uses
}

// kind is what trees have of one kind.
type kind interface {
	leave()
	reuse()
}

// parsers are used again, with what is left of their groups of nodes: a rules engine
// parses thousands of small expressions.
var parsers = sync.Pool{New: func() any {
	p := new(parser)
	p.kinds = []kind{
		&p.exprs, &p.lines, &p.keys, &p.cases, &p.at,
		&p.idents, &p.literals, &p.binaries, &p.calls, &p.methods, &p.props, &p.exprStmts, &p.assigns, &p.lets,
		&p.returns, &p.blocks, &p.ifs, &p.fors, &p.switches, &p.funcs, &p.closures, &p.interps, &p.maps, &p.indexes,
		&p.logics, &p.arrays, &p.stmtExprs, &p.unaries, &p.whiles, &p.throws, &p.continues, &p.these,
	}
	return p
}}

// newParser returns a parser for a text. It is given back by [parser.release].
func newParser(src string, o *Options) *parser {
	p := parsers.Get().(*parser)
	p.own = *o
	p.opts, p.s, p.fn, p.out = &p.own, &p.scan, &p.main, &File{}
	texts := p.scan.texts
	p.scan = scanner{
		src: src, line: 1, unary: true, texts: texts,
		maxString: o.MaxString, disabled: o.Disabled,
	}
	if len(o.Operators)+len(o.Syntax) > 0 {
		p.s.custom = func(w string) bool { return o.Operators[w] > 0 || o.Syntax[w] != nil }
	}
	p.max, _ = o.depths()
	p.advance()
	return p
}

// release gives the parser back. Nobody may use it after that. The tree that it made is
// untouched, or, if it is over, made room of for other trees.
func (p *parser) release(over bool) {
	if n := len(p.scan.src); n > keptTree || n > keptSource && !over {
		return
	}
	for _, k := range p.kinds {
		if over {
			k.reuse()
		} else {
			k.leave()
		}
	}
	p.scan.texts.reset()
	p.scan = scanner{texts: p.scan.texts}
	p.own, p.opts, p.out, p.err, p.tok = Options{}, nil, nil, nil, token{}
	p.depth, p.noBar, p.count, p.read = 0, false, 0, 0
	if len(p.defs) > keptDefs {
		p.defs, p.names = nil, nil
	}
	clear(p.defs)
	clear(p.names)
	p.main.reset()
	p.exprs.reset()
	p.lines.reset()
	p.keys.reset()
	p.cases.reset()
	p.at.reset()
	if p.hasTexts {
		clear(p.texts[:])
		p.hasTexts = false
	}
	if p.printed.b.Cap() > keptSource {
		p.printed = printer{}
	}
	parsers.Put(p)
}

// Up to which length of a text its parser is used again: if its tree is over, the nodes are
// what is worth keeping. As parsers are in a pool, two collections drop them.
const (
	keptSource = 1 << 16
	keptTree   = 1 << 21
	keptDefs   = 1 << 10 // functions whose tables are kept
)

// take returns the next token and reads the one behind it.
func (p *parser) take() head {
	t := p.tok.head
	p.advance()
	return t
}

// advance reads the token behind the next one.
func (p *parser) advance() {
	if p.err != nil {
		return
	}
	pos := p.tok.pos
	p.s.next(&p.tok)
	if p.opts.Token != nil {
		p.replace()
	}
	if p.opts.Watch != nil {
		if p.read++; p.read == watchTokens {
			p.read = 0
			if !p.opts.Watch(watchTokens) {
				p.fail(BadInput, pos, "Parsing was stopped")
			}
		}
	}
}

// replace lets the options replace the next token.
func (p *parser) replace() {
	t := &p.tok
	switch t.kind {
	case EOF, Bad, InterpTok:
		return
	}
	text := p.s.src[t.off:t.end]
	with := p.opts.Token(t.kind, text, t.pos)
	if with == text {
		return
	}
	s := newScanner(with)
	s.unary = false // a sign is an operator, not a part of a number
	s.maxString, s.disabled, s.custom = p.s.maxString, p.s.disabled, p.s.custom
	var x, end token
	if s.next(&x); x.kind != EOF && x.kind != Bad && x.kind != InterpTok {
		s.next(&end)
	} else {
		end.kind = Bad
	}
	if end.kind != EOF {
		p.fail(BadInput, t.pos, "'"+text+"' is replaced by '"+with+"', which is no token")
		return
	}
	x.pos, x.off, x.end = t.pos, t.off, t.end
	*t = x
	p.s.unary = prefixNext[x.kind]
}

// fail records an error and ends the text.
func (p *parser) fail(typ ErrorType, pos Pos, text string) {
	if p.err != nil {
		return
	}
	p.err = &Error{Type: typ, Text: text, Pos: pos, Incomplete: p.tok.kind == EOF && pos == p.tok.pos}
	p.end()
}

func (p *parser) failWith(e *Error) {
	if p.err == nil {
		p.err = e
		p.end()
	}
}

func (p *parser) end() { p.tok = token{head: head{kind: EOF, pos: p.tok.pos}} }

// missing reports that a token is not there, unless the token that is there is
// malformed.
func (p *parser) missing(want, why string) {
	if p.tok.kind == Bad {
		p.failWith(p.tok.err)
		return
	}
	p.fail(MissingToken, p.tok.pos, "Expecting '"+want+"' "+why)
}

// unexpected reports the next token as one that cannot be here.
func (p *parser) unexpected() {
	switch t := p.tok; t.kind {
	case EOF:
		p.fail(UnexpectedEOF, t.pos, "Script is incomplete")
	case Bad:
		p.failWith(t.err)
	case ReservedTok:
		p.fail(Reserved, t.pos, ReservedText(t.text))
	default:
		p.fail(BadInput, t.pos, "Unexpected '"+p.text(t)+"'")
	}
}

// text is how a token shows in messages.
func (p *parser) text(t token) string {
	switch t.kind {
	case IdentTok, CustomTok, ReservedTok:
		return t.text
	case IntTok, FloatTok, CharTok, StringTok, InterpTok:
		if t.kind == StringTok {
			return "string"
		}
		return p.s.src[t.off:t.end]
	}
	return t.kind.String()
}

// got consumes the next token if it is of that kind.
func (p *parser) got(k Token) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

// nest goes one level deeper; the result undoes it.
func (p *parser) nest(pos Pos) bool {
	p.depth++
	if p.depth > p.max {
		p.fail(ExprTooDeep, pos, "Expression exceeds maximum complexity")
		return false
	}
	return true
}

// file parses the whole text.
func (p *parser) file() *File {
	if p.opts.expr {
		e := p.expr()
		if p.err == nil && p.tok.kind != EOF {
			p.unexpected()
		}
		p.out.Stmts = p.lines.list(p.exprStmts.put(ExprStmt{X: e}))
	} else {
		for p.err == nil && p.tok.kind != EOF {
			s := p.stmt()
			if !isEmpty(s) {
				p.superfluous(s, p.out.Stmts)
				p.out.Stmts = append(p.out.Stmts, s)
			}
			p.terminator(s, EOF)
		}
	}
	if p.err == nil && p.tok.kind == EOF {
		p.out.End = p.tok.pos
	}
	p.out.Size, p.out.Uses = len(p.s.src), p.fn.uses|UsesKnown
	p.out.Doc = strings.Join(p.s.module, "\n")
	return p.out
}

// terminator checks that a statement ends properly: with a semicolon, with the
// end of the block, or by itself.
func (p *parser) terminator(s Stmt, end Token) {
	switch p.tok.kind {
	case end:
	case Semicolon:
		p.advance()
	case Bad:
		p.failWith(p.tok.err)
	default:
		if s != nil && !selfTerminated(s) {
			p.missing(";", "to terminate this statement")
		}
	}
}

// superfluous notes that the optimiser may leave out a statement or one before it: a
// literal that nobody sees, or what is behind a statement that leaves.
func (p *parser) superfluous(s Stmt, before []Stmt) {
	if x, ok := s.(*ExprStmt); ok {
		p.constant(isLiteral(x.X))
	}
	if n := len(before); n > 0 {
		switch before[n-1].(type) {
		case *Return, *Break, *Continue, *Throw:
			p.constant(true)
		}
	}
}

// isEmpty reports whether there is no statement: a lone semicolon, which does not
// change the value of what stands before it, or a function definition.
func isEmpty(s Stmt) bool {
	_, ok := s.(*Empty)
	return ok || s == nil
}

// selfTerminated reports whether no semicolon is needed after a statement.
func selfTerminated(s Stmt) bool {
	switch s := s.(type) {
	case *If, *Switch, *While, *For, *Block, *Try, *Empty:
		return true
	case *ExprStmt:
		c, ok := s.X.(*Custom)
		return ok && c.SelfTerminated
	}
	return false
}

// begin returns the state of a function or closure in the one being parsed, until it is
// given back by [parser.finish].
func (p *parser) begin(closure bool) *scopeState {
	var st *scopeState
	if n := len(p.spare); n > 0 {
		st, p.spare = p.spare[n-1], p.spare[:n-1]
	} else {
		st = &scopeState{}
	}
	st.parent, st.fn, st.closure = p.fn, true, closure
	return st
}

// finish takes the state of a function that is parsed. Its captures belong to the tree.
func (p *parser) finish(st *scopeState) {
	st.reset()
	p.spare = append(p.spare, st)
}

// reset makes the state ready for another script, and keeps its room.
func (st *scopeState) reset() {
	st.vars.Reset()
	st.imports.Reset()
	*st = scopeState{vars: st.vars, imports: st.imports, consts: st.consts[:0]}
}

// lookup finds a variable of the function being parsed.
func (st *scopeState) lookup(name string) (constant, ok bool) {
	if i := st.vars.Find(name); i >= 0 {
		return st.consts[i], true
	}
	return false, false
}

// forget takes the variables from the n-th on out of sight.
func (st *scopeState) forget(n int) {
	st.vars.Truncate(n)
	st.consts = st.consts[:n]
}

// capture notes that a closure takes a variable from around it.
func (st *scopeState) capture(name string, pos Pos) {
	if st.extSet == nil && len(st.ext) < 16 {
		for _, n := range st.ext {
			if n.Name == name {
				return
			}
		}
	} else {
		if st.extSet == nil {
			st.extSet = map[string]bool{}
			for _, n := range st.ext {
				st.extSet[n.Name] = true
			}
		}
		if st.extSet[name] {
			return
		}
		st.extSet[name] = true
	}
	st.ext = append(st.ext, Name{name, pos})
}

// declare brings a variable into scope.
func (p *parser) declare(name string, constant bool) {
	p.fn.vars.Push(name)
	p.fn.consts = append(p.fn.consts, constant)
}

// access notes the use of a variable: it becomes a capture of the closures that
// do not declare it.
func (p *parser) access(name string, pos Pos) {
	for st := p.fn; ; st = st.parent {
		if _, ok := st.lookup(name); ok {
			return
		}
		if !st.closure {
			p.checkKnown(st, name, pos)
			return
		}
		if p.names[name] {
			return
		}
		st.capture(name, pos)
	}
}

// checkKnown reports an undefined variable in strict mode.
func (p *parser) checkKnown(st *scopeState, name string, pos Pos) {
	if !p.opts.Strict || st.dynamic || p.names[name] || p.opts.Known != nil && p.opts.Known(name) {
		return
	}
	p.fail(VariableUndefined, pos, "Undefined variable: "+name)
}

// block parses { ... } with a scope of its own.
func (p *parser) block() *Block {
	b := p.blocks.put(Block{Pos: p.tok.pos})
	if p.tok.kind != LeftBrace {
		p.missing("{", "to start a statement block")
		return b
	}
	if !p.nest(p.tok.pos) {
		return b
	}
	p.advance()
	if p.opts.expr {
		b.Stmts = p.lines.list(p.exprStmts.put(ExprStmt{X: p.expr()}))
		if p.err == nil && p.tok.kind != RightBrace {
			p.missing("{", "to start a statement block")
		}
	} else {
		b.Stmts = p.stmts()
	}
	b.End = p.tok.pos
	p.advance()
	p.depth--
	return b
}

// stmts parses the statements of a block up to its closing brace, which is not
// consumed.
func (p *parser) stmts() []Stmt {
	top := p.lines.len()
	vars, imports := p.fn.vars.Len(), p.fn.imports.Len()
	p.fn.blocks++
	for p.err == nil && p.tok.kind != RightBrace {
		if p.tok.kind == EOF {
			p.missing("}", "to terminate this block")
			break
		}
		if !p.nest(p.tok.pos) {
			break
		}
		s := p.stmt()
		p.depth--
		if !isEmpty(s) {
			p.superfluous(s, p.lines.from(top))
			p.lines.push(s)
		}
		if p.err == nil {
			p.terminator(s, RightBrace)
		}
	}
	p.fn.blocks--
	p.fn.forget(vars)
	p.fn.imports.Truncate(imports)
	return p.lines.pop(top)
}

// closureName names a closure by its place and what it contains, so that the
// name is the same in every run.
func (p *parser) closureName(fn *FuncDecl) string {
	w := &p.printed
	w.b.Reset()
	w.number(int(fn.Pos.Line))
	w.str(":")
	w.number(int(fn.Pos.Col))
	w.str("|")
	for _, n := range fn.Params {
		w.str(n.Name)
		w.str(",")
	}
	for _, s := range fn.Body.Stmts {
		w.stmt(s)
	}
	// FNV-1a, of 64 bits.
	h := uint64(14695981039346656037)
	for _, c := range w.b.Bytes() {
		h = (h ^ uint64(c)) * 1099511628211
	}
	const prefix = "anon$"
	var name [len(prefix) + 16]byte
	copy(name[:], prefix)
	for i := len(name) - 1; i >= len(prefix); i-- {
		name[i] = "0123456789abcdef"[h&15]
		h >>= 4
	}
	return string(name[:])
}
