package assist

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// text is a text as tokens, without comments.
type text struct {
	env    *Env
	src    string
	toks   []syntax.Lexeme
	match  []int // the bracket that belongs to one, -1 if there is none
	locals []local
	depth  int // of inference in progress
	work   int // tokens that inference has looked at
}

// local is a variable that the text declares.
type local struct {
	name  string
	shape *Shape
	from  int // the token behind its declaration
}

// Bounds of inference: how deep expressions are followed, and how many tokens are
// looked at in all, the same ones again included.
const (
	maxInfer = 24
	maxWork  = 200_000
)

// read makes tokens of the part of a text up to an offset.
func read(env *Env, src string) *text {
	t := &text{env: env, src: src}
	var open []int
	for x := range syntax.Tokens(src) {
		if x.Kind == syntax.CommentTok {
			continue
		}
		i := len(t.toks)
		t.toks, t.match = append(t.toks, x), append(t.match, -1)
		opens, closes := brackets(x, src)
		if closes && len(open) > 0 {
			k := open[len(open)-1]
			open = open[:len(open)-1]
			t.match[i], t.match[k] = k, i
		}
		if opens {
			open = append(open, i)
		}
	}
	t.findLocals()
	return t
}

// brackets tells whether a token opens or closes one; a piece of a text with
// interpolations may do both.
func brackets(x syntax.Lexeme, src string) (opens, closes bool) {
	switch x.Kind {
	case syntax.LeftBrace, syntax.LeftParen, syntax.LeftBracket, syntax.MapStart, syntax.SafeBracket:
		return true, false
	case syntax.RightBrace, syntax.RightParen, syntax.RightBracket:
		return false, true
	case syntax.InterpTok:
		return true, src[x.Start] == '}'
	case syntax.StringTok:
		return false, src[x.Start] == '}'
	}
	return false, false
}

func (t *text) kind(i int) syntax.Token {
	if i < 0 || i >= len(t.toks) {
		return syntax.EOF
	}
	return t.toks[i].Kind
}

func (t *text) word(i int) string { return t.src[t.toks[i].Start:t.toks[i].End] }

// findLocals notes what let, const, for, fn and closures declare.
func (t *text) findLocals() {
	for i := range t.toks {
		switch t.kind(i) {
		case syntax.Let_, syntax.Const:
			if t.kind(i+1) != syntax.IdentTok {
				continue
			}
			l := local{name: t.word(i + 1), from: i + 2}
			if t.kind(i+2) == syntax.Assign_ {
				end := t.statementEnd(i + 3)
				l.shape, l.from = t.expr(i+3, end), end
			}
			t.locals = append(t.locals, l)
		case syntax.For_:
			if t.kind(i+1) != syntax.IdentTok || t.kind(i+2) != syntax.In {
				continue
			}
			end := i + 3
			for end < len(t.toks) && t.kind(end) != syntax.LeftBrace {
				end = t.next(end)
			}
			t.locals = append(t.locals, local{t.word(i + 1), elementOf(t.expr(i+3, end)), end})
		case syntax.Fn_:
			for k := i + 2; k < len(t.toks) && t.kind(k) != syntax.RightParen; k++ {
				if t.kind(k) == syntax.IdentTok {
					t.locals = append(t.locals, local{name: t.word(k), from: k})
				}
			}
		case syntax.Or:
			if !t.operandBefore(i) {
				t.closureParams(i)
			}
		}
	}
}

// closureParams notes the parameters of a closure that begins at token i. What is
// given to a method of an array gets its elements.
func (t *text) closureParams(i int) {
	var elem *Shape
	if t.kind(i-1) == syntax.LeftParen && t.kind(i-2) == syntax.IdentTok && isDot(t.kind(i-3)) {
		elem = elementOf(t.receiver(i - 3))
	}
	for k := i + 1; k < len(t.toks) && (t.kind(k) == syntax.IdentTok || t.kind(k) == syntax.Comma); k++ {
		if t.kind(k) == syntax.IdentTok {
			t.locals = append(t.locals, local{t.word(k), elem, k})
			elem = nil
		}
	}
}

