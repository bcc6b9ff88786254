package engine_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// Random programs for TestChains, and their text.

// modelProgram is a program: functions, then statements.
type modelProgram struct {
	funcs  []*modelFunc
	pushed []sLet // variables that the host gives
	main   []modelStmt
	open   bool // evaluates text somewhere, so that variables are found by name
}

// modelGen makes programs.
type modelGen struct {
	*rand.Rand
	funcs  []*modelFunc // that may be called
	vars   []modelVar   // in sight
	this   *modelValue  // what this might be, nil if it is not bound
	fixed  bool         // a constant is in sight that may not be captured
	ticks  int
	depth  int
	chains int
}

// modelVar is a variable in sight; shape is what it might hold.
type modelVar struct {
	name  string
	shape *modelValue
	fixed bool
}

// modelNames are the names of variables in a text: no property and no method is
// called like them.
var modelNames = regexp.MustCompile(`\b(x[a-z]|[vwqgo]|f\d)\b`)

var modelKeys = []string{"a", "b", "z"}

func (g *modelGen) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *modelGen, from ...T) T { return from[g.IntN(len(from))] }

// value makes a value with at most depth containers in each other.
func (g *modelGen) value(depth int) *modelValue {
	n := 10
	if depth <= 0 {
		n = 6
	}
	switch g.IntN(n) {
	case 0, 1:
		return mNumber(pick[int64](g, 0, 1, 2, 7, -1))
	case 2:
		return mText(pick(g, "", "a", "abc", "héy"))
	case 3:
		return mLetter(pick(g, 'x', 'é'))
	case 4:
		return mTruth(g.chance(50))
	case 5:
		return mVoid()
	case 6, 7:
		v := &modelValue{kind: mArray}
		for range g.IntN(4) {
			v.items = append(v.items, g.value(depth-1))
		}
		return v
	}
	v := &modelValue{kind: mMap, props: map[string]*modelValue{}}
	for range g.IntN(4) {
		v.props[pick(g, modelKeys...)] = g.value(depth - 1)
	}
	return v
}

// literal writes a value as an expression.
func literal(v *modelValue) modelExpr {
	switch v.kind {
	case mArray:
		var x xArray
		for _, item := range v.items {
			x.items = append(x.items, literal(item))
		}
		return x
	case mMap:
		var x xMap
		for _, k := range modelKeys {
			if p := v.props[k]; p != nil {
				x.keys, x.values = append(x.keys, k), append(x.values, literal(p))
			}
		}
		return x
	}
	return xLit{v}
}

// expr makes the expression of an argument or a right side.
func (g *modelGen) expr() modelExpr {
	if g.depth > 3 {
		return literal(g.value(0))
	}
	g.depth++
	defer func() { g.depth-- }()
	switch n := g.IntN(20); {
	case n < 7:
		return literal(g.value(2))
	case n < 10:
		if v := g.variable(); v != nil {
			return xVar{v.name}
		}
	case n < 12:
		return g.chain(false)
	case n < 15:
		g.ticks++
		return xTick{g.ticks, g.expr()}
	case n < 16:
		return xBlock{g.stmts(1), g.expr()}
	case n < 17 && len(g.funcs) > 0:
		return g.call()
	case n < 18 && g.this != nil:
		return xThis{}
	case n < 19:
		if len(g.closures()) > 0 {
			f := pick(g, g.closures()...)
			return xVar{f.name}
		}
	}
	return literal(g.value(1))
}

func (g *modelGen) call() modelExpr {
	c := xCall{name: pick(g, "push", "clear", "pop", "set_tag", "id")}
	if g.chance(30) && len(g.funcs) > 0 {
		c.name = pick(g, g.funcs...).name
	}
	n := map[string]int{"push": 2, "clear": 1, "pop": 1, "set_tag": 2, "id": 1}[c.name]
	if n == 0 {
		n = 2
	}
	for range n {
		c.args = append(c.args, g.expr())
	}
	if v := g.variable(); v != nil && g.chance(70) {
		c.args[0] = xVar{v.name}
	}
	return c
}

