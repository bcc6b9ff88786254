package repl

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// JSONVariable is a variable with its value as JSON.
type JSONVariable struct {
	Name     string
	JSON     string
	Constant bool
}

// Standalone returns a script that does what a cell would do next, for another
// process: the functions and imports of the session with the cell, and the
// variables that can be written as JSON.
func (s *Session) Standalone(cell string) (script string, vars []JSONVariable) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := cellText{base: 1, lines: strings.Split(cell, "\n")}
	own, _ := definitions(c)
	var b strings.Builder
	for _, i := range s.layout.imports {
		b.WriteString("import " + rawString(i.path) + " as " + i.name + ";\n")
	}
	for _, f := range s.layout.kept(own) {
		b.WriteString(f.text + "\n")
	}
	b.WriteString(cell)
	last := map[string]int{}
	for v := range s.scope.All() {
		text, err := value.ToJSON(v.Value)
		if err != nil {
			continue
		}
		x := JSONVariable{v.Name, text, v.Constant}
		if i, ok := last[v.Name]; ok {
			vars[i] = x
			continue
		}
		last[v.Name] = len(vars)
		vars = append(vars, x)
	}
	return b.String(), vars
}
