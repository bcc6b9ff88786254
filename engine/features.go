package engine

import (
	"errors"
	"fmt"
	"maps"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Feature is a part of the language that an engine can be without.
type Feature uint8

// The features; all are on by default. (Rhai section "Language options".)
const (
	IfExpression        Feature = iota // if as an expression
	SwitchExpression                   // switch as an expression
	LoopExpression                     // loops as expressions
	StatementExpression                // blocks as expressions
	AnonymousFn                        // closures
	Looping                            // loops of any kind
	Shadowing                          // a second variable of a name in scope
	// FastOperators evaluates the operators of builtin types directly. Without it,
	// functions registered under the name of an operator win, also for builtin
	// types, which is slower.
	FastOperators
)

// Allow switches a feature on or off for scripts compiled from now on.
func (e *Engine) Allow(f Feature, on bool) *Engine {
	c := e.change()
	o, off := &c.parse, !on
	switch f {
	case IfExpression:
		o.NoIfExpr = off
	case SwitchExpression:
		o.NoSwitchExpr = off
	case LoopExpression:
		o.NoLoopExpr = off
	case StatementExpression:
		o.NoStmtExpr = off
	case AnonymousFn:
		o.NoClosures = off
	case Looping:
		o.NoLooping = off
	case Shadowing:
		o.NoShadowing = off
	case FastOperators:
		c.slowOperators = off
	}
	return e
}

// DisableSymbols makes keywords and operators mean nothing: scripts that use them
// do not compile. A disabled word may begin a custom syntax or name a custom
// operator.
func (e *Engine) DisableSymbols(symbols ...string) *Engine {
	c := e.change()
	d := make(map[string]bool, len(c.parse.Disabled)+len(symbols))
	maps.Copy(d, c.parse.Disabled)
	for _, s := range symbols {
		d[s] = true
	}
	c.parse.Disabled = d
	return e
}

// RegisterOperator adds a binary operator: an identifier, or a symbol that means
// nothing else. Scripts call the function of that name with two parameters, of
// the host or of the script. It binds as tightly as precedence says, between 1
// and 255 (see the Rhai section "Operator precedence"), and to the left.
func (e *Engine) RegisterOperator(name string, precedence uint8) error {
	switch {
	case precedence == 0:
		return errors.New("precedence cannot be zero")
	case syntax.IsActive(name) && !e.ready().cfg.parse.Disabled[name]:
		return fmt.Errorf("'%s' is a reserved keyword/operator/symbol", name)
	case !isIdentifier(name) && !syntax.IsReserved(name):
		return fmt.Errorf("'%s' cannot be an operator", name)
	}
	c := e.change()
	ops := make(map[string]uint8, len(c.parse.Operators)+1)
	maps.Copy(ops, c.parse.Operators)
	ops[name] = precedence
	c.parse.Operators = ops
	return nil
}
