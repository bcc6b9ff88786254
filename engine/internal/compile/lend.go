package compile

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// An argument is a copy: a container is marked as shared, and the first write into the
// variable after the call copies it. Many functions only look at what they get: is this
// move allowed, what does this order cost. The caller lends such a function its container
// without a mark, as nobody can write into the variable while the function runs: the
// variable belongs to the caller's frame, which waits. The function must not write into
// the parameter, and must not give it to anybody who would take it for a copy.

// looking are native functions that only look at their receiver in every package of the
// language, with whether they call functions of the script. A host may have others of these
// names, so a Guard stands before the call.
var looking = map[string]bool{
	"len": false, "is_empty": false, "contains": false, "get": false, "keys": false, "values": false,
	"starts_with": false, "ends_with": false, "sub_string": false, "extract": false,
	"index_of": true, "map": true, "filter": true, "reduce": true, "some": true, "all": true,
	"find": true, "find_map": true,
}

// lentParams is how many parameters of a function are looked at.
const lentParams = 32

// deepReads is how many functions that call each other are looked at within each other.
const deepReads = 64

// reading is what is known about the parameters of a function.
type reading struct {
	params uint32 // bit i is set if the function only looks at parameter i
	calm   bool   // and it calls nothing but quiet functions, and natives on the only one of params
	quiet  bool   // and no natives either
	state  readingState
}

type readingState uint8

const (
	readingUnknown readingState = iota
	readingNow                  // asked for while it is being found
	readingKnown
)

// reads returns the parameters that a function of the file only looks at, a bit for each.
func (c *compiler) reads(index int) uint32 {
	if index < 1 || index > len(c.file.Funcs) {
		return 0
	}
	if len(c.readings) == 0 {
		c.readings = append(c.readings, make([]reading, len(c.file.Funcs)+1)...)
	}
	r := &c.readings[index]
	if r.state == readingUnknown && c.reading < deepReads {
		c.reading++
		r.state = readingNow
		r.params, r.calm, r.quiet = c.findReads(index, c.file.Funcs[index-1])
		r.state = readingKnown
		c.reading--
	}
	return r.params // of functions that call each other in a circle: none
}

// calm reports whether a function of the file looks at some parameter only, and calls nothing
// that may call a closure, which could write into the variable that this is a part of: nothing
// but quiet functions, and natives whose Guard marks what was lent.
func (c *compiler) calm(index int) bool { return c.reads(index) != 0 && c.readings[index].calm }

// quiet reports whether a function of the file looks at some parameter only, and calls nothing
// but functions that are quiet, too.
func (c *compiler) quiet(index int) bool { return c.reads(index) != 0 && c.readings[index].quiet }

// calmBody is calm for the body of a loop.
func (c *compiler) calmBody(body *syntax.Block) bool {
	d := &syntax.FuncDecl{Params: []syntax.Name{{Name: " "}}} // no variable has that name
	r := &reader{c: c, index: -1, decl: d, left: 1, noGuard: true}
	syntax.Walk(body, r.visit)
	return r.left == 1 && !r.calls
}

// reader looks for the parameters that a function only looks at.
type reader struct {
	c     *compiler
	index int // of the function
	decl  *syntax.FuncDecl
	left  uint32   // the parameters for which nothing else was found
	self  [][2]int // parameter that is given to a parameter of the function itself
	calls bool     // anything but quiet functions and what is in marked is called
	again bool     // the function calls itself
	// marked are the parameters that a Guard marks before they are called by what may call
	// a closure.
	marked uint32
	// noGuard is set if no Guard stands before calls by reference.
	noGuard bool
}

// lendsItems reports whether the body of a loop only looks at its variable. Then the loop
// may lend it the elements of an array that it borrows: without a mark, so that a write into
// an element after the loop need not copy it.
func (fr *frame) lendsItems(s *syntax.For) bool {
	if s.Var.Name == s.Counter.Name {
		return false
	}
	d := &syntax.FuncDecl{Params: []syntax.Name{s.Var}}
	r := &reader{c: fr.c, index: -1, decl: d, left: 1, noGuard: true}
	syntax.Walk(s.Body, r.visit)
	return r.left == 1
}

