package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// fork is a state of the session under a name.
type fork struct {
	name string
	past
}

// maxForks bounds the states that are kept under names.
const maxForks = 50

// cmdFork keeps the state of the session under a name. If there is one of that name
// already, it goes back to it; :undo returns.
func (s *Session) cmdFork(_ context.Context, arg string, _ Printer) Result {
	if arg == "" {
		var b strings.Builder
		for _, f := range s.forks {
			fmt.Fprintf(&b, "%s: %d cells, %d variables\n", f.name, len(f.done), f.scope.Len())
		}
		if b.Len() == 0 {
			return Result{Text: "no forks; :fork NAME keeps the session as it is, and goes back to it later"}
		}
		return Result{Text: strings.TrimRight(b.String(), "\n")}
	}
	now := s.now()
	for _, f := range s.forks {
		if f.name == arg {
			s.remember(now)
			s.restore(f.past)
			s.rewrite()
			return Result{Text: "the session is as " + arg + " has it; :undo returns"}
		}
	}
	if len(s.forks) >= maxForks {
		return Result{Error: fmt.Sprintf("there are %d forks already", maxForks)}
	}
	s.forks = append(s.forks, fork{arg, now})
	return Result{Text: "kept as " + arg + "; :fork " + arg + " goes back to it"}
}

// maxDiff bounds the text of a value that is compared and shown.
const maxDiff = 2000

// cmdDiff tells what a cell changed.
func (s *Session) cmdDiff(_ context.Context, arg string, _ Printer) Result {
	cell := 0
	if arg != "" {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return Result{Error: ":diff wants the number of a cell"}
		}
		cell = n
	}
	for i := len(s.undos) - 1; i >= 0; i-- {
		before := s.undos[i]
		if before.cell == 0 || cell != 0 && before.cell != cell {
			continue
		}
		after := s.now()
		if i+1 < len(s.undos) {
			after = s.undos[i+1]
		}
		if text := s.difference(before, after); text != "" {
			return Result{Text: text}
		}
		return Result{Text: fmt.Sprintf("cell %d changed nothing", before.cell)}
	}
	if cell == 0 {
		return Result{Error: "no cell has run that can be compared"}
	}
	return Result{Error: fmt.Sprintf("cell %d failed, was taken back or is too long ago", cell)}
}

// difference lists the variables and functions in which two states differ.
func (s *Session) difference(before, after past) string {
	was, is := latest(before.scope), latest(after.scope)
	show := func(v engine.Variable) string {
		text, cut := previewNamed(v.Value, maxVariableText, s.closureName)
		if cut {
			text += "…"
		}
		return text
	}
	var b strings.Builder
	for v := range after.scope.All() {
		old, ok := was[v.Name]
		if v = is[v.Name]; v.Name == "" {
			continue
		}
		delete(is, v.Name) // shown once
		switch {
		case !ok:
			fmt.Fprintf(&b, "+ %s = %s\n", v.Name, show(v))
		case !alike(old.Value, v.Value) || old.Constant != v.Constant:
			fmt.Fprintf(&b, "~ %s = %s   was %s\n", v.Name, show(v), show(old))
		}
	}
	is = latest(after.scope)
	for v := range before.scope.All() {
		if _, ok := is[v.Name]; !ok {
			fmt.Fprintf(&b, "- %s = %s\n", v.Name, show(v))
		}
	}
	known := map[funcKey]string{}
	for _, f := range before.layout.funcs {
		known[f.key] = f.text
	}
	for _, f := range after.layout.funcs {
		switch text, ok := known[f.key]; {
		case !ok:
			fmt.Fprintf(&b, "+ fn %s\n", f.info)
		case text != f.text:
			fmt.Fprintf(&b, "~ fn %s\n", f.info)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func latest(scope *engine.Scope) map[string]engine.Variable {
	out := map[string]engine.Variable{}
	for v := range scope.All() {
		out[v.Name] = v
	}
	return out
}

// alike compares values by their type and the beginning of their text.
func alike(a, b value.Value) bool {
	x, _ := Preview(a, maxDiff)
	y, _ := Preview(b, maxDiff)
	return x == y && a.TypeName() == b.TypeName() && length(a) == length(b)
}