func elementOf(s *Shape) *Shape {
	switch {
	case s == nil:
		return nil
	case strings.HasPrefix(s.Type, "range"):
		return &Shape{Type: "i64"}
	case s.Type == "blob":
		return &Shape{Type: "i64"}
	}
	return s.Elem
}

func isDot(k syntax.Token) bool { return k == syntax.Dot || k == syntax.SafeDot }

// operandBefore reports whether an operand ends before token i, so that what comes is
// an operator.
func (t *text) operandBefore(i int) bool {
	switch t.kind(i - 1) {
	case syntax.IdentTok, syntax.IntTok, syntax.FloatTok, syntax.CharTok, syntax.StringTok, syntax.RightParen,
		syntax.RightBracket, syntax.RightBrace, syntax.UnitTok, syntax.True, syntax.False, syntax.ReservedTok, syntax.Underscore:
		return true
	}
	return false
}

// next is the token after i, or after the bracket that i opens.
func (t *text) next(i int) int {
	if m := t.match[i]; m > i {
		return m + 1
	}
	return i + 1
}

// statementEnd is where the statement ends that token i belongs to.
func (t *text) statementEnd(i int) int {
	for i < len(t.toks) {
		switch t.kind(i) {
		case syntax.Semicolon, syntax.RightBrace, syntax.RightParen, syntax.RightBracket:
			return i
		}
		i = t.next(i)
	}
	return i
}

// name is the shape of a variable at token at.
func (t *text) name(name string, at int) *Shape {
	for i := len(t.locals) - 1; i >= 0 && t.work <= maxWork; i-- {
		t.work++
		if l := t.locals[i]; l.name == name && l.from <= at {
			return l.shape
		}
	}
	if v := t.env.variable(name); v != nil {
		return v.Shape
	}
	return nil
}

// receiver is the shape of the operand that ends before the dot at token dot.
func (t *text) receiver(dot int) *Shape { return t.chain(t.chainStart(dot), dot) }

// chainStart is where the operand begins that ends before token end.
func (t *text) chainStart(end int) int {
	i := end - 1
	for i >= 0 && t.work <= maxWork {
		t.work++
		switch t.kind(i) {
		case syntax.RightParen, syntax.RightBracket, syntax.RightBrace:
			m := t.match[i]
			if m < 0 {
				return i
			}
			i = m
			call := t.kind(i) == syntax.LeftParen && (t.kind(i-1) == syntax.IdentTok || t.kind(i-1) == syntax.Bang && t.kind(i-2) == syntax.IdentTok)
			index := (t.kind(i) == syntax.LeftBracket || t.kind(i) == syntax.SafeBracket) && t.operandBefore(i)
			if call || index {
				i--
				continue
			}
			return i
		case syntax.UnitTok: // f() is a name and a unit
			if t.kind(i-1) == syntax.IdentTok {
				i--
				continue
			}
			return i
		case syntax.IdentTok, syntax.ReservedTok:
			if isDot(t.kind(i-1)) || t.kind(i-1) == syntax.DoubleColon {
				i -= 2
				continue
			}
			return i
		case syntax.StringTok:
			if m := t.match[i]; m >= 0 && m < i { // with interpolations
				for t.match[m] >= 0 && t.match[m] < m {
					m = t.match[m]
				}
				return m
			}
			return i
		}
		return i
	}
	return 0
}

// chain is the shape of an operand with its calls, properties and elements, from token
// from up to token end.
func (t *text) chain(from, end int) *Shape {
	if t.work++; from >= end || from < 0 || t.depth > maxInfer || t.work > maxWork {
		return nil
	}
	t.depth++
	defer func() { t.depth-- }()
	s, i := t.primary(from, end)
	for i < end && i < len(t.toks) {
		switch k := t.kind(i); {
		case isDot(k) && t.kind(i+1) == syntax.IdentTok:
			name := t.word(i + 1)
			i += 2
			if i < end && (t.kind(i) == syntax.LeftParen || t.kind(i) == syntax.UnitTok) {
				s = t.env.methodResult(s, name)
				i = t.next(i)
				continue
			}
			s = t.env.property(s, name)
		case k == syntax.LeftBracket || k == syntax.SafeBracket:
			s = t.element(s, i)
			i = t.next(i)
		default:
			return nil
		}
	}
	return s
}