// findReads is reads for a function that was not looked at before.
func (c *compiler) findReads(index int, d *syntax.FuncDecl) (params uint32, calm, quiet bool) {
	n := len(d.Params)
	if n == 0 || n > lentParams || d.Anonymous || c.o.Debug {
		return 0, false, false
	}
	r := &reader{c: c, index: index, decl: d, left: uint32(1)<<n - 1}
	syntax.Walk(d.Body, r.visit)
	for again := true; again; {
		again = false
		for _, x := range r.self {
			if r.has(x[0]) && !r.has(x[1]) {
				r.drop(x[0])
				again = true
			}
		}
	}
	quiet = !r.calls && r.marked == 0
	// What is marked is safe, but not what else was lent, to this call or to an outer one.
	calm = quiet || !r.calls && !r.again && r.marked == r.left && r.left&(r.left-1) == 0
	return r.left, calm, quiet
}

// guarded notes a call of a native function with a receiver by reference.
func (r *reader) guarded(name string, receiver syntax.Expr) {
	p := r.param(receiver)
	if calls, ok := looking[name]; p < 0 || !ok || calls || r.noGuard || r.c.names[name] {
		r.calls = true
		return
	}
	r.marked |= 1 << p
}

func (r *reader) has(i int) bool { return r.left>>i&1 != 0 }
func (r *reader) drop(i int)     { r.left &^= 1 << i }

// param returns the parameter that an expression is, -1 if it is none that is still asked
// about.
func (r *reader) param(e syntax.Expr) int {
	if id, ok := e.(*syntax.Ident); ok {
		return r.named(id.Name)
	}
	return -1
}

func (r *reader) named(name string) int {
	for i := range r.decl.Params {
		if r.decl.Params[i].Name == name && r.has(i) {
			return i
		}
	}
	return -1
}

// escapes notes that what an expression is may be written to or kept.
func (r *reader) escapes(e syntax.Expr) {
	if i := r.param(e); i >= 0 {
		r.drop(i)
	}
}

// walk goes on with an expression, unless it is a parameter that is only looked at there.
func (r *reader) walk(e syntax.Expr) {
	if e != nil && r.param(e) < 0 {
		syntax.Walk(e, r.visit)
	}
}

// visit goes through the body: a parameter that it meets outside the places where it is
// only looked at is dropped.
func (r *reader) visit(n syntax.Node) bool {
	if r.left == 0 {
		return false
	}
	switch n := n.(type) {
	case *syntax.Ident:
		r.escapes(n)
	case *syntax.Prop:
		r.walk(n.X)
		return false
	case *syntax.Index:
		r.walk(n.X)
		syntax.Walk(n.Index, r.visit)
		return false
	case *syntax.Method:
		r.guarded(n.Name, readRoot(n.X))
		if base := readRoot(n.X); base != nil && !r.looks(n.Name) {
			r.escapes(base)
		}
		r.walk(n.X)
		for _, a := range n.Args {
			syntax.Walk(a, r.visit)
		}
		return false
	case *syntax.Assign:
		r.escapes(root(n.X))
	case *syntax.Binary:
		_, literal := n.Y.(*syntax.Literal)
		if n.Op == syntax.In || n.Op == syntax.NotIn {
			r.guarded("contains", n.Y)
		} else if n.Op == syntax.Custom_ || r.c.operators(n.Op) {
			r.calls = true
		}
		switch {
		case literal && (n.Op == syntax.Equal || n.Op == syntax.NotEqual) && !r.c.operators(n.Op):
			r.walk(n.X)
			return false
		case (n.Op == syntax.In || n.Op == syntax.NotIn) && r.looks("contains"):
			r.walk(n.Y)
			syntax.Walk(n.X, r.visit)
			return false
		}
	case *syntax.For:
		if n.Var.Name != n.Counter.Name && r.named(n.Var.Name) < 0 && r.named(n.Counter.Name) < 0 {
			r.walk(n.X)
			syntax.Walk(n.Body, r.visit)
			return false
		}
	case *syntax.Call:
		return r.call(n)
	case *syntax.Unary:
		r.calls = r.calls || r.c.o.SlowOperators
	case *syntax.Closure:
		for i := range n.Captures {
			if p := r.named(n.Captures[i].Name); p >= 0 {
				r.drop(p)
			}
		}
		return false
	case *syntax.Custom, *syntax.Export, *syntax.Import:
		r.left = 0
	}
	return true
}

