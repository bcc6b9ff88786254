package bench

import (
	"context"
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// variable is an initial variable of the scope, parsed and frozen: calls on any
// goroutine start from it, and the first one that writes clones.
type variable struct {
	name  string
	val   engine.Dynamic
	boxed any // val once more for PushConst, boxed here and not at each call
	fixed bool
}

// parseVars parses the variables of a configuration.
func parseVars(vars []Var) ([]variable, error) {
	out := make([]variable, 0, len(vars))
	for _, v := range vars {
		val, err := value.ParseJSON(v.Value)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", v.Name, err)
		}
		val = value.Freeze(val)
		out = append(out, variable{v.Name, val, val, v.Const})
	}
	return out, nil
}

// newScope makes the scope that a call starts from.
func newScope(vars []variable) *engine.Scope {
	s := engine.NewScope()
	for i := range vars {
		if v := &vars[i]; v.fixed {
			s.PushConst(v.name, v.boxed)
		} else {
			s.PushValue(v.name, v.val)
		}
	}
	return s
}

// lane is one strategy with everything that its calls share. It is immutable and
// serves any number of goroutines.
type lane struct {
	strategy Strategy
	pkgs     []*engine.Package
	shared   *engine.Engine // Global's; nil for Raw
	ast      *engine.AST
	vars     []variable
}

func newLane(s Strategy, pkgs []*engine.Package, ast *engine.AST, vars []variable) (*lane, error) {
	l := &lane{strategy: s, pkgs: pkgs, ast: ast, vars: vars}
	switch s {
	case Global:
		l.shared = engine.New(pkgs...)
	case Raw:
	default:
		return nil, fmt.Errorf("unknown strategy %q: want %s or %s", s, Global, Raw)
	}
	return l, nil
}

// callName is the end of the name of [lane.call] in profiles.
const callName = "bench.(*lane).call"

// call is the unit of work that is measured: everything that a caller does for
// one run of the script, from a fresh scope on. Neither strategy has a print
// handler, so that both do the same: the text is made and dropped.
//
//go:noinline
func (l *lane) call(ctx context.Context) (engine.Dynamic, engine.Stats, error) {
	e := l.shared
	if e == nil {
		e = engine.NewRaw()
		for _, p := range l.pkgs {
			e.RegisterGlobalModule(p.SharedModule())
		}
	}
	return e.RunStats(ctx, newScope(l.vars), l.ast)
}

// observer makes an engine that is configured as the lane's calls are, for calls
// whose prints are kept.
func (l *lane) observer() *engine.Engine {
	if l.shared != nil {
		return engine.New(l.pkgs...)
	}
	e := engine.NewRaw()
	for _, p := range l.pkgs {
		e.RegisterGlobalModule(p.SharedModule())
	}
	return e
}