// element is what an index finds that begins at token i.
func (t *text) element(s *Shape, i int) *Shape {
	if s.typ() == "map" && t.kind(i+1) == syntax.StringTok && t.match[i] == i+2 {
		return s.Field(unquote(t.word(i + 1)))
	}
	if s.typ() == "string" {
		return &Shape{Type: "char"}
	}
	if m := t.match[i]; m > i && s.typ() == "array" {
		if x := t.expr(i+1, m); strings.HasPrefix(x.typ(), "range") {
			return s
		}
	}
	return elementOf(s)
}

func unquote(s string) string { return strings.Trim(s, "\"`") }

// primary is the shape of an operand without what follows it, and where it ends.
func (t *text) primary(i, end int) (*Shape, int) {
	one := func(typ string) (*Shape, int) { return &Shape{Type: typ}, i + 1 }
	switch t.kind(i) {
	case syntax.IntTok:
		return one("i64")
	case syntax.FloatTok:
		return one("f64")
	case syntax.CharTok:
		return one("char")
	case syntax.StringTok:
		return one("string")
	case syntax.InterpTok:
		m := i
		for t.match[m] > m {
			m = t.match[m]
		}
		return &Shape{Type: "string"}, m + 1
	case syntax.True, syntax.False:
		return one("bool")
	case syntax.UnitTok:
		return one("()")
	case syntax.LeftBracket:
		s := &Shape{Type: "array"}
		if m := t.match[i]; m > i+1 {
			stop := i + 1
			for stop < m && t.kind(stop) != syntax.Comma {
				stop = t.next(stop)
			}
			s.Elem = t.expr(i+1, stop)
		}
		return s, t.next(i)
	case syntax.MapStart:
		return t.mapLiteral(i), t.next(i)
	case syntax.LeftParen:
		if m := t.match[i]; m > i {
			return t.expr(i+1, m), m + 1
		}
	case syntax.Or, syntax.OrOr:
		return &Shape{Type: "Fn"}, end
	case syntax.IdentTok:
		name := t.word(i)
		for t.kind(i+1) == syntax.DoubleColon && t.kind(i+2) == syntax.IdentTok {
			i += 2
			name += "::" + t.word(i)
		}
		if k := t.kind(i + 1); i+1 < end && (k == syntax.LeftParen || k == syntax.UnitTok) {
			var arg *Shape
			if k == syntax.LeftParen && t.match[i+1] > i+1 {
				stop := i + 2
				for stop < t.match[i+1] && t.kind(stop) != syntax.Comma {
					stop = t.next(stop)
				}
				arg = t.expr(i+2, stop)
			}
			return t.env.callResult(name, arg), t.next(i + 1)
		}
		return t.name(name, i), i + 1
	}
	return nil, i + 1
}

// mapLiteral is the shape of the literal that begins at token i.
func (t *text) mapLiteral(i int) *Shape {
	s := &Shape{Type: "map"}
	end := t.match[i]
	if end < 0 {
		end = len(t.toks)
	}
	for k := i + 1; k < end; {
		stop := k
		for stop < end && t.kind(stop) != syntax.Comma {
			stop = t.next(stop)
		}
		if t.kind(k+1) == syntax.Colon {
			s.Fields = append(s.Fields, Field{unquote(t.word(k)), t.expr(k+2, stop)})
		}
		k = stop + 1
	}
	return s
}

