package engine

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Variables iterates over the uses of variables that the script does not define: its
// scope, registered modules or [Engine.OnVar] must have them. First come those of the
// script's body, in source order, then those of its functions. Text that the script
// evaluates is not looked at, nor are members of modules (a::x).
func (a *AST) Variables() iter.Seq[syntax.Name] {
	return func(yield func(syntax.Name) bool) {
		w := nameWalk{use: yield}
		w.file(a.tree())
	}
}

// Calls iterates over the calls of functions that the script does not define, with the
// number of their arguments, in the order of [AST.Variables]. A method counts its receiver
// as an argument, a custom operator is a function of two, and a function of a module has
// its whole path as its name. What the language itself does (type_of, eval, Fn, call,
// curry and the like), builtin operators and calls of pointers are not among them.
func (a *AST) Calls() iter.Seq2[syntax.Name, int] {
	return func(yield func(syntax.Name, int) bool) {
		w := nameWalk{call: yield}
		w.file(a.tree())
	}
}

// defined asks OnDefVar about all definitions of a script.
func (e *Engine) defined(file *syntax.File) *Error {
	f := e.cfg.hooks.define
	if f == nil {
		return nil
	}
	var failed *Error
	w := nameWalk{define: func(def *syntax.Let, level int, shadows bool) bool {
		err := f(def, level, shadows)
		if err != nil {
			failed = refused(def, err)
		}
		return err == nil
	}}
	w.file(file)
	return failed
}

// refused is the error of a definition that OnDefVar refused.
func refused(def *syntax.Let, err error) *Error {
	e := forbiddenVariable(def.Name.Name, def.Name.Pos)
	var own *Error
	switch {
	case errors.Is(err, ErrForbiddenVariable) && !errors.As(err, &own):
	case errors.As(err, &own):
		c := *own
		if e = &c; e.Pos.IsNone() {
			e.Pos = def.Name.Pos
		}
	default:
		e.Text, e.Cause = err.Error(), err
	}
	return e
}

// nameWalk walks a script and knows which names are in scope. What is nil is not called;
// a function that returns false ends the walk.
type nameWalk struct {
	use    func(syntax.Name) bool
	call   func(name syntax.Name, args int) bool
	define func(def *syntax.Let, level int, shadows bool) bool
	funcs  []*syntax.FuncDecl
	vars   []string // in scope, the latest last
	level  int      // blocks and functions around
	ended  bool
}

func (w *nameWalk) file(f *syntax.File) {
	w.funcs = f.Funcs
	for _, s := range f.Stmts {
		w.node(s)
	}
	for _, d := range f.Funcs {
		w.vars = nil
		w.function(d)
	}
}

// function walks the body of a function or closure.
func (w *nameWalk) function(d *syntax.FuncDecl) {
	n := len(w.vars)
	for _, p := range d.Params {
		w.vars = append(w.vars, p.Name)
	}
	w.level -= extraBlock(d)
	w.node(d.Body)
	w.level += extraBlock(d)
	w.vars = w.vars[:n]
}

// extraBlock is how many blocks around the body of a closure its source does not have.
func extraBlock(d *syntax.FuncDecl) int {
	if d.Anonymous && len(d.Body.Stmts) == 1 {
		switch s := d.Body.Stmts[0].(type) {
		case *syntax.Block:
			return 1
		case *syntax.ExprStmt:
			if x, ok := s.X.(*syntax.StmtExpr); ok {
				if _, ok := x.Stmt.(*syntax.Block); ok {
					return 1
				}
			}
		}
	}
	return 0
}

// within walks a block in which further names are in scope.
func (w *nameWalk) within(b *syntax.Block, names ...syntax.Name) {
	n := len(w.vars)
	for _, x := range names {
		if x.Name != "" {
			w.vars = append(w.vars, x.Name)
		}
	}
	w.node(b)
	w.vars = w.vars[:n]
}

func (w *nameWalk) used(name string, pos syntax.Pos) {
	if w.use == nil || w.ended || slices.Contains(w.vars, name) {
		return
	}
	if slices.ContainsFunc(w.funcs, func(d *syntax.FuncDecl) bool { return d.Name.Name == name }) {
		return // the name of a function is a pointer to it
	}
	w.ended = !w.use(syntax.Name{Name: name, Pos: pos})
}

// languageCalls are the calls that no function makes.
var languageCalls = map[string]bool{"eval": true, "is_def_var": true}

// called notes a call with params parameters, of a function or as a method.
func (w *nameWalk) called(ns []syntax.Name, name string, pos syntax.Pos, params int, method bool) {
	if w.call == nil || w.ended {
		return
	}
	args := params
	if method {
		args++
	}
	if len(ns) == 0 {
		if specialForms[name] != noForm || languageCalls[name] {
			return
		}
		for _, d := range w.funcs {
			if d.Name.Name == name && len(d.Params) == params {
				return
			}
		}
	} else if ns[0].Name == "global" && len(ns) == 1 {
		return
	}
	var path strings.Builder
	for _, n := range ns {
		path.WriteString(n.Name + "::")
	}
	w.ended = !w.call(syntax.Name{Name: path.String() + name, Pos: pos}, args)
}

// node walks a statement or expression. What binds no names is left to syntax.Walk.
func (w *nameWalk) node(n syntax.Node) {
	if w.ended {
		return
	}
	switch n := n.(type) {
	case *syntax.Ident:
		w.used(n.Name, n.Pos)
	case *syntax.Export:
		w.used(n.Name.Name, n.Name.Pos)
	case *syntax.Let:
		if n.Init != nil {
			w.node(n.Init)
		}
		if w.define != nil && !w.ended {
			w.ended = !w.define(n, w.level, slices.Contains(w.vars, n.Name.Name))
		}
		w.vars = append(w.vars, n.Name.Name)
	case *syntax.Block:
		k := len(w.vars)
		w.level++
		for _, s := range n.Stmts {
			w.node(s)
		}
		w.level--
		w.vars = w.vars[:k]
	case *syntax.For:
		w.node(n.X)
		w.within(n.Body, n.Var, n.Counter)
	case *syntax.Try:
		w.node(n.Body)
		w.within(n.Handler, n.Var)
	case *syntax.Do:
		w.node(n.Body)
		w.node(n.Cond)
	case *syntax.Closure:
		w.function(n.Fn)
	case *syntax.Custom:
		for _, x := range n.Inputs {
			if id, ok := x.(*syntax.Ident); ok && n.ChangesScope && !slices.Contains(w.vars, id.Name) {
				w.vars = append(w.vars, id.Name) // that is what it is for, as far as one can tell
				continue
			}
			w.node(x)
		}
	case *syntax.Call:
		w.called(n.NS, n.Name, n.Pos, len(n.Args), false)
		w.children(n)
	case *syntax.Method:
		w.node(n.X)
		w.called(nil, n.Name, n.Pos, len(n.Args), true)
		for _, x := range n.Args {
			w.node(x)
		}
	case *syntax.Binary:
		w.node(n.X)
		if n.Name != "" {
			w.called(nil, n.Name, n.Pos, 2, false)
		}
		w.node(n.Y)
	default:
		w.children(n)
	}
}

// children walks what is directly below a node.
func (w *nameWalk) children(n syntax.Node) {
	syntax.Walk(n, func(x syntax.Node) bool {
		if x == n {
			return true
		}
		w.node(x)
		return false
	})
}
