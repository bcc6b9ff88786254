package repl

import (
	"sort"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// State is a snapshot of what a session holds: plain text that may be read while
// a cell runs. It is immutable.
type State struct {
	Cells     int
	Variables []Variable // the latest of each name, in order of declaration
	Functions []Function // defined in cells, in order of definition
	// Left is what earlier sessions left that did not end in order, the latest first:
	// :recover brings back the cells of one.
	Left    []Left
	natives []Function
	names   []string
}

// Variable is a variable of a session.
type Variable struct {
	Name     string
	Type     string
	Text     string // debug form, cut off
	Constant bool
	Keys     []string // of a map, the first ones
}

// Function is a function that cells can call.
type Function struct {
	Name     string
	Params   []string
	Result   string // "" if unknown
	ThisType string
	Doc      string
	Example  string // of a native function: a script with its result
	Cell     int    // the cell that defines it, 0 for a native function
	Module   string // of a native function
}

// String returns the signature.
func (f Function) String() string {
	t := f.Name + "(" + strings.Join(f.Params, ", ") + ")"
	if f.ThisType != "" {
		t = f.ThisType + "." + t
	}
	if f.Result != "" {
		t += " -> " + f.Result
	}
	return t
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
	st := State{Cells: s.count, Left: s.left, natives: s.natives, names: s.names}
	latest := map[string]int{}
	for v := range s.scope.All() {
		text, cut := Preview(v.Value, maxVariableText)
		if cut {
			text += "…"
		}
		x := Variable{Name: v.Name, Type: v.Value.TypeName(), Text: text, Constant: v.Constant}
		if plain := v.Value.Flat().Plain(); plain.IsMap() {
			m := plain.Map()
			for i := range min(m.Len(), maxKeys) {
				k, _ := m.At(i)
				x.Keys = append(x.Keys, k)
			}
		}
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
	return st
}

// Native returns the native functions of a name.
func (st State) Native(name string) []Function {
	var out []Function
	for _, f := range st.natives {
		if f.Name == name {
			out = append(out, f)
		}
	}
	return out
}

// describeModules lists the functions of modules that scripts can name, and
// their names.
func describeModules(mods []*engine.Module) (funcs []Function, names []string) {
	seen := map[string]bool{}
	for _, m := range mods {
		for _, f := range m.Funcs() {
			if !isName(f.Name) {
				continue
			}
			d := Function{Name: f.Name, Params: f.ParamNames, Result: f.Result, Doc: f.Doc, Example: f.Example, Module: m.Name()}
			if len(d.Params) < len(f.Params) {
				d.Params = nil
				for _, t := range f.Params {
					d.Params = append(d.Params, paramType(t))
				}
			}
			funcs = append(funcs, d)
			if !seen[f.Name] {
				seen[f.Name] = true
				names = append(names, f.Name)
			}
		}
	}
	sort.Strings(names)
	return funcs, names
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
