package engine

import (
	"errors"
	"slices"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// customSyntax is a syntax of the host, as registered.
type customSyntax struct {
	parse *syntax.CustomSyntax
	call  func(c *SyntaxContext) (Dynamic, error)
}

// RegisterSyntax adds a construct to the language. It begins with the first of
// symbols, an identifier or a word or symbol that means nothing else; the others
// are markers ("$expr$", "$ident$", "$block$", ...), identifiers or symbols. f is
// called for each occurrence that is reached; its result is the value of the
// expression. changesScope tells that f may declare variables. A construct that
// ends in a block needs no semicolon. Scripts must be compiled and run with
// engines that have it. (Rhai section "Custom Syntax".)
func (e *Engine) RegisterSyntax(symbols []string, changesScope bool, f func(c *SyntaxContext) (Dynamic, error)) error {
	for i, s := range symbols {
		if err := checkSymbol(e.ready(), i, s); err != nil {
			return err
		}
	}
	if len(symbols) == 0 {
		return errors.New("engine: a custom syntax needs at least one symbol")
	}
	list := slices.Clone(symbols)
	next := func(seen []string, _ string) (string, string, error) {
		if len(seen) < len(list) {
			return list[len(seen)], "", nil
		}
		return "", "", nil
	}
	return e.RegisterSyntaxParser(list[0], changesScope, next, f)
}

// RegisterSyntaxParser adds a construct whose symbols are decided while it is
// parsed: next gets the symbols so far, the first included, and the text of the
// next token, and returns the marker or symbol that must follow. An empty one
// ends the construct; variant then tells f which form it was.
func (e *Engine) RegisterSyntaxParser(key string, changesScope bool, next func(seen []string, ahead string) (symbol, variant string, err error), f func(c *SyntaxContext) (Dynamic, error)) error {
	if next == nil || f == nil {
		return errors.New("engine: a custom syntax needs functions that parse and evaluate it")
	}
	if err := checkSymbol(e.ready(), 0, key); err != nil {
		return err
	}
	c := e.change()
	syntaxes := make(map[string]*customSyntax, len(c.syntaxes)+1)
	parsers := make(map[string]*syntax.CustomSyntax, len(c.syntaxes)+1)
	for k, s := range c.syntaxes {
		syntaxes[k], parsers[k] = s, s.parse
	}
	s := &customSyntax{&syntax.CustomSyntax{Next: next, ChangesScope: changesScope}, f}
	syntaxes[key], parsers[key] = s, s.parse
	c.syntaxes, c.parse.Syntax = syntaxes, parsers
	return nil
}

// checkSymbol reports a symbol that cannot be part of a custom syntax.
func checkSymbol(e *Engine, i int, s string) error {
	bad := badSymbol(i, s)
	switch {
	case s == "":
		return bad
	case s == "$raw$":
		return errors.New("`register_custom_syntax` does not support `$raw$`")
	case syntax.IsMarker(s):
		if i == 0 {
			return bad
		}
		return nil
	case i == 0 && !isIdentifier(s) && !syntax.IsReserved(s):
		return bad
	case i == 0 && syntax.IsActive(s) && !e.cfg.parse.Disabled[s]:
		return bad
	case strings.ContainsAny(s, " \t\r\n\"'`"):
		return bad
	}
	return nil
}

// SyntaxContext is what the function of a custom syntax sees of its occurrence.
// It is only valid during the call.
type SyntaxContext struct {
	CallContext
	d *bytecode.Custom
}

// errLeft ends the function of a custom syntax in which a block left the
// construct by break, continue or return.
var errLeft = errors.New("engine: a block left the custom syntax")

// Variant returns which form was parsed, see [Engine.RegisterSyntaxParser].
func (c *SyntaxContext) Variant() string { return c.d.Variant }

// Key returns the first symbol of the construct.
func (c *SyntaxContext) Key() string { return c.d.Key }

// Tokens returns the symbols of the occurrence; inputs are shown as markers.
func (c *SyntaxContext) Tokens() []string { return c.d.Tokens }

// Len returns the number of inputs: of markers matched.
func (c *SyntaxContext) Len() int { return len(c.d.Inputs) }

// Text returns the name, symbol or string that input i is; "" for others.
func (c *SyntaxContext) Text(i int) string { return c.d.Inputs[i].Text }

// Eval evaluates input i in the scope of the construct, as often as it is
// called: an expression or a variable gives its value, a block runs, $func$ gives
// a closure. An error must be returned, also the one that ends the construct when
// a block leaves it by break, continue or return.
func (c *SyntaxContext) Eval(i int) (Dynamic, error) {
	m, in := c.vm, &c.d.Inputs[i]
	if m.steps < 0 {
		if e := m.poll(); e != nil {
			return value.Unit, e
		}
	}
	if e := m.push(m.ln, c.in, 1, 0); e != nil {
		return value.Unit, e
	}
	m.latest().kind = entryInput
	saved, fence := c.CallContext, m.fence
	m.fence = handlerFence{m.sp, in.Entry, in.End}
	m.steps -= int64(in.Cost) + 1
	m.guarded(m.instr(in.Entry), c.fp)
	m.fence = fence
	m.cc = saved
	v, e := m.pop()
	switch {
	case e != nil:
		return v, e
	case m.left > 0:
		return value.Unit, errLeft
	}
	return value.Freeze(v), nil
}

// Declare adds a variable to the scope of the construct. The syntax must have
// been registered as one that changes the scope; otherwise it panics.
func (c *SyntaxContext) Declare(name string, v any) {
	c.scope().push(name, mustValue(v), false)
}

// Lookup returns the value of a variable in scope. It sees variables by name only
// if the syntax was registered as one that changes the scope.
func (c *SyntaxContext) Lookup(name string) (Dynamic, bool) {
	if v, _ := c.vm.env(c.vm.ln.prog.Visible[c.d.Visible], c.fp).find(name); v != nil {
		return value.Freeze(v.Flat()), true
	}
	return value.Unit, false
}

// Assign assigns to a variable in scope. It fails if there is none or if it is a
// constant.
func (c *SyntaxContext) Assign(name string, x any) error {
	v, isConst := c.vm.env(c.vm.ln.prog.Visible[c.d.Visible], c.fp).find(name)
	switch {
	case v == nil:
		return notFound(name)
	case isConst || constant(v):
		return constError(name)
	}
	nv := mustValue(x)
	if raw.IsCell(v) {
		return asGoError(assign(raw.Cell(v), nv))
	}
	*v = nv
	return nil
}

func (c *SyntaxContext) scope() *Scope {
	s := dynScope(c.fp, c.d.Scope)
	if s == nil {
		panic("engine: custom syntax '" + c.d.Key + "' was not registered as one that changes the scope")
	}
	return s
}

// handlerFence keeps errors inside of an input from the try blocks around the
// construct, which belong to the run loop outside.
type handlerFence struct{ sp, from, to int }

// customEval executes an occurrence of a custom syntax.
func (m *machine) customEval(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	d := m.ln.prog.Rare.Customs[in.D]
	s := m.cfg.syntaxes[d.Key]
	if s == nil {
		return m.fail(in, fp, noSyntax(d))
	}
	m.cc.in, m.cc.fp, m.cc.fn = in, fp, &Func{Name: d.Key}
	c := &SyntaxContext{m.cc, d}
	top := m.top
	m.top = m.frameTop(in, fp)
	v, err := s.call(c)
	m.top = top
	m.cc = CallContext{vm: m}
	if m.watched {
		err = m.attend(err)
		if e, ok := err.(*Error); ok && e.Kind == ErrTerminated {
			m.left = 0
		}
	}
	if left := m.left; left > 0 {
		m.left = 0
		return m.instr(d.Leaves[left-1]), fp
	}
	if err != nil {
		return m.unwind(in, fp, m.asError(err, in))
	}
	*reg(fp, in.A) = value.Freeze(v)
	return jump(in), fp
}

// inputEnd ends the evaluation of an input of a custom syntax.
func (m *machine) inputEnd(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	m.sp--
	m.left = int(in.D)
	m.result = value.Unit
	if in.A != bytecode.NoReg && in.D == 0 {
		m.result = reg(fp, in.A).Flat().Share()
	}
	return nil, nil
}
