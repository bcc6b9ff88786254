package syntax

import "strconv"

// define parses a function definition.
func (p *parser) define(doc []string) {
	pos := p.tok.pos
	d := p.funcs.put(FuncDecl{Pos: pos, Comments: doc})
	if p.tok.kind == Private {
		d.Private = true
		p.advance()
		if p.tok.kind != Fn_ {
			p.missing("fn", "following 'private'")
			return
		}
		d.Pos = p.tok.pos
	}
	if p.fn.blocks > 0 || p.fn.fn || p.opts.Eval {
		if p.opts.Eval {
			d.Pos, pos = Pos{}, Pos{}
		}
		p.wrongFn(pos)
		return
	}
	if !p.countFunc(d.Pos) {
		return
	}
	p.advance()
	p.signature(d)
	if p.err != nil {
		return
	}
	if p.tok.kind != LeftBrace {
		p.fail(FnMissingBody, p.tok.pos, "Expecting body statement block for function "+d.Name.Name)
		return
	}
	p.body(d, func() { d.Body = p.block() })
	k := defKey{d.Name.Name, len(d.Params), d.ThisType}
	if p.err == nil && p.defs[k] {
		p.fail(FnDuplicatedDefinition, d.Pos, duplicate(d.Name.Name, len(d.Params)))
		return
	}
	if p.defs == nil {
		p.defs, p.names = map[defKey]bool{}, map[string]bool{}
	}
	p.defs[k] = true
	p.names[d.Name.Name] = true
	p.out.Funcs = append(p.out.Funcs, d)
}

// wrongFn reports a function where there cannot be one.
func (p *parser) wrongFn(pos Pos) {
	p.fail(WrongFnDefinition, pos, "Function definitions must be at global level and cannot be inside a block or another function")
}

// duplicate is the message about a second function of a name and number of
// parameters.
func duplicate(name string, n int) string {
	switch n {
	case 0:
		return "Function " + name + " with no parameters already exists"
	case 1:
		return "Function " + name + " with 1 parameter already exists"
	}
	return "Function " + name + " with " + strconv.Itoa(n) + " parameters already exists"
}

// countFunc counts a function towards the limit.
func (p *parser) countFunc(pos Pos) bool {
	p.count++
	if m := p.opts.MaxFunctions; m > 0 && p.count > m || m < 0 {
		p.fail(TooManyFunctions, pos, "Number of functions defined exceeds maximum limit")
		return false
	}
	return true
}

// body parses the body of a function in a scope of its own.
func (p *parser) body(d *FuncDecl, parse func()) {
	outer, depth, limit := p.fn, p.depth, p.max
	p.fn = p.begin(false)
	p.depth = 0
	_, p.max = p.opts.depths()
	for _, n := range d.Params {
		p.declare(n.Name, false)
	}
	parse()
	d.Uses = p.fn.uses | UsesKnown
	p.finish(p.fn)
	p.fn, p.depth, p.max = outer, depth, limit
}

// signature parses what stands between fn and the body.
func (p *parser) signature(d *FuncDecl) {
	t := p.tok.head
	switch t.kind {
	case StringTok, IdentTok:
		p.advance()
		if p.got(Dot) {
			d.ThisType = thisType(t)
			t = p.tok.head
			if t.kind == IdentTok {
				p.advance()
			}
		} else if t.kind == StringTok {
			p.missing(".", "after the type name for 'this'")
			return
		}
	}
	switch {
	case t.kind == IdentTok:
	case t.kind == CustomTok && isWord(t.text) && p.opts.Operators[t.text] > 0:
		p.advance()
	case t.kind == ReservedTok:
		p.fail(Reserved, t.pos, ReservedText(t.text))
		return
	default:
		p.fail(FnMissingName, t.pos, "Expecting function name in function declaration")
		return
	}
	d.Name = Name{t.text, t.pos}
	switch p.tok.kind {
	case UnitTok:
		p.advance()
	case LeftParen:
		p.advance()
		p.params(d, RightParen, ")")
	default:
		p.fail(FnMissingParams, p.tok.pos, "Expecting parameters for function "+d.Name.Name)
	}
}

func thisType(t head) string {
	switch {
	case t.kind == IdentTok && t.text == "int":
		return "i64"
	case t.kind == IdentTok && t.text == "float":
		return "f64"
	}
	return t.text
}

// params parses names up to the closing token, which is consumed.
func (p *parser) params(d *FuncDecl, end Token, endText string) {
	top := p.keys.len()
	p.paramNames(d, end, endText)
	d.Params = p.keys.pop(top)
}

func (p *parser) paramNames(d *FuncDecl, end Token, endText string) {
	top := p.keys.len()
	var seen map[string]bool // of many
	for p.err == nil && !p.got(end) {
		t := p.tok.head
		if t.kind != IdentTok {
			if t.kind == ReservedTok {
				p.fail(Reserved, t.pos, ReservedText(t.text))
				return
			}
			if t.kind.IsKeyword() && t.kind != Switch_ && t.kind != NotIn {
				p.fail(VariableExpected, t.pos, "Expecting name of a variable")
				return
			}
			of := "anonymous function or closure"
			if !d.Anonymous {
				of = "function '" + d.Name.Name + "'"
			}
			p.missing(endText, "to close the parameters list of "+of)
			return
		}
		if seen == nil && p.keys.len()-top >= 16 {
			seen = map[string]bool{}
			for _, n := range p.keys.from(top) {
				seen[n.Name] = true
			}
		}
		if seen[t.text] || seen == nil && hasName(p.keys.from(top), t.text) {
			p.fail(FnDuplicatedParam, t.pos, "Duplicated parameter "+t.text+" for function "+d.Name.Name)
			return
		}
		if seen != nil {
			seen[t.text] = true
		}
		p.keys.push(Name{t.text, t.pos})
		p.advance()
		if p.got(end) {
			return
		}
		if p.tok.kind != Comma {
			of := "anonymous function"
			if !d.Anonymous {
				of = "function '" + d.Name.Name + "'"
			}
			p.missing(",", "to separate the parameters of "+of)
			return
		}
		p.advance()
	}
}

// hasName reports whether a short list has a name.
func hasName(list []Name, name string) bool {
	for i := range list {
		if list[i].Name == name {
			return true
		}
	}
	return false
}
