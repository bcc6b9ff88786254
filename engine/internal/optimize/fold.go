package optimize

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
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
	out := make([]syntax.Expr, len(list))
	for i, e := range list {
		out[i] = p.expr(e)
	}
	return out
}

// target optimises what is assigned to, or the receiver of a method: its root
// stays a variable.
func (p *pass) target(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		return e
	case *syntax.Prop:
		out := *e
		out.X = p.target(e.X)
		return &out
	case *syntax.Index:
		out := *e
		out.X, out.Index = p.target(e.X), p.expr(e.Index)
		return &out
	case *syntax.Method:
		out := *e
		out.X, out.Args = p.target(e.X), p.exprs(e.Args)
		return &out
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
		out := *e
		out.X = p.expr(e.X)
		if v, ok := literal(out.X); ok {
			var r value.Value
			if ok, fault := ops.Unary(e.Op, &v, &r); ok && fault == nil {
				return &syntax.Literal{Pos: e.Pos, Val: r}
			}
		}
		return &out
	case *syntax.Binary:
		return p.binary(e)
	case *syntax.Logic:
		return p.logic(e)
	case *syntax.Closure:
		out := *e
		// The parameters hide what is around; so does whatever is captured.
		out.Fn = p.function(e.Fn)
		return &out
	case *syntax.StmtExpr:
		s := p.stmt(e.Stmt)
		if x, ok := s.(*syntax.ExprStmt); ok {
			if v, ok := literal(x.X); ok {
				return &syntax.Literal{Pos: e.Position(), Val: v}
			}
			// A statement that became something else keeps its place in errors.
			return &syntax.StmtExpr{Stmt: &syntax.Block{Pos: e.Position(), End: e.Position(), Stmts: []syntax.Stmt{s}}}
		}
		return &syntax.StmtExpr{Stmt: s}
	}
	return e
}

func (p *pass) binary(e *syntax.Binary) syntax.Expr {
	out := *e
	out.X, out.Y = p.expr(e.X), p.expr(e.Y)
	switch e.Op {
	case syntax.In, syntax.NotIn, syntax.Custom_, syntax.RangeExcl, syntax.RangeIncl:
		return &out
	}
	x, ok1 := literal(out.X)
	y, ok2 := literal(out.Y)
	if !ok1 || !ok2 || !isScalar(x) || !isScalar(y) {
		return &out
	}
	var r value.Value
	ok, fault := ops.Binary(e.Op, &x, &y, &r)
	if !ok || fault != nil || p.tooLong(r) {
		return &out
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(r)}
}

func (p *pass) tooLong(v value.Value) bool {
	return v.IsString() && p.o.MaxString > 0 && v.StrLen() > p.o.MaxString
}

// logic decides chains of && || and ?? that begin with literals. A literal
// further on stays: what stands before it must be evaluated and be a bool.
func (p *pass) logic(e *syntax.Logic) syntax.Expr {
	xs, from := p.exprs(e.X), syntax.Start(e)
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
	return &syntax.Logic{Pos: e.Pos, Op: e.Op, X: xs, From: from}
}

// interp joins the constant parts of a back-tick string.
func (p *pass) interp(e *syntax.Interp) syntax.Expr {
	out := &syntax.Interp{Pos: e.Pos}
	for i, part := range e.Parts {
		part = p.expr(part)
		v, ok := literal(part)
		if !ok || !isScalar(v) {
			out.Parts, out.At = append(out.Parts, part), append(out.At, e.At[i])
			continue
		}
		text := value.Print(v)
		if n := len(out.Parts) - 1; n >= 0 {
			if before, ok := literal(out.Parts[n]); ok && before.IsString() {
				joined := value.String(before.Str() + text)
				if !p.tooLong(joined) {
					out.Parts[n] = &syntax.Literal{Pos: out.Parts[n].Position(), Val: joined}
					continue
				}
			}
		}
		out.Parts = append(out.Parts, &syntax.Literal{Pos: part.Position(), Val: value.String(text)})
		out.At = append(out.At, e.At[i])
	}
	switch len(out.Parts) {
	case 0:
		return &syntax.Literal{Pos: e.Pos, Val: value.String("")}
	case 1:
		if v, ok := literal(out.Parts[0]); ok && v.IsString() {
			return &syntax.Literal{Pos: e.Pos, Val: v}
		}
	}
	return out
}

func (p *pass) array(e *syntax.ArrayLit) syntax.Expr {
	items := p.exprs(e.Items)
	out := &syntax.ArrayLit{Pos: e.Pos, Items: items}
	if p.o.Sized || len(items) == 0 {
		return out
	}
	vals, ok := literals(items)
	if !ok {
		return out
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(value.NewArray(vals))}
}

func (p *pass) mapLit(e *syntax.MapLit) syntax.Expr {
	out := &syntax.MapLit{Pos: e.Pos, Keys: e.Keys, Values: p.exprs(e.Values)}
	if p.o.Sized || len(e.Keys) == 0 {
		return out
	}
	vals, ok := literals(out.Values)
	if !ok {
		return out
	}
	m := value.NewMap(len(vals))
	for i, k := range e.Keys {
		m.Set(k.Name, vals[i])
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(m.Value())}
}

// literals returns the values of literals, false if any is none.
func literals(list []syntax.Expr) ([]value.Value, bool) {
	vals := make([]value.Value, len(list))
	for i, e := range list {
		v, ok := literal(e)
		if !ok {
			return nil, false
		}
		vals[i] = v
	}
	return vals, true
}

// call calls a native function at compile time if the host allows it.
func (p *pass) call(e *syntax.Call) syntax.Expr {
	out := *e
	out.Args = p.exprs(e.Args)
	if p.o.Call == nil || len(e.NS) > 0 || e.Bang || p.funcs[e.Name] || special[e.Name] {
		return &out
	}
	args, ok := literals(out.Args)
	if !ok {
		return &out
	}
	v, ok := p.o.Call(e.Name, args)
	if !ok || p.tooLong(v) {
		return &out
	}
	switch {
	case isScalar(v):
	case p.o.Sized || v.Kind() != value.KindArray && v.Kind() != value.KindMap:
		return &out
	}
	return &syntax.Literal{Pos: e.Pos, Val: value.Freeze(v)}
}

// special are the functions that the language handles itself, or whose effect
// is not in their result.
var special = map[string]bool{
	"print": true, "debug": true, "eval": true, "Fn": true, "call": true, "curry": true,
	"type_of": true, "is_shared": true, "is_def_fn": true, "is_def_var": true,
}
