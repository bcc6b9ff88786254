package optimize

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// opt optimises an expression that may be missing.
func (p *pass) opt(e syntax.Expr) syntax.Expr {
	if e == nil {
		return nil
	}
	return p.expr(e)
}

func (p *pass) exprs(list []syntax.Expr) []syntax.Expr {
	for i, e := range list {
		list[i] = p.expr(e)
	}
	return list
}

// target optimises what is assigned to, or the receiver of a method: its root
// stays a variable.
func (p *pass) target(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		return e
	case *syntax.Prop:
		e.X = p.target(e.X)
		return e
	case *syntax.Index:
		e.X, e.Index = p.target(e.X), p.expr(e.Index)
		return e
	case *syntax.Method:
		e.X, e.Args = p.target(e.X), p.exprs(e.Args)
		return e
	}
	return p.expr(e)
}

func (p *pass) expr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		if v, ok := p.lookup(e.Name); ok {
			return &syntax.Literal{Pos: e.Pos, Val: v}
		}
	case *syntax.Interp:
		return p.interp(e)
	case *syntax.ArrayLit:
		return p.array(e)
	case *syntax.MapLit:
		return p.mapLit(e)
	case *syntax.Call:
		return p.call(e)
	case *syntax.Prop, *syntax.Index, *syntax.Method:
		return p.target(e)
	case *syntax.Unary:
		e.X = p.expr(e.X)
		if v, ok := literal(e.X); ok {
			var r value.Value
			if ok, fault := ops.Unary(e.Op, &v, &r); ok && fault == nil {
				return &syntax.Literal{Pos: e.Pos, Val: r}
			}
		}
		return e
	case *syntax.Binary:
		return p.binary(e)
	case *syntax.Logic:
		return p.logic(e)
	case *syntax.Closure:
		// The parameters hide what is around; so does whatever is captured.
		p.function(e.Fn)
	case *syntax.StmtExpr:
		pos := e.Position()
		s := p.stmt(e.Stmt)
		if x, ok := s.(*syntax.ExprStmt); ok {
			if v, ok := literal(x.X); ok {
				return &syntax.Literal{Pos: pos, Val: v}
			}
			// A statement that became something else keeps its place in errors.
			s = &syntax.Block{Pos: pos, End: pos, Stmts: []syntax.Stmt{s}}
		}
		e.Stmt = s
	}
	return e
}

func (p *pass) binary(e *syntax.Binary) syntax.Expr {
	e.X, e.Y = p.expr(e.X), p.expr(e.Y)
	switch e.Op {
	case syntax.In, syntax.NotIn, syntax.Custom_, syntax.RangeExcl, syntax.RangeIncl:
		return e
	}
	x, ok1 := literal(e.X)
	y, ok2 := literal(e.Y)
	if !ok1 || !ok2 || !isScalar(x) || !isScalar(y) {
		return e
	}
	if textLen(x)+textLen(y) > maxFold {
		return e
	}
	var r value.Value
	ok, fault := ops.Binary(e.Op, &x, &y, &r)
	if !ok || fault != nil || r.IsString() && !p.fits(r.StrLen(), r.StrLen()) {
		return e
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(r)}
}

// textLen is the length of a string, 0 for other values.
func textLen(v value.Value) int {
	if v.IsString() {
		return v.StrLen()
	}
	return 0
}

// logic decides chains of && || and ?? that begin with literals. A literal
// further on stays: what stands before it must be evaluated and be a bool.
func (p *pass) logic(e *syntax.Logic) syntax.Expr {
	from := syntax.Start(e)
	xs := p.exprs(e.X)
	for len(xs) > 1 {
		if e.Op == syntax.Coalesce {
			v, ok := literal(xs[0])
			if !ok {
				break
			}
			if !v.IsUnit() {
				return &syntax.Literal{Pos: e.Pos, Val: v, From: from}
			}
			if len(xs) == 2 {
				if last, ok := literal(xs[1]); ok {
					return &syntax.Literal{Pos: e.Pos, Val: last, From: from}
				}
				break // errors about the value are at the operator
			}
			xs = xs[1:]
			continue
		}
		v, ok := boolean(xs[0])
		if !ok {
			break
		}
		if v == (e.Op == syntax.OrOr) {
			return &syntax.Literal{Pos: e.Pos, Val: value.Bool(v), From: from}
		}
		if len(xs) == 2 {
			if last, ok := boolean(xs[1]); ok {
				return &syntax.Literal{Pos: e.Pos, Val: value.Bool(last), From: from}
			}
			break // the last operand must still be checked to be a bool
		}
		xs = xs[1:]
	}
	if len(xs) < len(e.X) {
		e.X, e.From = xs, from
	}
	return e
}