// variable chooses a variable that holds data.
func (g *modelGen) variable() *modelVar {
	var from []*modelVar
	for i, v := range g.vars {
		if v.shape.kind != mFn && !(v.fixed && g.fixed) {
			from = append(from, &g.vars[i])
		}
	}
	if len(from) == 0 {
		return nil
	}
	v := pick(g, from...)
	return v
}

// closures are the variables that hold closures.
func (g *modelGen) closures() []modelVar {
	if g.fixed {
		return nil // a closure does not capture others
	}
	var out []modelVar
	for _, v := range g.vars {
		if v.shape.kind == mFn {
			out = append(out, v)
		}
	}
	return out
}

// chain makes a chain; one that can be assigned to has a variable or this as its root
// and no calls.
func (g *modelGen) chain(target bool) *xChain {
	g.chains++
	c := &xChain{}
	var shape *modelValue
	v := g.variable()
	switch {
	case !target && g.chance(8):
		shape = g.value(2)
		g.ticks++
		c.root = xTick{g.ticks, literal(shape)}
	case g.this != nil && (v == nil || g.chance(50)):
		c.root, shape = xThis{}, g.this
	case v != nil:
		c.root, shape = xVar{v.name}, v.shape
	case target:
		c.root, shape = xThis{}, mVoid()
	default:
		shape = g.value(2)
		c.root = xCall{name: "id", args: []modelExpr{literal(shape)}}
	}
	for range 1 + g.IntN(3) {
		var s modelStep
		s, shape = g.step(shape, !target)
		c.steps = append(c.steps, s)
	}
	if !target && !c.steps[len(c.steps)-1].call && g.chance(60) {
		c.steps = append(c.steps, g.method(shape))
	}
	return c
}

// step makes a step that the shape may well have; it returns what the step leads to.
func (g *modelGen) step(shape *modelValue, calls bool) (modelStep, *modelValue) {
	if calls && g.chance(25) {
		return g.method(shape), mVoid()
	}
	s := modelStep{safe: g.chance(12)}
	kind := shape.kind
	if g.chance(6) {
		kind = modelKind(g.IntN(int(mFn)))
	}
	next := mVoid()
	switch kind {
	case mArray:
		i := int64(g.IntN(3))
		if len(shape.items) > 0 && g.chance(90) {
			i = int64(g.IntN(len(shape.items)))
			next = shape.items[i]
			if g.chance(20) {
				i -= int64(len(shape.items))
			}
		}
		s.index = g.indexOf(mNumber(i))
	case mMap:
		key := pick(g, modelKeys...)
		if len(shape.props) > 0 && g.chance(85) {
			for _, k := range modelKeys {
				if shape.props[k] != nil && (shape.props[key] == nil || g.chance(30)) {
					key = k
				}
			}
		}
		if shape.props[key] != nil {
			next = shape.props[key]
		}
		if g.chance(60) {
			s.name = key
		} else {
			s.index = g.indexOf(mText(key))
		}
	case mStr, mInt, mBlob:
		i := int64(g.IntN(3))
		if g.chance(10) {
			i = pick[int64](g, -1, -2, 63, 64, 100)
		}
		next = pick(g, mTruth(true), mNumber(1), mLetter('a'))
		if kind == mStr {
			next = mLetter('a')
		}
		s.index = g.indexOf(mNumber(i))
		if kind != mBlob && g.chance(30) {
			from := int64(g.IntN(3))
			s.index = xLit{mSpan(from, from+int64(g.IntN(3)))}
			next = shape
		}
	case mBox:
		item := mVoid()
		if shape.kind == mBox {
			item = shape.items[0]
		}
		switch g.IntN(5) {
		case 0, 1:
			s.name, next = "item", item
		case 2:
			s.name, next = "n", mNumber(1)
		case 3:
			s.name, next = "fixed", item
		default:
			s.index, next = g.indexOf(mNumber(0)), item
		}
	default:
		s.name = pick(g, "a", "tag", "tag", "len", "n")
		next = mNumber(1)
	}
	if g.chance(5) {
		s.index, s.name, next = nil, pick(g, "tag", "len", "a"), mNumber(1)
	}
	return s, next
}

