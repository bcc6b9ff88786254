package syntax

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Markers stand for what a custom syntax captures. (Rhai section "Custom Syntax".)
const (
	MarkIdent  = "$ident$"  // a name; the node is an Ident
	MarkSymbol = "$symbol$" // any symbol, as a string
	MarkToken  = "$token$"  // any token, as a string
	MarkExpr   = "$expr$"   // an expression
	MarkBlock  = "$block$"  // a block in braces
	MarkInner  = "$inner$"  // the statements of a block without its braces
	MarkFunc   = "$func$"   // a closure, or a block as one without parameters
	MarkBool   = "$bool$"   // a literal
	MarkInt    = "$int$"
	MarkFloat  = "$float$"
	MarkString = "$string$"
)

var markers = []string{
	MarkIdent, MarkSymbol, MarkToken, MarkExpr, MarkBlock, MarkInner, MarkFunc, MarkBool, MarkInt, MarkFloat, MarkString,
}

// IsMarker reports whether s is one of the markers.
func IsMarker(s string) bool { return slices.Contains(markers, s) }

// CustomSyntax describes a syntax that the host adds.
type CustomSyntax struct {
	// Next tells what must come next: a marker or a symbol, "" for the end. seen
	// are the symbols so far, the first one included, as written; ahead is the text
	// of the next token. variant is handed to the syntax's function.
	Next func(seen []string, ahead string) (next, variant string, err error)
	// ChangesScope is set when the syntax may add variables.
	ChangesScope bool
}

// custom parses an occurrence of a custom syntax, whose first symbol is next.
func (p *parser) custom(def *CustomSyntax) Expr {
	t := p.take()
	p.fn.uses |= UsesNames
	e := &Custom{Pos: t.pos, Key: t.text, Tokens: []string{t.text}, ChangesScope: def.ChangesScope}
	if def.ChangesScope {
		p.fn.dynamic = true
	}
	if !p.nest(t.pos) {
		return e
	}
	last := ""
	for p.err == nil {
		next, variant, err := def.Next(e.Tokens, p.text(p.tok))
		if err != nil {
			p.fail(BadInput, p.tok.pos, err.Error())
			break
		}
		if next == "" {
			e.Variant = variant
			break
		}
		last = next
		p.customPart(e, next)
	}
	p.depth--
	e.SelfTerminated = last == MarkBlock || last == MarkFunc || last == ";" || last == "}"
	return e
}

// customPart parses one symbol or what a marker stands for.
func (p *parser) customPart(e *Custom, next string) {
	t := p.tok
	capture := func(n Node) {
		e.Inputs, e.Tokens = append(e.Inputs, n), append(e.Tokens, next)
	}
	text := func() {
		s := p.text(t)
		p.advance()
		e.Inputs, e.Tokens = append(e.Inputs, p.lit(t.pos, value.String(s))), append(e.Tokens, s)
	}
	literalOf := func(want string, kinds ...Token) {
		if !slices.Contains(kinds, t.kind) {
			p.customMissing("Expecting " + want)
			return
		}
		p.advance()
		capture(p.literal(&t))
	}
	switch next {
	case MarkIdent:
		n := p.name()
		e.Inputs, e.Tokens = append(e.Inputs, &Ident{Pos: n.Pos, Name: n.Name}), append(e.Tokens, n.Name)
		if p.fn.vars.Find(n.Name) < 0 && e.ChangesScope {
			p.declare(n.Name, false)
		}
	case MarkSymbol:
		if isWord(p.text(t)) || t.kind == EOF || t.kind == Bad || t.kind >= IntTok && t.kind <= InterpTok {
			p.customMissing("Expecting a symbol")
			return
		}
		text()
	case MarkToken:
		if t.kind == EOF || t.kind == Bad {
			p.unexpected()
			return
		}
		text()
	case MarkExpr:
		capture(p.expr())
	case MarkBlock:
		capture(p.block())
	case MarkInner:
		b := &Block{Pos: t.pos, Stmts: p.stmts()}
		b.End = p.tok.pos
		capture(b)
	case MarkFunc:
		switch t.kind {
		case Or, OrOr:
			capture(p.closure())
		case LeftBrace:
			capture(p.blockClosure())
		default:
			p.customMissing("Expecting '{' or '|'")
		}
	case MarkBool:
		literalOf("'true' or 'false'", True, False)
	case MarkInt:
		literalOf("an integer number", IntTok)
	case MarkFloat:
		literalOf("a floating-point number", FloatTok)
	case MarkString:
		literalOf("a string", StringTok)
	default:
		// A symbol that means nothing elsewhere may be part of the syntax.
		if p.text(t) != next && !(t.kind == Bad && p.s.src[t.off:t.end] == next) || t.kind == StringTok || t.kind == EOF {
			p.missing(next, "for '"+e.Key+"' expression")
			return
		}
		p.advance()
		e.Tokens = append(e.Tokens, next)
	}
}

func (p *parser) customMissing(text string) {
	if p.tok.kind == Bad {
		p.failWith(p.tok.err)
		return
	}
	p.fail(MissingSymbol, p.tok.pos, text)
}

// blockClosure parses a block as the body of a closure without parameters.
func (p *parser) blockClosure() Expr {
	pos := p.tok.pos
	return p.closureWith(head{kind: OrOr, pos: pos})
}
