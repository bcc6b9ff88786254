package syntax

// Options says what the parser accepts. The zero value is the language as it is
// by default. (Rhai section "Language options".)
type Options struct {
	// Nesting allowed at the top level and inside functions: 0 stands for 64 and
	// 32, a negative number for no limit.
	MaxDepth, MaxFnDepth int
	// Limits on literals and on the number of functions, closures included;
	// 0 means no limit, except that MaxFunctions -1 allows none.
	MaxString, MaxArray, MaxMap, MaxFunctions int

	NoIfExpr, NoSwitchExpr, NoLoopExpr, NoStmtExpr bool
	NoClosures, NoLooping, NoShadowing             bool

	// Strict makes unknown variables and modules an error; Known tells which
	// names come from outside, Modules which modules are registered.
	Strict  bool
	Known   func(name string) bool
	Modules func(name string) bool

	// Eval is set for text given to eval: no functions, no closures.
	Eval bool

	// Operators are custom operators with their precedence, Disabled the words
	// and symbols that are switched off.
	Operators map[string]uint8
	Disabled  map[string]bool

	// Syntax holds the custom syntaxes by their first symbol.
	Syntax map[string]*CustomSyntax

	// Token replaces tokens: it gets the kind of each, its text and place, and returns
	// the text to read instead. Nil replaces none.
	Token func(kind Token, text string, pos Pos) string

	// Watch is called after every so many tokens with their number; if it returns
	// false parsing ends with an error. Nil watches nothing.
	Watch func(tokens int) bool

	expr bool // one expression only
}

const (
	defaultDepth   = 64
	defaultFnDepth = 32
	// hardDepth bounds nesting when there is no limit, so that no pass over the
	// tree can exhaust the Go stack.
	hardDepth = 5000
	// hardChain bounds how many operators, calls or properties may follow one
	// another: each is one level of the tree.
	hardChain = 20000
	// watchTokens is how often Options.Watch is called.
	watchTokens = 512
)

func (o *Options) depths() (main, fn int) {
	pick := func(n, def int) int {
		switch {
		case n == 0:
			return def
		case n < 0:
			return hardDepth
		}
		return min(n, hardDepth)
	}
	return pick(o.MaxDepth, defaultDepth), pick(o.MaxFnDepth, defaultFnDepth)
}

// Parse parses a script. Nil options stand for the defaults. The error is always
// an *Error. It is safe for concurrent use.
func Parse(src string, opts *Options) (*File, error) {
	return parseFile(src, opts, false)
}

// Use parses a script, or a single expression if expr is set, and calls f with what Parse or
// [ParseExpr] would return. The tree may be used and changed until f returns, and is no
// tree after that: its room serves other texts. Nothing of it may be kept but its strings,
// values, and the lists of comments, captures and namespaces.
func Use(src string, opts *Options, expr bool, f func(file *File, err error)) {
	p := parse(src, opts, expr)
	if p.err != nil {
		f(nil, p.err)
	} else {
		f(p.out, nil)
	}
	p.release(true)
}

// ParseExpr parses a single expression: no statements, no assignment, no loops.
// (Rhai section "Expressions only".)
func ParseExpr(src string, opts *Options) (*File, error) {
	return parseFile(src, opts, true)
}

var defaults Options

func parseFile(src string, opts *Options, expr bool) (*File, error) {
	p := parse(src, opts, expr)
	f, err := p.out, p.err
	p.release(false)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// parse returns a parser that has parsed a text.
func parse(src string, opts *Options, expr bool) *parser {
	if opts == nil {
		opts = &defaults
	}
	p := newParser(src, opts)
	p.own.expr = expr
	p.file()
	return p
}