// call goes on with a call, whose arguments may be lent in turn.
func (r *reader) call(n *syntax.Call) bool {
	if n.Bang || n.Name == "eval" {
		r.left = 0
		return false
	}
	index, params := 0, uint32(0)
	if len(n.NS) > 0 || isSpecial(n.Name, len(n.Args), false) {
		r.calls = true
	} else if i, ok := r.c.funcs[funcKey{n.Name, len(n.Args)}]; ok {
		if index = i; i != r.index {
			params = r.c.reads(i)
			r.calls = r.calls || !r.c.quiet(i)
		} else {
			r.again = true
		}
	} else {
		var first syntax.Expr
		if len(n.Args) > 0 {
			first = n.Args[0]
		}
		r.guarded(n.Name, first)
		if r.looks(n.Name) {
			params = 1 // gets it by reference
		}
	}
	for k, a := range n.Args {
		p := r.param(a)
		switch {
		case p < 0:
			syntax.Walk(a, r.visit)
		case index == r.index && k < lentParams:
			r.self = append(r.self, [2]int{p, k})
		case k >= lentParams || params>>k&1 == 0:
			r.drop(p)
		}
	}
	return false
}

// looks reports whether calls of that name only look at their receiver, or a Guard sees
// that they do not.
func (r *reader) looks(name string) bool {
	_, ok := looking[name]
	return ok && !r.noGuard && !r.c.names[name]
}

// guard goes before a call that gets a variable by reference, or a part of it: if a
// parameter that was lent is called by what may change it, it is marked as shared then.
func (fr *frame) guard(variable, receiver reg, name string, site int32, method bool, pos syntax.Pos) {
	calls, ok := looking[name]
	if fr.main || int(variable) >= len(fr.f.Params) || !ok || fr.c.reads(fr.index)>>int(variable)&1 == 0 {
		return
	}
	e := int32(0)
	if method {
		e = 1
	}
	fr.c.prog.Sites[site].Guarded, fr.c.prog.Sites[site].Calls = true, calls
	fr.emit(bytecode.Guard, variable, receiver, noReg, site, e, pos)
}

// operators reports whether an operator may be a function.
func (c *compiler) operators(op syntax.Token) bool { return c.o.SlowOperators || c.names[op.String()] }

// lent evaluates argument i for a function that only looks at it, and may be calm. It reports
// false, with nothing done, if the argument must be a copy.
func (fr *frame) lent(args []syntax.Expr, i int, dst reg, calm bool) bool {
	if fr.c.o.Debug || fr.open || fr.sharesAll || fr.hasCustom {
		return false
	}
	x, name := args[i], ""
	switch r := readRoot(x).(type) {
	case *syntax.Ident:
		v := fr.variable(r.Name)
		if v == nil || v.cell || v.external || v.captured || v.exported || x == syntax.Expr(r) && fr.dies(v) {
			return false
		}
		name = r.Name
	case *syntax.This:
		if !calm {
			return false
		}
	default:
		return false
	}
	_, late := x.(*syntax.Ident)
	if i > 0 || !late {
		// What is evaluated later must not change it.
		for k, a := range args {
			_, ident := a.(*syntax.Ident)
			if k > i && !ident && fr.writes(a, name) {
				return false
			}
		}
	}
	fr.cost++
	switch x := x.(type) {
	case *syntax.Ident:
		fr.emit(bytecode.Lend, dst, fr.variable(x.Name).reg, noReg, 0, 0, x.Pos)
		return true
	case *syntax.This:
		fr.emit(bytecode.ThisLoad, dst, noReg, noReg, 0, 0, x.Pos)
	default:
		fr.readChain(x, dst, true)
	}
	fr.emit(bytecode.Lend, dst, dst, noReg, 0, 0, x.Position())
	return true
}
