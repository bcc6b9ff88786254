// Package optimize rewrites trees so that they do the same with less: constants
// are folded and propagated, branches that cannot be taken are dropped. It never
// changes a result, an error or an effect; what would fail is left to fail at run
// time. The builtin operators are those of the machine, from package ops. (Rhai
// section "Script Optimization".)
package optimize

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/names"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Options says what the optimiser knows about the host.
type Options struct {
	// Const tells the value of a constant of the scope; nil knows none.
	Const func(name string) (value.Value, bool)
	// Call calls a native function that depends on nothing but its arguments; ok
	// is false if there is none or it fails. Nil calls none.
	Call func(name string, args []value.Value) (v value.Value, ok bool)
	// MaxString is the length in bytes that folded strings may have; 0 is no limit.
	MaxString int
	// Sized is set if arrays or maps are limited in size: their literals are then
	// left to be checked at run time.
	Sized bool
}

// File rewrites the tree f, which nobody else may use.
func File(f *syntax.File, o Options) {
	p := &pass{o: o, left: maxFolds}
	if o.Const != nil || o.Call != nil {
		p.funcs = map[string]bool{}
		for _, d := range f.Funcs {
			p.funcs[d.Name.Name] = true
		}
	}
	f.Stmts = p.body(f.Stmts, nil, f.Uses)
	for _, d := range f.Funcs {
		p.function(d)
	}
}

// pass is the state of a walk over a tree.
type pass struct {
	o     Options
	funcs map[string]bool // names of script functions, if the host is asked about names
	names names.Stack     // variables in scope of the function being walked
	vars  []binding       // what is known about them
	left  int             // bytes that may still be folded
	open  bool            // the function evaluates text: any name may mean anything
	spare []scope         // of functions that are done, empty
	shape *raw.Shape      // the first one of a map that is a constant
}

// scope is the room for the variables of a function.
type scope struct {
	names names.Stack
	vars  []binding
}

// binding is what is known about a variable: its value, if at all.
type binding struct {
	val   value.Value
	known bool
}

// function optimises a function or the body of a closure, which sees none of
// the variables around it.
func (p *pass) function(d *syntax.FuncDecl) {
	d.Body.Stmts = p.body(d.Body.Stmts, d.Params, d.Uses)
}

// body optimises the statements of a function or of the script.
func (p *pass) body(list []syntax.Stmt, params []syntax.Name, uses syntax.Uses) []syntax.Stmt {
	if p.o.Const == nil && p.o.Call == nil && uses.None(syntax.UsesConstants) {
		return list // most functions have nothing that could be computed
	}
	ns, vars, open := p.names, p.vars, p.open
	p.names, p.vars = names.Stack{}, nil
	if n := len(p.spare); n > 0 {
		p.names, p.vars = p.spare[n-1].names, p.spare[n-1].vars
		p.spare = p.spare[:n-1]
	}
	p.open = !uses.None(syntax.UsesNames) && evaluates(list)
	for _, n := range params {
		p.declare(n.Name)
	}
	out := p.stmts(list)
	p.forget(0)
	p.spare = append(p.spare, scope{p.names, p.vars})
	p.names, p.vars, p.open = ns, vars, open
	return out
}

// evaluates reports whether statements evaluate text outside of closures.
func evaluates(list []syntax.Stmt) bool {
	found := false
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Closure:
				return false
			case *syntax.Call:
				found = found || n.Name == "eval" || n.Bang
			case *syntax.Custom:
				found = true
			}
			return !found
		})
	}
	return found
}

func (p *pass) declare(name string) { p.bind(name, binding{}) }

func (p *pass) bind(name string, b binding) {
	p.names.Push(name)
	p.vars = append(p.vars, b)
}

// forget takes the variables from the n-th on out of sight.
func (p *pass) forget(n int) {
	p.names.Truncate(n)
	p.vars = p.vars[:n]
}

// lookup returns the value of a variable if it is a constant that is known.
func (p *pass) lookup(name string) (value.Value, bool) {
	if p.open {
		return value.Unit, false
	}
	if i := p.names.Find(name); i >= 0 {
		return p.vars[i].val, p.vars[i].known
	}
	if p.o.Const == nil || p.funcs[name] {
		return value.Unit, false
	}
	v, ok := p.o.Const(name)
	return v, ok && spreads(v)
}

// What folding may make. A constant of 100 bytes that is joined with itself 40 times
// would take all memory, whatever the limits on strings say. What is no longer than
// its text, such as a literal array, is not counted.
const (
	maxFold  = 4 << 10 // bytes of one string
	maxFolds = 1 << 20 // bytes of all strings of a script
)

// fits reports whether a string of n bytes, of which more are new, may be folded,
// and counts them.
func (p *pass) fits(n, more int) bool {
	if n > maxFold || more > p.left || p.o.MaxString > 0 && n > p.o.MaxString {
		return false
	}
	p.left -= more
	return true
}

// spreads reports whether a constant may stand in many places: it is no long text.
func spreads(v value.Value) bool { return isScalar(v) && (!v.IsString() || v.StrLen() <= maxFold) }

// isScalar reports whether a value may stand wherever its variable does.
func isScalar(v value.Value) bool {
	switch v.Kind() {
	case value.KindUnit, value.KindBool, value.KindInt, value.KindFloat, value.KindChar, value.KindString:
		return true
	}
	return false
}

// literal returns the value of a literal.
func literal(e syntax.Expr) (value.Value, bool) {
	if l, ok := e.(*syntax.Literal); ok {
		return l.Val, true
	}
	return value.Unit, false
}

// boolean returns the value of a literal bool.
func boolean(e syntax.Expr) (val, ok bool) {
	v, isLit := literal(e)
	if !isLit || !v.IsBool() {
		return false, false
	}
	return v.Bool(), true
}
