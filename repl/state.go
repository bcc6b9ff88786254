package repl

import (
	"sort"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// State is a snapshot of what a session holds: plain text that may be read while
// a cell runs. It is immutable.
type State struct {
	Cells     int
	Variables []Variable // the latest of each name, in order of declaration
	Functions []Function // defined in cells, in order of definition
	// Left is what earlier sessions left that did not end in order, the latest first:
	// :recover brings back the cells of one.
	Left []Left
	// Script is the script of the session.
	Script ScriptState
	// Raw tells that every cell has an engine of its own.
	Raw bool
	// Env is what completion and signatures need.
	Env *assist.Env
}

// Variable is a variable of a session.
type Variable struct {
	Name     string
	Type     string
	Text     string // debug form, cut off
	Constant bool
}

// Bounds of a snapshot.
const (
	maxVariableText = 200
	maxKeys         = 200
)

// State returns a snapshot. It waits for a cell that runs.
func (s *Session) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state()
}

func (s *Session) state() State {
	st := State{Cells: s.count, Left: s.left, Raw: s.raw, Script: ScriptState{s.script.path, s.script.name, s.script.stamp}}
	latest := map[string]int{}
	for v := range s.scope.All() {
		text, cut := previewNamed(v.Value, maxVariableText, s.closureName)
		if cut {
			text += "…"
		}
		x := Variable{Name: v.Name, Type: v.Value.TypeName(), Text: text, Constant: v.Constant}
		if i, ok := latest[v.Name]; ok {
			st.Variables[i] = x
			continue
		}
		latest[v.Name] = len(st.Variables)
		st.Variables = append(st.Variables, x)
	}
	for _, f := range s.layout.funcs {
		st.Functions = append(st.Functions, f.info)
	}
	sort.SliceStable(st.Functions, func(i, k int) bool { return st.Functions[i].Cell < st.Functions[k].Cell })
	st.Env = s.env(&st)
	return st
}

// describeModules lists the functions of modules that scripts can name, and the
// properties of types.
func describeModules(mods []*engine.Module) (funcs []Function) {
	for _, m := range mods {
		for _, f := range m.Funcs() {
			name, getter := strings.CutPrefix(f.Name, "get$")
			if !isName(name) {
				continue
			}
			d := Function{Name: name, Getter: getter, Params: f.ParamNames, Result: f.Result, Doc: f.Doc, Example: f.Example, Module: m.Name()}
			if len(d.Params) < len(f.Params) {
				d.Params = nil
				for _, t := range f.Params {
					d.Params = append(d.Params, paramType(t))
				}
			}
			for _, t := range f.Params {
				typ := ""
				if t != value.TypeAny {
					typ = t.Name()
				}
				d.Types = append(d.Types, typ)
			}
			funcs = append(funcs, d)
		}
	}
	return funcs
}

func paramType(t value.TypeID) string {
	if t == value.TypeAny {
		return "?"
	}
	return t.Name()
}

// isName reports whether s is an identifier: operators and property accessors
// are not called by name.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}
