package repl

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// Candidate is a possible completion.
type Candidate = assist.Candidate

// Function is a function that cells can call.
type Function = assist.Function

// Complete lists what the name that ends at byte at of src may become, and where that
// name begins. It reads descriptions only: no script code runs, and no file is read.
func Complete(st State, src string, at int) assist.Completion {
	return assist.Complete(st.Env, src, at)
}

// Signatures returns the functions whose arguments are being written at byte at of
// src: those of the innermost open call. It runs no code.
func Signatures(st State, src string, at int) []Function { return assist.Signatures(st.Env, src, at) }

// Named returns the functions of a name that cells can call, those of the session first.
func Named(st State, name string) []Function { return assist.Named(st.Env, name) }

// Bounds of what is known of the values of variables: of one, and of all together.
const (
	maxShape  = 500
	maxShapes = 20_000
	maxDepth  = 5
)

// shapes reads what completion may know of values, within bounds.
type shapes struct{ left int }

func (s *shapes) of(v value.Value, depth int) *assist.Shape {
	v = v.Flat()
	x := &assist.Shape{Type: v.TypeName()}
	if s.left--; s.left < 0 || depth > maxDepth {
		return x
	}
	switch v = v.Plain(); v.Kind() {
	case value.KindArray:
		if items := v.Array().Items; len(items) > 0 {
			x.Elem = s.of(items[0], depth+1)
		}
	case value.KindMap:
		m := v.Map()
		for i := range min(m.Len(), maxKeys) {
			if s.left < 0 {
				break
			}
			k, val := m.At(i)
			x.Fields = append(x.Fields, assist.Field{Name: k, Shape: s.of(val, depth+1)})
		}
	}
	return x
}

// env describes the session to completion.
func (s *Session) env(st *State) *assist.Env {
	e := &assist.Env{Natives: s.natives, Modules: s.modules, Used: s.used, Commands: describedCommands, Limits: limitNames(), Packages: s.namesOfPackages()}
	latest := map[string]int{}
	for v := range s.scope.All() {
		if i, ok := latest[v.Name]; ok {
			e.Variables[i].Shape, e.Variables[i].Constant = nil, v.Constant
		} else {
			latest[v.Name] = len(e.Variables)
			e.Variables = append(e.Variables, assist.Variable{Name: v.Name, Constant: v.Constant})
		}
	}
	left := maxShapes
	for v := range s.scope.All() {
		x := shapes{min(left, maxShape)}
		before := x.left
		e.Variables[latest[v.Name]].Shape = x.of(v.Value, 0)
		left -= before - max(x.left, 0)
	}
	e.Functions = st.Functions
	return e
}

// maxUsed bounds the names whose use is remembered.
const maxUsed = 2000

// use notes the names of a cell: those used last come first among completions.
func (s *Session) use(src string, cell int) {
	used := maps.Clone(s.used)
	if used == nil || len(used) > maxUsed {
		used = map[string]int{}
	}
	for t := range syntax.Tokens(src) {
		if t.Kind == syntax.IdentTok {
			used[src[t.Start:t.End]] = cell
		}
	}
	s.used = used // others may read the one before
}

// describedCommands is filled by init, from the table of commands.
var describedCommands []assist.Command

func limitNames() []string {
	var out []string
	for _, x := range sessionLimits {
		out = append(out, x.name)
	}
	return out
}

// namesOfPackages are what :packages takes.
func (s *Session) namesOfPackages() []string {
	var out []string
	for _, p := range s.opts.Packages {
		out = append(out, p.Name())
	}
	return out
}

// staticModules describes the modules that an engine has by name.
func staticModules(eng *engine.Engine) []assist.Module {
	var out []assist.Module
	for _, name := range slices.Sorted(maps.Keys(eng.StaticModules())) {
		m := eng.StaticModules()[name]
		d := assist.Module{Name: name, Functions: describeModules([]*engine.Module{m})}
		for _, v := range m.Vars() {
			x, _ := m.Var(v)
			one := shapes{maxShape}
			d.Constants = append(d.Constants, assist.Variable{Name: v, Constant: true, Shape: one.of(x, 0)})
		}
		out = append(out, d)
	}
	return out
}

// imported describes a script that was imported, by its text: it is looked for in a
// directory, then in the working directory.
func imported(name, path, dir string) assist.Module {
	m := assist.Module{Name: name}
	if filepath.Ext(path) == "" {
		path += ".rhai"
	}
	if next := filepath.Join(dir, path); !filepath.IsAbs(path) {
		if _, err := os.Stat(next); err == nil {
			path = next
		}
	}
	info, err := os.Stat(path)
	if err != nil || readable(path, info) != nil {
		return m
	}
	text, err := readRegular(path)
	if err != nil {
		return m
	}
	file, err := syntax.Parse(text, nil)
	if err != nil {
		return m
	}
	for _, d := range file.Funcs {
		if d.Private {
			continue
		}
		f := Function{Name: d.Name.Name, ThisType: d.ThisType, Module: name, Doc: docText(d.Comments)}
		for _, p := range d.Params {
			f.Params = append(f.Params, p.Name)
		}
		m.Functions = append(m.Functions, f)
	}
	for _, st := range file.Stmts {
		name := ""
		switch x := st.(type) {
		case *syntax.Let:
			if x.Export {
				name = x.Name.Name
			}
		case *syntax.Export:
			if name = x.Alias.Name; name == "" {
				name = x.Name.Name
			}
		}
		if name != "" {
			m.Constants = append(m.Constants, assist.Variable{Name: name, Constant: true})
		}
	}
	return m
}