// indexOf writes an index, sometimes as something that does more than give it.
func (g *modelGen) indexOf(v *modelValue) modelExpr {
	if g.depth > 3 {
		return xLit{v}
	}
	g.depth++
	defer func() { g.depth-- }()
	switch g.IntN(12) {
	case 0, 1:
		g.ticks++
		return xTick{g.ticks, xLit{v}}
	case 2:
		return xBlock{g.stmts(1), xLit{v}}
	case 3:
		if x := g.variable(); x != nil {
			return xVar{x.name}
		}
	case 4:
		return g.expr()
	}
	return xLit{v}
}

// method makes a call that a value of that shape may well understand.
func (g *modelGen) method(shape *modelValue) modelStep {
	s := modelStep{call: true, safe: g.chance(10)}
	if g.chance(25) && len(g.funcs) > 0 {
		f := pick(g, g.funcs...)
		s.name = f.name
		for range f.params {
			s.args = append(s.args, g.expr())
		}
		return s
	}
	if fs := g.closures(); len(fs) > 0 && g.chance(25) {
		f := pick(g, fs...)
		s.name, s.args = "call", []modelExpr{xVar{f.name}, g.expr()}
		if shape.kind == mArray && g.chance(60) {
			s.name, s.args = "for_each", s.args[:1]
		}
		return s
	}
	num := func() modelExpr { return xLit{mNumber(int64(g.IntN(4) - 1))} }
	kind := shape.kind
	if g.chance(10) {
		kind = modelKind(g.IntN(int(mFn)))
	}
	switch kind {
	case mArray:
		s.name = pick(g, "push", "push", "pop", "clear", "reverse", "truncate", "remove", "len")
	case mBlob:
		s.name = pick(g, "push", "pop", "clear", "reverse", "truncate", "remove", "len")
	case mMap:
		s.name = pick(g, "clear", "remove", "len", "a")
	case mStr:
		s.name = pick(g, "clear", "truncate", "make_upper", "make_upper", "len", "pop", "remove")
	case mChar:
		s.name = pick(g, "make_upper", "set_tag")
	case mInt:
		s.name = pick(g, "set_bit", "set_tag")
	case mBox:
		s.name = pick(g, "bump", "bump", "size")
	case mFn:
		s.name = "call"
	default:
		s.name = pick(g, "set_tag", "push", "len")
	}
	switch s.name {
	case "push":
		s.args = []modelExpr{g.expr()}
		if kind == mBlob {
			s.args = []modelExpr{num()}
		}
	case "truncate", "bump", "set_tag":
		s.args = []modelExpr{num()}
	case "remove":
		switch kind {
		case mMap:
			s.args = []modelExpr{xLit{mText(pick(g, modelKeys...))}}
		case mStr:
			s.args = []modelExpr{xLit{pick(g, mText("b"), mLetter('a'))}}
		default:
			s.args = []modelExpr{num()}
		}
	case "set_bit":
		s.args = []modelExpr{num(), xLit{mTruth(g.chance(50))}}
	case "call":
		s.args = []modelExpr{g.expr()}
	case "a":
		s.args = []modelExpr{g.expr()}
	}
	if g.chance(3) {
		s.args = append(s.args, g.expr())
	}
	return s
}

// stmts makes statements that declare nothing.
func (g *modelGen) stmts(n int) []modelStmt {
	var out []modelStmt
	for range n {
		out = append(out, g.stmt())
	}
	return out
}