// expr is the shape of an expression between two tokens.
func (t *text) expr(from, end int) *Shape {
	end = min(end, len(t.toks))
	if t.work++; from >= end || t.depth > maxInfer || t.work > maxWork {
		return nil
	}
	t.depth++
	defer func() { t.depth-- }()
	switch t.kind(from) {
	case syntax.Or, syntax.OrOr:
		return &Shape{Type: "Fn"}
	case syntax.Bang:
		return &Shape{Type: "bool"}
	case syntax.Minus, syntax.Plus, syntax.UnaryMinus, syntax.UnaryPlus:
		return t.expr(from+1, end)
	case syntax.If_, syntax.Switch_, syntax.Loop_, syntax.While_, syntax.For_, syntax.Do_, syntax.LeftBrace:
		return nil
	}
	arithmetic := -1
	for i := from; i < end; i = t.next(i) {
		t.work++
		switch k := t.kind(i); k {
		case syntax.RangeExcl:
			return &Shape{Type: "range"}
		case syntax.RangeIncl:
			return &Shape{Type: "range="}
		case syntax.Equal, syntax.NotEqual, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual, syntax.In,
			syntax.NotIn, syntax.AndAnd, syntax.OrOr:
			return &Shape{Type: "bool"}
		case syntax.Coalesce:
			return t.expr(from, i)
		case syntax.Plus, syntax.Minus, syntax.Star, syntax.Slash, syntax.Percent, syntax.Power, syntax.ShiftLeft, syntax.ShiftRight,
			syntax.And, syntax.Or, syntax.Xor:
			if arithmetic < 0 && i > from {
				arithmetic = i
			}
		}
	}
	if arithmetic < 0 {
		return t.chain(from, end)
	}
	a, b := t.expr(from, arithmetic), t.expr(arithmetic+1, end)
	switch {
	case a.typ() == "string" || b.typ() == "string":
		return &Shape{Type: "string"}
	case a.typ() == "i64" && b.typ() == "f64":
		return b
	case a == nil:
		return nil
	}
	return a
}

// property is the shape of a property of a value.
func (e *Env) property(s *Shape, name string) *Shape {
	if s.typ() == "map" {
		return s.Field(name)
	}
	if e.Natives != nil && s.typ() != "" {
		for _, i := range e.Natives.getters {
			if f := &e.Natives.list[i]; f.Name == name && f.takes(s.typ()) > 0 {
				return typed(f.Result)
			}
		}
	}
	return nil
}

func typed(result string) *Shape {
	if result = typeName(result); result == "" {
		return nil
	}
	return &Shape{Type: result}
}

// Methods of arrays that return one of the elements, and those that return some.
var (
	oneOf  = map[string]bool{"get": true, "pop": true, "shift": true, "remove": true, "find": true}
	someOf = map[string]bool{"filter": true, "extract": true, "drain": true, "retain": true, "splice": true}
)

// methodResult is the shape of what a method returns.
func (e *Env) methodResult(s *Shape, name string) *Shape {
	typ := s.typ()
	switch {
	case typ == "array" && oneOf[name]:
		return s.Elem
	case typ == "array" && someOf[name]:
		return s
	case typ == "map" && name == "keys" || typ == "string" && strings.HasPrefix(name, "split"):
		return &Shape{Type: "array", Elem: &Shape{Type: "string"}}
	}
	return commonResult(e.named(name), func(f *Function) bool { return typ != "" && f.takes(typ) > 0 })
}

// callResult is the shape of what a function returns, arg being its first argument.
func (e *Env) callResult(name string, arg *Shape) *Shape {
	return commonResult(e.named(name), func(f *Function) bool {
		return arg == nil || len(f.Types) > 0 && (f.Types[0] == "" || sameType(f.Types[0], arg.Type))
	})
}

// commonResult is what all of the functions return that may be meant, nil if they
// differ.
func commonResult(list []Function, meant func(f *Function) bool) *Shape {
	result, found := "", false
	for i := range list {
		f := &list[i]
		if !meant(f) {
			continue
		}
		if f.Cell > 0 || found && typeName(f.Result) != result {
			return nil
		}
		result, found = typeName(f.Result), true
	}
	return typed(result)
}
