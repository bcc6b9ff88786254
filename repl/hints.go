package repl

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// hints says what may help after an error: a name that was meant, a variable that
// functions cannot see, how to allow more.
func (s *Session) hints(e *engine.Error, f *Failure, cell string) []string {
	var out []string
	name, _, _ := strings.Cut(e.Func, " (") // of functions with the types of the arguments
	meant := func(names func(yield func(string) bool)) {
		if near := assist.Nearest(name, names); near != "" {
			out = append(out, "did you mean "+near+"?")
		}
	}
	switch e.Kind {
	case engine.ErrVariableNotFound:
		known := s.scope.Contains(name) || assist.Declares(cell, name)
		inFunction := len(f.Calls) > 0 && f.Calls[0].Func != ""
		switch {
		case known && inFunction:
			out = append(out, "functions cannot see the variables around them: pass "+name+" as a parameter, or use a closure")
		case s.hasFunction(name):
			out = append(out, name+" is a function: call it as "+name+"(…), or take it as Fn(\""+name+"\")")
		default:
			meant(s.variableNames(cell))
		}
	case engine.ErrFunctionNotFound:
		switch list := s.overloads(name); {
		case len(list) > 0:
			out = append(out, "there is "+forms(list))
		case s.scope.Contains(name):
			out = append(out, name+" is a variable: if it holds a function, call it as "+name+".call(…)")
		default:
			meant(s.functionNames)
		}
	case engine.ErrPropertyNotFound, engine.ErrDotExpr:
		if name == "" {
			_, name, _ = strings.Cut(e.Text, "property '")
			name, _, _ = strings.Cut(name, "'")
		}
		switch list := s.overloads(name); {
		case name == "":
		case len(list) > 0:
			out = append(out, name+" is a function: "+forms(list))
		default:
			meant(s.propertyNames)
		}
	case engine.ErrTooMuchAllocated:
		out = append(out, ":limits allocated unlimited allows more")
	case engine.ErrTooManyOperations:
		out = append(out, ":limits operations unlimited allows more")
	case engine.ErrDataTooLarge:
		out = append(out, ":limits shows the sizes that are allowed, and changes them")
	case engine.ErrStackOverflow:
		out = append(out, ":limits calls 500 allows more calls in progress")
	}
	return out
}

// overloads are the functions of a name.
func (s *Session) overloads(name string) []Function {
	var out []Function
	for _, f := range s.layout.funcs {
		if f.info.Name == name {
			out = append(out, f.info)
		}
	}
	return append(out, s.natives.Named(name)...)
}

func (s *Session) hasFunction(name string) bool { return len(s.overloads(name)) > 0 }

// forms lists the first signatures.
func forms(list []Function) string {
	const most = 3
	var out []string
	for i := range min(len(list), most) {
		out = append(out, list[i].String())
	}
	text := strings.Join(out, ", ")
	if n := len(list) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// variableNames yields the variables of the session and those that a cell declares.
func (s *Session) variableNames(cell string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, name := range assist.Declared(cell) {
			if !yield(name) {
				return
			}
		}
		for v := range s.scope.All() {
			if !yield(v.Name) {
				return
			}
		}
	}
}

// functionNames yields the functions of the session and the native ones.
func (s *Session) functionNames(yield func(string) bool) {
	for _, f := range s.layout.funcs {
		if !yield(f.info.Name) {
			return
		}
	}
	for _, name := range s.natives.Names() {
		if !yield(name) {
			return
		}
	}
	for _, name := range []string{"print", "debug", "type_of", "eval", "call", "curry", "is_def_var", "is_def_fn", "is_shared"} {
		if !yield(name) {
			return
		}
	}
}

// propertyNames yields the properties of types and those of the maps in variables.
func (s *Session) propertyNames(yield func(string) bool) {
	for v := range s.scope.All() {
		x := shapes{maxShape}
		if !assist.Properties(x.of(v.Value, 0), yield) {
			return
		}
	}
	s.natives.Properties(yield)
}