func (g *modelGen) stmt() modelStmt {
	op := pick(g, "=", "=", "=", "+=", "+=", "-=", "|=")
	switch n := g.IntN(20); {
	case n < 9:
		return sAssign{g.chain(true), op, g.expr()}
	case n < 11:
		var free []modelVar
		for _, v := range g.vars {
			if !v.fixed && v.shape.kind != mFn {
				free = append(free, v)
			}
		}
		if len(free) > 0 && (g.this == nil || g.chance(60)) {
			v := pick(g, free...)
			return sAssign{xVar{v.name}, op, g.expr()}
		}
		if g.this != nil {
			return sAssign{xThis{}, op, g.expr()}
		}
	case n < 12 && g.depth < 3:
		g.depth++
		s := sTry{g.stmts(1 + g.IntN(2))}
		g.depth--
		if g.chance(20) {
			s.body = append(s.body, sThrow{})
		}
		return s
	case n < 13:
		return sExpr{g.call()}
	case n < 14 && g.this != nil && g.chance(40):
		return sThrow{}
	}
	return sExpr{g.chain(false)}
}

// function makes a function or closure. Those made before it may be called in it.
func (g *modelGen) function(name string, params []string, this bool) *modelFunc {
	inner := *g
	inner.depth = 2
	inner.this = nil
	if this {
		inner.this = g.value(2)
	}
	closure := name == ""
	if closure {
		inner.vars = slices.Clone(g.vars)
		inner.fixed = true
	} else {
		inner.vars = nil
	}
	for _, p := range params {
		inner.vars = append(inner.vars, modelVar{name: p, shape: g.value(2)})
	}
	f := &modelFunc{name: name, params: params}
	if !closure && g.chance(25) {
		// A closure in the function captures its variables.
		c := inner.function("", []string{"q"}, inner.chance(50))
		f.body = append(f.body, sLet{name: "g", x: xClosure{c}})
		inner.vars = append(inner.vars, modelVar{name: "g", shape: &modelValue{kind: mFn}})
	}
	f.body = append(f.body, inner.stmts(1+g.IntN(2))...)
	f.result = inner.expr()
	g.ticks, g.chains = inner.ticks, inner.chains
	if closure {
		for _, name := range modelNames.FindAllString(xBlock{f.body, f.result}.text(), -1) {
			if !slices.Contains(params, name) && !slices.Contains(f.uses, name) {
				f.uses = append(f.uses, name)
			}
		}
	}
	return f
}

// modelGenerate makes the program of a seed.
func modelGenerate(seed uint64) (*modelProgram, int) {
	g := &modelGen{Rand: rand.New(rand.NewPCG(seed, 7))}
	p := &modelProgram{open: g.chance(10)}
	p.funcs = []*modelFunc{{name: "id", params: []string{"v"}, result: xVar{"v"}}}
	for i := range g.IntN(4) {
		f := g.function(fmt.Sprintf("p%d", i), []string{"v", "w"}[:g.IntN(3)], true)
		p.funcs = append(p.funcs, f)
		g.funcs = append(g.funcs, f)
	}
	declare := func(name string, fixed bool, shape *modelValue) {
		s := sLet{name: name, fixed: fixed, x: literal(shape)}
		if shape.kind == mBox || g.chance(25) {
			p.pushed = append(p.pushed, s)
		} else {
			p.main = append(p.main, s)
		}
		g.vars = append(g.vars, modelVar{name, shape, fixed})
	}
	for _, name := range []string{"xa", "xm", "xs", "xn", "xb", "xh", "xu", "xk"} {
		if name != "xa" && g.chance(40) {
			continue
		}
		shape := g.value(2)
		switch name {
		case "xa":
			shape = &modelValue{kind: mArray, items: []*modelValue{g.value(1), g.value(2)}}
		case "xm":
			shape = &modelValue{kind: mMap, props: map[string]*modelValue{"a": g.value(1), "b": g.value(2)}}
		case "xs":
			shape = mText("abc")
		case "xn":
			shape = mNumber(5)
		case "xb":
			shape = mBytes(1, 2, 3)
			p.pushed = append(p.pushed, sLet{name: name, x: xLit{shape}})
			g.vars = append(g.vars, modelVar{name, shape, false})
			continue
		case "xh":
			shape = &modelValue{kind: mBox, n: 1, items: []*modelValue{g.value(2)}}
			p.pushed = append(p.pushed, sLet{name: name, x: xLit{shape}})
			g.vars = append(g.vars, modelVar{name, shape, false})
			continue
		}
		declare(name, name == "xk", shape)
	}
	for i := range g.IntN(3) {
		f := g.function("", []string{"v"}, g.chance(60))
		name := fmt.Sprintf("f%d", i)
		p.main = append(p.main, sLet{name: name, x: xClosure{f}})
		g.vars = append(g.vars, modelVar{name: name, shape: &modelValue{kind: mFn}})
	}
	for i := range 3 + g.IntN(5) {
		switch g.IntN(5) {
		case 0:
			p.main = append(p.main, sLet{name: fmt.Sprintf("r%d", i), x: g.chain(false)})
		case 1:
			p.main = append(p.main, g.stmt())
		default:
			p.main = append(p.main, sTry{g.stmts(1 + g.IntN(2))})
		}
	}
	if g.chance(20) && len(g.vars) > 0 {
		f := g.function("", []string{"v"}, true)
		p.main = append(p.main, sLet{name: "o", x: xMap{[]string{"a", "b"}, []modelExpr{xClosure{f}, literal(g.value(1))}}})
		shape := &modelValue{kind: mMap, props: map[string]*modelValue{"b": g.value(1)}}
		g.vars = append(g.vars, modelVar{"o", shape, false})
		p.main = append(p.main, g.stmts(2)...)
	}
	return p, g.chains
}