// interp joins the constant parts of a back-tick string.
func (p *pass) interp(e *syntax.Interp) syntax.Expr {
	parts, at := e.Parts, e.At
	e.Parts, e.At = parts[:0], at[:0]
	var first string // the first of some constant parts that follow each other
	var run []byte   // all of them, if there are several
	var pos, place syntax.Pos
	constant := false
	flush := func() {
		if !constant {
			return
		}
		text := first
		if len(run) > 0 {
			text = string(run)
		}
		e.Parts = append(e.Parts, &syntax.Literal{Pos: pos, Val: value.String(text)})
		e.At = append(e.At, place)
		run, constant = run[:0], false
	}
	for i, part := range parts {
		from := at[i]
		part = p.expr(part)
		v, ok := literal(part)
		if !ok || !isScalar(v) {
			flush()
			e.Parts, e.At = append(e.Parts, part), append(e.At, from)
			continue
		}
		text := value.Print(v)
		if constant {
			more := len(text)
			if len(run) == 0 {
				more += len(first) // which is copied
			}
			if !p.fits(max(len(first), len(run))+len(text), more) {
				flush()
			}
		}
		if !constant {
			constant, first, pos, place = true, text, part.Position(), from
			continue
		}
		if len(run) == 0 {
			run = append(run, first...)
		}
		run = append(run, text...)
	}
	flush()
	switch len(e.Parts) {
	case 0:
		return &syntax.Literal{Pos: e.Pos, Val: value.String("")}
	case 1:
		if v, ok := literal(e.Parts[0]); ok && v.IsString() {
			return &syntax.Literal{Pos: e.Pos, Val: v}
		}
	}
	return e
}

func (p *pass) array(e *syntax.ArrayLit) syntax.Expr {
	items := p.exprs(e.Items)
	if p.o.Sized || len(items) == 0 {
		return e
	}
	vals, ok := literals(items)
	if !ok {
		return e
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(value.NewArray(vals))}
}

func (p *pass) mapLit(e *syntax.MapLit) syntax.Expr {
	p.exprs(e.Values)
	if p.o.Sized || len(e.Keys) == 0 {
		return e
	}
	vals, ok := literals(e.Values)
	if !ok {
		return e
	}
	if len(vals) > raw.MaxShape {
		m := value.NewMap(len(vals))
		for i, k := range e.Keys {
			m.Set(k.Name, vals[i])
		}
		return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(m.Value())}
	}
	keys := make([]string, len(vals))
	for i, k := range e.Keys {
		keys[i] = k.Name
	}
	shape := raw.NewShape(keys, p.shape)
	if p.shape == nil {
		p.shape = shape
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(shape.Map(vals).Value())}
}

// literals returns the values of literals, false if any is none.
func literals(list []syntax.Expr) ([]value.Value, bool) {
	for _, e := range list {
		if _, ok := literal(e); !ok {
			return nil, false
		}
	}
	vals := make([]value.Value, len(list))
	for i, e := range list {
		vals[i], _ = literal(e)
	}
	return vals, true
}

// call calls a native function at compile time if the host allows it.
func (p *pass) call(e *syntax.Call) syntax.Expr {
	e.Args = p.exprs(e.Args)
	if p.o.Call == nil || len(e.NS) > 0 || e.Bang || p.funcs[e.Name] || special[e.Name] {
		return e
	}
	args, ok := literals(e.Args)
	if !ok {
		return e
	}
	v, ok := p.o.Call(e.Name, args)
	if !ok || v.IsString() && !p.fits(v.StrLen(), v.StrLen()) {
		return e
	}
	switch {
	case isScalar(v):
	case p.o.Sized || v.Kind() != value.KindArray && v.Kind() != value.KindMap:
		return e
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(v)}
}

// special are the functions that the language handles itself, or whose effect
// is not in their result.
var special = map[string]bool{
	"print": true, "debug": true, "eval": true, "Fn": true, "call": true, "curry": true,
	"type_of": true, "is_shared": true, "is_def_fn": true, "is_def_var": true,
}
