package repl

import (
	"math"
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
	script = s.withFunctions(cell)
	last := map[string]int{}
	for v := range s.scope.All() {
		nodes := maxNodes
		if !isJSON(v.Value, &nodes, 0) {
			continue
		}
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
	return script, vars
}

// withFunctions puts the imports and functions of the session before a cell.
func (s *Session) withFunctions(cell string) string {
	own, _ := definitions(cellText{base: 1, lines: strings.Split(cell, "\n")})
	var b strings.Builder
	for _, i := range s.layout.imports {
		b.WriteString("import " + rawString(i.path) + " as " + i.name + ";\n")
	}
	for _, f := range s.layout.kept(own) {
		b.WriteString(f.text + "\n")
	}
	b.WriteString(cell)
	return b.String()
}

// maxNodes bounds the size of a variable that is written as JSON.
const maxNodes = 100_000

// isJSON reports whether a value comes back the same from JSON.
func isJSON(v value.Value, nodes *int, depth int) bool {
	v = v.Flat()
	if *nodes--; *nodes < 0 || depth > previewDepth {
		return false
	}
	switch v.Kind() {
	case value.KindUnit, value.KindBool, value.KindInt, value.KindString:
		return true
	case value.KindFloat:
		return !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0)
	case value.KindArray:
		for _, x := range v.Array().Items {
			if !isJSON(x, nodes, depth+1) {
				return false
			}
		}
		return true
	case value.KindMap:
		for _, x := range v.Map().All() {
			if !isJSON(x, nodes, depth+1) {
				return false
			}
		}
		return true
	}
	return false
}
