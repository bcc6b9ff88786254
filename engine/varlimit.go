package engine

import (
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
)

// The limit on variables costs nothing while it is off or not reached: the
// compiler notes how many variables each declaration makes visible, and a script
// that would exceed the limit of an engine runs as a copy in which the
// declarations that are too many are replaced by the failure.

// varLimit is a limit on variables, less what the scope holds already for the
// main program.
type varLimit struct{ main, fn int }

// maxLimited is how many such copies an AST keeps.
const maxLimited = 8

// within returns the AST to run under a limit on variables: a itself if the limit
// cannot be exceeded.
func (a *AST) within(limit, used int) *AST {
	l := varLimit{limit - used, limit}
	if a.prog.Rare == nil || !slices.ContainsFunc(a.prog.Rare.Counts, l.exceeded) {
		return a
	}
	a.links.mu.Lock()
	defer a.links.mu.Unlock()
	if b := a.limited[l]; b != nil {
		return b
	}
	p := *a.prog
	p.Code, p.Pos = slices.Clone(p.Code), slices.Clone(p.Pos)
	bytecode.Unjoin(p.Code)
	for _, c := range p.Rare.Counts {
		if l.exceeded(c) {
			p.Code[c.At].Op = bytecode.TooManyVars
			p.Pos[c.At] = c.Pos
		}
	}
	b := a.with(&p)
	if len(a.limited) >= maxLimited || a.limited == nil {
		a.limited = map[varLimit]*AST{}
	}
	a.limited[l] = b
	return b
}

func (l varLimit) exceeded(c bytecode.VarCount) bool {
	if c.Main {
		return int(c.Count) > l.main
	}
	return int(c.Count) > l.fn
}