// The text of programs.

func (p *modelProgram) text() string {
	var b strings.Builder
	for _, f := range p.funcs {
		fmt.Fprintf(&b, "fn %s(%s) %s\n", f.name, strings.Join(f.params, ", "), xBlock{f.body, f.result}.text())
	}
	if p.open {
		b.WriteString("if false { eval(``); }\n")
	}
	for _, s := range p.main {
		b.WriteString(s.text() + "\n")
	}
	return b.String()
}

func exprTexts(xs []modelExpr) string {
	var parts []string
	for _, x := range xs {
		parts = append(parts, x.text())
	}
	return strings.Join(parts, ", ")
}

func (x xLit) text() string {
	switch v := x.v; v.kind {
	case mChar:
		return "'" + string(rune(v.n)) + "'"
	case mStr:
		return `"` + v.text + `"`
	default:
		return v.dump()
	}
}
func (x xVar) text() string  { return x.name }
func (xThis) text() string   { return "this" }
func (x xTick) text() string { return fmt.Sprintf("tk(%d, %s)", x.id, x.x.text()) }

func (x xBlock) text() string {
	var b strings.Builder
	b.WriteString("{ ")
	for _, s := range x.body {
		b.WriteString(s.text() + " ")
	}
	return b.String() + x.x.text() + " }"
}

func (x xArray) text() string { return "[" + exprTexts(x.items) + "]" }

func (x xMap) text() string {
	var parts []string
	for i, k := range x.keys {
		parts = append(parts, k+": "+x.values[i].text())
	}
	return "#{" + strings.Join(parts, ", ") + "}"
}

func (x xClosure) text() string {
	return "|" + strings.Join(x.fn.params, ", ") + "| " + xBlock{x.fn.body, x.fn.result}.text()
}

func (x xCall) text() string { return x.name + "(" + exprTexts(x.args) + ")" }

func (x *xChain) text() string {
	s := x.root.text()
	for _, step := range x.steps {
		if step.safe {
			s += "?"
		}
		switch {
		case step.call:
			s += "." + step.name + "(" + exprTexts(step.args) + ")"
		case step.index != nil:
			s += "[" + step.index.text() + "]"
		default:
			s += "." + step.name
		}
	}
	return s
}

func (s sExpr) text() string { return s.x.text() + ";" }

func (s sLet) text() string {
	if s.fixed {
		return "const " + s.name + " = " + s.x.text() + ";"
	}
	return "let " + s.name + " = " + s.x.text() + ";"
}

func (s sAssign) text() string { return s.to.text() + " " + s.op + " " + s.y.text() + ";" }

func (s sTry) text() string {
	t := "try {"
	for _, x := range s.body {
		t += " " + x.text()
	}
	return t + " } catch (e) { note(e.error); }"
}

func (sThrow) text() string { return `throw #{error: "thrown"};` }
